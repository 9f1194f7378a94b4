"""Three weeks in a running house: every alarm that the policy demands rings once and in time, and no other does.

What is demanded is worked out in `tests/ladders.py`, by code that shares nothing with the house.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import local
from typing import Any

import pytest

from infra.tour import parties
from infra.tour.calls import Line
from infra.tour.parties import Party
from tests.house import KETTLE, PLAN, REPORT
from tests.ladders import CHINA, DAY, Record, instant
from tests.running import System, running_system

from .cast import take_all_off_duty

THREADS = 3


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


# ---- what people do --------------------------------------------------------------------------------------------------

FRIDAY, LATE, NIGHT = china(10, 9, 15, 40), china(10, 9, 22, 10), china(10, 10, 2, 30)
SATURDAY, MONDAY, TUESDAY = china(10, 10, 10), china(10, 12, 9), china(10, 13, 22)
THURSDAY, NEXT_MONDAY, WEDNESDAY = china(10, 15, 11), china(10, 19, 10), china(10, 28, 12)
THREE_WEEKS_LATER = china(10, 31, 15, 40)

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
    Fate(6, FRIDAY, {SATURDAY: "withdraw"}),
    Fate(4, NIGHT, {SATURDAY: "withdraw"}),
    Fate(4, FRIDAY, SETTLED_IN_A_DAY | {MONDAY: "complete"}),
    Fate(1, FRIDAY, SETTLED_IN_A_DAY),  # and what was promised is forgotten
    Fate(3, LATE, {SATURDAY: "acknowledge", MONDAY: "withdraw"}, QUALITY),
    Fate(3, NIGHT, SMOOTH | {MONDAY: "answer report"}, QUALITY),
    Fate(3, FRIDAY, SMOOTH),
    *(Fate(1, filed) for filed in (FRIDAY, LATE, NIGHT)),  # nobody ever looks at these
    *(Fate(2, filed, {MONDAY: "acknowledge report", TUESDAY: "plan accept"}) for filed in (FRIDAY, LATE, NIGHT)),
    *(
        Fate(1, filed, {THURSDAY: "acknowledge", NEXT_MONDAY: "report_alone plan accept"}, QUALITY)
        for filed in (FRIDAY, NIGHT)
    ),
    *(Fate(1, filed, {SATURDAY: "acknowledge"}, QUALITY) for filed in (FRIDAY, LATE, NIGHT)),  # never investigated
    *(Fate(1, FRIDAY, {SATURDAY: "acknowledge", day: "report"}) for day in (MONDAY, THURSDAY)),  # never planned
    Fate(1, FRIDAY, {TUESDAY: "acknowledge", THURSDAY: "answer report plan accept"}, QUALITY),  # due with its stage
    Fate(1, LATE, {SATURDAY: "acknowledge", THURSDAY: "answer", NEXT_MONDAY: "report plan accept"}, QUALITY),
    Fate(1, FRIDAY, {SATURDAY: "acknowledge ask", TUESDAY: "inform", NEXT_MONDAY: "report plan accept"}),
    Fate(1, FRIDAY, {SATURDAY: "acknowledge ask", THURSDAY: "inform", NEXT_MONDAY: "report plan accept"}),
    Fate(1, LATE, {SATURDAY: "acknowledge ask", TUESDAY: "answer", WEDNESDAY: "report plan"}, QUALITY),  # no answer
    Fate(2, FRIDAY, {FRIDAY: "acknowledge report plan"}),  # and no answer: 15 days end on a Saturday
    *(Fate(2, LATE, {LATE: "acknowledge", day: "report plan"}) for day in (SATURDAY, MONDAY)),
    Fate(2, FRIDAY, {FRIDAY: "acknowledge report plan", TUESDAY: "object", THURSDAY: "plan accept"}),
    Fate(1, LATE, {SATURDAY: "acknowledge report plan", THURSDAY: "object", NEXT_MONDAY: "plan"}),
    Fate(1, LATE, {SATURDAY: "acknowledge report plan", NEXT_MONDAY: "object", WEDNESDAY: "plan"}),
    Fate(1, NIGHT, {SATURDAY: "acknowledge report plan", NEXT_MONDAY: "accept"}),
)


@dataclass
class Case:
    """A complaint, and what the house recorded of it."""

    fate: Fate
    complaint_id: str
    consumer_token: str
    record: Record = field(default_factory=lambda: Record([]))


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
        case.record = Record(page["items"])

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
    "survey": ("SurveyDue",),
    "survey_answer": ("ReminderRaised", "SurveyExpired"),
}


def test_of_56_complaints_in_three_weeks_every_alarm_rings_once_at_its_moment_and_no_other() -> None:
    with people() as house:
        cases = house.live(FATES, THREE_WEEKS_LATER)
        assert len(cases) == 56
        rung = {case.complaint_id: Counter(case.record.rung()) for case in cases}
        assert rung == {case.complaint_id: Counter(case.record.demanded(THREE_WEEKS_LATER)) for case in cases}
        assert not any(late for case in cases for late in case.record.lateness())
        assert sorted(house.overdue()) == sorted(
            case.complaint_id for case in cases if case.record.is_overdue(THREE_WEEKS_LATER)
        )
        for case in cases:
            missed = [one for one in case.record.timeline if one["type"] == "DeadlineMissed"]
            assert [
                (one["stage"], one["clock"], one["due_at"], one["recorded_at"]) for one in house.breaches(case)
            ] == [
                (alarm["stage"], alarm["clock"], alarm["due_at"], one["at"])
                for one in missed
                for alarm in [one["details"]["alarm"]]
            ]
        kinds = Counter((name.split()[0], kind) for case in cases for name, (kind, _) in case.record.rung())
        logging.getLogger(__name__).info("%s alarms: %s", sum(kinds.values()), dict(kinds))
        assert "Exception" not in house.system.output
        assert set(kinds) == {(name, kind) for name, ladder in RUNGS.items() for kind in ladder}


FEW = tuple(replace(fate, number=1) for fate in FATES[1::4])


@pytest.mark.parametrize(("without", "late_by"), [("sweep", timedelta()), ("clock", timedelta(minutes=5))])
def test_the_same_alarms_ring_without_the(without: str, late_by: timedelta) -> None:
    with people(REDRESS_WITHOUT=without) as house:
        cases = house.live(FEW, WEDNESDAY)
        assert [sorted(case.record.rung()) for case in cases] == [
            sorted(case.record.demanded(WEDNESDAY)) for case in cases
        ]
        assert all(timedelta() <= late <= late_by for case in cases for late in case.record.lateness())
        assert sum(len(case.record.rung()) for case in cases) > 30
