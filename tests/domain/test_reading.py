"""4.4b: what the consumer wrote since the plan may object in the wrong box: until it is read nothing lapses."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import Feedback, Information, InformationReading
from chalicelib.domain.ground.errors import Forbidden, NotAllowed
from chalicelib.domain.telling.letters import Letter, to_consumer, to_staff
from chalicelib.domain.telling.notices import notices_of
from chalicelib.domain.telling.outdated import outdated
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

from .cases import FRIDAY, KETTLE, LIN, PHOTOGRAPH, POLICY, QUALITY, WANG, WAY_TO, Story, policy_with, story_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = datetime(2026, 10, 27, tzinfo=SHANGHAI)  # 15 days after Friday the 9th are a Saturday: Monday the 26th, 24:00
NO = Information(text="我不同意这个方案")
LIE = events.EvidenceQuarantined(
    evidence_id="1", file_name="a.exe", reason="program", size=9, sha256="ab", added_by="consumer", tell_from=FRIDAY
)
WROTE = ["text", "a caller", "photograph"]


def china(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def planned(at: datetime = FRIDAY) -> Story:
    """A complaint whose plan has just gone out."""
    story = Story(KETTLE, at)
    for action in WAY_TO[Stage.AWAITING_CONSUMER]:
        story.do(action)
    return story


def writes(story: Story, how: str = "text", at: datetime | None = None) -> Story:
    story.now = at or story.now
    if how == "photograph":
        return story.found(PHOTOGRAPH)
    return story.do(Action.GIVE_INFORMATION, WANG if how == "text" else LIN, NO)


def due(story: Story) -> datetime:
    assert story.complaint.deadline is not None
    return story.complaint.deadline.due_at


def kinds(story: Story, since: int = 0) -> list[str]:
    return [entry.kind for entry in story.entries[since:]]


def alarms(story: Story) -> list[tuple[str, str, datetime]]:
    """What has rung: the kind, the clock, the moment."""
    rung = [entry.event.alarm for entry in story.entries if "alarm" in entry.data]  # type: ignore[attr-defined]
    return [(alarm.kind, alarm.clock, alarm.moment) for alarm in rung]


# ---- the wait --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", WROTE)
def test_whatever_the_consumer_sends_since_the_plan_makes_the_lapse_stand_still(how: str):
    story = writes(planned(), how, china(10, 20, 10))
    deadline = story.complaint.deadline
    assert deadline is not None
    assert (deadline.waiting_since, deadline.waiting_for) == (china(10, 20, 10), "reading")
    clock = story.complaint.words_clock
    assert clock is not None
    assert (clock.name, clock.due_at, clock.held_by) == ("words 7", china(10, 22), "customer_service")
    assert deadline.due_at == DUE + timedelta(hours=38), "if it is read by the end of the 21st"
    story.now = china(11, 30)
    assert story.ring().complaint.stage == Stage.AWAITING_CONSUMER, "however late customer service is"
    assert not story.complaint.deadline.overdue(story.now)  # type: ignore[union-attr]


def test_whoever_has_to_read_it_is_reminded_and_charged_with_the_breach():
    story = writes(planned(), at=china(10, 12, 10))
    story.now = china(10, 20)
    assert alarms(story.ring()) == [
        ("reminder", "words 5", china(10, 12, 21)),
        ("breach", "words 5", china(10, 14)),
        ("escalation", "words 5", china(10, 15, 8)),
    ]
    told = {entry.kind: [key.audience for key in notices_of(entry)] for entry in story.entries[6:]}
    assert told == {
        "ReminderRaised": ["customer_service", "assignee"],
        "DeadlineMissed": ["supervisor", "assignee"],
        "Escalated": ["management"],
    }
    [breach] = story.complaint.breaches
    assert (breach.clock, breach.due_at, breach.held_by) == ("words 5", china(10, 14), "customer_service")


def test_once_it_is_read_as_neither_the_rest_of_the_fifteen_days_runs():
    story = writes(planned(), at=china(10, 20, 10))
    story.now = china(10, 21, 9)
    story.do(Action.READ_INFORMATION)
    assert kinds(story, 9) == ["InformationRead", "ClockResumed"]
    assert due(story) == DUE + timedelta(hours=23)
    assert [clock.name for clock in story.complaint.clocks] == ["stage"]
    story.now = DUE + timedelta(hours=23)
    assert story.ring().complaint.outcome == Outcome.NO_RESPONSE
    assert alarms(story)[-1] == ("lapse", "stage", DUE + timedelta(hours=23))


def test_more_words_while_some_wait_have_no_second_clock_and_the_first_ones_time_stands():
    story = writes(planned(), at=china(10, 20, 10))
    clocks = story.complaint.clocks
    for how in WROTE:
        assert writes(story, how, story.now + timedelta(hours=1)).complaint.clocks == clocks
    story.do(Action.READ_INFORMATION)
    writes(story, at=china(10, 21, 10))
    assert story.complaint.words_clock is not None
    assert (story.complaint.words_clock.name, story.complaint.words_clock.due_at) == ("words 14", china(10, 23))


@pytest.mark.parametrize(("satisfied", "stage"), [(True, Stage.CLOSED), (False, Stage.PLANNING)])
@pytest.mark.parametrize("who", [WANG, LIN])
def test_an_answer_meanwhile_ends_the_stage_and_the_clock(satisfied: bool, stage: Stage, who):
    story = writes(planned(), at=china(10, 20, 10))
    awaited = story.entries[-1].seq
    story.do(
        Action.ACCEPT_PLAN if satisfied else Action.OBJECT_TO_PLAN, who, Feedback(satisfied=satisfied, opinion="x")
    )
    assert story.complaint.stage == stage
    assert story.complaint.words_clock is None
    answered = next(entry for entry in story.entries if entry.enters and entry.seq > awaited)
    assert answered.sets_clock[1] == (awaited,), "the stage's own had been stopped"
    assert story.complaint.feedback[-1].given_by == who.kind


def test_nudges_that_fell_into_the_wait_come_afterwards_and_not_all_at_once():
    story = writes(planned(), at=china(10, 13, 10))  # nudges were to come on the 14th and the 20th at 8:00
    story.now = china(10, 22, 10)
    story.ring().do(Action.READ_INFORMATION)
    story.now = china(11, 30)
    nudges = [(kind, moment) for kind, clock, moment in alarms(story.ring()) if clock == "stage"]
    assert nudges == [
        ("nudge", china(10, 23, 8)),
        ("nudge", china(10, 29, 8)),
        ("lapse", china(11, 5)),
    ]


def test_a_nudge_that_had_come_does_not_come_again():
    story = planned()
    story.now = china(10, 14, 9)
    writes(story.ring(), at=china(10, 14, 10))
    story.now = china(10, 16, 10)
    story.ring().do(Action.READ_INFORMATION)
    story.now = china(11, 30)
    nudges = [moment for kind, _, moment in alarms(story.ring()) if kind == "nudge"]
    assert nudges == [china(10, 14, 8), china(10, 22, 8)]


def test_a_wait_over_spring_festival_gives_back_all_of_it():
    story = planned(china(2, 9, 10))  # due on the 24th at 24:00, the first working day after the festival
    assert due(story) == china(2, 25)
    writes(story, at=china(2, 14, 18))  # a make-up Saturday
    assert story.complaint.words_clock is not None
    assert story.complaint.words_clock.due_at == china(2, 25)
    story.now = china(2, 24, 9)
    story.do(Action.READ_INFORMATION)
    assert due(story) == china(3, 6, 15), "nine days and fifteen hours later"


def reading_due(story: Story) -> tuple[datetime, bool]:
    """By when what was written is to be read, and whether that may move."""
    assert story.complaint.words_clock is not None
    return story.complaint.words_clock.due_at, story.complaint.words_clock.provisional


def test_what_is_written_on_new_years_eve_is_read_by_the_make_up_sunday_after_the_holiday():
    story = planned(china(12, 19, 10, year=2025))  # 15 days end on a Saturday off: on Sunday the 4th, which is worked
    assert due(story) == china(1, 5)
    writes(story, at=china(12, 31, 10, year=2025))
    assert reading_due(story) == (china(1, 5), False)
    story.now = china(1, 4, 10)
    kind, clock, moment = alarms(story.ring())[-1]
    assert (kind, clock.split()[0], moment) == ("reminder", "words", china(1, 3, 21))
    assert due(story.do(Action.READ_INFORMATION)) == china(1, 9), "four days later, the holiday given back too"
    assert story.complaint.breaches == ()


@pytest.mark.parametrize(
    ("written", "by", "provisional", "settled"),
    [
        (china(12, 30, 10), china(1, 1, year=2027), False, china(1, 1, year=2027)),
        (china(12, 31, 10), china(1, 2, year=2027), True, china(1, 3, year=2027)),
        (china(1, 1, 10, year=2027), china(1, 5, year=2027), True, china(1, 3, year=2027)),
    ],
)
def test_what_is_to_be_read_in_a_year_nobody_knows_is_provisional_until_its_notice_is_out(
    written: datetime, by: datetime, provisional: bool, settled: datetime
):
    """That says: the Friday is off, and the Saturday worked."""
    story = writes(planned(china(12, 21, 10)), at=written)
    assert reading_due(story) == (by, provisional)
    assert story.complaint.deadline is not None
    assert story.complaint.deadline.provisional
    known, calendar = POLICY.model_copy(), POLICY.calendar
    holiday = calendar.amended([china(1, 1, year=2027).date()], [china(1, 2, year=2027).date()])
    vars(known)["calendar"] = replace(holiday, last_year=2027)
    story.counted_anew(known)
    assert reading_due(story) == (settled, False)


def test_what_runs_again_on_the_last_day_that_is_known_is_provisional_exactly_if_it_ends_after_it():
    for read, ends, provisional in (
        (china(12, 31, 10), china(1, 1, year=2027), False),
        (china(12, 31, 11), china(1, 1, 1, year=2027), True),
    ):
        story = writes(planned(china(12, 16, 10)), at=china(12, 31, 10))
        story.now = read
        deadline = story.do(Action.READ_INFORMATION).complaint.deadline
        assert deadline is not None
        assert (deadline.due_at, deadline.provisional) == (ends, provisional)


@pytest.mark.parametrize(
    ("written", "by"),
    [
        (china(10, 9, 10), china(10, 11)),  # a Friday: by the Saturday, which is worked
        (china(10, 10, 10), china(10, 13)),  # that Saturday: by Monday
        (china(10, 11, 10), china(10, 13)),  # the Sunday, which is off
    ],
)
def test_what_is_written_about_a_make_up_weekend_is_read_by_its_working_day(written: datetime, by: datetime):
    story = writes(planned(china(10, 8, 10)), at=written)
    assert reading_due(story) == (by, False)
    story.now = by
    assert [(one.stage, one.due_at) for one in story.ring().complaint.breaches] == [(Stage.AWAITING_CONSUMER, by)]


def test_the_days_given_back_for_a_make_up_saturday_are_a_day_as_any_other():
    story = writes(planned(china(9, 24, 10)), at=china(10, 9, 10))  # 15 days end in the holiday, or on Friday the 9th
    story.now = china(10, 10, 10)
    assert due(story.do(Action.READ_INFORMATION)) == china(10, 11), "the Saturday is worked: it ends there"
    story = writes(planned(china(9, 24, 10)), at=china(10, 9, 10))
    story.now = china(10, 10, 11)
    assert due(story.do(Action.READ_INFORMATION)) == china(10, 13), "the Sunday is not: it ends on Monday"


def test_days_given_back_end_on_a_working_day():
    story = writes(planned(china(10, 8, 10)), at=china(10, 19, 10))
    assert story.complaint.stage_clock is not None
    assert story.complaint.stage_clock.waiting_since
    story.now = china(10, 20, 10)
    assert due(story.do(Action.READ_INFORMATION)) == china(10, 27), "23:59 on Friday and a day are a Saturday"


def test_what_comes_in_the_second_of_the_lapse_or_before_that_is_recorded_is_in_time():
    for how in WROTE:
        for late in (timedelta(), timedelta(minutes=4)):
            story = writes(planned(), how, DUE + late)
            assert story.ring().complaint.stage == Stage.AWAITING_CONSUMER
            assert story.complaint.words_clock is not None


@pytest.mark.parametrize("how", ["photograph"])
def test_what_comes_after_the_lapse_was_recorded_changes_no_clock(how: str):
    story = planned()
    story.now = DUE
    writes(story.ring(), how)
    assert story.complaint.outcome is Outcome.NO_RESPONSE
    assert [clock.name for clock in story.complaint.clocks] == ["survey"]


def test_a_file_of_staff_or_one_that_is_refused_or_one_before_the_plan_stops_nothing():
    story = planned().found(PHOTOGRAPH.model_copy(update={"added_by": "staff"}), LIE)
    assert [clock.name for clock in story.complaint.clocks] == ["stage"]
    story = story_in(Stage.PLANNING).found(PHOTOGRAPH)
    assert story.complaint.deadline is not None
    assert story.complaint.deadline.waiting_since is None


def test_a_storm_moves_the_reading_and_when_the_plan_lapses_at_the_latest():
    story = writes(planned(), at=china(10, 20, 10)).counted_anew(policy_with(extra_holidays=["2026-10-21"]))
    assert story.complaint.words_clock is not None
    assert story.complaint.words_clock.due_at == china(10, 23)
    assert due(story) == DUE + timedelta(hours=62)
    story.now = china(10, 21, 9)
    assert due(story.do(Action.READ_INFORMATION)) == DUE + timedelta(hours=23)


# ---- the reading -----------------------------------------------------------------------------------------------------


def test_where_nothing_waits_to_be_read_nothing_is_read():
    for story in (planned(), writes(planned()).do(Action.READ_INFORMATION)):
        with pytest.raises(NotAllowed, match="nothing_to_read"):
            story.do(Action.READ_INFORMATION)


def test_customer_service_reads_and_nobody_else():
    for who in (WANG, QUALITY):
        with pytest.raises(Forbidden):
            writes(planned()).do(Action.READ_INFORMATION, who)
    assert [stage for stage in Stage if Action.READ_INFORMATION in LIFECYCLE.allowed(stage)] == ["awaiting_consumer"]


def test_nobody_extends_what_stands_still_to_be_read():
    with pytest.raises(NotAllowed, match="waits_for_reading"):
        writes(planned()).do(Action.EXTEND)


def test_the_consumer_sees_that_it_was_read_and_no_note():
    story = writes(planned()).do(Action.READ_INFORMATION, submission=InformationReading(note="没有意义"))
    faces = {entry.kind: entry.event.public_face() for entry in story.entries}
    assert faces["ReadingAwaited"] is None
    assert faces["InformationRead"] == {}
    assert "没有意义" not in str(faces)


def test_a_reading_is_a_line_of_customer_service():
    story = writes(planned(), at=china(10, 20, 10))
    assert story.complaint.words_clock is not None
    line = Summary.of_task(story.complaint, story.complaint.words_clock)
    assert (line.department, line.task) == ("customer_service", "words 7")
    assert line.overdue(china(10, 22))
    assert not Summary.of(story.complaint).overdue(china(11, 30))


# ---- who is told -----------------------------------------------------------------------------------------------------


def test_staff_are_told_by_when_to_read_it():
    story = writes(planned(), at=china(10, 20, 10))
    given = next(entry for entry in story.entries if entry.kind == "InformationGiven")
    letter = Letter(story.complaint, given, "", POLICY, "zh-CN")
    assert to_staff("information_given", letter)["read_by"] == letter.said(china(10, 22))
    asked = story_in(Stage.INVESTIGATING).do(Action.GIVE_INFORMATION)
    letter = Letter(asked.complaint, asked.entries[-1], "", POLICY, "zh-CN")
    assert to_staff("information_given", letter)["read_by"] is None


def test_the_consumer_is_told_that_it_was_read_and_until_when_to_answer_unless_there_is_more_or_an_answer():
    story = writes(planned(), at=china(10, 20, 10))
    story.now = china(10, 21, 9)
    story.do(Action.READ_INFORMATION)
    read = next(entry for entry in story.entries if entry.kind == "InformationRead")
    assert [(key.audience, key.kind) for key in notices_of(read)] == [("consumer", "answer_reminder")]
    letter = Letter(story.complaint, read, "", POLICY, "zh-CN")
    said = to_consumer("answer_reminder", letter)
    assert (said["read"], said["due_at"]) == (True, letter.said(DUE + timedelta(hours=23)))
    assert not outdated(read, story.complaint)
    assert outdated(read, writes(story).complaint)
    assert outdated(read, story.do(Action.OBJECT_TO_PLAN, WANG).complaint)
