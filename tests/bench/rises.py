"""How often the alarms of rising complaints are wrong, and how soon they are right; beside them a test of each week."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count, islice
from math import exp, factorial
from random import Random
from statistics import mean, median

from chalicelib.domain.supervision.cusum import WEEKS, Watch, next_week

from .results import Results

MONDAY = date(2026, 1, 5)
RATES = (0.2, 0.5, 1.0, 2.0)
"""So many complaints a week."""
RISEN = {0.5: 3.0, 2.0: 6.0}
LATE = 40


def rises(seeds: int, watched: int, said: Callable[[str], None]) -> Results:
    results = Results(
        "Alarms of what has more complaints than usual",
        [
            "complaints a week",
            f"false alarms, {watched:,} in 20 weeks",
            "rises to",
            "found in week",
            "by each week alone",
        ],
        remarks=[
            f"By chance (Poisson), after {WEEKS} weeks of what is usual; the week is the median. The last column: how",
            "many such weeks a tail test of each week by itself misses, if its threshold lets it be wrong as often.",
        ],
    )
    for rate in RATES:
        said(f"counting alarms at {rate:g} complaints a week")
        wrong = mean(_wrong(Random(seed), watched, rate) for seed in range(seeds))
        cells = [f"{wrong:.1f}"]
        if risen := RISEN.get(rate):
            found = [_weeks_until_found(Random(seed), rate, risen) for seed in range(2 * watched)]
            missed = _missed_by_tail(rate, risen, wrong / watched / 20)
            cells += [f"{risen:g}", f"{median(found):g}", f"{missed:.0%} missed"]
        results.add(f"{rate:g}", *cells)
    return results


def _wrong(chance: Random, watched: int, rate: float) -> int:
    """How many alarms there are where nothing has changed."""
    weeks = _weeks(lambda _: {str(number): drawn(chance, rate) for number in range(watched)})
    return sum(len(week.alarms) for week in islice(weeks, WEEKS, WEEKS + 20))


def _weeks_until_found(chance: Random, usual: float, risen: float) -> int:
    weeks = _weeks(lambda number: {"one": drawn(chance, usual if number < WEEKS else risen)})
    after = islice(weeks, WEEKS, WEEKS + LATE)
    return next((number for number, week in enumerate(after, 1) if week.alarms), LATE)


def _weeks(counts: Callable[[int], dict[str, int]]) -> Iterator[Watch]:
    watch = None
    for number in count():
        watch = next_week(watch, MONDAY + number * timedelta(weeks=1), {"product": counts(number)})
        yield watch


def _missed_by_tail(usual: float, risen: float, allowed: float) -> float:
    """How likely a week of what has risen stays below what is allowed to be reached by chance so rarely."""
    threshold = next(number for number in count() if 1 - _below(number, usual) <= allowed)
    return _below(threshold, risen)


def _below(number: int, rate: float) -> float:
    return sum(exp(-rate) * rate**k / factorial(k) for k in range(number))


def drawn(chance: Random, rate: float) -> int:
    """A number by Poisson's law, by multiplying until it is rare enough."""
    left, number = chance.random(), 0
    while left > exp(-rate):
        left *= chance.random()
        number += 1
    return number
