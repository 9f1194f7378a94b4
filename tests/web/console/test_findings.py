"""Findings of audits on the screen (6.3): raised, corrected by their owner, verified by another; and who answers."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.audit.clocks import CORRECTION_DAYS
from chalicelib.domain.audit.guards import OF_FINDINGS
from chalicelib.web.console.supervision import findings
from chalicelib.web.languages import NATIVE
from infra.local.staff import STAFF
from tests.examples import EXAMPLES
from tests.house import FRIDAY, Answer, House
from tests.web.audited import audit_for, item_of
from tests.web.piece import Element, read

from .acted import do, opened
from .filled import speech

OPERATIONS = {
    "plan_correction": ("plan_correction", "raised"),
    "finish_measure": ("complete_audit_measure", "planned"),
    "complete_correction": ("complete_correction", "finished"),
    "verify_correction": ("verify_correction", "ripe"),
    "waive_finding": ("waive_finding", "raised"),
    "reassign_finding": ("reassign_finding", "raised"),
    "drop_finding": ("drop_finding", "raised"),
    "state_case": ("state_case_of_finding", "raised"),
    "decide_hearing": ("decide_hearing_of_finding", "stated"),
    "object_to_decision": ("object_to_decision_of_finding", "decided"),
}
"""By action, the operation whose example says what is handed in, and the audit in which it can be."""


@pytest.fixture(scope="module")
def audits(lasting_house: House) -> dict[str, str]:
    lasting_house.now = FRIDAY
    return {stage: audit_for(lasting_house, stage) for stage in {stage for _, stage in OPERATIONS.values()}}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def at(name: str) -> str:
    return f"/console/audits/{name}/findings/1"


def seen(house: House, page: str, who: str) -> Element:
    answer = house.look(page, who)
    assert answer.status == 200, answer.text
    return read(answer.text)


def acts(house: House, page: str, who: str) -> list[str]:
    """What the page offers its reader."""
    hrefs = [one.given["href"] for one in seen(house, page, who).all("a") if "#doing" in one.given.get("href", "")]
    return sorted({href.partition("act=")[2].partition("#")[0].partition("&")[0] for href in hrefs})


def done(answer: Answer, page: str, act: str) -> None:
    assert (answer.status, answer.headers.get("location")) == (303, f"{page}?done={act}#main"), answer.text


def typed(act: str) -> dict[str, Any]:
    return EXAMPLES[OPERATIONS[act][0]].body


def does(house: House, name: str, act: str, who: str = "", **known: Any) -> None:
    done(do(house, at(name), act, who or EXAMPLES[OPERATIONS[act][0]].who, typed(act) | known), at(name), act)


def test_a_finding_is_raised_from_an_item_of_the_sample_and_its_owner_finds_it_on_their_list(house: House) -> None:
    name = audit_for(house, "fieldwork")
    page, item = f"/console/audits/{name}/findings", item_of(name)
    form = opened(house, f"{page}?item={item}", "raise_finding", "audit.qin")
    [ticked] = [one.given["value"] for one in form.all("input", type="checkbox") if "checked" in one.given]
    assert ticked == item
    body = EXAMPLES["raise_finding"].body | {"answers_for": "cs.lin"}
    answer = do(house, f"{page}?item={item}", "raise_finding", "audit.qin", body | {"items": [item]})
    assert answer.headers["location"] == f"{page}?done=raise_finding&item={item}#main", answer.text
    assert body["what"] in seen(house, page, "audit.lu").text
    [finding] = house.get(f"/v1/audits/{name}/findings", "audit.qin").json["items"]
    assert (finding["items"], finding["owner"], finding["hearing"]["person"]) == ([item], "cs.lead", "cs.lin")
    assert at(name) in house.look("/console/findings", "cs.lead").text
    theirs = house.look(f"{page}/{finding['number']}", "cs.lead").text
    assert f'href="/console/complaints/{item}"' in theirs, "its owner reads the complaint, not another's item"
    assert f'href="/console/audits/{name}/items/{item}"' in house.look(f"{page}/{finding['number']}", "audit.lu").text
    assert at(name) in house.look("/console/findings?owner=cs.lead", "management.wu").text
    assert house.look("/console/findings?owner=cs.lead", "cs.lin").status == 403


def test_what_is_wrong_with_a_finding_is_said_beside_what_was_typed(house: House, audits: dict[str, str]) -> None:
    page = f"/console/audits/{audits['raised']}/findings"
    answer = do(house, page, "raise_finding", "audit.qin", EXAMPLES["raise_finding"].body | {"owner": "quality.he"})
    assert answer.status == 422
    assert "不属于客服部" in answer.text
    assert EXAMPLES["raise_finding"].body["what"] in answer.text


def test_a_finding_is_corrected_by_its_owner_and_verified_by_another(house: House) -> None:
    name = audit_for(house, "raised")
    does(house, name, "plan_correction")
    assert "complete_correction" not in acts(house, at(name), "cs.lead")
    assert "还有措施没有完成" in seen(house, at(name), "cs.lead").text
    does(house, name, "finish_measure")
    does(house, name, "complete_correction")
    assert "最早在2026-11-08验证" in seen(house, at(name), "audit.lu").text
    assert at(name) not in house.look("/console/findings", "audit.lu").text
    house.now += timedelta(days=30)
    assert f"{at(name)}" in house.look("/console/findings", "audit.lu").text
    does(house, name, "verify_correction", effective=False)
    assert "无效，重新整改" in seen(house, at(name), "cs.lead").text
    form = opened(house, at(name), "plan_correction", "cs.lead")
    assert form.one("textarea", name="correction").text == typed("plan_correction")["correction"]


def test_management_bears_it_a_supervisor_gives_it_away_and_audit_takes_it_back(house: House) -> None:
    name = audit_for(house, "raised")
    does(house, name, "waive_finding")
    assert "2026年12月31日" in seen(house, at(name), "management.zhou").text
    does(house, name, "reassign_finding")
    assert at(name) in house.look("/console/findings", "cs.lin").text
    does(house, name, "drop_finding")
    assert house.look(at(name), "cs.lin").status == 404


def test_who_answers_for_it_speaks_management_decides_and_another_hears_the_objection(house: House) -> None:
    name = audit_for(house, "raised")
    link = f"{at(name)}?act=state_case#doing"
    assert link in house.look("/console/hearings", "cs.lin").text
    does(house, name, "state_case")
    assert (
        f"{at(name)}?act=decide_hearing#doing" in house.look("/console/hearings?to_decide=true", "management.wu").text
    )
    does(house, name, "decide_hearing")
    does(house, name, "object_to_decision")
    assert "decide_hearing" not in acts(house, at(name), "management.zhou")
    does(house, name, "decide_hearing", "management.wu", measure="not_attributable")
    text = seen(house, at(name), "cs.lin").text
    for said in ("state_case", "object_to_decision"):
        assert typed(said)["text"] in text
    assert "最终决定" in text


def test_who_reads_no_names_is_shown_none_on_any_page(house: House) -> None:
    name = audit_for(house, "decided")
    assert house.post(f"/v1/audits/{name}/publication", {}, "audit.qin").status == 200
    for page in (at(name), f"/console/audits/{name}/findings"):
        text = seen(house, page, "logistics.gao").one("main").text
        assert EXAMPLES["raise_finding"].body["what"] in text
        assert [one for one in (*STAFF, item_of(name)) if one in text] == [], page
        assert "8.3" not in text, page


@pytest.mark.parametrize("act", OPERATIONS)
def test_who_may_not_by_the_api_may_not_by_the_form_and_nothing_is_kept(
    house: House, audits: dict[str, str], act: str
) -> None:
    operation, stage = OPERATIONS[act]
    page, who = at(audits[stage]), EXAMPLES[operation].who
    form = opened(house, page, act, who)
    fields = {name: value for name, value in hidden(form).items() if name not in ("_key", "_who")}
    flat = {name: [*values] for name, values in findings.acts.forms.sent_of(typed(act)).fields.items()}
    before = house.items_kept()
    for group in sorted({*STAFF} - {who}):
        if not may(operation, group, audits[stage], house):
            answer = house.submit(f"{page}/acts/{act}", group, fields | flat)
            assert answer.status in (403, 404), (group, answer.text)
            assert act not in acts(house, page, group) if house.look(page, group).status == 200 else True
    assert house.items_kept() == before


def hidden(form: Element) -> dict[str, str]:
    return {one.given["name"]: one.given["value"] for one in form.all("input", type="hidden")}


def may(operation: str, who: str, name: str, house: House) -> bool:
    """By the API, which is asked what it allows."""
    answer = house.get(f"/v1/audits/{name}", who)
    if operation == "complete_audit_measure":
        return who == "cs.lead"
    action = next(act for act, (op, _) in OPERATIONS.items() if op == operation)
    return answer.status == 200 and action in answer.json["findings"][0]["allowed"]


def test_every_action_about_a_finding_has_a_form_and_the_days_are_those_of_its_clocks() -> None:
    assert {*findings.BODIES} > OF_FINDINGS
    for locale in NATIVE:
        hint = speech(locale)("fields.severity.hint")
        assert [str(days) in hint for days in CORRECTION_DAYS.values()] == [True] * 3
