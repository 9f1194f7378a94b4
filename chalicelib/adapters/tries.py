"""What anybody may try without credentials is counted, apart from every record: so often in an hour or a day, no more.

A count is one item, named by a keyed hash of what is counted, whether that is there or not, and of the hour or the day:
so neither an address nor what was tried can be read from it, and the next one begins at nought whether or not DynamoDB
has removed this one. It is counted before it is looked at, in one conditional write: of many at the same moment no more
get through than may.
"""

import hmac
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.settings import settings

from .aws import client
from .items import Item

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = timedelta(days=1)
"""For so long it is kept after its end."""


class Count(NamedTuple):
    """What is counted `within` an hour or a day of UTC, `most` times."""

    counted: tuple[str, ...]
    within: timedelta
    most: int

    def ends(self, now: datetime) -> datetime:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + ((now - midnight) // self.within + 1) * self.within


def take(count: Count, now: datetime) -> bool:
    """Counts one more; False, and nothing, where there were as many as may be. One round trip."""
    dynamodb = client("dynamodb")
    try:
        dynamodb.update_item(
            TableName=settings().table,
            Key=_key(count, now),
            UpdateExpression="SET expires_at = :expires ADD tries :one",
            ConditionExpression="attribute_not_exists(tries) OR tries < :most",
            ExpressionAttributeValues={
                ":expires": {"N": str(int((count.ends(now) + KEPT).timestamp()))},
                ":one": {"N": "1"},
                ":most": {"N": str(count.most)},
            },
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def give_back(count: Count, now: datetime) -> None:
    """One that was counted is none. One round trip."""
    dynamodb = client("dynamodb")
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.update_item(
            TableName=settings().table,
            Key=_key(count, now),
            UpdateExpression="ADD tries :less",
            ConditionExpression="tries > :none",
            ExpressionAttributeValues={":less": {"N": "-1"}, ":none": {"N": "0"}},
        )


def wait(count: Count, now: datetime) -> dict[str, int]:
    """How long it is until one may try again, as it is told."""
    seconds = int((count.ends(now) - now).total_seconds())
    return {"retry_after": seconds, "minutes": -(-seconds // 60)}


def _key(count: Count, now: datetime) -> Item:
    said = "|".join((*count.counted, f"{count.ends(now):%Y%m%d%H}"))
    hashed = hmac.digest(settings().contact_key.encode(), said.encode(), "sha256").hex()
    return {"pk": {"S": f"TRIES#{hashed}"}, "sk": {"S": "TRIES"}}
