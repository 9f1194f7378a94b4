"""What the mail system reports of e-mails it took (SES, by SNS): it is recorded on the notice, and a bounce has a
sequel.

A notice that did not arrive goes by SMS; where there is no number, customer service is asked to call. An address that
bounced for good, or whose owner complained of the mail, is not written to again. Where it has been corrected since,
that says nothing of the new one, to which the notice goes on.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib import log
from chalicelib.adapters import mail, outbox, store
from chalicelib.adapters.outbox import Passage
from chalicelib.domain.telling.notices import AFTER, FAILED, UNUSABLE, NoticeKey
from chalicelib.settings import settings


class Report(NamedTuple):
    """What became of a message, as a state of `AFTER`."""

    notice: NoticeKey
    message_id: str
    state: str


def hear(records: Iterable[dict[str, Any]], now: datetime) -> int:
    """Takes in what SNS brings; how many reports changed anything.

    Raises LookupError for a message that is not recorded as sent yet: SNS brings it again.
    """
    return sum(_take_in(report, now) for record in records if (report := _read(record["Sns"])))


def _read(told: dict[str, Any]) -> Report | None:
    """The report in a message, if it came by our topic and is about a notice of ours."""
    if told["TopicArn"] != settings().mail_events_topic:
        log.note("a report that came by another topic was ignored", topic=told["TopicArn"])
        return None
    if not told["Message"].startswith("{"):  # SES tries a topic that it is given with a sentence
        return None
    event = json.loads(told["Message"])
    tags = event["mail"].get("tags", {})
    state = _state(event)
    if state is None or mail.NOTICE not in tags or mail.RECORD not in tags:
        return None
    return Report(mail.notice_of(tags[mail.RECORD][0], tags[mail.NOTICE][0]), event["mail"]["messageId"], state)


def _state(event: dict[str, Any]) -> str | None:
    """A bounce that is not for good means that SES has given up trying, unless the message had arrived before."""
    match event["eventType"]:
        case "Bounce":
            return "bounced" if event["bounce"]["bounceType"] == "Permanent" else "undelivered"
        case "Delivery":
            return "delivered"
        case "DeliveryDelay":
            return "delayed"
        case "Complaint":
            return "complained"
        case "Reject":
            return "undelivered"
    return None


def _take_in(report: Report, now: datetime) -> bool:
    failed = report.state in FAILED
    told = (report.notice, report.message_id, report.state, AFTER[report.state], now)
    changed = outbox.report(*told, again=failed) or (outbox.report(*told, again=False) if failed else None)
    passage = changed.tried("email") if changed else _known(report)
    if passage is None:
        return False
    if report.state in UNUSABLE and report.notice.audience == "consumer":
        store.refuse_email(report.notice.record, passage.edition)
    if failed:
        outbox.send_on(report.notice)
    return changed is not None


def _known(report: Report) -> Passage | None:
    """What exactly this was reported of before: then what follows from it is done again, in case it was cut short."""
    notice = outbox.load(report.notice)
    passage = notice.tried("email") if notice else None
    if notice is None or passage is None:
        raise LookupError("the mail system reports of a message before it is recorded as sent")
    return passage if (passage.message_id, passage.state) == (report.message_id, report.state) else None
