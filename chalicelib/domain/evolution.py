"""What each event changes of a complaint: `evolve`, pure. A kind that is not in `CHANGES` is only counted."""

from collections.abc import Callable, Collection, Iterable
from functools import reduce
from typing import Any, TypeVar

from .artefacts import Outcome
from .clocks import inquiry_cap, named
from .complaint import Complaint
from .events import Event
from .happenings import (
    STAGE_CLOCK,
    AlarmRaised,
    AssigneeUnreachable,
    ClockResumed,
    ClockSetting,
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintFiled,
    ComplaintLapsed,
    ComplaintMerged,
    ComplaintReopened,
    ComplaintWithdrawn,
    ConsumerUnreachable,
    DeadlineExtended,
    DeadlineMissed,
    DeadlineMoved,
    DeliveryUpdated,
    Escalated,
    EvidenceOffered,
    EvidenceQuarantined,
    EvidenceReceived,
    FollowUpCompleted,
    FollowUpPromised,
    Happening,
    InformationGiven,
    InformationRequested,
    InquiryAnswered,
    InquiryOpened,
    InvestigationReported,
    Ladders,
    LegalIssueRaised,
    LegalReviewed,
    LinkReplaced,
    MergerMoved,
    OrderChecked,
    PlanAccepted,
    PlanAnswered,
    PlanObjectedTo,
    PlanProposed,
    RelatedFound,
    ReminderRaised,
    Retimed,
    StageEntry,
    Unreachable,
    WaitExpired,
)
from .lifecycle import Stage
from .model import Model
from .parts import (
    AskedInformation,
    Breach,
    EvidenceFile,
    FollowUp,
    GivenFeedback,
    GivenReview,
    IssuedLink,
    OpenedInquiry,
    OrderCheck,
    ProposedPlan,
    RunningClock,
    ToldDelivery,
)
from .people import HOUSE, Role

Changes = dict[str, Any]
P = TypeVar("P", bound=Model)


def evolve(complaint: Complaint | None, event: Event) -> Complaint:
    """The complaint after an event; None before the first."""
    happening = event.happening
    if complaint is None:
        assert isinstance(happening, ComplaintFiled)  # noqa: S101 — nothing else comes first
        assert event.enters  # noqa: S101 — a filed complaint is in its first stage
        complaint = _filed(event, event.enters, happening)
    changes = CHANGES[type(happening)](complaint, event, happening) if type(happening) in CHANGES else {}
    if event.enters:
        changes |= _entered(complaint.model_copy(update=changes), event, event.enters)
    version = complaint.version + (event.actor != HOUSE)
    return complaint.model_copy(update=changes | {"version": version, "seq": event.seq, "chain": event.hash})


def fold(events: Iterable[Event]) -> Complaint:
    """The complaint that its events make. Raises ValueError if there are none."""
    complaint: Complaint | None = reduce(evolve, events, None)
    if complaint is None:
        raise ValueError("a complaint begins with an event")
    return complaint


# ---- stages ----------------------------------------------------------------------------------------------------------


def _filed(event: Event, entry: StageEntry, happening: ComplaintFiled) -> Complaint:
    return Complaint(
        **vars(happening.filing),
        complaint_id=event.complaint_id,
        filed_by=event.actor,
        policy_version=happening.policy_version,
        received_at=event.at,
        stage=entry.stage,
        entered_at=event.at,
    )


def _entered(complaint: Complaint, event: Event, entry: StageEntry) -> Changes:
    """Another stage: its clock runs alone beside those of promised measures, and open questions are dispensed with."""
    clocks = tuple(clock for clock in complaint.clocks if not clock.ends_with_stage)
    if entry.clock:
        clocks += (_running(entry.clock, event, entry.stage),)
    dispensed = {"status": "dispensed"}
    unanswered = ("open", "expired")
    return {
        "stage": entry.stage,
        "entered_at": event.at,
        "extended": False,
        "clocks": clocks,
        "inquiries": _updated(complaint.inquiries, lambda one: one.status == "open", dispensed),
        "information_requests": _updated(
            complaint.information_requests, lambda one: one.status in unanswered, dispensed
        ),
    }


def _answered(complaint: Complaint, event: Event, happening: PlanAnswered) -> Changes:
    answer = GivenFeedback(
        round=complaint.round, given_at=event.at, given_by=event.actor.kind, feedback=happening.feedback
    )
    return {"feedback": (*complaint.feedback, answer)}


def _proposed(complaint: Complaint, event: Event, happening: PlanProposed) -> Changes:
    plan = ProposedPlan(round=complaint.round, proposed_at=event.at, plan=happening.plan)
    return {"plan_sent_at": event.at, "resolution_plans": (*complaint.resolution_plans, plan)}


def _closed(outcome: Outcome, event: Event, **more: Any) -> Changes:
    return {"outcome": outcome, "closed_at": event.at, **more}


def _reopened(complaint: Complaint, event: Event, happening: ComplaintReopened) -> Changes:
    reason = happening.reopening.reason
    anew: Changes = {"outcome": None, "closed_at": None, "separated_at": None, "reopened_because": reason}
    return anew | {"round": complaint.round + 1}


def _merger_moved(complaint: Complaint, event: Event, happening: MergerMoved) -> Changes:
    if happening.into:
        return {"merged_into": happening.into, "separated_at": None}
    renewed = complaint.link_in_force.model_copy(update={"issued_at": event.at})  # to reopen by, however late that is
    return {"merged_into": None, "separated_at": event.at, "link": renewed}


# ---- within a stage --------------------------------------------------------------------------------------------------


def _inquiry_opened(complaint: Complaint, event: Event, happening: InquiryOpened) -> Changes:
    inquiry, clock = happening.inquiry, happening.clock
    opened = OpenedInquiry(
        inquiry_id=happening.inquiry_id,
        department=inquiry.department,
        question=inquiry.question,
        asked_at=event.at,
        asked_by=event.actor.id,
        due_at=clock.due_at,
    )
    running = _running(clock, event, "inquiry", held_by=Role(inquiry.department), cap=inquiry_cap(complaint, event.at))
    return {"inquiries": (*complaint.inquiries, opened), "clocks": (*complaint.clocks, running)}


def _inquiry_answered(complaint: Complaint, event: Event, happening: InquiryAnswered) -> Changes:
    answer = {
        "status": "answered",
        "answered_at": event.at,
        "answered_by": event.actor.id,
        "assessment": happening.answer.assessment,
        "recommended_solution": happening.answer.recommended_solution,
    }
    mine = _updated(complaint.inquiries, lambda one: one.inquiry_id == happening.inquiry_id, answer)
    return {"inquiries": mine, "clocks": _without(complaint, happening.stops)}


def _information_requested(complaint: Complaint, event: Event, happening: InformationRequested) -> Changes:
    clock = happening.clock
    asked = AskedInformation(
        request_id=happening.request_id,
        question=happening.request.question,
        asked_at=event.at,
        answer_by=clock and clock.due_at,
    )
    changes: Changes = {"information_requests": (*complaint.information_requests, asked)}
    if clock:
        waiting = {
            "waiting_since": event.at,
            "due_at": happening.stage_due_at,
            "provisional": happening.stage_provisional,
        }
        clocks = _updated(complaint.clocks, lambda one: one.name == STAGE_CLOCK, waiting)
        changes["clocks"] = (*clocks, _running(clock, event, "information"))
    return changes


def _information_given(complaint: Complaint, event: Event, happening: InformationGiven) -> Changes:
    answer = {"status": "answered", "answered_at": event.at}
    mine = _updated(complaint.information_requests, lambda one: one.request_id == happening.answers, answer)
    return {"information_requests": mine}


def _follow_up_promised(complaint: Complaint, event: Event, happening: FollowUpPromised) -> Changes:
    clock = happening.clock
    promised = FollowUp(number=happening.number, measure=happening.measure, due_at=clock.due_at)
    running = _running(clock, event, "follow_up", held_by=complaint.department, days=happening.within_days)
    return {"follow_ups": (*complaint.follow_ups, promised), "clocks": (*complaint.clocks, running)}


def _follow_up_completed(complaint: Complaint, event: Event, happening: FollowUpCompleted) -> Changes:
    done = {"done_at": event.at, "done_by": event.actor.id, "note": happening.done.note}
    mine = _updated(complaint.follow_ups, lambda one: one.number == happening.number, done)
    return {"follow_ups": mine, "clocks": _without(complaint, happening.stops)}


def _legally_reviewed(complaint: Complaint, event: Event, happening: LegalReviewed) -> Changes:
    review = GivenReview(
        round=happening.round, reviewed_at=event.at, reviewed_by=event.actor.id, review=happening.review
    )
    return {"legal_reviews": (*complaint.legal_reviews, review)}


def _evidence_offered(complaint: Complaint, event: Event, happening: EvidenceOffered) -> Changes:
    file = EvidenceFile(
        evidence_id=happening.evidence_id,
        added_by="staff" if event.actor.kind == "staff" else "consumer",
        offered_at=event.at,
        **vars(happening.offer),
    )
    return {"evidence_files": (*complaint.evidence_files, file)}


def _evidence_received(complaint: Complaint, event: Event, happening: EvidenceReceived) -> Changes:
    arrived = {"status": "received", "received_at": event.at, "size": happening.size, "sha256": happening.sha256}
    files = _updated(complaint.evidence_files, lambda one: one.evidence_id == happening.evidence_id, arrived)
    if files == complaint.evidence_files:  # what the house itself has written was not offered before
        own = happening.model_dump(exclude={"sha256", "size"})
        files += (EvidenceFile(**own, **arrived, offered_at=event.at),)
    return {"evidence_files": files}


def _evidence_quarantined(complaint: Complaint, event: Event, happening: EvidenceQuarantined) -> Changes:
    lied = {"status": "quarantined", "received_at": event.at, "sha256": happening.sha256}
    return {
        "evidence_files": _updated(complaint.evidence_files, lambda one: one.evidence_id == happening.evidence_id, lied)
    }


def _related(complaint: Complaint, event: Event, happening: RelatedFound) -> Changes:
    related = dict.fromkeys((*complaint.related, *happening.related))
    return {"related": tuple(related), "duplicate_of": happening.duplicate_of or complaint.duplicate_of}


def _unreached(complaint: Complaint, event: Event, happening: Unreachable) -> Changes:
    return {"unreached": (*complaint.unreached, happening.mark)}


# ---- clocks ----------------------------------------------------------------------------------------------------------


def _rang(complaint: Complaint, event: Event, happening: AlarmRaised) -> Changes:
    alarm = happening.alarm
    return {"clocks": _updated(complaint.clocks, lambda one: one.name == alarm.clock, {"alarms_raised": alarm.number})}


def _wait_expired(complaint: Complaint, event: Event, happening: WaitExpired) -> Changes:
    expired = _updated(complaint.information_requests, lambda one: one.status == "open", {"status": "expired"})
    return _rang(complaint, event, happening) | {"information_requests": expired}


def _missed(complaint: Complaint, event: Event, happening: DeadlineMissed) -> Changes:
    alarm = happening.alarm
    breach = Breach(
        stage=alarm.stage, clock=alarm.clock, due_at=alarm.due_at, recorded_at=event.at, held_by=happening.held_by
    )
    return _rang(complaint, event, happening) | {"breaches": (*complaint.breaches, breach)}


def _retimed(complaint: Complaint, event: Event, happening: Retimed, **more: Any) -> Changes:
    """A running clock has another due time; so has what it runs for."""
    clock = happening.clock
    anew = {
        "number": event.seq,
        "due_at": clock.due_at,
        "provisional": clock.provisional,
        "alarms_raised": happening.alarms_raised,
    }
    due = {"due_at": clock.due_at}
    return {
        "clocks": _updated(complaint.clocks, lambda one: one.name == clock.name, anew | more),
        "inquiries": _updated(complaint.inquiries, lambda one: named("inquiry", one.inquiry_id) == clock.name, due),
        "follow_ups": _updated(complaint.follow_ups, lambda one: named("follow_up", one.number) == clock.name, due),
    }


def _moved(complaint: Complaint, event: Event, happening: DeadlineMoved) -> Changes:
    """By the new calendar a breach may never have been one."""

    def undone(breach: Breach) -> bool:
        mine = (breach.clock, breach.due_at) == (happening.clock.name, happening.was_due_at)
        return mine and happening.clock.due_at > event.at

    breaches = _updated(complaint.breaches, undone, {"void": True})
    return _retimed(complaint, event, happening) | {"breaches": breaches}


def _extended(complaint: Complaint, event: Event, happening: DeadlineExtended) -> Changes:
    days = (complaint.stage_clock.extended_by if complaint.stage_clock else 0) + happening.extension.working_days
    return _retimed(complaint, event, happening, extended_by=days) | {"extended": True}


def _resumed(complaint: Complaint, event: Event, happening: ClockResumed) -> Changes:
    waits = complaint.stage_clock.waits if complaint.stage_clock else ()
    waits += ((happening.waited_from, happening.waited_until),)
    resting = complaint.model_copy(update={"clocks": _without(complaint, happening.stops)})
    return _retimed(resting, event, happening, waits=waits, waiting_since=None)


def _running(clock: ClockSetting, event: Event, ladder: Stage | Ladders, **more: Any) -> RunningClock:
    return RunningClock(
        name=clock.name,
        number=event.seq,
        ladder=ladder,
        since=event.at,
        due_at=clock.due_at,
        provisional=clock.provisional,
        **more,
    )


def _without(complaint: Complaint, numbers: Collection[int]) -> tuple[RunningClock, ...]:
    return tuple(clock for clock in complaint.clocks if clock.number not in numbers)


def _updated(parts: tuple[P, ...], which: Callable[[P], bool], changes: Changes) -> tuple[P, ...]:
    """The parts, those that fit changed."""
    return tuple(part.model_copy(update=changes) if which(part) else part for part in parts)


CHANGES: dict[type[Happening], Callable[[Complaint, Event, Any], Changes]] = {
    ComplaintAcknowledged: lambda complaint, event, _: {"acknowledged_at": event.at},
    InvestigationReported: lambda complaint, event, it: {
        "investigated_at": event.at,
        "investigation_report": it.report,
    },
    PlanProposed: _proposed,
    PlanAccepted: lambda complaint, event, it: _answered(complaint, event, it) | _closed(Outcome.SATISFIED, event),
    PlanObjectedTo: lambda complaint, event, it: _answered(complaint, event, it) | {"round": complaint.round + 1},
    ComplaintWithdrawn: lambda complaint, event, _: _closed(Outcome.WITHDRAWN, event),
    ComplaintMerged: lambda complaint, event, it: _closed(Outcome.MERGED, event, merged_into=it.into),
    MergerMoved: _merger_moved,
    ComplaintReopened: _reopened,
    ComplaintAssigned: lambda complaint, event, it: {"assignee": it.assignment.assignee},
    InquiryOpened: _inquiry_opened,
    InquiryAnswered: _inquiry_answered,
    LegalIssueRaised: lambda complaint, event, _: {"legal_issue": True},
    LegalReviewed: _legally_reviewed,
    LinkReplaced: lambda complaint, event, _: {"link": IssuedLink(edition=event.seq, issued_at=event.at)},
    DeliveryUpdated: lambda complaint, event, it: {"delivery": ToldDelivery(at=event.at, update=it.update)},
    InformationRequested: _information_requested,
    InformationGiven: _information_given,
    FollowUpPromised: _follow_up_promised,
    FollowUpCompleted: _follow_up_completed,
    EvidenceOffered: _evidence_offered,
    EvidenceReceived: _evidence_received,
    EvidenceQuarantined: _evidence_quarantined,
    OrderChecked: lambda complaint, event, it: {
        "order_check": OrderCheck(checked_at=event.at, found=it.found, facts=it.facts)
    },
    RelatedFound: _related,
    ConsumerUnreachable: _unreached,
    AssigneeUnreachable: _unreached,
    ReminderRaised: _rang,
    Escalated: _rang,
    WaitExpired: _wait_expired,
    DeadlineMissed: _missed,
    ComplaintLapsed: lambda complaint, event, it: _rang(complaint, event, it) | _closed(Outcome.NO_RESPONSE, event),
    DeadlineMoved: _moved,
    DeadlineExtended: _extended,
    ClockResumed: _resumed,
}
