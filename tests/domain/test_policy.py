"""1.1, 7.1: the policy is versioned data, rules and operating data, and can grow."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from chalicelib.domain.complaint.alarms import recount
from chalicelib.domain.complaint.decisions import decide, open_complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Acknowledgement
from chalicelib.domain.ground.errors import Invalid
from chalicelib.domain.policy import rules, versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Clock, Rules, Rung
from chalicelib.domain.vocabulary.ladders import Safety
from chalicelib.domain.vocabulary.stages import STAGES, Stage

from .cases import CRACKED, FAKE, FRIDAY, LIN, NUMBER, OPERATING, POLICY, RULES, SHOP, policy_with, story_in

SEED = (versions.FOLDERS[Rules] / "1.json").read_text(encoding="utf-8")
NOBODY = Rung(kind="reminder", tell=("customer_service",), on_last_day=True)


def test_version_1_is_the_seed_policy_and_in_force():
    seed = versions.in_force(versions.packaged(Rules).values(), FRIDAY)
    assert (seed.version, seed.interpreter) == (1, "customer_service")
    assert "中华人民共和国消费者权益保护法" in seed.legal_basis
    assert "中华人民共和国电子商务法" in seed.legal_basis


@pytest.mark.parametrize(("kind", "numbers"), [(Rules, {1, 2}), (Operating, {1})])
def test_the_first_numbers_are_packaged_and_all_others_published(
    kind: type[Rules] | type[Operating], numbers: set[int]
):
    assert set(versions.packaged(kind)) == numbers


def test_version_2_is_in_force_from_the_first_of_december_2026_in_china_and_asks_for_coded_facts():
    second = versions.packaged(Rules)[2]
    begins = datetime(2026, 12, 1, tzinfo=POLICY.zone)
    assert second.effective_from == begins
    known = versions.packaged(Rules).values()
    assert [versions.in_force(known, begins - timedelta(seconds=n)).version for n in (1, 0)] == [1, 2]
    different = {name for name in Rules.model_fields if getattr(second, name) != getattr(RULES, name)}
    assert different == {"version", "effective_from", "legal_basis", "coded_facts"}
    assert (RULES.coded_facts, second.coded_facts) == (False, True)
    assert set(RULES.legal_basis) < set(second.legal_basis)


def test_every_open_stage_has_a_clock_and_no_closed_one():
    opened = {stage for stage, facts in STAGES.items() if facts.open}
    beside = {
        "inquiry",
        "words",
        "decision_review",
        "survey_review",
        "hearing",
        "hearing_decision",
        "hearing_objection",
    }
    assert set(POLICY.clocks) == opened | beside | set(get_args(Safety))
    assert POLICY.due(Stage.CLOSED, FRIDAY, FRIDAY) is None


def test_a_policy_without_a_clock_for_an_open_stage_is_refused():
    less = {name: clock for name, clock in RULES.clocks.items() if name != "planning"}
    with pytest.raises(ValidationError, match="missing"):
        Rules.model_validate(dict(RULES) | {"clocks": less})


@pytest.mark.parametrize("lengths", [{}, {"hours": 1, "days": 1}])
def test_a_clock_has_one_length(lengths: dict[str, int]):
    with pytest.raises(ValidationError, match="one_length"):
        Clock(starts="entry", **lengths)


@pytest.mark.parametrize("nowhere", [{"country": "XX"}, {"time_zone": "Asia/Atlantis"}])
def test_rules_whose_working_days_nobody_can_count_are_refused(nowhere: dict[str, str]):
    with pytest.raises(ValidationError, match=r"not_listed|unknown_time_zone"):
        Rules.model_validate(dict(RULES) | nowhere)


@pytest.mark.parametrize("path", [path for folder in versions.FOLDERS.values() for path in folder.glob("*.json")])
def test_in_what_is_packaged_no_name_is_misspelt(path: Path):
    kind = Rules if path.parent == versions.FOLDERS[Rules] else Operating
    assert versions.read_as_written(kind, path.read_text("utf-8")) == versions.packaged(kind)[int(path.stem)]


# ---- it grows ------------------------------------------------------------------------------------------------------


def test_a_published_version_need_not_change_when_a_clock_and_a_ladder_are_added(monkeypatch: pytest.MonkeyPatch):
    audit = Clock(starts="entry", days=14)
    monkeypatch.setitem(rules.CLOCKS, "audit", audit)
    monkeypatch.setitem(rules.LADDERS, "audit", (NOBODY,))
    seed = versions.read_as_written(Rules, SEED)
    assert (seed.clocks["audit"], seed.ladders["audit"]) == (audit, (NOBODY,))
    assert seed.clocks["planning"] == RULES.clocks["planning"]
    names_it = json.loads(SEED)
    names_it["clocks"]["audit"] = {"starts": "entry", "days": 30}
    assert Rules.model_validate(names_it).clocks["audit"].days == 30


def test_a_policy_is_read_back_as_it_was_written_without_its_nulls():
    written = POLICY.model_dump_json(exclude_none=True)
    assert "null" not in written
    assert Policy.model_validate_json(written) == POLICY
    for document in (RULES, OPERATING):
        assert versions.read_as_written(type(document), versions.written(document)) == document


FROM_LATER = {"audits_after_days": 7, "clocks": {"audit": {"weeks": 2}}, "ladders": {"audit": [{"kind": "song"}]}}


def newer(**changes: Any) -> str:
    """The seed with what nobody knows yet, beside what it has and within that."""
    seed = json.loads(SEED)
    for name, value in changes.items():
        seed[name] = seed[name] | value if isinstance(value, dict) else value
    return json.dumps(seed, ensure_ascii=False)


def test_of_a_version_of_newer_code_older_code_leaves_out_what_it_does_not_know():
    assert versions.read(Rules, newer(**FROM_LATER)) == RULES
    inside = newer(waking_hours={"lunch": "12:00"}, clocks={"planning": {"starts": "entry", "days": 2, "pauses": True}})
    assert versions.read(Rules, inside).clocks["planning"].days == 2


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ({"reopening_dyas": 30}, "reopening_dyas"),
        ({"clocks": {"planing": {"starts": "entry", "days": 2}}}, "clocks.planing"),
        ({"waking_hours": {"start": "08:00"}}, "waking_hours.start"),
        (
            {"ladders": {"planning": [{"kind": "breach", "tell": [], "at_due": True, "loud": True}]}},
            "ladders.planning.0.loud",
        ),
    ],
)
def test_what_is_to_be_published_and_has_a_misspelt_name_is_refused(said: dict[str, Any], lost: str):
    with pytest.raises(Invalid) as refusal:
        versions.read_as_written(Rules, newer(**said))
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [(lost, "unknown_field")]


def test_nulls_say_nothing():
    assert versions.read_as_written(Rules, newer(close_of_business=None, later=None)) == RULES


def test_an_operating_document_may_be_as_good_as_empty():
    bare = Operating(version=2, effective_from=FRIDAY)
    assert bare.route("product_quality").department == "customer_service"
    assert bare.dangers("着火了") == ()


# ---- which is in force ---------------------------------------------------------------------------------------------


def test_in_force_is_the_last_announced_that_has_come_also_before_the_one_that_it_was_made_of():
    def from_day(version: int, day: int) -> Rules:
        return RULES.model_copy(update={"version": version, "effective_from": datetime(2026, 11, day, tzinfo=UTC)})

    known = [RULES, from_day(2, 20), from_day(3, 10), from_day(4, 20)]

    def number(day: int, **earlier: int) -> int:
        return versions.in_force(known, datetime(2026, 11, day, tzinfo=UTC) - timedelta(**earlier)).version

    assert [number(10, seconds=1), number(10), number(20, seconds=1), number(20)] == [1, 3, 3, 4]
    assert versions.in_force(known[:3], datetime(2026, 11, 20, tzinfo=UTC)).version == 3


def test_before_the_first_there_is_none():
    with pytest.raises(ValueError, match="empty"):
        versions.in_force([RULES], datetime(2003, 12, 31, tzinfo=UTC))


# ---- the two together ----------------------------------------------------------------------------------------------


def test_operating_data_may_add_a_storm_closure_and_the_rules_close_at_six():
    at_six = Rules.model_validate(dict(RULES) | {"close_of_business": "18:00"})
    stormy = Policy.of(at_six, policy_with(extra_holidays=["2026-10-12"]).operating)
    due = stormy.due(Stage.INVESTIGATING, FRIDAY, FRIDAY + timedelta(hours=1))
    assert due is not None
    assert due.at == datetime(2026, 10, 14, 10, tzinfo=UTC)  # Wednesday 18:00 in Shanghai
    assert not stormy.calendar.is_working_day(date(2026, 10, 12))


def test_a_day_off_in_one_number_and_worked_in_a_later_one_is_as_the_later_one_says():
    off, worked, forgotten = ({"extra_holidays": ["2026-10-12"]}, {"extra_working_days": ["2026-10-12"]}, {})
    monday = date(2026, 10, 12)
    assert [policy_with(**days).calendar.is_working_day(monday) for days in (off, worked, forgotten)] == [
        *(False, True, True)
    ]
    with pytest.raises(ValueError, match="day_off_too"):
        policy_with(**off, **worked)


def test_a_day_of_the_operating_data_wins_against_the_notice_of_the_year():
    saturday, national_day = date(2026, 10, 10), date(2026, 10, 1)
    policy = policy_with(extra_holidays=[saturday], extra_working_days=[national_day])
    assert [POLICY.calendar.is_working_day(day) for day in (saturday, national_day)] == [True, False]
    assert [policy.calendar.is_working_day(day) for day in (saturday, national_day)] == [False, True]


def test_what_used_operating_data_names_their_number():
    policy = policy_with(triage=[{"tier": "privacy", "locale": "zh-CN", "any": ["裂"]}])
    kettle = open_complaint(NUMBER, CRACKED, SHOP, FRIDAY, policy)
    asked = decide(fold(kettle), Acknowledgement(), LIN, FRIDAY, policy)
    (moved,) = recount(fold([*kettle, *asked[:1]]), FRIDAY, policy_with(extra_holidays=["2026-10-12"]))
    named = {entry.kind: entry.data.get("operating") for entry in (*kettle, *asked)}
    with_operating = ("DangerFound", "InquiryOpened")
    without = ("ComplaintFiled", "SafetyTaskBegun", "ComplaintAcknowledged")
    assert named == dict.fromkeys(with_operating, 2) | dict.fromkeys(without)
    counted = [clock.operating for entry in (*kettle, *asked, moved) if (clock := entry.sets_clock[0])]
    assert counted == [2] * 5, "two stages, a danger, an inquiry, and the stage anew, by the extra days of that number"


def test_what_used_none_names_no_number():
    by_category = open_complaint(NUMBER, FAKE, SHOP, FRIDAY, POLICY)[1]
    assert (by_category.kind, by_category.data["why"]) == ("LegalIssueRaised", "category")
    by_hand = story_in(Stage.INVESTIGATING).do(Action.ASK).entries[-1]
    assert by_hand.kind == "InquiryOpened"
    assert [one for one in (by_category, by_hand) if "operating" in one.data] == []


def test_a_due_date_in_a_year_whose_notice_is_not_known_is_provisional():
    due = POLICY.due(Stage.INVESTIGATING, *[datetime(2026, 12, 30, 4, tzinfo=UTC)] * 2)
    assert due is not None
    assert due.provisional
