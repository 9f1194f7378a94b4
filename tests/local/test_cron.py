"""Schedule expressions mean what EventBridge's user guide says."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.aws.cron import read

FRIDAY = datetime(2026, 10, 9, 7, 42, 30, tzinfo=UTC)


def runs(expression, after=FRIDAY):
    """Its times, one after the other."""
    times = read(expression)
    while (after := times.after(after)) is not None:
        yield after


def first(count, expression):
    return [f"{moment:%m-%d %H:%M}" for moment in islice(runs(expression), count)]


@pytest.mark.parametrize(
    ("expression", "times"),
    [  # the examples of the guide
        ("cron(0 10 * * ? *)", ["10-09 10:00", "10-10 10:00", "10-11 10:00"]),
        ("cron(15 12 * * ? *)", ["10-09 12:15", "10-10 12:15", "10-11 12:15"]),
        ("cron(0 18 ? * MON-FRI *)", ["10-09 18:00", "10-12 18:00", "10-13 18:00"]),
        ("cron(0 8 1 * ? *)", ["11-01 08:00", "12-01 08:00", "01-01 08:00"]),
        ("cron(0/15 * * * ? *)", ["10-09 07:45", "10-09 08:00", "10-09 08:15"]),
        ("cron(0/10 * ? * MON-FRI *)", ["10-09 07:50", "10-09 08:00", "10-09 08:10"]),
        ("cron(0/5 8-17 ? * MON-FRI *)", ["10-09 08:00", "10-09 08:05", "10-09 08:10"]),
        ("cron(1/10 8 * * ? *)", ["10-09 08:01", "10-09 08:11", "10-09 08:21"]),
        ("cron(15 10 ? * 6L 2026-2027)", ["10-30 10:15", "11-27 10:15", "12-25 10:15"]),
        ("cron(0 9 ? * 3#2 *)", ["10-13 09:00", "11-10 09:00", "12-08 09:00"]),
        ("cron(0 9 3W * ? *)", ["11-03 09:00", "12-03 09:00", "01-04 09:00"]),
        ("cron(0 0 1 JAN,FEB,MAR ? *)", ["01-01 00:00", "02-01 00:00", "03-01 00:00"]),
        ("rate(1 minute)", ["10-09 07:43", "10-09 07:44", "10-09 07:45"]),
        ("rate(5 minutes)", ["10-09 07:45", "10-09 07:50", "10-09 07:55"]),
        ("rate(1 hour)", ["10-09 08:00", "10-09 09:00", "10-09 10:00"]),
        ("rate(1 day)", ["10-10 00:00", "10-11 00:00", "10-12 00:00"]),
    ],
)
def test_the_guides_examples_run_when_it_says(expression, times):
    assert first(3, expression) == times


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("cron(43 7 * * ? *)", ["10-09 07:43", "10-10 07:43", "10-11 07:43"]),
        ("cron(42 7 * * ? *)", ["10-10 07:42", "10-11 07:42", "10-12 07:42"]),  # half a minute ago: tomorrow
        ("cron(0/30 23-1 ? * FRI *)", ["10-09 23:00", "10-09 23:30", "10-16 00:00"]),  # over midnight, of each Friday
        ("cron(0 0-12/6 * * ? *)", ["10-09 12:00", "10-10 00:00", "10-10 06:00"]),
        ("cron(5,3,3 9 * * ? *)", ["10-09 09:03", "10-09 09:05", "10-10 09:03"]),
        ("cron(0 1 ? * sat-mon *)", ["10-10 01:00", "10-11 01:00", "10-12 01:00"]),
        ("cron(0 1 ? * 1,7 *)", ["10-10 01:00", "10-11 01:00", "10-17 01:00"]),
        ("cron(0 1 ? * L *)", ["10-10 01:00", "10-17 01:00", "10-24 01:00"]),  # the last day of the week
        ("cron(0 1 ? * MON#5 *)", ["11-30 01:00", "03-29 01:00", "05-31 01:00"]),  # in months that have one
        ("cron(0 1 ? * 2#1,6L *)", ["10-30 01:00", "11-02 01:00", "11-27 01:00"]),
        ("cron(0 1 L * ? *)", ["10-31 01:00", "11-30 01:00", "12-31 01:00"]),
        ("cron(0 1 L-3 * ? *)", ["10-28 01:00", "11-27 01:00", "12-28 01:00"]),
        ("cron(0 1 LW * ? *)", ["10-30 01:00", "11-30 01:00", "12-31 01:00"]),
        (
            "cron(0 1 1W * ? *)",
            ["11-02 01:00", "12-01 01:00", "01-01 01:00"],
        ),  # the 1st is a Sunday; never back a month
        ("cron(0 1 31W * ? *)", ["10-30 01:00", "12-31 01:00", "01-29 01:00"]),  # not in November, which has none
        ("cron(0 1 31 * ? *)", ["10-31 01:00", "12-31 01:00", "01-31 01:00"]),
        ("cron(0 1 1/14 * ? *)", ["10-15 01:00", "10-29 01:00", "11-01 01:00"]),
        ("cron(0 1 ? JAN/3 2#1 *)", ["01-04 01:00", "04-05 01:00", "07-05 01:00"]),  # quarterly, on a Monday
        ("rate(7 days)", ["10-15 00:00", "10-22 00:00", "10-29 00:00"]),
    ],
)
def test_lists_ranges_steps_and_letters(expression, times):
    assert first(3, expression) == times


def test_years_end_and_leap_days_are_waited_for():
    assert [moment.year for moment in islice(runs("cron(0 0 29 2 ? *)"), 3)] == [2028, 2032, 2036]
    assert [moment.year for moment in runs("cron(0 0 1 1 ? 2026-2031/2)")] == [2028, 2030]
    assert (
        list(runs("cron(0 0 31 2 ? *)"))
        == list(runs("cron(0 0 L-30 2 ? *)"))
        == list(runs("cron(0 0 1 1 ? 2020)"))
        == []
    )


@pytest.mark.parametrize(
    "expression",
    [
        *("", "at(2026-10-09T00:00:00)", "rate(0 minutes)", "rate(1 minutes)", "rate(5 minute)", "rate(2 weeks)"),
        *("rate(-5 minutes)", "0 1 * * ? *", "cron(0 1 * * ?)", "cron(0 1 * * ? * *)", "cron(0 1 * * * *)"),
        *("cron(0 1 ? * ? *)", "cron(0 1 1 * MON *)", "cron(60 1 * * ? *)", "cron(0 24 * * ? *)", "cron(0 1 0 * ? *)"),
        *(
            "cron(0 1 32W * ? *)",
            "cron(0 1 * 13 ? *)",
            "cron(0 1 * JANUARY ? *)",
            "cron(0 1 ? * 0 *)",
            "cron(0 1 ? * 8L *)",
        ),
        *(
            "cron(0 1 ? * 2#6 *)",
            "cron(0 1 ? * #1 *)",
            "cron(0 1 * * ? 1969)",
            "cron(0/0 1 * * ? *)",
            "cron(, 1 * * ? *)",
        ),
        *("cron(0- 1 * * ? *)", "cron(-5 1 * * ? *)", "cron(L 1 * * ? *)", "cron(0 1 L-0 * ? *)", "cron(x 1 * * ? *)"),
    ],
)
def test_what_eventbridge_would_not_take_is_refused(expression):
    with pytest.raises(ValueError, match=r"neither|not from|not a step|exactly one is \?"):
        read(expression)


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)).map(lambda one: one.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.sampled_from(["cron(7/20 3,9 ? * MON-FRI *)", "cron(0 0 LW * ? *)", "cron(0 * * * ? *)", "rate(7 hours)"]),
)
def test_the_next_time_is_later_and_none_is_left_out_on_the_way(moment, expression):
    times = read(expression)
    found = times.after(moment)
    assert found > moment
    assert times.after(found - timedelta.resolution) == found
    assert times.after(moment + (found - moment) / 2) == found
