"""Reading many complaints in order: the queues of staff, and the alarms that are due. Never a scan."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.ground.instants import written
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.settings import settings

from . import outbox
from .aws import client
from .items import ALARM_SHARDS, NOTICE, SHOP, Item, record_of
from .places import Partition, queue_of_assignee
from .store import query


def queue(partitions: Iterable[Partition], low: str, high: str, limit: int) -> Iterator[Summary]:
    """The complaints of partitions of one direction in one order, with `due_sk` between `low` and `high`.

    One round trip for each partition and `limit` of its items; more only if the caller wants more than `limit`.
    """
    read = [_read(partition, low, high, limit) for partition in partitions]
    backwards = any(partition.backwards for partition in partitions)
    for _, summary in heapq.merge(*read, key=lambda found: found[0], reverse=backwards):
        yield summary


def load_of(assignee: str) -> int:
    """How many open complaints somebody has, counted up to a hundred: one round trip."""
    answer = client("dynamodb").query(
        TableName=settings().table,
        IndexName="assignee",
        KeyConditionExpression="assignee_pk = :pk",
        ExpressionAttributeValues={":pk": {"S": queue_of_assignee(assignee).value}},
        Select="COUNT",
        Limit=100,
    )
    return int(answer["Count"])


def number_in(partition: Partition) -> int:
    """How many stand in a queue: one round trip for each megabyte."""
    asked = {
        "TableName": settings().table,
        "IndexName": partition.by,
        "KeyConditionExpression": "#pk = :pk",
        "ExpressionAttributeNames": {"#pk": f"{partition.by}_pk"},
        "ExpressionAttributeValues": {":pk": {"S": partition.value}},
        "Select": "COUNT",
    }
    pages = client("dynamodb").get_paginator("query").paginate(**asked)
    return sum(int(page["Count"]) for page in pages)


def number_between(partition: Partition, low: str, high: str, most: int) -> int:
    """How many stand there with `due_sk` between `low` and `high`, counted up to `most`: one round trip."""
    answer = client("dynamodb").query(
        TableName=settings().table, IndexName=partition.by, Select="COUNT", Limit=most, **_between(partition, low, high)
    )
    return int(answer["Count"])


class Waiting(NamedTuple):
    """Something that stands in the index of alarms: a record (`notice` None), or a notice that had to wait."""

    record: str
    notice: NoticeKey | None
    waited_as: str

    @property
    def since(self) -> datetime:
        """When its time came."""
        return datetime.fromisoformat(self.waited_as.partition("#")[0])


def alarms_due(now: datetime) -> Iterator[Waiting]:
    """What ought to ring, or to be told, by now; soonest first within each shard."""
    for shard in range(ALARM_SHARDS):
        for item in query(
            IndexName="alarm",
            KeyConditionExpression="alarm_pk = :shard AND alarm_sk <= :now",
            ExpressionAttributeValues={":shard": {"S": str(shard)}, ":now": {"S": f"{written(now)}#~"}},
        ):
            notice = outbox.key_of(item) if item["sk"]["S"].startswith((NOTICE, SHOP)) else None
            yield Waiting(record_of(item), notice, item["alarm_sk"]["S"])


def _read(partition: Partition, low: str, high: str, limit: int) -> Iterator[tuple[str, Summary]]:
    for item in query(
        IndexName=partition.by,
        ScanIndexForward=not partition.backwards,
        Limit=limit,
        **_between(partition, low, high),
    ):
        yield item["due_sk"]["S"], Summary.model_validate_json(item["summary"]["S"])


def _between(partition: Partition, low: str, high: str) -> Item:
    return {
        "KeyConditionExpression": "#pk = :pk AND due_sk BETWEEN :low AND :high",
        "ExpressionAttributeNames": {"#pk": f"{partition.by}_pk"},
        "ExpressionAttributeValues": {":pk": {"S": partition.value}, ":low": {"S": low}, ":high": {"S": high}},
    }
