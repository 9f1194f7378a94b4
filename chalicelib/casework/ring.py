"""The clock rings: what is due by now is raised, once, whoever rings and however often.

Three ring: the alarm clock of the stage, the sweep that goes over all alarms every few minutes, and anyone who acts
on a complaint. Each reads the truth and saves on condition that nobody else has meanwhile: any one of them is enough.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib import log
from chalicelib.adapters import outbox, queues, store
from chalicelib.domain.complaint.alarms import due_alarms, next_alarm
from chalicelib.domain.ground.errors import Conflict, Stale
from chalicelib.domain.ground.instants import written

from . import rules
from .commit import commit
from .gauges import measure, overdue
from .once import ATTEMPTS

MOST_IDLE = 10
LATE = timedelta(minutes=2)  # the clock would have rung by then
SOONEST = timedelta(minutes=1)  # nothing rings again before, whatever goes wrong


class ClockSpins(Exception):
    """A clock rings and rings, and nothing is due."""


class Rung(NamedTuple):
    """What a ring led to: how many alarms were raised, and when to ring next (None: never)."""

    raised: int
    again_at: datetime | None


SILENT = Rung(0, None)


def ring(complaint_id: str, now: datetime, clock: int | None = None) -> Rung:
    """Raises what is due. `clock`: the number of the clock that rings; one that no longer runs is silent.

    Raises Conflict if others keep changing the complaint; ringing again is safe.
    """
    for _ in range(ATTEMPTS):
        case = store.load(complaint_id)
        if case is None:
            return SILENT
        before = case.complaint
        if clock is not None and clock not in [one.number for one in before.clocks]:
            return SILENT
        policy = rules.version(before.policy_version, now)
        entries = due_alarms(before, now, policy)
        try:
            after = commit(before, entries, now, policy) if entries else before
        except Stale:
            continue
        alarm = next_alarm(after, policy, clock)
        return Rung(len(entries), max(alarm.moment, now + SOONEST) if alarm else None)
    raise Conflict("Others keep changing this complaint at this moment.")


def clock_rings(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One ring of an alarm clock: what it tells (`complaint_id`, `clock`, `idle`), and the same for the next ring.

    Raises ClockSpins after too many rings in a row that had nothing to raise: something is wrong, and costs money.
    """
    rung = ring(told["complaint_id"], now, told["clock"])
    idle = 0 if rung.raised else told["idle"] + 1
    if rung.again_at and idle > MOST_IDLE:
        raise ClockSpins(f"clock {told['clock']} of {told['complaint_id']} rang {idle} times for nothing")
    return {**told, "idle": idle, "at": rung.again_at and written(rung.again_at)}


def sweep(now: datetime) -> dict[str, int]:
    """Rings whatever is due by now, soonest first, and wakes the notices that waited; how many of each, and failed.

    What cannot be rung keeps its place for the next sweep and holds up no other.
    """
    counts = {"rung": 0, "woken": 0, "failed": 0}
    late = 0
    for waiting in queues.alarms_due(now):
        try:
            if waiting.notice:
                outbox.wake(waiting.notice, waiting.waited_as)
                counts["woken"] += 1
            else:
                late += now - waiting.since > LATE
                ring(waiting.complaint_id, now)
                counts["rung"] += 1
        except Exception:  # whatever it is, the others must ring
            log.fault("a complaint could not be rung", complaint_id=waiting.complaint_id)
            counts["failed"] += 1
    log.note("swept", **counts)
    measure(RungLate=late, NotRung=counts["failed"], Overdue=overdue(now))
    return counts
