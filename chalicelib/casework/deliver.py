"""Delivers notices: claims each, fills its words, sends, records. Any message may come twice or out of order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib import log
from chalicelib.adapters import mail, outbox, store
from chalicelib.adapters.store import Occasion
from chalicelib.domain import policy
from chalicelib.domain.notices import NoticeKey, spoken

from .file import consumer_link
from .words import Words, fill


def deliver(messages: Iterable[dict[str, Any]], now: datetime) -> list[str]:
    """Sends the notices that queue messages name; the ids of messages to be delivered again."""
    return [message["messageId"] for message in messages if not _done(message, now)]


def _done(message: dict[str, Any], now: datetime) -> bool:
    try:
        notice = outbox.parse(message["body"])
        if outbox.claim(notice, now):
            _send(notice, now)
            return True
        return outbox.settled(notice)
    except Exception:  # whatever it is, the queue delivers the message again and at last to the dead letters
        log.fault("a notice was not delivered", message=message.get("messageId"))
        return False


def _send(notice: NoticeKey, now: datetime) -> None:
    occasion = store.occasion(notice.complaint_id, notice.seq)
    if occasion is None or occasion.contact.email is None:
        outbox.no_address(notice)
        return
    try:
        message_id = mail.send(occasion.contact.email, *_words(notice.kind, occasion), notice.complaint_id)
    except Exception:
        outbox.release(notice)
        raise
    outbox.sent(notice, message_id, now)


def _words(kind: str, occasion: Occasion) -> Words:
    complaint, contact, event = occasion
    zone = policy.version(complaint.policy_version).time_zone
    clock, _ = event.sets_clock
    _, link = consumer_link(complaint)
    return fill(
        kind,
        complaint.locale,
        name=contact.name,
        complaint_id=complaint.complaint_id,
        order_number=complaint.order_number,
        product_name=complaint.product_name,
        due_at=clock and spoken(clock.due_at, complaint.locale, zone),
        tracking_url=link,
    )
