"""3.2, 4.4b: what may be done now, and why nothing else may, is said before anybody tries."""

from datetime import timedelta

import pytest

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.clocks import reopen_until, review_until
from chalicelib.domain.complaint.decisions import erase_words, may
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.recourse import because
from chalicelib.domain.ground.people import Actor, Role, staff
from chalicelib.domain.vocabulary.stages import Stage

from .cases import (
    CHEN,
    CRACKED,
    FAKE,
    FRIDAY,
    LEAD,
    LEGAL,
    LIN,
    LOGISTICS,
    PHOTOGRAPH,
    PLAN,
    POLICY,
    QUALITY,
    REJECTION,
    SHOP,
    WANG,
    Story,
    story_for,
    story_in,
)
from .possible import OTHERS, assert_said_before

ANYONE = [SHOP, WANG, LIN, CHEN, LEAD, QUALITY, LOGISTICS, LEGAL, *(staff("x", frozenset({role})) for role in Role)]
DAY = timedelta(days=1)
ASKED = events.OtherClosed(of="BBBBB-BBBBB", outcome="satisfied", closed_at=Story().now, agreed=False)


def later(story: Story, **much: float) -> Story:
    story.now += timedelta(**much)
    return story


def rejected() -> Story:
    return story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN, submission=REJECTION)


def with_law() -> Story:
    return story_in(Stage.INVESTIGATING, FAKE).do(Action.REPORT, submission=OTHERS[Action.REPORT][0])


def merged() -> Story:
    return Story().do(Action.MERGE)


def erased(story: Story | None = None) -> Story:
    story = (story or story_in(Stage.CLOSED)).do(Action.COMPLETE_FOLLOW_UP, part="1")
    return story._happened(erase_words(story.complaint, story.now, POLICY))


def reopened(times: int) -> Story:
    story = Story().do(Action.WITHDRAW)
    for _ in range(times):
        story.do(Action.REOPEN).do(Action.WITHDRAW)
    return story


STORIES = {
    **{stage: lambda stage=stage: story_in(stage) for stage in Stage},
    "whose plan is overdue for an answer": lambda: later(story_in(Stage.AWAITING_CONSUMER), days=18),
    "that lapsed": lambda: later(story_in(Stage.AWAITING_CONSUMER), days=18).ring(),
    "that was rejected": rejected,
    "that another person decides": lambda: rejected().do(Action.REQUEST_REVIEW, WANG),
    "closed by a rejection": lambda: rejected().do(Action.ACCEPT_PLAN),
    "closed by a rejection long ago": lambda: later(rejected().do(Action.ACCEPT_PLAN), days=20),
    "closed long ago": lambda: later(story_in(Stage.CLOSED), days=40),
    "whose measures are done": lambda: story_in(Stage.CLOSED).do(Action.COMPLETE_FOLLOW_UP, part="1"),
    "reopened too often": lambda: reopened(3),
    "merged into another": merged,
    "merged into one that closed": lambda: merged().found(ASKED),
    "merged into one that its consumer accepted": lambda: merged().found(ASKED.model_copy(update={"agreed": True})),
    "merged into one that closed long ago": lambda: later(merged().found(ASKED), days=40),
    "whose words are erased": erased,
    "closed by a rejection, whose words are erased": lambda: erased(rejected().do(Action.ACCEPT_PLAN)),
    "where quality was asked": lambda: story_in(Stage.INVESTIGATING, CRACKED),
    "where quality has answered": lambda: story_in(Stage.INVESTIGATING, CRACKED).do(Action.ANSWER_INQUIRY, part="1"),
    "where law is involved": with_law,
    "where legal has a draft": lambda: with_law().do(Action.DRAFT_PLAN),
    "where legal has approved": lambda: with_law().do(Action.DRAFT_PLAN).do(Action.REVIEW),
    "that waits for an answer": lambda: story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION),
    "that waited in vain": lambda: later(story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION), days=8),
    "with unread words": lambda: story_for(Stage.AWAITING_CONSUMER, Action.READ_INFORMATION),
    "extended": lambda: story_in(Stage.INVESTIGATING).do(Action.EXTEND),
    "with a photograph": lambda: Story().found(PHOTOGRAPH),
    "closed, and not asked yet": lambda: story_in(Stage.CLOSED),
    "asked how it was": lambda: story_for(Stage.CLOSED, Action.ANSWER_SURVEY),
    "with a low answer": lambda: story_for(Stage.CLOSED, Action.REVIEW_SURVEY),
    "reopened after a low answer": lambda: story_for(Stage.PLANNING, Action.REVIEW_SURVEY),
    "where somebody is heard": lambda: story_for(Stage.PLANNING, Action.STATE),
    "where a hearing is to be decided": lambda: story_for(Stage.CLOSED, Action.DECIDE),
    "where somebody can object": lambda: story_for(Stage.RECEIVED, Action.OBJECT),
    "where another of management decides": lambda: story_for(Stage.RECEIVED, Action.OBJECT).do(Action.OBJECT),
    "reopened, with measures of before": lambda: story_for(Stage.PLANNING, Action.COMPLETE_FOLLOW_UP),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_may_be_done_is_what_is_taken_and_why_not_is_what_is_refused(name: str):
    for actor in ANYONE:
        assert_said_before(STORIES[name](), actor)


def said(story: Story, actor: Actor = WANG) -> tuple[set[str], dict[str, str]]:
    allowed, why_not = may(story.complaint, actor, story.now, story.policy)
    return {str(action) for action in allowed}, {str(action): one.reason for action, one in why_not.items()}


def test_whoever_waits_for_a_consumer_sees_what_the_consumer_may_do_and_nothing_of_staff():
    allowed, why_not = said(story_in(Stage.AWAITING_CONSUMER))
    assert allowed == {"accept_plan", "object_to_plan", "withdraw", "give_information", "add_evidence"}
    assert why_not == {
        **dict.fromkeys(("reopen", "answer_survey", "decline_survey"), "stage_forbids"),
        "request_review": "no_rejection_to_review",
    }
    assert said(story_in(Stage.AWAITING_CONSUMER), SHOP) == ({"add_evidence", "replace_link"}, {})


def test_whoever_answers_before_it_has_lapsed_is_in_time_and_afterwards_may_reopen():
    due = STORIES["whose plan is overdue for an answer"]()
    assert "accept_plan" in said(due)[0]
    allowed, why_not = said(due.ring())
    assert ("reopen" in allowed, why_not["accept_plan"]) == (True, "end_forbids")


def test_what_rang_unheard_counts_as_if_it_had_rung():
    waits = STORIES["that waits for an answer"]()
    assert said(waits, LIN)[1]["request_information"] == "request_open"
    assert "request_information" in said(later(waits, days=8), LIN)[0]


def test_an_inquiry_is_answered_by_the_department_that_was_asked():
    asked = STORIES["where quality was asked"]()
    assert "answer_inquiry" in said(asked, QUALITY)[0]
    assert said(asked, LOGISTICS)[1]["answer_inquiry"] == "inquiry_of_another"
    assert said(STORIES["where quality has answered"](), QUALITY)[1]["answer_inquiry"] == "inquiry_over"
    assert said(Story(), QUALITY)[1]["answer_inquiry"] == "stage_forbids"


def test_one_open_part_is_enough():
    story = STORIES["where quality has answered"]().do(Action.ASK)
    assert "answer_inquiry" in said(story, QUALITY)[0]


def test_where_law_is_involved_a_plan_may_be_drafted_and_then_proposed_once_legal_has_approved_it():
    assert said(STORIES["where law is involved"](), LIN)[1]["propose_plan"] == "legal_must_approve"
    assert said(STORIES["where law is involved"](), LEGAL)[1]["review"] == "draft_missing"
    assert "review" in said(STORIES["where legal has a draft"](), LEGAL)[0]
    assert "propose_plan" in said(STORIES["where legal has approved"](), LIN)[0]


def test_who_decided_before_is_told_so_and_their_colleague_may():
    story = STORIES["that another person decides"]()
    assert said(story, LIN)[1]["propose_plan"] == "another_person_decides"
    assert "propose_plan" in said(story, CHEN)[0]


def test_of_a_complaint_whose_words_are_erased_nothing_is_done_any_more():
    for actor in (WANG, LIN, SHOP):
        allowed, why_not = said(STORIES["whose words are erased"](), actor)
        assert not allowed
        assert why_not["add_evidence"] == "words_erased"


def test_whoever_has_no_part_in_it_may_nothing():
    nobody = staff("nobody", frozenset({"gardeners"}))
    assert may(Story().complaint, nobody, Story().now, POLICY) == ([], {})


# ---- until when ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STORIES)
def test_until_when_something_may_be_asked_for_is_said_exactly_while_it_may_be(name: str):
    story = STORIES[name]()
    allowed, _ = said(story)
    assert ("reopen" in allowed) == (reopen_until(story.complaint, story.now, POLICY) is not None)
    assert ("request_review" in allowed) == (review_until(story.complaint, story.now, POLICY) is not None)


def test_it_can_be_reopened_until_the_thirtieth_day_ends_to_the_second():
    story = story_in(Stage.CLOSED)
    ends = POLICY.after_days(story.now, 30).at
    assert reopen_until(story.complaint, story.now, POLICY) == ends
    story.now = ends - timedelta(seconds=1)
    assert "reopen" in said(story)[0]
    story.now = ends
    assert reopen_until(story.complaint, story.now, POLICY) is None
    assert said(story)[1]["reopen"] == "reopening_too_late"


def test_a_merged_complaint_has_these_days_from_the_closure_of_the_other_one():
    story = STORIES["merged into another"]()
    assert reopen_until(story.complaint, story.now, POLICY) is None
    story.found(ASKED.model_copy(update={"closed_at": story.now + 9 * DAY}))
    assert reopen_until(story.complaint, story.now, POLICY) == POLICY.after_days(story.now + 9 * DAY, 30).at


# ---- the ways outside ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "why"),
    [
        (story_in(Stage.AWAITING_CONSUMER), []),
        (story_in(Stage.CLOSED), []),
        (rejected(), ["rejected"]),
        (rejected().do(Action.OBJECT_TO_PLAN), ["rejected"]),
        (rejected().do(Action.OBJECT_TO_PLAN).do(Action.PROPOSE_PLAN, submission=PLAN), []),
        (STORIES["that lapsed"](), ["no_response"]),
        (later(rejected(), days=18).ring(), ["rejected", "no_response"]),
        (later(Story(), hours=23), []),
        (later(Story(), hours=24), ["overdue"]),
        (later(Story(), hours=24).do(Action.ACKNOWLEDGE), ["overdue"]),
        (later(story_in(Stage.AWAITING_CONSUMER), days=18), []),
        (later(story_in(Stage.CLOSED), days=4), []),
        (later(story_in(Stage.CLOSED), days=6), ["overdue"]),
        (later(story_in(Stage.CLOSED), days=6).do(Action.COMPLETE_FOLLOW_UP), ["overdue"]),
        (later(story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION), days=3), []),
        (merged().found(events.OtherPlanProposed(of="BBBBB-BBBBB", round=1, plan=REJECTION)), ["rejected"]),
        (merged().found(events.OtherPlanProposed(of="BBBBB-BBBBB", round=1, plan=PLAN)), []),
    ],
)
def test_the_ways_outside_are_pointed_out_where_it_was_refused_lapsed_or_late(story: Story, why: list[str]):
    assert because(story.complaint, story.now) == why


def test_what_was_not_late_by_the_calendar_of_now_is_no_reason():
    late = later(Story(), hours=24).do(Action.ACKNOWLEDGE).complaint
    void = tuple(breach.model_copy(update={"void": True}) for breach in late.breaches)
    assert because(late, FRIDAY) == ["overdue"]
    assert because(late.model_copy(update={"breaches": void}), FRIDAY) == []


def test_an_inquiry_that_is_late_is_the_departments_and_promised_nobody_anything():
    story = later(story_in(Stage.INVESTIGATING, CRACKED), days=3, hours=1).ring()
    assert "inquiry 1" in [breach.clock for breach in story.complaint.breaches]
    assert because(story.complaint, story.now) == []
