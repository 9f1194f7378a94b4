"""A storefront hears of its complaints: what happened is written down for it, and its webhook is called, if it has one
that wants to know; and it is put on a bus, for whoever has an engine of their own behind it."""

from datetime import datetime

from chalicelib.adapters import news, outbox, store, webhooks
from chalicelib.domain.complaint import evolution
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.telling.news import TYPES, news_of


def tell_storefront(entry: Entry, now: datetime) -> None:
    """The storefront that filed a complaint hears of an entry that it may see. Again: the same."""
    if entry.kind not in TYPES:
        return
    then = _as_it_was(entry)
    told = news_of(entry, then) if then and then.filed_by.kind == "storefront" else None
    if then is None or told is None:
        return
    webhook = webhooks.load(then.filed_by.id)
    calls = webhook is not None and webhook.wants(told.type)
    news.keep(told, then.filed_by.id, now, calls=calls)
    if calls:
        outbox.send_on(news.key_of(entry.record, entry.seq, then.filed_by.id))


def _as_it_was(entry: Entry) -> Complaint | None:
    """The complaint after an entry: one round trip, and another where more has happened since."""
    case = store.load(entry.record, Complaint)
    if case is None or case.state.seq == entry.seq:
        return case and case.state
    whole = store.load_with_entries(entry.record, Complaint)
    return whole and evolution.fold(whole.entries[: entry.seq])
