"""7.2: when the policy is to be looked over, and what makes it so sooner."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.governance.reviews import Month, after_months, due, running

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2026, 11, 30, 16, tzinfo=UTC)  # 1 December in Shanghai


def month(year: int, number: int, breaches: float | None, day: int = 3) -> Month:
    """Its report is computed on a day of the next one, at 8 in the morning."""
    first = date(year, number, 1)
    at = datetime.combine(after_months(first, 1).replace(day=day), datetime.min.time(), UTC)
    figures = {} if breaches is None else {"M16": breaches}
    return Month(
        report_id=f"report_monthly-{first:%Y-%m}-1", first=first, hash="0" * 64, computed_at=at, figures=figures
    )


def test_it_is_due_twelve_months_after_the_last_and_reminded_of_thirty_days_before() -> None:
    by = due(SINCE, 12, [], SHANGHAI)
    assert (by.on, by.reminded_on, by.months) == (date(2027, 12, 1), date(2027, 11, 1), None)


def test_two_months_running_with_too_many_breaches_make_it_due_thirty_days_after_the_second_report() -> None:
    by = due(SINCE, 12, [month(2027, 2, 11), month(2027, 1, 10.5), month(2026, 12, 3)], SHANGHAI)
    assert (by.on, by.reminded_on) == (date(2027, 4, 2), date(2027, 3, 3))
    assert by.months == (date(2027, 1, 1), date(2027, 2, 1))


@pytest.mark.parametrize(
    "months",
    [
        [month(2027, 1, 10), month(2027, 2, 50)],
        [month(2027, 1, 50), month(2027, 3, 50)],
        [month(2027, 1, 50), month(2027, 2, None), month(2027, 3, 50)],
        [month(2027, 1, 50)],
        [month(2026, 9, 50), month(2026, 10, 50)],
    ],
    ids=[
        "ten is not more than ten",
        "not one after the other",
        "too few to say",
        "one alone",
        "before the last review",
    ],
)
def test_what_makes_it_no_sooner(months: list[Month]) -> None:
    assert due(SINCE, 12, months, SHANGHAI).months is None


def test_a_pair_of_which_the_second_report_came_after_the_review_counts() -> None:
    assert due(SINCE, 12, [month(2026, 10, 20), month(2026, 11, 20)], SHANGHAI).months


def test_the_first_of_several_pairs_counts_and_a_year_that_is_over_before_it_comes_first() -> None:
    pairs = [month(2027, number, 20) for number in range(1, 6)]
    assert due(SINCE, 12, pairs, SHANGHAI).months == (date(2027, 1, 1), date(2027, 2, 1))
    assert due(SINCE, 1, pairs, SHANGHAI) == (date(2027, 1, 1), None, None)
    assert len(running(pairs)) == 4


def test_why_it_is_held_is_known_by_the_day() -> None:
    by_months, called = due(SINCE, 12, [], SHANGHAI), due(SINCE, 12, [month(2027, n, 20) for n in (1, 2)], SHANGHAI)
    assert [by_months.cause_on(day) for day in (date(2027, 10, 31), date(2027, 11, 1), date(2028, 1, 1))] == [
        *("by_choice", "months", "months")
    ]
    assert called.cause_on(date(2027, 3, 2)) == "by_choice"
    assert called.cause_on(date(2027, 3, 3)) == "breaches"


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_are_counted_as_people_do(day: date, months: int, after: date) -> None:
    assert after_months(day, months) == after


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 100)), max_size=20), st.integers(1, 12))
def test_whatever_the_months_were_it_is_due_in_time(found: list[tuple[int, float]], most: int) -> None:
    """Never later than so many months after the last; and nobody is reminded of months before the review was held."""
    months = {after_months(date(2026, 1, 1), number): breaches for number, breaches in found}
    read = [month(first.year, first.month, breaches) for first, breaches in months.items()]
    by = due(SINCE, most, read, SHANGHAI)
    assert by.on <= after_months(date(2026, 12, 1), most)
    if by.months:
        assert by.reminded_on >= date(2026, 12, 1)
        assert all(months[first] > 10 for first in by.months)
        assert by.on - by.reminded_on == timedelta(days=30)
