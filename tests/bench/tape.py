"""What AWS answered, recorded once and played again: so that only the code that asks is measured.

A tape is a handler of botocore's `before-send`: what it gives is taken for the answer of the service. This module is
read by a process whose start is measured: it imports nothing that a client of AWS would not import anyway.
"""

import json
from base64 import b64decode, b64encode
from collections import Counter
from io import BytesIO
from threading import Lock
from typing import Any, NamedTuple
from zlib import crc32


class Recorded(NamedTuple):
    """One answer as it came over the wire, and to what."""

    status: int
    headers: dict[str, str]
    body: bytes
    asked: str


def asked_by(request: Any) -> str:
    """What is asked for, in short: parts of a page are read at the same time, in any order."""
    target = request.headers.get("X-Amz-Target", b"")
    content = request.body or b""
    content = content if isinstance(content, bytes | str) else b""
    whole = content.encode() if isinstance(content, str) else content
    return f"{target!r} {request.method} {request.url} {crc32(whole)}"


class Wire(BytesIO):
    """A body as urllib3 hands it over."""

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


class Player:
    """Gives the answers over and over: to what was asked before what came then, to all else the next in their order."""

    def __init__(self, answers: list[Recorded]) -> None:
        self.answers, self.given = answers, 0
        self._to: dict[str, list[Recorded]] = {}
        self._turns: Counter[str] = Counter()
        self._lock = Lock()
        for one in answers:
            self._to.setdefault(one.asked, []).append(one)

    def __call__(self, request: Any, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        asked = asked_by(request)
        with self._lock:
            same = self._to.get(asked)
            answer = same[self._turns[asked] % len(same)] if same else self.answers[self.given % len(self.answers)]
            self._turns[asked] += 1
            self.given += 1
        return AWSResponse(request.url, answer.status, answer.headers, Wire(answer.body))


class Recorder:
    """Asks `source`, and keeps what it answers."""

    def __init__(self, source: Any) -> None:
        self.source, self._lock = source, Lock()
        self.answers: list[Recorded] = []

    def __call__(self, request: Any, **more: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        with self._lock:
            answer = self.source(request=request, **more)
            headers = {name: str(value) for name, value in answer.headers.items()}
            self.answers.append(Recorded(answer.status_code, headers, answer.content, asked_by(request)))
        return AWSResponse(request.url, answer.status_code, headers, Wire(answer.content))


class Deck:
    """Stands before everything else that would answer, for as long as something is laid on it."""

    def __init__(self) -> None:
        self.on: Player | Recorder | None = None

    def __call__(self, **asked: Any) -> Any:
        return self.on(**asked) if self.on else None


def dumped(answers: list[Recorded]) -> list[Any]:
    """As JSON can hold it."""
    return [[status, headers, b64encode(body).decode(), asked] for status, headers, body, asked in answers]


def loaded(answers: list[Any]) -> list[Recorded]:
    return [Recorded(status, headers, b64decode(body), asked) for status, headers, body, asked in answers]


def save(path: str, content: dict[str, Any]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)
