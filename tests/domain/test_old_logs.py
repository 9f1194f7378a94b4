"""What was stored before a change is read after it: the chain holds, and the fold gives the state that it gave then.

`logs/` has four lives, each entry as the store wrote it, before there were coded facts, and the state that the code of
then made of them. They were made once, by playing the lives with `Story` and dumping `as_written` and `words` of each
entry; they are never made anew. What the code of now adds to the state is no difference; what it lost
is, but for what is named here.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.ground.chain import Entry, Words, as_written, digest_of_written, first_broken_link

LOGS = {path.stem: json.loads(path.read_text("utf-8")) for path in (Path(__file__).parent / "logs").glob("*.json")}
KNOWN_NO_MORE = {"LegalIssueRaised": {"words", "operating"}}
"""What events said that nothing asks for any more: it stays in the entry. What is dangerous is `DangerFound` now."""
STATE_NO_MORE = {"danger"}
LIVES = pytest.mark.parametrize("life", sorted(LOGS))


def stored(life: str) -> list[Entry]:
    """The entries, as the store reads them."""
    return [
        Entry.model_validate_json(json.dumps(one["entry"])).model_copy(
            update={"words": Words.model_validate(one["words"]) if "words" in one else None}
        )
        for one in LOGS[life]["entries"]
    ]


def state_then(life: str) -> dict[str, Any]:
    return {name: value for name, value in LOGS[life]["state"].items() if name not in STATE_NO_MORE}


def known_then(now: Any, then: Any) -> Any:
    """What is there now of what was there then."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: known_then(value, then[name]) for name, value in now.items() if name in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [known_then(*pair) for pair in zip(now, then, strict=True)]
    return now


@LIVES
def test_the_chain_of_an_old_log_holds_and_each_entry_is_written_as_it_was(life: str):
    entries = stored(life)
    assert first_broken_link(entries, "7K2M9-XD4FQ") is None
    for entry, one in zip(entries, LOGS[life]["entries"], strict=True):
        assert json.loads(as_written(entry)) == one["entry"]
        assert digest_of_written(json.dumps(one["entry"])) == one["entry"]["hash"]


@LIVES
def test_every_event_of_an_old_log_says_all_that_it_said(life: str):
    for entry in stored(life):
        gone = KNOWN_NO_MORE.get(entry.kind, set())
        said = {name: value for name, value in entry.said.items() if name not in gone}
        assert known_then(entry.event.model_dump(mode="json", exclude_none=True), said) == said


@LIVES
def test_an_old_log_folds_as_before(life: str):
    then = state_then(life)
    assert known_then(fold(stored(life)).model_dump(mode="json"), then) == then


@LIVES
def test_an_old_head_is_read_and_says_what_it_said(life: str):
    head = Complaint.model_validate_json(json.dumps(LOGS[life]["state"]))
    assert known_then(head.model_dump(mode="json"), state_then(life)) == state_then(life)
    later = {"resolution_plans": (), "took_part": (), "closures": 0, "updated_at": None}
    assert fold(stored(life)).model_copy(update=later) == head.model_copy(update=later), (
        "who proposed a plan, who took part, how often it was closed, when it changed: that is known once it is rebuilt"
    )


def test_what_legal_was_asked_for_before_there_were_tiers_is_still_legal_s_to_read():
    assert [(life, fold(stored(life)).legal_issue) for life in ("departments", "rejection")] == [
        ("departments", True),
        ("rejection", True),
    ]


def test_the_lives_are_those_that_were_lived():
    told = {life: fold(stored(life)) for life in LOGS}
    ends = {life: (one.stage, one.outcome, one.round, len(one.resolution_plans)) for life, one in told.items()}
    assert ends == {
        "departments": ("awaiting_consumer", None, 1, 1),
        "good": ("closed", "satisfied", 1, 1),
        "merged": ("closed", "withdrawn", 2, 0),
        "rejection": ("closed", "no_response", 2, 2),
    }
    assert told["rejection"].resolution_plans[1].plan.reasons == "检测报告显示与宣传一致。"
    assert [breach.held_by for breach in told["merged"].breaches] == ["customer_service"]
    assert [inquiry.status for inquiry in told["departments"].inquiries] == ["answered", "dispensed"]
    check, report = told["good"].order_check, told["good"].investigation_report
    assert check
    assert check.facts
    assert report
    assert (check.facts.seller, report.evidence, told["good"].follow_ups[0].done_by) == (
        "云杉家电旗舰店",
        ("1",),
        "cs.lin",
    )


def test_a_field_that_was_renamed_or_lost_is_a_difference():
    then = {"stage": "closed", "plans": [{"round": 1}]}
    assert known_then(then | {"verdict": None}, then) == then
    assert known_then({"stage": "closed", "resolutions": [{"round": 1}]}, then) != then
    assert known_then({"stage": "closed", "plans": [{"number": 1}]}, then) != then
