"""3.3: the consumer asks that another person decide what a plan rejected; a rejection shows what it rests on."""

from datetime import timedelta
from typing import Any

import pytest

from tests.examples import PLAN, REJECTION
from tests.house import House, refused

from .uploads import upload

REQUEST = {"reason": "请换一位负责人重新看一下。"}


def rejected(house: House, **plan: Any) -> dict[str, Any]:
    receipt = house.bring_to("planning")
    assert house.do(receipt["complaint_id"], "resolution-plan", REJECTION | plan).status == 200
    return receipt


def ask(house: House, receipt: dict[str, Any], body: Any = None, **more: Any) -> Any:
    path = f"/v1/complaints/{receipt['complaint_id']}/review-request"
    return house.post(path, REQUEST if body is None else body, token=receipt["consumer_token"], **more)


def seen(house: House, receipt: dict[str, Any]) -> dict[str, Any]:
    """The public view."""
    path = f"/v1/complaints/{receipt['complaint_id']}"
    found: dict[str, Any] = house.get(path, token=receipt["consumer_token"]).json
    return found


def test_it_is_answered_with_the_complaint_and_told_in_both_views(house: House) -> None:
    receipt = rejected(house)
    before = seen(house, receipt)
    assert before["review_until"] == before["deadline"]["due_at"]
    assert before["review_requested_at"] is None
    answer = ask(house, receipt)
    assert answer.status == 200
    public = answer.json
    assert (public["stage"], public["round"], public["review_until"]) == ("planning", 2, None)
    assert public["review_requested_at"] == "2026-10-09T07:40:00Z"
    assert public["deadline"]["due_at"] == "2026-10-15T16:00:00Z", "five working days, the 10th among them"
    (entry,) = [one for one in public["timeline"] if one["type"] == "ReviewRequested"]
    assert (entry["by"], entry["details"], entry["stage"]) == ("consumer", REQUEST, "planning")
    assert "cs.lin" not in answer.text
    staff = house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.chen").json
    assert staff["review_requested_at"] == public["review_requested_at"]
    assert staff["resolution_plans"][0]["proposed_by"] == "cs.lin"
    (given,) = staff["feedback"]
    assert (given["asks_for_review"], given["given_by"]) == (True, "consumer")
    assert (given["feedback"]["satisfied"], given["feedback"]["opinion"]) == (False, REQUEST["reason"])


def test_customer_service_asks_for_a_caller_and_nobody_else_does(house: House) -> None:
    number = rejected(house)["complaint_id"]
    for who in ("quality.he", "legal.xu", "management.zhou", "audit.qin"):
        refused(house.do(number, "review-request", REQUEST, who), 403, "forbidden")
    answer = house.do(number, "review-request", REQUEST, "cs.chen")
    assert (answer.status, answer.json["feedback"][0]["given_by"]) == (200, "staff")


def test_after_the_closure_by_that_plan_there_are_fifteen_days_to_the_second(house: House) -> None:
    receipt = rejected(house)
    house.do(receipt["complaint_id"], "feedback", {"satisfied": True})
    assert seen(house, receipt)["review_until"] == "2026-10-26T16:00:00Z"
    house.now = house.now.replace(day=26, hour=15, minute=59, second=59)
    assert seen(house, receipt)["review_until"] is not None
    house.now += timedelta(seconds=1)
    assert seen(house, receipt)["review_until"] is None
    problem = refused(ask(house, receipt), 409, "not_allowed")
    assert (problem["reason"], problem["values"]) == ("review_too_late", {"days": 15})
    house.now -= timedelta(seconds=1)
    assert ask(house, receipt).json["stage"] == "planning"


def test_a_second_time_and_without_a_rejection_it_is_409_and_says_what_else_there_is(house: House) -> None:
    receipt = rejected(house)
    assert ask(house, receipt).status == 200
    refused(ask(house, receipt), 409, "not_allowed")  # it is in planning, where there is no plan to review
    other = house.bring_to("awaiting_consumer")
    problem = refused(ask(house, other), 409, "not_allowed")
    assert problem["reason"] == "no_rejection_to_review"
    assert "request_review" not in problem["allowed"]
    assert {"accept_plan", "object_to_plan"} <= set(problem["allowed"])
    problem = refused(house.do(receipt["complaint_id"], "resolution-plan", PLAN, "cs.lin"), 409, "not_allowed")
    assert problem["reason"] == "another_person_decides"
    assert house.do(receipt["complaint_id"], "resolution-plan", REJECTION, "cs.chen").status == 200
    problem = refused(ask(house, receipt), 409, "not_allowed")
    assert problem["reason"] == "review_requested_already"
    assert "request_review" not in problem["allowed"]


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  \n "}, {"reason": None}])
def test_a_reason_is_needed(house: House, body: Any) -> None:
    refused(ask(house, rejected(house), body), 422, "invalid", field="reason")


def test_doubled_with_a_key_it_is_asked_for_once(house: House) -> None:
    receipt = rejected(house)
    first, second = (ask(house, receipt, Idempotency_Key="once") for _ in range(2))
    assert (first.json, second.headers["idempotency-replayed"]) == (second.json, "true")
    assert ask(house, rejected(house), {"reason": "不", "round": 2}).json["code"] == "plan_replaced"


def test_a_stranger_s_link_asks_for_nothing(house: House) -> None:
    receipt, other = rejected(house), house.file()
    refused(ask(house, receipt | {"consumer_token": other["consumer_token"]}), 404, "not_found")


def test_a_plan_shows_the_consumer_files_of_staff_until_they_are_taken_back(house: House) -> None:
    receipt = house.bring_to("planning")
    number, token = receipt["complaint_id"], receipt["consumer_token"]
    upload(house, receipt, "cs.lin", description="仓库监控，内部留存")
    file = f"/v1/complaints/{number}/evidence/1"
    refused(house.get(file, token=token), 404, "not_found")
    wrong = house.do(number, "resolution-plan", REJECTION | {"evidence": ["1", "7"]})
    refused(wrong, 422, "invalid", field="evidence.1")
    assert house.do(number, "resolution-plan", REJECTION | {"evidence": ["1"]}).status == 200
    public = seen(house, receipt)
    assert public["resolution_plan"]["evidence"] == ["1"]
    assert [(one["evidence_id"], one["added_by"]) for one in public["evidence"]] == [("1", "staff")]
    assert "cs.lin" not in str(public)
    assert "内部留存" not in str(public), "what staff wrote of it is theirs"
    assert house.get(file, token=token).status == 302
    assert house.do(number, "evidence/1/retraction", {"reason": "有别人的电话"}, "cs.lead").status == 200
    refused(house.get(file, token=token), 404, "not_found")
    assert seen(house, receipt)["evidence"] == []


def test_what_the_system_has_found_says_so(house: House) -> None:
    from tests.casework.mailroom import Mailroom

    room = Mailroom(house)
    first = house.file()["complaint_id"]
    room.settle()
    house.pass_time(minutes=1)
    second = house.file()["complaint_id"]
    room.settle()
    found = house.get(f"/v1/complaints/{second}", "cs.lin").json
    assert (found["duplicate_of"], found["duplicate_found_by"], found["related_found_by"]) == (
        first,
        "system",
        "system",
    )
    lines = {one["complaint_id"]: one for one in house.get("/v1/complaints", "cs.lin").json["items"]}
    assert (lines[second]["duplicate_found_by"], lines[first]["duplicate_found_by"]) == ("system", None)
