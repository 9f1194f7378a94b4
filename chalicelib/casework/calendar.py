"""The calendar is tended: due times are counted anew when it has changed, and its end is seen coming."""

from datetime import date, datetime, timedelta

from chalicelib import log
from chalicelib.adapters import listings, outbox, places, queues, store
from chalicelib.domain.complaint import alarms
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.domain.vocabulary.ladders import WHOSE, TaskKind
from chalicelib.domain.vocabulary.stages import STAGES

from . import rules
from .batch import each
from .commit import commit
from .gauges import measure
from .once import ATTEMPTS
from .records import kind_of

WARN_BEFORE = timedelta(days=60)
WARN_EVERY = timedelta(days=7)


def recount(now: datetime) -> int:
    """Counts the due times of all open complaints anew if the calendar has changed since this was last done.

    Returns how many moved. Raises RuntimeError, after all of them, if one could not be counted. Dying on the way is no
    harm: the next run goes over all of them again.
    """
    edition = rules.in_force(now).calendar.edition
    if store.mark("calendar") == edition:
        return 0
    moved: list[str] = []
    fault = "a due time could not be counted anew"
    failed = each(_open_complaints(), lambda one: _recount(one, now, moved), fault, lambda one: {"record": one})
    log.note("due times counted anew", edition=edition, moved=len(moved), failed=len(failed))
    if failed:
        raise RuntimeError(f"{len(failed)} due times could not be counted anew")
    store.set_mark("calendar", edition)
    return len(moved)


def _open_complaints() -> list[str]:
    """Every complaint that a clock runs for which counts working days, or the days of a promise: in an open stage, or
    closed with something left to do."""
    waiting = [places.queue_of(facts.responsible, stage) for stage, facts in STAGES.items() if facts.open]
    lasting: tuple[TaskKind, ...] = ("follow_up", "safety", "survey_review")
    waiting += [places.queue_of_tasks(department, task) for task in lasting for department in WHOSE[task]]
    heard = (record for record in listings.heard() if kind_of(record).state is Complaint)
    return list(dict.fromkeys([*(one.complaint_id for one in queues.queue(waiting, " ", "~", 100)), *heard]))


def _recount(complaint_id: str, now: datetime, moved: list[str]) -> None:
    """Adds it to `moved` if it moved."""
    for _ in range(ATTEMPTS):
        case = store.load(complaint_id, Complaint)
        if case is None:
            return
        pinned = rules.version(case.state.policy_version, now)
        entries = alarms.recount(case.state, now, pinned)
        if not entries:
            alarm = alarms.next_alarm(case.state, pinned)
            if alarm:  # a due time may stand while a reminder counted in working days moves
                store.place_alarm(complaint_id, case.state.seq, alarm.moment)
            return
        state = case.state
        try:
            while entries:
                state = commit(state, entries, now, pinned)
                entries = alarms.recount(state, now, pinned)
        except Stale:
            continue
        moved.append(complaint_id)
        return
    raise Stale("changed_meanwhile")


def warn(now: datetime) -> bool:
    """Tells management, once a week, when less than 60 days are left of the calendar; whether it did."""
    policy = rules.in_force(now)
    ends = date(policy.calendar.last_year, 12, 31)
    left = ends - now.astimezone(policy.zone).date()
    measure(CalendarDaysLeft=left.days)
    if left > WARN_BEFORE:
        return False
    last = store.mark("calendar warning")
    if last and now.date() - datetime.fromisoformat(last).date() < WARN_EVERY:
        return False
    day = int(f"{now.astimezone(policy.zone):%Y%m%d}")
    outbox.queue(NoticeKey(HOUSE_RECORD, day, Role.MANAGEMENT, "calendar_warning"), now, now)
    store.set_mark("calendar warning", now.isoformat())
    return True
