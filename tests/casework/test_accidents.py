"""Accidents: a process that dies between any two AWS calls, calls that fail, two people at once. Nothing half-done."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from chalicelib.adapters import items, store
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.ground.chain import first_broken_link
from tests.house import KETTLE, PLAN, REPORT, Answer, House

MOMENTS = ["before", "after"]
STEPS = {
    "received": ("acknowledgement", {}),
    "investigating": ("investigation-report", REPORT),
    "planning": ("resolution-plan", PLAN),
    "awaiting_consumer": ("feedback", {"satisfied": False, "opinion": "不够"}),
}


def whole(number: str) -> int:
    """The version of a complaint, after checking that its record is whole and adds up to it."""
    case = store.load_with_entries(number, Complaint)
    assert case is not None
    assert first_broken_link(case.entries) is None
    assert fold(case.entries) == case.state
    return case.state.seq


def filed(house: House) -> list[str]:
    return [item["pk"]["S"].removeprefix("RECORD#") for item in house.items() if item["sk"]["S"] == items.HEAD]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_filing_cut_short_leaves_all_or_nothing_and_trying_again_files_once(house: House, moment: str):
    house.file()  # the pool's keys are fetched

    def file() -> Answer:
        return house.post("/v1/complaints", KETTLE, "storefront", Idempotency_Key="once")

    for _ in house.deaths(file, moment):
        assert len(filed(house)) == (2 if moment == "after" else 1)
    again = file()
    assert (again.status, again.headers["idempotency-replayed"]) == (201, "true")
    assert len(filed(house)) == 2
    assert whole(again.json["complaint_id"]) == 1


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("stage", STEPS)
def test_a_transition_cut_short_is_done_once_by_trying_again(house: House, stage: str, moment: str):
    resource, body = STEPS[stage]
    number = house.bring_to(stage)["complaint_id"]
    version = whole(number)

    def act() -> Answer:
        return house.do(number, resource, body, Idempotency_Key="once")

    for call in house.deaths(act, moment):
        saved = call >= 1 and moment == "after"
        assert whole(number) == version + saved
    answer = act()
    assert (answer.status, answer.json["version"]) == (200, version + 1)
    assert whole(number) == version + 1


def unreachable(call: str, moment: str) -> None:
    if moment == "before":
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")


def unanswered(call: str, moment: str) -> None:
    if moment == "after":
        raise ReadTimeoutError(endpoint_url="https://dynamodb.example")


def error(code: str, status: int) -> Any:
    def fail(call: str, moment: str) -> None:
        if moment == "before":
            raise ClientError(
                {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
                call.split(":")[1],
            )

    return fail


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (unreachable, 503, "unavailable"),
        (unanswered, 503, "unavailable"),
        (error("InternalServerError", 500), 503, "unavailable"),
        (error("ThrottlingException", 400), 429, "throttled"),
        (error("ProvisionedThroughputExceededException", 400), 429, "throttled"),
        (error("AccessDeniedException", 400), 500, "internal"),
    ],
)
def test_trouble_behind_us_is_told_as_such_and_trying_again_heals_it(
    house: House, trouble: Any, status: int, code: str
):
    number = house.bring_to("received")["complaint_id"]
    with house.interfering(trouble):
        answer = house.do(number, "acknowledgement", {}, Idempotency_Key="k")
    assert (answer.status, answer.json["code"]) == (status, code)
    assert ("retry-after" in answer.headers) == (status != 500)
    assert house.do(number, "acknowledgement", {}, Idempotency_Key="k").json["stage"] == "investigating"
    assert whole(number) == 2


def test_of_two_who_acknowledge_at_once_one_wins_and_the_other_is_told(house: House):
    number = house.file()["complaint_id"]
    with house.meanwhile(lambda: house.do(number, "acknowledgement", {"message": "我是陈"}, "cs.chen")):
        late = house.do(number, "acknowledgement", {"message": "我是林"}, "cs.lin")
    assert (late.status, late.json["code"]) == (409, "not_allowed")
    assert "acknowledge" not in late.json["allowed"]
    assert {"report", "note"} <= set(late.json["allowed"])
    assert whole(number) == 2


def test_of_two_who_saw_the_same_version_one_wins_and_the_other_is_stale(house: House):
    number = house.file()["complaint_id"]
    with house.meanwhile(lambda: house.do(number, "notes", {"text": "陈的备注"}, "cs.chen")):
        late = house.do(number, "notes", {"text": "林的备注"}, If_Match='"1"')
    assert (late.status, late.json["code"]) == (412, "stale")


def test_two_notes_at_once_are_both_kept(house: House):
    number = house.file()["complaint_id"]
    with house.meanwhile(lambda: house.do(number, "notes", {"text": "陈的备注"}, "cs.chen")):
        assert house.do(number, "notes", {"text": "林的备注"}).status == 201
    entries = house.get(f"/v1/complaints/{number}/timeline", "cs.lin").json["items"]
    assert [entry["details"]["note"]["text"] for entry in entries[1:]] == ["陈的备注", "林的备注"]


def test_the_same_request_twice_at_once_is_done_once_and_answered_alike(house: House):
    number = house.file()["complaint_id"]
    answers = []

    def note() -> None:
        answers.append(house.do(number, "notes", {"text": "一次"}, Idempotency_Key="once"))

    with house.meanwhile(note):
        note()
    assert answers[0].json == answers[1].json
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]
    assert whole(number) == 2


def test_the_same_filing_twice_at_once_is_filed_once(house: House):
    answers = []

    def post() -> None:
        answers.append(house.post("/v1/complaints", KETTLE, "storefront", Idempotency_Key="once"))

    with house.meanwhile(post):
        post()
    assert answers[0].json == answers[1].json
    assert len(filed(house)) == 1


def test_whoever_never_gets_through_is_told_to_try_again(house: House):
    number = house.file()["complaint_id"]
    with house.meanwhile(lambda: house.do(number, "notes", {"text": "又一条"}, "cs.chen"), times=9):
        late = house.do(number, "notes", {"text": "林的备注"})
    assert (late.status, late.json["code"]) == (409, "conflict")
