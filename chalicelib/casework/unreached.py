"""A notice reached its reader by no channel: customer service is asked to call, or to pass it on.

One request to call stands until the consumer has been reached; to pass something on is asked for each notice.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.adapters.outbox import Notice
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint

from .observe import observe

FINDINGS: Mapping[str, type[events.Unreachable]] = {
    "consumer": events.ConsumerUnreachable,
    "assignee": events.AssigneeUnreachable,
}
"""What is recorded, by audience. A topic has many readers: that it takes nothing is an outage."""


def report_unreached(notice: Notice, channel: str | None, now: datetime) -> None:
    """The 24-hour promise must not die in a mailbox. Again: nothing."""

    def finding(complaint: Complaint) -> list[events.Unreachable]:
        told = FINDINGS[notice.key.audience](seq=notice.key.seq, notice=notice.key.kind, channel=channel)
        if told.mark in complaint.unreached:
            return []
        asked = isinstance(told, events.ConsumerUnreachable) and complaint.to_call_since is not None
        return [told.model_copy(update={"asks": False}) if asked else told]

    if notice.key.audience in FINDINGS:
        observe(notice.key.record, finding, now)
