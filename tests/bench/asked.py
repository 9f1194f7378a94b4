"""One request to each operation of the API, as API Gateway hands it over, on a complaint in the stage that allows it.

What stands in `tests/examples.py` is measured; an operation that takes something and has no example is named as not.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import app
from chalicelib.adapters import identity
from chalicelib.web import APIS, PAGES
from chalicelib.web.door import Operation
from tests.casework.streams import run
from tests.examples import EXAMPLES, OWNER, PUBLIC_NOTE, REJECTION, example
from tests.house import House
from tests.rights import RIGHTS

from .complaints import brought_to, complaint, filed
from .triggers import uploaded

OPERATIONS = {one.name: one for door in (*APIS, *PAGES) for one in door.operations}
Prepare = Callable[[House], dict[str, Any]]

ASKED = {"list_complaints": "stage=received&limit=25", "show_timeline": "limit=25"}
"""The query, where there is one."""
ON_A_WHILE = {
    **dict.fromkeys(("show_complaint", "show_timeline", "show_notices"), "planning"),
    "show_content": "awaiting_consumer",
}
"""The stage in which a complaint is looked at, so that there is something to see."""
ASKED_HOW_IT_WAS = ("show_survey", "answer_survey", "review_survey")
HEARING = ("state_case", "decide_hearing", "object_to_decision")
PAGE = 25


def prepared() -> dict[str, Prepare]:
    """By operation, what brings a house to where the request can be made and gives the request."""
    return {name: _preparing(OPERATIONS[name]) for name in OPERATIONS if name not in unmeasured()}


def unmeasured() -> list[str]:
    """Those that take something, of which there is no example."""
    return sorted(name for name, one in OPERATIONS.items() if one.method != "GET" and name not in EXAMPLES)


def _preparing(operation: Operation) -> Prepare:
    name, sent = operation.name, example(operation.name)

    def prepare(house: House) -> dict[str, Any]:
        about_one = "{complaint_id}" in operation.path
        stage = ON_A_WHILE.get(name, sent.stage)
        if name in HEARING:
            receipt = house.heard(*HEARING[: HEARING.index(name)])
        else:
            receipt = house.asked() if name in ASKED_HOW_IT_WAS else brought_to(house, stage) if about_one else {}
        _lay_out(house, name, receipt)
        return event(
            operation,
            str(receipt.get("complaint_id", "")),
            _content(house, name, receipt),
            _token(house, name, receipt),
        )

    return prepare


def _content(house: House, name: str, receipt: dict[str, Any]) -> Any:
    """The body, or the query of what has none."""
    if name == "file_complaint":
        return complaint()
    if name == "open_session":
        return {"code": identity.consumer_code(receipt["complaint_id"], 0)}
    if name == "merge_into":
        order = house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json["order_number"]
        return {"into": house.file(**complaint() | {"order_number": order})["complaint_id"]}
    return example(name).body if name in EXAMPLES else ASKED.get(name, "")


def _token(house: House, name: str, receipt: dict[str, Any]) -> str | None:
    if "everybody" in RIGHTS[name].who:
        return None
    who = OWNER if RIGHTS[name].who == {"its_consumer"} else example(name).who
    return str(receipt["consumer_token"]) if who == OWNER else house.token(who)


def _lay_out(house: House, name: str, receipt: dict[str, Any]) -> None:
    """What has to be there besides a complaint in its stage."""
    if name == "list_complaints":
        for _ in range(PAGE + 1):
            filed(house)
    if name == "answer_inquiry":
        house.do(receipt["complaint_id"], "inquiries", EXAMPLES["ask"].body)
    if name == "read_information":
        house.do(receipt["complaint_id"], "information", EXAMPLES["give_information"].body)
    if name == "review_survey":
        path = f"/v1/complaints/{receipt['complaint_id']}/survey"
        house.post(path, EXAMPLES["answer_survey"].body, token=receipt["consumer_token"])
    if name == "review":
        house.do(receipt["complaint_id"], "plan-draft", EXAMPLES["draft_plan"].body)
    if name == "request_review":
        house.do(receipt["complaint_id"], "resolution-plan", REJECTION)
    if name == "retract_note":
        house.do(receipt["complaint_id"], "notes", PUBLIC_NOTE)
    if name in ("show_evidence", "retract_evidence"):
        run(app.receive_evidence, uploaded(house, receipt["complaint_id"])["Records"])


def event(operation: Operation, complaint_id: str, content: Any, token: str | None) -> dict[str, Any]:
    """The event of API Gateway's Lambda proxy integration, with the headers that clients and the gateway add."""
    first = {"number": "1", "inquiry_id": "1", "evidence_id": "1", "seq": "2", "section": "1"}
    captured = {"complaint_id": complaint_id, "date": "2026-10-08", "code": "not_allowed", "version": "kept", **first}
    captured = {name: value for name, value in captured.items() if f"{{{name}}}" in operation.path}
    path = operation.path.format(**captured)
    headers = {
        "accept": "application/json",
        "content-type": "application/json",
        "host": "abcdefghij.execute-api.us-east-1.amazonaws.com",
        "user-agent": "storefront/1.0",
        "x-amzn-trace-id": "Root=1-6921f5a1-0123456789abcdef01234567",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    } | ({"authorization": f"Bearer {token}"} if token else {})
    query = dict(parse_qsl(content)) if isinstance(content, str) else {}
    return {
        "resource": operation.path,
        "path": path,
        "httpMethod": operation.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": captured or None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "9f1c2a34-0000-4000-8000-000000000001",
            "resourcePath": operation.path,
            "path": f"/api{path}",
            "httpMethod": operation.method,
            "stage": "api",
            "protocol": "HTTP/1.1",
            "requestTimeEpoch": 1760000000000,
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "storefront/1.0"},
        },
        "body": None if isinstance(content, str) else json.dumps(content, ensure_ascii=False),
        "isBase64Encoded": False,
    }
