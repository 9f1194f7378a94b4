"""Reading many complaints in order: the queues of staff, and the alarms that are due. Never a scan."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.domain.complaint import Summary
from chalicelib.domain.instants import written

from .items import ALARM_SHARDS, Partition
from .store import query


def queue(partitions: Iterable[Partition], low: str, high: str, limit: int) -> Iterator[Summary]:
    """The complaints of partitions of one direction in one order, with `due_sk` between `low` and `high`.

    One round trip for each partition and `limit` of its items; more only if the caller wants more than `limit`.
    """
    read = [_read(partition, low, high, limit) for partition in partitions]
    backwards = any(partition.backwards for partition in partitions)
    for _, summary in heapq.merge(*read, key=lambda found: found[0], reverse=backwards):
        yield summary


def alarms_due(now: datetime) -> Iterator[str]:
    """The ids of the complaints that ought to ring by now, soonest first within each shard."""
    for shard in range(ALARM_SHARDS):
        for item in query(
            IndexName="alarm",
            KeyConditionExpression="alarm_pk = :shard AND alarm_sk <= :now",
            ExpressionAttributeValues={":shard": {"S": str(shard)}, ":now": {"S": f"{written(now)}#~"}},
        ):
            yield item["pk"]["S"].removeprefix("COMPLAINT#")


def _read(partition: Partition, low: str, high: str, limit: int) -> Iterator[tuple[str, Summary]]:
    for item in query(
        IndexName=partition.by,
        KeyConditionExpression="#pk = :pk AND due_sk BETWEEN :low AND :high",
        ExpressionAttributeNames={"#pk": f"{partition.by}_pk"},
        ExpressionAttributeValues={":pk": {"S": partition.value}, ":low": {"S": low}, ":high": {"S": high}},
        ScanIndexForward=not partition.backwards,
        Limit=limit,
    ):
        yield item["due_sk"]["S"], Summary.model_validate_json(item["summary"]["S"])
