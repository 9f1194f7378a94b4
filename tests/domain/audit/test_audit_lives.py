"""Whatever people try with an audit, in whatever order, however late the clock rings: what must hold holds."""

from datetime import timedelta
from functools import reduce
from typing import Any

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import booleans, integers, sampled_from

from chalicelib.domain.audit import clocks, decisions, guards
from chalicelib.domain.audit.audit import Action, Audit, Stage
from chalicelib.domain.audit.evolution import evolve, numbered
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound
from chalicelib.domain.ground.people import CLOCK, HOUSE, Actor

from .lives import (
    EVERYBODY,
    HANDED_IN,
    IN_VAIN,
    LIN,
    POLICY,
    QI,
    QIAN,
    SUN,
    WU,
    ZHOU,
    Life,
    finding,
    plan,
)

Try = tuple[Action, Actor]
THE_WAY_ON: dict[str, tuple[Try, ...]] = {
    Stage.DRAFT: ((Action.APPROVE, ZHOU),),
    Stage.APPROVED: ((Action.DRAW, SUN),),
    Stage.SAMPLED: ((Action.EXAMINE, QI), (Action.EXAMINE, SUN)),
    Stage.FIELDWORK: ((Action.EXAMINE, QI), (Action.EXAMINE, SUN), (Action.RAISE, SUN), (Action.REPORT, QI)),
    Stage.DRAFT_REPORT: ((Action.COMMENT, LIN), (Action.RAISE, QI)),
    Stage.COMMENTED: ((Action.PUBLISH, SUN),),
    Stage.PUBLISHED: ((Action.CLOSE, SUN), (Action.CORRECT, QI)),
}
CORRECTING: tuple[Try, ...] = (
    (Action.PLAN, LIN),
    (Action.FINISH_MEASURE, LIN),
    (Action.COMPLETE, LIN),
    (Action.VERIFY, QIAN),
    (Action.WAIVE, ZHOU),
    (Action.STATE, WU),
    (Action.DECIDE, ZHOU),
    (Action.OBJECT, WU),
    (Action.DECIDE, QIAN),
)


class Audits(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.life = Life()

    def handed_in(self, action: Action, turn: int) -> Any:
        today = self.life.today(0)
        if action == Action.PLAN:
            return plan(today + timedelta(days=2 + turn))
        if action == Action.WAIVE:
            return HANDED_IN[action].model_copy(update={"until": today + timedelta(days=9 * turn + 1)})
        if action == Action.RAISE:
            severity: Any = ("critical", "major", "minor", "observation")[turn % 4]
            return finding(severity=severity, answers_for=WU.id if turn % 2 else None)
        return IN_VAIN if action == Action.VERIFY and turn % 2 else HANDED_IN[action]

    def part(self, action: Action, turn: int) -> str | None:
        parts = [*guards.parts_of(self.life.state, action)]
        return parts[turn % len(parts)] if parts else "1"

    def tries(self, action: Action, actor: Actor, turn: int) -> None:
        life = self.life
        foretold = action in decisions.may(life.state, actor, life.now, POLICY)
        known, part = len(life.entries), self.part(action, turn)
        one = decisions.may_about(life.state, part or "", {action}, actor, life.now, POLICY)
        assert foretold or not one
        try:
            life.do(self.handed_in(action, turn), actor, part)
        except (Forbidden, NotAllowed, NotFound, Invalid) as refusal:
            assert all(entry.actor == CLOCK for entry in life.entries[known:])
            told_by_what_is_said = isinstance(refusal, Invalid) or refusal.reason in ("item_known", "nobody_left")
            assert told_by_what_is_said or not one
        else:
            assert foretold

    @rule(action=sampled_from([*HANDED_IN]), actor=sampled_from(EVERYBODY), turn=integers(0, 5))
    def somebody_tries_something(self, action: Action, actor: Actor, turn: int) -> None:
        self.tries(action, actor, turn)

    @rule(which=integers(0, 3), turn=integers(0, 5))
    def it_goes_on(self, which: int, turn: int) -> None:
        if ways := THE_WAY_ON.get(self.life.state.stage):
            self.tries(*ways[which % len(ways)], turn)

    @rule(way=sampled_from(CORRECTING), turn=integers(0, 3))
    def findings_go_on(self, way: Try, turn: int) -> None:
        self.tries(*way, turn)

    @rule(turn=integers(0, 3))
    def a_finding_is_raised_and_answered(self, turn: int) -> None:
        for way in ((Action.RAISE, SUN), *CORRECTING[:3]):
            self.tries(*way, turn)

    @rule()
    def what_is_provisional_is_counted_anew(self) -> None:
        life = self.life
        life.add(clocks.due_alarms(life.state, life.now, POLICY))
        assert clocks.recount(life.state, life.now, POLICY) == []

    @rule(days=sampled_from([1, 3, 8, 31, 70]), rings=booleans())
    def time_passes(self, days: int, rings: bool) -> None:
        self.life.at(self.life.now + timedelta(days=days))
        if rings:
            self.life.later(0)

    @invariant()
    def it_reads_back_as_it_is(self) -> None:
        state = self.life.state
        assert Audit.model_validate_json(state.model_dump_json(exclude_none=True)) == state
        assert state.version == sum(entry.actor != HOUSE for entry in self.life.entries)

    @invariant()
    def what_is_owed_has_a_clock_and_nothing_else_has(self) -> None:
        state = self.life.state
        owed = {"comments"} if state.stage == Stage.DRAFT_REPORT else set()
        for one in state.findings:
            if one.state in ("open", "planned") and one.severity != "observation":
                owed.add(f"finding {one.number}")
            owed |= {"waived": {f"waiver {one.number}"}, "done": {f"verification {one.number}"}}.get(one.state, set())
        ladders = {"hearing": "hearing", "decided": "hearing_objection"}
        for hearing in state.hearings:
            if hearing.stage != "final":
                owed.add(f"{ladders.get(hearing.stage, 'hearing_decision')} {hearing.number}")
        assert {one.name for one in state.duties} == owed
        assert len(state.duties) == len(owed)
        if alarm := clocks.next_alarm(state, POLICY):
            running = [one.clock for one in (*state.duties, *state.measures)]
            assert alarm in [clocks.next_alarm(state, POLICY, number) for number in running]

    @invariant()
    def others_look_at_what_somebody_did(self) -> None:
        state = self.life.state
        assert state.approved_by != state.author
        for one in state.findings:
            assert one.owner != one.by
            assert one.verified_by is None or one.verified_by not in (one.owner, one.by)
            assert (one.state == "done") <= (one.done_at is not None)
        for hearing in state.hearings:
            deciders = [one.by for one in hearing.decisions]
            assert len({hearing.person, *deciders}) == 1 + len(deciders)

    @invariant()
    def an_alarm_is_of_what_was_owed(self) -> None:
        for entry in self.life.entries[-3:]:
            if entry.actor == CLOCK and (event := entry.event):
                assert numbered(event.alarm.clock)[0]  # type: ignore[attr-defined]
                assert event.alarm.moment <= entry.at  # type: ignore[attr-defined]

    def teardown(self) -> None:
        entries = self.life.entries
        assert first_broken_link(entries) is None
        folded: Any = reduce(evolve, entries, None)
        assert folded == self.life.state


Audits.TestCase.settings = settings(max_examples=25, stateful_step_count=30)
TestAudits = Audits.TestCase
