"""Whatever anybody tries in whatever order: no reachable state breaks an invariant."""

from datetime import timedelta

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import integers, sampled_from

from chalicelib.domain import lifecycle
from chalicelib.domain.alarms import next_alarm
from chalicelib.domain.complaint import Complaint, fold
from chalicelib.domain.errors import Forbidden, NotAllowed
from chalicelib.domain.events import first_broken_link
from chalicelib.domain.lifecycle import Action
from chalicelib.domain.people import Actor, Role, staff

from .cases import ARTEFACTS, POLICY, SHOP, WANG, Story

ANYONE = [SHOP, WANG, *(staff(f"{role}.x", frozenset({role})) for role in Role)]


class AnyLife(RuleBasedStateMachine):
    """Anyone tries any action at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.before: Complaint = self.story.complaint

    @rule(action=sampled_from(sorted(ARTEFACTS)), actor=sampled_from(ANYONE), hours=integers(0, 100))
    def somebody_tries_something(self, action: Action, actor: Actor, hours: int) -> None:
        self.before = self.story.complaint
        self.story.now += timedelta(hours=hours)
        known = len(self.story.events)
        try:
            self.story.do(action, actor)
        except (Forbidden, NotAllowed):
            assert len(self.story.events) == known
            assert self.story.complaint == self.before

    @rule(hours=integers(0, 400))
    def the_clock_rings(self, hours: int) -> None:
        self.before = self.story.complaint
        self.story.now += timedelta(hours=hours)
        self.story.ring()
        alarm = next_alarm(self.story.complaint, POLICY)
        assert alarm is None or alarm.moment > self.story.now

    @rule()
    def customer_service_goes_on(self) -> None:
        """The next step of the good way, so that lives get far."""
        for action in (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN):
            if action in lifecycle.allowed(self.story.complaint.stage):
                self.story.do(action)
                return

    @invariant()
    def the_chain_verifies_and_the_fold_is_the_snapshot(self) -> None:
        assert first_broken_link(self.story.events) is None
        assert fold(self.story.events) == self.story.complaint
        assert self.story.complaint.version == len(self.story.events)

    @invariant()
    def rounds_entries_and_versions_only_grow(self) -> None:
        now = self.story.complaint
        assert now.round >= self.before.round
        assert now.clock >= self.before.clock
        assert len(now.breaches) >= len(self.before.breaches)
        assert now.version >= self.before.version
        assert now.round == 1 + sum(not answer.feedback.satisfied for answer in now.feedback)

    @invariant()
    def an_open_complaint_has_a_clock_and_a_closed_one_an_outcome(self) -> None:
        now = self.story.complaint
        opened = lifecycle.STAGES[now.stage].open
        assert (now.deadline is not None) == opened
        assert (now.outcome is not None) == (not opened) == (now.closed_at is not None)
        assert now.deadline is None or now.deadline.stage == now.stage

    @invariant()
    def an_outcome_is_for_good(self) -> None:
        if self.before.outcome:
            assert self.story.complaint.outcome == self.before.outcome


AnyLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyLife = AnyLife.TestCase
