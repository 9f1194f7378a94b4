"""Cost is a feature: the AWS calls of each operation, counted through the real app."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.adapters import identity
from chalicelib.adapters.lines import SHARDS
from chalicelib.casework import compute, rules
from chalicelib.casework.days import close_day
from chalicelib.casework.lines import write_lines
from chalicelib.casework.react import react
from tests.house import KETTLE, Answer, House
from tests.web.examples import OF_COMPLAINTS, OWNER, WHO, body_for, path_of, ready_for, token_for
from tests.web.uploads import OFFER

from .mailroom import Mailroom
from .streams import run

LOAD, LOAD_ALL, READ, SAVE = (f"dynamodb:{call}" for call in ("BatchGetItem", "Query", "Query", "TransactWriteItems"))
UPDATE, PUT = "dynamodb:UpdateItem", "dynamodb:PutItem"
MEMBERS = "cognito-idp:ListUsersInGroup"


@pytest.fixture
def warm(house: House) -> House:
    """A container that has seen a call before: the pool's keys are fetched, the list of policies is read."""
    house.get("/v1/complaints", "cs.lin")
    house.get("/v1/health")
    return house


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k1"}])
def test_filing_costs_one_round_trip(warm: House, headers: dict[str, str]):
    with warm.counting() as calls:
        assert warm.post("/v1/complaints", KETTLE, "storefront", **headers).status == 201
    assert calls == [SAVE]


def test_filing_costs_two_once_in_five_minutes_since_the_list_of_policies_is_read(warm: House):
    for passed, expected in (({"seconds": 299}, [SAVE]), ({"seconds": 1}, [READ, SAVE]), ({}, [SAVE])):
        warm.pass_time(**passed)
        with warm.counting() as calls:
            warm.file()
        assert calls == expected


def step(house: House, name: str, **headers: str) -> Callable[[], Answer]:
    """What calls an operation of the lifecycle, about a complaint that is ready for it."""
    receipt, other = ready_for(house, name), house.file()["complaint_id"]
    path, body = path_of(name, receipt["complaint_id"]), body_for(name, other)
    token = token_for(house, name, receipt)
    return lambda: house.post(path, body, token=token, **headers)


LIFECYCLE = [name for name, operation in OF_COMPLAINTS.items() if operation.conditional]
CHEAP = [name for name in LIFECYCLE if name not in ("assign", "merge_into", "retract_note")]


@pytest.mark.parametrize("name", CHEAP)
@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k1", "If_Match": "*"}])
def test_a_transition_costs_two(warm: House, name: str, headers: dict[str, str]):
    call = step(warm, name, **headers)
    with warm.counting() as calls:
        assert call().status in (200, 201)
    assert calls == [LOAD_ALL if WHO.get(name) == OWNER else LOAD, SAVE]


def test_an_assignment_costs_two_and_once_a_minute_the_question_who_there_is(warm: House):
    for minutes, expected in ((0, [MEMBERS, LOAD, SAVE]), (0, [LOAD, SAVE]), (1, [MEMBERS, LOAD, SAVE])):
        warm.pass_time(minutes=minutes)
        call = step(warm, "assign")
        with warm.counting() as calls:
            assert call().status == 200
        assert calls == expected


def test_taking_a_note_back_costs_three_since_the_note_says_who_wrote_it(warm: House):
    call = step(warm, "retract_note")
    with warm.counting() as calls:
        assert call().status == 200
    assert calls == [LOAD, READ, SAVE]


def test_a_merger_costs_three_since_the_other_complaint_is_looked_at(warm: House):
    call = step(warm, "merge_into")
    with warm.counting() as calls:
        assert call().status == 200
    assert calls == [LOAD, LOAD, SAVE]


def test_one_that_brings_a_legal_issue_costs_two_more_since_that_is_raised_first(warm: House):
    receipt, other = warm.file(category="false_advertising"), warm.file()["complaint_id"]
    with warm.counting() as calls:
        assert warm.do(receipt["complaint_id"], "merger", {"into": other}).status == 200
    assert calls == [LOAD, LOAD, LOAD, SAVE, SAVE]


def test_undoing_a_merger_costs_three_since_it_is_looked_at_whether_the_other_one_is_open(warm: House):
    receipt, other = warm.file(), warm.file()["complaint_id"]
    warm.do(receipt["complaint_id"], "merger", {"into": other})
    with warm.counting() as calls:
        assert warm.do(receipt["complaint_id"], "merger", {"into": None}).status == 200
    assert calls == [LOAD, LOAD, SAVE]


def test_a_link_to_a_file_of_a_merged_complaint_costs_two_since_it_belongs_to_that_one(warm: House):
    receipt, other = ready_for(warm, "show_evidence"), warm.file()["complaint_id"]
    warm.do(receipt["complaint_id"], "merger", {"into": other})
    Mailroom(warm).react()
    with warm.counting() as calls:
        path = path_of("show_evidence", other).removesuffix("1") + f"{receipt['complaint_id']}.1"
        assert warm.get(path, "audit.qin").status == 302
    assert calls == [LOAD, LOAD]


def test_a_new_link_costs_a_storefront_two(warm: House):
    path = path_of("replace_link", warm.file()["complaint_id"])
    with warm.counting() as calls:
        assert warm.post(path, {}, "storefront").status == 200
    assert calls == [LOAD_ALL, SAVE]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("give_feedback", {"satisfied": False, "opinion": "不够"}),
        ("give_feedback", {"satisfied": True}),
        ("withdraw", {}),
        ("give_information", {"text": "批号是A17"}),
        ("offer_evidence", OFFER),
    ],
)
def test_what_the_consumer_does_costs_two(warm: House, name: str, body: Any):
    receipt = ready_for(warm, name)
    with warm.counting() as calls:
        answer = warm.post(path_of(name, receipt["complaint_id"]), body, token=receipt["consumer_token"])
    assert answer.status in (200, 201)
    assert calls == [LOAD_ALL, SAVE]


@pytest.mark.parametrize("stage", ["received", "awaiting_consumer", "closed"])
@pytest.mark.parametrize("query", ["", "?lang=en&round=1&answer=accept"])
def test_the_page_of_a_complaint_costs_one(warm: House, stage: str, query: str):
    receipt = warm.bring_to(stage)
    with warm.counting() as calls:
        path = path_of("show_content", receipt["complaint_id"])
        assert warm.get(path + query, token=receipt["consumer_token"]).status == 200
    assert calls == [READ]


@pytest.mark.parametrize(("consumer", "call"), [(False, LOAD), (True, LOAD_ALL)])
def test_a_link_to_evidence_costs_one(warm: House, consumer: bool, call: str):
    receipt = ready_for(warm, "show_evidence")
    token = receipt["consumer_token"] if consumer else warm.token("audit.qin")
    with warm.counting() as calls:
        assert warm.get(path_of("show_evidence", receipt["complaint_id"]), token=token).status == 302
    assert calls == [call]


def test_the_notices_of_a_complaint_cost_one(warm: House):
    number = warm.file()["complaint_id"]
    Mailroom(warm).react()
    with warm.counting() as calls:
        assert warm.get(f"/v1/complaints/{number}/notices", "cs.lin").json["items"]
    assert calls == [READ]


@pytest.mark.parametrize(
    "query",
    [
        *("stage=received", "stage=closed", "assignee=cs.lin", "order_number=E1", "stage=received&overdue=true"),
        *("department=quality", "department=legal&overdue=true", "task=follow_up", "task=inquiry&department=logistics"),
    ],
)
def test_a_queue_page_costs_one(warm: House, query: str):
    warm.file()
    with warm.counting() as calls:
        assert warm.get(f"/v1/complaints?{query}", "cs.lin").status == 200
    assert calls == [READ]


def test_a_queue_of_all_open_stages_costs_one_for_each_and_no_more_when_it_fills(warm: House):
    for _ in range(7):
        warm.file()
    with warm.counting() as calls:
        page = warm.get("/v1/complaints?limit=3", "cs.lin").json
    assert (len(page["items"]), calls) == (3, [READ] * 4)


def test_the_inquiries_to_all_departments_cost_one_for_each(warm: House):
    with warm.counting() as calls:
        assert warm.get("/v1/complaints?task=inquiry", "cs.lin").status == 200
    assert calls == [READ] * 3


@pytest.mark.parametrize("name", CHEAP)
def test_whatever_else_needs_the_policy_costs_one_more_once_in_five_minutes(warm: House, name: str):
    call = step(warm, name)
    warm.pass_time(minutes=5)
    with warm.counting() as calls:
        assert call().status in (200, 201)
    assert calls == [LOAD_ALL if WHO.get(name) == OWNER else LOAD, READ, SAVE]


@pytest.mark.parametrize(("who", "call"), [("cs.lin", LOAD), ("storefront", LOAD_ALL)])
def test_a_view_costs_one(warm: House, who: str, call: str):
    number = warm.file()["complaint_id"]
    with warm.counting() as calls:
        assert warm.get(f"/v1/complaints/{number}", who).status == 200
    assert calls == [call]


def test_a_consumers_view_costs_one_and_once_in_five_minutes_the_policy_that_says_how_long_a_link_reads(warm: House):
    receipt = warm.bring_to("closed")
    for minutes, expected in ((0, [LOAD_ALL]), (5, [LOAD_ALL, READ]), (1, [LOAD_ALL])):
        warm.pass_time(minutes=minutes)
        with warm.counting() as calls:
            path = f"/v1/complaints/{receipt['complaint_id']}"
            assert warm.get(path, token=receipt["consumer_token"]).status == 200
        assert calls == expected


@pytest.mark.parametrize(("consumer", "expected"), [(False, [READ]), (True, [LOAD, READ])])
def test_a_timeline_page_costs_one_and_for_a_consumer_the_look_at_the_link(
    warm: House, consumer: bool, expected: list[str]
):
    receipt = warm.file()
    token = receipt["consumer_token"] if consumer else warm.token("cs.lin")
    with warm.counting() as calls:
        assert warm.get(f"/v1/complaints/{receipt['complaint_id']}/timeline", token=token).status == 200
    assert calls == expected


def test_whoever_is_turned_away_at_the_door_costs_nothing(warm: House):
    with warm.counting() as calls:
        assert warm.post("/v1/complaints", KETTLE).status == 401
        assert warm.post("/v1/complaints", KETTLE, "quality.he").status == 403
        assert warm.post("/v1/complaints", {}, "storefront").status == 422
        assert warm.get("/v1/complaints/rubbish", "cs.lin").status == 404
    assert calls == []


@pytest.mark.parametrize(
    ("right", "expected"), [(False, [UPDATE] * 2 + [LOAD]), (True, [UPDATE] * 2 + [LOAD] + [UPDATE] * 2 + [LOAD])]
)
def test_a_code_costs_three_and_the_right_one_six_since_it_is_counted_before_it_is_looked_at(
    warm: House, right: bool, expected: list[str]
):
    number = warm.file()["complaint_id"]
    code = identity.consumer_code(number, 0) if right else "0000-0000"
    with warm.counting() as calls:
        assert warm.post(f"/v1/complaints/{number}/session", {"code": code}).status == (200 if right else 401)
    assert calls == expected


def test_a_lost_link_costs_two_and_three_by_an_order_and_then_whoever_looks_it_up_five(warm: House):
    receipt, room = warm.file(), Mailroom(warm)
    room.settle()
    for asked, expected in (
        ({"complaint_id": receipt["complaint_id"]}, [UPDATE, "sqs:SendMessage"]),
        ({"order_number": KETTLE["order_number"]}, [UPDATE, READ, "sqs:SendMessage"]),
    ):
        with warm.counting() as calls:
            assert warm.post("/v1/lost-links", asked | {"email": "wang@example.cn"}).status == 202
        assert calls == expected
    first, second = room.messages()
    for message, expected in (
        (first, [LOAD, UPDATE, READ, "dynamodb:PutItem", "sqs:SendMessage"]),
        (second, [LOAD, UPDATE, READ, "dynamodb:PutItem", "sqs:SendMessage"]),
    ):
        with warm.counting() as calls:
            run(app.deliver, [message])
        assert calls == expected


def only_lines(house: House, records: list[dict[str, Any]]) -> list[str]:
    """The calls that writing the lines of these entries takes."""
    rules.in_force(house.now)  # the list of policies is read once in five minutes
    with house.counting() as calls:
        assert react(records, house.now, lambda entry: (write_lines,)) == []
    return calls


def test_the_line_of_a_filing_costs_one_and_of_what_nobody_counts_nothing_is_read(warm: House):
    number, room = warm.file()["complaint_id"], Mailroom(warm)
    (filed,) = room.records()
    assert only_lines(warm, [filed]) == [PUT]
    warm.do(number, "notes", {"text": "已电话联系"})
    assert only_lines(warm, room.records()) == []


def test_the_lines_of_a_closure_cost_four_since_what_came_before_it_is_read_and_one_more_once_the_day_is_over(
    warm: House,
):
    receipt, room = warm.bring_to("awaiting_consumer"), Mailroom(warm)
    room.settle()
    path = path_of("give_feedback", receipt["complaint_id"])
    assert warm.post(path, {"satisfied": True}, token=receipt["consumer_token"]).status == 200
    accepted = next(one for one in room.records() if "PlanAccepted" in one["dynamodb"]["NewImage"]["entry"]["S"])
    assert only_lines(warm, [accepted]) == [READ, PUT, PUT, PUT]  # the stage, the answer, the closure
    warm.pass_time(days=1)
    assert only_lines(warm, [accepted]) == [READ, PUT, PUT, PUT, PUT]


REPORT_ITSELF = "s3:GetObject"


def reported(house: House) -> str:
    """The name of a day's report, of which nobody has said anything yet."""
    receipt = house.bring_to("closed")
    Mailroom(house).settle()
    day = house.now.astimezone(rules.in_force(house.now).zone).date()
    house.pass_time(days=1)
    compute.daily(house.now, house.now)
    assert receipt["complaint_id"] in house.get(f"/v1/reports/report_daily-{day}-1/cases?measure=M06", "cs.lead").text
    return f"report_daily-{day}-1"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("", [LOAD, REPORT_ITSELF, READ]),  # and which reports before it have decided something
        (".html", [LOAD, REPORT_ITSELF, READ]),
        (".csv", [LOAD, REPORT_ITSELF]),
        ("/cases?measure=M03", [LOAD, REPORT_ITSELF]),
    ],
)
def test_a_report_is_read_with_three_calls_at_most_however_many_lines_it_counts(
    warm: House, part: str, expected: list[str]
):
    name = reported(warm)
    with warm.counting() as calls:
        assert warm.get(f"/v1/reports/{name}{part}", "cs.lead").status == 200
    assert calls == expected


def test_a_list_of_reports_and_what_somebody_has_to_do_cost_two(warm: House):
    name = reported(warm)
    measure = {
        "what": "多查一次",
        "owner": "quality.he",
        "due": str(warm.now.date() + timedelta(days=9)),
        "moves": "M05",
    }
    with warm.counting() as calls:
        said = {"text": "延误", "measures": [measure]}
        assert warm.post(f"/v1/reports/{name}/comments", said, "cs.lead").status == 200
    assert [call for call in calls if call != MEMBERS] == [LOAD, SAVE, REPORT_ITSELF, READ]
    for path in ("/v1/reports?kind=daily", "/v1/measures?owner=quality.he"):
        with warm.counting() as calls:
            assert len(warm.get(path, "cs.lead").json["items"]) == 1
        assert calls == [READ, LOAD], path


def test_a_report_that_is_there_is_not_computed_again_and_finding_that_costs_one(warm: House):
    reported(warm)
    with warm.counting() as calls:
        compute.daily(warm.now, warm.now)
    assert calls == [LOAD]


def test_a_day_is_closed_by_a_read_for_each_shard_and_once_closed_written_no_more_than_exported(warm: House):
    reported(warm)
    day = warm.now.astimezone(rules.in_force(warm.now).zone).date()
    for expected in (["s3:GetObject", *[READ] * SHARDS, "s3:PutObject", "s3:PutObject"],
                     ["s3:GetObject", *[READ] * SHARDS, "s3:PutObject"]):  # fmt: skip
        with warm.counting() as calls:
            close_day(day)
        assert calls == expected


def test_a_survey_costs_one_and_what_was_answered_on_a_day_a_read_for_each_shard(warm: House):
    receipt = ready_for(warm, "answer_survey")
    Mailroom(warm).settle()
    with warm.counting() as calls:
        path = f"/v1/complaints/{receipt['complaint_id']}/survey"
        assert warm.get(path, token=receipt["consumer_token"]).json["state"] == "open"
    assert calls == [LOAD_ALL]
    day = warm.now.date()
    with warm.counting() as calls:
        assert warm.get(f"/v1/surveys?from={day}&to={day}", "cs.lead").status == 200
    assert calls == [READ] * SHARDS


def test_nothing_ever_scans(warm: House):
    receipt = warm.bring_to("closed")
    warm.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"])
    assert not [call for call in warm.calls if "Scan" in call]
