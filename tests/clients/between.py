"""Who stands between a client and the running system: keeps what was asked and answered, for clients may say of
themselves what they like; and adds a field to every answer, since the contract may do so any day."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PATIENCE = 120
ADDED = "added_tomorrow"
OF_THE_WAY = {"connection", "transfer-encoding", "content-length", "date", "server", "host", "accept-encoding"}
"""Headers that each part of the way has for itself."""


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    query: dict[str, list[str]]
    status: int


@dataclass
class Between:
    """The base URL to call instead, and what went through so far, in order."""

    url: str
    seen: list[Exchange] = field(default_factory=list)


@contextmanager
def between(api: str) -> Iterator[Between]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    kept = Between(f"http://127.0.0.1:{server.server_port}")
    server.api, server.kept = urlsplit(api).netloc, kept  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)


def with_more(answer: Any) -> Any:
    """The same with a field more in the answer itself and in every object of its lists."""
    if isinstance(answer, list):
        return [with_more(one) for one in answer]
    if isinstance(answer, dict):
        return {key: _lists_with_more(value) for key, value in answer.items()} | {ADDED: {"why": "it may"}}
    return answer


def _lists_with_more(value: Any) -> Any:
    """An object that stands alone may be one whose keys are anything; it is left as it is, but for lists in it."""
    if isinstance(value, dict):
        return {key: _lists_with_more(one) for key, one in value.items()}
    return with_more(value) if isinstance(value, list) else value


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = HTTPConnection(self.server.api, timeout=PATIENCE)  # type: ignore[attr-defined]
        sent = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_WAY}
        asked.request(self.command, self.path, body or None, sent)
        with asked.getresponse() as reply:
            content = reply.read()
        asked.close()
        url = urlsplit(self.path)
        self.server.kept.seen.append(  # type: ignore[attr-defined]
            Exchange(self.command, url.path, parse_qs(url.query), reply.status)
        )
        if "json" in reply.headers.get("Content-Type", "") and content:
            content = json.dumps(with_more(json.loads(content))).encode()
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            if name.lower() not in OF_THE_WAY:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _pass_on

    def log_message(self, *_: object) -> None:
        """Its log is what it keeps."""
