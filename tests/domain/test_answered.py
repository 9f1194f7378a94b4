"""Whether the consumer has said something since customer service did anything: what a queue marks as answered."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.complaint.complaint import EXCERPT, Summary
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Inquiry
from chalicelib.domain.ground.people import consumer, staff
from chalicelib.domain.vocabulary.stages import Stage

from .cases import FRIDAY, KETTLE, LIN, WHO, Story, story_in

LEAD = staff("cs.lead", frozenset({"supervisor"}))


def answered(story: Story) -> Any:
    known = story.complaint.answered
    return known and (known.at, known.by)


def wang(story: Story) -> Any:
    return consumer(story.complaint.complaint_id)


def objected() -> Story:
    """The consumer has objected to a plan an hour after it came."""
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now += timedelta(hours=1)
    return story.do(Action.OBJECT_TO_PLAN, wang(story))


def test_what_is_filed_waits_by_the_queue_and_is_no_answer():
    assert answered(Story()) is None


def test_an_objection_waits_from_when_it_came():
    story = objected()
    assert answered(story) == (story.now, "consumer")
    assert "answered" in Summary.of(story.complaint).marks


def test_more_of_it_waits_since_the_first():
    story = objected()
    first = story.now
    story.now += timedelta(hours=1)
    story.do(Action.GIVE_INFORMATION, wang(story))
    assert answered(story) == (first, "consumer")


@pytest.mark.parametrize("action", [Action.NOTE, Action.CALL, Action.ASK, Action.PROPOSE_PLAN])
def test_whatever_customer_service_does_about_it_ends_that(action: Action):
    assert answered(objected().do(action)) is None


def test_to_give_it_to_somebody_answers_nothing():
    assert answered(objected().do(Action.ASSIGN)) is not None


def test_a_department_answers_us_and_not_the_consumer():
    story = objected().do(Action.ASK, submission=Inquiry(department="quality", question="？"))
    story.do(Action.GIVE_INFORMATION, wang(story)).do(Action.ANSWER_INQUIRY)
    assert answered(story) is not None
    assert answered(story.do(Action.EXTEND, LEAD)) is None


def test_what_customer_service_records_for_a_caller_waits_for_nobody():
    assert answered(objected().do(Action.GIVE_INFORMATION, LIN)) is None


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.MERGE])
def test_what_is_closed_waits_for_nobody(action: Action):
    story = objected()
    by = wang(story) if action is Action.WITHDRAW else WHO[action]
    assert answered(story.do(action, by)) is None


def test_a_complaint_that_its_consumer_reopens_waits():
    story = story_in(Stage.CLOSED)
    assert answered(story) is None
    story.now = FRIDAY + timedelta(days=4)
    assert answered(story.do(Action.REOPEN, wang(story))) == (story.now, "consumer")


def test_an_excerpt_is_one_line_of_so_many_characters():
    story = Story(KETTLE.model_copy(update={"description": "裂了\n\n" + "很" * 200}))
    excerpt = Summary.of(story.complaint).excerpt
    assert (len(excerpt), excerpt[:4]) == (EXCERPT, "裂了 很")
