"""Notices on their way: an item in the table says how far each has come, a queue carries its key to `deliver`.

queued → sending → sent, or one of the other ends. A notice that has to wait (for the morning, for a mail system that is
down, for another notice) stands in the index of alarms, and the sweep sends its key on when its time has come.

A claim on `sending` runs out after `CLAIM`, longer than `deliver` may run, so that a notice whose sender died is
taken up by the next delivery of its message. Every call of a sender is counted before it is made, by channel, and not
counted any more once it is known that it was not taken. So what may have gone out already is known, whoever died: it is
called for once more, and the notice is `repeated`. After `CALLS` without an answer, the channel is `uncertain`.
"""

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.domain.telling.news import STOREFRONT
from chalicelib.domain.telling.notices import FAILED, NOT_YET, UNUSABLE, NoticeKey
from chalicelib.settings import settings

from .aws import client
from .items import NOTICE, SHOP, Item, alarm_keys, record_key, record_of

CLAIM = timedelta(seconds=90)
LOST_AFTER = timedelta(days=1)
"""A message that was to bring a notice has come, or will not."""
CALLS = 2
CHANNELS = ("email", "sms", "topic", "webhook")
ENDS = ("sent", "outdated", "undeliverable", "uncertain", "nobody", "held_back", "listed", "given_up")
"""States in which nothing is left to do: told, no longer true, told by no channel, perhaps told, nobody to tell, one of
more in a day than a consumer is told of, or of more alarms in an hour than one reader is; listed for a storefront
that is not called; given up, since its webhook did not take it for days."""


class Passage(NamedTuple):
    """How a notice fared by one channel: `to` is masked, `at` the time of its last change, `sent_at` when it went out.

    `edition`: of which contact details of the consumer `to` is; "" for staff.
    `uncertain`: it was called for as often as may be, and it is not known whether it was sent. `held_back`: enough went
    out by this channel that day.
    """

    channel: str
    state: str
    to: str
    message_id: str
    at: str
    edition: str = ""
    sent_at: str = ""


class Notice(NamedTuple):
    """A notice as it stands. `queued_at` RFC 3339; `passages` one for each channel that took or refused it.

    `calls` by channel: how many were taken, or may have been. `asked_again_at` RFC 3339: when a storefront asked to
    hear of it again, "" if it never did.
    """

    key: NoticeKey
    state: str
    queued_at: str
    attempts: int
    passages: tuple[Passage, ...]
    calls: Counter[str]
    asked_again_at: str = ""

    @property
    def repeated(self) -> bool:
        """Whether it may have gone out twice by any channel."""
        return any(calls > 1 for calls in self.calls.values())

    @property
    def settled(self) -> bool:
        return self.state in ENDS

    @property
    def has_arrived(self) -> bool:
        """Whether it has come by any channel, as far as is known."""
        return any(one.state not in FAILED | NOT_YET for one in self.passages)

    def tried(self, channel: str) -> Passage | None:
        return next((passage for passage in self.passages if passage.channel == channel), None)

    def to_edition(self, edition: str) -> "Notice":
        """The notice as it concerns these contact details: what failed by earlier ones has not been tried yet."""
        elsewhere = [one.channel for one in self.passages if one.state in FAILED and one.edition != edition]
        passages = tuple(one for one in self.passages if one.channel not in elsewhere)
        return self._replace(passages=passages, calls=self.calls - Counter(dict.fromkeys(elsewhere, CALLS)))


class Reported(NamedTuple):
    """A notice after a report of the mail system, and how its mail stood before."""

    notice: Notice
    mail_was: str


def item_key(notice: NoticeKey) -> Item:
    where = SHOP if notice.audience.startswith(STOREFRONT) else NOTICE
    return record_key(notice.record, f"{where}{notice.seq:08}#{notice.kind}#{notice.audience}")


def key_of(item: Item) -> NoticeKey:
    """The key in an item's own keys."""
    _, seq, kind, audience = item["sk"]["S"].split("#", 3)
    return NoticeKey(record_of(item), int(seq), audience, kind)


def as_notice(item: Item) -> Notice:
    passages = (
        Passage(channel, **{part: item.get(f"{channel}_{part}", {}).get("S", "") for part in Passage._fields[1:]})
        for channel in CHANNELS
        if f"{channel}_state" in item
    )
    return Notice(
        key=key_of(item),
        state=item["state"]["S"],
        queued_at=item["queued_at"]["S"],
        attempts=int(item["attempts"]["N"]),
        passages=tuple(passages),
        calls=Counter({channel: int(item.get(f"{channel}_calls", {}).get("N", 0)) for channel in CHANNELS}),
        asked_again_at=item.get("asked_again_at", {}).get("S", ""),
    )


# ---- on its way ------------------------------------------------------------------------------------------------------


def queue(notice: NoticeKey, now: datetime, not_before: datetime) -> None:
    """Record a notice, and send its key on its way unless it has to wait. Again: the same item, one more message."""
    dynamodb = client("dynamodb")
    item = {**item_key(notice), "state": {"S": "queued"}, "queued_at": {"S": written(now)}, "attempts": {"N": "0"}}
    waits = not_before > now
    if waits:
        item |= alarm_keys(notice.record, not_before)
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(TableName=settings().table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    if not waits:
        send_on(notice)


def send_on(notice: NoticeKey, delay: timedelta = timedelta()) -> None:
    """Its key goes to `deliver`, or `call-webhooks`, after a delay of a quarter of an hour at most. Any number of
    times: a notice is claimed before it is sent.

    The messages of a storefront are a group of their own: SQS hands out those of others first, where one has many.
    """
    to_shop = notice.audience.startswith(STOREFRONT)
    where = {"QueueUrl": settings().webhooks_queue_url if to_shop else settings().notices_queue_url}
    more = {"MessageGroupId": notice.audience, "DelaySeconds": int(delay.total_seconds())} if to_shop else {}
    client("sqs").send_message(**where, MessageBody=json.dumps(notice._asdict()), **more)


def parse(body: str) -> NoticeKey:
    """The key in a message. Raises ValueError, KeyError or TypeError for anything else."""
    return NoticeKey(**json.loads(body))


def wake(notice: NoticeKey, waited_as: str) -> None:
    """A notice that waited has its time: its key is sent on its way, then it leaves its place in the index.

    Not if it has got another place meanwhile, since it has to wait again.
    """
    send_on(notice)
    _leave_place(notice, waited_as)


def _leave_place(notice: NoticeKey, waited_as: str) -> None:
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        _update(
            notice,
            "REMOVE alarm_pk, alarm_sk",
            condition="alarm_sk = :waited_as",
            values={":waited_as": {"S": waited_as}},
        )


# ---- sending ---------------------------------------------------------------------------------------------------------


def claim(notice: Notice, now: datetime, news: Item) -> bool:
    """Whether this notice is the caller's to send now, who then records `news`.

    False if it is settled, if another is at it, or was since it was read.
    """
    claimed = {
        "state": {"S": "sending"},
        "claimed_at": {"S": written(now)},
        "attempts": {"N": str(notice.attempts + 1)},
    }
    return _set_if_free(notice, claimed | news, now)


def put_to_rest(notice: Notice, until: datetime, now: datetime) -> bool:
    """It waits for the sweep, as it was read; False as `claim`."""
    return _set_if_free(notice, {"state": {"S": "queued"}} | asleep(notice.key, until), now)


def _set_if_free(notice: Notice, news: Item, now: datetime) -> bool:
    """Whether it was as it was read, with nobody at it: who has been for longer than `CLAIM` has died."""
    try:
        _set(
            notice.key,
            news,
            condition="attempts = :read AND (#state = :queued OR #state = :sending AND claimed_at < :lost)",
            values={
                ":read": {"N": str(notice.attempts)},
                ":queued": {"S": "queued"},
                ":sending": {"S": "sending"},
                ":lost": {"S": written(now - CLAIM)},
            },
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True


def called(channel: str, calls: int) -> Item:
    """News: so many calls of a channel's sender were taken, or may have been."""
    return {f"{channel}_calls": {"N": str(calls)}}


def fared(passages: Iterable[Passage]) -> Item:
    """News: what became of a notice by some channels."""
    return {
        f"{passage.channel}_{part}": {"S": getattr(passage, part)}
        for passage in passages
        for part in Passage._fields[1:]
    }


def asleep(notice: NoticeKey, until: datetime) -> Item:
    """News: it stands in the index of alarms until then."""
    return alarm_keys(notice.record, until)


def note(notice: NoticeKey, news: Item) -> None:
    """Record news, while others are still to come."""
    _set(notice, news)


def release(notice: NoticeKey, news: Item) -> None:
    """Something is left to do: give the claim back."""
    _set(notice, {"state": {"S": "queued"}} | news)


def wait(notice: NoticeKey, until: datetime, news: Item) -> None:
    """Something is left to do, and it is not the time: give the claim back, and let it wait for the sweep."""
    _set(notice, {"state": {"S": "queued"}} | news | asleep(notice, until))


def end(notice: NoticeKey, state: str, news: Item | None = None, read: Iterable[Passage] = ()) -> bool:
    """Nothing more is to be done for a notice, but for what the mail system may report.

    Not, and False, if by any channel it fares otherwise than was `read`.
    """
    known = list(read)
    try:
        _set(
            notice,
            {"state": {"S": state}} | (news or {}),
            condition=" AND ".join(f"{one.channel}_state = :{one.channel}_read" for one in known) or None,
            values={f":{one.channel}_read": {"S": one.state} for one in known},
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True


def take_up(notice: Notice, now: datetime) -> None:
    """A notice that was settled is to be told anew: the sweep sends it on. Not if anything has become of it since."""
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        _set(
            notice.key,
            {"state": {"S": "queued"}} | alarm_keys(notice.key.record, now),
            condition="#state = :read AND attempts = :attempts",
            values={":read": {"S": notice.state}, ":attempts": {"N": str(notice.attempts)}},
        )


def ask_again(notice: NoticeKey, asked_at: datetime) -> None:
    """What has ended is told once more, as a storefront asked at that time; what has not ended goes on as it is, from
    then, and waits no longer. Again: nothing, nor while it is being told.

    It waits for the sweep meanwhile, should the caller die. What is on its way already is not sent on: of ten thousand
    for a slow receiver many messages each would go round all day.
    """
    place = asleep(notice, asked_at + CLAIM)
    try:
        before = _update(
            notice,
            "SET #state = :queued, asked_again_at = :asked, alarm_pk = :shard, alarm_sk = :place",
            condition="#state <> :sending AND attribute_exists(pk) AND "
            "(attribute_not_exists(asked_again_at) OR asked_again_at < :asked)",
            names={"#state": "state"},
            values={
                ":queued": {"S": "queued"},
                ":sending": {"S": "sending"},
                ":asked": {"S": written(asked_at)},
                ":shard": place["alarm_pk"],
                ":place": place["alarm_sk"],
            },
            ReturnValues="ALL_OLD",
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return
    was = as_notice(before)
    asked_before = datetime.fromisoformat(was.asked_again_at or was.queued_at)
    if was.settled or "alarm_sk" in before or asked_before < asked_at - LOST_AFTER:
        send_on(notice)
    _leave_place(notice, place["alarm_sk"]["S"])


def wait_no_longer(notice: NoticeKey) -> None:
    """What waits for the sweep goes on its way; nothing for what does not."""
    item = client("dynamodb").get_item(TableName=settings().table, Key=item_key(notice), ConsistentRead=True)
    waiting = item.get("Item", {})
    if "alarm_sk" in waiting and waiting["state"]["S"] == "queued":
        wake(notice, waiting["alarm_sk"]["S"])


def erase_addresses(notice: Notice) -> None:
    """To whom it went is gone, masked as it is, and what has not gone out is not to."""
    ends = "" if notice.settled else "SET #state = :outdated "
    _update(
        notice.key,
        f"{ends}REMOVE {', '.join(f'{channel}_to' for channel in CHANNELS)}",
        condition="attribute_exists(pk)",
        names={} if notice.settled else {"#state": "state"},
        values={} if notice.settled else {":outdated": {"S": "outdated"}},
    )


# ---- what the mail system reports ------------------------------------------------------------------------------------


def report(
    notice: NoticeKey, message_id: str, state: str, after: Iterable[str], at: datetime, *, again: bool
) -> Reported | None:
    """Record what became of an e-mail `at` some time; `again`: the notice is to be sent by what other channel there is.

    Nobody may be at it then, who would be overtaken. None if somebody is, if the message is not
    this notice's (or not recorded yet), or if the state does not follow on the present one, which is as new or newer:
    of two reports of the same second, that it has arrived holds. What makes an address unusable holds at any time.
    """
    known = sorted(after)
    newer = "<=" if state == "delivered" else "<"
    in_time = "" if state in UNUSABLE else f" AND (email_state IN (:sent, :delayed) OR email_at {newer} :at)"
    try:
        item = _update(
            notice,
            "SET email_state = :state, email_at = :at" + (", #state = :queued" if again else ""),
            condition=f"email_message_id = :id AND email_state IN ({', '.join(f':was{n}' for n in range(len(known)))})"
            + in_time
            + (" AND #state <> :sending" if again else ""),
            names={"#state": "state"} if again else {},
            values={
                ":state": {"S": state},
                ":at": {"S": written(at)},
                ":id": {"S": message_id},
                **({":sent": {"S": "sent"}, ":delayed": {"S": "delayed"}} if in_time else {}),
                **({":queued": {"S": "queued"}, ":sending": {"S": "sending"}} if again else {}),
                **{f":was{n}": {"S": one} for n, one in enumerate(known)},
            },
            ReturnValues="ALL_OLD",
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return None
    news = {"email_state": {"S": state}, "email_at": {"S": written(at)}} | ({"state": {"S": "queued"}} if again else {})
    return Reported(as_notice(item | news), item["email_state"]["S"])


def load(notice: NoticeKey) -> Notice | None:
    answer = client("dynamodb").get_item(TableName=settings().table, Key=item_key(notice), ConsistentRead=True)
    return as_notice(answer["Item"]) if "Item" in answer else None


def _set(notice: NoticeKey, news: Item, *, condition: str | None = None, values: Item | None = None) -> None:
    _update(
        notice,
        "SET " + ", ".join(f"#{name} = :{name}" for name in news),
        condition=condition,
        names={f"#{name}": name for name in news},
        values={f":{name}": value for name, value in news.items()} | (values or {}),
    )


def _update(
    notice: NoticeKey,
    expression: str,
    *,
    condition: str | None = None,
    names: dict[str, str] | None = None,
    values: dict[str, Any] | None = None,
    **more: Any,
) -> Item:
    answer = client("dynamodb").update_item(
        TableName=settings().table,
        Key=item_key(notice),
        UpdateExpression=expression,
        **({"ConditionExpression": condition} if condition else {}),
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
        **more,
    )
    return dict(answer.get("Attributes", {}))
