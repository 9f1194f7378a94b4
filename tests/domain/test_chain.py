"""4.5b: the record is append-only and hash-chained, and what it says is the complaint."""

import hashlib
import json

import pytest

from chalicelib.domain.complaint.events import KINDS, EvidenceReceived, OrderChecked, RelatedFound
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import EvidenceOffer, FollowUpDone, Note
from chalicelib.domain.ground.chain import (
    GENESIS,
    Entry,
    Words,
    as_written,
    body_of,
    canonical,
    digest,
    digest_of_written,
    first_broken_link,
)
from chalicelib.domain.ground.people import Actor, consumer
from chalicelib.domain.ground.text import ERASED
from chalicelib.domain.vocabulary.stages import Stage

from .cases import ALLERGY, CRACKED, KETTLE, LEAD, NUMBER, PLAN, Story, changed, story_in


@pytest.fixture
def story() -> Story:
    return story_in(Stage.CLOSED).do(Action.NOTE)


def test_the_chain_of_an_untouched_record_is_whole(story: Story):
    assert first_broken_link(story.entries) is None
    assert story.entries[0].previous == GENESIS
    assert story.complaint.chain == story.entries[-1].hash


def test_folding_the_entries_gives_the_stored_complaint(story: Story):
    written = [Entry.model_validate_json(entry.model_dump_json(exclude_unset=True)) for entry in story.entries]
    assert fold(written) == story.complaint
    assert first_broken_link(written) is None


def test_every_kind_of_change_is_found_where_it_was_made(story: Story):
    third = story.entries[2]
    forged_words = third.data | {"report": third.data["report"] | {"findings": "一切正常"}}
    changes = {
        "data": forged_words,
        "at": third.at.replace(hour=1),
        "actor": LEAD,
        "kind": "NoteAdded",
        "enters": None,
        "hash": "0" * 64,
        "previous": story.entries[0].hash,
        "record": "AAAAA-AAAAA",
        "seq": 9,
        "words": third.words.model_copy(update={"typed": dict.fromkeys(third.words.typed, "一切正常")}),
    }
    assert set(changes) == set(Entry.model_fields)
    for name, value in changes.items():
        tampered = [*story.entries[:2], changed(third, **{name: value}), *story.entries[3:]]
        assert first_broken_link(tampered) == 3, name


def test_an_event_left_out_put_in_or_moved_is_found(story: Story):
    entries = story.entries
    assert first_broken_link([*entries[:2], *entries[3:]]) == 3
    assert first_broken_link([*entries[:2], entries[1], *entries[2:]]) == 3
    assert first_broken_link([entries[1], entries[0]]) == 1


def test_a_record_cannot_be_passed_off_as_another_complaints(story: Story):
    moved = [changed(entry, record="AAAAA-AAAAA", actor=consumer("AAAAA-AAAAA")) for entry in story.entries]
    assert first_broken_link(moved) == 1


def test_the_hash_can_be_computed_from_the_definition_alone(story: Story):
    """An outsider with the documented rule and a JSON library comes to the same hash."""
    written = json.loads(story.entries[3].model_dump_json(exclude_none=True, exclude_unset=True))
    claimed, words = written.pop("hash"), written.pop("words")
    text = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == claimed
    salted = bytes.fromhex(words["salt"]) + "我们为您全额退款。".encode()
    assert written["data"]["plan"]["summary"] == "sha256:" + hashlib.sha256(salted).hexdigest()


def test_what_somebody_typed_stands_beside_the_entry_and_never_in_it(story: Story):
    filed = story.entries[0]
    assert filed.words
    typed = (KETTLE.order_number, KETTLE.product_name, KETTLE.description)
    if_they_like = (KETTLE.product_id, KETTLE.seller, KETTLE.external_ref)
    assert set(filed.words.typed.values()) == {*typed, *if_they_like}
    assert not any(text in filed.without_words().model_dump_json() for text in filed.words.typed.values())
    assert filed.event.filing == KETTLE  # type: ignore[attr-defined]


def test_no_two_entries_have_the_same_salt_so_equal_words_do_not_show(story: Story):
    again = Story().entries[0]
    assert again.data["filing"]["description"] != story.entries[0].data["filing"]["description"]
    salted = [entry.words.salt for entry in story.entries if entry.words]
    assert len(set(salted)) == len(salted) > 1


def test_words_can_be_erased_and_the_chain_is_whole_and_every_fact_stays(story: Story):
    bare = [entry.without_words() for entry in story.entries]
    assert first_broken_link(bare) is None
    known, left = story.complaint, fold(bare)
    assert (left.description, left.investigation_report.findings) == (ERASED, ERASED)
    assert (left.stage, left.outcome, left.category, left.closed_at) == (
        known.stage,
        known.outcome,
        known.category,
        known.closed_at,
    )
    assert left.resolution_plans[0].plan.methods[0].amount == known.resolution_plans[0].plan.methods[0].amount


def test_no_salt_of_another_length_takes_in_a_part_of_the_words_or_gives_some_away():
    """SHA-256 of (salt ‖ text) binds the two together; the length of the salt says where one ends."""
    noted = Story().do(Action.NOTE, submission=Note(text="not agreed at all")).entries
    words = noted[-1].words
    assert words
    ((seal, text),) = words.typed.items()
    for cut in (4, -2):
        whole = bytes.fromhex(words.salt) + text.encode()
        salt, rest = whole[: 16 + cut], whole[16 + cut :].decode(errors="replace")
        moved = Words(salt=salt.hex(), typed={seal: rest})
        assert first_broken_link([*noted[:-1], changed(noted[-1], words=moved)]) == 2
    assert first_broken_link([*noted[:-1], changed(noted[-1], words=Words(salt="zz", typed=words.typed))]) == 2


def test_words_that_are_partly_gone_are_lost(story: Story):
    filed = story.entries[0]
    assert filed.words
    fewer = dict(list(filed.words.typed.items())[1:])
    assert changed(filed, words=Words(salt=filed.words.salt, typed=fewer)).has_lost_words
    assert not filed.has_lost_words
    assert filed.without_words().has_lost_words


def test_the_entries_of_one_record_are_not_those_of_another(story: Story):
    assert first_broken_link(story.entries, NUMBER) is None
    assert first_broken_link(story.entries, "AAAAA-AAAAA") == 1


def test_what_is_kept_is_held_to_its_hash_whatever_a_model_makes_of_it(story: Story):
    kept = as_written(story.entries[2])
    assert digest_of_written(kept) == story.entries[2].hash
    assert digest_of_written(kept.replace('"seq":3', '"seq":"3"')) != story.entries[2].hash


def test_whoever_types_what_looks_like_a_digest_is_quoted_as_typed():
    forged = "sha256:" + "0" * 64
    noted = Story().do(Action.NOTE, submission=Note(text=forged)).entries[-1]
    assert noted.event.note.text == forged  # type: ignore[attr-defined]


def test_the_hash_stays_whatever_fields_later_code_adds_or_no_longer_knows(story: Story):
    """Of an entry, its actor, the stage it enters and the clock that is set."""
    third = story.entries[2]
    written = json.loads(third.model_dump_json(exclude_none=True, exclude_unset=True))
    older = json.loads(json.dumps(written))
    older["mood"] = older["actor"]["mood"] = older["enters"]["mood"] = older["enters"]["clock"]["mood"] = "calm"
    known = Entry.model_validate(older)
    assert digest(known) != digest(third), "what was written counts, known or not"
    assert body_of(known)["actor"]["mood"] == "calm"
    assert "groups" not in body_of(changed(third, actor=Actor(kind="system", id="clock")))["actor"]
    assert digest(Entry.model_validate(written)) == third.hash


def test_the_canonical_form_sorts_keys_and_keeps_every_script():
    assert canonical({"b": 1, "a": "裂 \u202e😡\n"}) == '{"a":"裂 \u202e😡\\n","b":1}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_amounts_keep_their_digits(story: Story):
    assert story.entries[3].data["plan"]["methods"][0]["amount"] == {"value": "59.90", "currency": "CNY"}


def test_fields_that_later_code_no_longer_knows_do_no_harm(story: Story):
    noted = story.entries[-1]
    older = changed(noted, data={"note": noted.data["note"], "mood": "calm"})
    assert older.event == noted.event


def test_every_kind_of_event_is_a_past_tense_of_its_own():
    assert all(
        kind.__name__.endswith(
            (
                *(
                    "ed",
                    "edTo",
                    "Found",
                    "Given",
                    "Read",
                    "Begun",
                    "Told",
                    "Taken",
                    "Withdrawn",
                    "Undone",
                    "Unreachable",
                ),
                *("Unreachable", "Due", "Sent"),
            )
        )
        for kind in KINDS
    )


def test_the_consumer_sees_neither_notes_nor_names_nor_the_text_of_the_report():
    story = story_in(Stage.INVESTIGATING).do(Action.ASSIGN).do(Action.NOTE).do(Action.REPORT)
    faces = {entry.kind: entry.event.public_face() for entry in story.entries}
    assert faces["ComplaintAssigned"] is None
    assert faces["NoteAdded"] is None
    assert faces["InvestigationReported"] == {}
    assert story.complaint.complaint_id == NUMBER


def nulls(value: object) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is None or any(map(nulls, parts))


def test_what_is_not_there_is_absent_and_never_null():
    """Whoever reads an entry meets no null at any depth, whatever was left out; so the hash does not depend on it."""
    story = Story(CRACKED).do(Action.ACKNOWLEDGE).do(Action.ANSWER_INQUIRY)
    story.do(Action.ADD_EVIDENCE, submission=EvidenceOffer(file_name="a.png", content_type="image/png", size=1))
    story.found(OrderChecked(), RelatedFound(related=("AAAAA-AAAAA",)))
    story.do(Action.REQUEST_INFORMATION).do(Action.GIVE_INFORMATION).do(Action.REPORT).do(Action.PROPOSE_PLAN)
    story.do(Action.ACCEPT_PLAN).do(Action.COMPLETE_FOLLOW_UP, submission=FollowUpDone()).do(Action.REOPEN)
    merged = Story().do(Action.MERGE).do(Action.UNDO_MERGER)
    for entry in (*story.entries, *merged.entries):
        assert not nulls(entry.data), entry.kind
        written = json.loads(as_written(entry))
        assert not nulls(written), entry.kind
        del written["hash"]
        assert hashlib.sha256(canonical(written)).hexdigest() == entry.hash


def test_a_chain_of_another_record_does_not_go_on_from_this_one(story: Story):
    other = changed(story.entries[-1], record="AAAAA-AAAAA")
    assert first_broken_link([*story.entries[:-1], changed(other, hash=digest(other))]) == len(story.entries)


def test_words_of_which_there_are_none_take_no_salt():
    assert Story().do(Action.REPLACE_LINK).entries[-1].words is None


def test_what_an_entry_says_has_the_words_in_their_places_at_any_depth(story: Story):
    said = story.entries[3].said
    assert said["plan"]["follow_up_measures"] == [PLAN.follow_up_measures[0]]
    assert said["plan"]["methods"][0]["detail"] == "全额退款"
    assert story.entries[3].without_words().said["plan"]["follow_up_measures"] == [ERASED]


def test_an_entry_has_lost_words_only_if_it_had_some():
    filed, replaced = Story().do(Action.REPLACE_LINK).entries
    lost = [entry.has_lost_words for entry in (filed, filed.without_words(), replaced, replaced.without_words())]
    assert lost == [False, True, False, False]


def test_of_several_words_each_must_be_what_was_written(story: Story):
    filed = story.entries[0]
    assert filed.words
    for stands in filed.words.typed:
        forged = filed.words.model_copy(update={"typed": filed.words.typed | {stands: "一切正常"}})
        assert first_broken_link([changed(filed, words=forged), *story.entries[1:]]) == 1


def test_a_field_that_later_code_no_longer_knows_does_no_harm_at_any_depth(story: Story):
    noted = story.entries[-1]
    older = changed(noted, data={"note": noted.data["note"] | {"mood": "calm"}})
    assert older.event == noted.event


def test_words_that_the_house_repeats_are_sealed_too(story: Story):
    """The measure of a plan, the name of a file, the words of danger in a description."""
    danger = (
        Story(ALLERGY)
        .do(Action.ADD_EVIDENCE)
        .found(
            EvidenceReceived(
                evidence_id="1",
                file_name="裂缝.jpg",
                content_type="image/jpeg",
                size=1,
                sha256="ab",
                added_by="consumer",
            )
        )
    )
    bare = [entry.without_words().model_dump_json() for entry in (*story.entries, *danger.entries)]
    assert not [text for text in (PLAN.follow_up_measures[0], "裂缝.jpg", "过敏") for entry in bare if text in entry]
    assert {"FollowUpPromised", "EvidenceReceived", "DangerFound"} <= {
        entry.kind for entry in (*story.entries, *danger.entries) if entry.words
    }
