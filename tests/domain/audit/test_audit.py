"""6.3: an audit is drafted, approved, sampled, examined, reported, published, closed: pair by pair, and its guards."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.domain.audit import audit, decisions, guards, standing
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Stage
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.errors import Forbidden, Invalid, NotAllowed, NotFound, Refusal
from chalicelib.domain.ground.people import STAFF, Actor, Role

from .lives import (
    ABOUT,
    CS,
    DRAFT,
    FAN,
    GAO,
    HANDED_IN,
    KETTLE,
    LAMP,
    LEAD,
    LIN,
    MONDAY,
    NONCE,
    POLICY,
    QI,
    QIAN,
    REPORT,
    SHANGHAI,
    SUN,
    TAO,
    WU,
    YES,
    ZHOU,
    Life,
    finding,
    life_in,
    sample,
)

# Written out by hand: where each action leads from each stage. What has no entry is refused.
LEADS_TO_TABLE = """
                     draft     approved  sampled   fieldwork    draft_report commented published closed
approve_audit        approved  -         -         -            -            -         -         -
cancel_audit         cancelled cancelled cancelled -            -            -         -         -
draw_sample          -         sampled   -         -            -            -         -         -
pick_item            -         -         sampled   fieldwork    -            -         -         -
hand_over_item       -         -         sampled   fieldwork    -            -         -         -
examine_item         -         -         fieldwork fieldwork    -            -         -         -
raise_finding        -         -         -         fieldwork    draft_report commented -         -
drop_finding         -         -         -         fieldwork    draft_report commented -         -
draft_audit_report   -         -         -         draft_report -            -         -         -
comment_audit        -         -         -         -            draft_report -         -         -
publish_audit        -         -         -         -            -            published -         -
correct_audit        -         -         -         -            -            -         published closed
plan_correction      -         -         -         fieldwork    draft_report commented published -
complete_correction  -         -         -         fieldwork    draft_report commented published -
verify_correction    -         -         -         fieldwork    draft_report commented published -
waive_finding        -         -         -         fieldwork    draft_report commented published -
reassign_finding     -         -         -         fieldwork    draft_report commented published -
finish_measure       -         -         -         fieldwork    draft_report commented published -
state_case           -         -         -         fieldwork    draft_report commented published closed
decide_hearing       -         -         -         fieldwork    draft_report commented published closed
object_to_decision   -         -         -         fieldwork    draft_report commented published closed
close_audit          -         -         -         -            -            -         closed    -
"""
STAGES, *LINES = [line.split() for line in LEADS_TO_TABLE.strip().splitlines()]
LEADS_TO = {
    (stage, line[0]): target for line in LINES for stage, target in zip(STAGES, line[1:], strict=True) if target != "-"
}
AUDIT, MANAGEMENT = {Role.AUDIT}, {Role.MANAGEMENT}
WHO: dict[str, set[Role]] = {
    **{line[0]: {*STAFF} for line in LINES},
    **dict.fromkeys(("draw_sample", "pick_item", "raise_finding", "drop_finding", "draft_audit_report"), AUDIT),
    **dict.fromkeys(("publish_audit", "correct_audit", "close_audit"), AUDIT),
    **dict.fromkeys(("approve_audit", "waive_finding", "decide_hearing"), MANAGEMENT),
    **dict.fromkeys(("cancel_audit", "hand_over_item"), AUDIT | MANAGEMENT),
    **dict.fromkeys(("verify_correction", "reassign_finding"), AUDIT | MANAGEMENT | {Role.SUPERVISOR}),
    "examine_item": {*STAFF} - {Role.CUSTOMER_SERVICE},  # the department that is audited
}
WHO_THEN = {(Stage.SAMPLED, Action.CANCEL): MANAGEMENT}  # whoever has seen a sample does not draw another in its place


def someone(role: Role) -> Actor:
    if role in STAFF:
        return people.staff(f"zhao.{role}", frozenset({role}))
    return {Role.STOREFRONT: people.storefront("web-shop"), Role.CONSUMER: people.consumer(KETTLE)}.get(
        role, people.HOUSE
    )


def about(action: Action, stage: Stage) -> str | None:
    """In a closed audit only hearings go on, of the findings that are left."""
    part = ABOUT.get(action)
    hearing = action in (Action.STATE, Action.DECIDE, Action.OBJECT)
    part = str(int(part or 0) - 4) if hearing and stage == Stage.CLOSED else part
    return "2" if action == Action.FINISH_MEASURE and part == "2" else part


@pytest.mark.parametrize("action", HANDED_IN)
@pytest.mark.parametrize("stage", Stage)
def test_each_action_leads_where_the_policy_says_and_is_of_those_who_may(stage: Stage, action: Action):
    for role in Role:
        actor = someone(role)
        at_hand = life_in(stage, action, actor if role in STAFF else LIN)
        life = at_hand.copy()
        foretold = action in decisions.may(life.state, actor, life.now, POLICY)
        refusal: Refusal | None = None
        try:
            life.do(HANDED_IN[action], actor, about(action, stage))
        except Refusal as refused:
            refusal = refused
        assert foretold is (refusal is None), (role, refusal)
        if (stage, action) not in LEADS_TO:
            assert isinstance(refusal, NotAllowed)
            assert set(refusal.extra["allowed"]) == {name for at, name in LEADS_TO if at == stage}
        elif role in WHO_THEN.get((stage, action), WHO[action]):
            assert life.state.stage == LEADS_TO[stage, action], refusal
            assert {entry.actor for entry in life.entries[len(at_hand.entries) :]} == {actor}
        else:
            assert isinstance(refusal, Forbidden)
            assert life.entries == at_hand.entries


def test_the_table_by_hand_is_the_whole_table():
    by_people = {(str(step.source), str(step.action)) for step in LIFECYCLE.table if step.who != {Role.SYSTEM}}
    assert {pair for pair in by_people if pair[0] != "None"} == {*LEADS_TO}
    assert set(Action) - {*HANDED_IN} == {"draft_audit", "end_comments"}
    assert set(decisions.DEEDS) == {type(one) for one in HANDED_IN.values()}
    assert set(guards.GUARDS) == set(HANDED_IN)


# ---- drafted and approved --------------------------------------------------------------------------------------------


def test_a_draft_keeps_the_hash_of_the_nonce_and_not_the_nonce():
    life = Life()
    assert NONCE not in life.entries[0].model_dump_json()
    assert life.state.nonce_hash == decisions.nonce_hash(NONCE)
    assert (life.state.first, life.state.last) == (date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2028Q1", date(2028, 1, 1), date(2028, 3, 31)),
        ("2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_three_months(period: str, first: date, last: date):
    assert decisions.quarter(period) == (first, last)


@pytest.mark.parametrize("role", Role)
def test_only_auditors_draft(role: Role):
    if role == Role.AUDIT:
        assert Life(by=someone(role)).state.author == "zhao.audit"
    else:
        with pytest.raises(Forbidden, match="role_not_open"):
            Life(by=someone(role))


def test_whoever_belongs_to_the_audited_department_is_no_auditor_at_any_step():
    with pytest.raises(Forbidden, match="belongs_to_audited departments=\\['customer_service'\\]"):
        Life(by=TAO)
    for stage, action in (
        (Stage.APPROVED, Action.DRAW),
        (Stage.SAMPLED, Action.PICK),
        (Stage.APPROVED, Action.CANCEL),
        (Stage.FIELDWORK, Action.RAISE),
        (Stage.FIELDWORK, Action.DROP),
        (Stage.FIELDWORK, Action.REPORT),
        (Stage.FIELDWORK, Action.EXAMINE),
        (Stage.COMMENTED, Action.PUBLISH),
        (Stage.PUBLISHED, Action.CORRECT),
        (Stage.PUBLISHED, Action.VERIFY),
    ):
        with pytest.raises(Forbidden, match="belongs_to_audited"):
            life_in(stage, action, TAO).do(HANDED_IN[action], TAO, ABOUT.get(action))


def test_who_belongs_to_it_by_now_gives_up_what_they_have_and_nothing_else():
    tao = people.staff(QI.id, frozenset({"audit", "customer_service"}))
    life = Life().sampled()
    with pytest.raises(Forbidden, match="belongs_to_audited"):
        life.do(HANDED_IN[Action.EXAMINE], tao, KETTLE)
    with pytest.raises(Forbidden, match="belongs_to_audited"):
        life.do(hand_over(), tao, FAN)
    assert life.do(hand_over(), tao, KETTLE).state.items[0].auditor == SUN.id


def test_an_auditor_of_another_department_is_one():
    gao = people.staff("audit.gao", frozenset({"audit", "logistics"}))
    assert Life(by=gao).state.author == "audit.gao"


def test_an_audit_of_a_period_that_has_not_begun_is_not_drafted_and_one_that_is_not_over_not_sampled():
    with pytest.raises(Invalid) as refused:
        Life(DRAFT.model_copy(update={"period": "2027Q1"}))
    assert [(one.field, one.code) for one in refused.value.faults] == [("period", "period_not_begun")]
    life = Life(DRAFT.model_copy(update={"period": "2026Q4"})).do(HANDED_IN[Action.APPROVE], ZHOU)
    life.at(datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI))
    with pytest.raises(NotAllowed, match="period_not_over period=2026Q4 day=2026-12-31"):
        life.do(sample(), SUN)
    assert life.at(life.now + timedelta(seconds=1)).do(sample(), SUN).state.stage == Stage.SAMPLED


def test_nobody_approves_their_own_draft_and_a_refused_one_is_over():
    both = people.staff("audit.feng", frozenset({"audit", "management"}))
    with pytest.raises(Forbidden, match="own_audit"):
        Life(by=both).do(HANDED_IN[Action.APPROVE], both)
    state = Life().do(audit.ApproveAudit(approved=False, reasons="范围过宽"), ZHOU).state
    assert (state.stage, state.cancelled_because) == (Stage.CANCELLED, "范围过宽")


# ---- the sample ------------------------------------------------------------------------------------------------------


def test_items_are_given_out_by_turn_and_who_acted_in_one_gets_another():
    life = Life().do(HANDED_IN[Action.APPROVE], ZHOU)
    assert [one.auditor for one in life.copy().do(sample(), SUN).state.items] == [QI.id, SUN.id, QI.id]
    acted = {KETTLE: (QI.id,), LAMP: (QI.id, SUN.id)}
    assert [one.auditor for one in life.do(sample(acted), SUN).state.items] == [SUN.id, QI.id, None]


def test_no_sample_is_drawn_of_nobody_nor_with_another_nonce():
    life = Life().do(HANDED_IN[Action.APPROVE], ZHOU)
    with pytest.raises(NotAllowed, match="population_empty"):
        life.do(sample().model_copy(update={"population": 0, "items": ()}), SUN)
    with pytest.raises(ValueError, match="nonce"):
        life.do(sample().model_copy(update={"nonce": "cd" * 32}), SUN)
    with pytest.raises(ValueError, match="seed"):
        life.do(sample().model_copy(update={"population_hash": "d" * 64}), SUN)


def test_an_item_is_examined_by_who_has_it_and_did_not_act_in_the_complaint():
    life, found = Life().sampled(), audit.Examination(answers=YES)
    with pytest.raises(Forbidden, match="item_of_another"):
        life.do(found, SUN, KETTLE)
    with pytest.raises(Forbidden, match="acted_in_complaint"):
        life.do(found.model_copy(update={"acted": (QI.id,)}), QI, KETTLE)
    with pytest.raises(NotFound, match="item_unknown"):
        life.do(found, QI, "7K2M9-XD4FZ")


def hand_over(to: str | None = None, groups: tuple[Role, ...] = (), **other: Any) -> audit.FoundHandOver:
    return audit.FoundHandOver(reason="休假", to=to, groups=groups, auditors=(QI.id, SUN.id), **other)


def test_an_item_goes_to_the_next_and_where_nobody_is_left_management_names_somebody():
    life = Life().sampled()
    assert life.do(hand_over(), QI, KETTLE).state.items[0].auditor == SUN.id
    assert life.do(hand_over(acted=(QI.id,)), SUN, KETTLE).state.items[0].auditor is None
    with pytest.raises(NotAllowed, match="nobody_left"):
        life.do(hand_over(acted=(QI.id, SUN.id)), SUN, KETTLE)
    with pytest.raises(Forbidden, match="item_of_another"):
        life.do(HANDED_IN[Action.EXAMINE], GAO, KETTLE)
    life.do(hand_over(GAO.id, (Role.LOGISTICS,)), ZHOU, KETTLE).do(HANDED_IN[Action.EXAMINE], GAO, KETTLE)
    assert life.state.items[0].examined_by == GAO.id
    with pytest.raises(NotAllowed, match="item_examined"):
        life.do(hand_over(), ZHOU, KETTLE)


@pytest.mark.parametrize(
    ("handed_in", "by", "code"),
    [
        (hand_over("nobody"), ZHOU, "not_of_staff"),
        (hand_over(LIN.id, CS), ZHOU, "of_audited_department"),
        (hand_over(GAO.id, (Role.LOGISTICS,)), SUN, "not_an_auditor"),
        (hand_over(SUN.id, (Role.AUDIT,), acted=(SUN.id,)), ZHOU, "acted_in_it"),
        (hand_over(QI.id, (Role.AUDIT,)), ZHOU, "has_it_already"),
    ],
)
def test_who_cannot_be_handed_an_item(handed_in: audit.FoundHandOver, by: Actor, code: str):
    with pytest.raises(Invalid) as refused:
        Life().sampled().do(handed_in, by, KETTLE)
    assert [(one.field, one.code) for one in refused.value.faults] == [("to", code)]


def test_a_picked_item_and_one_looked_at_in_any_case_are_in_no_rate():
    no = audit.Examination(answers=YES | {"tone": {"judgement": "no", "note": "生硬"}}, broken=("4.1c-told",))
    life = Life().sampled().do(HANDED_IN[Action.PICK], SUN)
    with pytest.raises(NotAllowed, match="item_known"):
        life.do(HANDED_IN[Action.PICK], SUN)
    assert life.state.items[-1].auditor == SUN.id  # who has as many as the other and is asked alone
    life.do(no, QI, KETTLE).do(no, SUN, "7K2M9-XD4FT").do(no, SUN, FAN)
    assert standing.counted(life.state) == (2, 1)
    assert len(standing.among(life.state, "deviating", SUN)) == 3
    assert [one.by_chance for one in standing.among(life.state, "counted", SUN)] == [True], "as the result says"
    assert [one.complaint_id for one in standing.among(life.state, "left", SUN)] == [LAMP]
    assert "7K2M9-XD4FT" in [one.complaint_id for one in standing.among(life.state, "mine", SUN)]
    with pytest.raises(NotAllowed, match="items_left count=1") as refused:
        life.do(REPORT, SUN)
    assert refused.value.extra["items"] == [LAMP]
    state = life.do(HANDED_IN[Action.EXAMINE], QI, LAMP).do(REPORT, SUN).state
    assert state.result == audit.Result(size=2, deviating=1, limit=REPORT.limit, supported=False)


def test_what_is_examined_again_takes_the_place_of_what_was_found_before():
    no = audit.Examination(answers=YES | {"tone": {"judgement": "no", "note": "生硬"}})
    life = Life().sampled().do(no, QI, KETTLE).do(HANDED_IN[Action.EXAMINE], QI, KETTLE)
    assert not life.state.items[0].deviates


# ---- findings --------------------------------------------------------------------------------------------------------


def earlier(days: int, name: str = "audit_2025Q4-1") -> audit.Earlier:
    return audit.Earlier(audit=name, number=2, raised_at=MONDAY - timedelta(days=days))


@pytest.mark.parametrize(
    ("severity", "known", "counts", "repeats"),
    [
        ("minor", (), "minor", None),
        ("observation", (earlier(100),), "minor", "audit_2025Q4-1 2"),
        ("minor", (earlier(365),), "major", "audit_2025Q4-1 2"),
        ("major", (earlier(100),), "critical", "audit_2025Q4-1 2"),
        ("critical", (earlier(100),), "critical", "audit_2025Q4-1 2"),
        ("minor", (earlier(366),), "minor", None),
        ("minor", (earlier(0, "audit_2026Q3-1"),), "minor", None),
        ("minor", (earlier(300), earlier(90, "audit_2026Q2-1")), "major", "audit_2026Q2-1 2"),
    ],
)
def test_the_same_clause_again_within_twelve_months_goes_a_class_up(
    severity: audit.Severity, known: tuple[audit.Earlier, ...], counts: str, repeats: str | None
):
    life = Life().sampled().examined().do(finding(severity=severity, earlier=known), SUN)
    (one,) = life.state.findings
    assert (one.severity, one.repeats) == (counts, repeats)
    assert bool(one.due_at) is (counts != "observation")


@pytest.mark.parametrize(
    ("handed_in", "faults"),
    [
        (finding("nobody", owner_groups=()), [("owner", "not_of_staff")]),
        (finding(GAO.id, owner_groups=("logistics",)), [("owner", "not_of_department")]),
        (finding(SUN.id), [("owner", "is_the_author")]),
        (finding(answers_for="nobody", answering_groups=()), [("answers_for", "not_of_staff")]),
        (finding(answers_for=SUN.id), [("answers_for", "is_the_author")]),
        (finding(clause="8.5"), [("clause", "clause_unknown")]),
        (finding(items=(KETTLE, "7K2M9-XD4FZ")), [("items.1", "not_in_sample")]),
    ],
)
def test_what_a_finding_may_not_say(handed_in: audit.FoundFinding, faults: list[tuple[str, str]]):
    with pytest.raises(Invalid) as refused:
        Life().sampled().examined().do(handed_in, SUN)
    assert [(one.field, one.code) for one in refused.value.faults] == faults


def test_a_finding_is_corrected_by_its_owner_and_verified_by_another():
    life = Life().sampled().examined().do(finding(), SUN)
    with pytest.raises(Forbidden, match="finding_of_another"):
        life.do(HANDED_IN[Action.PLAN], WU, 1)
    with pytest.raises(NotAllowed, match="finding_state_forbids number=1 finding_state=open"):
        life.do(HANDED_IN[Action.COMPLETE], LIN, 1)
    life.do(HANDED_IN[Action.PLAN], LIN, 1)
    with pytest.raises(NotAllowed, match="measures_left number=1 measures=\\['1'\\]"):
        life.do(HANDED_IN[Action.COMPLETE], LIN, 1)
    life.do(HANDED_IN[Action.FINISH_MEASURE], LIN, 1).do(HANDED_IN[Action.COMPLETE], LIN, 1).later(29)
    with pytest.raises(NotAllowed, match="too_early_to_verify number=1 day=2026-11-11"):
        life.do(HANDED_IN[Action.VERIFY], QI, 1)
    life.later(1)
    for one in (LIN, SUN):  # the owner, who also completed it; the author
        with pytest.raises(Forbidden, match=r"own_correction|role_not_open"):
            life.do(HANDED_IN[Action.VERIFY], one, 1)
    assert life.do(HANDED_IN[Action.VERIFY], LEAD, 1).state.findings[0].state == "closed"


def test_an_owner_of_before_who_completed_it_does_not_verify_it_either():
    life = Life().sampled().examined().corrected(LEAD).later(30)
    life.do(audit.FoundOwner(owner=WU.id, reason="调岗", groups=CS), QI, 1)
    with pytest.raises(Forbidden, match="own_correction"):
        life.do(HANDED_IN[Action.VERIFY], LEAD, 1)


def test_measures_are_due_before_the_finding_is_unless_that_is_late_already():
    life = Life().sampled().examined().do(finding(severity="critical"), SUN)
    with pytest.raises(Invalid) as refused:
        life.do(HANDED_IN[Action.PLAN], LIN, 1)
    assert [(one.field, one.code, one.values) for one in refused.value.faults] == [
        ("measures.0.due", "after_finding_due", {"day": "2026-10-19"})
    ]
    life.later(20).do(HANDED_IN[Action.PLAN], LIN, 1)
    assert life.state.findings[0].missed == 1


def test_nobody_waives_their_own_finding_nor_for_more_than_a_year():
    life = Life().sampled().examined().do(finding(ZHOU.id, owner_groups=("customer_service", "management")), SUN)
    with pytest.raises(Forbidden, match="own_finding"):
        life.do(HANDED_IN[Action.WAIVE], ZHOU, 1)
    for day, code in ((date(2026, 10, 12), "day_passed"), (date(2027, 10, 14), "day_too_far")):
        with pytest.raises(Invalid) as refused:
            life.do(audit.WaiveFinding(reason="等待改造", until=day), QIAN, 1)
        assert [one.code for one in refused.value.faults] == [code]


def test_a_dropped_finding_takes_its_clocks_its_measures_and_its_hearing_with_it():
    life = Life().sampled().examined().do(finding(answers_for=WU.id), SUN).do(HANDED_IN[Action.PLAN], LIN, 1)
    life.do(HANDED_IN[Action.DROP], QI, 1)
    state = life.state
    assert (state.duties, state.findings[0].state, state.findings[0].due_at) == ((), "dropped", None)
    assert [(one.stage, one.void, one.clock) for one in state.hearings] == [("final", True, None)]
    assert life.rung(MONDAY + timedelta(days=300)) == []
    assert Action.STATE not in decisions.may(state, WU, life.now, POLICY)
    with pytest.raises(NotAllowed, match="hearing_void"):
        life.do(HANDED_IN[Action.STATE], WU, 1)
    with pytest.raises(NotAllowed, match="finding_state_forbids"):
        life.do(HANDED_IN[Action.FINISH_MEASURE], LIN, 1)
    assert life.do(REPORT, SUN).published().do(HANDED_IN[Action.CLOSE], SUN).state.stage == Stage.CLOSED


def test_what_somebody_may_do_is_said_of_each_finding_and_item():
    life = Life().sampled().examined().do(finding(), SUN).do(finding(WU.id), SUN)
    of = guards.OF_FINDINGS
    assert decisions.may_about(life.state, 1, of, LIN, life.now, POLICY) == [Action.PLAN]
    assert decisions.may_about(life.state, 2, of, LIN, life.now, POLICY) == []
    assert decisions.may_about(life.state, KETTLE, guards.OF_ITEMS, QI, life.now, POLICY) == [Action.EXAMINE]
    assert decisions.may_about(life.state, FAN, guards.OF_ITEMS, QI, life.now, POLICY) == []


def test_why_the_next_step_about_a_finding_is_not_to_be_done_yet_is_said_to_whom_it_is_open():
    def refused(by: Actor) -> dict[str, str]:
        found = decisions.refused_about(life.state, 1, by, life.now, POLICY)
        return {str(action): why.reason for action, why in found.items()}

    life = Life().sampled().examined().do(finding(ZHOU.id, owner_groups=("customer_service", "management")), SUN)
    assert (refused(ZHOU), refused(QIAN), refused(LIN)) == ({"waive_finding": "own_finding"}, {}, {})
    life = Life().sampled().examined().do(finding(), SUN).do(HANDED_IN[Action.PLAN], LIN, 1)
    assert (refused(LIN), refused(WU)) == ({"complete_correction": "measures_left"}, {})
    life.do(HANDED_IN[Action.FINISH_MEASURE], LIN, 1).do(HANDED_IN[Action.COMPLETE], LIN, 1)
    assert (refused(QI), refused(LEAD)) == ({"verify_correction": "too_early_to_verify"},) * 2
    assert (refused(SUN), refused(WU)) == ({"verify_correction": "own_correction"}, {})


# ---- published -------------------------------------------------------------------------------------------------------


def test_a_published_report_is_corrected_by_another_edition_with_a_reason():
    life = Life().reported().published()
    assert life.state.conclusion == REPORT.conclusion
    life.do(HANDED_IN[Action.CORRECT], QI).do(HANDED_IN[Action.CLOSE], SUN).do(HANDED_IN[Action.CORRECT], SUN)
    assert [(one.number, one.reason) for one in life.state.editions] == [(1, None), (2, "数字有误"), (3, "数字有误")]
    assert life.state.conclusion == "更正后的结论"


def test_an_audit_is_closed_when_no_finding_is_open_but_observations():
    life = Life().sampled().examined().do(finding(severity="observation"), SUN).do(finding(), SUN).do(REPORT, SUN)
    with pytest.raises(NotAllowed, match="findings_open findings=\\['2'\\]"):
        life.published().do(HANDED_IN[Action.CLOSE], SUN)
    life.do(HANDED_IN[Action.WAIVE], ZHOU, 2)
    with pytest.raises(NotAllowed, match="findings_open"):
        life.do(HANDED_IN[Action.CLOSE], SUN)


def test_its_entries_are_one_chain_and_fold_to_what_is_stored():
    life = Life().sampled().examined().corrected().do(REPORT, SUN).published()
    assert first_broken_link(life.entries) is None
    assert audit.Audit.model_validate_json(life.state.model_dump_json(exclude_none=True)) == life.state


def test_whoever_refuses_a_plan_or_says_no_of_an_item_says_why() -> None:
    with pytest.raises(ValidationError, match="reasons_needed"):
        audit.ApproveAudit(approved=False)
    with pytest.raises(ValidationError, match="note_needed"):
        audit.Answer(judgement="no")
