"""Idempotency-Key: the same request gives the same answer again, whatever happened since; another one is told so."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.house import FRIDAY, KETTLE, REPORT, Answer, House, refused

from .examples import OPERATIONS, body_for, other_for, path_of, ready_for, token_for

NOTE = {"text": "电话里很着急。"}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture
def received(house: House) -> str:
    return str(house.file()["complaint_id"])


FILED = 6
"""What is kept of a filing: head, contact, event, the storefront's line, and that of its own reference, the request."""


def told_again(first: Answer, second: Answer) -> None:
    """The second answer is the first, and says so; only the request id is its own."""
    own = {"x-request-id", "idempotency-replayed"}
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert (second.status, second.text) == (first.status, first.text)
    assert {k: v for k, v in second.headers.items() if k not in own} == {
        k: v for k, v in first.headers.items() if k not in own
    }


def file(house: House, key: str, who: str = "storefront", **changes: Any) -> Answer:
    return house.post("/v1/complaints", KETTLE | changes, who, Idempotency_Key=key)


def test_filing_twice_with_the_same_key_files_once(house: House) -> None:
    first, kept = file(house, "twice"), house.items_kept()
    told_again(first, file(house, "twice"))
    assert house.items_kept() == kept


def test_the_order_of_the_fields_does_not_make_it_another_request(house: House) -> None:
    first = file(house, "order of fields")
    turned = dict(reversed(KETTLE.items()))
    told_again(first, house.post("/v1/complaints", turned, "storefront", Idempotency_Key="order of fields"))


@pytest.mark.parametrize("name", [name for name, operation in OPERATIONS.items() if operation.conditional])
def test_a_step_twice_with_the_same_key_is_one_step(house: House, name: str) -> None:
    receipt = ready_for(house, name)
    path, token = path_of(name, receipt["complaint_id"]), token_for(house, name, receipt)
    body = body_for(name, other_for(house, name))
    first = house.post(path, body, token=token, Idempotency_Key=name)
    assert first.status in (200, 201, 202), first
    kept = house.items_kept()
    second = house.post(path, body, token=token, Idempotency_Key=name)
    assert house.items_kept() == kept
    if name == "offer_evidence":  # what is signed anew has another signature
        first, second = without_signature(first), without_signature(second)
    told_again(first, second)


def without_signature(answer: Answer) -> Answer:
    offered = answer.json
    fields = offered["upload"]["fields"]
    for name in ("policy", "x-amz-credential", "x-amz-date", "x-amz-signature"):
        assert fields.pop(name)
    return replace(answer, text=json.dumps(offered))


def test_acceptance_and_objection_are_each_one_step(house: House) -> None:
    complaint_id = house.bring_to("awaiting_consumer")["complaint_id"]
    first = house.do(complaint_id, "feedback", {"satisfied": True}, Idempotency_Key="accepted")
    assert first.json["stage"] == "closed"
    told_again(first, house.do(complaint_id, "feedback", {"satisfied": True}, Idempotency_Key="accepted"))


def test_the_answer_is_that_of_then_though_the_complaint_moved_on(house: House, received: str) -> None:
    first = house.do(received, "acknowledgement", {}, Idempotency_Key="of then")
    house.do(received, "assignment", {"assignee": "cs.chen"})
    house.do(received, "investigation-report", REPORT)
    told_again(first, house.do(received, "acknowledgement", {}, Idempotency_Key="of then"))


def test_the_answer_is_that_of_then_though_the_deadline_has_passed_since(house: House, received: str) -> None:
    house.now = FRIDAY.replace(day=13, hour=10)  # the investigation is due at 16:00, UTC
    first = house.do(received, "acknowledgement", {}, Idempotency_Key="before the deadline")
    assert (first.json["deadline"]["due_at"], first.json["deadline"]["overdue"]) == ("2026-10-13T16:00:00Z", False)
    house.pass_time(hours=12)
    told_again(first, house.do(received, "acknowledgement", {}, Idempotency_Key="before the deadline"))


def test_an_assignment_is_told_again_though_its_assignee_has_left_since(house: House, received: str) -> None:
    house.hire("leaving.li")
    first = house.do(received, "assignment", {"assignee": "leaving.li"}, Idempotency_Key="to li")
    assert first.json["assignee"] == "leaving.li"
    house.dismiss("leaving.li")
    told_again(first, house.do(received, "assignment", {"assignee": "leaving.li"}, Idempotency_Key="to li"))
    another = house.do(received, "assignment", {"assignee": "leaving.li"}, Idempotency_Key="to li again")
    refused(another, 422, "invalid", field="assignee")


def test_the_consumer_is_told_again_what_the_consumer_was_told(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    path, token = f"/v1/complaints/{receipt['complaint_id']}/feedback", receipt["consumer_token"]
    first = house.post(path, {"satisfied": True}, token=token, Idempotency_Key="yes")
    house.do(receipt["complaint_id"], "notes", NOTE | {"public": True})
    told_again(first, house.post(path, {"satisfied": True}, token=token, Idempotency_Key="yes"))


def test_if_match_does_not_stand_in_the_way_of_an_answer_already_given(house: House, received: str) -> None:
    first = house.do(received, "acknowledgement", {}, Idempotency_Key="matched", If_Match='"1"')
    told_again(first, house.do(received, "acknowledgement", {}, Idempotency_Key="matched", If_Match='"1"'))


# ---- another request -----------------------------------------------------------------------------------------------


def test_the_key_with_another_body_is_a_mismatch_and_does_nothing(house: House, received: str) -> None:
    house.do(received, "notes", NOTE, Idempotency_Key="mine")
    kept = house.items_kept()
    refused(house.do(received, "notes", {"text": "别的"}, Idempotency_Key="mine"), 422, "idempotency_mismatch")
    assert file(house, "filed once").status == 201
    refused(file(house, "filed once", product_name="电饭煲"), 422, "idempotency_mismatch")
    assert house.items_kept() == kept + FILED


def test_the_key_on_another_complaint_is_a_mismatch_and_never_the_other_ones_answer(
    house: House, received: str
) -> None:
    another = house.file()["complaint_id"]
    house.do(received, "notes", NOTE, Idempotency_Key="copied")
    refused(house.do(another, "notes", NOTE, Idempotency_Key="copied"), 422, "idempotency_mismatch")
    refused(house.do(received, "acknowledgement", {}, Idempotency_Key="copied"), 422, "idempotency_mismatch")


def test_the_same_key_of_another_caller_is_another_request(house: House, received: str) -> None:
    first = house.do(received, "notes", NOTE, "cs.lin", Idempotency_Key="1")
    second = house.do(received, "notes", NOTE, "quality.he", Idempotency_Key="1")
    assert (first.status, second.status) == (201, 201)
    assert "idempotency-replayed" not in second.headers
    assert first.json["seq"] < second.json["seq"]


def test_after_24_hours_the_key_is_free_again_by_the_clock(house: House, received: str) -> None:
    first = house.do(received, "notes", NOTE, Idempotency_Key="a day")
    house.do(received, "acknowledgement", {}, Idempotency_Key="a step")
    house.pass_time(hours=23, minutes=59, seconds=59)
    told_again(first, house.do(received, "notes", NOTE, Idempotency_Key="a day"))
    house.pass_time(seconds=1)
    refused(house.do(received, "acknowledgement", {}, Idempotency_Key="a step"), 409, "not_allowed")
    again = house.do(received, "notes", {"text": "第二天"}, Idempotency_Key="a day")
    assert again.status == 201
    assert "idempotency-replayed" not in again.headers


def test_a_refused_request_leaves_its_key_unused(house: House, received: str) -> None:
    refused(house.do(received, "investigation-report", REPORT, Idempotency_Key="too early"), 409, "not_allowed")
    house.do(received, "acknowledgement", {})
    answer = house.do(received, "investigation-report", REPORT, Idempotency_Key="too early")
    assert answer.status == 200
    assert "idempotency-replayed" not in answer.headers


# ---- keys and moments ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["!", "k" * 255, "7f6c-…".encode().hex(), 'a "quoted" key, with {braces}'])
def test_a_key_is_any_printable_ascii(house: House, key: str) -> None:
    told_again(file(house, key), file(house, key))


@pytest.mark.parametrize("key", ["", "k" * 256, "钥匙", "a\tb", "\x7f", "a\u00a0b"])
def test_a_key_that_is_not_is_refused_and_nothing_is_done(house: House, key: str) -> None:
    kept = house.items_kept()
    refused(file(house, key), 422, "invalid", field="Idempotency-Key")
    assert house.items_kept() == kept


def test_two_of_the_same_request_at_the_very_same_moment_file_once(house: House) -> None:
    kept, answers = house.items_kept(), []
    with house.meanwhile(lambda: answers.append(file(house, "a nervous finger"))):
        second = file(house, "a nervous finger")
    told_again(answers[0], second)
    assert house.items_kept() == kept + FILED


def test_two_of_the_same_step_at_the_very_same_moment_are_one_step(house: House, received: str) -> None:
    answers: list[Answer] = []
    with house.meanwhile(lambda: answers.append(house.do(received, "notes", NOTE, Idempotency_Key="nervous"))):
        second = house.do(received, "notes", NOTE, Idempotency_Key="nervous")
    told_again(answers[0], second)
    assert house.get(f"/v1/complaints/{received}", "cs.lin").json["version"] == 2


def test_two_requests_with_one_key_at_the_very_same_moment_are_one_request_and_one_mismatch(
    house: House, received: str
) -> None:
    with house.meanwhile(lambda: house.do(received, "notes", NOTE, Idempotency_Key="both")):
        second = house.do(received, "notes", {"text": "别的"}, Idempotency_Key="both")
    refused(second, 422, "idempotency_mismatch")
    assert house.get(f"/v1/complaints/{received}", "cs.lin").json["version"] == 2
