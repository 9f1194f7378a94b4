"""A claimed notice goes out: its posts one after another, each counted before it is sent and recorded after.

Nothing comes between the sending of one and its record, which also counts the next: whoever dies leaves one in doubt.
"""

from datetime import datetime

from chalicelib import log
from chalicelib.adapters import outbox
from chalicelib.adapters.items import Item
from chalicelib.adapters.outbox import Notice, Passage
from chalicelib.adapters.refusals import Refused, may_have_been_taken
from chalicelib.domain.ground.instants import written

from .records import Post, is_house, kind_of


def send_all(notice: Notice, posts: list[Post], now: datetime) -> tuple[list[Passage], list[Exception], Item]:
    """Sends each, the first of which is counted already. What was sent or refused, what failed, and the last news.

    That news is for the caller to record next.
    """
    passages: list[Passage] = []
    faults: list[Exception] = []
    news: Item = {}
    for post in posts:
        if post is not posts[0]:
            outbox.note(notice.key, news | called(notice, [post]))
        try:
            passages.append(_send(post, now))
            _say(notice, passages[-1])
            news = outbox.fared(passages[-1:])
        except Exception as fault:
            log.fault("a sender failed", record=notice.key.record, channel=post.channel)
            faults.append(fault)
            news = {} if may_have_been_taken(fault) else outbox.called(post.channel, notice.calls[post.channel])
    return passages, faults, news


def called(notice: Notice, posts: list[Post]) -> Item:
    """News of what is about to be sent; `posts` has one at most."""
    return {} if not posts else outbox.called(posts[0].channel, notice.calls[posts[0].channel] + 1)


def report_reached(notice: Notice, now: datetime) -> None:
    """It has arrived, though it may have been thought lost."""
    if not is_house(notice.key):
        kind_of(notice.key.record).telling().reached(notice, now)


def passage(post: Post, state: str, now: datetime, message_id: str = "") -> Passage:
    return Passage(post.channel, state, post.masked, message_id, written(now), post.edition)


def _say(notice: Notice, passage: Passage) -> None:
    """What is reported of texts later names the message alone: the log says which notice that is."""
    if passage.channel == "sms" and passage.message_id:
        key = notice.key
        log.note("a text was taken", record=key.record, seq=key.seq, kind=key.kind, message=passage.message_id)


def _send(post: Post, now: datetime) -> Passage:
    try:
        return passage(post, "sent", now, post.send())._replace(sent_at=written(now))
    except Refused:
        return passage(post, "refused", now)
