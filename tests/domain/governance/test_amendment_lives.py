"""Whatever anybody does about an amendment in whatever order: no reachable state breaks an invariant."""

from datetime import timedelta
from functools import reduce
from typing import Any, get_args

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.strategies import booleans, integers, sampled_from

from chalicelib.domain.governance import amendment, clocks, decisions
from chalicelib.domain.governance.amendment import LIFECYCLE, Action, Amendment, Document, Stage
from chalicelib.domain.governance.evolution import evolve
from chalicelib.domain.ground.chain import Entry, first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound, StaleHash
from chalicelib.domain.ground.people import CLOCK, HOUSE, Actor
from chalicelib.domain.ground.record import Submission

from .lives import (
    ANOTHER,
    EVERYBODY,
    FIRST,
    HANDED_IN,
    HASH,
    HELD,
    LAST,
    LEAD,
    LIN,
    POLICY,
    QIAN,
    SUM,
    WANG,
    WU,
    ZHOU,
    Life,
    life_in,
    proposal,
)

THE_WAY_ON: dict[str, tuple[tuple[Action, Actor], ...]] = {
    "draft": ((Action.REPLAY, LIN), (Action.SUBMIT, WU)),
    "returned": ((Action.CHANGE, LIN), (Action.REPLAY, LIN), (Action.SUBMIT, LEAD)),
    "submitted": ((Action.APPROVE, ZHOU), (Action.APPROVE, QIAN)),
    "approved": ((Action.ANNOUNCE, LIN),),
    "announced": ((Action.GIVE_OPINION, WANG), (Action.ANSWER_OPINION, LIN)),
    "in_force": ((Action.ANSWER_OPINION, WU),),
    "superseded": ((Action.ANSWER_OPINION, WU),),
    "withdrawn": ((Action.CHANGE, LIN),),
}
NOTICE = [timedelta(minutes=9), timedelta(minutes=10), timedelta(days=7), timedelta(days=15), timedelta(days=30)]
BY_WHAT_IS_SAID = (NotFound, Invalid, StaleHash)
"""What is refused for what is handed in, which nobody can say beforehand."""


class AnyAmendment(RuleBasedStateMachine):
    """Anyone tries anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(proposal())
        self.judged = 0
        self.told = Told()

    @initialize(
        document=sampled_from(get_args(Document)),
        stage=sampled_from([*THE_WAY_ON]),
        drafted=sampled_from([None, ("normal", LIN), ("major", LIN), ("major", ZHOU)]),
    )
    def somebody_drafts(self, document: Document, stage: str, drafted: tuple[str, Actor] | None) -> None:
        self.life = life_in(Stage(stage), document)
        if drafted:
            self.life = Life(proposal(document, impact=drafted[0], staff_impact=True), drafted[1])

    def handed_in(self, action: Action, turn: int) -> Submission:
        said: dict[Action, Submission] = {
            Action.CHANGE: proposal(
                self.life.state.document,
                impact=self.life.state.impact,
                staff_impact=self.life.state.staff_impact,
                hash=(HASH, ANOTHER)[turn % 2],
            ),
            Action.SUBMIT: amendment.Submitting(consultation=HELD),
            Action.APPROVE: amendment.Approval(approved=turn > 0, reasons="再议", hash=(None, HASH)[turn % 2]),
            Action.CONFIRM: amendment.Approval(approved=turn > 0, reasons="再议"),
            Action.ANNOUNCE: amendment.Numbered(number=3, effective_from=self.life.now + NOTICE[turn]),
        }
        return said.get(action) or HANDED_IN[action]

    def tries(self, action: Action, actor: Actor, turn: int) -> None:
        life = self.life
        handed_in = self.handed_in(action, turn)
        meant = Action(handed_in.meant(life.state).action)
        foretold = meant in decisions.may(life.state, actor, life.now, POLICY)
        known = len(life.entries)
        try:
            life.do(handed_in, actor, part=str(turn))
        except (Forbidden, NotAllowed, NotFound, Invalid) as refusal:
            rang = life.entries[known:]
            foretold = foretold and not isinstance(refusal, BY_WHAT_IS_SAID) and refusal.reason != "opinion_answered"
            assert all(entry.actor == CLOCK for entry in rang)
            assert not foretold
        else:
            assert foretold

    @rule(action=sampled_from([*HANDED_IN]), actor=sampled_from(EVERYBODY), turn=integers(0, 4))
    def somebody_tries_something(self, action: Action, actor: Actor, turn: int) -> None:
        self.tries(action, actor, turn)

    @rule(which=integers(0, 2), turn=integers(0, 4))
    def it_goes_on(self, which: int, turn: int) -> None:
        ways = THE_WAY_ON[self.life.state.stage]
        self.tries(*ways[which % len(ways)], turn)

    @rule(turn=integers(3, 4))
    def it_goes_on_as_usual(self, turn: int) -> None:
        self.tries(*THE_WAY_ON[self.life.state.stage][-1], turn)

    @rule(of=sampled_from([HASH, ANOTHER]))
    def a_replay_ends(self, of: str) -> None:
        life = self.life.ring()
        running = bool(life.state.replay and not life.state.replay.finished_at and life.state.replay.hash == of)
        entries = decisions.replay_finished(life.state, FIRST, LAST, of, SUM, life.now)
        assert bool(entries) is running
        life.add(entries)

    @rule()
    def another_version_is_in_force(self) -> None:
        self.life.ring().add(decisions.superseded(self.life.state, 4, self.life.now))

    @rule()
    def a_complaint_is_erased(self) -> None:
        self.life.ring().add(decisions.opinion_erased(self.life.state, 1, self.life.now))

    @rule(minutes=sampled_from([1, 10, 60, 60 * 24, 60 * 24 * 7, 60 * 24 * 30]), rings=booleans())
    def time_passes(self, minutes: int, rings: bool) -> None:
        self.life.at(self.life.now + timedelta(minutes=minutes))
        if rings:
            self.life.ring()

    @invariant()
    def what_happened_could_happen(self) -> None:
        for entry in self.life.entries[self.judged :]:
            self.told.hears(entry)
        self.judged = len(self.life.entries)
        state = self.life.state
        assert Amendment.model_validate_json(state.model_dump_json(exclude_none=True)) == state
        assert state.version == sum(entry.actor != HOUSE for entry in self.life.entries)
        assert set(self.told.hands) == set(state.hands)

    @invariant()
    def a_clock_runs_where_something_is_owed(self) -> None:
        state, running = self.life.state, self.life.state.running
        wanted = {"submitted": "decision", "announced": "effect"}.get(state.stage)
        if state.stage in ("in_force", "superseded") and state.unanswered:
            wanted = "answers"
        assert (running.name if running else None) == wanted
        assert (wanted is not None) >= (Stage(state.stage) in LIFECYCLE.open)
        replay = state.replay
        assert not (replay and replay.runs) or state.stage in ("draft", "returned")
        if alarm := clocks.next_alarm(state, POLICY):
            numbers = [running.clock] if running else []
            numbers += [*state.replay_clock]
            assert alarm in [clocks.next_alarm(state, POLICY, number) for number in numbers]

    def teardown(self) -> None:
        entries = self.life.entries
        assert first_broken_link(entries) is None
        folded: Any = reduce(evolve, entries, None)
        assert folded == self.life.state


class Told:
    """What is known of an amendment by its entries alone, and whether each of them could follow."""

    def __init__(self) -> None:
        self.hands: list[str] = []
        self.hash, self.document, self.impact = "", "", ""
        self.tried: set[str] = set()
        self.approved: str | None = None
        self.effect: Entry | None = None
        self.outcomes: list[str] = []
        self.consumers: list[str] = []

    def hears(self, entry: Entry) -> None:
        event: Any = entry.event
        match entry.kind:
            case "AmendmentDrafted" | "AmendmentChanged":
                assert not self.outcomes
                assert self.effect is None
                self.hash, self.document, self.impact, self.approved = event.hash, event.document, event.impact, None
                self.hands.append(entry.actor.id)
            case "ReplayFinished":
                assert event.hash == self.hash
                self.tried.add(event.hash)
            case "AmendmentSubmitted":
                assert event.hash == self.hash
                assert self.document == "operating" or self.hash in self.tried
                self.hands.append(entry.actor.id)
            case "AmendmentApproved" | "AmendmentReturned":
                assert entry.actor.id not in self.hands
                assert self.document == "operating" or "management" in entry.actor.groups
                assert event.hash == self.hash
                self.approved = self.hash if entry.kind == "AmendmentApproved" else None
            case "AmendmentAnnounced":
                assert event.hash == self.approved == self.hash
                ahead = {"normal": 7, "major": 15}[self.impact] if self.document == "rules" else 0
                assert event.effective_from - entry.at >= (timedelta(days=ahead) or timedelta(minutes=10))
                self.effect = entry
            case "OpinionGiven" if entry.actor.kind == "consumer":
                assert entry.actor.id not in self.consumers
                self.consumers.append(entry.actor.id)
            case "AmendmentTookEffect" | "AmendmentWithdrawn":
                self.ends(entry, event)
            case "AmendmentSuperseded":
                assert self.outcomes == ["AmendmentTookEffect"]

    def ends(self, entry: Entry, event: Any) -> None:
        self.outcomes.append(entry.kind)
        assert len(self.outcomes) == 1
        if self.effect is None:
            assert entry.kind == "AmendmentWithdrawn"
            return
        announced: Any = self.effect.event
        begins = announced.effective_from
        assert event.number == announced.number
        if entry.kind == "AmendmentWithdrawn":
            assert entry.at < begins - timedelta(minutes=10)
        else:
            assert entry.at >= begins == event.alarm.moment


TestAnyAmendment = AnyAmendment.TestCase
TestAnyAmendment.settings = settings(max_examples=120, stateful_step_count=30)
