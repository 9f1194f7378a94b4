"""The fields of a cron expression: lists, ranges and steps of numbers or names, and which days of a month are meant."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

WEEK = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
SATURDAY = 7

Days = Callable[[int, int], Sequence[int]]
"""The days of a month, by year and month, that a field of days names."""


def numbers(field: str, low: int, high: int, names: Sequence[str] = ()) -> Sequence[int]:
    """What a field of numbers or names means, in order: a list of values, ranges, `*` and steps. Raises ValueError."""
    return sorted({number for part in field.upper().split(",") for number in _part(part, low, high, names)})


def _part(part: str, low: int, high: int, names: Sequence[str]) -> Sequence[int]:
    """One of them. A range may go over the end, such as 20-2 for hours; a step without a range goes on to the end."""
    values, slash, step = part.partition("/")
    if slash and not (step.isdecimal() and int(step)):
        raise ValueError(f"not a step: {part}")
    if values == "*":
        return range(low, high + 1, int(step or 1))
    begin, dash, end = values.partition("-")
    first = _number(begin, low, high, names)
    last = _number(end, low, high, names) if dash else high if slash else first
    over = [*range(first, high + 1), *range(low, last + 1)] if last < first else range(first, last + 1)
    return over[:: int(step or 1)]


def _number(text: str, low: int, high: int, names: Sequence[str] = ()) -> int:
    if text in names:
        return names.index(text) + low
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ValueError(f"not from {low} to {high}: {text or 'nothing'}")
    return int(text)


def days_of(of_month: str, of_week: str) -> Days:
    """The meaning of both fields of days, one of which says nothing. Raises ValueError."""
    if (of_month == "?") == (of_week == "?"):
        raise ValueError(f"of day of month and day of week, exactly one is ?: {of_month} {of_week}")
    field, meaning = (of_week, _in_week) if of_month == "?" else (of_month, _in_month)
    parts = [meaning(part) for part in field.split(",")]

    def days(year: int, month: int) -> Sequence[int]:
        return sorted({day for part in parts for day in part(year, month)})

    return days


def _in_month(part: str) -> Days:
    """A day of the month: a number, `L`, `L-3`, `LW`, `15W`, or a range of numbers."""
    if part == "LW":
        return lambda year, month: [_weekday_near(year, month, _last(year, month))]
    if part.endswith("W"):
        near = _number(part[:-1], 1, 31)
        return lambda year, month: [_weekday_near(year, month, near)] if near <= _last(year, month) else []
    if part == "L" or part.startswith("L-"):
        before = _number(part[2:], 1, 30) if part != "L" else 0
        return lambda year, month: [day] if (day := _last(year, month) - before) > 0 else []
    numbers = _part(part, 1, 31, ())
    return lambda year, month: [day for day in numbers if day <= _last(year, month)]


def _in_week(part: str) -> Days:
    """A day of the week, Sunday first: a number or name, `L`, `6L`, `2#1`, or a range."""
    if "#" in part:
        day, _, nth = part.partition("#")
        return partial(_nth, _number(day, 1, 7, WEEK), _number(nth, 1, 5) - 1)
    if part.endswith("L") and part != "L":
        return partial(_nth, _number(part[:-1], 1, 7, WEEK), -1)
    named = [SATURDAY] if part == "L" else _part(part, 1, 7, WEEK)
    return lambda year, month: [day for weekday in named for day in _every(weekday, year, month)]


def _last(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _every(weekday: int, year: int, month: int) -> range:
    """The days of the month that are this day of the week."""
    first = (weekday - 2 - date(year, month, 1).weekday()) % 7 + 1
    return range(first, _last(year, month) + 1, 7)


def _nth(weekday: int, nth: int, year: int, month: int) -> Sequence[int]:
    return list(_every(weekday, year, month))[nth:][:1]


def _weekday_near(year: int, month: int, day: int) -> int:
    """The day from Monday to Friday that is nearest, in the same month."""
    match date(year, month, day).weekday():
        case 5:
            return day - 1 if day > 1 else day + 2
        case 6:
            return day + 1 if day < _last(year, month) else day - 2
    return day
