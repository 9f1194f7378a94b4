"""How much was sold, by storefront and day: one partition a month, which one query reads; a put replaces the last."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.settings import settings

from .aws import client
from .store import query


class Sold(NamedTuple):
    """What all storefronts together sold on a day: orders, and those of each seller."""

    orders: int
    by_seller: Counter[str]


def keep(day: date, storefront: str, volumes: str, now: datetime) -> None:
    """`volumes`: as JSON."""
    item = {
        "pk": {"S": f"VOLUMES#{day:%Y-%m}"},
        "sk": {"S": f"{day.isoformat()}#{storefront}"},
        "volumes": {"S": volumes},
        "put_at": {"S": written(now)},
    }
    client("dynamodb").put_item(TableName=settings().table, Item=item)


def of_days(first: date, last: date) -> dict[date, Sold]:
    """What was sold from `first` to `last`, by day; of a day that is missing nobody has said anything. A query a month.

    Where one storefront has not said yet what it sold on a day, that day is what the others did.
    """
    months = sorted({f"{first + timedelta(days=n):%Y-%m}" for n in range((last - first).days + 1)})
    found: dict[date, Sold] = {}
    for month in months:
        for item in query(
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": f"VOLUMES#{month}"},
                ":first": {"S": first.isoformat()},
                ":last": {"S": f"{last.isoformat()}#~"},
            },
            ConsistentRead=True,
        ):
            day = date.fromisoformat(item["sk"]["S"].split("#", 1)[0])
            sold, before = json.loads(item["volumes"]["S"]), found.get(day, Sold(0, Counter()))
            by_seller = before.by_seller + Counter(sold.get("by_seller", {}))
            found[day] = Sold(before.orders + sold["orders"], by_seller)
    return found
