"""What happens when somebody does something about a complaint: `decide`, pure. What that changes says `evolve`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import Any, Literal

from . import lifecycle
from .alarms import due_alarms, resume
from .artefacts import (
    Acknowledgement,
    Artefact,
    Assignment,
    Channel,
    DeliveryUpdate,
    EvidenceOffer,
    Extension,
    Feedback,
    Filing,
    FollowUpDone,
    Information,
    InformationRequest,
    Inquiry,
    InquiryAnswer,
    InvestigationReport,
    LegalReview,
    LinkReplacement,
    Merger,
    Note,
    Reopening,
    ResolutionPlan,
    Withdrawal,
)
from .clocks import (
    extended,
    follow_up_clock,
    information_clock,
    inquiry_clock,
    longest_due,
    named,
    set_anew,
)
from .complaint import Complaint
from .draft import Draft
from .errors import FieldFault, Invalid
from .events import Event
from .evolution import evolve
from .guards import GUARDS, Attempt
from .happenings import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintFiled,
    ComplaintMerged,
    ComplaintReopened,
    ComplaintWithdrawn,
    DeadlineExtended,
    DeliveryUpdated,
    EvidenceOffered,
    FollowUpCompleted,
    FollowUpPromised,
    Happening,
    InformationGiven,
    InformationRequested,
    InquiryAnswered,
    InquiryOpened,
    InvestigationReported,
    LegalIssueRaised,
    LegalReviewed,
    LinkReplaced,
    NoteAdded,
    PlanAccepted,
    PlanObjectedTo,
    PlanProposed,
)
from .lifecycle import Action, Stage
from .people import HOUSE, Actor, Role
from .policy import Policy

STAFF_CHANNEL: Channel = "phone"
Why = Literal["category", "safety", "customer_service", "inquiry"]


def open_complaint(complaint_id: str, filing: Filing, actor: Actor, now: datetime, policy: Policy) -> list[Event]:
    """A complaint is filed (4.1a): storefronts file for web and app, staff for callers. Raises Forbidden, Invalid."""
    step = lifecycle.step(None, Action.FILE, actor)
    if (filing.channel == STAFF_CHANNEL) != (actor.kind == "staff"):
        raise Invalid([FieldFault("channel", "web and app complaints come from a storefront, phone ones from staff")])
    draft = Draft(None, complaint_id, now, policy)
    draft.add(ComplaintFiled(filing=filing, policy_version=policy.version), actor, step.target)
    if words := policy.words_of_danger(f"{filing.product_name} {filing.description}"):
        _involve_legal(draft, "safety", words)
    elif filing.category in policy.legal_categories:
        _involve_legal(draft, "category")
    return draft.events


def decide(
    complaint: Complaint,
    action: Action,
    artefact: Artefact,
    actor: Actor,
    now: datetime,
    policy: Policy,
    about: str | None = None,
) -> list[Event]:
    """What happens when `actor` does `action`; `about`: to which inquiry or follow-up measure of the complaint.

    Raises NotAllowed (stage, or a guard), Forbidden (role), Invalid (artefact), NotFound (`about`).
    Alarms whose moment has passed are raised first, so that no breach is lost because somebody acted before it rang.
    """
    step = lifecycle.step(complaint.stage, action, actor)
    raised = due_alarms(complaint, now, policy, lapse=False)
    complaint = reduce(evolve, raised, complaint)
    for guard in GUARDS.get(action, ()):
        guard(Attempt(complaint, artefact, actor, now, policy, about))
    draft = Draft.of(complaint, now, policy)
    CONSEQUENCES[type(artefact)](draft, artefact, actor, step.target, about)
    return [*raised, *draft.events]


def record(complaint: Complaint, happenings: Iterable[Happening], now: datetime, policy: Policy) -> list[Event]:
    """The house has found something out about a complaint, whatever its stage."""
    draft = Draft.of(complaint, now, policy)
    for happening in happenings:
        draft.add(happening, HOUSE)
    return draft.events


def feedback_action(feedback: Feedback) -> Action:
    """The consumer's answer is one of two actions."""
    return Action.ACCEPT_PLAN if feedback.satisfied else Action.OBJECT_TO_PLAN


# ---- what follows from each artefact ---------------------------------------------------------------------------------

Consequence = Callable[[Draft, Any, Actor, Stage, str | None], None]


def _simply(happening: Callable[[Any], Happening]) -> Consequence:
    """One event, and nothing else follows."""

    def add(draft: Draft, artefact: Artefact, actor: Actor, target: Stage, about: str | None) -> None:
        draft.add(happening(artefact), actor, target)

    return add


def _acknowledged(draft: Draft, it: Acknowledgement, actor: Actor, target: Stage, about: str | None) -> None:
    """The department that the policy routes the category to is asked at once (4.2a)."""
    draft.add(ComplaintAcknowledged(acknowledgement=it), actor, target)
    _involve_legal_if(draft, it.legal_issue, "customer_service")
    route = draft.policy.routing[draft.complaint.category]
    if route.question:
        _ask(draft, Inquiry.model_validate({"department": route.department, "question": route.question}), HOUSE)


def _reported(draft: Draft, it: InvestigationReport, actor: Actor, target: Stage, about: str | None) -> None:
    draft.add(InvestigationReported(report=it), actor, target)
    _involve_legal_if(draft, it.legal_issue, "customer_service")


def _proposed(draft: Draft, it: ResolutionPlan, actor: Actor, target: Stage, about: str | None) -> None:
    draft.add(PlanProposed(plan=it, round=draft.complaint.round), actor, target)


def _fed_back(draft: Draft, it: Feedback, actor: Actor, target: Stage, about: str | None) -> None:
    """What an accepted plan promised to do afterwards is to be done (4.3a)."""
    plan = draft.complaint.plan_in_force
    draft.add(PlanAccepted(feedback=it) if it.satisfied else PlanObjectedTo(feedback=it), actor, target)
    if it.satisfied and plan:
        for measure in plan.plan.follow_up_measures:
            _promise(draft, measure, plan.plan.complete_within_days)


def _promise(draft: Draft, measure: str, days: int) -> None:
    number = len(draft.complaint.follow_ups) + 1
    clock = follow_up_clock(draft.complaint, named("follow_up", number), days, draft.now, draft.policy)
    draft.add(FollowUpPromised(number=number, measure=measure, within_days=days, clock=clock), HOUSE)


def _asked(draft: Draft, it: Inquiry, actor: Actor, target: Stage, about: str | None) -> None:
    _ask(draft, it, actor)
    _involve_legal_if(draft, it.legal_issue, "customer_service")


def _ask(draft: Draft, inquiry: Inquiry, actor: Actor) -> None:
    inquiry_id = str(len(draft.complaint.inquiries) + 1)
    clock = inquiry_clock(
        draft.complaint, named("inquiry", inquiry_id), Role(inquiry.department), draft.now, draft.policy
    )
    draft.add(InquiryOpened(inquiry_id=inquiry_id, inquiry=inquiry, clock=clock), actor)


def _inquiry_answered(draft: Draft, it: InquiryAnswer, actor: Actor, target: Stage, about: str | None) -> None:
    stops = draft.complaint.numbers([named("inquiry", about)])
    draft.add(InquiryAnswered(inquiry_id=str(about), answer=it, stops=stops), actor)
    _involve_legal_if(draft, it.legal_issue, "inquiry")


def _evidence_offered(draft: Draft, it: EvidenceOffer, actor: Actor, target: Stage, about: str | None) -> None:
    evidence_id = str(len(draft.complaint.evidence_files) + 1)
    draft.add(EvidenceOffered(evidence_id=evidence_id, offer=it), actor)


def _reviewed(draft: Draft, it: LegalReview, actor: Actor, target: Stage, about: str | None) -> None:
    draft.add(LegalReviewed(review=it, round=draft.complaint.round), actor)


def _information_requested(
    draft: Draft, it: InformationRequest, actor: Actor, target: Stage, about: str | None
) -> None:
    """The stage's clock stands still while it is not overdue, and has not stood still for too long already."""
    complaint, policy = draft.complaint, draft.policy
    request_id = str(len(complaint.information_requests) + 1)
    asked = InformationRequested(request_id=request_id, request=it)
    stage = complaint.stage_clock
    clock = information_clock(complaint, named("information", request_id), draft.now, policy)
    if stage and clock:
        due = longest_due(stage, (draft.now, clock.due_at), complaint.received_at, policy)
        stands_still = {"clock": clock, "stops": (stage.number,)}
        asked = asked.model_copy(update=stands_still | {"stage_due_at": due.at, "stage_provisional": due.provisional})
    draft.add(asked, actor)


def _information_given(draft: Draft, it: Information, actor: Actor, target: Stage, about: str | None) -> None:
    request = draft.complaint.awaited_request
    draft.add(InformationGiven(information=it, answers=request and request.request_id), actor)
    resume(draft, draft.now, HOUSE)


def _extended(draft: Draft, it: Extension, actor: Actor, target: Stage, about: str | None) -> None:
    complaint, policy = draft.complaint, draft.policy
    clock = complaint.stage_clock
    assert clock is not None  # noqa: S101 — an open stage has one, and only those can be extended
    due = extended(clock, it.working_days, complaint.received_at, policy)
    setting, raised = set_anew(clock, complaint.stage, due, draft.now, policy)
    happening = DeadlineExtended(
        clock=setting, stops=(clock.number,), was_due_at=clock.due_at, alarms_raised=raised, extension=it
    )
    draft.add(happening, actor)


def _follow_up_completed(draft: Draft, it: FollowUpDone, actor: Actor, target: Stage, about: str | None) -> None:
    number = int(str(about))
    last = all(one.done_at or one.number == number for one in draft.complaint.follow_ups)
    stops = draft.complaint.numbers([named("follow_up", number)])
    draft.add(FollowUpCompleted(number=number, done=it, last=last, stops=stops), actor)


def _involve_legal(draft: Draft, why: Why, words: tuple[str, ...] = ()) -> None:
    draft.add(LegalIssueRaised(why=why, words=words), HOUSE)


def _involve_legal_if(draft: Draft, involved: bool, why: Why) -> None:
    if involved and not draft.complaint.legal_issue:
        _involve_legal(draft, why)


CONSEQUENCES: Mapping[type[Artefact], Consequence] = {
    Acknowledgement: _acknowledged,
    InvestigationReport: _reported,
    ResolutionPlan: _proposed,
    Feedback: _fed_back,
    Withdrawal: _simply(lambda it: ComplaintWithdrawn(withdrawal=it)),
    Reopening: _simply(lambda it: ComplaintReopened(reopening=it)),
    Merger: _simply(lambda it: ComplaintMerged(merger=it)),
    Assignment: _simply(lambda it: ComplaintAssigned(assignment=it)),
    Note: _simply(lambda it: NoteAdded(note=it)),
    DeliveryUpdate: _simply(lambda it: DeliveryUpdated(update=it)),
    Inquiry: _asked,
    InquiryAnswer: _inquiry_answered,
    EvidenceOffer: _evidence_offered,
    LegalReview: _reviewed,
    InformationRequest: _information_requested,
    Information: _information_given,
    Extension: _extended,
    FollowUpDone: _follow_up_completed,
    LinkReplacement: _simply(lambda it: LinkReplaced()),
}
