"""The wire: calls to the API, to the desk and to where files go, with the few repetitions that are safe."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

PATIENCE = (5, 150)
"""Seconds to connect and to wait for an answer: settling may take up to two minutes."""

RETRY = Retry(
    total=3,
    connect=0,  # nobody listens: say so at once
    status_forcelist=(429, 502, 503, 504),
    backoff_factor=0.2,
    allowed_methods=None,  # every POST carries an Idempotency-Key, so that repeating one is safe
    raise_on_status=False,
)


class NoAnswer(Exception):
    """Nothing answers at this address, or not as Redress does."""


@dataclass(frozen=True)
class Reply:
    """What came back, and for what. `body` is None where it was not JSON; `text`: as it came."""

    by: str
    method: str
    path: str
    status: int
    body: Any
    text: str = ""


class Refused(Exception):
    """The system said no where the tour had counted on a yes."""

    def __init__(self, reply: Reply) -> None:
        problem = reply.body if isinstance(reply.body, dict) else {}
        reasons = [f"{one.get('field')} {one.get('message')}" for one in problem.get("errors") or ()]
        said = "; ".join([str(problem.get("detail", "no reason given")), *reasons])
        super().__init__(f"{reply.by}: {reply.method} {reply.path} → {reply.status}, {said}")


def unheard(reply: Reply) -> None:
    """The listener of a line that nobody listens to."""


class Line:
    """A connection to the API and the desk; `heard` is told of every answer. For one thread at a time."""

    def __init__(self, api: str, desk: str, heard: Callable[[Reply], None] = unheard) -> None:
        self.api, self.desk, self.heard = api, desk, heard
        self._session = requests.Session()
        self._session.trust_env = False  # the system is on this machine: no proxy, no netrc
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=RETRY))

    def call(self, by: str, method: str, path: str, **sent: Any) -> Reply:
        """One call to the API; `sent` is as for requests. Raises NoAnswer."""
        return self._call(self.api, by, method, path, sent)

    def upload(self, by: str, form: Mapping[str, Any], content: bytes) -> None:
        """A browser's part: the fields of the form, then the file. Raises NoAnswer, and Refused unless it is taken."""
        address = urlsplit(form["url"])
        base = f"{address.scheme}://{address.netloc}"
        sent = {"data": form["fields"], "files": {"file": ("photo.png", content)}}
        reply = self._call(base, by, "POST", address.path, sent)
        if reply.status != 204:
            raise Refused(reply)

    # ---- the desk ------------------------------------------------------------------------------------------------

    def at_desk(self, by: str, method: str, path: str, **sent: Any) -> Reply:
        """One call to the desk. Raises NoAnswer, and Refused unless it succeeds."""
        return granted(self._call(self.desk, by, method, path, sent))

    def settle(self) -> None:
        """Returns when every reaction is over."""
        self.at_desk("tour", "POST", "/settle")

    def outbox(self, to: str | None = None) -> list[dict[str, Any]]:
        """What the system has sent, oldest first."""
        return list(self.at_desk("tour", "GET", f"/outbox?to={to}" if to else "/outbox").body)

    def look_for_both(self) -> None:
        """Raises NoAnswer unless a Redress is up at both addresses."""
        for base, path in ((self.desk, "/health"), (self.api, "/v1/health")):
            reply = self._call(base, "tour", "GET", path, {})
            if reply.status != 200 or not isinstance(reply.body, dict) or reply.body.get("status") != "ok":
                raise NoAnswer(f"{base} answers, but not as a healthy Redress does ({path} → {reply.status})")

    # ---- one call ------------------------------------------------------------------------------------------------

    def _call(self, base: str, by: str, method: str, path: str, sent: dict[str, Any]) -> Reply:
        try:
            answer = self._session.request(method, base + path, timeout=PATIENCE, **sent)
        except requests.RequestException as fault:
            raise NoAnswer(f"{base} does not answer ({type(fault).__name__})") from None
        try:
            body = answer.json()
        except requests.JSONDecodeError:
            body = None
        where = {self.api: "", self.desk: "desk "}.get(base, "S3 ")
        reply = Reply(by, method, where + path, answer.status_code, body, answer.text)
        self.heard(reply)
        return reply


def granted(reply: Reply) -> Reply:
    """The reply itself. Raises Refused unless it is a success with a body."""
    if not 200 <= reply.status < 300 or reply.body is None:
        raise Refused(reply)
    return reply
