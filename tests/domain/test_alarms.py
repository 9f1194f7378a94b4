"""4.1c, 4.2c, 4.3b, 4.4b, 8.3: no deadline is missed, none is wrong, and nobody is woken at night."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, integers, lists, sampled_from, tuples

from chalicelib.domain.complaint.alarms import MOST_AT_ONCE, due_alarms, next_alarm, recount
from chalicelib.domain.complaint.decisions import decide
from chalicelib.domain.complaint.events import ComplaintAssigned, DeadlineMissed, DeadlineMoved, EvidenceReceived
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.complaint.ladders import Ladder
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Assignment, Extension
from chalicelib.domain.ground.chain import Entry, first_broken_link
from chalicelib.domain.ground.people import CLOCK, Role
from chalicelib.domain.ground.record import Alarm, AlarmRaised
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules, Rung
from chalicelib.domain.telling.notices import can_be_told_at, not_before, notices_of
from chalicelib.domain.telling.outdated import outdated
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Outcome

from .cases import (
    CRACKED,
    FRIDAY,
    KETTLE,
    PLAN,
    POLICY,
    RULES,
    SUBMISSIONS,
    WANG,
    WHO,
    Story,
    policy_with,
    story_in,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPEN = [stage for stage, facts in STAGES.items() if facts.open]
MOMENTS = datetimes(datetime(2025, 1, 1), datetime(2026, 11, 1)).map(  # noqa: DTZ001 — made aware at once
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def ladder(stage: Stage, many: int, at: datetime = FRIDAY) -> list[tuple[str, datetime]]:
    """The first alarms of a stage entered at `at`: kind and moment."""
    due = POLICY.due(stage, at, at)
    assert due is not None
    alarms = [Ladder(POLICY, stage, at, due.at).alarm(number) for number in range(1, many + 1)]
    return [(alarm.kind, alarm.moment) for alarm in alarms if alarm]


def test_an_acknowledgement_is_asked_for_in_time_then_louder_and_louder():
    # filed on Friday the 9th at 15:40; the 10th is a make-up working Saturday, the 11th a Sunday
    assert ladder(Stage.RECEIVED, 5) == [
        ("reminder", china(10, 10, 11, 40)),  # 4 hours before
        ("breach", china(10, 10, 15, 40)),
        ("escalation", china(10, 11, 15, 40)),  # 24 hours after
        ("escalation", china(10, 12, 8)),  # then every working day, in the morning
        ("escalation", china(10, 13, 8)),
    ]


def test_an_escalation_that_had_to_wait_for_the_morning_is_not_told_twice_then():
    # filed on Friday the 9th at 22:10; 48 hours later is Sunday night, when nobody is woken
    assert ladder(Stage.RECEIVED, 4, china(10, 9, 22, 10))[2:] == [
        ("escalation", china(10, 12, 8)),
        ("escalation", china(10, 13, 8)),
    ]


@pytest.mark.parametrize(
    (
        "stage",
        "last",
        "then",
    ),  # the last day is the 3rd or 2nd working day after Friday the 9th; the 17th is a Saturday
    [(Stage.INVESTIGATING, 13, (16, 19)), (Stage.PLANNING, 12, (15, 16))],
)
def test_work_is_asked_for_before_its_last_day_begins_then_louder_and_louder(
    stage: Stage, last: int, then: tuple[int, int]
):
    assert ladder(stage, 5) == [
        ("reminder", china(10, last - 1, 21)),  # the start of the last day is at night: the evening before
        ("breach", china(10, last + 1)),
        ("escalation", china(10, last + 2, 8)),  # the end of the next working day, told in the morning
        *[("escalation", china(10, day, 8)) for day in then],  # then every working day, in the morning
    ]


def test_the_consumer_is_reminded_twice_and_then_the_complaint_lapses():
    # 3 working days: the 10th (worked), the 12th, the 13th; 7: up to the 19th; 15 days: Saturday the 24th, so Monday
    assert ladder(Stage.AWAITING_CONSUMER, 9) == [
        ("nudge", china(10, 14, 8)),
        ("nudge", china(10, 20, 8)),
        ("lapse", china(10, 27)),
    ]


def test_a_plan_that_comes_at_midnight_begins_the_new_day_and_its_days_count_from_the_next():
    assert ladder(Stage.AWAITING_CONSUMER, 1, china(10, 12)) == [("nudge", china(10, 16, 8))]
    assert ladder(Stage.AWAITING_CONSUMER, 1, china(10, 12) - timedelta(seconds=1)) == [("nudge", china(10, 15, 8))]


def test_over_the_golden_week_the_lapse_comes_before_the_second_reminder():
    kinds = [kind for kind, _ in ladder(Stage.AWAITING_CONSUMER, 3, china(9, 28, 10))]
    assert kinds == ["nudge", "lapse", "nudge"]


def test_escalation_goes_on_every_working_day_and_on_no_other_for_as_long_as_it_takes():
    told = [moment for kind, moment in ladder(Stage.PLANNING, 60)[3:]]
    days = [moment.astimezone(SHANGHAI).date() for moment in told]
    assert all(POLICY.calendar.is_working_day(day) for day in days)
    between = [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    assert days == [day for day in between if POLICY.calendar.is_working_day(day)]


@given(stage=sampled_from(OPEN), at=MOMENTS, number=integers(1, 12))
def test_what_is_raised_at_night_carries_the_waking_hour_from_which_it_is_told(stage: Stage, at: datetime, number: int):
    due = POLICY.due(stage, at, at)
    assert due is not None
    alarm = Ladder(POLICY, stage, at, due.at).alarm(number)
    if alarm:
        told = alarm.tell_from.astimezone(SHANGHAI)
        assert 8 <= told.hour < 21 or (told.hour, told.minute, told.second) == (21, 0, 0)
        if alarm.kind == "reminder":
            assert alarm.tell_from <= alarm.due_at
        if alarm.kind in ("breach", "lapse"):
            assert alarm.moment == alarm.due_at <= alarm.tell_from
        else:
            assert alarm.moment == alarm.tell_from


@given(stage=sampled_from(OPEN), at=MOMENTS)
def test_alarms_come_in_order_and_a_breach_is_never_before_its_reminder(stage: Stage, at: datetime):
    moments = [moment for _, moment in ladder(stage, 8, at)]
    assert moments == sorted(moments)
    escalations = [moment for kind, moment in ladder(stage, 8, at) if kind == "escalation"]
    assert len(set(escalations)) == len(escalations)
    kinds = [kind for kind, _ in ladder(stage, 8, at)]
    assert kinds.count("breach") == (stage is not Stage.AWAITING_CONSUMER)


def raised(entries: list[Entry]) -> list[Alarm]:
    return [entry.event.alarm for entry in entries if isinstance(entry.event, AlarmRaised)]


def as_meant(entries: list[Entry]) -> list[Alarm]:
    """The alarms whenever they were raised: who is told of one late is told late."""
    return [alarm.model_copy(update={"tell_from": alarm.moment}) for alarm in raised(entries)]


@given(stage=sampled_from(OPEN), rings=lists(integers(0, 240), max_size=12))
def test_whoever_rings_whenever_and_however_often_the_same_alarms_are_raised_once(stage: Stage, rings: list[int]):
    often, once = story_in(stage), story_in(stage)
    for hours in sorted(rings):
        often.now = FRIDAY + timedelta(hours=hours)
        often.ring().ring()
    often.now = once.now = FRIDAY + timedelta(hours=max(rings, default=0))
    assert as_meant(often.ring().entries) == as_meant(once.ring().entries)
    assert often.complaint.breaches == tuple(
        breach.model_copy(update={"recorded_at": mine.recorded_at, "until": mine.until})
        for breach, mine in zip(once.complaint.breaches, often.complaint.breaches, strict=True)
    )
    assert first_broken_link(often.entries) is None


def test_late_is_recorded_as_late():
    story = Story()
    story.now = FRIDAY + timedelta(days=2)
    breach = story.ring().complaint.breaches[0]
    assert (breach.due_at, breach.recorded_at) == (FRIDAY + timedelta(hours=24), FRIDAY + timedelta(days=2))
    missed = next(entry for entry in story.entries if entry.kind == "DeadlineMissed")
    assert (missed.at, missed.event.alarm.moment) == (story.now, breach.due_at)  # type: ignore[attr-defined]


def test_a_breach_is_charged_to_whoever_held_the_complaint():
    story = Story()
    assigned = Story().do(Action.ASSIGN)
    story.now = assigned.now = FRIDAY + timedelta(days=1)
    assert story.ring().complaint.breaches[0].held_by == "customer_service"
    assert assigned.ring().complaint.breaches[0].held_by == "cs.chen"


def test_whoever_acts_too_late_records_the_breach_even_if_nothing_rang():
    story = Story()
    story.now = FRIDAY + timedelta(hours=24)
    story.do(Action.ACKNOWLEDGE)
    assert [entry.kind for entry in story.entries[1:]] == ["ReminderRaised", "DeadlineMissed", "ComplaintAcknowledged"]
    assert len(story.complaint.breaches) == 1
    assert story.complaint.stage == Stage.INVESTIGATING


def test_a_stage_entered_after_its_due_time_is_a_breach_at_once_and_escalates_from_the_next_morning_on():
    story = Story()
    story.now = china(10, 21, 22)  # Wednesday night, a week after the report was due
    story.do(Action.ACKNOWLEDGE).ring()
    alarms = [alarm for alarm in raised(story.entries) if alarm.stage == Stage.INVESTIGATING]
    assert [(alarm.kind, alarm.moment) for alarm in alarms] == [("breach", china(10, 14))]
    alarm = next_alarm(story.complaint, POLICY)
    assert alarm is not None
    assert (alarm.kind, alarm.moment) == ("escalation", china(10, 22, 8))


def test_whoever_acts_in_time_leaves_no_breach_and_silences_the_alarms_of_the_stage():
    story = Story()
    story.now = FRIDAY + timedelta(hours=24) - timedelta(seconds=1)
    story.do(Action.ACKNOWLEDGE).ring()
    assert story.complaint.breaches == ()
    assert {alarm.stage for alarm in raised(story.entries)} <= {Stage.RECEIVED}
    alarm = next_alarm(story.complaint, POLICY)
    assert alarm is not None
    assert alarm.stage == Stage.INVESTIGATING


def test_a_breach_stays_for_ever():
    story = Story()
    story.now = FRIDAY + timedelta(hours=25)
    story.ring()
    for action in (Action.ACKNOWLEDGE, Action.REPORT, Action.PROPOSE_PLAN, Action.ACCEPT_PLAN):
        story.do(action)
    assert [breach.stage for breach in story.complaint.breaches] == [Stage.RECEIVED]


def test_a_consumer_who_does_not_answer_is_not_taken_for_satisfied():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now = china(10, 27)
    complaint = story.ring().complaint
    assert (complaint.stage, complaint.outcome, complaint.closed_at) == (
        Stage.CLOSED,
        Outcome.NO_RESPONSE,
        story.now,
    )
    assert complaint.deadline is None
    assert [clock.name for clock in complaint.clocks] == ["survey"]
    assert [entry.kind for entry in story.entries[-3:]] == ["ReminderRaised", "ReminderRaised", "ComplaintLapsed"]


def test_a_consumer_who_answers_before_the_lapse_was_recorded_is_in_time():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now = china(10, 27, 0, 1)
    assert story.do(Action.ACCEPT_PLAN, WANG).complaint.outcome == Outcome.SATISFIED


def test_a_clock_that_was_out_for_a_year_catches_up_in_bounded_steps_before_anything_else_is_done():
    story = Story()
    story.now = FRIDAY + timedelta(days=400)
    note = SUBMISSIONS[Action.NOTE]
    first = decide(story.complaint, note, WHO[Action.NOTE], story.now, POLICY)
    assert [len(first), {entry.actor for entry in first}] == [MOST_AT_ONCE, {CLOCK}], "the note is not made yet"
    story.do(Action.NOTE)
    assert [entry.kind for entry in story.entries[-2:]] == ["Escalated", "NoteAdded"]
    alarm = next_alarm(story.complaint, POLICY)
    assert alarm is not None
    assert alarm.moment > story.now
    assert len(story.complaint.breaches) == 1


def test_however_many_alarms_are_due_none_of_a_clock_that_an_act_ends_is_lost():
    """A measure promised within ninety days is late, and before it every working day's escalation of the next plan."""
    slow = PLAN.model_copy(update={"complete_within_days": 90})
    story = story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN, submission=slow).do(Action.ACCEPT_PLAN, WANG)
    story.do(Action.REOPEN)
    story.now = FRIDAY + timedelta(days=120)
    story.do(Action.COMPLETE_FOLLOW_UP)
    late = [breach for breach in story.complaint.breaches if breach.clock == "follow_up 1"]
    assert [breach.due_at for breach in late] == [story.complaint.follow_ups[0].due_at]
    assert len([alarm for alarm in raised(story.entries) if alarm.kind == "escalation"]) > MOST_AT_ONCE


def test_however_many_alarms_are_due_none_of_a_clock_that_a_file_ends_is_lost():
    """Twenty departments and the consumer were asked, nothing rang for twenty days, and then a photograph comes."""
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    for _ in range(20):
        story.do(Action.ASK)
    story.now = FRIDAY + timedelta(days=20)
    facts: dict[str, Any] = {"file_name": "1.jpg", "content_type": "image/jpeg", "size": 9, "sha256": "ab" * 32}
    story.found(EvidenceReceived(evidence_id="1", added_by="consumer", **facts))
    kinds = [entry.kind for entry in story.entries]
    assert kinds.index("WaitExpired") < kinds.index("EvidenceReceived")
    assert "stage" in [breach.clock for breach in story.complaint.breaches]
    assert len([alarm for alarm in raised(story.entries) if alarm.kind == "breach"]) == 21


def test_a_measure_that_was_missed_after_a_lapse_that_nobody_recorded_is_missed():
    story = story_in(Stage.CLOSED)
    story.now = china(10, 12, 10)
    story.do(Action.REOPEN).do(Action.PROPOSE_PLAN, submission=PLAN.model_copy(update={"complete_within_days": 20}))
    story.do(Action.ACCEPT_PLAN, WANG).do(Action.REOPEN).do(Action.PROPOSE_PLAN)
    lapses, due = china(10, 28), story.complaint.follow_ups[-1].due_at
    assert story.complaint.deadline is not None
    assert (story.complaint.deadline.due_at, due) == (lapses, china(11, 3))
    story.now = due + timedelta(hours=1)
    story.do(Action.COMPLETE_FOLLOW_UP, part="2")
    assert ("follow_up 2", due) in [(breach.clock, breach.due_at) for breach in story.complaint.breaches]
    assert story.ring().complaint.outcome == Outcome.NO_RESPONSE
    missed = [entry.seq for entry in story.entries if entry.kind == "DeadlineMissed"]
    assert max(missed) < story.entries[-1].seq


# ---- who is charged --------------------------------------------------------------------------------------------------


def given_to(story: Story, *names: str) -> None:
    """The house gives it to somebody and to somebody else, and nothing rings."""
    for name in names:
        story.found(ComplaintAssigned(assignment=Assignment(assignee=name)))


def test_a_breach_is_charged_to_whoever_held_the_complaint_at_the_due_time_however_often_it_was_passed_on_since():
    story = Story()
    given_to(story, "cs.lin")
    story.now = FRIDAY + timedelta(hours=1)
    given_to(story, "cs.chen")
    story.now = FRIDAY + timedelta(hours=25)
    given_to(story, "cs.wu", "cs.zhao")
    story.now = FRIDAY + timedelta(days=2, hours=1)
    story.ring()
    assert [breach.held_by for breach in story.complaint.breaches] == ["cs.chen"]
    escalated = next(entry.event for entry in story.entries if entry.kind == "Escalated")
    assert escalated.held_by == "cs.zhao"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("seconds", "held_by"), [(-1, "cs.chen"), (0, "customer_service"), (1, "customer_service")])
def test_who_is_given_a_complaint_at_the_very_second_at_which_it_is_due_is_not_charged(seconds: int, held_by: str):
    story = Story()
    story.now = FRIDAY + timedelta(hours=24, seconds=seconds)
    given_to(story, "cs.chen")
    story.now = FRIDAY + timedelta(hours=25)
    assert [breach.held_by for breach in story.ring().complaint.breaches] == [held_by]


# ---- nobody is told at night -----------------------------------------------------------------------------------------

RAISERS = ["clock", "somebody acts", "consumer answers", "calendar", "question"]


@given(
    stage=sampled_from(OPEN),
    steps=lists(tuples(integers(0, 60 * 24 * 3), sampled_from(RAISERS)), min_size=1, max_size=8),
)
def test_whatever_raises_an_alarm_whenever_nobody_is_told_of_it_at_night(stage: Stage, steps: list[tuple[int, str]]):
    story = story_in(stage)
    for minutes, raiser in steps:
        story.now += timedelta(minutes=minutes)
        day = story.now.astimezone(SHANGHAI).date()
        working = story.complaint.stage in (Stage.INVESTIGATING, Stage.PLANNING)
        match raiser:
            case "somebody acts":
                story.do(Action.NOTE)
            case "consumer answers" if story.complaint.stage != Stage.CLOSED:
                story.do(Action.GIVE_INFORMATION, WANG)
            case "question" if working and not story.complaint.open_request:
                story.do(Action.REQUEST_INFORMATION)
            case "calendar":
                story.counted_anew(policy_with(extra_working_days=[str(day)]))
        if raiser != "somebody acts":
            story.ring()
    for entry in story.entries:
        by_itself = isinstance(entry.event, AlarmRaised | DeadlineMoved)
        told = not_before(entry)
        together = getattr(entry.event, "tell_from", None) is not None  # with what else comes within minutes
        assert told >= entry.at
        assert by_itself or told - entry.at <= timedelta(minutes=5 * together)
        assert can_be_told_at(entry, told, POLICY) == told or not notices_of(entry)
        if isinstance(entry.event, AlarmRaised):
            assert time(8) <= told.astimezone(SHANGHAI).time() <= time(21)


def test_the_reminder_of_a_clock_that_runs_again_at_ten_in_the_evening_is_told_in_the_morning():
    story = story_in(Stage.PLANNING)  # due on Monday; the reminder is for Sunday the 11th at 21:00
    story.now = china(10, 11, 20)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 11, 22)
    story.do(Action.GIVE_INFORMATION, WANG).ring()
    reminder = story.entries[-1]
    assert (reminder.kind, reminder.event.alarm.kind) == ("ReminderRaised", "reminder")  # type: ignore[attr-defined]
    assert not_before(reminder) == china(10, 12, 8)


def test_a_breach_that_is_found_because_somebody_acts_at_night_is_told_in_the_morning_and_the_act_at_once():
    story = Story(at=china(10, 9, 16))
    story.now = china(10, 10, 22, 30)
    story.do(Action.ACKNOWLEDGE)
    told = {entry.kind: not_before(entry) for entry in story.entries[1:]}
    assert told["DeadlineMissed"] == china(10, 11, 8)
    assert told["ComplaintAcknowledged"] == story.now


def test_a_lapse_that_is_recorded_late_at_night_is_told_in_the_morning():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now = china(10, 27, 23)
    lapsed = story.ring().entries[-1]
    assert (lapsed.kind, not_before(lapsed)) == ("ComplaintLapsed", china(10, 28, 8))


def test_a_notice_that_was_long_on_its_way_is_not_told_at_night_either():
    story = Story()
    story.now = FRIDAY + timedelta(days=1)
    breach = story.ring().entries[-1]
    assert can_be_told_at(breach, china(10, 11, 3), POLICY) == china(10, 11, 8)
    assert can_be_told_at(breach, china(10, 11, 9), POLICY) == china(10, 11, 9)
    assert can_be_told_at(story.entries[0], china(10, 11, 3), POLICY) == china(10, 11, 3), "somebody filed it"


def test_the_consumer_sees_neither_reminders_nor_breaches():
    story = Story()
    story.now = FRIDAY + timedelta(days=3)
    assert all(entry.event.public_face() is None for entry in story.ring().entries[1:])


# ---- the calendar changes ------------------------------------------------------------------------------------------


def stormy(*days: str) -> Policy:
    """The policy with days off that were not foreseen."""
    return policy_with(extra_holidays=days)


def test_a_storm_moves_the_due_time_and_says_so():
    story = story_in(Stage.INVESTIGATING)
    (entry,) = recount(story.complaint, story.now, stormy("2026-10-12"))
    moved = evolve(story.complaint, entry)
    assert moved.deadline is not None
    assert moved.deadline.due_at == china(10, 15)  # was the 13th, 24:00
    assert moved.stage_clock is not None
    assert (moved.stage_clock.number, moved.stage_clock.since) == (entry.seq, FRIDAY)
    event = entry.event
    assert isinstance(event, DeadlineMoved)
    assert (event.was_due_at, event.stops) == (china(10, 14), (story.entries[-1].seq,))
    assert event.clock.alarm_at == china(10, 13, 21)
    assert event.public_face() == {"due_at": "2026-10-14T16:00:00Z"}


def test_a_calendar_that_changes_nothing_for_a_complaint_leaves_it_alone():
    story = story_in(Stage.INVESTIGATING)
    assert recount(story.complaint, story.now, stormy("2026-11-12")) == []
    assert recount(story_in(Stage.CLOSED).complaint, FRIDAY, stormy("2026-10-12")) == []
    assert recount(Story().complaint, FRIDAY, stormy("2026-10-10")) == []  # hours run around the clock


def test_alarms_of_the_old_clock_are_silent_and_those_of_the_new_one_ring():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 12, 21)
    story.ring()
    assert [alarm.kind for alarm in raised(story.entries)] == ["reminder"]
    late = stormy("2026-10-13")
    complaint = evolve(story.complaint, recount(story.complaint, story.now, late)[0])
    alarm = next_alarm(complaint, late)
    assert alarm is not None
    assert (alarm.kind, alarm.moment) == ("reminder", china(10, 13, 21))


def test_what_was_raised_already_is_not_raised_again_by_a_recount():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.ring()
    calm = policy_with(extra_working_days=["2026-10-11"])
    complaint = evolve(story.complaint, recount(story.complaint, story.now, calm)[0])
    assert complaint.deadline is not None
    assert complaint.deadline.due_at == china(10, 13)  # a day earlier
    alarm = next_alarm(complaint, calm)
    assert alarm is not None
    assert alarm.kind == "escalation"
    assert len(complaint.breaches) == 1


def test_a_breach_that_a_corrected_calendar_takes_back_stays_in_the_record_and_is_void():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.ring()
    breaches = story.counted_anew(stormy("2026-10-13")).complaint.breaches
    assert [(breach.due_at, breach.void) for breach in breaches] == [(china(10, 14), True)]
    assert outdated(next(entry for entry in story.entries if entry.kind == "DeadlineMissed"), story.complaint)


def void(story: Story) -> list[tuple[str, bool]]:
    return [(breach.clock, breach.void) for breach in story.complaint.breaches]


def test_a_breach_of_a_stage_that_was_left_is_void_if_by_the_calendar_of_now_the_work_was_done_in_time():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.do(Action.REPORT)
    assert void(story.counted_anew(stormy("2026-10-12"))) == [("stage", True)]
    assert void(story.counted_anew(POLICY)) == [("stage", False)], "the storm was announced by mistake"
    assert recount(story.complaint, story.now, POLICY) == []


def test_a_calendar_that_is_corrected_in_two_steps_leaves_what_it_would_have_left_in_one():
    for steps in (["2026-10-12"], ["2026-10-13"]), (["2026-10-12", "2026-10-13"],):
        story = story_in(Stage.INVESTIGATING)
        story.now = china(10, 15, 9)  # a day late by the first correction, in time by both
        story.ring()
        known: list[str] = []
        for days in steps:
            known += days
            story.counted_anew(stormy(*known)).ring()
        assert void(story) == [("stage", True)]
        assert story.complaint.deadline is not None
        assert story.complaint.deadline.due_at == china(10, 16)


def test_a_breach_stands_again_if_the_day_was_worked_after_all_and_nobody_is_told_of_it_twice():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.ring().counted_anew(stormy("2026-10-12")).ring()
    story.now = china(10, 14, 15)
    story.counted_anew(POLICY).ring()
    assert void(story) == [("stage", False)]
    assert [alarm.kind for alarm in raised(story.entries)].count("breach") == 1


def test_of_one_promise_that_was_missed_by_two_calendars_one_breach_stands():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.ring().counted_anew(stormy("2026-10-12"))
    story.now = china(10, 15, 9)
    story.ring()
    assert void(story) == [("stage", True), ("stage", False)]
    assert void(story.counted_anew(POLICY)) == [("stage", True), ("stage", False)]


def test_what_was_given_more_time_after_it_was_missed_is_judged_by_the_time_it_had():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.do(Action.EXTEND)
    story.now = china(10, 16, 9)
    assert void(story.ring()) == [("stage", False), ("stage", False)]
    assert void(story.counted_anew(stormy("2026-10-15"))) == [("stage", False), ("stage", True)]
    assert void(story.counted_anew(stormy("2026-10-12"))) == [("stage", True), ("stage", True)]


def test_a_measure_that_was_done_late_is_judged_anew_too_while_anything_else_runs():
    story = story_in(Stage.CLOSED).do(Action.REOPEN)
    story.now = china(10, 15, 9)
    story.do(Action.COMPLETE_FOLLOW_UP)
    assert [clock for clock, _ in void(story)] == ["stage", "follow_up 1"]
    assert story.complaint.breaches[1].until == story.now
    assert void(story.counted_anew(stormy("2026-10-14"))) == [("stage", False), ("follow_up 1", True)]


# ---- a day that was worked after all ---------------------------------------------------------------------------------


def test_a_day_declared_worked_afterwards_escalates_nothing_anew():
    story = story_in(Stage.INVESTIGATING)  # due on the 13th at 24:00, escalated on the 15th, then every working day
    story.now = china(10, 20, 12)
    story.ring()
    known = raised(story.entries)
    story.counted_anew(policy_with(extra_working_days=["2026-10-11"])).ring()
    story.counted_anew(policy_with(extra_working_days=["2026-10-11", "2026-10-17"])).ring()
    assert raised(story.entries) == known
    alarm = next_alarm(story.complaint, story.policy)
    assert alarm is not None
    assert (alarm.kind, alarm.moment) == ("escalation", china(10, 21, 8))


def test_a_due_time_that_a_correction_moves_into_the_past_is_a_breach_as_of_the_correction_and_escalates_from_then_on():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 13, 12)  # reminded the evening before, due tonight
    story.ring().counted_anew(policy_with(extra_working_days=["2026-10-11"]))
    _, *later = raised(story.ring().entries)
    assert [(alarm.kind, alarm.moment) for alarm in later] == [("breach", china(10, 13))]
    assert [breach.recorded_at for breach in story.complaint.breaches] == [story.now]
    story.now = china(10, 14, 12)
    escalations = raised(story.ring().entries)[2:]
    assert [(alarm.kind, alarm.moment) for alarm in escalations] == [("escalation", china(10, 14, 8))]


def test_by_night_the_next_escalation_is_that_of_the_morning_to_come():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 20, 2)
    story.ring().counted_anew(policy_with(extra_working_days=["2026-10-11"]))
    alarm = next_alarm(story.complaint, story.policy)
    assert alarm is not None
    assert (alarm.kind, alarm.moment) == ("escalation", china(10, 20, 8))


CORRECTIONS = lists(tuples(integers(0, 40 * 60), integers(-6, 3), sampled_from([True, False])), min_size=1, max_size=9)


@given(stage=sampled_from(OPEN), corrections=CORRECTIONS)
def test_however_the_calendar_is_corrected_nothing_is_told_twice(
    stage: Stage, corrections: list[tuple[int, int, bool]]
):
    """No morning has two escalations, none is for the time before a correction, and no wave of them comes at once."""
    story, worked = story_in(stage), dict[date, bool]()
    told: dict[str, list[datetime]] = {}
    for minutes, day, is_worked in corrections:
        story.now += timedelta(minutes=minutes)
        story.ring()
        worked[story.now.astimezone(SHANGHAI).date() + timedelta(days=day)] = is_worked
        days = {"extra_working_days": [day for day, on in worked.items() if on]}
        days["extra_holidays"] = [day for day, on in worked.items() if not on]
        known = len(story.entries)
        story.counted_anew(policy_with(**days)).ring()
        at_once = [alarm for alarm in raised(story.entries[known:]) if alarm.kind == "escalation"]
        assert len(at_once) <= 1, "one that had not been due yet"
    for alarm in raised(story.entries):
        if alarm.kind in ("escalation", "nudge"):
            told.setdefault(f"{alarm.stage} {alarm.clock} {alarm.kind}", []).append(alarm.moment)
    for moments in told.values():
        mornings = [moment.astimezone(SHANGHAI).date() for moment in moments]
        assert len(set(mornings)) == len(mornings)
    standing = [breach.clock for breach in story.complaint.breaches if not breach.void]
    assert len(set(standing)) == len(standing)


# ---- what the consumer was told --------------------------------------------------------------------------------------


def test_a_correction_that_moves_the_consumers_date_earlier_is_told_to_the_consumer_in_waking_hours():
    story = story_in(Stage.AWAITING_CONSUMER)  # the fifteenth day is Saturday the 24th, so Monday the 26th
    story.now = china(10, 12, 23)
    moved = story.counted_anew(policy_with(extra_working_days=["2026-10-24"])).entries[-1]
    assert [(key.audience, key.kind) for key in notices_of(moved)] == [("consumer", "sooner")]
    assert not_before(moved) == china(10, 13, 8)
    assert moved.event.clock.due_at == china(10, 25)  # type: ignore[attr-defined]
    assert not outdated(moved, story.complaint)
    assert outdated(moved, story.do(Action.ACCEPT_PLAN, WANG).complaint)


def test_a_later_date_is_told_to_nobody_and_neither_is_an_earlier_one_of_ours():
    awaiting, at_work = story_in(Stage.AWAITING_CONSUMER), story_in(Stage.INVESTIGATING)
    later = awaiting.counted_anew(stormy("2026-10-26")).entries[-1]
    earlier = at_work.counted_anew(policy_with(extra_working_days=["2026-10-11"])).entries[-1]
    assert [later.kind, earlier.kind] == ["DeadlineMoved"] * 2
    assert notices_of(later) + notices_of(earlier) == []


def test_the_consumers_own_date_is_never_moved_to_before_they_could_be_told():
    story = story_in(Stage.AWAITING_CONSUMER)
    for now, due in ((china(10, 24, 21), china(10, 25)), (china(10, 24, 21, 1), china(10, 27))):
        story.now = now
        moved = recount(story.complaint, now, policy_with(extra_working_days=["2026-10-24"]))
        assert [entry.event.clock.due_at for entry in moved] == [due] * (due == china(10, 25))  # type: ignore[attr-defined]


def test_nobody_is_told_of_an_earlier_date_while_the_plan_is_not_to_be_answered_by_it():
    story = story_in(Stage.AWAITING_CONSUMER).do(Action.GIVE_INFORMATION)  # it stands still until that is read
    moved = story.counted_anew(policy_with(extra_working_days=["2026-10-24"])).entries[-1]
    assert (moved.kind, notices_of(moved)) == ("DeadlineMoved", [])


def test_what_was_promised_for_a_time_that_is_over_now_is_moved_and_told_to_nobody():
    story = story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN).do(Action.ACCEPT_PLAN, WANG)
    (promised,) = story.complaint.follow_ups
    assert promised.due_at == china(10, 15)
    story.now = china(10, 14, 22)
    moved = story.counted_anew(stormy("2026-10-14")).entries[-1]
    assert (story.complaint.follow_ups[0].due_at, notices_of(moved)) == (china(10, 16), [])
    story.now = china(10, 15, 9)
    moved = story.counted_anew(POLICY).entries[-1]
    assert (story.complaint.follow_ups[0].due_at, notices_of(moved)) == (china(10, 15), [])


def test_what_was_raised_in_the_night_is_told_in_the_morning_whatever_the_calendar_became_meanwhile():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 15, 22)
    story.ring()  # nothing rang before: reminder, breach, escalation
    story.counted_anew(policy_with(extra_working_days=["2026-10-11"])).ring()
    escalations = [entry for entry in story.entries if entry.kind == "Escalated"]
    assert [(not_before(entry), outdated(entry, story.complaint)) for entry in escalations] == [
        (china(10, 16, 8), False)
    ]


def test_measures_that_were_promised_together_are_told_of_together():
    both = PLAN.model_copy(update={"complete_within_days": 15, "follow_up_measures": ("回访", "抽检同批次水壶")})
    story = story_in(Stage.PLANNING).do(Action.PROPOSE_PLAN, submission=both).do(Action.ACCEPT_PLAN, WANG)
    story.counted_anew(policy_with(extra_working_days=["2026-10-24"]))
    assert [one.due_at for one in story.complaint.follow_ups] == [china(10, 25)] * 2
    told, _ = story.entries[-2:]
    assert [key.kind for entry in story.entries[-2:] for key in notices_of(entry)] == ["sooner"]
    for number in ("1", "2"):
        assert not outdated(told, story.complaint), "one is to be done by then still"
        story.do(Action.COMPLETE_FOLLOW_UP, part=number)
    assert outdated(told, story.complaint)


def test_more_measures_than_one_transaction_holds_are_counted_anew_one_after_another():
    many = PLAN.model_copy(update={"follow_up_measures": tuple(f"回访第{number}次" for number in range(20))})
    story = story_in(Stage.PLANNING)
    for _ in range(2):
        story.do(Action.PROPOSE_PLAN, submission=many).do(Action.ACCEPT_PLAN, WANG).do(Action.REOPEN)
    assert len(recount(story.complaint, story.now, stormy("2026-10-14"))) == MOST_AT_ONCE
    story.counted_anew(stormy("2026-10-14"))
    assert {one.due_at for one in story.complaint.follow_ups} == {china(10, 16)}


def test_a_provisional_due_time_is_settled_once_its_year_is_known():
    late = datetime(2026, 12, 30, 4, tzinfo=UTC)
    story = Story(KETTLE, late).do(Action.ACKNOWLEDGE)
    assert story.complaint.deadline is not None
    assert story.complaint.deadline.provisional
    known = POLICY.model_copy()
    calendar = POLICY.calendar
    object.__setattr__(known, "calendar", type(calendar)(
        calendar.country, "2027-test", calendar.first_year, 2027,
        calendar.holidays | {date(2027, 1, 1)}, calendar.worked,
    ))  # fmt: skip
    (entry,) = recount(story.complaint, late, known)
    settled = evolve(story.complaint, entry)
    assert settled.deadline is not None
    assert not settled.deadline.provisional


# ---- the policy's ladders ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moments", [{}, {"at_due": True, "on_last_day": True}, {"hours_before_due": 4, "hours_after_due": 4}]
)
def test_an_alarm_has_one_moment(moments: dict[str, Any]):
    with pytest.raises(ValueError, match="one_moment"):
        Rung(kind="breach", tell=(), **moments)


def test_only_the_last_alarm_comes_every_day():
    ladders = RULES.ladders | {"planning": RULES.ladders["planning"][::-1]}
    with pytest.raises(ValueError, match="every_day_comes_last"):
        Rules.model_validate(dict(RULES) | {"ladders": ladders})


def test_every_open_stage_has_a_ladder():
    ladders = {name: ladder for name, ladder in RULES.ladders.items() if name != "planning"}
    with pytest.raises(ValueError, match="missing"):
        Rules.model_validate(dict(RULES) | {"ladders": ladders})


def test_breaches_name_stage_due_time_and_holder():
    story = Story()
    story.now = FRIDAY + timedelta(days=1)
    entry = next(entry for entry in story.ring().entries if entry.kind == "DeadlineMissed")
    event = entry.event
    assert isinstance(event, DeadlineMissed)
    assert event.alarm.tell == ("supervisor",)
    assert event.alarm.tell_from == china(10, 10, 15, 40)


def test_whoever_answers_late_has_answered_and_nothing_has_lapsed_too():
    story = story_in(Stage.AWAITING_CONSUMER)
    story.now = china(10, 27, 0, 1)
    story.do(Action.ACCEPT_PLAN, WANG).ring()
    closures = [key.kind for entry in story.entries for key in notices_of(entry) if key.kind == "closure"]
    assert closures == ["closure"]
    assert "ComplaintLapsed" not in [entry.kind for entry in story.entries]


def test_of_two_alarms_of_one_moment_the_stages_is_raised_first():
    story = Story(CRACKED)
    story.now = china(10, 13, 10)
    story.do(Action.ACKNOWLEDGE)  # quality control's inquiry is due with the investigation
    story.now = china(10, 14)
    clocks = [alarm.clock for alarm in raised(story.ring().entries) if alarm.kind == "breach"]
    assert clocks == ["stage", "stage", "inquiry 1"]  # the acknowledgement was late too


@pytest.mark.parametrize(
    ("now", "days", "next_one"),
    [
        (china(10, 12, 22), 1, ("reminder", china(10, 13, 21))),  # raised, and too early by the new count: again
        (china(10, 13, 21), 1, ("breach", china(10, 15))),  # raised, and by the new count at this very moment: not
        (china(10, 14, 9), 1, ("breach", china(10, 15))),
        (china(10, 14, 9), 2, ("reminder", china(10, 14, 21))),
    ],
)
def test_what_was_raised_counts_as_raised_if_its_moment_has_come_by_the_new_count(
    now: datetime, days: int, next_one: tuple[str, datetime]
):
    story = story_in(Stage.INVESTIGATING)  # reminder on the 12th at 21:00, due on the 13th at 24:00
    story.now = now
    story.ring().do(Action.EXTEND, submission=Extension(working_days=days, reason="等待检测报告"))
    alarm = next_alarm(story.complaint, POLICY)
    assert alarm is not None
    assert (alarm.kind, alarm.moment) == next_one
    assert story.entries[-1].event.clock.alarm_at == alarm.moment  # type: ignore[attr-defined]


def test_an_alarm_that_was_not_raised_is_not_lost_when_its_moment_is_moved_into_the_past():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 12, 12)
    story.ring().counted_anew(policy_with(extra_working_days=["2026-10-11"]))
    alarm = next_alarm(story.complaint, story.policy)
    assert alarm is not None
    assert (alarm.kind, alarm.moment) == ("reminder", china(10, 11, 21))


def test_a_corrected_calendar_that_leaves_the_due_time_in_the_past_leaves_the_breach_as_it_was():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 15)
    story.ring().counted_anew(stormy("2026-10-13"))  # due at this very moment, so it is missed all the same
    assert [(breach.due_at, breach.void) for breach in story.complaint.breaches] == [(china(10, 14), False)]


def test_a_correction_takes_back_the_breach_of_what_it_moves_and_no_other():
    story = Story(CRACKED).do(Action.ACKNOWLEDGE)
    story.now = china(10, 14, 9)
    story.ring().counted_anew(stormy("2026-10-13"))  # the inquiry was due on the 10th
    assert [(one.clock, one.void) for one in story.complaint.breaches] == [("inquiry 1", False), ("stage", True)]


def test_a_stage_entered_at_the_very_moment_of_its_reminder_is_reminded_and_a_second_later_is_not():
    for late, kinds in ((0, ["ReminderRaised"]), (1, [])):
        story = Story(at=china(10, 9, 22))
        story.now = china(10, 12, 21) + timedelta(seconds=late)  # the evening before the last day
        story.ring().do(Action.ACKNOWLEDGE)
        known = len(story.entries)
        assert [entry.kind for entry in story.ring().entries[known:]] == kinds


@pytest.mark.parametrize(
    ("entered", "morning"),
    [
        (china(10, 21, 8, 29), china(10, 21, 8, 30)),
        (china(10, 21, 8, 30), china(10, 21, 8, 30)),
        (china(10, 21, 8, 30) + timedelta(seconds=1), china(10, 22, 8, 30)),
    ],
)
def test_who_comes_late_to_work_is_told_that_morning_if_it_is_not_over(entered: datetime, morning: datetime):
    """Where people wake at half past eight; and the last rung tells whom it names, not whom the one before does."""
    *before, last = POLICY.ladders[Stage.INVESTIGATING]
    louder = last.model_copy(update={"tell": (Role.MANAGEMENT, Role.SUPERVISOR)})
    waking = POLICY.waking_hours.model_copy(update={"begin": time(8, 30)})
    ladders = POLICY.ladders | {Stage.INVESTIGATING: (*before, louder)}
    policy = POLICY.model_copy(update={"waking_hours": waking, "ladders": ladders})
    breach, escalation = (
        Ladder(policy, Stage.INVESTIGATING, entered, china(10, 14)).alarm(number) for number in (1, 2)
    )
    assert breach is not None
    assert escalation is not None
    assert (breach.kind, escalation.kind, escalation.moment) == ("breach", "escalation", morning)
    assert escalation.tell == ("management", "supervisor")


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        (china(10, 9, 7, 59), china(10, 8, 21), china(10, 9, 8)),
        (china(10, 9, 8), china(10, 9, 8), china(10, 9, 8)),
        (china(10, 9, 21), china(10, 9, 21), china(10, 9, 21)),
        (china(10, 9, 21, 1), china(10, 9, 21), china(10, 10, 8)),
        (china(10, 10), china(10, 9, 21), china(10, 10, 8)),
    ],
)
def test_people_are_awake_from_eight_to_nine_both_ends_included(moment: datetime, before: datetime, after: datetime):
    assert POLICY.waking(moment, earlier=True) == before
    assert POLICY.waking(moment, earlier=False) == after


# ---- who works here no more ------------------------------------------------------------------------------------------


def given_to_lin() -> Story:
    return Story().do(Action.ASSIGN, submission=Assignment(assignee="cs.lin"))


def charged(story: Story, left: str | None) -> list[str]:
    """Who is charged with the acknowledgement that is due after a day, and with its escalation."""
    entries = due_alarms(story.complaint, FRIDAY + timedelta(days=3), story.policy, left=left)
    return [entry.data["held_by"] for entry in entries if "held_by" in entry.data]


def test_what_falls_due_for_whoever_left_is_the_departments():
    story = given_to_lin()
    assert set(charged(story, None)) == {"cs.lin"}
    assert set(charged(story, "cs.lin")) == {"customer_service"}
    assert set(charged(story, "cs.chen")) == {"cs.lin"}


def test_what_was_given_back_is_the_departments_from_then_on():
    story = given_to_lin()
    story.now += timedelta(hours=23)
    story.do(Action.ASSIGN, submission=Assignment(assignee=None))
    assert story.complaint.assignee is None
    assert set(charged(story, None)) == {"customer_service"}


def test_what_was_given_back_at_the_very_second_it_was_due_is_whose_it_was():
    story = given_to_lin()
    story.now += timedelta(hours=24)
    story.do(Action.ASSIGN, submission=Assignment(assignee=None))
    assert [breach.held_by for breach in story.complaint.breaches] == ["cs.lin"]
