"""4.2a, 4.2b, 5.2 to 5.4: departments are asked, each by its own clock; legal is a gate."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.complaint.alarms import next_alarm
from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import (
    Acknowledgement,
    Inquiry,
    InquiryAnswer,
    InvestigationReport,
    LegalReview,
)
from chalicelib.domain.ground.errors import Forbidden, NotAllowed, NotFound
from chalicelib.domain.policy.operating import Route
from chalicelib.domain.vocabulary.stages import Stage

from .cases import (
    ALLERGY,
    CRACKED,
    FAKE,
    FRIDAY,
    HEARING,
    KETTLE,
    LEGAL,
    POLICY,
    QUALITY,
    REPORT,
    Story,
    policy_with,
    story_in,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def china(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def without_answer(why: str = "照片已足以判断") -> InvestigationReport:
    return REPORT.model_copy(update={"without_inquiries": why})


# ---- inquiries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "asked"),
    [
        ("product_quality", ["quality"]),
        ("delivery", ["logistics"]),
        ("false_advertising", ["legal"]),
        ("after_sales_service", []),
        ("other", []),
    ],
)
def test_the_department_that_the_policy_names_is_asked_upon_acknowledgement(category: str, asked: list[str]):
    story = Story(KETTLE.model_copy(update={"category": category})).do(Action.ACKNOWLEDGE)
    assert [inquiry.department for inquiry in story.complaint.open_inquiries] == asked


def test_an_inquiry_is_due_at_the_end_of_the_next_working_day():
    inquiry = Story(CRACKED).do(Action.ACKNOWLEDGE).complaint.inquiries[0]
    assert inquiry.due_at == china(10, 11)  # Saturday the 10th is worked


def test_an_inquiry_is_never_due_after_the_investigation():
    story = Story(CRACKED)
    story.now = china(10, 13, 10)  # the investigation ends that night
    story.do(Action.ACKNOWLEDGE)
    assert story.complaint.inquiries[0].due_at == china(10, 14)
    assert story.complaint.deadline is not None
    assert story.complaint.deadline.due_at == china(10, 14)


def test_an_inquiry_after_the_due_time_of_the_stage_has_its_working_day_all_the_same():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.do(Action.ASK)
    assert story.complaint.inquiries[0].due_at == china(10, 16)


def test_an_inquiry_has_reminder_breach_and_escalation_of_its_own_charged_to_the_department():
    story = Story(CRACKED).do(Action.ASSIGN).do(Action.ACKNOWLEDGE)
    story.now = china(10, 12, 23)
    alarms = [
        entry.event.alarm  # type: ignore[attr-defined]
        for entry in story.ring().entries
        if entry.kind in ("ReminderRaised", "DeadlineMissed", "Escalated")
    ]
    mine = [(alarm.kind, alarm.moment, alarm.tell) for alarm in alarms if alarm.clock == "inquiry 1"]
    assert mine == [
        ("reminder", china(10, 9, 21), ("quality",)),
        ("breach", china(10, 11), ("quality", "supervisor")),
    ]
    assert [(breach.clock, breach.held_by) for breach in story.complaint.breaches] == [("inquiry 1", "quality")]
    story.now = china(10, 13, 8)
    (escalated,) = [entry for entry in story.ring().entries if entry.kind == "Escalated"]
    assert escalated.event.held_by == "quality"  # type: ignore[attr-defined]


def test_several_departments_are_asked_at_once_and_each_answers_its_own():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.do(Action.ASK, submission=Inquiry(department="logistics", question="包装有没有破损？"))
    assert [clock.name for clock in story.complaint.clocks] == ["stage", "inquiry 1", "inquiry 2"]
    with pytest.raises(Forbidden, match="logistics"):
        story.do(Action.ANSWER_INQUIRY, QUALITY, part="2")
    story.do(Action.ANSWER_INQUIRY, QUALITY, part="1")
    assert [inquiry.status for inquiry in story.complaint.inquiries] == ["answered", "open"]
    assert [clock.name for clock in story.complaint.clocks] == ["stage", "inquiry 2"]
    first = story.complaint.inquiries[0]
    assert (first.assessment, first.recommended_solution, first.answered_by) == (
        "玻璃厚度不足。",
        "全额退款。",
        "quality.he",
    )


def test_an_answer_is_given_once_to_an_inquiry_that_is_there():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.ANSWER_INQUIRY)
    with pytest.raises(NotAllowed, match="status=answered"):
        story.do(Action.ANSWER_INQUIRY)
    with pytest.raises(NotFound):
        story.do(Action.ANSWER_INQUIRY, part="7")


def dispensed_with(story: Story) -> tuple[str, ...] | None:
    """What the last entry into a stage says of inquiries that were open."""
    return [entry.enters.dispensed for entry in story.entries if entry.enters][-1]


@pytest.mark.parametrize("action", [Action.PROPOSE_PLAN, Action.WITHDRAW, Action.MERGE])
def test_whatever_leaves_open_inquiries_behind_names_them(action: Action):
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.ANSWER_INQUIRY).do(Action.REPORT)
    assert dispensed_with(story) is None
    story.do(Action.ASK).do(Action.ASK).do(action)
    assert dispensed_with(story) == ("2", "3")


def test_a_report_waits_for_the_answers_or_says_why_it_goes_without_them():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    with pytest.raises(NotAllowed, match="inquiries_open") as refusal:
        story.do(Action.REPORT)
    assert refusal.value.values["inquiries"] == ["1"]
    story.do(Action.REPORT, submission=without_answer())
    assert story.complaint.stage == Stage.PLANNING
    assert story.complaint.inquiries[0].status == "dispensed"
    assert dispensed_with(story) == ("1",)
    assert [clock.name for clock in story.complaint.clocks] == ["stage"]


def test_a_report_after_the_answers_needs_no_excuse():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.ANSWER_INQUIRY).do(Action.REPORT)
    assert story.complaint.stage == Stage.PLANNING


def test_a_route_asks_something_or_nobody():
    with pytest.raises(ValueError, match="question_needed"):
        Route(department="quality")  # type: ignore[arg-type]


def test_a_department_has_its_inquiry_for_a_line_of_its_queue():
    complaint = Story(CRACKED).do(Action.ACKNOWLEDGE).complaint
    clock = complaint.clock("inquiry 1")
    assert clock is not None
    line = Summary.of_task(complaint, clock)
    assert (line.department, line.task, line.stage) == ("quality", "inquiry 1", Stage.INVESTIGATING)
    assert line.overdue(china(10, 11))
    assert not Summary.of(complaint).overdue(china(10, 11))


# ---- legal -----------------------------------------------------------------------------------------------------------


def test_false_advertising_is_a_matter_for_legal():
    story = Story(FAKE)
    assert story.complaint.legal_issue
    assert [entry.event.why for entry in story.entries[1:]] == ["category"]  # type: ignore[attr-defined]


def test_nobody_asks_more_than_can_be_written_at_once():
    story = story_in(Stage.INVESTIGATING)
    for _ in range(20):
        story.do(Action.ASK)
    with pytest.raises(NotAllowed, match="most_inquiries_open most=20"):
        story.do(Action.ASK)


def test_customer_service_or_a_department_can_call_for_legal():
    by_hand = Story().do(Action.ACKNOWLEDGE, submission=Acknowledgement(legal_issue=True))
    by_answer = Story(CRACKED).do(Action.ACKNOWLEDGE)
    by_answer.do(Action.ANSWER_INQUIRY, submission=InquiryAnswer(assessment="材料不合国标", legal_issue=True))
    by_report = story_in(Stage.INVESTIGATING)
    by_report.do(Action.REPORT, submission=REPORT.model_copy(update={"legal_issue": True}))
    for story, why in ((by_hand, "customer_service"), (by_answer, "inquiry"), (by_report, "customer_service")):
        assert story.complaint.legal_issue
        assert [e.event.why for e in story.entries if e.kind == "LegalIssueRaised"] == [why]  # type: ignore[attr-defined]


def test_the_consumer_does_not_see_that_legal_is_involved():
    story = Story(ALLERGY).do(Action.ACKNOWLEDGE, submission=Acknowledgement(message="已受理", legal_issue=True))
    faces = [entry.event.public_face() for entry in story.entries]
    assert "legal" not in str(faces)
    assert {"message": "已受理"} in faces


def test_no_plan_goes_out_before_legal_has_approved_it():
    story = Story(FAKE).do(Action.ACKNOWLEDGE).do(Action.REPORT, submission=without_answer())
    with pytest.raises(NotAllowed, match="legal_must_approve"):
        story.do(Action.PROPOSE_PLAN)
    story.do(Action.DRAFT_PLAN)
    with pytest.raises(NotAllowed, match="legal_must_approve"):
        story.do(Action.PROPOSE_PLAN)
    story.do(Action.REVIEW, LEGAL, LegalReview(approved=False, advice="赔偿低于法定三倍"))
    with pytest.raises(NotAllowed, match="legal_must_approve"):
        story.do(Action.PROPOSE_PLAN)
    story.do(Action.REVIEW, LEGAL, LegalReview(approved=True, advice="再看过，可以"))
    assert story.do(Action.PROPOSE_PLAN).complaint.stage == Stage.AWAITING_CONSUMER


def test_where_law_is_not_involved_nobody_waits_for_legal():
    assert story_in(Stage.AWAITING_CONSUMER).complaint.legal_reviews == ()


def test_the_clock_of_an_inquiry_stops_with_the_answer():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.ANSWER_INQUIRY)
    answered = story.entries[-1]
    opened = next(entry for entry in story.entries if entry.kind == "InquiryOpened")
    assert answered.sets_clock == (None, (opened.seq,))
    alarm = next_alarm(story.complaint, POLICY)
    assert alarm is not None
    assert alarm.clock == "stage"
    story.now = FRIDAY + timedelta(days=2)
    assert not [entry for entry in story.ring().entries if "inquiry" in str(entry.data.get("alarm"))]


def test_an_inquiry_at_the_very_moment_at_which_the_stage_is_due_has_its_working_day():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14)
    assert story.do(Action.ASK).complaint.inquiries[0].due_at == china(10, 16)  # the 14th has begun
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14) - timedelta(seconds=1)
    assert story.do(Action.ASK).complaint.inquiries[0].due_at == china(10, 14)


def test_more_time_for_the_stage_gives_an_inquiry_none_and_a_storm_does():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.EXTEND)
    assert story.complaint.inquiries[0].due_at == china(10, 11)
    story.counted_anew(policy_with(extra_holidays=["2026-10-10"]))
    assert story.complaint.inquiries[0].due_at == china(10, 13)
    clock = story.complaint.clock("inquiry 1")
    assert clock is not None
    assert (clock.due_at, clock.held_by) == (china(10, 13), "quality")


def test_what_a_department_says_is_kept_with_when_and_by_whom():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.now += timedelta(hours=1)
    inquiry = story.do(Action.ANSWER_INQUIRY).complaint.inquiries[0]
    assert (inquiry.asked_at, inquiry.asked_by) == (FRIDAY, "house")
    assert (inquiry.answered_at, inquiry.answered_by) == (story.now, "quality.he")


def test_law_is_involved_once_however_often_somebody_says_so():
    story = Story(FAKE).do(Action.ACKNOWLEDGE, submission=Acknowledgement(legal_issue=True))
    story.do(Action.ANSWER_INQUIRY, LEGAL, InquiryAnswer(assessment="违法", legal_issue=True))
    story.do(Action.ASK, submission=Inquiry(department="quality", question="？", legal_issue=True))
    assert [entry.kind for entry in story.entries].count("LegalIssueRaised") == 1
    asked = story_in(Stage.INVESTIGATING)
    asked.do(Action.ASK, submission=Inquiry(department="quality", question="？", legal_issue=True))
    assert asked.entries[-1].event.why == "customer_service"  # type: ignore[attr-defined]


def test_what_is_refused_names_what_can_be_done_instead():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    with pytest.raises(NotAllowed) as refusal:
        story.do(Action.REPORT)
    assert refusal.value.extra["allowed"] == [
        one for one in LIFECYCLE.allowed(Stage.INVESTIGATING) if one not in ("report", *HEARING)
    ]


def test_an_inquiry_whose_alarms_have_all_been_raised_is_counted_anew_and_rings_no_more():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.now = china(10, 16)
    story.ring().counted_anew(policy_with(extra_holidays=["2026-10-10"]))
    (moved,) = [one for one in story.entries if one.kind == "DeadlineMoved" and one.event.clock.name == "inquiry 1"]  # type: ignore[attr-defined]
    assert (moved.event.clock.due_at, moved.event.clock.alarm_at) == (china(10, 13), None)  # type: ignore[attr-defined]
    assert next_alarm(story.complaint, story.policy, moved.seq) is None


def test_a_calendar_that_changes_leaves_an_inquiry_no_more_time_than_the_stage_had():
    story = Story(CRACKED)
    story.now = china(10, 13, 10)
    story.do(Action.ACKNOWLEDGE).counted_anew(policy_with(extra_holidays=["2026-11-12"]))
    assert story.complaint.inquiries[0].due_at == china(10, 14)
    assert story.entries[-1].kind == "InquiryOpened"
