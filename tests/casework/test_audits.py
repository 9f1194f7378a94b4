"""Audits on the table: a nonce that nobody sees before, facts that nobody is believed about, documents that stay."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters import audits as places
from chalicelib.adapters import items, store
from chalicelib.adapters.apart import join
from chalicelib.casework import audits, population
from chalicelib.casework.once import idempotency
from chalicelib.casework.ring import ring
from chalicelib.domain.audit import audit, decisions, documents
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound, Unavailable
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.improvement import Finished
from chalicelib.settings import settings
from chalicelib.web.reporting import audit_page
from tests.domain.cases import POLICY
from tests.house import House

from . import auditing
from .auditing import CHEN, LEAD, LIN, LU, NOW, QIN, XU, YES, ZHOU, do, finding, plan, state_of

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(house: House) -> None:
    house.now = NOW


def three(house: House) -> list[str]:
    return auditing.closed_complaints(house, 3)


@pytest.fixture
def ids(house: House) -> list[str]:
    found = house.begun(three)
    house.now = NOW
    return found


# ---- the whole way ---------------------------------------------------------------------------------------------------


def test_an_audit_goes_all_the_way(house: House, ids: list[str]):
    state = auditing.published()
    name = state.audit_id
    assert (name, state.stage) == ("audit_2026Q3-1", "published")
    assert sorted(one.complaint_id for one in state.items) == sorted(ids)
    now = NOW + 9 * DAY
    do(name, plan(now), now, CHEN, 1)
    do(name, Finished(note="已培训"), now, CHEN, 1)
    do(name, audit.CompleteCorrection(evidence="记录在案"), now, CHEN, 1)
    with pytest.raises(NotAllowed, match="too_early_to_verify"):
        do(name, audit.VerifyCorrection(effective=True, evidence="已见效"), now + 29 * DAY, LU, 1)
    do(name, audit.VerifyCorrection(effective=True, evidence="已见效"), now + 31 * DAY, LU, 1)
    closed = do(name, audit.CloseAudit(), now + 31 * DAY)
    assert closed.stage == "closed"
    found = store.load_with_entries(name, audit.Audit)
    assert found
    assert first_broken_link(found.entries) is None


# ---- nobody can choose -----------------------------------------------------------------------------------------------


def test_the_nonce_is_kept_apart_until_the_sample_says_it(house: House, ids: list[str]):
    name = auditing.approved()
    nonce = places.nonce_of(name)
    assert nonce
    assert decisions.nonce_hash(nonce) == state_of(name).nonce_hash
    told = [str(item) for item in house.items() if item["sk"]["S"] != places.NONCE]
    assert not any(nonce in item for item in told)
    state = do(name, audit.DrawSample(), NOW)
    assert state.sample
    assert state.sample.nonce == nonce
    assert places.nonce_of(name) is None


@pytest.mark.parametrize(
    "ends", [audit.CancelAudit(reason="不需要"), audit.ApproveAudit(approved=False, reasons="太早")]
)
def test_what_is_cancelled_leaves_no_nonce(house: House, ends: Submission):
    name = auditing.draft()
    assert do(name, ends, NOW, ZHOU).stage == "cancelled"
    assert places.nonce_of(name) is None


def test_a_nonce_that_is_lost_draws_no_other(house: House, ids: list[str]):
    name = auditing.approved()
    store.transact([places.giving_up(name)])
    with pytest.raises(Unavailable, match="nonce_missing"):
        do(name, audit.DrawSample(), NOW)


def test_whoever_dies_while_drawing_draws_the_same_again(house: House, ids: list[str]):
    name = auditing.approved()
    nonce = places.nonce_of(name)
    for _ in house.deaths(lambda: do(name, audit.DrawSample(), NOW), "after"):
        if (sample := state_of(name).sample) is not None:
            assert sample.nonce == nonce
            break
    state = state_of(name)
    assert state.sample
    assert state.sample.nonce == nonce
    assert len(population.frozen_ids(state)) == 3


def test_a_request_that_is_repeated_drafts_one_audit(house: House):
    kept = idempotency("audit.qin", "a key", b"asked", NOW)
    first = audits.draft(auditing.PLANNED, QIN, NOW, idempotency=kept)
    again = audits.draft(auditing.PLANNED, QIN, NOW, idempotency=kept)
    assert (again.state.audit_id, again.replayed) == (first.state.audit_id, True)
    assert [one.audit_id for one in audits.listed(None, 10, None)[0]] == [first.state.audit_id]


def test_what_is_refused_takes_no_number(house: House):
    later = auditing.PLANNED.model_copy(update={"period": "2027Q1"})
    with pytest.raises(Invalid, match="period"):
        audits.draft(later, QIN, NOW)
    with pytest.raises(Forbidden):
        audits.draft(auditing.PLANNED, people.staff("audit.qin", frozenset({"audit", "customer_service"})), NOW)
    assert auditing.draft() == "audit_2026Q3-1"
    assert auditing.draft() == "audit_2026Q3-2"


# ---- bad populations -------------------------------------------------------------------------------------------------


def test_of_nobody_nothing_is_drawn_and_the_audit_can_be_cancelled(house: House):
    auditing.days_are_closed()
    name = auditing.approved()
    with pytest.raises(NotAllowed, match="population_empty"):
        do(name, audit.DrawSample(), NOW)
    assert do(name, audit.CancelAudit(reason="没有办结"), NOW).stage == "cancelled"


def test_days_that_are_not_closed_are_waited_for(house: House):
    with pytest.raises(NotAllowed, match="period_not_counted"):
        do(auditing.approved(), audit.DrawSample(), NOW)


def test_a_population_that_changes_after_freezing_changes_nothing_and_is_said(house: House, ids: list[str]):
    state = auditing.drawn()
    auditing.days_are_closed(auditing.closed("N", NOW.date().replace(month=9, day=1)))
    read = audits.sample(state, NOW)
    assert read.changed == (1, 0)
    assert sorted(one.complaint_id for one in read.items) == sorted(ids)


# ---- who examines ----------------------------------------------------------------------------------------------------


def test_items_go_by_turn_to_auditors_of_no_audited_department(house: House, ids: list[str]):
    state = auditing.drawn()
    assert {one.auditor for one in state.items} == {"audit.lu", "audit.qin"}
    assert audits.items(state, LIN, 10, None)[0] == []
    own, _ = audits.items(state, LU, 10, None)
    assert own


def test_an_auditor_who_joins_the_department_meanwhile_examines_nothing(house: House, ids: list[str]):
    state = auditing.drawn()
    item = next(one for one in state.items if one.auditor == "audit.qin")
    joined = people.staff("audit.qin", frozenset({"audit", "customer_service"}))
    with pytest.raises(Forbidden, match="belongs_to_audited"):
        do(state.audit_id, YES, NOW, joined, item.complaint_id)


def test_an_erased_complaint_is_examined_and_said_to_be_erased(house: House, ids: list[str]):
    from chalicelib.casework.erase import erase

    state = auditing.drawn()
    item = state.items[0]
    house.do(item.complaint_id, "follow-ups/1/completion", {})
    erase(item.complaint_id, NOW)
    actor = people.staff(str(item.auditor), frozenset({"audit"}))
    after = do(state.audit_id, YES, NOW, actor, item.complaint_id)
    found = after.item(item.complaint_id)
    assert found
    assert found.erased


def test_a_complaint_that_is_picked_by_hand_must_be_there(house: House, ids: list[str]):
    state = auditing.drawn()
    with pytest.raises(NotFound, match="record_unknown"):
        do(state.audit_id, audit.PickItem(complaint_id="7K2M9-XD4FQ", reason="听说"), NOW)


# ---- findings --------------------------------------------------------------------------------------------------------


def test_the_same_clause_again_within_a_year_is_a_class_graver(house: House, ids: list[str]):
    do(auditing.drawn().audit_id, YES, NOW, *_first("audit_2026Q3-1"))
    do("audit_2026Q3-1", finding(severity="minor"), NOW)
    do(auditing.drawn(NOW + DAY).audit_id, YES, NOW + DAY, *_first("audit_2026Q3-2"))
    state = do("audit_2026Q3-2", finding(severity="minor"), NOW + DAY)
    assert (state.findings[0].severity, state.findings[0].repeats) == ("major", "audit_2026Q3-1 1")
    do("audit_2026Q3-1", audit.DropFinding(reason="误判"), NOW + DAY, QIN, 1)
    do("audit_2026Q3-2", audit.DropFinding(reason="误判"), NOW + DAY, QIN, 1)
    assert do("audit_2026Q3-2", finding(severity="minor"), NOW + DAY).findings[1].severity == "minor"


def _first(name: str) -> tuple[people.Actor, str]:
    item = state_of(name).items[0]
    return people.staff(str(item.auditor), frozenset({"audit"})), item.complaint_id


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"owner": "nobody.here"}, "not_of_staff"),
        ({"owner": "legal.xu"}, "not_of_department"),
        ({"clause": "1.5"}, "clause_unknown"),
        ({"answers_for": "nobody.here"}, "not_of_staff"),
    ],
)
def test_a_finding_is_owned_by_somebody_of_its_department_on_a_clause_there_is(
    house: House, ids: list[str], changes: dict[str, Any], fault: str
):
    do(auditing.drawn().audit_id, YES, NOW, *_first("audit_2026Q3-1"))
    with pytest.raises(Invalid) as refused:
        do("audit_2026Q3-1", finding(**changes), NOW)
    assert [one.code for one in refused.value.faults] == [fault]


def test_findings_are_listed_by_owner_soonest_due_first_until_they_are_corrected(house: House, ids: list[str]):
    do(auditing.drawn().audit_id, YES, NOW, *_first("audit_2026Q3-1"))
    for severity, clause in (("minor", "4.1c"), ("observation", "4.4b"), ("critical", "4.2a")):
        do("audit_2026Q3-1", finding(severity=severity, clause=clause), NOW)
    found, following = audits.findings_of("cs.chen", 2, None)
    assert [one.number for _, one in found] == [3, 1]
    assert [one.number for _, one in audits.findings_of("cs.chen", 2, following)[0]] == [2]
    do("audit_2026Q3-1", audit.ReassignFinding(owner="cs.lin", reason="换人"), NOW, LEAD, 3)
    assert [one.number for _, one in audits.findings_of("cs.lin", 9, None)[0]] == [3]
    assert [one.number for _, one in audits.findings_of("cs.chen", 9, None)[0]] == [1, 2]


def test_whose_acceptances_all_came_through_staff_auditors_are_told_by_name_and_everybody_how_many(
    house: House, ids: list[str]
):
    recorded = [
        auditing.closed(f"C{n}", NOW.date().replace(month=8), planner="cs.chen", accepted_by="cs.lin") for n in range(5)
    ]
    auditing.days_are_closed(*recorded)
    name = auditing.drawn().audit_id
    path = f"/v1/audits/{name}/sample"
    for who in ("audit.qin", "management.zhou"):
        assert house.get(path, who).json["recorded"] == [{"person": "cs.chen", "n": 5}]
    for who in ("cs.lin", "cs.lead"):
        assert house.get(path, who).status == 403
    said = documents.document(state_of(name), population.facts(state_of(name)), 0, NOW)
    assert said.people == 1
    assert "cs.chen" not in documents.as_bytes(said).decode()
    assert "4.5a-shares" in audit_page.as_html(said, "en", POLICY)


# ---- who reads, and what stays ---------------------------------------------------------------------------------------


def test_before_it_is_published_only_who_has_to_do_with_it_reads_it(house: House, ids: list[str]):
    name = auditing.drawn().audit_id
    with pytest.raises(NotFound, match="audit_unknown"):
        audits.shown(name, XU, NOW)
    with pytest.raises(NotFound, match="audit_unknown"):
        audits.shown("audit_2026Q3", QIN, NOW)
    assert audits.shown(name, ZHOU, NOW)


def test_what_was_published_stays_and_a_correction_is_another_edition(house: House, ids: list[str]):
    state = auditing.published()
    first = audits.document_of(state)
    assert (first.edition, first.conclusion, documents.hash_of(first)) == (1, "总体良好", state.editions[0].hash)
    again = do(state.audit_id, audit.CorrectAudit(reason="数字有误", conclusion="有待改进"), NOW + 9 * DAY)
    second = audits.document_of(again)
    assert (second.edition, second.reason, second.conclusion) == (2, "数字有误", "有待改进")
    assert audits.document_of(state) == first


def test_a_document_that_is_not_there_is_said_to_be_so(house: House, ids: list[str]):
    state = auditing.drawn()
    with pytest.raises(NotFound, match="audit_not_reported"):
        audits.document_of(state)


# ---- what would have held an audit up --------------------------------------------------------------------------------


def test_what_was_never_closed_or_is_no_complaint_is_not_picked(house: House, ids: list[str]):
    name = auditing.drawn().audit_id
    open_one = house.bring_to("awaiting_consumer", order_number="O1")["complaint_id"]
    with pytest.raises(NotAllowed, match="item_not_closed"):
        do(name, audit.PickItem(complaint_id=open_one, reason="听说"), NOW)
    for no_complaint in (name, "HOUSE", "听说"):
        with pytest.raises(NotFound, match="record_unknown"):
            do(name, audit.PickItem(complaint_id=no_complaint, reason="听说"), NOW)


def test_a_complaint_is_picked_however_its_number_is_said_and_examined(house: House, ids: list[str]):
    name = auditing.drawn().audit_id
    receipt = house.bring_to("awaiting_consumer", order_number="O1")
    picked = receipt["complaint_id"]
    house.do(picked, "feedback", {"satisfied": True}, token=receipt["consumer_token"], who=None)
    item = do(name, audit.PickItem(complaint_id=picked.lower().replace("-", " "), reason="听说"), NOW).items[-1]
    assert (item.complaint_id, item.picked) == (picked, True)
    after = do(name, YES, NOW, people.staff(str(item.auditor), frozenset({"audit"})), picked)
    assert after.items[-1].examined_at


def test_a_closure_that_the_entries_do_not_have_any_more_is_examined_as_a_broken_fold(house: House, ids: list[str]):
    name = auditing.drawn().audit_id
    actor, complaint_id = _first(name)
    written = [item for item in house.items() if item["pk"]["S"].endswith(complaint_id)]
    gone = next(item for item in written if '"stage":"closed"' in item.get("entry", {}).get("S", ""))
    store.transact([{"Delete": {"TableName": settings().table, "Key": {key: gone[key] for key in ("pk", "sk")}}}])
    found = do(name, YES, NOW, actor, complaint_id).item(complaint_id)
    assert found
    assert "4.5b-fold" in found.broken


def test_a_sample_is_read_without_what_was_said_of_each_item(house: House, ids: list[str]):
    from chalicelib.web.json.audit_views import SampleView

    no = {"judgement": "no", "note": "记" * 2000}
    said = audit.ExamineItem.model_validate({"answers": dict.fromkeys(YES.answers, no)})
    state = do(auditing.drawn().audit_id, said, NOW, *_first("audit_2026Q3-1"))
    view = SampleView.of(state, audits.sample(state, NOW).changed, ())
    assert view.drawn[0].deviates is True
    assert "记" not in view.model_dump_json()


def observed(now: datetime) -> str:
    """A published audit with one observation."""
    name = auditing.examined().audit_id
    do(name, finding(severity="observation"), NOW)
    do(name, audit.ReportAudit(conclusion="总体良好"), NOW)
    ring(name, now)
    return do(name, audit.PublishAudit(), now).audit_id


def test_an_observation_that_nobody_answers_is_nothing_to_do_once_its_audit_is_closed(house: House, ids: list[str]):
    name = observed(NOW + 8 * DAY)
    assert len(audits.findings_of("cs.chen", 9, None)[0]) == 1
    assert do(name, audit.CloseAudit(), NOW + 8 * DAY).stage == "closed"
    assert audits.findings_of("cs.chen", 9, None) == ([], None)


def test_an_observation_that_is_being_answered_keeps_its_audit_open_until_that_is_verified(
    house: House, ids: list[str]
):
    now = NOW + 8 * DAY
    name = observed(now)
    for handed_in in (plan(now), Finished(note="已培训"), audit.CompleteCorrection(evidence="记录在案")):
        do(name, handed_in, now, CHEN, 1)
        with pytest.raises(NotAllowed, match="findings_open"):
            do(name, audit.CloseAudit(), now)
    assert audits.to_verify(audits.newest(), LU, now) == []
    assert [(state.audit_id, one.number) for state, one in audits.to_verify(audits.newest(), LU, now + 31 * DAY)] == [
        (name, 1)
    ]
    assert audits.to_verify(audits.newest(), CHEN, now + 31 * DAY) == []
    do(name, audit.VerifyCorrection(effective=True, evidence="已见效"), now + 31 * DAY, LU, 1)
    assert audits.to_verify(audits.newest(), LU, now + 31 * DAY) == []
    assert do(name, audit.CloseAudit(), now + 31 * DAY).stage == "closed"


def test_a_large_sample_is_written_however_long_the_names_of_its_auditors_are(house: House):
    drawn = (audit.Drawn(complaint_id=f"{n:05}-ABCDE", stratum="x" * 100, auditor="y" * 128) for n in range(400))
    content = {"items": [one.model_dump() for one in drawn]}
    head = items.Head("audit_2026Q3-1", 1, json.dumps(content), "{}", {}, "due")
    item, parts = items.head_items(head, None)
    assert 0 < len(parts) <= 40
    assert json.loads(join(item["head"]["S"], {items.digest_of(one): one["part"]["S"] for one in parts})) == content
