"""Lines say of each closure and each span of work what happened, whenever and however often they are made."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.decisions import erase_words
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound
from chalicelib.domain.ground.text import ERASED
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import lines
from chalicelib.domain.supervision.account import lines_by, lines_of, may_give
from chalicelib.domain.supervision.lines import LINE, Line
from chalicelib.domain.vocabulary.stages import Stage

from .cases import (
    ALLERGY,
    CHEN,
    CRACKED,
    FAKE,
    KETTLE,
    LEAD,
    LIN,
    PLAN,
    POLICY,
    REJECTION,
    REPORT,
    SUBMISSIONS,
    Story,
    policy_with,
    story_in,
)

L = TypeVar("L", bound=lines.Base)
HOUR = 3600
IN_ANY_CASE = REPORT.model_copy(update={"without_inquiries": "照片已足够"})


def all_of(story: Story, kind: type[L]) -> list[L]:
    """What a merger takes back left out."""
    made = lines_of(story.entries, story.policy)
    return [line for line in made if isinstance(line, kind) and line.for_day is None]


def the(story: Story, kind: type[L]) -> L:
    (line,) = all_of(story, kind)
    return line


def later(story: Story, hours: float) -> Story:
    story.now += timedelta(hours=hours)
    return story


# ---- of a life -------------------------------------------------------------------------------------------------------


def test_a_complaint_that_was_received_says_what_it_is_about_and_who_filed_it():
    line = the(Story(), lines.Received)
    assert (line.id, line.seq, line.day) == ("7K2M9-XD4FQ", 1, date(2026, 10, 9))
    assert (line.category, line.channel, line.locale) == (KETTLE.category, KETTLE.channel, KETTLE.locale)
    assert (line.storefront, line.seller, line.product) == ("web-shop", KETTLE.seller, KETTLE.product_id)


def test_a_day_is_that_of_china():
    assert the(Story(at=datetime(2026, 10, 9, 15, 59, tzinfo=UTC)), lines.Received).day == date(2026, 10, 9)
    assert the(Story(at=datetime(2026, 10, 9, 16, 0, tzinfo=UTC)), lines.Received).day == date(2026, 10, 10)


def test_each_stage_is_lined_as_it_is_left():
    story = Story()
    for action, hours in (
        (Action.ACKNOWLEDGE, 2),
        (Action.REPORT, 3),
        (Action.PROPOSE_PLAN, 4),
        (Action.ACCEPT_PLAN, 5),
    ):
        later(story, hours).do(action)
    left = [(line.stage, line.into, line.elapsed // HOUR, line.in_time) for line in all_of(story, lines.StageLeft)]
    assert left == [
        ("received", "investigating", 2, True),
        ("investigating", "planning", 3, True),
        ("planning", "awaiting_consumer", 4, True),
        ("awaiting_consumer", "closed", 5, True),
    ]


def test_only_the_stage_that_the_report_ended_says_what_was_found():
    story = story_in(Stage.CLOSED)
    found = [(line.stage, line.verdict, line.cause, line.party) for line in all_of(story, lines.StageLeft)]
    assert found[1] == ("investigating", REPORT.verdict, REPORT.cause_code, REPORT.responsible_party)
    assert {line[1:] for line in found if line[0] != "investigating"} == {(None, None, None)}


def test_working_time_leaves_out_the_days_off_and_what_the_clock_stood_still_for():
    story = story_in(Stage.INVESTIGATING)  # Friday 15:40; Saturday the 10th is worked, Sunday is not
    later(story, 1).do(Action.REQUEST_INFORMATION)
    later(story, 2).do(Action.GIVE_INFORMATION)
    later(story, 69).do(Action.REPORT)  # Monday 15:40
    line = all_of(story, lines.StageLeft)[-1]
    assert line.elapsed == 72 * HOUR
    assert line.working == (72 - 24 - 2) * HOUR
    assert line.waited == {"consumer": 2 * HOUR}


def test_what_was_promised_at_first_stays_known_whatever_the_stage_was_given_later():
    story = story_in(Stage.PLANNING)
    promised = story.complaint.deadline
    story.do(Action.EXTEND)
    later(story, 1).do(Action.PROPOSE_PLAN)
    line = all_of(story, lines.StageLeft)[-1]
    assert promised
    assert line.promised_at == promised.due_at
    assert line.due_at
    assert line.due_at > line.promised_at
    assert line.extended_by == SUBMISSIONS[Action.EXTEND].working_days  # type: ignore[attr-defined]


def test_the_consumer_is_waited_for_before_legal_legal_before_other_departments_and_these_before_the_handler():
    story = later(story_in(Stage.INVESTIGATING), 1)
    story.do(Action.ASK, submission=submissions.Inquiry(department="logistics", question="何时发出？"))
    later(story, 2).do(Action.ASK, submission=submissions.Inquiry(department="legal", question="是否合规？"))
    later(story, 3).do(Action.REQUEST_INFORMATION)
    later(story, 4).do(Action.GIVE_INFORMATION)
    later(story, 5).do(Action.REPORT, submission=IN_ANY_CASE)
    line = all_of(story, lines.StageLeft)[-1]
    assert line.waited == {"logistics": 2 * HOUR, "legal": (3 + 5) * HOUR, "consumer": 4 * HOUR}
    assert line.elapsed - sum(line.waited.values()) == HOUR


def test_a_draft_is_waited_for_until_legal_has_read_it():
    story = Story(FAKE)
    for action in (Action.ACKNOWLEDGE, Action.REPORT):
        story.do(action, submission={Action.REPORT: IN_ANY_CASE}.get(action))
    later(story, 1).do(Action.DRAFT_PLAN)
    later(story, 5).do(Action.REVIEW)
    later(story, 2).do(Action.PROPOSE_PLAN)
    assert all_of(story, lines.StageLeft)[-1].waited == {"legal": 5 * HOUR}


def test_while_a_plan_is_awaited_only_what_the_consumer_wrote_is_the_handlers_to_read():
    story = later(story_in(Stage.AWAITING_CONSUMER), 10)
    story.do(Action.GIVE_INFORMATION)
    later(story, 3).do(Action.READ_INFORMATION)
    later(story, 7).do(Action.ACCEPT_PLAN)
    assert all_of(story, lines.StageLeft)[-1].waited == {"consumer": 17 * HOUR}
    wait = the(story, lines.WaitEnded)
    assert (wait.waits_for, wait.ended, wait.elapsed) == ("reading", "answered", 3 * HOUR)


def test_an_inquiry_is_answered_or_the_work_goes_on_without_it():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)  # quality is asked by the routing
    later(story, 2).do(Action.ANSWER_INQUIRY)
    story.do(Action.ASK, submission=submissions.Inquiry(department="logistics", question="何时发出？"))
    later(story, 1).do(Action.REPORT, submission=IN_ANY_CASE)
    ended = [
        (line.department, line.ended, line.elapsed // HOUR, line.in_time) for line in all_of(story, lines.InquiryEnded)
    ]
    assert ended == [("quality", "answered", 2, True), ("logistics", "dispensed", 1, True)]


def test_two_inquiries_that_end_with_one_entry_are_two_lines():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.do(Action.ASK, submission=submissions.Inquiry(department="logistics", question="何时发出？"))
    later(story, 1).do(Action.REPORT, submission=IN_ANY_CASE)
    assert [(line.seq, line.nth) for line in all_of(story, lines.InquiryEnded)] == [
        (len(story.entries), 0),
        (len(story.entries), 1),
    ]


@pytest.mark.parametrize(("before_due", "late"), [(4, True), (4.1, False), (0.1, True)])
def test_a_question_in_the_last_four_working_hours_of_a_stage_is_told_apart(before_due: float, late: bool):
    story = story_in(Stage.INVESTIGATING)
    assert story.complaint.deadline
    story.now = story.complaint.deadline.due_at - timedelta(hours=before_due)
    story.do(Action.REQUEST_INFORMATION)
    later(story, 30).do(Action.GIVE_INFORMATION)
    line = the(story, lines.WaitEnded)
    assert (line.asked_late, line.ended) == (late, "answered")


def test_a_question_that_nobody_answers_expires_or_is_dispensed_with():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    later(story, 24 * 12).ring()
    assert the(story, lines.WaitEnded).ended == "expired"
    story.do(Action.GIVE_INFORMATION)
    assert the(story, lines.WaitEnded).ended == "expired", "the answer that comes afterwards ends no wait"
    story.do(Action.REQUEST_INFORMATION).do(Action.REPORT)
    assert [line.ended for line in all_of(story, lines.WaitEnded)] == ["expired", "dispensed"]


# ---- closures --------------------------------------------------------------------------------------------------------


def test_a_closure_says_what_was_found_and_given_and_how_long_it_took():
    story = Story()
    story.do(Action.ASSIGN)
    for action, hours in (
        (Action.ACKNOWLEDGE, 2),
        (Action.REPORT, 3),
        (Action.PROPOSE_PLAN, 4),
        (Action.ACCEPT_PLAN, 72),
    ):
        later(story, hours).do(action)
    line = the(story, lines.Closed)
    assert (line.number, line.outcome, line.round, line.with_plan, line.rejects) == (1, "satisfied", 1, True, False)
    assert (line.verdict, line.cause, line.party) == (REPORT.verdict, REPORT.cause_code, REPORT.responsible_party)
    assert (line.asked, line.asked_amount) == (KETTLE.requested_remedy, {"CNY": Decimal("59.90")})
    assert (line.grants, line.methods, line.amounts) == ("full", ("refund",), {"CNY": Decimal("59.90")})
    assert line.planner == story.complaint.assignee
    assert line.accepted_by == "consumer"
    assert line.spent == {
        "received handler": 2 * HOUR,
        "investigating handler": 3 * HOUR,
        "planning handler": 4 * HOUR,
        "awaiting_consumer consumer": 72 * HOUR,
    }
    assert line.working_days == 3  # Saturday, which is worked, Monday, and Tuesday, on which it was closed


def test_who_of_staff_records_an_answer_for_a_caller_is_known():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.ACCEPT_PLAN, LIN)
    assert the(story, lines.Answered).recorded_by == "cs.lin"
    assert the(story, lines.Closed).accepted_by == "cs.lin"
    assert the(story_in(Stage.CLOSED), lines.Answered).recorded_by is None


def test_each_answer_to_a_plan_is_a_line_and_so_is_that_none_came():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.OBJECT_TO_PLAN).do(Action.PROPOSE_PLAN, submission=REJECTION)
    later(story, 24 * 40).ring()
    assert [(line.answer, line.round) for line in all_of(story, lines.Answered)] == [("objected", 1), ("lapsed", 2)]
    assert the(story, lines.Closed).outcome == "no_response"


def test_the_planner_is_who_held_the_last_planning_stage():
    story = story_in(Stage.PLANNING).do(
        Action.ASSIGN, submission=submissions.Assignment(assignee="cs.chen"), actor=LEAD
    )
    story.do(Action.PROPOSE_PLAN, CHEN).do(Action.OBJECT_TO_PLAN)
    story.do(Action.ASSIGN, submission=submissions.Assignment(assignee="cs.lin"), actor=LEAD).do(
        Action.PROPOSE_PLAN, LIN
    )
    story.do(Action.ASSIGN, submission=submissions.Assignment(assignee="cs.chen"), actor=LEAD).do(Action.ACCEPT_PLAN)
    assert the(story, lines.Closed).planner == "cs.lin"


def test_a_reopened_complaint_closes_twice_and_each_closure_counts_from_its_own_beginning():
    story = later(story_in(Stage.CLOSED), 50).do(Action.REOPEN)
    later(story, 6).do(Action.WITHDRAW)
    first, second = all_of(story, lines.Closed)
    assert (first.number, second.number, second.reopened_before) == (1, 2, 1)
    assert second.begun_at == first.at + timedelta(hours=50)
    assert second.received_at == first.begun_at
    assert (second.with_plan, second.planner, second.spent) == (False, None, {"planning handler": 6 * HOUR})
    again = the(story, lines.Reopened)
    assert (again.closed_day, again.after, again.with_plan, again.days) == (first.day, "satisfied", True, 2)
    assert (again.into, again.by) == ("planning", "consumer")


def test_what_was_proposed_and_missed_before_a_closure_is_not_of_the_next_one():
    story = later(story_in(Stage.PLANNING), 24 * 20).ring()
    story.do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN).do(Action.REOPEN).do(Action.WITHDRAW)
    closures = all_of(story, lines.Closed)
    assert [(line.breaches, line.with_plan, line.methods) for line in closures] == [
        (1, True, ("refund",)),
        (0, False, ()),
    ]


def test_who_asks_that_another_person_decide_makes_a_closure_not_hold():
    story = story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN, submission=REJECTION).do(Action.ACCEPT_PLAN)
    later(story, 30).do(Action.REQUEST_REVIEW)
    assert the(story, lines.Reopened).into == "planning"
    assert [line.answer for line in all_of(story, lines.Answered)] == ["accepted", "review"]
    story.do(Action.PROPOSE_PLAN, LEAD).do(Action.ACCEPT_PLAN)
    left = all_of(story, lines.StageLeft)[-2]
    assert (left.stage, left.elapsed) == ("planning", 0)


def test_a_merger_takes_back_what_was_counted_and_its_undoing_gives_it_again():
    story = later(story_in(Stage.PLANNING), 30).do(Action.MERGE)
    made = lines_of(story.entries, story.policy)
    before = [line for line in made if line.for_day is None and line.day == date(2026, 10, 9)]
    back = [line for line in made if line.for_day]
    assert [(line.kind, line.at) for line in back] == [(line.kind, line.at) for line in before]
    assert {(line.sign, line.day, line.for_day) for line in back} == {(-1, date(2026, 10, 10), date(2026, 10, 9))}
    later(story, 24).do(Action.UNDO_MERGER)
    again = [line for line in lines_of(story.entries, story.policy) if line.for_day and line.sign > 0]
    assert [(line.kind, line.at) for line in again] == [(line.kind, line.at) for line in before]
    assert {(line.day, line.for_day) for line in again} == {(date(2026, 10, 11), date(2026, 10, 9))}


def test_a_merger_that_is_undone_buys_no_time():
    story = later(story_in(Stage.PLANNING), 1).do(Action.MERGE)
    later(story, 20).do(Action.UNDO_MERGER)
    later(story, 2).do(Action.PROPOSE_PLAN)
    merged, planned = all_of(story, lines.StageLeft)[-2:]
    assert (merged.outcome, merged.elapsed) == ("merged", HOUR)
    assert (planned.begun_at, planned.elapsed, planned.promised_at) == (merged.begun_at, 23 * HOUR, merged.promised_at)
    closed = the(story, lines.Closed)
    assert (closed.is_rated, closed.could_reopen) == (False, False)
    assert the(story, lines.Reopened).after == "merged", "it is in no rate, but the stage is entered again"
    assert later(story, 1).do(Action.ACCEPT_PLAN)
    assert all_of(story, lines.Closed)[-1].spent["planning handler"] == 23 * HOUR


def test_what_cannot_be_reopened_any_more_is_not_among_those_that_could():
    story = story_in(Stage.CLOSED)
    for _ in range(POLICY.reopenings):
        story.do(Action.REOPEN).do(Action.WITHDRAW)
    could = [line.could_reopen for line in all_of(story, lines.Closed)]
    assert could == [True] * POLICY.reopenings + [False]


# ---- beside the stages -----------------------------------------------------------------------------------------------


def test_a_promised_measure_is_a_task_that_ends_with_it():
    story = later(story_in(Stage.CLOSED), 7).do(Action.COMPLETE_FOLLOW_UP)
    line = the(story, lines.TaskEnded)
    assert (line.ladder, line.ended, line.elapsed, line.in_time) == ("follow_up", "done", 7 * HOUR, True)


def test_a_danger_is_lined_with_its_tasks_and_with_how_long_nobody_called():
    story = Story(ALLERGY)
    assert (the(story, lines.Danger).tier, the(story, lines.Danger).product) == ("act", ALLERGY.product_id)
    later(story, 1).do(Action.CALL, submission=submissions.MadeCall(about="safety", reached=False))
    later(story, 0.5).do(Action.CALL, submission=submissions.MadeCall(about="safety", reached=True))
    later(story, 1).do(Action.CALL, submission=submissions.MadeCall(about="safety", reached=True))
    calls = [(line.reached, line.tier, line.after) for line in all_of(story, lines.Called)]
    assert calls == [(False, None, None), (True, "act", 5400), (True, None, None)]
    assert [(line.ladder, line.ended) for line in all_of(story, lines.TaskEnded)] == [("safety_call", "done")]


def test_a_task_whose_danger_was_none_is_stopped_and_one_that_was_looked_into_is_done():
    story = Story(ALLERGY).do(Action.TRIAGE, submission=submissions.Triage(tier="look", reason="只是轻微发红。"))
    assert {(line.ladder, line.ended) for line in all_of(story, lines.TaskEnded)} == {
        ("safety_call", "stopped"),
        ("safety_assessment", "stopped"),
    }
    later(story, 1).do(Action.TRIAGE, submission=submissions.Triage(tier="none", reason="看过了。"))
    assert all_of(story, lines.TaskEnded)[-1].ladder == "safety_look"
    assert all_of(story, lines.TaskEnded)[-1].ended == "done"


def test_a_missed_due_time_is_a_line_with_who_had_it():
    story = later(story_in(Stage.PLANNING), 24 * 20).ring()
    line = the(story, lines.Missed)
    assert (line.ladder, line.stage, line.void) == ("planning", "planning", False)
    assert line.held_by == story.complaint.breaches[0].held_by
    story.do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN)
    assert the(story, lines.Closed).breaches == 1


def test_a_notice_that_did_not_arrive_is_a_line_and_so_is_that_it_has():
    lost = events.ConsumerUnreachable(seq=1, notice="acknowledgement")
    story = Story().found(lost, events.ConsumerReached(seq=1, notice="acknowledgement"))
    assert [line.arrived for line in all_of(story, lines.NoticeLost)] == [False, True]


def test_the_shops_system_says_who_carried_it_and_who_sold_it_where_the_filing_did_not():
    facts = submissions.OrderFacts(order_number="E1", seller="云杉家电", carrier="顺丰速运")
    story = Story(KETTLE.model_copy(update={"seller": None})).found(events.OrderChecked(found=True, facts=facts))
    assert (the(story, lines.Checked).carrier, the(story, lines.Checked).seller) == ("顺丰速运", "云杉家电")
    named = Story().found(events.OrderChecked(found=True, facts=facts))
    assert the(named, lines.Checked).seller is None
    assert all_of(Story().found(events.OrderChecked(why="no_answer")), lines.Checked) == []


def test_a_repeat_is_counted_once_for_each_way_in_which_it_is_one():
    story = Story().found(events.RelatedFound(related=("AAAAA-AAAAA",)))
    assert all_of(story, lines.Repeated) == [], "the one that came before is no repeat"
    story.found(events.RelatedFound(related=(), repeats=("order",)))
    story.found(events.RelatedFound(related=(), repeats=("order", "contact")))
    assert [(line.by, line.known) for line in all_of(story, lines.Repeated)] == [
        (("order",), ()),
        (("contact",), ("order",)),
    ]


# ---- the calendar is corrected ---------------------------------------------------------------------------------------


def test_a_breach_that_turns_out_to_be_none_is_void_and_what_was_late_was_in_time():
    story = story_in(Stage.PLANNING)
    assert story.complaint.deadline
    story.now = story.complaint.deadline.due_at + timedelta(hours=1)
    story.ring().do(Action.PROPOSE_PLAN).do(Action.OBJECT_TO_PLAN)
    assert the(story, lines.Missed).void is False
    assert [line.in_time for line in all_of(story, lines.StageLeft) if line.stage == "planning"] == [False]
    story.counted_anew(policy_with(extra_holidays=(date(2026, 10, 12), date(2026, 10, 13))))
    assert the(story, lines.Missed).void is True
    left = next(line for line in all_of(story, lines.StageLeft) if line.stage == "planning")
    assert (left.in_time, left.late) == (True, 0)
    assert left.promised_at == left.due_at
    story.do(Action.WITHDRAW)
    assert the(story, lines.Closed).breaches == 0


# ---- whenever they are made ------------------------------------------------------------------------------------------

STORMS = [(date(2026, 10, 12),), (date(2026, 10, 14), date(2026, 10, 15)), (date(2026, 10, 20),), ()]
FINDINGS = [
    events.OrderChecked(found=True, facts=submissions.OrderFacts(order_number="E1", carrier="顺丰速运")),
    events.RelatedFound(related=("AAAAA-AAAAA",), repeats=("order",)),
    events.RelatedFound(related=("BBBBB-BBBBB",), repeats=("contact",)),
    events.ConsumerUnreachable(seq=1, notice="acknowledgement"),
    events.ConsumerReached(seq=1, notice="acknowledgement"),
]
GOES_ON = {
    Stage.RECEIVED: Action.ACKNOWLEDGE,
    Stage.INVESTIGATING: Action.REPORT,
    Stage.PLANNING: Action.PROPOSE_PLAN,
    Stage.AWAITING_CONSUMER: Action.ACCEPT_PLAN,
    Stage.CLOSED: Action.REOPEN,
}
DEEDS: list[Any] = [*sorted(SUBMISSIONS), *["goes on"] * 12, *FINDINGS, *STORMS]
STEPS = lists(tuples(sampled_from(DEEDS), integers(0, 60), integers(1, 3)), min_size=4, max_size=40)


def lived(filing: submissions.Filing, steps: Iterable[tuple[Any, int, int]]) -> Story:
    """What cannot be done is not done. A calendar that moves nothing here is as that of before."""
    story = Story(filing)
    for deed, hours, part in steps:
        later(story, hours)
        if isinstance(deed, events.Event):
            story.found(deed)
        elif isinstance(deed, tuple):
            known, before = len(story.entries), story.policy
            if len(story.counted_anew(policy_with(extra_holidays=deed)).entries) == known:
                story.policy = before
        else:
            _tried(story, deed, part)
    return story.ring()


def _tried(story: Story, deed: Any, part: int) -> None:
    action = GOES_ON[story.complaint.stage] if deed == "goes on" else deed
    who = LEAD if story.complaint.review_requested_at and action is Action.PROPOSE_PLAN else None
    plan = REJECTION if part == 3 else PLAN
    submission = {Action.REPORT: IN_ANY_CASE, Action.PROPOSE_PLAN: plan}.get(action)
    try:
        story.do(action, who, submission, part=str(part))
    except (Forbidden, NotAllowed, NotFound, Invalid):
        story.ring()


class Table:
    """Where lines are put: one that is there goes for one that knows as much or more."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Any, ...], tuple[int, Line]] = {}

    def deliver(self, entry: Entry, known: Sequence[Entry], policy: Policy) -> None:
        """An entry comes to whoever writes lines, while so many entries are known."""
        for line in lines_by(entry, known, policy) if may_give(entry) else ():
            key = (line.day, line.kind, line.id, line.seq, line.nth)
            if key not in self.kept or self.kept[key][0] <= known[-1].seq:
                self.kept[key] = known[-1].seq, line

    @property
    def lines(self) -> list[Line]:
        return [line for _, line in self.kept.values()]


def in_order(made: Iterable[Line]) -> list[Line]:
    return sorted(made, key=lambda line: (line.seq, line.kind, line.nth))


@settings(max_examples=150)
@given(
    filing=sampled_from([KETTLE, CRACKED, ALLERGY, FAKE]),
    steps=STEPS,
    seed=integers(0, 10**6),
    often=integers(1, 3),
)
def test_however_often_and_in_whatever_order_entries_come_the_lines_are_those_of_all_of_them(
    filing, steps, seed, often
):
    story, chance, table = lived(filing, steps), Random(seed), Table()
    entries = story.entries
    deliveries = [(entry, chance.randint(entry.seq, len(entries))) for entry in entries for _ in range(often)]
    chance.shuffle(deliveries)
    cut = chance.randrange(len(deliveries) + 1)
    for entry, known in chain(deliveries[:cut], deliveries[max(0, cut - 3) :]):  # the end of a batch comes again
        table.deliver(entry, entries[:known], story.policies[known - 1])
    assert in_order(table.lines) == in_order(lines_of(entries, story.policy))


@settings(max_examples=100)
@given(filing=sampled_from([KETTLE, CRACKED, ALLERGY, FAKE]), steps=STEPS)
def test_no_entry_gives_lines_that_does_not_look_like_it_and_every_line_can_be_written_and_read(filing, steps):
    story = lived(filing, steps)
    giving = {entry.seq for entry in story.entries if may_give(entry)}
    made = lines_of(story.entries, story.policy)
    assert {line.seq for line in made} <= giving
    assert len({(line.kind, line.seq, line.nth) for line in made}) == len(made)
    assert [LINE.validate_json(line.model_dump_json(exclude_none=True)) for line in made] == made


@settings(max_examples=100)
@given(filing=sampled_from([KETTLE, CRACKED, ALLERGY, FAKE]), steps=STEPS)
def test_the_time_of_a_closure_is_that_of_its_stages_whoever_was_waited_for(filing, steps):
    story = lived(filing, steps)
    made = lines_of(story.entries, story.policy)
    for line in made:
        if isinstance(line, lines.StageLeft):
            assert sum(line.waited.values()) <= line.elapsed
            assert 0 <= line.working <= line.elapsed
        if isinstance(line, lines.Closed) and not any(isinstance(one, lines.Reopened) for one in made):
            assert sum(line.spent.values()) == (line.at - line.begun_at).total_seconds()


def test_what_is_erased_gives_the_same_lines_without_the_names_of_goods():
    story = later(story_in(Stage.CLOSED), 1).do(Action.COMPLETE_FOLLOW_UP)
    before = lines_of(story.entries, story.policy)
    later(story, 24 * 400).ring()
    bare = [one.without_words() for one in (*story.entries, *erase_words(story.complaint, story.now, story.policy))]
    after = lines_of(bare, story.policy)
    names = {"product": None, "seller": None, "carrier": None}
    assert [one.model_copy(update={n: v for n, v in names.items() if hasattr(one, n)}) for one in before] == after
    assert ERASED not in "".join(line.model_dump_json() for line in after)
