"""Lines: what supervision counts, a partition a day and shard, so that a day is read without a scan.

Of two that write the same line the one that knew more entries of the complaint stays. Of days that are over a mark is
kept when a line is written after all: whoever has counted the day counts it again, and takes the mark away.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zlib import crc32

from chalicelib.domain.ground.instants import written
from chalicelib.domain.supervision.lines import LINE, Line
from chalicelib.settings import settings

from .aws import client
from .items import Item
from .store import get_all, query

SHARDS = 8
LATE = {"S": "LINES#late"}


def key_of(line: Line) -> Item:
    """A day of a million closures a month is some writes a second to each shard."""
    shard = crc32(line.id.encode()) % SHARDS
    return {"pk": _partition(line.day, shard), "sk": {"S": f"{line.kind}#{line.id}#{line.seq:08}#{line.nth}"}}


def _partition(day: date, shard: int) -> dict[str, str]:
    return {"S": f"LINES#{day.isoformat()}#{shard}"}


def _written(line: Line) -> str:
    return line.model_dump_json(exclude_none=True)


def expires_at(day: date, kept_days: int) -> datetime:
    """When the lines of a day go: they are kept so many days after it."""
    return datetime.combine(day + timedelta(days=kept_days + 1), time.min, UTC)


def put(lines: Iterable[Line], as_of: int, kept_days: int, *, only_missing: bool = False) -> None:
    """Writes lines, which are kept for so many days, as they are known by the entry `as_of`.

    One that was written by somebody who knew more stays, and with `only_missing` any that is there.
    """
    dynamodb = client("dynamodb")
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if not only_missing:
        condition["ConditionExpression"] += " OR as_of <= :as_of"
        condition["ExpressionAttributeValues"] = {":as_of": {"N": str(as_of)}}
    for line in lines:
        item = key_of(line) | {
            "line": {"S": _written(line)},
            "as_of": {"N": str(as_of)},
            "expires_at": {"N": str(int(expires_at(line.day, kept_days).timestamp()))},
        }
        with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
            dynamodb.put_item(TableName=settings().table, Item=item, **condition)


def of_day(day: date) -> Iterator[Line]:
    """All lines of a day, those of a shard by kind and complaint; page by page, as they are asked for."""
    for shard in range(SHARDS):
        found = query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": _partition(day, shard)},
            ConsistentRead=True,
        )
        yield from (LINE.validate_json(item["line"]["S"]) for item in found)


def of_kind(day: date, kind: str, after: str = "") -> Iterator[tuple[str, Line]]:
    """The lines of one kind of a day, each with its place there, in the order of these; those after a place."""
    since, behind = after.partition(" ")[::2] if after else ("0", "")
    for shard in range(int(since), SHARDS):
        first = behind + " " if behind and shard == int(since) else f"{kind}#"
        found = query(
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": _partition(day, shard),
                ":first": {"S": first},
                ":last": {"S": f"{kind}#~"},
            },
            ConsistentRead=True,
        )
        yield from ((f"{shard} {item['sk']['S']}", LINE.validate_json(item["line"]["S"])) for item in found)


def differing(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """Those of these lines that are not there, and those that are there and say something else."""
    wanted = list(lines)
    there = {item["sk"]["S"]: item["line"]["S"] for item in get_all([key_of(line) for line in wanted])}
    missing = [line for line in wanted if key_of(line)["sk"]["S"] not in there]
    known = [line for line in wanted if key_of(line)["sk"]["S"] in there]
    return missing, [line for line in known if there[key_of(line)["sk"]["S"]] != _written(line)]


# ---- days that are over ----------------------------------------------------------------------------------------------


def mark_late(day: date, now: datetime) -> None:
    """A line of that day was written although the day is over. Each mark is another: none goes with one before it."""
    stamp = f"{written(now)} {secrets.token_hex(8)}"
    item = {"pk": LATE, "sk": {"S": day.isoformat()}, "stamp": {"S": stamp}}
    client("dynamodb").put_item(TableName=settings().table, Item=item)


def late_days() -> list[tuple[date, str]]:
    """The days that are marked, each with the stamp of its last mark, the earliest first."""
    found = query(KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": LATE}, ConsistentRead=True)
    return [(date.fromisoformat(item["sk"]["S"]), item["stamp"]["S"]) for item in found]


def clear_late(day: date, stamp: str) -> None:
    """The day was counted again since that mark. Where it was marked anew meanwhile the mark stays."""
    dynamodb = client("dynamodb")
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.delete_item(
            TableName=settings().table,
            Key={"pk": LATE, "sk": {"S": day.isoformat()}},
            ConditionExpression="stamp = :stamp",
            ExpressionAttributeValues={":stamp": {"S": stamp}},
        )
