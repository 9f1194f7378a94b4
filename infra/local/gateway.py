"""The API as API Gateway would serve it: Chalice's local gateway, made to agree with AWS and with our own contract.

Chalice's own event lacks what AWS gives (a request id among it), its route matcher loses what follows a `;`, carries
captures from one route into the next and takes broken addresses for a server error; its errors are not ours.
A slash at the end of an address means nothing, and what is long is sent compressed to whoever takes it, as on AWS. One
difference is deliberate, the status of a method that is not possible: 405, where AWS does not tell it from an address
where nothing is.
"""

import base64
import gzip
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ForbiddenError, LocalGateway, NotAuthorizedError

from infra.aws.answers import Answer, Refused
from infra.aws.pumps import LOG
from infra.local.answers import PROBLEM, OurHandler
from infra.local.options import HOST

Route = tuple[str, dict[str, str]]
CONFIG = Path(__file__).parents[2] / ".chalice" / "config.json"
SMALLEST_COMPRESSED: int = json.loads(CONFIG.read_text("utf-8"))["minimum_compression_size"]
"""Bytes."""


def made_thread_safe(app: Chalice) -> Chalice:
    """Give the app a current request per thread, as `chalice local` does, and a Lambda context per thread too."""
    local = threading.local()

    def per_thread(name: str) -> property:
        return property(lambda self: getattr(local, name, None), lambda self, value: setattr(local, name, value))

    own = {"current_request": per_thread("request"), "lambda_context": per_thread("context")}
    app.__class__ = type(app.__class__.__name__, (app.__class__,), own)
    return app


class Gateway(LocalGateway):
    """Turns requests into events, and calls the app with them."""

    def __init__(self, app: Chalice) -> None:
        super().__init__(app, Config(chalice_stage="local", config_from_disk={"app_name": app.app_name}))
        self.app = app
        # Literal segments before captured ones: /complaints/new before /complaints/{id}.
        self._routes = sorted(app.routes, key=lambda route: [part.startswith("{") for part in route.split("/")])

    def match(self, path: str) -> Route:
        """The route of a path and what it captures. Raises Refused where there is none."""
        parts = (path.rstrip("/") or "/").split("/")
        for route in self._routes:
            names = route.split("/")
            if len(names) == len(parts) and all(
                (name.startswith("{") and part) or name == part for name, part in zip(names, parts, strict=True)
            ):
                pairs = zip(names, parts, strict=True)
                return route, {name[1:-1]: unquote(part) for name, part in pairs if name.startswith("{")}
        raise Refused(404, "There is nothing at this address.")

    def methods(self, route: str) -> set[str]:
        """The methods that get an answer: the app's, and a preflight where the app is for browsers. No HEAD: it would
        take a method of its own on AWS."""
        entries = self.app.routes[route]
        preflight = {"OPTIONS"} if any(entry.cors is not None for entry in entries.values()) else set()
        return {*entries, *preflight}

    def call(self, event: dict[str, Any]) -> Mapping[str, Any]:
        """What the app, or Chalice's preflight, answers to the event."""
        method = event["httpMethod"]
        if method == "OPTIONS" and not self._has_user_defined_options_method(event):
            return {"statusCode": 200, "headers": self._autogen_options_headers(event), "body": None}
        context = self._generate_lambda_context()
        context.aws_request_id = event["requestContext"]["requestId"]
        event, context = self._authorizer.authorize(event["path"], event, context)
        answer: Mapping[str, Any] = self.app(event, context)
        return answer


class ApiHandler(OurHandler):
    """A connection to the API. A subclass sets the gateway, and what whoever is not recognised is told besides."""

    gateway: ClassVar[Gateway]
    strangers: ClassVar[str] = ""

    def respond(self, path: str, query: str, body: bytes) -> Answer:
        route, captured = self.gateway.match(path)
        self.about, methods, method = route, self.gateway.methods(route), self.command
        if method not in methods:
            raise Refused(405, f"{method[:20]} is not possible here.", ("Allow", ", ".join(sorted(methods))))
        event = self._event(method, path, route, captured, query, body)
        try:
            return self._compressed(self._explained(_answer(self.gateway.call(event))))
        except (ForbiddenError, NotAuthorizedError) as refusal:
            return self.refusal(refusal.CODE, "The caller may not do this.")
        except Exception:  # what the function does not catch is an internal error on AWS, too
            LOG.exception("%s %s failed", method, route)
            return self.refusal(500, "Something went wrong on our side.")

    def _explained(self, answer: Answer) -> Answer:
        """The answer, but a token that is not known may be one of before this system began."""
        if answer.status != 401 or not self.strangers or "Authorization" not in self.headers:
            return answer
        if ("Content-Type", PROBLEM) not in answer.headers:  # but a page for people
            return answer
        told = json.loads(answer.body)
        if told["reason"] not in ("credentials_invalid", "link_not_whole"):  # it is known, and worth nothing otherwise
            return answer
        told["detail"] = f"{told['detail']} {self.strangers}"
        return replace(answer, body=json.dumps(told, ensure_ascii=False).encode())

    def _compressed(self, answer: Answer) -> Answer:
        """As API Gateway sends it (MinimumCompressionSize): text that is long enough, to whoever takes gzip."""
        coded = any(name.lower() == "content-encoding" for name, _ in answer.headers)
        if coded or len(answer.body) < SMALLEST_COMPRESSED or not _takes_gzip(self.headers.get("Accept-Encoding", "")):
            return answer
        return replace(
            answer, body=gzip.compress(answer.body, mtime=0), headers=[*answer.headers, ("Content-Encoding", "gzip")]
        )

    def _event(
        self, method: str, path: str, route: str, captured: dict[str, str], query: str, body: bytes
    ) -> dict[str, Any]:
        """The event of API Gateway's Lambda proxy integration."""
        headers = {name.lower(): self.headers.get_all(name, []) for name in self.headers}
        queries = _parsed(query)
        text, is_base64 = self._text(body)
        return {
            "resource": route,
            "path": unquote(path),
            "httpMethod": method,
            "headers": {name: values[-1] for name, values in headers.items()},
            "multiValueHeaders": headers,
            "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
            "multiValueQueryStringParameters": queries or None,
            "pathParameters": captured,
            "stageVariables": {},
            "requestContext": {
                "requestId": self.request_id,
                "apiId": "local",
                "domainName": f"{HOST}:{self.server.server_address[1]}",
                "resourcePath": route,
                "path": path,
                "httpMethod": method,
                "stage": "local",
                "protocol": self.request_version,
                "requestTimeEpoch": int(time.time() * 1000),
                "identity": {"sourceIp": self.client_address[0], "userAgent": self.headers.get("User-Agent")},
            },
            "body": text,
            "isBase64Encoded": is_base64,
        }

    def _text(self, body: bytes) -> tuple[str | None, bool]:
        """A body as the event has it. What is not UTF-8 goes through as it is, for the app to refuse: AWS would put
        replacement characters in its place, and nobody would know."""
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in self.gateway.app.api.binary_types:
            try:
                return body.decode("utf-8") or None, False
            except UnicodeDecodeError:
                pass
        return (base64.b64encode(body).decode("ascii"), True) if body else (None, False)


def _takes_gzip(accepted: str) -> bool:
    """Whether a caller names it, and not to refuse it ("gzip;q=0")."""
    for one in accepted.lower().split(","):
        coding, _, weight = one.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" or not weight
    return False


def _parsed(query: str) -> dict[str, list[str]]:
    try:
        return parse_qs(query, keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise Refused(400, "The query has too many fields.") from None


def _answer(given: Mapping[str, Any]) -> Answer:
    """What goes over the wire for an answer of the app."""
    body = given.get("body") or ""
    raw = (
        base64.b64decode(body)
        if given.get("isBase64Encoded")
        else body
        if isinstance(body, bytes)
        else body.encode("utf-8")
    )
    headers = [(name, str(value)) for name, value in given.get("headers", {}).items()]
    headers += [(name, str(value)) for name, values in given.get("multiValueHeaders", {}).items() for value in values]
    if raw and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    dropped = ("content-length", "connection", "date", "transfer-encoding")
    return Answer(int(given["statusCode"]), raw, [pair for pair in headers if pair[0].lower() not in dropped])
