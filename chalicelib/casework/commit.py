"""What happened is applied and saved, with the time at which the complaint's clock rings next: the one way to write."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib import log
from chalicelib.adapters import store
from chalicelib.adapters.items import Request
from chalicelib.domain.complaint import parts
from chalicelib.domain.complaint.alarms import next_alarm
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.policy.policies import Policy


def commit(
    before: Complaint | None,
    entries: Sequence[Entry],
    now: datetime,
    policy: Policy,
    *,
    contact: parts.Contact | None = None,
    request: Request | None = None,
    while_open: str | None = None,
) -> Complaint:
    """The complaint after the events, which are saved with it, if the complaint `while_open` still is.

    The log says which events these are: by complaint and number they are followed through whatever reacts to them.

    Raises Stale if somebody else was faster, TooLarge.
    """
    after = evolve(before, entries[0])
    for entry in entries[1:]:
        after = evolve(after, entry)
    alarm = next_alarm(after, policy)
    store.save(
        before,
        after,
        entries,
        now,
        rings_at=alarm.moment if alarm else None,
        contact=contact,
        request=request,
        while_open=while_open,
    )
    log.note("saved", complaint_id=after.complaint_id, first_seq=entries[0].seq, last_seq=entries[-1].seq)
    return after
