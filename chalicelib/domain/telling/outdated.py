"""When a notice is out of date: it asks for what has been done, or says what is not so any more.

Whatever comes late is looked at once more before it is sent. News of what happened stays news, however late. What asks
somebody to do something is dropped, and listed as outdated, once that is over. What is asked beside such news is left
out by the letter.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.complaint import events, hearings
from chalicelib.domain.complaint.clocks import named
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.faces import retraction_of
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.record import STAGE_CLOCK, AlarmRaised, Event
from chalicelib.domain.telling.kinds import MORE
from chalicelib.domain.telling.notices import TABLE

Over = Callable[[Any, Entry, Complaint], bool]
"""Whether what an event tells is over, as the complaint is now: nobody is asked for what has been done."""


def outdated(entry: Entry, complaint: Complaint, kind: str = "") -> bool:
    """Whether it is about something that is over: to be asked or reminded of what has been done is noise.

    That there is `more` news is so whatever has become of the event that it is named after.
    """
    return complaint.erased_at is not None or (kind != MORE and OVER[type(entry.event)](entry.event, entry, complaint))


def _never(event: Event, entry: Entry, complaint: Complaint) -> bool:
    """It is news of what happened, and stays so however late it is told."""
    return False


def _awaits_answer(complaint: Complaint) -> bool:
    return Action.ACCEPT_PLAN in LIFECYCLE.allowed(complaint.stage)


def _plan_over(event: events.PlanProposed, entry: Entry, complaint: Complaint) -> bool:
    """Nobody waits for an answer, and none was given. Who has given one, on the phone say, has it in writing still."""
    answered = event.round in [one.round for one in complaint.feedback]
    return not answered and (complaint.round != event.round or not _awaits_answer(complaint))


def _reading_over(event: events.InformationRead, entry: Entry, complaint: Complaint) -> bool:
    stage = complaint.stage_clock
    return not _awaits_answer(complaint) or stage is None or bool(stage.waiting_since) or stage.due_at <= entry.at


def _lapse_over(event: events.ComplaintLapsed, entry: Entry, complaint: Complaint) -> bool:
    """It has been reopened, before the morning on which its closure is told."""
    return complaint.closed_at != entry.at


def stage_is_left(entry: Entry, complaint: Complaint) -> bool:
    """Whether the complaint is not in the stage any more that it entered by this, in which there is something to do."""
    begun = entry.enters
    return begun is not None and (complaint.stage != begun.stage or complaint.entered_at > entry.at)


def _extension_over(event: events.DeadlineExtended, entry: Entry, complaint: Complaint) -> bool:
    """The stage that was given more time is left."""
    return not complaint.extended or complaint.entered_at > entry.at


def _assignment_over(event: events.ComplaintAssigned, entry: Entry, complaint: Complaint) -> bool:
    over = complaint.closed_at is not None and complaint.merged is None
    return over or complaint.assignee != event.assignment.assignee


def _passing_on_over(event: events.AssigneeUnreachable, entry: Entry, complaint: Complaint) -> bool:
    """It has been given to somebody since."""
    return bool(complaint.holders) and complaint.holders[-1].since > entry.at


def _note_over(event: events.NoteAdded, entry: Entry, complaint: Complaint) -> bool:
    """It has been taken back."""
    return retraction_of(entry, complaint) is not None


def _inquiry_over(event: events.InquiryOpened, entry: Entry, complaint: Complaint) -> bool:
    return event.inquiry_id not in [inquiry.inquiry_id for inquiry in complaint.open_inquiries]


def _question_over(event: events.InformationRequested, entry: Entry, complaint: Complaint) -> bool:
    """It has been answered, or nobody waits for the answer any more."""
    return complaint.open_request is None or complaint.open_request.request_id != event.request_id


def _silence_over(event: events.WaitExpired, entry: Entry, complaint: Complaint) -> bool:
    """The consumer has answered after all, or another stage has begun."""
    expired = [
        named("information", one.request_id) for one in complaint.information_requests if one.status == "expired"
    ]
    return event.alarm.clock not in expired


def _task_over(event: events.SafetyTaskBegun, entry: Entry, complaint: Complaint) -> bool:
    """It is done; if it was asked for again since, that is told by itself."""
    clock = complaint.clock(event.clock.name)
    return clock is None or clock.since != entry.at


def _danger_over(event: Event, entry: Entry, complaint: Complaint) -> bool:
    """Somebody has lowered it by hand since."""
    return complaint.safety is None or complaint.safety.tier != "act"


def _draft_over(event: events.PlanDrafted, entry: Entry, complaint: Complaint) -> bool:
    """Legal has read it, or it is not the newest any more."""
    draft = complaint.merged.draft if complaint.merged else complaint.plan_draft  # which goes on if that is undone
    return (
        draft is None
        or draft.number != entry.seq
        or draft.number in [one.review.draft for one in complaint.legal_reviews]
    )


def _breach_over(event: events.DeadlineMissed, entry: Entry, complaint: Complaint) -> bool:
    missed = event.alarm.clock, entry.at
    return any(one.void for one in complaint.breaches if (one.clock, one.recorded_at) == missed)


def _alarm_over(event: AlarmRaised, entry: Entry, complaint: Complaint) -> bool:
    clock = complaint.clock(event.alarm.clock)
    if clock is None or clock.since > entry.at:
        return True
    if event.alarm.kind == "nudge" and clock.waiting_since:  # what the consumer wrote is being read
        return True
    return clock.number > entry.seq and event.alarm.number not in clock.alarms_raised  # then it rings again


def _move_over(event: events.DeadlineMoved, entry: Entry, complaint: Complaint) -> bool:
    """It was answered, or moved again; of measures that are told of together, none is left to be done by then."""
    if event.clock.name == STAGE_CLOCK:
        return complaint.stage_clock is None or complaint.stage_clock.number != entry.seq
    return not any(one.due_at == event.clock.due_at and not one.done_at for one in complaint.follow_ups)


def _merger_over(event: events.ComplaintMerged, entry: Entry, complaint: Complaint) -> bool:
    """It was undone; if it was merged again since, even into the same one, that is told by itself."""
    return complaint.merged is None or (complaint.merged.into, complaint.closed_at) != (event.into, entry.at)


def _link_over(event: Event, entry: Entry, complaint: Complaint) -> bool:
    return complaint.link_in_force.edition != entry.seq


def _ends_as(event: events.OtherClosed | events.OtherReopened, closed_at: datetime | None, now: Complaint) -> bool:
    return (now.merged_into, now.other_closed_at) == (event.of, closed_at)


def _survey_over(event: events.SurveySent, entry: Entry, complaint: Complaint) -> bool:
    """It is answered, or declined; or the complaint has been reopened since."""
    survey = complaint.survey
    return survey is None or (survey.closure, survey.state) != (event.closure, "open")


def _hearing_over(event: hearings.HearingOpened, entry: Entry, complaint: Complaint) -> bool:
    """They have spoken, or nobody waits for it any more."""
    hearing = hearings.of(complaint.hearings, event.number)
    return hearing is None or hearing.stage != "hearing" or hearing.opened_at != entry.at


def _decision_over(event: Any, entry: Entry, complaint: Complaint) -> bool:
    """It is decided, or there is nothing to decide any more."""
    hearing = hearings.of(complaint.hearings, event.number)
    return hearing is None or not hearing.waits_for_decision


def _judged_over(event: hearings.HearingDecided, entry: Entry, complaint: Complaint) -> bool:
    """What it is about turned out to be none."""
    hearing = hearings.of(complaint.hearings, event.number)
    return hearing is None or hearing.void


OVER: Mapping[type[Event], Over] = {kind: _never for kind in TABLE if not TABLE[kind]} | {
    events.ComplaintFiled: _never,
    events.ComplaintAcknowledged: _never,
    events.PlanProposed: _plan_over,
    events.PlanAccepted: _never,
    events.PlanObjectedTo: _never,
    events.ReviewRequested: _never,
    events.ComplaintLapsed: _lapse_over,
    events.ComplaintWithdrawn: _never,
    events.ComplaintReopened: _never,
    events.ComplaintMerged: _merger_over,
    events.MergerUndone: lambda it, _, now: now.merged is not None,
    events.MergerMoved: lambda it, _, now: now.merged_into != it.into,
    events.OtherPlanProposed: lambda it, _, now: (now.merged_into, now.other_round) != (it.of, it.round),
    events.OtherClosed: lambda it, _, now: not _ends_as(it, it.closed_at, now),
    events.OtherReopened: lambda it, _, now: not _ends_as(it, None, now),
    events.ComplaintAssigned: _assignment_over,
    events.NobodyFound: lambda it, entry, now: now.left_to_supervisor_at != entry.at or now.closed_at is not None,
    events.NoteAdded: _note_over,
    events.InquiryOpened: _inquiry_over,
    events.InquiryAnswered: _never,
    events.LegalIssueRaised: _never,
    events.DangerFound: _danger_over,
    events.DangerTriaged: _danger_over,
    events.SafetyTaskBegun: _task_over,
    events.SafetyAssessed: _never,
    events.DangerRepeated: _danger_over,
    events.InterimMeasureTaken: _never,
    events.PlanDrafted: _draft_over,
    events.LegalReviewed: _never,
    events.LinkReplaced: _link_over,
    events.ContactCorrected: _link_over,
    events.DeliveryUpdated: _never,
    events.InformationRequested: _question_over,
    events.InformationGiven: _never,
    events.InformationRead: _reading_over,
    events.FollowUpCompleted: _never,
    events.EvidenceReceived: _never,
    events.EvidenceQuarantined: _never,
    events.ConsumerUnreachable: lambda it, _, now: now.to_call_since is None,
    events.AssigneeUnreachable: _passing_on_over,
    events.SurveySent: _survey_over,
    events.ReminderRaised: _alarm_over,
    events.DeadlineMissed: _breach_over,
    events.Escalated: _alarm_over,
    events.WaitExpired: _silence_over,
    events.DeadlineMoved: _move_over,
    events.DeadlineExtended: _extension_over,
    hearings.HearingOpened: _hearing_over,
    hearings.HearingReminded: _alarm_over,
    hearings.CaseStated: _decision_over,
    hearings.HearingEnded: _decision_over,
    hearings.DecisionObjectedTo: _decision_over,
    hearings.HearingDecided: _judged_over,
    hearings.DecisionAwaited: _alarm_over,
}
"""When what is told of an event is over. Whatever is told of says so, or that it stays news."""

if timeless := set(TABLE) ^ set(OVER):
    raise ValueError(f"what is told says when it is over, these do not fit: {sorted(map(str, timeless))}")
