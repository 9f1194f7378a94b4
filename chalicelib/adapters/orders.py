"""The shop's order system: `GET {REDRESS_ORDER_SYSTEM_URL}/orders/{order_number}`, asked for the facts of an order.

It answers 200 with the facts as JSON (`OrderFacts`), of the number that was asked; 404 for an order it does not have;
any other 4xx for a number that it does not take. The number is quoted whole: a slash in it is `%2F`, and `..` is
`%2E%2E`. The request is signed: `X-Redress-Timestamp`, seconds since 1970, and `X-Redress-Signature: sha256=`, the
hexadecimal HMAC-SHA-256 of timestamp, method and path as they are sent, separated by line feeds, under the secret.

What it sends is bounded in size and in time, whatever it does: other complaints wait behind this one.
"""

import hmac
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.model import HANDED_IN
from chalicelib.settings import settings

from . import outside
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
    """Status and body. A redirect is not followed: it is an answer like others."""
    base = urlsplit(settings().order_system_url)
    path = f"{base.path.rstrip('/')}/orders/{_quoted(order_number)}"
    bounds = outside.Bounds(REACHED_WITHIN, TIMEOUT, LARGEST_ANSWER)
    try:
        place = outside.Place(base.scheme, base.hostname or "", base.port, path)
        answer = outside.ask(place, "GET", _signed("GET", path, machine_time), bounds)
    except (outside.NoAnswer, ValueError) as fault:
        raise OrderSystemDown(str(fault)) from None
    if answer.status == BUSY:
        raise Busy(_pause_asked_for(answer.headers.get("Retry-After", "")))
    if answer.status == 200 and answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise OrderSystemDown("it answers in an encoding that nobody asked for")
    if len(answer.content) > LARGEST_ANSWER:
        raise OrderSystemDown("its answer is too long")
    return answer.status, answer.content


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
        "X-Redress-Timestamp": timestamp,
        "X-Redress-Signature": f"sha256={signature}",
    }


def queue(complaint_id: str) -> None:
    """The order of a complaint is to be verified, off the request path."""
    client("sqs").send_message(QueueUrl=settings().orders_queue_url, MessageBody=complaint_id)
