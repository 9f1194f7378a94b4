"""Answers and refusals, as the servers of one machine give them."""

import json
from dataclasses import dataclass, field


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)


class Refused(Exception):
    """The request gets this status, and nothing else happens. `close`: what follows on the connection is unreadable."""

    def __init__(self, status: int, detail: str, *headers: tuple[str, str], close: bool = False) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.close = status, detail, list(headers), close


def json_answer(status: int, content: object, *headers: tuple[str, str], kind: str = "application/json") -> Answer:
    body = json.dumps(content, ensure_ascii=False).encode("utf-8")
    return Answer(status, body, [("Content-Type", kind), *headers])
