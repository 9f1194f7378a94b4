"""How many alarms a reader was told of singly, and how many more there are to tell of together.

Two items a reader. One has the last places, newest first: a notice that takes one pushes out the oldest, if that is old
enough. The other is the notice that tells of more, which counts what it stands for; what is held back ends and is
counted in one transaction, so that nothing is counted twice or not at all, whoever dies.
"""

from datetime import datetime
from itertools import pairwise

from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.instants import written
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.settings import settings

from . import outbox
from .aws import client
from .items import Item, alarm_keys, house_key
from .outbox import Notice


def take_place(reader: str, notice: Notice, now: datetime, since: datetime, most: int) -> bool:
    """Whether a notice is one of the `most` that a reader is told of `since` then. Again: as before, while that holds.

    One round trip, and another for what was tried before. Whoever dies between this and the claim may cost a place.
    """
    dynamodb, table, key = client("dynamodb"), settings().table, house_key(f"alarms {reader}")
    name = f" {notice.key.record}#{notice.key.seq}#{notice.key.kind}#{notice.key.audience}"

    def has_one(item: Item) -> bool:
        taken = [place["S"] for place in item.values()]
        return any(place.endswith(name) and place >= written(since) for place in taken)

    if notice.attempts:
        known = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
        if has_one(known.get("Item", {})):
            return True
    places = [f"place{number}" for number in range(most)]
    moved = [f"{place} = if_not_exists({newer}, :never)" for newer, place in pairwise(places)]
    try:
        dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression=f"SET {', '.join((f'{places[0]} = :new', *moved))}",
            ConditionExpression=f"attribute_not_exists({places[-1]}) OR {places[-1]} < :since",
            ExpressionAttributeValues={
                ":new": {"S": written(now) + name},
                ":since": {"S": written(since)},
                **({":never": {"S": "-"}} if moved else {}),
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as full:
        return has_one(full.response.get("Item", {}))
    return True


def hold_back(notice: Notice, news: Item, more: NoticeKey, at: datetime, now: datetime) -> bool:
    """A notice ends as one of those that `more` stands for, which is told `at` a time. False if that counts no more.

    Raises Stale if anything has become of the notice since it was read, or others are counted at this moment.
    """
    dynamodb, table = client("dynamodb"), settings().table
    ended = {"state": {"S": "held_back"}, **news}
    end = {
        "Key": outbox.item_key(notice.key),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in ended),
        "ConditionExpression": "#state = :read AND #attempts = :attempts",
        "ExpressionAttributeNames": {f"#{name}": name for name in (*ended, "attempts")},
        "ExpressionAttributeValues": {
            **{f":{name}": value for name, value in ended.items()},
            ":read": {"S": notice.state},
            ":attempts": {"N": str(notice.attempts)},
        },
    }
    count = {
        "Key": outbox.item_key(more),
        "UpdateExpression": "SET #state = if_not_exists(#state, :queued), queued_at = if_not_exists(queued_at, :now), "
        "attempts = if_not_exists(attempts, :none), alarm_pk = :shard, alarm_sk = :place ADD held :one",
        "ConditionExpression": "attribute_not_exists(counted)",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {
            ":queued": {"S": "queued"},
            ":now": {"S": written(now)},
            ":none": {"N": "0"},
            ":one": {"N": "1"},
            ":shard": (keys := alarm_keys(more.record, at))["alarm_pk"],
            ":place": keys["alarm_sk"],
        },
    }
    try:
        dynamodb.transact_write_items(TransactItems=[{"Update": {"TableName": table, **one}} for one in (end, count)])
    except dynamodb.exceptions.TransactionCanceledException as cancelled:
        ours, theirs = (reason.get("Code") for reason in cancelled.response["CancellationReasons"])
        if theirs == "ConditionalCheckFailed" and ours in (None, "None"):
            return False
        if {ours, theirs} & {"ConditionalCheckFailed", "TransactionConflict"}:
            raise Stale("changed_meanwhile") from cancelled
        raise
    return True


def counted(more: NoticeKey) -> int:
    """For how many it stands, and from now on for no others. Again: the same."""
    answer = client("dynamodb").update_item(
        TableName=settings().table,
        Key=outbox.item_key(more),
        UpdateExpression="SET counted = :true",
        ExpressionAttributeValues={":true": {"BOOL": True}},
        ReturnValues="ALL_NEW",
    )
    return int(answer["Attributes"]["held"]["N"])
