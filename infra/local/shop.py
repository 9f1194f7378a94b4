"""The shop's order system, played: it knows every order whose number begins with `E`, and tells the same of it always.

`GET /orders/{order_number}`, signed as `chalicelib/adapters/orders.py` says, with the secret of the template.
"""

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from infra.aws.answers import Answer, Refused, json_answer
from infra.aws.clock import format_instant

LATEST = 300
"""Seconds by which a request may be old, or ahead, by the machine's time."""
SELLERS = ("晨光家居旗舰店", "蓝海电器专营店", "小满食品店")
STATES: tuple[tuple[str, str | None], ...] = (
    ("delivered", "顺丰速运"),
    ("in_transit", "中通快递"),
    ("delivered", "京东物流"),
    ("awaiting_dispatch", None),
)
GOODS = (("电热水壶 1.7L", "59.90"), ("保温杯 500ml", "39.00"), ("坚果礼盒", "128.00"))
EPOCH = datetime(2026, 1, 5, 2, 15, tzinfo=UTC)


@dataclass
class OrderSystem:
    """`up` is False while it is switched off. `seconds`: the machine's time, since 1970."""

    secret: str
    up: bool = True
    seconds: Callable[[], float] = time.time

    def answer(self, path: str, headers: Message) -> Answer:
        """The order that the path ends with. Raises Refused: 503 while off, 401, 404."""
        if not self.up:
            raise Refused(503, "The order system is switched off.")
        self._check_signature(path, headers.get("X-Redress-Timestamp", ""), headers.get("X-Redress-Signature", ""))
        number = unquote(path.rpartition("/")[2])
        if not number.startswith("E"):
            raise Refused(404, "There is no such order.")
        return json_answer(200, order(number))

    def _check_signature(self, path: str, timestamp: str, signature: str) -> None:
        said = f"{timestamp}\nGET\n{path}".encode()
        wanted = f"sha256={hmac.digest(self.secret.encode(), said, 'sha256').hex()}"
        if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
            raise Refused(401, "The request is not signed as it should be.")
        if not timestamp.isdigit() or abs(self.seconds() - int(timestamp[:12])) > LATEST:
            raise Refused(401, "The request is too old, or not of this time.")


def order(number: str) -> dict[str, Any]:
    """What the shop knows of an order: when it was made is read from its number, if it has a date in it."""
    dice = crc32(number.encode())
    ordered_at = _date_in(number) or EPOCH + timedelta(hours=dice % 4000)
    state, carrier = STATES[dice % len(STATES)]
    sent = {"carrier": carrier, "tracking_number": f"SF{dice:010}"} if carrier else {}
    goods = [GOODS[0], *([GOODS[1 + dice % 2]] if dice % 3 == 0 else [])]
    return {
        "order_number": number,
        "found": True,
        "seller": SELLERS[dice % len(SELLERS)],
        "ordered_at": format_instant(ordered_at),
        "paid_at": format_instant(ordered_at + timedelta(minutes=3)),
        "delivery_state": state,
        **sent,
        "lines": [
            {"product_name": name, "quantity": 1, "price": {"value": value, "currency": "CNY"}} for name, value in goods
        ],
    }


def _date_in(number: str) -> datetime | None:
    """Ten in the morning in China of the day in a number like E20261009-0042."""
    try:
        return datetime.strptime(number[1:9], "%Y%m%d").replace(tzinfo=UTC) + timedelta(hours=2)
    except ValueError:
        return None
