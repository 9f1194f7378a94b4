"""A month in a running house: every alarm that the policy demands rings once and in time, and no other does.

What is demanded is worked out here, from the words of the policy and the calendar of that autumn, by code that shares
nothing with the house.
"""

import logging
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, takewhile
from threading import local
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.tour import parties
from infra.tour.calls import Line
from infra.tour.parties import Party
from tests.house import KETTLE, PLAN, REPORT
from tests.running import System, running_system

CHINA = ZoneInfo("Asia/Shanghai")
THREADS = 3
AT_ONCE = timedelta(seconds=5)
"""The house goes on at normal speed while it rings: what is due at one moment takes a few of its seconds."""


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


# ---- the policy, by hand ---------------------------------------------------------------------------------------------

WORKING_DAYS = [
    *[date(2026, 10, day) for day in (9, 10)],  # the 10th is a Saturday that makes up for the National Day holiday
    *[date(2026, 10, day) for day in (12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30)],
    *[date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30)],
]
DAY = timedelta(days=1)

Ring = tuple[str, datetime]


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


def acknowledgement(received: datetime, entered: datetime) -> Iterator[Ring]:
    due = received + timedelta(hours=24)
    escalated = awake_after(due + timedelta(hours=24))
    yield "ReminderRaised", awake_before(due - timedelta(hours=4))
    yield "DeadlineMissed", due
    yield "Escalated", escalated
    yield from every_morning(escalated)


def working_days_from(start: datetime, number: int) -> Iterator[Ring]:
    """The alarms of work that is due at the end of that many working days."""
    last = working_day(start.astimezone(CHINA).date(), number)
    escalated = at(working_day(last, 1) + DAY, 8)
    yield "ReminderRaised", at(last - DAY, 21)
    yield "DeadlineMissed", at(last, 24)
    yield "Escalated", escalated
    yield from every_morning(escalated)


def answer(received: datetime, entered: datetime) -> Iterator[Ring]:
    day = entered.astimezone(CHINA).date()
    end = day + 15 * DAY
    yield "ReminderRaised", at(working_day(day, 3) + DAY, 8)
    yield "ReminderRaised", at(working_day(day, 7) + DAY, 8)
    yield "ComplaintLapsed", at(end if end in WORKING_DAYS else working_day(end, 1), 24)


LADDERS: Mapping[str, Callable[[datetime, datetime], Iterator[Ring]]] = {
    "received": acknowledgement,
    "investigating": lambda received, entered: working_days_from(received, 3),
    "planning": lambda received, entered: working_days_from(entered, 2),
    "awaiting_consumer": answer,
}


def demanded(stage: str, received: datetime, entered: datetime, left: datetime) -> Iterator[Ring]:
    """What had to ring while a complaint was in a stage."""
    rings = takewhile(lambda ring: ring[1] <= left, LADDERS[stage](received, entered))
    return (ring for ring in rings if ring[1] >= entered or ring[0] in ("DeadlineMissed", "ComplaintLapsed"))


# ---- what people do --------------------------------------------------------------------------------------------------

FRIDAY, LATE, NIGHT = china(10, 9, 15, 40), china(10, 9, 22, 10), china(10, 10, 2, 30)
SATURDAY, MONDAY, TUESDAY = china(10, 10, 10), china(10, 12, 9), china(10, 13, 22)
THURSDAY, NEXT_MONDAY, WEDNESDAY = china(10, 15, 11), china(10, 19, 10), china(10, 28, 12)
A_MONTH_LATER = china(11, 8, 15, 40)

ACTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "acknowledge": ("acknowledgement", {}),
    "report": ("investigation-report", REPORT),
    "plan": ("resolution-plan", PLAN),
    "accept": ("feedback", {"satisfied": True}),
    "object": ("feedback", {"satisfied": False, "opinion": "退款太少"}),
}


@dataclass(frozen=True)
class Fate:
    """So many complaints filed at one moment, and what is done about each, by when."""

    number: int
    filed: datetime
    acts: Mapping[datetime, str] = field(default_factory=dict)


SETTLED_IN_A_DAY = {FRIDAY: "acknowledge report plan", SATURDAY: "accept"}
SMOOTH = {SATURDAY: "acknowledge", MONDAY: "report", TUESDAY: "plan", THURSDAY: "accept"}
FATES = (
    Fate(60, FRIDAY, SETTLED_IN_A_DAY),
    Fate(30, LATE, {SATURDAY: "acknowledge report plan", MONDAY: "accept"}),
    Fate(20, NIGHT, SMOOTH),
    Fate(14, FRIDAY, SMOOTH),
    *(Fate(2, filed) for filed in (FRIDAY, LATE, NIGHT)),  # nobody ever looks at these
    *(Fate(6, filed, {MONDAY: "acknowledge report", TUESDAY: "plan accept"}) for filed in (FRIDAY, LATE, NIGHT)),
    *(Fate(2, filed, {THURSDAY: "acknowledge", NEXT_MONDAY: "report plan accept"}) for filed in (FRIDAY, NIGHT)),
    *(Fate(2, filed, {SATURDAY: "acknowledge"}) for filed in (FRIDAY, LATE, NIGHT)),  # never investigated
    *(Fate(2, FRIDAY, {SATURDAY: "acknowledge", day: "report"}) for day in (MONDAY, THURSDAY)),  # never planned
    Fate(6, FRIDAY, {FRIDAY: "acknowledge report plan"}),  # and no answer: 15 days end on a Saturday
    *(Fate(6, LATE, {LATE: "acknowledge", day: "report plan"}) for day in (SATURDAY, MONDAY)),
    Fate(10, FRIDAY, {FRIDAY: "acknowledge report plan", TUESDAY: "object", THURSDAY: "plan accept"}),
    Fate(4, LATE, {SATURDAY: "acknowledge report plan", THURSDAY: "object", NEXT_MONDAY: "plan"}),
    Fate(2, LATE, {SATURDAY: "acknowledge report plan", NEXT_MONDAY: "object", WEDNESDAY: "plan"}),
    Fate(4, NIGHT, {SATURDAY: "acknowledge report plan", NEXT_MONDAY: "accept"}),
)


@dataclass
class Case:
    """A complaint, and what the house recorded of it."""

    fate: Fate
    complaint_id: str
    consumer_token: str
    timeline: list[dict[str, Any]] = field(default_factory=list)

    def rung(self) -> list[tuple[str, Ring]]:
        """The alarms on record: stage, kind, and the moment each was meant for."""
        alarms = [(one["type"], one["details"]["alarm"]) for one in self.timeline if "alarm" in one["details"]]
        return [(alarm["stage"], (kind, instant(alarm["moment"]))) for kind, alarm in alarms]

    def demanded(self, now: datetime) -> list[tuple[str, Ring]]:
        """The alarms that had to ring, by when its stages were entered and left."""
        entries = [(one["stage"], instant(one["at"])) for one in self.timeline if one["stage"]]
        ends = [*(entered for _, entered in entries[1:]), now]
        return [
            (stage, ring)
            for (stage, entered), left in zip(entries, ends, strict=True)
            if stage != "closed"
            for ring in demanded(stage, entries[0][1], entered, left)
        ]

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
        stage = next(one["stage"] for one in reversed(self.timeline) if one["stage"])
        entered = max(instant(one["at"]) for one in self.timeline if one["stage"])
        received = instant(self.timeline[0]["at"])
        return stage != "closed" and "DeadlineMissed" in dict(demanded(stage, received, entered, now))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class People:
    """The shop, its consumers and customer service. A few at a time, each with a line of their own."""

    def __init__(self, system: System, threads: ThreadPoolExecutor) -> None:
        self.system, self._threads, self._own = system, threads, local()

    def _line(self) -> tuple[Line, Party, Party]:
        if not hasattr(self._own, "line"):
            line = Line(self.system.api, self.system.desk)
            self._own.line = (line, parties.storefront(line), parties.staff(line, "cs.lin"))
        line, shop, lin = self._own.line
        return line, shop, lin

    def file(self, fate: Fate) -> Case:
        _, shop, _ = self._line()
        receipt = shop.post("/v1/complaints", KETTLE)
        return Case(fate, receipt["complaint_id"], receipt["consumer_token"])

    def act(self, case: Case, act: str) -> None:
        line, _, lin = self._line()
        resource, body = ACTS[act]
        who = Party(line, "consumer", token=case.consumer_token) if resource == "feedback" else lin
        who.post(f"/v1/complaints/{case.complaint_id}/{resource}", body)

    def do(self, case: Case, moment: datetime) -> None:
        for act in case.fate.acts.get(moment, "").split():
            self.act(case, act)

    def read(self, case: Case) -> None:
        _, _, lin = self._line()
        page = lin.get(f"/v1/complaints/{case.complaint_id}/timeline?limit=100")
        assert page["next_cursor"] is None
        case.timeline = page["items"]

    def breaches(self, case: Case) -> list[tuple[str, datetime, datetime]]:
        _, _, lin = self._line()
        shown = lin.get(f"/v1/complaints/{case.complaint_id}")["breaches"]
        return [(one["stage"], instant(one["due_at"]), instant(one["recorded_at"])) for one in shown]

    def overdue(self) -> list[str]:
        _, _, lin = self._line()
        found, cursor = [], ""
        while cursor is not None:
            page = lin.get(f"/v1/complaints?overdue=true&limit=100{cursor}")
            found += [one["complaint_id"] for one in page["items"]]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        return found

    def live(self, fates: Sequence[Fate], until: datetime) -> list[Case]:
        """The complaints are filed, what is done about them is done, and time goes by; what is on record then."""
        cases: list[Case] = []
        for moment in sorted({moment for fate in fates for moment in (fate.filed, *fate.acts)}):
            if moment != FRIDAY:
                self.system.move_clock(set=moment.isoformat())
            filed = [fate for fate in fates if fate.filed == moment for _ in range(fate.number)]
            cases += self._threads.map(self.file, filed)
            list(self._threads.map(lambda case, moment=moment: self.do(case, moment), cases))
        self.system.move_clock(set=until.isoformat())
        list(self._threads.map(self.read, cases))
        return cases


@contextmanager
def people(**environment: str) -> Iterator[People]:
    start = FRIDAY.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with running_system(REDRESS_CLOCK=start, **environment) as system, ThreadPoolExecutor(THREADS) as threads:
        yield People(system, threads)


# ---- what rang -------------------------------------------------------------------------------------------------------


def test_of_200_complaints_in_a_month_every_alarm_rings_once_at_its_moment_and_no_other() -> None:
    with people() as house:
        cases = house.live(FATES, A_MONTH_LATER)
        assert len(cases) == 200
        rung = {case.complaint_id: Counter(case.rung()) for case in cases}
        assert rung == {case.complaint_id: Counter(case.demanded(A_MONTH_LATER)) for case in cases}
        late = [late for case in cases for late in case.lateness()]
        assert timedelta() <= min(late) <= max(late) < AT_ONCE
        assert sorted(house.overdue()) == sorted(case.complaint_id for case in cases if case.is_overdue(A_MONTH_LATER))
        for case in cases:
            missed = [one for one in case.timeline if one["type"] == "DeadlineMissed"]
            assert house.breaches(case) == [
                (one["details"]["alarm"]["stage"], instant(one["details"]["alarm"]["due_at"]), instant(one["at"]))
                for one in missed
            ]
        kinds = Counter(kind for case in cases for _, (kind, _) in case.rung())
        logging.getLogger(__name__).info("%s alarms: %s", sum(kinds.values()), dict(kinds))
        assert "Exception" not in house.system.output
        assert min(kinds[kind] for kind in ("ReminderRaised", "DeadlineMissed", "Escalated", "ComplaintLapsed")) > 10


FEW = tuple(replace(fate, number=1) for fate in FATES[3:5] + FATES[7:8] + FATES[10:14] + FATES[18:19])


@pytest.mark.parametrize(("without", "late_by"), [("sweep", AT_ONCE), ("clock", timedelta(minutes=5) + AT_ONCE)])
def test_the_same_alarms_ring_without_the(without: str, late_by: timedelta) -> None:
    with people(REDRESS_WITHOUT=without) as house:
        cases = house.live(FEW, WEDNESDAY)
        assert [sorted(case.rung()) for case in cases] == [sorted(case.demanded(WEDNESDAY)) for case in cases]
        assert all(timedelta() <= late < late_by for case in cases for late in case.lateness())
        assert sum(len(case.rung()) for case in cases) > 30
