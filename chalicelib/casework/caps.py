"""How much of the news about a complaint goes to its consumer on a day: enough is enough, however much happens.

What is over that is held back, and one notice says that there is more. What keeps a promise is never held back.
"""

from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import outbox, store
from chalicelib.adapters.outbox import Notice
from chalicelib.adapters.store import Matter
from chalicelib.domain.ground.record import State
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.kinds import MORE, NoticeKind
from chalicelib.domain.telling.notices import NOT_YET, NoticeKey

from .records import Post

LATELY = 200
"""So many of the newest notices of a record are looked at: those to staff, who are told too, stand between."""


class HeldBack(NamedTuple):
    """What does not go out today; `since`: the number of the first that did, after which the word of it is named."""

    posts: list[Post]
    since: int = 0


def held_back(matter: Matter[State], kind: NoticeKind, posts: list[Post], now: datetime, policy: Policy) -> HeldBack:
    """What would go by channels that have taken as much today as a consumer is told of: the rest of the day they take
    no more.

    No record has more notices to its consumer than entries: of most lives nothing has to be read for this.
    """
    if matter.notice.key.audience != "consumer" or kind.keeps_promise or kind.lets_in:
        return HeldBack([])
    caps = policy.operating.notices_a_day.model_dump()
    capped = [post for post in posts if matter.state.seq > caps[post.channel]]
    lately = store.latest_notices(matter.notice.key.record, LATELY) if capped else []
    today = {post.channel: _gone_out(lately, post.channel, now, policy) for post in capped}
    over = [post for post in capped if len(today[post.channel]) >= caps[post.channel]]
    return HeldBack(over, min((seq for post in over for seq in today[post.channel]), default=0))


def _gone_out(lately: list[Notice], channel: str, now: datetime, policy: Policy) -> list[int]:
    """The numbers of what the consumer was told of by a channel today."""
    day = now.astimezone(policy.zone).date()
    told = [(one.key, one.tried(channel)) for one in lately]
    return [
        key.seq
        for key, passage in told
        if key.audience == "consumer"
        and passage
        and passage.state not in NOT_YET
        and datetime.fromisoformat(passage.at).astimezone(policy.zone).date() == day
    ]


def say_that_there_is_more(record: str, held: HeldBack, now: datetime) -> None:
    """Once a day. Again: nothing."""
    outbox.queue(NoticeKey(record, held.since, "consumer", MORE), now, now)
