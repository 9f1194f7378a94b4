"""8.3 → 6.2: what is decided of somebody for good is learnt, and stands on their sheet; before that, nothing is."""

from datetime import date, datetime, timedelta

import pytest

from chalicelib.adapters import store
from chalicelib.adapters import training as trainings
from chalicelib.casework import appraise, sheets
from chalicelib.casework.ring import ring
from chalicelib.domain.audit import audit
from chalicelib.domain.complaint.hearings import HearingDecision, HearingObjection, Statement
from chalicelib.domain.ground import people
from chalicelib.domain.supervision.quarters import quarter_of
from tests.domain.cases import POLICY
from tests.house import House

from . import auditing
from .auditing import CHEN, LIN, NOW, QIN, SHANGHAI, ZHOU, do, finding, state_of
from .mailroom import Mailroom

DAY = timedelta(days=1)
WANG = people.staff("management", frozenset({"management"}))
NAME = "audit_2026Q3-1"
TO_LEARN = HearingDecision(measure="training", reasons="应先问清订单。")
NOT_THEIRS = HearingDecision(measure="not_attributable", reasons="当天系统停机。")


@pytest.fixture
def room(house: House) -> Mailroom:
    house.now = NOW
    return Mailroom(house)


@pytest.fixture
def raised(house: House, room: Mailroom) -> Mailroom:
    """An audit of which the first two findings are 林's to answer for, the third 陈's."""
    auditing.closed_complaints(house, 1)
    house.now = NOW
    auditing.examined()
    for who in ("cs.lin", "cs.lin", "cs.chen"):
        do(NAME, finding(answers_for=who), NOW)
    room.settle()
    return room


def given() -> list[tuple[str, str]]:
    return [(one.person, one.id) for one in trainings.listed()]


def answered_for() -> dict[str, tuple[str, ...]]:
    return dict(appraise.findings(quarter_of(NOW.date()), POLICY))


def test_what_a_hearing_about_a_finding_decides_is_learnt_once_nobody_objects_any_more(house: House, raised: Mailroom):
    do(NAME, Statement(text="没有教过"), NOW, LIN, 1)
    do(NAME, TO_LEARN, NOW, ZHOU, 1)
    raised.settle()
    assert given() == []
    house.now = NOW + 8 * DAY
    ring(NAME, house.now)
    raised.settle()
    assert given() == [("cs.lin", f"accountability-{NAME}-1")]
    raised.seen.clear()  # the stream delivers all of it again
    raised.settle()
    assert len(given()) == 1


def test_what_another_decides_on_an_objection_is_what_counts(house: House, raised: Mailroom):
    for number, last in ((1, TO_LEARN), (2, NOT_THEIRS)):
        do(NAME, Statement(text="没有教过"), NOW, LIN, number)
        do(NAME, TO_LEARN, NOW, ZHOU, number)
        do(NAME, HearingObjection(text="不是我"), NOW, LIN, number)
        do(NAME, last, NOW, WANG, number)
    raised.settle()
    assert given() == [("cs.lin", f"accountability-{NAME}-1")]
    assert answered_for() == {"cs.lin": (f"{NAME} 1",)}


def test_a_hearing_about_a_missed_time_leads_to_training_too(house: House, room: Mailroom):
    number = house.heard("state_case")["complaint_id"]
    decided = house.do(number, "breaches/1/decision", TO_LEARN.model_dump(exclude={"actions"}), "management.zhou")
    assert decided.status == 200, decided.text
    house.pass_time(days=10)
    ring(number, house.now)
    room.react()
    assert given() == [("cs.lin", f"accountability-{number}-1")]


def test_a_finding_stands_on_the_sheet_of_the_quarter_in_which_it_was_decided_for_good(house: House, raised: Mailroom):
    assert answered_for() == {}
    do(NAME, Statement(text="没有教过"), NOW, LIN, 1)
    do(NAME, TO_LEARN, NOW, ZHOU, 1)
    do(NAME, Statement(text="系统停机"), NOW, CHEN, 3)
    do(NAME, NOT_THEIRS, NOW, ZHOU, 3)
    do(NAME, audit.DropFinding(reason="误判"), NOW, QIN, 2)
    assert answered_for() == {}
    ring(NAME, NOW + 8 * DAY)
    assert [one.stage for one in state_of(NAME).hearings] == ["final"] * 3
    assert answered_for() == {"cs.lin": (f"{NAME} 1",)}
    assert appraise.findings(quarter_of(date(2026, 9, 1)), POLICY) == {}

    house.now = now = datetime(2027, 2, 22, 8, tzinfo=SHANGHAI)
    appraise.look(now, now)
    said = sheets.read("sheet_2026Q4-cs.lin", LIN, now).document.item("findings")
    assert (said.count, said.cases) == (1, (f"{NAME} 1",))
    assert store.load("sheet_2026Q4-cs.chen", sheets.Sheet) is None


def test_of_who_left_it_is_decided_without_them(house: House, raised: Mailroom):
    house.now = NOW + DAY
    number = house.heard()["complaint_id"]
    house.dismiss("cs.lin")
    house.now = now = NOW + 8 * DAY
    for record in (NAME, number):
        ring(record, now)
    raised.settle()
    waiting = house.get("/v1/hearings?to_decide=true&limit=100", "management.zhou").json["items"]
    lin = {(one["record"], one["number"]) for one in waiting if one["person"] == "cs.lin"}
    assert lin == {(NAME, 1), (NAME, 2), (number, 1)}
    assert do(NAME, NOT_THEIRS, now, ZHOU, 1).hearings[0].stage == "final"
    decided = house.do(number, "breaches/1/decision", TO_LEARN.model_dump(exclude={"actions"}), "management.zhou")
    assert decided.json["hearing"]["stage"] == "decided"
    raised.settle()
