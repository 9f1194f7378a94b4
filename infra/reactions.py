"""Reactions that were given up, asked for again: events go to `react` as the table's stream brought them."""

import json
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.items import ENTRY, HEAD, Item, record_key
from infra.deployment import Deployment, Failed

AT_ONCE = 10  # events an invocation: its payload may have 6 MB, an item of the table 400 KB
MOST_PAGES = 1_000  # of a stream, which are looked through for the events of one letter
FORGOTTEN = ("TrimmedDataAccessException", "ResourceNotFoundException")


def react_again(house: Deployment, body: str) -> str:
    """The letter only says where its events lie in the stream, which forgets them after 24 hours."""
    batch = json.loads(body)["DDBStreamBatchInfo"]
    return _react(house, [record for record in _streamed(house.client("dynamodbstreams"), batch) if _is_event(record)])


def react_to(house: Deployment, complaint_id: str, *, dry_run: bool) -> str:
    """All events of a complaint: the table's item of an event is what the stream showed of it."""
    pages = house.client("dynamodb").get_paginator("query")
    asked = {
        "TableName": house.name("Table"),
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :event)",
        "ExpressionAttributeValues": {":pk": record_key(complaint_id, HEAD)["pk"], ":event": {"S": ENTRY}},
        "ConsistentRead": True,
    }
    records = [_as_streamed(item) for page in pages.paginate(**asked) for item in page["Items"]]
    if not records:
        raise Failed("there is no such complaint: is the id right, and the deployment?")
    return f"{len(records)} events found" if dry_run else _react(house, records)


def _react(house: Deployment, records: list[dict[str, Any]]) -> str:
    batches = [records[start : start + AT_ONCE] for start in range(0, len(records), AT_ONCE)]
    failed = [one for batch in batches for one in house.invoke("React", {"Records": batch})["batchItemFailures"]]
    if failed:
        raise Failed(f"{len(failed)} of {len(records)} events failed again: the log of react says why")
    return f"{len(records)} events done"


def _streamed(streams: Any, batch: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of the stream from a letter's first to its last. Raises Failed if they are no longer all there."""
    first, last = int(batch["startSequenceNumber"]), int(batch["endSequenceNumber"])
    place = {
        "StreamArn": batch["streamArn"],
        "ShardId": batch["shardId"],
        "SequenceNumber": batch["startSequenceNumber"],
    }
    found: list[dict[str, Any]] = []
    try:
        at = streams.get_shard_iterator(**place, ShardIteratorType="AT_SEQUENCE_NUMBER")["ShardIterator"]
        for _ in range(MOST_PAGES):
            page = streams.get_records(ShardIterator=at)
            found += page["Records"]
            at = page.get("NextShardIterator")
            if not at or (found and _number(found[-1]) >= last):
                break
    except ClientError as fault:
        if fault.response["Error"]["Code"] not in FORGOTTEN:
            raise
    found = [record for record in found if _number(record) <= last]
    if [_number(record) for record in found[:1] + found[-1:]] != [first, last]:
        raise Failed("the stream has forgotten its events: do the complaints with --complaint, then --drop this letter")
    return found


def _number(record: dict[str, Any]) -> int:
    return int(record["dynamodb"]["SequenceNumber"])


def _is_event(record: dict[str, Any]) -> bool:
    """Whether the stream's mapping lets it through to react."""
    return bool(record["eventName"] == "INSERT" and record["dynamodb"]["Keys"]["sk"]["S"].startswith(ENTRY))


def _as_streamed(item: Item) -> dict[str, Any]:
    change = {"SequenceNumber": item["sk"]["S"], "Keys": {name: item[name] for name in ("pk", "sk")}, "NewImage": item}
    return {"eventID": item["sk"]["S"], "eventName": "INSERT", "dynamodb": change}
