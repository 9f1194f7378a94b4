"""Quarters: "2026Q4" is from 1 October to 31 December 2026, days in China."""

import re
from datetime import date, timedelta
from typing import NamedTuple

NAME = re.compile(r"(20[0-9]{2})Q([1-4])")
DAY = timedelta(days=1)
MONTHS = 3


class Quarter(NamedTuple):
    """From `first` to `last`, both counted."""

    name: str
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def quarter_of(day: date) -> Quarter:
    """The one that a day is in."""
    number = (day.month - 1) // MONTHS + 1
    first = date(day.year, MONTHS * number - 2, 1)
    after = (first + 100 * DAY).replace(day=1)
    return Quarter(f"{day.year}Q{number}", first, after - DAY)


def before(day: date) -> Quarter:
    """The one before that of a day."""
    return quarter_of(quarter_of(day).first - DAY)


def named(name: str) -> Quarter:
    """Raises ValueError for what is none."""
    found = NAME.fullmatch(name)
    if not found:
        raise ValueError(f"not a quarter: {name!r}")
    year, number = map(int, found.groups())
    return quarter_of(date(year, MONTHS * number, 1))
