"""What AWS answered, recorded once and played again: so that only the code that asks is measured.

A tape is a handler of botocore's `before-send`: what it gives is taken for the answer of the service. This module is
read by a process whose start is measured: it imports nothing that a client of AWS would not import anyway.
"""

import json
from base64 import b64decode, b64encode
from io import BytesIO
from typing import Any, NamedTuple


class Recorded(NamedTuple):
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire(BytesIO):
    """A body as urllib3 hands it over."""

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


class Player:
    """Gives the answers over and over, in their order."""

    def __init__(self, answers: list[Recorded]) -> None:
        self.answers, self.given = answers, 0

    def __call__(self, request: Any, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        answer = self.answers[self.given % len(self.answers)]
        self.given += 1
        return AWSResponse(request.url, answer.status, answer.headers, Wire(answer.body))


class Recorder:
    """Asks `source`, and keeps what it answers."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.answers: list[Recorded] = []

    def __call__(self, request: Any, **more: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        answer = self.source(request=request, **more)
        headers = {name: str(value) for name, value in answer.headers.items()}
        self.answers.append(Recorded(answer.status_code, headers, answer.content))
        return AWSResponse(request.url, answer.status_code, headers, Wire(answer.content))


class Deck:
    """Stands before everything else that would answer, for as long as something is laid on it."""

    def __init__(self) -> None:
        self.on: Player | Recorder | None = None

    def __call__(self, **asked: Any) -> Any:
        return self.on(**asked) if self.on else None


def dumped(answers: list[Recorded]) -> list[Any]:
    """As JSON can hold it."""
    return [[status, headers, b64encode(body).decode()] for status, headers, body in answers]


def loaded(answers: list[Any]) -> list[Recorded]:
    return [Recorded(status, headers, b64decode(body)) for status, headers, body in answers]


def save(path: str, content: dict[str, Any]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)
