"""A shop's systems: its orders, of which every one is known, and a receiver of webhooks that takes them all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

FACTS = {"seller": "晨光电器", "lines": [{"product_name": "电热水壶 1.7L"}]}


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(FACTS | {"order_number": unquote(self.path.rpartition("/")[2])}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """It keeps its peace."""


@contextmanager
def open_shop() -> Iterator[str]:
    """Its URL, for as long as it is open."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
