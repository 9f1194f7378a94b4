"""The clock rings: what is due by now is raised, once, whoever rings and however often.

Three ring: the alarm clock of the stage, the sweep that goes over all alarms every few minutes, and anyone who acts
on a complaint. Each reads the truth and saves on condition that nobody else has meanwhile: any one of them is enough.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib import log
from chalicelib.adapters import outbox, queues, store
from chalicelib.adapters.queues import Waiting
from chalicelib.domain.ground.errors import Conflict, Stale
from chalicelib.domain.ground.instants import written
from chalicelib.domain.telling.news import STOREFRONT

from .batch import each
from .commit import commit
from .gauges import measure
from .once import ATTEMPTS
from .overdue import overdue
from .records import kind_of

MOST_IDLE = 10
LATE = timedelta(minutes=2)  # the clock would have rung by then
MOST_NEWS = 2_000  # in one sweep: some 20 ms each
SOONEST = timedelta(minutes=1)  # nothing rings again before, whatever goes wrong


class ClockSpins(Exception):
    """A clock rings and rings, and nothing is due."""


class Ringing(NamedTuple):
    """What a ring led to: how many alarms were raised, and when to ring next (None: never)."""

    raised: int
    again_at: datetime | None


SILENT = Ringing(0, None)


def ring(record: str, now: datetime, clock: int | None = None) -> Ringing:
    """Raises what is due. `clock`: the number of the clock that rings; one that no longer runs is silent.

    Raises Conflict if others keep changing the record; ringing again is safe.
    """
    kind = kind_of(record)
    for _ in range(ATTEMPTS):
        case = store.load(record, kind.state)
        if case is None:
            return SILENT
        policy = kind.policy(case.state, now)
        if clock is not None and kind.next_alarm(case.state, policy, clock) is None:
            return SILENT
        entries = kind.due_alarms(case.state, now, policy)
        try:
            after = commit(case.state, entries, now, policy) if entries else case.state
        except Stale:
            continue
        alarm = kind.next_alarm(after, policy, clock)
        if alarm and not entries and clock is None:  # its place in the index is that of another calendar
            store.place_alarm(record, case.state.seq, alarm.moment)
        return Ringing(len(entries), max(alarm.moment, now + SOONEST) if alarm else None)
    raise Conflict("changed_by_others")


def clock_rings(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One ring of an alarm clock: what it tells (`record`, `clock`, `idle`), and the same for the next ring.

    Raises ClockSpins after too many rings in a row that had nothing to raise: something is wrong, and costs money.
    """
    ringing = ring(told["record"], now, told["clock"])
    idle = 0 if ringing.raised else told["idle"] + 1
    if ringing.again_at and idle > MOST_IDLE:
        raise ClockSpins(f"clock {told['clock']} of {told['record']} rang {idle} times for nothing")
    return {**told, "idle": idle, "at": ringing.again_at and written(ringing.again_at)}


def sweep(now: datetime) -> dict[str, int]:
    """Rings whatever is due by now, soonest first, and wakes the notices that waited; how many of each, and failed.

    What cannot be rung keeps its place for the next sweep and holds up no other. News of storefronts come after all
    else, `MOST_NEWS` of them: thousands may wait for one that is down.
    """
    done: Counter[str] = Counter(rung=0, woken=0)
    late = 0

    def see_to(waiting: Waiting) -> None:
        nonlocal late
        if waiting.notice:
            outbox.wake(waiting.notice, waiting.waited_as)
            done["woken"] += 1
        else:
            ringing = ring(waiting.record, now)
            late += bool(ringing.raised) and now - waiting.since > LATE
            done["rung"] += 1

    what = "what was due could not be rung"
    failed = len(each(_due(now), see_to, what, lambda waiting: {"record": waiting.record}))
    log.note("swept", **done, failed=failed)
    measure(RungLate=late, NotRung=failed, Overdue=overdue(now))
    return {**done, "failed": failed}


def _due(now: datetime) -> Iterator[Waiting]:
    """News of storefronts last, those that are due the longest."""
    news = []
    for waiting in queues.alarms_due(now):
        if waiting.notice and waiting.notice.audience.startswith(STOREFRONT):
            news.append(waiting)
        else:
            yield waiting
    yield from sorted(news, key=lambda one: one.since)[:MOST_NEWS]
