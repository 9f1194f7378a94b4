"""The door: a Chalice blueprint whose operations say who may call, what they take and what they answer.

`Door.operation` is the only way to make a route. It recognises the caller, checks the right, reads body and query into
models, calls the view, and writes the answer; every exception becomes a problem here. There are two kinds, which differ
in how an answer looks: `json.api.Api` for programs, `pages.page.Pages` for people. The same declarations feed
`openapi.json` and the test that walks every route with every kind of caller, so none can be forgotten.
"""

import inspect
import json
import re
import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple, cast

from chalice.app import Blueprint, Request, Response
from pydantic import BaseModel, ValidationError

from chalicelib import log, wallclock
from chalicelib.casework import callers, once, read
from chalicelib.domain.ground.errors import (
    FieldFault,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    NotJson,
    TooLarge,
    Unauthenticated,
)
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.ground.model import HANDED_IN
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.vocabulary.terms import Locale

from . import etags, languages
from .browsers import ALWAYS
from .problems import Reader, as_refusal, invalid, printable, problem

HTML = "text/html; charset=utf-8"
LARGEST_BODY = 256 * 1024  # bytes
PRINTABLE_ASCII = re.compile(r"[\x20-\x7e]{1,255}")
UTF_8 = {"charset=utf-8", "charset=utf8"}


class Answer(NamedTuple):
    """What a view answers; `replayed` says that an earlier request with the same idempotency key had done it."""

    status: int
    body: BaseModel | dict[str, Any] | str | None
    headers: Mapping[str, str | list[str]] = {}
    replayed: bool = False


@dataclass(frozen=True)
class Call:
    """One call of an operation, as its view sees it. Only open operations have no actor.

    `now` in whole seconds; `microsecond`: how far into its second the call came in. `accepted`: which languages.
    `kept`: what the caller has of before, as If-None-Match says it. `api` and `domain`: which API was called and under
    which name, as API Gateway knows it; nothing a caller says changes it, as a `Host` might. `address`: where it came
    from, as the gateway says; of IPv6 the network, which one line has to itself. `cookie`: what the browser keeps for
    us, as it says it. `host` and `came_from`: under which name it found us, and from which page, as it says.
    """

    caller: Actor | None
    now: datetime
    microsecond: int
    path: dict[str, str]
    prefix: str = ""
    idempotency: once.Idempotency | None = None
    seen: frozenset[int] | None = None
    accepted: str = ""
    kept: str = ""
    api: str = ""
    address: str = ""
    cookie: str = ""
    host: str = ""
    came_from: str = ""
    domain: str = ""

    @property
    def actor(self) -> Actor:
        if self.caller is None:
            raise Unauthenticated("token_missing")
        return self.caller

    @property
    def complaint_id(self) -> str:
        """The complaint in the path. Raises NotFound for what cannot be the id of any."""
        try:
            return read_id(self.path["complaint_id"])
        except ValueError:
            raise NotFound("complaint_unknown") from None


View = Callable[..., Answer]


@dataclass(frozen=True)
class Operation:
    """A route: `who` may call (None: anyone), what it takes, and the model it answers for each status."""

    method: str
    path: str
    name: str
    summary: str
    who: frozenset[Role] | None
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answers: dict[int, Any]
    conditional: bool
    view: View = field(repr=False)


class Door(Blueprint):
    """A blueprint of operations, whose answers look alike."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.operations: list[Operation] = []

    def operation(
        self,
        method: str,
        path: str,
        *,
        who: frozenset[Role] | None,
        answers: dict[int, Any],
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        conditional: bool = False,
    ) -> Callable[[View], View]:
        """Declares a route. The view gets the call, then the body or the query; `conditional`: it honours If-Match."""

        def declare(view: View) -> View:
            summary = inspect.cleandoc(view.__doc__ or "")
            operation = Operation(method, path, view.__name__, summary, who, body, query, answers, conditional, view)
            self.operations.append(operation)

            def handle(**in_path: str) -> Response:
                return _answer(self, operation, self.current_request, in_path)

            self.route(path, methods=[method], content_types=[], name=view.__name__)(handle)
            self.declared(path)
            return view

        return declare

    def declared(self, path: str) -> None:
        """An operation has been declared there."""

    def always(self, request: Request) -> dict[str, str]:
        """The headers that every answer has, unless it says otherwise."""
        return ALWAYS

    def admit(self, operation: Operation, request: Request) -> None:
        """Raises Forbidden for a request that is answered to nobody."""

    def recognise(self, request: Request, headers: MutableMapping[str, str | list[str]]) -> Actor:
        """Who calls; into the `headers` of the answer, whatever it will be, goes what keeps them known. Raises
        Unauthenticated, or Unavailable without the pool's keys."""
        return callers.recognise(request.headers.get("authorization"), wallclock.machine_time())

    def sent(self, operation: Operation, request: Request) -> Any:
        """What was sent, for the operation's body to be read from. Raises Malformed, NotJson, TooLarge."""
        return _json(request)

    def queried(self, operation: Operation, request: Request) -> list[BaseModel]:
        """The query as the operation takes it, if it takes any. Raises Invalid for what it does not take."""
        if operation.query:
            return [read_as(operation.query, query_of(request))]
        if request.query_params:
            raise Invalid(FieldFault(printable(name), "unknown_parameter") for name in request.query_params)
        return []

    def reader(self, request: Request, path: str, about: dict[str, str], locale: str | None) -> Reader:
        """Who reads a refusal: a consumer in the language of the complaint where that was read, all others in their
        own."""
        return reader_of(request, path, about, locale)

    def refusal(
        self, status: int, content: dict[str, Any], request: Request, reader: Reader
    ) -> tuple[int, str, dict[str, str]]:
        """A problem as it is written: the status, the text, and the headers it has besides."""
        return status, json.dumps(content, ensure_ascii=False), {}


def tagged(version: int) -> dict[str, str]:
    """The header that carries the version of a record; the door adds of which body it is (`etags`)."""
    return {"ETag": f'"{version}"'}


def _answer(door: Door, operation: Operation, request: Request, in_path: dict[str, str]) -> Response:
    """Serves one request, whatever happens, and leaves one line in the log. All lines of it have its id."""
    request_id = id_of(request)
    with log.following(request_id=request_id):
        return _answer_to(request_id, door, operation, request, in_path)


def _answer_to(
    request_id: str, door: Door, operation: Operation, request: Request, in_path: dict[str, str]
) -> Response:
    began = time.perf_counter()
    headers: dict[str, str | list[str]] = {**door.always(request), "X-Request-Id": request_id}
    about = _about(operation, in_path)
    try:
        answer = _serve(door, operation, request, in_path, about, headers)
        if operation.who is not None:  # what they name is known to be there; anybody could name anything
            about |= {name: value for name, value in in_path.items() if name != "complaint_id"}
        status, body, own = _unless_kept(operation, request, answer, _written(answer.body))
        headers |= _with(own, headers) | ({"Idempotency-Replayed": "true"} if answer.replayed else {})
    except Exception as exception:  # the last line of defence: every exception is answered as a problem
        refusal = as_refusal(exception)
        reader = door.reader(request, operation.path, about, refusal.locale)
        status, more, content = problem(refusal, request_id, reader)
        status, body, besides = door.refusal(status, content, request, reader)
        headers |= _with(more | besides, headers)
        about |= {"reason": refusal.reason}
    elapsed = round((time.perf_counter() - began) * 1000, 1)
    log.note("request", operation=operation.name, status=status, ms=elapsed, **about)
    return Response(body=body, status_code=status, headers=headers)


def _unless_kept(
    operation: Operation, request: Request, answer: Answer, body: str
) -> tuple[int, str, Mapping[str, str | list[str]]]:
    """Status, body and headers: nothing but its tag of what the caller has already."""
    if "ETag" not in answer.headers:
        return answer.status, body, answer.headers
    tag = etags.of(str(answer.headers["ETag"]), body)
    reads = operation.method == "GET" and answer.status == HTTPStatus.OK
    if reads and etags.is_kept(tag, str(request.headers.get("if-none-match", ""))):
        return HTTPStatus.NOT_MODIFIED, "", {**answer.headers, "ETag": tag}
    return answer.status, body, {**answer.headers, "ETag": tag}


def _with(more: Mapping[str, str | list[str]], headers: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    """More headers; what differs by one thing may differ by another already."""
    varies = [str(one["Vary"]) for one in (headers, more) if "Vary" in one]
    return {**more, **({"Vary": ", ".join(varies)} if varies else {})}


def reader_of(request: Request, path: str, about: dict[str, str], locale: str | None) -> Reader:
    """Who reads a refusal: a consumer in the language of the complaint where that was read, all others in their own."""
    of_caller = languages.OF_CONSUMERS if about.get("caller") == "consumer" else languages.DEFAULT
    asked = languages.preferred(accepted(request), of_caller)
    return Reader(cast("Locale", locale) if locale else asked, prefix_of(request, path))


def id_of(request: Request) -> str:
    return str(request.context.get("requestId") or getattr(request.lambda_context, "aws_request_id", ""))


def _about(operation: Operation, in_path: dict[str, str]) -> dict[str, str]:
    """What the log says a request is about: who asks, until they are known nobody, and the complaint, if it is one."""
    about = {} if operation.who is None else {"caller": "nobody"}
    with suppress(KeyError, ValueError):
        about["record"] = read_id(in_path["complaint_id"])
    return about


def _asked_by(actor: Actor) -> dict[str, str]:
    """Staff by user name, storefronts by client id; a consumer is the one of the complaint."""
    return {"caller": actor.kind} | ({} if actor.kind == "consumer" else {"who": actor.id})


def _serve(
    door: Door,
    operation: Operation,
    request: Request,
    in_path: dict[str, str],
    about: dict[str, str],
    headers: MutableMapping[str, str | list[str]],
) -> Answer:
    """Adds to what the request is `about` who makes it, as soon as that is known."""
    exactly = wallclock.exactly()
    door.admit(operation, request)
    actor = None
    if operation.who is not None:
        actor = door.recognise(request, headers)
        about |= _asked_by(actor)
    with read.spoken_to(actor):
        return _serve_to(actor, door, operation, request, in_path, exactly)


def _serve_to(
    actor: Actor | None,
    door: Door,
    operation: Operation,
    request: Request,
    in_path: dict[str, str],
    exactly: datetime,
) -> Answer:
    """To a caller who is known, or to anybody."""
    now = exactly.replace(microsecond=0)
    if actor and operation.who is not None and not actor.roles & operation.who:
        raise Forbidden("role_not_open", roles=sorted(operation.who))
    arguments = door.queried(operation, request)
    sent: Any = None
    if operation.body:
        sent = door.sent(operation, request)
        arguments.append(read_as(operation.body, sent))
    asked = [operation.method, operation.path, in_path, sent]
    return operation.view(
        Call(
            actor,
            now,
            exactly.microsecond,
            in_path,
            prefix=prefix_of(request, operation.path),
            idempotency=_idempotency(request, actor, asked, now),
            seen=_seen(operation, request),
            accepted=accepted(request),
            kept=str(request.headers.get("if-none-match", "")),
            api=str(request.context.get("apiId", "")),
            domain=str(request.context.get("domainName", "")),
            address=_address(request),
            cookie=str(request.headers.get("cookie", "")),
            host=str(request.headers.get("host", "")).lower(),
            came_from=str(request.headers.get("referer", "")),
        ),
        *arguments,
    )


def accepted(request: Request) -> str:
    return str(request.headers.get("accept-language", ""))


def prefix_of(request: Request, path: str) -> str:
    """What API Gateway puts before our paths: its stage, unless a domain of our own is mapped to it. `path`: the
    operation's own, of as many segments as that of the request without it."""
    asked = str(request.context.get("path") or request.path).rstrip("/")
    return "/".join(asked.split("/")[: -path.count("/")])


def _address(request: Request) -> str:
    """Of whoever calls the gateway. A proxy before it is one caller: what it says of others, anybody could say."""
    said = str(request.context.get("identity", {}).get("sourceIp", ""))
    with suppress(ValueError):
        address = ip_address(said)
        return str(address if address.version == 4 else ip_network((address, 64), strict=False))
    return said


def read_as(model: type[BaseModel], content: Any) -> BaseModel:
    """What was sent, as a model. Raises Invalid."""
    try:
        return model.model_validate(content, context=HANDED_IN)
    except ValidationError as fault:
        raise invalid(fault) from None


def query_of(request: Request) -> dict[str, str]:
    given = request.query_params
    if given is None:
        return {}
    if twice := [name for name in given if len(given.getlist(name)) > 1]:
        raise Invalid(FieldFault(printable(name), "given_twice") for name in twice)
    return {name: given[name] for name in given}


def _json(request: Request) -> Any:
    """The body. Nothing at all counts as an empty object, so that a call without arguments needs no body."""
    raw = request.raw_body if isinstance(request.raw_body, bytes) else request.raw_body.encode()
    if len(raw) > LARGEST_BODY:
        raise TooLarge("body_too_large", most=LARGEST_BODY)
    if not raw:
        return {}
    announced = request.headers.get("content-type", "application/json").lower().replace('"', "")
    kind, *parameters = (part.strip() for part in announced.split(";"))
    if kind != "application/json" or any(one.startswith("charset") and one not in UTF_8 for one in parameters):
        raise NotJson("not_sent_as_json")
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_no_name_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed("body_not_json") from None


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name twice in one object")
    return read


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _idempotency(request: Request, actor: Actor | None, asked: list[Any], now: datetime) -> once.Idempotency | None:
    """The record of a request with an Idempotency-Key; `asked` is what makes it that request: method, path, body."""
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST":
        return None
    if not PRINTABLE_ASCII.fullmatch(key):
        raise Invalid([FieldFault("Idempotency-Key", "not_a_key")])
    if actor is None:
        return None
    return once.idempotency(f"{actor.kind} {actor.id}", key, json.dumps(asked, sort_keys=True).encode(), now)


def _seen(operation: Operation, request: Request) -> frozenset[int] | None:
    """The versions named by If-Match; None if it is absent or `*`. A tag that is not one of ours matches nothing."""
    header = request.headers.get("if-match")
    if header is None or not operation.conditional or header.strip() == "*":
        return None
    return etags.versions(header)


def _written(body: BaseModel | dict[str, Any] | str | None) -> str:
    """JSON, but for a page, which is written already."""
    if body is None or isinstance(body, str):
        return body or ""
    return body.model_dump_json() if isinstance(body, BaseModel) else json.dumps(body, ensure_ascii=False)
