"""Refusals as RFC 9457 problems: the one place where an exception becomes an answer."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from pydantic import Field, ValidationError

from chalicelib import log
from chalicelib.domain.ground.errors import FieldFault, Invalid, Refusal, Throttled, Unavailable
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.text import Incomplete

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 50
RENAMED = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}
"""By RFC 9110; Python knows these names from 3.13 on."""
BUSY = {  # as the code of an error, or of a reason for which a transaction was cancelled
    *("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "Throttling"),
    *("ProvisionedThroughputExceeded", "ThrottlingError", "TransactionInProgressException"),
    "TooManyRequestsException",
}


class Fault(Model):
    field: str = Field(examples=["contact.email"])
    message: str


class Problem(Model):
    """What every refusal looks like. `request_id` is the one to quote in a support case."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[Fault] | None = Field(None, description="For 422: which field, and why.")
    allowed: list[str] | None = Field(
        None,
        description="For 409 not_allowed: the actions that are possible in this stage; of a merger, if there is one.",
    )
    inquiries: list[str] | None = Field(None, description="For 409 of a report: the open inquiries that block it.")


def title(status: int) -> str:
    return RENAMED.get(status) or HTTPStatus(status).phrase


def problem(refusal: Refusal, request_id: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Status, headers and body of a refusal."""
    headers = {"Content-Type": MEDIA_TYPE}
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if retry_after := getattr(refusal, "retry_after", None):
        headers["Retry-After"] = str(retry_after)
    body = {
        "type": "about:blank",
        "title": title(refusal.status),
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": request_id,
        **refusal.extra,
    }
    return refusal.status, headers, body


def as_refusal(exception: Exception) -> Refusal:
    """Any exception as a refusal. What nobody foresaw is logged and becomes a 500 that tells nothing."""
    if isinstance(exception, Refusal):
        return exception
    from botocore.exceptions import BotoCoreError, ClientError

    log.fault("a request failed")
    if isinstance(exception, ClientError):
        reasons: list[Any] = exception.response.get("CancellationReasons", [])
        if BUSY & {reason.get("Code") for reason in (exception.response.get("Error", {}), *reasons)}:
            return Throttled("Too many requests at this moment. Try again in a second.")
        if int(exception.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)) >= 500:
            return Unavailable("A service behind this one does not answer. Try again in a second.")
    elif isinstance(exception, BotoCoreError):
        return Unavailable("A service behind this one cannot be reached. Try again in a second.")
    return Refusal("Something went wrong on our side. Quote the request id when you ask about it.")


def invalid(fault: ValidationError) -> Invalid:
    """The faults pydantic found, by field and without the values."""
    return Invalid(list(_faults(fault))[:MOST_FAULTS])


def _faults(fault: ValidationError) -> Iterator[FieldFault]:
    errors = fault.errors(include_url=False, include_input=False)
    faulty = [error["loc"] for error in errors]
    for error in errors:
        here = error["loc"]
        if error["type"] == "too_short" and any(one != here and one[: len(here)] == here for one in faulty):
            continue  # pydantic counts none but faultless items: it is not their number that is wrong
        path = [str(part) for part in here]
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, Incomplete):
            path.append(cause.field)
        message = "is not a known field" if error["type"] == "extra_forbidden" else error["msg"]
        yield FieldFault(printable(".".join(path)) or "body", message.removeprefix("Value error, "))


def printable(name: str) -> str:
    """A name somebody else chose, short and safe to write as UTF-8."""
    return name[:100].encode("utf-8", "backslashreplace").decode()
