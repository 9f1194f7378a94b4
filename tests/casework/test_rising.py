"""6.1: each Monday quality and management are told, once, of what has more complaints than usual, with them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import lines
from chalicelib.casework import days, rising
from chalicelib.casework.rounds import Round, make
from chalicelib.domain.policy import timetable
from chalicelib.domain.policy.timetable import When
from chalicelib.domain.supervision.lines import Checked, Line, Received
from tests.house import House, Killed

from .mailroom import Mailroom, told

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 9, 7)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LOOK = Round("rising", When(timetable.mondays, (time(8),)), rising.look, "each")
"""As `ROUNDS` has it."""


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def morning_after(monday: date, days_later: int = 0) -> datetime:
    return datetime.combine(monday + WEEK + days_later * DAY, datetime.min.time(), SHANGHAI) + timedelta(hours=8)


def received(number: int, day: date, product: str) -> Iterator[Line]:
    """A complaint about a product, and who carried it."""
    at, case = datetime.combine(day, datetime.min.time(), UTC) + timedelta(minutes=number), f"{number:05}-AAAAA"
    yield Received(
        id=case, seq=1, at=at, day=day, category="delivery", channel="web", locale="zh-CN",
        product=product, policy_version=1,
    )  # fmt: skip
    yield Checked(id=case, seq=2, at=at, day=day, carrier="顺丰速运")


def come_in(monday: date, *counts: int, product: str = "电热水壶") -> list[str]:
    """So many on each day of a week, which is closed then; their numbers."""
    made: list[Line] = []
    for n, number in enumerate(counts):
        day = monday + n * DAY
        made += [line for one in range(number) for line in received(day.toordinal() % 1000 * 100 + one, day, product)]
    lines.put(made, 1, 1095)
    for n in range(7):
        days.close_day(monday + n * DAY)
    return [line.id for line in made if line.kind == "received"]


def alerts(role: str) -> list[str]:
    return [text for subject, text in told(role) if "rising" in subject]


def test_what_has_more_than_usual_is_told_to_quality_and_management_with_its_complaints(house: House, room: Mailroom):
    come_in(MONDAY, 0, 1)
    make(morning_after(MONDAY), [LOOK])
    cases = come_in(MONDAY + WEEK, 3, 2, 4)
    make(morning_after(MONDAY + WEEK), [LOOK])
    room.settle()
    (text,) = alerts("quality")
    assert alerts("management") == [text]
    assert "同一商品：自2026年9月14日（星期一）起9件，平时每周1.5件" in text
    assert "同一承运方：" in text
    assert [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")] == [*cases, *cases]
    assert [typed for typed in ("电热水壶", "顺丰") if typed in text] == []
    assert alerts("customer_service") == []


def test_what_is_usual_is_said_in_whole_complaints_where_it_is_less_than_one(house: House, room: Mailroom):
    come_in(MONDAY, 9)
    make(morning_after(MONDAY), [LOOK])
    room.settle()
    (text,) = alerts("quality")
    assert "起9件，平时每周不到1件" in text


def test_it_is_told_once_however_often_the_hour_strikes_and_the_round_is_made(house: House, room: Mailroom):
    come_in(MONDAY, 9)
    for _ in range(2):
        rising.look(morning_after(MONDAY), morning_after(MONDAY))
        make(morning_after(MONDAY), [LOOK])
    come_in(MONDAY + WEEK, 1)
    make(morning_after(MONDAY + WEEK), [LOOK])
    room.settle()
    assert len(alerts("quality")) == len(alerts("management")) == 1


def test_a_quiet_week_tells_nobody(house: House, room: Mailroom):
    come_in(MONDAY, 1, 0, 1)
    assert make(morning_after(MONDAY), [LOOK]) == {"rising": 1}
    room.settle()
    assert alerts("quality") == alerts("management") == []


def test_days_that_nobody_has_closed_yet_are_closed_first(house: House, room: Mailroom):
    lines.put([line for n in range(9) for line in received(n, MONDAY, "电热水壶")], 1, 1095)
    make(morning_after(MONDAY), [LOOK])
    room.settle()
    assert len(alerts("quality")) == 1


def test_weeks_that_were_missed_are_made_up_in_order_with_what_was_found_before(house: House, room: Mailroom):
    """Five a week of what had none are found in the second week; nobody looked in three."""
    other = "保温杯"
    come_in(MONDAY, 1, product=other)
    make(morning_after(MONDAY), [LOOK])
    for n, a_day in enumerate((1, 1, 0), 1):
        come_in(MONDAY + n * WEEK, *[a_day] * 5)
    assert make(morning_after(MONDAY + 3 * WEEK, days_later=1), [LOOK]) == {"rising": 3}
    room.settle()
    [alarm] = [one for one in rising.kept(MONDAY + 2 * WEEK).alarms if one.watched == "product"]
    assert (alarm.since, alarm.number, len(alarm.cases)) == (MONDAY + WEEK, 10, 10)
    assert len(alerts("quality")) == 1


def test_what_was_found_stays_when_a_line_comes_late(house: House, room: Mailroom):
    come_in(MONDAY, 9)
    make(morning_after(MONDAY), [LOOK])
    found = rising.kept(MONDAY)
    lines.put([*received(99, MONDAY, "电热水壶")], 1, 1095)
    days.close_day(MONDAY)
    rising.look(morning_after(MONDAY), morning_after(MONDAY) + timedelta(hours=2))
    assert rising.kept(MONDAY) == found


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_over_it_is_made_up_for(house: House, room: Mailroom, moment: str):
    come_in(MONDAY, 9)
    for number in count():
        try:
            with house.killed_at(number, moment):
                make(morning_after(MONDAY), [LOOK])
        except Killed:
            continue
        break
    room.settle()
    assert len(alerts("quality")) == len(alerts("management")) == 1
