"""Hearings on the screen (8.3): what one can speak about, what management decides, and figures without names."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters import store
from chalicelib.casework import lines
from chalicelib.domain.ground.people import staff
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.console.supervision import audit_waits, findings, hearings
from chalicelib.web.door import Call
from infra.local.staff import STAFF
from tests.house import FRIDAY, House
from tests.web.audited import audit_for
from tests.web.piece import read

from .filled import speech

LISTED = "/console/hearings"


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def links(house: House, page: str, who: str) -> list[str]:
    answer = house.look(page, who)
    assert answer.status == 200, answer.text
    return [one.given["href"] for one in read(answer.text).one("main").all("a")]


def called_by(house: House, who: str) -> Call:
    return Call(staff(who, frozenset(STAFF[who])), house.now, 0, {})


def test_a_missed_due_time_leads_to_the_form_of_its_complaint(house: House) -> None:
    number = house.heard()["complaint_id"]
    page = f"/console/complaints/{number}"
    assert f"{page}?act=state_case&part=1#doing" in links(house, LISTED, "cs.lin")
    assert read(house.look(f"{page}?act=state_case&part=1", "cs.lin").text).one("form", id="do")
    theirs = links(house, f"{LISTED}?person=cs.lin", "audit.qin")
    assert page in theirs
    assert not [href for href in theirs if "act=" in href], "it is for nobody else to say"
    assert house.look(f"{LISTED}?person=cs.lin", "cs.chen").status == 403


def test_management_decides_and_who_it_is_about_may_object(house: House) -> None:
    number = house.heard("state_case")["complaint_id"]
    page = f"/console/complaints/{number}"
    assert f"{page}?act=decide_hearing&part=1#doing" in links(house, f"{LISTED}?to_decide=true", "management.zhou")
    assert page in links(house, f"{LISTED}?to_decide=true", "cs.lead")
    assert house.look(f"{LISTED}?to_decide=true", "cs.lin").status == 403
    decided = house.heard("state_case", "decide_hearing")["complaint_id"]
    assert f"/console/complaints/{decided}?act=object_to_decision&part=1#doing" in links(house, LISTED, "cs.lin")


def test_what_waits_is_named_with_where_it_is_done(house: House) -> None:
    name = audit_for(house, "raised")
    number = house.heard()["complaint_id"]
    audit_for(house, "stated")
    ripe = audit_for(house, "ripe")
    for who, wanted in (
        ("cs.lin", f"/console/complaints/{number}?act=state_case&part=1#doing"),
        ("cs.lin", f"/console/audits/{name}/findings/1?act=state_case#doing"),
        ("cs.lead", f"/console/audits/{name}/findings/1"),
        ("audit.lu", f"/console/audits/{ripe}/findings/1?act=verify_correction#doing"),
    ):
        call = called_by(house, who)
        parts = (hearings.waiting_here, findings.waiting_here, audit_waits.waiting_here)
        found = [line for part in parts for line in part(call, speech("en"))]
        assert wanted in [href for _, href in found], (who, found)
        assert all(re.search(r"\d", said) for said, _ in found)
    decided = [href for _, href in hearings.waiting_here(called_by(house, "management.wu"), speech("zh-TW"))]
    assert decided
    assert all("act=decide_hearing" in href for href in decided[:3])


def test_today_names_three_that_are_to_be_decided_and_leads_to_the_others(house: House) -> None:
    for _ in range(4):
        house.heard("state_case")
    found = [*hearings.waiting_here(called_by(house, "management.wu"), speech("en"))]
    assert [href for _, href in found][3:] == [f"{LISTED}?to_decide=true"]
    late = replace(called_by(house, "management.wu"), now=house.now + timedelta(days=60))
    assert all(said.startswith("Overdue") for said, _ in [*hearings.waiting_here(late, speech("en"))][:3])


def test_figures_are_of_departments_and_name_nobody(house: House) -> None:
    for _ in range(2):
        number = house.heard("state_case", "decide_hearing")["complaint_id"]
        for entry in store.timeline(number, 0, 100):
            lines.write_lines(entry, house.now)
    page = house.look(f"{LISTED}/statistics", "management.zhou")
    assert page.status == 200
    main = read(page.text).one("main").text
    assert [one for one in STAFF if one in main] == []
    assert spoken.DEPARTMENTS["customer_service"]["zh-CN"] in main
    assert house.look(f"{LISTED}/statistics", "cs.lin").status == 403
    far = house.look(f"{LISTED}/statistics?from=2026-01-01&to=2026-10-09", "audit.qin")
    assert far.status == 422
    assert "31" in read(far.text).one("p", role="alert").text
