"""Notices on their way: an item in the table says how far each has come, a queue carries its key to `deliver`.

queued → sending → sent, or one of the other ends. A notice that has to wait (for the morning, for a mail system that is
down, for another notice) stands in the index of alarms, and the sweep sends its key on when its time has come.

A claim on `sending` runs out after `CLAIM`, longer than `deliver` may run, so that a notice whose sender died is
sent by the next delivery of its message, marked `repeated`: it may have gone out already. If that sender dies too, the
notice is `uncertain`, and people are asked instead.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.instants import written
from chalicelib.domain.notices import HOUSE, NoticeKey
from chalicelib.settings import settings

from .aws import client
from .items import NOTICE, Item, alarm_keys, complaint_key, house_key

CLAIM = timedelta(seconds=90)
ENDS = ("sent", "outdated", "undeliverable", "uncertain", "nobody")
"""States in which nothing is left to do: told, no longer true, told by no channel, perhaps told, nobody to tell."""


class Passage(NamedTuple):
    """How a notice fared by one channel: `to` is masked, `at` the time of its last change."""

    channel: str
    state: str
    to: str
    message_id: str
    at: str


class Notice(NamedTuple):
    """A notice as it stands. `queued_at` RFC 3339; `passages` one for each channel that was tried."""

    key: NoticeKey
    state: str
    queued_at: str
    attempts: int
    repeated: bool
    claimed_at: str
    passages: tuple[Passage, ...]

    @property
    def settled(self) -> bool:
        return self.state in ENDS

    def tried(self, channel: str) -> Passage | None:
        return next((passage for passage in self.passages if passage.channel == channel), None)


def item_key(notice: NoticeKey) -> Item:
    sort_key = f"{NOTICE}{notice.seq:08}#{notice.audience}#{notice.kind}"
    return house_key(sort_key) if notice.about == HOUSE else complaint_key(notice.about, sort_key)


def key_of(item: Item) -> NoticeKey:
    """The key in an item's own keys."""
    _, seq, audience, kind = item["sk"]["S"].split("#")
    about = item["pk"]["S"].removeprefix("COMPLAINT#")
    return NoticeKey(HOUSE if about == HOUSE.upper() else about, int(seq), audience, kind)


def as_notice(item: Item) -> Notice:
    passages = (
        Passage(channel, **{part: item.get(f"{channel}_{part}", {}).get("S", "") for part in Passage._fields[1:]})
        for channel in ("email", "sms", "topic")
        if f"{channel}_state" in item
    )
    return Notice(
        key=key_of(item),
        state=item["state"]["S"],
        queued_at=item["queued_at"]["S"],
        attempts=int(item["attempts"]["N"]),
        repeated="repeated" in item,
        claimed_at=item.get("claimed_at", {}).get("S", ""),
        passages=tuple(passages),
    )


# ---- on its way ------------------------------------------------------------------------------------------------------


def queue(notice: NoticeKey, now: datetime, not_before: datetime) -> None:
    """Record a notice, and send its key on its way unless it has to wait. Again: the same item, one more message."""
    dynamodb = client("dynamodb")
    item = {**item_key(notice), "state": {"S": "queued"}, "queued_at": {"S": written(now)}, "attempts": {"N": "0"}}
    waits = not_before > now
    if waits:
        item |= alarm_keys(notice.about, not_before)
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(TableName=settings().table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    if not waits:
        send_on(notice)


def send_on(notice: NoticeKey) -> None:
    """Its key goes to `deliver`. Any number of times: a notice is claimed before it is sent."""
    client("sqs").send_message(QueueUrl=settings().notices_queue_url, MessageBody=json.dumps(notice._asdict()))


def parse(body: str) -> NoticeKey:
    """The key in a message. Raises ValueError, KeyError or TypeError for anything else."""
    return NoticeKey(**json.loads(body))


def wake(notice: NoticeKey, waited_as: str) -> None:
    """A notice that waited has its time: its key is sent on its way, then it leaves its place in the index.

    Not if it has got another place meanwhile, since it has to wait again.
    """
    send_on(notice)
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        _update(
            notice,
            "REMOVE alarm_pk, alarm_sk",
            condition="alarm_sk = :waited_as",
            values={":waited_as": {"S": waited_as}},
        )


def wait(notice: NoticeKey, until: datetime, *, held: bool) -> None:
    """It is not the time to send a notice: it waits, and nobody holds it. `held`: it is the caller who does so far.

    Somebody else may be at it, who then decides.
    """
    keys = alarm_keys(notice.about, until)
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        _update(
            notice,
            "SET #state = :queued, alarm_pk = :pk, alarm_sk = :sk",
            condition="#state = :was",
            names={"#state": "state"},
            values={
                ":queued": {"S": "queued"},
                ":was": {"S": "sending" if held else "queued"},
                ":pk": keys["alarm_pk"],
                ":sk": keys["alarm_sk"],
            },
        )


# ---- sending ---------------------------------------------------------------------------------------------------------


def claim(notice: Notice, now: datetime) -> bool:
    """Whether this notice is the caller's to send now; False if it is settled or another is at it."""
    repeats = notice.state == "sending"
    try:
        _update(
            notice.key,
            "SET #state = :sending, claimed_at = :now"
            + (", repeated = :now" if repeats else "")
            + " ADD attempts :one",
            condition="#state = :sending AND claimed_at < :lost" if repeats else "#state = :queued",
            names={"#state": "state"},
            values={
                ":sending": {"S": "sending"},
                ":now": {"S": written(now)},
                ":one": {"N": "1"},
                **({":lost": {"S": written(now - CLAIM)}} if repeats else {":queued": {"S": "queued"}}),
            },
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True


def lost(notice: Notice, now: datetime) -> bool:
    """Whether whoever claimed a notice must be dead by now."""
    return notice.state == "sending" and notice.claimed_at < written(now - CLAIM)


def release(notice: NoticeKey) -> None:
    """Sending failed: give the claim back."""
    _set(notice, state="queued")


def end(notice: NoticeKey, state: str, passages: Iterable[Passage] = ()) -> None:
    """Nothing more is to be done for a notice, but for what the mail system may report."""
    _set(notice, state=state, **_told(passages))


def note(notice: NoticeKey, passages: Iterable[Passage]) -> None:
    """How it fared by some channels, while others are still to be tried."""
    _set(notice, **_told(passages))


def _told(passages: Iterable[Passage]) -> dict[str, str]:
    return {f"{passage.channel}_{part}": getattr(passage, part) for passage in passages for part in Passage._fields[1:]}


# ---- what the mail system reports ------------------------------------------------------------------------------------


def report(notice: NoticeKey, message_id: str, state: str, after: Iterable[str], now: datetime, *, again: bool) -> bool:
    """Record what became of an e-mail; `again`: the notice is to be sent by what other channel there is.

    Nobody may be at it then, who would be overtaken. False if somebody is, if the message is not this notice's (or not
    recorded yet), or if the state does not follow on the present one.
    """
    known = sorted(after)
    try:
        _update(
            notice,
            "SET email_state = :state, email_at = :now" + (", #state = :queued" if again else ""),
            condition=f"email_message_id = :id AND email_state IN ({', '.join(f':was{n}' for n in range(len(known)))})"
            + (" AND #state <> :sending" if again else ""),
            names={"#state": "state"} if again else {},
            values={
                ":state": {"S": state},
                ":now": {"S": written(now)},
                ":id": {"S": message_id},
                **({":queued": {"S": "queued"}, ":sending": {"S": "sending"}} if again else {}),
                **{f":was{n}": {"S": one} for n, one in enumerate(known)},
            },
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True


def load(notice: NoticeKey) -> Notice | None:
    answer = client("dynamodb").get_item(TableName=settings().table, Key=item_key(notice), ConsistentRead=True)
    return as_notice(answer["Item"]) if "Item" in answer else None


def _set(notice: NoticeKey, **values: str) -> None:
    _update(
        notice,
        "SET " + ", ".join(f"#{name} = :{name}" for name in values),
        names={f"#{name}": name for name in values},
        values={f":{name}": {"S": value} for name, value in values.items()},
    )


def _update(
    notice: NoticeKey,
    expression: str,
    *,
    condition: str | None = None,
    names: dict[str, str] | None = None,
    values: dict[str, Any] | None = None,
) -> None:
    client("dynamodb").update_item(
        TableName=settings().table,
        Key=item_key(notice),
        UpdateExpression=expression,
        **({"ConditionExpression": condition} if condition else {}),
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    )
