"""What must hold beside stage and role before an audit goes on, whatever is handed in.

Views say beforehand what these refuse (`decisions.may`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import NamedTuple

from chalicelib.domain.audit import auditors, standing
from chalicelib.domain.audit.audit import (
    LIFECYCLE,
    MOST_COMMENTS,
    MOST_FINDINGS,
    MOST_PICKED,
    Action,
    Audit,
    Finding,
    FindingState,
    FrozenScope,
    Item,
    Stage,
)
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground.errors import Forbidden, NotAllowed, NotFound, Refusal
from chalicelib.domain.ground.lifecycle import Step
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import improvement

ALL_OF_IT = frozenset({Role.AUDIT, Role.MANAGEMENT})
"""Who reads all of an audit, its sample among it."""
VERIFIERS = frozenset({Role.AUDIT, Role.SUPERVISOR, Role.MANAGEMENT})


class Occasion(NamedTuple):
    """Something is done about an audit. `part`: the number of the finding or measure that it is about, or the
    complaint's id of the item."""

    state: Audit
    actor: Actor
    now: datetime
    policy: Policy
    part: str | None

    @property
    def finding(self) -> Finding:
        """Raises NotFound."""
        if found := self.state.finding(self.part):
            return found
        raise NotFound("finding_unknown")

    @property
    def item(self) -> Item:
        """Raises NotFound."""
        if found := self.state.item(self.part or ""):
            return found
        raise NotFound("item_unknown")


Guard = Callable[[Occasion], None]


def allowed(state: Audit) -> list[Action]:
    """What its stage allows, to whomever."""
    return LIFECYCLE.allowed(Stage(state.stage))


def step(state: Audit, action: Action, actor: Actor) -> Step[Stage, Action]:
    """The row of the lifecycle by which somebody does something now. Raises NotAllowed or Forbidden."""
    if action not in allowed(state):
        raise NotAllowed("audit_stage_forbids", allowed(state), audit_stage=state.stage)
    return LIFECYCLE.step(Stage(state.stage), action, actor)


def require_outside(actor: Actor, scope: FrozenScope) -> None:
    """Whoever belongs to an audited department is no auditor (6.3). Raises Forbidden."""
    if theirs := auditors.belongs(actor.groups, scope):
        raise Forbidden("belongs_to_audited", departments=[str(one) for one in theirs])


def _refuse(at: Occasion, reason: str, **values: str | int | list[str] | datetime) -> NotAllowed:
    return NotAllowed(reason, allowed(at.state), **values)


# ---- who -------------------------------------------------------------------------------------------------------------


def is_outside(at: Occasion) -> None:
    require_outside(at.actor, at.state.scope)


def is_outside_or_management(at: Occasion) -> None:
    if Role.MANAGEMENT not in at.actor.roles:
        is_outside(at)


def gives_up_or_is_outside(at: Occasion) -> None:
    """Whoever has an item gives it up, even if they belong to an audited department by now."""
    if at.item.auditor != at.actor.id:
        is_outside_or_management(at)


def approves_anothers(at: Occasion) -> None:
    """Four eyes: nobody approves what they drafted."""
    if at.actor.id == at.state.author:
        raise Forbidden("own_audit")


def has_the_item(at: Occasion) -> None:
    """To whoever reads no sample it is another's also where there is none: which complaints are in it they do not
    learn."""
    known = at.actor.roles & ALL_OF_IT or at.state.item(at.part or "")
    if not known or at.item.auditor != at.actor.id:
        raise Forbidden("item_of_another")


def owns_the_finding(at: Occasion) -> None:
    if at.finding.owner != at.actor.id:
        raise Forbidden("finding_of_another")


def waives_anothers(at: Occasion) -> None:
    if at.finding.owner == at.actor.id:
        raise Forbidden("own_finding")


def verifies_anothers(at: Occasion) -> None:
    """Another person than owner and author, and than who carried it out: of audit, or who leads."""
    if not at.actor.roles & VERIFIERS:
        raise Forbidden("role_not_open", roles=sorted(VERIFIERS), action=str(Action.VERIFY))
    if at.actor.id in (at.finding.owner, at.finding.by, at.finding.done_by):
        raise Forbidden("own_correction")
    if not at.actor.roles & (VERIFIERS - {Role.AUDIT}):
        is_outside(at)


# ---- whether ---------------------------------------------------------------------------------------------------------


def period_is_over(at: Occasion) -> None:
    if at.now.astimezone(at.policy.zone).date() <= at.state.last:
        raise _refuse(at, "period_not_over", period=at.state.period, day=at.state.last.isoformat())


def has_picks_left(at: Occasion) -> None:
    if sum(one.picked for one in at.state.items) >= MOST_PICKED:
        raise _refuse(at, "too_many_picked", most=MOST_PICKED)


def is_not_examined(at: Occasion) -> None:
    if at.item.examined_at:
        raise _refuse(at, "item_examined")


def is_all_examined(at: Occasion) -> None:
    if left := standing.left(at.state):
        refusal = _refuse(at, "items_left", count=len(left))
        refusal.extra["items"] = [one.complaint_id for one in left]
        raise refusal


def has_findings_left(at: Occasion) -> None:
    if len(at.state.findings) >= MOST_FINDINGS:
        raise _refuse(at, "too_many_findings", most=MOST_FINDINGS)


def has_comments_left(at: Occasion) -> None:
    if len(at.state.comments) >= MOST_COMMENTS:
        raise _refuse(at, "too_many_comments_of_audit", most=MOST_COMMENTS)


def finding_is(*states: FindingState) -> Guard:
    def guard(at: Occasion) -> None:
        if at.finding.state not in states:
            raise _refuse(at, "finding_state_forbids", number=at.finding.number, finding_state=at.finding.state)

    return guard


def measures_are_done(at: Occasion) -> None:
    if left := standing.measures_left(at.state, at.finding.number):
        numbers = [str(one.number) for one in left]
        raise _refuse(at, "measures_left", number=at.finding.number, measures=numbers)


def has_lasted(at: Occasion) -> None:
    """Nobody can say before 30 days whether it has helped."""
    first = standing.verifiable_from(at.finding, at.policy)
    if at.now.astimezone(at.policy.zone).date() < first:
        since = datetime.combine(first, time.min, at.policy.zone)
        raise _refuse(at, "too_early_to_verify", number=at.finding.number, day=since.date().isoformat())


def carries_it_out(at: Occasion) -> None:
    """A measure is done by its owner, or a supervisor; not one of a finding that was dropped."""
    one = improvement.finishing(at.state.measures, at.part, at.actor)
    finding = at.state.finding(one.finding)
    if finding and finding.state == "dropped":
        raise _refuse(at, "finding_state_forbids", number=finding.number, finding_state=finding.state)


def hearing_allows(action: Action) -> Guard:
    def guard(at: Occasion) -> None:
        hearings.require(at.state.hearings, at.part, action, at.actor, allowed(at.state))

    return guard


def is_answered(at: Occasion) -> None:
    if waiting := standing.unanswered(at.state):
        raise _refuse(at, "findings_open", findings=[str(one.number) for one in waiting])


_OPEN: tuple[FindingState, ...] = ("open", "planned")
_STANDS: tuple[FindingState, ...] = (*_OPEN, "done", "waived")
GUARDS: Mapping[Action, tuple[Guard, ...]] = {
    Action.APPROVE: (approves_anothers,),
    Action.CANCEL: (is_outside_or_management,),
    Action.DRAW: (is_outside, period_is_over),
    Action.PICK: (is_outside, has_picks_left),
    Action.HAND_OVER: (gives_up_or_is_outside, is_not_examined),
    Action.EXAMINE: (has_the_item, is_outside),
    Action.RAISE: (is_outside, has_findings_left),
    Action.DROP: (is_outside, finding_is(*_STANDS)),
    Action.REPORT: (is_outside, is_all_examined),
    Action.COMMENT: (has_comments_left,),
    Action.PUBLISH: (is_outside,),
    Action.CORRECT: (is_outside,),
    Action.PLAN: (owns_the_finding, finding_is(*_OPEN)),
    Action.COMPLETE: (owns_the_finding, finding_is("planned"), measures_are_done),
    Action.VERIFY: (verifies_anothers, finding_is("done"), has_lasted),
    Action.WAIVE: (waives_anothers, finding_is(*_OPEN)),
    Action.REASSIGN: (finding_is(*_STANDS),),
    Action.FINISH_MEASURE: (carries_it_out,),
    Action.STATE: (hearing_allows(Action.STATE),),
    Action.DECIDE: (hearing_allows(Action.DECIDE),),
    Action.OBJECT: (hearing_allows(Action.OBJECT),),
    Action.CLOSE: (is_outside, is_answered),
}

OF_ITEMS = frozenset({Action.HAND_OVER, Action.EXAMINE})
OF_MEASURES = frozenset({Action.FINISH_MEASURE})
OF_FINDINGS = frozenset(
    {
        *(Action.DROP, Action.PLAN, Action.COMPLETE, Action.VERIFY, Action.WAIVE, Action.REASSIGN),
        *(Action.STATE, Action.DECIDE, Action.OBJECT),
    }
)
"""What is done about one finding, its hearing among it."""


def parts_of(state: Audit, action: Action) -> Iterable[str | None]:
    """The parts that an action could be about; none of what is about the whole."""
    if action in OF_ITEMS:
        return [one.complaint_id for one in state.items]
    if action in OF_MEASURES:
        return [str(one.number) for one in state.measures if not one.done_at]
    if action in OF_FINDINGS:
        return [str(one.number) for one in state.findings]
    return [None]


NEXT_OF_FINDINGS: Mapping[Action, tuple[FindingState, ...]] = {
    Action.COMPLETE: ("planned",),
    Action.VERIFY: ("done",),
    Action.WAIVE: _OPEN,
}
"""In which of its states a step about a finding comes next."""
NOT_THEIRS = ("finding_of_another", "role_not_open")
"""Why something is refused to whomever it is no matter of."""


def refusal(action: Action, at: Occasion) -> Refusal | None:
    """Why a guard refuses it, if one does."""
    try:
        for guard in GUARDS.get(action, ()):
            guard(at)
    except Refusal as why:
        return why
    return None


def passes(action: Action, at: Occasion) -> bool:
    """Whether no guard refuses it."""
    return refusal(action, at) is None
