"""One request to each operation of the API, as API Gateway hands it over, on a complaint in the stage that allows it.

A new operation needs one line in `SENT` (or none, if it only reads a complaint); what has none is named as unmeasured.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import app
from chalicelib.web import APIS
from chalicelib.web.api import Operation
from infra.local.staff import STAFF_PASSWORD
from tests.casework.streams import run
from tests.house import PLAN, REPORT, House

from .complaints import brought_to, complaint, filed
from .triggers import uploaded

OPERATIONS = {one.name: one for api in APIS for one in api.operations}
Prepare = Callable[[House], dict[str, Any]]

SENT: dict[str, tuple[str, str, Any]] = {  # the stage, who, the body or the query
    "file_complaint": ("", "storefront", complaint()),
    "list_complaints": ("", "cs.lin", "stage=received&limit=25"),
    "show_complaint": ("planning", "cs.lin", ""),
    "show_timeline": ("planning", "cs.lin", "limit=25"),
    "show_notices": ("planning", "cs.lin", ""),
    "show_evidence": ("investigating", "cs.lin", ""),
    "assign": ("received", "cs.lin", {"assignee": "cs.chen"}),
    "acknowledge": ("received", "cs.lin", {"message": "我们已受理。"}),
    "report": ("investigating", "cs.lin", REPORT),
    "propose_plan": ("planning", "cs.lin", PLAN),
    "give_feedback": ("awaiting_consumer", "consumer", {"satisfied": True}),
    "withdraw": ("investigating", "consumer", {"reason": "已经解决了。"}),
    "reopen": ("closed", "consumer", {"reason": "还没有收到退款。"}),
    "merge_into": ("received", "cs.lin", {}),
    "replace_link": ("investigating", "cs.lin", {}),
    "extend": ("investigating", "cs.lead", {"working_days": 2, "reason": "等待检测报告。"}),
    "review": ("planning", "legal.xu", {"approved": True, "advice": "可以。"}),
    "complete_follow_up": ("closed", "cs.lin", {"note": "已回访。"}),
    "add_note": ("received", "cs.lin", {"text": "电话里很着急。"}),
    "update_delivery": ("investigating", "logistics.gao", {"status": "in_transit", "text": "已到达杭州。"}),
    "give_information": ("investigating", "consumer", {"text": "照片在这里。"}),
    "request_information": ("investigating", "cs.lin", {"question": "能拍一张照片吗？"}),
    "ask": ("investigating", "cs.lin", {"department": "quality", "question": "是不是批次问题？"}),
    "answer_inquiry": ("investigating", "quality.he", {"assessment": "批次没有问题。"}),
    "offer_evidence": ("investigating", "consumer", {"file_name": "1.jpg", "content_type": "image/jpeg", "size": 9000}),
    "sign_in": ("", "", {"username": "cs.lin", "password": STAFF_PASSWORD}),
    "show_health": ("", "", ""),
    "describe": ("", "", ""),
}
PAGE = 25


def prepared() -> dict[str, Prepare]:
    """By operation, what brings a house to where the request can be made and gives the request."""
    return {name: _preparing(OPERATIONS[name], *sent) for name, sent in SENT.items() if name in OPERATIONS}


def unmeasured() -> list[str]:
    return sorted(OPERATIONS.keys() - SENT.keys())


def _preparing(operation: Operation, stage: str, who: str, sent: Any) -> Prepare:
    def prepare(house: House) -> dict[str, Any]:
        receipt = brought_to(house, stage) if stage else {}
        _lay_out(house, operation.name, receipt)
        content = {"into": filed(house)["complaint_id"]} if operation.name == "merge_into" else sent
        token = receipt["consumer_token"] if who == "consumer" else house.token(who) if who else None
        return event(operation, str(receipt.get("complaint_id", "")), content, token)

    return prepare


def _lay_out(house: House, name: str, receipt: dict[str, Any]) -> None:
    """What has to be there besides a complaint in its stage."""
    if name == "list_complaints":
        for _ in range(PAGE + 1):
            filed(house)
    if name == "answer_inquiry":
        house.do(receipt["complaint_id"], "inquiries", SENT["ask"][2])
    if name == "show_evidence":
        run(app.receive_evidence, uploaded(house, receipt["complaint_id"])["Records"])


def event(operation: Operation, complaint_id: str, content: Any, token: str | None) -> dict[str, Any]:
    """The event of API Gateway's Lambda proxy integration, with the headers that clients and the gateway add."""
    captured = {"complaint_id": complaint_id, "number": "1", "inquiry_id": "1", "evidence_id": "1"}
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
