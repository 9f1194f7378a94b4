"""3.3, 4.4b: what a plan rejects can be decided anew by another person, once a complaint."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.clocks import review_until
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.links import reads_until
from chalicelib.domain.complaint.mergers import news, taking_in
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotAllowed, PlanReplaced
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.stages import Stage

from .cases import (
    CHEN,
    FAKE,
    LEAD,
    LEGAL,
    LIN,
    OPERATING,
    PHOTOGRAPH,
    PLAN,
    POLICY,
    REJECTION,
    REPORT,
    RULES,
    WANG,
    Story,
)
from .cases import story_in as story_in_stage

REQUEST = submissions.ReviewRequest(reason="请换一位负责人重新看一下。")
SECOND = timedelta(seconds=1)
OFFICE = events.EvidenceReceived(
    evidence_id="2", file_name="检测报告.pdf", content_type="application/pdf", size=9, sha256="cd", added_by="staff"
)
ORDER = OFFICE.model_copy(update={"evidence_id": "3", "added_by": "system"})


def china(*moment: int) -> datetime:
    """A moment in China."""
    return datetime.fromisoformat("{:04}-{:02}-{:02}T{:02}:{:02}:00+08:00".format(*moment))


def rejected(by: Actor = LIN) -> Story:
    """Complaint and report of Friday 9 October 2026, and the plan that rejects, at 15:40."""
    return story_in_stage(Stage.PLANNING).do(Action.PROPOSE_PLAN, by, REJECTION)


def accepted() -> Story:
    return rejected().do(Action.ACCEPT_PLAN, WANG)


def lapsed() -> Story:
    story = rejected()
    story.now = story.complaint.stage_clock.due_at  # type: ignore[union-attr]
    return story.ring()


def why_not(story: Story, actor: Actor = WANG) -> str:
    known = len(story.entries)
    with pytest.raises(NotAllowed) as refusal:
        story.do(Action.REQUEST_REVIEW, actor)
    assert len(story.entries) == known
    assert "request_review" not in refusal.value.extra["allowed"]
    return str(refusal.value)


def closed_at(story: Story) -> datetime:
    assert story.complaint.closed_at
    return story.complaint.closed_at


# ---- what it does ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [rejected, accepted, lapsed])
@pytest.mark.parametrize("actor", [WANG, LIN])
def test_what_a_plan_rejects_another_person_decides_within_five_working_days(story, actor):
    told: Story = story()
    begun = told.complaint.begun_at
    told.now = told.now + 2 * SECOND if told.complaint.outcome != "no_response" else closed_at(told)
    was_closed = told.complaint.closed_at
    told.do(Action.REQUEST_REVIEW, actor)
    after = told.complaint
    assert (after.stage, after.round, after.outcome, after.closed_at) == ("planning", 2, None, None)
    assert after.review_requested_at == told.now
    assert after.begun_at == (told.now if was_closed else begun)
    assert after.reopened == 0, "the consumer's reopenings are left to them"
    answer = after.feedback[-1]
    assert (answer.round, answer.asks_for_review) == (1, True)
    assert (answer.feedback.satisfied, answer.feedback.opinion) == (False, REQUEST.reason)
    assert [entry.kind for entry in told.entries[-2:]] == ["ReviewRequested", "ComplaintReturned"]
    assert told.entries[-2].event.public_face() == {"reason": REQUEST.reason}
    assert fold(told.entries) == after


def test_the_five_days_are_working_days_and_ring_as_planning_does():
    story = rejected()
    story.do(Action.REQUEST_REVIEW, WANG)
    clock = story.complaint.stage_clock
    assert clock is not None
    assert (clock.name, clock.ladder) == ("stage", "decision_review")
    assert clock.due_at == china(2026, 10, 16, 0, 0), "the 10th (a Saturday that is worked), then 12 to 15"
    story.now = clock.due_at + timedelta(days=1, hours=9)
    raised = [entry.event.alarm for entry in story.ring().entries if hasattr(entry.event, "alarm")]
    assert [(alarm.kind, alarm.stage) for alarm in raised] == [
        *(("reminder", "planning"), ("breach", "planning"), ("escalation", "planning"))
    ]
    assert [breach.stage for breach in story.complaint.breaches] == ["planning"]


def test_another_version_may_take_another_time_and_its_own_ladder():
    named = dict(RULES) | {
        "clocks": {**RULES.clocks, "decision_review": {"starts": "entry", "days": 3}},
        "ladders": {**RULES.ladders, "decision_review": RULES.ladders["words"]},
    }
    rules = Rules.model_validate(named)
    assert rules.clocks["decision_review"].days == 3
    assert rules.ladders["decision_review"] == RULES.ladders["words"]
    assert RULES.ladders["decision_review"] == RULES.ladders["planning"], "where it is not named"
    assert RULES.clocks["decision_review"].working_days == 5
    story = rejected()
    story.policy = Policy.of(rules, OPERATING)
    assert story.do(Action.REQUEST_REVIEW, WANG).complaint.stage_clock.due_at == china(2026, 10, 13, 0, 0)  # type: ignore[union-attr]


def test_it_is_extended_stands_still_and_is_given_back_in_its_own_length():
    story = rejected().do(Action.REQUEST_REVIEW, WANG)
    due = story.complaint.stage_clock.due_at  # type: ignore[union-attr]
    story.do(Action.EXTEND, LEAD, submissions.Extension(working_days=2, reason="等待检测报告。"))
    longer = story.complaint.stage_clock
    assert longer
    assert POLICY.working_time(due, longer.due_at) == timedelta(days=2)
    story.do(Action.REQUEST_INFORMATION, LIN)
    story.now += timedelta(hours=2)
    story.do(Action.GIVE_INFORMATION, WANG)
    after = story.complaint.stage_clock
    assert after
    assert after.ladder == "decision_review"
    assert POLICY.working_time(longer.due_at, after.due_at) == timedelta(hours=2)


def test_merged_and_by_itself_again_it_goes_on_by_the_clock_it_had():
    story = rejected().do(Action.REQUEST_REVIEW, WANG)
    clock = story.complaint.stage_clock
    story.do(Action.MERGE).do(Action.UNDO_MERGER)
    again = story.complaint.stage_clock
    assert clock
    assert again
    assert (again.ladder, again.due_at) == ("decision_review", clock.due_at)


def test_the_round_after_it_has_the_usual_two_days():
    story = rejected().do(Action.REQUEST_REVIEW, WANG).do(Action.PROPOSE_PLAN, CHEN).do(Action.OBJECT_TO_PLAN, WANG)
    clock = story.complaint.stage_clock
    assert clock
    assert clock.ladder == "planning"


def test_measures_of_an_accepted_plan_are_still_carried_out():
    story = accepted().do(Action.REQUEST_REVIEW, WANG)
    assert [measure.done_at for measure in story.complaint.follow_ups] == [None]
    assert story.complaint.clock("follow_up 1")
    story.do(Action.COMPLETE_FOLLOW_UP, part="1")


def test_legal_reads_the_new_plan_anew():
    story = Story(FAKE).do(Action.ACKNOWLEDGE)
    story.do(Action.REPORT, submission=REPORT.model_copy(update={"without_inquiries": "照片已足够"}))
    draft = submissions.PlanDraft(**dict(REJECTION))
    story.do(Action.DRAFT_PLAN, LIN, draft).do(Action.REVIEW, LEGAL).do(Action.PROPOSE_PLAN, LIN, REJECTION)
    story.do(Action.REQUEST_REVIEW, WANG)
    with pytest.raises(NotAllowed, match="legal_must_approve"):
        story.do(Action.PROPOSE_PLAN, CHEN, REJECTION)
    story.do(Action.DRAFT_PLAN, CHEN, draft).do(Action.REVIEW, LEGAL).do(Action.PROPOSE_PLAN, CHEN, REJECTION)


def test_what_the_consumer_wrote_meanwhile_waits_for_nobody():
    story = rejected().do(Action.GIVE_INFORMATION, WANG).do(Action.REQUEST_REVIEW, WANG)
    assert [clock.name for clock in story.complaint.clocks] == ["stage"]


# ---- when it is possible ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING])
def test_where_there_is_no_plan_it_is_not(stage: Stage):
    assert "stage_forbids" in why_not(story_in_stage(stage))


@pytest.mark.parametrize("stage", [Stage.AWAITING_CONSUMER, Stage.CLOSED])
def test_a_plan_that_rejects_nothing_is_objected_to_or_reopened(stage: Stage):
    assert "no_rejection_to_review" in why_not(story_in_stage(stage))


def test_nor_is_an_earlier_plan_that_another_has_taken_the_place_of():
    story = rejected().do(Action.OBJECT_TO_PLAN, WANG).do(Action.PROPOSE_PLAN, LIN, PLAN)
    assert "no_rejection_to_review" in why_not(story)


def test_what_the_consumer_took_back_did_not_end_with_the_plan():
    assert "no_rejection_to_review" in why_not(rejected().do(Action.WITHDRAW, WANG))


def test_what_is_merged_is_handled_elsewhere():
    assert "merged_together" in why_not(rejected().do(Action.MERGE), LIN)
    assert "merged_together" in why_not(rejected().do(Action.MERGE))


def test_once_a_complaint_whatever_the_next_plan_says():
    story = rejected().do(Action.REQUEST_REVIEW, WANG).do(Action.PROPOSE_PLAN, CHEN, REJECTION)
    assert "review_requested_already" in why_not(story)
    assert "review_requested_already" in why_not(story.do(Action.ACCEPT_PLAN, WANG))
    assert "review_requested_already" in why_not(story.do(Action.REOPEN, WANG).do(Action.PROPOSE_PLAN, CHEN, REJECTION))


@pytest.mark.parametrize("story", [accepted, lapsed])
def test_it_can_be_asked_for_until_the_fifteenth_day_after_the_closure_ends_to_the_second(story):
    told: Story = story()
    ends = POLICY.after_days(closed_at(told), 15).at
    assert ends == china(2026, 10, 27, 0, 0) if told.complaint.outcome == "satisfied" else ends
    told.now = ends - SECOND
    assert review_until(told.complaint, told.now, POLICY) == ends
    told.do(Action.REQUEST_REVIEW, WANG)
    late: Story = story()
    late.now = ends
    assert review_until(late.complaint, late.now, POLICY) is None
    with pytest.raises(NotAllowed, match="review_too_late days=15"):
        late.do(Action.REQUEST_REVIEW, WANG)


def test_while_the_plan_is_awaited_that_is_as_long_as_it_is():
    story = rejected()
    assert review_until(story.complaint, story.now, POLICY) == story.complaint.deadline.due_at  # type: ignore[union-attr]
    story.now = story.complaint.deadline.due_at  # type: ignore[union-attr]
    story.do(Action.REQUEST_REVIEW, WANG)  # as with every answer, whoever comes before it has lapsed is in time
    assert review_until(story.complaint, story.now, POLICY) is None


def test_by_an_old_letter_nobody_has_a_plan_reviewed_that_they_have_not_read():
    story = rejected().do(Action.OBJECT_TO_PLAN, WANG).do(Action.PROPOSE_PLAN, LIN, REJECTION)
    with pytest.raises(PlanReplaced):
        story.do(Action.REQUEST_REVIEW, WANG, REQUEST.model_copy(update={"round": 1}))
    story.do(Action.REQUEST_REVIEW, WANG, REQUEST.model_copy(update={"round": 2}))


def test_by_the_link_it_can_be_asked_for_as_long_as_it_is_possible():
    months = {**dict(RULES), "link_days": 1, "reopening_days": 1, "review_days": 60}
    policy = Policy.of(Rules.model_validate(months), OPERATING)
    story = accepted().do(Action.COMPLETE_FOLLOW_UP, part="1")
    assert reads_until(story.complaint, policy) == review_until(story.complaint, story.now, policy)


# ---- who decides -----------------------------------------------------------------------------------------------------


def test_whoever_proposed_a_plan_proposes_and_drafts_none_after_it():
    story = rejected(LIN).do(Action.OBJECT_TO_PLAN, WANG).do(Action.PROPOSE_PLAN, CHEN, REJECTION)
    story.do(Action.REQUEST_REVIEW, WANG)
    assert story.complaint.decided_before_review == {"cs.lin", "cs.chen"}
    for who in (LIN, CHEN):
        for action in (Action.PROPOSE_PLAN, Action.DRAFT_PLAN):
            with pytest.raises(NotAllowed, match="another_person_decides"):
                story.do(action, who)
    story.do(Action.PROPOSE_PLAN, LEAD).do(Action.OBJECT_TO_PLAN, WANG)
    with pytest.raises(NotAllowed, match="another_person_decides"):
        story.do(Action.PROPOSE_PLAN, LIN)
    story.do(Action.PROPOSE_PLAN, LEAD)


def given(story: Story, name: str, by: Actor = LEAD) -> list[FieldFault]:
    """What is wrong with giving it to somebody."""
    try:
        story.do(Action.ASSIGN, by, submissions.Assignment(assignee=name))
    except Invalid as refusal:
        return list(refusal.faults)
    return []


def test_nor_are_they_given_it_and_whoever_had_it_has_it_no_more():
    story = rejected()
    assert given(story, "cs.lin") == []
    story.do(Action.REQUEST_REVIEW, WANG)
    assert story.complaint.assignee is None
    (fault,) = given(story, "cs.lin")
    assert fault.field == "assignee"
    assert fault.code == "decided_before"
    assert given(story, "cs.chen") == []


def test_nobody_is_given_it_who_is_named_in_it_or_in_what_is_handled_with_it():
    story = story_in_stage(Stage.INVESTIGATING).found(events.StaffNamed(names=("cs.chen",)))
    (fault,) = given(story, "cs.chen")
    assert fault.code == "named_in_it"
    other = story_in_stage(Stage.INVESTIGATING)
    (joined,) = taking_in(other.complaint, story.complaint)
    assert given(other.found(joined), "cs.chen") == [fault]
    assert given(other, "cs.lin") == []


def test_where_there_is_nobody_else_a_supervisor_takes_it_and_decides():
    story = rejected(LEAD).do(Action.REQUEST_REVIEW, WANG)
    assert given(story, "cs.lead"), "while others may be there"
    story.found(events.NobodyFound())
    assert story.complaint.left_to_supervisor_at == story.now
    assert given(story, "cs.lead", by=CHEN), "nobody else gives it to them"
    assert given(story, "cs.lead") == []
    assert story.complaint.left_to_supervisor_at is None
    story.do(Action.PROPOSE_PLAN, LEAD)


# ---- the files that a plan shows -------------------------------------------------------------------------------------


def with_files() -> Story:
    """With one of the consumer's, one of staff's, and the order system's answer."""
    return story_in_stage(Stage.PLANNING).found(PHOTOGRAPH, OFFICE, ORDER)


def showing(*ids: str) -> submissions.ResolutionPlan:
    return REJECTION.model_copy(update={"evidence": ids})


def shown(complaint: Complaint) -> list[str]:
    return [file.evidence_id for file in complaint.evidence if file.shown_to_consumer]


def test_once_the_plan_is_out_the_consumer_sees_the_files_that_it_shows_until_one_is_taken_back():
    story = with_files().do(Action.DRAFT_PLAN, LIN, submissions.PlanDraft(**dict(showing("2"))))
    assert shown(story.complaint) == ["1"]
    story.do(Action.PROPOSE_PLAN, LIN, showing("2", "1"))
    assert shown(story.complaint) == ["1", "2"]
    story.do(Action.OBJECT_TO_PLAN, WANG).do(Action.PROPOSE_PLAN, LIN, PLAN)
    assert shown(story.complaint) == ["1", "2"], "what was shown stays shown"
    story.do(Action.RETRACT_EVIDENCE, LEAD, part="2")
    assert shown(story.complaint) == ["1"]


@pytest.mark.parametrize("action", [Action.PROPOSE_PLAN, Action.DRAFT_PLAN])
def test_what_cannot_be_shown_is_named_by_its_place(action: Action):
    story = with_files().do(Action.RETRACT_EVIDENCE, LEAD, part="1")
    plan = showing("2", "1", "3", "9", "7K2M9-XD4FQ.1")
    with pytest.raises(Invalid) as refusal:
        story.do(action, LIN, plan if action is Action.PROPOSE_PLAN else submissions.PlanDraft(**dict(plan)))
    assert [fault.field for fault in refusal.value.faults] == [f"evidence.{n}" for n in (1, 2, 3, 4)]


def test_to_the_consumer_of_a_merged_complaint_a_plan_shows_no_files_of_the_other():
    other = with_files().do(Action.PROPOSE_PLAN, LIN, showing("2")).complaint
    merged = story_in_stage(Stage.RECEIVED).do(Action.MERGE).complaint
    _, plan = news(merged, other.model_copy(update={"complaint_id": "3ZT8P-QN6WA"}), same_contact=False)
    assert isinstance(plan, events.OtherPlanProposed)
    assert plan.plan.evidence == ()
