"""What only an operator's commands do to the table: all of a record is read, mended, rid of its words; all are listed.

None of it is on the path of a request.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalicelib.settings import settings

from .apart import marked
from .aws import client
from .items import ENTRY, HEAD, PART, RECORD, TASK, Item, entry_key, part_key, record_key, record_of
from .store import query, transact


class Kept(NamedTuple):
    """The items of a record, its entries in order: what is read in several pages need not be of one moment."""

    head: Item | None
    entries: list[Item]
    tasks: list[Item]
    parts: list[Item]


def read(record: str) -> Kept:
    """All that is kept of a record but its contact and its notices: two round trips (per megabyte)."""
    found = _between(record, ENTRY, HEAD)
    entries = [item for item in found if item["sk"]["S"].startswith(ENTRY)]
    head = next((item for item in found if item["sk"]["S"] == HEAD), None)
    beside = _between(record, PART, f"{TASK}~")
    tasks = [item for item in beside if item["sk"]["S"].startswith(TASK)]
    return Kept(head, entries, tasks, [item for item in beside if item["sk"]["S"].startswith(PART)])


def _between(record: str, first: str, last: str) -> list[Item]:
    found = query(
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":pk": record_key(record, HEAD)["pk"],
            ":first": {"S": first},
            ":last": {"S": last},
        },
        ConsistentRead=True,
    )
    return list(found)


def write(record: str, kept: Kept, changed: Iterable[Item] = (), gone: Iterable[Item] = ()) -> None:
    """Puts and deletes items of a record, if nobody has saved it since it was read; nothing to write: asks only that.

    Raises Stale if somebody has.
    """
    table = {"TableName": settings().table}
    still = _still(kept.head)
    writes: list[Item] = []
    for item in changed:
        condition = still if item["sk"]["S"] == HEAD else {}
        writes.append({"Put": {"Item": item, **condition, **table}})
    if not any("ConditionExpression" in write["Put"] for write in writes):
        writes.append({"ConditionCheck": {"Key": record_key(record, HEAD), **still, **table}})
    last = int(kept.entries[-1]["sk"]["S"].removeprefix(ENTRY)) if kept.entries else 0
    no_more = {"Key": entry_key(record, last + 1), "ConditionExpression": "attribute_not_exists(pk)"}
    writes.append({"ConditionCheck": no_more | table})
    writes += [{"Delete": {"Key": {name: item[name] for name in ("pk", "sk")}, **table}} for item in gone]
    transact(writes)


def _still(head: Item | None) -> Item:
    if head is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    if "seq" not in head:
        return {"ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(seq)"}
    return {"ConditionExpression": "seq = :seen", "ExpressionAttributeValues": {":seen": head["seq"]}}


def erase_words(record: str) -> None:
    """The words of all entries of a record, and their salts; and what was too long for its head when that had words.
    Again: nothing."""
    table = settings().table
    known = _between(record, HEAD, HEAD)
    bare = {part_key(record, digest)["sk"]["S"] for head in known for digest in marked(head["head"]["S"])}
    for item in _between(record, PART, f"{PART}~"):
        if item["sk"]["S"] not in bare:
            client("dynamodb").delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    for item in _between(record, ENTRY, HEAD):
        if "words" in item:
            _erase({name: item[name] for name in ("pk", "sk")})


def erase_words_of(record: str, numbers: Iterable[int]) -> None:
    """The words of some entries of a record, and their salts. Again: nothing."""
    for number in numbers:
        _erase(entry_key(record, number))


def _erase(entry: Item) -> None:
    client("dynamodb").update_item(
        TableName=settings().table,
        Key=entry,
        UpdateExpression="REMOVE #words",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#words": "words"},
    )


def records() -> Iterator[str]:
    """The names of all records there are, read from the whole table page by page, which costs what it holds."""
    asked: Item = {
        "FilterExpression": "begins_with(pk, :record) AND (sk = :head OR begins_with(sk, :entry))",
        "ExpressionAttributeValues": {":record": {"S": RECORD}, ":head": {"S": HEAD}, ":entry": {"S": ENTRY}},
        "ProjectionExpression": "pk",
    }
    last = ""
    while True:
        answer = client("dynamodb").scan(TableName=settings().table, **asked)
        for name in map(record_of, answer["Items"]):
            if name != last:  # the items of one partition come one after another
                yield name
            last = name
        if "LastEvaluatedKey" not in answer:
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
