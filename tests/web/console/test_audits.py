"""Audits on the screen (6.3): the programme, an audit step by step, its face for all of staff."""

import pytest

from tests.house import House
from tests.web.audited import audit_for

from .acted import do


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


PLAN = {"period": "2026Q2", "scope": {"departments": ["customer_service"]}, "tolerable": 10, "confidence": 95}


def at(name: str) -> str:
    return f"/console/audits/{name}"


def test_an_audit_is_planned_and_management_approves_it(house: House) -> None:
    planned = do(house, "/console/audits", "draft_audit", "audit.qin", {**PLAN, "deviations": 0})
    assert planned.status == 303, planned.text
    page = planned.headers["location"]
    assert do(house, page, "approve_audit", "management.zhou", {"approved": True}).status == 303
    assert "Approved" in house.look(page, "audit.qin", **{"Accept-Language": "en"}).text


def test_the_published_report_is_a_link_for_all_of_staff_and_names_nobody(house: House) -> None:
    name = audit_for(house, "published")
    assert at(name) in house.look("/console/audits", "logistics.gao").text
    face = house.look(at(name), "logistics.gao")
    assert face.status == 200, face.text
    for named in ("audit.qin", "cs.lin", "management.zhou"):
        assert named not in face.text
