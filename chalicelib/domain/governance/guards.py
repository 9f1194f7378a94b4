"""What must hold beside stage and role before an amendment goes on, whatever is handed in.

Views say beforehand what these refuse (`decisions.may`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from chalicelib.domain.governance.amendment import LIFECYCLE, Action, Amendment, Stage
from chalicelib.domain.ground.errors import Forbidden, NotAllowed
from chalicelib.domain.ground.lifecycle import Step
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.versions import AHEAD

MOST_OPINIONS = 1_000
MOST_OF_ONE = 20
"""Opinions of one member of staff, or of one storefront; a consumer has one a complaint."""
Guard = Callable[[Amendment, Actor, datetime], None]
_OF_DOCUMENT = {"rules": Action.CONFIRM, "operating": Action.APPROVE}
"""How the other document is decided."""


def allowed(state: Amendment) -> list[Action]:
    """What its stage allows, to whomever: rules are approved, operating data confirmed."""
    return [one for one in LIFECYCLE.allowed(Stage(state.stage)) if one != _OF_DOCUMENT[state.document]]


def step(state: Amendment, action: Action, actor: Actor) -> Step[Stage, Action]:
    """The row of the lifecycle by which somebody does something now. Raises NotAllowed or Forbidden."""
    if action not in allowed(state):
        raise NotAllowed("amendment_stage_forbids", allowed(state), amendment_stage=state.stage)
    return LIFECYCLE.step(Stage(state.stage), action, actor)


def by_another(state: Amendment, actor: Actor, now: datetime) -> None:
    """Four eyes (8.1): nobody decides about what they drafted, changed or submitted."""
    if actor.id in state.hands:
        raise Forbidden("own_amendment")


def is_replayed(state: Amendment, actor: Actor, now: datetime) -> None:
    """Rules were tried on what was, exactly as they are (7.2); operating data need not."""
    if state.document == "rules" and not state.replayed:
        raise NotAllowed("replay_needed", allowed(state))


def no_replay_runs(state: Amendment, actor: Actor, now: datetime) -> None:
    if state.replay and state.replay.runs:
        raise NotAllowed("replay_runs", allowed(state))


def is_not_too_late(state: Amendment, actor: Actor, now: datetime) -> None:
    """What was announced is taken back before containers rely on it, or not at all."""
    if state.effective_from and now >= state.effective_from - AHEAD:
        raise NotAllowed("too_late_to_withdraw", allowed(state), minutes=AHEAD // timedelta(minutes=1))


def has_opinions_left(state: Amendment, actor: Actor, now: datetime) -> None:
    if len(state.opinions) >= MOST_OPINIONS:
        raise NotAllowed("too_many_opinions", allowed(state), most=MOST_OPINIONS)
    own = sum(one.by.is_same(actor) for one in state.opinions)
    if own and actor.kind == "consumer":
        raise NotAllowed("opinion_given_already", allowed(state))
    if own >= MOST_OF_ONE:
        raise NotAllowed("too_many_opinions_of_one", allowed(state), most=MOST_OF_ONE)


GUARDS: Mapping[str, tuple[Guard, ...]] = {
    Action.REPLAY: (no_replay_runs,),
    Action.SUBMIT: (is_replayed,),
    Action.APPROVE: (by_another,),
    Action.CONFIRM: (by_another,),
    Action.WITHDRAW: (is_not_too_late,),
    Action.GIVE_OPINION: (has_opinions_left,),
}
