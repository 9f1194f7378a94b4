"""What a storefront hears of its complaints as a list, for whoever cannot be called, or looks again after trouble.

It ends half a minute before now (`adapters/news`): whoever keeps `after` and goes on from there hears each piece once.
"""

from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import news, signing
from chalicelib.domain.ground.errors import Malformed
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.telling.news import News, NewsType

from .paging import opened

MOST_READ = 1_000  # pieces of news for one page of those of a type
AT_ONCE = 100  # of them, of each partition


class Heard(NamedTuple):
    """A page of news, oldest first. `after`: what to go on from, now if there is `more`, else later."""

    news: list[News]
    after: str
    more: bool


def heard(storefront: Actor, after: str | None, kind: NewsType | None, limit: int, now: datetime) -> Heard:
    """What a storefront heard after `after`, which is that of a page before, a moment, or the beginning (None).

    `kind`: only news of that type; then there may be more though these are fewer than `limit`. Raises Malformed.
    """
    purpose = f"events {storefront.id}"
    last, found, more = _place(purpose, after), list[News](), False
    listed = news.listed(storefront.id, last, news.settled(now), AT_ONCE if kind else limit + 1)
    for number, (place, one) in enumerate(listed):
        if more := len(found) == limit or number == MOST_READ:
            break
        last = place
        if kind in (None, one.type):
            found.append(one)
    return Heard(found, signing.sign(purpose, {"after": last}), more)


def _place(purpose: str, after: str | None) -> str:
    try:
        moment = datetime.fromisoformat(after or "")
        if moment.tzinfo:
            return written(moment)
    except (ValueError, OverflowError):
        pass  # no moment: a place
    try:
        return opened(purpose, after, "")
    except Malformed:
        raise Malformed("after_not_ours") from None
