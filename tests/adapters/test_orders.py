"""The shop's order system is asked by exactly the address that is signed, and bounded whatever it answers."""

import gzip
import hmac
import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wallclock
from chalicelib.adapters import orders
from chalicelib.adapters.orders import AnotherOrder, Busy, NotTaken, NotTrusted, OrderSystemDown
from tests.house import House

Say = Callable[[socket.socket], None]


def says(status: str, body: bytes = b"", *headers: str) -> Say:
    """An answer in one piece."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
    return lambda wire: wire.sendall(head.encode() + b"\r\n" + body)


def facts(number: str = "E1", **more: Any) -> Say:
    return says("200 OK", json.dumps({"order_number": number, **more}).encode())


class Shop(socketserver.ThreadingTCPServer):
    """A server that knows nothing of HTTP: it keeps what it is sent, and says what it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        self.say: Say = facts()
        self.heard: list[list[str]] = []
        self.closing = threading.Event()
        shop = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                lines = list(iter(lambda: self.rfile.readline().decode("latin-1").strip(), ""))
                shop.heard.append(lines)
                with suppress(OSError):  # whoever asked has gone
                    shop.say(self.request)

        super().__init__(("127.0.0.1", 0), Handler)

    def drip(self, beginning: bytes, drop: bytes) -> Say:
        def dripping(wire: socket.socket) -> None:
            wire.sendall(beginning)
            while not self.closing.wait(0.05):
                wire.sendall(drop)

        return dripping


@pytest.fixture
def shop(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with Shop() as served:
        threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        url = f"http://127.0.0.1:{served.server_address[1]}/api/"
        house.set(monkeypatch, REDRESS_ORDER_SYSTEM_URL=url, REDRESS_ORDER_SYSTEM_SECRET="s" * 32)
        yield served
        served.closing.set()
        served.shutdown()


def ask(number: str = "E1") -> Any:
    return orders.facts_of(number, wallclock.machine_time())


@pytest.mark.parametrize(
    ("number", "step"),
    [
        ("E20261009-0042", "E20261009-0042"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("...", "%2E%2E%2E"),
        ("a/b", "a%2Fb"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("E1?x=1", "E1%3Fx%3D1"),
        ("E1#x", "E1%23x"),
        ("100%", "100%25"),
        ("%2e%2e", "%252e%252e"),
        ("E 1", "E%201"),
        ("订单1", "%E8%AE%A2%E5%8D%951"),
        ("a\\b;c", "a%5Cb%3Bc"),
    ],
)
def test_a_number_is_asked_whole_and_signed_as_it_is_sent_whatever_is_in_it(shop: Shop, number: str, step: str) -> None:
    shop.say = facts(number)
    assert ask(number).order_number == number
    (request, *lines) = shop.heard[0]
    assert request == f"GET /api/orders/{step} HTTP/1.1"
    sent = dict(line.split(": ", 1) for line in lines)
    said = f"{sent['X-Redress-Timestamp']}\nGET\n/api/orders/{step}".encode()
    assert sent["X-Redress-Signature"] == f"sha256={hmac.digest(b's' * 32, said, 'sha256').hex()}"


def test_404_says_that_there_is_no_such_order(shop: Shop) -> None:
    shop.say = says("404 Not Found")
    assert ask() is None


@pytest.mark.parametrize("status", ["400 Bad Request", "410 Gone", "414 URI Too Long", "422 Unprocessable"])
def test_another_4xx_is_an_answer_and_pauses_nobody(shop: Shop, status: str) -> None:
    shop.say = says(status)
    for _ in range(2 * orders.FAILURES_BEFORE_PAUSE):
        with pytest.raises(NotTaken):
            ask("..")
    shop.say = facts("E2")
    assert ask("E2") is not None


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_signature_that_is_not_taken_is_our_fault_and_keeps_nobody_else_waiting(shop: Shop, status: str) -> None:
    shop.say = says(status)
    for order in range(2 * orders.FAILURES_BEFORE_PAUSE):
        with pytest.raises(NotTrusted):
            ask(f"E{order}")
    assert len(shop.heard) == 2 * orders.FAILURES_BEFORE_PAUSE


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("Retry-After: 20", 20), ("Retry-After: 99999999", 60), ("Retry-After: soon", 60), ("X: y", 60)],
)
def test_a_shop_that_asks_not_to_be_asked_is_given_the_time_that_it_wants(
    shop: Shop, header: str, seconds: int
) -> None:
    shop.say, now = says("429 Too Many Requests", b"", header), wallclock.machine_time()
    with pytest.raises(Busy):
        orders.facts_of("E1", now)
    shop.say = facts("E2")
    with pytest.raises(OrderSystemDown):
        orders.facts_of("E2", now + timedelta(seconds=seconds - 1))
    assert orders.facts_of("E2", now + timedelta(seconds=seconds)) is not None
    assert len(shop.heard) == 2


def test_one_order_about_which_it_fails_again_and_again_pauses_nobody_and_several_do(shop: Shop) -> None:
    shop.say = says("500 Internal Server Error")
    for _ in range(2 * orders.FAILURES_BEFORE_PAUSE):
        with pytest.raises(OrderSystemDown):
            ask("E1")
    assert len(shop.heard) == 2 * orders.FAILURES_BEFORE_PAUSE
    for order in range(2 * orders.FAILURES_BEFORE_PAUSE):
        with pytest.raises(OrderSystemDown):
            ask(f"E{order}")
    assert len(shop.heard) == 3 * orders.FAILURES_BEFORE_PAUSE


def test_facts_of_another_order_are_not_taken(shop: Shop) -> None:
    shop.say = facts("E2")
    with pytest.raises(AnotherOrder):
        ask("E1")


def test_a_number_that_is_written_otherwise_is_the_same(shop: Shop) -> None:
    shop.say = facts("rp-9")
    assert ask("ＲＰ－９") is not None


def test_a_redirect_is_not_followed(shop: Shop) -> None:
    shop.say = says("302 Found", b"", "Location: /api/orders/E1")
    with pytest.raises(OrderSystemDown):
        ask()
    assert len(shop.heard) == 1


BOMB = gzip.compress(b" " * 50_000_000)


@pytest.mark.parametrize(
    "say",
    [
        says("200 OK", BOMB, "Content-Encoding: gzip"),
        says("200 OK", b'{"order_number": "E1", "x": "' + b"x" * orders.LARGEST_ANSWER + b'"}'),
        says("200 OK", b"<html>"),
        says("200 OK", b'{"order_number": "E1"', "Content-Length: 1000"),
        says("204 No Content"),
        lambda wire: wire.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"),
        lambda wire: wire.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"),
        lambda wire: None,
    ],
    ids=["compressed", "long", "no JSON", "cut off", "empty", "no chunks", "no HTTP", "nothing"],
)
def test_what_cannot_be_read_is_no_answer(shop: Shop, say: Say) -> None:
    shop.say = say
    with pytest.raises(OrderSystemDown):
        ask()
    shop.say = facts()
    assert ask() is not None


def test_an_answer_that_may_be_compressed_is_not_asked_for(shop: Shop) -> None:
    ask()
    assert "Accept-Encoding: identity" in shop.heard[0]


@pytest.mark.parametrize(
    ("beginning", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["body", "headers", "without end", "chunks"],
)
def test_a_shop_that_drips_is_left_after_five_seconds(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, beginning: bytes, drop: bytes
) -> None:
    monkeypatch.setattr(orders, "TIMEOUT", 0.5)
    shop.say = shop.drip(beginning, drop)
    with pytest.raises(OrderSystemDown, match="TimeoutError"):
        ask()


def test_nobody_is_waited_for_longer_than_five_seconds() -> None:
    assert orders.TIMEOUT <= 5
