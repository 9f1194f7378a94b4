"""Refusals as RFC 9457 problems: the one place where an exception becomes an answer, in the language of its reader."""

from datetime import datetime
from http import HTTPStatus
from itertools import islice
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError

from chalicelib import log
from chalicelib.domain.ground.errors import Invalid, Refusal, Throttled, Unavailable, Values
from chalicelib.domain.ground.faults import field_faults
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.model import Model
from chalicelib.domain.vocabulary import refusals
from chalicelib.domain.vocabulary.terms import Locale

from . import listed

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 50
RENAMED = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}
"""By RFC 9110; Python knows these names from 3.13 on."""
BUSY = {  # as the code of an error, or of a reason for which a transaction was cancelled
    *("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "Throttling"),
    *("ProvisionedThroughputExceeded", "ThrottlingError", "TransactionInProgressException"),
    "TooManyRequestsException",
}


PAGES = "/v1/problems/"
"""Where the page of a reason is, below whatever API Gateway puts before our paths."""


class Reader(NamedTuple):
    """Who reads a problem: in which language, and by which prefix they reach our pages."""

    locale: Locale
    prefix: str


class Fault(Model):
    field: str = Field(examples=["contact.email"])
    message: str = Field(description="In the language of the answer (Content-Language).")
    code: listed.FaultCode = Field(
        description="What is wrong with the field; its page is where those of the reasons are."
    )
    values: dict[str, Any] = Field(description="What the message names: bounds, names, numbers.")


class Problem(Model):
    """What every refusal looks like. `request_id` is the one to quote in a support case."""

    type: str = Field(description="A page that explains the reason; about:blank where the gateway refuses by itself.")
    title: str
    status: int
    detail: str = Field(description="In the language of the answer (Content-Language).")
    code: listed.ProblemCode
    reason: listed.Reason | None = Field(
        None, description="What exactly stands against it: as stable as `code`, and finer. The gateway's own have none."
    )
    values: dict[str, Any] = Field({}, description="What the detail names: ids, numbers, names, instants.")
    request_id: str
    errors: list[Fault] | None = Field(None, description="For 422: which field, and why.")
    allowed: list[str] | None = Field(
        None,
        description="For 409 not_allowed: the actions that are possible in this stage; of a merger, if there is one.",
    )
    challenge: Literal["new_password", "totp", "totp_setup"] | None = Field(
        None, description="For 401 challenge: what the user pool asks for beside the password."
    )
    session: str | None = Field(None, description="For 401 challenge: to be sent with the answer, within minutes.")
    secret: str | None = Field(
        None, description="For the challenge totp_setup: what the app that shows codes is to know, in base 32."
    )
    diff: list[dict[str, Any]] | None = Field(
        None,
        description="For 409 stale_base: what the changes of the amendment make of the latest version: `path`, "
        "`before`, `after`, `words`, `clause`.",
    )


def title(status: int) -> str:
    return RENAMED.get(status) or HTTPStatus(status).phrase


def problem(refusal: Refusal, request_id: str, reader: Reader) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Status, headers and body of a refusal."""
    headers = {"Content-Type": MEDIA_TYPE, "Content-Language": reader.locale, "Vary": "Accept-Language"}
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if retry_after := getattr(refusal, "retry_after", None):
        headers["Retry-After"] = str(retry_after)
    body = {
        "type": f"{reader.prefix}{PAGES}{refusal.reason}",
        "title": title(refusal.status),
        "status": refusal.status,
        "detail": refusals.said(refusal, reader.locale),
        "code": refusal.code,
        "reason": refusal.reason,
        "values": _plain(refusal.values),
        "request_id": request_id,
        **refusal.extra,
    }
    if isinstance(refusal, Invalid):
        body["errors"] = [
            {
                "field": fault.field,
                "message": refusals.said_of_field(fault, reader.locale),
                "code": fault.code,
                "values": _plain(fault.values),
            }
            for fault in refusal.faults
        ]
    return refusal.status, headers, body


def _plain(values: Values) -> dict[str, Any]:
    return {name: written(one) if isinstance(one, datetime) else one for name, one in values.items()}


def as_refusal(exception: Exception) -> Refusal:
    """Any exception as a refusal. What nobody foresaw is logged and becomes a 500 that tells nothing."""
    if isinstance(exception, Refusal):
        return exception
    from botocore.exceptions import BotoCoreError, ClientError

    log.fault("a request failed")
    if isinstance(exception, ClientError):
        reasons: list[Any] = exception.response.get("CancellationReasons", [])
        if BUSY & {reason.get("Code") for reason in (exception.response.get("Error", {}), *reasons)}:
            return Throttled("table_busy")
        if int(exception.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)) >= 500:
            return Unavailable("service_silent")
    elif isinstance(exception, BotoCoreError):
        return Unavailable("service_out_of_reach")
    return Refusal("unforeseen")


def invalid(fault: ValidationError) -> Invalid:
    """The faults pydantic found, by field and without the values."""
    found = islice(field_faults(fault), MOST_FAULTS)
    return Invalid(one._replace(field=printable(one.field) or "body") for one in found)


def printable(name: str) -> str:
    """A name somebody else chose, short and safe to write as UTF-8."""
    return name[:100].encode("utf-8", "backslashreplace").decode()
