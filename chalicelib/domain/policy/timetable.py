"""When something is done that is done regularly: on which days, and at what times of those, in the policy's own zone.

A time is an occasion. Occasions are moments in UTC, and are found by going over days: never by adding to the last one,
so that neither a holiday nor a change of the clocks moves those that follow.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from chalicelib.domain.ground.worktime import Calendar
from chalicelib.domain.policy.policies import Policy

DAY = timedelta(days=1)
LONGEST = 200  # days between two occasions; a half-year and what its working days may be late by
MONDAY = 0

Days = Callable[[date, Calendar], bool]
"""Whether something is done on a day."""


class When(NamedTuple):
    """On which days, and when: local times, in order."""

    days: Days
    at: tuple[time, ...]

    def latest(self, now: datetime, policy: Policy) -> datetime | None:
        """The last occasion up to `now`; None if there was none in half a year."""
        today = now.astimezone(policy.zone).date()
        days = (today - n * DAY for n in range(LONGEST))
        return next((max(begun) for day in days if (begun := self._up_to(now, day, policy))), None)

    def since(self, last: datetime, now: datetime, policy: Policy) -> Iterator[datetime]:
        """The occasions after `last` up to `now`, oldest first."""
        day, today = (moment.astimezone(policy.zone).date() for moment in (last, now))
        while day <= today:
            yield from (one for one in self._up_to(now, day, policy) if one > last)
            day += DAY

    def _up_to(self, now: datetime, day: date, policy: Policy) -> list[datetime]:
        if not self.days(day, policy.calendar):
            return []
        occasions = (datetime.combine(day, at, policy.zone).astimezone(UTC) for at in self.at)
        return [one for one in occasions if one <= now]


def every_day(day: date, calendar: Calendar) -> bool:
    return True


def every_working_day(day: date, calendar: Calendar) -> bool:
    return calendar.is_working_day(day)


def mondays(day: date, calendar: Calendar) -> bool:
    """Holidays among them."""
    return day.weekday() == MONDAY


def working_day_of_month(number: int) -> Days:
    """The `number`-th working day of each month, from 1; a month that has not as many has none."""
    return lambda day, calendar: _is_working_day_number(number, day, day.replace(day=1), calendar)


def working_day_of_quarter(number: int) -> Days:
    """The `number`-th working day of each quarter, from 1."""
    return lambda day, calendar: _is_working_day_number(number, day, _begun(day, 3), calendar)


def working_day_of_half_year(number: int) -> Days:
    """The `number`-th working day of each half-year, from 1."""
    return lambda day, calendar: _is_working_day_number(number, day, _begun(day, 6), calendar)


def _begun(day: date, months: int) -> date:
    """The first day of the part of its year, of so many months, that a day is in."""
    return day.replace(month=day.month - (day.month - 1) % months, day=1)


def _is_working_day_number(number: int, day: date, first: date, calendar: Calendar) -> bool:
    return _working_day(number, first, calendar) == day


@lru_cache(maxsize=64)  # rounds that are far apart are asked of each day since the last, every hour
def _working_day(number: int, first: date, calendar: Calendar) -> date | None:
    """The `number`-th working day from `first` on."""
    days = (first + n * DAY for n in range(LONGEST))
    return next(islice(filter(calendar.is_working_day, days), number - 1, None), None)
