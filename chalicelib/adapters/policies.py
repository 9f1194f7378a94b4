"""The published documents of the policy: the items of one partition, which one query reads.

Rules are `VERSION#0002`, operating data `OPERATING#0002`. None is ever changed or deleted.
"""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.settings import settings

from . import store
from .aws import client

PARTITION = "POLICY"
NAMES: dict[str, type[Rules] | type[Operating]] = {"VERSION": Rules, "OPERATING": Operating}


class Published(NamedTuple):
    """One document as it is stored: its kind, its number (0: unreadable), its JSON (or nothing)."""

    kind: type[Rules] | type[Operating]
    version: int
    text: str


def published() -> list[Published]:
    """All of them: one round trip (per megabyte). What newer code keeps beside them is none of ours."""
    found = store.query(
        KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": PARTITION}}, ConsistentRead=True
    )
    return [
        Published(NAMES[name], int(number) if number.isdecimal() else 0, str(item.get("document", {}).get("S", "")))
        for item in found
        for name, _, number in [item["sk"]["S"].partition("#")]
        if name in NAMES
    ]


def publish(document: Rules | Operating, now: datetime) -> bool:
    """Stores a document; False if its number is taken."""
    (name,) = (name for name, kind in NAMES.items() if isinstance(document, kind))
    item = {
        "pk": {"S": PARTITION},
        "sk": {"S": f"{name}#{document.version:04}"},
        "document": {"S": versions.written(document)},
        "published_at": {"S": written(now)},
    }
    dynamodb = client("dynamodb")
    try:
        dynamodb.put_item(TableName=settings().table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
