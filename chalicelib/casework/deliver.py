"""Delivers notices: writes each, claims it, sends it, records it. Any message may come twice or out of order.

Each channel of a notice is on its own: what one cannot take now, or may have taken without saying so, keeps it from no
other, and is all that is tried again. Nor does it keep back what comes after this notice, but by the same channel.

What may not go out by a channel yet (a text at night) waits in the table, while the others go on.

A sender that does not answer is tried three times from the queue; then the notice waits in the table, and the sweep
takes it up again, for as long as it takes. What fails for another reason goes to the dead letters after five tries.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib import log
from chalicelib.adapters import lost_links, outbox, store
from chalicelib.adapters.items import Item
from chalicelib.adapters.outbox import CALLS, Notice, Passage
from chalicelib.adapters.refusals import passes
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.notices import FAILED, NoticeKey, can_be_told_at

from . import alarms
from .batch import failed_messages
from .caps import held_back, say_that_there_is_more
from .gauges import measure
from .lost_links import answer as answer_lost
from .posts import posts_of_house
from .records import Post, is_house, kind_of
from .sending import called, passage, report_reached, send_all

TRIES = 3  # from the queue, before a notice waits in the table
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=1)


def deliver(messages: Iterable[dict[str, Any]], now: datetime) -> list[str]:
    """Sends the notices that queue messages name; the ids of messages to be delivered again."""
    return failed_messages(messages, lambda message: _see_to(message, now), "a notice was not delivered", _ids)


def _ids(message: dict[str, Any]) -> dict[str, Any]:
    """The notice that a message names, even if it names none."""
    told = {"message": message.get("messageId")}
    with suppress(ValueError, KeyError, TypeError):
        told |= outbox.parse(message["body"])._asdict()
    return told


def _see_to(message: dict[str, Any], now: datetime) -> bool:
    if asked := lost_links.parse(message["body"]):
        answer_lost(asked, now)
        return True
    receives = int(message.get("attributes", {}).get("ApproximateReceiveCount", 1))
    key = outbox.parse(message["body"])
    done = _tell_of_house(key, receives, now) if is_house(key) else _tell(key, receives, now)
    log.note("a notice was seen to", done=done, **_ids(message))
    return done


def _tell_of_house(key: NoticeKey, receives: int, now: datetime) -> bool:
    """Whether the message has done its work: the notice is told, or waits in the table."""
    notice = outbox.load(key)
    if notice is None or notice.settled:
        return notice is not None
    posts = posts_of_house(notice, now)
    if posts is None:
        outbox.end(key, "nobody")
        return True
    return _send(notice, posts, receives, now)


def _tell(key: NoticeKey, receives: int, now: datetime) -> bool:
    """Whether the message has done its work: the notice is told, need not be, or waits in the table."""
    kind = kind_of(key.record)
    telling = kind.telling()
    matter = store.matter(key, kind.state)
    if matter is None or matter.notice.settled:
        return matter is not None
    if telling.outdated(matter.entry, matter.state, key.kind):
        outbox.end(key, "sent" if matter.notice.has_arrived else "outdated")
        return True
    policy = kind.policy(matter.state, now)
    told_at = can_be_told_at(matter.entry, now, policy)
    if told_at > now:
        return _keep(matter.notice, told_at, now)
    posts = telling.posts(matter, now)
    if posts is None:
        outbox.end(key, "nobody")
        return True
    held = held_back(matter, telling.kinds[key.kind], posts, now, policy)
    if held and held == posts:
        return _hold_back(matter.notice, held, now, policy)
    reader = telling.alarmed(matter)
    if reader and posts and not alarms.may_be_told_singly(matter.notice, reader, now, policy):
        news = outbox.fared(passage(post, "held_back", now) for post in posts)
        return alarms.tell_with_others(matter.notice, reader, news, now, policy) or _keep(
            matter.notice, now + SOONEST, now
        )
    return _send(matter.notice, posts, receives, now, held)


def _hold_back(notice: Notice, held: list[Post], now: datetime, policy: Policy) -> bool:
    """The consumer is told that there is more, not of this."""
    if not notice.has_arrived:
        say_that_there_is_more(notice.key, now, policy)
    state = "sent" if notice.has_arrived else "held_back"
    outbox.end(notice.key, state, outbox.fared(passage(post, "held_back", now) for post in held))
    return True


def _keep(notice: Notice, until: datetime, now: datetime) -> bool:
    """It waits for the morning; not if another is at it."""
    if not outbox.claim(notice, now, {}):
        return False
    outbox.wait(notice.key, until, {})
    return True


def _send(notice: Notice, posts: list[Post], receives: int, now: datetime, over: Collection[Post] = ()) -> bool:
    """Claims the notice and sends it by each channel whose turn it is, whatever becomes of it by the others.

    Not by those that are `over` what they may take today.
    """
    if not posts:
        if notice.has_arrived:
            report_reached(notice, now)
        return _end(notice, {}, now, notice.passages) or _look_again(notice.key, now)
    notice = notice.to_edition(posts[0].edition)
    read = notice.passages
    spent = [passage(post, "uncertain", now) for post in posts if notice.calls[post.channel] >= CALLS]
    spent += [passage(post, "held_back", now) for post in over if notice.calls[post.channel] < CALLS]
    left = [post for post in posts if notice.calls[post.channel] < CALLS and post not in over]
    ready = [post for post in left if post.not_before is None or post.not_before <= now]
    due = _due(notice.key, ready)
    if not outbox.claim(notice, now, outbox.fared(spent) | called(notice, due[:1])):
        return False
    passages, faults, news = send_all(notice, due, now)
    notice = notice._replace(passages=(*notice.passages, *spent, *passages))
    if len(passages) == len(left) and not any(one.state in FAILED for one in passages):
        if not _end(notice, news, now, read):
            outbox.release(notice.key, news)
            _look_again(notice.key, now)
        return True
    early = now + _pause(notice) if len(due) < len(ready) else None
    asleep = [post.not_before for post in left if post.not_before and post not in ready]
    if asleep and not faults and not any(one.state in FAILED for one in passages):
        outbox.wait(notice.key, early or min(asleep), news)
        return True
    if asleep:
        news |= outbox.asleep(notice.key, min(asleep))
    return _put_off(notice, faults, news, early is not None, receives, now)


def _due(key: NoticeKey, posts: list[Post]) -> list[Post]:
    """Those whose turn it is: by the same channel, a plan never arrives after its reminder."""
    first = frozenset() if is_house(key) else kind_of(key.record).telling().kinds[key.kind].follows
    told = store.notices(key.record) if first else []
    unsettled = [one for one in told if one.key.kind in first and one.key.seq < key.seq and not one.settled]
    return [post for post in posts if all(one.to_edition(post.edition).tried(post.channel) for one in unsettled)]


def _end(notice: Notice, news: Item, now: datetime, read: Collection[Passage]) -> bool:
    """No channel is left: if it came by none, customer service must see to it.

    Not, and False, if the mail system has reported otherwise since the passages were `read`.
    """
    arrived = notice.has_arrived
    uncertain = any(one.state == "uncertain" for one in notice.passages)
    state = "uncertain" if uncertain else "sent" if arrived else "undeliverable"
    if not arrived:
        _report_unreached(notice, now)
    if not outbox.end(notice.key, state, news, read):
        return False
    if state != "sent":
        log.note("a notice was given up", record=notice.key.record, kind=notice.key.kind, state=state)
    return True


def _look_again(key: NoticeKey, now: datetime) -> bool:
    """Its mail fares otherwise than was read, and customer service may have been asked to call for nothing."""
    notice = outbox.load(key)
    if notice and notice.has_arrived:
        report_reached(notice, now)
    outbox.send_on(key)
    return True


def _report_unreached(notice: Notice, now: datetime) -> None:
    channel = notice.passages[0].channel if notice.passages else None
    if not is_house(notice.key):
        kind_of(notice.key.record).telling().unreached(notice, channel, now)


def _put_off(notice: Notice, faults: list[Exception], news: Item, early: bool, receives: int, now: datetime) -> bool:
    """What is left is tried again: when the queue delivers anew, or when it has waited in the table.

    `early`: some of it has to wait for another notice. A channel that refused leaves it to what other there is, by a
    message of its own. What sleeps until the morning is in the `news`, so that it goes out whatever fails until then.
    """
    if (early and not faults) or (receives >= TRIES and (early or any(map(passes, faults)))):
        outbox.wait(notice.key, now + _pause(notice), news)
        if faults:
            measure(NoticesPutOff=1)
        return True
    outbox.release(notice.key, news)
    if faults:
        raise faults[0]
    outbox.send_on(notice.key)
    return True


def _pause(notice: Notice) -> timedelta:
    """Longer with each time a notice had to wait."""
    doublings = min(notice.attempts // TRIES, 8)
    return min(SOONEST * (1 << doublings), LATEST)
