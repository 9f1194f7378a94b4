"""What happens when somebody does something about a complaint: `decide`, pure. `evolve` says what that changes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, Literal, NamedTuple, TypeGuard

from chalicelib.domain.complaint import clocks, events, files, guards, heard, safety, submissions, surveys, waits
from chalicelib.domain.complaint.alarms import MOST_AT_ONCE, are_due, due_alarms
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.complaint.guards import Attempt, Occasion
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault, Invalid, Refusal
from chalicelib.domain.ground.people import HOUSE, OPERATOR, Actor, Role
from chalicelib.domain.ground.record import STAGE_CLOCK, Event, NewStage, Submission
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.ladders import ASKING, DECISION_REVIEW
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Channel

STAFF_CHANNEL: Channel = "phone"
BY_OTHERS = frozenset({Action.FILE, Action.LAPSE})
"""What `decide` does not do: a complaint is filed by `open_complaint`, and lapses by its clock."""
Why = Literal["category", "safety", "customer_service", "inquiry"]


def open_complaint(
    complaint_id: str,
    filing: submissions.Filing,
    actor: Actor,
    now: datetime,
    policy: Policy,
    microsecond: int = 0,
) -> list[Entry]:
    """A complaint is filed (4.1a): storefronts file for web and app, staff for callers. Raises Forbidden, Invalid."""
    step = LIFECYCLE.step(None, Action.FILE, actor)
    if (filing.channel == STAFF_CHANNEL) != (actor.kind == "staff"):
        raise Invalid([FieldFault("channel", "channel_of_others")])
    draft = Draft(None, complaint_id, now, policy)
    filed = events.ComplaintFiled(filing=filing, policy_version=policy.version, microsecond=microsecond)
    draft.add(filed, actor, step.target)
    if filing.category in policy.legal_categories:
        _involve_legal(draft, "category")
    safety.look_for(draft)
    return draft.entries


def decide(
    complaint: Complaint,
    submission: Submission,
    actor: Actor,
    now: datetime,
    policy: Policy,
    part: str | None = None,
) -> list[Entry]:
    """What happens when `actor` hands something in; `part`: which inquiry or measure of the complaint it is about.

    Raises NotAllowed (stage, round, or a guard), Forbidden (role), Invalid (submission), NotFound (`part`).
    Alarms whose moment has passed are raised first, so that no breach is lost because somebody acted before it rang.
    Where these are more than one transaction holds, nothing else happens yet: decide again on what they leave.
    """
    action = Action(submission.action)
    guards.require_present_round(complaint, submission)
    step = guards.step_of(complaint, action, actor, now, policy)
    guards.require_words(complaint)
    raised = due_alarms(complaint, now, policy, lapse=False)
    complaint = reduce(evolve, raised, complaint)
    if _fill_a_transaction(raised, complaint, now, policy):
        return raised
    attempt = Attempt(complaint, action, step, actor, now, policy, part, submission)
    deed = DEEDS[action]
    for guard in (*deed.guarded_by, *deed.fits):
        guard(attempt)
    draft = Draft.of(complaint, now, policy)
    deed.consequence(draft, attempt)
    safety.look_for(draft)
    return [*raised, *draft.entries]


class Possible(NamedTuple):
    """What somebody may do now, and for whatever else they may do in some stage, why not now."""

    allowed: list[Action]
    why_not: dict[Action, Refusal]


def may(complaint: Complaint, actor: Actor, now: datetime, policy: Policy) -> Possible:
    """What `decide` would take from `actor` now, if what is handed in is right; else the refusal that it would raise.

    Of the parts that an action can be about one is enough; where each is refused, the newest says why. Whether there is
    a note to take back stands in the entries, which a complaint does not hold: that it may be is all that is said here.
    """
    while raised := due_alarms(complaint, now, policy, lapse=False):
        complaint = reduce(evolve, raised, complaint)
    possible = Possible([], {})
    for action in LIFECYCLE.actions_of(actor.roles):
        if action in BY_OTHERS:
            continue
        if refusal := _refusal(complaint, action, actor, now, policy):
            possible.why_not[action] = refusal
        else:
            possible.allowed.append(action)
    return possible


def _refusal(complaint: Complaint, action: Action, actor: Actor, now: datetime, policy: Policy) -> Refusal | None:
    found: Refusal | None = None
    for part in DEEDS[action].about(complaint) or (None,):
        found = _refusal_of(complaint, action, actor, now, policy, part)
        if found is None:
            return None
    return found


def _refusal_of(
    complaint: Complaint, action: Action, actor: Actor, now: datetime, policy: Policy, part: str | None
) -> Refusal | None:
    try:
        step = guards.step_of(complaint, action, actor, now, policy)
        guards.require_words(complaint)
        for guard in DEEDS[action].guarded_by:
            guard(Occasion(complaint, action, step, actor, now, policy, part))
    except Refusal as refusal:
        return refusal
    return None


def about_one_of(complaint: Complaint, action: Action, actor: Actor, now: datetime, policy: Policy) -> list[str]:
    """The parts of a complaint that `actor` may do it about now, if what is handed in is right; nothing, where it is
    not about one of them. As `may`, it does not know of notes."""
    parts = DEEDS[action].about(complaint)
    return [part for part in parts if _refusal_of(complaint, action, actor, now, policy, part) is None]


def observe(complaint: Complaint, found: Sequence[Event], now: datetime, policy: Policy) -> list[Entry]:
    """The house has found something out about a complaint, whatever its stage.

    A file that has come from the consumer is what they sent: what is due was due before, as if they had acted. Where
    that is more than one transaction holds, nothing else is noted yet, as with an act.
    """
    sent = any(_is_from_consumer(event) for event in found)
    raised = due_alarms(complaint, now, policy, lapse=False) if sent else []
    complaint = reduce(evolve, raised, complaint)
    if sent and _fill_a_transaction(raised, complaint, now, policy):
        return raised
    draft = Draft.of(complaint, now, policy)
    for event in found:
        if _is_from_consumer(event):
            waits.take_in(draft, event, HOUSE)
        else:
            draft.add(event, HOUSE)
    return [*raised, *draft.entries]


def _fill_a_transaction(raised: Sequence[Entry], complaint: Complaint, now: datetime, policy: Policy) -> bool:
    """Whether the alarms are a transaction of their own: no room is left beside them, or more are due."""
    return len(raised) >= MOST_AT_ONCE or are_due(complaint, now, policy, lapse=False)


def _is_from_consumer(event: Event) -> TypeGuard[events.EvidenceReceived]:
    return isinstance(event, events.EvidenceReceived) and event.added_by == "consumer"


def erase_words(complaint: Complaint, now: datetime, policy: Policy) -> list[Entry]:
    """What anybody typed is erased, by an operator. Raises NotAllowed while it is still needed."""
    guards.require_end(complaint)
    draft = Draft.of(complaint, now, policy)
    stops = tuple(clock.number for clock in complaint.clocks if clock.ladder in ASKING)
    draft.add(events.WordsErased(stops=stops), OPERATOR)
    return draft.entries


# ---- what follows from each submission -------------------------------------------------------------------------------

Consequence = Callable[[Draft, Attempt], None]


def _none(complaint: Complaint) -> Sequence[str]:
    return ()


class Deed(NamedTuple):
    """What follows from an action, and what must hold beside stage and role before it may be done: whatever is handed
    in, and of what is handed in. `about`: the parts of a complaint one of which it is about."""

    consequence: Consequence
    guarded_by: tuple[Callable[[Occasion], None], ...] = ()
    fits: tuple[Callable[[Attempt], None], ...] = ()
    about: Callable[[Complaint], Sequence[str]] = _none


def _simply(event: Callable[[Any], Event]) -> Consequence:
    """One event, and nothing else follows."""

    def add(draft: Draft, attempt: Attempt) -> None:
        draft.add(event(attempt.submission), attempt.actor, attempt.step.target)

    return add


def _acknowledge(draft: Draft, attempt: Attempt) -> None:
    """The department that the category is routed to is asked at once (4.2a)."""
    it: submissions.Acknowledgement = attempt.submission
    draft.add(events.ComplaintAcknowledged(acknowledgement=it), attempt.actor, attempt.step.target)
    _involve_legal_if(draft, it.legal_issue, "customer_service")
    operating = draft.policy.operating
    route = operating.route(draft.complaint.category)
    if route.question:
        inquiry = submissions.Inquiry.model_validate({"department": route.department, "question": route.question})
        _ask(draft, inquiry, HOUSE, operating.version)


def _report(draft: Draft, attempt: Attempt) -> None:
    it: submissions.InvestigationReport = attempt.submission
    listed_in = draft.policy.operating.version if it.cause_code else None
    reported = events.InvestigationReported(report=it, operating=listed_in)
    draft.add(reported, attempt.actor, attempt.step.target)
    _involve_legal_if(draft, it.legal_issue, "customer_service")


def _propose(draft: Draft, attempt: Attempt) -> None:
    it: submissions.ResolutionPlan = guards.completed(attempt)
    draft.add(events.PlanProposed(plan=it, round=draft.complaint.round), attempt.actor, attempt.step.target)


def _accept_plan(draft: Draft, attempt: Attempt) -> None:
    """What the plan promised to do afterwards is to be done (4.3a)."""
    plan = draft.complaint.plan_in_force
    draft.add(events.PlanAccepted(feedback=attempt.submission), attempt.actor, attempt.step.target)
    if plan:
        for measure in plan.plan.follow_up_measures:
            _promise(draft, measure, plan.plan.complete_within_days)


def _request_review(draft: Draft, attempt: Attempt) -> None:
    """Another person decides: whoever had it has it no more, and who has it next is found by turn (3.3)."""
    stage = attempt.step.to(Stage.PLANNING)
    begun = clocks.entry_into(draft.complaint, stage, draft.now, draft.policy, DECISION_REVIEW)
    draft.add(events.ReviewRequested(request=attempt.submission), attempt.actor, begun)
    draft.add(events.ComplaintReturned(why="review"), HOUSE)


def _promise(draft: Draft, measure: str, days: int) -> None:
    number = len(draft.complaint.follow_ups) + 1
    clock = clocks.follow_up_clock(draft.complaint, clocks.named("follow_up", number), days, draft.now, draft.policy)
    draft.add(events.FollowUpPromised(number=number, measure=measure, within_days=days, clock=clock), HOUSE)


def _ask_department(draft: Draft, attempt: Attempt) -> None:
    it: submissions.Inquiry = attempt.submission
    _ask(draft, it, attempt.actor)
    _involve_legal_if(draft, it.legal_issue, "customer_service")


def _ask(draft: Draft, inquiry: submissions.Inquiry, actor: Actor, operating: int | None = None) -> None:
    """`operating`: the number of the operating data by which the department is asked, if it is."""
    inquiry_id = str(len(draft.complaint.inquiries) + 1)
    clock = clocks.inquiry_clock(
        draft.complaint, clocks.named("inquiry", inquiry_id), Role(inquiry.department), draft.now, draft.policy
    )
    opened = events.InquiryOpened(inquiry_id=inquiry_id, inquiry=inquiry, clock=clock, operating=operating)
    draft.add(opened, actor)


def _answer_inquiry(draft: Draft, attempt: Attempt) -> None:
    it: submissions.InquiryAnswer = attempt.submission
    stops = draft.complaint.numbers([clocks.named("inquiry", attempt.part)])
    draft.add(events.InquiryAnswered(inquiry_id=str(attempt.part), answer=it, stops=stops), attempt.actor)
    _involve_legal_if(draft, it.legal_issue, "inquiry")


def _offer_evidence(draft: Draft, attempt: Attempt) -> None:
    it: submissions.EvidenceOffer = attempt.submission
    evidence_id = str(draft.complaint.evidence_offered + 1)
    forgets = files.forgotten(draft.complaint, files.party(attempt.actor), draft.now, draft.policy)
    draft.add(events.EvidenceOffered(evidence_id=evidence_id, offer=it, forgets=forgets), attempt.actor)


def _assign(draft: Draft, attempt: Attempt) -> None:
    it: submissions.Assignment = attempt.submission
    given = events.ComplaintAssigned(assignment=it) if it.assignee else events.ComplaintReturned(why="given_back")
    draft.add(given, attempt.actor)


def _retract_evidence(draft: Draft, attempt: Attempt) -> None:
    retracted = events.EvidenceRetracted(evidence_id=str(attempt.part), retraction=attempt.submission)
    draft.add(retracted, attempt.actor)


def _draft_plan(draft: Draft, attempt: Attempt) -> None:
    draft.add(events.PlanDrafted(plan=guards.completed(attempt), round=draft.complaint.round), attempt.actor)


def _review(draft: Draft, attempt: Attempt) -> None:
    """The review names the draft that it is of, whether whoever gave it did or not."""
    it: submissions.LegalReview = attempt.submission.meant(draft.complaint)
    draft.add(events.LegalReviewed(review=it, round=draft.complaint.round), attempt.actor)


def _request_information(draft: Draft, attempt: Attempt) -> None:
    """The stage's clock stands still while it is not overdue, and has not stood still for too long already."""
    it: submissions.InformationRequest = attempt.submission
    complaint, policy = draft.complaint, draft.policy
    request_id = str(len(complaint.information_requests) + 1)
    clock, holds = clocks.information_clock(complaint, clocks.named("information", request_id), draft.now, policy)
    asked = events.InformationRequested(request_id=request_id, request=it, clock=clock)
    if holds:
        held = {"stops": complaint.numbers([STAGE_CLOCK]), "hold": waits.stood_still(draft, clock)}
        asked = asked.model_copy(update=held)
    draft.add(asked, attempt.actor)
    waits.move_inquiries(draft, HOUSE)


def _give_information(draft: Draft, attempt: Attempt) -> None:
    waits.take_in(draft, events.InformationGiven(information=attempt.submission), attempt.actor)


def _read_information(draft: Draft, attempt: Attempt) -> None:
    """Then the rest of the time for an answer runs (4.4b)."""
    clock = draft.complaint.words_clock
    stops = (clock.number,) if clock else ()
    draft.add(events.InformationRead(reading=attempt.submission, stops=stops), attempt.actor)
    waits.resume(draft, draft.now, HOUSE)


def _extend(draft: Draft, attempt: Attempt) -> None:
    it: submissions.Extension = attempt.submission
    complaint, policy = draft.complaint, draft.policy
    clock = complaint.stage_clock
    assert clock is not None  # noqa: S101 — an open stage has one, and only those can be extended
    due = clocks.extended(clock, it.working_days, complaint, policy)
    setting, raised = clocks.set_anew(clock, complaint.stage, due, draft.now, policy)
    event = events.DeadlineExtended(
        clock=setting, stops=(clock.number,), was_due_at=clock.due_at, alarms_raised=raised, extension=it
    )
    draft.add(event, attempt.actor)
    waits.move_inquiries(draft, HOUSE)


def _reopen(draft: Draft, attempt: Attempt) -> None:
    """Into the first stage whose work was never done (3.2, 4.1c to 4.3b)."""
    into = attempt.step.to(draft.complaint.first_undone_stage)
    merged = draft.complaint.merged
    reopened = events.ComplaintReopened(reopening=attempt.submission, out_of=merged and merged.into)
    draft.add(reopened, attempt.actor, into)
    _ask_anew(draft)


def _ask_anew(draft: Draft) -> None:
    """What was dispensed with when it closed is asked again: no report goes without the departments (4.2b)."""
    complaint = draft.complaint
    if complaint.investigation_report or Action.ASK not in LIFECYCLE.allowed(complaint.stage):
        return
    asked = {(one.department, one.question): one.status for one in complaint.inquiries}
    for (department, question), status in asked.items():
        if status == "dispensed":
            _ask_again(draft, department, question)


def _ask_again(draft: Draft, department: str, question: str) -> None:
    _ask(draft, submissions.Inquiry.model_validate({"department": department, "question": question}), HOUSE)


def _undo_merger(draft: Draft, attempt: Attempt) -> None:
    """Back to where it stood, as if it had been there all the time; what was missed meanwhile is missed at once."""
    complaint = draft.complaint
    stood = complaint.merged
    assert stood is not None  # noqa: S101 — a guard has seen to it
    clock, setting = clocks.taken_up(complaint, draft.now, draft.policy)
    unread = clocks.still_unread(complaint, draft.now, draft.policy)
    undone = events.MergerUndone(out_of=stood.into, alarms_raised=clock.alarms_raised, rang_at=clock.rang_at)
    if clock.waits != stood.clock.waits:
        since, until = clock.waits[-1]
        undone = undone.model_copy(update={"waited_from": since, "waited_until": until})
    stage = attempt.step.to(stood.stage)
    draft.add(undone, attempt.actor, NewStage(stage=stage, clock=setting, followed_by=clocks.followers(complaint)))
    if unread:
        words, awaited = unread
        known = {"since": words.since, "alarms_raised": words.alarms_raised, "rang_at": words.rang_at}
        waits.await_reading(draft, awaited, **known)
    elif complaint.came_while_merged and Action.READ_INFORMATION in LIFECYCLE.allowed(stood.stage):
        waits.await_reading(draft, clocks.words_clock(draft.complaint, draft.now, draft.policy))
    draft.follow(due_alarms(draft.complaint, draft.now, draft.policy, lapse=False))
    for asked in complaint.inquiries:
        if asked.inquiry_id in stood.asked:
            _ask_again(draft, asked.department, asked.question)


def _complete_follow_up(draft: Draft, attempt: Attempt) -> None:
    it: submissions.FollowUpDone = attempt.submission
    number = int(str(attempt.part))
    last = all(one.done_at or one.number == number for one in draft.complaint.follow_ups)
    stops = draft.complaint.numbers([clocks.named("follow_up", number)])
    draft.add(events.FollowUpCompleted(number=number, done=it, last=last, stops=stops), attempt.actor)


def _assess_safety(draft: Draft, attempt: Attempt) -> None:
    """Where somebody was harmed, legal reads the plan (5.4)."""
    it: submissions.SafetyAssessment = attempt.submission
    safety.assess(draft, attempt)
    _involve_legal_if(draft, it.harmed != "none", "safety")


def _involve_legal(draft: Draft, why: Why) -> None:
    draft.add(events.LegalIssueRaised(why=why), HOUSE)


def _involve_legal_if(draft: Draft, involved: bool, why: Why) -> None:
    """A further issue is one where a draft has been written: what legal reads, or has read, says nothing of it."""
    if involved and (not draft.complaint.legal_issue or draft.complaint.plan_draft):
        _involve_legal(draft, why)


def _heard_about(complaint: Complaint) -> list[str]:
    """The breaches that somebody is heard about, by number."""
    return [str(one.number) for one in complaint.hearings]


DEEDS: Mapping[Action, Deed] = {
    Action.ACKNOWLEDGE: Deed(_acknowledge),
    Action.REPORT: Deed(
        _report, fits=(guards.says_what_was_found, guards.cites_known_evidence, guards.waits_for_inquiries)
    ),
    Action.PROPOSE_PLAN: Deed(
        _propose,
        (guards.is_another_person, guards.is_approved_by_legal),
        (
            guards.rests_on_something,
            guards.is_the_approved_draft,
            guards.promises_within_reason,
            guards.refunds_what_was_paid,
            guards.shows_what_is_there,
        ),
    ),
    Action.ACCEPT_PLAN: Deed(_accept_plan),
    Action.OBJECT_TO_PLAN: Deed(_simply(lambda it: events.PlanObjectedTo(feedback=it))),
    Action.REQUEST_REVIEW: Deed(_request_review, (guards.can_be_reviewed,)),
    Action.WITHDRAW: Deed(_simply(lambda it: events.ComplaintWithdrawn(withdrawal=it))),
    Action.REOPEN: Deed(_reopen, (guards.can_be_reopened,)),
    Action.MERGE: Deed(_simply(lambda it: events.ComplaintMerged(merger=it)), fits=(guards.is_merged_into_another,)),
    Action.UNDO_MERGER: Deed(_undo_merger, (guards.is_merged_and_not_over,)),
    Action.ASSIGN: Deed(_assign, fits=(guards.may_be_given_it,)),
    Action.CALL: Deed(safety.call),
    Action.TRIAGE: Deed(safety.triage, fits=(guards.changes_the_tier,)),
    Action.ASSESS_SAFETY: Deed(_assess_safety),
    Action.TELL_AUTHORITY: Deed(safety.report, (guards.tells_within_reason,)),
    Action.TAKE_INTERIM_MEASURE: Deed(safety.take_measure),
    Action.NOTE: Deed(_simply(lambda it: events.NoteAdded(note=it))),
    Action.UPDATE_DELIVERY: Deed(_simply(lambda it: events.DeliveryUpdated(update=it))),
    Action.RETRACT_NOTE: Deed(
        _simply(lambda it: events.NoteRetracted(retraction=it)),
        (guards.takes_back_within_reason,),
        (guards.may_retract_note,),
    ),
    Action.RETRACT_EVIDENCE: Deed(
        _retract_evidence,
        (guards.may_retract_evidence,),
        about=lambda complaint: [one.evidence_id for one in complaint.evidence_files],
    ),
    Action.REPLACE_LINK: Deed(_simply(lambda it: events.LinkReplaced(sent=it.send))),
    Action.CORRECT_CONTACT: Deed(_simply(lambda it: events.ContactCorrected(correction=it))),
    Action.VIEW_CONTACT: Deed(_simply(lambda it: events.ContactViewed(view=it))),
    Action.ASK: Deed(_ask_department, (guards.asks_within_reason,)),
    Action.ANSWER_INQUIRY: Deed(
        _answer_inquiry,
        (guards.is_asked_and_open,),
        about=lambda complaint: [one.inquiry_id for one in complaint.inquiries],
    ),
    Action.ADD_EVIDENCE: Deed(_offer_evidence, (guards.has_room_for_evidence,)),
    Action.DRAFT_PLAN: Deed(
        _draft_plan,
        (guards.is_another_person,),
        (
            guards.rests_on_something,
            guards.promises_within_reason,
            guards.refunds_what_was_paid,
            guards.shows_what_is_there,
        ),
    ),
    Action.REVIEW: Deed(_review, (guards.has_a_draft,), (guards.is_of_the_newest_draft,)),
    Action.REQUEST_INFORMATION: Deed(_request_information, (guards.has_no_open_request,)),
    Action.GIVE_INFORMATION: Deed(_give_information),
    Action.READ_INFORMATION: Deed(_read_information, (guards.has_words_to_read,)),
    Action.ANSWER_SURVEY: Deed(
        surveys.answer, (guards.did_not_take_part, guards.is_asked), (guards.phone_is_of_staff,)
    ),
    Action.DECLINE_SURVEY: Deed(
        surveys.decline, (guards.did_not_take_part, guards.can_be_declined), (guards.phone_is_of_staff,)
    ),
    Action.REVIEW_SURVEY: Deed(surveys.review, (guards.has_a_low_answer, guards.did_not_decide)),
    Action.STATE: Deed(heard.state, (guards.is_heard,), about=_heard_about),
    Action.DECIDE: Deed(heard.decide, (guards.is_heard,), about=_heard_about),
    Action.OBJECT: Deed(heard.object_to, (guards.is_heard,), about=_heard_about),
    Action.EXTEND: Deed(_extend, (guards.can_be_extended,), (guards.ends_after_now,)),
    Action.COMPLETE_FOLLOW_UP: Deed(
        _complete_follow_up,
        (guards.is_promised_and_not_done,),
        about=lambda complaint: [str(one.number) for one in complaint.follow_ups],
    ),
}
"""What each action leads to."""
ABOUT_A_PART = frozenset({Action.RETRACT_NOTE, *(action for action, deed in DEEDS.items() if deed.about is not _none)})
"""What is about one of the parts of a complaint, or about one of its notes."""

if undone := set(LIFECYCLE.actions) - BY_OTHERS ^ set(DEEDS):
    raise ValueError(f"each action has a row of what follows from it, these do not fit: {sorted(undone)}")
