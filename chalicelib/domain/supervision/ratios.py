"""Shares, percentiles and intervals, as they are published: nothing is said of too few."""

from collections.abc import Iterable, Sequence
from math import sqrt

from chalicelib.domain.supervision.figures import SHOWN_FROM

Z95 = 1.959963984540054
"""Of the normal distribution: 95 % lie within so many deviations."""


def share(hits: int, n: int, shown_from: int = SHOWN_FROM) -> float | None:
    return hits / n if n >= max(shown_from, 1) else None


def nearest_rank(ordered: Sequence[int], percent: int, shown_from: int = SHOWN_FROM) -> int | None:
    """The smallest of the values, in order, which at least `percent` of them do not exceed."""
    n = len(ordered)
    return ordered[-(-percent * n // 100) - 1] if n >= max(shown_from, 1) else None


def percentiles(times: Iterable[int], *percents: int) -> dict[str, int | None]:
    ordered = sorted(times)
    return {f"p{percent}": nearest_rank(ordered, percent) for percent in percents}


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Between what the true share is, with 95 % confidence (Wilson's score interval)."""
    p, z2 = hits / n, Z95 * Z95
    middle = p + z2 / (2 * n)
    half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    return low if hits else 0.0, high if hits < n else 1.0
