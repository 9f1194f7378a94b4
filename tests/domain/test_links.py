"""How long the consumer's link opens the complaint: never too short for what may be done by it, never for ever."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.complaint.events import MergerMoved, OtherClosed, OtherReopened
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.links import reads_until
from chalicelib.domain.complaint.submissions import FollowUpDone, Reopening
from chalicelib.domain.ground.worktime import after_days
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

from .cases import FRIDAY, OPERATING, POLICY, RULES, Story, story_in


def days_after(moment: datetime, days: int = 180, policy: Policy = POLICY) -> datetime:
    """Midnight in Shanghai at the end of that many days; the one on which it began does not count."""
    return after_days(moment, days, policy.calendar, policy.zone).at


def ends(story: Story) -> datetime | None:
    return reads_until(story.complaint, story.policy)


def settled() -> Story:
    """Closed, and what was promised is done."""
    story = story_in(Stage.CLOSED)
    return story.do(Action.COMPLETE_FOLLOW_UP, submission=FollowUpDone())


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
def test_while_a_complaint_is_open_its_link_reads_however_long_that_takes(stage: Stage):
    assert ends(story_in(stage)) is None


def test_after_the_closure_it_reads_for_the_days_of_the_policy_counted_as_days_are():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now += timedelta(days=400)
    story.do(Action.WITHDRAW)
    assert ends(story) == days_after(FRIDAY + timedelta(days=400))
    assert days_after(FRIDAY) == datetime.fromisoformat("2027-04-08T00:00:00+08:00")


def test_while_a_promised_measure_is_not_done_it_reads():
    story = story_in(Stage.CLOSED)
    assert ends(story) is None
    story.now += timedelta(days=300)
    assert ends(story.do(Action.COMPLETE_FOLLOW_UP)) == days_after(FRIDAY)


def test_while_what_it_was_merged_into_is_handled_it_reads_and_after_that_for_the_days_again():
    story = Story().do(Action.MERGE)
    assert ends(story) is None
    story.now += timedelta(days=400)
    closed = OtherClosed(of="AAAAA-AAAAA", outcome=Outcome.WITHDRAWN, closed_at=story.now, agreed=False)
    assert ends(story.found(closed)) == days_after(story.now)
    assert ends(story.found(OtherReopened(of="AAAAA-AAAAA"))) is None
    assert ends(story.found(MergerMoved(into="BBBBB-BBBBB"))) is None


def test_reopened_it_reads_again_and_counts_from_the_last_closure():
    story = settled()
    story.now += timedelta(days=20)
    assert ends(story.do(Action.REOPEN, submission=Reopening(reason="又坏了"))) is None
    assert ends(story.do(Action.WITHDRAW)) == days_after(FRIDAY + timedelta(days=20))


@pytest.mark.parametrize("action", [Action.REPLACE_LINK, Action.CORRECT_CONTACT])
def test_a_new_link_after_the_end_reads_for_the_days_again(action: Action):
    story = settled()
    story.now += timedelta(days=500)
    assert ends(story.do(action)) == days_after(story.now)


def test_one_issued_before_the_closure_reads_no_longer_than_that():
    story = Story().do(Action.REPLACE_LINK)
    story.now += timedelta(days=3)
    assert ends(story.do(Action.WITHDRAW)) == days_after(FRIDAY + timedelta(days=3))


def test_what_may_be_reopened_by_it_it_opens_whatever_the_days_of_the_policy_are():
    story = settled()
    story.policy = Policy.of(RULES.model_copy(update={"link_days": 10, "reopening_days": 40}), OPERATING)
    assert ends(story) == days_after(FRIDAY, 40)
