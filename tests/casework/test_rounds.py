"""What is done regularly is done once each, is made up when it was missed, and keeps no other when it fails."""

from datetime import date, datetime, time
from itertools import count
from zoneinfo import ZoneInfo

import pytest

import app
from chalicelib.adapters import figures, store
from chalicelib.casework import rules
from chalicelib.casework.rounds import ROUNDS, Round, make
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.policy import timetable, versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.timetable import When
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.hearing import hearing
from tests.house import House, Killed
from tests.published import publish

from . import mailroom
from .mailroom import Mailroom

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNINGS = When(timetable.every_working_day, (time(8),))


def china(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


class Diary:
    """What was done, by the occasion it was for: as rounds are to be, under a key, so that twice is once."""

    def __init__(self) -> None:
        self.written: list[datetime] = []

    def write(self, occasion: datetime, now: datetime) -> None:
        if occasion not in self.written:
            self.written.append(occasion)

    @property
    def days(self) -> list[int]:
        return [one.astimezone(SHANGHAI).day for one in self.written]


def reports(diary: Diary) -> Round:
    return Round("reports", MORNINGS, diary.write, "each")


def digests(diary: Diary) -> Round:
    return Round("digests", MORNINGS, diary.write, "latest")


def fails(occasion: datetime, now: datetime) -> None:
    raise ConnectionError("it is down")


def test_each_is_made_once_however_often_the_hour_strikes(house: House):
    diary = Diary()
    for hour in range(8, 21):
        make(china(10, 9, hour), [digests(diary)])
        make(china(10, 9, hour), [digests(diary)])
    assert diary.days == [9]
    assert make(china(10, 10), [digests(diary)]) == {"digests": 1}
    assert make(china(10, 11), [digests(diary)]) == {"digests": 0}, "Sunday"


def test_what_was_never_made_begins_with_the_latest(house: House):
    for kind in (reports, digests):
        diary = Diary()
        make(china(10, 9, 15), [kind(diary)])
        assert diary.days == [9]


def test_after_thirty_days_of_silence_each_report_is_made_up_in_order(house: House):
    diary = Diary()
    make(china(10, 9), [reports(diary)])
    make(china(11, 9), [reports(diary)])
    assert diary.days == [9, 10, *range(12, 17), *range(19, 24), *range(26, 31), *range(2, 7), 9]
    assert diary.written == sorted(diary.written)


def test_and_of_what_is_told_of_today_only_the_latest(house: House):
    diary = Diary()
    make(china(10, 9), [digests(diary)])
    make(china(11, 9), [digests(diary)])
    assert diary.days == [9, 9]


def test_one_that_fails_keeps_no_other_and_is_come_back_to(house: House):
    first, last = Diary(), Diary()
    rows = [reports(first), Round("broken", MORNINGS, fails, "each"), digests(last)]
    with hearing() as heard, pytest.raises(ConnectionError):
        make(china(10, 9), rows)
    assert (first.days, last.days) == ([9], [9])
    assert [line["round"] for line in heard.about("a round failed")] == ["broken"]
    mended = Diary()
    rows[1] = Round("broken", MORNINGS, mended.write, "each")
    assert make(china(10, 10), rows) == {"reports": 1, "broken": 1, "digests": 1}
    assert mended.days == [10], "it was never made: it begins with the latest"


def test_a_report_that_fails_is_not_left_out(house: House):
    diary = Diary()
    make(china(10, 9), [reports(diary)])
    with pytest.raises(ConnectionError):
        make(china(10, 12), [Round("reports", MORNINGS, fails, "each")])
    make(china(10, 13), [reports(diary)])
    assert diary.days == [9, 10, 12, 13]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(8))
def test_whoever_dies_at_any_call_is_made_up_for(house: House, number: int, moment: str):
    diary, other = Diary(), Diary()
    make(china(10, 9), [reports(diary), digests(other)])
    rules.forget()
    try:
        with house.killed_at(number, moment):
            make(china(10, 12), [reports(diary), digests(other)])
    except Killed:
        make(china(10, 12, 9), [reports(diary), digests(other)])
    assert (diary.days, other.days) == ([9, 10, 12], [9, 12])


def test_two_at_once_do_it_once(house: House):
    diary = Diary()

    def meanwhile(occasion: datetime, now: datetime) -> None:
        assert make(now, [reports(diary)]) == {"reports": 1}
        diary.write(occasion, now)

    assert make(china(10, 9), [Round("reports", MORNINGS, meanwhile, "each")]) == {"reports": 1}
    assert make(china(10, 9, 9), [reports(diary)]) == {"reports": 0}
    assert diary.days == [9]


@pytest.mark.parametrize(("hour", "minute", "made"), [(21, 0, 1), (21, 1, 0), (23, 0, 0), (7, 59, 0), (8, 0, 1)])
def test_rounds_are_made_while_people_are_awake(house: House, hour: int, minute: int, made: int):
    assert make(china(10, 10, hour, minute), [digests(Diary())]) == {"digests": made}


def test_what_tells_nobody_may_be_made_by_night(house: House):
    diary = Diary()
    make(china(10, 10, 3), [reports(diary)._replace(by_night=True)])
    assert diary.days == [9]


# ---- the rows themselves -------------------------------------------------------------------------------------------


def hour_strikes(house: House) -> dict[str, int]:
    return dict(app.rounds(scheduled_event("rounds", REGION, house.now), None))


def test_names_are_marks_and_so_differ():
    assert len({one.name for one in ROUNDS}) == len(ROUNDS)


def test_a_house_that_begins_within_a_week_has_no_time_before_it(house: House):
    assert hour_strikes(house).items() >= {"daily report": 1, "weekly report": 1, "got worse": 1}.items()
    assert figures.first_closed_day() == date(2026, 10, 8), "no day is closed that it has not had"
    reports = [house.get(f"/v1/reports?kind={kind}", "cs.lead").json["items"] for kind in ("weekly", "monthly")]
    assert reports == [[], []]


def test_a_missed_digest_is_told_the_same_day_and_not_on_another(house: House):
    house.file()
    for now, subjects in ((china(10, 9, 15), 1), (china(10, 11, 9), 1), (china(10, 12, 9), 2)):
        house.now = now
        hour_strikes(house)
        Mailroom(house).settle()
        assert len([one for one, _ in mailroom.told("quality") if "digest" in one]) == subjects, now


def test_nobody_is_told_at_night(house: House):
    house.file()
    house.now = china(10, 10, 2)
    assert hour_strikes(house).items() >= {"digest": 0, "calendar": 0, "leavers": 0, "recount": 1}.items()
    assert [item for item in house.items() if item["sk"]["S"].startswith("NOTICE#")] == []


def test_a_storm_closure_that_is_published_moves_what_is_due_within_three_hours(house: House):
    number = house.bring_to("investigating")["complaint_id"]
    hour_strikes(house)
    off = {"version": 2, "effective_from": house.now + rules.AHEAD, "extra_holidays": ("2026-10-12",)}
    publish(Operating.model_validate(dict(versions.packaged(Operating)[1]) | off), house.now)
    house.now = china(10, 9, 17)
    hour_strikes(house)
    deadline = house.get(f"/v1/complaints/{number}", "cs.lin").json["deadline"]
    assert deadline["due_at"] == "2026-10-14T16:00:00Z"
    case = store.load_with_entries(number, Complaint)
    assert case is not None
    assert case.entries[-1].data["clock"]["operating"] == 2


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_on_the_rounds_of_the_house_leaves_nothing_undone(house: House, moment: str):
    house.file()
    house.now = china(10, 10, 9)
    for number in count():
        rules.forget()
        try:
            with house.killed_at(number, moment):
                hour_strikes(house)
        except Killed:
            continue
        break
    Mailroom(house).settle()
    for department in ("customer_service", "quality", "logistics", "legal"):
        assert len([one for one, _ in mailroom.told(department) if "digest" in one]) == 1
    assert store.mark("round recount") == "2026-10-10T00:00:00Z"


def test_an_hour_in_which_nothing_is_due_costs_a_look_at_the_marks_and_at_who_has_what(house: House):
    house.now = china(10, 10, 9)
    hour_strikes(house)
    house.now = china(10, 10, 10)
    with house.counting() as calls:
        assert hour_strikes(house).items() >= {"digest": 0, "calendar": 0, "leavers": 1, "recount": 0}.items()
    policies, open_stages = 1, 4
    queries = ["dynamodb:Query"] * (policies + open_stages)
    assert sorted(calls) == ["dynamodb:BatchGetItem", "dynamodb:PutItem", *queries], "nobody has anything"
