"""What got worse since the week before is told, and nothing that is chance of a few, or no way is worse."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from chalicelib.domain.supervision.figures import Compared, Document, Figure, Measure, Period
from chalicelib.domain.supervision.worse import BAD, worse

WEEK = Period(kind="weekly", name="2026-W41", first=date(2026, 10, 5), last=date(2026, 10, 11))
BEFORE = Period(kind="weekly", name="2026-W40", first=date(2026, 9, 28), last=date(2026, 10, 4))


def share(value: float | None, n: int = 100, **more: Any) -> Figure:
    return Figure(n=n, value=value, unit="share", **more)


def count(value: int) -> Figure:
    return Figure(n=value, value=value)


def report(now: Mapping[Measure, Figure], before: Mapping[Measure, Figure] | None) -> Document:
    return Document(
        report_id="report_weekly-2026-W41-1",
        period=WEEK,
        edition=1,
        computed_at=datetime(2026, 10, 12, tzinfo=UTC),
        as_of=date(2026, 10, 11),
        definitions=1,
        policy_versions=(2,),
        figures=now,
        before=None if before is None else Compared(period=BEFORE, figures=before),
    )


def told(now: Mapping[Measure, Figure], before: Mapping[Measure, Figure] | None) -> list[Measure]:
    return [one.measure for one in worse(report(now, before))]


def test_what_moved_the_bad_way_is_told_and_what_moved_the_good_way_is_not():
    assert told({"M03": share(0.81), "M08": share(0.30)}, {"M03": share(0.97), "M08": share(0.20)}) == ["M03", "M08"]
    assert told({"M03": share(0.97), "M08": share(0.20)}, {"M03": share(0.81), "M08": share(0.30)}) == []


def test_what_grew_most_comes_first():
    now = {"M01": count(120), "M08": share(0.24), "M21": count(30)}
    assert told(now, {"M01": count(100), "M08": share(0.20), "M21": count(10)}) == ["M21", "M01", "M08"]


@pytest.mark.parametrize(("now", "before", "found"), [(0.94, 0.97, True), (0.955, 0.97, False), (0.97, 0.97, False)])
def test_of_a_share_two_points_are_nothing(now: float, before: float, found: bool):
    assert bool(told({"M05": share(now)}, {"M05": share(before)})) is found


@pytest.mark.parametrize(("now", "before", "found"), [(111, 100, True), (110, 100, False), (7, 0, True), (4, 0, False)])
def test_nor_is_a_tenth_of_anything_else_and_a_count_may_have_been_none_before(now: int, before: int, found: bool):
    assert bool(told({"M21": count(now)}, {"M21": count(before)})) is found


def test_what_has_too_few_or_has_not_ripened_or_has_no_number_is_not_compared():
    assert told({"M03": share(0.2, n=4)}, {"M03": share(0.9)}) == []
    assert told({"M03": share(0.2)}, {"M03": share(0.9, n=4)}) == []
    assert told({"M03": share(None)}, {"M03": share(0.9)}) == []
    assert told({"M03": share(0.2, ripe=False)}, {"M03": share(0.9)}) == []
    assert told({"M03": share(0.2)}, {}) == []
    assert told({"M03": share(0.2)}, None) == []


def test_no_way_is_worse_of_what_takes_weeks_or_is_a_list():
    assert set(get_args(Measure)) - set(BAD) == {"M04", "M06", "M07", "M09", "M10", "M12", "M13", "M15", "M20", "M22"}
