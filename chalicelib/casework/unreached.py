"""A notice reached its consumer by no channel: customer service is asked to call, once for each notice."""

from datetime import datetime

from chalicelib.adapters.outbox import Notice
from chalicelib.domain.complaint import Complaint
from chalicelib.domain.happenings import ConsumerUnreachable

from .record import record


def report_unreached(notice: Notice, channel: str, now: datetime) -> None:
    """The 24-hour promise must not die in a mailbox. Again: nothing."""

    def finding(complaint: Complaint) -> list[ConsumerUnreachable]:
        told = ConsumerUnreachable(seq=notice.key.seq, notice=notice.key.kind, channel=channel)
        return [] if told.mark in complaint.unreached else [told]

    record(notice.key.about, finding, now)
