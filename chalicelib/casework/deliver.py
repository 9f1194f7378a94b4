"""Delivers notices: writes each, claims it, sends it, records it. Any message may come twice or out of order.

Each channel of a notice is on its own: what one cannot take now keeps it from no other, and is all that is tried again.

A sender that does not answer is tried three times from the queue; then the notice waits in the table, and the sweep
takes it up again, for as long as it takes. What fails for another reason goes to the dead letters after five tries.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from chalicelib import log
from chalicelib.adapters import outbox, store
from chalicelib.adapters.outbox import Notice, Passage
from chalicelib.adapters.refusals import Refused, may_have_been_taken, passes
from chalicelib.adapters.store import Occasion
from chalicelib.domain.instants import written
from chalicelib.domain.notices import FAILED, HOUSE, KINDS, NoticeKey, outdated

from .gauges import measure
from .posts import Post, posts_about, posts_of_house
from .unreached import report_unreached

TRIES = 3  # from the queue, before a notice waits in the table
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=1)


def deliver(messages: Iterable[dict[str, Any]], now: datetime) -> list[str]:
    """Sends the notices that queue messages name; the ids of messages to be delivered again."""
    return [message["messageId"] for message in messages if not _done(message, now)]


def _done(message: dict[str, Any], now: datetime) -> bool:
    ids: dict[str, Any] = {"message": message.get("messageId")}
    try:
        receives = int(message.get("attributes", {}).get("ApproximateReceiveCount", 1))
        key = outbox.parse(message["body"])
        ids |= {"complaint_id": key.about, "seq": key.seq, "kind": key.kind, "audience": key.audience}
        done = _told(key, receives, now)
    except Exception:  # whatever it is, the queue delivers the message again and at last to the dead letters
        log.fault("a notice was not delivered", **ids)
        return False
    log.note("a notice was seen to", done=done, **ids)
    return done


def _told(key: NoticeKey, receives: int, now: datetime) -> bool:
    """Whether the message has done its work: the notice is told, need not be, or waits in the table."""
    if key.about == HOUSE:
        notice = outbox.load(key)
        if notice is None or notice.settled:
            return notice is not None
        return _sent(notice, posts_of_house(key, now), receives, now)
    occasion = store.occasion(key)
    if occasion is None or occasion.notice.settled:
        return occasion is not None
    if outdated(occasion.event, occasion.complaint):
        outbox.end(key, "outdated")
        return True
    if _too_early(key):
        outbox.wait(key, now + SOONEST, held=False)
        return True
    return _sent_about(occasion, receives, now)


def _too_early(key: NoticeKey) -> bool:
    """Whether something that must come before is still on its way: a plan never arrives after its reminder."""
    first = KINDS[key.kind].follows
    return bool(first) and any(
        earlier.key.kind in first and earlier.key.seq < key.seq and not earlier.settled
        for earlier in store.notices(key.about)
    )


def _sent_about(occasion: Occasion, receives: int, now: datetime) -> bool:
    notice = occasion.notice
    posts = posts_about(occasion, now)
    if posts is None:
        outbox.end(notice.key, "nobody")
        return True
    if not posts and all(passage.state in FAILED for passage in notice.passages):
        mailed = occasion.contact.email or notice.key.audience != "consumer"
        return _given_up(notice, "undeliverable", "email" if mailed else "sms", now)
    return _sent(notice, posts, receives, now)


def _given_up(notice: Notice, state: str, channel: str, now: datetime) -> bool:
    """No channel is left, or two senders died over it: if it came by no other, customer service must see to it."""
    if all(passage.state in FAILED for passage in notice.passages):
        report_unreached(notice, channel, now)
    log.note("a notice was given up", complaint_id=notice.key.about, kind=notice.key.kind, state=state)
    outbox.end(notice.key, state)
    return True


def _sent(notice: Notice, posts: list[Post], receives: int, now: datetime) -> bool:
    """Claims the notice and sends it by each channel that is left, whatever becomes of it by the others."""
    if not posts:
        outbox.end(notice.key, "sent")
        return True
    if notice.repeated and outbox.lost(notice, now):
        return _given_up(notice, "uncertain", posts[0].channel, now)
    if not outbox.claim(notice, now):
        return False
    faults: list[Exception] = []
    refused = False
    for post in posts:
        try:
            passage = _passage(post, now)
        except Exception as fault:
            log.fault("a sender failed", complaint_id=notice.key.about, channel=post.channel)
            faults.append(fault)
            continue
        refused = refused or passage.state in FAILED
        if post is posts[-1] and not refused and not faults:
            outbox.end(notice.key, "sent", [passage])
            return True
        outbox.note(notice.key, [passage])
    return _put_off(notice, faults, receives, now)


def _passage(post: Post, now: datetime) -> Passage:
    """Sends it by one channel. Whoever calls records that next: nothing comes between the sending and its record."""
    try:
        return Passage(post.channel, "sent", post.masked, post.send(), written(now))
    except Refused:
        return Passage(post.channel, "refused", post.masked, "", written(now))


def _put_off(notice: Notice, faults: list[Exception], receives: int, now: datetime) -> bool:
    """What could not be sent is tried again: when the queue delivers anew, or when it has waited in the table.

    A channel that refused leaves it to what other there is, by a message of its own.
    """
    if silent := next(filter(may_have_been_taken, faults), None):
        raise silent  # and keep the claim: whoever takes it up next marks the repetition, which is the last
    if receives >= TRIES and any(map(passes, faults)):
        outbox.wait(notice.key, now + _pause(notice), held=True)
        measure(NoticesPutOff=1)
        return True
    outbox.release(notice.key)
    if faults:
        raise faults[0]
    outbox.send_on(notice.key)
    return True


def _pause(notice: Notice) -> timedelta:
    """Longer with each time a notice had to wait."""
    doublings = min(notice.attempts // TRIES, 8)
    return min(SOONEST * (1 << doublings), LATEST)
