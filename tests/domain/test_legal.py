"""5.4: where law is involved, the plan that goes out is the text that legal has read and approved."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Feedback, LegalReview, PlanDraft, ResolutionPlan, Withdrawal
from chalicelib.domain.ground.errors import Forbidden, NotAllowed
from chalicelib.domain.telling.outdated import outdated
from chalicelib.domain.vocabulary.stages import Stage
from tests import examples

from .cases import FAKE, FRIDAY, LEAD, LEGAL, MANAGEMENT, REPORT, SUBMISSIONS, WANG, Story, story_in

YES, NO = LegalReview(approved=True, advice="可以发出"), LegalReview(approved=False, advice="赔偿低于法定三倍")


def fake_in_planning() -> Story:
    """A fake brand, of which the plan is to be made."""
    without_answer = REPORT.model_copy(update={"without_inquiries": "法务随方案一并审核"})
    return Story(FAKE).do(Action.ACKNOWLEDGE).do(Action.REPORT, submission=without_answer)


def written(**changes: Any) -> dict[str, Any]:
    return examples.PLAN | changes


def draft(story: Story, **changes: Any) -> int:
    """Customer service writes a draft; its number."""
    story.do(Action.DRAFT_PLAN, submission=PlanDraft.model_validate(written(**changes)))
    assert story.complaint.plan_draft
    return story.complaint.plan_draft.number


def propose(story: Story, **changes: Any) -> Story:
    return story.do(Action.PROPOSE_PLAN, submission=ResolutionPlan.model_validate(written(**changes)))


def review(story: Story, word: LegalReview = YES, **named: Any) -> Story:
    return story.do(Action.REVIEW, LEGAL, word.model_copy(update=named))


def test_a_draft_is_known_by_its_entry_with_who_and_when_and_stays_between_staff():
    story = fake_in_planning()
    story.now += timedelta(hours=1)
    number = draft(story)
    present = story.complaint.plan_draft
    assert present
    assert (present.number, present.drafted_at, present.drafted_by) == (story.entries[-1].seq, story.now, "cs.lin")
    assert number == story.complaint.seq
    assert story.entries[-1].event.public_face() is None
    assert (story.complaint.stage, story.complaint.resolution_plans) == (Stage.PLANNING, ())


def test_only_the_text_that_legal_has_approved_goes_out():
    story = fake_in_planning()
    number = draft(story)
    review(story)
    with pytest.raises(NotAllowed, match=f"not_the_approved_draft draft={number} .*summary") as refusal:
        propose(story, summary="只道歉")
    assert refusal.value.values["draft"] == number
    plan = propose(story).complaint.plan_in_force
    assert plan
    assert plan.plan.summary == examples.PLAN["summary"]


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": "另一种说法"},
        {"complete_within_days": 6},
        {"follow_up_measures": ["回访", "再回访"]},
        {"reasons": "已超过退货期限。"},
        {"methods": [{"kind": "apology", "detail": "道歉"}]},
        {"methods": [examples.PLAN["methods"][0] | {"amount": {"value": "59.91", "currency": "CNY"}}]},
        {"methods": [examples.PLAN["methods"][0] | {"amount": {"value": "59.9", "currency": "CNY"}}]},
        {"methods": [examples.PLAN["methods"][0] | {"amount": {"value": "59.90", "currency": "USD"}}]},
    ],
    ids=str,
)
def test_what_differs_by_a_letter_is_another_plan(changes: dict[str, Any]):
    story = fake_in_planning()
    draft(story)
    review(story)
    with pytest.raises(NotAllowed, match="not_the_approved_draft"):
        propose(story, **changes)


def test_what_is_written_otherwise_but_reads_the_same_is_the_same_plan():
    story = fake_in_planning()
    draft(story, reasons=None)
    review(story)
    propose(story, summary=f" {examples.PLAN['summary']} ", complete_within_days=5.0)


def test_a_review_names_the_draft_that_it_is_of():
    story = fake_in_planning()
    first = draft(story)
    review(story, NO)
    second = draft(story, summary="退一赔三")
    review(story, draft=second)
    assert [one.review.draft for one in story.complaint.legal_reviews] == [first, second]
    last = story.complaint.legal_reviews[-1]
    assert (last.round, last.reviewed_at, last.reviewed_by, last.review.advice) == (1, FRIDAY, "legal.xu", YES.advice)


def test_nothing_can_be_reviewed_before_it_is_written():
    story = fake_in_planning()
    with pytest.raises(NotAllowed, match="draft_missing"):
        review(story)
    with pytest.raises(NotAllowed):
        review(story_in(Stage.INVESTIGATING))


def test_a_review_of_a_draft_whose_place_another_has_taken_counts_for_neither():
    story = fake_in_planning()
    first = draft(story)
    second = draft(story, summary="退一赔三")
    with pytest.raises(NotAllowed, match=f"draft_replaced draft={second} ") as refusal:
        review(story, draft=first)
    assert refusal.value.values["draft"] == second
    assert not story.complaint.legally_approved
    with pytest.raises(NotAllowed):
        review(story, draft=second + 1)


def test_a_draft_after_the_approval_needs_another_even_in_the_same_words():
    story = fake_in_planning()
    draft(story)
    review(story)
    draft(story)
    with pytest.raises(NotAllowed, match="legal_must_approve"):
        propose(story)
    review(story)
    propose(story)


def test_a_refusal_takes_the_approval_of_the_same_draft_back_and_an_approval_the_refusal():
    story = fake_in_planning()
    draft(story)
    review(story)
    assert story.complaint.legally_approved
    review(story, NO)
    assert not story.complaint.legally_approved
    with pytest.raises(NotAllowed):
        propose(story)
    propose(review(story))


def test_in_the_next_round_draft_and_approval_of_before_are_worth_nothing():
    story = fake_in_planning()
    draft(story)
    propose(review(story)).do(Action.OBJECT_TO_PLAN, WANG, Feedback(satisfied=False, opinion="还要道歉"))
    assert story.complaint.plan_draft is None
    for attempt in (propose, review):
        with pytest.raises(NotAllowed):
            attempt(story)
    draft(story)
    propose(review(story))
    assert [one.round for one in story.complaint.legal_reviews] == [1, 2]


def test_nor_are_they_once_it_was_closed_and_reopened():
    story = fake_in_planning()
    number = draft(story)
    review(story).do(Action.WITHDRAW, WANG, Withdrawal()).do(Action.REOPEN)
    assert story.complaint.stage == Stage.PLANNING
    with pytest.raises(NotAllowed):
        propose(story)
    with pytest.raises(NotAllowed):
        review(story, draft=number)


def test_a_plan_where_law_is_not_involved_may_be_reviewed_and_needs_no_review():
    story = story_in(Stage.PLANNING)
    draft(story)
    review(story, NO)
    assert propose(story, summary="另一种说法").complaint.stage == Stage.AWAITING_CONSUMER


def test_an_approval_of_before_the_legal_issue_was_raised_is_none():
    story = story_in(Stage.PLANNING)
    draft(story)
    review(story).do(Action.ASK, submission=SUBMISSIONS[Action.ASK].model_copy(update={"legal_issue": True}))
    assert story.complaint.legal_issue
    with pytest.raises(NotAllowed):
        propose(story)
    draft(story)
    propose(review(story))


def test_nor_is_one_of_before_a_further_issue_was_raised():
    further = SUBMISSIONS[Action.ASK].model_copy(update={"legal_issue": True})
    story = story_in(Stage.PLANNING).do(Action.ASK, submission=further)
    draft(story)
    review(story).do(Action.ASK, submission=further)
    with pytest.raises(NotAllowed):
        propose(story)
    draft(story)
    propose(review(story))


def test_the_words_of_a_draft_leave_the_complaint_with_the_stage_and_stay_in_the_timeline():
    story = fake_in_planning()
    number = draft(story, summary="只有法务看过的草案")
    draft(story)
    propose(review(story))
    assert story.complaint.plan_draft is None
    assert "只有法务看过的草案" not in story.complaint.model_dump_json()
    kept = next(entry for entry in story.entries if entry.seq == number)
    assert kept.said["plan"]["summary"] == "只有法务看过的草案"


def test_only_customer_service_writes_drafts_and_only_legal_reviews_them():
    story = fake_in_planning()
    for who in (LEGAL, WANG, MANAGEMENT):
        with pytest.raises(Forbidden):
            story.do(Action.DRAFT_PLAN, who)
    story.do(Action.DRAFT_PLAN, LEAD)
    with pytest.raises(Forbidden):
        story.do(Action.REVIEW, LEAD)


def test_legal_is_told_of_the_newest_draft_only():
    story = fake_in_planning()
    draft(story)
    first = story.entries[-1]
    draft(story)
    second = story.entries[-1]
    assert outdated(first, story.complaint)
    assert not outdated(second, story.complaint)
    propose(review(story))
    assert outdated(second, story.complaint)


def test_a_plan_longer_than_may_be_promised_is_refused_as_a_draft_already():
    story = story_in(Stage.PLANNING)
    for _ in range(2):
        propose(story, follow_up_measures=["回访"] * 20).do(Action.ACCEPT_PLAN).do(Action.REOPEN)
    with pytest.raises(NotAllowed, match="measures_undone"):
        draft(story)
