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
from chalicelib.domain.complaint.submissions import Extension, ReviewRequest
from chalicelib.domain.policy.policies import Policy

from .cases import CRACKED, KETTLE, LEAD, PHOTOGRAPH, REJECTION, REPORT, SUBMISSIONS, WANG, Story, policy_with

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


def passed(start: datetime, long: timedelta, days: Days) -> datetime:
    """So much later, around the clock; where that is a day off, at the end of the next working day."""
    day = local_day(start + long - SECOND)
    if not long or days.worked(day):
        return start + long
    while not days.worked(day):
        day += DAY
    return midnight(day + DAY)


class Reckoned(NamedTuple):
    """A due time; `counted`: days were counted up to it, not only hours."""

    at: datetime
    counted: bool = True

    @property
    def provisional(self) -> bool:
        return self.counted and local_day(self.at - SECOND).year > KNOWN


class Promise:
    """The stage, or an inquiry, or a measure, as the sentences have it. `in_days`: it counts around the clock.

    `cap`: what it is never due after; `awaited`: what it stands still for since it is `waiting`.
    """

    def __init__(
        self,
        name: str,
        count: Callable[[Days], Reckoned],
        days: Days,
        *,
        in_days: bool = False,
        cap: "Promise | None" = None,
    ) -> None:
        self.name = name
        self.count = count
        self.in_days = in_days
        self.cap = cap
        self.moved = 0
        self.extended_by = 0
        self.waits: list[tuple[datetime, datetime]] = []
        self.waiting: datetime | None = None
        self.awaited: Promise | None = None
        self.missed = False
        self.due = self.by(days)

    def kept(self) -> "Promise":
        """As it stands, whatever becomes of it and of what it depends on."""
        same = copy(self)
        same.waits = list(self.waits)
        same.cap, same.awaited = self.cap and self.cap.kept(), self.awaited and self.awaited.kept()
        return same

    @property
    def terms(self) -> tuple[Any, ...]:
        """What makes it another promise."""
        return self.name, self.count, self.extended_by, self.moved, self.waiting, *self.waits

    def by(self, days: Days, *, anew: bool = False) -> Reckoned:
        """An extension adds working days; then what was waited is given back, in the measure of the period.

        What it depends on is due when it is said to be, or, `anew`, when these days say.
        """

        def other(one: Promise) -> Reckoned:
            return one.by(days, anew=True) if anew else one.due

        due = self.count(days)
        if self.extended_by:
            due = Reckoned(nth_working_day(due.at - SECOND, self.extended_by, days))
        waits = [*self.waits, *([(self.waiting, other(self.awaited).at)] if self.waiting and self.awaited else [])]
        for wait in waits:
            if self.in_days:
                due = Reckoned(passed(due.at, wait[1] - wait[0], days))
            elif waited := worked_between(*wait, days):
                due = Reckoned(once_worked(due.at, waited, days))
        return min(due, other(self.cap)) if self.cap else due


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
        self.acknowledged = self.reported = self.planned = False
        self.done: list[Promise] = []
        self.inquiries: list[Promise] = []
        self.measures: list[Promise] = []
        self.stage: Promise | None = None
        self.question: Promise | None = None
        self.words: Promise | None = None
        self.begin("received", received)

    def begin(self, stage: str, now: datetime, *, review: bool = False) -> None:
        """Acknowledgement 24 hours, the report 3 working days after receipt, the plan 2 after it, then 15 days; where
        another person is to decide the plan 5."""
        self.inquiries = []
        self.question = self.words = None
        self.extended = False
        self.entered = now
        self.acknowledged |= stage == "investigating"
        self.reported |= stage == "planning"
        self.planned |= stage == "awaiting_consumer"
        received = self.received
        rules: dict[str, Callable[[Days], Reckoned]] = {
            "received": lambda days: Reckoned(received + timedelta(hours=24), counted=False),
            "investigating": lambda days: Reckoned(nth_working_day(received, 3, days)),
            "planning": lambda days: Reckoned(nth_working_day(now, 5 if review else 2, days)),
            "awaiting_consumer": lambda days: Reckoned(nth_day(now, 15, days)),
        }
        self.name = stage
        in_days = stage == "awaiting_consumer"
        self.stage = Promise("stage", rules[stage], self.days, in_days=in_days) if stage in rules else None
        self.note_ends(now)

    def reopen(self, now: datetime) -> None:
        """Into the first stage whose work was never done; what counted from the receipt counts from now."""
        self.received = now
        self.planned = False
        undone = "planning" if self.reported else "investigating" if self.acknowledged else "received"
        self.begin(undone, now)

    def note_ends(self, now: datetime) -> None:
        """What was missed and is promised no more was kept now, or another promise took its place."""
        promised = [one.terms for one in self.running]
        for one in self.missed:
            if one.until is None and one.promise.terms not in promised:
                one.until = now

    def ask_department(self, number: int, now: datetime) -> None:
        """By the end of the next working day, and not later than the stage is due by now, unless that is over."""
        assert self.stage
        capped = self.stage.waiting or self.stage.due.at > now
        within = lambda days: Reckoned(nth_working_day(now, 1, days))  # noqa: E731
        cap = self.stage if capped else None
        self.inquiries.append(Promise(f"inquiry {number}", within, self.days, cap=cap))

    def ask_departments(self, story: Story, now: datetime) -> None:
        """Those that are asked as a stage begins."""
        for inquiry in story.complaint.open_inquiries:
            self.ask_department(int(inquiry.inquiry_id), now)

    def department_answers(self, number: str, now: datetime) -> None:
        self.inquiries = [one for one in self.inquiries if one.name != f"inquiry {number}"]
        self.note_ends(now)

    def measure_done(self, measure: Promise, now: datetime) -> None:
        self.done.append(measure)
        self.note_ends(now)

    def ask_consumer(self, now: datetime) -> None:
        """The stage stands still for the answer, if it is not over: five working days at the most, in all its waits.

        For another question it does not, and that has five working days for itself.
        """
        assert self.stage
        stage, waits = self.stage, tuple(self.stage.waits)

        def left(days: Days) -> timedelta:
            return 5 * DAY - sum((worked_between(*wait, days) for wait in waits), timedelta())

        holds = stage.due.at > now and left(self.days) > timedelta()
        self.question = Promise(
            "question", lambda days: Reckoned(once_worked(now, left(days) if holds else 5 * DAY, days)), self.days
        )
        if holds:
            stage.waiting, stage.awaited = now, self.question
        self.settle(now)

    def hear(self, now: datetime, words: str) -> None:
        """The consumer says something, or sends a photograph: the answer to a question, or about the plan."""
        if self.question:
            self.question = None
            self.go_on(now, now)
        if self.name == "awaiting_consumer" and self.stage and not self.words:
            self.words = Promise(words, lambda days: Reckoned(nth_working_day(now, 1, days)), self.days)
            self.stage.waiting, self.stage.awaited = now, self.words
            self.settle(now)

    def read(self, now: datetime) -> None:
        self.words = None
        self.go_on(now, now)

    def go_on(self, until: datetime, now: datetime) -> None:
        """The stage stood still until then, if it did; it is said now."""
        if self.stage and self.stage.waiting:
            self.stage.waits.append((self.stage.waiting, until))
            self.stage.waiting = self.stage.awaited = None
            self.settle(now)

    def settle(self, now: datetime) -> None:
        """The stage ends by what it stands still for now, at the latest; inquiries by what it has become.

        An inquiry that is due at another time for that is another promise. Missed stays missed where that is over too.
        """
        assert self.stage
        self.stage.due = self.stage.by(self.days)
        for inquiry in self.inquiries:
            before, inquiry.due = inquiry.due, inquiry.by(self.days)
            if before != inquiry.due:
                inquiry.moved += 1
                inquiry.missed &= inquiry.due.at <= now
        self.note_ends(now)

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
        stage.missed = False
        self.settle(now)
        return True

    def recount(self, days: Days, now: datetime) -> None:
        """What was missed is missed if by this count it was not kept in time, once a promise; else it is void.

        What others depend on is counted before them. No date to answer by moves earlier, to where nobody is told of it.
        """
        self.days = days
        for number, one in enumerate(self.missed):
            again = one.promise.terms in [later.promise.terms for later in self.missed[number + 1 :]]
            one.void = again or one.promise.by(days, anew=True).at > (one.until or now)
        standing = [one.promise.terms for one in self.missed if not one.void]
        for promise in self.running:
            due = promise.by(days)
            too_late_to_tell = due.at < promise.due.at and due.at <= awake(now) and not promise.waiting
            if due == promise.due or (too_late_to_tell and self.awaits_consumer(promise)):
                continue
            promise.due, promise.missed = due, promise.terms in standing or (promise.missed and due.at <= now)

    def pass_by(self, now: datetime) -> None:
        """What comes due is missed; a wait that has lasted long enough ends; a plan without an answer lapses."""
        if self.question and self.question.due.at <= now:
            until = self.question.due.at
            self.miss(until)
            self.question = None
            self.go_on(until, now)
        self.miss(now)
        if self.name == "awaiting_consumer" and self.stage and not self.stage.waiting and self.stage.due.at <= now:
            self.begin("closed", now)

    def miss(self, until: datetime) -> None:
        for promise in self.running:
            spared = promise.missed or promise.waiting or self.awaits_consumer(promise)
            if promise.due.at <= until and not spared:
                promise.missed = True
                self.missed.append(Missed(promise.kept(), promise.due.at))

    def awaits_consumer(self, promise: Promise) -> bool:
        return promise is self.question or (promise is self.stage and self.name == "awaiting_consumer")

    def asked_at(self, now: datetime) -> datetime | None:
        """At 10:00 on the third day after a closure that had a plan; None once they were, or if they are not to be."""
        asked = midnight(local_day(self.entered) + 3 * DAY) + timedelta(hours=10)
        return asked if self.name == "closed" and self.planned and now < asked else None

    @property
    def running(self) -> list[Promise]:
        """What others depend on first."""
        alone = (self.question, self.words, self.stage)
        return [*(one for one in alone if one), *self.inquiries, *self.undone]

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
DEEDS += [
    "asks for review",
    "asks for review",
    "photograph",
    "reads",
    "withdraws",
    "reopens",
    "reopens",
    "measure done",
]
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
IN_ANY_CASE = SUBMISSIONS | {
    Action.REPORT: REPORT.model_copy(update={"without_inquiries": "照片已足够"}),
    Action.PROPOSE_PLAN: REJECTION,
}


def acts(story: Story, told: Reckoning, deed: str, which: int) -> None:
    """Somebody does something, if it can be done, and the reckoning follows."""
    now, at_work = story.now, told.name in ("investigating", "planning")
    complaint = story.complaint
    match deed:
        case "goes on" if told.name in STRAIGHT:
            action, stage = STRAIGHT[told.name]
            story.do(action, LEAD if complaint.review_requested_at else None, IN_ANY_CASE[action])
            told.begin(stage, now)
            told.ask_departments(story, now)
        case "goes on" if told.name == "awaiting_consumer" and which > 2:
            story.do(Action.OBJECT_TO_PLAN, WANG)
            told.begin("planning", now)
        case "goes on" if told.name == "awaiting_consumer":
            story.do(Action.ACCEPT_PLAN, WANG)
            told.begin("closed", now)
            for promised in story.complaint.follow_ups[len(told.measures) :]:
                within = lambda days: Reckoned(nth_day(now, 5, days))  # noqa: E731
                told.measures.append(Promise(f"follow_up {promised.number}", within, told.days))
        case "asks for review" if complaint.rejection_to_review and now - told.entered < 13 * DAY:
            story.do(Action.REQUEST_REVIEW, WANG, ReviewRequest(reason="请换人处理。"))
            told.planned &= told.name != "closed"
            told.begin("planning", now, review=True)
        case "asks the consumer" if at_work and not complaint.open_request:
            story.do(Action.REQUEST_INFORMATION)
            told.ask_consumer(now)
        case "consumer answers" | "photograph" if told.stage:
            known = len(story.entries)
            _ = story.do(Action.GIVE_INFORMATION, WANG) if deed == "consumer answers" else story.found(PHOTOGRAPH)
            told.hear(now, f"words {known + 1}")
        case "reads" if told.words:
            story.do(Action.READ_INFORMATION)
            told.read(now)
        case "asks a department" if at_work:
            story.do(Action.ASK)
            told.ask_department(len(complaint.inquiries) + 1, now)
        case "department answers" if at_work and complaint.open_inquiries:
            first = complaint.open_inquiries[0].inquiry_id
            story.do(Action.ANSWER_INQUIRY, part=first)
            told.department_answers(first, now)
        case "withdraws" if told.stage:
            story.do(Action.WITHDRAW, WANG)
            told.begin("closed", now)
        case "reopens" if told.name == "closed" and now - told.entered < 28 * DAY:
            story.do(Action.REOPEN, LEAD)
            told.reopen(now)
            told.ask_departments(story, now)
        case "measure done" if told.undone and told.name in ("planning", "awaiting_consumer", "closed"):
            measure = told.undone[0]
            story.do(Action.COMPLETE_FOLLOW_UP, part=measure.name.removeprefix("follow_up "))
            told.measure_done(measure, now)
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
    shown = {"question" if name.startswith("information") else name: due for name, due in shown.items()}
    assert (shown.pop("survey", None) or (None,))[0] == told.asked_at(story.now), "the consumer is asked how it was"
    assert shown == {one.name: (one.due.at, one.due.provisional) for one in told.running}
    parts = {f"inquiry {one.inquiry_id}": one.due_at for one in complaint.open_inquiries}
    parts |= {f"follow_up {one.number}": one.due_at for one in complaint.follow_ups}
    assert parts == {one.name: one.due.at for one in (*told.inquiries, *told.measures)}, "what is shown of them"
    waiting = complaint.stage_clock and complaint.stage_clock.waiting_since
    assert waiting == (told.stage and told.stage.waiting)
    assert (complaint.open_request and complaint.open_request.answer_by) == (told.question and told.question.due.at)
    missed = [(one.clock, one.due_at, one.void) for one in complaint.breaches]
    assert sorted(missed) == sorted((one.promise.name, one.due, one.void) for one in told.missed)


LAST_WEEK = midnight(date(2026, 12, 25)) + timedelta(hours=9)  # the report is due on the 30th at 24:00
AN_HOURS_WAIT = [(("after", 0), "asks the consumer", 1), (("after", 3600), "consumer answers", 1)]
REVIEWED = [
    (("after", 60), "goes on", 1),
    (("after", 60), "asks for review", 1),
    (("after", 60), "asks the consumer", 1),
    (("after", 3600), "consumer answers", 1),
    (("after", 60), "extends", 2),
    (("after", 60), "storm", 3),
    (("after", 3600), "goes on", 1),
]
ASKED_ANEW = [(("after", 0), "withdraws", 1), (("after", 60), "reopens", 1)]  # what acknowledging it had asked quality


@settings(max_examples=200)
@example(start=LAST_WEEK, filing=KETTLE, before=[("after", 0)], steps=AN_HOURS_WAIT)
@example(start=LAST_WEEK, filing=CRACKED, before=[("after", 0)], steps=ASKED_ANEW)
@example(start=LAST_WEEK, filing=KETTLE, before=[("after", 0)] * 3, steps=REVIEWED)
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
