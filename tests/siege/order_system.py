"""The order system of a hostile shop: honest about most orders, and about some as bad as an order system can be.

An order number that begins with `H-` names what it is answered with: `H-bomb-17` by a compressed bomb.
"""

import gzip
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote

from infra.local.shop import order

UNPACKED = 100_000_000  # bytes of a bomb, sent as a thousandth of them
DRIPS = 60  # bytes, a second apart


class Shop:
    """What it was asked, and whether it still answers. `astray`: the addresses that a house should not ask for."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.astray: set[str] = set()
        self.closing = threading.Event()

    def hear(self, path: str) -> str:
        """The order that a path asks for; empty if it asks for none."""
        folder, _, rest = path.removeprefix("/").partition("/")
        if folder != "orders" or not rest or {"/", "?"} & set(rest):
            self.astray.add(path[:100])
            return ""
        number = unquote(rest)
        self.asked[trick_of(number)] += 1
        return number


def trick_of(number: str) -> str:
    """How an order is answered: "honest", or by which trick."""
    _, dash, rest = number.partition("H-")
    trick = rest.partition("-")[0]
    return trick if dash and trick in TRICKS else "honest"


class Handler(BaseHTTPRequestHandler):
    shop: ClassVar[Shop]

    def do_GET(self) -> None:
        number = self.shop.hear(self.path)
        if not number:
            self.answer(404)
        else:
            TRICKS.get(trick_of(number), honest)(self, number)

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        """A byte a second, until nobody listens or the shop closes."""
        self.send_response(200)
        self.send_header("Content-Length", str(DRIPS))
        self.end_headers()
        for _ in range(DRIPS):
            if self.shop.closing.wait(1):
                return
            self.wfile.write(b" ")

    def log_message(self, *_: object) -> None:
        """It keeps its peace."""


@cache
def bomb() -> bytes:
    return gzip.compress(b" " * UNPACKED, 9)


def honest(to: Handler, number: str) -> None:
    known = number.startswith(("E", "H-"))
    to.answer(200, _facts(number)) if known else to.answer(404)


def _facts(number: str, **changes: Any) -> bytes:
    return json.dumps(order(number) | changes).encode()


def _priced(currency: str, value: str) -> list[dict[str, Any]]:
    return [{"product_name": "电热水壶 1.7L", "quantity": 1, "price": {"value": value, "currency": currency}}]


LONG = [{"product_name": "很长的名字" * 40, "quantity": 1}] * 600
TRICKS: dict[str, Callable[[Handler, str], None]] = {
    "lines": lambda to, number: to.answer(200, _facts(number, lines=LONG)),
    "bomb": lambda to, number: to.answer(200, bomb(), {"Content-Encoding": "gzip"}),
    "drip": lambda to, number: to.drip(),
    "other": lambda to, number: to.answer(200, _facts("E20261009-0001")),
    "400": lambda to, number: to.answer(400),
    "401": lambda to, number: to.answer(401),
    "429": lambda to, number: to.answer(429, headers={"Retry-After": "86400"}),
    "500": lambda to, number: to.answer(500, b"<html>"),
    "redirect": lambda to, number: to.answer(302, headers={"Location": "/astray"}),
    "garbage": lambda to, number: to.answer(200, b"\xff\x00{" + bytes(range(256))),
    "nested": lambda to, number: to.answer(200, b"[" * 100_000),
    "null": lambda to, number: to.answer(200, b"null"),
    "currency": lambda to, number: to.answer(200, _facts(number, lines=_priced("XYZ", "10.505"))),
    "yen": lambda to, number: to.answer(200, _facts(number, lines=_priced("JPY", "10.50"))),
}


SLOW = ("drip",)
"""Whoever waits for these waits long, and a siege is short: they are played once."""


@contextmanager
def open_shop() -> Iterator[tuple[str, Shop]]:
    """Its URL and itself, for as long as it is open; on this machine's own address only."""
    shop = Shop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"shop": shop}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # the house hangs up, as it may
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", shop
    finally:
        shop.closing.set()
        server.shutdown()
        server.server_close()
