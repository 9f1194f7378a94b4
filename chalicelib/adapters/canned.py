"""How often canned words were used: one item a month, a number in it for each. It is nobody's and of no complaint.

`CANNED` / `2026-10`. A month is kept for three years.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from chalicelib.settings import settings

from .aws import client
from .items import Item

CANNED = "CANNED"
OF = "used_"
KEPT = timedelta(days=3 * 366)


def add(month: str, ids: Iterable[str], now: datetime) -> None:
    """Counts each of them once more, as often as it is named. One round trip."""
    counted = Counter(ids)
    names = {f"#n{place}": f"{OF}{one}" for place, one in enumerate(counted)}
    numbers = {f":n{place}": {"N": str(often)} for place, often in enumerate(counted.values())}
    added = ", ".join(f"{name} {number}" for name, number in zip(names, numbers, strict=True))
    client("dynamodb").update_item(
        TableName=settings().table,
        Key=_key(month),
        UpdateExpression=f"SET expires_at = :expires ADD {added}",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={**numbers, ":expires": {"N": str(int((now + KEPT).timestamp()))}},
    )


def used(month: str) -> Mapping[str, int]:
    """By id, how often in a month. One round trip."""
    found = client("dynamodb").get_item(TableName=settings().table, Key=_key(month)).get("Item", {})
    return {name.removeprefix(OF): int(one["N"]) for name, one in found.items() if name.startswith(OF)}


def _key(month: str) -> Item:
    return {"pk": {"S": CANNED}, "sk": {"S": month}}
