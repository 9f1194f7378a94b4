"""Canned words for a complaint: which are offered to whom, what stands in their places, how often they are used."""

from datetime import timedelta

from chalicelib.adapters import canned as counts
from chalicelib.casework import canned
from chalicelib.domain.ground.people import Contact, Role
from tests.domain.cases import Story
from tests.house import FRIDAY, House

WANG = Contact(name="王芳", phone="+8613800138000")


def test_who_reads_a_complaint_is_offered_the_words_of_their_departments_in_a_language(house: House) -> None:
    complaint = Story().complaint
    offered = {one.id: one for one in canned.offered(complaint, WANG, {Role.CUSTOMER_SERVICE}, "zh-CN", FRIDAY)}
    assert "王芳您好" in offered["received"].text
    assert f"编号 {complaint.complaint_id}" in offered["received"].text
    assert "2026年10月10日（星期六）15:40" in offered["call_missed"].text
    assert "defect_found" not in offered
    assert canned.offered(complaint, WANG, {Role.AUDIT}, "zh-CN", FRIDAY) == []
    english = canned.offered(complaint, None, {Role.CUSTOMER_SERVICE, Role.LEGAL}, "en", FRIDAY)
    assert next(one.text for one in english if one.id == "received").startswith("Dear ____, your complaint")
    assert {one.id for one in english} > {"sorry", "plan_lawful"}


def test_what_was_used_is_counted_by_month_in_one_round_trip(house: House) -> None:
    canned.known(FRIDAY)  # the policy is read once in five minutes
    with house.counting() as calls:
        canned.count(["sorry", "sorry", "received", "no_such_words"], FRIDAY)
    assert calls == ["dynamodb:UpdateItem"]
    canned.count(["sorry"], FRIDAY)
    canned.count(["sorry"], FRIDAY + timedelta(days=30))
    assert canned.used("2026-10") == {"sorry": 3, "received": 1}
    assert canned.used("2026-11") == {"sorry": 1}
    assert canned.used("2026-12") == {}


def test_where_nothing_was_used_nothing_is_asked(house: House) -> None:
    canned.known(FRIDAY)
    with house.counting() as calls:
        canned.count([], FRIDAY)
        canned.count(["no_such_words"], FRIDAY)
    assert calls == []


def test_what_cannot_be_counted_disturbs_nobody(house: House) -> None:
    def broken(call: str, moment: str) -> None:
        raise ConnectionError(call)

    with house.interfering(broken):
        canned.count(["sorry"], FRIDAY)
    assert counts.used("2026-10") == {}
