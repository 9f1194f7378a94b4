"""Whoever works here no more has no complaints, gets no mail and is charged with nothing; who is away has no turn."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

import app
from chalicelib.adapters import roster
from chalicelib.casework.ring import ring
from chalicelib.log import Failed
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.hearing import hearing
from tests.house import FRIDAY, PLAN, REPORT, House, Killed, refused

from .mailroom import Mailroom, mails_to, notices, plain, refusing, told
from .streams import run

CHEN = "cs.chen@staff.example"
OUT: dict[str, Callable[[House, str], None]] = {
    "disabled": House.disable,
    "not in the group": House.move_out,
    "deleted": House.dismiss,
}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def of_chen(house: House, room: Mailroom, many: int = 1) -> list[str]:
    """Complaints that 陈 has; whoever else could have them is off duty."""
    house.take_off_duty("cs.lin", "cs.lead")
    numbers = [house.file(order_number=f"E{n}")["complaint_id"] for n in range(many)]
    room.settle()
    assert {holder(house, one) for one in numbers} == {"cs.chen"}
    return numbers


def holder(house: House, number: str) -> Any:
    return house.get(f"/v1/complaints/{number}", "cs.lin").json["assignee"]


def rounds(house: House) -> dict[str, int]:
    """An hour later the rounds are made."""
    house.pass_time(hours=1)
    made: dict[str, int] = app.rounds(scheduled_event("rounds", REGION, house.now), None)
    return made


def entries(house: House, number: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = house.get(f"/v1/complaints/{number}/timeline?limit=100", "cs.lin").json["items"]
    return items


@pytest.mark.parametrize("out", OUT.values(), ids=OUT)
def test_what_somebody_had_who_left_is_back_in_the_queue_within_the_hour(
    house: House, room: Mailroom, out: Callable[[House, str], None]
):
    numbers = of_chen(house, room, 3)
    out(house, "cs.chen")
    rounds(house)
    room.settle()
    assert {holder(house, one) for one in numbers} == {None}
    last = entries(house, numbers[0])[-1]
    assert (last["type"], last["actor"]["id"], last["details"]) == ("ComplaintReturned", "house", {"why": "left"})
    rounds(house)
    assert len([one for one in entries(house, numbers[0]) if one["type"] == "ComplaintReturned"]) == 1


def test_and_the_next_in_turn_on_duty_has_it(house: House, room: Mailroom):
    house.take_off_duty("cs.lead")
    numbers = [house.file(order_number=f"E{n}")["complaint_id"] for n in range(2)]
    room.settle()
    theirs = next(one for one in numbers if holder(house, one) == "cs.chen")
    house.disable("cs.chen")
    rounds(house)
    room.settle()
    assert holder(house, theirs) == "cs.lin"


def test_the_supervisor_is_told_once_of_all_that_somebody_had(house: House, room: Mailroom):
    numbers = of_chen(house, room, 12)
    house.disable("cs.chen")
    rounds(house)
    rounds(house)
    room.settle()
    ((subject, text),) = [one for one in told("supervisor") if "returned" in one[0]]
    assert subject == "[Redress] returned house"
    assert "cs.chen：12件" in text
    assert len([number for number in numbers if number in text]) == 10
    assert "另有2件未列出" in text


@pytest.mark.parametrize("code", ["InternalErrorException", "TooManyRequestsException", "ResourceNotFoundException"])
def test_a_pool_that_does_not_answer_says_of_nobody_that_they_left(house: House, room: Mailroom, code: str):
    (number,) = of_chen(house, room)
    roster.forget()
    with house.interfering(refusing("cognito-idp", code, "down")), pytest.raises(Failed):
        rounds(house)
    room.settle()
    assert holder(house, number) == "cs.chen"
    assert [one for one in told("supervisor") if "returned" in one[0]] == []


def test_nor_does_one_that_knows_nobody_at_all(house: House, room: Mailroom):
    (number,) = of_chen(house, room)
    for name in ("cs.lin", "cs.chen", "cs.lead"):
        house.move_out(name)
    with hearing() as heard, pytest.raises(Failed):
        rounds(house)
    assert [line["round"] for line in heard.about("a round failed")] == ["leavers"]
    assert holder(house, number) == "cs.chen"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_dies_while_taking_back_leaves_nothing_untaken_and_nothing_untold(
    house: House, room: Mailroom, moment: str
):
    numbers = of_chen(house, room, 2)
    house.disable("cs.chen")
    house.pass_time(hours=1)
    for number in count():
        try:
            with house.killed_at(number, moment):
                app.rounds(scheduled_event("rounds", REGION, house.now), None)
        except Killed:
            continue
        break
    room.settle()
    for one in numbers:
        assert [entry["type"] for entry in entries(house, one)].count("ComplaintReturned") == 1
    ((_, text),) = [one for one in told("supervisor") if "returned" in one[0]]
    assert "cs.chen：2件" in text


@pytest.mark.parametrize("out", OUT.values(), ids=OUT)
def test_who_left_gets_no_mail_of_complaints(house: House, room: Mailroom, out: Callable[[House, str], None]):
    (number,) = of_chen(house, room)
    sent = len(mails_to(CHEN))
    out(house, "cs.chen")
    house.do(number, "acknowledgement", {}, "cs.lin")
    house.do(number, "investigation-report", REPORT, "cs.lin")
    house.do(number, "resolution-plan", PLAN, "cs.lin")
    house.do(number, "feedback", {"satisfied": False, "opinion": "不够"}, "cs.lin")
    room.settle()
    assert len(mails_to(CHEN)) == sent
    assert ("assignee", "objection", "nobody") in notices(house, number)


def test_who_left_cannot_be_given_a_complaint_and_the_refusal_says_why(house: House):
    number = house.file()["complaint_id"]
    house.disable("cs.chen")
    body = refused(house.do(number, "assignment", {"assignee": "cs.chen"}), 422, "invalid", field="assignee")
    assert body["errors"][0]["code"] == "cannot_have_complaints"


def test_who_left_has_no_turn(house: House, room: Mailroom):
    house.take_off_duty("cs.lead")
    house.disable("cs.chen")
    numbers = [house.file(order_number=f"E{n}")["complaint_id"] for n in range(2)]
    room.settle()
    assert {holder(house, one) for one in numbers} == {"cs.lin"}


@pytest.mark.parametrize(("here", "held_by"), [(True, "cs.chen"), (False, "customer_service")])
def test_who_left_is_not_charged_with_what_falls_due_before_it_was_taken_back(
    house: House, room: Mailroom, here: bool, held_by: str
):
    """The rounds rest at night, when most is due: the clock asks who works here before it charges anybody."""
    (number,) = of_chen(house, room)
    if not here:
        house.disable("cs.chen")
    house.now = FRIDAY + timedelta(hours=24)
    ring(number, house.now)
    (breach,) = house.get(f"/v1/complaints/{number}", "cs.lin").json["breaches"]
    assert breach["held_by"] == held_by


def test_what_falls_due_after_it_was_taken_back_is_the_departments(house: House, room: Mailroom):
    (number,) = of_chen(house, room)
    house.disable("cs.chen")
    rounds(house)
    house.now = FRIDAY + timedelta(hours=24)
    ring(number, house.now)
    (breach,) = house.get(f"/v1/complaints/{number}", "cs.lin").json["breaches"]
    assert breach["held_by"] == "customer_service"


def test_a_pool_that_does_not_answer_stops_no_clock_and_acquits_nobody(house: House, room: Mailroom):
    (number,) = of_chen(house, room)
    house.now = FRIDAY + timedelta(hours=24)
    with house.interfering(refusing("cognito-idp", "InternalErrorException", "down")), hearing() as heard:
        ring(number, house.now)
    (breach,) = house.get(f"/v1/complaints/{number}", "cs.lin").json["breaches"]
    assert breach["held_by"] == "cs.chen"
    assert len(heard.about("the user pool did not say who works here")) == 1


def test_a_complaint_can_be_given_back_to_nobody_and_is_not_handed_out_again_by_itself(house: House, room: Mailroom):
    number = house.file()["complaint_id"]
    filed = room.records()
    assert run(app.react, filed) == []
    room.settle()
    assert holder(house, number) is not None
    answer = house.do(number, "assignment", {"assignee": None}, "cs.lead")
    assert (answer.status, answer.json["assignee"]) == (200, None)
    assert run(app.react, filed) == [], "the stream brings it twice"
    room.settle()
    assert holder(house, number) is None
    assert entries(house, number)[-1]["details"] == {"why": "given_back"}
    assert number in [one["complaint_id"] for one in house.get("/v1/complaints", "cs.lin").json["items"]]
    refused(house.do(number, "assignment", {}, "cs.lead"), 422, "invalid", field="assignee")


# ---- absence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "in_turn"),
    [
        ("2026-10-09", False),
        ("2026-10-01/2026-10-09", False),
        ("2026-09-01, 2026-10-09/2026-10-12", False),
        ("2026-10-10/2026-10-12", True),
        ("2026-10-01/2026-10-08", True),
        ("", True),
    ],
)
def test_whoever_is_absent_today_has_no_turn_and_both_ends_count(
    house: House, room: Mailroom, days: str, in_turn: bool
):
    house.take_off_duty("cs.lin", "cs.lead")
    house.send_away("cs.chen", days)
    number = house.file()["complaint_id"]
    room.settle()
    assert holder(house, number) == ("cs.chen" if in_turn else None)


def test_a_day_of_absence_is_one_of_china(house: House, room: Mailroom):
    house.take_off_duty("cs.lin", "cs.lead")
    house.send_away("cs.chen", "2026-10-10")
    house.now = FRIDAY.replace(hour=16)  # midnight in Shanghai
    number = house.file()["complaint_id"]
    room.settle()
    assert holder(house, number) is None


def test_what_somebody_has_who_is_absent_stays_with_them_and_mail_reaches_them(house: House, room: Mailroom):
    (number,) = of_chen(house, room)
    house.send_away("cs.chen", "2026-10-09/2026-10-20")
    rounds(house)
    room.settle()
    sent = len(mails_to(CHEN))
    house.now = FRIDAY + timedelta(hours=20)
    ring(number, house.now)
    room.settle()
    assert holder(house, number) == "cs.chen"
    assert len(mails_to(CHEN)) == sent + 1
    assert number in plain(mails_to(CHEN)[-1])
    assert [one for one in told("customer_service") if "reminder" in one[0]], "colleagues read it too"


@pytest.mark.parametrize("days", ["next week", "2026-10-12/2026-10-01", "2026-10-09/", "9.10.2026", "2026-13-01", ","])
def test_dates_of_absence_that_cannot_be_read_are_none_and_stand_in_the_log(house: House, room: Mailroom, days: str):
    house.take_off_duty("cs.lin", "cs.lead")
    house.send_away("cs.chen", days)
    number = house.file()["complaint_id"]
    with hearing() as heard:
        room.settle()
    assert holder(house, number) == "cs.chen"
    (line, *_) = heard.about("dates of absence cannot be read")
    assert line["member"] == "cs.chen"
    assert line.keys() == {"level", "what", "member"}, "not what was written"
