"""Questions to the consumer: the stage's clock stands still until the answer, at most five working days."""

from typing import Any

import pytest

import app
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.casework.streams import run
from tests.house import FRIDAY, REPORT, House, refused

from .examples import Receipt
from .uploads import JPEG, offer, put, told, upload

QUESTION = {"question": "请提供壶底的批号。"}
ANSWER = {"text": "批号是A17。"}
DUE = "2026-10-13T16:00:00Z"  # the end of the third working day: Saturday the 10th is one
AT_THE_LATEST = "2026-10-20T16:00:00Z"  # five working days more


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture
def asked(house: House) -> Receipt:
    """A complaint that is investigated; its consumer has just been asked something."""
    receipt = house.bring_to("investigating")
    assert house.do(receipt["complaint_id"], "information-requests", QUESTION).status == 201
    return receipt


def view(house: House, receipt: Receipt) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json


def public(house: House, receipt: Receipt) -> Any:
    return house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"]).json


def tell(house: House, receipt: Receipt, body: Any = ANSWER) -> Any:
    """The consumer answers, or adds something."""
    return house.do(receipt["complaint_id"], "information", body, None, token=receipt["consumer_token"])


def test_a_question_is_answered_with_until_when_the_clock_may_stand_still(house: House) -> None:
    receipt = house.bring_to("investigating")
    answer = house.do(receipt["complaint_id"], "information-requests", QUESTION)
    assert (answer.status, answer.json) == (
        201,
        {
            "request_id": "1",
            "question": "请提供壶底的批号。",
            "asked_at": "2026-10-09T07:40:00Z",
            "answer_by": "2026-10-15T07:40:00Z",
            "status": "open",
            "answered_at": None,
            "deadline_at_the_latest": AT_THE_LATEST,
        },
    )


def test_while_the_consumer_is_asked_everybody_sees_that_the_clock_stands_still(house: House, asked: Receipt) -> None:
    for seen in (view(house, asked), public(house, asked)):
        assert seen["deadline"] == {
            "stage": "investigating",
            "due_at": AT_THE_LATEST,
            "provisional": False,
            "overdue": False,
            "waiting_since": "2026-10-09T07:40:00Z",
            "waiting_for": "answer",
        }
        [request] = seen["information_requests"]
        assert (request["question"], request["status"]) == ("请提供壶底的批号。", "open")
    told = public(house, asked)["timeline"][-1]
    assert (told["type"], told["by"]) == ("InformationRequested", "staff")
    assert told["details"] == QUESTION | {"request_id": "1", "answer_by": "2026-10-15T07:40:00Z"}


def test_the_answer_gives_back_the_working_time_that_was_waited_and_no_more(house: House, asked: Receipt) -> None:
    house.pass_time(hours=2)
    answer = tell(house, asked)
    assert (answer.status, answer.json["text"], answer.json["answers"]) == (201, "批号是A17。", "1")
    assert answer.json["at"] == "2026-10-09T09:40:00Z"
    for seen in (view(house, asked), public(house, asked)):
        assert seen["deadline"]["waiting_since"] is None
        assert seen["deadline"]["due_at"] == "2026-10-13T18:00:00Z"
        [request] = seen["information_requests"]
        assert (request["status"], request["answered_at"]) == ("answered", "2026-10-09T09:40:00Z")


def test_what_is_answered_names_the_entry_of_the_timeline_that_holds_it(house: House, asked: Receipt) -> None:
    told = tell(house, asked).json
    timeline = house.get(f"/v1/complaints/{asked['complaint_id']}/timeline", token=asked["consumer_token"]).json
    [entry] = [entry for entry in timeline["items"] if entry["seq"] == told["seq"]]
    assert (entry["type"], entry["by"], entry["at"]) == ("InformationGiven", "consumer", told["at"])
    assert entry["details"] == ANSWER | {"answers": "1"}


def test_customer_service_writes_down_what_a_caller_answers(house: House, asked: Receipt) -> None:
    assert house.do(asked["complaint_id"], "information", ANSWER, "cs.chen").json["answers"] == "1"
    given = public(house, asked)["timeline"][-2]
    assert (given["type"], given["by"], given["details"]) == (
        *("InformationGiven", "staff"),
        ANSWER | {"answers": "1"},
    )


@pytest.mark.parametrize("stage", ["received", "investigating", "planning"])
def test_a_consumer_who_was_not_asked_can_add_something_while_the_complaint_is_open(house: House, stage: str) -> None:
    receipt = house.bring_to(stage)
    before = view(house, receipt)["deadline"]
    answer = tell(house, receipt)
    assert (answer.status, answer.json["answers"]) == (201, None)
    assert view(house, receipt)["deadline"] == before


def test_nothing_is_added_to_what_is_closed(house: House) -> None:
    problem = refused(tell(house, house.bring_to("closed")), 409, "not_allowed")
    assert "reopen" in problem["allowed"]


def test_one_question_is_asked_after_the_other(house: House, asked: Receipt) -> None:
    again = house.do(asked["complaint_id"], "information-requests", {"question": "还有发票吗？"})
    problem = refused(again, 409, "not_allowed")
    assert (problem["reason"], problem["values"]) == ("request_open", {"request": "1"})
    assert "request_information" not in problem["allowed"]
    assert "give_information" in problem["allowed"]
    tell(house, asked)
    second = house.do(asked["complaint_id"], "information-requests", {"question": "还有发票吗？"})
    assert (second.status, second.json["request_id"]) == (201, "2")


def test_what_was_waited_already_is_not_waited_again(house: House, asked: Receipt) -> None:
    house.now = FRIDAY.replace(day=14)  # Wednesday: four working days later
    tell(house, asked)
    second = house.do(asked["complaint_id"], "information-requests", {"question": "还有发票吗？"}).json
    assert second["answer_by"] == "2026-10-15T07:40:00Z"
    assert second["deadline_at_the_latest"] == AT_THE_LATEST


def test_after_five_working_days_the_clock_runs_again_by_itself(house: House, asked: Receipt) -> None:
    house.now = FRIDAY.replace(day=15, minute=41)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    seen = view(house, asked)
    assert (seen["deadline"]["waiting_since"], seen["deadline"]["due_at"]) == (None, AT_THE_LATEST)
    assert seen["information_requests"][0]["status"] == "expired"
    late = tell(house, asked).json
    assert late["answers"] == "1"
    assert view(house, asked)["deadline"]["due_at"] == AT_THE_LATEST


def test_what_is_overdue_already_does_not_stand_still(house: House) -> None:
    receipt = house.bring_to("investigating")
    house.now = FRIDAY.replace(day=14)
    answer = house.do(receipt["complaint_id"], "information-requests", QUESTION).json
    assert (answer["answer_by"], answer["deadline_at_the_latest"]) == ("2026-10-21T07:40:00Z", DUE)
    deadline = view(house, receipt)["deadline"]
    assert (deadline["waiting_since"], deadline["overdue"]) == (None, True)


def test_the_work_may_go_on_without_the_answer(house: House, asked: Receipt) -> None:
    assert house.do(asked["complaint_id"], "investigation-report", REPORT).status == 200
    seen = view(house, asked)
    assert (seen["stage"], seen["information_requests"][0]["status"]) == ("planning", "dispensed")
    assert seen["deadline"]["waiting_since"] is None
    assert tell(house, asked).json["answers"] is None


def test_a_photograph_answers_the_question_and_one_that_is_refused_does_not(house: House, asked: Receipt) -> None:
    house.pass_time(hours=2)
    upload(house, asked, content=b"MZ\x90\0")
    assert view(house, asked)["information_requests"][0]["status"] == "open"
    upload(house, asked)
    seen = view(house, asked)
    assert (seen["information_requests"][0]["status"], seen["deadline"]["waiting_since"]) == ("answered", None)
    assert seen["deadline"]["due_at"] == "2026-10-13T18:00:00Z"


# ---- what the consumer wrote since the plan --------------------------------------------------------------------------


def read(house: House, receipt: Receipt, body: Any = None, who: str = "cs.lin", **headers: str) -> Any:
    return house.do(receipt["complaint_id"], "information-reading", body or {}, who, **headers)


@pytest.fixture
def objecting(house: House) -> Receipt:
    """A complaint with a plan, and an objection in the wrong box."""
    receipt = house.bring_to("awaiting_consumer")
    assert tell(house, receipt, {"text": "我不同意这个方案"}).status == 201
    return receipt


def test_an_objection_in_the_wrong_box_makes_the_lapse_stand_still_and_everybody_sees_why(
    house: House, objecting: Receipt
) -> None:
    for seen in (view(house, objecting), public(house, objecting)):
        assert seen["deadline"] == {
            "stage": "awaiting_consumer",
            "due_at": "2026-10-28T00:20:00Z",  # the 26th, 24:00, and the 32 hours and 20 minutes until the 10th, 24:00
            "provisional": False,
            "overdue": False,
            "waiting_since": "2026-10-09T07:40:00Z",
            "waiting_for": "reading",
        }
    assert [entry["type"] for entry in public(house, objecting)["timeline"]][-1] == "InformationGiven"
    house.now = FRIDAY.replace(month=11, day=30)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    seen = view(house, objecting)
    assert (seen["stage"], seen["deadline"]["overdue"]) == ("awaiting_consumer", False)
    [breach] = seen["breaches"]
    assert (breach["held_by"], breach["due_at"]) == ("customer_service", "2026-10-10T16:00:00Z")


def test_what_waits_to_be_read_is_a_line_of_the_queue_of_tasks(house: House, objecting: Receipt) -> None:
    def mine() -> list[Any]:
        found = house.get("/v1/complaints?task=words", "cs.lin").json["items"]
        return [line for line in found if line["complaint_id"] == objecting["complaint_id"]]

    [line] = mine()
    assert (line["department"], line["deadline"]["due_at"]) == ("customer_service", "2026-10-10T16:00:00Z")
    read(house, objecting)
    assert mine() == []


def test_customer_service_reads_it_as_neither_and_the_rest_of_the_days_runs(house: House, objecting: Receipt) -> None:
    house.pass_time(hours=3)
    answer = read(house, objecting, {"note": "只是问到账时间"})
    assert answer.status == 200
    assert answer.json["deadline"]["due_at"] == "2026-10-26T19:00:00Z"
    assert (answer.json["deadline"]["waiting_since"], answer.json["deadline"]["waiting_for"]) == (None, None)
    told = public(house, objecting)["timeline"][-2:]
    assert [(entry["type"], entry["details"]) for entry in told] == [
        ("InformationRead", {}),
        ("ClockResumed", {"due_at": "2026-10-26T19:00:00Z"}),
    ]
    problem = refused(read(house, objecting), 409, "not_allowed")
    assert problem["reason"] == "nothing_to_read"
    assert "object_to_plan" in problem["allowed"]


def test_customer_service_records_what_was_written_as_an_objection(house: House, objecting: Receipt) -> None:
    answer = house.do(objecting["complaint_id"], "feedback", {"satisfied": False, "opinion": "我不同意这个方案"})
    assert (answer.json["stage"], answer.json["feedback"][-1]["given_by"]) == ("planning", "staff")
    refused(read(house, objecting), 409, "not_allowed")


def test_a_file_since_the_plan_is_to_be_read_too(house: House) -> None:
    receipt = house.bring_to("awaiting_consumer")
    upload(house, receipt)
    assert public(house, receipt)["deadline"]["waiting_for"] == "reading"


def test_a_reading_that_is_sent_twice_is_done_once(house: House, objecting: Receipt) -> None:
    first, again = (read(house, objecting, Idempotency_Key=f"read {objecting['complaint_id']}") for _ in range(2))
    assert (first.status, again.status, again.headers["idempotency-replayed"]) == (200, 200, "true")
    assert first.json == again.json


def test_of_two_who_read_it_at_once_one_has_and_the_other_is_told(house: House, objecting: Receipt) -> None:
    with house.meanwhile(lambda: read(house, objecting, None, "cs.chen")):
        refused(read(house, objecting), 409, "not_allowed")
    types = [entry["type"] for entry in public(house, objecting)["timeline"]]
    assert types.count("InformationRead") == types.count("ClockResumed") == 1


def test_a_reading_and_an_answer_at_once_leave_the_answer(house: House, objecting: Receipt) -> None:
    def objects() -> None:
        body = {"satisfied": False, "opinion": "不同意"}
        house.do(objecting["complaint_id"], "feedback", body, None, token=objecting["consumer_token"])

    with house.meanwhile(objects):
        refused(read(house, objecting), 409, "not_allowed")
    assert view(house, objecting)["stage"] == "planning"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_reading_is_done_once_wherever_whoever_does_it_dies(house: House, moment: str) -> None:
    receipt = house.bring_to("awaiting_consumer")
    tell(house, receipt)
    key = f"{moment} {receipt['complaint_id']}"
    died = len(list(house.deaths(lambda: read(house, receipt, Idempotency_Key=key), moment)))
    assert died >= 2
    assert read(house, receipt, Idempotency_Key=key).status == 200
    types = [entry["type"] for entry in public(house, receipt)["timeline"]]
    assert types.count("InformationRead") == types.count("ClockResumed") == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("stage", "kinds"),
    [("investigating", ("EvidenceReceived", "ClockResumed")), ("awaiting_consumer", ("ReadingAwaited",))],
)
def test_a_file_does_what_it_does_to_the_clocks_once_though_the_function_dies_at_any_call(
    house: House, moment: str, stage: str, kinds: tuple[str, ...]
) -> None:
    receipt = house.bring_to(stage)
    if stage == "investigating":
        house.do(receipt["complaint_id"], "information-requests", QUESTION)
    put(house, offer(house, receipt)["upload"]["fields"]["key"], JPEG)
    messages = told()
    assert len(list(house.deaths(lambda: run(app.receive_evidence, messages), moment))) >= 3
    timeline = house.get(f"/v1/complaints/{receipt['complaint_id']}/timeline", "audit.qin").json["items"]
    assert [[entry["type"] for entry in timeline].count(kind) for kind in kinds] == [1] * len(kinds)


@pytest.mark.parametrize(
    ("resource", "body", "field"),
    [
        ("information-requests", {}, "question"),
        ("information-requests", {"question": " "}, "question"),
        ("information-requests", {"question": "长" * 2001}, "question"),
        ("information-requests", QUESTION | {"text": "a"}, "text"),
        ("information", {}, "text"),
        ("information", {"text": "长" * 5001}, "text"),
        ("information", ANSWER | {"request_id": "1"}, "request_id"),
    ],
)
def test_what_is_incomplete_is_refused_by_its_field(
    house: House, asked: Receipt, resource: str, body: Any, field: str
) -> None:
    refused(house.do(asked["complaint_id"], resource, body), 422, "invalid", field=field)
