"""When everything is due, by another count: naive, day by day, from the policy's sentences and another calendar.

The life of a complaint may begin at any second of 2026 and go on at any other; whatever waits, is extended, is left, is
reopened, or is counted anew, in whatever order, is due when the sentences say, and was missed if they say so now.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import chinese_calendar
import pytest
from hypothesis import example, given, settings
from hypothesis.strategies import datetimes, integers, lists, one_of, sampled_from, tuples

from chalicelib.domain.complaint.alarms import next_alarm
from chalicelib.domain.complaint.evolution import evolve, fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Extension
from chalicelib.domain.policy.policies import Policy

from .cases import CRACKED, KETTLE, LEAD, REPORT, SUBMISSIONS, WANG, Story, policy_with

CHINA = timedelta(hours=8)  # ahead of UTC, in summer and winter
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
KNOWN = 2026  # the last year whose notice is out


class Days(NamedTuple):
    """The calendar of the notice, and days that were taken off or made working days afterwards."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def worked(self, day: date) -> bool:
        if day in self.off | self.on:
            return day in self.on
        return chinese_calendar.is_workday(day) if day.year <= KNOWN else day.weekday() < 5

    def policy(self) -> Policy:
        days = {"extra_holidays": sorted(map(str, self.off)), "extra_working_days": sorted(map(str, self.on))}
        return policy_with(**days)


def local_day(moment: datetime) -> date:
    return (moment + CHINA).date()


def midnight(day: date) -> datetime:
    """The beginning of a day in China."""
    return datetime.combine(day, time(), UTC) - CHINA


def nth_working_day(start: datetime, count: int, days: Days) -> datetime:
    """The day of the start does not count; the period ends at 24:00 of its last day."""
    day = local_day(start)
    while count:
        day += DAY
        count -= days.worked(day)
    return midnight(day + DAY)


def nth_day(start: datetime, count: int, days: Days) -> datetime:
    """The same with every day; where the last one is a day off, the next working day is the last."""
    day = local_day(start) + count * DAY
    while not days.worked(day):
        day += DAY
    return midnight(day + DAY)


def worked_between(start: datetime, end: datetime, days: Days) -> timedelta:
    """Working days last from 00:00 to 24:00."""
    total, day = timedelta(), local_day(start)
    while midnight(day) < end:
        if days.worked(day):
            total += min(end, midnight(day + DAY)) - max(start, midnight(day))
        day += DAY
    return total


def once_worked(start: datetime, long: timedelta, days: Days) -> datetime:
    """The first moment by which so much of the working days has passed."""
    day = local_day(start)
    while worked_between(start, midnight(day + DAY), days) < long:
        day += DAY
    begun = max(start, midnight(day))
    return begun + long - worked_between(start, begun, days) if long else start


def awake(moment: datetime) -> datetime:
    """The first moment from then on at which people are awake: from 8 to 21."""
    day = local_day(moment)
    begin, end = midnight(day) + timedelta(hours=8), midnight(day) + timedelta(hours=21)
    return max(moment, begin) if moment <= end else begin + DAY


class Reckoned(NamedTuple):
    """A due time; `counted`: days were counted up to it, not only hours."""

    at: datetime
    counted: bool = True

    @property
    def provisional(self) -> bool:
        return self.counted and local_day(self.at - SECOND).year > KNOWN


class Promise:
    """The stage, or an inquiry, or a measure, as the sentences have it."""

    def __init__(self, name: str, count: Callable[[Days], Reckoned], days: Days) -> None:
        self.name = name
        self.count = count
        self.extended_by = 0
        self.waits: list[tuple[datetime, datetime]] = []
        self.waiting: tuple[datetime, datetime] | None = None
        self.missed = False
        self.due = self.by(days)

    def kept(self) -> "Promise":
        """As it stands, whatever becomes of it."""
        same = copy(self)
        same.waits = list(self.waits)
        return same

    @property
    def terms(self) -> tuple[Any, ...]:
        return self.name, self.count, self.extended_by, *self.waits

    def by(self, days: Days, *waits: tuple[datetime, datetime]) -> Reckoned:
        """An extension adds working days; then what was waited is given back as working time."""
        due = self.count(days)
        if self.extended_by:
            due = Reckoned(nth_working_day(due.at - SECOND, self.extended_by, days))
        for wait in (*self.waits, *waits):
            if waited := worked_between(*wait, days):
                due = Reckoned(once_worked(due.at, waited, days))
        return due


@dataclass
class Missed:
    """A promise that was missed, as it was; `until`: when it was kept after all, or another took its place."""

    promise: Promise
    due: datetime
    until: datetime | None = None
    void: bool = False


class Reckoning:
    """All promises of one complaint. A due time is missed if it stands when it comes; it is void if it was wrong."""

    def __init__(self, received: datetime, days: Days) -> None:
        self.received = received
        self.days = days
        self.missed: list[Missed] = []
        self.acknowledged = self.reported = False
        self.done: list[Promise] = []
        self.inquiries: list[Promise] = []
        self.measures: list[Promise] = []
        self.stage: Promise | None = None
        self.begin("received", received)

    def begin(self, stage: str, now: datetime) -> None:
        """Acknowledgement 24 hours, the report 3 working days after receipt, the plan 2 after it, then 15 days."""
        self.ends(now, *self.inquiries, *([self.stage] if self.stage else []))
        self.inquiries = []
        self.extended = False
        self.entered = now
        self.acknowledged |= stage == "investigating"
        self.reported |= stage == "planning"
        received = self.received
        rules: dict[str, Callable[[Days], Reckoned]] = {
            "received": lambda days: Reckoned(received + timedelta(hours=24), counted=False),
            "investigating": lambda days: Reckoned(nth_working_day(received, 3, days)),
            "planning": lambda days: Reckoned(nth_working_day(now, 2, days)),
            "awaiting_consumer": lambda days: Reckoned(nth_day(now, 15, days)),
        }
        self.name = stage
        self.stage = Promise("stage", rules[stage], self.days) if stage in rules else None

    def reopen(self, now: datetime) -> None:
        """Into the first stage whose work was never done; what counted from the receipt counts from now."""
        self.received = now
        undone = "planning" if self.reported else "investigating" if self.acknowledged else "received"
        self.begin(undone, now)

    def ends(self, now: datetime, *promises: Promise) -> None:
        """They are kept now, or others take their place."""
        for one in self.missed:
            if one.until is None and one.promise.name in [promise.name for promise in promises]:
                one.until = now

    def ask_department(self, number: int, now: datetime) -> None:
        """By the end of the next working day, and not later than the stage unless that is over."""
        assert self.stage
        stage = self.stage.due.at
        cap = stage if stage > now else datetime.max.replace(tzinfo=UTC)

        def count(days: Days) -> Reckoned:
            return Reckoned(min(cap, nth_working_day(now, 1, days)))

        self.inquiries.append(Promise(f"inquiry {number}", count, self.days))

    def ask_consumer(self, now: datetime) -> None:
        """The stage stands still for the answer, if it is not over: five working days at the most, in all its waits."""
        assert self.stage
        had = sum((worked_between(*wait, self.days) for wait in self.stage.waits), timedelta())
        until = once_worked(now, max(5 * DAY - had, timedelta()), self.days)
        if self.stage.due.at > now and until > now:
            self.ends(now, self.stage)
            self.stage.waiting = now, until
            self.stage.due = self.stage.by(self.days, self.stage.waiting)

    def go_on(self, now: datetime) -> None:
        stage = self.stage
        if stage and stage.waiting:
            since, until = stage.waiting
            stage.waits.append((since, min(now, until)))
            stage.waiting = None
            stage.due = stage.by(self.days)

    def extend(self, working_days: int, now: datetime) -> bool:
        """Once a stage, while it runs, if it then lies ahead."""
        stage = self.stage
        if stage is None or self.extended or stage.waiting:
            return False
        stage.extended_by = working_days
        longer = stage.by(self.days)
        if longer.at <= now:
            stage.extended_by = 0
            return False
        self.extended = True
        self.ends(now, stage)
        stage.due, stage.missed = longer, False
        return True

    def recount(self, days: Days, now: datetime) -> None:
        """What was missed is missed if by this count it was not kept in time, once a promise; else it is void."""
        self.days = days
        for number, one in enumerate(self.missed):
            again = one.promise.terms in [later.promise.terms for later in self.missed[number + 1 :]]
            one.void = again or one.promise.by(days).at > (one.until or now)
        standing = [one.promise.terms for one in self.missed if not one.void]
        for promise in self.running:
            due = promise.by(days)
            awaits = promise is self.stage and self.name == "awaiting_consumer"
            too_late_to_tell = awaits and due.at < promise.due.at and due.at <= awake(now)
            if not promise.waiting and not too_late_to_tell:
                promise.due, promise.missed = due, promise.terms in standing

    def pass_by(self, now: datetime) -> None:
        """What comes due is missed; a wait that has lasted long enough ends; a plan without an answer lapses."""
        if self.stage and self.stage.waiting and self.stage.waiting[1] <= now:
            self.go_on(now)
        for promise in self.running:
            lapses = promise is self.stage and self.name == "awaiting_consumer"
            if promise.due.at <= now and not promise.missed and not promise.waiting and not lapses:
                promise.missed = True
                self.missed.append(Missed(promise.kept(), promise.due.at))
        if self.name == "awaiting_consumer" and self.stage and self.stage.due.at <= now:
            self.begin("closed", now)

    @property
    def running(self) -> list[Promise]:
        return [*([self.stage] if self.stage else []), *self.inquiries, *self.undone]

    @property
    def undone(self) -> list[Promise]:
        return [one for one in self.measures if one not in self.done]


# ---- any life of 2026 ------------------------------------------------------------------------------------------------

TURNS = [date(2026, 1, 3), date(2026, 2, 13), date(2026, 2, 27), date(2026, 5, 8), date(2026, 9, 19), date(2026, 10, 9)]
TURNS += [date(2026, 1, 1), date(2026, 9, 30), date(2026, 12, 24), date(2026, 12, 29), date(2026, 12, 31)]
AT_THE_EDGE = tuples(sampled_from(TURNS), integers(0, 2), sampled_from([-1, 0, 1])).map(
    lambda it: midnight(it[0] + it[1] * DAY) + it[2] * SECOND
)
MOMENTS = one_of(
    datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31, 15)).map(  # noqa: DTZ001 — made aware at once
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    ),
    AT_THE_EDGE,
)
LATER = one_of(integers(0, 9 * 24 * 3600), integers(0, 36 * 3600)).map(lambda seconds: ("after", seconds))
SOON = one_of(integers(0, 5 * 3600), integers(0, 60 * 3600)).map(lambda seconds: ("after", seconds))
ABOUT_DUE = sampled_from([-1, 0, 1]).map(lambda seconds: ("due", seconds))
"""When somebody acts next: so many seconds later, or about the moment at which the stage is due."""
DEEDS = ["goes on", "asks the consumer", "consumer answers", "asks a department", "department answers", "extends"]
DEEDS += ["asks the consumer", "consumer answers", "storm", "storm", "late notice", "late notice"]
DEEDS += ["withdraws", "reopens", "reopens", "measure done"]
BEFORE = sampled_from([0, 1, 1, 1, 2, 2, 3, 4]).flatmap(
    lambda many: lists(SOON | LATER | ABOUT_DUE, min_size=many, max_size=many)
)
"""How a stage was reached: when each one before it was left."""
STEPS = lists(tuples(SOON | SOON | ABOUT_DUE, sampled_from(DEEDS), integers(1, 5)), min_size=1, max_size=8)
STRAIGHT = {
    "received": (Action.ACKNOWLEDGE, "investigating"),
    "investigating": (Action.REPORT, "planning"),
    "planning": (Action.PROPOSE_PLAN, "awaiting_consumer"),
}
IN_ANY_CASE = SUBMISSIONS | {Action.REPORT: REPORT.model_copy(update={"without_inquiries": "照片已足够"})}


def acts(story: Story, told: Reckoning, deed: str, which: int) -> None:
    """Somebody does something, if it can be done, and the reckoning follows."""
    now, at_work = story.now, told.name in ("investigating", "planning")
    complaint = story.complaint
    match deed:
        case "goes on" if told.name in STRAIGHT:
            action, stage = STRAIGHT[told.name]
            story.do(action, submission=IN_ANY_CASE[action])
            told.begin(stage, now)
            for inquiry in story.complaint.open_inquiries:
                told.ask_department(int(inquiry.inquiry_id), now)
        case "goes on" if told.name == "awaiting_consumer" and which > 2:
            story.do(Action.OBJECT_TO_PLAN, WANG)
            told.begin("planning", now)
        case "goes on" if told.name == "awaiting_consumer":
            story.do(Action.ACCEPT_PLAN, WANG)
            told.begin("closed", now)
            for promised in story.complaint.follow_ups[len(told.measures) :]:
                within = lambda days: Reckoned(nth_day(now, 5, days))  # noqa: E731
                told.measures.append(Promise(f"follow_up {promised.number}", within, told.days))
        case "asks the consumer" if at_work and not complaint.open_request:
            story.do(Action.REQUEST_INFORMATION)
            told.ask_consumer(now)
        case "consumer answers" if told.stage:
            story.do(Action.GIVE_INFORMATION, WANG)
            told.go_on(now)
        case "asks a department" if at_work:
            story.do(Action.ASK)
            told.ask_department(len(complaint.inquiries) + 1, now)
        case "department answers" if at_work and complaint.open_inquiries:
            first = complaint.open_inquiries[0].inquiry_id
            story.do(Action.ANSWER_INQUIRY, part=first)
            told.inquiries = [one for one in told.inquiries if one.name != f"inquiry {first}"]
            told.ends(now, Promise(f"inquiry {first}", lambda days: Reckoned(now), told.days))
        case "withdraws" if told.stage:
            story.do(Action.WITHDRAW, WANG)
            told.begin("closed", now)
        case "reopens" if told.name == "closed" and now - told.entered < 28 * DAY:
            story.do(Action.REOPEN, LEAD)
            told.reopen(now)
        case "measure done" if told.undone and told.name in ("planning", "awaiting_consumer", "closed"):
            measure = told.undone[0]
            story.do(Action.COMPLETE_FOLLOW_UP, part=measure.name.removeprefix("follow_up "))
            told.ends(now, measure)
            told.done.append(measure)
        case "extends" if told.extend(which, now):
            story.do(Action.EXTEND, submission=Extension(working_days=which, reason="等待检测报告"))
        case "storm" | "late notice":
            day = local_day(now) + (which - 2) * DAY
            off, on = (told.days.off - {day}, told.days.on - {day})
            days = Days(off | {day}, on) if deed == "storm" else Days(off, on | {day})
            story.counted_anew(days.policy())
            told.recount(days, now)


def agree(story: Story, told: Reckoning) -> None:
    complaint = story.complaint
    assert complaint.stage == told.name
    shown = {clock.name: (clock.due_at, clock.provisional) for clock in complaint.clocks}
    shown = {name: due for name, due in shown.items() if not name.startswith("information")}
    assert shown == {one.name: (one.due.at, one.due.provisional) for one in told.running}
    parts = {f"inquiry {one.inquiry_id}": one.due_at for one in complaint.open_inquiries}
    parts |= {f"follow_up {one.number}": one.due_at for one in complaint.follow_ups}
    assert parts == {one.name: one.due.at for one in (*told.inquiries, *told.measures)}, "what is shown of them"
    waiting = complaint.stage_clock and complaint.stage_clock.waiting_since
    assert waiting == (told.stage and told.stage.waiting and told.stage.waiting[0])
    missed = [(one.clock, one.due_at, one.void) for one in complaint.breaches]
    assert sorted(missed) == sorted((one.promise.name, one.due, one.void) for one in told.missed)


LAST_WEEK = midnight(date(2026, 12, 25)) + timedelta(hours=9)  # the report is due on the 30th at 24:00
AN_HOURS_WAIT = [(("after", 0), "asks the consumer", 1), (("after", 3600), "consumer answers", 1)]


@settings(max_examples=200)
@example(start=LAST_WEEK, filing=KETTLE, before=[("after", 0)], steps=AN_HOURS_WAIT)
@given(start=MOMENTS, filing=sampled_from([KETTLE, CRACKED]), before=BEFORE, steps=STEPS)
def test_everything_is_due_when_the_sentences_of_the_policy_say(start, filing, before, steps):
    story, told = Story(filing, start), Reckoning(start, Days())
    agree(story, told)
    for (how, seconds), deed, which in [*((later, "goes on", 1) for later in before), *steps]:
        since = told.stage.due.at if how == "due" and told.stage else story.now
        story.now = max(story.now, since + seconds * SECOND)
        told.pass_by(story.now)
        agree(story.ring(), told)
        acts(story, told, deed, which)
        told.pass_by(story.now)
        agree(story.ring(), told)
    clocks_say_when_they_ring_and_name_what_they_stop(story)


def clocks_say_when_they_ring_and_name_what_they_stop(story: Story) -> None:
    """What starts and stops the alarm clocks outside is read from the entry alone."""
    complaint = fold(story.entries[:1])
    running: set[int] = set()
    for entry, policy in zip(story.entries, story.policies, strict=True):
        complaint = evolve(complaint, entry) if entry.seq > 1 else complaint
        setting, stops = entry.sets_clock
        now = {clock.number for clock in complaint.clocks if not clock.waiting_since}
        assert set(stops) == running - now
        if setting:
            alarm = next_alarm(complaint, policy, entry.seq)
            assert setting.alarm_at == (alarm and alarm.moment)
        running = now


TURNING = sorted({turn + day * DAY for turn in TURNS for day in range(-6, 8)})
"""The days about New Year, holidays and the weekends that are worked for them."""


@pytest.mark.parametrize("day", [day for day in TURNING if day.year == KNOWN], ids=str)
def test_a_whole_life_and_a_reopening_are_due_as_the_sentences_say_on_each_day_at_which_the_calendar_turns(day: date):
    start = midnight(day) + timedelta(hours=15, minutes=40)
    story, told = Story(KETTLE, start), Reckoning(start, Days())
    goes_on = ["goes on", "goes on", "goes on", "reopens", "goes on", "goes on", "measure done", "withdraws", "reopens"]
    for deed in ["withdraws", "reopens", "goes on", "withdraws", "reopens", *goes_on]:
        acts(story, told, deed, 1)
        agree(story, told)
        story.now += timedelta(hours=20)
        told.pass_by(story.now)
        agree(story.ring(), told)
