"""Answers, refusals and problems: what both servers of the local system say, in one shape."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.web.browsers import ALWAYS
from chalicelib.web.problems import title

PROBLEM = "application/problem+json"
CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    409: "conflict",
    413: "too_large",
    414: "too_large",
    431: "too_large",
    501: "not_implemented",
    504: "timeout",
}
FOR_ANY_PAGE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
}
"""A refusal of the gateway has nothing of anybody, and no browser adds a token by itself as it would a cookie."""


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)


class Refused(Exception):
    """The request gets this status, and nothing else happens. `close`: what follows on the connection is unreadable."""

    def __init__(self, status: int, detail: str, *headers: tuple[str, str], close: bool = False) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.close = status, detail, list(headers), close


def json_answer(status: int, content: object, *headers: tuple[str, str], kind: str = "application/json") -> Answer:
    body = json.dumps(content, ensure_ascii=False).encode("utf-8")
    return Answer(status, body, [("Content-Type", kind), *headers])


def problem(status: int, detail: str, request_id: str, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """An RFC 9457 problem in the shape of `api.md`, with the headers that every answer has."""
    content = {
        "type": "about:blank",
        "title": title(status),
        "status": status,
        "detail": detail,
        "code": CODES.get(status, "internal"),
        "request_id": request_id,
    }
    always = (ALWAYS | FOR_ANY_PAGE).items()
    return json_answer(status, content, *[one for one in always if one[0] != "Content-Type"], *headers, kind=PROBLEM)
