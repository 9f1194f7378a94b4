"""Every working morning each department is told what is due today and what is overdue, once."""

from datetime import datetime
from typing import get_args

from chalicelib.adapters import outbox
from chalicelib.domain.ground.people import Department
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.notices import NoticeKey

from . import rules


def queue_digests(now: datetime) -> int:
    """One notice for each department and working day, however often this runs; how many departments there are today."""
    policy = rules.in_force(now)
    today = now.astimezone(policy.zone).date()
    departments = get_args(Department) if policy.calendar.is_working_day(today) else ()
    for department in departments:
        outbox.queue(NoticeKey(HOUSE_RECORD, int(f"{today:%Y%m%d}"), department, "digest"), now, now)
    return len(departments)
