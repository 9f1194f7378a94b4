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
from typing import Any

from pydantic import Field

from .happenings import KINDS, ClockSetting, Happening, StageEntry
from .instants import Instant
from .model import Model
from .people import Actor

GENESIS = "0" * 64


class Event(Model):
    """One link of the chain. `seq` counts from 1 within a complaint; `data` is what `KINDS[kind]` reads."""

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
    def happening(self) -> Happening:
        """The data as the model of its kind; fields that a later version of the code no longer knows are ignored."""
        return KINDS[self.kind].model_validate(self.data, extra="ignore")

    @property
    def sets_clock(self) -> tuple[ClockSetting | None, tuple[int, ...]]:
        """The clock this event sets, and the numbers of those it stops."""
        if self.enters:
            return self.enters.clock, self.enters.stops
        happening = self.happening
        return getattr(happening, "clock", None), getattr(happening, "stops", ())


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
