"""The wire: who asked what, and what came of it. Nothing is repeated, so that nothing is overlooked."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any, NamedTuple

import requests

from tests.running import PATIENCE

LARGEST_ANSWER = 6_000_000
"""Bytes. A Lambda function answers 6 MB at the most."""


class Reply(NamedTuple):
    """What came back; `body` is None where it was not JSON. Status 0: nothing came."""

    status: int
    body: Any
    size: int = 0
    headers: Mapping[str, str] = {}

    @property
    def said(self) -> str:
        """Its status and, of a refusal, its code and its reason."""
        problem = self.body if isinstance(self.body, dict) else {}
        return " ".join(str(one) for one in (self.status, problem.get("code"), problem.get("detail")) if one)


class Wrong(NamedTuple):
    """An answer that nobody may get: who asked what, and how it was answered."""

    party: str
    asked: str
    what: str


@dataclass
class Ledger:
    """The answers of a siege, by party. For many threads."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[Wrong] = field(default_factory=list)
    largest: tuple[int, str] = (0, "")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, party: str, asked: str, reply: Reply, seconds: float) -> None:
        with self._lock:
            self.answers[party, reply.status] += 1
            self.seconds[party].append(seconds)
            if is_ours := " /v1/" in asked:  # the desk and S3 are no Lambda functions
                self.largest = max(self.largest, (reply.size, asked))
            if what := _wrong(reply, is_ours):
                self.wrong.append(Wrong(party, asked, what))

    @property
    def asked(self) -> int:
        return sum(self.answers.values())

    def parties(self) -> list[str]:
        return sorted(self.seconds)

    def by(self, party: str) -> int:
        return len(self.seconds[party])

    def milliseconds(self, party: str) -> tuple[float, float]:
        """The median, and what 95 of a hundred did not exceed."""
        taken = self.seconds[party]
        if len(taken) < 2:
            return (taken[0] * 1000,) * 2 if taken else (0.0, 0.0)
        cuts = quantiles(taken, n=20)
        return cuts[9] * 1000, cuts[18] * 1000


def _wrong(reply: Reply, is_ours: bool) -> str:
    if reply.status >= 500 or not reply.status:
        return f"{reply.said or 'no answer'} {reply.headers.get('X-Request-Id', '')}".strip()
    if is_ours and reply.size > LARGEST_ANSWER:
        return f"an answer of {reply.size} bytes, which a Lambda function cannot give"
    return ""


class Wire:
    """The connection of one party, for one thread at a time. `before`: what it does before each request."""

    def __init__(self, base: str, party: str, ledger: Ledger, before: Callable[[], object] = lambda: None) -> None:
        self.base, self.party, self._ledger, self._before = base, party, ledger, before
        self._session = requests.Session()
        self._session.trust_env = False  # the system is on this machine: no proxy, no netrc

    def get(self, path: str, **sent: Any) -> Reply:
        return self.ask("GET", path, **sent)

    def post(self, path: str, body: Any, **sent: Any) -> Reply:
        """`body` is sent as JSON, bytes as they are."""
        content = {"data": body} if isinstance(body, bytes) else {"json": body}
        return self.ask("POST", path, **content, **sent)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, token: str = "", **sent: Any
    ) -> Reply:
        self._before()
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        json_by_default = {"Content-Type": "application/json"} if "data" in sent else {}
        return self._ask(method, self.base + path, json_by_default | shown | dict(headers or {}), **sent)

    def upload(self, form: Mapping[str, Any], content: bytes) -> Reply:
        """A browser's part of adding a file."""
        return self._ask("POST", form["url"], {}, data=form["fields"], files={"file": ("file", content)})

    def _ask(self, method: str, url: str, headers: Mapping[str, str], **sent: Any) -> Reply:
        began = time.perf_counter()
        try:
            answer = self._session.request(
                method, url, headers=dict(headers), timeout=(5, PATIENCE + 30), allow_redirects=False, **sent
            )
            reply = Reply(answer.status_code, _json(answer), len(answer.content), answer.headers)
        except requests.RequestException as fault:
            reply = Reply(0, {"detail": type(fault).__name__})
        asked = f"{method} {url.removeprefix(self.base)}"[:200]
        self._ledger.note(self.party, asked, reply, time.perf_counter() - began)
        return reply


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except requests.JSONDecodeError:
        return None
