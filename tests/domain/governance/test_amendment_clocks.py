"""When the clocks of an amendment ring: a decision, its effect, the answers owed, a replay that stands still."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.governance import amendment, clocks, decisions
from chalicelib.domain.governance.amendment import Stage
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import CLOCK

from .lives import (
    FIRST,
    HASH,
    HE,
    LAST,
    LIN,
    MONDAY,
    POLICY,
    REPLAYING,
    SHANGHAI,
    SUM,
    WANG,
    WU,
    ZHOU,
    Life,
    life_in,
    proposal,
)

YEAR = timedelta(days=366)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def submitted(now: datetime = MONDAY) -> Life:
    return Life(proposal("operating"), now=now).do(amendment.Submitting(), WU)


def test_a_decision_is_due_in_five_working_days_then_late_and_a_working_day_after_management_hears_once_more():
    life = submitted()
    assert life.entries[-1].sets_clock[0].alarm_at == at(11, 8, 21)
    assert life.rung(MONDAY + YEAR) == [
        ("DecisionReminded", at(11, 8, 21)),
        ("DecisionLate", at(11, 10)),
        ("DecisionLate", at(11, 11, 8)),
    ]
    alarms = [entry.event.alarm for entry in life.entries[-3:]]
    assert [alarm.tell for alarm in alarms] == [("management",), ("management", "supervisor"), ("management",)]
    assert [alarm.kind for alarm in alarms] == ["reminder", "breach", "escalation"]
    assert [alarm.tell_from for alarm in alarms] == [at(11, 8, 21), at(11, 10, 8), at(11, 11, 8)]
    assert {entry.actor for entry in life.entries[-3:]} == {CLOCK}


def test_its_number_is_known_and_another_is_silent():
    life = submitted()
    number = life.state.seq
    assert clocks.next_alarm(life.state, POLICY, number) == clocks.next_alarm(life.state, POLICY)
    assert clocks.next_alarm(life.state, POLICY, number - 1) is None
    life.do(amendment.Approval(approved=True), HE)
    assert life.entries[-1].sets_clock == (None, (number,))
    assert clocks.next_alarm(life.state, POLICY) is None


def test_whoever_decides_late_finds_what_was_due_raised_first():
    life = submitted().at(at(11, 12, 3))
    life.do(amendment.Approval(approved=True), HE)
    assert [entry.kind for entry in life.entries[-4:]] == [
        "DecisionReminded",
        "DecisionLate",
        "DecisionLate",
        "AmendmentApproved",
    ]
    assert [entry.event.alarm.tell_from for entry in life.entries[-4:-1]] == [at(11, 12, 8)] * 3


def test_a_reminder_that_would_have_come_before_is_spared():
    rules = POLICY.amendments.model_copy(update={"decision_working_days": 1})
    policy = POLICY.model_copy(update={"amendments": rules})
    life = Life(proposal("operating"), now=at(11, 2, 23))
    life.add(decisions.decide(life.state, amendment.Submitting(), WU, life.now, policy))
    setting = life.entries[-1].sets_clock[0]
    assert (setting.due_at, setting.alarm_at) == (at(11, 4), at(11, 4))
    alarm = clocks.next_alarm(life.state, policy)
    assert alarm is not None
    assert alarm.kind == "breach"


def test_it_comes_into_force_to_the_second_whoever_sleeps():
    life = life_in(Stage.ANNOUNCED)
    moment = life.effective_from
    assert moment == at(11, 10)
    assert life.at(moment - timedelta(seconds=1)).ring().state.stage == "announced"
    life.at(moment).ring()
    event = life.entries[-1].event
    assert (life.state.stage, life.state.in_force_at, event.number, event.document) == ("in_force", moment, 3, "rules")
    assert event.alarm.tell_from == at(11, 10, 8)
    assert clocks.due_alarms(life.state, moment, POLICY) == []


def test_a_lost_ring_makes_it_no_later():
    life = life_in(Stage.ANNOUNCED)
    moment = life.effective_from
    life.at(moment + timedelta(days=2)).ring()
    assert (life.state.in_force_at, life.state.running.due_at) == (moment, at(11, 18))
    assert life.entries[-1].at == moment + timedelta(days=2)


def test_opinions_are_answered_within_five_working_days_of_the_effect():
    life = life_in(Stage.ANNOUNCED)
    assert life.rung(MONDAY + YEAR) == [
        ("AmendmentTookEffect", at(11, 10)),
        ("AnswersReminded", at(11, 16, 21)),
        ("AnswersLate", at(11, 18)),
    ]
    alarms = [entry.event.alarm for entry in life.entries[-2:]]
    assert [alarm.tell for alarm in alarms] == [("legal", "customer_service"), ("supervisor", "management")]


def test_where_all_are_answered_nothing_more_rings():
    life = life_in(Stage.ANNOUNCED).do(amendment.OpinionAnswer(text="由值班组受理"), LIN, "1")
    assert [kind for kind, _ in life.rung(MONDAY + YEAR)] == ["AmendmentTookEffect"]
    assert life.state.running is None
    late = life_in(Stage.IN_FORCE)
    clock = late.state.running.clock
    late.do(amendment.OpinionAnswer(text="由值班组受理"), WU, "1")
    assert late.entries[-1].sets_clock == (None, (clock,))
    assert late.rung(MONDAY + YEAR) == []


def test_the_last_answer_stops_the_clock_and_no_other():
    life = life_in(Stage.ANNOUNCED).do(amendment.Opinion(text="早该如此"), ZHOU)
    life.at(life.effective_from).ring().do(amendment.OpinionAnswer(text="谢谢"), LIN, "2")
    assert life.state.running is not None
    assert life.do(amendment.OpinionAnswer(text="由值班组受理"), LIN, "1").state.running is None


def test_a_replay_that_stands_still_is_taken_up_every_twenty_minutes_for_twelve_hours():
    life = Life(proposal()).do(REPLAYING, LIN)
    assert life.state.replay.due_at == MONDAY + timedelta(hours=12)
    rings = life.rung(MONDAY + YEAR)
    assert rings == [("ReplayStalled", MONDAY + number * timedelta(minutes=20)) for number in range(1, 37)]
    assert not life.state.replay.runs
    life.copy().do(REPLAYING, LIN)  # it is given up
    life.add(decisions.replay_finished(life.state, FIRST, LAST, HASH, SUM, life.now))  # and counts if it ends after all
    assert life.state.replayed


def test_one_that_rang_late_does_not_ring_for_each_time_that_was_missed():
    life = Life(proposal()).do(REPLAYING, LIN).at(MONDAY + timedelta(hours=2)).ring()
    assert [entry.kind for entry in life.entries].count("ReplayStalled") == 1
    assert clocks.next_alarm(life.state, POLICY).moment == life.now + timedelta(minutes=20)


def test_a_replay_that_is_finished_rings_no_more():
    life = Life(proposal()).do(REPLAYING, LIN)
    clock = life.state.seq
    life.add(decisions.replay_finished(life.state, FIRST, LAST, HASH, SUM, life.now))
    assert life.entries[-1].sets_clock == (None, (clock,))
    assert life.rung(MONDAY + YEAR) == []
    assert life.state.version == 2  # what the house finds out makes nobody's view stale


@pytest.mark.parametrize(
    "stage", [one for one in Stage if one not in ("submitted", "announced", "in_force", "superseded")]
)
def test_where_nobody_owes_anything_no_clock_runs(stage: Stage):
    assert clocks.next_alarm(life_in(stage).state, POLICY) is None


def test_nobody_is_in_time_who_comes_with_an_opinion_after_the_effect():
    life = life_in(Stage.ANNOUNCED)
    life.at(life.effective_from)
    with pytest.raises(NotAllowed, match="amendment_stage_forbids amendment_stage=in_force"):
        life.do(amendment.Opinion(text="太迟"), WANG)
