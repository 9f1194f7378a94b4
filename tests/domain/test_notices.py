"""4.1c, 4.3b, 4.4a, 4.5a, 5.3: who is told of what."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.events import MergerMoved
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Assignment, LinkReplacement, Merger, Note, SafetyAssessment
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.policy.rules import Clock
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.telling.letters import Letter, to_consumer, to_staff
from chalicelib.domain.telling.notices import (
    AFTER,
    FAILED,
    TABLE,
    UNUSABLE,
    NoticeKey,
    Row,
    can_be_told_at,
    channels_to_consumer,
    masked,
    not_before,
    notices_of,
    person,
)
from chalicelib.domain.telling.outdated import OVER, outdated
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Locale, Outcome

from .cases import (
    ALLERGY,
    CRACKED,
    FAKE,
    FRIDAY,
    LEAD,
    LIN,
    NUMBER,
    PLAN,
    POLICY,
    QUALITY,
    WANG,
    Story,
    story_for,
    story_in,
)

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
    assert of_events | {
        "more",
        "lost_link",
        "digest",
        "calendar_warning",
        "returned",
        "safety_more",
        "rising",
        "got_worse",
        "study_asked",
        "study_reminder",
        "unstudied",
        "training_given",
        "training_reminder",
        "training_late",
        "training_to_confirm",
        "interpretations_to_review",
        "policy_review_due",
        "policy_review_called",
        "policy_review_late",
        "policy_review_findings",
        "audit_missing",
        "audit_left",
        "webhook_given_up",
        "webhook_disabled",
    } == set(NOTICES)


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


def test_that_another_person_is_to_decide_is_told_to_staff_and_to_the_supervisor_if_there_is_nobody():
    story = story_for(Stage.AWAITING_CONSUMER, Action.REQUEST_REVIEW)
    assert told(story, Action.REQUEST_REVIEW) == [("assignee", "objection"), ("customer_service", "objection")]
    nobody = story.found(events.NobodyFound()).entries[-1]
    assert [(key.audience, key.kind) for key in notices_of(nobody)] == [("supervisor", "nobody_to_give_to")]
    assert not outdated(nobody, story.complaint)
    assert outdated(nobody, story.do(Action.ASSIGN).complaint)


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
        (Action.TAKE_INTERIM_MEASURE, "interim_measure"),
        (Action.WITHDRAW, "withdrawal"),
        (Action.MERGE, "merged"),
        (Action.REPLACE_LINK, "new_link"),
        (Action.CORRECT_CONTACT, "new_link"),
    ],
)
def test_the_consumer_is_told_of_what_concerns_them_in_between(action: Action, kind: str):
    assert told(story_in(Stage.INVESTIGATING), action) == [("consumer", kind)]


def test_legal_is_told_of_a_draft_and_customer_service_of_the_review():
    story = story_in(Stage.PLANNING)
    assert told(story, Action.DRAFT_PLAN) == [("legal", "plan_drafted")]
    assert told(story, Action.REVIEW) == [("assignee", "legal_reviewed"), ("customer_service", "legal_reviewed")]


@pytest.mark.parametrize("action", [Action.NOTE, Action.ADD_EVIDENCE])
def test_nobody_is_told_of_a_note_or_a_file(action: Action):
    assert told(Story(), action) == []


def test_the_consumer_is_told_of_a_public_note_in_its_words():
    story = Story().do(Action.NOTE, submission=Note(text="明天上午致电给您。", public=True))
    note = story.entries[-1]
    assert notices_of(note) == [NoticeKey(NUMBER, note.seq, "consumer", "note")]
    assert to_consumer("note", Letter(story.complaint, note, "", POLICY, "zh-CN"))["text"] == "明天上午致电给您。"
    assert channels_to_consumer("note", BOTH, ()) == ["email"], "by text only where no mail goes"
    assert channels_to_consumer("note", PHONE_ONLY, ()) == ["sms"]


def test_a_danger_is_told_at_once_in_each_ones_own_words_and_false_advertising_to_legal_alone():
    dangerous, false = Story(ALLERGY).entries, Story(FAKE).entries[1]
    assert [(key.audience, key.kind) for entry in dangerous[1:] for key in notices_of(entry)] == [
        ("management", "safety"),
        *(("assignee", "safety_call"), ("customer_service", "safety_call"), ("supervisor", "safety_call")),
        ("quality", "safety_assessment"),
    ]
    assert [key.audience for key in notices_of(false)] == ["legal"]
    assert [not_before(entry) for entry in dangerous[1:]] == [FRIDAY] * 3


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
    story.now = FRIDAY + timedelta(days=3, hours=9)  # at 00:40
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
    assert not to_staff("reminder", Letter(story.complaint, reminder, "", POLICY, "zh-CN"))["unanswered"]


def test_who_has_both_is_mailed_and_texted_what_has_a_deadline():
    assert channels_to_consumer("receipt", BOTH, ()) == ["email"]
    assert channels_to_consumer("plan", BOTH, ()) == ["email", "sms"]


def test_who_cannot_be_mailed_is_texted_and_nobody_is_written_to_by_a_way_that_failed():
    assert channels_to_consumer("receipt", PHONE_ONLY, ()) == ["sms"]
    assert channels_to_consumer("receipt", BOTH, {"email"}) == ["sms"]
    assert channels_to_consumer("receipt", BOTH.model_copy(update={"email_unusable": True}), ()) == ["sms"]
    assert channels_to_consumer("receipt", MAIL_ONLY, {"email"}) == []
    assert channels_to_consumer("plan", BOTH, {"email", "sms"}) == []


def test_reports_of_the_mail_system_lead_one_way_but_what_is_given_up_may_arrive_and_what_arrived_be_given_up():
    ranks = {"sent": 0, "delayed": 1, "delivered": 2, "undelivered": 2, "bounced": 3, "complained": 3}
    assert all(ranks[before] <= ranks[state] for state, earlier in AFTER.items() for before in earlier)
    assert not any(before == state for state, earlier in AFTER.items() for before in earlier)


def test_an_address_in_a_list_can_be_recognised_and_not_used():
    assert masked("wang@example.cn") == "w***@example.cn"
    assert masked("+8613800138000") == "+86138****8000"


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("w@example.cn", "***@example.cn"),  # one letter is all of the name
        ("wf@example.cn", "w***@example.cn"),
        ("@example.cn", "***@example.cn"),
        ("+886912345678", "+88****78"),  # thirteen: a shorter number shows less of it
        ("+85291234567", "+85****67"),
    ],
)
def test_of_a_short_address_less_is_seen(address: str, seen: str):
    assert masked(address) == seen


@pytest.mark.parametrize("kind", ["adjusted_plan", "answer_reminder", "closure"])
def test_whatever_is_about_a_plan_follows_the_plan_and_the_adjusted_one(kind: str):
    assert NOTICES[kind].follows == {"plan", "adjusted_plan"}


def test_what_has_a_deadline_for_the_consumer_is_urgent_and_nothing_else():
    urgent = {kind for kind, facts in NOTICES.items() if facts.urgent}
    assert urgent == {
        *("plan", "adjusted_plan", "answer_reminder", "information_request", "sooner", "interim_measure", "lost_link")
    }
    assert {kind: facts.follows for kind, facts in NOTICES.items() if facts.follows}.keys() == {
        *("adjusted_plan", "answer_reminder", "closure", "other_plan", "other_closed", "separated", "sooner"),
        "survey_reminder",
    }
    for kind in ("other_plan", "other_closed", "separated"):
        assert NOTICES[kind].follows == {"merged", "other_plan"}


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
    letter = Letter(story.complaint, expired, "", POLICY, "zh-CN")
    assert story.complaint.deadline is not None
    said = to_staff("reminder", letter)
    assert (said["due_at"], said["unanswered"]) == (letter.said(story.complaint.deadline.due_at), True)
    story.do(Action.REPORT)
    assert outdated(expired, story.complaint)


def test_a_question_to_a_department_is_outdated_once_it_is_answered_or_nobody_waits_for_it():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.ASK)
    first, second = [entry for entry in story.entries if entry.kind == "InquiryOpened"]
    story.do(Action.ANSWER_INQUIRY)
    assert [outdated(entry, story.complaint) for entry in (first, second)] == [True, False]
    story.do(Action.WITHDRAW)
    assert outdated(second, story.complaint)


def closed_other(closed_at: datetime = FRIDAY) -> events.OtherClosed:
    return events.OtherClosed(of="AAAAA-AAAAA", outcome=Outcome.WITHDRAWN, closed_at=closed_at, agreed=False)


def planned_other(round_: int) -> events.OtherPlanProposed:
    return events.OtherPlanProposed(of="AAAAA-AAAAA", round=round_, plan=PLAN)


def test_of_what_is_handled_in_the_place_of_a_merged_complaint_only_what_still_holds_is_told():
    story = Story().do(Action.MERGE).found(planned_other(1), planned_other(2), closed_other())
    story.found(events.OtherReopened(of="AAAAA-AAAAA"), planned_other(3), closed_other(FRIDAY + timedelta(days=1)))
    merged, *told = story.entries[-7:]
    assert [key.kind for entry in told for key in notices_of(entry)] == [
        *("other_plan", "other_plan", "other_closed", "merged", "other_plan", "other_closed")
    ]
    assert [outdated(entry, story.complaint) for entry in (merged, *told)] == [
        *(False, True, True, True, True, False, False)
    ]
    story.found(MergerMoved(into="BBBBB-BBBBB"))
    moved = story.entries[-1]
    assert [outdated(entry, story.complaint) for entry in (merged, *told, moved)] == [False, *[True] * 6, False]
    story.do(Action.UNDO_MERGER)
    assert all(outdated(entry, story.complaint) for entry in (merged, *told, moved))


def test_that_a_merger_is_undone_is_told_unless_it_is_made_again():
    story = Story().do(Action.MERGE).do(Action.UNDO_MERGER)
    merged, undone = story.entries[-2:]
    assert [key.kind for key in notices_of(undone)] == ["separated"]
    assert [outdated(entry, story.complaint) for entry in (merged, undone)] == [True, False]
    story.do(Action.MERGE, submission=Merger(into="BBBBB-BBBBB"))
    assert [outdated(entry, story.complaint) for entry in (merged, undone)] == [True, True]


@pytest.mark.parametrize(
    ("stage", "later", "awaited", "due"),
    [
        (Stage.INVESTIGATING, timedelta(), False, True),
        (Stage.INVESTIGATING, timedelta(days=9), False, False),
        (Stage.AWAITING_CONSUMER, timedelta(days=40), True, True),
    ],
)
def test_who_is_told_that_a_merger_is_undone_is_told_of_no_time_gone_by(
    stage: Stage, later: timedelta, awaited: bool, due: bool
):
    story = story_in(stage).do(Action.MERGE)
    story.now += later
    story.do(Action.UNDO_MERGER)
    undone = next(entry for entry in story.entries if entry.kind == "MergerUndone")
    told = to_consumer("separated", Letter(story.complaint, undone, "", POLICY, "zh-CN"))
    assert (told["awaited"], told["due_at"] is not None) == (awaited, due)
    assert ("methods" in told) == awaited, "the plan itself: it may not have been sent before"


def test_nobody_is_told_again_of_a_danger_that_came_with_a_merger():
    story = Story().found(events.DangerFound(tier="act", raises=True, of="AAAAA-AAAAA"))
    assert notices_of(story.entries[-1]) == []


def test_of_new_links_only_the_last_is_told_and_none_where_nothing_is_to_be_sent():
    story = Story().do(Action.REPLACE_LINK).do(Action.CORRECT_CONTACT)
    replaced, corrected = story.entries[-2:]
    assert [outdated(entry, story.complaint) for entry in (replaced, corrected)] == [True, False]
    story.do(Action.REPLACE_LINK, submission=LinkReplacement(send=False))
    assert notices_of(story.entries[-1]) == []
    assert outdated(corrected, story.complaint)


def test_each_link_of_a_plans_letter_names_the_round_and_so_does_the_reminders():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.OBJECT_TO_PLAN).do(Action.PROPOSE_PLAN)
    plans = [entry for entry in story.entries if entry.kind == "PlanProposed"]
    story.now += timedelta(days=6)
    reminder = next(entry for entry in story.ring().entries if entry.kind == "ReminderRaised")
    link = "https://shop.example/7K2M9-XD4FQ#token=rt1"
    for kind, entry, number in (
        ("plan", plans[0], 1),
        ("adjusted_plan", plans[1], 2),
        ("answer_reminder", reminder, 2),
    ):
        values = to_consumer(kind, Letter(story.complaint, entry, link, POLICY, "en"))
        assert values["tracking_url"] == f"{link}&round={number}"
        assert values["accept_url"] == f"{link}&round={number}&answer=accept"
        assert values["object_url"] == f"{link}&round={number}&answer=object"


def test_a_reminder_is_outdated_once_its_clock_is_set_anew_and_what_rings_on_is_not():
    story = story_in(Stage.INVESTIGATING)
    story.now = FRIDAY + timedelta(days=3, hours=8)
    reminder = next(entry for entry in story.ring().entries if entry.kind == "ReminderRaised")
    assert not outdated(reminder, story.complaint)
    story.do(Action.EXTEND)
    assert outdated(reminder, story.complaint)
    story.now += timedelta(days=10)
    breach, escalation = (
        next(e for e in story.ring().entries if e.kind == kind) for kind in ("DeadlineMissed", "Escalated")
    )
    assert [outdated(entry, story.complaint) for entry in (breach, escalation)] == [False, False]
    story.do(Action.REPORT)
    assert [outdated(entry, story.complaint) for entry in (breach, escalation)] == [False, True]


def test_a_department_is_reminded_of_its_inquiry_and_the_assignee_is_not():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.now = FRIDAY + timedelta(hours=6)
    (reminder,) = [entry for entry in story.ring().entries if entry.kind == "ReminderRaised"]
    assert [(key.audience, key.kind) for key in notices_of(reminder)] == [("quality", "reminder")]


@pytest.mark.parametrize(("added_by", "audiences"), [("consumer", ["assignee", "customer_service"]), ("staff", [])])
def test_a_file_of_the_consumer_is_told_to_customer_service_and_one_of_staff_to_nobody(
    added_by: str, audiences: list[str]
):
    file = {"evidence_id": "1", "file_name": "a.jpg", "content_type": "image/jpeg", "size": 1, "sha256": "ab"}
    story = Story().found(events.EvidenceReceived.model_validate(file | {"added_by": added_by}))
    assert [key.audience for key in notices_of(story.entries[-1])] == audiences


@pytest.mark.parametrize(
    ("sent_by", "told"), [(None, [("consumer", "file_refused")]), ("cs.lin", [("person/cs.lin", "own_file_refused")])]
)
def test_a_file_that_is_not_taken_is_told_to_whoever_sent_it_in_some_minutes(sent_by: str | None, told: list[Any]):
    facts: dict[str, Any] = {"evidence_id": "1", "file_name": "a.exe", "size": 9, "sha256": "ab", "added_by": "staff"}
    later = FRIDAY + timedelta(minutes=5)
    refused = events.EvidenceQuarantined(**facts, reason="program", sent_by=sent_by, tell_from=later)
    first, second = Story().found(refused, refused.model_copy(update={"tell_from": None})).entries[-2:]
    assert [(key.audience, key.kind) for key in notices_of(first)] == told
    assert not_before(first) == later
    assert notices_of(second) == []


def test_who_could_not_be_reached_is_told_to_those_who_can_call():
    story = Story().found(
        events.ConsumerUnreachable(seq=1, notice="receipt", channel="email"),
        events.AssigneeUnreachable(seq=1, notice="assigned", channel="email"),
    )
    told = [[(key.audience, key.kind) for key in notices_of(entry)] for entry in story.entries[-2:]]
    assert told == [[("assignee", "bounce"), ("customer_service", "bounce")], [("customer_service", "staff_bounce")]]


def test_whoever_cannot_be_written_to_by_mail_for_good_is_texted_what_is_urgent_too():
    assert channels_to_consumer("plan", BOTH.model_copy(update={"email_unusable": True}), ()) == ["sms"]
    assert channels_to_consumer("plan", MAIL_ONLY, ()) == ["email"]
    assert channels_to_consumer("plan", PHONE_ONLY, ()) == ["sms"]
    assert channels_to_consumer("plan", BOTH, {"sms"}) == ["email"]
    assert {"bounced", "undelivered", "refused"} == FAILED
    assert {"bounced", "complained"} == UNUSABLE


def test_what_the_mail_system_reports_late_changes_only_what_it_can_follow_on():
    assert dict(AFTER) == {
        "delayed": {"sent"},
        "delivered": {"sent", "delayed", "undelivered"},
        "undelivered": {"sent", "delayed", "delivered"},
        "bounced": {"sent", "delayed", "delivered", "undelivered"},
        "complained": {"sent", "delayed", "delivered", "undelivered"},
    }


def test_one_member_of_staff_is_an_audience_that_no_role_is_taken_for():
    entry = Story().entries[0]
    rows = {events.ComplaintFiled: (Row(lambda it: (person("cs.lin"), person("consumer")), "assigned"),)}
    assert [key.audience for key in notices_of(entry, rows)] == ["person/cs.lin", "person/consumer"]


def test_the_consumer_is_told_by_rows_of_their_own_and_not_as_one_whom_an_alarm_names():
    story = Story()
    story.now = FRIDAY + timedelta(hours=24)
    breach = story.ring().entries[-1]
    louder = breach.data["alarm"] | {"tell": ["consumer", "supervisor"]}
    told = notices_of(breach.model_copy(update={"data": breach.data | {"alarm": louder}}))
    assert [key.audience for key in told] == ["supervisor", "assignee"]


@pytest.mark.parametrize(
    "event",
    [
        MergerMoved(into="BBBBB-BBBBB"),
        events.OtherPlanProposed(of="AAAAA-AAAAA", round=1, plan=PLAN),
        events.OtherClosed(of="AAAAA-AAAAA", outcome=Outcome.WITHDRAWN, closed_at=FRIDAY, agreed=False),
        events.OtherReopened(of="AAAAA-AAAAA"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_becomes_of_another_complaint_at_midnight_is_told_in_the_morning(event: events.Event):
    midnight = FRIDAY + timedelta(hours=8, minutes=20)
    told = Story().do(Action.MERGE).found(event).entries[-1]
    assert can_be_told_at(told, midnight, POLICY) == midnight + timedelta(hours=8)


def test_whoever_has_been_reached_or_has_another_contact_is_not_to_be_called_any_more():
    asked = events.ConsumerUnreachable(seq=1, notice="receipt", channel="email")
    for action in (Action.CALL, Action.CORRECT_CONTACT):
        story = Story().found(asked)
        entry = story.entries[-1]
        assert not outdated(entry, story.complaint)
        assert outdated(entry, story.do(action).complaint)


def test_nobody_is_asked_to_answer_a_plan_by_a_time_gone_by():
    story = story_in(Stage.AWAITING_CONSUMER)
    due = story.complaint.deadline
    assert due is not None
    for late in (timedelta(days=1), timedelta(0)):
        one = story_in(Stage.AWAITING_CONSUMER)
        one.now = due.due_at - late
        one.do(Action.GIVE_INFORMATION).do(Action.READ_INFORMATION)
        read = next(entry for entry in one.entries if entry.kind == "InformationRead")
        assert outdated(read, one.complaint) is (late == timedelta(0))


def test_that_a_complaint_is_handled_with_another_is_news_while_it_is_so():
    story = Story().do(Action.MERGE).found(MergerMoved(into="BBBBB-BBBBB"))
    assert not outdated(story.entries[-1], story.complaint)


# ---- what is over is not asked for -----------------------------------------------------------------------------------


def last(story: Story, kind: str) -> Entry:
    return [entry for entry in story.entries if entry.kind == kind][-1]


def test_whatever_is_told_says_when_it_is_over_or_that_it_stays_news():
    assert set(OVER) == set(TABLE)


def test_a_question_that_has_been_answered_is_not_put_to_the_consumer_any_more():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    asked = story.entries[-1]
    assert not outdated(asked, story.complaint)
    assert outdated(asked, story.do(Action.GIVE_INFORMATION).complaint)
    story.do(Action.REQUEST_INFORMATION)
    assert [outdated(one, story.complaint) for one in (asked, last(story, "InformationRequested"))] == [True, False]


def test_nor_is_one_whose_time_is_over_or_that_was_dispensed_with():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    asked = story.entries[-1]
    dispensed = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION).do(Action.REPORT)
    assert outdated(last(dispensed, "InformationRequested"), dispensed.complaint)
    story.now += timedelta(days=10)
    assert outdated(asked, story.ring().complaint)


@pytest.mark.parametrize("action", [Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN, Action.WITHDRAW, Action.MERGE])
@pytest.mark.parametrize("round_", [1, 2])
def test_a_plan_that_is_not_to_be_answered_any_more_is_sent_only_to_who_has_answered(action: Action, round_: int):
    story = story_in(Stage.AWAITING_CONSUMER)
    if round_ == 2:
        story.do(Action.OBJECT_TO_PLAN).do(Action.PROPOSE_PLAN)
    plan = last(story, "PlanProposed")
    assert not outdated(plan, story.complaint)
    assert outdated(plan, story.do(action, LIN).complaint) == (action in (Action.WITHDRAW, Action.MERGE))


def test_a_plan_that_has_lapsed_is_not_sent():
    story = story_in(Stage.AWAITING_CONSUMER)
    plan = last(story, "PlanProposed")
    story.now += timedelta(days=40)
    assert outdated(plan, story.ring().complaint)
    assert outdated(plan, story.do(Action.REOPEN).complaint)


def test_that_a_plan_was_accepted_or_a_complaint_withdrawn_is_told_whatever_became_of_it_since():
    for action, stage in ((Action.ACCEPT_PLAN, Stage.AWAITING_CONSUMER), (Action.WITHDRAW, Stage.PLANNING)):
        story = story_in(stage).do(action, LIN)
        closed = next(entry for entry in story.entries if entry.enters and entry.enters.stage == Stage.CLOSED)
        assert not outdated(closed, story.complaint)
        assert not outdated(closed, story.do(Action.REOPEN).complaint)


def test_a_closure_without_an_answer_is_not_told_in_the_morning_to_who_has_reopened_by_night():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now += timedelta(days=40)
    lapsed = last(story.ring(), "ComplaintLapsed")
    assert not outdated(lapsed, story.complaint)
    story.now += timedelta(minutes=5)
    assert outdated(lapsed, story.do(Action.REOPEN).complaint)


def test_a_plan_told_late_is_to_be_answered_by_the_date_of_now():
    story = story_in(Stage.AWAITING_CONSUMER)
    plan = story.entries[-1]
    before = to_consumer("plan", Letter(story.complaint, plan, "", POLICY, "en"))["due_at"]
    story.do(Action.MERGE)
    story.now += timedelta(days=40)
    story.do(Action.UNDO_MERGER)
    letter = Letter(story.complaint, plan, "", POLICY, "en")
    assert not outdated(plan, story.complaint)
    assert story.complaint.deadline is not None
    assert to_consumer("plan", letter)["due_at"] == letter.said(story.complaint.deadline.due_at) != before


def test_nobody_is_reminded_to_answer_while_what_they_wrote_is_read():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now += timedelta(days=6)
    nudge = last(story.ring(), "ReminderRaised")
    assert not outdated(nudge, story.complaint)
    assert outdated(nudge, story.do(Action.GIVE_INFORMATION, WANG).complaint)


def test_staff_are_not_told_that_a_consumer_is_silent_who_has_answered_since():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    story.now += timedelta(days=10)
    expired = last(story.ring(), "WaitExpired")
    assert not outdated(expired, story.complaint)
    assert outdated(expired, story.do(Action.GIVE_INFORMATION, WANG).complaint)


def test_a_complaint_is_not_handed_to_who_does_not_have_it_any_more():
    story = Story().do(Action.ASSIGN, submission=Assignment(assignee="cs.lin"))
    first = story.entries[-1]
    assert not outdated(first, story.complaint)
    second = story.do(Action.ASSIGN, submission=Assignment(assignee="cs.chen")).entries[-1]
    assert [outdated(one, story.complaint) for one in (first, second)] == [True, False]
    assert outdated(second, story.do(Action.WITHDRAW).complaint)


def test_nothing_is_to_be_passed_on_once_somebody_else_has_the_complaint():
    story = Story().do(Action.ASSIGN).found(events.AssigneeUnreachable(seq=3, notice="assigned", channel="email"))
    bounced = story.entries[-1]
    assert not outdated(bounced, story.complaint)
    story.now += timedelta(hours=1)
    assert outdated(bounced, story.do(Action.ASSIGN, submission=Assignment(assignee="cs.chen")).complaint)


@pytest.mark.parametrize(
    ("stage", "action", "kind"),
    [(Stage.AWAITING_CONSUMER, Action.OBJECT_TO_PLAN, "objection"), (Stage.CLOSED, Action.REOPEN, "reopened")],
)
def test_staff_are_told_of_it_and_not_asked_for_a_plan_that_has_been_sent(stage: Stage, action: Action, kind: str):
    story = story_in(stage).do(action)
    happened = story.entries[-1]
    assert to_staff(kind, Letter(story.complaint, happened, "", POLICY, "en"))["due_at"]
    story.do(Action.PROPOSE_PLAN)
    assert not outdated(happened, story.complaint)
    assert to_staff(kind, Letter(story.complaint, happened, "", POLICY, "en"))["due_at"] is None


@pytest.mark.parametrize("answer", [Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN])
def test_a_plan_told_late_to_who_has_answered_it_asks_for_no_answer(answer: Action):
    story = story_in(Stage.AWAITING_CONSUMER)
    plan = last(story, "PlanProposed")
    assert to_consumer("plan", Letter(story.complaint, plan, "", POLICY, "en"))["due_at"]
    story.do(answer, LIN)
    assert to_consumer("plan", Letter(story.complaint, plan, "", POLICY, "en"))["due_at"] is None


@pytest.mark.parametrize(
    ("before", "promised", "asked"),
    [
        ((), "confirm that we are working on it", "acknowledge it"),
        ((Action.ACKNOWLEDGE,), "finish our investigation", "report on the investigation"),
        ((Action.ACKNOWLEDGE, Action.REPORT), "send you a new plan", "send a new plan"),
    ],
)
def test_who_reopens_is_promised_what_is_done_next_by_its_own_time(
    before: tuple[Action, ...], promised: str, asked: str
):
    story = Story()
    for action in before:
        story.do(action)
    reopened = story.do(Action.WITHDRAW, WANG).do(Action.REOPEN, WANG).entries[-1]
    letter = Letter(story.complaint, reopened, "", POLICY, "en")
    assert story.complaint.deadline is not None
    told = {"due_at": letter.said(story.complaint.deadline.due_at)}
    assert to_consumer("reopening", letter).items() >= (told | {"work": promised}).items()
    assert to_staff("reopened", letter).items() >= (told | {"work": asked}).items()


@pytest.mark.parametrize(
    ("locale", "said"), [("zh-CN", "已撤回"), ("zh-TW", "已撤回"), ("en", "Withdrawn")], ids=["cn", "tw", "en"]
)
def test_what_was_withdrawn_is_called_so_in_letters_to_the_consumer_and_to_staff(locale: Locale, said: str):
    story = story_in(Stage.INVESTIGATING).do(Action.WITHDRAW, WANG)
    letter = Letter(story.complaint, story.entries[-1], "", POLICY, locale)
    assert to_consumer("withdrawal", letter)["stage_name"] == said
    assert to_staff("assigned", letter)["stage_name"] == said


def test_who_is_told_of_what_is_late_already_is_asked_to_be_quick_and_for_no_time_gone_by():
    story = Story(filing=ALLERGY)
    in_time = Letter(story.complaint, story.entries[-1], "", POLICY, "zh-CN")
    assert None not in (to_staff("assigned", in_time)["due_at"], to_staff("assigned", in_time)["call_by"])
    story.now = FRIDAY + timedelta(days=3)
    late = Letter(
        story.complaint, story.do(Action.ASSIGN, LEAD, Assignment(assignee="cs.chen")).entries[-1], "", POLICY, "zh-CN"
    )
    told = to_staff("assigned", late)
    assert (told["due_at"], told["call"], told["call_by"]) == (None, True, None)
    assert told["stage_due_at"]


def test_each_report_names_its_authority_and_comes_of_the_assessment():
    assessment = {"harmed": "minor", "stop_selling": True, "report_to": ["food", "consumer_law"], "note": "检测中。"}
    story = Story(filing=ALLERGY).do(Action.ASSESS_SAFETY, QUALITY, SafetyAssessment.model_validate(assessment))
    begun = [one for one in story.entries if one.kind == "SafetyTaskBegun"][-2:]
    told = [to_staff("safety_task", Letter(story.complaint, one, "", POLICY, "zh-CN")) for one in begun]
    assert [one["task_name"] for one in told] == [
        "立即向食品安全监督管理部门报告",
        "立即向《消费者权益保护法》第十九条规定的行政部门报告",
    ]
    assert all(one["reports"] for one in told)
    story.now += timedelta(hours=5)
    missed = [one for one in story.ring().entries if one.kind == "DeadlineMissed" and "report" in one.event.alarm.clock]
    about = [to_staff("breach", Letter(story.complaint, one, "", POLICY, "en"))["about"] for one in missed]
    assert "the report to the food regulator, at once" in about


def test_a_breach_that_is_told_after_its_stage_was_left_names_that_stage():
    story = Story()
    story.now = FRIDAY + timedelta(hours=25)
    missed = next(entry for entry in story.ring().entries if entry.kind == "DeadlineMissed")
    story.do(Action.ACKNOWLEDGE)
    letter = Letter(story.complaint, missed, "", POLICY, "zh-CN")
    assert not outdated(missed, story.complaint)
    assert to_staff("breach", letter)["about"] == "“待受理”阶段"
    story.do(Action.WITHDRAW, WANG)
    letter = Letter(story.complaint, missed, "", POLICY, "zh-CN")
    assert (to_staff("breach", letter)["about"], to_staff("breach", letter)["stage_name"]) == ("“待受理”阶段", "已撤回")


@pytest.mark.parametrize(
    ("clock", "within"),
    [
        ({"starts": "entry", "working_days": 2}, "2 working days"),
        ({"starts": "entry", "hours": 36}, "36 hours"),
        ({"starts": "receipt", "working_days": 9}, None),
    ],
)
def test_the_acknowledgement_promises_the_plan_by_the_policys_own_clock(clock: dict[str, Any], within: str | None):
    story = story_in(Stage.INVESTIGATING)
    policy = POLICY.model_copy(update={"clocks": POLICY.clocks | {"planning": Clock.model_validate(clock)}})
    letter = Letter(story.complaint, last(story, "ComplaintAcknowledged"), "", policy, "en")
    values = to_consumer("acknowledgement", letter)
    assert values["plan_within"] == within
    assert values["due_at"] == letter.said(story.complaint.deadline.due_at)  # type: ignore[union-attr]


def test_a_plan_is_counted_among_plans_and_not_by_rounds():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.OBJECT_TO_PLAN).do(Action.PROPOSE_PLAN)
    letter = Letter(story.complaint, last(story, "PlanProposed"), "", POLICY, "en")
    assert (to_consumer("adjusted_plan", letter)["nth"], to_consumer("adjusted_plan", letter)["first"]) == (
        "2nd",
        False,
    )
    story = story_in(Stage.INVESTIGATING).do(Action.WITHDRAW, WANG).do(Action.REOPEN, WANG)
    story.do(Action.REPORT).do(Action.PROPOSE_PLAN)
    letter = Letter(story.complaint, last(story, "PlanProposed"), "", POLICY, "en")
    assert story.complaint.round == 2
    assert (to_consumer("adjusted_plan", letter)["nth"], to_consumer("adjusted_plan", letter)["first"]) == ("1st", True)


def test_the_receipt_says_who_has_the_data_and_where_the_rest_is_said_if_there_is_such_a_page():
    story = Story()
    letter = Letter(story.complaint, story.entries[0], "", POLICY, "zh-CN", "示例商城", "https://shop.example/privacy")
    told = to_consumer("receipt", letter)
    assert (told["operator"], told["privacy_url"]) == ("示例商城", "https://shop.example/privacy")
    assert to_consumer("receipt", letter._replace(privacy_url=""))["privacy_url"] is None


def test_more_time_for_a_stage_that_is_over_is_not_told():
    story = story_in(Stage.INVESTIGATING).do(Action.EXTEND)
    extended = last(story, "DeadlineExtended")
    assert not outdated(extended, story.complaint)
    assert outdated(extended, story.do(Action.REPORT).complaint)


def test_legal_is_not_asked_to_read_what_it_has_read():
    story = story_in(Stage.PLANNING).do(Action.DRAFT_PLAN)
    draft = story.entries[-1]
    assert not outdated(draft, story.complaint)
    assert outdated(draft, story.do(Action.REVIEW).complaint)


@pytest.mark.parametrize("answered", [False, True])
def test_who_is_told_that_a_merger_is_undone_is_not_asked_to_answer_a_plan_that_was_answered_since(answered: bool):
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.MERGE).do(Action.UNDO_MERGER)
    undone = last(story, "MergerUndone")
    if answered:
        story.do(Action.OBJECT_TO_PLAN, LIN)
    told = to_consumer("separated", Letter(story.complaint, undone, "", POLICY, "zh-CN"))
    assert not outdated(undone, story.complaint)
    assert (told["awaited"], told["due_at"] is not None) == (not answered, not answered)
