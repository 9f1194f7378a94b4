"""What is looked at of the plan and of what the consumer says to it (3.3, 4.3a to 4.4b, 5.4)."""

from collections.abc import Iterator

from chalicelib.domain.audit.evidence import A_DAY, Evidence, Moment, as_written, is_said
from chalicelib.domain.audit.verdicts import (
    NOT_APPLICABLE,
    Check,
    Verdict,
    broken,
    holds,
    together,
    undecided,
    whether,
)
from chalicelib.domain.audit.visits import in_time, is_told, tasks_in_time, visits
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.submissions import ResolutionPlan
from chalicelib.domain.ground.record import STAGE_CLOCK
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

OBJECTIONS = (events.PlanObjectedTo, events.ReviewRequested)


def says_why_it_rejects(evidence: Evidence) -> Verdict:
    """3.3: a rejection has its reasons, and what it rests on where the policy says so."""
    return together(
        verdict
        for one, event in evidence.of(events.PlanProposed)
        if event.plan.rejects_request
        for verdict in (
            whether(is_said(event.plan.reasons), one.seq),
            whether(bool(event.plan.basis) or not evidence.policy.coded_facts, one.seq),
        )
    )


def names_ways_outside(evidence: Evidence) -> Verdict:
    """3.3: and the notice of it names the ways outside."""
    return together(
        _names_them(evidence, one) for one, event in evidence.of(events.PlanProposed) if event.plan.rejects_request
    )


def _names_them(evidence: Evidence, one: Moment) -> Verdict:
    text = (evidence.texts or {}).get(one.seq)
    locale = one.after.locale
    wanted = (spoken.RECOURSE[locale], *(route[locale] for route in spoken.ROUTES))
    return whether(None if text is None else all(words in text for words in wanted), one.seq)


def is_decided_by_another(evidence: Evidence) -> Verdict:
    """3.3: after a request for review nobody proposes who did before it, unless nobody else is there."""
    return together(
        whether(name not in one.was.decided_before_review or name == one.was.assignee, one.seq)
        for one in evidence.happened(events.PlanProposed)
        if one.was.review_requested_at and (name := one.entry.actor.id)
    )


def has_parts(evidence: Evidence) -> Verdict:
    """4.3a: method, time needed and follow-up measures."""
    if evidence.complaint.outcome is Outcome.SATISFIED and not evidence.complaint.resolution_plans:
        return broken(evidence.closing.seq)
    return together(_has_parts(one, event.plan) for one, event in evidence.of(events.PlanProposed))


def _has_parts(one: Moment, plan: ResolutionPlan) -> Verdict:
    whole = bool(plan.methods and plan.follow_up_measures and plan.complete_within_days > 0)
    return whether(is_said(plan.summary, *plan.follow_up_measures) if whole else False, one.seq)


def is_followed_up(evidence: Evidence) -> Verdict:
    """4.3a: what was promised to follow is done in its time."""
    return tasks_in_time(
        evidence, [(one, event.clock) for one, event in evidence.of(events.FollowUpPromised, later=True)]
    )


def is_proposed_in_time(evidence: Evidence) -> Verdict:
    """4.3b"""
    return in_time([one for one in visits(evidence, Stage.PLANNING) if not isinstance(one.by, OBJECTIONS)])


def is_delivered(evidence: Evidence) -> Verdict:
    """4.3b: the consumer has it before they are reminded to answer it."""
    plans = evidence.happened(events.PlanProposed)
    return together(
        is_told(evidence, one, "plan", "adjusted_plan", by=next((at.entry.at for at in _nudges(evidence, one)), None))
        for one in plans
    )


def _nudges(evidence: Evidence, plan: Moment) -> Iterator[Moment]:
    """The reminders to answer a plan, until something ends that."""
    for one in evidence.moments[plan.seq :]:
        if one.entry.enters:
            return
        alarm = one.event.alarm if isinstance(one.event, events.ReminderRaised) else None
        if alarm and (alarm.kind, alarm.clock) == ("nudge", STAGE_CLOCK):
            yield one


def notes_the_call(evidence: Evidence) -> Verdict:
    """4.4a: who records an acceptance for the consumer has noted the call in which they gave it."""
    return together(
        _notes_it(evidence, one) for one in evidence.happened(events.PlanAccepted) if one.entry.actor.kind == "staff"
    )


def _notes_it(evidence: Evidence, accepted: Moment) -> Verdict:
    plans = [one.seq for one in evidence.moments[: accepted.seq] if isinstance(one.event, events.PlanProposed)]
    noted = [
        whether(is_said(one.event.call.note), one.seq)
        for one in evidence.moments[plans[-1] if plans else 0 :]
        if isinstance(one.event, events.ConsumerCalled)
        and one.event.call.about == "acceptance"
        and one.event.call.reached
        and one.entry.at <= accepted.entry.at + A_DAY
    ]
    young = evidence.now < accepted.entry.at + A_DAY
    if any(one.says == "holds" for one in noted):
        return holds(accepted.seq)
    return undecided(accepted.seq) if young or any(one.says == "undecided" for one in noted) else broken(accepted.seq)


def adjusts_plan(evidence: Evidence) -> Verdict:
    """4.4b: after an objection there is another plan, in its time, and it says something else."""
    left = [one for one in visits(evidence, Stage.PLANNING) if isinstance(one.by, OBJECTIONS)]
    proposed = [one.left for one in left if isinstance(one.left.event, events.PlanProposed)]
    return together([in_time(left), *(_differs(evidence, one) for one in proposed)])


def _differs(evidence: Evidence, one: Moment) -> Verdict:
    before, now = one.was.resolution_plans, one.after.resolution_plans
    if not before or as_written(before[-1].plan) != as_written(now[-1].plan):
        return holds(one.seq)
    return undecided(one.seq) if evidence.erased else broken(one.seq)


def is_reminded(evidence: Evidence) -> Verdict:
    """4.4b: silence closes nothing before the consumer was reminded as often as the policy says, twice as a rule."""
    if evidence.complaint.outcome is not Outcome.NO_RESPONSE:
        return NOT_APPLICABLE
    plan = next((one for one in reversed(evidence.span) if isinstance(one.event, events.PlanProposed)), None)
    nudges = [*_nudges(evidence, plan)] if plan else []
    wanted = sum(rung.kind == "nudge" for rung in evidence.policy.ladders[Stage.AWAITING_CONSUMER])
    if len(nudges) < wanted:
        return broken(evidence.closing.seq)
    return together(is_told(evidence, one, "answer_reminder") for one in nudges)


def is_read_by_legal(evidence: Evidence) -> Verdict:
    """5.4: where law is involved legal has approved the plan to the letter before it goes out."""
    return together(
        whether(_is_approved(one, event.plan), one.seq)
        for one, event in evidence.of(events.PlanProposed)
        if one.was.legal_issue
    )


def _is_approved(one: Moment, plan: ResolutionPlan) -> bool:
    draft = one.was.plan_draft
    return draft is not None and one.was.legally_approved and as_written(draft.plan) == as_written(plan)


CHECKS: dict[str, Check] = {
    "3.3-reasons": says_why_it_rejects,
    "3.3-routes": names_ways_outside,
    "3.3-another": is_decided_by_another,
    "4.3a-plan": has_parts,
    "4.3a-followed": is_followed_up,
    "4.3b-in_time": is_proposed_in_time,
    "4.3b-told": is_delivered,
    "4.4a-call": notes_the_call,
    "4.4b-adjusted": adjusts_plan,
    "4.4b-reminded": is_reminded,
    "5.4-legal": is_read_by_legal,
}
