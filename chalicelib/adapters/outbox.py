"""Notices on their way: an item in the table says how far each has come, a queue carries its key to `deliver`.

queued → sending → sent, or no_address. A claim on `sending` runs out after `CLAIM`, longer than `deliver` may run,
so that a notice whose sender died is sent by the next delivery of its message.
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.instants import written
from chalicelib.domain.notices import NoticeKey
from chalicelib.settings import settings

from .aws import client
from .items import complaint_key

CLAIM = timedelta(seconds=90)


def _key(notice: NoticeKey) -> dict[str, Any]:
    sort_key = f"NOTICE#{notice.seq:08}#{notice.audience}#{notice.kind}#{notice.channel}"
    return complaint_key(notice.complaint_id, sort_key)


def queue(notice: NoticeKey, now: datetime) -> None:
    """Record a notice and send its key on its way. Again: the same item, one more message, which finds it claimed."""
    dynamodb = client("dynamodb")
    item = {**_key(notice), "state": {"S": "queued"}, "queued_at": {"S": written(now)}, "attempts": {"N": "0"}}
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(TableName=settings().table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    client("sqs").send_message(QueueUrl=settings().notices_queue_url, MessageBody=json.dumps(notice._asdict()))


def parse(body: str) -> NoticeKey:
    """The key in a message. Raises ValueError, KeyError or TypeError for anything else."""
    return NoticeKey(**json.loads(body))


def claim(notice: NoticeKey, now: datetime) -> bool:
    """Whether this notice is the caller's to send now; False if it is sent or another is at it."""
    dynamodb = client("dynamodb")
    try:
        dynamodb.update_item(
            TableName=settings().table,
            Key=_key(notice),
            UpdateExpression="SET #state = :sending, claimed_at = :now ADD attempts :one",
            ConditionExpression="#state = :queued OR (#state = :sending AND claimed_at < :lost)",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={
                ":sending": {"S": "sending"},
                ":queued": {"S": "queued"},
                ":now": {"S": written(now)},
                ":lost": {"S": written(now - CLAIM)},
                ":one": {"N": "1"},
            },
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def settled(notice: NoticeKey) -> bool:
    """Whether nothing is left to do for a notice."""
    answer = client("dynamodb").get_item(TableName=settings().table, Key=_key(notice), ConsistentRead=True)
    return answer.get("Item", {}).get("state", {}).get("S") in ("sent", "no_address")


def release(notice: NoticeKey) -> None:
    """Sending failed: give the claim back."""
    _set(notice, state="queued")


def sent(notice: NoticeKey, message_id: str, now: datetime) -> None:
    _set(notice, state="sent", message_id=message_id, sent_at=written(now))


def no_address(notice: NoticeKey) -> None:
    """The consumer left nothing to reach them by on this channel."""
    _set(notice, state="no_address")


def _set(notice: NoticeKey, **values: str) -> None:
    client("dynamodb").update_item(
        TableName=settings().table,
        Key=_key(notice),
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
    )
