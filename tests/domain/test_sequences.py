"""Whatever anybody tries in whatever order: no reachable state breaks an invariant."""

from datetime import timedelta

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.strategies import integers, sampled_from

from chalicelib.domain.complaint.alarms import next_alarm
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve, fold
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import Filing, PlanDraft, ResolutionPlan
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound
from chalicelib.domain.ground.people import CLOCK, HOUSE, Actor, Role, staff
from chalicelib.domain.telling.news import moves
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.domain.vocabulary.terms import Outcome

from .cases import (
    ALLERGY,
    CRACKED,
    FAKE,
    KETTLE,
    LEAD,
    LIN,
    PLAN,
    POLICY,
    REJECTION,
    REPORT,
    SHOP,
    SUBMISSIONS,
    WANG,
    WHO,
    Story,
)
from .possible import assert_said_before

ANYONE = [SHOP, WANG, *(staff(f"{role}.x", frozenset({role})) for role in Role)]


IN_ANY_CASE = {Action.REPORT: REPORT.model_copy(update={"without_inquiries": "照片已足够"})}


class AnyLife(RuleBasedStateMachine):
    """Anyone tries any action at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.before: Complaint = self.story.complaint

    @initialize(filing=sampled_from([KETTLE, CRACKED, ALLERGY, FAKE]))
    def somebody_complains(self, filing: Filing) -> None:
        self.story = Story(filing)
        self.before = self.story.complaint

    @rule(
        action=sampled_from(sorted(SUBMISSIONS)),
        actor=sampled_from([None, *ANYONE]),
        hours=integers(0, 100),
        part=integers(1, 3),
    )
    def somebody_tries_something(self, action: Action, actor: Actor | None, hours: int, part: int) -> None:
        self.before = self.story.complaint
        self.story.now += timedelta(hours=hours)
        known = len(self.story.entries)
        assert_said_before(self.story, actor or WHO[action], [action])
        try:
            self.story.do(action, actor, part=str(part))
        except (Forbidden, NotAllowed, NotFound, Invalid):  # a due time that would lie in the past
            rang = self.story.entries[known:]  # so many alarms were due that they were saved by themselves
            assert all(entry.actor == CLOCK for entry in rang)
            assert rang or self.story.complaint == self.before

    @rule(hours=integers(0, 400))
    def the_clock_rings(self, hours: int) -> None:
        self.before = self.story.complaint
        self.story.now += timedelta(hours=hours)
        self.story.ring()
        alarm = next_alarm(self.story.complaint, POLICY)
        assert alarm is None or alarm.moment > self.story.now

    @rule(plan=sampled_from([PLAN, PLAN, REJECTION]))
    def customer_service_goes_on(self, plan: ResolutionPlan) -> None:
        """The next step of the good way, so that lives get far; another person takes it once that was asked for."""
        who = LEAD if self.story.complaint.review_requested_at else LIN
        if self.story.complaint.legal_issue and Action.REVIEW in LIFECYCLE.allowed(self.story.complaint.stage):
            self.story.do(Action.DRAFT_PLAN, who, PlanDraft(**dict(plan))).do(Action.REVIEW)
        for action in (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN):
            if action in LIFECYCLE.allowed(self.story.complaint.stage):
                self.before = self.story.complaint
                self.story.do(action, who, submission={**IN_ANY_CASE, Action.PROPOSE_PLAN: plan}.get(action))
                return

    @invariant()
    def the_chain_verifies_and_the_fold_is_the_snapshot(self) -> None:
        assert first_broken_link(self.story.entries) is None
        assert fold(self.story.entries) == self.story.complaint
        assert self.story.complaint.seq == len(self.story.entries)

    @invariant()
    def stage_round_and_outcome_change_by_entries_that_are_known_to_move_it(self) -> None:
        then = self.before
        for entry in self.story.entries[then.seq :]:
            now = evolve(then, entry)
            assert moves(entry) or (now.stage, now.round, now.outcome) == (then.stage, then.round, then.outcome)
            then = now

    @invariant()
    def rounds_entries_and_versions_only_grow(self) -> None:
        now = self.story.complaint
        assert now.round >= self.before.round
        assert max((clock.number for clock in now.clocks), default=now.seq) <= now.seq
        assert len({clock.name for clock in now.clocks}) == len(now.clocks)
        assert len(now.breaches) >= len(self.before.breaches)
        assert now.seq >= self.before.seq
        by_others = sum(entry.actor != HOUSE and entry.kind != "ContactViewed" for entry in self.story.entries)
        assert now.version == by_others
        objections = sum(not answer.feedback.satisfied for answer in now.feedback)
        reopenings = sum(entry.kind == "ComplaintReopened" for entry in self.story.entries)
        assert now.round == 1 + objections + reopenings

    @invariant()
    def an_open_complaint_has_a_clock_and_a_closed_one_an_outcome(self) -> None:
        now = self.story.complaint
        opened = STAGES[now.stage].open
        assert (now.deadline is not None) == opened
        assert (now.outcome is not None) == (not opened) == (now.closed_at is not None)
        assert now.deadline is None or now.deadline.stage == now.stage

    @invariant()
    def nothing_is_closed_as_satisfied_without_all_of_its_work(self) -> None:
        now = self.story.complaint
        if now.outcome == Outcome.SATISFIED:
            assert now.acknowledged_at
            assert now.investigation_report
            assert now.plan_in_force

    @invariant()
    def an_outcome_is_for_good_unless_the_consumer_reopens(self) -> None:
        now = self.story.complaint
        if self.before.outcome and now.outcome != self.before.outcome:
            assert (now.outcome, now.round) == (None, self.before.round + 1)

    @invariant()
    def whoever_is_asked_has_a_clock_until_the_answer_or_the_end_of_the_stage(self) -> None:
        now = self.story.complaint
        asked = {f"inquiry {inquiry.inquiry_id}" for inquiry in now.open_inquiries}
        promised = {f"follow_up {measure.number}" for measure in now.follow_ups if not measure.done_at}
        running = {clock.name for clock in now.clocks}
        assert {name for name in running if name.startswith("inquiry")} == asked
        assert {name for name in running if name.startswith("follow_up")} == promised

    @invariant()
    def a_stage_waits_only_for_an_answer_or_a_reading_and_for_an_answer_never_in_arrears(self) -> None:
        now = self.story.complaint
        stage = now.stage_clock
        questions = [clock for clock in now.clocks if clock.ladder == "information"]
        words = [clock for clock in now.clocks if clock.ladder == "words"]
        assert bool(questions) == (now.open_request is not None)
        assert len(words) == (now.deadline is not None and now.deadline.waiting_for == "reading")
        if stage and stage.waiting_since:
            assert len(questions + words) == 1
            assert words or stage.due_at > questions[0].due_at

    @invariant()
    def no_inquiry_is_due_after_a_stage_that_had_not_run_out_when_it_was_asked(self) -> None:
        now = self.story.complaint
        assert all(clock.due_at <= now.stage_clock.due_at for clock in now.clocks if clock.capped and now.stage_clock)

    @invariant()
    def no_plan_goes_out_unseen_by_legal_where_law_is_involved(self) -> None:
        now = self.story.complaint
        proposed = self.before.plan_in_force is None and now.plan_in_force is not None
        if proposed and self.before.legal_issue:
            assert self.before.legally_approved
            assert self.before.plan_draft
            assert now.plan_in_force
            assert self.before.plan_draft.plan.model_dump(mode="json") == now.plan_in_force.plan.model_dump(mode="json")

    @invariant()
    def whoever_proposed_a_plan_before_the_review_proposes_none_after_it_and_is_not_given_it(self) -> None:
        now = self.story.complaint
        asked = [answer.round for answer in now.feedback if answer.asks_for_review]
        assert len(asked) <= 1
        assert bool(asked) == (now.review_requested_at is not None)
        before = {plan.proposed_by for plan in now.resolution_plans if asked and plan.round <= asked[0]}
        after = {plan.proposed_by for plan in now.resolution_plans if asked and plan.round > asked[0]}
        assert not before & after
        assert now.assignee not in before

    @invariant()
    def a_draft_is_there_only_while_the_plan_is_made(self) -> None:
        assert self.story.complaint.plan_draft is None or self.story.complaint.stage == "planning"


AnyLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestAnyLife = AnyLife.TestCase
