"""Reading and writing one complaint: one round trip to read it, one transaction to write it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.domain.complaint import events, parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Stale, Unavailable
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.settings import settings

from . import outbox
from .aws import client
from .items import (
    CONTACT,
    ENTRY,
    HEAD,
    KEPT_FREE,
    NOTICE,
    Item,
    Request,
    as_complaint,
    as_contact,
    as_entry,
    as_request,
    complaint_key,
    contact_item,
    entry_item,
    entry_key,
    head_item,
    house_key,
    queues_of_open,
    request_item,
    request_key,
    task_items,
)
from .outbox import Notice


class Case(NamedTuple):
    """A complaint with the contact details, and its events if they were asked for."""

    complaint: Complaint
    contact: parts.Contact
    entries: list[Entry]


class Occasion(NamedTuple):
    """A notice with what is needed to tell somebody of it: the complaint as it is now, and the event it is about."""

    notice: Notice
    complaint: Complaint
    contact: parts.Contact
    entry: Entry


# ---- writing ---------------------------------------------------------------------------------------------------------


def save(
    before: Complaint | None,
    after: Complaint,
    entries: Sequence[Entry],
    now: datetime,
    *,
    rings_at: datetime | None = None,
    contact: parts.Contact | None = None,
    request: Request | None = None,
    while_open: str | None = None,
) -> None:
    """Everything in one transaction, or nothing; `while_open`: the id of a complaint that must still be open then.

    Raises Stale if anybody else wrote any of it since `before` or closed that one, TooLarge if it no longer fits an
    item of the table.
    """
    absent = {"ConditionExpression": "attribute_not_exists(pk)"}
    unchanged = {
        "ConditionExpression": "seq = :seen",
        "ExpressionAttributeValues": {":seen": {"N": str(before.seq if before else 0)}},
    }
    writes = [
        _put(
            head_item(after, rings_at, KEPT_FREE if _fills(entries) else 0),
            **(unchanged if before else absent),
        )
    ]
    writes += [_put(entry_item(entry), **absent) for entry in entries]
    writes += _changed_tasks(task_items(before) if before else [], task_items(after))
    if contact:
        writes.append(_put(contact_item(after.complaint_id, contact), **absent))
    if request:
        answered = request._replace(complaint_id=after.complaint_id, first_seq=entries[0].seq, last_seq=entries[-1].seq)
        writes.append(
            _put(
                request_item(answered),
                ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now",
                ExpressionAttributeValues={":now": {"N": str(int(now.timestamp()))}},
            )
        )
    if while_open:
        writes.append(_is_open(while_open))
    dynamodb = client("dynamodb")
    try:
        dynamodb.transact_write_items(TransactItems=writes)
    except dynamodb.exceptions.TransactionCanceledException as cancelled:
        codes = {reason.get("Code") for reason in cancelled.response["CancellationReasons"]}
        if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
            raise Stale("The complaint was changed in the meantime. Read it again and decide anew.") from cancelled
        raise


def _fills(entries: Sequence[Entry]) -> bool:
    """Whether it is staff who write, or anybody who offers files: neither may take the room of an answer."""
    return any(entry.actor.kind == "staff" or entry.kind == events.EvidenceOffered.__name__ for entry in entries)


def _changed_tasks(before: list[Item], after: list[Item]) -> list[Item]:
    """What the queues of departments gain, change and lose."""
    gone = {item["sk"]["S"]: item for item in before if item["sk"] not in [one["sk"] for one in after]}
    return [_put(item) for item in after if item not in before] + [
        {"Delete": {"TableName": settings().table, "Key": {name: item[name] for name in ("pk", "sk")}}}
        for item in gone.values()
    ]


def _is_open(complaint_id: str) -> Item:
    queues = {f":queue{n}": {"S": partition.value} for n, partition in enumerate(queues_of_open())}
    return {
        "ConditionCheck": {
            "TableName": settings().table,
            "Key": complaint_key(complaint_id, HEAD),
            "ConditionExpression": f"queue_pk IN ({', '.join(queues)})",
            "ExpressionAttributeValues": queues,
        }
    }


def _put(item: Item, **condition: Any) -> Item:
    return {"Put": {"TableName": settings().table, "Item": item, **condition}}


# ---- reading one complaint -------------------------------------------------------------------------------------------


def load(complaint_id: str) -> Case | None:
    """The complaint as it is now, without its events, or None if there is none: one round trip."""
    items = {item["sk"]["S"]: item for item in _get_all([complaint_key(complaint_id, key) for key in (HEAD, CONTACT)])}
    return Case(as_complaint(items[HEAD]), as_contact(items[CONTACT]), []) if len(items) == 2 else None


def load_with_events(complaint_id: str) -> Case | None:
    """The complaint as it is now with all its events, or None if there is none: one round trip (per megabyte)."""
    complaint = contact = None
    entries = []
    for item in query(
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":pk": complaint_key(complaint_id, HEAD)["pk"],
            ":first": {"S": CONTACT},
            ":last": {"S": HEAD},
        },
        ConsistentRead=True,
    ):
        if "entry" in item:
            entries.append(as_entry(item))
        elif "contact" in item:
            contact = as_contact(item)
        else:
            complaint = as_complaint(item)
    return Case(complaint, contact, entries) if complaint and contact else None


def occasion(notice: NoticeKey) -> Occasion | None:
    """A notice of a complaint with what it is about, or None if any of it is not there: one round trip."""
    keys = [complaint_key(notice.about, HEAD), complaint_key(notice.about, CONTACT)]
    keys += [entry_key(notice.about, notice.seq), outbox.item_key(notice)]
    items = {item["sk"]["S"]: item for item in _get_all(keys)}
    if len(items) < len(keys):
        return None
    head, contact, entry, told = (items[key["sk"]["S"]] for key in keys)
    return Occasion(outbox.as_notice(told), as_complaint(head), as_contact(contact), as_entry(entry))


def notices(complaint_id: str, after: str = NOTICE, limit: int | None = None) -> list[Notice]:
    """Notices of a complaint, oldest first: one round trip (per megabyte).

    `after`: only those whose sort key comes after it; `limit`: so many at most, otherwise all.
    """
    asked: Item = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": complaint_key(complaint_id, HEAD)["pk"],
            ":first": {"S": after + " "},
            ":last": {"S": NOTICE + "~"},
        },
        "ConsistentRead": True,
    }
    if limit:
        asked["Limit"] = limit
    return [outbox.as_notice(item) for item in islice(query(**asked), limit)]


def refuse_email(complaint_id: str) -> None:
    """The consumer's address is not to be written to again."""
    client("dynamodb").update_item(
        TableName=settings().table,
        Key=complaint_key(complaint_id, CONTACT),
        UpdateExpression="SET email_unusable = :true",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":true": {"BOOL": True}},
    )


def load_request(key: str) -> Request | None:
    """The record of a request, or None if there is none."""
    return next((as_request(item, key) for item in _get_all([request_key(key)])), None)


def _get_all(keys: list[Item], attempts: int = 3) -> list[Item]:
    """Consistent reads; DynamoDB may leave keys unprocessed under load, which are asked for again."""
    found: list[Item] = []
    table = settings().table
    wanted: Any = {table: {"Keys": keys, "ConsistentRead": True}}
    for _ in range(attempts):
        answer = client("dynamodb").batch_get_item(RequestItems=wanted)
        found += answer["Responses"].get(table, [])
        wanted = answer.get("UnprocessedKeys")
        if not wanted:
            return found
    raise Unavailable("The table is overloaded. Try again in a second.")


def timeline(complaint_id: str, after: int, limit: int) -> Iterator[Entry]:
    """The events after the one numbered `after`, oldest first, fetched by `limit` as they are asked for."""
    asked: Item = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": complaint_key(complaint_id, HEAD)["pk"],
            ":first": entry_key(complaint_id, after + 1)["sk"],
            ":last": {"S": ENTRY + "~"},
        },
        "ConsistentRead": True,
        "Limit": limit,
    }
    return map(as_entry, query(**asked))


def query(**asked: Any) -> Iterator[Item]:
    """The items of a query, fetched page by page as they are asked for."""
    while True:
        answer = client("dynamodb").query(TableName=settings().table, **asked)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def mark(name: str) -> str | None:
    """What was last noted under a name about the house as a whole."""
    answer = client("dynamodb").get_item(TableName=settings().table, Key=house_key(name), ConsistentRead=True)
    return str(answer["Item"]["mark"]["S"]) if "Item" in answer else None


def set_mark(name: str, value: str) -> None:
    client("dynamodb").put_item(TableName=settings().table, Item=house_key(name) | {"mark": {"S": value}})


def reachable() -> bool:
    """Whether the table answers: one read of an item that is never there."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client("dynamodb").get_item(TableName=settings().table, Key=complaint_key("-", HEAD))
    except (BotoCoreError, ClientError):
        return False
    return True
