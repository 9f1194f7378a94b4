"""Storefronts are called: each piece of news goes to the webhook of whose complaint it is about. Any message may come
twice or out of order.

Of one complaint, news are told in their order: a piece waits while one before it is not settled, and whoever settles
that sends the next on. What was not taken waits in the table, longer each time, up to three days; while a webhook rests
after failures in a row nothing is tried, and one call shows whether it is there again: then all that waited goes on,
which until then looks again as seldom as if it had been tried. One that takes long is called once at a time. So nobody
waits for another's webhook.

What a receiver may have got is counted before it is called, as with any notice (`outbox`); so whoever dies, it is told
once, or again and marked.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from chalicelib import log
from chalicelib.adapters import attempts, news, outbox, webhook_call, webhooks
from chalicelib.adapters.news import LISTED, Told
from chalicelib.adapters.outbox import Passage
from chalicelib.adapters.webhook_call import Sent
from chalicelib.adapters.webhooks import Webhook
from chalicelib.domain.ground.instants import written
from chalicelib.domain.telling.attempts import (
    DISABLED_AFTER,
    SOONEST,
    Attempt,
    AttemptOutcome,
    Problem,
    given_up_at,
    pause,
    rest,
)
from chalicelib.domain.telling.notices import NoticeKey

from . import redelivery
from .batch import failed_messages
from .webhook_letters import tell_disabled, tell_given_up

WEBHOOK = "webhook"
TEST = "webhook.test"
A_MOMENT, LONGEST_DELAY = timedelta(seconds=15), timedelta(minutes=15)
PROBED_AGAIN = timedelta(minutes=1)


class Outcome(NamedTuple):
    """What a call came to that was made to try a webhook."""

    delivered: bool
    status: int | None
    problem: Problem | None
    milliseconds: int


def call(messages: Iterable[dict[str, Any]], now: datetime, machine_time: datetime) -> list[str]:
    """Calls the webhooks for the news that queue messages name; the ids of messages to be delivered again."""

    def see_to(message: dict[str, Any]) -> bool:
        if asked := redelivery.parse(message["body"]):
            redelivery.go_on(asked)
            return True
        return _tell(outbox.parse(message["body"]), now, machine_time)

    return failed_messages(messages, see_to, "a webhook was not called", _ids)


def _ids(message: dict[str, Any]) -> dict[str, Any]:
    """The news that a message names, even if it names none."""
    told = {"message": message.get("messageId")}
    with suppress(ValueError, KeyError, TypeError):
        told |= outbox.parse(message["body"])._asdict()
    return told


def try_out(webhook: Webhook, now: datetime, machine_time: datetime) -> Outcome:
    """Calls it at once, whatever its state, with nothing in it; nothing follows from what comes of that."""
    body = json.dumps({"type": TEST, "timestamp": written(now), "data": {}})
    sent = webhook_call.send(webhook, f"test_{uuid4().hex}", body, now, machine_time)
    return Outcome(sent.problem is None, sent.status, sent.problem, sent.milliseconds)


# ---- whether it is called now ----------------------------------------------------------------------------------------


def _tell(key: NoticeKey, now: datetime, machine_time: datetime) -> bool:
    """Whether the message has done its work: the news are told, need not be, or wait."""
    *before, told = news.until(key) or (None,)
    if told is None or told.notice.settled:
        return True
    webhook = webhooks.to_call(news.storefront_of(key))
    if webhook is None or not webhook.wants(told.news.type):
        if webhook and webhook.state == "disabled" and told.notice.state == "sending":
            tell_disabled(webhook, now)  # whoever found out may have died before they said so
        return _end(told, LISTED, {})
    unsettled = next((one for one in before if one and not one.notice.settled), None)
    if unsettled:
        return _wait_for(unsettled, told, now)
    if webhook.paused_until and now < webhook.paused_until:
        return _leave_alone(webhook, told, webhook.paused_until, now)
    if (webhook.is_probed or webhook.is_slow) and not webhooks.take_alone(webhook, now):
        return _wait_while_busy(webhook, told, now)
    return _call(webhook, told, now, machine_time)


def _wait_for(earlier: Told, told: Told, now: datetime) -> bool:
    """Longer than the one before it; whoever settles that sends it on. They may have done so just now."""
    until = max(earlier.waits_until or now, now) + SOONEST
    if not outbox.put_to_rest(told.notice, _looks_again(told, until, now), now):
        return False
    again = outbox.load(earlier.notice.key)
    if again is None or again.settled:
        outbox.send_on(told.notice.key)
    return True


def _leave_alone(webhook: Webhook, told: Told, until: datetime, now: datetime) -> bool:
    """Nobody is called while a webhook rests; what has waited for so long is not told any more."""
    if now >= given_up_at(told.asked_at):
        if not outbox.put_to_rest(told.notice, now, now):
            return False
        return _give_up(webhook, told, Sent(None, "resting", 0), told.calls, now, called=False)
    return outbox.put_to_rest(told.notice, _looks_again(told, until, now), now)


def _looks_again(told: Told, until: datetime, now: datetime) -> datetime:
    """Not before `until`; of thousands that wait for days few at a time."""
    return max(until, min(now + pause(told.asked_at, now), given_up_at(told.asked_at)))


def _wait_while_busy(webhook: Webhook, told: Told, now: datetime) -> bool:
    """Another is calling it. Of one that is slow many may wait: the longer they have, the more seldom they look."""
    if webhook.is_probed:
        return outbox.put_to_rest(told.notice, _looks_again(told, now + PROBED_AGAIN, now), now)
    waited = now - told.asked_at
    outbox.send_on(told.notice.key, min(max(waited / 4, A_MOMENT), LONGEST_DELAY))
    return True


# ---- the call, and what follows --------------------------------------------------------------------------------------


def _call(webhook: Webhook, told: Told, now: datetime, machine_time: datetime) -> bool:
    calls = told.calls
    if not outbox.claim(told.notice, now, outbox.called(WEBHOOK, calls + 1)):
        return False
    sent = webhook_call.send(
        webhook,
        told.news.id,
        told.news.model_dump_json(),
        now,
        machine_time,
        attempt=told.notice.attempts + 1,
        repeated=calls > 0,
    )
    log.note("a webhook was called", **_of(told), **sent._asdict() | {"rest": None})
    if sent.problem is None:
        if webhook.failing_since and (webhook.is_probed or webhook.paused_until):
            redelivery.resume(webhook.storefront, webhook.failing_since, now)
        _end(told, "sent", outbox.fared([Passage(WEBHOOK, "sent", "", "", written(now), sent_at=written(now))]))
        webhooks.note_delivery(webhook, sent.milliseconds, now)
        _note(told, sent, "delivered", now)
        return True
    return _failed(webhook, told, sent, calls + sent.uncertain, now)


def _failed(webhook: Webhook, told: Told, sent: Sent, calls: int, now: datetime) -> bool:
    """`calls`: how many the receiver may have taken."""
    rests = max(filter(None, (sent.rest, rest(webhook.failures + 1))), default=None)
    until = now + rests if rests else None
    after = webhooks.note_failure(webhook, str(sent.problem), sent.milliseconds, until, now)
    if after and (why := _why_disabled(after, sent, now)):
        if disabled := webhooks.disable(after, why, now):
            tell_disabled(disabled, now)
        _note(told, sent, "uncertain" if sent.uncertain else "failed", now)
        return _end(told, LISTED, outbox.called(WEBHOOK, calls))
    if now >= given_up_at(told.asked_at):
        return _give_up(after or webhook, told, sent, calls, now)
    again_at = _looks_again(told, now, now)
    if rests and webhook.is_probed:  # of all that wait it goes on showing whether the webhook is there again
        again_at = min(again_at, now + rests)
    outbox.wait(told.notice.key, again_at, outbox.called(WEBHOOK, calls))
    _note(told, sent, "uncertain" if sent.uncertain else "failed", now)
    return True


def _why_disabled(webhook: Webhook, sent: Sent, now: datetime) -> str | None:
    if sent.problem == "gone":
        return "gone"
    return "failing" if webhook.failing_since and now - webhook.failing_since >= DISABLED_AFTER else None


def _give_up(webhook: Webhook, told: Told, sent: Sent, calls: int, now: datetime, *, called: bool = True) -> bool:
    """It is not told any more, but for a redelivery; supervisors are told, and whoever the storefront named."""
    tell_given_up(webhook, now)
    _note(told, sent, "given_up", now, called=called)
    return _end(told, "given_up", outbox.called(WEBHOOK, calls))


def _end(told: Told, state: str, passage: dict[str, Any]) -> bool:
    """Nothing more is to be done for it, and the next of its complaint goes on."""
    outbox.end(told.notice.key, state, passage)
    if following := news.next_waiting(told.notice.key):
        outbox.send_on(following)
    return True


def _note(told: Told, sent: Sent, outcome: AttemptOutcome, now: datetime, *, called: bool = True) -> None:
    one = Attempt(
        at=now,
        id=told.news.id,
        type=told.news.type,
        complaint_id=told.news.data.complaint_id,
        seq=told.news.data.seq,
        attempt=told.notice.attempts + called,
        outcome=outcome,
        status=sent.status,
        problem=sent.problem,
        milliseconds=sent.milliseconds if called else None,
        perhaps_repeated=told.calls > 0,
    )
    attempts.note(one, news.storefront_of(told.notice.key))


def _of(told: Told) -> dict[str, Any]:
    key = told.notice.key
    known = {"record": key.record, "seq": key.seq, "attempt": told.notice.attempts + 1}
    return known | {"storefront": news.storefront_of(key)}
