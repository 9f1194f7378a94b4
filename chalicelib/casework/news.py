"""A storefront hears of its complaints: what happened is written down for it, and its webhook is called, if it has one
that wants to know; and it is put on a bus, for whoever has an engine of their own behind it."""

from datetime import datetime, timedelta

from chalicelib import wallclock
from chalicelib.adapters import bus, news, outbox, store, webhooks
from chalicelib.adapters.webhooks import Webhook
from chalicelib.domain.complaint import evolution
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.telling.news import TYPES, moves, news_of

from .records import in_order

LOOKED_AT = 25  # entries, of those that came since
REMEMBERED = timedelta(minutes=1)
_wanting: dict[str, tuple[datetime, Webhook]] = {}
"""The webhooks that were called lately, by storefront. Not that there is none: whoever sets one is called at once. One
that was removed meanwhile is found out by whoever is to call it."""


@in_order
def tell_storefront(entry: Entry, now: datetime) -> None:
    """The storefront that filed a complaint hears of an entry that it may see, as soon as it has heard of those before.
    Again: the same. What is as old as what is gone from the list is not told any more.

    Of its place in the list the time is read here: the entry may be the last of a hundred that began at `now`.
    """
    if entry.kind not in TYPES or entry.at < now - news.KEPT:
        return
    then = _as_it_was(entry)
    told = news_of(entry, then) if then and then.filed_by.kind == "storefront" else None
    if then is None or told is None:
        return
    storefront = then.filed_by.id
    calls = _wants(storefront, told.type, now)
    is_new = news.keep(told, storefront, wallclock.now(), calls=calls)
    bus.put(told, storefront)
    if calls or not is_new:  # whoever wrote it down may have died before they sent it on, and have seen another webhook
        outbox.send_on(news.key_of(entry.record, entry.seq, storefront))


def forget() -> None:
    _wanting.clear()


def _wants(storefront: str, kind: str, now: datetime) -> bool:
    """Whether a webhook is to be called: asked once a minute, if one is."""
    read, webhook = _wanting.get(storefront, (now, None))
    if webhook and read <= now < read + REMEMBERED and webhook.wants(kind):
        return True
    webhook = webhooks.to_call(storefront)
    if webhook is None or not webhook.wants(kind):
        return False
    _wanting[storefront] = now, webhook
    return True


def _as_it_was(entry: Entry) -> Complaint | None:
    """The complaint after an entry, in what is told of that: one round trip, another where more has happened since, and
    a third where that has moved it; None also if no storefront has filed it."""
    case = store.load(entry.record, Complaint)
    if case is None or case.state.filed_by.kind != "storefront":
        return None
    later = store.timeline(entry.record, entry.seq, LOOKED_AT) if case.state.seq > entry.seq else ()
    if not any(map(moves, later)):
        return case.state
    whole = store.load_with_entries(entry.record, Complaint)
    then = whole and evolution.fold(whole.entries[: entry.seq])
    return then and then.model_copy(update={"erased_at": case.state.erased_at})
