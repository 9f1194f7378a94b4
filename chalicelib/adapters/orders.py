"""The shop's order system: `GET {REDRESS_ORDER_SYSTEM_URL}/orders/{order_number}`, asked for the facts of an order.

It answers 200 with the facts as JSON (`OrderFacts`), of the number that was asked; 404 for an order it does not have;
any other 4xx for a number that it does not take. The number is quoted whole: a slash in it is `%2F`, and `..` is
`%2E%2E`. The request is signed: `X-Redress-Timestamp`, seconds since 1970, and `X-Redress-Signature: sha256=`, the
hexadecimal HMAC-SHA-256 of timestamp, method and path as they are sent, separated by line feeds, under the secret.

What it sends is bounded in size and in time, whatever it does: other complaints wait behind this one.
"""

import hmac
import io
import socket
import time
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.model import HANDED_IN
from chalicelib.settings import settings

from .aws import client

REACHED_WITHIN = 2.0  # seconds, by TCP and again by TLS
TIMEOUT = 5.0  # seconds to the last byte
LARGEST_ANSWER = 256 * 1024  # bytes
FAILURES_BEFORE_PAUSE = 5
PAUSE = timedelta(minutes=1)
OF_THE_MOMENT = {408, 425}  # of the 4xx: the same question may be answered later
BUSY = 429
SIGNATURE_REFUSED = {401, 403}


class OrderSystemDown(Exception):
    """It does not answer, or not with anything that can be read. Others may ask again later."""


class Busy(OrderSystemDown):
    """It asks not to be asked for so long."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__("it has too much to do")
        self.pause = pause


class NotTrusted(OrderSystemDown):
    """It does not take our signature: the secret here and there differ, or something before it refuses the address.

    It is no failure of its own, and may be about this number only, so that others are asked about all the same.
    """


class NotTaken(Exception):
    """It takes no such number."""


class AnotherOrder(Exception):
    """It answered with the facts of another order."""


class Breaker:
    """After several orders in a row about which it failed nobody asks for a while: neither side has anything from that.

    One order that makes it fail each time it is asked about counts once.
    """

    def __init__(self) -> None:
        self._failed: set[str] = set()
        self._paused_until: datetime | None = None

    def refuse_while_paused(self, machine_time: datetime) -> None:
        """Raises OrderSystemDown during a pause. After it, one question decides."""
        if self._paused_until and machine_time < self._paused_until:
            raise OrderSystemDown("the order system is given a rest")

    def note_failure(self, order_number: str, machine_time: datetime) -> None:
        self._failed.add(order_key(order_number))
        if len(self._failed) >= FAILURES_BEFORE_PAUSE:
            self.pause(machine_time, PAUSE)

    def pause(self, machine_time: datetime, length: timedelta) -> None:
        self._paused_until = machine_time + min(length, PAUSE)

    def note_answer(self) -> None:
        self._failed, self._paused_until = set(), None


breaker = Breaker()


def is_asked() -> bool:
    """Whether the shop has an order system to ask."""
    return bool(settings().order_system_url)


def facts_of(order_number: str, machine_time: datetime) -> submissions.OrderFacts | None:
    """The facts of an order, None if the shop has no such order.

    Raises OrderSystemDown; NotTaken, AnotherOrder: asking again would not help.
    """
    breaker.refuse_while_paused(machine_time)
    try:
        facts = _ask(order_number, machine_time)
    except NotTrusted:
        raise
    except Busy as fault:
        breaker.pause(machine_time, fault.pause)
        raise
    except OrderSystemDown:
        breaker.note_failure(order_number, machine_time)
        raise
    except (NotTaken, AnotherOrder):
        breaker.note_answer()
        raise
    breaker.note_answer()
    return facts


def _ask(order_number: str, machine_time: datetime) -> submissions.OrderFacts | None:
    from pydantic import ValidationError

    status, content = _answer(order_number, machine_time)
    if status == 404:
        return None
    if status in SIGNATURE_REFUSED:
        raise NotTrusted(f"it answers {status}: it does not take the signature")
    if 400 <= status < 500 and status not in OF_THE_MOMENT:
        raise NotTaken(f"it answers {status}")
    if status != 200:
        raise OrderSystemDown(f"it answers {status}")
    try:
        facts = submissions.OrderFacts.model_validate_json(content, context=HANDED_IN)
    except ValidationError:
        raise OrderSystemDown("its answer cannot be read") from None
    if order_key(facts.order_number) != order_key(order_number):
        raise AnotherOrder
    return facts


def _answer(order_number: str, machine_time: datetime) -> tuple[int, bytes]:
    """Status and body. By the library below urllib3, which sends the path as it is told, and by whose reads the time
    can be kept. A redirect is not followed: it is an answer like others."""
    base = urlsplit(settings().order_system_url)
    path = f"{base.path.rstrip('/')}/orders/{_quoted(order_number)}"
    kind = HTTPSConnection if base.scheme == "https" else HTTPConnection
    ends = time.monotonic() + TIMEOUT
    try:
        connection = kind(base.hostname or "", base.port, timeout=REACHED_WITHIN)
    except HTTPException as fault:
        raise OrderSystemDown(type(fault).__name__) from None
    connection._create_connection = _reach  # type: ignore[attr-defined]
    connection.response_class = lambda own, *args, **named: HTTPResponse(_Until(own, ends), *args, **named)  # type: ignore[assignment, arg-type]
    try:
        connection.request("GET", path, headers=_signed("GET", path, machine_time))
        answer = connection.getresponse()
        if answer.status == BUSY:
            raise Busy(_pause_asked_for(answer.getheader("Retry-After", "")))
        if answer.status != 200:
            return answer.status, b""
        if answer.getheader("Content-Encoding", "identity").lower() != "identity":
            raise OrderSystemDown("it answers in an encoding that nobody asked for")
        content = answer.read(LARGEST_ANSWER + 1)
    except (OSError, HTTPException, ValueError) as fault:
        raise OrderSystemDown(type(fault).__name__) from None
    finally:
        connection.close()
    if len(content) > LARGEST_ANSWER:
        raise OrderSystemDown("its answer is too long")
    return 200, content


def _reach(address: tuple[str, int], timeout: float, *_: Any) -> socket.socket:
    """By the first address of a name, or the second; the library would try all there are, each for as long."""
    fault: OSError = ConnectionError()
    for *_kind, where in socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[:2]:
        try:
            return socket.create_connection((str(where[0]), int(where[1])), timeout)
        except OSError as refused:
            fault = refused
    raise fault


class _Until:
    """A socket that a response reads from until a moment of the machine's clock, however slowly it comes."""

    def __init__(self, own: socket.socket, ends: float) -> None:
        self._own, self._ends = own, ends

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(_Arriving(self._own, self._ends))


class _Arriving(io.RawIOBase):
    """Each read has what is left of the time."""

    def __init__(self, own: socket.socket, ends: float) -> None:
        self._own, self._ends = own, ends
        self._raw = own.makefile("rb", buffering=0)  # keeps the socket open for as long as this is

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._own.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _quoted(order_number: str) -> str:
    """The number as one step of a path, also where it would lead out of it."""
    return quote(order_number, safe="") if order_number.strip(".") else "%2E" * len(order_number)


def _pause_asked_for(retry_after: str) -> timedelta:
    """A date, the other way to say it, is as good as nothing: then a pause of ours."""
    known = retry_after.isascii() and retry_after.isdigit()
    return timedelta(seconds=int(retry_after[:6])) if known else PAUSE


def _signed(method: str, path: str, machine_time: datetime) -> dict[str, str]:
    timestamp = str(int(machine_time.timestamp()))
    said = f"{timestamp}\n{method}\n{path}".encode()
    signature = hmac.digest(settings().order_system_secret.encode(), said, "sha256").hex()
    return {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "X-Redress-Timestamp": timestamp,
        "X-Redress-Signature": f"sha256={signature}",
    }


def queue(complaint_id: str) -> None:
    """The order of a complaint is to be verified, off the request path."""
    client("sqs").send_message(QueueUrl=settings().orders_queue_url, MessageBody=complaint_id)
