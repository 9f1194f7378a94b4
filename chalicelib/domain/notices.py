"""Who is told of what: one table. Every kind of event has a row, or an explicit nobody; a test checks it."""

from typing import Literal, NamedTuple

from .events import KINDS, Event
from .spoken import spoken as spoken

Audience = Literal["consumer"]
Channel = Literal["email"]

NOBODY: tuple["Row", ...] = ()


class Row(NamedTuple):
    """A notice of `kind` (a folder of words in `notices/`) goes to `audience` by `channel`."""

    audience: Audience
    kind: str
    channel: Channel


TABLE: dict[str, tuple[Row, ...]] = {
    "ComplaintFiled": (Row("consumer", "receipt", "email"),),
    "ComplaintAcknowledged": NOBODY,
    "InvestigationReported": NOBODY,
    "PlanProposed": NOBODY,
    "PlanAccepted": NOBODY,
    "PlanObjectedTo": NOBODY,
    "ComplaintAssigned": NOBODY,
    "NoteAdded": NOBODY,
    "ReminderRaised": NOBODY,
    "DeadlineMissed": NOBODY,
    "Escalated": NOBODY,
    "ComplaintLapsed": NOBODY,
    "DeadlineMoved": NOBODY,
}

if silent := set(KINDS) ^ set(TABLE):
    raise ValueError(f"each kind of event says who is told of it, these do not fit: {sorted(silent)}")


class NoticeKey(NamedTuple):
    """What makes a notice that one notice, however often it is asked for: event, audience, kind and channel."""

    complaint_id: str
    seq: int
    audience: str
    kind: str
    channel: str


def notices_of(event: Event) -> list[NoticeKey]:
    """The notices an event leads to."""
    return [NoticeKey(event.complaint_id, event.seq, *row) for row in TABLE[event.kind]]
