"""The programme of audits is kept; who has left is named once; what hangs on an unknown year is counted anew."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import figures, store
from chalicelib.casework import audit_rounds, policy_reviews
from chalicelib.domain.audit import audit
from tests.house import House

from . import auditing
from .auditing import CHEN, NOW, QIN, ZHOU, do, finding, plan
from .mailroom import Mailroom, told

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@pytest.fixture
def room(house: House) -> Mailroom:
    house.now = NOW
    return Mailroom(house)


def letters(room: Mailroom, department: str, kind: str) -> list[str]:
    room.settle()
    return [text for subject, text in told(department) if f"] {kind} " in subject]


def fieldwork(house: House) -> str:
    """An audit in which 陈 owns a finding with a measure, and of which items are left."""
    auditing.closed_complaints(house, 2)
    house.now = NOW
    state = auditing.drawn()
    item = next(one for one in state.items if one.auditor == "audit.qin")
    do(state.audit_id, auditing.YES, NOW, QIN, item.complaint_id)
    do(state.audit_id, finding(), NOW)
    return do(state.audit_id, plan(NOW), NOW, CHEN, 1).audit_id


# ---- the programme ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "before"),
    [(date(2026, 10, 1), (2026, 3)), (date(2027, 3, 31), (2026, 4)), (date(2027, 4, 1), (2027, 1))],
)
def test_the_quarter_before_is_that_which_is_over(day: date, before: tuple[int, int]):
    assert audit_rounds.quarter_before(day) == before


def test_audit_and_management_are_reminded_of_a_quarter_without_an_audit(house: House, room: Mailroom):
    audit_rounds.remind(NOW, NOW)
    assert letters(room, "audit", "audit_missing") == []  # there was no house yet
    figures.put(figures.key_of_day(date(2026, 9, 1)), b"{}")
    name = auditing.draft()
    audit_rounds.remind(NOW, NOW)
    assert letters(room, "audit", "audit_missing") == []
    do(name, audit.CancelAudit(reason="不需要"), NOW, ZHOU)
    for _ in range(2):
        audit_rounds.remind(NOW, NOW)
    for whom in ("audit", "management"):
        (text,) = letters(room, whom, "audit_missing")
        assert "2026年第3季度" in text
    assert "/console/audits?act=draft_audit#doing" in house.look("/console", "audit.qin").text, "Today says so too"
    assert "act=draft_audit" not in house.look("/console", "cs.lead").text


# ---- who works here no more ------------------------------------------------------------------------------------------


def test_what_somebody_who_left_was_to_do_is_told_once(house: House, room: Mailroom):
    name = fieldwork(house)
    audit_rounds.look_for_leavers(NOW, NOW)
    assert letters(room, "supervisor", "audit_left") == []
    house.disable("cs.chen")
    for n in range(3):
        audit_rounds.look_for_leavers(NOW + n // 2 * DAY, NOW + n // 2 * DAY)
    for whom in ("supervisor", "management"):
        (text,) = letters(room, whom, "audit_left")
        assert "cs.chen（2项）" in text
        assert f"{name} finding 1" in text
        assert f"{name} measure 1" in text
    house.disable("audit.lu")
    audit_rounds.look_for_leavers(NOW + 2 * DAY, NOW + 2 * DAY)
    _, second = letters(room, "supervisor", "audit_left")
    assert "audit.lu（1项）" in second
    assert "cs.chen" not in second


# ---- the calendar ----------------------------------------------------------------------------------------------------


def test_what_is_due_is_counted_anew_once_a_calendar_has_changed(house: House):
    fieldwork(house)
    assert audit_rounds.recount(NOW) == 0
    store.set_mark(audit_rounds.RECOUNTED, "another")
    assert audit_rounds.recount(NOW) == 0  # nothing of it moved
    assert store.mark(audit_rounds.RECOUNTED) != "another"


# ---- the policy ------------------------------------------------------------------------------------------------------


def test_three_major_findings_on_a_clause_within_a_year_call_for_a_review_of_the_policy(house: House, room: Mailroom):
    name = fieldwork(house)
    do(name, finding(), NOW)
    do(name, finding(severity="minor"), NOW)
    later = datetime(2026, 12, 7, 10, tzinfo=SHANGHAI)
    assert policy_reviews.due(later).clause is None
    do(name, finding(), later)
    by = policy_reviews.due(later)
    assert (by.clause, by.on, by.cause_on(later.date())) == ("4.1c", date(2027, 1, 6), "findings")
    for _ in range(2):
        policy_reviews.remind(later, later)
    house.now = later
    (text,) = letters(room, "management", "policy_review_findings")
    assert "第4.1c条" in text
