"""What storefronts hear of their complaints, as it is kept: an item beside the complaint for each entry they may see.

It is a notice on its way (`outbox`), whose audience is the storefront, and a line of that storefront's list, in the
index of queues: in the order in which they were written down, in a few partitions, since one shop may have as many
complaints as all others together. `KEPT` later it is gone.

Its place there is the second in which it was put, and the list is read up to `SETTLING` ago: by then every call to put
something has ended, with its tries, and the index has followed. So whoever goes on from the last place they have read
misses nothing.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from zlib import crc32

from chalicelib.domain.ground.instants import written
from chalicelib.domain.telling.news import STOREFRONT, News
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.settings import settings

from . import outbox
from .aws import client
from .items import SHOP, Item, record_key
from .store import query

NEWS = "news"
"""The kind of notice that it is."""
LISTED = "listed"
"""The state of what no webhook brings."""
SHARDS = 4
KEPT = timedelta(days=90)
SETTLING = timedelta(seconds=30)


def key_of(record: str, seq: int, storefront: str) -> NoticeKey:
    return NoticeKey(record, seq, f"{STOREFRONT}{storefront}", NEWS)


def storefront_of(notice: NoticeKey) -> str:
    """The client id of whom it is for."""
    return notice.audience.removeprefix(STOREFRONT)


def keep(news: News, storefront: str, now: datetime, *, calls: bool) -> bool:
    """Written down once, at its place in the list, which is that of this second; False if it was before, as it is.

    `now`: read just before, since what takes long between is missing in the list meanwhile. `calls`: a webhook is to
    bring it.
    """
    key = key_of(news.data.complaint_id, news.data.seq, storefront)
    item = outbox.item_key(key) | {
        "state": {"S": "queued" if calls else LISTED},
        "queued_at": {"S": written(now)},
        "attempts": {"N": "0"},
        "queue_pk": {"S": _partition(storefront, crc32(key.record.encode()) % SHARDS)},
        "due_sk": {"S": f"{written(now)}#{news.data.complaint_id}#{news.data.seq:08}"},
        "summary": {"S": news.model_dump_json()},
        "expires_at": {"N": str(int((now + KEPT).timestamp()))},
    }
    dynamodb = client("dynamodb")
    try:
        dynamodb.put_item(TableName=settings().table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def settled(now: datetime) -> str:
    """Up to which place nothing is missing in the list any more."""
    return written(now - SETTLING)


def listed(storefront: str, after: str, until: str, limit: int) -> Iterator[tuple[str, News]]:
    """What a storefront heard, in the order of the list, each with its place there, from behind the place `after` ("":
    from the beginning), up to the place `until`: a round trip for each of the `SHARDS` partitions and `limit` of its
    items."""
    if after < until:  # DynamoDB refuses a range that ends before it begins
        yield from heapq.merge(*(_read(_partition(storefront, shard), after, until, limit) for shard in range(SHARDS)))


def bare(item: Item) -> Item:
    """The same without what the shop called the complaint, as it is once its words are erased."""
    return item | {"summary": {"S": as_news(item).unnamed().model_dump_json()}}


def erase_names(record: str) -> None:
    """What the shop called a complaint is told no more. Again: nothing."""
    for item in query(
        KeyConditionExpression="pk = :pk AND begins_with(sk, :shop)",
        ExpressionAttributeValues={":pk": record_key(record, SHOP)["pk"], ":shop": {"S": SHOP}},
        ConsistentRead=True,
    ):
        if (without := bare(item)["summary"]) != item["summary"]:
            client("dynamodb").update_item(
                TableName=settings().table,
                Key={name: item[name] for name in ("pk", "sk")},
                UpdateExpression="SET summary = :bare",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":bare": without},
            )


def _partition(storefront: str, shard: int) -> str:
    return f"news#{storefront}#{shard}"


def _read(partition: str, after: str, until: str, limit: int) -> Iterator[tuple[str, News]]:
    for item in query(
        IndexName="queue",
        KeyConditionExpression="queue_pk = :pk AND due_sk BETWEEN :after AND :until",
        ExpressionAttributeValues={":pk": {"S": partition}, ":after": {"S": f"{after} "}, ":until": {"S": until}},
        Limit=limit,
    ):
        yield item["due_sk"]["S"], as_news(item)


def as_news(item: Item) -> News:
    return News.model_validate_json(item["summary"]["S"])
