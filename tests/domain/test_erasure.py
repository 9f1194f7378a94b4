"""Words can be erased: they are found by type, wherever they stand, and every fact stays."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from hypothesis import settings
from pydantic import BaseModel, Strict

from chalicelib.domain.complaint import events, hearings, parts, submissions
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.complaint.decisions import decide, erase_words
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.evolution import evolve, fold
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground import people, text
from chalicelib.domain.ground.chain import Entry, Words, first_broken_link
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.ground.text import ERASED, erased
from chalicelib.domain.telling.outdated import outdated
from chalicelib.domain.vocabulary.stages import Stage

from .cases import KETTLE, LIN, PLAN, POLICY, SUBMISSIONS, WHO, Story, story_in
from .test_sequences import AnyLife

# ---- found by type ---------------------------------------------------------------------------------------------------

NOBODY_TYPES: dict[str, set[str]] = {
    "ids": {
        *(f"{model}.complaint_id" for model in ("Complaint", "Summary")),
        *(
            f"{model}.evidence_id"
            for model in ("EvidenceFile", "EvidenceOffered", "EvidenceReceived", "EvidenceRetracted")
        ),
        "EvidenceQuarantined.evidence_id",
        "EvidenceOffered.forgets",
        *(f"{model}.inquiry_id" for model in ("OpenedInquiry", "InquiryOpened", "InquiryAnswered")),
        *(f"{model}.request_id" for model in ("AskedInformation", "InformationRequested")),
        "InformationGiven.answers",
        "EvidenceReceived.answers",
        *(f"{model}.evidence" for model in ("InvestigationReport", "ResolutionPlan", "PlanDraft")),  # which are checked
        *(f"{model}.duplicate_of" for model in ("Complaint", "Summary", "RelatedFound")),
        *(f"{model}.related" for model in ("Complaint", "RelatedFound")),
        *("DangerRepeated.complaints", "Safety.same_product"),
        *(
            "Complaint.merged_into",
            "Merged.into",
            "Merged.asked",
            "Merger.into",
            "MergerMoved.into",
            "EvidenceReceived.into",
        ),
        *(
            "MergerUndone.out_of",
            "ComplaintReopened.out_of",
            "LegalIssueRaised.of",
            "DangerFound.of",
            "ConsumerCalled.of",
            "Safety.of",
            "NewStage.followed_by",
        ),
        *("OtherPlanProposed.of", "OtherClosed.of", "OtherReopened.of"),
        *("TakenIn.complaint_id", "ComplaintParted.complaint_id", "TakenFile.evidence_id"),
        *("Actor.id", "NewStage.dispensed"),
    },
    "names of staff": {
        *(f"{model}.assignee" for model in ("Holder", "Summary", "Assignment")),
        *("OpenedInquiry.asked_by", "OpenedInquiry.answered_by", "FollowUp.done_by", "GivenReview.reviewed_by"),
        *(f"{model}.by" for model in ("Safety", "Assessed", "ToldAuthority", "ReviewedSurvey")),
        *("DraftedPlan.drafted_by", "NoteRetraction.author", "ProposedPlan.proposed_by"),
        *("Complaint.named", "Complaint.took_part", "TakenIn.named", "StaffNamed.names"),
        *(f"{model}.sent_by" for model in ("EvidenceFile", "EvidenceQuarantined", "Refusals")),
        *(f"{model}.held_by" for model in ("Breach", "DeadlineMissed", "Escalated")),
    },
    "kinds": {
        "GivenFeedback.given_by",
        *(f"{model}.content_type" for model in ("EvidenceOffer", "EvidenceFile", "EvidenceReceived", "TakenFile")),
        *(
            f"{model}.{field}"
            for model in ("ConsumerUnreachable", "AssigneeUnreachable")
            for field in ("notice", "channel")
        ),
        *("ConsumerReached.notice", "Complaint.unreached", "Complaint.to_call_about"),
        "Money.currency",
        "InvestigationReport.cause_code",  # of a list, which is checked
    },
    "who is heard, and who decides": {
        *(f"{kind.__name__}.person" for kind in (hearings.Hearing, *hearings.KINDS)),
        "Decided.by",
    },
    "clocks": {
        "RunningClock.name",
        "ClockSetting.name",
        "ClockSetting.length",
        "Alarm.clock",
        "Breach.clock",
        "Summary.task",
    },
    "stages of any kind of record": {"NewStage.stage", "Alarm.stage"},
    "of the chain": {
        "Complaint.chain",
        "Complaint.kept_apart",
        *(f"Entry.{name}" for name in ("record", "kind", "data", "previous", "hash")),
    },
}
"""The fields of plain text, and why nothing of it is words of anybody's. Contact and words are erased as a whole."""


def models() -> set[type[BaseModel]]:
    """All that entries and heads are made of."""
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [Entry, Complaint, Summary, *events.KINDS]
    for module in (parts, submissions):
        waiting += [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
            found.add(one)
            waiting += [field.annotation for field in one.model_fields.values()]
        waiting += get_args(one)
    return found - {Contact, Words}


def plain(annotation: Any, marks: tuple[Any, ...]) -> bool:
    """Whether there is a plain string in it."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return plain(inner, (*marks, *more))
    if annotation is str:
        return not any(isinstance(mark, text.Text | text._AsTyped) for mark in marks)
    inside = (tuple, list, dict, set, frozenset, types.UnionType, Union)
    return get_origin(annotation) in inside and any(plain(one, marks) for one in get_args(annotation))


def test_whatever_people_type_is_of_one_type_and_what_is_not_stands_on_the_list() -> None:
    found = {
        f"{model.__name__}.{name}"
        for model in models()
        for name, field in model.model_fields.items()
        if plain(field.annotation, tuple(field.metadata))
    }
    assert {"Complaint", "Money", "OrderLine", "ClockSetting"} <= {model.__name__ for model in models()}
    assert found == set().union(*NOBODY_TYPES.values())


def test_a_plain_string_is_seen_wherever_it_hides() -> None:
    class Sample(BaseModel):
        typed: submissions.Line64 | None = None
        measures: tuple[submissions.Text2000, ...] = ()
        kept: tuple[text.Typed, ...] = ()
        name: str
        maybe: str | None = None
        many: tuple[str, ...] = ()
        narrow: Annotated[str, Strict()] | None = None

    seen = {name for name, field in Sample.model_fields.items() if plain(field.annotation, tuple(field.metadata))}
    assert seen == {"name", "maybe", "many", "narrow"}


# ---- erased ----------------------------------------------------------------------------------------------------------


def operated(story: Story) -> Entry:
    """The words are erased, whatever the rules say of that."""
    draft = Draft.of(story.complaint, story.now, POLICY)
    draft.add(events.WordsErased(), people.OPERATOR)
    return draft.entries[0]


class AnyLifeErased(AnyLife):
    """Anyone tries any action at any time, and then the words are erased."""

    def teardown(self) -> None:
        entries, complaint = self.story.entries, self.story.complaint
        bare = [entry.without_words() for entry in entries]
        assert fold(bare) == erased(complaint), "fold without words = fold with words, then erased"
        last = operated(self.story)
        whole = fold([*entries, last])
        halfway = [entry.without_words() if entry.seq % 2 else entry for entry in entries]
        for left in (bare, halfway):
            assert fold([*left, last]) == whole
            assert first_broken_link([*left, last]) is None
        assert all(words not in whole.model_dump_json() for words in self._words())

    def _words(self) -> Iterator[str]:
        return (words for entry in self.story.entries if entry.words for words in entry.words.typed.values())


AnyLifeErased.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestAnyLifeErased = AnyLifeErased.TestCase


@pytest.fixture
def story() -> Story:
    """A complaint that is closed, with all that was promised done."""
    return story_in(Stage.CLOSED).do(Action.COMPLETE_FOLLOW_UP).do(Action.ADD_EVIDENCE)


def test_an_operator_erases_what_is_closed_and_every_fact_stays(story: Story) -> None:
    known = story.complaint
    (entry,) = erase_words(known, story.now, POLICY)
    left = evolve(known, entry)
    assert (left.order_number, left.product_name, left.description) == (ERASED,) * 3
    assert left.resolution_plans[0].plan.summary == ERASED
    assert left.resolution_plans[0].plan.methods[0].amount == PLAN.methods[0].amount
    facts = ("stage", "outcome", "round", "category", "received_at", "closed_at", "breaches", "filed_by", "assignee")
    assert [getattr(left, name) for name in facts] == [getattr(known, name) for name in facts]
    assert (left.erased_at, left.version) == (story.now, known.version + 1)
    assert entry.event.public_face() is None


def test_the_link_ends_and_the_files_are_there_no_more(story: Story) -> None:
    (entry,) = erase_words(story.complaint, story.now, POLICY)
    left = evolve(story.complaint, entry)
    assert left.link_in_force.edition == entry.seq
    assert [(file.status, file.file_name) for file in left.evidence_files] == [("erased", ERASED)]
    assert left.evidence == ()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
def test_an_open_complaint_needs_its_words(stage: Stage) -> None:
    with pytest.raises(NotAllowed, match="complaint_open"):
        erase_words(story_in(stage).complaint, story_in(stage).now, POLICY)


def test_so_does_one_with_a_measure_that_is_still_to_be_done() -> None:
    story = story_in(Stage.CLOSED)
    with pytest.raises(NotAllowed, match="follow_up 1"):
        erase_words(story.complaint, story.now, POLICY)


@pytest.mark.parametrize("action", LIFECYCLE.allowed(Stage.CLOSED))
def test_nothing_is_done_about_it_any_more(story: Story, action: Action) -> None:
    complaint = evolve(story.complaint, operated(story))
    with pytest.raises(NotAllowed, match="words_erased"):
        decide(complaint, SUBMISSIONS[action], WHO.get(action, LIN), story.now, POLICY, "1")


def test_nobody_is_told_of_anything_any_more(story: Story) -> None:
    complaint = evolve(story.complaint, operated(story))
    over = {entry.kind for entry in story.entries if outdated(entry, story.complaint)}
    assert over == set(), "all of it is news"
    assert all(outdated(entry, complaint) for entry in story.entries)


def test_what_was_filed_is_found_in_nothing_that_is_left(story: Story) -> None:
    left = evolve(story.complaint, operated(story))
    for words in (KETTLE.order_number, KETTLE.product_name, KETTLE.description):
        assert words in story.complaint.model_dump_json()
        assert words not in left.model_dump_json() + Summary.of(left).model_dump_json()
