"""What happened, said as sentences, the newest first."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.views import PublicEntry

from .speech import Speech, Value

if TYPE_CHECKING:
    from markupsafe import Markup

TYPED = ("message", "text", "opinion", "reason", "question", "measure", "file_name")
"""What somebody wrote, or called a file, as it stands below the sentence."""


class Happening(NamedTuple):
    """`typed`: what somebody wrote; `advice`: what to do about it."""

    at: datetime
    kind: str
    sentence: "Markup"
    typed: tuple[str, ...]
    advice: str | None


def history(entries: list[Entry], complaint: Complaint, say: Speech) -> Iterator[Happening]:
    """What of it the consumer may see."""
    for entry in entries:
        if shown := PublicEntry.of(entry, complaint):
            yield _said(shown, say)


def key_of(kind: str, by: str, say: Speech) -> str:
    """Of the sentence for a kind of event: by who did it, where that is told apart."""
    own = f"history.{kind}.{by}"
    return own if say.knows(own) else f"history.{kind}"


def _said(entry: PublicEntry, say: Speech) -> Happening:
    details = entry.details
    values = {name: _value(name, one, say) for name, one in details.items() if isinstance(one, str | int)}
    return Happening(
        at=entry.at,
        kind=entry.type,
        sentence=say(key_of(entry.type, entry.by, say), **values),
        typed=tuple(details[name] for name in TYPED if name in details),
        advice=spoken.REFUSALS[details["refused"]][say.locale] if "refused" in details else None,
    )


def _value(name: str, value: Any, say: Speech) -> Value:
    if name in ("due_at", "answer_by"):
        return datetime.fromisoformat(value)
    names = {"status": spoken.DELIVERY_STATUSES, "outcome": spoken.ENDS}.get(name)
    return names[value][say.locale] if names else value
