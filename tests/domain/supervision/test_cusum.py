"""6.1: what has more complaints than usual is found, once, with since when. `make bench` counts how soon, and how often
wrongly."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.supervision.cusum import ALARM, Alarm, Watch, next_week

MONDAY = date(2026, 3, 2)
WEEK = timedelta(weeks=1)


def watched(*weeks: int, before: Watch | None = None, name: str = "K-17") -> list[Watch]:
    """One product, with so many complaints in each week."""
    after: list[Watch] = []
    for count in weeks:
        monday = before.monday + WEEK if before else MONDAY
        before = next_week(before, monday, {"product": {name: count}} if count else {})
        after.append(before)
    return after


def alarms(weeks: Sequence[Watch]) -> list[tuple[int, Alarm]]:
    """By the number of the week, from 1."""
    return [(number, alarm) for number, week in enumerate(weeks, 1) for alarm in week.alarms]


def test_one_a_fortnight_that_becomes_three_a_week_is_found_in_four_weeks_with_since_when():
    usual = watched(*[0, 1] * 13)
    assert alarms(usual) == []
    [(week, alarm)] = alarms(watched(3, 3, 3, 3, before=usual[-1]))
    assert (week, alarm.number, alarm.since) == (4, 12, MONDAY + 26 * WEEK)
    assert alarm.usual == pytest.approx(13.5 / 26)


def test_the_sum_is_as_given():
    """z0 = 13.5/26, z1 = z0 + 1.5, reference (z1 − z0) / ln(z1/z0), by hand: 0.5192, 2.0192, 1.1044."""
    [week] = watched(3, before=watched(*[1, 0] * 13)[-1])
    course = week.courses["product"]["K-17"]
    assert course.sum == pytest.approx(3 - 1.1044, abs=1e-4)


def test_one_week_of_many_is_an_alarm_at_once():
    [(week, alarm)] = alarms(watched(8, before=watched(*[0, 1] * 13)[-1]))
    assert (week, alarm.number) == (1, 8)


def test_it_is_told_once_and_what_goes_on_is_found_anew_until_it_is_usual():
    usual = watched(*[1] * 26)[-1]
    weeks = watched(*[8] * 60, before=usual)
    found = [week for week, _ in alarms(weeks)]
    assert found[0] == 1
    assert all(one.sum < ALARM for week in weeks for one in week.courses["product"].values()), "reset"
    assert max(found) < 20, "eight a week have become usual"


def test_a_new_house_has_nothing_to_compare_with_in_its_first_week_and_has_in_the_second():
    assert [week for week, _ in alarms(watched(*[20] * 30))] == [1]


def test_what_an_old_house_first_hears_of_had_none_before():
    [(_, alarm)] = alarms(watched(6, 1, before=watched(*[1] * 26, name="other")[-1]))
    assert (alarm.name, alarm.usual) == ("K-17", pytest.approx(0.5 / 26))


def test_what_rises_does_not_pass_for_usual_for_four_weeks():
    usual = watched(*[1] * 26)[-1]
    weeks = watched(2, 2, 2, 2, 2, 2, before=usual)
    by_week = [week.courses["product"]["K-17"].usual for week in weeks if "K-17" in week.courses["product"]]
    assert by_week[:5] == [by_week[0]] * 5
    assert by_week[5] > by_week[0]


def test_what_was_not_heard_of_for_half_a_year_is_forgotten():
    assert watched(1, *[0] * 26)[-1].courses["product"] == {}


def test_the_greatest_alarm_comes_first_and_each_kind_has_names_of_its_own():
    found = next_week(None, MONDAY, {"product": {"A": 8, "B": 30}, "seller": {"A": 9}}).alarms
    assert [(one.watched, one.name) for one in found] == [("product", "B"), ("seller", "A"), ("product", "A")]


counts = st.lists(st.integers(0, 12), min_size=1, max_size=60)


@given(counts)
def test_a_week_read_back_goes_on_as_if_it_had_not_been_kept(weeks: list[int]):
    kept: Watch | None = None
    for straight in watched(*weeks):
        count = straight.courses["product"]["K-17"].counts[-1] if "K-17" in straight.courses["product"] else 0
        kept = next_week(kept, straight.monday, {"product": {"K-17": count}})
        assert kept == straight
        kept = Watch.model_validate_json(kept.model_dump_json())


@given(counts, counts)
def test_how_one_goes_does_not_touch_another(mine: list[int], other: list[int]):
    both: Watch | None = None
    alone = watched(*mine)
    for number, week in enumerate(alone):
        there = {"K-17": mine[number], "X": other[number] if number < len(other) else 0}
        both = next_week(both, week.monday, {"product": there})
        assert both.courses["product"].get("K-17") == week.courses["product"].get("K-17")
        assert [one for one in both.alarms if one.name == "K-17"] == list(week.alarms)


@given(counts)
def test_a_sum_is_never_below_zero_nor_kept_at_the_alarm_and_fewer_never_alarm_sooner(weeks: list[int]):
    straight = watched(*weeks)
    assert all(0 <= one.sum < ALARM for week in straight for one in week.courses["product"].values())
    first = alarms(straight)[:1]
    if first:
        number = first[0][0]
        fewer = [*weeks[: number - 1], weeks[number - 1] // 2]
        sooner = alarms(watched(*fewer))
        assert all(week >= number for week, _ in sooner)
