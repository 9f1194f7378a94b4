"""The single table: what each item's keys are, one function per access pattern, and the one way to write.

A complaint is one partition: its head (the snapshot), its contact details and its events. The head alone carries the
keys of the indexes, and `summary`, the part of it that queues show. Everything else is JSON in one attribute: cheap to
read and write, and free of DynamoDB's number types.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from zlib import crc32

from chalicelib.domain import lifecycle
from chalicelib.domain.artefacts import Contact
from chalicelib.domain.complaint import Complaint, Summary
from chalicelib.domain.errors import Stale, TooLarge, Unavailable
from chalicelib.domain.events import Event
from chalicelib.domain.instants import written
from chalicelib.domain.lifecycle import Stage
from chalicelib.domain.people import Role
from chalicelib.settings import settings

from .aws import client

Item = dict[str, Any]

HEAD, CONTACT, EVENT, REQUEST = "HEAD", "CONTACT", "EVENT#", "REQUEST"
ALARM_SHARDS = 4
LARGEST_HEAD = 380_000  # bytes; an item of DynamoDB may have 400 KB with everything


class Request(NamedTuple):
    """The record that makes a request idempotent: which events answered it. `key` and `fingerprint` are hashes."""

    key: str
    fingerprint: str
    expires_at: int  # seconds since 1970, as DynamoDB's time to live wants it
    complaint_id: str = ""
    first_seq: int = 0
    last_seq: int = 0


class Case(NamedTuple):
    """A complaint with the contact details, and its events if they were asked for."""

    complaint: Complaint
    contact: Contact
    events: list[Event]


class Occasion(NamedTuple):
    """An event with what is needed to tell somebody of it."""

    complaint: Complaint
    contact: Contact
    event: Event


class Partition(NamedTuple):
    """One partition of the index `by`; `backwards` reads it from its end."""

    by: str
    value: str
    backwards: bool = False


# ---- keys ------------------------------------------------------------------------------------------------------------


def complaint_key(complaint_id: str, sort_key: str) -> Item:
    return {"pk": {"S": f"COMPLAINT#{complaint_id}"}, "sk": {"S": sort_key}}


def _request_key(key: str) -> Item:
    return {"pk": {"S": f"REQUEST#{key}"}, "sk": {"S": REQUEST}}


def _event_key(complaint_id: str, seq: int) -> Item:
    return complaint_key(complaint_id, f"{EVENT}{seq:08}")


def queue_of(department: Role, stage: Stage) -> Partition:
    """Open stages soonest due first, closed ones latest closed first."""
    return Partition("queue", f"{department}#{stage}", backwards=not lifecycle.STAGES[stage].open)


def queue_of_assignee(assignee: str, *, open: bool = True) -> Partition:
    return Partition("assignee", f"{assignee}#{'open' if open else 'closed'}", backwards=not open)


def queue_of_order(order_number: str) -> Partition:
    return Partition("order", order_number)


def _head(complaint: Complaint, rings_at: datetime | None) -> Item:
    open = lifecycle.STAGES[complaint.stage].open
    summary = Summary.of(complaint)
    item = complaint_key(complaint.complaint_id, HEAD) | {
        "complaint": {"S": complaint.model_dump_json(exclude_none=True)},
        "summary": {"S": summary.model_dump_json(exclude_none=True)},
        "version": {"N": str(complaint.version)},
        "queue_pk": {"S": queue_of(complaint.department, complaint.stage).value},
        "order_pk": {"S": queue_of_order(complaint.order_number).value},
        "due_sk": {"S": due_key(summary)},
    }
    if rings_at:
        item["alarm_pk"] = {"S": f"{crc32(complaint.complaint_id.encode()) % ALARM_SHARDS}"}
        item["alarm_sk"] = {"S": f"{written(rings_at)}#{complaint.complaint_id}"}
    if complaint.assignee:
        item["assignee_pk"] = {"S": queue_of_assignee(complaint.assignee, open=open).value}
    return item


def _event(event: Event) -> Item:
    item = _event_key(event.complaint_id, event.seq) | {"event": {"S": event.model_dump_json(exclude_none=True)}}
    if event.happening.public_face() is not None:
        item["public"] = {"BOOL": True}
    return item


def _request(request: Request) -> Item:
    return _request_key(request.key) | {
        "fingerprint": {"S": request.fingerprint},
        "expires_at": {"N": str(request.expires_at)},
        "complaint_id": {"S": request.complaint_id},
        "first_seq": {"N": str(request.first_seq)},
        "last_seq": {"N": str(request.last_seq)},
    }


# ---- writing ---------------------------------------------------------------------------------------------------------


def save(
    before: Complaint | None,
    after: Complaint,
    events: Sequence[Event],
    now: datetime,
    *,
    rings_at: datetime | None = None,
    contact: Contact | None = None,
    request: Request | None = None,
) -> None:
    """Everything in one transaction, or nothing.

    Raises Stale if anybody else wrote any of it since `before`, TooLarge if it no longer fits an item of the table.
    """
    absent = {"ConditionExpression": "attribute_not_exists(pk)"}
    unchanged = {
        "ConditionExpression": "version = :seen",
        "ExpressionAttributeValues": {":seen": {"N": str(before.version if before else 0)}},
    }
    head = _head(after, rings_at)
    if len(head["complaint"]["S"].encode()) > LARGEST_HEAD:
        raise TooLarge(
            "The record of this complaint is full: what is written in its reports, plans and answers is too long."
        )
    writes = [_put(head, **(unchanged if before else absent))]
    writes += [_put(_event(event), **absent) for event in events]
    if contact:
        key = complaint_key(after.complaint_id, CONTACT)
        writes.append(_put(key | {"contact": {"S": contact.model_dump_json(exclude_none=True)}}, **absent))
    if request:
        answered = request._replace(complaint_id=after.complaint_id, first_seq=events[0].seq, last_seq=events[-1].seq)
        writes.append(
            _put(
                _request(answered),
                ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now",
                ExpressionAttributeValues={":now": {"N": str(int(now.timestamp()))}},
            )
        )
    dynamodb = client("dynamodb")
    try:
        dynamodb.transact_write_items(TransactItems=writes)
    except dynamodb.exceptions.TransactionCanceledException as cancelled:
        codes = {reason.get("Code") for reason in cancelled.response["CancellationReasons"]}
        if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
            raise Stale("The complaint was changed in the meantime. Read it again and decide anew.") from cancelled
        raise


def _put(item: Item, **condition: Any) -> Item:
    return {"Put": {"TableName": settings().table, "Item": item, **condition}}


# ---- reading one complaint -------------------------------------------------------------------------------------------


def load(complaint_id: str) -> Case | None:
    """The complaint as it is now, without its events, or None if there is none: one round trip."""
    items = {item["sk"]["S"]: item for item in _get_all([complaint_key(complaint_id, key) for key in (HEAD, CONTACT)])}
    return Case(_as_complaint(items[HEAD]), _as_contact(items[CONTACT]), []) if len(items) == 2 else None


def load_with_events(complaint_id: str) -> Case | None:
    """The complaint as it is now with all its events, or None if there is none: one round trip (per megabyte)."""
    complaint = contact = None
    events = []
    for item in _query(
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":pk": complaint_key(complaint_id, HEAD)["pk"],
            ":first": {"S": CONTACT},
            ":last": {"S": HEAD},
        },
        ConsistentRead=True,
    ):
        if "event" in item:
            events.append(_as_event(item))
        elif "contact" in item:
            contact = _as_contact(item)
        else:
            complaint = _as_complaint(item)
    return Case(complaint, contact, events) if complaint and contact else None


def occasion(complaint_id: str, seq: int) -> Occasion | None:
    """One event, its complaint and the contact details, or None if there is no such event: one round trip."""
    sort_keys = (HEAD, CONTACT, f"{EVENT}{seq:08}")
    items = {item["sk"]["S"]: item for item in _get_all([complaint_key(complaint_id, key) for key in sort_keys])}
    if len(items) < len(sort_keys):
        return None
    head, contact, event = (items[key] for key in sort_keys)
    return Occasion(_as_complaint(head), _as_contact(contact), _as_event(event))


def load_request(key: str) -> Request | None:
    """The record of a request, or None if there is none."""
    for item in _get_all([_request_key(key)]):
        return Request(
            key=key,
            fingerprint=item["fingerprint"]["S"],
            expires_at=int(item["expires_at"]["N"]),
            complaint_id=item["complaint_id"]["S"],
            first_seq=int(item["first_seq"]["N"]),
            last_seq=int(item["last_seq"]["N"]),
        )
    return None


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


def timeline(complaint_id: str, after: int, limit: int, *, public_only: bool) -> list[Event]:
    """Up to `limit` events after the one numbered `after`, oldest first."""
    query: Item = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": complaint_key(complaint_id, HEAD)["pk"],
            ":first": _event_key(complaint_id, after + 1)["sk"],
            ":last": {"S": EVENT + "~"},
        },
        "ConsistentRead": True,
        "Limit": limit,
    }
    if public_only:
        query |= {
            "FilterExpression": "#public = :true",
            "ExpressionAttributeNames": {"#public": "public"},
        }
        query["ExpressionAttributeValues"][":true"] = {"BOOL": True}
    return [_as_event(item) for item in islice(_query(**query), limit)]


def _as_complaint(item: Item) -> Complaint:
    return Complaint.model_validate_json(item["complaint"]["S"])


def _as_contact(item: Item) -> Contact:
    return Contact.model_validate_json(item["contact"]["S"])


def _as_event(item: Item) -> Event:
    return Event.model_validate_json(item["event"]["S"])


# ---- reading queues --------------------------------------------------------------------------------------------------


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
        for item in _query(
            IndexName="alarm",
            KeyConditionExpression="alarm_pk = :shard AND alarm_sk <= :now",
            ExpressionAttributeValues={":shard": {"S": str(shard)}, ":now": {"S": f"{written(now)}#~"}},
        ):
            yield item["pk"]["S"].removeprefix("COMPLAINT#")


def due_key(summary: Summary) -> str:
    """Where a complaint stands in its queue: the cursor of a page that ends with it."""
    ends = summary.deadline.due_at if summary.deadline else summary.closed_at or summary.received_at
    return f"{written(ends)}#{summary.complaint_id}"


def _read(partition: Partition, low: str, high: str, limit: int) -> Iterator[tuple[str, Summary]]:
    for item in _query(
        IndexName=partition.by,
        KeyConditionExpression="#pk = :pk AND due_sk BETWEEN :low AND :high",
        ExpressionAttributeNames={"#pk": f"{partition.by}_pk"},
        ExpressionAttributeValues={":pk": {"S": partition.value}, ":low": {"S": low}, ":high": {"S": high}},
        ScanIndexForward=not partition.backwards,
        Limit=limit,
    ):
        yield item["due_sk"]["S"], Summary.model_validate_json(item["summary"]["S"])


def _query(**query: Any) -> Iterator[Item]:
    """The items of a query, fetched page by page as they are asked for."""
    while True:
        answer = client("dynamodb").query(TableName=settings().table, **query)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def mark(name: str) -> str | None:
    """What was last noted under a name about the house as a whole."""
    answer = client("dynamodb").get_item(TableName=settings().table, Key=_mark_key(name), ConsistentRead=True)
    return str(answer["Item"]["mark"]["S"]) if "Item" in answer else None


def set_mark(name: str, value: str) -> None:
    client("dynamodb").put_item(TableName=settings().table, Item=_mark_key(name) | {"mark": {"S": value}})


def _mark_key(name: str) -> Item:
    return {"pk": {"S": "HOUSE"}, "sk": {"S": name}}


def reachable() -> bool:
    """Whether the table answers: one read of an item that is never there."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client("dynamodb").get_item(TableName=settings().table, Key=complaint_key("-", HEAD))
    except (BotoCoreError, ClientError):
        return False
    return True
