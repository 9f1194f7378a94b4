"""What happened is applied and saved, with the time at which the complaint's clock rings next: the one way to write."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib import log
from chalicelib.adapters import store
from chalicelib.adapters.items import Request
from chalicelib.domain.alarms import next_alarm
from chalicelib.domain.artefacts import Contact
from chalicelib.domain.complaint import Complaint
from chalicelib.domain.events import Event
from chalicelib.domain.evolution import evolve
from chalicelib.domain.policy import Policy


def commit(
    before: Complaint | None,
    events: Sequence[Event],
    now: datetime,
    rules: Policy,
    *,
    contact: Contact | None = None,
    request: Request | None = None,
    while_open: str | None = None,
) -> Complaint:
    """The complaint after the events, which are saved with it, if the complaint `while_open` still is.

    The log says which events these are: by complaint and number they are followed through whatever reacts to them.

    Raises Stale if somebody else was faster, TooLarge.
    """
    after = evolve(before, events[0])
    for event in events[1:]:
        after = evolve(after, event)
    alarm = next_alarm(after, rules)
    store.save(
        before,
        after,
        events,
        now,
        rings_at=alarm.moment if alarm else None,
        contact=contact,
        request=request,
        while_open=while_open,
    )
    log.note("saved", complaint_id=after.complaint_id, first_seq=events[0].seq, last_seq=events[-1].seq)
    return after
