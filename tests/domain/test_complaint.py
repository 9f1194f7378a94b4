"""The life of a complaint by the rules: stages, deadlines, rounds, outcome."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.decisions import open_complaint
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.events import ConsumerUnreachable, MergerMoved, RelatedFound
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import (
    Acknowledgement,
    Assignment,
    DeliveryUpdate,
    Extension,
    Feedback,
    FollowUpDone,
    InformationRequest,
    InvestigationReport,
    Note,
    Submission,
    Withdrawal,
)
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, PlanReplaced
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

from .cases import CRACKED, FRIDAY, KETTLE, LIN, NUMBER, PLAN, POLICY, REPORT, SHOP, WANG, Story, policy_with, story_in


def test_a_complaint_is_received_and_must_be_acknowledged_within_24_hours_of_the_clock():
    complaint = Story().complaint
    assert (complaint.stage, complaint.round, complaint.version) == (Stage.RECEIVED, 1, 1)
    assert [clock.number for clock in complaint.clocks] == [1]
    assert not (complaint.extended)
    assert not (complaint.legal_issue)
    assert complaint.deadline is not None
    assert complaint.deadline.due_at == FRIDAY + timedelta(hours=24)
    assert complaint.policy_version == 1


def test_the_investigation_is_due_three_working_days_after_receipt_however_late_the_acknowledgement():
    story = Story()
    story.now = FRIDAY + timedelta(days=2)
    deadline = story.do(Action.ACKNOWLEDGE).complaint.deadline
    assert deadline is not None
    assert deadline.due_at == datetime(2026, 10, 13, 16, tzinfo=UTC)  # Tuesday 24:00 in Shanghai


def test_the_plan_is_due_two_working_days_after_the_report_and_again_after_an_objection():
    story = story_in(Stage.PLANNING)
    assert story.complaint.deadline is not None
    assert story.complaint.deadline.due_at == datetime(2026, 10, 12, 16, tzinfo=UTC)  # the 10th is worked
    story.do(Action.PROPOSE_PLAN)
    story.now = FRIDAY + timedelta(days=4)  # Tuesday the 13th
    story.do(Action.OBJECT_TO_PLAN, WANG)
    assert story.complaint.deadline.due_at == datetime(2026, 10, 15, 16, tzinfo=UTC)


def test_the_consumer_has_fifteen_days_to_answer():
    deadline = story_in(Stage.AWAITING_CONSUMER).complaint.deadline
    assert deadline is not None
    # 24 October is a Saturday: the period ends with the next working day (Civil Code, article 203)
    assert deadline.due_at == datetime(2026, 10, 26, 16, tzinfo=UTC)


def test_an_objection_opens_the_next_round_and_keeps_what_was_said():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.OBJECT_TO_PLAN, WANG)
    assert (story.complaint.stage, story.complaint.round) == (Stage.PLANNING, 2)
    assert story.complaint.plan_in_force is None
    answer = story.complaint.feedback[-1]
    assert (answer.round, answer.given_by, answer.feedback.opinion) == (1, "consumer", "太慢了。")


def test_a_satisfied_consumer_closes_the_complaint_at_once():
    complaint = story_in(Stage.CLOSED).complaint
    assert (complaint.stage, complaint.outcome, complaint.closed_at) == (Stage.CLOSED, Outcome.SATISFIED, FRIDAY)
    assert complaint.deadline is None
    assert complaint.plan_in_force is not None


def test_a_complaint_is_overdue_from_the_very_moment_its_period_ends():
    complaint = Story().complaint
    deadline = complaint.deadline
    assert deadline is not None
    assert not deadline.overdue(deadline.due_at - timedelta(seconds=1))
    assert deadline.overdue(deadline.due_at)
    assert Summary.of(complaint).overdue(deadline.due_at)


def test_every_step_is_dated():
    story = Story()
    for action in (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN, Action.ACCEPT_PLAN):
        story.now += timedelta(hours=1)
        story.do(action)
    complaint = story.complaint
    dates = [complaint.received_at, complaint.acknowledged_at, complaint.investigated_at, complaint.plan_sent_at]
    assert [*dates, complaint.closed_at] == [FRIDAY + timedelta(hours=hours) for hours in range(5)]


def test_what_the_house_finds_out_makes_nobodys_view_stale():
    story = Story(CRACKED)
    story.found(RelatedFound(related=("AAAAA-AAAAA",)))
    assert (story.complaint.version, story.complaint.seq) == (1, 2)
    story.do(Action.ACKNOWLEDGE)  # and the house asks quality control
    assert (story.complaint.version, story.complaint.seq) == (2, 4)


def test_notes_and_assignments_leave_stage_and_deadline_alone():
    story = story_in(Stage.INVESTIGATING)
    before = story.complaint
    story.do(Action.NOTE).do(Action.ASSIGN)
    after = story.complaint
    assert (after.stage, after.clocks, after.deadline) == (before.stage, before.clocks, before.deadline)
    assert (after.assignee, after.version) == ("cs.chen", before.version + 2)


@pytest.mark.parametrize(("channel", "actor"), [("phone", SHOP), ("web", LIN), ("app", LIN)])
def test_storefronts_file_for_web_and_app_and_staff_for_callers(channel: str, actor: people.Actor):
    filing = KETTLE.model_copy(update={"channel": channel})
    with pytest.raises(Invalid) as refusal:
        open_complaint(NUMBER, filing, actor, FRIDAY, POLICY)
    assert refusal.value.faults[0].field == "channel"


def test_customer_service_files_for_a_caller():
    filing = KETTLE.model_copy(update={"channel": "phone"})
    assert fold(open_complaint(NUMBER, filing, LIN, FRIDAY, POLICY)).filed_by == LIN


def test_consumers_do_not_file_by_themselves():
    with pytest.raises(Forbidden):
        open_complaint(NUMBER, KETTLE, WANG, FRIDAY, POLICY)


def test_a_report_may_not_cite_evidence_that_is_not_there():
    report = InvestigationReport(**REPORT.model_dump(exclude={"evidence"}), evidence=("photo-1",))
    with pytest.raises(Invalid) as refusal:
        story_in(Stage.INVESTIGATING).do(Action.REPORT, submission=report)
    assert refusal.value.faults[0].field == "evidence.0"


def test_a_complaint_that_nothing_happened_to_does_not_exist():
    with pytest.raises(ValueError, match="begins with an event"):
        fold([])


def test_a_stage_is_entered_when_the_step_was_made():
    story = Story()
    story.now += timedelta(hours=2)
    assert story.do(Action.ACKNOWLEDGE).complaint.entered_at == story.now
    assert story.complaint.received_at == FRIDAY


def test_all_plans_and_answers_of_all_rounds_are_kept():
    story = (
        story_in(Stage.AWAITING_CONSUMER).do(Action.OBJECT_TO_PLAN).do(Action.PROPOSE_PLAN).do(Action.OBJECT_TO_PLAN)
    )
    story.do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN)
    assert [answer.round for answer in story.complaint.feedback] == [1, 2, 3]
    assert [plan.round for plan in story.complaint.resolution_plans] == [1, 2, 3]


def test_what_is_closed_is_never_overdue():
    line = Summary.of(story_in(Stage.CLOSED).complaint)
    assert line.deadline is None
    assert not line.overdue(FRIDAY + timedelta(days=400))


def test_the_first_link_is_that_of_the_receipt():
    link = Story().complaint.link_in_force
    assert (link.edition, link.issued_at) == (0, FRIDAY)


def test_nothing_is_known_of_a_complaint_before_its_first_event():
    with pytest.raises(ValueError, match="begins with an event"):
        assert Draft(None, NUMBER, FRIDAY, POLICY).complaint


@pytest.mark.parametrize(
    ("stage", "action", "seen"),
    [
        (Stage.RECEIVED, Acknowledgement(), {}),
        (Stage.RECEIVED, Acknowledgement(message="已受理"), {"message": "已受理"}),
        (Stage.RECEIVED, Note(text="很着急", public=True), {"text": "很着急"}),
        (Stage.RECEIVED, Note(text="很着急"), None),
        (Stage.RECEIVED, Withdrawal(), {}),
        (Stage.RECEIVED, Assignment(assignee="cs.chen"), None),
        (
            Stage.INVESTIGATING,
            InformationRequest(question="批号？"),
            {"question": "批号？", "request_id": "1", "answer_by": "2026-10-15T07:40:00Z"},
        ),
        (
            Stage.INVESTIGATING,
            Extension(working_days=1, reason="等检测"),
            {"due_at": "2026-10-14T16:00:00Z", "reason": "等检测"},
        ),
        (Stage.CLOSED, FollowUpDone(note="已回访"), {"number": 1}),
        (Stage.CLOSED, DeliveryUpdate(status="lost", text="丢了"), {"status": "lost", "text": "丢了"}),
    ],
)
def test_of_what_happens_the_consumer_sees_this(stage: Stage, action: Submission, seen: dict[str, Any] | None):
    assert story_in(stage).do(Action(action.action), submission=action).entries[-1].event.public_face() == seen


def test_of_what_the_house_does_the_consumer_sees_where_it_leads_and_what_is_promised():
    story = story_in(Stage.CLOSED)
    assert story.entries[-1].event.public_face() == {
        "number": 1, "measure": PLAN.follow_up_measures[0], "due_at": "2026-10-14T16:00:00Z",
    }  # fmt: skip
    assert MergerMoved(into="AAAAA-AAAAA").public_face() == {"into": "AAAAA-AAAAA"}
    story = story_in(Stage.INVESTIGATING)
    story.now = datetime(2026, 10, 14, 1, tzinfo=UTC)
    story.do(Action.REQUEST_INFORMATION, submission=InformationRequest(question="批号？"))
    assert story.entries[-1].event.public_face() == {
        "question": "批号？", "request_id": "1", "answer_by": "2026-10-21T01:00:00Z",
    }, "the usual time, though nothing stands still for it"  # fmt: skip


def test_the_consumer_sees_the_due_time_of_the_stage_move_and_no_other():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).counted_anew(policy_with(extra_holidays=["2026-10-10"]))
    faces = {entry.event.clock.name: entry.event.public_face() for entry in story.entries[-2:]}  # type: ignore[attr-defined]
    assert faces == {"stage": {"due_at": "2026-10-14T16:00:00Z"}, "inquiry 1": None}


@pytest.mark.parametrize("satisfied", [True, False])
@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.AWAITING_CONSUMER, Stage.CLOSED])
def test_an_answer_to_the_plan_of_another_round_is_none_to_this_one_whatever_the_stage(stage: Stage, satisfied: bool):
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.OBJECT_TO_PLAN)
    for action in {Stage.PLANNING: (), Stage.AWAITING_CONSUMER: (Action.PROPOSE_PLAN,)}.get(
        stage, (Action.PROPOSE_PLAN, Action.ACCEPT_PLAN)
    ):
        story.do(action)
    assert (story.complaint.stage, story.complaint.round) == (stage, 2)
    before = len(story.entries)
    for number in (1, 3):
        answer = Feedback(satisfied=satisfied, opinion="太慢了。", round=number)
        with pytest.raises(PlanReplaced, match=f"answered={number} round=2") as refusal:
            story.do(Action(answer.action), submission=answer)
        assert refusal.value.code == "plan_replaced"
    assert len(story.entries) == before


def test_an_answer_that_names_the_present_round_or_none_is_taken():
    for number in (1, None):
        story = story_in(Stage.AWAITING_CONSUMER)
        story.do(Action.ACCEPT_PLAN, submission=Feedback(satisfied=True, round=number))
        assert story.complaint.outcome == Outcome.SATISFIED


def test_an_answer_to_the_present_round_after_its_end_is_refused_for_the_stage():
    story = story_in(Stage.CLOSED)
    with pytest.raises(NotAllowed) as refusal:
        story.do(Action.ACCEPT_PLAN, submission=Feedback(satisfied=True, round=1))
    assert refusal.value.code == "not_allowed"


def test_corrected_contact_details_end_the_links_and_what_was_known_of_those_of_before():
    unreached = ConsumerUnreachable(seq=1, notice="receipt", channel="email")
    story = Story().found(unreached)
    assert story.complaint.to_call_since == FRIDAY
    story.now += timedelta(hours=1)
    story.do(Action.CORRECT_CONTACT)
    complaint, entry = story.complaint, story.entries[-1]
    assert (complaint.link_in_force.edition, complaint.link_in_force.issued_at) == (entry.seq, story.now)
    assert (complaint.to_call_since, complaint.unreached, complaint.contact_edition) == (None, (), 1)
    assert story.found(unreached.model_copy(update={"seq": 3})).complaint.to_call_since == story.now
    assert entry.event.public_face() == {}
    assert "邮箱" not in entry.model_dump_json(exclude={"words"})
