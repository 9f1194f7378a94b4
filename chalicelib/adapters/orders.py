"""The shop's order system: `GET {REDRESS_ORDER_SYSTEM_URL}/orders/{order_number}`, asked for the facts of an order.

It answers 200 with the facts as JSON (`OrderFacts`), or 404 for an order it does not have. The request is signed:
`X-Redress-Timestamp`, seconds since 1970, and `X-Redress-Signature: sha256=`, the hexadecimal HMAC-SHA-256 of
timestamp, method and path, separated by line feeds, under the shared secret.
"""

import hmac
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from chalicelib.domain.complaint import submissions
from chalicelib.settings import settings

from .aws import client

TIMEOUT = 3.0  # seconds
TRIES = 2
FAILURES_BEFORE_PAUSE = 5
PAUSE = timedelta(minutes=1)


class OrderSystemDown(Exception):
    """It does not answer, or not with anything that can be read. Others may ask again later."""


class Breaker:
    """After several failures in a row nobody asks for a while: neither side has anything from asking."""

    def __init__(self) -> None:
        self._failures = 0
        self._paused_until: datetime | None = None

    def refuse_while_paused(self, machine_time: datetime) -> None:
        """Raises OrderSystemDown during a pause. After it, one question decides."""
        if self._paused_until and machine_time < self._paused_until:
            raise OrderSystemDown("the order system is given a rest")

    def note_failure(self, machine_time: datetime) -> None:
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_PAUSE:
            self._paused_until = machine_time + PAUSE

    def note_answer(self) -> None:
        self._failures, self._paused_until = 0, None


breaker = Breaker()


def is_asked() -> bool:
    """Whether the shop has an order system to ask."""
    return bool(settings().order_system_url)


def facts_of(order_number: str, machine_time: datetime) -> submissions.OrderFacts | None:
    """The facts of an order, None if the shop has no such order. Raises OrderSystemDown."""
    breaker.refuse_while_paused(machine_time)
    try:
        facts = _ask(order_number, machine_time)
    except OrderSystemDown:
        breaker.note_failure(machine_time)
        raise
    breaker.note_answer()
    return facts


def _ask(order_number: str, machine_time: datetime) -> submissions.OrderFacts | None:
    import urllib3
    from pydantic import ValidationError

    url = f"{settings().order_system_url.rstrip('/')}/orders/{quote(order_number, safe='')}"
    try:
        answer = urllib3.request(
            "GET",
            url,
            headers=_signed("GET", urlsplit(url).path, machine_time),
            timeout=TIMEOUT,
            retries=urllib3.Retry(TRIES - 1, redirect=False, status=0, backoff_factor=0.2),
            redirect=False,
        )
    except urllib3.exceptions.HTTPError as fault:
        raise OrderSystemDown(type(fault).__name__) from None
    if answer.status == 404:
        return None
    try:
        if answer.status == 200:
            return submissions.OrderFacts.model_validate_json(answer.data)
    except ValidationError:
        pass  # as unreadable as any other answer
    raise OrderSystemDown(f"it answers {answer.status}")


def _signed(method: str, path: str, machine_time: datetime) -> dict[str, str]:
    timestamp = str(int(machine_time.timestamp()))
    said = f"{timestamp}\n{method}\n{path}".encode()
    signature = hmac.digest(settings().order_system_secret.encode(), said, "sha256").hex()
    return {
        "Accept": "application/json",
        "X-Redress-Timestamp": timestamp,
        "X-Redress-Signature": f"sha256={signature}",
    }


def queue(complaint_id: str) -> None:
    """The order of a complaint is to be verified, off the request path."""
    client("sqs").send_message(QueueUrl=settings().orders_queue_url, MessageBody=complaint_id)
