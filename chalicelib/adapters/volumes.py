"""How much was sold, by storefront and day: one partition a month, which one query reads; a put replaces the last."""

from datetime import date, datetime

from chalicelib.domain.ground.instants import written
from chalicelib.settings import settings

from .aws import client


def keep(day: date, storefront: str, volumes: str, now: datetime) -> None:
    """`volumes`: as JSON."""
    item = {
        "pk": {"S": f"VOLUMES#{day:%Y-%m}"},
        "sk": {"S": f"{day.isoformat()}#{storefront}"},
        "volumes": {"S": volumes},
        "put_at": {"S": written(now)},
    }
    client("dynamodb").put_item(TableName=settings().table, Item=item)
