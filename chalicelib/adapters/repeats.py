"""Who complains again: complaints by order, and by contact, which is known by keyed hashes only, never in clear.

So are the numbers of others by which a complaint is looked for: the shop's reference, that of a parcel.
"""

import hmac
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Contact
from chalicelib.settings import settings

from .aws import client
from .items import CONTACT, Item, contact_item, record_key, record_of
from .places import queue_of_order
from .store import query, transact

REMEMBERED = "remembered"
NUMBER, NUMBERS = "NUMBER", "NUMBERS"
"""Beside a record: under which hashes of numbers of others it is noted."""


class Number(NamedTuple):
    """A number of somebody else's by which a complaint is found: the shop's own reference, that of a parcel."""

    kind: str
    number: str


def remember(complaint: Complaint, contact: Contact) -> None:
    """Notes a complaint under the hashes of its contact details, as long as these are there. Again: the same.

    Beside the contact stands where that is, so that whoever erases the one finds the other. Raises Stale if the contact
    has been corrected or erased meanwhile.
    """
    partitions = _partitions(contact)
    if not partitions:
        return
    known = {
        "Key": record_key(complaint.complaint_id, CONTACT),
        "UpdateExpression": f"SET {REMEMBERED} = :partitions",
        "ConditionExpression": "edition = :edition",
        "ExpressionAttributeValues": {":partitions": {"L": partitions}, ":edition": {"N": str(contact.edition)}},
    }
    table = {"TableName": settings().table}
    noted = [{"Put": {"Item": _key(complaint, pk), **table}} for pk in partitions]
    transact([{"Update": known | table}, *noted])


def remember_numbers(complaint: Complaint, numbers: Sequence[Number]) -> None:
    """Notes a complaint under the hashes of numbers of others, as long as its contact details are there, and beside it
    where that is. Again: the same. Raises Stale if the contact is erased."""
    table = {"TableName": settings().table}
    hashed = [_hashed(number) for number in numbers]
    there = {"Key": record_key(complaint.complaint_id, CONTACT), "ConditionExpression": "attribute_exists(pk)"}
    known = {
        "Key": record_key(complaint.complaint_id, NUMBERS),
        "UpdateExpression": "ADD #numbers :hashed",
        "ExpressionAttributeNames": {"#numbers": "numbers"},
        "ExpressionAttributeValues": {":hashed": {"SS": hashed}},
    }
    noted = [{"Put": {"Item": _key(complaint, {"S": pk}), **table}} for pk in dict.fromkeys(hashed)]
    transact([{"ConditionCheck": there | table}, {"Update": known | table}, *noted])


def erase_numbers(complaint: Complaint) -> None:
    """The hashes of numbers of others, once the contact is erased, from when on none are noted. Again: nothing."""
    key, table = record_key(complaint.complaint_id, NUMBERS), settings().table
    found = client("dynamodb").get_item(Key=key, ConsistentRead=True, TableName=table).get("Item")
    if found is None:
        return
    for pk in found["numbers"]["SS"]:
        client("dynamodb").delete_item(Key=_key(complaint, {"S": pk}), TableName=table)
    client("dynamodb").delete_item(Key=key, TableName=table)


def move(complaint: Complaint, before: Contact, after: Contact) -> list[Item]:
    """What is written where contact details are corrected, if they still are those of before.

    What was known of these goes, an address that bounced and the hashes by which they are recognised. Those of now are
    noted by `remember`, and beside the contact stands already where.
    """
    table, partitions = {"TableName": settings().table}, _partitions(after)
    item = contact_item(complaint.complaint_id, after) | {REMEMBERED: {"L": partitions}}
    known = {":before": {"N": str(before.edition)}}
    still = {"ConditionExpression": "edition = :before", "ExpressionAttributeValues": known}
    gone = [_key(complaint, pk) for pk in _partitions(before) if pk not in partitions]
    return [{"Put": {"Item": item, **still, **table}}, *({"Delete": {"Key": one, **table}} for one in gone)]


def erase_contact(complaint: Complaint) -> None:
    """Who the consumer was, and the hashes by which that is recognised: both in one transaction. Again: nothing.

    Raises Stale if more was noted meanwhile.
    """
    key, table = record_key(complaint.complaint_id, CONTACT), {"TableName": settings().table}
    found = client("dynamodb").get_item(Key=key, ConsistentRead=True, **table).get("Item")
    if found is None:
        return
    still: Item = {"ConditionExpression": f"attribute_not_exists({REMEMBERED})"}
    if REMEMBERED in found:
        known = {":known": found[REMEMBERED]}
        still = {"ConditionExpression": f"{REMEMBERED} = :known", "ExpressionAttributeValues": known}
    noted = [_key(complaint, pk) for pk in found.get(REMEMBERED, {"L": []})["L"]]
    transact([{"Delete": {"Key": key, **still, **table}}, *({"Delete": {"Key": one, **table}} for one in noted)])


def _key(complaint: Complaint, partition: Item) -> Item:
    return {"pk": partition, "sk": {"S": f"{written(complaint.received_at)}#{complaint.complaint_id}"}}


def is_same(one: Contact, other: Contact) -> bool:
    """Whether both are of one phone or one mailbox. Nobody is the same as nobody: of the erased it cannot be told."""
    mine = _partitions(one)
    return any(pk in mine for pk in _partitions(other))


def of_contact(contact: Contact, since: datetime, limit: int) -> Iterator[tuple[str, datetime]]:
    """The ids of complaints that came from the same phone or mailbox, and when, latest first for each of the two."""
    for pk in _partitions(contact):
        found = query(
            KeyConditionExpression="pk = :pk AND sk >= :since",
            ExpressionAttributeValues={":pk": pk, ":since": {"S": written(since)}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        for _, item in zip(range(limit), found, strict=False):
            received_at, _, complaint_id = item["sk"]["S"].partition("#")
            yield complaint_id, datetime.fromisoformat(received_at)


def of_number(number: Number, limit: int) -> list[str]:
    """The ids of the complaints that are known by a number of others, latest first: one round trip."""
    found = query(
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": _hashed(number)}},
        ScanIndexForward=False,
        ConsistentRead=True,
        Limit=limit,
    )
    return [item["sk"]["S"].partition("#")[2] for item in islice(found, limit)]


def of_order(order_number: str, limit: int) -> Iterator[Summary]:
    """The complaints about an order, those that are due or were closed last first."""
    return (Summary.model_validate_json(item["summary"]["S"]) for item in _of_order(order_number, limit))


def ids_of_order(order_number: str, limit: int) -> list[str]:
    """The same, by their ids: one round trip, whatever there is."""
    return [record_of(item) for item in _of_order(order_number, limit)]


def _of_order(order_number: str, limit: int) -> Iterator[Item]:
    found = query(
        IndexName="order",
        KeyConditionExpression="order_pk = :pk",
        ExpressionAttributeValues={":pk": {"S": queue_of_order(order_number).value}},
        ScanIndexForward=False,
        Limit=limit,
    )
    return islice(found, limit)


def hashes(contact: Contact) -> list[str]:
    """By which a phone number or an address is recognised, and cannot be read."""
    ways = (contact.phone, contact.email and contact.email.lower())
    return [_digest(way) for way in ways if way]


def _digest(text: str) -> str:
    return hmac.digest(settings().contact_key.encode(), text.encode(), "sha256").hex()


def _hashed(number: Number) -> str:
    """The partition of a number, the same for all ways to write it."""
    return f"{NUMBER}#{_digest(f'{number.kind} {order_key(number.number)}')}"


def _partitions(contact: Contact) -> list[Item]:
    return [{"S": f"CONTACT#{hashed}"} for hashed in hashes(contact)]
