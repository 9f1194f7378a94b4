"""A month in a running house: every alarm that the policy demands rings once and in time, and no other does.

What is demanded is worked out here, from the words of the policy and the calendar of that autumn, by code that shares
nothing with the house.
"""

import logging
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count, dropwhile, pairwise, takewhile
from threading import local
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.tour import parties
from infra.tour.calls import Line
from infra.tour.parties import Party
from tests.house import KETTLE, PLAN, REPORT
from tests.running import System, running_system

from .cast import take_all_off_duty

CHINA = ZoneInfo("Asia/Shanghai")
THREADS = 3


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


# ---- the policy, by hand ---------------------------------------------------------------------------------------------

WORKING_DAYS = [
    *[date(2026, 10, day) for day in (9, 10)],  # the 10th is a Saturday that makes up for the National Day holiday
    *[date(2026, 10, day) for day in (12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30)],
    *[date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30)],
]
DAY = timedelta(days=1)
LONGEST_WAIT = 5 * DAY  # of working time

Ring = tuple[str, datetime]
EXACT = ("DeadlineMissed", "ComplaintLapsed", "WaitExpired")
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


# ---- what people do --------------------------------------------------------------------------------------------------

FRIDAY, LATE, NIGHT = china(10, 9, 15, 40), china(10, 9, 22, 10), china(10, 10, 2, 30)
SATURDAY, MONDAY, TUESDAY = china(10, 10, 10), china(10, 12, 9), china(10, 13, 22)
THURSDAY, NEXT_MONDAY, WEDNESDAY = china(10, 15, 11), china(10, 19, 10), china(10, 28, 12)
A_MONTH_LATER = china(11, 8, 15, 40)

ANSWER = {"assessment": "壶身有暗裂，属于质量问题。", "recommended_solution": "退款"}
ACTS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "acknowledge": ("cs.lin", "acknowledgement", {}),
    "answer": ("quality.he", "inquiries/1/answer", ANSWER),
    "ask": ("cs.lin", "information-requests", {"question": "外箱有没有破损？"}),
    "inform": ("consumer", "information", {"text": "外箱完好。"}),
    "report": ("cs.lin", "investigation-report", REPORT),
    "report_alone": ("cs.lin", "investigation-report", REPORT | {"without_inquiries": "照片已经足够清楚。"}),
    "plan": ("cs.lin", "resolution-plan", PLAN),
    "withdraw": ("consumer", "withdrawal", {}),
    "accept": ("consumer", "feedback", {"satisfied": True}),
    "object": ("consumer", "feedback", {"satisfied": False, "opinion": "退款太少"}),
    "complete": ("cs.lin", "follow-ups/1/completion", {}),
}


@dataclass(frozen=True)
class Fate:
    """So many complaints filed at one moment, and what is done about each, by when."""

    number: int
    filed: datetime
    acts: Mapping[datetime, str] = field(default_factory=dict)
    category: str = KETTLE["category"]


QUALITY = "product_quality"  # quality is asked as soon as such a complaint is acknowledged
SETTLED_IN_A_DAY = {FRIDAY: "acknowledge report plan", SATURDAY: "accept"}
SMOOTH = {SATURDAY: "acknowledge", MONDAY: "report", TUESDAY: "plan", THURSDAY: "accept", NEXT_MONDAY: "complete"}
FATES = (
    Fate(58, FRIDAY, {SATURDAY: "withdraw"}),
    Fate(50, NIGHT, {SATURDAY: "withdraw"}),
    Fate(10, FRIDAY, SETTLED_IN_A_DAY | {MONDAY: "complete"}),
    Fate(2, FRIDAY, SETTLED_IN_A_DAY),  # and what was promised is forgotten
    Fate(8, LATE, {SATURDAY: "acknowledge", MONDAY: "withdraw"}, QUALITY),
    Fate(8, NIGHT, SMOOTH | {MONDAY: "answer report"}, QUALITY),
    Fate(8, FRIDAY, SMOOTH),
    *(Fate(1, filed) for filed in (FRIDAY, LATE, NIGHT)),  # nobody ever looks at these
    *(Fate(4, filed, {MONDAY: "acknowledge report", TUESDAY: "plan accept"}) for filed in (FRIDAY, LATE, NIGHT)),
    *(
        Fate(2, filed, {THURSDAY: "acknowledge", NEXT_MONDAY: "report_alone plan accept"}, QUALITY)
        for filed in (FRIDAY, NIGHT)
    ),
    *(Fate(1, filed, {SATURDAY: "acknowledge"}, QUALITY) for filed in (FRIDAY, LATE, NIGHT)),  # never investigated
    *(Fate(1, FRIDAY, {SATURDAY: "acknowledge", day: "report"}) for day in (MONDAY, THURSDAY)),  # never planned
    Fate(2, FRIDAY, {TUESDAY: "acknowledge", THURSDAY: "answer report plan accept"}, QUALITY),  # due with its stage
    Fate(2, LATE, {SATURDAY: "acknowledge", THURSDAY: "answer", NEXT_MONDAY: "report plan accept"}, QUALITY),
    Fate(2, FRIDAY, {SATURDAY: "acknowledge ask", TUESDAY: "inform", NEXT_MONDAY: "report plan accept"}),
    Fate(2, FRIDAY, {SATURDAY: "acknowledge ask", THURSDAY: "inform", NEXT_MONDAY: "report plan accept"}),
    Fate(2, LATE, {SATURDAY: "acknowledge ask", TUESDAY: "answer", WEDNESDAY: "report plan"}, QUALITY),  # no answer
    Fate(4, FRIDAY, {FRIDAY: "acknowledge report plan"}),  # and no answer: 15 days end on a Saturday
    *(Fate(4, LATE, {LATE: "acknowledge", day: "report plan"}) for day in (SATURDAY, MONDAY)),
    Fate(4, FRIDAY, {FRIDAY: "acknowledge report plan", TUESDAY: "object", THURSDAY: "plan accept"}),
    Fate(2, LATE, {SATURDAY: "acknowledge report plan", THURSDAY: "object", NEXT_MONDAY: "plan"}),
    Fate(2, LATE, {SATURDAY: "acknowledge report plan", NEXT_MONDAY: "object", WEDNESDAY: "plan"}),
    Fate(2, NIGHT, {SATURDAY: "acknowledge report plan", NEXT_MONDAY: "accept"}),
)


@dataclass
class Case:
    """A complaint, and what the house recorded of it."""

    fate: Fate
    complaint_id: str
    consumer_token: str
    timeline: list[dict[str, Any]] = field(default_factory=list)

    def rung(self) -> list[tuple[str, Ring]]:
        """The alarms on record: whose they were, kind, and the moment each was meant for."""
        alarms = [(one["type"], one["details"]["alarm"]) for one in self.timeline if "alarm" in one["details"]]
        return [(_whose(alarm), (kind, instant(alarm["moment"]))) for kind, alarm in alarms]

    def demanded(self, now: datetime) -> list[tuple[str, Ring]]:
        """The alarms that had to ring, by when its clocks began and ended."""
        return [(clock.name, ring) for clock in self.clocks(now) for ring in clock.demanded()]

    def clocks(self, now: datetime) -> Iterator[Clock]:
        for entry, following in pairwise([*(one for one in self.timeline if one["stage"]), None]):
            entered, left = instant(entry["at"]), instant(following["at"]) if following else now
            yield Clock(entry["stage"], entered, left, self._rings(entry["stage"], entered))
            yield from self._within(entered, left)
        if promised := self._first("FollowUpPromised"):
            done = self._first("FollowUpCompleted") or now
            yield Clock("follow_up 1", promised, done, measure(end_of_days(promised, PLAN["complete_within_days"])))

    def _within(self, entered: datetime, left: datetime) -> Iterator[Clock]:
        """What has to be answered before the stage is left."""
        investigated_by = end_of(instant(self.timeline[0]["at"]), 3)
        asked = self._first("InquiryOpened")
        if asked and entered <= asked < left:
            due = end_of(asked, 1) if asked >= investigated_by else min(end_of(asked, 1), investigated_by)
            yield Clock("inquiry 1", asked, self._first("InquiryAnswered") or left, inquiry(due))
        asked = self._first("InformationRequested")
        if asked and entered <= asked < left:
            yield Clock("information 1", asked, self._first("InformationGiven") or left, question(asked))

    def _rings(self, stage: str, entered: datetime) -> Iterator[Ring]:
        received = instant(self.timeline[0]["at"])
        match stage:
            case "received":
                return acknowledgement(received + timedelta(hours=24))
            case "investigating":
                return self._investigation(end_of(received, 3))
            case "planning":
                return work(end_of(entered, 2))
            case "awaiting_consumer":
                return answer(entered)
        return iter(())

    def _investigation(self, due: datetime) -> Iterator[Ring]:
        """It stands still while the consumer is asked, and is due later by as much working time."""
        asked = self._first("InformationRequested")
        if asked is None:
            return work(due)
        until = min(self._first("InformationGiven") or A_MONTH_LATER, later(asked, LONGEST_WAIT))
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
        """When something happened, if it did: in these fates it happens once."""
        return next((instant(one["at"]) for one in self.timeline if one["type"] == kind), None)


def _whose(alarm: Mapping[str, Any]) -> str:
    """A stage, or what has a clock of its own within one."""
    return str(alarm["stage"] if alarm["clock"] == "stage" else alarm["clock"])


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class People:
    """The shop, its consumers and customer service. A few at a time, each with a line of their own."""

    def __init__(self, system: System, threads: ThreadPoolExecutor) -> None:
        self.system, self._threads, self._own, self._filed = system, threads, local(), count(1)

    def _party(self, name: str) -> Party:
        if not hasattr(self._own, "parties"):
            line = Line(self.system.api, self.system.desk)
            staff = {user: parties.staff(line, user) for user in ("cs.lin", "quality.he")}
            self._own.parties = {"storefront": parties.storefront(line), **staff}
        return self._own.parties[name]

    def file(self, fate: Fate) -> Case:
        number = next(self._filed)  # each about an order of its own, by somebody else
        contact = {"name": "王芳", "phone": f"+861380013{number:04}"}
        own = {"order_number": f"A{number}", "contact": contact, "category": fate.category}
        receipt = self._party("storefront").post("/v1/complaints", KETTLE | own)
        return Case(fate, receipt["complaint_id"], receipt["consumer_token"])

    def act(self, case: Case, act: str) -> None:
        who, resource, body = ACTS[act]
        consumer = Party(self._party("cs.lin").line, "consumer", token=case.consumer_token)
        party = consumer if who == "consumer" else self._party(who)
        party.post(f"/v1/complaints/{case.complaint_id}/{resource}", body)

    def do(self, case: Case, moment: datetime) -> None:
        for act in case.fate.acts.get(moment, "").split():
            self.act(case, act)

    def read(self, case: Case) -> None:
        lin = self._party("cs.lin")
        page = lin.get(f"/v1/complaints/{case.complaint_id}/timeline?limit=100")
        assert page["next_cursor"] is None
        case.timeline = page["items"]

    def breaches(self, case: Case) -> list[dict[str, Any]]:
        return list(self._party("cs.lin").get(f"/v1/complaints/{case.complaint_id}")["breaches"])

    def overdue(self) -> list[str]:
        lin = self._party("cs.lin")
        found, cursor = [], ""
        while cursor is not None:
            page = lin.get(f"/v1/complaints?overdue=true&limit=100{cursor}")
            found += [one["complaint_id"] for one in page["items"]]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        return found

    def let_pass(self, until: datetime) -> None:
        """A few days at a time: on a busy machine a month may take longer than a caller waits for an answer."""
        while (now := instant(self.system.call("GET", f"{self.system.desk}/clock").json()["now"])) < until:
            self.system.move_clock(set=min(now + 3 * DAY, until).isoformat())

    def live(self, fates: Sequence[Fate], until: datetime) -> list[Case]:
        """The complaints are filed, what is done about them is done, and time goes by; what is on record then."""
        cases: list[Case] = []
        for moment in sorted({moment for fate in fates for moment in (fate.filed, *fate.acts)}):
            if moment != FRIDAY:
                self.let_pass(moment)
            filed = [fate for fate in fates if fate.filed == moment for _ in range(fate.number)]
            cases += self._threads.map(self.file, filed)
            list(self._threads.map(lambda case, moment=moment: self.do(case, moment), cases))
        self.let_pass(until)
        list(self._threads.map(self.read, cases))
        return cases


@contextmanager
def people(**environment: str) -> Iterator[People]:
    start = FRIDAY.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with (
        running_system(REDRESS_CLOCK=start, REDRESS_CLOCK_STILL="1", **environment) as system,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        take_all_off_duty(system)
        yield People(system, threads)


# ---- what rang -------------------------------------------------------------------------------------------------------

RUNGS = {
    **dict.fromkeys(
        ("received", "investigating", "planning", "inquiry"), ("ReminderRaised", "DeadlineMissed", "Escalated")
    ),
    "awaiting_consumer": ("ReminderRaised", "ComplaintLapsed"),
    "information": ("ReminderRaised", "WaitExpired"),
    "follow_up": ("ReminderRaised", "DeadlineMissed"),
}


def test_of_200_complaints_in_a_month_every_alarm_rings_once_at_its_moment_and_no_other() -> None:
    with people() as house:
        cases = house.live(FATES, A_MONTH_LATER)
        assert len(cases) == 200
        rung = {case.complaint_id: Counter(case.rung()) for case in cases}
        assert rung == {case.complaint_id: Counter(case.demanded(A_MONTH_LATER)) for case in cases}
        assert not any(late for case in cases for late in case.lateness())
        assert sorted(house.overdue()) == sorted(case.complaint_id for case in cases if case.is_overdue(A_MONTH_LATER))
        for case in cases:
            missed = [one for one in case.timeline if one["type"] == "DeadlineMissed"]
            assert [
                (one["stage"], one["clock"], one["due_at"], one["recorded_at"]) for one in house.breaches(case)
            ] == [
                (alarm["stage"], alarm["clock"], alarm["due_at"], one["at"])
                for one in missed
                for alarm in [one["details"]["alarm"]]
            ]
        kinds = Counter((name.split()[0], kind) for case in cases for name, (kind, _) in case.rung())
        logging.getLogger(__name__).info("%s alarms: %s", sum(kinds.values()), dict(kinds))
        assert "Exception" not in house.system.output
        assert set(kinds) == {(name, kind) for name, ladder in RUNGS.items() for kind in ladder}


FEW = tuple(replace(fate, number=1) for fate in FATES[1::4])


@pytest.mark.parametrize(("without", "late_by"), [("sweep", timedelta()), ("clock", timedelta(minutes=5))])
def test_the_same_alarms_ring_without_the(without: str, late_by: timedelta) -> None:
    with people(REDRESS_WITHOUT=without) as house:
        cases = house.live(FEW, WEDNESDAY)
        assert [sorted(case.rung()) for case in cases] == [sorted(case.demanded(WEDNESDAY)) for case in cases]
        assert all(timedelta() <= late <= late_by for case in cases for late in case.lateness())
        assert sum(len(case.rung()) for case in cases) > 30
