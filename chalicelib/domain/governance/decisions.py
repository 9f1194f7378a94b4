"""What follows from what is handed in about an amendment: `drafted`, `decide`, and a row of `DEEDS` for each kind.

What the house finds out by itself is below: a replay has ended, another version is in force, somebody was not reached.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import reduce
from typing import Any, NamedTuple

from chalicelib.domain.governance import amendment, clocks, guards, notice
from chalicelib.domain.governance.amendment import LIFECYCLE, Action, Amendment, ReplaySum, Stage
from chalicelib.domain.governance.evolution import evolve
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotAllowed, NotFound, Refusal, StaleHash
from chalicelib.domain.ground.people import HOUSE, Actor
from chalicelib.domain.ground.record import GENESIS, ClockSetting, Event, NewStage, Submission
from chalicelib.domain.policy.policies import Policy


class Occasion(NamedTuple):
    """Something is handed in about an amendment. `part`: the number of the opinion that it is about."""

    state: Amendment
    actor: Actor
    now: datetime
    policy: Policy
    part: str | None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.policy.zone).date()


class Deed(NamedTuple):
    """What happens. `into`: another stage than the row of the lifecycle leads to first; `clock`: of the new stage."""

    event: Event
    into: Stage | None = None
    clock: ClockSetting | None = None


def drafted(name: str, proposal: amendment.Proposal, actor: Actor, now: datetime) -> Entry:
    """The first entry of an amendment. Raises Forbidden."""
    step = LIFECYCLE.step(None, Action.DRAFT, actor)
    event = amendment.AmendmentDrafted(**dict(proposal))
    return chain.link(name, 1, GENESIS, event, actor, now, NewStage(stage=step.target))


def decide(
    state: Amendment, handed_in: Submission, actor: Actor, now: datetime, policy: Policy, part: str | None = None
) -> list[Entry]:
    """What follows from something that is handed in. What is due by now is raised first, and alone.

    Raises NotAllowed (StaleHash among it), Forbidden, NotFound, Invalid. Whether the base is still the latest version,
    and what another one has taken, the caller knows.
    """
    if due := clocks.due_alarms(state, now, policy):
        return due
    meant = handed_in.meant(state)
    action = Action(meant.action)
    step = guards.step(state, action, actor)
    for guard in guards.GUARDS.get(action, ()):
        guard(state, actor, now)
    deed = DEEDS[type(meant)](Occasion(state, actor, now, policy, part), meant)
    target = step.to(deed.into or step.target)
    enters = _entry_into(state, target, deed) if target != state.stage else None
    return [_link(state, deed.event, actor, now, enters)]


def may(state: Amendment, actor: Actor, now: datetime, policy: Policy) -> list[Action]:
    """What somebody may do about it now, as far as that can be said before they hand anything in."""
    state = reduce(evolve, clocks.due_alarms(state, now, policy), state)
    return [action for action in guards.allowed(state) if _is_open(state, action, actor, now)]


def _is_open(state: Amendment, action: Action, actor: Actor, now: datetime) -> bool:
    if action == Action.ANSWER_OPINION and not state.unanswered:
        return False
    with suppress(Refusal):
        LIFECYCLE.step(Stage(state.stage), action, actor)
        for guard in guards.GUARDS.get(action, ()):
            guard(state, actor, now)
        return True
    return False


def _entry_into(state: Amendment, target: Stage, deed: Deed) -> NewStage:
    """With the stage its clock ends, and a replay that is not finished, unless it goes on with the same changes."""
    ended = (state.running.clock,) if state.running else ()
    ended += getattr(deed.event, "stops", state.replay_clock)
    return NewStage(stage=target, clock=deed.clock, stops=ended, was_due_at=state.running and state.running.due_at)


def _link(state: Amendment, event: Event, actor: Actor, now: datetime, enters: NewStage | None = None) -> Entry:
    return chain.link(state.amendment_id, state.seq + 1, state.chain, event, actor, now, enters)


# ---- what people do --------------------------------------------------------------------------------------------------


def _change(at: Occasion, proposal: amendment.Proposal) -> Deed:
    """It may go over to the other document, too. A replay of the same goes on."""
    given_up = at.state.replay_clock if proposal.hash != at.state.hash else ()
    return Deed(amendment.AmendmentChanged(**dict(proposal), stops=given_up))


def _replay(at: Occasion, asked: amendment.Replaying) -> Deed:
    if asked.last < asked.first:
        raise Invalid([FieldFault("to", "ends_before_it_begins")])
    if asked.last > at.today:
        raise Invalid([FieldFault("to", "day_not_begun")])
    span = {"first": asked.first, "last": asked.last}
    return Deed(amendment.ReplayStarted(**span, hash=at.state.hash, clock=clocks.replay(at.now)))


def _submit(at: Occasion, submitting: amendment.Submitting) -> Deed:
    held, state = submitting.consultation, at.state
    if held and held.held_on > at.today:
        raise Invalid([FieldFault("consultation.held_on", "day_not_begun")])
    if held is None and state.staff_impact and state.document == "rules":
        raise NotAllowed("consultation_needed", guards.allowed(state))
    consultation = amendment.HeldConsultation(**dict(held)) if held else None
    event = amendment.AmendmentSubmitted(hash=state.hash, consultation=consultation)
    return Deed(event, clock=clocks.decision(at.now, at.policy))


def _approve(at: Occasion, approval: amendment.Approval) -> Deed:
    state = at.state
    if approval.hash not in (None, state.hash):
        raise StaleHash("hash_of_another", guards.allowed(state))
    if approval.approved:
        return Deed(amendment.AmendmentApproved(hash=state.hash, reasons=approval.reasons))
    assert approval.reasons  # noqa: S101 — whoever returns it says why
    return Deed(amendment.AmendmentReturned(hash=state.hash, reasons=approval.reasons), Stage.RETURNED)


def _announce(at: Occasion, numbered: amendment.Numbered) -> Deed:
    state, moment = at.state, numbered.effective_from
    if state.decisions[-1].hash != state.hash:
        raise StaleHash("hash_of_another", guards.allowed(state))
    notice.check(state, moment, at.now, at.policy)
    event = amendment.AmendmentAnnounced(
        document=state.document, number=numbered.number, effective_from=moment, hash=state.hash
    )
    return Deed(event, clock=clocks.effect(moment))


def _give_opinion(at: Occasion, opinion: amendment.Opinion) -> Deed:
    return Deed(amendment.OpinionGiven(number=len(at.state.opinions) + 1, text=opinion.text))


def _answer_opinion(at: Occasion, answer: amendment.OpinionAnswer) -> Deed:
    one = next((one for one in at.state.opinions if str(one.number) == at.part), None)
    if one is None:
        raise NotFound("opinion_unknown")
    if not one.waits:
        raise NotAllowed(
            "opinion_erased" if one.erased_at else "opinion_answered", guards.allowed(at.state), number=one.number
        )
    stops = _answered_with(at.state, one.number)
    return Deed(amendment.OpinionAnswered(number=one.number, text=answer.text, stops=stops))


def _withdraw(at: Occasion, withdrawal: amendment.Withdrawal) -> Deed:
    state = at.state
    event = amendment.AmendmentWithdrawn(document=state.document, number=state.number, reason=withdrawal.reason)
    return Deed(event)


def _answered_with(state: Amendment, number: int) -> tuple[int, ...]:
    """The clock of the answers, if that opinion is the last that waits for one."""
    last = all(one.number == number for one in state.unanswered)
    return (state.running.clock,) if last and state.running and state.running.name == clocks.ANSWERS else ()


DEEDS: Mapping[type[Submission], Callable[[Occasion, Any], Deed]] = {
    amendment.Proposal: _change,
    amendment.Replaying: _replay,
    amendment.Submitting: _submit,
    amendment.Approval: _approve,
    amendment.Confirmation: _approve,
    amendment.Numbered: _announce,
    amendment.Opinion: _give_opinion,
    amendment.OpinionAnswer: _answer_opinion,
    amendment.Withdrawal: _withdraw,
}


# ---- what the house finds out ----------------------------------------------------------------------------------------


def replay_finished(state: Amendment, first: date, last: date, hash: str, sum: ReplaySum, now: datetime) -> list[Entry]:
    """A replay has come to its end; nothing if it is not, or no more, the one that runs."""
    tried = state.replay
    if tried is None or tried.finished_at or (tried.first, tried.last, tried.hash) != (first, last, hash):
        return []
    LIFECYCLE.step(Stage(state.stage), Action.FINISH_REPLAY, HOUSE)
    event = amendment.ReplayFinished(first=first, last=last, hash=hash, sum=sum, stops=state.replay_clock)
    return [_link(state, event, HOUSE, now)]


def superseded(state: Amendment, by: int, now: datetime) -> list[Entry]:
    """Version `by` of the same document is in force instead; nothing if this one is not. Answers stay owed."""
    if state.stage != Stage.IN_FORCE:
        return []
    step = LIFECYCLE.step(Stage(state.stage), Action.SUPERSEDE, HOUSE)
    return [_link(state, amendment.AmendmentSuperseded(by=by), HOUSE, now, NewStage(stage=step.target))]


def unreached(state: Amendment, about: int, now: datetime) -> list[Entry]:
    """The author could not be told of an entry; once."""
    if about in state.untold:
        return []
    return [_link(state, amendment.AuthorUnreachable(about=about), HOUSE, now)]


def opinion_erased(state: Amendment, number: int, now: datetime) -> list[Entry]:
    """The words of an opinion go, those of its answer too; nothing if there is none, or they are gone."""
    one = next((one for one in state.opinions if one.number == number), None)
    if one is None or one.erased_at:
        return []
    event = amendment.OpinionErased(number=number, stops=_answered_with(state, number))
    return [_link(state, event, HOUSE, now)]
