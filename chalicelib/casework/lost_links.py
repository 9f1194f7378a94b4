"""A consumer lost the link: it is sent once more to the contact that was filed, if that is the one they name.

Whoever asks is told the same whatever there is, and what is done before the answer is the same too: an address may ask
so often an hour, and a message goes into the queue. What matches is seen by whoever receives it. The link is the
present one: nobody who asks makes another's worthless.
"""

from datetime import datetime, timedelta
from itertools import islice

from chalicelib import log
from chalicelib.adapters import lost_links, outbox, repeats, store, tries
from chalicelib.adapters.items import NOTICE
from chalicelib.adapters.tries import HOUR, Count
from chalicelib.domain.ground.errors import Throttled
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.telling.kinds import LOST_LINK
from chalicelib.domain.telling.notices import NoticeKey, link_asked_for

OF_ADDRESS = 30
APART, MOST, WITHIN = timedelta(minutes=10), 3, timedelta(days=1)
LOOKED_AT, SENT = 20, 3
"""Of the complaints about an order, those that are due or were closed last; and of which of them links are sent."""


def ask(complaint_id: str | None, order_number: str | None, contact: Contact, address: str, now: datetime) -> None:
    """The link of a complaint, or of those about an order, is asked for. Raises Throttled for an address that asks for
    too many. Two round trips, three by an order: whose complaints are named, since its number is in no queue."""
    count = Count(("lost link", address), HOUR, OF_ADDRESS)
    if not tries.take(count, now):
        raise Throttled("too_many_lost_links", **tries.wait(count, now))
    meant = [complaint_id] if complaint_id else repeats.ids_of_order(order_number or "", LOOKED_AT)
    (hashed,) = repeats.hashes(contact)
    lost_links.send(lost_links.Asked(tuple(meant), hashed, now))


def answer(asked: lost_links.Asked, now: datetime) -> None:
    """Queues the notice for each complaint that has this contact. Again: the same notices."""
    contacts = store.contacts(asked.complaints)
    theirs = (one for one in asked.complaints if asked.contact in repeats.hashes(contacts[one]))
    sent = 0
    for complaint_id in islice(theirs, SENT):
        notice = link_asked_for(complaint_id, asked.at)
        if lost_links.take_place(complaint_id, asked.at, APART, MOST, WITHIN) and not _is_on_its_way(notice):
            outbox.queue(notice, now, now)
            sent += 1
    log.note("a lost link was asked for", complaints=len(asked.complaints), sent=sent)


def _is_on_its_way(notice: NoticeKey) -> bool:
    """Whether one that was asked for before has not gone out: at night, or while a sender is down, one is enough."""
    others = store.notices(notice.record, after=NOTICE + "1")
    return any(one.key.kind == LOST_LINK and one.key != notice and not one.settled for one in others)
