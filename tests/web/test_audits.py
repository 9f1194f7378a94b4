"""Audits over HTTP (6.3): drawn so that anybody can draw them again, done once, and read without names by everybody."""

import pytest

from infra.local.staff import STAFF
from tests.examples import EXAMPLES
from tests.house import FRIDAY, House, refused

from .audited import audit_for, item_of

AUDITS = "/v1/audits"
NAMES = {*STAFF}


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def test_a_draft_is_made_once_and_binds_the_house_to_a_nonce_that_nobody_sees(house: House) -> None:
    body = EXAMPLES["draft_audit"].body
    first = house.post(AUDITS, body, "audit.qin", Idempotency_Key="draft")
    again = house.post(AUDITS, body, "audit.qin", Idempotency_Key="draft")
    assert (first.status, again.status) == (201, 201)
    assert (again.json["audit_id"], again.headers["idempotency-replayed"]) == (first.json["audit_id"], "true")
    assert first.headers["location"] == f"{AUDITS}/{first.json['audit_id']}"
    assert len(first.json["nonce_hash"]) == 64
    assert first.json["sample"] is None
    assert "approve_audit" not in first.json["allowed"]
    assert "approve_audit" in house.get(first.headers["location"], "management.zhou").json["allowed"]


def test_who_belongs_to_an_audited_department_drafts_no_audit_of_it(house: House) -> None:
    token = house.pool_token(**(house.claims("audit.qin") | {"cognito:groups": ["audit", "quality"]}))
    problem = refused(house.post(AUDITS, EXAMPLES["draft_audit"].body, token=token), 403, "forbidden")
    assert problem["reason"] == "belongs_to_audited"


def test_what_is_not_published_is_not_there_for_others_and_its_items_are_for_who_examines_them(house: House) -> None:
    name = audit_for(house, "sampled")
    refused(house.get(f"{AUDITS}/{name}", "quality.he"), 404, "not_found")
    refused(house.get(f"{AUDITS}/{name}.html", "quality.he"), 404, "not_found")
    item = house.get(f"{AUDITS}/{name}/items/{item_of(name)}", "audit.lu").json
    assert (item["auditor"], item["examined_at"]) == ("audit.lu", None)
    body = EXAMPLES["examine_item"].body
    refused(house.post(f"{AUDITS}/{name}/items/{item_of(name)}", body, "audit.qin"), 403, "forbidden")
    refused(house.post(f"{AUDITS}/{name}/items/00000-00000", body, "audit.lu"), 404, "not_found")
    sample = house.get(f"{AUDITS}/{name}/sample", "management.wu").json
    assert (sample["items"], sample["changed"]) == ([item_of(name)], {"added": 0, "gone": 0})
    assert "SHA-256" in sample["method"]


@pytest.mark.parametrize("resource", ["", "/findings", "/report", ".html?lang=zh-TW"])
def test_what_everybody_reads_names_nobody(house: House, resource: str) -> None:
    name = audit_for(house, "raised")
    published = house.post(f"{AUDITS}/{name}/publication", {}, "audit.qin")
    assert published.status == 200, published.text
    face = house.get(f"{AUDITS}/{name}{resource}", "logistics.gao")
    assert face.status == 200, face.text
    assert EXAMPLES["raise_finding"].body["what"] in face.text
    assert [known for known in (*NAMES, item_of(name)) if known in face.text] == []


def test_who_owns_a_finding_reads_the_names_and_four_the_hearing(house: House) -> None:
    name = audit_for(house, "stated")

    def finding(who: str) -> dict[str, object]:
        [one] = house.get(f"{AUDITS}/{name}/findings", who).json["items"]
        return dict(one)

    readers = {who for who in STAFF if finding(who)["hearing"]}
    assert readers == {
        *("cs.lin", "cs.lead", "management.zhou", "management.wu", "audit.qin", "audit.lu"),
    }, "the person, supervisors, management, audit"
    assert {who for who in STAFF if finding(who)["owner"]} == readers - {"cs.lin"}
    assert "plan_correction" in str(finding("cs.lead")["allowed"])
    assert finding("quality.he")["allowed"] == []


def test_who_answers_for_a_finding_has_it_on_the_list_of_what_they_can_speak_about(house: House) -> None:
    def waiting(who: str, which: str = "") -> list[tuple[str, str, int, str]]:
        listed = house.get(f"/v1/hearings?limit=100{which}", who).json["items"]
        return [(one["record"], one["about"], one["number"], one["stage"]) for one in listed]

    name = audit_for(house, "raised")
    assert (name, "finding", 1, "hearing") in waiting("cs.lin")
    assert (name, "finding", 1, "hearing") in waiting("management.zhou", "&person=cs.lin")
    said = house.post(f"{AUDITS}/{name}/findings/1/statement", {"text": "那天停电。"}, "cs.lin")
    assert said.status == 200, said.text
    assert name not in [one[0] for one in waiting("cs.lin")]
    assert (name, "finding", 1, "deciding") in waiting("management.zhou", "&to_decide=true")


def test_ones_own_findings_are_listed_and_others_only_to_who_may(house: House) -> None:
    name = audit_for(house, "raised")
    listed = house.get("/v1/findings?limit=100", "cs.lead").json["items"]
    assert name in [one["audit_id"] for one in listed]
    dues = [one["due_at"] for one in listed]
    assert dues == sorted(dues), "soonest due first"
    assert house.get("/v1/findings?owner=cs.lead", "management.wu").json["items"]
    refused(house.get("/v1/findings?owner=cs.lead", "cs.lin"), 403, "forbidden")


def test_what_was_seen_is_what_is_decided_about(house: House) -> None:
    name = audit_for(house, "draft")
    body = {"approved": True}
    refused(house.post(f"{AUDITS}/{name}/approval", body, "management.zhou", If_Match='"9"'), 412, "stale")
    done = house.post(f"{AUDITS}/{name}/approval", body, "management.zhou", If_Match='"1"')
    assert (done.status, done.json["stage"], done.json["stage_name"]) == (200, "approved", "To be sampled")
    closed = refused(house.post(f"{AUDITS}/{name}/closure", {}, "audit.qin"), 409, "not_allowed")
    assert "draw_sample" in closed["allowed"]


def test_the_rules_are_listed_in_the_readers_language(house: House) -> None:
    rules = house.get(f"{AUDITS}/rules?lang=zh-CN", "cs.lin").json["items"]
    assert {"id", "clause", "of", "looks_for"} == rules[0].keys()
    assert [one["id"] for one in rules if one["of"] == "person"] == ["4.5a-shares"]
    assert all(one["id"].startswith(one["clause"]) for one in rules)
