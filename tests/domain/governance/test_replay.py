"""A past complaint under another policy: what is due when, missed, told, by the one and the other."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis.strategies import composite, integers, lists, none, one_of, randoms, sampled_from, tuples

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import PlanDraft, ResolutionPlan
from chalicelib.domain.governance.amendment import ReplaySum
from chalicelib.domain.governance.lives import Life
from chalicelib.domain.governance.replay import Effect, replayed
from chalicelib.domain.governance.tally import Outcome, Pair, Tally
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.stages import Stage
from tests.domain.cases import (
    ALLERGY,
    CRACKED,
    FAKE,
    FRIDAY,
    KETTLE,
    LEAD,
    LIN,
    OPERATING,
    PLAN,
    POLICY,
    REJECTION,
    REPORT,
    RULES,
    SUBMISSIONS,
    Story,
    policy_with,
    story_in,
)

GOOD_WAY = (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN)
IN_ANY_CASE = REPORT.model_copy(update={"without_inquiries": "照片已足够"})
AND_THEN = (
    Action.ASK,
    Action.ANSWER_INQUIRY,
    Action.REQUEST_INFORMATION,
    Action.GIVE_INFORMATION,
    Action.READ_INFORMATION,
    Action.EXTEND,
    Action.OBJECT_TO_PLAN,
    Action.ACCEPT_PLAN,
    Action.REQUEST_REVIEW,
    Action.REOPEN,
    Action.MERGE,
    Action.UNDO_MERGER,
)
"""What moves clocks."""
HOURS = one_of(integers(0, 24), integers(0, 100), integers(0, 1000))
STEPS = lists(tuples(one_of(none(), sampled_from(AND_THEN), sampled_from(sorted(SUBMISSIONS))), HOURS, integers(1, 3)))


def goes_on(story: Story, plan: ResolutionPlan) -> None:
    """The next step of the good way."""
    who = LEAD if story.complaint.review_requested_at else LIN
    if story.complaint.legal_issue and Action.REVIEW in LIFECYCLE.allowed(story.complaint.stage):
        story.do(Action.DRAFT_PLAN, who, PlanDraft(**dict(plan))).do(Action.REVIEW)
    for action in GOOD_WAY:
        if action in LIFECYCLE.allowed(story.complaint.stage):
            story.do(action, who, {Action.REPORT: IN_ANY_CASE, Action.PROPOSE_PLAN: plan}.get(action))
            return


@composite
def lives(draw: Any) -> Story:
    """Any life: whatever is tried, whenever, with the clock ringing in time."""
    story = Story(draw(sampled_from([KETTLE, CRACKED, ALLERGY, FAKE])))
    for action, hours, part in draw(STEPS):
        story.now += timedelta(hours=hours)
        story.ring()
        with suppress(Refusal):
            goes_on(story, (PLAN, PLAN, REJECTION)[part - 1]) if action is None else story.do(action, part=str(part))
    return story


def other(**rules: Any) -> Policy:
    """The policy with other rules; of clocks and ladders those that are named."""
    read = RULES.model_dump(mode="json", exclude_none=True)
    for name in ("clocks", "ladders"):
        read[name] = read[name] | rules.pop(name, {})
    return Policy.of(Rules.model_validate(read | rules), OPERATING)


def dues(complaint: Complaint) -> dict[str, Any]:
    return {clock.name: clock.due_at for clock in complaint.clocks}


def tried(story: Story, draft: Policy, base: Policy = POLICY) -> Effect:
    effect = replayed(story.entries, base, draft, story.now)
    assert effect
    return effect


@given(story=lives())
@settings(max_examples=60, deadline=None)
def test_by_the_policy_that_it_has_pinned_each_clock_is_due_as_its_record_says(story: Story):
    life, before = Life(POLICY), None
    for entry, following in zip(story.entries, [*story.entries[1:], None], strict=True):
        after = evolve(before, entry)
        life.follow(before, entry, after)
        before = after
        if following is None or following.at > entry.at:
            assert dues(life.complaint) == dues(after), entry


@given(story=lives())
@settings(max_examples=40, deadline=None)
def test_and_it_rings_as_the_record_says(story: Story):
    story.ring()
    raised = Counter(entry.data["alarm"]["kind"] for entry in story.entries if "alarm" in entry.data)
    counted = sum((both.base.alarms for both in tried(story, POLICY).clocks), Counter[str]())
    assert counted == raised


@given(story=lives())
@settings(max_examples=40, deadline=None)
def test_the_same_policy_makes_no_difference(story: Story):
    tally = Tally()
    tally.add(tried(story, other(), other()))
    outcome = tally.outcome()
    assert (outcome.affected, outcome.most_affected) == (0, ())
    assert outcome.sum == ReplaySum(complaints=1, due_dates_moved=0, breaches_more=0, breaches_fewer=0)


NO_ALARMS = dict.fromkeys((Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING, Stage.AWAITING_CONSUMER), ())
AN_HOUR = {name: {"starts": "entry", "hours": 1} for name in (*NO_ALARMS, "inquiry", "words")}
ODD = (
    {"clocks": AN_HOUR},
    {"ladders": NO_ALARMS},
    {"longest_wait_working_days": 0},
    {"longest_wait_working_days": 30},
    {"close_of_business": "18:00", "waking_hours": {"begin": "00:00", "end": "23:59"}},
    {"reopening_days": 0, "review_days": 0, "survey": {"after_days": 0}},
)


@given(story=lives(), odd=sampled_from(ODD))
@settings(max_examples=30, deadline=None)
def test_whatever_is_tried_the_two_are_counted_alike(story: Story, odd: dict[str, Any]):
    draft = other(**odd)
    there, back = tried(story, draft), tried(story, POLICY, base=draft)
    assert [(one.base, one.draft) for one in there.clocks] == [(one.draft, one.base) for one in back.clocks]
    assert (there.gates, there.told) == (back.gates[::-1], back.told[::-1])
    assert all(one.draft.alarms["lapse"] <= 1 for one in there.clocks)


# ---- what another policy makes of a life -----------------------------------------------------------------------------

TWELVE_HOURS = other(clocks={"received": {"starts": "receipt", "hours": 12}})
TWO_DAYS = other(clocks={"received": {"starts": "receipt", "hours": 48}})


def acknowledged_after(hours: int) -> Story:
    story = Story()
    story.now += timedelta(hours=hours)
    return story.ring().do(Action.ACKNOWLEDGE, LIN)


def sum_of(effect: Effect) -> ReplaySum:
    tally = Tally()
    tally.add(effect)
    return tally.outcome().sum


def test_lin_who_took_thirteen_hours_would_have_been_late_by_twelve():
    effect = tried(acknowledged_after(13), TWELVE_HOURS)
    received = effect.clocks[0]
    assert received.base.due_at - received.draft.due_at == timedelta(hours=12)
    assert (received.base.breaches, received.draft.breaches) == (0, 1)
    assert sum_of(effect) == ReplaySum(complaints=1, due_dates_moved=1, breaches_more=1, breaches_fewer=0)


def test_and_one_hour_before_it_in_time():
    assert sum_of(tried(acknowledged_after(11), TWELVE_HOURS)).breaches_more == 0


def test_at_the_very_moment_it_is_due_it_is_late():
    assert sum_of(tried(acknowledged_after(12), TWELVE_HOURS)).breaches_more == 1


def test_who_was_late_by_a_day_was_not_by_two():
    effect = tried(acknowledged_after(30), TWO_DAYS)
    assert sum_of(effect) == ReplaySum(complaints=1, due_dates_moved=1, breaches_more=0, breaches_fewer=1)
    assert sum(effect.told[0].values()) > sum(effect.told[1].values())


def test_a_stage_that_was_overdue_by_the_other_policy_stands_still_for_no_question():
    story = story_in(Stage.INVESTIGATING)
    story.now += timedelta(hours=30)
    story.ring().do(Action.REQUEST_INFORMATION)
    story.now += timedelta(hours=48)
    story.ring().do(Action.GIVE_INFORMATION)
    short = other(clocks={"investigating": {"starts": "receipt", "hours": 24}})
    stage = next(both for both in tried(story, short).clocks if both.base.ladder == Stage.INVESTIGATING)
    assert stage.draft.due_at == FRIDAY + timedelta(hours=24)
    assert stage.base.due_at == story.complaint.clock("stage").due_at  # type: ignore[union-attr]
    assert (stage.base.breaches, stage.draft.breaches) == (0, 1)


def test_a_plan_that_nobody_answers_lapses_when_the_other_policy_says():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now += timedelta(days=40)
    story.ring()
    later = other(clocks={"awaiting_consumer": {"starts": "entry", "days": 20}})
    plan = next(both for both in tried(story, later).clocks if both.base.ladder == Stage.AWAITING_CONSUMER)
    assert (plan.base.alarms["lapse"], plan.draft.alarms["lapse"]) == (1, 1)
    assert plan.draft.due_at > plan.base.due_at
    never = other(clocks={"awaiting_consumer": {"starts": "entry", "days": 200}})
    assert tried(story, never).clocks[-2].draft.alarms["lapse"] == 0


def test_an_answer_after_the_other_policy_had_closed_it_is_counted_as_a_lapse_more():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now += timedelta(days=12)
    story.ring().do(Action.ACCEPT_PLAN)
    sooner = other(clocks={"awaiting_consumer": {"starts": "entry", "days": 10}})
    tally = Tally()
    tally.add(tried(story, sooner))
    assert tally.outcome().alarms["lapse"] == Pair(base=0, draft=1)


def test_legal_would_have_read_what_is_of_a_category_more():
    effect = tried(Story(), other(legal_categories=[*RULES.legal_categories, KETTLE.category]))
    assert effect.gates == (frozenset(), {"legal"})
    assert tried(Story(FAKE), POLICY).gates == ({"legal"}, {"legal"})


def test_a_reopening_after_twelve_days_is_too_late_by_ten():
    story = story_in(Stage.CLOSED)
    story.now += timedelta(days=12)
    story.ring().do(Action.REOPEN)
    assert tried(story, other(reopening_days=10)).gates == (frozenset(), {"reopening"})
    assert tried(story, other(reopenings=0)).gates == (frozenset(), {"reopening"})
    assert tried(story, other(reopening_days=60)).gates == (frozenset(), frozenset())


def test_a_report_without_verdict_and_cause_is_refused_where_the_policy_wants_them():
    bare = REPORT.model_copy(update={"verdict": None, "cause_code": None})
    story = story_in(Stage.INVESTIGATING).do(Action.REPORT, submission=bare)
    assert "report" in tried(story, other(coded_facts=True)).gates[1]


def test_a_storm_gives_more_time_to_whatever_is_counted_in_working_days():
    effect = tried(story_in(Stage.INVESTIGATING), policy_with(extra_holidays=["2026-10-12"]))
    moved = {both.base.ladder for both in effect.clocks if both.base.due_at != both.draft.due_at}
    assert moved == {Stage.INVESTIGATING}


def test_what_happened_after_a_moment_is_not_looked_at():
    story = acknowledged_after(13)
    effect = replayed(story.entries, POLICY, TWELVE_HOURS, FRIDAY + timedelta(hours=11))
    assert effect
    assert sum_of(effect).breaches_more == 0
    assert replayed(story.entries, POLICY, TWELVE_HOURS, FRIDAY - timedelta(hours=1)) is None


# ---- many of them ----------------------------------------------------------------------------------------------------


def effects(many: int) -> list[Effect]:
    """Of lives of which every third is late by twelve hours."""
    kinds = [tried(acknowledged_after(hours), TWELVE_HOURS) for hours in (13, 3, 1)]
    return [kinds[number % 3]._replace(complaint_id=f"C{number:05}") for number in range(many)]


@given(cuts=lists(integers(0, 90), max_size=4), order=randoms())
@settings(max_examples=10, deadline=None)
def test_parts_come_to_the_same_in_whatever_order(cuts: list[int], order: Random):
    whole, found = Tally(), effects(90)
    for effect in found:
        whole.add(effect)
    order.shuffle(found)
    edges = [0, *sorted(cuts), 90]
    parts = []
    for begin, end in pairwise(edges):
        part = Tally()
        for effect in found[begin:end]:
            part.add(effect)
        parts.append(Outcome.model_validate_json(part.outcome().model_dump_json()))
    assert Tally.total(parts) == whole.outcome()


def test_fifty_are_named_those_that_miss_more_first_and_what_is_kept_does_not_grow():
    tally, sizes = Tally(), list[int]()
    for number, effect in enumerate(effects(3_000), start=1):
        tally.add(effect)
        if number % 1_000 == 0:
            sizes.append(len(tally.outcome().model_dump_json()))
    named = [one.complaint_id for one in tally.outcome().most_affected]
    assert named == [f"C{3 * number:05}" for number in range(50)]
    assert sizes[2] - sizes[0] < 40, "digits"
