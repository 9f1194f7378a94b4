"""A population is frozen and drawn of: from closed days, into documents by which anybody can draw the same sample."""

import hashlib
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import figures, signing
from chalicelib.casework import export, population
from chalicelib.domain.audit import decisions, evolution, sampling
from chalicelib.domain.audit.audit import Audit, DraftAudit, Sample, Scope
from chalicelib.domain.audit.sampling import Member
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import NotAllowed, Unavailable
from chalicelib.domain.supervision.lines import Closed, Line
from chalicelib.domain.vocabulary.terms import Outcome
from tests.domain.cases import POLICY
from tests.house import House

NOW = datetime(2026, 11, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
NONCE = "5f" * 32
LAST = date(2026, 9, 30)
SUN = people.staff("audit.sun", frozenset({"audit"}))


def audit() -> Audit:
    plan = DraftAudit(period="2026Q3", scope=Scope(departments=("customer_service",)))
    return evolution.evolve(None, decisions.drafted("audit_2026Q3-1", plan, NONCE, SUN, NOW, POLICY))


def closed(complaint: str, day: date, **known: object) -> Closed:
    at = datetime(day.year, day.month, day.day, 4, tzinfo=ZoneInfo("UTC"))
    usual = {
        "seq": 7, "at": at, "day": day, "category": "product_quality", "channel": "web", "locale": "zh-CN", "number": 1,
        "policy_version": 2, "outcome": Outcome.SATISFIED, "round": 1, "received_at": at, "begun_at": at,
        "working_days": 1, "with_plan": True, "planner": "cs.lin", "accepted_by": "consumer",
    }  # fmt: skip
    return Closed(id=complaint, **usual | known)  # type: ignore[arg-type]


def days_are_closed(*lines: Line) -> None:
    for day in sorted({line.day for line in lines} | {LAST}):
        figures.put(figures.key_of_day(day), b"{}")
        export.export_day(day, [line for line in lines if line.day == day])


def quarter() -> list[Line]:
    return [closed(f"C{n:03}", date(2026, 7 + n % 3, 1 + n % 28), tier="act" if n == 5 else None) for n in range(120)]


def sampled(state: Audit, frozen: population.Frozen) -> Audit:
    draw = frozen.draw
    sample = Sample(
        population=draw.population,
        population_hash=draw.population_hash,
        nonce=NONCE,
        seed=draw.seed,
        size=draw.size,
        certain=draw.certain,
        hash=frozen.hash,
        drawn_at=NOW,
    )
    return state.model_copy(update={"sample": sample})


def test_a_sample_is_drawn_again_from_its_document_by_anybody(house: House):
    days_are_closed(*quarter())
    state = audit()
    frozen = population.freeze(state, NONCE)
    document = population.sample_document(sampled(state, frozen))
    assert hashlib.sha256(document).hexdigest() == frozen.hash
    said = json.loads(document)
    members = []
    for complaint, (stratum, closure, *certain) in said["members"].items():
        handler, outcome = stratum.split()
        members.append(Member(complaint, handler, outcome, tuple(certain), int(closure)))
    again = sampling.draw(members, said["audit"], said["nonce"], tolerable=10, confidence=95)
    assert again == frozen.draw
    assert (again.population, again.certain) == (120, 1)
    assert population.frozen_ids(sampled(state, frozen)) == tuple(f"C{n:03}" for n in range(120))


def test_a_sample_names_nobody(house: House):
    days_are_closed(*quarter())
    state = audit()
    assert b"cs.lin" not in population.sample_document(sampled(state, population.freeze(state, NONCE)))


def test_what_comes_later_changes_nothing_and_is_counted(house: House):
    lines = quarter()
    days_are_closed(*lines)
    state = audit()
    frozen = sampled(state, population.freeze(state, NONCE))
    assert population.changed(frozen) == (0, 0)
    merged = closed("C003", LAST, sign=-1, for_day=lines[3].day)
    days_are_closed(*lines, merged, closed("C900", LAST), closed("C901", LAST))
    assert population.changed(frozen) == (2, 1)
    assert len(population.frozen_ids(frozen)) == 120


def test_nothing_is_drawn_before_the_days_of_the_period_are_closed(house: House):
    figures.put(figures.key_of_day(date(2026, 9, 29)), b"{}")
    with pytest.raises(NotAllowed, match="period_not_counted period=2026Q3 day=2026-09-30"):
        population.freeze(audit(), NONCE)


def test_of_nobody_nothing_is_laid_down(house: House):
    days_are_closed()
    state = audit()
    frozen = population.freeze(state, NONCE)
    assert (frozen.draw.population, frozen.draw.items) == (0, ())
    with pytest.raises(Unavailable, match="document_missing"):
        population.sample_document(sampled(state, frozen))


def test_a_day_that_cannot_be_read_is_not_left_out(house: House):
    days_are_closed()
    figures.put(figures.key_of_day(date(2026, 9, 2)), b"{}")
    with pytest.raises(Unavailable, match="document_missing"):
        population.freeze(audit(), NONCE)


def test_whose_acceptances_all_came_through_staff_is_named_to_auditors(house: House):
    recorded = [closed(f"C{n}", LAST, accepted_by="cs.lin") for n in range(6)]
    gone = [closed(f"D{n}", LAST, planner="cs.gone", accepted_by="cs.lin") for n in range(5)]
    days_are_closed(*recorded, *gone)
    state = audit()
    facts = population.facts(sampled(state, population.freeze(state, NONCE)))
    assert facts.closure_of("C1") == 1
    assert facts.closure_of("X") is None
    assert population.pointed_out(facts.recorded, NOW) == (("cs.lin", 6), (None, 5))
    assert signing.pseudonym("cs.lin") != "cs.lin"
