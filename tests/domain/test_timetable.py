"""When what is done regularly is done: by the policy's calendar and in its zone."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.policy import timetable
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.timetable import Days, When

from .cases import OPERATING, POLICY, RULES, policy_with

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT = (time(8),)
OCTOBER = datetime(2026, 10, 1, tzinfo=SHANGHAI)


def china(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def days_of(days: Days, since: datetime, until: datetime, policy: Policy = POLICY) -> list[date]:
    return [one.astimezone(policy.zone).date() for one in When(days, EIGHT).since(since, until, policy)]


def test_every_working_day_has_the_make_up_saturdays_and_not_the_holidays():
    found = days_of(timetable.every_working_day, OCTOBER, china(10, 13))
    assert [day.day for day in found] == [8, 9, 10, 12]
    closed = policy_with(extra_holidays=["2026-10-12"])
    assert [day.day for day in days_of(timetable.every_working_day, OCTOBER, china(10, 13), closed)] == [8, 9, 10]


def test_mondays_are_mondays():
    assert [day.day for day in days_of(timetable.mondays, OCTOBER, china(11, 1))] == [5, 12, 19, 26]


@pytest.mark.parametrize(
    ("number", "months"),
    [
        (1, [date(2026, 9, 1), date(2026, 10, 8), date(2026, 11, 2)]),
        (3, [date(2026, 9, 3), date(2026, 10, 10), date(2026, 11, 4)]),
        (22, [date(2026, 9, 30)]),
        (40, []),
    ],
)
def test_the_nth_working_day_of_a_month(number: int, months: list[date]):
    assert days_of(timetable.working_day_of_month(number), china(9, 1), china(12, 1)) == months


def test_a_half_years_second_working_day_comes_after_its_holidays():
    seconds = days_of(timetable.working_day_of_half_year(2), china(1, 1), china(12, 31))
    assert [(one.month, one.day) for one in seconds] == [(1, 5), (7, 2)]


def test_the_nth_working_day_of_a_quarter():
    firsts = days_of(timetable.working_day_of_quarter(1), china(1, 1), china(12, 31))
    assert firsts == [date(2026, 1, 4), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 8)]
    tenths = days_of(timetable.working_day_of_quarter(10), china(9, 1), china(12, 31))
    assert tenths == [date(2026, 10, 20)]


@pytest.mark.parametrize(
    ("now", "latest"),
    [
        (china(10, 10, 7, 59), china(10, 9, 8)),
        (china(10, 10, 8), china(10, 10, 8)),
        (china(10, 11, 12), china(10, 10, 8)),
        (china(10, 8, 7), china(9, 30, 8)),
    ],
)
def test_the_latest_is_the_last_that_has_come(now: datetime, latest: datetime):
    assert When(timetable.every_working_day, EIGHT).latest(now, POLICY) == latest


def test_in_every_quarter_the_one_of_the_quarter_before_is_still_found():
    last_day = When(timetable.working_day_of_quarter(1), EIGHT)
    assert last_day.latest(china(10, 8, 7), POLICY) == china(7, 1, 8)


def test_what_never_comes_has_no_latest():
    assert When(lambda day, calendar: False, EIGHT).latest(OCTOBER, POLICY) is None


def test_since_excludes_the_last_and_includes_now():
    hours = When(timetable.every_day, tuple(time(hour) for hour in range(24)))
    assert list(hours.since(china(10, 9, 22), china(10, 10, 1), POLICY)) == [
        china(10, 9, 23),
        china(10, 10),
        china(10, 10, 1),
    ]
    assert list(hours.since(china(10, 9, 22), china(10, 9, 22, 59), POLICY)) == []


def test_occasions_are_moments_in_utc():
    assert When(timetable.every_day, EIGHT).latest(OCTOBER, POLICY) == datetime(2026, 9, 30, tzinfo=UTC)
    latest = When(timetable.every_day, EIGHT).latest(OCTOBER, POLICY)
    assert latest is not None
    assert latest.tzinfo is UTC


def test_the_zone_of_the_policy_decides_and_china_has_had_no_summer_time_since_1991():
    year = list(When(timetable.every_day, EIGHT).since(china(1, 1), china(12, 31, 23), POLICY))
    assert {later - earlier for earlier, later in itertools.pairwise(year)} == {timedelta(days=1)}


def test_where_clocks_are_changed_each_day_still_has_its_morning_once():
    new_york = Policy.of(RULES.model_copy(update={"time_zone": "America/New_York"}), OPERATING)
    # half past two is not there on the 8th of March, and is there twice on the 1st of November
    for early in (
        time(2, 30),
        time(8),
    ):
        begin, end = (datetime(2026, month, 1, tzinfo=new_york.zone) for month in (3, 12))
        found = list(When(timetable.every_day, (early,)).since(begin, end, new_york))
        assert len(found) == 30 + 245
        assert len({one.astimezone(new_york.zone).date() for one in found}) == len(found)


def test_of_two_times_of_a_day_the_later_one_that_has_come_is_the_latest():
    twice = When(timetable.every_day, (time(9), time(15)))
    for hour, latest in ((16, 15), (14, 9)):
        now = datetime(2026, 10, 9, hour, tzinfo=POLICY.zone)
        assert twice.latest(now, POLICY) == datetime(2026, 10, 9, latest, tzinfo=POLICY.zone)
