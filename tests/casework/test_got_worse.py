"""Each Monday at eight the supervisors are told what got worse, once, by the week's report."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import lines
from chalicelib.casework import compute, got_worse
from chalicelib.casework.rounds import Round, make
from chalicelib.domain.policy import timetable
from chalicelib.domain.policy.timetable import When
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.lines import Received
from tests.house import House

from .mailroom import Mailroom, told

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 10, 5)
WEEK = timedelta(weeks=1)
REPORT = Round("weekly report", When(timetable.mondays, (time(8),)), compute.weekly, "each")
TELL = Round("got worse", When(timetable.mondays, (time(8),)), got_worse.tell, "latest")


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def eight(monday: date, hours_later: int = 0) -> datetime:
    return datetime.combine(monday, time(8 + hours_later), SHANGHAI)


def come_in(monday: date, number: int) -> None:
    """So many complaints on the Tuesday of a week."""
    at = datetime.combine(monday + timedelta(days=1), time(4), UTC)
    case = {"at": at, "day": at.date(), "category": "delivery", "channel": "web", "locale": "zh-CN"}
    lines.put(
        [Received(id=f"{monday:%m%d}{n:03}", seq=1, policy_version=1, **case) for n in range(number)],  # type: ignore[arg-type]
        1,
        1095,
    )


def letters(house: House, room: Mailroom) -> list[tuple[str, str]]:
    room.settle()
    return [one for one in told("supervisor") if "got_worse" in one[0]]


def test_supervisors_are_told_what_got_worse_since_the_week_before_once(house: House, room: Mailroom):
    come_in(MONDAY, 5)
    come_in(MONDAY + WEEK, 12)
    for monday in (MONDAY + WEEK, MONDAY + 2 * WEEK):
        make(eight(monday), [REPORT])
    for later in range(3):
        make(eight(MONDAY + 2 * WEEK, later), [REPORT, TELL])
    ((_, text),) = letters(house, room)
    assert "2026年10月12日（星期一）至2026年10月18日（星期日），与前一周相比：" in text.splitlines()
    assert f"- {definitions('zh-CN')['M01'].name}：12（n=12），前一周5（n=5）" in text.splitlines()
    assert "周报report_weekly-2026-W42-1" in text


def test_where_nothing_got_worse_that_is_said(house: House, room: Mailroom):
    come_in(MONDAY, 12)
    come_in(MONDAY + WEEK, 5)
    for monday in (MONDAY + WEEK, MONDAY + 2 * WEEK):
        make(eight(monday), [REPORT])
    make(eight(MONDAY + 2 * WEEK), [TELL])
    ((_, text),) = letters(house, room)
    assert "可以比较的指标都没有变差。" in text


def test_as_long_as_the_report_is_not_there_it_is_waited_for_and_a_missed_monday_is_made_up(
    house: House, room: Mailroom
):
    come_in(MONDAY, 5)
    with pytest.raises(RuntimeError, match="week of 2026-10-05 is not there yet"):
        make(eight(MONDAY + WEEK), [TELL])
    make(eight(MONDAY + WEEK + timedelta(days=2)), [REPORT, TELL])
    assert len(letters(house, room)) == 1
