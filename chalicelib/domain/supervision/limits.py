"""Exact limits: between which the true rate lies when so few events were seen (6.2, 6.3).

Exact: no normal distribution is taken for what it is not, so they hold for small numbers, and are rather too wide than
too narrow. Limits are found by bisection, to more digits than are ever shown; the same on every machine to those.
"""

from collections.abc import Callable
from math import exp, lgamma, log
from typing import NamedTuple

HALVINGS = 60


class Limits(NamedTuple):
    low: float
    high: float

    def exclude(self, value: float) -> bool:
        return value < self.low or value > self.high


def poisson(events: int, confidence: float = 0.95) -> Limits:
    """Of the number that was to be expected, where so many events were seen (Garwood's). Raises ValueError if there
    are fewer than none."""
    _counted(events)
    tail = (1 - confidence) / 2
    most = events + 20 + 20 * (events + 1) ** 0.5  # further than any tail that is asked for
    high = _where(lambda mean: _at_most_poisson(events, mean) <= tail, most)
    low = _where(lambda mean: 1 - _at_most_poisson(events - 1, mean) > tail, most) if events else 0.0
    return Limits(low, high)


def observed_to_expected(observed: int, expected: float, confidence: float = 0.95) -> Limits:
    """Of O ÷ E, where `expected` is known (6.2). Raises ValueError unless it is above 0."""
    if not expected > 0:
        raise ValueError("nothing was to be expected")
    low, high = poisson(observed, confidence)
    return Limits(low / expected, high / expected)


def clopper_pearson(hits: int, n: int, confidence: float = 0.95) -> Limits:
    """Of a share, where `hits` of `n` were. Raises ValueError unless 0 ≤ hits ≤ n and there is one at least."""
    _of(hits, n)
    tail = (1 - confidence) / 2
    low = _where(lambda p: 1 - _at_most_binomial(hits - 1, n, p) > tail, 1) if hits else 0.0
    return Limits(low, _highest(hits, n, tail))


def upper(hits: int, n: int, confidence: float = 0.95) -> float:
    """The upper limit of a share alone, all doubt on that side: 2 of 46 → 0.1306 (Clopper and Pearson's). Raises
    ValueError as they do."""
    _of(hits, n)
    return _highest(hits, n, 1 - confidence)


def _highest(hits: int, n: int, tail: float) -> float:
    return 1.0 if hits == n else _where(lambda p: _at_most_binomial(hits, n, p) <= tail, 1)


def _where(is_past: Callable[[float], bool], most: float) -> float:
    """From where on, between 0 and `most`, something holds that holds from somewhere on."""
    low, high = 0.0, float(most)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_past(middle) else (middle, high)
    return high


def _at_most_poisson(most: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return min(1.0, sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(most + 1)))


def _at_most_binomial(most: int, n: int, p: float) -> float:
    if p <= 0:
        return 1.0
    if p >= 1:
        return float(most >= n)
    ways = lgamma(n + 1)
    terms = (exp(ways - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p)) for k in range(most + 1))
    return min(1.0, sum(terms))


def _counted(events: int) -> None:
    if events < 0:
        raise ValueError("fewer than none")


def _of(hits: int, n: int) -> None:
    _counted(hits)
    if hits > n or not n:
        raise ValueError("more than there are")
