"""A past complaint under another policy: what is due when, missed, told, by the one and the other."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis.strategies import composite, integers, lists, none, one_of, sampled_from, tuples

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import PlanDraft, ResolutionPlan
from chalicelib.domain.governance.lives import Life
from chalicelib.domain.governance.replay import Effect, replayed
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules
from tests.domain.cases import (
    ALLERGY,
    CRACKED,
    FAKE,
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
@settings(max_examples=150, deadline=None)
def test_by_the_policy_that_it_has_pinned_each_clock_is_due_as_its_record_says(story: Story):
    life, before = Life(POLICY), None
    for entry, following in zip(story.entries, [*story.entries[1:], None], strict=True):
        after = evolve(before, entry)
        life.follow(before, entry, after)
        before = after
        if following is None or following.at > entry.at:
            assert dues(life.complaint) == dues(after), entry


@given(story=lives())
@settings(max_examples=100, deadline=None)
def test_and_it_rings_as_the_record_says(story: Story):
    story.ring()
    raised = Counter(entry.data["alarm"]["kind"] for entry in story.entries if "alarm" in entry.data)
    counted = sum((both.base.alarms for both in tried(story, POLICY).clocks), Counter[str]())
    assert counted == raised
