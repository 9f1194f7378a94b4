"""The OpenAPI 3.1 description of the contract, made from the declared operations and the models they use."""

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from chalicelib import __version__
from chalicelib.domain.complaint.lifecycle import LIFECYCLE
from chalicelib.domain.ground.instants import DAY
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.web.door import HTML, Operation
from chalicelib.web.problems import MEDIA_TYPE, Problem

from . import schemas, unions
from .links import PARAMETER, links

SECURITY = {
    "staff": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token of the user pool, from POST /v1/sign-in; its groups are the roles.",
    },
    "storefront": {
        "type": "oauth2",
        "description": "Client credentials of the user pool, scope complaints/submit; sent as a bearer token.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/oauth2/token",
                "scopes": {"complaints/submit": "File complaints and read those it filed"},
            }
        },
    },
    "consumer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The complaint's own token, from the receipt or the link in a notice.",
    },
}
REFUSALS = {
    400: "Malformed: JSON or cursor",
    401: "No credentials, or credentials that prove nothing",
    403: "The caller's role may not do this",
    404: "Unknown, or not the caller's to see",
    409: "The stage does not allow it, or others were faster",
    412: "If-Match names another version",
    413: "Too large",
    415: "Not JSON",
    422: "Fails validation, or the idempotency key was used for another request",
    429: "Throttled; see Retry-After",
    500: "Something went wrong on our side",
    503: "Something behind this service does not answer; trying again with the same Idempotency-Key is safe",
}
LINKS = """\
## The consumer's link

`tracking_url`, and the links in mails: `PAGE/{complaint_id}#token=TOKEN`, with `&round=n` where it is about a plan and
`&answer=accept|object|reopen|review` where it leads to an answer. A page that reads it takes the fragment as parameters
in any order, and ignores others; takes `%23` for `#`, since some mail filters write it so; takes the token out of the
address at once and keeps it in `sessionStorage`; and sends `Authorization: Bearer TOKEN`, with every POST an
`Idempotency-Key`, with feedback the `round` of the link, and `If-Match` where what it answers may have changed. Opening
a link changes nothing.

Text messages carry no token: they have the fixed address of the page, the number of the complaint and a code, which
`POST /v1/complaints/{complaint_id}/session` exchanges for the token. So the page must ask for both at its fixed
address.
"""
JSON = "application/json"
REQUEST_ID = {"X-Request-Id": {"description": "Quote it in a support case.", "schema": {"type": "string"}}}
ETAG = {
    "ETag": {
        "description": "The version of the record, and after the dash what tells this answer from others of it.",
        "schema": {"type": "string", "examples": ['"7-9f86d081"']},
    }
}
IN_PATH: dict[str, dict[str, Any]] = {
    "complaint_id": {"examples": ["7K2M9-XD4FQ"]},
    "report_id": {"examples": ["report_monthly-2026-10-1", "report_monthly-2026-10-1.html"]},
    "sheet_id": {"examples": ["sheet_2026Q4-cs.lin", "sheet_2026Q4-cs.lin.html"]},
    "amendment_id": {"pattern": "^amendment_[1-9][0-9]{0,5}$", "examples": ["amendment_2"]},
    "audit_id": {"examples": ["audit_2026Q4-1", "audit_2026Q4-1.html"]},
    "item": {"examples": ["7K2M9-XD4FQ"], "description": "The complaint that is examined."},
    "code": {"pattern": "^[a-z0-9_]{1,64}$", "examples": ["inquiries_open"]},
    "number": {"pattern": "^[1-9][0-9]{0,3}$"},
    "interpretation": {"pattern": "^[1-9][0-9]{0,4}$"},
    "policy_review": {"pattern": "^[1-9][0-9]{0,4}$"},
    "review_id": {"examples": ["review_2026H2", "review_2026H2.html"]},
    "person": {"examples": ["cs.chen"]},
    "training": {"examples": ["conduct-20261127"]},
    "date": {"pattern": DAY, "examples": ["2026-11-27"]},
    "seq": {"pattern": "^[1-9][0-9]{0,7}$", "description": "The number of an entry of the timeline."},
}
TAGGED = (
    *("{complaint_id}", "{report_id}", "{sheet_id}", "{review_id}", "{amendment_id}", "{audit_id}", "{item}"),
    *("{interpretation}", "{policy_review}"),
)
"""What has versions: a path that ends so is answered with an ETag."""
UNKNOWN = (*TAGGED, "{number}", "{code}", "{training}")
"""What a path names that need not be there."""
WEBHOOK = "/v1/webhook"
"""What a storefront has one of, or none; which it may change twice at the same moment."""
Schemas = dict[Any, dict[str, Any]]
Models = dict[str, dict[Any, Any]]


def description(operations: Iterable[Operation], also: Models) -> tuple[dict[str, Any], Schemas]:
    """The document as far as it is about operations; its schemas are those of the models that it has `also`, too. And
    the schema of each model by its key, such as (operation, status)."""
    listed = list(operations)
    models = _models(listed)
    by_part, shared = schemas.described({kind: models.get(kind, {}) | also.get(kind, {}) for kind in models})
    paths: dict[str, dict[str, Any]] = {}
    for one in listed:
        described = _operation(one, by_part)
        for status in one.answers:
            if leads_to := links(one, status, listed):
                described["responses"][str(status)]["links"] = leads_to
        paths.setdefault(one.path, {})[one.method.lower()] = described
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Redress", "version": __version__, "description": f"{_lifecycle()}\n\n{LINKS}"},
        "paths": paths,
        "components": {"schemas": shared, "securitySchemes": SECURITY},
    }
    return document, by_part


def _models(listed: Iterable[Operation]) -> Models:
    """The models of all operations, by what they are for."""
    bodies = {(one.name, "body"): one.body for one in listed if one.body}
    queries = {(one.name, "query"): one.query for one in listed if one.query}
    answers = {(one.name, status): model for one in listed for status, model in one.answers.items() if model}
    kept = {"refused": {"problem": Problem}, "recorded": unions.details()}
    return {"answered": answers, "handed_in": bodies, "asked": queries, **kept}


def _operation(one: Operation, by_part: Schemas) -> dict[str, Any]:
    answers = {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "headers": REQUEST_ID | _headers(one, status),
            **({"content": {HTML if model is str else JSON: {"schema": by_part[one.name, status]}}} if model else {}),
        }
        for status, model in one.answers.items()
    }
    refusals = {
        str(status): {
            "description": REFUSALS[status],
            "headers": REQUEST_ID,
            "content": {MEDIA_TYPE: {"schema": by_part["problem"]}},
        }
        for status in sorted(_refusals(one))
    }
    if _has_tag(one, HTTPStatus.OK) and one.method == "GET":
        answers["304"] = {"description": "It is as If-None-Match names it.", "headers": REQUEST_ID | ETAG}
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": re.split(r"[:;.](?:\s|$)", one.summary, maxsplit=1)[0].replace("\n", " "),
        "description": one.summary + _callers(one.who),
        "security": _security(one.who),
        "parameters": list(_parameters(one, by_part)),
        "responses": answers | refusals,
    }
    if one.body:
        content = {"application/json": {"schema": by_part[one.name, "body"]}}
        described["requestBody"] = {"required": _has_required(one.body), "content": content}
    return described


def _headers(one: Operation, status: int) -> dict[str, Any]:
    """The headers of an answer beside the request id."""
    text = {"schema": {"type": "string"}}
    found: dict[str, Any] = dict(ETAG) if _has_tag(one, status) else {}
    changes = one.method == "POST" and one.who is not None
    if status == HTTPStatus.CREATED and "_id}" not in one.path:
        found["Location"] = text | {"description": "Where it is."}
    if status == HTTPStatus.FOUND:
        found["Location"] = text | {"description": "Where the file is, for five minutes."}
    if changes:
        found["Idempotency-Replayed"] = text | {"description": "true: an earlier request had done it already."}
    return found


def _has_tag(one: Operation, status: int) -> bool:
    """Whether that answer says by an ETag what it is of."""
    changes = one.method == "POST" and one.who is not None
    return (changes and (one.conditional or status == HTTPStatus.CREATED)) or one.path.endswith(TAGGED)


def _has_required(body: type[BaseModel]) -> bool:
    return any(field.is_required() for field in body.model_fields.values())


def _refusals(one: Operation) -> set[int]:
    found = {422, 429, 500, 503}
    if one.who is not None:
        found |= {401, 403}
    if one.body:
        found |= {400, 413, 415}
    if one.body and HTTPStatus.ACCEPTED not in one.answers:  # what is taken whatever it says proves nothing
        found |= {401}
    if one.query and "cursor" in one.query.model_fields:
        found |= {400}
    named = [name for name in UNKNOWN if name in one.path]
    if named and (one.who is not None or "{complaint_id}" not in named):  # to anybody, any complaint looks the same
        found |= {404}
    if one.body and one.who is not None and one.method == "POST":
        found |= {409}
    if one.path.startswith(WEBHOOK) and one.method != "PUT" and not one.query:
        found |= {404}
    if one.path == WEBHOOK and one.method != "GET":
        found |= {409}
    if one.conditional:
        found |= {412}
    return found


def _callers(who: frozenset[Role] | None) -> str:
    return f" Open to: {', '.join(sorted(who))}." if who is not None else " Open to anyone."


def _security(who: frozenset[Role] | None) -> list[dict[str, list[str]]]:
    """The ways in, any of which will do."""
    roles = who or frozenset[Role]()
    ways: list[dict[str, list[str]]] = [{"staff": []}] if roles & STAFF else []
    if Role.STOREFRONT in roles:
        ways.append({"storefront": ["complaints/submit"]})
    if Role.CONSUMER in roles:
        ways.append({"consumer": []})
    return ways


def _parameters(one: Operation, by_part: Schemas) -> Iterator[dict[str, Any]]:
    for name in PARAMETER.findall(one.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"} | IN_PATH.get(name, {})}
    if one.query:
        for name, schema in by_part[one.name, "query"]["properties"].items():
            told = {"description": schema["description"]} if "description" in schema else {}
            rest = {key: value for key, value in schema.items() if key != "description"}
            yield {"name": name, "in": "query", "required": False, **told, "schema": rest}
    if one.method == "POST" and one.who is not None:
        said = "The same key with the same body gives the same answer again, for 24 h."
        key = {"minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$"}
        yield _header("Idempotency-Key", said, **key)
    if one.conditional:
        said = 'The ETag of what the caller has seen. Its version counts, `"7"` will do; 412 if it is another by now.'
        yield _header("If-Match", said)
    if _has_tag(one, HTTPStatus.OK) and one.method == "GET":
        yield _header("If-None-Match", "The ETag of what the caller has; 304 without a body if that is still so.")


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    described = {"type": "string", **schema}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": described}


def _lifecycle() -> str:
    """The lifecycle table in words."""
    table = [LIFECYCLE.heading, ["---"] * len(LIFECYCLE.heading), *LIFECYCLE.rows()]
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    return "\n".join(["After-sales complaint handling for online shops.", "", *lines])
