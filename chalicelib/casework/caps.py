"""How much of the news about a complaint goes to its consumer on a day: enough is enough, however much happens.

What is over that is held back, and one notice says that there is more. What keeps a promise is never held back.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from chalicelib.adapters import outbox, store
from chalicelib.adapters.store import Matter
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.record import State
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import LOST_LINK, MORE, NoticeKind
from chalicelib.domain.telling.notices import NoticeKey

from .records import Post


def held_back(matter: Matter[State], kind: NoticeKind, posts: list[Post], now: datetime, policy: Policy) -> list[Post]:
    """What would go by channels that have taken as much today as a consumer is told of: the rest of the day they take
    no more.

    No record has more notices to its consumer than entries: of most lives nothing has to be read for this.
    """
    if matter.notice.key.audience != "consumer" or kind.keeps_promise or kind.lets_in:
        return []
    caps = policy.operating.notices_a_day.model_dump()
    left = {post.channel: caps[post.channel] for post in posts if matter.state.seq > caps[post.channel]}
    full = _full(matter.notice.key.record, left, now, policy) if left else []
    return [post for post in posts if post.channel in full]


def _full(record: str, caps: Mapping[str, int], now: datetime, policy: Policy) -> list[str]:
    """The channels by which so much has gone out to the consumer today as they take, whenever it was queued."""
    midnight = _midnight(now, policy)
    gone: Counter[str] = Counter()
    for notice in store.newest_notices(record, midnight):
        if notice.key.audience == "consumer" and notice.key.kind != LOST_LINK:
            gone.update(one.channel for one in notice.passages if one.sent_at >= written(midnight))
        if all(gone[channel] >= cap for channel, cap in caps.items()):
            break
    return [channel for channel, cap in caps.items() if gone[channel] >= cap]


def _midnight(now: datetime, policy: Policy) -> datetime:
    """When the day began, in China."""
    return now.astimezone(policy.zone).replace(hour=0, minute=0, second=0, microsecond=0)


def say_that_there_is_more(over: NoticeKey, now: datetime, policy: Policy) -> None:
    """Once a day, named after the entry whose notice was the first to be held back on it. Again: nothing."""
    day = _midnight(now, policy).date().isoformat()
    first = store.first_held_back(over.record, day, over.seq)
    outbox.queue(NoticeKey(over.record, first, "consumer", MORE), now, now)
