"""Problems: what both servers of the local system say where they refuse, in the shape of the contract."""

from collections.abc import Iterable

from chalicelib.web.browsers import ALWAYS
from chalicelib.web.problems import title
from infra.aws.answers import Answer, json_answer
from infra.aws.serving import Handler

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


def problem(status: int, detail: str, request_id: str, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """An RFC 9457 problem in the shape of the contract, with the headers that every answer has."""
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


class OurHandler(Handler):
    """A connection whose refusals are problems of the contract."""

    def refusal(self, status: int, detail: str, headers: Iterable[tuple[str, str]] = ()) -> Answer:
        return problem(status, detail, self.request_id, headers)
