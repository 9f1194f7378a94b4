"""A month with a file of complaints: they come in day by day, people take their time, and what was sold is told."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from itertools import count
from typing import NamedTuple

from rich.console import Console

from infra.tour.calls import Line, granted
from infra.tour.journey import Crew, Journey, Steps
from infra.tour.many import NewLine, progress
from infra.tour.parties import storefront
from infra.tour.rows import Row
from infra.tour.show import CHINA
from infra.tour.summary import Summary, receipts_by_complaint

DAY = timedelta(days=1)
AT_WORK = (clock_time(9, 30), clock_time(15, 30))
LATEST_START = 8
"""On a later day of a month the next one is waited for, so that all that is begun can end."""
FILED_WITHIN = 17  # days
ORDERS = 900
"""So many are sold on a day, a little more or less."""


class Month(NamedTuple):
    """`first`: its first day; `begun`: on which the first complaint comes."""

    first: date
    begun: date

    @property
    def end(self) -> date:
        """The first day of the next one."""
        return (self.first + 31 * DAY).replace(day=1)

    @property
    def half_days(self) -> list[datetime]:
        days = ((self.begun + n * DAY) for n in range((self.end - self.begun).days))
        return [datetime.combine(day, at, CHINA) for day in days for at in AT_WORK]


class _Share:
    """What one crew has in hand: of each complaint the steps that are left, and in which half day the next one is."""

    def __init__(self, line: Line, journeys: Sequence[tuple[int, Journey]]) -> None:
        crew = Crew(line)
        self._left: list[tuple[int, Steps]] = [(half_day, crew.steps(journey)) for half_day, journey in journeys]

    def go_on(self, half_day: int) -> None:
        left: list[tuple[int, Steps]] = []
        for turn, steps in self._left:
            if turn > half_day:
                left.append((turn, steps))
            elif (pause := next(steps, None)) is not None:
                left.append((half_day + pause, steps))
        self._left = left


def month_ahead(line: Line) -> Month:
    """The month that it is, if there is enough left of it, or the next."""
    today = _now(line).astimezone(CHINA).date()
    if today.day > LATEST_START:
        first = (today.replace(day=1) + 31 * DAY).replace(day=1)
        return Month(first, first)
    return Month(today.replace(day=1), today + DAY)


def live_through(console: Console, new_line: NewLine, month: Month, rows: Sequence[Row], workers: int) -> Summary:
    """The whole month. Raises NoAnswer or Refused where the clock cannot be moved, or receipts be looked for."""
    began, line = time.monotonic(), new_line()
    journeys = [Journey(row, unhurried=True) for row in rows]
    turns = [(number * FILED_WITHIN * len(AT_WORK) // len(rows), one) for number, one in enumerate(journeys)]
    shares = [_Share(new_line(), turns[first::workers]) for first in range(workers)]
    shop = storefront(line)
    half_days = month.half_days
    with progress(console, "half days", len(half_days)) as advance, ThreadPoolExecutor(workers) as pool:
        for number, moment in enumerate(half_days):
            set_clock(line, moment)
            if moment.time() == AT_WORK[1]:
                shop.put(f"/v1/volumes/{moment.date()}", {"orders": ORDERS + 7 * moment.day})
            list(pool.map(lambda share, turn=number: share.go_on(turn), shares))
            advance()
    with progress(console, "notices on their way", None):
        line.settle()
        receipts = receipts_by_complaint(line.outbox())
    return Summary(len(rows), journeys, time.monotonic() - began, receipts)


def mornings_after(line: Line, month: Month) -> Iterator[date]:
    """The days of the next month, one after the other, each when its morning is over."""
    for number in count():
        day = month.end + number * DAY
        set_clock(line, datetime.combine(day, AT_WORK[1], CHINA))
        line.settle()
        yield day


def set_clock(line: Line, moment: datetime) -> None:
    """Not back: where it is later already, it stays."""
    if moment > _now(line):
        line.at_desk("tour", "POST", "/clock", json={"set": moment.isoformat()})


def _now(line: Line) -> datetime:
    return datetime.fromisoformat(granted(line.at_desk("tour", "GET", "/clock")).body["now"])
