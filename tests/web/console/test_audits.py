"""Audits on the screen (6.3): the programme, an audit step by step, its face for all of staff."""

import hashlib

import pytest

from chalicelib.adapters import store
from chalicelib.casework import audits
from chalicelib.domain.audit.audit import Audit
from chalicelib.web.console.supervision.audit_waits import waiting_here
from infra.local.staff import STAFF
from tests.house import House
from tests.rights import RIGHTS
from tests.web.audited import audit_for, item_of

from .acted import do, opened
from .filled import sent, speech
from .test_hearings import called_by


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


PLAN = {"period": "2026Q2", "scope": {"departments": ["customer_service"]}, "tolerable": 10, "confidence": 95}


YES = {"judgement": "yes"}
JUDGED = {"findings_follow": YES, "remedy_lawful": YES, "classification": YES}


def examiner(house: House, name: str) -> str:
    """Who examines the one item of an audit."""
    return str(house.get(f"/v1/audits/{name}/items/{item_of(name)}", "management.wu").json["auditor"])


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


def test_findings_of_an_audit_lead_to_their_pages(house: House) -> None:
    name = audit_for(house, "raised")
    text = house.look(at(name), "audit.qin").text
    assert f"{at(name)}/findings/1" in text
    assert f"{at(name)}/findings?act=raise_finding" in text
    assert f"{at(name)}/findings?act=raise_finding" not in house.look(at(name), "management.zhou").text


def test_an_item_is_judged_beside_its_complaint_and_what_was_left_out_is_asked_for(house: House) -> None:
    name = audit_for(house, "sampled")
    page, auditor = f"{at(name)}/items/{item_of(name)}", examiner(house, name)
    shown = house.look(page, auditor).text
    assert "裂" in shown, "what is complained of"
    assert "answers.tone.judgement" in shown, "the questions are open at once"
    rough = do(house, page, "examine_item", auditor, {"answers": JUDGED | {"tone": {"judgement": "no"}}})
    assert rough.status == 422
    assert "不是" in rough.text
    answers = JUDGED | {"tone": {"judgement": "no", "note": "没有一句道歉。"}}
    judged = do(house, page, "examine_item", auditor, {"answers": answers})
    stays = f"{page}?done=examine_item#main"
    assert (judged.status, judged.headers["location"]) == (303, stays), "what is wrong may be a finding"
    assert f"{at(name)}/findings?act=raise_finding&amp;item={item_of(name)}" in house.look(page, auditor).text
    assert "没有一句道歉。" in house.look(page, "management.wu").text
    assert house.look(page, "logistics.gao").status == 404


def test_an_item_is_given_to_another(house: House) -> None:
    name = audit_for(house, "sampled")
    page, auditor = f"{at(name)}/items/{item_of(name)}", examiner(house, name)
    other = "audit.lu" if auditor == "audit.qin" else "audit.qin"
    assert do(house, page, "hand_over_item", auditor, {"reason": "我经手过。", "to": other}).status == 303
    assert examiner(house, name) == other


def test_a_sample_comes_out_again_and_can_be_drawn_by_anybody(house: House) -> None:
    name = audit_for(house, "sampled")
    shown = house.look(f"{at(name)}/sample", "audit.lu")
    assert (shown.text.count("✓"), shown.text.count("✗")) == (4, 0)
    ids = house.look(f"{at(name)}/sample/ids.txt", "management.wu").text
    [hashed] = {one["sample"]["population_hash"] for one in [house.get(f"/v1/audits/{name}", "audit.lu").json]}
    assert hashlib.sha256(ids.encode()).hexdigest() == hashed
    assert house.look(f"{at(name)}/sample/else", "audit.lu").status == 404


def test_each_edition_stays_and_is_printed(house: House) -> None:
    name = audit_for(house, "published")
    assert (
        do(house, at(name), "correct_audit", "audit.qin", {"reason": "笔误。", "conclusion": "更正后的意见。"}).status
        == 303
    )
    newest, first = (house.look(f"{at(name)}/report{of}", "cs.chen").text for of in ("", "?edition=1"))
    assert "更正后的意见。" in newest
    assert "更正后的意见。" not in first
    printed = house.look(f"{at(name)}/print", "cs.chen")
    assert (printed.status, "更正后的意见。" in printed.text) == (200, True)
    assert house.look(f"{at(audit_for(house, 'fieldwork'))}/report", "audit.qin").status == 404


@pytest.mark.parametrize(
    ("stage", "act", "typed"),
    [
        ("draft", "approve_audit", {"approved": True}),
        ("approved", "draw_sample", {}),
        ("commented", "publish_audit", {}),
        ("published", "close_audit", {}),
    ],
)
def test_who_may_not_by_the_api_may_not_by_the_form_and_nothing_is_kept(
    house: House, stage: str, act: str, typed: dict[str, object]
) -> None:
    name = audit_for(house, stage)
    form = opened(house, at(name), act, "management.zhou" if act == "approve_audit" else "audit.qin")
    shown = {one: [*values] for one, values in sent(form).fields.items() if one != "_who"}
    fields = shown | {one: [str(value).lower()] for one, value in typed.items()}
    before = house.items_kept()
    for who, groups in STAFF.items():
        if not RIGHTS[act].who & set(groups):
            answer = house.submit(f"{at(name)}/acts/{act}", who, fields)
            assert answer.status in (403, 404), (who, answer.text)
    assert house.items_kept() == before


def test_what_waits_is_said_to_whom_it_waits_for(house: House) -> None:
    name = audit_for(house, "draft")
    assert [href for _, href in waiting_here(called_by(house, "management.zhou"), speech("en")) if name in href] == [
        f"{at(name)}?act=approve_audit#doing"
    ]
    assert [href for _, href in waiting_here(called_by(house, "cs.lin"), speech("en")) if name in href] == []


def test_a_sample_that_does_not_come_out_again_says_at_which_step(house: House) -> None:
    drawn = store.load(audit_for(house, "sampled"), Audit)
    assert drawn
    other_plan = drawn.state.model_copy(update={"nonce_hash": "0" * 64})
    other_items = drawn.state.model_copy(update={"items": ()})
    for state, agrees in ((other_plan, (False, True, True, True)), (other_items, (True, True, True, False))):
        assert audits.recompute(state)[:4] == agrees


def test_how_many_items_are_still_to_be_examined_or_deviate_leads_to_those(house: House) -> None:
    name = audit_for(house, "sampled")
    item, auditor = item_of(name), examiner(house, name)
    row = f'{at(name)}/items/{item}"'
    assert row in house.look(f"{at(name)}?only=left", auditor).text
    assert row in house.look(f"{at(name)}?only=mine", auditor).text
    assert row not in house.look(f"{at(name)}?only=deviating", auditor).text
    assert (
        do(house, f"{at(name)}/items/{item}", "examine_item", auditor, {"answers": JUDGED | {"tone": YES}}).status
        == 303
    )
    after = house.look(f"{at(name)}?only=left", auditor)
    assert row not in after.text
    assert f"{at(name)}?only=deviating#items" in after.text
    assert row not in house.look(f"{at(name)}?only=left", "management.zhou").text
    assert row not in house.look(f"{at(name)}?only=mine", "management.zhou").text
