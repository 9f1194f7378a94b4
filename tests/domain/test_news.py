"""Staff are told once of what a consumer sends within minutes, and of all of it."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from, tuples

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.telling.letters import Letter, to_staff
from chalicelib.domain.telling.notices import not_before, notices_of
from chalicelib.domain.vocabulary.stages import Stage

from .cases import FRIDAY, PHOTOGRAPH, POLICY, WANG, Story, policy_with, story_in

WITHIN = timedelta(minutes=5)
SENT = ("InformationGiven", "EvidenceReceived")


def told(story: Story) -> list[tuple[timedelta, str]]:
    """When staff are told of what the consumer sent, after it began, and who."""
    return [
        (not_before(entry) - FRIDAY, key.audience)
        for entry in story.entries
        if entry.kind in SENT
        for key in notices_of(entry)
    ]


def send(story: Story, what: str) -> None:
    if what == "files":
        story.found(PHOTOGRAPH)
    else:
        story.do(Action.GIVE_INFORMATION, WANG)


def test_of_nine_photographs_and_a_message_staff_are_told_once_and_how_much_it_is():
    story = Story()
    for _ in range(9):
        story.found(PHOTOGRAPH)
        story.now += timedelta(seconds=20)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert told(story) == [(WITHIN, "assignee"), (WITHIN, "customer_service")]
    first = next(entry for entry in story.entries if entry.kind == "EvidenceReceived")
    said = to_staff("information_given", Letter(story.complaint, first, "", POLICY, "zh-CN"))
    assert (said["files"], said["messages"]) == (9, 1)


def test_words_are_told_at_once_and_what_follows_within_minutes_together():
    story = Story().do(Action.GIVE_INFORMATION, WANG)
    for _ in range(3):
        story.now += timedelta(minutes=1)
        send(story, "messages")
        send(story, "files")
    assert [when for when, _ in told(story)] == [timedelta(), timedelta(), WITHIN, WITHIN]
    story.now += timedelta(minutes=10)
    send(story, "messages")
    assert [when for when, _ in told(story)][4:] == [timedelta(minutes=13)] * 2


def test_what_comes_once_staff_have_been_told_is_news_of_its_own():
    story = Story().found(PHOTOGRAPH)
    story.now += WITHIN - timedelta(seconds=1)
    story.found(PHOTOGRAPH)
    assert len(told(story)) == 2
    story.now += timedelta(seconds=1)
    story.found(PHOTOGRAPH)
    assert [when for when, _ in told(story)] == [WITHIN, WITHIN, 2 * WITHIN, 2 * WITHIN]
    first = next(entry for entry in story.entries if entry.kind == "EvidenceReceived")
    said = to_staff("information_given", Letter(story.complaint, first, "", POLICY, "zh-CN"))
    assert (said["files"], said["messages"]) == (0, 0), "told late, it does not count what is told by itself"


def test_what_answers_a_question_is_told_with_what_came_before_it_and_stops_the_clock_at_once():
    story = story_in(Stage.INVESTIGATING).found(PHOTOGRAPH)
    story.do(Action.REQUEST_INFORMATION)
    story.now += timedelta(minutes=1)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert story.complaint.open_request is None
    assert len(told(story)) == 2


def test_what_comes_since_the_plan_is_told_with_by_when_it_is_to_be_read():
    story = story_in(Stage.AWAITING_CONSUMER).found(PHOTOGRAPH)
    story.now += timedelta(minutes=1)
    story.do(Action.GIVE_INFORMATION, WANG)
    first = next(entry for entry in story.entries if entry.kind == "EvidenceReceived")
    clock = story.complaint.words_clock
    assert clock
    letter = Letter(story.complaint, first, "", POLICY, "zh-CN")
    assert to_staff("information_given", letter)["read_by"] == letter.said(clock.due_at)


def test_how_long_is_waited_is_operating_data_which_the_entry_names():
    story = Story()
    story.policy = policy_with(told_together_minutes=0)
    story.found(PHOTOGRAPH).found(PHOTOGRAPH)
    assert [when for when, _ in told(story)] == [timedelta()] * 4
    assert story.entries[-1].said["operating"] == 2


@given(sent=lists(tuples(integers(0, 900), sampled_from(["files", "messages"])), min_size=1, max_size=12))
def test_whatever_is_sent_is_told_within_five_minutes_and_never_twice_in_five(sent: list[tuple[int, str]]):
    story = Story()
    for seconds, what in sent:
        story.now += timedelta(seconds=seconds)
        send(story, what)
    arrived = [entry.at for entry in story.entries if entry.kind in SENT]
    when = sorted({FRIDAY + moment for moment, _ in told(story)})
    assert all(any(timedelta() <= moment - at <= WITHIN for moment in when) for at in arrived)
    assert all(later - earlier >= WITHIN for earlier, later in pairwise(when))
