"""Registers of the house: what is numbered from 1, each an item, all of one in one partition, the newest read first.

`INTERPRETATIONS` / 00001, `POLICY_REVIEWS` / 00001: some dozens, and no head to fight over. An item is JSON, with the
number of its edition: it is put where there is none, or in the place of the edition before.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from chalicelib.settings import settings

from . import store
from .items import Idempotency, Item

Register = Literal["INTERPRETATIONS", "POLICY_REVIEWS"]


def put(
    register: Register, number: int, text: str, idempotency: Idempotency | None, now: datetime, edition: int = 1
) -> None:
    """Raises Stale where somebody else was faster, or the request had been done."""
    condition: Item = {"ConditionExpression": "attribute_not_exists(pk)"}
    if edition > 1:
        seen = {":seen": {"N": str(edition - 1)}}
        condition = {"ConditionExpression": "edition = :seen", "ExpressionAttributeValues": seen}
    item = _key(register, number) | {"text": {"S": text}, "edition": {"N": str(edition)}}
    writes: list[Item] = [{"Put": {"TableName": settings().table, "Item": item, **condition}}]
    if idempotency:
        writes.append(store.once(idempotency, register, number, edition, now))
    store.transact(writes)


def texts(register: Register, numbers: Sequence[int]) -> dict[int, str]:
    """Those of these numbers that are there, a hundred at most: one round trip."""
    found = store.get_all([_key(register, number) for number in dict.fromkeys(numbers)])
    return {int(item["sk"]["S"]): str(item["text"]["S"]) for item in found}


def newest(register: Register, before: int | None = None, at_once: int = 100) -> Iterator[str]:
    """All of them, the newest first; `before`: from the one of that number on. Read so many at a time, as they are
    asked for."""
    found = store.query(
        KeyConditionExpression="pk = :pk AND sk < :before",
        ExpressionAttributeValues={":pk": {"S": register}, ":before": {"S": _place(before) if before else "~"}},
        ConsistentRead=True,
        ScanIndexForward=False,
        Limit=at_once,
    )
    return (str(item["text"]["S"]) for item in found)


def _key(register: Register, number: int) -> Item:
    return {"pk": {"S": register}, "sk": {"S": _place(number)}}


def _place(number: int) -> str:
    return f"{number:05}"
