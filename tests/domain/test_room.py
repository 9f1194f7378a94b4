"""What can be sent can be answered: however long people write, what may not be refused finds room in the record."""

from copy import copy
from datetime import timedelta
from functools import cache, reduce
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from chalicelib.adapters import items
from chalicelib.adapters.apart import IN_HEAD
from chalicelib.adapters.places import head_of
from chalicelib.domain.complaint.clocks import hearing_clock
from chalicelib.domain.complaint.events import ConsumerUnreachable
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.complaint.guards import MOST_TASKS
from chalicelib.domain.complaint.hearings import HearingOpened
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import (
    LegalReview,
    PlanDraft,
    ResolutionPlan,
    Submission,
)
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import staff
from chalicelib.domain.ground.text import Text
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome
from chalicelib.web.door import LARGEST_BODY
from tests import examples

from .cases import FAKE, HEARING, KETTLE, LEAD, LIN, PHOTOGRAPH, QUALITY, SUBMISSIONS, WANG, Story, asked

WIDE = "𠮷"  # four bytes
LONG_NAME = staff("x" * 128, frozenset({"customer_service", "quality"}))


MOST_WRITES = 60  # parts and entries of one act: a transaction takes a hundred writes, tasks among them


class Kept(Story):
    """A story that is kept as the store keeps it: what does not find room is refused, and nothing has happened."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self.apart: set[str] = set()
        super().__init__(*args, **more)

    def _happened(self, entries: list[Entry]) -> Story:
        _, parts = items.head_items(head_of(reduce(evolve, entries, self.complaint)), None, self.apart)
        assert len(parts) + len(entries) <= MOST_WRITES
        self.apart |= {items.digest_of(part) for part in parts}
        return super()._happened(entries)


def at_length(value: Any, annotation: Any, metadata: tuple[Any, ...] = ()) -> Any:
    """The same with every text as long as it may be."""
    if isinstance(value, str) and (texts := [one for one in metadata if isinstance(one, Text)]):
        return WIDE * texts[0].longest
    if get_origin(annotation) is Annotated:
        return at_length(value, get_args(annotation)[0], get_args(annotation)[1:])
    if get_origin(annotation) in (Union, UnionType):
        return next((long for kind in get_args(annotation) if (long := at_length(value, kind)) != value), value)
    if get_origin(annotation) is tuple:
        return [at_length(one, get_args(annotation)[0]) for one in value]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(value, dict):
        fields = annotation.model_fields
        return {
            name: at_length(one, fields[name].annotation, tuple(fields[name].metadata)) for name, one in value.items()
        }
    return value


def longest(action: Action) -> Submission:
    """The example of what is handed in, as long as it may be."""
    example = SUBMISSIONS[action]
    kind = type(example)
    return kind.model_validate(at_length(example.model_dump(mode="json"), kind))


def plan(letters: int, kind: type[ResolutionPlan] = ResolutionPlan, promised: int = 20) -> ResolutionPlan:
    """A plan whose every text has so many letters, of those that take most, or as many as it may."""
    body = examples.PLAN | {
        "methods": [{"kind": "apology", "detail": WIDE * min(letters, 2000)}] * 20,
        "follow_up_measures": [WIDE * min(letters, 2000)] * promised,
        "summary": WIDE * letters,
        "reasons": WIDE * letters,
    }
    return kind.model_validate(body)


def in_planning(filing: Any = KETTLE) -> Kept:
    story = Kept(filing)
    story.do(Action.ACKNOWLEDGE)
    without = SUBMISSIONS[Action.REPORT].model_copy(update={"without_inquiries": "照片已足够"})
    story.do(Action.REPORT, submission=without)
    return story


LONGEST_PLAN = plan(1_600)
"""Of more bytes than a body may have."""


def live_on(story: Kept) -> None:
    """All that may not be refused, as it comes: alarms for a season, measures done, closed and opened over and over."""
    for _ in range(2):
        if story.complaint.outcome not in (None, Outcome.MERGED):
            story.do(Action.REOPEN, LEAD, longest(Action.REOPEN))
        story.now += timedelta(days=60)
        story.ring()
        for measure in story.complaint.follow_ups:
            if not measure.done_at:
                story.do(Action.COMPLETE_FOLLOW_UP, LONG_NAME, longest(Action.COMPLETE_FOLLOW_UP), str(measure.number))
        for action in (Action.NOTE, Action.CALL, Action.REPLACE_LINK):
            story.do(action, LIN, longest(action))
        if story.complaint.outcome is None:
            name = {"assignee": "x" * 128}
            story.do(Action.ASSIGN, LEAD, SUBMISSIONS[Action.ASSIGN].model_copy(update=name))
            story.do(Action.WITHDRAW, WANG, longest(Action.WITHDRAW))


def test_the_longest_plan_is_longer_than_any_that_can_be_sent():
    assert len(LONGEST_PLAN.model_dump_json().encode()) > LARGEST_BODY


@pytest.mark.parametrize("action", list(LIFECYCLE.allowed(Stage.AWAITING_CONSUMER)))
def test_after_round_upon_round_of_longest_plans_and_objections_whatever_is_sent_is_taken(action: Action):
    """No consumer can object until nobody can answer any more."""
    story = many_rounds()
    rejects = LONGEST_PLAN.model_copy(update={"rejects_request": True})
    story.do(Action.PROPOSE_PLAN, submission=rejects)
    if action is Action.COMPLETE_FOLLOW_UP:
        story.do(Action.ACCEPT_PLAN, WANG)
    if action is Action.READ_INFORMATION:
        story.do(Action.GIVE_INFORMATION)
    if action is Action.REVIEW_SURVEY:
        asked(story.do(Action.ACCEPT_PLAN, WANG)).do(Action.ANSWER_SURVEY, submission=longest(Action.ANSWER_SURVEY))
    if action is Action.RETRACT_EVIDENCE:
        story.found(PHOTOGRAPH)
    if action in HEARING:
        clock = hearing_clock(story.complaint, "hearing", "hearing 1", story.now, story.policy)
        story.found(HearingOpened(number=1, person="cs.lin", clock=clock))
        for step in HEARING[: HEARING.index(action)]:
            story.do(step, submission=longest(step))
    story.do(action, submission=longest(action))


def test_the_head_stays_as_long_as_it_may_be_however_long_the_rounds_are():
    """So what bounds a record is how often people act, some thousand times, and nothing that they write."""
    story = many_rounds()
    head, _ = items.head_items(head_of(story.complaint), None)
    assert len(head["head"]["S"].encode()) < IN_HEAD + 100
    assert len(story.complaint.model_dump_json().encode()) > 1_000_000
    live_on(story)


def many_rounds() -> Kept:
    known = _rounds()
    story = copy(known)
    story.entries, story.policies, story.apart = list(known.entries), list(known.policies), set(known.apart)
    return story


@cache
def _rounds() -> Kept:
    story = in_planning()
    for _ in range(5):
        story.do(Action.PROPOSE_PLAN, submission=LONGEST_PLAN)
        story.do(Action.OBJECT_TO_PLAN, WANG, longest(Action.OBJECT_TO_PLAN))
    return story


def test_the_clock_goes_on_in_a_complaint_of_longest_rounds():
    story = many_rounds()
    story.now += timedelta(days=60)
    assert story.ring().complaint.breaches
    story.do(Action.PROPOSE_PLAN, submission=LONGEST_PLAN)
    story.now += timedelta(days=40)
    assert story.ring().complaint.outcome == Outcome.NO_RESPONSE
    live_on(story)


def test_every_department_that_is_asked_can_answer_at_length_over_and_over():
    story = Kept(KETTLE)
    story.do(Action.ACKNOWLEDGE)
    for _ in range(2):
        while len(story.complaint.open_inquiries) < MOST_TASKS:
            story.do(Action.ASK, submission=longest(Action.ASK))
        story.now += timedelta(days=5)
        story.ring()
        for inquiry in story.complaint.open_inquiries:
            story.do(Action.ANSWER_INQUIRY, QUALITY, longest(Action.ANSWER_INQUIRY), part=inquiry.inquiry_id)
    story.do(Action.REPORT, submission=longest(Action.REPORT).model_copy(update={"evidence": ()}))
    live_on(story)


def test_of_a_draft_that_legal_reads_again_and_again_the_last_word_is_kept():
    story = in_planning(FAKE)
    story.do(Action.DRAFT_PLAN, submission=plan(1_600, PlanDraft))
    for approved in (True, False) * 5:
        story.do(Action.REVIEW, submission=LegalReview(approved=approved, advice=WIDE * 5000))
    assert [one.review.approved for one in story.complaint.legal_reviews] == [False]
    assert not story.complaint.legally_approved
    story.do(Action.REVIEW, submission=LegalReview(approved=True, advice=WIDE * 5000))
    story.do(Action.PROPOSE_PLAN, submission=LONGEST_PLAN)
    assert story.do(Action.ACCEPT_PLAN, WANG).complaint.outcome is Outcome.SATISFIED
    live_on(story)


def test_however_many_notices_reach_nobody_the_record_knows_the_last_ones():
    """Nobody fills it by what cannot be told."""
    story = Kept(KETTLE)
    for seq in range(1, 150):
        story.found(ConsumerUnreachable(seq=seq, notice="delivery_update", channel=None))
    complaint = story.complaint
    assert len(complaint.unreached) == len(complaint.to_call_about or ()) == 100
    assert complaint.unreached[-1] == "149 delivery_update"
    story.do(Action.CALL)
    assert story.complaint.to_call_since is None
