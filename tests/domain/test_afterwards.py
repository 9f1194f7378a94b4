"""What comes after a plan and beside the straight way: promised measures, reopening, evidence."""

from copy import copy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.events import (
    AssigneeUnreachable,
    ConsumerUnreachable,
    EvidenceReceived,
    OrderChecked,
    RelatedFound,
)
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import (
    FollowUpDone,
    Money,
    OrderFacts,
    OrderLine,
    PlanDraft,
    Reopening,
    ResolutionPlan,
)
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Invalid, NotAllowed, NotFound
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Outcome
from tests import examples

from .cases import (
    FRIDAY,
    LEAD,
    LIN,
    OPERATING,
    PLAN,
    REPORT,
    RULES,
    WANG,
    Story,
    policy_with,
    story_in,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TWO = ResolutionPlan.model_validate(
    PLAN.model_dump(mode="json") | {"follow_up_measures": ["到账后回访", "下架问题批次"]}
)


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def settled() -> Story:
    """A plan with two measures to follow was accepted."""
    story = story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN, submission=TWO)
    return story.do(Action.ACCEPT_PLAN, WANG)


# ---- follow-ups ------------------------------------------------------------------------------------------------------


def test_each_measure_of_an_accepted_plan_is_to_be_done_in_the_time_the_plan_named():
    complaint = settled().complaint
    assert [(one.number, one.measure) for one in complaint.follow_ups] == [(1, "到账后回访"), (2, "下架问题批次")]
    assert {one.due_at for one in complaint.follow_ups} == {china(10, 15)}  # 5 days after the 9th
    assert complaint.stage == Stage.CLOSED


def test_the_closure_does_not_end_what_was_promised():
    story = settled()
    story.now = china(10, 15, 9)
    story.ring()
    assert [(breach.clock, breach.held_by) for breach in story.complaint.breaches] == [
        ("follow_up 1", "customer_service"),
        ("follow_up 2", "customer_service"),
    ]
    told = {entry.event.alarm.tell for entry in story.entries if entry.kind == "DeadlineMissed"}  # type: ignore[attr-defined]
    assert told == {("supervisor",)}


def test_what_is_done_is_not_asked_for_and_the_last_one_says_so():
    story = settled().do(Action.COMPLETE_FOLLOW_UP, part="2").do(Action.COMPLETE_FOLLOW_UP, part="1")
    assert [entry.event.last for entry in story.entries if entry.kind == "FollowUpCompleted"] == [False, True]  # type: ignore[attr-defined]
    assert [clock.name for clock in story.complaint.clocks] == ["survey"]
    story.now += timedelta(days=30)
    known = len(story.entries)
    assert [entry.kind for entry in story.ring().entries[known:]] == ["SurveyDue"]


def test_a_measure_is_done_once_and_only_if_it_was_promised():
    story = settled().do(Action.COMPLETE_FOLLOW_UP)
    with pytest.raises(NotAllowed, match="measure_done"):
        story.do(Action.COMPLETE_FOLLOW_UP)
    for number in ("3", "x"):
        with pytest.raises(NotFound):
            story.do(Action.COMPLETE_FOLLOW_UP, part=number)


def test_silence_promises_nothing():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now += timedelta(days=40)
    assert story.ring().complaint.follow_ups == ()


# ---- withdrawal, reopening -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [stage for stage, facts in STAGES.items() if facts.open])
def test_the_consumer_takes_an_open_complaint_back(stage: Stage):
    complaint = story_in(stage).do(Action.WITHDRAW, WANG).complaint
    assert (complaint.stage, complaint.outcome, complaint.closed_at) == (Stage.CLOSED, Outcome.WITHDRAWN, FRIDAY)
    assert [clock.name for clock in complaint.clocks] == (["survey"] if complaint.resolution_plans else [])


@pytest.mark.parametrize("end", [Action.ACCEPT_PLAN, Action.WITHDRAW])
def test_a_closed_complaint_is_reopened_as_the_next_round_of_the_same_record(end: Action):
    story = story_in(Stage.AWAITING_CONSUMER).do(end, WANG)
    story.now = FRIDAY + timedelta(days=20)
    complaint = story.do(Action.REOPEN).complaint
    assert (complaint.stage, complaint.round, complaint.outcome, complaint.closed_at) == (Stage.PLANNING, 2, None, None)
    assert complaint.deadline is not None
    assert complaint.deadline.due_at == china(11, 3)  # 2 working days after Thursday the 29th
    assert first_broken_link(story.entries) is None
    assert fold(story.entries) == complaint


@pytest.mark.parametrize(
    ("withdrawn_in", "into", "due"),
    [
        (Stage.RECEIVED, Stage.RECEIVED, china(10, 30, 15, 40)),  # 24 hours after Thursday the 29th, 15:40
        (Stage.INVESTIGATING, Stage.INVESTIGATING, china(11, 4)),  # 3 working days after it
        (Stage.PLANNING, Stage.PLANNING, china(11, 3)),
        (Stage.AWAITING_CONSUMER, Stage.PLANNING, china(11, 3)),
    ],
)
def test_a_reopened_complaint_goes_where_work_was_never_done_and_has_its_whole_time(
    withdrawn_in: Stage, into: Stage, due: datetime
):
    story = story_in(withdrawn_in).do(Action.WITHDRAW, WANG)
    story.now = FRIDAY + timedelta(days=20)
    complaint = story.do(Action.REOPEN).complaint
    assert (complaint.stage, complaint.round, complaint.begun_at) == (into, 2, story.now)
    assert complaint.deadline is not None
    assert complaint.deadline.due_at == due
    assert story.ring().complaint.breaches == ()


def test_the_whole_time_of_a_reopened_complaint_runs_through_its_stages():
    story = Story().do(Action.WITHDRAW, WANG)
    story.now = FRIDAY + timedelta(days=20)
    story.do(Action.REOPEN)
    story.now += timedelta(hours=3)
    complaint = story.do(Action.ACKNOWLEDGE).complaint
    assert complaint.deadline is not None
    assert complaint.deadline.due_at == china(11, 4), "counted from the reopening (4.2c)"


@pytest.mark.parametrize("by", [WANG, LIN, LEAD])
def test_three_times_a_complaint_is_reopened_and_then_a_supervisor_decides(by: Actor):
    story = settled()
    for round_ in (2, 3, 4):
        assert story.do(Action.REOPEN, by).complaint.round == round_
        story.do(Action.WITHDRAW, WANG)
    for other in (WANG, LIN):
        with pytest.raises(NotAllowed, match="reopened_too_often times=3"):
            story.do(Action.REOPEN, other)
    assert story.do(Action.REOPEN, LEAD).complaint.round == 5


def test_how_often_is_for_the_policy_to_say():
    story = settled()
    story.policy = Policy.of(RULES.model_copy(update={"reopenings": 0}), OPERATING)
    with pytest.raises(NotAllowed, match="reopened_too_often"):
        story.do(Action.REOPEN)


def test_a_complaint_is_reopened_within_thirty_days():
    story = story_in(Stage.CLOSED)  # on 9 October; the 30th day is Sunday 8 November, so Monday the 9th
    story.now = china(11, 10)
    with pytest.raises(NotAllowed, match="reopening_too_late days=30"):
        story.do(Action.REOPEN)
    story.now -= timedelta(seconds=1)
    assert story.do(Action.REOPEN).complaint.round == 2


def test_what_was_promised_is_still_to_be_done_after_a_reopening():
    story = settled().do(Action.REOPEN)
    assert [clock.name for clock in story.complaint.clocks] == ["follow_up 1", "follow_up 2", "stage"]
    story.do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN, WANG)
    assert [one.number for one in story.complaint.follow_ups] == [1, 2, 3]


# ---- evidence and what the house finds -------------------------------------------------------------------------------


def received(evidence_id: str = "1", added_by: str = "consumer") -> EvidenceReceived:
    return EvidenceReceived.model_validate(
        {
            "evidence_id": evidence_id,
            "file_name": "裂缝.jpg",
            "content_type": "image/jpeg",
            "size": 900,
            "sha256": "ab" * 32,
            "added_by": added_by,
        }
    )


def test_a_file_is_listed_only_once_it_is_there_and_then_the_report_may_cite_it():
    story = story_in(Stage.INVESTIGATING).do(Action.ADD_EVIDENCE, WANG)
    citing = REPORT.model_copy(update={"evidence": ("1",)})
    assert story.complaint.evidence == ()
    with pytest.raises(Invalid):
        story.do(Action.REPORT, submission=citing)
    story.found(received())
    assert [(file.file_name, file.size, file.sha256) for file in story.complaint.evidence] == [
        ("裂缝.jpg", 900, "ab" * 32)
    ]
    assert story.do(Action.REPORT, submission=citing).complaint.stage == Stage.PLANNING


def test_the_consumer_sees_the_files_of_the_consumer():
    assert received().public_face() == {"evidence_id": "1", "file_name": "裂缝.jpg"}
    assert received(added_by="staff").public_face() is None


def test_what_the_order_system_says_is_kept_and_hidden_from_the_consumer():
    story = Story().found(OrderChecked(found=False))
    assert story.complaint.order_check is not None
    assert story.complaint.order_check.found is False
    assert story.entries[-1].event.public_face() is None


def test_related_complaints_are_collected_once():
    story = Story().found(RelatedFound(related=("AAAAA-AAAAA",), duplicate_of="AAAAA-AAAAA"))
    story.found(RelatedFound(related=("BBBBB-BBBBB",)))
    assert story.complaint.related == ("AAAAA-AAAAA", "BBBBB-BBBBB")
    assert story.complaint.duplicate_of == "AAAAA-AAAAA"


# ---- as it is kept ---------------------------------------------------------------------------------------------------


def promising(measures: int) -> ResolutionPlan:
    more = {"follow_up_measures": [f"第{n}项" for n in range(measures)]}
    return ResolutionPlan.model_validate(PLAN.model_dump(mode="json") | more)


def test_forty_measures_may_be_undone_at_once_and_not_one_more():
    story = story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN, submission=promising(20)).do(Action.ACCEPT_PLAN, WANG)
    story.do(Action.COMPLETE_FOLLOW_UP).do(Action.REOPEN)
    story.do(Action.PROPOSE_PLAN, submission=promising(20)).do(Action.ACCEPT_PLAN, WANG).do(Action.REOPEN)
    with pytest.raises(NotAllowed, match="measures_undone undone=39"):
        story.do(Action.PROPOSE_PLAN, submission=promising(2))
    story.do(Action.PROPOSE_PLAN, submission=promising(1)).do(Action.ACCEPT_PLAN, WANG)
    assert sum(not measure.done_at for measure in story.complaint.follow_ups) == 40


def test_a_storm_moves_what_was_promised_too():
    story = settled()
    story.counted_anew(policy_with(extra_holidays=["2026-10-14"]))
    assert {one.due_at for one in story.complaint.follow_ups} == {china(10, 16)}
    promised = [clock for clock in story.complaint.clocks if clock.name != "survey"]
    assert {clock.due_at for clock in promised} == {china(10, 16)}
    assert {clock.days for clock in promised} == {5}


def test_what_was_done_is_kept_with_when_by_whom_and_in_what_words():
    story = settled()
    story.now += timedelta(hours=1)
    first, second = story.do(Action.COMPLETE_FOLLOW_UP, submission=FollowUpDone(note="已回访")).complaint.follow_ups
    assert (first.done_at, first.done_by, first.note) == (story.now, "cs.lin", "已回访")
    assert (second.done_at, second.done_by) == (None, None)


def test_a_reopened_complaint_says_why():
    story = story_in(Stage.CLOSED).do(Action.REOPEN, submission=Reopening(reason="换来的也是裂的"))
    assert story.complaint.reopened_because == "换来的也是裂的"


def test_whoever_could_not_be_reached_is_remembered_by_event_and_notice():
    story = Story().found(ConsumerUnreachable(seq=1, notice="receipt", channel="email"))
    story.found(AssigneeUnreachable(seq=2, notice="bounce", channel="email"))
    assert story.complaint.unreached == ("1 receipt", "2 bounce")


def test_where_the_goods_are_is_kept_with_when_it_was_said():
    story = Story()
    story.now += timedelta(hours=3)
    delivery = story.do(Action.UPDATE_DELIVERY).complaint.delivery
    assert delivery is not None
    assert (delivery.at, delivery.update.status) == (story.now, "delayed")


def test_a_measure_is_the_department_s_whoever_has_the_complaint():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.ASSIGN).do(Action.ACCEPT_PLAN, WANG)
    (clock,) = (one for one in story.complaint.clocks if one.name != "survey")
    assert Summary.of_task(story.complaint, clock).department == "customer_service"
    story.now = china(10, 15)
    assert [breach.held_by for breach in story.ring().complaint.breaches] == ["customer_service"]


def test_whoever_leaves_a_stage_stops_its_clocks_and_not_those_of_measures():
    story = settled()
    survey = story.complaint.numbers(["survey"])
    story.do(Action.REOPEN)
    assert story.entries[-1].enters is not None
    assert story.entries[-1].enters.stops == survey
    stage = story.complaint.numbers(["stage"])
    story.do(Action.PROPOSE_PLAN)
    assert story.entries[-1].enters is not None
    assert story.entries[-1].enters.stops == stage


def test_a_storm_moves_of_two_plans_measures_only_those_it_falls_on():
    story = settled()
    story.now = china(10, 14, 9)
    story.do(Action.REOPEN).do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN, WANG)
    story.counted_anew(policy_with(extra_holidays=["2026-10-14"]))
    assert [one.due_at for one in story.complaint.follow_ups] == [china(10, 16), china(10, 16), china(10, 20)]


def test_what_the_order_system_says_of_the_order_is_kept():
    facts = OrderFacts(order_number="E1", seller="好壶")
    check = Story().found(OrderChecked(found=True, facts=facts)).complaint.order_check
    assert check is not None
    assert (check.checked_at, check.found, check.facts) == (FRIDAY, True, facts)


# ---- what is refunded, and what the order came to --------------------------------------------------------------------


def paid(*lines: tuple[int, str, str] | None, more: int = 0) -> Story:
    """A complaint in planning whose order has such lines: how many, at what price; None: a price is not known."""
    told = tuple(
        OrderLine(product_name="壶", quantity=line[0], price=Money(value=Decimal(line[1]), currency=line[2]))
        if line
        else OrderLine(product_name="壶")
        for line in lines
    )
    facts = OrderFacts(order_number="E1", lines=told, more_lines=more)
    return story_in(Stage.PLANNING).found(OrderChecked(found=True, facts=facts))


def plan_of(*amounts: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    methods = [
        {"kind": kind, "detail": "退", "amount": {"value": value, "currency": code}} for kind, value, code in amounts
    ]
    return examples.PLAN | {"methods": methods} | more


ONE = (1, "59.90", "CNY")
REFUNDED: list[tuple[Story, list[tuple[str, str, str]], bool]] = [
    (paid(ONE), [("refund", "59.90", "CNY")], True),
    (paid(ONE), [("refund", "59.91", "CNY")], False),
    (paid(ONE), [("refund", "5990.00", "CNY")], False),
    (paid(ONE), [("refund", "30", "CNY"), ("refund", "29.90", "CNY")], True),
    (paid(ONE), [("refund", "30", "CNY"), ("refund", "29.91", "CNY")], False),
    (paid(ONE), [("refund", "59.90", "CNY"), ("compensation", "179.70", "CNY")], True),
    (paid(ONE), [("refund", "1", "USD")], False),
    (paid((2, "59.90", "CNY"), (1, "0.20", "CNY")), [("refund", "120", "CNY")], True),
    (paid((2, "59.90", "CNY"), (1, "0.20", "CNY")), [("refund", "120.01", "CNY")], False),
    (paid(ONE, None), [("refund", "5990", "CNY")], True),
    (paid(ONE, more=1), [("refund", "5990", "CNY")], True),
    (paid(), [("refund", "5990", "CNY")], True),
    (story_in(Stage.PLANNING).found(OrderChecked(found=False)), [("refund", "5990", "CNY")], True),
    (story_in(Stage.PLANNING), [("refund", "5990", "CNY")], True),
]


@pytest.mark.parametrize("kind", [PlanDraft, ResolutionPlan])
@pytest.mark.parametrize(("story", "amounts", "plain"), REFUNDED)
def test_refunds_beyond_what_the_verified_order_came_to_need_a_reason(
    story: Story, amounts: list[tuple[str, str, str]], plain: bool, kind: type[ResolutionPlan]
):
    bare, reasoned = (kind.model_validate(plan_of(*amounts, amount_reason=why)) for why in (None, "含检测费"))
    copy(story).do(kind.actions[0], LIN, reasoned)
    if plain:
        copy(story).do(kind.actions[0], LIN, bare)
        return
    with pytest.raises(Invalid) as refusal:
        copy(story).do(kind.actions[0], LIN, bare)
    (fault,) = refusal.value.faults
    assert fault.field == "amount_reason"
    sums = story.complaint.order_check and story.complaint.order_check.facts and story.complaint.order_check.facts.sums
    assert f"{(sums or {})['CNY']} CNY" in str(fault.values["paid"])


def test_why_more_is_refunded_is_hidden_from_the_consumer():
    story = story_in(Stage.PLANNING)
    reasoned = ResolutionPlan.model_validate(examples.PLAN | {"amount_reason": "含检测费"})
    story.do(Action.PROPOSE_PLAN, LIN, reasoned)
    face = story.entries[-1].event.public_face()
    assert face
    assert "含检测费" not in str(face)
    assert [one.plan.amount_reason for one in story.complaint.resolution_plans] == ["含检测费"]
