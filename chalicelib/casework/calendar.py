"""The calendar is tended: due times are counted anew when it has changed, and its end is seen coming."""

from datetime import date, datetime, timedelta
from typing import get_args

from chalicelib import log
from chalicelib.adapters import outbox, places, queues, store
from chalicelib.domain.complaint.alarms import recount as counted_anew
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.people import Department, Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.domain.vocabulary.stages import STAGES

from . import rules
from .commit import commit
from .gauges import measure
from .once import ATTEMPTS

WARN_BEFORE = timedelta(days=60)
WARN_EVERY = timedelta(days=7)


def recount(now: datetime) -> int:
    """Counts the due times of all open complaints anew if the calendar has changed since this was last done.

    Returns how many moved. Dying on the way is no harm: the next run goes over all of them again.
    """
    edition = rules.in_force(now).calendar.edition
    if store.mark("calendar") == edition:
        return 0
    moved = failed = 0
    for complaint_id in _open_complaints():
        try:
            moved += _recounted(complaint_id, now)
        except Exception:  # whatever it is, the others must be counted; the next run comes back to this one
            log.fault("a due time could not be counted anew", record=complaint_id)
            failed += 1
    if not failed:
        store.set_mark("calendar", edition)
    log.note("due times counted anew", edition=edition, moved=moved, failed=failed)
    return moved


def _open_complaints() -> list[str]:
    """Every complaint that a clock runs for: in an open stage, or closed with measures that were promised."""
    waiting = [places.queue_of(facts.responsible, stage) for stage, facts in STAGES.items() if facts.open]
    waiting += [places.queue_of_tasks(department, "follow_up") for department in get_args(Department)]
    return list(dict.fromkeys(summary.complaint_id for summary in queues.queue(waiting, " ", "~", 100)))


def _recounted(complaint_id: str, now: datetime) -> bool:
    for _ in range(ATTEMPTS):
        case = store.load(complaint_id, Complaint)
        if case is None:
            return False
        pinned = rules.version(case.state.policy_version, now)
        entries = counted_anew(case.state, now, pinned)
        if not entries:
            return False
        try:
            commit(case.state, entries, now, pinned)
        except Stale:
            continue
        return True
    raise Stale(f"Others keep changing complaint {complaint_id}.")


def warn(now: datetime) -> bool:
    """Tells management, once a week, when less than 60 days are left of the calendar; whether it did."""
    policy = rules.in_force(now)
    ends = date(policy.calendar.last_year, 12, 31)
    left = ends - now.astimezone(policy.zone).date()
    measure(CalendarDaysLeft=left.days)
    if left > WARN_BEFORE:
        return False
    last = store.mark("calendar warning")
    if last and now - datetime.fromisoformat(last) < WARN_EVERY:
        return False
    day = int(f"{now.astimezone(policy.zone):%Y%m%d}")
    outbox.queue(NoticeKey(HOUSE_RECORD, day, Role.MANAGEMENT, "calendar_warning"), now, now)
    store.set_mark("calendar warning", now.isoformat())
    return True
