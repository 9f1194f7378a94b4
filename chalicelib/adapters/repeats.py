"""Who complains again: complaints by order, and by contact, which is known by keyed hashes only, never in clear."""

import hmac
from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.complaint import parts
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.instants import written
from chalicelib.settings import settings

from .aws import client
from .items import Item
from .places import queue_of_order
from .store import query


def remember(complaint: Complaint, contact: parts.Contact, until: datetime) -> None:
    """Notes a complaint under the hashes of its contact details, until it is too old to count. Again: the same."""
    written_at = f"{written(complaint.received_at)}#{complaint.complaint_id}"
    items = [
        {"pk": pk, "sk": {"S": written_at}, "expires_at": {"N": str(int(until.timestamp()))}}
        for pk in _partitions(contact)
    ]
    for item in items:
        client("dynamodb").put_item(TableName=settings().table, Item=item)


def of_contact(contact: parts.Contact, since: datetime, limit: int) -> Iterator[str]:
    """The ids of complaints that came from the same phone or mailbox, latest first for each of the two."""
    for pk in _partitions(contact):
        found = query(
            KeyConditionExpression="pk = :pk AND sk >= :since",
            ExpressionAttributeValues={":pk": pk, ":since": {"S": written(since)}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        for _, item in zip(range(limit), found, strict=False):
            yield item["sk"]["S"].partition("#")[2]


def of_order(order_number: str, limit: int) -> Iterator[Summary]:
    """The complaints about an order, those that are due or were closed last first."""
    found = query(
        IndexName="order",
        KeyConditionExpression="order_pk = :pk",
        ExpressionAttributeValues={":pk": {"S": queue_of_order(order_number).value}},
        ScanIndexForward=False,
        Limit=limit,
    )
    for _, item in zip(range(limit), found, strict=False):
        yield Summary.model_validate_json(item["summary"]["S"])


def _partitions(contact: parts.Contact) -> list[Item]:
    ways = (contact.phone, contact.email and contact.email.lower())
    key = settings().contact_key.encode()
    return [{"S": f"CONTACT#{hmac.digest(key, way.encode(), 'sha256').hex()}"} for way in ways if way]
