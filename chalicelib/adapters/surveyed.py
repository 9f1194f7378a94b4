"""Who was asked how it was (6.2), and who wants not to be, by the keyed hashes of a contact alone.

One item a phone number and a mailbox: which survey was the last, until when no other is, and whether they have declined
for good. What was asked goes by its time to live; that somebody wants not to be asked stays, or they would be asked.
"""

from datetime import datetime
from typing import Literal

from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.people import Contact
from chalicelib.settings import settings

from .aws import client
from .items import Item
from .repeats import hashes
from .store import transact

Claimed = Literal["claimed", "asked_lately", "opted_out"]


def claim(contact: Contact, survey: str, now: datetime, until: datetime) -> Claimed:
    """Nobody else asks that contact until then; or somebody has, or it is not to be asked. Again: as before.

    Raises Stale if another survey claims one of its ways at this moment.
    """
    keys = [_key(hashed) for hashed in hashes(contact)]
    values = {":survey": {"S": survey}, ":until": {"N": _seconds(until)}, ":now": {"N": _seconds(now)}}
    free = {
        "UpdateExpression": "SET survey = :survey, asked_until = :until, expires_at = :until",
        "ConditionExpression": "attribute_not_exists(declined) AND "
        "(attribute_not_exists(survey) OR survey = :survey OR asked_until <= :now)",
        "ExpressionAttributeValues": values,
    }
    try:
        transact([{"Update": {"TableName": settings().table, "Key": key, **free}} for key in keys])
    except Stale:
        known = [_known(key) for key in keys]
        if any("declined" in one for one in known):
            return "opted_out"
        if any(_is_taken(one, survey, now) for one in known):
            return "asked_lately"
        raise
    return "claimed"


def opt_out(contact: Contact) -> None:
    """They are not to be asked any more. Again: the same."""
    for hashed in hashes(contact):
        client("dynamodb").update_item(
            TableName=settings().table,
            Key=_key(hashed),
            UpdateExpression="SET declined = :true REMOVE expires_at",
            ExpressionAttributeValues={":true": {"BOOL": True}},
        )


def _is_taken(item: Item, survey: str, now: datetime) -> bool:
    return "survey" in item and item["survey"]["S"] != survey and int(item["asked_until"]["N"]) > now.timestamp()


def _known(key: Item) -> Item:
    found = client("dynamodb").get_item(TableName=settings().table, Key=key, ConsistentRead=True)
    return dict(found.get("Item", {}))


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _key(hashed: str) -> Item:
    return {"pk": {"S": f"SURVEYED#{hashed}"}, "sk": {"S": "SURVEYED"}}
