"""Pages of another origin, whose script asks for things there as a shop's own page does."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple

from playwright.sync_api import Page

BLANK = b"<!doctype html><html lang=en><title>A shop</title><link rel=icon href=data:,><h1>A shop</h1></html>"
ASK = """async ([address, {form, file, ...how}]) => {
  if (form) {
    how.body = new FormData();
    Object.entries(form).forEach(([name, value]) => how.body.append(name, value));
    how.body.append("file", new Blob([Uint8Array.from(file)]));
  }
  try {
    const answer = await fetch(address, how), bytes = new Uint8Array(await answer.arrayBuffer());
    return [answer.status, Object.fromEntries(answer.headers), [...bytes], answer.url];
  } catch (fault) {
    return [0, {}, [], String(fault)];
  }
}"""


class Heard(NamedTuple):
    """What a script of the page may read of an answer; status 0 is nothing at all."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(BLANK)))
        self.end_headers()
        self.wfile.write(BLANK)

    def log_message(self, *_: object) -> None:
        """It keeps its peace."""


@contextmanager
def site() -> Iterator[str]:
    """The origin of a site with one page, for as long as it is there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask(page: Page, address: str, **how: Any) -> Heard:
    """The page's script asks for an address: `how` as `fetch` takes it, or `form` and `file`, as S3 does."""
    status, headers, body, url = page.evaluate(ASK, [address, how])
    return Heard(status, headers, bytes(body), url)
