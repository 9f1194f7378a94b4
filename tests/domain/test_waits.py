"""A question to the consumer lets the stage's clock stand still, exactly accounted; an extension moves its end."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, integers, lists, sampled_from

from chalicelib.domain.complaint.alarms import next_alarm, recount
from chalicelib.domain.complaint.events import ClockResumed, EvidenceQuarantined, EvidenceReceived
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Extension, Information
from chalicelib.domain.ground import worktime
from chalicelib.domain.ground.errors import Invalid, NotAllowed
from chalicelib.domain.ground.people import CLOCK, HOUSE, Role
from chalicelib.domain.ground.record import AlarmRaised
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rung
from chalicelib.domain.telling.notices import not_before, notices_of
from chalicelib.domain.vocabulary.stages import Stage

from .cases import FRIDAY, POLICY, WANG, Story, policy_with, story_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENTS = datetimes(datetime(2026, 1, 5), datetime(2026, 10, 20)).map(  # noqa: DTZ001 — made aware at once
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
CALENDAR = POLICY.calendar
CLOSES = sampled_from([None, time(18)])
AT_WORK = [Stage.INVESTIGATING, Stage.PLANNING]


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def due(story: Story) -> datetime:
    assert story.complaint.deadline is not None
    return story.complaint.deadline.due_at


def worked(start: datetime, end: datetime) -> timedelta:
    return POLICY.working_time(start, end)


# ---- working time, as it is measured ---------------------------------------------------------------------------------


@given(moments=lists(MOMENTS, min_size=3, max_size=3), closes=CLOSES)
def test_working_time_adds_up(moments: list[datetime], closes: time | None):
    start, between, end = sorted(moments)

    def measure(since: datetime, until: datetime) -> timedelta:
        return worktime.working_time(since, until, CALENDAR, SHANGHAI, closes)

    assert measure(start, between) + measure(between, end) == measure(start, end)
    assert timedelta() <= measure(start, end) <= end - start


@given(start=MOMENTS, minutes=integers(0, 20 * 24 * 60), closes=CLOSES)
def test_the_moment_after_some_working_time_is_the_earliest_one(start: datetime, minutes: int, closes: time | None):
    asked = timedelta(minutes=minutes)
    at = worktime.after_working_time(start, asked, CALENDAR, SHANGHAI, closes).at
    assert worktime.working_time(start, at, CALENDAR, SHANGHAI, closes) == asked
    if minutes:
        sooner = at - timedelta(seconds=1)
        assert worktime.working_time(start, sooner, CALENDAR, SHANGHAI, closes) < asked


def test_a_make_up_saturday_is_worked_and_the_sunday_after_it_is_not():
    assert worked(china(10, 10), china(10, 11)) == timedelta(days=1)
    assert worked(china(10, 11), china(10, 12)) == timedelta()


# ---- pause and resume ------------------------------------------------------------------------------------------------


def test_the_clock_stands_still_over_a_weekend_with_a_make_up_day():
    story = story_in(Stage.INVESTIGATING)  # due on Tuesday the 13th at 24:00
    story.now = china(10, 9, 18)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 12, 9)
    story.do(Action.GIVE_INFORMATION, WANG)
    # Friday 18 to 24, the worked Saturday, nothing on Sunday, Monday 0 to 9: 39 hours
    assert due(story) == china(10, 15, 15)
    assert story.complaint.open_request is None


@pytest.mark.parametrize("stage", AT_WORK)
@given(before=integers(0, 2000), wait=integers(0, 9 * 24 * 60))
def test_what_was_left_when_the_clock_stopped_is_left_when_it_runs_again(stage: Stage, before: int, wait: int):
    story = story_in(stage)
    story.now += timedelta(minutes=before)
    left = worked(story.now, due(story))
    asked_at = story.now
    story.do(Action.REQUEST_INFORMATION)
    story.now += timedelta(minutes=wait)
    story.ring()
    story.do(Action.GIVE_INFORMATION, WANG)
    resumed = next(entry.event for entry in story.entries if entry.kind == "ClockResumed")
    assert isinstance(resumed, ClockResumed)
    assert worked(resumed.waited_until, due(story)) == left
    assert resumed.waited_from == asked_at
    assert worked(asked_at, resumed.waited_until) <= timedelta(days=5)


@given(waits=lists(integers(1, 3000), min_size=1, max_size=5), work=lists(integers(1, 120), min_size=5, max_size=5))
def test_however_often_it_stands_still_the_work_gets_all_its_time_and_no_more(waits: list[int], work: list[int]):
    story = story_in(Stage.INVESTIGATING)
    promised = worked(story.now, due(story))
    spent = timedelta()
    for wait, at_work in zip(waits, work, strict=False):
        began = story.now
        story.now += timedelta(minutes=at_work)
        spent += worked(began, story.now)
        story.do(Action.REQUEST_INFORMATION)
        story.now += timedelta(minutes=wait)
        story.ring()
        clock = story.complaint.stage_clock
        assert clock is not None
        if not clock.waiting_since:  # it waited as long as it may, and has run since
            spent += worked(clock.waits[-1][1], story.now)
            break
        story.do(Action.GIVE_INFORMATION, WANG)
    if story.complaint.open_request is None:
        assert spent + worked(story.now, due(story)) == promised


def test_while_it_stands_still_the_stage_neither_reminds_nor_is_overdue():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 13, 10)  # on its last day
    story.ring().do(Action.REQUEST_INFORMATION)
    known = [entry.kind for entry in story.entries]
    story.now = china(10, 19, 23)
    story.ring()
    assert [entry.kind for entry in story.entries][len(known) :] == ["ReminderRaised"]  # to the consumer
    assert story.complaint.breaches == ()
    assert story.complaint.deadline is not None
    assert not story.complaint.deadline.overdue(story.now)
    assert story.complaint.deadline.waiting_since == china(10, 13, 10)


def test_after_five_working_days_it_runs_again_by_itself():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 12, 10)
    story.do(Action.REQUEST_INFORMATION)
    at_the_latest = due(story)
    story.now = china(10, 30)
    story.ring()
    resumed = next(entry.event for entry in story.entries if entry.kind == "ClockResumed")
    assert isinstance(resumed, ClockResumed)
    assert resumed.waited_until == china(10, 19, 10)
    assert resumed.clock.due_at == at_the_latest
    assert [breach.due_at for breach in story.complaint.breaches] == [at_the_latest]
    assert story.complaint.information_requests[0].status == "expired"
    story.do(Action.REQUEST_INFORMATION)  # another question is possible
    story.do(Action.GIVE_INFORMATION, WANG).do(Action.GIVE_INFORMATION, WANG)  # and the consumer may still answer both
    assert {request.status for request in story.complaint.information_requests} == {"answered"}


def test_a_second_question_has_only_what_is_left_of_the_five_days():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 12, 0)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 15, 0)  # three working days
    story.do(Action.GIVE_INFORMATION, WANG).do(Action.REQUEST_INFORMATION)
    request = story.complaint.open_request
    assert request is not None
    assert request.answer_by == china(10, 17)
    story.now = china(10, 20)
    story.ring().do(Action.GIVE_INFORMATION, WANG).do(Action.REQUEST_INFORMATION)
    assert story.complaint.stage_clock is not None
    assert story.complaint.stage_clock.waiting_since is None, "nothing is left to stand still for"


def test_a_question_after_the_due_time_stops_nothing():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.do(Action.REQUEST_INFORMATION)
    assert story.complaint.stage_clock is not None
    assert story.complaint.stage_clock.waiting_since is None
    assert due(story) == china(10, 14)


def test_one_question_at_a_time():
    story = story_in(Stage.PLANNING).do(Action.REQUEST_INFORMATION)
    with pytest.raises(NotAllowed, match="request_open request=1"):
        story.do(Action.REQUEST_INFORMATION)


def test_whoever_adds_something_unasked_changes_no_clock():
    story = story_in(Stage.INVESTIGATING)
    clocks = story.complaint.clocks
    story.do(Action.GIVE_INFORMATION, WANG, Information(text="我想起来了，箱子也是湿的"))
    assert story.complaint.clocks == clocks


def test_the_stage_can_be_left_while_it_waits_and_the_question_is_dispensed_with():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION).do(Action.REPORT)
    assert story.complaint.open_request is None
    assert story.complaint.information_requests[0].status == "dispensed"
    assert [clock.name for clock in story.complaint.clocks] == ["stage"]


def test_the_alarms_that_were_yet_to_come_ring_by_the_new_due_time():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 12, 9)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 13, 9)
    story.do(Action.GIVE_INFORMATION, WANG)
    alarm = next_alarm(story.complaint, POLICY)
    assert alarm is not None
    assert (alarm.kind, alarm.due_at) == ("reminder", china(10, 15))
    assert alarm.moment == china(10, 13, 21)  # the evening before the last day


def storm(day: str) -> Policy:
    return policy_with(extra_holidays=[day])


def test_a_calendar_that_changes_counts_the_waits_anew_too():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 9, 18)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 12, 9)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert recount(story.complaint, story.now, storm("2026-10-10")) == [], "neither worked nor waited for, after all"
    (moved,) = recount(story.complaint, story.now, storm("2026-10-14"))
    assert moved.event.clock.due_at == china(10, 16, 15)  # type: ignore[attr-defined]


# ---- extension -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "extended"),
    [
        (Stage.RECEIVED, china(10, 13)),  # 24 hours end on Saturday the 10th, worked: the 12th is the first day after
        (Stage.INVESTIGATING, china(10, 16)),
        (Stage.PLANNING, china(10, 15)),
        (Stage.AWAITING_CONSUMER, china(10, 29)),
    ],
)
def test_an_extension_moves_the_due_time_by_working_days(stage: Stage, extended: datetime):
    story = story_in(stage)
    days = 1 if stage is Stage.RECEIVED else 2
    story.do(Action.EXTEND, submission=Extension(working_days=days, reason="等待检测报告"))
    assert due(story) == extended


def test_a_stage_is_extended_once_and_the_next_one_again():
    story = story_in(Stage.INVESTIGATING).do(Action.EXTEND)
    with pytest.raises(NotAllowed, match="extended_already"):
        story.do(Action.EXTEND)
    story.do(Action.REPORT).do(Action.EXTEND)
    assert story.complaint.extended


def test_nobody_extends_what_stands_still():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    with pytest.raises(NotAllowed, match="waits_for_answer"):
        story.do(Action.EXTEND)


def test_an_extension_that_would_end_in_the_past_is_refused():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 21)
    with pytest.raises(Invalid, match="working_days"):
        story.do(Action.EXTEND, submission=Extension(working_days=1, reason="等待检测报告"))
    assert not story.complaint.extended


def test_an_extension_after_the_due_time_leaves_the_breach_as_it_was():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.do(Action.EXTEND)
    assert [(breach.due_at, breach.void) for breach in story.complaint.breaches] == [(china(10, 14), False)]
    assert due(story) == china(10, 16)
    story.now = china(10, 16)
    assert [breach.due_at for breach in story.ring().complaint.breaches] == [china(10, 14), china(10, 16)]


def test_time_that_was_waited_for_comes_on_top_of_an_extension():
    story = story_in(Stage.INVESTIGATING).do(Action.EXTEND)  # the 15th, 24:00
    story.do(Action.REQUEST_INFORMATION)
    story.now = FRIDAY + timedelta(hours=1)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert due(story) == china(10, 16, 1)


# ---- at the very moment, and beside each other -----------------------------------------------------------------------


def test_while_the_stage_stands_still_its_own_alarms_do_too():
    """Asked before the National Day week, it waits for thirteen days, over a reminder that hours alone would bring."""
    story = Story(at=china(9, 29, 10)).do(Action.ACKNOWLEDGE)
    _, *later = POLICY.ladders[Stage.INVESTIGATING]
    early = Rung(kind="reminder", tell=(Role.CUSTOMER_SERVICE,), hours_before_due=60)
    story.policy = POLICY.model_copy(update={"ladders": POLICY.ladders | {Stage.INVESTIGATING: (early, *later)}})
    story.now = china(9, 30, 20)
    story.do(Action.REQUEST_INFORMATION)
    assert due(story) == china(10, 16)
    assert story.complaint.open_request is not None
    assert story.complaint.open_request.answer_by == china(10, 13, 20)
    alarm = next_alarm(story.complaint, story.policy)
    assert alarm is not None
    assert alarm.clock == "information 1"
    assert next_alarm(story.complaint, story.policy, story.entries[1].seq) is None, "the stage's own"
    story.now = china(10, 13, 19)
    assert [entry.kind for entry in story.ring().entries[-2:]] == ["InformationRequested", "ReminderRaised"]
    assert story.entries[-1].event.alarm.kind == "nudge"  # type: ignore[attr-defined]
    story.now = china(10, 13, 20)
    assert [entry.kind for entry in story.ring().entries[-3:]] == ["WaitExpired", "ClockResumed", "ReminderRaised"]


def test_a_question_at_the_very_moment_at_which_the_stage_is_due_stops_nothing():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14)
    story.do(Action.REQUEST_INFORMATION)
    assert story.complaint.stage_clock is not None
    assert story.complaint.stage_clock.waiting_since is None
    assert [clock.name for clock in story.complaint.clocks] == ["stage", "information 1"]
    assert story.complaint.information_requests[0].answer_by == china(10, 21), "five working days, as usual"


def test_an_extension_that_would_end_at_this_very_moment_is_refused():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 15)
    with pytest.raises(Invalid) as refusal:
        story.do(Action.EXTEND, submission=Extension(working_days=1, reason="等待检测报告"))
    assert refusal.value.faults[0].field == "working_days"
    story.now -= timedelta(seconds=1)
    assert due(story.do(Action.EXTEND, submission=Extension(working_days=1, reason="等待检测报告"))) == china(10, 15)


def test_a_calendar_that_changes_counts_a_question_anew_and_when_the_stage_is_due_at_the_latest():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    story.counted_anew(storm("2026-10-12"))
    request = story.complaint.open_request
    assert request is not None
    assert (request.answer_by, due(story)) == (china(10, 16, 15, 40), china(10, 22))
    assert story.complaint.stage_clock is not None
    assert story.complaint.stage_clock.waiting_since == FRIDAY
    assert [clock.provisional for clock in story.complaint.clocks] == [False, False]
    story.now += timedelta(hours=1)
    assert due(story.do(Action.GIVE_INFORMATION, WANG)) == china(10, 15, 1)


def test_what_the_clock_waited_for_is_told_in_the_order_of_the_questions():
    """The open question is answered first, then the last one that nobody waits for any more."""
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    story.now = china(10, 17)
    story.ring().do(Action.REQUEST_INFORMATION)
    answered = []
    for _ in range(3):
        story.do(Action.GIVE_INFORMATION, WANG)
        answered.append(next(one.event.answers for one in reversed(story.entries) if one.kind == "InformationGiven"))  # type: ignore[attr-defined]
    assert answered == ["2", "1", None]


def test_where_work_ends_at_six_a_wait_is_counted_in_hours_of_work():
    six = POLICY.model_copy(update={"close_of_business": time(18, 30)})
    assert six.working_time(china(10, 9, 12), china(10, 12)) == timedelta(hours=6.5 + 18.5)
    assert six.longest_wait(china(10, 9), ()).at == china(10, 14, 18, 30)  # the 9th, 10th, 12th, 13th, 14th
    assert six.longest_wait(china(10, 9), [(china(10, 8), china(10, 8, 18))]).at == china(10, 14, 0, 30)
    assert six.longest_wait(china(10, 9), [(china(9, 1), china(9, 30))]).at == china(10, 9)


def test_time_given_back_within_a_known_year_is_not_provisional_and_beyond_it_is():
    last = datetime(2026, 12, 31, tzinfo=SHANGHAI)
    assert not POLICY.working_time(last, last)
    for hours, reaches in ((0, False), (1, False), (24, False), (25, True)):
        due = worktime.after_working_time(last, timedelta(hours=hours), CALENDAR, SHANGHAI)
        assert due.provisional is reaches, hours
    assert not worktime.after_working_time(last + timedelta(days=1), timedelta(), CALENDAR, SHANGHAI).provisional


def test_a_second_wait_comes_on_top_of_the_first():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    story.now += timedelta(hours=1)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert story.complaint.information_requests[0].answered_at == story.now
    story.do(Action.REQUEST_INFORMATION)
    assert due(story) == china(10, 21), "one hour, and what is left of five working days"


def test_a_day_on_which_nothing_was_worked_makes_nothing_provisional():
    evening = datetime(2003, 12, 31, 20, tzinfo=SHANGHAI)  # after work, in a year that is not covered
    given = worktime.after_working_time(evening, timedelta(hours=1), CALENDAR, SHANGHAI, time(18))
    assert given == worktime.Due(datetime(2004, 1, 2, 1, tzinfo=SHANGHAI), provisional=False)


def test_what_is_provisional_stays_so_whatever_is_given_back():
    start = datetime(2026, 12, 30, 12, tzinfo=SHANGHAI)
    plain = POLICY.due(Stage.INVESTIGATING, start, start)
    given = POLICY.due(Stage.INVESTIGATING, start, start, waits=[(start, start)])
    assert plain == given
    assert given is not None
    assert given.provisional


# ---- what was waited, in the measure of the clock --------------------------------------------------------------------

FESTIVAL = (china(2, 14, 18), china(2, 24, 9))  # from the make-up Saturday over Spring Festival to the first day after


@pytest.mark.parametrize(
    ("stage", "due_at", "later"),
    [
        (Stage.RECEIVED, china(2, 15, 10), china(2, 25, 1)),  # hours: nine days and fifteen hours, around the clock
        (Stage.AWAITING_CONSUMER, china(2, 25), china(3, 6, 15)),  # days: the same
        (Stage.INVESTIGATING, china(2, 25), china(2, 25, 15)),  # working days: fifteen hours of two days
    ],
)
def test_what_was_waited_is_given_back_in_the_measure_in_which_the_clock_counts(
    stage: Stage, due_at: datetime, later: datetime
):
    assert POLICY.given_back(stage, worktime.Due(due_at, False), [FESTIVAL]) == (later, False)
    assert POLICY.given_back(stage, worktime.Due(due_at, False), [(FRIDAY, FRIDAY)]) == (due_at, False)


def test_several_waits_are_given_back_one_after_the_other():
    hour = timedelta(hours=1)
    waits = [(china(10, 12), china(10, 12) + hour), (china(10, 17), china(10, 17) + hour)]
    for stage, ends in ((Stage.AWAITING_CONSUMER, 2), (Stage.RECEIVED, 2), (Stage.PLANNING, 1)):
        given = POLICY.given_back(stage, worktime.Due(china(10, 20), False), waits)
        assert given == (china(10, 20) + ends * hour, False), "the 17th is a Saturday"


@pytest.mark.parametrize(
    ("start", "hours", "ends", "provisional"),
    [
        (china(10, 16, 12), 12, china(10, 17), False),  # Friday, 24:00, is Friday's
        (china(10, 16, 12), 13, china(10, 20), False),  # Saturday, 01:00: Monday, 24:00
        (china(12, 31, 12), 12, datetime(2027, 1, 1, tzinfo=SHANGHAI), False),
        (china(12, 31, 12), 13, datetime(2027, 1, 1, 1, tzinfo=SHANGHAI), True),
    ],
)
def test_days_given_back_end_on_a_working_day_and_may_end_in_a_year_that_nobody_knows(
    start: datetime, hours: int, ends: datetime, provisional: bool
):
    assert worktime.after_time(start, timedelta(hours=hours), CALENDAR, SHANGHAI) == (ends, provisional)


def test_days_that_end_on_a_day_off_end_when_business_closes_on_the_next():
    given = worktime.after_time(china(10, 16, 12), timedelta(days=1), CALENDAR, SHANGHAI, time(18))
    assert given == (china(10, 19, 18), False)


# ---- the last year whose notice is known -----------------------------------------------------------------------------


def asked_on(day: int, hour: int) -> Story:
    story = Story(at=china(12, 28, 10)).do(Action.ACKNOWLEDGE)  # to be investigated by the 31st, 24:00
    story.now = china(12, day, hour)
    return story.ring().do(Action.REQUEST_INFORMATION)


def test_a_question_that_waits_into_a_year_nobody_knows_is_provisional_and_so_is_its_stage():
    story = asked_on(31, 10)
    assert {clock.name: clock.provisional for clock in story.complaint.clocks} == {"stage": True, "information 1": True}
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    assert not any(clock.provisional for clock in story.complaint.clocks)


def test_what_runs_again_is_provisional_exactly_if_it_ends_in_a_year_that_nobody_knows():
    story = asked_on(31, 10)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert story.complaint.deadline is not None
    assert (due(story), story.complaint.deadline.provisional) == (datetime(2027, 1, 1, tzinfo=SHANGHAI), False)
    story = asked_on(31, 10)
    story.now += timedelta(seconds=1)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert story.complaint.deadline is not None
    assert (due(story) > datetime(2027, 1, 1, tzinfo=SHANGHAI), story.complaint.deadline.provisional) == (True, True)


def test_an_inquiry_that_ends_with_its_stage_is_provisional_exactly_if_that_is():
    story = asked_on(31, 10).do(Action.GIVE_INFORMATION, WANG).do(Action.ASK)
    clock = story.complaint.clock("inquiry 1")
    assert clock is not None
    assert (clock.due_at, clock.provisional) == (datetime(2027, 1, 1, tzinfo=SHANGHAI), False)


def test_when_the_notice_of_that_year_is_out_a_question_is_counted_anew():
    story = asked_on(31, 10)
    known = POLICY.model_copy()
    holiday = replace(CALENDAR.amended([date(2027, 1, 1)], [date(2027, 1, 2)]), last_year=2027)
    vars(known)["calendar"] = holiday
    until = story.complaint.open_request and story.complaint.open_request.answer_by
    story.counted_anew(known)
    assert story.complaint.open_request is not None
    assert story.complaint.open_request.answer_by == until, "a working Saturday for the Friday off"
    assert [clock.provisional for clock in story.complaint.clocks] == [False, False]
    assert kinds_since(story, 4) == ["DeadlineMoved", "DeadlineMoved"]


def kinds_since(story: Story, known: int) -> list[str]:
    return [entry.kind for entry in story.entries[known:]]


def test_a_second_question_that_is_counted_anew_has_what_is_left_and_one_that_nothing_stands_still_for_all_of_it():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    story.now = china(10, 13, 15, 40)  # three of the five working days
    story.do(Action.GIVE_INFORMATION, WANG).do(Action.REQUEST_INFORMATION)
    story.counted_anew(storm("2026-10-14"))
    assert story.complaint.information_requests[-1].answer_by == china(10, 16, 15, 40)
    story = used_up().do(Action.REQUEST_INFORMATION).counted_anew(storm("2026-10-20"))
    assert story.complaint.information_requests[-1].answer_by == china(10, 27)


# ---- a question that nothing stands still for ------------------------------------------------------------------------


def used_up() -> Story:
    """Investigating, in time, and the five working days have been waited."""
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    story.now = china(10, 17)
    return story.ring()


def overdue() -> Story:
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 17)
    return story.ring()


@pytest.mark.parametrize("begin", [overdue, used_up])
def test_a_question_that_nothing_stands_still_for_has_the_usual_time_and_then_makes_room(begin):
    story = begin().do(Action.REQUEST_INFORMATION)
    known, ends = len(story.entries), due(story)
    request = story.complaint.open_request
    assert request is not None
    assert request.answer_by == china(10, 24)
    assert story.complaint.deadline is not None
    assert story.complaint.deadline.waiting_since is None
    with pytest.raises(NotAllowed, match="request_open"):
        story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 24)
    mine = [entry for entry in story.ring().entries[known:] if "information" in str(entry.data.get("alarm"))]
    assert [entry.kind for entry in mine] == ["ReminderRaised", "WaitExpired"]
    assert mine[-1].sets_clock == (None, (known,))
    assert story.complaint.information_requests[-1].status == "expired"
    assert due(story) == ends, "nothing has stood still, so nothing is given back"
    assert not [clock for clock in story.complaint.clocks if clock.ladder == "information"]
    assert story.do(Action.REQUEST_INFORMATION).complaint.open_request is not None


@pytest.mark.parametrize("begin", [overdue, used_up])
def test_an_answer_to_a_question_that_nothing_stood_still_for_changes_no_due_time(begin):
    story = begin().do(Action.REQUEST_INFORMATION)
    ends = due(story)
    story.now += timedelta(hours=5)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert [clock.name for clock in story.complaint.clocks] == ["stage"]
    assert (due(story), story.complaint.information_requests[-1].status) == (ends, "answered")


def test_of_several_questions_that_nobody_waits_for_any_more_the_last_is_answered_first():
    story = overdue()
    for _ in range(2):
        story.do(Action.REQUEST_INFORMATION)
        story.now += timedelta(days=9)
        story.ring()
    assert [one.status for one in story.complaint.information_requests] == ["expired", "expired"]
    story.do(Action.GIVE_INFORMATION, WANG)
    assert [one.status for one in story.complaint.information_requests] == ["expired", "answered"]


# ---- a photograph answers --------------------------------------------------------------------------------------------

PHOTOGRAPH = EvidenceReceived(
    evidence_id="1", file_name="裂缝.jpg", content_type="image/jpeg", size=9, sha256="ab", added_by="consumer"
)
LIE = EvidenceQuarantined(
    evidence_id="1", file_name="a.exe", reason="program", size=9, sha256="ab", added_by="consumer", tell_from=FRIDAY
)


def test_a_photograph_sent_in_answer_to_a_question_answers_it():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    known = len(story.entries)
    story.now = china(10, 9, 18, 40)
    story.found(PHOTOGRAPH)
    assert [entry.kind for entry in story.entries[known:]] == ["EvidenceReceived", "ClockResumed"]
    assert story.complaint.information_requests[0].status == "answered"
    assert story.complaint.information_requests[0].answered_at == story.now
    assert due(story) == china(10, 14, 3), "the three hours are given back"
    story.now = china(10, 13)
    assert not [one for one in story.ring().entries[known:] if "information" in str(one.data.get("alarm"))]


def test_a_photograph_that_comes_after_the_wait_has_run_out_answers_all_the_same_and_gives_back_no_more():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    at_the_latest = due(story)
    story.now = china(10, 15, 16)  # twenty minutes later, and nobody has rung yet
    story.found(PHOTOGRAPH)
    assert [entry.kind for entry in story.entries[-3:]] == ["WaitExpired", "ClockResumed", "EvidenceReceived"]
    assert (due(story), story.complaint.information_requests[0].status) == (at_the_latest, "answered")


def test_a_file_that_was_refused_or_is_of_staff_answers_nothing():
    story = story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION)
    known = story.complaint.clocks
    story.found(LIE, PHOTOGRAPH.model_copy(update={"added_by": "staff", "evidence_id": "2"}))
    assert story.complaint.open_request is not None
    assert story.complaint.clocks == known


# ---- an inquiry follows its stage ------------------------------------------------------------------------------------


def inquiry(story: Story) -> datetime:
    clock = story.complaint.clock("inquiry 1")
    assert clock is not None
    assert clock.due_at == story.complaint.inquiries[0].due_at, "what runs and what is shown"
    return clock.due_at


def asked_late() -> Story:
    """On the last day of the investigation: capped by it."""
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 13, 10)
    return story.ring().do(Action.ASK)


def test_an_inquiry_asked_on_the_last_day_has_its_working_day_once_the_stage_is_extended():
    story = asked_late()
    assert inquiry(story) == china(10, 14)
    story.do(Action.EXTEND)
    assert inquiry(story) == china(10, 15)
    extended, moved = story.entries[-2:]
    assert (extended.kind, moved.kind) == ("DeadlineExtended", "InquiryMoved")
    assert (moved.actor, moved.event.public_face()) == (HOUSE, None)
    setting, stops = moved.sets_clock
    assert setting is not None
    assert (setting.due_at, setting.alarm_at, stops) == (china(10, 15), china(10, 13, 21), (moved.seq - 2,))
    story.now = china(10, 14, 9)
    assert story.ring().complaint.breaches == (), "quality is charged with nothing"
    story.now = china(10, 15)
    assert [(one.clock, one.due_at) for one in story.ring().complaint.breaches] == [("inquiry 1", china(10, 15))]


def test_an_inquiry_follows_a_stage_that_stands_still_and_one_that_runs_again():
    story = asked_late().do(Action.REQUEST_INFORMATION)
    assert inquiry(story) == china(10, 15), "its own working day, while the stage has all of five more"
    story.now += timedelta(hours=2)
    story.do(Action.GIVE_INFORMATION, WANG)
    assert due(story) == inquiry(story) == china(10, 14, 2), "earlier again"
    assert story.entries[-1].kind == "InquiryMoved"


def test_an_inquiry_asked_while_the_stage_stands_still_ends_with_it_when_it_runs_again():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 13, 10)
    story.do(Action.REQUEST_INFORMATION).do(Action.ASK)
    assert inquiry(story) == china(10, 15)
    story.now += timedelta(hours=1)
    assert inquiry(story.do(Action.GIVE_INFORMATION, WANG)) == china(10, 14, 1)


def test_an_inquiry_follows_a_stage_whose_calendar_is_corrected_both_ways():
    story = asked_late().counted_anew(storm("2026-10-12"))
    assert due(story) == inquiry(story) == china(10, 15)
    assert inquiry(story.counted_anew(POLICY)) == china(10, 14)


def test_a_breach_of_an_inquiry_that_had_passed_before_the_extension_stays():
    story = asked_late()
    story.now = china(10, 14, 9)
    story.ring().do(Action.EXTEND)
    assert inquiry(story) == china(10, 15)
    assert ("inquiry 1", china(10, 14), False) in [
        (one.clock, one.due_at, one.void) for one in story.complaint.breaches
    ]


def test_an_inquiry_asked_of_an_overdue_stage_has_its_own_time_whatever_becomes_of_the_stage():
    story = story_in(Stage.INVESTIGATING)
    story.now = china(10, 14, 9)
    story.ring().do(Action.ASK)
    assert inquiry(story) == china(10, 16)
    story.do(Action.EXTEND, submission=Extension(working_days=1, reason="等待检测报告"))
    assert (due(story), inquiry(story)) == (china(10, 15), china(10, 16))


def test_what_comes_of_an_inquiry_that_a_wait_moves_as_it_ends_by_itself_at_night_is_told_in_the_morning():
    """The 19th had been declared off and is worked after all, which nobody has counted anew yet: quality is late."""
    story = story_in(Stage.INVESTIGATING)
    story.policy, story.now = storm("2026-10-19"), china(10, 12, 22, 30)
    story.do(Action.REQUEST_INFORMATION)
    story.now = china(10, 16, 9)
    story.ring().do(Action.ASK)
    assert inquiry(story) == china(10, 21)
    story.policy, story.now = POLICY, china(10, 20, 22, 30)
    known = len(story.entries)
    rang = story.ring().entries[known:]
    assert inquiry(story) == china(10, 20)
    assert {"WaitExpired", "ClockResumed", "InquiryMoved", "DeadlineMissed"} <= {entry.kind for entry in rang}
    assert {entry.actor for entry in rang} == {CLOCK}, "nobody else has done anything"
    alarms = [entry for entry in rang if isinstance(entry.event, AlarmRaised)]
    assert {not_before(entry) for entry in alarms} == {china(10, 21, 8)}
    assert not any(notices_of(entry) for entry in rang if entry not in alarms)
