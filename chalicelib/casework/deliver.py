"""Delivers notices: writes each, claims it, sends it, records it. Any message may come twice or out of order.

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
        return _given_up(notice, "undeliverable", "email" if occasion.contact.email else "sms", now)
    return _sent(notice, posts, receives, now)


def _given_up(notice: Notice, state: str, channel: str, now: datetime) -> bool:
    """No channel is left, or two senders died over it: customer service must call."""
    if notice.key.audience == "consumer":
        report_unreached(notice, channel, now)
    log.note("a notice was given up", complaint_id=notice.key.about, kind=notice.key.kind, state=state)
    outbox.end(notice.key, state)
    return True


def _sent(notice: Notice, posts: list[Post], receives: int, now: datetime) -> bool:
    """Claims the notice and sends it by each channel that is left. Nothing comes between the sending and its record."""
    if not posts:
        outbox.end(notice.key, "sent")
        return True
    if notice.repeated and outbox.lost(notice, now):
        return _given_up(notice, "uncertain", posts[0].channel, now)
    if not outbox.claim(notice, now):
        return False
    for post in posts:
        state, message_id = "sent", ""
        try:
            message_id = post.send()
        except Refused:
            state = "refused"
        except Exception as fault:
            if may_have_been_taken(fault):
                raise  # and keep the claim: whoever takes it up next marks the repetition, which is the last
            if passes(fault) and receives >= TRIES:
                outbox.wait(notice.key, now + _pause(notice), held=True)
                log.fault("a sender does not answer", complaint_id=notice.key.about, channel=post.channel)
                return True
            outbox.release(notice.key)
            raise
        passage = Passage(post.channel, state, post.masked, message_id, written(now))
        if state in FAILED:
            return _refused(notice, passage)
        if post is posts[-1]:
            outbox.end(notice.key, "sent", [passage])
        else:
            outbox.note(notice.key, [passage])
    return True


def _refused(notice: Notice, passage: Passage) -> bool:
    """What other channel there is comes next, by a message of its own."""
    outbox.note(notice.key, [passage])
    outbox.release(notice.key)
    outbox.send_on(notice.key)
    return True


def _pause(notice: Notice) -> timedelta:
    """Longer with each time a notice had to wait."""
    doublings = min(notice.attempts // TRIES, 8)
    return min(SOONEST * (1 << doublings), LATEST)
