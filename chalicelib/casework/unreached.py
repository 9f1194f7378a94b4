"""A notice reached its reader by no channel: customer service is asked to call, or to pass it on.

One request to call stands until the consumer has been reached; to pass something on is asked for each notice. Once the
contact details are corrected, what did not arrive and still matters goes out again by itself, once.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import TypeVar

from chalicelib.adapters import outbox, store
from chalicelib.adapters.outbox import Notice
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.record import Event, State
from chalicelib.domain.telling.kinds import NOTICES, SURVEY, SURVEY_REMINDER
from chalicelib.domain.telling.outdated import outdated, stage_is_left

from .observe import observe

S = TypeVar("S", bound=State)
FINDINGS: Mapping[str, type[events.Unreachable]] = {
    "consumer": events.ConsumerUnreachable,
    "assignee": events.AssigneeUnreachable,
}
"""What is recorded, by audience. A topic has many readers: that it takes nothing is an outage."""


MOST_AGAIN = 10
"""So many of the newest are told again."""


def take_up(record: str, edition: str, now: datetime) -> None:
    """What reached the consumer by no channel, or bounced, before the contact details of an edition, is told by these.

    Not what is over, or led into a stage that is left: what came after it says more. Again: only what is left to do.
    """
    lost = (one for one in store.newest_notices(record) if _was_lost(one, edition))
    for notice in islice(lost, MOST_AGAIN):
        matter = store.matter(notice.key, Complaint)
        if matter and not outdated(matter.entry, matter.state) and not stage_is_left(matter.entry, matter.state):
            outbox.take_up(notice, now)


def _was_lost(notice: Notice, edition: str) -> bool:
    """Whether it is settled, and has not been tried by this edition."""
    if (
        notice.key.audience != "consumer"
        or NOTICES[notice.key.kind].on_request
        or not notice.settled
        or any(one.edition == edition for one in notice.passages)
    ):
        return False
    email = notice.tried("email")
    return notice.state == "undeliverable" or (email is not None and email.state == "bounced")


def told_of(notice: Notice, state: type[S]) -> tuple[S, Event] | None:
    """The record that a notice is about, and of what of it the notice tells; None where that is not there."""
    found = store.load_with_entries(notice.key.record, state)
    event = next((one.event for one in found.entries if one.seq == notice.key.seq), None) if found else None
    return (found.state, event) if found and event else None


def report_reached(notice: Notice, now: datetime) -> None:
    """What was thought lost has arrived: nobody need call about it. Again: nothing."""

    def finding(complaint: Complaint) -> list[events.ConsumerReached]:
        told = events.ConsumerReached(seq=notice.key.seq, notice=notice.key.kind)
        return [told] if told.mark in (complaint.to_call_about or ()) else []

    if notice.key.audience == "consumer":
        observe(notice.key.record, finding, now)


def report_unreached(notice: Notice, channel: str | None, now: datetime) -> None:
    """The 24-hour promise must not die in a mailbox. Again: nothing."""

    def finding(complaint: Complaint) -> list[events.Unreachable]:
        told = FINDINGS[notice.key.audience](seq=notice.key.seq, notice=notice.key.kind, channel=channel)
        if told.mark in complaint.unreached:
            return []
        asked = isinstance(told, events.ConsumerUnreachable) and complaint.to_call_since is not None
        return [told.model_copy(update={"asks": False}) if asked else told]

    if notice.key.kind in (SURVEY, SURVEY_REMINDER):
        _report_unasked(notice, now)
    elif notice.key.audience in FINDINGS and not NOTICES[notice.key.kind].on_request:
        observe(notice.key.record, finding, now)


def _report_unasked(notice: Notice, now: datetime) -> None:
    """Nobody need call since a survey did not arrive: that is counted, once."""

    def finding(complaint: Complaint) -> list[events.SurveyUndelivered]:
        survey = complaint.survey
        lost = survey and survey.state == "open" and survey.sent_at == asked_at and survey.undelivered_at is None
        return [events.SurveyUndelivered(closure=survey.closure)] if survey and lost else []

    matter = store.matter(notice.key, Complaint) if notice.key.kind == SURVEY else None
    if matter:
        asked_at = matter.entry.at
        observe(notice.key.record, finding, now)
