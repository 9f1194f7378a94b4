"""Who reads what of an audit (6.3), in each of its stages; and the four readers of a hearing (8.3)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.domain.audit import readers
from chalicelib.domain.audit.audit import Audit, Finding, FrozenScope, Item, Stage
from chalicelib.domain.complaint.hearings import Hearing
from chalicelib.domain.ground import people
from chalicelib.domain.ground.errors import Forbidden
from chalicelib.domain.ground.people import Actor, Role

NOW = datetime(2026, 10, 9, 8, tzinfo=UTC)
STAFF = {
    "cs.lin": {"customer_service"},
    "cs.lead": {"customer_service", "supervisor"},
    "quality.he": {"quality"},
    "legal.xu": {"legal"},
    "management.zhou": {"management"},
    "audit.qin": {"audit"},
}
FINDING = Finding(
    number=1,
    severity="minor",
    clause="4.2c",
    what="三份报告没有引用答复。",
    items=("7K2M9-XD4FQ",),
    department=Role.QUALITY,
    owner="quality.he",
    by="audit.qin",
    raised_at=NOW,
)
ITEM = Item(complaint_id="7K2M9-XD4FQ", stratum="cs.lin satisfied", auditor="legal.xu")
HEARING = Hearing(number=1, person="cs.lin", opened_at=NOW)


def actor(name: str) -> Actor:
    return people.staff(name, frozenset(STAFF[name]))


def audit_in(stage: Stage, **known: Any) -> Audit:
    """Of customer service; nobody has anything to do with it but whom `known` names."""
    return Audit(
        stage=stage,
        audit_id="audit_2026Q3-1",
        period="2026Q3",
        first=date(2026, 7, 1),
        last=date(2026, 9, 30),
        scope=FrozenScope(departments=(Role.CUSTOMER_SERVICE,)),
        tolerable=10,
        confidence=95,
        deviations=0,
        nonce_hash="0" * 64,
        author="audit.qin",
        drafted_at=NOW,
        **known,
    )


OURS = {"management.zhou", "audit.qin"}
READ_BY = dict.fromkeys(Stage, OURS)
READ_BY |= {stage: OURS | {"cs.lin", "cs.lead"} for stage in (Stage.DRAFT_REPORT, Stage.COMMENTED)}
READ_BY |= {stage: set(STAFF) for stage in (Stage.PUBLISHED, Stage.CLOSED)}


@pytest.mark.parametrize("stage", Stage)
def test_who_reads_it_in_each_stage_and_who_with_names(stage: Stage) -> None:
    state = audit_in(stage)
    assert {name for name in STAFF if readers.reads(state, actor(name))} == READ_BY[stage]
    assert {name for name in STAFF if readers.reads_names(state, actor(name))} == OURS


def test_who_owns_a_finding_reads_all_of_it_and_no_more_once_that_turned_out_to_be_none() -> None:
    state = audit_in(Stage.FIELDWORK, findings=(FINDING,))
    assert readers.reads_names(state, actor("quality.he"))
    dropped = FINDING.model_copy(update={"state": "dropped"})
    assert not readers.reads(audit_in(Stage.FIELDWORK, findings=(dropped,)), actor("quality.he"))


def test_who_examines_an_item_or_answers_for_a_finding_reads_its_face_before_it_is_published() -> None:
    state = audit_in(Stage.FIELDWORK, items=(ITEM,), hearings=(HEARING,))
    for name, reads in (("legal.xu", True), ("cs.lin", True), ("quality.he", False), ("cs.lead", False)):
        assert readers.reads(state, actor(name)) == reads
        assert not readers.reads_names(state, actor(name))


def test_a_supervisor_reads_the_face_of_what_is_to_be_corrected_before_it_is_published() -> None:
    state = audit_in(Stage.FIELDWORK, findings=(FINDING,))
    assert readers.reads(state, actor("cs.lead"))
    assert not readers.reads_names(state, actor("cs.lead"))


def test_an_item_is_read_by_who_examines_it_and_a_hearing_by_four() -> None:
    assert {name for name in STAFF if readers.reads_item(ITEM, actor(name))} == OURS | {"legal.xu"}
    heard = {name for name in STAFF if readers.reads_hearing(HEARING, actor(name))}
    assert heard == {"cs.lin", "cs.lead", "management.zhou", "audit.qin"}
    assert not readers.reads_hearing(None, actor("audit.qin"))


def test_to_others_a_finding_shows_nothing_that_may_name_somebody() -> None:
    state = audit_in(Stage.PUBLISHED, findings=(FINDING,))
    assert readers.face_of(FINDING, state, actor("quality.he")) is FINDING
    face = readers.face_of(FINDING, state, actor("cs.lead"))
    assert {name for name, value in face if value != getattr(FINDING, name)} == {"items", "owner", "by"}
    assert {getattr(face, name) for name in readers.NAMING} == {None}


def test_ones_own_findings_are_anybodys_to_see_and_others_are_for_three_roles() -> None:
    readers.require_findings_of("cs.lin", actor("cs.lin"))
    for name in ("cs.lead", "management.zhou", "audit.qin"):
        readers.require_findings_of("cs.lin", actor(name))
    with pytest.raises(Forbidden, match="role_not_open"):
        readers.require_findings_of("cs.lin", actor("quality.he"))


def test_whoever_is_not_of_staff_reads_nothing_of_what_is_published() -> None:
    state = audit_in(Stage.PUBLISHED)
    for one in (people.storefront("shop"), people.consumer("7K2M9-XD4FQ"), people.CLOCK):
        assert not readers.reads(state, one)
        assert not readers.reads_names(state, one)
