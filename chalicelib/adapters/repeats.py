"""Who complains again: complaints by order, and by contact, which is known by keyed hashes only, never in clear."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Contact
from chalicelib.settings import settings

from .aws import client
from .items import CONTACT, Item, contact_item, record_key, record_of
from .places import queue_of_order
from .store import query, transact

REMEMBERED = "remembered"


def remember(complaint: Complaint, contact: Contact, until: datetime) -> None:
    """Notes a complaint under the hashes of its contact details, until it is too old to count. Again: the same.

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
    expires = {"expires_at": {"N": str(int(until.timestamp()))}}
    noted = [_key(complaint, pk) | expires for pk in partitions]
    table = {"TableName": settings().table}
    transact([{"Update": known | table}, *({"Put": {"Item": item, **table}} for item in noted)])


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
    key = settings().contact_key.encode()
    return [hmac.digest(key, way.encode(), "sha256").hex() for way in ways if way]


def _partitions(contact: Contact) -> list[Item]:
    return [{"S": f"CONTACT#{hashed}"} for hashed in hashes(contact)]
