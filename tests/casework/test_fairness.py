"""Another person decides what was rejected, and nobody has a complaint that they are named in (3.3, 5.1)."""

from typing import Any

import pytest

import app
from tests.examples import REJECTION
from tests.hearing import hearing
from tests.house import House, refused

from .mailroom import Mailroom, mails_to, notices, plain, told
from .streams import run
from .test_accidents import MOMENTS, whole

REQUEST = {"reason": "请换一位负责人重新看一下。"}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def view(house: House, number: str) -> dict[str, Any]:
    found: dict[str, Any] = house.get(f"/v1/complaints/{number}", "cs.lin").json
    return found


def types(house: House, number: str) -> list[str]:
    page = house.get(f"/v1/complaints/{number}/timeline?limit=100", "cs.lin").json
    return [entry["type"] for entry in page["items"]]


def rejected(house: House, room: Mailroom, *proposers: str) -> dict[str, Any]:
    """A complaint whose plans these members proposed, the last of which rejects; who has it is `cs.lin`."""
    receipt = house.bring_to("planning")
    number = receipt["complaint_id"]
    room.settle()
    assert house.do(number, "assignment", {"assignee": "cs.lin"}).status == 200
    for again, who in enumerate(proposers):
        if again:
            assert house.do(number, "feedback", {"satisfied": False, "opinion": "不够"}).status == 200
        assert house.do(number, "resolution-plan", REJECTION, who).status == 200
    room.settle()
    return receipt


def ask(house: House, receipt: dict[str, Any], **more: Any) -> Any:
    return house.post(
        f"/v1/complaints/{receipt['complaint_id']}/review-request", REQUEST, token=receipt["consumer_token"], **more
    )


# ---- by turn ---------------------------------------------------------------------------------------------------------


def test_a_review_goes_in_turn_to_somebody_who_proposed_none_of_its_plans(house: House, room: Mailroom):
    receipt = rejected(house, room, "cs.lin", "cs.chen")
    assert ask(house, receipt).status == 200
    number = receipt["complaint_id"]
    assert view(house, number)["assignee"] is None
    room.settle()
    assert view(house, number)["assignee"] == "cs.lead"
    assert types(house, number)[-3:] == ["ReviewRequested", "ComplaintReturned", "ComplaintAssigned"]
    assert ("assignee", "assigned", "sent") in notices(house, number)
    assert [one for one in told("customer_service") if "objection" in one[0]]


def test_where_each_on_duty_proposed_one_it_is_given_to_nobody_and_the_supervisor_is_told(house: House, room: Mailroom):
    house.take_off_duty("cs.lead")
    receipt = rejected(house, room, "cs.lin", "cs.chen")
    number = receipt["complaint_id"]
    assert ask(house, receipt).status == 200
    room.settle()
    found = view(house, number)
    assert (found["assignee"], found["left_to_supervisor_at"]) == (None, found["review_requested_at"])
    assert types(house, number)[-1] == "NobodyFound"
    assert ("supervisor", "nobody_to_give_to", "sent") in notices(house, number)
    assert house.do(number, "assignment", {"assignee": "cs.lead"}).status == 200
    assert view(house, number)["left_to_supervisor_at"] is None


def test_where_nobody_is_left_at_all_a_supervisor_takes_it_and_decides(house: House, room: Mailroom):
    receipt = rejected(house, room, "cs.lin", "cs.chen", "cs.lead")
    number = receipt["complaint_id"]
    assert ask(house, receipt).status == 200
    refused(house.do(number, "assignment", {"assignee": "cs.lead"}, "cs.lead"), 422, "invalid", field="assignee")
    room.settle()
    refused(house.do(number, "assignment", {"assignee": "cs.lead"}, "cs.chen"), 422, "invalid", field="assignee")
    refused(house.do(number, "resolution-plan", REJECTION, "cs.lead"), 409, "not_allowed")
    assert house.do(number, "assignment", {"assignee": "cs.lead"}, "cs.lead").status == 200
    said = {"text": "cs.lin和cs.chen都骂过我。"}
    assert house.post(f"/v1/complaints/{number}/information", said, token=receipt["consumer_token"]).status == 201
    room.settle()
    assert view(house, number)["assignee"] == "cs.lead", "who else is named is not given it, and takes it from nobody"
    assert house.do(number, "resolution-plan", REJECTION, "cs.lead").status == 200


@pytest.mark.parametrize("moment", MOMENTS)
def test_whoever_dies_over_it_leaves_it_to_one_person_in_the_end(house: House, room: Mailroom, moment: str):
    receipt = rejected(house, room, "cs.lin")
    number = receipt["complaint_id"]
    for _ in house.deaths(lambda: ask(house, receipt, Idempotency_Key="once"), moment):
        assert view(house, number)["round"] in (1, 2)
        whole(number)
    again = ask(house, receipt, Idempotency_Key="once")
    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")
    assert types(house, number).count("ReviewRequested") == 1
    refused(ask(house, receipt, Idempotency_Key="another"), 409, "not_allowed")
    records = room.records()
    for _ in house.deaths(lambda: run(app.react, records), moment):
        assert view(house, number)["assignee"] != "cs.lin"
    room.settle()
    assert view(house, number)["assignee"] in ("cs.chen", "cs.lead")
    assert types(house, number).count("ComplaintAssigned") - types(house, number).count("ComplaintReturned") == 2


@pytest.mark.parametrize("first", ["feedback", "review-request"])
def test_of_an_acceptance_and_a_review_at_once_both_are_recorded_or_the_later_is_refused(
    house: House, room: Mailroom, first: str
):
    receipt = rejected(house, room, "cs.lin")
    number = receipt["complaint_id"]
    accept = lambda: house.do(number, "feedback", {"satisfied": True}).status  # noqa: E731
    review = lambda: ask(house, receipt).status  # noqa: E731
    earlier, later = (accept, review) if first == "feedback" else (review, accept)
    statuses: list[int] = []
    with house.meanwhile(lambda: statuses.append(earlier())):
        statuses.append(later())
    assert statuses == ([200, 200] if first == "feedback" else [200, 409])
    assert view(house, number)["stage"] == "planning"
    whole(number)


def test_what_lapses_at_that_moment_is_reviewed_all_the_same(house: House, room: Mailroom):
    receipt = rejected(house, room, "cs.lin")
    house.pass_time(days=18)
    with house.meanwhile(room.sweep):
        assert ask(house, receipt).status == 200
    found = view(house, receipt["complaint_id"])
    assert (found["round"], found["stage"]) == (2, "planning")
    assert "ComplaintLapsed" in types(house, receipt["complaint_id"])


def test_the_consumer_of_a_merged_complaint_learns_that_the_other_is_open_again(house: House, room: Mailroom):
    first = rejected(house, room, "cs.lin")
    other = house.file(order_number="E20261009-0042")
    assert house.do(other["complaint_id"], "merger", {"into": first["complaint_id"]}).status == 200
    assert house.do(first["complaint_id"], "feedback", {"satisfied": True}).status == 200
    room.settle()
    assert ask(house, first).status == 200
    room.settle()
    assert types(house, other["complaint_id"])[-2:] == ["OtherClosed", "OtherReopened"]


def test_plan_and_closure_say_until_when_and_where_another_person_can_be_asked_for_and_no_more_once_one_was(
    house: House, room: Mailroom
):
    receipt = rejected(house, room, "cs.lin")
    (plan,) = (plain(mail) for mail in mails_to("wang@example.cn") if "处理方案" in str(mail["subject"]))
    assert "&round=1&answer=review" in plan
    assert "2026年10月26日（星期一）24:00前提出，投诉办结后15天内也可以提出" in plan
    assert house.do(receipt["complaint_id"], "feedback", {"satisfied": True}).status == 200
    room.settle()
    closure = plain(mails_to("wang@example.cn")[-1])
    assert "&round=1&answer=review" in closure
    assert ask(house, receipt).status == 200
    room.settle()
    number = receipt["complaint_id"]
    who = view(house, number)["assignee"]
    assert house.do(number, "resolution-plan", REJECTION, who).status == 200
    room.settle()
    again = plain(mails_to("wang@example.cn")[-1])
    assert "answer=object" in again
    assert "answer=review" not in again


# ---- who is named ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["客服cs.lin骂人", "那位林小燕骂人"])
def test_whoever_is_named_in_a_new_complaint_is_passed_over_and_not_given_it_by_hand(
    house: House, room: Mailroom, words: str
):
    house.call("cs.lin", "林小燕")
    numbers = [house.file(order_number=f"E{n}", description=words)["complaint_id"] for n in range(3)]
    room.settle()
    assert {view(house, one)["assignee"] for one in numbers} == {"cs.chen", "cs.lead"}
    assert view(house, numbers[0])["named"] == ["cs.lin"]
    answer = house.do(numbers[0], "assignment", {"assignee": "cs.lin"}, "cs.lead")
    body = refused(answer, 422, "invalid", field="assignee")
    assert body["errors"][0]["code"] == "named_in_it"


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        ("information", {"text": "cs.lin一直不回"}),
        ("feedback", {"satisfied": False, "opinion": "cs.lin一直不回"}),
    ],
)
def test_it_is_taken_from_whoever_the_consumer_names_later_and_goes_on_in_turn(
    house: House, room: Mailroom, resource: str, body: Any
):
    receipt = rejected(house, room, "cs.chen")
    number = receipt["complaint_id"]
    assert house.post(f"/v1/complaints/{number}/{resource}", body, token=receipt["consumer_token"]).status < 300
    room.settle()
    found = view(house, number)
    assert (found["named"], found["assignee"] in ("cs.chen", "cs.lead")) == (["cs.lin"], True)
    assert types(house, number)[-3:] == ["StaffNamed", "ComplaintReturned", "ComplaintAssigned"]
    room.seen.clear()
    room.settle()
    assert types(house, number).count("StaffNamed") == 1, "again: nothing"


def test_where_nobody_else_is_on_duty_it_stays_with_the_department_and_the_supervisor_is_told(
    house: House, room: Mailroom
):
    house.take_off_duty("cs.chen", "cs.lead")
    number = house.file(description="cs.lin骂人")["complaint_id"]
    room.settle()
    assert view(house, number)["assignee"] is None
    assert ("supervisor", "nobody_to_give_to", "sent") in notices(house, number)


def test_nobody_has_what_is_handled_together_with_a_complaint_that_names_them(house: House, room: Mailroom):
    house.take_off_duty("cs.chen", "cs.lead")
    first = house.file()["complaint_id"]
    room.settle()
    assert view(house, first)["assignee"] == "cs.lin"
    second = house.file(description="cs.lin骂人")["complaint_id"]
    assert house.do(second, "merger", {"into": first}).status == 200
    room.settle()
    assert view(house, first)["assignee"] is None
    refused(house.do(first, "assignment", {"assignee": "cs.lin"}, "cs.lead"), 422, "invalid", field="assignee")
    assert house.do(second, "merger", {"into": None}).status == 200
    room.settle()
    assert house.do(first, "assignment", {"assignee": "cs.lin"}, "cs.lead").status == 200


def test_who_was_named_as_the_consumer_took_it_back_does_not_have_it_when_it_is_reopened(house: House, room: Mailroom):
    house.take_off_duty("cs.chen", "cs.lead")
    receipt = house.file()
    number = receipt["complaint_id"]
    room.settle()
    assert house.do(number, "withdrawal", {"reason": "cs.lin骂人"}).status == 200
    room.settle()
    assert view(house, number)["assignee"] == "cs.lin"
    path, token = f"/v1/complaints/{number}/reopening", receipt["consumer_token"]
    assert house.post(path, {"reason": "还是没解决"}, token=token).status == 200
    room.settle()
    assert view(house, number)["assignee"] is None


def test_who_was_named_while_it_was_merged_does_not_have_it_when_that_is_undone(house: House, room: Mailroom):
    house.take_off_duty("cs.chen", "cs.lead")
    receipt, other = house.file(), house.file()
    number = receipt["complaint_id"]
    room.settle()
    assert view(house, number)["assignee"] == "cs.lin"
    assert house.do(number, "merger", {"into": other["complaint_id"]}).status == 200
    offered = {"file_name": "a.jpg", "content_type": "image/jpeg", "size": 9, "description": "cs.lin骂人的录音"}
    path = f"/v1/complaints/{number}/evidence"
    assert house.post(path, offered, token=receipt["consumer_token"]).status == 201
    room.settle()
    assert house.do(number, "merger", {"into": None}).status == 200
    room.settle()
    assert (view(house, number)["named"], view(house, number)["assignee"]) == (["cs.lin"], None)


@pytest.mark.parametrize("moment", MOMENTS)
def test_whoever_dies_over_a_name_leaves_it_known_once(house: House, room: Mailroom, moment: str):
    number = house.file(description="cs.lin骂人")["complaint_id"]
    records = room.records()
    for _ in house.deaths(lambda: run(app.react, records), moment):
        assert view(house, number)["assignee"] != "cs.lin"
    room.settle()
    assert types(house, number).count("StaffNamed") == types(house, number).count("ComplaintAssigned") == 1


def test_no_name_stands_in_the_log(house: House, room: Mailroom):
    house.call("cs.lin", "林小燕")
    with hearing() as heard:
        house.file(description="那位林小燕骂人")
        room.settle()
    assert heard.lines
    assert "林小燕" not in str(heard.lines)
