"""What must hold beside the stage and the role before something may be done. `DEEDS` says which guards an action has.

Each guard raises the refusal it stands for, which says what to do next; nothing has happened then. Those that take an
`Occasion` hold whatever is handed in, so it is known before; those that take an `Attempt` look at what is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.complaint import files, hearings, parts, submissions
from chalicelib.domain.complaint.clocks import extended, reopening_ends, review_until
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.pointers import Pointer, pointer
from chalicelib.domain.ground.errors import FieldFault, Forbidden, Invalid, NotAllowed, NotFound, PlanReplaced, Value
from chalicelib.domain.ground.lifecycle import Step
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.ladders import ASKING
from chalicelib.domain.vocabulary.stages import Stage

MOST_TASKS = 20  # open inquiries; and half of the promised measures that may be undone
MOST_RETRACTED = 100  # notes that were taken back: each stays in the record


@dataclass(frozen=True)
class Occasion:
    """Somebody could do something, as a row of the lifecycle allows (`step`).

    `part`: which inquiry, measure or file of the complaint it is about.
    """

    complaint: Complaint
    action: Action
    step: Step[Stage, Action]
    actor: Actor
    now: datetime
    policy: Policy
    part: str | None


@dataclass(frozen=True)
class Attempt(Occasion):
    """They are about to do it, with what they hand in."""

    submission: Any


def _refuse(occasion: Occasion, reason: str, /, **values: Value) -> NotAllowed:
    """The stage would allow it, something else does not: what the stage allows beside it is named."""
    others = [action for action in allowed(occasion.complaint) if action != occasion.action]
    return NotAllowed(reason, others, **values)


def allowed(complaint: Complaint) -> list[Action]:
    """What the stage allows; of mergers only what there is to undo, no reopening beside the other complaint, no review
    but of a plan that rejects, and of surveys what there is to answer or to look into. Of hearings nothing: whoever may
    know of one sees what is to be done where it stands."""
    together = complaint.merged_into is not None and complaint.other_closed_at is None
    without: tuple[Action, ...] = (Action.STATE, Action.DECIDE, Action.OBJECT)
    without += () if together else (Action.UNDO_MERGER,)
    without += (Action.REOPEN,) if together or complaint.other_agreed else ()
    without += () if complaint.rejection_to_review else (Action.REQUEST_REVIEW,)
    asked = complaint.survey is not None and complaint.survey.state in ("open", "answered")
    without += () if asked else (Action.ANSWER_SURVEY, Action.DECLINE_SURVEY)
    without += () if complaint.survey_to_review else (Action.REVIEW_SURVEY,)
    return [action for action in LIFECYCLE.allowed(complaint.stage) if action not in without]


def step_of(complaint: Complaint, action: Action, actor: Actor, now: datetime, policy: Policy) -> Step[Stage, Action]:
    """The row of the lifecycle. Raises Forbidden; or NotAllowed, which says where a merged complaint is handled."""
    try:
        return LIFECYCLE.step(complaint.stage, action, actor)
    except NotAllowed as refusal:
        merged = complaint.merged_into and not complaint.erased_at
        to = pointer(complaint, now, policy) if merged else Pointer(refusal.reason, refusal.values)
        if complaint.outcome and not merged:  # what has ended is called by how it did, never "closed" alone
            to = Pointer("end_forbids", {"outcome": str(complaint.outcome), "action": str(action)})
        raise NotAllowed(to.reason, allowed(complaint), **to.values) from None


def require_present_round(complaint: Complaint, submission: Submission) -> None:
    """Whatever the stage: an answer to the plan of another round is not taken for one to what is proposed now."""
    if not isinstance(submission, submissions.Feedback | submissions.ReviewRequest):
        return
    if submission.round not in (None, complaint.round):
        answered = int(submission.round or 0)
        raise PlanReplaced("plan_of_another_round", allowed(complaint), answered=answered, round=complaint.round)


def require_words(complaint: Complaint) -> None:
    """Whatever the stage allows: without its words nothing can be done about a complaint any more."""
    if complaint.erased_at:
        raise NotAllowed("words_erased", [])


def require_end(complaint: Complaint) -> None:
    """Words are needed while a complaint is open, and while anything promised is still to be done."""
    others = allowed(complaint)
    if not complaint.closed_at:
        raise NotAllowed("complaint_open", others)
    if running := [clock.name for clock in complaint.clocks if clock.ladder not in ASKING]:
        raise NotAllowed("clocks_running", others, clocks=running)


def needed_in_report(policy: Policy) -> tuple[str, ...]:
    """6.1: verdict and cause, where the policy says so."""
    return ("verdict", "cause_code") if policy.coded_facts else ()


def says_what_was_found(attempt: Attempt) -> None:
    """6.1: what the policy needs is there; a cause is one of the list that is in force now."""
    report: submissions.InvestigationReport = attempt.submission
    faults = [
        FieldFault(name, "needed_by_policy", {"version": attempt.policy.version})
        for name in needed_in_report(attempt.policy)
        if getattr(report, name) is None
    ]
    if report.cause_code and report.cause_code not in attempt.policy.operating.causes:
        faults.append(FieldFault("cause_code", "unknown_cause"))
    if faults:
        raise Invalid(faults)


def rests_on_something(attempt: Attempt) -> None:
    """3.3: whoever is refused what they asked is told by which law or clause, where the policy says so."""
    plan: submissions.ResolutionPlan = attempt.submission
    if attempt.policy.coded_facts and plan.rejects_request and not plan.basis:
        raise Invalid([FieldFault("basis", "rejection_without_basis", {"version": attempt.policy.version})])


def completed(attempt: Attempt) -> submissions.ResolutionPlan:
    """The plan that is handed in, saying what it leaves to be understood."""
    plan: submissions.ResolutionPlan = attempt.submission
    return plan.completed(attempt.complaint.requested_remedy, attempt.policy.version)


def cites_known_evidence(attempt: Attempt) -> None:
    report: submissions.InvestigationReport = attempt.submission
    complaint = attempt.complaint
    known = {file.evidence_id for file in complaint.evidence} | {file.evidence_id for file in complaint.taken_files}
    faults = [
        FieldFault(f"evidence.{n}", "unknown_evidence")
        for n, evidence_id in enumerate(report.evidence)
        if evidence_id not in known
    ]
    if faults:
        raise Invalid(faults)


def waits_for_inquiries(attempt: Attempt) -> None:
    """4.2b: open inquiries block a report, unless it says why it goes without their answers."""
    report: submissions.InvestigationReport = attempt.submission
    still_open = attempt.complaint.open_inquiries
    if still_open and report.without_inquiries is None:
        raise _refuse(
            attempt,
            "inquiries_open",
            inquiries=[inquiry.inquiry_id for inquiry in still_open],
            departments=list(dict.fromkeys(inquiry.department for inquiry in still_open)),
        )


def asks_within_reason(occasion: Occasion) -> None:
    """Every open inquiry is written with each change of the complaint, and a transaction has an end."""
    if len(occasion.complaint.open_inquiries) >= MOST_TASKS:
        raise _refuse(occasion, "most_inquiries_open", most=MOST_TASKS)


def promises_within_reason(attempt: Attempt) -> None:
    plan: submissions.ResolutionPlan = attempt.submission
    undone = sum(measure.done_at is None for measure in attempt.complaint.follow_ups)
    if undone + len(plan.follow_up_measures) > 2 * MOST_TASKS:
        raise _refuse(attempt, "measures_undone", undone=undone)


def refunds_what_was_paid(attempt: Attempt) -> None:
    """What is refunded beyond the verified order is more often a slip of the pen than meant: that is said."""
    plan: submissions.ResolutionPlan = attempt.submission
    facts = attempt.complaint.order_check and attempt.complaint.order_check.facts
    paid = facts.sums if facts else None
    if paid is None or plan.amount_reason:
        return
    beyond = [(code, amount) for code, amount in plan.refunds.items() if amount > paid.get(code, 0)]
    if beyond:
        asked, known = ([f"{amount} {code}" for code, amount in one] for one in (beyond, paid.items()))
        raise Invalid([FieldFault("amount_reason", "refund_beyond_order", {"refunded": asked, "paid": known})])


def has_a_draft(occasion: Occasion) -> None:
    if occasion.complaint.plan_draft is None:
        raise _refuse(occasion, "draft_missing")


def is_of_the_newest_draft(attempt: Attempt) -> None:
    """5.4: legal's word is of a text that legal has read."""
    review: submissions.LegalReview = attempt.submission
    draft = attempt.complaint.plan_draft
    if draft and review.draft not in (None, draft.number):
        raise _refuse(attempt, "draft_replaced", draft=draft.number, drafted_by=draft.drafted_by)


def is_approved_by_legal(occasion: Occasion) -> None:
    """5.4: where law is involved, legal has read the draft of a plan, and approved it."""
    if occasion.complaint.legal_issue and not occasion.complaint.legally_approved:
        raise _refuse(occasion, "legal_must_approve")


def is_the_approved_draft(attempt: Attempt) -> None:
    """5.4: and the plan is that draft to the letter."""
    complaint, plan, draft = attempt.complaint, completed(attempt), attempt.complaint.plan_draft
    if draft is None or not complaint.legal_issue:
        return
    read = draft.plan.completed(complaint.requested_remedy, attempt.policy.version)
    proposed, approved = (one.model_dump(mode="json") for one in (plan, read))
    if different := [name for name in proposed if proposed[name] != approved[name]]:
        raise _refuse(attempt, "not_the_approved_draft", draft=draft.number, fields=different)


def is_asked_and_open(occasion: Occasion) -> None:
    """5.2 to 5.4: the department that was asked answers, once."""
    inquiry = next((one for one in occasion.complaint.inquiries if one.inquiry_id == occasion.part), None)
    if inquiry is None:
        raise NotFound("inquiry_unknown")
    if inquiry.department not in occasion.actor.roles:
        raise Forbidden("inquiry_of_another", department=inquiry.department)
    if inquiry.status != "open":
        raise _refuse(occasion, "inquiry_over", status=inquiry.status)


def has_room_for_evidence(occasion: Occasion) -> None:
    """20 files of each party; one that was offered and never came takes no place once its form has expired."""
    of = files.party(occasion.actor)
    there = files.with_a_place(occasion.complaint, of, occasion.now, occasion.policy)
    if len(there) < files.MOST_FILES:
        return
    begun = sum(file.status == "offered" for file in there)
    if begun:
        raise _refuse(occasion, "files_full_for_now", party=of, most=files.MOST_FILES, begun=begun)
    raise _refuse(occasion, "files_full", party=of, most=files.MOST_FILES)


def takes_back_within_reason(occasion: Occasion) -> None:
    if len(occasion.complaint.retracted) >= MOST_RETRACTED:
        raise _refuse(occasion, "most_notes_taken_back", most=MOST_RETRACTED)


def may_retract_note(attempt: Attempt) -> None:
    """That it is a public note is for whoever has read the entry to see to."""
    it: submissions.NoteRetraction = attempt.submission
    _require_author(attempt, it.author)
    if it.note in [note for note, _ in attempt.complaint.retracted]:
        raise _refuse(attempt, "note_taken_back")


def may_retract_evidence(occasion: Occasion) -> None:
    """Files that are there: those that the consumer sees, and what a member of staff added."""
    file = next((one for one in occasion.complaint.evidence_files if one.evidence_id == occasion.part), None)
    if file is None:
        raise NotFound("file_unknown")
    _require_author(occasion, file.sent_by)
    if file.status != "received":
        raise _refuse(occasion, "file_not_shown", status=file.status)
    if file.added_by == "system":
        raise _refuse(occasion, "file_of_order_system")
    if file.retracted:
        raise _refuse(occasion, "file_taken_back")


def _require_author(occasion: Occasion, author: str | None) -> None:
    """What somebody has shown by mistake, they or a supervisor take back."""
    if occasion.actor.id != author and Role.SUPERVISOR not in occasion.actor.roles:
        raise Forbidden("author_only")


def changes_the_tier(attempt: Attempt) -> None:
    """By hand into the tier that it is in already: somebody has looked into it. Where a call or an assessment is asked
    for, nothing else does."""
    it: submissions.Triage = attempt.submission
    safety = attempt.complaint.safety
    if it.tier == (safety.tier if safety else "none") and it.tier in ("none", "act"):
        raise _refuse(attempt, "in_tier_already", tier=it.tier)


def tells_within_reason(occasion: Occasion) -> None:
    safety = occasion.complaint.safety
    if safety and len(safety.reports) >= MOST_TASKS:
        raise _refuse(occasion, "most_authorities_told", most=MOST_TASKS)


def has_no_open_request(occasion: Occasion) -> None:
    if open_request := occasion.complaint.open_request:
        raise _refuse(occasion, "request_open", request=open_request.request_id)


def has_words_to_read(occasion: Occasion) -> None:
    if not occasion.complaint.words_clock:
        raise _refuse(occasion, "nothing_to_read")


def can_be_extended(occasion: Occasion) -> None:
    """Once a stage, and not while its clock stands still."""
    clock = occasion.complaint.stage_clock
    if occasion.complaint.extended:
        raise _refuse(occasion, "extended_already")
    if clock and clock.waiting_since:
        raise _refuse(occasion, "waits_for_reading" if occasion.complaint.words_clock else "waits_for_answer")


def ends_after_now(attempt: Attempt) -> None:
    clock, days = attempt.complaint.stage_clock, attempt.submission.working_days
    if clock and extended(clock, days, attempt.complaint, attempt.policy).at <= attempt.now:
        raise Invalid([FieldFault("working_days", "due_in_the_past")])


def can_be_reviewed(occasion: Occasion) -> None:
    """A plan that rejects can be reviewed once, while it is awaited and for the policy's days after it has closed the
    complaint. Whoever is merged into another has none of their own."""
    complaint, policy = occasion.complaint, occasion.policy
    if complaint.merged_into:
        to = pointer(complaint, occasion.now, policy)
        raise _refuse(occasion, to.reason, **to.values)
    if complaint.review_requested_at:
        raise _refuse(occasion, "review_requested_already")
    if not complaint.rejection_to_review:
        raise _refuse(occasion, "no_rejection_to_review")
    if review_until(complaint, occasion.now, policy) is None:
        raise _refuse(occasion, "review_too_late", days=policy.review_days)


def is_another_person(occasion: Occasion) -> None:
    """Who proposed a plan before the review proposes none any more, nor drafts one for others to propose; unless a
    supervisor has taken it, since there was nobody else."""
    name = occasion.actor.id
    if name in occasion.complaint.decided_before_review and name != occasion.complaint.assignee:
        raise _refuse(occasion, "another_person_decides")


def may_be_given_it(attempt: Attempt) -> None:
    """Nobody who is named in it, nor who decided what another person is to decide. Where it is left to the supervisor,
    since nobody else is there, one can take it."""
    name, complaint = attempt.submission.assignee, attempt.complaint
    takes_it = name == attempt.actor.id and Role.SUPERVISOR in attempt.actor.roles
    if name not in complaint.not_given_to or (takes_it and complaint.left_to_supervisor_at):
        return
    decided = name in complaint.decided_before_review
    raise Invalid([FieldFault("assignee", "decided_before" if decided else "named_in_it")])


def shows_what_is_there(attempt: Attempt) -> None:
    """What the consumer is to see with the plan is a file of this very complaint, that is there and was not taken back;
    the order system's answer is shown to no consumer, and other complaints' files are others'."""
    plan: submissions.ResolutionPlan = attempt.submission
    there = {one.evidence_id: one for one in attempt.complaint.evidence}
    faults = []
    for n, evidence_id in enumerate(plan.evidence):
        file = there.get(evidence_id)
        if file is None:
            faults.append(FieldFault(f"evidence.{n}", "no_such_file"))
        elif file.added_by == "system":
            faults.append(FieldFault(f"evidence.{n}", "of_order_system"))
        elif file.retracted:
            faults.append(FieldFault(f"evidence.{n}", "taken_back"))
    if faults:
        raise Invalid(faults)


def is_promised_and_not_done(occasion: Occasion) -> None:
    measure = next((one for one in occasion.complaint.follow_ups if str(one.number) == occasion.part), None)
    if measure is None:
        raise NotFound("measure_unknown")
    if measure.done_at:
        raise _refuse(occasion, "measure_done")


def can_be_reopened(occasion: Occasion) -> None:
    """Within the policy's days after the closure, and so many times; then a supervisor decides.

    A merged complaint is handled together with the other one while that is open; then it has these days from its
    closure. Whoever accepted that one's plan has agreed to it for both: theirs is that one to reopen.
    """
    complaint, policy = occasion.complaint, occasion.policy
    merged = pointer(complaint, occasion.now, policy) if complaint.merged_into else None
    if merged and (complaint.other_closed_at is None or complaint.other_agreed):
        raise _refuse(occasion, merged.reason, **merged.values)
    ends = reopening_ends(complaint, policy)
    if ends and occasion.now >= ends:
        late = merged or Pointer("reopening_too_late", {"days": policy.reopening_days})
        raise _refuse(occasion, late.reason, **late.values)
    if complaint.reopened >= policy.reopenings and Role.SUPERVISOR not in occasion.actor.roles:
        often = merged or Pointer("reopened_too_often", {"times": complaint.reopened})
        raise _refuse(occasion, often.reason, **often.values)


def is_merged_into_another(attempt: Attempt) -> None:
    merger: submissions.Merger = attempt.submission
    if merger.into == attempt.complaint.complaint_id:
        raise Invalid([FieldFault("into", "is_itself")])


def is_merged_and_not_over(occasion: Occasion) -> None:
    """That the other one is open at the very moment is for whoever saves it to see to."""
    complaint = occasion.complaint
    if not complaint.merged:
        raise _refuse(occasion, "not_merged")
    if complaint.other_closed_at:
        raise over(complaint)


def over(complaint: Complaint) -> NotAllowed:
    """The refusal to undo a merger that has come to its end."""
    others = [action for action in LIFECYCLE.allowed(complaint.stage) if action != Action.UNDO_MERGER]
    return NotAllowed("merger_over", others)


# ---- the survey (6.2) ------------------------------------------------------------------------------------------------


def did_not_take_part(occasion: Occasion) -> None:
    """On the phone the consumer is asked by somebody whom their answer does not measure."""
    if occasion.actor.kind == "staff" and occasion.complaint.is_measured(occasion.actor.id):
        raise Forbidden("took_part")


def is_asked(occasion: Occasion) -> None:
    """Once they have been asked, until their time is over; an answer can be changed for some hours. What consumers
    have answered themselves, nobody else changes."""
    survey = _asked(occasion)
    until = changeable_until(survey, occasion.policy)
    if until and occasion.now >= until:
        raise _refuse(occasion, "survey_answered", hours=occasion.policy.survey.change_hours)
    if survey.state not in ("open", "answered"):
        raise _refuse(occasion, "survey_over")
    if survey.answer and not survey.by_phone and occasion.actor.kind == "staff":
        raise _refuse(occasion, "survey_answered_themselves")


def changeable_until(survey: parts.Survey, policy: Policy) -> datetime | None:
    """Until when an answer can be changed; None where there is none to change: declined since, or void."""
    if survey.state != "answered" or survey.answered_at is None:
        return None
    return survey.answered_at + timedelta(hours=policy.survey.change_hours)


def can_be_declined(occasion: Occasion) -> None:
    """Whoever is or was asked can say that they want not to be, whether they have answered or not."""
    if _asked(occasion).state not in ("open", "answered", "expired"):
        raise _refuse(occasion, "survey_over")


def _asked(occasion: Occasion) -> parts.Survey:
    """The survey of the last closure. Whoever is merged into another has none of their own."""
    complaint, survey = occasion.complaint, occasion.complaint.survey
    if complaint.merged_into:
        to = pointer(complaint, occasion.now, occasion.policy)
        raise _refuse(occasion, to.reason, **to.values)
    if survey is None:
        raise _refuse(occasion, "no_survey")
    if survey.state in ("planned", "due"):
        raise _refuse(occasion, "survey_not_yet")
    return survey


def phone_is_of_staff(attempt: Attempt) -> None:
    it: submissions.SurveyAnswer = attempt.submission
    if it.channel and attempt.actor.kind != "staff":
        raise Invalid([FieldFault("channel", "phone_answer_from_staff")])


def has_a_low_answer(occasion: Occasion) -> None:
    if occasion.complaint.survey_to_review is None:
        raise _refuse(occasion, "no_low_answer")


def did_not_decide(occasion: Occasion) -> None:
    """Nobody looks into what they did themselves."""
    if occasion.actor.id in occasion.complaint.decided_by:
        raise Forbidden("reviews_own_work")


def is_heard(occasion: Occasion) -> None:
    """8.3: who answers for a breach speaks, and objects; management decides which is another person."""
    others = allowed(occasion.complaint)
    hearings.require(occasion.complaint.hearings, occasion.part, occasion.action, occasion.actor, others)
