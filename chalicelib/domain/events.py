"""What happened, in order and for good (4.5b): the events of a complaint and the chain that binds them.

An event is written once. Its hash covers everything in it and the hash of the event before it, so that no event can
be changed, dropped or inserted without `first_broken_link` saying where.

Canonical form: JSON as RFC 8785 has it (keys sorted, no white space, UTF-8, shortest escapes), with instants as
RFC 3339 in UTC with `Z` in whole seconds, amounts as strings, no floating point, absent rather than null.
The hash is the SHA-256, in lower-case hexadecimal, of the canonical form of the event without its `hash`, with `data`
replaced by the SHA-256 of the canonical form of `data`: words can be erased later without breaking the chain.
The first event's `previous` is 64 zeros.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .artefacts import (
    Acknowledgement,
    Assignment,
    Feedback,
    Filing,
    InvestigationReport,
    Note,
    ResolutionPlan,
)
from .instants import Instant, written
from .lifecycle import Stage
from .people import Actor, Role

GENESIS = "0" * 64


class ClockSetting(BaseModel):
    """A clock is set: it ends at `due_at` and first rings at `alarm_at` (None: never).

    The clock is known by the `seq` of the event that set it.
    """

    model_config = ConfigDict(frozen=True)

    due_at: Instant
    provisional: bool = False
    alarm_at: Instant | None = None


class StageEntry(BaseModel):
    """The complaint enters a stage: the clock that ran is `stops`, the one that runs from now on `clock`."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    clock: ClockSetting | None = None
    stops: int | None = None


class Alarm(BaseModel):
    """One alarm of a stage's clock: the `number`-th, about a stage due at `due_at`, to be raised at `moment`.

    Whoever is to be told is told from `tell_from` on, so that nobody is woken at night.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    kind: Literal["reminder", "breach", "escalation", "nudge", "lapse"]
    stage: Stage
    due_at: Instant
    moment: Instant
    tell: tuple[Role, ...]
    tell_from: Instant


class Event(BaseModel):
    """One link of the chain. `seq` counts from 1 within a complaint; `data` is what `KINDS[kind]` reads."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str
    seq: int
    kind: str
    at: Instant
    actor: Actor
    enters: StageEntry | None = None
    data: dict[str, Any] = Field(default_factory=dict)
    previous: str
    hash: str = ""

    @property
    def happening(self) -> "Happening":
        """The data as the model of its kind; fields that a later version of the code no longer knows are ignored."""
        return KINDS[self.kind].model_validate(self.data, extra="ignore")

    @property
    def sets_clock(self) -> tuple[ClockSetting | None, int | None]:
        """The clock this event sets, and the number of the one it stops."""
        if self.enters:
            return self.enters.clock, self.enters.stops
        happening = self.happening
        return (happening.clock, happening.stops) if isinstance(happening, DeadlineMoved) else (None, None)


class Happening(BaseModel):
    """The data of an event of one kind. Each kind says what its consumer may see of it."""

    model_config = ConfigDict(frozen=True)

    def public_face(self) -> dict[str, Any] | None:
        """The part of the data shown to the consumer; None hides the whole event."""
        return {}


class ComplaintFiled(Happening):
    filing: Filing
    policy_version: int


class ComplaintAcknowledged(Happening):
    acknowledgement: Acknowledgement

    def public_face(self) -> dict[str, Any] | None:
        return self.acknowledgement.model_dump(mode="json", exclude_none=True)


class InvestigationReported(Happening):
    """The consumer sees that the investigation ended, not the text of the report."""

    report: InvestigationReport


class PlanProposed(Happening):
    plan: ResolutionPlan

    def public_face(self) -> dict[str, Any] | None:
        return self.plan.model_dump(mode="json", exclude_none=True)


class PlanAnswered(Happening):
    feedback: Feedback

    def public_face(self) -> dict[str, Any] | None:
        return self.feedback.model_dump(mode="json", exclude_none=True)


class PlanAccepted(PlanAnswered):
    """The consumer is satisfied (4.5a)."""


class PlanObjectedTo(PlanAnswered):
    """The consumer is not, and says why (4.4b)."""


class ComplaintAssigned(Happening):
    assignment: Assignment

    def public_face(self) -> dict[str, Any] | None:
        return None


class NoteAdded(Happening):
    note: Note

    def public_face(self) -> dict[str, Any] | None:
        return {"text": self.note.text} if self.note.public else None


class AlarmRaised(Happening):
    """The clock rang. The event's own time says when it was raised, the alarm's `moment` when it should have been."""

    alarm: Alarm

    def public_face(self) -> dict[str, Any] | None:
        return None


class ReminderRaised(AlarmRaised):
    """Whoever has to act is reminded: staff before the due time, the consumer while an answer is awaited."""


class DeadlineMissed(AlarmRaised):
    """The due time has passed. `held_by`: the member of staff or the department that had the complaint (8.3)."""

    held_by: str


class Escalated(AlarmRaised):
    """Still not done after the due time."""


class ComplaintLapsed(AlarmRaised):
    """The consumer did not answer in time; the complaint is closed without it being taken for satisfaction."""

    def public_face(self) -> dict[str, Any] | None:
        return {}


class DeadlineMoved(Happening):
    """The due time of the present stage is another one: the calendar it is counted by was published or corrected."""

    clock: ClockSetting
    stops: int
    was_due_at: Instant
    alarms_raised: int = Field(description="How many alarms of the new clock count as raised already.")

    def public_face(self) -> dict[str, Any] | None:
        return {"due_at": written(self.clock.due_at)}


KINDS: dict[str, type[Happening]] = {
    kind.__name__: kind
    for kind in (
        ComplaintFiled,
        ComplaintAcknowledged,
        InvestigationReported,
        PlanProposed,
        PlanAccepted,
        PlanObjectedTo,
        ComplaintAssigned,
        NoteAdded,
        ReminderRaised,
        DeadlineMissed,
        Escalated,
        ComplaintLapsed,
        DeadlineMoved,
    )
}


def canonical(value: Any) -> bytes:
    """The canonical form defined at the top of this module."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(event: Event) -> str:
    """The hash that belongs to an event, whatever its `hash` says."""
    body = event.model_dump(mode="json", exclude={"hash", "data"}, exclude_none=True)
    return _sha256(canonical(body | {"data": _sha256(canonical(event.data))}))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def link(
    complaint_id: str,
    seq: int,
    previous: str,
    happening: Happening,
    actor: Actor,
    at: datetime,
    enters: StageEntry | None,
) -> Event:
    """The event that follows `previous` (the hash of the last one, GENESIS for the first)."""
    event = Event(
        complaint_id=complaint_id,
        seq=seq,
        kind=type(happening).__name__,
        at=at,
        actor=actor,
        enters=enters,
        data=happening.model_dump(mode="json", exclude_none=True),
        previous=previous,
    )
    return event.model_copy(update={"hash": digest(event)})


def first_broken_link(events: Iterable[Event]) -> int | None:
    """The `seq` of the first event that is not what was written there, or None if the chain is whole."""
    previous, complaint_id = GENESIS, None
    for expected, event in enumerate(events, start=1):
        complaint_id = complaint_id or event.complaint_id
        if (event.seq, event.previous, event.complaint_id) != (expected, previous, complaint_id):
            return expected
        if digest(event) != event.hash:
            return expected
        previous = event.hash
    return None
