"""4.1c, 4.3b, 4.4a, 4.5a, 5.3: who is told of what."""

from datetime import timedelta

import pytest

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.parts import Contact
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.telling.letters import Letter, to_staff
from chalicelib.domain.telling.notices import (
    AFTER,
    TABLE,
    NoticeKey,
    channels_to_consumer,
    masked,
    not_before,
    notices_of,
    outdated,
)
from chalicelib.domain.vocabulary.stages import Stage

from .cases import ALLERGY, CRACKED, FAKE, FRIDAY, NUMBER, POLICY, WANG, Story, story_in

BOTH = Contact(name="王芳", phone="+8613800138000", email="wang@example.cn")
PHONE_ONLY = Contact(name="王芳", phone="+8613800138000")
MAIL_ONLY = Contact(name="王芳", email="wang@example.cn")


def told(story: Story, action: Action) -> list[tuple[str, str]]:
    """Who is told what of the events that an action led to."""
    known = len(story.entries)
    story.do(action)
    return [(key.audience, key.kind) for entry in story.entries[known:] for key in notices_of(entry)]


def test_every_kind_of_event_says_who_is_told():
    assert set(TABLE) == set(events.KINDS)


def test_every_kind_of_notice_is_told_of_something():
    of_events = {row.kind for rows in TABLE.values() for row in rows}
    assert of_events | {"digest", "calendar_warning"} == set(NOTICES)


def test_the_consumer_gets_a_receipt():
    assert notices_of(Story().entries[0]) == [NoticeKey(NUMBER, 1, "consumer", "receipt")]


def test_the_consumer_is_told_of_each_step_of_a_good_life():
    story = Story()
    assert told(story, Action.ACKNOWLEDGE) == [("consumer", "acknowledgement")]
    assert told(story, Action.REPORT) == []
    assert told(story, Action.PROPOSE_PLAN) == [("consumer", "plan")]
    assert told(story, Action.ACCEPT_PLAN) == [("consumer", "closure")]
    assert told(story, Action.COMPLETE_FOLLOW_UP) == [("consumer", "follow_ups_done")]
    assert told(story, Action.REOPEN) == [
        ("consumer", "reopening"),
        ("assignee", "reopened"),
        ("customer_service", "reopened"),
    ]


def test_an_objection_is_told_to_staff_and_the_adjusted_plan_to_the_consumer():
    story = story_in(Stage.AWAITING_CONSUMER)
    assert told(story, Action.OBJECT_TO_PLAN) == [("assignee", "objection"), ("customer_service", "objection")]
    assert told(story, Action.PROPOSE_PLAN) == [("consumer", "adjusted_plan")]


def test_the_department_that_is_asked_is_told_and_its_answer_goes_back():
    story = Story(CRACKED)
    assert told(story, Action.ACKNOWLEDGE) == [("consumer", "acknowledgement"), ("quality", "inquiry_asked")]
    assert told(story, Action.ANSWER_INQUIRY) == [
        ("assignee", "inquiry_answered"),
        ("customer_service", "inquiry_answered"),
    ]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (Action.UPDATE_DELIVERY, "delivery_update"),
        (Action.REQUEST_INFORMATION, "information_request"),
        (Action.EXTEND, "extension"),
        (Action.WITHDRAW, "withdrawal"),
        (Action.MERGE, "merged"),
        (Action.REPLACE_LINK, "new_link"),
    ],
)
def test_the_consumer_is_told_of_what_concerns_them_in_between(action: Action, kind: str):
    assert told(story_in(Stage.INVESTIGATING), action) == [("consumer", kind)]


@pytest.mark.parametrize("action", [Action.NOTE, Action.ADD_EVIDENCE])
def test_nobody_is_told_of_a_note_or_a_file(action: Action):
    assert told(Story(), action) == []


def test_a_danger_is_told_to_management_at_once_and_false_advertising_to_legal_alone():
    dangerous, false = Story(ALLERGY).entries[1], Story(FAKE).entries[1]
    assert [key.audience for key in notices_of(dangerous)] == ["legal", "management"]
    assert [key.audience for key in notices_of(false)] == ["legal"]
    assert not_before(dangerous) == FRIDAY


def test_alarms_are_told_to_whom_the_policy_says_and_to_who_has_the_complaint():
    story = Story()
    story.now = FRIDAY + timedelta(hours=73)
    alarms = {entry.kind: [key.audience for key in notices_of(entry)] for entry in story.ring().entries[1:]}
    assert alarms == {
        "ReminderRaised": ["customer_service", "assignee"],
        "DeadlineMissed": ["supervisor", "assignee"],
        "Escalated": ["management"],
    }


def test_an_alarm_of_the_night_is_told_in_the_morning():
    story = story_in(Stage.PLANNING)
    story.now = FRIDAY + timedelta(days=4)
    missed = next(entry for entry in story.ring().entries if entry.kind == "DeadlineMissed")
    assert (missed.at, not_before(missed) - missed.event.alarm.moment) == (  # type: ignore[attr-defined]
        story.now,
        timedelta(hours=8),
    )


def test_a_reminder_of_what_has_been_done_meanwhile_is_not_told_and_a_breach_is():
    story = Story()
    story.now = FRIDAY + timedelta(hours=24)
    _, reminder, breach = story.ring().entries
    assert not outdated(reminder, story.complaint)
    story.do(Action.ACKNOWLEDGE)
    assert outdated(reminder, story.complaint)
    assert not outdated(breach, story.complaint)


def test_a_reminder_of_a_due_time_says_nothing_of_the_consumer():
    story = Story()
    story.now = FRIDAY + timedelta(hours=23)
    (reminder,) = [entry for entry in story.ring().entries if entry.kind == "ReminderRaised"]
    assert not to_staff("reminder", Letter(story.complaint, BOTH, reminder, "", POLICY, "zh-CN"))["unanswered"]


def test_who_has_both_is_mailed_and_texted_what_has_a_deadline():
    assert channels_to_consumer("receipt", BOTH, ()) == ["email"]
    assert channels_to_consumer("plan", BOTH, ()) == ["email", "sms"]


def test_who_cannot_be_mailed_is_texted_and_nobody_is_written_to_by_a_way_that_failed():
    assert channels_to_consumer("receipt", PHONE_ONLY, ()) == ["sms"]
    assert channels_to_consumer("receipt", BOTH, {"email"}) == ["sms"]
    assert channels_to_consumer("receipt", BOTH.model_copy(update={"email_unusable": True}), ()) == ["sms"]
    assert channels_to_consumer("receipt", MAIL_ONLY, {"email"}) == []
    assert channels_to_consumer("plan", BOTH, {"email", "sms"}) == []


def test_reports_of_the_mail_system_lead_one_way():
    ranks = {"sent": 0, "delayed": 1, "delivered": 2, "undelivered": 3, "bounced": 3, "complained": 3}
    assert all(ranks[before] < ranks[state] for state, earlier in AFTER.items() for before in earlier)


def test_an_address_in_a_list_can_be_recognised_and_not_used():
    assert masked("wang@example.cn") == "w***@example.cn"
    assert masked("+8613800138000") == "+86138****8000"


def test_the_consumer_is_reminded_to_answer_the_plan_and_the_question():
    plan, question = story_in(Stage.AWAITING_CONSUMER), story_in(Stage.INVESTIGATING)
    question.do(Action.REQUEST_INFORMATION)
    plan.now = question.now = FRIDAY + timedelta(days=5)
    kinds = [
        [key.kind for entry in story.ring().entries if entry.kind == "ReminderRaised" for key in notices_of(entry)]
        for story in (plan, question)
    ]
    assert kinds == [["answer_reminder"], ["information_request"]]
    assert question.complaint.open_request is not None
    question.do(Action.GIVE_INFORMATION, WANG)
    nudge = next(entry for entry in question.entries if entry.kind == "ReminderRaised")
    assert outdated(nudge, question.complaint)


def test_when_a_wait_has_ended_staff_are_told_when_the_stage_is_due_now_unless_it_is_over():
    story = story_in(Stage.INVESTIGATING)
    story.do(Action.REQUEST_INFORMATION)
    story.now = FRIDAY + timedelta(days=10)
    expired = next(entry for entry in story.ring().entries if entry.kind == "WaitExpired")
    assert not outdated(expired, story.complaint)
    letter = Letter(story.complaint, BOTH, expired, "", POLICY, "zh-CN")
    assert story.complaint.deadline is not None
    said = to_staff("reminder", letter)
    assert (said["due_at"], said["unanswered"]) == (letter.said(story.complaint.deadline.due_at), True)
    story.do(Action.REPORT)
    assert outdated(expired, story.complaint)
