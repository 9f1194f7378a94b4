"""4.5b: the record is append-only and hash-chained, and what it says is the complaint."""

import hashlib
import json

import pytest

from chalicelib.domain.events import GENESIS, Event, canonical, first_broken_link
from chalicelib.domain.evolution import fold
from chalicelib.domain.happenings import KINDS
from chalicelib.domain.lifecycle import Action, Stage
from chalicelib.domain.people import consumer

from .cases import LEAD, NUMBER, Story, changed, story_in


@pytest.fixture
def story() -> Story:
    return story_in(Stage.CLOSED).do(Action.NOTE)


def test_the_chain_of_an_untouched_record_is_whole(story: Story):
    assert first_broken_link(story.events) is None
    assert story.events[0].previous == GENESIS
    assert story.complaint.chain == story.events[-1].hash


def test_folding_the_events_gives_the_stored_complaint(story: Story):
    written = [Event.model_validate_json(event.model_dump_json()) for event in story.events]
    assert fold(written) == story.complaint
    assert first_broken_link(written) is None


def test_every_kind_of_change_is_found_where_it_was_made(story: Story):
    third = story.events[2]
    forged_words = third.data | {"report": third.data["report"] | {"findings": "一切正常"}}
    changes = {
        "data": forged_words,
        "at": third.at.replace(hour=1),
        "actor": LEAD,
        "kind": "NoteAdded",
        "enters": None,
        "hash": "0" * 64,
        "previous": story.events[0].hash,
        "complaint_id": "AAAAA-AAAAA",
        "seq": 9,
    }
    assert set(changes) == set(Event.model_fields)
    for name, value in changes.items():
        tampered = [*story.events[:2], changed(third, **{name: value}), *story.events[3:]]
        assert first_broken_link(tampered) == 3, name


def test_an_event_left_out_put_in_or_moved_is_found(story: Story):
    events = story.events
    assert first_broken_link([*events[:2], *events[3:]]) == 3
    assert first_broken_link([*events[:2], events[1], *events[2:]]) == 3
    assert first_broken_link([events[1], events[0]]) == 1


def test_a_record_cannot_be_passed_off_as_another_complaints(story: Story):
    moved = [changed(event, complaint_id="AAAAA-AAAAA", actor=consumer("AAAAA-AAAAA")) for event in story.events]
    assert first_broken_link(moved) == 1


def test_the_hash_can_be_computed_from_the_definition_alone(story: Story):
    """An outsider with the documented rule and a JSON library comes to the same hash."""

    def plain(value: object) -> str:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    written = json.loads(story.events[3].model_dump_json(exclude_none=True))
    claimed = written.pop("hash")
    assert plain(written | {"data": plain(written["data"])}) == claimed


def test_the_canonical_form_sorts_keys_and_keeps_every_script():
    assert canonical({"b": 1, "a": "裂 \u202e😡\n"}) == '{"a":"裂 \u202e😡\\n","b":1}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_amounts_keep_their_digits(story: Story):
    assert story.events[3].data["plan"]["methods"][0]["amount"] == {"value": "59.90", "currency": "CNY"}


def test_fields_that_later_code_no_longer_knows_do_no_harm(story: Story):
    noted = story.events[-1]
    older = changed(noted, data={"note": noted.data["note"], "mood": "calm"})
    assert older.happening == noted.happening


def test_every_kind_of_event_is_a_past_tense_of_its_own():
    assert all(name.endswith(("ed", "edTo", "Found", "Given", "Withdrawn", "Unreachable")) for name in KINDS)


def test_the_consumer_sees_neither_notes_nor_names_nor_the_text_of_the_report():
    story = story_in(Stage.INVESTIGATING).do(Action.ASSIGN).do(Action.NOTE).do(Action.REPORT)
    faces = {event.kind: event.happening.public_face() for event in story.events}
    assert faces["ComplaintAssigned"] is None
    assert faces["NoteAdded"] is None
    assert faces["InvestigationReported"] == {}
    assert story.complaint.complaint_id == NUMBER
