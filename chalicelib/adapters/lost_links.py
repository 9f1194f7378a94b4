"""Links that were lost: what is asked for goes by the queue of notices, and when each complaint's was sent is kept.

A message names complaints and the keyed hash of a phone number or an address, never either. What it asks for is decided
by whoever receives it, long after whoever asked has been answered.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.settings import settings

from .aws import client
from .items import record_key

LINKS = "LINKS"
MARK = "lost_link"


class Asked(NamedTuple):
    """Of these complaints the links are asked for, by who has, or knows, the contact of this hash."""

    complaints: tuple[str, ...]
    contact: str
    at: datetime


def send(asked: Asked) -> None:
    """Any number of times: at most one notice comes of it."""
    told = {"complaints": asked.complaints, "contact": asked.contact, "at": written(asked.at)}
    client("sqs").send_message(QueueUrl=settings().notices_queue_url, MessageBody=json.dumps({MARK: told}))


def parse(body: str) -> Asked | None:
    """What is asked for in a message; None where that is a notice. Raises ValueError, KeyError or TypeError."""
    found = json.loads(body)
    if MARK not in found:
        return None
    told = found[MARK]
    return Asked(tuple(told["complaints"]), told["contact"], datetime.fromisoformat(told["at"]))


def take_place(record: str, at: datetime, apart: timedelta, most: int, within: timedelta) -> bool:
    """Whether a link may be sent that was asked for `at` a time: so long after the one before, `most` times `within` so
    long. Again for the same time: as before. One round trip.

    One item a complaint, the last times in it, newest first; nobody's data.
    """
    dynamodb = client("dynamodb")
    places = [f"place{number}" for number in range(most)]
    moved = [f"{older} = if_not_exists({newer}, :never)" for newer, older in pairwise(places)]
    try:
        dynamodb.update_item(
            TableName=settings().table,
            Key=record_key(record, LINKS),
            UpdateExpression=f"SET {', '.join((f'{places[0]} = :at', *moved))}",
            ConditionExpression=f"attribute_not_exists({places[0]}) OR ({places[0]} <= :before "
            f"AND {places[-1]} <= :since)",
            ExpressionAttributeValues={
                ":at": {"S": written(at)},
                ":before": {"S": written(at - apart)},
                ":since": {"S": written(at - within)},
                ":never": {"S": "-"},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as full:
        return written(at) in _times(full.response.get("Item", {}), places)
    return True


def _times(item: dict[str, dict[str, str]], places: Collection[str]) -> list[str]:
    return [item[place]["S"] for place in places if place in item]
