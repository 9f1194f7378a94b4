"""Amendments on the table: announced and withdrawn in one transaction, in force everywhere at one second."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import store
from chalicelib.casework import amendments, rules
from chalicelib.casework.erase import erase
from chalicelib.casework.once import idempotency
from chalicelib.casework.ring import ring
from chalicelib.casework.rules import Shelf
from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.governance.amendment import Amendment, Stage
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import (
    Forbidden,
    Invalid,
    NotAllowed,
    NotFound,
    StaleBase,
    StaleHash,
    Unauthenticated,
    Unavailable,
)
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.policy.announced import standing
from tests.house import FRIDAY, House, Killed

from . import amending
from .amending import HOLIDAY, LEAD, LI, LIN, LONGER, ZHOU, announce, announced, approve, do, draft, state_of, submit
from .mailroom import Mailroom, mails_to, told

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 7, 10, tzinfo=SHANGHAI)
"""A Monday on which version 2 is in force."""
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
EFFECT = datetime(2026, 12, 15, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _monday(house: House) -> None:
    house.now = NOW


def latest() -> int:
    return rules.announced_now(NOW)[-1].number


# ---- the whole way ---------------------------------------------------------------------------------------------------


def test_rules_go_the_whole_way_and_come_into_force_as_a_day_begins_after_seven(house: House):
    state = announced(NOW)
    assert (state.stage, state.number, state.effective_from) == ("announced", 3, EFFECT)
    published = rules.announced_now(NOW)[-1]
    assert (published.number, published.amendment, published.hash) == (3, state.amendment_id, state.hash)
    assert published.announced_at == NOW
    days = [rules.in_force(moment).reopening_days for moment in (EFFECT - SECOND, EFFECT)]
    assert days == [30, 60]
    assert ring(state.amendment_id, EFFECT).raised == 1
    assert state_of(state.amendment_id).stage == Stage.IN_FORCE


def test_a_major_one_takes_fifteen_days(house: House):
    assert announced(NOW, impact="major").effective_from == datetime(2026, 12, 23, tzinfo=SHANGHAI)


def test_operating_data_take_a_second_person_and_ten_minutes_and_no_notice(house: House):
    name = draft(NOW, HOLIDAY, LIN)
    amending.submit(name, NOW)
    with pytest.raises(Forbidden, match="own_amendment"):
        do(name, governance.Approval(approved=True), NOW, LIN)
    do(name, governance.Approval(approved=True), NOW, LEAD)
    state = do(name, governance.Announcing(), NOW, LIN)
    assert (state.number, state.effective_from) == (2, NOW + rules.AHEAD)
    holiday = date(2026, 10, 12)
    worked = [rules.in_force(NOW + rules.AHEAD - one).calendar.is_working_day(holiday) for one in (SECOND, 0 * SECOND)]
    assert worked == [True, False]


def test_who_drafted_it_does_not_approve_it_nor_does_anybody_what_they_did_not_read(house: House):
    name = draft(NOW, actor=ZHOU)
    amending.submit(name, NOW)
    with pytest.raises(Forbidden, match="own_amendment"):
        do(name, governance.Approval(approved=True), NOW, ZHOU)
    other = draft(NOW)
    amending.submit(other, NOW)
    with pytest.raises(StaleHash):
        do(other, governance.Approval(approved=True, hash="ab" * 32), NOW, ZHOU)
    do(other, governance.Approval(approved=True, hash=state_of(other).hash), NOW, ZHOU)


def test_a_change_after_it_was_submitted_is_a_draft_again_and_nothing_that_was_approved(house: House):
    name = draft(NOW)
    before = approve(name, NOW)
    after = do(name, governance.Change(changes={"reopening_days": 90}), NOW)
    assert (after.stage, after.summary) == (Stage.DRAFT, before.summary)
    assert after.hash != before.hash
    with pytest.raises(NotAllowed, match="amendment_stage_forbids"):
        do(name, governance.Announcing(), NOW)


def test_what_staff_study_touches_them_whatever_was_said_of_it_and_they_are_consulted(house: House):
    assert not state_of(draft(NOW, {"clocks": {"received": {"hours": 12}}}, staff_impact=False)).staff_impact
    name = draft(NOW, {"study": {"tries_a_day": 2}}, staff_impact=False)
    assert state_of(name).staff_impact
    amending.replay(name, NOW)
    with pytest.raises(NotAllowed, match="consultation_needed"):
        do(name, governance.Submitting(), NOW)


def test_what_the_house_said_of_staff_goes_with_its_cause_and_what_the_author_said_stays(house: House):
    study = {"study": {"tries_a_day": 2}}
    for said in (False, True):
        name = draft(NOW, study, staff_impact=said)
        do(name, governance.Change(summary="每天的次数"), NOW)
        assert state_of(name).staff_impact
        assert do(name, governance.Change(changes=LONGER), NOW).staff_impact is said
        assert do(name, governance.Change(changes=study), NOW).staff_impact
        assert do(name, governance.Change(staff_impact=not said, impact="major"), NOW).staff_impact
        with pytest.raises(Invalid):
            do(name, governance.Change(staff_impact=True), NOW)
        assert do(name, governance.Change(changes=LONGER), NOW).staff_impact is not said


def test_the_packaged_version_to_come_is_overtaken_by_what_is_made_of_it(house: House):
    name = draft(FRIDAY)
    approve(name, FRIDAY)
    assert do(name, governance.Announcing(), FRIDAY).effective_from < rules.version(2, FRIDAY).effective_from
    for days, number in ((7, 1), (9, 3), (60, 3)):
        assert rules.in_force(FRIDAY + days * DAY).version == number, days


def test_what_changes_nothing_is_none(house: House):
    with pytest.raises(Invalid) as refusal:
        draft(NOW, {"reopening_days": 30})
    assert [(one.field, one.code) for one in refusal.value.faults] == [("changes", "changes_nothing")]


@pytest.mark.parametrize("stage", ["draft", "submitted", "approved"])
def test_what_is_handed_in_as_it_is_already_changes_nothing_and_takes_nothing_back(house: House, stage: str):
    name = draft(NOW)
    before = {"draft": lambda: state_of(name), "submitted": lambda: submit(name, NOW)}.get(
        stage, lambda: approve(name, NOW)
    )()
    same = {"summary": before.summary, "reasons": before.reasons, "impact": "normal", "staff_impact": False}
    for said in ({}, same, {"changes": LONGER}, {"base": before.base}, same | {"changes": LONGER, "base": 2}):
        with pytest.raises(Invalid) as refusal:
            do(name, governance.Change.model_validate(said), NOW)
        assert [(one.field, one.code) for one in refusal.value.faults] == [("changes", "changes_nothing")]
    assert state_of(name) == before
    assert before.stage == stage
    assert do(name, governance.Change(impact="major"), NOW).stage == "draft"


# ---- another came between --------------------------------------------------------------------------------------------


def test_of_two_the_second_learns_what_its_changes_make_of_the_version_that_came_between(house: House):
    first, second = draft(NOW), draft(NOW, {"link_days": 90})
    approve(second, NOW)
    announce(first, NOW)
    for late in (
        governance.Announcing(),
        governance.Change(changes={"link_days": 80}),
    ):
        with pytest.raises(StaleBase, match="base=2 latest=3") as refusal:
            do(second, late, NOW, locale="en")
        assert [one["path"] for one in refusal.value.extra["diff"]] == ["link_days"]
    based = do(second, governance.Change(base=3), NOW)
    assert (based.base, based.stage, based.changes) == (3, Stage.DRAFT, {"link_days": 90})
    assert announce(second, NOW).number == 4
    made = rules.version(4, NOW)
    assert (made.reopening_days, made.link_days) == (60, 90)


def test_a_draft_names_the_latest_version_or_none(house: House):
    assert state_of(draft(NOW, base=2)).base == 2
    with pytest.raises(StaleBase):
        draft(NOW, base=1)


def test_of_two_announced_at_the_same_moment_one_is_and_the_other_is_stale(house: House):
    first, second = draft(NOW), draft(NOW, {"link_days": 90})
    approve(first, NOW)
    approve(second, NOW)

    def interfere(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:TransactWriteItems", "before"):
            house.interfere = lambda call, moment: None
            do(first, governance.Announcing(), NOW)

    with house.interfering(interfere), pytest.raises(StaleBase):
        do(second, governance.Announcing(), NOW)
    assert [one.amendment for one in rules.announced_now(NOW)][2:] == [first]
    assert state_of(second).stage == Stage.APPROVED


def test_none_comes_into_force_at_the_moment_of_another_or_before_the_one_that_it_is_of(house: House):
    announced(NOW)
    second = draft(NOW, {"link_days": 90})
    approve(second, NOW)
    with pytest.raises(NotAllowed, match="moment_taken version=3"):
        do(second, governance.Announcing(effective_from=EFFECT), NOW)
    with pytest.raises(Invalid) as refusal:
        do(second, governance.Announcing(effective_from=EFFECT - SECOND), NOW)
    assert [one.code for one in refusal.value.faults] == ["before_its_base"]
    with pytest.raises(Invalid) as refusal:
        do(second, governance.Announcing(effective_from=NOW + 7 * DAY - SECOND), NOW)
    assert [one.code for one in refusal.value.faults] == ["too_soon_after_notice"]
    assert do(second, governance.Announcing(), NOW).effective_from == EFFECT + DAY


# ---- withdrawn -------------------------------------------------------------------------------------------------------


def test_what_is_withdrawn_is_in_force_in_no_container_and_its_number_is_not_used_again(house: House):
    state = announced(NOW)
    containers = [Shelf() for _ in range(6)]
    last = EFFECT - rules.AHEAD - SECOND
    for minutes, one in enumerate(containers):
        one.in_force(last - timedelta(minutes=minutes))
    assert do(state.amendment_id, governance.Withdrawal(), last).stage == Stage.WITHDRAWN
    for seconds in (600, 601, 660, 900):
        assert {one.in_force(last + seconds * SECOND).version for one in containers} == {2}
    known = rules.announced_now(EFFECT)
    assert [standing(one, known, EFFECT).state for one in known] == ["superseded", "in_force", "withdrawn"]
    assert announced(EFFECT, {"link_days": 90}).number == 4


def test_six_containers_go_over_at_the_same_second_however_old_their_lists(house: House):
    containers = [Shelf() for _ in range(6)]
    state = announced(NOW, HOLIDAY)
    moment = state.effective_from
    assert moment
    for minutes, one in enumerate(containers):
        one.in_force(NOW - timedelta(minutes=minutes))
    for before in range(300, 0, -60):
        assert {one.in_force(moment - before * SECOND).operating.version for one in containers} == {1}
    assert {one.in_force(moment - SECOND).operating.version for one in containers} == {1}
    assert {one.in_force(moment).operating.version for one in containers} == {2}


@pytest.mark.parametrize("late", [timedelta(), rules.AHEAD - SECOND, rules.AHEAD, DAY])
def test_in_the_last_ten_minutes_and_afterwards_nothing_is_withdrawn(house: House, late: timedelta):
    state = announced(NOW)
    with pytest.raises(NotAllowed):
        do(state.amendment_id, governance.Withdrawal(), EFFECT - rules.AHEAD + late)
    assert Shelf().in_force(EFFECT).version == 3


def test_what_another_version_is_of_is_not_withdrawn_before_that_one(house: House):
    first = announced(NOW)
    second = announced(NOW, {"link_days": 90})
    with pytest.raises(NotAllowed, match="built_upon version=3 later=4"):
        do(first.amendment_id, governance.Withdrawal(), NOW)
    do(second.amendment_id, governance.Withdrawal(), NOW)
    do(first.amendment_id, governance.Withdrawal(), NOW)
    assert Shelf().in_force(EFFECT + DAY).version == 2


def test_a_version_is_not_withdrawn_while_another_is_announced_on_it(house: House):
    first = announced(NOW)
    second = draft(NOW, {"link_days": 90})
    approve(second, NOW)

    def interfere(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:TransactWriteItems", "before"):
            house.interfere = lambda call, moment: None
            do(first.amendment_id, governance.Withdrawal(), NOW)

    with house.interfering(interfere), pytest.raises(StaleBase, match="base=3 latest=2"):
        do(second, governance.Announcing(), NOW)
    assert latest() == 3


# ---- trouble ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_announcement_that_dies_at_any_call_has_been_made_whole_or_not_at_all(house: House, moment: str):
    name = draft(NOW)
    approve(name, NOW)
    for number in count():
        try:
            with house.killed_at(number, moment):
                do(name, governance.Announcing(), NOW)
        except Killed:
            assert (state_of(name).number or 2) == latest()
            continue
        except NotAllowed:  # it was, by the one that died
            pass
        break
    assert (state_of(name).number, latest()) == (3, 3)


def test_a_lost_effect_is_made_up_by_the_morning_and_what_was_in_force_is_superseded(house: House):
    first, second = announced(NOW), announced(NOW, {"link_days": 90})
    later = EFFECT + 2 * DAY
    assert Shelf().in_force(later).version == 4
    assert [state_of(one.amendment_id).stage for one in (first, second)] == [Stage.ANNOUNCED] * 2
    amendments.keep_all_up(later)
    stood = [state_of(one.amendment_id) for one in (first, second)]
    assert [one.stage for one in stood] == [Stage.SUPERSEDED, Stage.IN_FORCE]
    assert stood[0].superseded_by == 4
    amendments.keep_all_up(later)
    assert [state_of(one.amendment_id).seq for one in stood] == [one.seq for one in stood]


def test_the_effect_of_one_is_the_end_of_the_other_as_its_entry_arrives(house: House):
    first, second = announced(NOW), announced(NOW, {"link_days": 90})
    ring(first.amendment_id, EFFECT)
    ring(second.amendment_id, EFFECT + DAY)
    case = store.load_with_entries(second.amendment_id, Amendment)
    assert case is not None
    for _ in range(2):
        for entry in case.entries:
            amendments.follow_effect(entry, EFFECT + DAY)
    assert state_of(first.amendment_id).stage == Stage.SUPERSEDED


def test_a_list_that_cannot_be_read_announces_nothing(house: House):
    name = draft(NOW)
    approve(name, NOW)

    def down(call: str, moment: str) -> None:
        if (call, moment) == ("dynamodb:Query", "before"):
            raise ConnectionError("DynamoDB is down")

    with house.interfering(down), pytest.raises(Unavailable):
        do(name, governance.Announcing(), NOW)
    assert state_of(name).stage == Stage.APPROVED


# ---- opinions --------------------------------------------------------------------------------------------------------


def test_what_a_consumer_says_is_said_once_answered_and_erased_with_their_complaint(house: House):
    number = house.file()["complaint_id"]
    name = announced(NOW).amendment_id
    wang = people.consumer(number)
    do(name, governance.Opinion(text="六十天很好"), NOW, wang)
    with pytest.raises(NotAllowed, match="opinion_given_already"):
        do(name, governance.Opinion(text="再说一次"), NOW, wang)
    do(name, governance.Opinion(text="客服需要更多人手"), NOW, LIN)
    do(name, governance.OpinionAnswer(text="谢谢您"), NOW, part="1")
    assert [(one.text, one.answer) for one in amendments.opinions(name, LI, NOW, 10, None)[0]] == [
        ("六十天很好", "谢谢您"),
        ("客服需要更多人手", None),
    ]
    first, cursor = amendments.opinions(name, LI, NOW, 1, None)
    assert [one.held.number for one in first] == [1]
    assert [one.held.number for one in amendments.opinions(name, LI, NOW, 1, cursor)[0]] == [2]
    for _ in range(2):
        amendments.erase_opinion(name, number, NOW)
    said = amendments.opinions(name, LI, NOW, 10, None)[0]
    assert [(one.text, one.answer) for one in said] == [(None, None), ("客服需要更多人手", None)]
    case = store.load_with_entries(name, Amendment)
    assert case is not None
    assert first_broken_link(case.entries) is None


def test_only_what_is_announced_is_there_for_others_than_staff_and_only_by_a_link_in_force(house: House):
    number = house.file()["complaint_id"]
    name, shop = draft(NOW), people.storefront("tmall")
    for outside in (people.consumer(number), shop):
        with pytest.raises(NotFound, match="amendment_unknown"):
            do(name, governance.Opinion(text="好"), NOW, outside)
    announce(name, NOW)
    with pytest.raises(Unauthenticated):
        do(name, governance.Opinion(text="好"), NOW, people.consumer(number, 9))
    do(name, governance.Opinion(text="好"), NOW, shop)
    for unknown in ("amendment_99", "amendment_0", "amendment_x"):
        with pytest.raises(NotFound):
            amendments.shown(unknown, LI, NOW)


def test_with_the_words_of_a_closed_complaint_go_those_that_its_consumer_said_of_an_amendment(house: House):
    number = house.file()["complaint_id"]
    house.do(number, "withdrawal", {})
    name = announced(NOW).amendment_id
    do(name, governance.Opinion(text="六十天很好"), NOW, people.consumer(number))
    house.pass_time(days=4_000)
    erase(number, house.now)
    assert "六十天很好" not in str(house.items())
    assert amendments.opinions(name, LI, house.now, 10, None)[0][0].text is None


# ---- who is told -----------------------------------------------------------------------------------------------------


def test_seven_departments_are_told_in_words_and_the_author_by_mail(house: House):
    room = Mailroom(house)
    chen = people.staff("cs.chen", frozenset({"customer_service"}))
    announced(NOW, {"clocks": {"received": {"hours": 12}}}, actor=chen)
    room.settle()
    (said,) = [text for subject, text in told("customer_service") if "policy_announced" in subject]
    assert "24小时" in said
    assert "12小时" in said
    assert all(any("policy_announced" in subject for subject, _ in told(role)) for role in STAFF)
    assert any("已批准" in str(mail["Subject"]) for mail in mails_to("cs.chen@staff.example"))


# ---- the list, and what it costs -------------------------------------------------------------------------------------


def test_they_are_listed_the_newest_first_all_of_them_or_those_of_a_stage(house: House):
    names = [draft(NOW, {"reopening_days": days}) for days in range(40, 51)]
    approve(names[4], NOW)
    page, cursor = amendments.listed(None, 6, None)
    rest, end = amendments.listed(None, 6, cursor)
    assert [one.amendment_id for one in page + rest] == names[::-1]
    assert end is None
    assert [one.amendment_id for one in amendments.listed(Stage.APPROVED, 6, None)[0]] == [names[4]]
    assert len(amendments.listed(Stage.DRAFT, 20, None)[0]) == 10


def test_an_announcement_touches_no_complaint_and_costs_the_same_however_many_are_open(house: House):
    calls = []
    for open_ones, changes in ((1, LONGER), (12, {"link_days": 90})):
        for _ in range(open_ones):
            house.file()
        name = draft(NOW, changes)
        approve(name, NOW)
        before = heads(house)
        with house.counting() as counted:
            do(name, governance.Announcing(), NOW)
        calls.append(list(counted))
        assert heads(house) == before
    assert calls[0] == calls[1]
    assert calls[0].count("dynamodb:TransactWriteItems") == 1


def heads(house: House) -> dict[str, Any]:
    found = [item for item in house.items() if item["sk"]["S"] == "HEAD"]
    return {item["pk"]["S"]: item for item in found if "amendment" not in item["pk"]["S"]}


def test_a_draft_that_is_repeated_under_its_key_is_the_same_draft(house: House):
    key = idempotency("legal.li", "k1", b"{}", NOW)
    handed_in = governance.Draft(summary="期限", reasons="来信较晚", changes=LONGER)
    first = amendments.draft(handed_in, LI, NOW, idempotency=key)
    again = amendments.draft(handed_in, LI, NOW, idempotency=key)
    assert (again.replayed, again.state.amendment_id) == (True, first.state.amendment_id)
    assert len(amendments.listed(None, 10, None)[0]) == 1
