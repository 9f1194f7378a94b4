"""What ends a complaint beside the straight way, and what comes after it: withdrawal, reopening, merging, promises."""

from typing import Any

import pytest

from tests.casework.mailroom import Mailroom
from tests.house import FRIDAY, PLAN, House, refused

from .examples import Receipt

OPEN = ["received", "investigating", "planning", "awaiting_consumer"]
AGAIN = {"reason": "换来的也是裂的。"}
TWO = PLAN | {"follow_up_measures": ["到账后回访", "下架问题批次"]}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture
def settled(house: House) -> Receipt:
    """A plan with two measures to follow was accepted."""
    receipt = house.bring_to("planning")
    house.do(receipt["complaint_id"], "resolution-plan", TWO)
    assert house.do(receipt["complaint_id"], "feedback", {"satisfied": True}).json["stage"] == "closed"
    return receipt


def by_wang(house: House, receipt: Receipt, resource: str, body: Any = None) -> Any:
    """What the consumer does."""
    return house.do(receipt["complaint_id"], resource, body, None, token=receipt["consumer_token"])


def view(house: House, receipt: Receipt) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json


def public(house: House, receipt: Receipt) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).json


# ---- withdrawal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", OPEN)
def test_the_consumer_takes_an_open_complaint_back(house: House, stage: str) -> None:
    receipt = house.bring_to(stage)
    house.pass_time(hours=1)
    answer = by_wang(house, receipt, "withdrawal", {"reason": "已经自己解决了。"})
    assert (answer.status, answer.json["stage"], answer.json["outcome"]) == (200, "closed", "withdrawn")
    assert (answer.json["closed_at"], answer.json["deadline"]) == ("2026-10-09T08:40:00Z", None)
    told = answer.json["timeline"][-1]
    assert (told["type"], told["by"], told["stage"]) == ("ComplaintWithdrawn", "consumer", "closed")
    assert told["details"] == {"reason": "已经自己解决了。"}


def test_nobody_has_to_say_why(house: House) -> None:
    answer = by_wang(house, house.file(), "withdrawal")
    assert (answer.status, answer.json["timeline"][-1]["details"]) == (200, {})


def test_customer_service_takes_it_back_for_a_caller(house: House) -> None:
    receipt = house.file()
    answer = house.do(receipt["complaint_id"], "withdrawal", {"reason": "来电说不投诉了。"})
    assert (answer.status, answer.json["outcome"]) == (200, "withdrawn")
    assert public(house, receipt)["timeline"][-1]["by"] == "staff"


def test_what_is_closed_is_not_withdrawn(house: House) -> None:
    receipt = house.bring_to("closed")
    problem = refused(by_wang(house, receipt, "withdrawal"), 409, "not_allowed")
    assert "withdraw" not in problem["allowed"]
    assert "reopen" in problem["allowed"]
    assert view(house, receipt)["outcome"] == "satisfied"


@pytest.mark.parametrize(
    ("body", "field"), [({"reason": ""}, "reason"), ({"reason": "长" * 2001}, "reason"), ({"why": "a"}, "why")]
)
def test_a_reason_is_words_or_nothing(house: House, body: Any, field: str) -> None:
    refused(by_wang(house, house.file(), "withdrawal", body), 422, "invalid", field=field)


# ---- reopening -----------------------------------------------------------------------------------------------------


def test_a_closed_complaint_is_reopened_as_the_next_round_of_the_same_record(house: House) -> None:
    receipt = house.bring_to("closed")
    house.now = FRIDAY.replace(day=29)  # a Thursday
    answer = by_wang(house, receipt, "reopening", AGAIN)
    assert (answer.status, answer.json["stage"], answer.json["round"]) == (200, "planning", 2)
    assert (answer.json["outcome"], answer.json["closed_at"], answer.json["resolution_plan"]) == (None, None, None)
    assert answer.json["deadline"]["due_at"] == "2026-11-02T16:00:00Z"  # 4.3b: the second working day, a Monday
    told = answer.json["timeline"]
    assert (told[0]["type"], told[-1]["type"]) == ("ComplaintFiled", "ComplaintReopened")
    assert (told[-1]["by"], told[-1]["stage"], told[-1]["details"]) == ("consumer", "planning", AGAIN)
    assert [plan["round"] for plan in view(house, receipt)["resolution_plans"]] == [1]


def test_a_reopened_complaint_is_brought_to_an_end_again(house: House) -> None:
    receipt = house.bring_to("closed")
    by_wang(house, receipt, "reopening", AGAIN)
    house.do(receipt["complaint_id"], "resolution-plan", PLAN | {"summary": "为您换新。"})
    answer = by_wang(house, receipt, "feedback", {"satisfied": True})
    assert (answer.json["stage"], answer.json["outcome"], answer.json["round"]) == ("closed", "satisfied", 2)
    seen = view(house, receipt)
    assert [plan["round"] for plan in seen["resolution_plans"]] == [1, 2]
    assert [one["number"] for one in seen["follow_ups"]] == [1, 2], "what was promised first is still to be done"


def test_what_was_withdrawn_may_be_reopened(house: House) -> None:
    receipt = house.file()
    by_wang(house, receipt, "withdrawal")
    assert by_wang(house, receipt, "reopening", AGAIN).json["stage"] == "received", "it was never acknowledged"


def test_a_complaint_can_be_reopened_to_the_end_of_the_thirtieth_day(house: House) -> None:
    early, late = house.bring_to("closed"), house.bring_to("closed")
    house.now = FRIDAY.replace(month=11, day=9, hour=15, minute=59, second=59)  # the 30th day, a Sunday, ends on Monday
    assert by_wang(house, early, "reopening", AGAIN).status == 200
    house.pass_time(seconds=1)
    problem = refused(by_wang(house, late, "reopening", AGAIN), 409, "not_allowed")
    assert problem["values"] == {"days": 30}
    assert "reopen" not in problem["allowed"]
    assert view(house, late)["stage"] == "closed"


@pytest.mark.parametrize("stage", OPEN)
def test_what_is_open_is_not_reopened(house: House, stage: str) -> None:
    problem = refused(by_wang(house, house.bring_to(stage), "reopening", AGAIN), 409, "not_allowed")
    assert "withdraw" in problem["allowed"]


@pytest.mark.parametrize(
    ("body", "field"), [({}, "reason"), ({"reason": " "}, "reason"), ({"reason": "长" * 5001}, "reason")]
)
def test_whoever_reopens_says_why(house: House, body: Any, field: str) -> None:
    refused(by_wang(house, house.bring_to("closed"), "reopening", body), 422, "invalid", field=field)


# ---- merging -------------------------------------------------------------------------------------------------------


def merge(house: House, receipt: Receipt, into: Any) -> Any:
    return house.do(receipt["complaint_id"], "merger", {"into": into})


@pytest.mark.parametrize("stage", OPEN)
def test_a_merged_complaint_closes_with_a_pointer_and_the_other_one_goes_on(house: House, stage: str) -> None:
    receipt, other = house.bring_to(stage), house.bring_to("investigating")
    before = view(house, other)
    answer = merge(house, receipt, other["complaint_id"])
    assert (answer.status, answer.json["stage"], answer.json["outcome"]) == (200, "closed", "merged")
    assert (answer.json["merged_into"], answer.json["deadline"]) == (other["complaint_id"], None)
    assert view(house, other) == before


def test_the_link_of_the_merged_ones_consumer_still_works_and_says_where_it_went(house: House) -> None:
    receipt, other = house.file(), house.file()
    merge(house, receipt, other["complaint_id"])
    seen = public(house, receipt)
    assert (seen["stage"], seen["merged_into"]) == ("closed", other["complaint_id"])
    assert seen["timeline"][-1]["details"] == {"into": other["complaint_id"]}
    refused(house.get(f"/v1/complaints/{other['complaint_id']}", token=receipt["consumer_token"]), 404, "not_found")


def test_the_complaint_that_goes_on_knows_what_was_merged_into_it(house: House) -> None:
    room = Mailroom(house)
    room.records()  # of before
    receipt, other = house.file(contact={"name": "王芳", "phone": "13800138001"}), house.file()
    merge(house, receipt, other["complaint_id"])
    room.react()
    assert receipt["complaint_id"] in view(house, other)["related"]
    assert view(house, other)["taken_in"] == [receipt["complaint_id"]]


def test_the_other_one_may_be_named_as_it_is_said(house: House) -> None:
    receipt, other = house.file(), house.file()
    said = other["complaint_id"].lower().replace("-", "")
    assert merge(house, receipt, said).json["merged_into"] == other["complaint_id"]


def test_a_complaint_is_merged_into_another_that_is_there_and_open(house: House) -> None:
    receipt, closed = house.file(), house.bring_to("closed")
    for into in (receipt["complaint_id"], closed["complaint_id"], "00000-00000", "nothing", "", 5):
        refused(merge(house, receipt, into), 422, "invalid", field="into")
    refused(merge(house, receipt, None), 409, "not_allowed")
    assert view(house, receipt)["stage"] == "received"


def test_what_is_closed_is_not_merged_and_what_is_merged_not_reopened(house: House) -> None:
    receipt, other = house.file(), house.file()
    merge(house, receipt, other["complaint_id"])
    refused(merge(house, receipt, other["complaint_id"]), 409, "not_allowed")
    problem = refused(by_wang(house, receipt, "reopening", AGAIN), 409, "not_allowed")
    assert problem["values"]["other"] == other["complaint_id"]
    assert "reopen" not in problem["allowed"]


def test_the_merged_ones_consumer_who_writes_is_pointed_to_the_other_one_and_can_send_files(house: House) -> None:
    receipt, other = house.bring_to("awaiting_consumer"), house.file()
    merge(house, receipt, other["complaint_id"])
    said = (("information", {"text": "还有一张照片。"}), ("feedback", {"satisfied": True}), ("withdrawal", {}))
    for resource, body in said:
        problem = refused(by_wang(house, receipt, resource, body), 409, "not_allowed")
        assert f"（编号 {other['complaint_id']}）合并处理" in problem["detail"], resource
        assert "客服" in problem["detail"]
        assert {"add_evidence", "undo_merger"} <= set(problem["allowed"])
        assert "reopen" not in problem["allowed"]
    by_staff = refused(house.do(receipt["complaint_id"], "information", {"text": "来电说。"}), 409, "not_allowed")
    assert (by_staff["reason"], by_staff["values"]["other"]) == ("merged_together", other["complaint_id"])
    offer = {"file_name": "裂缝.jpg", "content_type": "image/jpeg", "size": 1}
    assert by_wang(house, receipt, "evidence", offer).status == 201


def test_two_that_are_merged_into_each_other_at_the_very_same_moment_do_not_both_close(house: House) -> None:
    first, second = house.file(), house.file()
    with house.meanwhile(lambda: merge(house, second, first["complaint_id"])):
        refused(merge(house, first, second["complaint_id"]), 422, "invalid", field="into")
    assert (view(house, first)["stage"], view(house, second)["merged_into"]) == ("received", first["complaint_id"])
    refused(merge(house, first, second["complaint_id"]), 422, "invalid", field="into")


def test_a_merger_is_told_again_though_the_other_one_is_closed_meanwhile(house: House) -> None:
    receipt, other = house.file(), house.file()
    path, body = f"/v1/complaints/{receipt['complaint_id']}/merger", {"into": other["complaint_id"]}
    first = house.post(path, body, "cs.lin", Idempotency_Key="merged")
    by_wang(house, other, "withdrawal")
    second = house.post(path, body, "cs.lin", Idempotency_Key="merged")
    assert (second.status, second.text) == (first.status, first.text)
    assert second.headers["idempotency-replayed"] == "true"


# ---- what was promised ---------------------------------------------------------------------------------------------


def complete(house: House, receipt: Receipt, number: object, body: Any = None) -> Any:
    return house.do(receipt["complaint_id"], f"follow-ups/{number}/completion", body)


def test_each_measure_of_an_accepted_plan_is_to_be_done_in_the_time_it_named(house: House, settled: Receipt) -> None:
    nothing_yet = {"done_at": None, "done_by": None, "note": None}
    due = {"due_at": "2026-10-14T16:00:00Z"}  # the end of the fifth day after the 9th
    assert view(house, settled)["follow_ups"] == [
        {"number": 1, "measure": "到账后回访", **due, **nothing_yet},
        {"number": 2, "measure": "下架问题批次", **due, **nothing_yet},
    ]


def test_a_measure_that_was_done_is_answered_with_the_complaint(house: House, settled: Receipt) -> None:
    house.pass_time(hours=1)
    answer = complete(house, settled, 2, {"note": "已下架。"})
    assert answer.status == 200
    assert [(one["number"], one["done_at"], one["done_by"], one["note"]) for one in answer.json["follow_ups"]] == [
        (1, None, None, None),
        (2, "2026-10-09T08:40:00Z", "cs.lin", "已下架。"),
    ]
    assert (answer.json["stage"], answer.json["outcome"]) == ("closed", "satisfied")


def test_the_consumer_sees_that_it_was_done_and_not_by_whom_or_how(house: House, settled: Receipt) -> None:
    complete(house, settled, 1, {"note": "内部：打了三次电话"})
    answer = house.get(f"/v1/complaints/{settled['complaint_id']}", token=settled["consumer_token"])
    told = answer.json["timeline"][-1]
    assert (told["type"], told["by"], told["details"]) == ("FollowUpCompleted", "staff", {"number": 1})
    assert "内部" not in answer.text
    assert "cs.lin" not in answer.text


def test_a_measure_is_done_once_and_only_if_it_was_promised(house: House, settled: Receipt) -> None:
    assert complete(house, settled, 1).status == 200
    problem = refused(complete(house, settled, 1), 409, "not_allowed")
    assert "complete_follow_up" not in problem["allowed"]
    for number in (3, 0, -1, "01", "1.0", "one", "１"):
        refused(complete(house, settled, number), 404, "not_found")


def test_what_was_promised_is_done_though_the_complaint_was_reopened(house: House, settled: Receipt) -> None:
    by_wang(house, settled, "reopening", AGAIN)
    assert complete(house, settled, 1).json["stage"] == "planning"
    house.do(settled["complaint_id"], "resolution-plan", PLAN)
    assert complete(house, settled, 2).json["stage"] == "awaiting_consumer"


@pytest.mark.parametrize("body", [{"note": ""}, {"note": "长" * 2001}, {"note": 5}])
def test_a_note_is_words_or_nothing(house: House, settled: Receipt, body: Any) -> None:
    refused(complete(house, settled, 1, body), 422, "invalid", field="note")
