"""What is owed of an audit rings in time: comments, findings, their effect, waivers, hearings, over New Year too."""

from datetime import date, datetime

import pytest

from chalicelib.domain.audit import audit, clocks, decisions
from chalicelib.domain.audit.audit import Action, Stage
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.policies import Policy
from tests.domain.cases import OPERATING, RULES

from .lives import (
    COMPLETE,
    CS,
    DECIDE,
    DONE,
    HANDED_IN,
    HELPED,
    IN_VAIN,
    LIN,
    OBJECT,
    QI,
    QIAN,
    REPORT,
    SHANGHAI,
    STATE,
    SUN,
    WAIVE,
    WU,
    ZHOU,
    Life,
    finding,
    plan,
)

LONG_AFTER = datetime(2027, 3, 1, 12, tzinfo=SHANGHAI)


def examined() -> Life:
    return Life().sampled().examined()


def due(life: Life, number: int = 1) -> str:
    at = life.state.findings[number - 1].due_at
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else "-"


def test_comments_can_be_given_for_five_working_days_and_nobody_is_late_with_one():
    life = Life().reported()
    assert life.state.duties[0].roles == (Role.CUSTOMER_SERVICE, Role.SUPERVISOR)
    assert life.rung(LONG_AFTER) == [
        ("DutyReminded", "comments", "10-18 21:00"),
        ("CommentsEnded", "comments", "10-20 00:00"),
    ]
    assert (life.state.stage, life.state.duties) == (Stage.COMMENTED, ())
    assert [entry.event.alarm.tell for entry in life.entries[-2:]] == [(Role.CUSTOMER_SERVICE, Role.SUPERVISOR), ()]  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed, match="audit_stage_forbids audit_stage=commented"):
        life.do(HANDED_IN[Action.COMMENT], LIN)


@pytest.mark.parametrize(
    ("severity", "by"),
    [
        ("critical", "2026-10-20 00:00"),
        ("major", "2026-11-10 00:00"),
        ("minor", "2026-12-08 00:00"),
        ("observation", "-"),
    ],
)
def test_a_finding_is_due_by_its_severity(severity: audit.Severity, by: str):
    life = examined().do(finding(severity=severity), SUN)
    assert due(life) == by
    assert len(life.state.duties) == (severity != "observation")


def test_its_owner_is_reminded_then_it_is_late_and_goes_to_management():
    life = examined().do(finding(severity="critical"), SUN)
    known = len(life.entries)
    assert life.rung(LONG_AFTER) == [
        ("DutyReminded", "finding 1", "10-18 21:00"),
        ("DutyMissed", "finding 1", "10-20 00:00"),
        ("DutyEscalated", "finding 1", "10-21 08:00"),
    ]
    told = [(entry.event.owner, entry.event.alarm.tell) for entry in life.entries[known:]]  # type: ignore[attr-defined]
    assert told == [(LIN.id, ()), (LIN.id, (Role.SUPERVISOR,)), (LIN.id, (Role.MANAGEMENT,))]
    assert life.state.findings[0].missed == 1


def test_what_is_done_in_time_rings_no_more_but_for_its_effect():
    life = examined().corrected()
    assert life.rung(datetime(2026, 11, 20, tzinfo=SHANGHAI)) == []
    assert life.rung(LONG_AFTER) == [
        ("DutyReminded", "verification 1", "11-24 21:00"),
        ("DutyMissed", "verification 1", "11-26 00:00"),
        ("DutyEscalated", "verification 1", "11-27 08:00"),
    ]


def test_a_correction_without_effect_is_open_again_and_due_anew():
    life = examined().corrected().later(30).do(IN_VAIN, QI, 1)
    (one,) = life.state.findings
    assert (one.state, one.effective, one.reopened, due(life)) == ("open", False, 1, "2027-01-07 00:00")
    assert [(duty.name, duty.owner) for duty in life.state.duties] == [("finding 1", LIN.id)]
    life.do(plan(date(2026, 12, 1)), LIN, 1).do(DONE, LIN, 2).do(COMPLETE, LIN, 1).later(30).do(HELPED, QI, 1)
    assert (life.state.findings[0].state, life.state.findings[0].effective) == ("closed", True)
    assert (life.state.duties, life.rung(LONG_AFTER)) == ((), [])


def test_a_waiver_ends_with_its_last_day_and_the_finding_is_open_and_due_anew():
    life = examined().do(finding(severity="major"), SUN).do(WAIVE, ZHOU, 1)
    assert (life.state.findings[0].state, due(life)) == ("waived", "-")
    assert life.rung(datetime(2027, 1, 30, tzinfo=SHANGHAI)) == [("WaiverExpired", "waiver 1", "01-30 00:00")]
    assert life.entries[-1].event.alarm.tell == ()  # type: ignore[attr-defined]
    (one,) = life.state.findings
    assert (one.state, one.waived_until, one.reopened, due(life)) == ("open", None, 1, "2027-02-27 00:00")
    assert [(duty.name, duty.owner) for duty in life.state.duties] == [("finding 1", LIN.id)]


def test_a_measure_has_the_clock_of_measures():
    life = examined().do(finding(), SUN).do(plan(date(2026, 10, 20)), LIN, 1)
    assert [kind for kind, clock, _ in life.rung(datetime(2026, 11, 1, tzinfo=SHANGHAI)) if clock == "measure 1"] == [
        "MeasureReminded",
        "MeasureMissed",
        "MeasureEscalated",
    ]


def test_whoever_owns_a_finding_now_is_told_of_it():
    life = examined().do(finding(severity="critical"), SUN)
    life.do(audit.FoundOwner(owner=WU.id, reason="调岗", groups=CS), QI, 1)
    life.rung(datetime(2026, 10, 19, tzinfo=SHANGHAI))
    assert life.entries[-1].event.owner == WU.id  # type: ignore[attr-defined]


def test_who_could_not_be_told_is_recorded_once():
    life = examined().do(finding(), SUN).do(plan(), LIN, 1)
    life.add(decisions.unreached(life.state, 1, 9, life.now)).add(
        decisions.measure_unreached(life.state, 1, 10, life.now)
    )
    assert (life.state.findings[0].untold, life.state.measures[0].untold) == ((9,), (10,))
    assert decisions.unreached(life.state, 1, 9, life.now) == []
    assert decisions.measure_unreached(life.state, 1, 10, life.now) == []
    assert decisions.unreached(life.state, 7, 9, life.now) == []


# ---- hearings --------------------------------------------------------------------------------------------------------


def test_whoever_does_not_speak_in_three_days_is_decided_about_all_the_same():
    life = examined().do(finding(severity="observation", answers_for=WU.id), SUN)
    assert life.rung(datetime(2026, 10, 26, tzinfo=SHANGHAI)) == [
        ("DutyReminded", "hearing 1", "10-14 21:00"),
        ("HearingEnded", "hearing 1", "10-16 00:00"),
        ("DutyReminded", "hearing_decision 1", "10-22 21:00"),
        ("DutyMissed", "hearing_decision 1", "10-24 00:00"),
    ]
    life.do(DECIDE, ZHOU, 1)
    assert [(duty.name, duty.owner) for duty in life.state.duties] == [("hearing_objection 1", WU.id)]
    life.rung(LONG_AFTER)
    assert (life.state.hearings[0].stage, life.state.duties) == ("final", ())


def test_who_objects_is_decided_about_by_another_for_good():
    life = examined().do(finding(severity="observation", answers_for=WU.id), SUN).do(STATE, WU, 1)
    life.do(DECIDE, ZHOU, 1).do(OBJECT, WU, 1).do(DECIDE, QIAN, 1)
    (hearing,) = life.state.hearings
    assert ([one.by for one in hearing.decisions], hearing.stage) == ([ZHOU.id, QIAN.id], "final")
    assert (life.state.duties, life.rung(LONG_AFTER)) == ((), [])


# ---- New Year --------------------------------------------------------------------------------------------------------


def policy_with(*off: date) -> Policy:
    return Policy.of(RULES, OPERATING.model_copy(update={"extra_holidays": off}))


def test_what_is_due_in_a_year_whose_calendar_is_unknown_is_counted_anew_when_it_is_known():
    life = examined().at(datetime(2026, 12, 21, 10, tzinfo=SHANGHAI))
    life.do(finding(severity="major", answers_for=WU.id), SUN).do(finding(severity="critical"), SUN)
    assert (due(life), life.state.findings[0].provisional) == ("2027-01-19 00:00", True)
    assert clocks.recount(life.state, life.now, life.policy) == []
    life.policy = policy_with(date(2027, 1, 1), date(2026, 12, 24))
    life.add(clocks.recount(life.state, life.now, life.policy))
    assert [entry.kind for entry in life.entries[-3:]] == ["DutyRecounted"] * 3
    assert due(life) == "2027-01-21 00:00"
    duty, hearing = duties.named(life.state.duties, "hearing 1"), life.state.hearings[0]
    assert duty
    assert (hearing.clock, hearing.due_at) == (duty.clock, duty.due_at)
    assert clocks.recount(life.state, life.now, life.policy) == []
    assert ("DutyMissed", "finding 1", "01-21 00:00") in life.rung(LONG_AFTER)


def test_comments_and_verifications_are_counted_anew_and_waivers_and_what_is_late_are_not():
    life = examined().corrected().do(finding(), SUN).do(WAIVE, ZHOU, 2).do(finding(severity="critical"), SUN)
    life.do(REPORT, SUN).later(3)
    off = policy_with(date(2026, 10, 16), date(2026, 11, 20))
    assert [entry.event.name for entry in clocks.recount(life.state, life.now, off)] == [  # type: ignore[attr-defined]
        "verification 1",
        "finding 3",
        "comments",
    ]
    life.later(12)
    assert [entry.event.name for entry in clocks.recount(life.state, life.now, off)] == ["verification 1"]  # type: ignore[attr-defined]
