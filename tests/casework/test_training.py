"""6.2: each working morning the training list has whom the rules name, they are told, and nobody twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import lines, roster, store
from chalicelib.adapters import training as trainings
from chalicelib.casework import days, training
from chalicelib.casework.rounds import ROUNDS, make
from chalicelib.domain.supervision.recent import Counted
from tests.domain.supervision.test_training import low
from tests.house import House, refused

from .mailroom import Mailroom, mails_to, plain, told
from .test_study import HERE, studied

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNINGS = [one for one in ROUNDS if one.name in ("study", "training")]
CHEN, PATH = "cs.chen", "/v1/training"
NOTE = {"note": "与主管复盘了两通电话。"}


@pytest.fixture
def room(house: House) -> Mailroom:
    """A small house, in which everybody has studied the policy."""
    from infra.local.staff import STAFF

    for name in STAFF.keys() - HERE.keys():
        house.dismiss(name)
    for name, groups in HERE.items():
        studied(name, 1, *groups)
        studied(name, 2, *groups)
    return Mailroom(house)


def morning(house: House, room: Mailroom, day: int, month: int = 10) -> None:
    house.now = datetime(2026, month, day, 8, tzinfo=SHANGHAI)
    roster.forget()
    make(house.now, MORNINGS)
    room.settle()


def two_low_answers(day: date) -> None:
    lines.put([line for number in (1, 2) for line in low(number, day)], 1, 1095)
    days.close_day(day)


def subjects(name: str) -> list[str]:
    return [str(one["subject"]) for one in mails_to(f"{name}@staff.example") if "培训" in one["subject"]]


def test_who_is_on_the_list_is_told_why_reminded_and_named_to_the_supervisor_when_it_is_late(
    house: House, room: Mailroom
):
    two_low_answers(date(2026, 10, 12))
    morning(house, room, 13)
    morning(house, room, 14)
    assert subjects(CHEN) == ["【培训安排】请完成以下培训"]
    assert "- 与消费者沟通：2026年11月10日（星期二）24:00前" in plain(mails_to("cs.chen@staff.example")[-1])
    [one] = house.get(PATH, CHEN).json["items"]
    assert [(it["what"], it["of"]) for it in one["evidence"]] == [
        ("low_answer", "00001-AAAAA"),
        ("low_answer", "00002-AAAAA"),
    ]
    for day in (5, 9):
        morning(house, room, day, 11)
    assert subjects(CHEN) == ["【培训安排】请完成以下培训", *["【到期提醒】培训尚未完成"] * 2]
    for day in (11, 12):
        morning(house, room, day, 11)
    ((_, text),) = [one for one in told("supervisor") if "training_late" in one[0]]
    assert "- cs.chen：与消费者沟通，2026年11月10日（星期二）24:00到期" in text
    assert len(subjects(CHEN)) == 3


def test_what_is_done_is_confirmed_by_the_supervisor_and_sixty_days_later_its_effect_is_seen(
    house: House, room: Mailroom
):
    two_low_answers(date(2026, 10, 12))
    morning(house, room, 13)
    [one] = house.get(PATH, CHEN).json["items"]
    path = f"{PATH}/{CHEN}/{one['id']}/completion"
    house.pass_time(hours=1)
    refused(house.post(path, NOTE, "cs.lin"), 403, "forbidden")
    first, again = (house.post(path, NOTE, CHEN, idempotency_key="k1") for _ in range(2))
    assert (first.json["state"], first.json["version"]) == ("done", 2)
    assert (again.json["state"], again.json["version"]) == ("done", 2)
    morning(house, room, 14)
    assert any("training_to_confirm" in subject for subject, _ in told("supervisor"))
    assert house.post(path, {"note": "已核实。"}, "cs.lead").json["state"] == "confirmed"
    for day in (11, 14):
        morning(house, room, day, 12)
    [one] = house.get(PATH, CHEN).json["items"]
    assert one["effect"]["counted"] == {"answers": 0, "conduct": 0, "missed": 0}
    assert one["before"] == {"answers": 2, "conduct": 2, "missed": 0}
    assert (one["effect"]["first"], one["effect"]["last"]) == ("2026-10-14", "2026-12-12")


def test_one_sees_ones_own_and_only_four_see_everybodys_by_name(house: House, room: Mailroom):
    two_low_answers(date(2026, 10, 12))
    morning(house, room, 13)
    assert house.get(PATH, "cs.lin").json["items"] == []
    for query in ("?person=cs.chen", "?everybody=true"):
        assert refused(house.get(PATH + query, "cs.lin"), 403, "forbidden")["reason"] == "role_not_open"
        assert [one["person"] for one in house.get(PATH + query, "cs.lead").json["items"]] == [CHEN]


def test_whoever_has_not_studied_in_time_is_on_the_list_until_the_quiz_is_passed(house: House, room: Mailroom):
    house.hire("quality.new")
    morning(house, room, 12)
    assert list(trainings.listed("quality.new")) == []
    morning(house, room, 20)
    [one] = trainings.listed("quality.new")
    assert (one.topic, [it.what for it in one.evidence]) == ("policy", ["version_unread"] * len(one.evidence))
    path = f"{PATH}/quality.new/{one.id}/completion"
    assert refused(house.post(path, NOTE, "cs.lead"), 409, "not_allowed")["reason"] == "training_by_quiz"
    for evidence in one.evidence:
        studied("quality.new", int(evidence.of), "quality", "customer_service")
    morning(house, room, 21)
    [one] = trainings.listed("quality.new")
    assert (one.state, one.confirmed_by) == ("confirmed", "house")


def test_who_comes_into_customer_service_is_accompanied_and_who_was_here_before_is_not(house: House, room: Mailroom):
    morning(house, room, 12)
    house.hire("cs.new")
    morning(house, room, 13)
    assert [(one.person, one.topic) for one in trainings.listed()] == [("cs.new", "newcomer")]
    [one] = trainings.listed()
    path = f"{PATH}/cs.new/{one.id}/completion"
    closures = [house.bring_to("closed")["complaint_id"] for _ in range(3)]
    problem = refused(house.post(path, {**NOTE, "complaints": closures}, "cs.lead"), 422, "invalid")
    assert {fault["code"] for fault in problem["errors"]} == {"not_their_closure"}, "cs.lin proposed their plans"
    morning(house, room, 14)
    assert len(list(trainings.listed())) == 1


def test_a_morning_that_is_made_again_or_dies_gives_nothing_twice(house: House, room: Mailroom):
    two_low_answers(date(2026, 10, 12))
    morning(house, room, 12)
    house.now = datetime(2026, 10, 13, 8, tzinfo=SHANGHAI)
    assert max(house.deaths(lambda: make(house.now, MORNINGS), "after")) < 120
    store.set_mark("round training", "2026-10-01T00:00:00Z")
    make(house.now, MORNINGS)
    room.settle()
    assert subjects(CHEN) == ["【培训安排】请完成以下培训"]
    assert len(list(trainings.listed())) == 1


def test_who_left_is_reminded_of_nothing_and_on_no_list_of_who_is_late(house: House, room: Mailroom):
    two_low_answers(date(2026, 10, 12))
    morning(house, room, 13)
    house.dismiss(CHEN)
    for day in (5, 11):
        morning(house, room, day, 11)
    assert subjects(CHEN) == ["【培训安排】请完成以下培训"]
    assert [one for one in told("supervisor") if "training_late" in one[0]] == []


def test_what_a_hearing_decides_is_given_once(house: House, room: Mailroom):
    morning(house, room, 12)
    decided = house.now + timedelta(hours=3)
    for _ in range(2):
        training.give_decided(CHEN, "7K2M9-XD4FQ", 1, decided, decided)
    [one] = trainings.listed()
    assert one.before is None
    morning(house, room, 13)
    [one] = trainings.listed()
    assert one.before == Counted()
    assert (one.id, one.topic, one.evidence[0].of) == ("accountability-7K2M9-XD4FQ-1", "accountability", "7K2M9-XD4FQ")
    assert subjects(CHEN) == ["【培训安排】请完成以下培训"]
