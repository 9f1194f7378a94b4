"""What follows from what is handed in about an audit: `drafted`, `decide`, and a row of `DEEDS` for each kind.

What the house finds out by itself is below: whoever was to be told was not reached.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any, NamedTuple

from chalicelib.domain.audit import audit, auditors, clocks, guards, sampling, standing
from chalicelib.domain.audit import audit as events
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Audit, Drawn, FrozenScope, Stage
from chalicelib.domain.audit.clauses import CLAUSES
from chalicelib.domain.audit.evolution import evolve
from chalicelib.domain.audit.guards import Occasion
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault, Forbidden, Invalid, NotAllowed, Refusal
from chalicelib.domain.ground.people import HOUSE, Actor, Role
from chalicelib.domain.ground.record import GENESIS, ClockSetting, Event, NewStage, Submission
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import improvement

NONCE = re.compile(r"[0-9a-f]{64}")
LONGEST_WAIVER = timedelta(days=366)


class Deed(NamedTuple):
    """What happens. `into`: another stage than the row of the lifecycle leads to first; `clock`: of the new stage."""

    events: tuple[Event, ...]
    into: Stage | None = None
    clock: ClockSetting | None = None


def quarter(period: str) -> tuple[date, date]:
    """The first and the last day of "2026Q4"."""
    year, number = int(period[:4]), int(period[5:])
    first = date(year, 3 * number - 2, 1)
    return first, (first + timedelta(days=92)).replace(day=1) - timedelta(days=1)


def nonce_hash(nonce: str) -> str:
    """What the draft's entry has of the nonce: the SHA-256 of its 64 hexadecimal digits, as ASCII."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()


def drafted(name: str, handed_in: audit.DraftAudit, nonce: str, actor: Actor, now: datetime, policy: Policy) -> Entry:
    """The first entry of an audit. `nonce`: 64 hexadecimal digits, drawn by chance, to be kept apart until the sample.

    Raises Forbidden (also for who belongs to an audited department), and Invalid for a period that has not begun;
    ValueError for a nonce that is none.
    """
    if not NONCE.fullmatch(nonce):
        raise ValueError("a nonce has 64 hexadecimal digits")
    step = LIFECYCLE.step(None, Action.DRAFT, actor)
    scope = FrozenScope(**{one: tuple(dict.fromkeys(listed)) for one, listed in handed_in.scope})
    guards.require_outside(actor, scope)
    first, last = quarter(handed_in.period)
    if first > now.astimezone(policy.zone).date():
        raise Invalid([FieldFault("period", "period_not_begun")])
    said = handed_in.model_dump(exclude={"scope"})
    event = events.AuditDrafted(**said, first=first, last=last, scope=scope, nonce_hash=nonce_hash(nonce))
    return chain.link(name, 1, GENESIS, event, actor, now, NewStage(stage=step.target))


def decide(
    state: Audit, handed_in: Submission, actor: Actor, now: datetime, policy: Policy, part: str | None = None
) -> list[Entry]:
    """What follows from something that is handed in. What is due by now is raised first, and alone. `part`: the number
    of the finding (or of the measure) that it is about, or the complaint's id of the item.

    Where a row of `DEEDS` takes what the house knows beside (`audit.FrozenSample` for `DrawSample`), the caller has
    found it. Raises NotAllowed, Forbidden, NotFound, Invalid.
    """
    if due := clocks.due_alarms(state, now, policy):
        return due
    action = Action(handed_in.action)
    step = guards.step(state, action, actor)
    at = Occasion(state, actor, now, policy, part)
    for guard in guards.GUARDS.get(action, ()):
        guard(at)
    deed = DEEDS[type(handed_in)](at, handed_in)
    target = step.to(deed.into or step.target)
    enters = NewStage(stage=target, clock=deed.clock) if target != state.stage else None
    return chain.linked(state.audit_id, state, deed.events, actor, now, enters)


def may(state: Audit, actor: Actor, now: datetime, policy: Policy) -> list[Action]:
    """What somebody may do about it now, as far as that can be said before they hand anything in: about the whole, or
    about any of its items, findings and measures."""
    state = reduce(evolve, clocks.due_alarms(state, now, policy), state)
    return [
        action
        for action in _of_role(state, actor)
        if any(
            guards.passes(action, Occasion(state, actor, now, policy, one)) for one in guards.parts_of(state, action)
        )
    ]


def may_about(
    state: Audit, part: str | int, among: Collection[Action], actor: Actor, now: datetime, policy: Policy
) -> list[Action]:
    """The same about one finding (`among`: `guards.OF_FINDINGS`), one item (`OF_ITEMS`) or measure (`OF_MEASURES`)."""
    state = reduce(evolve, clocks.due_alarms(state, now, policy), state)
    at = Occasion(state, actor, now, policy, str(part))
    return [action for action in _of_role(state, actor) if action in among and guards.passes(action, at)]


def refused_about(state: Audit, number: int, actor: Actor, now: datetime, policy: Policy) -> dict[Action, Refusal]:
    """What would be the next step about a finding and is not to be done yet, or not by them, and why: to those whom
    it is open to at all."""
    state = reduce(evolve, clocks.due_alarms(state, now, policy), state)
    at, found = Occasion(state, actor, now, policy, str(number)), {}
    for action in _of_role(state, actor):
        if at.finding.state in guards.NEXT_OF_FINDINGS.get(action, ()) and (why := guards.refusal(action, at)):
            found[action] = why
    return {action: why for action, why in found.items() if why.reason not in guards.NOT_THEIRS}


def _of_role(state: Audit, actor: Actor) -> Iterable[Action]:
    for action in guards.allowed(state):
        try:
            guards.step(state, action, actor)
        except Refusal:
            continue
        yield action


# ---- plan and sample -------------------------------------------------------------------------------------------------


def _approve(at: Occasion, said: audit.ApproveAudit) -> Deed:
    if said.approved:
        return Deed((events.AuditApproved(reasons=said.reasons),))
    assert said.reasons  # noqa: S101 — whoever refuses it says why
    return Deed((events.AuditRefused(reasons=said.reasons),), Stage.CANCELLED)


def _cancel(at: Occasion, said: audit.CancelAudit) -> Deed:
    return Deed((events.AuditCancelled(reason=said.reason),))


def _draw(at: Occasion, drawn: audit.FrozenSample) -> Deed:
    """Raises ValueError for a nonce that is not the one of the draft, and a seed that does not follow from it."""
    if nonce_hash(drawn.nonce) != at.state.nonce_hash:
        raise ValueError("the nonce is not the one that the draft has the hash of")
    if drawn.seed != sampling.seed_of(drawn.population_hash, at.state.audit_id, drawn.nonce):
        raise ValueError("the seed does not follow from population, name and nonce")
    if not drawn.population:
        raise NotAllowed("population_empty", guards.allowed(at.state))
    items = auditors.given_out(drawn.items, drawn.auditors, drawn.acted)
    said = drawn.model_dump(include=set(events.SampleDrawn.model_fields) - {"items"})
    return Deed((events.SampleDrawn(**said, items=items),))


def _pick(at: Occasion, pick: audit.FoundPick) -> Deed:
    if at.state.item(pick.complaint_id):
        raise NotAllowed("item_known", guards.allowed(at.state))
    auditor = auditors.lightest(at.state, pick.auditors, pick.acted)
    item = Drawn(complaint_id=pick.complaint_id, stratum=audit.PICKED, auditor=auditor)
    return Deed((events.ItemPicked(item=item, reason=pick.reason),))


def _hand_over(at: Occasion, it: audit.FoundHandOver) -> Deed:
    item = at.item
    if it.to is not None:
        _check_recipient(at, it)
    to = it.to or auditors.lightest(at.state, it.auditors, (*it.acted, item.auditor or ""))
    if to is None and item.auditor is None:
        raise NotAllowed("nobody_left", guards.allowed(at.state))
    event = events.ItemHandedOver(complaint_id=item.complaint_id, of=item.auditor, to=to, reason=it.reason)
    return Deed((event,))


def _check_recipient(at: Occasion, it: audit.FoundHandOver) -> None:
    if fault := next(_faults_of_recipient(at, it), None):
        raise Invalid([fault])


def _faults_of_recipient(at: Occasion, it: audit.FoundHandOver) -> Iterator[FieldFault]:
    """It goes to an auditor; or to whomever management names, of no audited department."""
    if not it.groups:
        yield FieldFault("to", "not_of_staff")
    if auditors.belongs(it.groups, at.state.scope):
        yield FieldFault("to", "of_audited_department")
    if (among := auditors.recipients(at.actor)) and not {*among} & {*it.groups}:
        yield FieldFault("to", "not_an_auditor")
    if it.to in it.acted:
        yield FieldFault("to", "acted_in_it")
    if it.to == at.item.auditor:
        yield FieldFault("to", "has_it_already")


def _examine(at: Occasion, found: audit.Examination) -> Deed:
    if at.actor.id in found.acted:
        raise Forbidden("acted_in_complaint")
    answers = {
        question: events.JudgedAnswer(**answer.model_dump(exclude_none=True))
        for question, answer in found.answers.items()
    }
    rules = {"broken": found.broken, "undecided": found.undecided, "erased": found.erased}
    return Deed((events.ItemExamined(complaint_id=at.item.complaint_id, answers=answers, **rules),))


# ---- report ----------------------------------------------------------------------------------------------------------


def _report(at: Occasion, said: audit.CountedReport) -> Deed:
    size, deviating = standing.counted(at.state)
    event = events.AuditReported(
        departments=at.state.scope.departments,
        conclusion=said.conclusion,
        size=size,
        deviating=deviating,
        limit=said.limit,
        supported=standing.is_supported(said.limit, at.state),
        hash=said.hash,
    )
    return Deed((event,), clock=clocks.comments(at.now, at.policy))


def _comment(at: Occasion, said: audit.CommentAudit) -> Deed:
    return Deed((events.AuditCommented(text=said.text),))


def _publish(at: Occasion, said: audit.HashedPublication) -> Deed:
    conclusion = said.conclusion or at.state.conclusion or ""
    return Deed((events.AuditPublished(edition=1, conclusion=conclusion, hash=said.hash),))


def _correct(at: Occasion, said: audit.HashedCorrection) -> Deed:
    edition = len(at.state.editions) + 1
    return Deed((events.AuditCorrected(edition=edition, **said.model_dump()),))


def _close(at: Occasion, said: audit.CloseAudit) -> Deed:
    return Deed((events.AuditClosed(),))


# ---- findings --------------------------------------------------------------------------------------------------------


def _raise(at: Occasion, found: audit.FoundFinding) -> Deed:
    """With whoever has to answer for it, in one."""
    _check_finding(at, found)
    number, today = len(at.state.findings) + 1, at.now.astimezone(at.policy.zone).date()
    repeats = standing.repeated(found.earlier, at.state, today, at.policy)
    severity = standing.a_class_up(found.severity) if repeats else found.severity
    event = events.FindingRaised(
        **found.model_dump(include={"clause", "what", "department", "owner"}),
        number=number,
        severity=severity,
        items=tuple(dict.fromkeys(found.items)),
        repeats=f"{repeats.audit} {repeats.number}" if repeats else None,
        clock=clocks.correction(number, severity, at.now, at.policy),
    )
    if found.answers_for is None:
        return Deed((event,))
    sets = clocks.of_hearing(at.now, at.policy)
    return Deed((event, hearings.opened(number, found.answers_for, found.hints, sets)))


def _check_finding(at: Occasion, found: audit.FoundFinding) -> None:
    faults = list(_faults_of_owner(found.owner, found.owner_groups, found.department, at.actor.id))
    if found.answers_for and not found.answering_groups:
        faults.append(FieldFault("answers_for", "not_of_staff"))
    if found.clause not in CLAUSES:
        faults.append(FieldFault("clause", "clause_unknown"))
    if found.answers_for == at.actor.id:
        faults.append(FieldFault("answers_for", "is_the_author"))
    faults += [
        FieldFault(f"items.{index}", "not_in_sample")
        for index, one in enumerate(found.items)
        if at.state.item(one) is None
    ]
    if faults:
        raise Invalid(faults)


def _faults_of_owner(owner: str, groups: Collection[Role], department: Role, author: str) -> Iterable[FieldFault]:
    """Whoever corrects it works in that department, and has not raised it: then nobody would look at it but they."""
    if not groups:
        yield FieldFault("owner", "not_of_staff")
    elif department not in groups:
        yield FieldFault("owner", "not_of_department", {"department": str(department)})
    elif owner == author:
        yield FieldFault("owner", "is_the_author")


def _drop(at: Occasion, said: audit.DropFinding) -> Deed:
    """Its clocks end, those of its measures, and of who had to answer for it."""
    number = at.finding.number
    hearing = hearings.of(at.state.hearings, number)
    stops = clocks.of_finding(at.state, number)
    stops += tuple(one.clock for one in standing.measures_left(at.state, number))
    stops += (hearing.clock,) if hearing and hearing.clock else ()
    return Deed((events.FindingDropped(number=number, reason=said.reason, stops=stops),))


def _plan(at: Occasion, plan: audit.PlanCorrection) -> Deed:
    """Measures are due before the finding is; where that is late already, or has no day, on any day."""
    finding = at.finding
    if finding.due_at and finding.due_at > at.now:
        _check_days(plan, (finding.due_at - timedelta(seconds=1)).astimezone(at.policy.zone).date())
    event = events.CorrectionPlanned(number=finding.number, correction=plan.correction, cause=plan.cause)
    measures = improvement.decided(
        plan.measures, at.state.measures, at.now, at.policy, finding.number, audit.MOST_MEASURES
    )
    return Deed((event, *measures))


def _check_days(plan: audit.PlanCorrection, last: date) -> None:
    faults = [
        FieldFault(f"measures.{index}.due", "after_finding_due", {"day": last.isoformat()})
        for index, one in enumerate(plan.measures)
        if one.due > last
    ]
    if faults:
        raise Invalid(faults)


def _complete(at: Occasion, said: audit.CompleteCorrection) -> Deed:
    number = at.finding.number
    event = events.CorrectionCompleted(
        number=number,
        evidence=said.evidence,
        stops=clocks.of_finding(at.state, number),
        clock=clocks.verification(number, at.now, at.policy),
    )
    return Deed((event,))


def _verify(at: Occasion, said: audit.VerifyCorrection) -> Deed:
    finding = at.finding
    anew = None if said.effective else clocks.correction(finding.number, finding.severity, at.now, at.policy)
    event = events.CorrectionVerified(
        number=finding.number,
        effective=said.effective,
        evidence=said.evidence,
        stops=clocks.of_finding(at.state, finding.number),
        clock=anew,
    )
    return Deed((event,))


def _waive(at: Occasion, said: audit.WaiveFinding) -> Deed:
    number, today = at.finding.number, at.now.astimezone(at.policy.zone).date()
    if not today < said.until <= today + LONGEST_WAIVER:
        raise Invalid([FieldFault("until", "day_passed" if said.until <= today else "day_too_far")])
    event = events.FindingWaived(
        number=number,
        reason=said.reason,
        until=said.until,
        stops=clocks.of_finding(at.state, number),
        clock=clocks.waiver(number, said.until, at.policy),
    )
    return Deed((event,))


def _reassign(at: Occasion, found: audit.FoundOwner) -> Deed:
    finding = at.finding
    faults = list(_faults_of_owner(found.owner, found.groups, finding.department, finding.by))
    if found.owner == finding.owner:
        faults = [FieldFault("owner", "has_it_already")]
    if faults:
        raise Invalid(faults)
    return Deed((events.FindingReassigned(number=finding.number, owner=found.owner, reason=found.reason),))


def _finish(at: Occasion, finished: improvement.Finished) -> Deed:
    return Deed((improvement.finished(at.state.measures, at.part, finished, at.actor),))


# ---- hearings --------------------------------------------------------------------------------------------------------


def _heard(decided: Callable[..., Event]) -> Callable[[Occasion, Any], Deed]:
    def deed(at: Occasion, said: Submission) -> Deed:
        hearing = hearings.of(at.state.hearings, at.part)
        return Deed((decided(hearing, said, clocks.of_hearing(at.now, at.policy)),))

    return deed


DEEDS: Mapping[type[Submission], Callable[[Occasion, Any], Deed]] = {
    audit.ApproveAudit: _approve,
    audit.CancelAudit: _cancel,
    audit.FrozenSample: _draw,
    audit.FoundPick: _pick,
    audit.FoundHandOver: _hand_over,
    audit.Examination: _examine,
    audit.FoundFinding: _raise,
    audit.DropFinding: _drop,
    audit.CountedReport: _report,
    audit.CommentAudit: _comment,
    audit.HashedPublication: _publish,
    audit.HashedCorrection: _correct,
    audit.PlanCorrection: _plan,
    audit.CompleteCorrection: _complete,
    audit.VerifyCorrection: _verify,
    audit.WaiveFinding: _waive,
    audit.FoundOwner: _reassign,
    improvement.Finished: _finish,
    hearings.Statement: _heard(hearings.stated),
    hearings.HearingDecision: _heard(hearings.decided),
    hearings.HearingObjection: _heard(hearings.objected),
    audit.CloseAudit: _close,
}


# ---- what the house finds out ----------------------------------------------------------------------------------------


def unreached(state: Audit, number: int, about: int, now: datetime) -> list[Entry]:
    """The owner of a finding could not be told of an entry; once."""
    finding = state.finding(number)
    if finding is None or about in finding.untold or not finding.is_open:
        return []
    return chain.linked(state.audit_id, state, [events.FindingOwnerUnreachable(number=number, about=about)], HOUSE, now)


def measure_unreached(state: Audit, number: int, about: int, now: datetime) -> list[Entry]:
    """The owner of a measure could not; once."""
    return chain.linked(state.audit_id, state, improvement.untold(state.measures, number, about), HOUSE, now)
