"""Which complaints say that a product is dangerous: one partition for each, named by a hash, as long as that counts."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.settings import settings

from .aws import client
from .items import Item
from .store import query


class Said(NamedTuple):
    """Since when a complaint says so; in the order in which they came to say it."""

    at: datetime
    complaint_id: str


def note(product: str, said: Said, until: datetime) -> None:
    """A complaint says so, which counts until then. Again: the same."""
    key = {"pk": _partition(product), "sk": {"S": f"{written(said.at)}#{said.complaint_id}"}}
    client("dynamodb").put_item(
        TableName=settings().table, Item=key | {"expires_at": {"N": str(int(until.timestamp()))}}
    )


def between(product: str, first: datetime, last: datetime) -> list[Said]:
    """Which said so in that time, whether they still do or not, the first first."""
    found = query(
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":pk": _partition(product),
            ":first": {"S": written(first)},
            ":last": {"S": written(last) + "~"},
        },
        ConsistentRead=True,
    )
    spelt = [item["sk"]["S"].split("#") for item in found]
    return [Said(datetime.fromisoformat(at), complaint_id) for at, complaint_id in spelt]


def _partition(product: str) -> Item:
    return {"S": f"PRODUCT#{hashlib.sha256(product.encode()).hexdigest()}"}
