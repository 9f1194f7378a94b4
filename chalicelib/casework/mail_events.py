"""What the mail system reports of e-mails it took (SES, by SNS): it is recorded on the notice, and a bounce has a
sequel.

A notice that did not arrive goes by SMS; where there is no number, customer service is asked to call. An address that
bounced for good, or whose owner complained of the mail, is not written to again. Where it has been corrected since,
that says nothing of the new one, to which the notice goes on.

What holds is what was known last, by the mail system's own time. A notice that was thought lost and has arrived is no
reason to call any more; where somebody is at it, it is looked at again after them.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib import log
from chalicelib.adapters import mail, outbox, store
from chalicelib.adapters.outbox import Notice
from chalicelib.domain.telling.notices import AFTER, FAILED, UNUSABLE, NoticeKey
from chalicelib.settings import settings

from .sending import report_reached


class Report(NamedTuple):
    """What became of a message `at` some time, as a state that may follow on those of `after`."""

    notice: NoticeKey
    message_id: str
    state: str
    at: datetime
    after: frozenset[str]


TOLD = {"Bounce": "bounce", "Delivery": "delivery", "DeliveryDelay": "deliveryDelay", "Complaint": "complaint"}
"""Where in an event stands what it tells, with its time."""


def hear(records: Iterable[dict[str, Any]], now: datetime) -> int:
    """Takes in what SNS brings; how many reports changed anything.

    Raises LookupError for a message that is not recorded as sent yet: SNS brings it again.
    """
    return sum(_take_in(report, now) for record in records if (report := _read(record["Sns"], now)))


def _read(told: dict[str, Any], now: datetime) -> Report | None:
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
    notice = mail.notice_of(tags[mail.RECORD][0], tags[mail.NOTICE][0])
    dated, after = event.get(TOLD.get(event["eventType"], ""), {}), AFTER[state]
    if _may_be_out_of_office(event):
        dated, after = {}, after - {"delivered"}
    stamp = dated.get("timestamp") or event["mail"].get("timestamp")
    at = datetime.fromisoformat(stamp.replace("Z", "+00:00")) if stamp else now
    return Report(notice, event["mail"]["messageId"], state, at, after)


def _may_be_out_of_office(event: dict[str, Any]) -> bool:
    """SES takes an automatic answer for a bounce of this kind, before the delivery or after it: it says nothing of a
    message that has arrived, and counts as of the sending, so that the delivery follows on it."""
    bounce = event.get("bounce", {})
    return (bounce.get("bounceType"), bounce.get("bounceSubType")) == ("Transient", "General")


def _state(event: dict[str, Any]) -> str | None:
    """A bounce that is not for good means that SES has given up trying."""
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
    told = (report.notice, report.message_id, report.state, report.after, report.at)
    changed = outbox.report(*told, again=failed) or (outbox.report(*told, again=False) if failed else None)
    notice = changed.notice if changed else _known(report)
    passage = notice.tried("email") if notice else None
    if notice is None or passage is None:
        return False
    if report.state in UNUSABLE and report.notice.audience == "consumer":
        store.refuse_email(report.notice.record, passage.edition)
    if failed:
        outbox.send_on(report.notice)
    elif notice.state == "undeliverable" and notice.has_arrived:
        report_reached(notice, now)
        outbox.end(report.notice, "sent", read=notice.passages)
    elif report.state == "delivered" and not notice.settled and (changed is None or changed.mail_was in FAILED):
        outbox.send_on(report.notice)
    return changed is not None


def _known(report: Report) -> Notice | None:
    """What exactly this was reported of before: then what follows from it is done again, in case it was cut short."""
    notice = outbox.load(report.notice)
    passage = notice.tried("email") if notice else None
    if notice is None or passage is None:
        raise LookupError("the mail system reports of a message before it is recorded as sent")
    return notice if (passage.message_id, passage.state) == (report.message_id, report.state) else None
