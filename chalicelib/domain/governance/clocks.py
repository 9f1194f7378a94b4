"""The clocks of an amendment: of the decision, the effect, the answers to opinions, a replay that stands still.

A decision and the answers are due at the end of a working day: whoever owes them is reminded as the last one begins,
they are late at that moment, and management hears of a decision once more a working day after. It comes into force at
its moment to the second. Nobody is told at night.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.governance import amendment as events
from chalicelib.domain.governance.amendment import LIFECYCLE, MOST_STALLS, Action, Amendment, Running, Stage
from chalicelib.domain.governance.evolution import evolve
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK, Role
from chalicelib.domain.ground.record import Alarm, AlarmRaised, ClockSetting, NewStage
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.duties import BREACH, ESCALATION, REMINDER
from chalicelib.domain.policy.policies import Policy

DECISION, EFFECT, ANSWERS, REPLAY = "decision", "effect", "answers", "replay"
STALLED_AFTER = timedelta(minutes=20)
LADDERS: dict[str, dict[int, tuple[Role, ...]]] = {
    DECISION: {
        REMINDER: (Role.MANAGEMENT,),
        BREACH: (Role.MANAGEMENT, Role.SUPERVISOR),
        ESCALATION: (Role.MANAGEMENT,),
    },
    ANSWERS: {
        REMINDER: (Role.LEGAL, Role.CUSTOMER_SERVICE),
        BREACH: (Role.SUPERVISOR, Role.MANAGEMENT),
    },
}
"""Who is told by each alarm of what is due at the end of a working day."""


# ---- how each is set -------------------------------------------------------------------------------------------------


def decision(now: datetime, policy: Policy) -> ClockSetting:
    return _setting(DECISION, now, policy, policy.amendments.decision_working_days)


def answers(effective_from: datetime, now: datetime, policy: Policy) -> ClockSetting:
    """Counted from the effect, however late that was noticed."""
    due = policy.after_working_days(effective_from, policy.amendments.answer_working_days)
    return _rung(ClockSetting(name=ANSWERS, due_at=due.at, provisional=due.provisional), now, policy)


def effect(effective_from: datetime) -> ClockSetting:
    return ClockSetting(name=EFFECT, due_at=effective_from, alarm_at=effective_from)


def replay(now: datetime) -> ClockSetting:
    return ClockSetting(name=REPLAY, due_at=now + MOST_STALLS * STALLED_AFTER, alarm_at=now + STALLED_AFTER)


def _setting(name: str, now: datetime, policy: Policy, working_days: int) -> ClockSetting:
    due = policy.after_working_days(now, working_days)
    return _rung(ClockSetting(name=name, due_at=due.at, provisional=due.provisional), now, policy)


def _rung(setting: ClockSetting, now: datetime, policy: Policy) -> ClockSetting:
    """With the moment of its first alarm."""
    running = Running(name=setting.name, clock=0, since=now, due_at=setting.due_at)
    first = next(_ladder(running, "", policy))
    return setting.model_copy(update={"alarm_at": first.moment})


# ---- when they ring --------------------------------------------------------------------------------------------------


def next_alarm(state: Amendment, policy: Policy, clock: int | None = None) -> Alarm | None:
    """The alarm whose turn it is, whenever its moment. `clock`: of the clock of that number only."""
    return min(_alarms(state, policy, clock), key=lambda alarm: alarm.moment, default=None)


def _alarms(state: Amendment, policy: Policy, clock: int | None) -> Iterator[Alarm]:
    running, tried = state.running, state.replay
    if running and clock in (None, running.clock):
        ladder = (
            [_effect(running, state.stage, policy)] if running.name == EFFECT else _ladder(running, state.stage, policy)
        )
        yield from ladder
    if tried and tried.clock and tried.runs and clock in (None, tried.clock):
        moment = (tried.rang_at or tried.started_at) + STALLED_AFTER
        yield _alarm(tried.stalls + 1, "resume", REPLAY, state.stage, tried.due_at, moment, (), policy)


def _effect(running: Running, stage: str, policy: Policy) -> Alarm:
    return _alarm(1, "effect", EFFECT, stage, running.due_at, running.due_at, (), policy)


def _ladder(running: Running, stage: str, policy: Policy) -> Iterator[Alarm]:
    """The alarms that were not raised; what begins late is spared the reminder."""
    for number, tell in LADDERS[running.name].items():
        moment = duties.moment_of(number, running.due_at, policy)
        if number not in running.raised and (number != REMINDER or moment > running.since):
            kind = {REMINDER: "reminder", BREACH: "breach"}.get(number, "escalation")
            yield _alarm(number, kind, running.name, stage, running.due_at, moment, tell, policy)


def _alarm(
    number: int,
    kind: str,
    clock: str,
    stage: str,
    due_at: datetime,
    moment: datetime,
    tell: tuple[Role, ...],
    policy: Policy,
) -> Alarm:
    return Alarm.model_validate(
        {
            "number": number,
            "kind": kind,
            "clock": clock,
            "stage": stage,
            "due_at": due_at,
            "moment": moment,
            "tell": tell,
            "tell_from": policy.waking(moment, earlier=False),
        }
    )


# ---- what is raised --------------------------------------------------------------------------------------------------


def due_alarms(state: Amendment, now: datetime, policy: Policy) -> list[Entry]:
    """The alarms whose moment has come, in their order; what comes into force does."""

    def raised(alarm: Alarm, at: Amendment) -> tuple[AlarmRaised, NewStage | None]:
        return _raised(alarm, at, now, policy)

    return duties.ring(state, now, policy, next_alarm, raised, evolve, state.amendment_id)


def _raised(alarm: Alarm, state: Amendment, now: datetime, policy: Policy) -> tuple[AlarmRaised, NewStage | None]:
    match alarm.clock, alarm.kind:
        case "effect", _:
            return _comes_into_force(alarm, state, now, policy)
        case "replay", _:
            return events.ReplayStalled(alarm=alarm), None
        case "decision", "reminder":
            return events.DecisionReminded(alarm=alarm), None
        case "decision", _:
            return events.DecisionLate(alarm=alarm), None
        case _, "reminder":
            return events.AnswersReminded(alarm=alarm), None
    return events.AnswersLate(alarm=alarm), None


def _comes_into_force(
    alarm: Alarm, state: Amendment, now: datetime, policy: Policy
) -> tuple[events.AmendmentTookEffect, NewStage]:
    assert state.number  # noqa: S101 — it was announced
    assert state.running  # noqa: S101 — its clock rang
    step = LIFECYCLE.step(Stage(state.stage), Action.TAKE_EFFECT, CLOCK)
    owed = answers(alarm.moment, now, policy) if state.unanswered else None
    enters = NewStage(stage=step.target, clock=owed, stops=(state.running.clock,), was_due_at=state.running.due_at)
    return events.AmendmentTookEffect(alarm=alarm, document=state.document, number=state.number), enters
