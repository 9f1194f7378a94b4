"""What can be sent can be answered: however long people write, what may not be refused finds room in the record."""

from collections.abc import Callable
from copy import copy
from datetime import timedelta
from functools import cache, reduce
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from chalicelib.adapters import items
from chalicelib.adapters.places import head_of
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.complaint.files import MOST_FILES
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.room import FACTS
from chalicelib.domain.complaint.submissions import (
    FollowUpDone,
    InquiryAnswer,
    LegalReview,
    PlanDraft,
    ResolutionPlan,
    Submission,
)
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import NotAllowed, TooLarge
from chalicelib.domain.ground.people import staff
from chalicelib.domain.ground.text import Text
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Outcome
from tests import examples

from .cases import FAKE, KETTLE, LEAD, LIN, PHOTOGRAPH, QUALITY, SUBMISSIONS, WANG, Story, story_for

WIDE = "𠮷"  # four bytes
FEW_FACTS = 600  # bytes of what nobody writes, in one act
LONG_NAME = staff("x" * 128, frozenset({"customer_service", "quality"}))


class Kept(Story):
    """A story that is kept as the store keeps it: what does not find room is refused, and nothing has happened."""

    def _happened(self, entries: list[Entry]) -> Story:
        head = head_of(reduce(evolve, entries, self.complaint))
        items.require_room(head, entries)
        items.head_item(head, None)
        return super()._happened(entries)


def size_and_kept(story: Story) -> int:
    head = head_of(story.complaint)
    return len(head.state.encode()) + head.kept_free


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


def longest_taken(story: Kept, action: Action, make: Callable[[int], Submission]) -> int:
    """The most letters with which something is taken; it is handed in."""
    least, most = 0, 5001
    while most - least > 1:
        tried = (least + most) // 2
        probe = copy(story)
        probe.entries, probe.policies = list(story.entries), list(story.policies)
        try:
            probe.do(action, submission=make(tried))
            least = tried
        except TooLarge:
            most = tried
    assert least, "nothing is taken"
    story.do(action, submission=make(least))
    return least


def in_planning(filing: Any = KETTLE) -> Kept:
    story = Kept(filing)
    story.do(Action.ACKNOWLEDGE)
    without = SUBMISSIONS[Action.REPORT].model_copy(update={"without_inquiries": "照片已足够"})
    story.do(Action.REPORT, submission=without)
    return story


def fill(story: Kept) -> None:
    """Files are announced and come, of both parties, for as long as they are taken."""
    for who, of in ((WANG, "consumer"), (LIN, "staff")):
        for _ in range(MOST_FILES):
            story.do(Action.ADD_EVIDENCE, who, longest(Action.ADD_EVIDENCE))
            came = {"evidence_id": str(story.complaint.evidence_offered), "added_by": of}
            story.found(PHOTOGRAPH.model_copy(update=came))


@pytest.mark.parametrize("way", ["draft", "plan"])
def test_a_merger_that_is_undone_leaves_room_for_what_was_to_follow(way: str):
    """Whatever is added while it is merged, the plan can be answered afterwards, and the draft become one."""
    story = in_planning()
    if way == "draft":
        longest_taken(story, Action.DRAFT_PLAN, lambda n: plan(n, PlanDraft))
        draft = story.complaint.plan_draft
        assert draft is not None
        proposed = ResolutionPlan.model_validate(draft.plan.model_dump(mode="json"))
    else:
        longest_taken(story, Action.PROPOSE_PLAN, plan)
    story.do(Action.MERGE)
    with pytest.raises(TooLarge):
        fill(story)
    story.do(Action.UNDO_MERGER)
    if way == "draft":
        story.do(Action.REVIEW, submission=LegalReview(approved=True, advice=WIDE * 5000))
        story.do(Action.PROPOSE_PLAN, submission=proposed)
    assert story.do(Action.ACCEPT_PLAN).complaint.outcome is Outcome.SATISFIED


@cache
def longest_plan(promised: int) -> ResolutionPlan:
    letters = longest_taken(in_planning(), Action.PROPOSE_PLAN, lambda n: plan(n, promised=promised))
    assert letters > 500
    return plan(letters, promised=promised)


def with_the_longest_plan(promised: int = 20) -> Kept:
    return in_planning().do(Action.PROPOSE_PLAN, submission=longest_plan(promised))


def live_on(story: Kept) -> None:
    """All that may not be refused, as it comes: alarms for a season, measures done, closed and opened over and over."""
    for _ in range(3):
        if story.complaint.outcome not in (None, Outcome.MERGED):
            story.do(Action.REOPEN, LEAD, longest(Action.REOPEN))
        story.now += timedelta(days=60)
        story.ring()
        for measure in story.complaint.follow_ups:
            if not measure.done_at:
                story.do(Action.COMPLETE_FOLLOW_UP, LONG_NAME, FollowUpDone(), part=str(measure.number))
        for action in (Action.NOTE, Action.CALL, Action.REPLACE_LINK):
            story.do(action, LIN, longest(action))
        if story.complaint.outcome is None:
            name = {"assignee": "x" * 128}
            story.do(Action.ASSIGN, LEAD, SUBMISSIONS[Action.ASSIGN].model_copy(update=name))
            story.do(Action.WITHDRAW, WANG, longest(Action.WITHDRAW))


@pytest.mark.parametrize("promised", [1, 20])
@pytest.mark.parametrize("who", [WANG, LIN], ids=["the consumer", "staff for a caller"])
@pytest.mark.parametrize("answer", [Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN, Action.WITHDRAW])
def test_the_longest_plan_that_is_taken_can_be_answered(answer: Action, who: Any, promised: int):
    story = with_the_longest_plan(promised)
    with_opinion = longest(Action.OBJECT_TO_PLAN)
    said = with_opinion.model_copy(update={"satisfied": True}) if answer is Action.ACCEPT_PLAN else longest(answer)
    story.do(answer, who, said)
    assert len(story.complaint.follow_ups) == (promised if answer is Action.ACCEPT_PLAN else 0)
    live_on(story)


@pytest.mark.parametrize("action", list(LIFECYCLE.allowed(Stage.AWAITING_CONSUMER)))
def test_after_the_longest_plan_whatever_does_not_heap_up_is_taken(action: Action):
    story = with_the_longest_plan()
    if action is Action.COMPLETE_FOLLOW_UP:
        story.do(Action.ACCEPT_PLAN, WANG)
    if action is Action.READ_INFORMATION:
        story.do(Action.GIVE_INFORMATION)
    try:
        story.do(action, submission=longest(action))
    except TooLarge:
        assert action in HEAPS
    live_on(story)


def test_nobody_s_silence_finds_no_room_either():
    story = with_the_longest_plan()
    story.now += timedelta(days=40)
    assert story.ring().complaint.outcome == Outcome.NO_RESPONSE
    live_on(story)


def test_a_plan_that_could_not_be_answered_is_refused_and_says_by_how_much():
    story = in_planning()
    with pytest.raises(TooLarge, match=r"\d+ bytes would be missing .* Shorten"):
        story.do(Action.PROPOSE_PLAN, submission=plan(5000))
    assert story.complaint.stage == Stage.PLANNING


def test_what_legal_has_read_can_be_sent_and_answered_however_long_it_is():
    story = in_planning(FAKE)
    letters = longest_taken(story, Action.DRAFT_PLAN, lambda n: plan(n, PlanDraft))
    story.do(Action.REVIEW, submission=LegalReview(approved=True, advice=WIDE * 5000))
    story.now += timedelta(days=10)  # late, and said so
    story.ring()
    story.do(Action.PROPOSE_PLAN, submission=plan(letters))
    assert story.complaint.plan_draft is None
    story.do(Action.ACCEPT_PLAN, WANG)
    live_on(story)


def test_what_legal_has_approved_at_length_can_be_taken_back_in_short():
    story = in_planning(FAKE)
    longest_taken(story, Action.DRAFT_PLAN, lambda n: plan(n, PlanDraft))
    story.do(Action.REVIEW, submission=LegalReview(approved=True, advice=WIDE * 5000))
    story.do(Action.REVIEW, submission=LegalReview(approved=False, advice=WIDE * 1000))
    assert not story.complaint.legally_approved


def test_after_the_longest_chain_of_rounds_it_can_still_be_answered_withdrawn_merged_and_missed():
    story, rounds = in_planning(), 0
    with pytest.raises(TooLarge):  # noqa: PT012 — as long as it lasts
        while True:
            story.do(Action.PROPOSE_PLAN, submission=plan(300))
            story.do(Action.OBJECT_TO_PLAN, WANG, longest(Action.OBJECT_TO_PLAN))
            rounds += 1
    assert rounds >= 3, "each as long as can be, with room for ten complaints merged into it"
    assert story.complaint.stage == Stage.PLANNING
    story.now += timedelta(days=60)
    assert story.ring().complaint.breaches
    live_on(story)
    story.do(Action.REOPEN, LEAD).do(Action.MERGE)


def test_every_department_that_was_asked_can_answer_shortly():
    story = in_planning()
    asked = 0
    try:
        while True:
            story.do(Action.ASK, submission=longest(Action.ASK))
            asked += 1
    except (TooLarge, NotAllowed):
        assert asked > 5
    story.now += timedelta(days=5)
    story.ring()
    short = InquiryAnswer(assessment=WIDE * 500, recommended_solution=WIDE * 500)
    for inquiry in story.complaint.open_inquiries:
        story.do(Action.ANSWER_INQUIRY, QUALITY, short, part=inquiry.inquiry_id)
    live_on(story)


HEAPS = {
    *(Action.REPORT, Action.DRAFT_PLAN, Action.PROPOSE_PLAN, Action.REVIEW, Action.ASK, Action.ANSWER_INQUIRY),
    *(Action.REQUEST_INFORMATION, Action.UPDATE_DELIVERY, Action.ADD_EVIDENCE, Action.COMPLETE_FOLLOW_UP),
}
"""What is refused when a record is nearly full: with longest words, or at all."""


@pytest.mark.parametrize(
    ("stage", "action"),
    [(stage, action) for stage in Stage for action in LIFECYCLE.allowed(stage) if action in SUBMISSIONS],
)
def test_what_grows_a_record_by_more_than_the_room_that_was_kept_for_it_heaps_up(stage: Stage, action: Action):
    story = story_for(stage, action)
    if action is Action.ACKNOWLEDGE or not STAGES[stage].open:
        return  # whoever is asked by it is asked once, early
    before, known = size_and_kept(story), len(story.entries)
    story.do(action, submission=longest(action))
    heaps = any(entry.event.heaps for entry in story.entries[known:])
    assert heaps == (action in HEAPS)
    assert heaps or size_and_kept(story) - before <= FEW_FACTS < FACTS / 20
