"""Each Monday: what had more complaints than usual in the week that is over is told, with them, to quality and to
management.

How each product, seller, carrier and cause stands is kept by week, and is written once: of two that look at a week at
once, or again, all tell what the first one has found. It is counted from the sums of days; lines are read of what
alarms only. A line that comes late to a day that was counted is in no week: an alarm is about now.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

from chalicelib import log
from chalicelib.adapters import figures, lines, outbox
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.supervision import cusum
from chalicelib.domain.supervision.cusum import Alarm, Watch
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.telling.notices import NoticeKey

from . import rules
from .days import Days, close_day, is_before_the_house

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TOLD = (Role.QUALITY, Role.MANAGEMENT)


def look(occasion: datetime, now: datetime) -> None:
    """The week before that Monday; not one before the house's first day."""
    monday = occasion.astimezone(rules.in_force(now).zone).date() - WEEK
    if is_before_the_house(monday + WEEK - DAY):
        return
    watch = kept(monday) or _keep(_found(monday))
    log.note("rising complaints were looked for", week=monday.isoformat(), alarms=len(watch.alarms))
    if watch.alarms:
        for role in TOLD:
            outbox.queue(NoticeKey(HOUSE_RECORD, int(f"{monday:%Y%m%d}"), role, "rising"), now, now)


def kept(monday: date) -> Watch | None:
    """What was found in the week of that Monday, if anybody has looked."""
    found = figures.get(_key(monday))
    return Watch.model_validate_json(found.content) if found else None


def weeks(last: date, number: int) -> list[Watch]:
    """What was found in so many weeks up to that of a day, the newest first, of those that were looked at: a round trip
    each."""
    monday = last - timedelta(days=last.weekday())
    return [watch for n in range(number) if (watch := kept(monday - n * WEEK))]


def _keep(watch: Watch) -> Watch:
    """As it is kept: as this, or as whoever looked at the same time has found it."""
    with suppress(Stale):
        figures.replace(_key(watch.monday), watch.model_dump_json().encode(), None)
    return kept(watch.monday) or watch


def _key(monday: date) -> str:
    return f"alerts/{monday}.json.gz"


def _found(monday: date) -> Watch:
    days = [monday + n * DAY for n in range(7)]
    closed = figures.closed_days(days[0], days[-1])
    for day in days:
        if day not in closed:
            close_day(day)
    watch = cusum.next_week(kept(monday - WEEK), monday, cusum.counted(Days(days).values()))
    return watch.model_copy(update={"alarms": cusum.with_cases(watch.alarms, _lines_for(watch.alarms, days[-1]))})


def _lines_for(alarms: tuple[Alarm, ...], last: date) -> Iterator[Line]:
    """All lines since the earliest of them began; none where nothing alarms."""
    day = min((one.since for one in alarms), default=last + DAY)
    while day <= last:
        yield from lines.of_day(day)
        day += DAY
