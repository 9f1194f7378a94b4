"""Every working morning each department is told what is due today and what is overdue, once."""

from datetime import datetime
from typing import get_args

from chalicelib.adapters import outbox
from chalicelib.domain.ground.people import Department
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.notices import NoticeKey

from . import rules


def queue_digests(occasion: datetime, now: datetime) -> None:
    """One notice for each department and morning (`occasion`), however often this runs; none of a day that is over."""
    zone = rules.in_force(now).zone
    today = now.astimezone(zone).date()
    if occasion.astimezone(zone).date() != today:
        return
    for department in get_args(Department):
        outbox.queue(NoticeKey(HOUSE_RECORD, int(f"{today:%Y%m%d}"), department, "digest"), now, now)
