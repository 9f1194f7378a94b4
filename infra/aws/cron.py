"""EventBridge's schedule expressions, `rate(…)` and `cron(…)`: when one is next due.

By the rules of the EventBridge user guide, in UTC. The one library that knows them (aws-croniter 2.1) fails at `LW`
and takes `L` among days of the week for never; on everything else the two agree.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from infra.aws.cron_fields import Days, days_of, numbers

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RATE = re.compile(r"rate\((?:(1) (minute|hour|day)|(\d+) (minute|hour|day)s)\)")
CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class Expression(Protocol):
    def after(self, moment: datetime) -> datetime | None:
        """The first time later than this one; none if there is no more."""


def read(expression: str) -> Expression:
    """Raises ValueError for what EventBridge would not take either."""
    if (rate := RATE.fullmatch(expression)) and (amount := int(rate[1] or rate[3])) and (rate[1] or amount > 1):
        return Rate(timedelta(**{f"{rate[2] or rate[4]}s": amount}))
    if cron := CRON.fullmatch(expression):
        minutes, hours, day_of_month, months, day_of_week, years = cron.groups()
        times = [(hour, minute) for hour in numbers(hours, 0, 23) for minute in numbers(minutes, 0, 59)]
        days = days_of(day_of_month.upper(), day_of_week.upper())
        return Cron(numbers(years, 1970, 2199), numbers(months, 1, 12, MONTHS), days, times)
    raise ValueError(f"neither rate(…) nor cron(…) as EventBridge has them: {expression}")


@dataclass(frozen=True)
class Rate:
    """Counted from the beginning of 1970, where EventBridge counts from when the rule was made."""

    every: timedelta

    def after(self, moment: datetime) -> datetime:
        return EPOCH + ((moment - EPOCH) // self.every + 1) * self.every


@dataclass(frozen=True)
class Cron:
    """`times`: of each day, as hour and minute. All in order."""

    years: Sequence[int]
    months: Sequence[int]
    days: Days
    times: Sequence[tuple[int, int]]

    def after(self, moment: datetime) -> datetime | None:
        begin = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        for day in self._days_from(begin.date()):
            later = bisect_left(self.times, (begin.hour, begin.minute)) if day == begin.date() else 0
            for hour, minute in self.times[later : later + 1]:
                return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        return None

    def _days_from(self, first: date) -> Iterator[date]:
        for year in self.years[bisect_left(self.years, first.year) :]:
            for month in self.months:
                if (year, month) >= (first.year, first.month):
                    found = (date(year, month, day) for day in self.days(year, month))
                    yield from (day for day in found if day >= first)
