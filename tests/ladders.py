"""The policy's alarms by hand: what had to ring about a complaint, by its words and the calendar of the autumn of 2026.

It shares nothing with the house but what the house says happened, and when. A test, and `make siege`, hold the house
against it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, count, dropwhile, pairwise, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from tests.examples import PLAN

CHINA = ZoneInfo("Asia/Shanghai")

WORKING_DAYS = [
    *[date(2026, 10, day) for day in (9, 10)],  # the 10th is a Saturday that makes up for the National Day holiday
    *[date(2026, 10, day) for day in (12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30)],
    *[date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30)],
]
DAY = timedelta(days=1)
LONGEST_WAIT = 5 * DAY  # of working time

Ring = tuple[str, datetime]
EXACT = ("DeadlineMissed", "ComplaintLapsed", "WaitExpired", "SurveyExpired")
"""What rings although its moment had passed when the clock began."""


def working_day(after: date, number: int) -> date:
    """The `number`-th working day after a day, which does not count itself."""
    return WORKING_DAYS[bisect_right(WORKING_DAYS, after) + number - 1]


def at(day: date, hour: int) -> datetime:
    """That hour of a day; 24 is where the next begins."""
    return datetime.combine(day, time(), CHINA) + timedelta(hours=hour)


def awake_before(moment: datetime) -> datetime:
    """The latest moment up to this one between 8 and 21 o'clock."""
    day = moment.astimezone(CHINA).date()
    return at(day - DAY, 21) if moment < at(day, 8) else min(moment, at(day, 21))


def awake_after(moment: datetime) -> datetime:
    """The first moment from this one on between 8 and 21 o'clock."""
    day = moment.astimezone(CHINA).date()
    return at(day + DAY, 8) if moment > at(day, 21) else max(moment, at(day, 8))


def every_morning(after: datetime) -> Iterator[Ring]:
    """08:00 of every working day after the day of a moment."""
    for number in count(1):
        yield "Escalated", at(working_day(after.astimezone(CHINA).date(), number), 8)


def working_time(start: datetime, end: datetime) -> timedelta:
    """How much of a time lies in working days, of which each has 24 hours."""
    return sum((max(timedelta(), min(end, at(day, 24)) - max(start, at(day, 0))) for day in WORKING_DAYS), timedelta())


def later(moment: datetime, wait: timedelta) -> datetime:
    """The moment up to which that much working time goes by."""
    days = (day for day in WORKING_DAYS if at(day, 24) > moment)
    day = next(day for day in days if working_time(moment, at(day, 24)) >= wait)
    return at(day, 24) - (working_time(moment, at(day, 24)) - wait)


def end_of(start: datetime, number: int) -> datetime:
    """The end of that many working days."""
    return at(working_day(start.astimezone(CHINA).date(), number), 24)


def end_of_days(start: datetime, number: int) -> datetime:
    """The end of that many days, or of the working day that follows on them."""
    last = start.astimezone(CHINA).date() + number * DAY
    return at(last if last in WORKING_DAYS else working_day(last, 1), 24)


def last_day(due: datetime) -> date:
    """The day that something due at 24 o'clock, or before, is due on."""
    return (due - timedelta(seconds=1)).astimezone(CHINA).date()


def acknowledgement(due: datetime) -> Iterator[Ring]:
    escalated = awake_after(due + timedelta(hours=24))
    yield "ReminderRaised", awake_before(due - timedelta(hours=4))
    yield "DeadlineMissed", due
    yield "Escalated", escalated
    yield from every_morning(escalated)


def measure(due: datetime) -> Iterator[Ring]:
    yield "ReminderRaised", at(last_day(due) - DAY, 21)
    yield "DeadlineMissed", due


def inquiry(due: datetime) -> Iterator[Ring]:
    yield from measure(due)
    yield "Escalated", at(working_day(last_day(due), 1) + DAY, 8)


def work(due: datetime) -> Iterator[Ring]:
    yield from inquiry(due)
    yield from every_morning(at(working_day(last_day(due), 1) + DAY, 8))


def answer(entered: datetime) -> Iterator[Ring]:
    yield "ReminderRaised", end_of(entered, 3) + timedelta(hours=8)
    yield "ReminderRaised", end_of(entered, 7) + timedelta(hours=8)
    yield "ComplaintLapsed", end_of_days(entered, 15)


def question(asked: datetime) -> Iterator[Ring]:
    yield "ReminderRaised", end_of(asked, 2) + timedelta(hours=8)
    yield "WaitExpired", later(asked, LONGEST_WAIT)


def survey(closed: datetime) -> Iterator[Ring]:
    yield "SurveyDue", at(closed.astimezone(CHINA).date() + 3 * DAY, 10)


def survey_answer(asked: datetime) -> Iterator[Ring]:
    yield "ReminderRaised", awake_after(asked + 4 * DAY)
    yield "SurveyExpired", at(asked.astimezone(CHINA).date() + 14 * DAY, 24)


@dataclass(frozen=True)
class Clock:
    """A stage, or what has a due time of its own like "inquiry 1": from when until when, and what could ring."""

    name: str
    begun: datetime
    ended: datetime
    rings: Iterator[Ring]

    def demanded(self) -> list[Ring]:
        """What had to ring."""
        rung = takewhile(lambda ring: ring[1] <= self.ended, self.rings)
        return [ring for ring in rung if ring[1] >= self.begun or ring[0] in EXACT]


@dataclass(frozen=True)
class Record:
    """What is on record of a complaint: its whole timeline, as staff see it. It has one inquiry, one question, one
    promised measure and one survey, which nobody answers, at most."""

    timeline: list[dict[str, Any]]

    def rung(self) -> list[tuple[str, Ring]]:
        """The alarms on record: whose they were, kind, and the moment each was meant for."""
        alarms = [(one["type"], one["details"]["alarm"]) for one in self.timeline if "alarm" in one["details"]]
        return [(whose(alarm), (kind, instant(alarm["moment"]))) for kind, alarm in alarms]

    def demanded(self, now: datetime) -> list[tuple[str, Ring]]:
        """The alarms that had to ring, by when its clocks began and ended."""
        return [(clock.name, ring) for clock in self.clocks(now) for ring in clock.demanded()]

    def clocks(self, now: datetime) -> Iterator[Clock]:
        for stage, entered, left in self.stages(now):
            yield Clock(stage, entered, left, self._rings(stage, entered))
            yield from self._within(entered, left)
            if stage == "closed" and self._has_plan(entered):
                yield Clock("survey 1", entered, left, survey(entered))
                if asked := self._first("SurveySent"):
                    yield Clock("survey_answer 1", asked, left, survey_answer(asked))
        if promised := self._first("FollowUpPromised"):
            done = self._first("FollowUpCompleted") or now
            yield Clock("follow_up 1", promised, done, measure(end_of_days(promised, PLAN["complete_within_days"])))

    def _within(self, entered: datetime, left: datetime) -> Iterator[Clock]:
        """What has to be answered before the stage is left."""
        investigated_by = end_of(self._begun(entered), 3)
        asked = self._first("InquiryOpened")
        if asked and entered <= asked < left:
            due = end_of(asked, 1) if asked >= investigated_by else min(end_of(asked, 1), investigated_by)
            yield Clock("inquiry 1", asked, self._first("InquiryAnswered") or left, inquiry(due))
        asked = self._first("InformationRequested")
        if asked and entered <= asked < left:
            yield Clock("information 1", asked, self._first("InformationGiven") or left, question(asked))

    def _has_plan(self, closed: datetime) -> bool:
        """Whether the closure came after a plan, and is no merger: then the consumer is asked how it was."""
        before = [one["type"] for one in self.timeline if instant(one["at"]) <= closed]
        return "PlanProposed" in before and "ComplaintMerged" not in before

    def _rings(self, stage: str, entered: datetime) -> Iterator[Ring]:
        due = self.due(stage, entered)
        match stage:
            case "received":
                return acknowledgement(due)
            case "investigating":
                return self._investigation(due)
            case "planning":
                return work(due)
            case "awaiting_consumer":
                return answer(entered)
        return iter(())

    def due(self, stage: str, entered: datetime) -> datetime:
        """When a stage is due that was entered then, if it never stands still; never, where nothing is due."""
        match stage:
            case "received":
                return self._begun(entered) + timedelta(hours=24)
            case "investigating":
                return end_of(self._begun(entered), 3)
            case "planning":
                return end_of(entered, 2)
            case "awaiting_consumer":
                return end_of_days(entered, 15)
        return datetime.max.replace(tzinfo=CHINA)

    def stages(self, now: datetime) -> Iterator[tuple[str, datetime, datetime]]:
        """Each stage it was in, since when and until when."""
        for entry, following in pairwise([*(one for one in self.timeline if one["stage"]), None]):
            yield entry["stage"], instant(entry["at"]), instant(following["at"]) if following else now

    def _begun(self, entered: datetime) -> datetime:
        """From when on what counts from the receipt counts in a stage: from the last reopening, if there was one."""
        reopened = (instant(one["at"]) for one in self.timeline if one["type"] == "ComplaintReopened")
        return max((one for one in reopened if one <= entered), default=instant(self.timeline[0]["at"]))

    def _investigation(self, due: datetime) -> Iterator[Ring]:
        """It stands still while the consumer is asked, and is due later by as much working time."""
        asked = self._first("InformationRequested")
        if asked is None:
            return work(due)
        until = min(self._first("InformationGiven") or later(asked, LONGEST_WAIT), later(asked, LONGEST_WAIT))
        before = takewhile(lambda ring: ring[1] <= asked, work(due))
        afterwards = dropwhile(lambda ring: ring[1] <= until, work(later(due, working_time(asked, until))))
        return chain(before, afterwards)

    def lateness(self) -> Iterator[timedelta]:
        """How long after its moment each alarm rang, or after its stage began if it was overdue then."""
        entered = instant(self.timeline[0]["at"])
        for one in self.timeline:
            if "alarm" in one["details"]:
                yield instant(one["at"]) - max(instant(one["details"]["alarm"]["moment"]), entered)
            if one["stage"]:
                entered = instant(one["at"])

    def is_overdue(self, now: datetime) -> bool:
        """Whether the stage it is in has had its breach."""
        *_, stage = (clock for clock in self.clocks(now) if " " not in clock.name)
        return "DeadlineMissed" in dict(stage.demanded())

    def _first(self, kind: str) -> datetime | None:
        """When something happened for the first time, if it did."""
        return next((instant(one["at"]) for one in self.timeline if one["type"] == kind), None)


def whose(alarm: Mapping[str, Any]) -> str:
    """A stage, or what has a clock of its own within one."""
    clock = str(alarm["clock"])
    return str(alarm["stage"]) if clock == "stage" else f"{clock} 1" if clock.startswith("survey") else clock


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
