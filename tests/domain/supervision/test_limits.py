"""Exact limits against published tables: Garwood's of a Poisson count, Clopper and Pearson's of a share, and the upper
limits that auditors have in theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.supervision import limits


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        (0, 0, 3.6889),
        (1, 0.0253, 5.5716),
        (2, 0.2422, 7.2247),
        (3, 0.6187, 8.7673),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (20, 12.2165, 30.8884),
        (50, 37.1110, 65.9188),
        (100, 81.3640, 121.6268),
    ],
)
def test_what_was_to_be_expected_lies_where_garwoods_table_has_it(events: int, low: float, high: float) -> None:
    assert limits.poisson(events) == pytest.approx((low, high), abs=0.0002)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1),
        (3, 20, 0.0321, 0.3789),
        (10, 100, 0.0490, 0.1762),
    ],
)
def test_a_share_lies_where_clopper_and_pearsons_table_has_it(hits: int, n: int, low: float, high: float) -> None:
    assert limits.clopper_pearson(hits, n) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("hits", "n", "high"),
    [(0, 29, 0.0981), (0, 25, 0.1129), (1, 25, 0.1761), (0, 30, 0.0950), (1, 50, 0.0914), (2, 50, 0.1206), (7, 7, 1)],
)
def test_the_upper_limit_alone_is_that_of_auditors_tables(hits: int, n: int, high: float) -> None:
    assert limits.upper(hits, n) == pytest.approx(high, abs=0.0001)


def test_what_happened_as_often_as_expected_is_not_out_of_its_limits() -> None:
    assert not limits.observed_to_expected(12, 12).exclude(1)
    assert not limits.observed_to_expected(9, 5).exclude(1)
    assert limits.observed_to_expected(11, 5).exclude(1)
    assert limits.observed_to_expected(0, 5).exclude(1)
    assert limits.observed_to_expected(10, 5) == pytest.approx((4.7954 / 5, 18.3904 / 5), abs=0.0001)


def test_nothing_is_said_of_what_cannot_be() -> None:
    for wrong in ((-1, 5), (6, 5), (0, 0)):
        with pytest.raises(ValueError, match=r"fewer than none|more than there are"):
            limits.clopper_pearson(*wrong)
    with pytest.raises(ValueError, match="nothing was to be expected"):
        limits.observed_to_expected(1, 0)


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_share_lies_within_its_limits(hits: int, more: int) -> None:
    n = hits + more + 1
    low, high = limits.clopper_pearson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert hits / n <= limits.upper(hits, n) <= high


@given(st.integers(0, 80))
def test_a_count_lies_within_its_limits_and_more_of_it_raises_both(events: int) -> None:
    low, high = limits.poisson(events)
    following = limits.poisson(events + 1)
    assert low <= events <= high
    assert low < following.low
    assert high < following.high
