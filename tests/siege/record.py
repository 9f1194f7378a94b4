"""What is judged: what the house keeps of complaints, what it sent, what it answered and logged. Plain facts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tests.ladders import instant

from .wire import Wrong


@dataclass(frozen=True)
class Kept:
    """A complaint as staff see it: its whole timeline, the notices about it, and the view."""

    complaint_id: str
    ordinary: bool
    filing: dict[str, Any]
    timeline: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    view: dict[str, Any] = field(default_factory=dict)


class Sent(NamedTuple):
    """A message that went out."""

    channel: str
    to: str
    words: str
    at: datetime
    complaint_id: str | None

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Sent":
        words = "\n".join(told[part] for part in ("subject", "text", "html"))
        return cls(told["channel"], told["to"], words, instant(told["sent_at"]), told["complaint_id"])


@dataclass(frozen=True)
class Seen:
    """All that is known once a siege is over.

    `views`: sizes of public views in bytes, by complaint; `refused`: what ordinary people were refused, and `hindered`:
    what staff were on the complaints that trouble was made about, each with what it was about; `astray`: what the order
    system was asked for beside orders; `died`: who of the besiegers gave up.
    """

    now: datetime
    kept: list[Kept] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    answers: list[Wrong] = field(default_factory=list)
    views: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    hindered: list[tuple[str, str]] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
