"""What holds for every call: problems, request ids, ETag and If-Match, what is not known is refused."""

from datetime import timedelta
from hashlib import sha256

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters import aws, roster
from chalicelib.web.json import openapi
from tests.house import FRIDAY, KETTLE, REPORT, Answer, House, refused

from .examples import (
    HEARING,
    OF_COMPLAINTS,
    OPERATIONS,
    RESOURCES,
    Receipt,
    body_for,
    other_for,
    path_of,
    ready_for,
    token_for,
)

NOTE = {"text": "电话里很着急。"}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


# ---- problems ------------------------------------------------------------------------------------------------------


def test_each_refusal_is_a_problem_with_its_own_status_and_code(house: House) -> None:
    receipt = house.file()
    path = f"/v1/complaints/{receipt['complaint_id']}"
    refused(house.send("POST", "/v1/complaints", token=house.token("storefront"), raw=b"{"), 400, "malformed")
    refused(house.get(path), 401, "unauthenticated")
    refused(house.do(receipt["complaint_id"], "acknowledgement", {}, "audit.qin"), 403, "forbidden")
    refused(house.get("/v1/complaints/00000-00000", "cs.lin"), 404, "not_found")
    refused(house.do(receipt["complaint_id"], "investigation-report", REPORT), 409, "not_allowed")
    refused(house.do(receipt["complaint_id"], "notes", NOTE, If_Match='"9"'), 412, "stale")
    refused(house.do(receipt["complaint_id"], "notes", {"text": "长" * 90_000}), 413, "too_large")
    refused(house.do(receipt["complaint_id"], "notes", NOTE, Content_Type="text/plain"), 415, "not_json")
    refused(house.do(receipt["complaint_id"], "notes", {}), 422, "invalid", field="text")


def test_a_problem_is_what_rfc_9457_and_the_contract_say_and_nothing_more(house: House) -> None:
    answer = house.post("/v1/complaints", KETTLE | {"category": "weather"}, "storefront")
    body = refused(answer, 422, "invalid", field="category")
    assert body.keys() == {"type", "title", "status", "detail", "code", "reason", "values", "request_id", "errors"}
    assert (body["type"], body["title"], body["status"]) == (
        "/v1/problems/fields_faulty",
        "Unprocessable Content",
        422,
    )
    assert [fault.keys() for fault in body["errors"]] == [{"field", "message", "code", "values"}]
    assert "weather" not in answer.text


def test_all_faults_are_named_at_once(house: House) -> None:
    wrong = {"order_number": "", "contact": {"name": "王芳", "phone": "abc", "email": "@"}, "colour": "red"}
    body = refused(house.post("/v1/complaints", wrong, "storefront"), 422, "invalid")
    assert {fault["field"] for fault in body["errors"]} == {
        *("order_number", "product_name", "description", "channel", "category"),
        *("contact.phone", "contact.email", "colour"),
    }


ALWAYS = {"note", "call", "add_evidence", "update_delivery", "replace_link", "correct_contact"} | {
    "view_contact",
    "retract_note",
    "retract_evidence",
    "triage",
    "assess_safety",
    "tell_authority",
    "take_interim_measure",
}
WHILE_OPEN = ALWAYS | {"assign", "withdraw", "merge", "extend", "give_information"}
AT_WORK = WHILE_OPEN | {"ask", "answer_inquiry", "request_information"}
ALLOWED = {
    "received": WHILE_OPEN | {"acknowledge"},
    "investigating": AT_WORK | {"report"},
    "planning": AT_WORK | {"draft_plan", "review", "propose_plan", "complete_follow_up"},
    "awaiting_consumer": WHILE_OPEN | {"accept_plan", "object_to_plan", "read_information", "complete_follow_up"},
    "closed": ALWAYS | {"reopen", "undo_merger", "complete_follow_up"},
}
CALLED_OTHERWISE = {
    "merge_into": "merge",
    "add_note": "note",
    "record_call": "call",
    "offer_evidence": "add_evidence",
    "give_feedback": "object_to_plan",
}
"""The action of the lifecycle that an operation stands for, where the two have different names."""


@pytest.mark.parametrize("stage", ALLOWED)
def test_what_the_stage_does_not_allow_is_answered_with_what_it_does(house: House, stage: str) -> None:
    receipt, other = house.bring_to(stage), house.file()["complaint_id"]
    kept, refusals = house.items_kept(), 0
    for name, operation in OF_COMPLAINTS.items():
        if operation.conditional and name not in HEARING and CALLED_OTHERWISE.get(name, name) not in ALLOWED[stage]:
            path, token = path_of(name, receipt["complaint_id"]), token_for(house, name, receipt)
            problem = refused(house.post(path, body_for(name, other), token=token), 409, "not_allowed")
            assert set(problem["allowed"]) == ALLOWED[stage] - {"undo_merger"}, name
            refusals += 1
    assert refusals >= 4
    assert house.items_kept() == kept


@pytest.mark.parametrize("reason", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_table_too_busy_for_a_transaction_is_told_as_such(house: House, reason: str) -> None:
    def refuse(call: str, moment: str) -> None:
        if moment == "before":
            cancelled = aws.client("dynamodb").exceptions.TransactionCanceledException
            told = {"Error": {"Code": "TransactionCanceledException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            raise cancelled(told | {"CancellationReasons": [{"Code": "None"}, {"Code": reason}]}, "TransactWriteItems")

    kept = house.items_kept()
    with house.interfering(refuse):
        answer = house.post("/v1/complaints", KETTLE, "storefront")
    refused(answer, 429, "throttled")
    assert int(answer.headers["retry-after"]) > 0
    assert house.items_kept() == kept


@pytest.mark.parametrize(
    ("told", "status", "answered", "code"),
    [("TooManyRequestsException", 400, 429, "throttled"), ("InternalErrorException", 500, 503, "unavailable")],
)
def test_a_user_pool_that_does_not_say_who_there_is_is_told_as_such(
    house: House, told: str, status: int, answered: int, code: str
) -> None:
    def refuse(call: str, moment: str) -> None:
        if (call, moment) == ("cognito-idp:ListUsersInGroup", "before"):
            raise ClientError(
                {"Error": {"Code": told}, "ResponseMetadata": {"HTTPStatusCode": status}}, "ListUsersInGroup"
            )

    complaint_id = house.file()["complaint_id"]
    roster.forget()
    with house.interfering(refuse):
        answer = house.do(complaint_id, "assignment", {"assignee": "cs.chen"})
    refused(answer, answered, code)
    assert int(answer.headers["retry-after"]) > 0
    assert house.do(complaint_id, "assignment", {"assignee": "cs.chen"}).status == 200


# ---- headers -------------------------------------------------------------------------------------------------------


def test_every_answer_has_a_request_id_of_its_own(house: House) -> None:
    asked = [
        house.get("/v1/health"),
        house.get("/v1/openapi.json"),
        house.get("/v1/complaints"),
        house.get("/v1/complaints", "cs.lin"),
        house.post("/v1/complaints", KETTLE, "storefront"),
        house.post("/v1/sign-in", {}),
    ]
    assert len({answer.headers["x-request-id"] for answer in asked}) == len(asked)


def test_answers_are_json_that_nobody_keeps(house: House) -> None:
    answer = house.get("/v1/complaints", "cs.lin")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


def test_a_receipt_says_where_the_complaint_is(house: House) -> None:
    answer = house.post("/v1/complaints", KETTLE, "storefront")
    assert answer.headers["location"] == f"/v1/complaints/{answer.json['complaint_id']}"
    there = house.get(answer.headers["location"], "storefront")
    assert there.status == 200
    assert version_of(there) == version_of(answer) == 1


def version_of(answer: Answer) -> int:
    """The number in its ETag, which ends with eight digits of the SHA-256 of the body."""
    tag = answer.headers["etag"]
    version, digits = tag.strip('"').split("-")
    assert (tag, digits) == (f'"{version}-{digits}"', sha256(answer.text.encode()).hexdigest()[:8])
    return int(version)


def test_the_etag_is_the_version_which_every_step_raises_and_which_body_it_is_of(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    for version, (resource, body) in enumerate([("acknowledgement", {}), ("notes", NOTE)], start=2):
        answer = house.do(complaint_id, resource, body)
        seen = house.get(f"/v1/complaints/{complaint_id}", "audit.qin")
        assert version_of(answer) == version_of(seen) == version
        assert seen.json["version"] == version


# ---- If-None-Match -------------------------------------------------------------------------------------------------


TAGGED = [name for name, one in RESOURCES.items() if one.method == "GET" and one.path.endswith(openapi.TAGGED)]


@pytest.mark.parametrize("name", TAGGED)
def test_what_a_caller_has_already_is_not_sent_again(house: House, name: str) -> None:
    receipt = ready_for(house, name)
    path, token = path_of(name, receipt["complaint_id"]), token_for(house, name, receipt)
    first = house.get(path, token=token)
    assert (first.status, version_of(first) > 0) == (200, True)
    again = house.get(path, token=token, If_None_Match=first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    kept = {"etag", "cache-control", "vary"}
    assert {one: again.headers.get(one) for one in kept} == {one: first.headers.get(one) for one in kept}
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


@pytest.mark.parametrize("header", ["{}", "W/{}", '"1-00000000", {}', "*"])
def test_the_tag_may_stand_among_others_and_be_weak_as_proxies_make_it(house: House, header: str) -> None:
    path = f"/v1/complaints/{house.file()['complaint_id']}"
    tag = house.get(path, "cs.lin").headers["etag"]
    assert house.get(path, "cs.lin", If_None_Match=header.format(tag)).status == 304


def test_anything_else_gets_the_whole_answer_the_bare_version_too(house: House) -> None:
    path = f"/v1/complaints/{house.file()['complaint_id']}"
    tag = house.get(path, "cs.lin").headers["etag"]
    for other in ('"1"', tag.replace('"1-', '"2-'), tag.strip('"'), tag[:-2] + '"', "", "nonsense", '"'):
        assert house.get(path, "cs.lin", If_None_Match=other).status == 200, other


def test_another_reader_and_another_time_have_other_answers_of_the_same_version(house: House) -> None:
    receipt = house.file()
    path = f"/v1/complaints/{receipt['complaint_id']}"
    tag = house.get(path, "cs.lin").headers["etag"]
    consumers = house.get(path, token=receipt["consumer_token"], If_None_Match=tag)
    assert (consumers.status, version_of(consumers)) == (200, 1)
    house.now += timedelta(days=5)  # the acknowledgement is overdue, though no clock has said so
    later = house.get(path, "cs.lin", If_None_Match=tag)
    assert (later.status, version_of(later), later.json["deadline"]["overdue"]) == (200, 1, True)
    assert house.do(receipt["complaint_id"], "notes", NOTE, If_Match=tag).status == 201, "what people did is as before"


def test_who_may_not_see_it_is_refused_whatever_they_have(house: House) -> None:
    path = f"/v1/complaints/{house.file()['complaint_id']}"
    refused(house.get(path, If_None_Match="*"), 401, "unauthenticated")
    refused(house.get("/v1/complaints/00000-00000", "cs.lin", If_None_Match="*"), 404, "not_found")


def test_what_is_done_is_done_whatever_is_kept(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    assert house.do(complaint_id, "notes", NOTE, If_None_Match="*").status == 201


# ---- If-Match ------------------------------------------------------------------------------------------------------


@pytest.fixture
def second_version(house: House) -> str:
    complaint_id = house.file()["complaint_id"]
    house.do(complaint_id, "notes", NOTE)
    return str(complaint_id)


@pytest.mark.parametrize(
    "header", ['"2"', "*", '"1", "2"', '"2","3"', 'W/"2"', ' "2" ', '"2-0123abcd"', 'W/"1-0123abcd", W/"2-89abcdef"']
)
def test_if_match_with_the_present_version_lets_a_step_pass(house: House, second_version: str, header: str) -> None:
    assert house.do(second_version, "acknowledgement", {}, If_Match=header).status == 200


LOOKS = {"view_contact"}
"""After these everything stands as before: nobody who has read it has to read it again."""


@pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.conditional and name not in LOOKS])
def test_every_step_honours_if_match_and_answers_with_the_version_it_led_to(house: House, name: str) -> None:
    receipt, other = ready_for(house, name), other_for(house, name)
    path = path_of(name, receipt["complaint_id"])
    complaint = path.partition(receipt["complaint_id"])[0] + receipt["complaint_id"]
    token, body = token_for(house, name, receipt), body_for(name, other)
    reader = token if "/sheets/" in path else house.token("audit.qin")  # who audits reads no sheet
    seen = house.get(complaint, token=reader).headers["etag"]
    answer = house.post(path, body, token=token, If_Match=seen)
    assert answer.status in (200, 201, 202), answer
    assert version_of(answer) == version_of(house.get(complaint, token=reader)) > int(seen[1:].partition("-")[0])
    refused(house.post(path, body, token=token, If_Match=seen), 412, "stale")


NOT_TWO = [
    '"1"',
    '"3"',
    '"1", "3"',
    "2",
    '""',
    "",
    "nonsense",
    '"two"',
    '"02"',
    '"2.0"',
    '"²"',
    f'"{"2" * 5000}"',
    '"-2"',
    '"2-"',
    '"2-0123abc"',
    '"2-0123ABCD"',
    '"2-0123abcd0"',
    '"1-0123abcd"',
]


def test_if_match_with_anything_else_stops_it(house: House, second_version: str) -> None:
    before = house.get(f"/v1/complaints/{second_version}", "cs.lin").json
    for header in NOT_TWO:
        refused(house.do(second_version, "acknowledgement", {}, If_Match=header), 412, "stale")
    assert house.get(f"/v1/complaints/{second_version}", "cs.lin").json == before


def test_of_two_who_act_on_what_both_have_seen_one_is_told_to_read_again(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    first = house.do(complaint_id, "assignment", {"assignee": "cs.lin"}, "cs.lin", If_Match='"1"')
    second = house.do(complaint_id, "assignment", {"assignee": "cs.chen"}, "cs.chen", If_Match='"1"')
    assert first.status == 200
    refused(second, 412, "stale")
    assert house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["assignee"] == "cs.lin"


@pytest.mark.parametrize(("headers", "status", "code"), [({}, 409, "not_allowed"), ({"If_Match": '"1"'}, 412, "stale")])
def test_of_two_who_act_at_the_very_same_moment_one_wins_and_the_other_is_told(
    house: House, headers: dict[str, str], status: int, code: str
) -> None:
    complaint_id = house.file()["complaint_id"]
    with house.meanwhile(lambda: house.do(complaint_id, "acknowledgement", {"message": "我来"}, "cs.chen")):
        answer = house.do(complaint_id, "acknowledgement", {"message": "我也来"}, "cs.lin", **headers)
    refused(answer, status, code)
    timeline = house.get(f"/v1/complaints/{complaint_id}/timeline", "cs.lin").json["items"]
    assert [entry["actor"]["id"] for entry in timeline[1:]] == ["cs.chen"]


def test_two_who_add_notes_at_the_very_same_moment_both_succeed(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    with house.meanwhile(lambda: house.do(complaint_id, "notes", {"text": "先"}, "cs.chen")):
        assert house.do(complaint_id, "notes", {"text": "后"}, "cs.lin").status == 201
    timeline = house.get(f"/v1/complaints/{complaint_id}/timeline", "cs.lin").json["items"]
    assert [entry["details"]["note"]["text"] for entry in timeline[1:]] == ["先", "后"]


# ---- what is not known ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def receipt(lasting_house: House) -> Receipt:
    return lasting_house.file()


@pytest.mark.parametrize("name", RESOURCES)
def test_a_query_parameter_that_is_not_known_is_refused(house: House, receipt: Receipt, name: str) -> None:
    path, token = path_of(name, receipt["complaint_id"]), token_for(house, name, receipt)
    body = {} if OPERATIONS[name].body else None
    answer = house.send(OPERATIONS[name].method, f"{path}?colour=red", body, token=token)
    assert "colour" in refused(answer, 422, "invalid")["detail"]


@pytest.mark.parametrize("name", [name for name, operation in OPERATIONS.items() if operation.body])
def test_a_field_that_is_not_known_is_refused(house: House, receipt: Receipt, name: str) -> None:
    path, token = path_of(name, receipt["complaint_id"]), token_for(house, name, receipt)
    answer = house.send(OPERATIONS[name].method, path, {"colour": "red"}, token=token)
    refused(answer, 422, "invalid", field="colour")


def test_a_field_that_is_not_known_is_refused_deep_down_too(house: House) -> None:
    contact = KETTLE["contact"] | {"fax": "010"}
    answer = house.post("/v1/complaints", KETTLE | {"contact": contact}, "storefront")
    refused(answer, 422, "invalid", field="contact.fax")


@pytest.mark.parametrize("query", ["limit=5&limit=5", "stage=closed&stage=received", "limit=1&cursor=a&cursor=b"])
def test_a_parameter_given_twice_is_refused(house: House, query: str) -> None:
    body = refused(house.get(f"/v1/complaints?{query}", "cs.lin"), 422, "invalid")
    assert body["errors"][0]["code"] == "given_twice"
