"""Whom an audit is about: each complaint of its scope that was closed in its period, once, merged ones left out."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit.audit import FrozenScope
from chalicelib.domain.audit.population import (
    ROW,
    Changed,
    ClosedRow,
    InquiryRow,
    Population,
    Recorded,
    Row,
    RulesRow,
    Tally,
    changed,
)
from chalicelib.domain.vocabulary.terms import Outcome

FIRST, LAST, DAY = date(2026, 10, 1), date(2026, 12, 31), date(2026, 11, 5)
ALL = FrozenScope(departments=("customer_service",))
LIN, CHEN = "31d0f1a9b2c3d4e5", "77aa00bb11cc22dd"
"""Who they are, as far as lines say that leave the table."""


def closed(complaint: str, number: int = 1, **known: Any) -> ClosedRow:
    usual = {"outcome": "satisfied", "category": "product_quality", "planner": LIN, "accepted_by": "consumer"}
    return ClosedRow(id=complaint, number=number, **usual | known)


def ids(scope: FrozenScope, *days: tuple[date, Row]) -> list[str]:
    population = Population(scope, FIRST, LAST)
    for day, row in days:
        population.take_in(day, [row])
    return [one.complaint_id for one in population.members()]


def test_each_complaint_is_in_it_once_with_its_last_closure() -> None:
    population = Population(ALL, FIRST, LAST).take_in(
        DAY, [closed("B", 2, planner=CHEN, outcome="no_response"), closed("A"), closed("B", 1)]
    )
    assert [one.stratum for one in population.members()] == [f"{LIN} satisfied", f"{CHEN} no_response"]


def test_what_was_merged_is_not_in_it_and_is_again_when_that_is_undone() -> None:
    merged, undone = closed("A", sign=-1, for_day=DAY), closed("A", for_day=DAY)
    own = closed("A", 2, outcome="merged")
    later = date(2026, 11, 9)
    assert ids(ALL, (DAY, closed("A")), (later, own), (later, merged)) == []
    assert ids(ALL, (DAY, closed("A")), (later, merged), (later, undone)) == ["A"]
    assert ids(ALL, (later, merged), (later, closed("B")), (DAY, closed("A"))) == ["B"]


def test_what_was_closed_on_another_day_is_not_in_it() -> None:
    before = date(2026, 9, 30)
    assert ids(ALL, (DAY, closed("A", for_day=before, sign=-1)), (DAY, closed("B", for_day=before))) == []


def test_the_scope_says_of_which_categories_and_departments() -> None:
    quality = FrozenScope(departments=("quality",))
    asked = closed("A"), InquiryRow(id="A", department="quality")
    waited, neither = closed("B", spent={"investigating quality": 60}), closed("C", spent={"planning legal": 60})
    assert ids(quality, *((DAY, row) for row in (*asked, waited, neither))) == ["A", "B"]
    of_price = FrozenScope(departments=("customer_service", "legal"), categories=("other",))
    assert ids(of_price, (DAY, closed("A")), (DAY, closed("B", category="other"))) == ["B"]


def test_what_is_looked_at_in_any_case_says_why() -> None:
    rows = (
        closed("A", tier="act", accepted_by=CHEN),
        closed("B"),
        RulesRow(id="B", closure=1, broken=("3.3-reasons", "4.5b-chain", "4.5b-fold", "4.2c-in_time")),
        closed("C", tier="look"),
        closed("D", 2),
        RulesRow(id="D", closure=1, broken=("4.5b-chain",)),
    )
    members = Population(ALL, FIRST, LAST).take_in(DAY, rows).members()
    assert [one.certain for one in members] == [("danger", "recorded"), ("basis", "chain"), (), ()]


def test_rules_are_counted_over_the_closures_that_they_were_run_on() -> None:
    rows = (
        closed("A"),
        RulesRow(id="A", closure=1, broken=("4.1c-told",)),
        closed("B"),
        RulesRow(id="B", closure=1, broken=("4.1c-told",), undecided=("6.2-asked",)),
        closed("C"),
        RulesRow(id="X", closure=1, broken=("4.1c-told",)),
    )
    tally = Population(ALL, FIRST, LAST).take_in(DAY, rows).tally()
    assert tally == Tally(n=2, broken={"4.1c-told": 2}, undecided={"6.2-asked": 1})


def test_whose_acceptances_all_came_through_staff_is_pointed_out_from_five_on() -> None:
    rows = [closed(f"A{n}", accepted_by=LIN) for n in range(5)]
    rows += [closed(f"B{n}", planner=CHEN, accepted_by=CHEN if n else "consumer") for n in range(9)]
    rows += [closed(f"C{n}", planner="0123456789abcdef", accepted_by=LIN) for n in range(4)]
    assert Population(ALL, FIRST, LAST).take_in(DAY, rows).recorded() == (Recorded(LIN, 5),)


def test_what_became_different_is_counted_and_changes_nothing() -> None:
    assert changed(["A", "B", "C"], ["B", "C", "D", "E"]) == Changed(added=2, gone=1)


def test_a_row_says_more_than_is_read() -> None:
    row = ROW.validate_json(
        b'{"kind":"closed","id":"A","seq":9,"nth":0,"at":"2026-11-05 02:00:00","number":1,"outcome":"withdrawn",'
        b'"category":"other","amounts":{"CNY":"3.00"},"sign":1}'
    )
    assert isinstance(row, ClosedRow)
    assert row.outcome is Outcome.WITHDRAWN


@given(st.permutations([(closed(name, n), DAY) for name in "ABC" for n in (1, 2)]))
def test_it_is_the_same_in_whatever_order_the_lines_come(rows: list[tuple[ClosedRow, date]]) -> None:
    population = Population(ALL, FIRST, LAST)
    for row, day in rows:
        population.take_in(day, [row])
    assert [(row.id, row.number) for row in population.closures()] == [("A", 2), ("B", 2), ("C", 2)]
