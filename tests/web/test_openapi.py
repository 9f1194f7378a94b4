"""The description of the contract: valid, complete, and true of what the operations answer."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import app
from chalicelib.adapters.outbox import ENDS
from chalicelib.domain.complaint import events
from chalicelib.domain.ground.record import Hidden
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.web import CONSOLE, PAGES, views
from chalicelib.web.json import fitting, public_details
from chalicelib.web.json.unions import ENTRIES, UNIONS
from tests.house import FRIDAY, KETTLE, PLAN, REPORT, Answer, House, refused
from tests.running import ROOT

from .audited import item_of
from .examples import BODIES, OF_ONE, RESOURCES, body_for, other_for, path_of, ready_for, token_for
from .piece import LIVES

STAFF = {"customer_service", "quality", "logistics", "legal", "supervisor", "management", "audit"}
EVERYWHERE = {"422", "429", "500", "503"}
KNOWN_CALLER = EVERYWHERE | {"401", "403"}
WITH_BODY = {"400", "413", "415"}
REFUSALS = {
    "file_complaint": KNOWN_CALLER | WITH_BODY | {"409"},
    "list_complaints": KNOWN_CALLER | {"400"},
    "search_complaints": KNOWN_CALLER | WITH_BODY | {"409"},
    "list_staff": KNOWN_CALLER,
    "show_me": KNOWN_CALLER,
    "show_complaint": KNOWN_CALLER | {"404"},
    "show_timeline": KNOWN_CALLER | {"400", "404"},
    "show_evidence": KNOWN_CALLER | {"404"},
    "show_notices": KNOWN_CALLER | {"400", "404"},
    "show_survey": KNOWN_CALLER | {"404"},
    "list_surveys": KNOWN_CALLER | {"400"},
    "list_hearings": KNOWN_CALLER | {"400"},
    "count_breaches": KNOWN_CALLER,
    **dict.fromkeys(
        (
            *("assign", "acknowledge", "report", "propose_plan", "give_feedback", "withdraw", "reopen", "merge_into"),
            *(
                "extend",
                "draft_plan",
                "review",
                "complete_follow_up",
                "add_note",
                "update_delivery",
                "give_information",
            ),
            *("request_information", "ask", "answer_inquiry", "offer_evidence", "replace_link", "record_call"),
            *("triage", "assess_safety", "tell_authority", "take_interim_measure"),
            "read_information",
            "request_review",
            "correct_contact",
            "view_contact",
            "retract_note",
            "retract_evidence",
            "answer_survey",
            "review_survey",
            *("state_case", "decide_hearing", "object_to_decision"),
        ),
        KNOWN_CALLER | WITH_BODY | {"404", "409", "412"},
    ),
    "put_volumes": KNOWN_CALLER | WITH_BODY,
    "list_events": KNOWN_CALLER | {"400"},
    "put_webhook": KNOWN_CALLER | WITH_BODY | {"409"},
    "show_webhook": KNOWN_CALLER | {"404"},
    "remove_webhook": KNOWN_CALLER | {"404", "409"},
    "change_webhook_secret": KNOWN_CALLER | WITH_BODY | {"404", "409"},
    "test_webhook": KNOWN_CALLER | {"404"},
    "list_webhook_attempts": KNOWN_CALLER | {"400"},
    "redeliver_webhook": KNOWN_CALLER | WITH_BODY | {"404", "409"},
    "list_reports": KNOWN_CALLER | {"400"},
    "list_measures": KNOWN_CALLER | {"400"},
    "show_report": KNOWN_CALLER | {"404"},
    "list_cases": KNOWN_CALLER | {"400", "404"},
    **dict.fromkeys(
        ("comment_report", "complete_measure", "issue_report"), KNOWN_CALLER | WITH_BODY | {"404", "409", "412"}
    ),
    "list_sheets": KNOWN_CALLER | {"400"},
    "show_sheet": KNOWN_CALLER | {"404"},
    **dict.fromkeys(("comment_sheet", "answer_sheet"), KNOWN_CALLER | WITH_BODY | {"404", "409", "412"}),
    "list_training": KNOWN_CALLER | {"400"},
    "list_management_reviews": KNOWN_CALLER | {"400"},
    "show_management_review": KNOWN_CALLER | {"404"},
    **dict.fromkeys(
        ("hold_management_review", "complete_review_measure"), KNOWN_CALLER | WITH_BODY | {"404", "409", "412"}
    ),
    "complete_training": KNOWN_CALLER | WITH_BODY | {"404", "409"},
    "list_interpretations": KNOWN_CALLER | {"400"},
    "list_policy_reviews": KNOWN_CALLER | {"400"},
    **dict.fromkeys(("show_interpretation", "show_policy_review"), KNOWN_CALLER | {"404"}),
    **dict.fromkeys(("interpret_policy", "review_policy"), KNOWN_CALLER | WITH_BODY | {"409"}),
    "review_interpretation": KNOWN_CALLER | WITH_BODY | {"404", "409"},
    "draft_amendment": KNOWN_CALLER | WITH_BODY | {"409"},
    "list_amendments": KNOWN_CALLER | {"400"},
    "show_amendment": KNOWN_CALLER | {"404"},
    "show_replay": KNOWN_CALLER | {"404"},
    "list_opinions": KNOWN_CALLER | {"400", "404"},
    **dict.fromkeys(
        (
            *("change_amendment", "replay_amendment", "submit_amendment", "approve_amendment", "announce_amendment"),
            *("give_opinion", "answer_opinion", "withdraw_amendment"),
        ),
        KNOWN_CALLER | WITH_BODY | {"404", "409", "412"},
    ),
    "draft_audit": KNOWN_CALLER | WITH_BODY | {"409"},
    **dict.fromkeys(("list_audits", "list_findings"), KNOWN_CALLER | {"400"}),
    "list_rules": KNOWN_CALLER,
    **dict.fromkeys(("show_audit", "show_sample", "show_item", "show_audit_report"), KNOWN_CALLER | {"404"}),
    **dict.fromkeys(("list_items", "list_findings_of_audit"), KNOWN_CALLER | {"400", "404"}),
    **dict.fromkeys(
        (
            *("approve_audit", "cancel_audit", "draw_sample", "pick_item", "examine_item", "hand_over_item"),
            *("report_audit", "comment_audit", "publish_audit", "correct_audit", "close_audit", "raise_finding"),
            *("drop_finding", "plan_correction", "complete_correction", "verify_correction", "waive_finding"),
            *("reassign_finding", "state_case_of_finding", "decide_hearing_of_finding"),
            *("object_to_decision_of_finding", "complete_audit_measure"),
        ),
        KNOWN_CALLER | WITH_BODY | {"404", "409", "412"},
    ),
    "show_operating": KNOWN_CALLER,
    "show_policy_in_force": EVERYWHERE,
    "list_policy_versions": EVERYWHERE | {"400"},
    "show_policy_version": EVERYWHERE | {"404"},
    "show_study": KNOWN_CALLER | {"404"},
    "open_section": KNOWN_CALLER | {"404"},
    "take_quiz": KNOWN_CALLER | WITH_BODY | {"404", "409"},
    "show_roster": KNOWN_CALLER | {"400", "404"},
    "sign_in": EVERYWHERE | WITH_BODY | {"401"},
    "open_session": EVERYWHERE | WITH_BODY | {"401"},
    "send_lost_link": EVERYWHERE | WITH_BODY,
    "show_health": EVERYWHERE,
    "describe": EVERYWHERE,
    "explain": EVERYWHERE | {"404"},
}


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture(scope="module")
def described(house: House) -> Any:
    answer = house.get("/v1/openapi.json")
    assert answer.status == 200
    return answer.json


def each(described: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def listed_values(described: Any, schema: Any) -> list[str]:
    """The values of a list that has a name."""
    return list(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["enum"])


def checked(described: Any, schema: Any) -> Draft202012Validator:
    """What checks a value against a schema of the description."""
    return Draft202012Validator(schema | {"components": described["components"]}, format_checker=FormatChecker())


def whole(described: Any, answer: Any) -> Any:
    """An answer of an operation, which may be one that many have."""
    return described["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer


def test_the_description_is_valid_openapi_3_1(described: Any) -> None:
    assert described["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_every_route_is_described_and_nothing_else(described: Any) -> None:
    pages = {operation.path for door in (*PAGES, *CONSOLE) for operation in door.operations}  # for people
    routes = {(method, path) for path, methods in app.routes.items() for method in methods if path not in pages}
    preflights = {("OPTIONS", path) for path in described["paths"]}  # browsers' own business, on every path
    assert {(method, path) for method, path, _ in each(described)} | preflights == routes


def test_operations_have_names_of_their_own_and_say_what_they_do(described: Any) -> None:
    names = [operation["operationId"] for _, _, operation in each(described)]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] and operation["description"] for _, _, operation in each(described))


def test_what_an_operation_does_is_a_line_in_lists_and_its_description_is_no_code(described: Any) -> None:
    for _, path, operation in each(described):
        line = operation["summary"]
        assert ("\n" not in line, line.count("("), len(line) < 160) == (True, line.count(")"), True), path
        assert not re.search(r"\n\n {4}", operation["description"]), "Markdown takes it for code"


@pytest.mark.parametrize("operation", RESOURCES.values(), ids=lambda one: one.name)
def test_security_says_who_may_call(described: Any, operation: Any) -> None:
    ways = [way for one in described["paths"][operation.path][operation.method.lower()]["security"] for way in one]
    who = operation.who or frozenset()
    expected = {"staff": bool(who & STAFF), "storefront": "storefront" in who, "consumer": "consumer" in who}
    assert {way: way in ways for way in described["components"]["securitySchemes"]} == expected
    for role in who:
        assert role in described["paths"][operation.path][operation.method.lower()]["description"]


@pytest.mark.parametrize("name", REFUSALS)
def test_every_operation_lists_its_refusals_as_problems(described: Any, name: str) -> None:
    [answers] = [one["responses"] for _, _, one in each(described) if one["operationId"] == name]
    listed = {status: whole(described, answer) for status, answer in answers.items() if int(status) >= 400}
    assert listed.keys() == REFUSALS[name]
    assert all(answer["content"].keys() == {"application/problem+json"} for answer in listed.values())


OPEN = {operation.path for operation in RESOURCES.values() if operation.who is None}


def test_headers_are_described_where_they_are_sent(described: Any) -> None:
    for method, path, operation in each(described):
        sent = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "header"}
        assert ("Idempotency-Key" in sent) == (method == "POST" and path not in OPEN)
        kept = operation["responses"].get("304", {"headers": {}})["headers"]
        assert ("If-None-Match" in sent) == ("ETag" in kept)
        assert ("If-Match" in sent) == (method == "POST" and "_id}" in path and path not in OPEN)
        for answer in operation["responses"].values():
            assert "X-Request-Id" in whole(described, answer)["headers"]
    created = described["paths"]["/v1/complaints"]["post"]["responses"]["201"]["headers"]
    assert {"Location", "ETag", "Idempotency-Replayed"} <= created.keys()
    link = described["paths"]["/v1/complaints/{complaint_id}/evidence/{evidence_id}"]["get"]["responses"]["302"]
    assert "Location" in link["headers"]


def test_what_a_link_is_made_of_is_said_here_and_to_whoever_deploys(described: Any) -> None:
    letters = (ROOT / "chalicelib/domain/telling/letters.py").read_text("utf-8")
    answers = set(re.findall(r"&answer=(\w+)", letters))
    assert answers == {"accept", "object", "reopen", "review"}
    runbook = (
        (ROOT / "infra/README.md").read_text("utf-8").partition("#### The shop's own page")[2].partition("\n### ")[0]
    )
    for said in (described["info"]["description"], runbook):
        for part in ("#token=", "round", "%23", "sessionStorage", "Idempotency-Key", "If-Match", "/session", *answers):
            assert part in said
        assert "Authorization: Bearer TOKEN" in said
    receipt = described["components"]["schemas"]["Receipt"]["properties"]
    assert receipt["tracking_url"]["description"]
    assert receipt["consumer_token"]["description"]


def test_what_a_refusal_may_say_beside_the_usual_is_described(described: Any) -> None:
    problem = described["components"]["schemas"]["Problem"]["properties"]
    assert {"errors", "allowed", "reason", "values", "diff"} <= problem.keys()


def test_the_refusals_are_a_table_of_all_operations() -> None:
    assert REFUSALS.keys() == RESOURCES.keys()


def test_queries_are_described_as_they_are_read(described: Any) -> None:
    listed = described["paths"]["/v1/complaints"]["get"]["parameters"]
    schemas = {one["name"]: one["schema"] for one in listed}
    filters = {"stage", "department", "assignee", "overdue", "order_number", "task", "category", "due"}
    marks = {"safety", "legal", "answered", "bounced", "returned"}
    of_storefronts = {"external_ref", "updated_since"}
    assert schemas.keys() == {"limit", "cursor"} | filters | marks | of_storefronts
    assert all(schemas[mark]["const"] is True for mark in marks)
    assert listed_values(described, schemas["task"]) == [
        "inquiry",
        "words",
        "follow_up",
        "safety",
        "survey_review",
        "review",
    ]
    assert not any(one["required"] for one in listed)
    assert (schemas["limit"]["minimum"], schemas["limit"]["maximum"], schemas["limit"]["default"]) == (1, 100, 25)


def test_an_id_that_an_answer_makes_known_links_to_what_takes_it(described: Any) -> None:
    filed = described["paths"]["/v1/complaints"]["post"]["responses"]["201"]["links"]
    takes_only_that = {
        operation["operationId"]
        for _, path, operation in each(described)
        if path.count("{") == path.count("{complaint_id}") == 1
    }
    assert filed.keys() == takes_only_that
    assert filed["acknowledge"]["parameters"] == {"complaint_id": "$response.body#/complaint_id"}
    assert filed["acknowledge"]["operationId"] == "acknowledge"


def test_unknown_fields_are_refused_by_the_description_too(described: Any) -> None:
    for _, _, operation in each(described):
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert not checked(described, schema).is_valid({"colour": "red"}), operation["operationId"]


# ---- what clients are made of ---------------------------------------------------------------------------------------


def within(described: Any, schemas: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """These schemas and all that they refer to, part by part."""
    waiting, seen = list(schemas), set[str]()
    while waiting:
        for part in fitting.parts(waiting.pop()):
            yield part
            name = part.get("$ref", "").rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                waiting.append(described["components"]["schemas"][name])


def elsewhere(described: Any) -> Iterator[Any]:
    """The schemas of refusals, and of what we call."""
    called = [one for methods in described["webhooks"].values() for one in methods.values()]
    bodies = [one["requestBody"] for one in called if "requestBody" in one]
    answers = [answer for one in called for answer in one["responses"].values()]
    for place in (*described["components"]["responses"].values(), *bodies, *answers):
        yield from (content["schema"] for content in place.get("content", {}).values())


def handed_in(described: Any) -> Iterator[dict[str, Any]]:
    bodies = (one["requestBody"]["content"] for _, _, one in each(described) if "requestBody" in one)
    return within(described, [content["application/json"]["schema"] for content in bodies])


def answered(described: Any) -> Iterator[dict[str, Any]]:
    answers = (answer for _, _, one in each(described) for answer in one["responses"].values())
    return within(described, [kind["schema"] for answer in answers for kind in answer.get("content", {}).values()])


def test_what_is_handed_in_has_no_defaults_so_that_no_client_takes_them_for_required(described: Any) -> None:
    assert not any("default" in part for part in handed_in(described))
    locale = described["components"]["schemas"]["ComplaintBody"]["properties"]["locale"]
    assert "`zh-CN`" in locale["description"]


def test_what_is_answered_may_have_more_fields_tomorrow_and_has_all_of_todays(described: Any) -> None:
    told = [part for part in answered(described) if "properties" in part]
    assert not any("additionalProperties" in part or "default" in part for part in told)
    plan = described["components"]["schemas"]["ResolutionPlan"]
    assert set(plan["required"]) == set(plan["properties"])
    assert set(described["components"]["schemas"]["ResolutionPlanInput"]["required"]) < set(plan["required"])


def test_whatever_is_handed_in_is_refused_where_it_has_a_field_that_nobody_knows(described: Any) -> None:
    assert all(part["additionalProperties"] is False for part in handed_in(described) if "properties" in part)


def test_every_schema_has_a_name_for_a_type_and_nothing_is_left_that_nobody_refers_to(described: Any) -> None:
    named = described["components"]["schemas"]
    assert [name for name in named if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []
    used = {part.get("$ref", "").rpartition("/")[2] for part in (*handed_in(described), *answered(described))}
    parameters = (part["schema"] for _, _, one in each(described) for part in one["parameters"])
    used |= {
        part.get("$ref", "").rpartition("/")[2] for part in within(described, [*parameters, *elsewhere(described)])
    }
    assert named.keys() - used == set()


def test_no_name_is_one_that_generators_give_by_themselves(described: Any) -> None:
    operations = [one["operationId"].title().replace("_", "") for _, _, one in each(described)]
    taken = {f"{name}{ending}" for name in operations for ending in ("Request", "Response", "200Response")}
    assert taken & described["components"]["schemas"].keys() == set()


def test_no_schema_has_a_property_that_is_called_as_itself(described: Any) -> None:
    for name, schema in described["components"]["schemas"].items():
        assert re.sub("(?<!^)(?=[A-Z])", "_", name).lower() not in schema.get("properties", {}), name


def test_no_object_is_without_a_name_of_its_own(described: Any) -> None:
    named = [id(one) for one in described["components"]["schemas"].values()]
    told = [*handed_in(described), *answered(described)]
    assert [part for part in told if "properties" in part and id(part) not in named] == []


# ---- a whole life, each request and each answer held against the description ---------------------------------------


SENT_BACK = {"x-request-id", "etag", "location", "www-authenticate", "retry-after"}


class Clerk:
    """Calls the house and holds what is sent and what comes back against the description."""

    def __init__(self, house: House, described: Any) -> None:
        self.house, self.described = house, described
        self.seen: set[int] = set()

    def __call__(self, method: str, number: str, resource: str, body: Any = None, **rest: Any) -> Answer:
        """`number` is the complaint's; what else a path names is the first of its kind."""
        operation = self.described["paths"][resource.partition("?")[0]][method.lower()]
        ids = {"inquiry_id": "1", "number": "1", "evidence_id": "1", "seq": "2", "code": "missing", "section": "1"}
        ids |= {"person": "cs.chen", "training": f"conduct-{number}"}
        ids |= dict.fromkeys(OF_ONE, number) | {"item": item_of(number)}
        path = resource.format(date="2026-10-08", **ids)
        answer = self.house.send(method, path, body, **rest)
        described = whole(self.described, operation["responses"][str(answer.status)])
        if content := described.get("content"):
            kind = answer.headers["content-type"]
            said = answer.text if kind.startswith("text/") else answer.json
            checked(self.described, content[kind]["schema"]).validate(said)
        else:
            assert answer.text == ""
        own = {name.lower() for name in described["headers"]} - {"idempotency-replayed", "content-language"}
        assert own == answer.headers.keys() & SENT_BACK, operation["operationId"]
        if body is not None and answer.status < 400:
            content = operation["requestBody"]["content"]["application/json"]["schema"]
            checked(self.described, content).validate(body)
        self.seen.add(answer.status)
        return answer


@pytest.mark.parametrize("name", RESOURCES)
def test_what_each_operation_takes_and_answers_is_as_described(house: House, described: Any, name: str) -> None:
    receipt = ready_for(house, name)
    body = body_for(name, other_for(house, name), receipt["complaint_id"])
    token, operation = token_for(house, name, receipt), RESOURCES[name]
    answer = Clerk(house, described)(operation.method, receipt["complaint_id"], operation.path, body, token=token)
    assert answer.status in operation.answers
    for shown in examples_of(described, operation, answer.status):
        assert shown.keys() == answer.json.keys(), "make openapi: its example is of before"


def examples_of(described: Any, operation: Any, status: int) -> list[Any]:
    """What stands as an example of the answer, but of what looks different to each who asks."""
    answers = described["paths"][operation.path][operation.method.lower()]["responses"]
    shown = answers[str(status)].get("content", {}).get("application/json", {}).get("examples", {})
    return [one["value"] for one in shown.values()] if len(shown) == 1 else []


def test_every_answer_of_a_whole_life_is_as_described(house: House, described: Any) -> None:
    house.now = FRIDAY
    call, cs, shop = Clerk(house, described), house.token("cs.lin"), house.token("storefront")
    one = "/v1/complaints/{complaint_id}"
    receipt = call("POST", "", "/v1/complaints", KETTLE, token=shop, Idempotency_Key="life").json
    number, wang = receipt["complaint_id"], receipt["consumer_token"]
    call("POST", "", "/v1/complaints", KETTLE, token=shop, Idempotency_Key="life")
    call("POST", number, one + "/assignment", {"assignee": "cs.lin"}, token=cs)
    call("POST", number, one + "/acknowledgement", {"message": "我们已受理。"}, token=cs)
    call("POST", number, one + "/notes", {"text": "已联系仓库。", "public": True}, token=house.token("logistics.gao"))
    call("POST", number, one + "/investigation-report", REPORT, token=cs)
    call("POST", number, one + "/resolution-plan", PLAN, token=cs)
    call("POST", number, one + "/feedback", {"satisfied": False, "opinion": "太慢了。"}, token=wang)
    call("POST", number, one + "/resolution-plan", PLAN | {"rejects_request": True, "reasons": "超期"}, token=cs)
    for token in (cs, wang, shop):
        call("GET", number, one, token=token)
    call("GET", number, one + "/timeline", token=cs)
    call("GET", number, one + "/timeline?limit=1", token=wang)
    call("GET", "", "/v1/complaints", token=cs)
    call("POST", number, one + "/feedback", {"satisfied": True}, token=cs)
    call("GET", number, one, token=wang)
    call("GET", "", "/v1/complaints?stage=closed", token=cs)
    call("POST", number, one + "/follow-ups/{number}/completion", {}, token=cs)
    call("POST", number, one + "/reopening", BODIES["reopen"], token=wang)
    call("POST", number, one + "/inquiries", BODIES["ask"], token=cs)
    call("POST", number, one + "/inquiries/{inquiry_id}/answer", {"assessment": "a"}, token=house.token("quality.he"))
    call("POST", number, one + "/information-requests", BODIES["request_information"], token=cs)
    call("POST", number, one + "/information", BODIES["give_information"], token=wang)
    call("POST", number, one + "/evidence", BODIES["offer_evidence"], token=wang)
    call("POST", number, one + "/delivery-updates", BODIES["update_delivery"], token=house.token("logistics.gao"))
    call("POST", number, one + "/extension", BODIES["extend"], token=house.token("cs.lead"))
    call("POST", number, one + "/plan-draft", BODIES["draft_plan"], token=cs)
    call("POST", number, one + "/legal-review", BODIES["review"], token=house.token("legal.xu"))
    for token in (cs, wang, shop):
        call("GET", number, one, token=token)
    call("GET", number, one + "/timeline", token=cs)
    call("GET", number, one + "/timeline", token=wang)
    call("POST", number, one + "/withdrawal", {}, token=wang)
    call("GET", number, one, token=wang)

    call("POST", number, one + "/resolution-plan", PLAN, token=cs)
    call("POST", number, one + "/notes", {"text": "a"}, token=cs, If_Match='"1"')
    call("POST", number, one + "/notes", {}, token=cs)
    call("POST", number, one + "/notes", {"text": "a"}, token=cs, Content_Type="text/plain")
    call("POST", number, one + "/notes", token=cs, raw=b"{")
    call("POST", number, one + "/notes", token=cs, raw=b"1" * 300_000)
    call("POST", number, one + "/notes", {"text": "a"}, token=wang)
    call("POST", number, one + "/inquiries/{inquiry_id}/answer", {"assessment": "a"}, token=cs)
    call("GET", number, one + "/evidence/{evidence_id}", token=cs)
    call("GET", "00000-00000", one, token=cs)
    call("GET", number, one)
    assert call.seen == {200, 201, 400, 401, 403, 404, 409, 412, 413, 415, 422}


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        ("resolution-plan", PLAN | {"methods": []}),
        ("resolution-plan", PLAN | {"complete_within_days": "5"}),
        ("resolution-plan", PLAN | {"methods": [{"kind": "refund", "detail": "a", "amount": {"value": 5}}]}),
        ("investigation-report", REPORT | {"responsible_party": "weather"}),
        ("assignment", {"assignee": "cs lin"}),
        ("notes", {"text": ""}),
        ("notes", {"text": "a" * 5001}),
        ("notes", {"text": "a\x07"}),
        ("investigation-report", REPORT | {"order_verified": False}),
        ("feedback", {"satisfied": "yes"}),
        ("reopening", {}),
        ("merger", {"into": 5}),
        ("extension", {"working_days": 11, "reason": "a"}),
        ("extension", {"working_days": 0, "reason": "a"}),
        ("legal-review", {"advice": "a"}),
        ("delivery-updates", {"status": "eaten", "text": "a"}),
        ("information", {"text": "a" * 5001}),
        ("information-requests", {"question": "a" * 2001}),
        ("inquiries", {"department": "customer_service", "question": "a"}),
        ("inquiries/{inquiry_id}/answer", {"recommended_solution": "a"}),
        ("evidence", BODIES["offer_evidence"] | {"content_type": "a photograph"}),
        ("evidence", BODIES["offer_evidence"] | {"size": 20 * 1024 * 1024 + 1}),
        ("evidence", BODIES["offer_evidence"] | {"file_name": "a\nb"}),
        ("follow-ups/{number}/completion", {"note": ""}),
        ("withdrawal", {"reason": 5}),
    ],
)
def test_what_the_description_forbids_is_refused(house: House, described: Any, resource: str, body: Any) -> None:
    path = f"/v1/complaints/{{complaint_id}}/{resource}"
    schema = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    [name] = [one.name for one in RESOURCES.values() if (one.method, one.path) == ("POST", path)]
    assert not checked(described, schema).is_valid(body)
    receipt = {"complaint_id": "00000-00000", "consumer_token": house.file()["consumer_token"]}
    token = token_for(house, name, receipt)
    refused(house.post(path_of(name, "00000-00000"), body, token=token), 422, "invalid")


def test_names_that_are_told_by_their_form_are_all_that_there_may_be(described: dict[str, Any]) -> None:
    told = [one for one in parts(described) if "patternProperties" in one]
    assert told
    assert [one for one in told if one.get("additionalProperties") is not False] == []


def parts(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
    for one in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from parts(one)


# ---- what happened, by its type --------------------------------------------------------------------------------------


def test_whatever_happens_has_its_details_described(described: Any) -> None:
    public = {kind for kind in events.KINDS if kind.public_face is not Hidden.public_face}
    assert public_details.SHAPES.keys() == public
    schemas = described["components"]["schemas"]
    for name, kinds in (("TimelineEntry", set(events.KINDS)), ("PublicEntry", public)):
        of = schemas[name]["discriminator"]["mapping"]
        assert of.keys() == {kind.__name__ for kind in kinds}
        assert [{"$ref": ref} for ref in of.values()] == schemas[name]["oneOf"]


def test_what_happened_in_whatever_life_is_as_the_schema_of_its_type_says(described: Any) -> None:
    entries = {name: checked(described, {"$ref": f"#/components/schemas/{name}"}) for name in ENTRIES}
    seen, public = set[str](), set[str]()
    for life in LIVES.values():
        story = life()
        for entry in story.entries:
            if entry.kind in seen and entry.kind not in ("PlanProposed", "NoteAdded"):
                continue
            seen.add(entry.kind)
            told = views.TimelineEntry.of(entry, story.complaint).model_dump(mode="json")
            entries["TimelineEntry"].validate(told)
            if shown := views.PublicEntry.of(entry, story.complaint):
                public.add(entry.kind)
                entries["PublicEntry"].validate(shown.model_dump(mode="json"))
                shape = public_details.SHAPES[type(entry.event)]
                assert shown.details.keys() <= shape.model_fields.keys(), entry.kind
    assert len(seen) > 30
    assert len(public) > 20


def test_words_that_were_erased_are_still_as_the_schema_says(described: Any) -> None:
    checker = checked(described, {"$ref": "#/components/schemas/TimelineEntry"})
    story = LIVES["accepted, measures done"]()
    for entry in story.entries:
        checker.validate(views.TimelineEntry.of(entry.without_words(), story.complaint).model_dump(mode="json"))


def test_a_view_that_may_be_one_of_several_says_which_it_is(described: Any) -> None:
    schemas = described["components"]["schemas"]
    for name, union in UNIONS.items():
        assert schemas[name]["discriminator"]["propertyName"] == union.by
        for value, one in union.of.items():
            for each_of in schemas[one].get("oneOf", [{"$ref": one}]):
                schema = schemas[each_of["$ref"].rpartition("/")[2]]
                assert schema["properties"][union.by]["const"] == value
                assert union.by in schema["required"]


def test_how_notices_fare_is_one_of_the_states_that_there_are(described: Any) -> None:
    schemas = described["components"]["schemas"]
    assert set(schemas["NoticeKind"]["enum"]) == NOTICES.keys()
    assert schemas["NoticeState"]["enum"] == ["queued", "sending", *ENDS]
    assert {"sent", "delivered", "bounced", "refused", "held_back"} < set(schemas["PassageState"]["enum"])
    told = {field: one["$ref"] for field, one in schemas["NoticeView"]["properties"].items() if "$ref" in one}
    assert told == {name: f"#/components/schemas/Notice{name.title()}" for name in ("kind", "state")}


def test_no_union_of_objects_is_without_a_name(described: Any) -> None:
    for part in (*handed_in(described), *answered(described)):
        assert len([one for one in part.get("anyOf", ()) if "$ref" in one or one.get("type") == "object"]) < 2, part


def test_no_union_is_one_of_another(described: Any) -> None:
    schemas = described["components"]["schemas"]
    for name, schema in schemas.items():
        for ref in schema.get("oneOf", ()):
            assert "oneOf" not in schemas[ref["$ref"].rpartition("/")[2]], name
