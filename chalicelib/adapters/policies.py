"""The announced documents of the policy: the items of one partition, which one query reads.

Rules are `VERSION#0002`, operating data `OPERATING#0002`. None is ever deleted, and all that is ever added to one is
that it was withdrawn before it took effect.
"""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.settings import settings

from . import store
from .items import Item

PARTITION = "POLICY"
NAMES: dict[str, type[Rules] | type[Operating]] = {"VERSION": Rules, "OPERATING": Operating}


class Published(NamedTuple):
    """One document as it is stored: its kind, its number (0: unreadable), its JSON (or nothing), what stands beside."""

    kind: type[Rules] | type[Operating]
    version: int
    text: str
    beside: dict[str, str]


def published() -> list[Published]:
    """All of them: one round trip (per megabyte). What newer code keeps beside them is none of ours."""
    found = store.query(
        KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": PARTITION}}, ConsistentRead=True
    )
    return [
        Published(NAMES[name], int(number) if number.isdecimal() else 0, _text(item, "document"), _beside(item))
        for item in found
        for name, _, number in [item["sk"]["S"].partition("#")]
        if name in NAMES
    ]


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _beside(item: Item) -> dict[str, str]:
    names = ("published_at", "amendment", "beside", "hash", "withdrawn_at")
    return {name: _text(item, name) for name in names if _text(item, name)}


def as_announced(one: Published, document: Rules | Operating) -> Announced:
    """A document that was read, with what stands beside it. Raises ValueError for what is not understood."""
    told = one.beside
    return Announced(
        document,
        _moment(told, "published_at"),
        told.get("amendment"),
        int(told.get("beside", "1")),
        told.get("hash", ""),
        _moment(told, "withdrawn_at"),
    )


def _moment(told: dict[str, str], name: str) -> datetime | None:
    return datetime.fromisoformat(told[name]) if name in told else None


def publication(one: Announced) -> Item:
    """A document as a transaction writes it, which fails if its number is taken."""
    told = {
        "document": versions.written(one.document),
        "published_at": written(one.announced_at) if one.announced_at else "",
        "amendment": one.amendment or "",
        "beside": str(one.beside),
        "hash": one.hash,
    }
    item = key_of(type(one.document), one.number) | {name: {"S": value} for name, value in told.items() if value}
    return {"Put": {"TableName": settings().table, "Item": item, **store.ABSENT}}


def withdrawal(kind: type[Rules] | type[Operating], number: int, now: datetime) -> Item:
    """That a document does not take effect, as a transaction writes it; it fails if it was withdrawn before."""
    return {
        "Update": {
            "TableName": settings().table,
            "Key": key_of(kind, number),
            "UpdateExpression": "SET withdrawn_at = :now",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(withdrawn_at)",
            "ExpressionAttributeValues": {":now": {"S": written(now)}},
        }
    }


def holds(one: Announced) -> list[Item]:
    """That a document was not withdrawn meanwhile, as a transaction asks it; a packaged one cannot be."""
    if one.announced_at is None:
        return []
    return [_check(type(one.document), one.number, "attribute_exists(pk) AND attribute_not_exists(withdrawn_at)")]


def is_last(kind: type[Rules] | type[Operating], following: int) -> Item:
    """That nothing was announced meanwhile under the number that comes next."""
    return _check(kind, following, "attribute_not_exists(pk)")


def _check(kind: type[Rules] | type[Operating], number: int, expression: str) -> Item:
    asked = {"Key": key_of(kind, number), "ConditionExpression": expression}
    return {"ConditionCheck": {"TableName": settings().table, **asked}}


def key_of(kind: type[Rules] | type[Operating], number: int) -> Item:
    (name,) = (name for name, one in NAMES.items() if one is kind)
    return {"pk": {"S": PARTITION}, "sk": {"S": f"{name}#{number:04}"}}
