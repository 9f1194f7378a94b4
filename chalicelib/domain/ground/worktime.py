"""When a period ends: the counting rule in a few sentences, then the code.

Hours run around the clock, holidays included, whereas days leave out the day on which the period starts, and working
days leave out every day that the calendar (in China the State Council's yearly notice, make-up weekends included) does
not make a working day.
A period in days ends at 24:00 local time of its last day, or at the policy's close of business on it, and that day is
always a working day: calendar days that run out on a day off end on the next working day.

A clock that stood still is given back what it stood still for, to the second, in the measure it counts in: one in
working days the working time (`working_time`), one in days or hours all the time. Days given back end on a working day.

The source is China's Civil Code, articles 200 to 204. 24:00 is written as 00:00 of the following day. Every moment
taken must be aware (`ValueError`), every moment given is UTC. To count on from a due date, count more days from the
same start: at 24:00 a new local day begins, and counting from there would skip it.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

SATURDAY = 5


class Due(NamedTuple):
    """The end of a period: `at` in UTC; `provisional` when a day that counted lies in a year that is not covered."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a country: Monday to Friday except `holidays`, and the weekend days that are `worked`.

    `edition` names the contents: two calendars of a country have the same edition only if they count alike.
    """

    country: str
    edition: str
    first_year: int
    last_year: int
    holidays: frozenset[date]
    worked: frozenset[date]

    def covers(self, day: date) -> bool:
        """Whether the notice for the year of `day` is known."""
        return self.first_year <= day.year <= self.last_year

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked; in a year that is not covered every Monday to Friday is (the strict reading)."""
        if isinstance(day, datetime):
            raise ValueError(f"a calendar knows days, not moments: take the local date of {day!r} first")
        return day not in self.holidays if day.weekday() < SATURDAY else day in self.worked

    def amended(self, extra_holidays: Iterable[date], extra_working_days: Iterable[date]) -> "Calendar":
        """This calendar with the policy's own days: a storm closure, a notice that arrives late.

        The covered years stay as they are. A day named on both lists is a `ValueError`.
        """
        off, on = frozenset(extra_holidays), frozenset(extra_working_days)
        if off & on:
            raise ValueError(f"both an extra holiday and an extra working day: {min(off & on)}")
        holidays = self.holidays - on | {day for day in off if day.weekday() < SATURDAY}
        worked = self.worked - off | {day for day in on if day.weekday() >= SATURDAY}
        if (holidays, worked) == (self.holidays, self.worked):
            return self
        edition = f"{self.edition.partition('+')[0]}+{fingerprint(holidays, worked)}"
        return replace(self, edition=edition, holidays=holidays, worked=worked)


def after_hours(start: datetime, hours: float) -> Due:
    """`hours` after `start`, around the clock (4.1c). Never provisional: no calendar has a say in it."""
    if hours < 0:
        raise ValueError(f"a period cannot last {hours} hours")
    return Due(_aware(start).astimezone(UTC) + timedelta(hours=hours), False)


def after_working_days(
    start: datetime, days: int, calendar: Calendar, zone: tzinfo, close_of_business: time | None = None
) -> Due:
    """The end of the `days`-th working day after the local date of `start` in `zone` (4.2c, 4.3b)."""
    return _after(start, days, calendar.is_working_day, calendar, zone, close_of_business)


def after_days(
    start: datetime, days: int, calendar: Calendar, zone: tzinfo, close_of_business: time | None = None
) -> Due:
    """The end of the `days`-th calendar day after the local date of `start`, or of the next working day (art. 203)."""
    return _after(start, days, lambda _: True, calendar, zone, close_of_business)


def working_time(
    start: datetime, end: datetime, calendar: Calendar, zone: tzinfo, close_of_business: time | None = None
) -> timedelta:
    """How much of the working days lies between two moments; one lasts from 00:00 local time until it closes."""
    day, last = (_aware(moment).astimezone(zone).date() for moment in (start, end))
    total = timedelta()
    while day <= last:
        if calendar.is_working_day(day):
            opens, closes = _working_day(day, zone, close_of_business)
            total += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return total


def after_working_time(
    start: datetime, worked: timedelta, calendar: Calendar, zone: tzinfo, close_of_business: time | None = None
) -> Due:
    """The earliest moment by which `working_time` since `start` is `worked`."""
    day = _aware(start).astimezone(zone).date()
    at, provisional = start.astimezone(UTC), False
    while worked > timedelta():
        if calendar.is_working_day(day):
            opens, closes = _working_day(day, zone, close_of_business)
            begins = max(at, opens)
            spent = min(worked, max(closes - begins, timedelta()))
            if spent:
                at, worked = begins + spent, worked - spent
                provisional |= not calendar.covers(day)
        day += timedelta(days=1)
    return Due(at, provisional)


def after_time(
    start: datetime, long: timedelta, calendar: Calendar, zone: tzinfo, close_of_business: time | None = None
) -> Due:
    """`long` after `start`, around the clock; if that is on a day off, the end of the next working day (art. 203)."""
    at = _aware(start).astimezone(UTC) + long
    first = last = (at - timedelta(microseconds=1)).astimezone(zone).date()  # 24:00 belongs to the day that it ends
    while not calendar.is_working_day(last):
        last += timedelta(days=1)
    provisional = not (calendar.covers(first) and calendar.covers(last))
    return Due(at if first == last else _working_day(last, zone, close_of_business)[1], provisional)


def _working_day(day: date, zone: tzinfo, close_of_business: time | None) -> tuple[datetime, datetime]:
    """When a working day begins and ends, in UTC."""
    last, ends = (day, close_of_business) if close_of_business else (day + timedelta(days=1), time.min)
    return datetime.combine(day, time.min, zone).astimezone(UTC), datetime.combine(last, ends, zone).astimezone(UTC)


def _after(
    start: datetime,
    days: int,
    counts: Callable[[date], bool],
    calendar: Calendar,
    zone: tzinfo,
    close_of_business: time | None,
) -> Due:
    if days < 1:
        raise ValueError(f"a period in days lasts one day at least, not {days}")
    first = last = _aware(start).astimezone(zone).date()
    while days > 0 or not calendar.is_working_day(last):
        last += timedelta(days=1)
        days -= counts(last)
    provisional = not (calendar.covers(first + timedelta(days=1)) and calendar.covers(last))
    return Due(_working_day(last, zone, close_of_business)[1], provisional)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"a moment without a time zone: {moment!r}")
    return moment


def fingerprint(holidays: Iterable[date], worked: Iterable[date]) -> str:
    """Eight hexadecimal digits that change with any day: the part of an edition that tells contents apart."""
    days = (" ".join(sorted(day.isoformat() for day in group)) for group in (holidays, worked))
    return hashlib.sha256("|".join(days).encode()).hexdigest()[:8]
