"""A siege: the days go by while three make trouble; then it is quiet, and all that can be judged is gathered."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.examples import PLAN, REPORT
from tests.ladders import CHINA, instant
from tests.running import System, running_system

from .hostile import CarelessDepartment, HostileConsumer, HostileShop, Trouble
from .order_system import open_shop
from .people import STAFF, Case, Crew, Entrance
from .record import Kept, Seen, Sent
from .wire import Ledger, Reply, Wire

STOPS = (2.5, 8.6, 13.9, 17.3, 22.6)
"""Hours of each day, by China's time, at which the clock stops and people act; by night only who makes trouble."""
LAST_DAY = datetime(2026, 11, 12, tzinfo=CHINA)
"""The calendar by hand ends soon after."""
DWELL = 3.0
"""Seconds at each stop, in which the three do what they can: no figure is judged by them."""
BREATH = 1.0
"""Seconds between two requests of somebody who makes trouble, while the clock is moved: it must come to rest, where all
that is due rings in its order, and would never in a flood."""
MOST_ASKED = 40_000
"""Requests of each of them."""
MOST_PEOPLE = 240
QUIET = 8
"""Days that go by afterwards: whatever is late by then has had its turn, and a plan that nobody answers has lapsed."""
FOLLOWED = 25
"""Complaints of the hostile shop that are looked into afterwards."""
PAGES = 200


@dataclass
class Siege:
    """One run against a system of its own. `seconds`: how long the trouble lasts."""

    seed: int
    seconds: float
    ledger: Ledger = field(default_factory=Ledger)
    now: datetime = LAST_DAY

    def run(self) -> Iterator[str]:
        """What is going on, again and again. Then `seen` has all there is to judge."""
        with ExitStack() as stack:
            url, self.shop = stack.enter_context(open_shop())
            system = stack.enter_context(running_system(REDRESS_CLOCK_STILL="1", REDRESS_ORDER_SYSTEM_URL=url))
            self._begin(system)
            yield "prepared"
            yield from self._attack()
            yield from self._rest()
            self.seen = self._gather(system)

    # ---- the attack ----------------------------------------------------------------------------------------------

    def _begin(self, system: System) -> None:
        self.system, self.entrance = system, Entrance(system.api, system.desk, self.ledger)
        self.desk = Wire(system.desk, "the desk", self.ledger)
        self.now = self._clock(self.desk.get("/clock"))
        self.crew = Crew(system.api, self.ledger, self.entrance)
        self.troubles = [
            kind(Wire(system.api, kind.party, self.ledger, self._breathe), self.entrance, self.seed, lambda: self.now)
            for kind in (HostileConsumer, HostileShop, CarelessDepartment)
        ]
        self.died: list[str] = []
        self.at_rest = threading.Event()
        self.at_rest.set()
        for name in ("cs.lin", "cs.chen", "cs.lead", "quality.he", "logistics.gao", "legal.xu"):
            self.entrance.staff(name)
        for trouble in self.troubles:
            trouble.prepare()

    def _attack(self) -> Iterator[str]:
        over = threading.Event()
        threads = [threading.Thread(target=self._make, args=(one, over), daemon=True) for one in self.troubles]
        for thread in threads:
            thread.start()
        ends = time.monotonic() + self.seconds
        stops = self._stops()
        while time.monotonic() < ends and self.now < LAST_DAY:
            self._people()
            yield f"{self.now.astimezone(CHINA):%a %m-%d %H:%M} in China"
            time.sleep(min(DWELL, max(0.0, ends - time.monotonic())))
            self._move_to(next(stops))
        over.set()
        for thread in threads:
            thread.join(60)
        self.attacked_until = self.now

    def _make(self, trouble: Trouble, over: threading.Event) -> None:
        try:
            for _ in trouble.run():
                if over.is_set() or self.ledger.by(trouble.party) > MOST_ASKED:
                    return
        except Exception as fault:  # a siege without one of its parties shows nothing
            self.died.append(f"{trouble.party} gave up: {type(fault).__name__}: {fault}")

    def _breathe(self) -> None:
        self.at_rest.wait(BREATH)

    def _stops(self) -> Iterator[datetime]:
        day = self.now.astimezone(CHINA).replace(hour=0, minute=0, second=0)
        while True:
            for number, hour in enumerate(STOPS):
                moment = day + timedelta(hours=hour, minutes=(day.day * 7 + number * 3) % 23)
                if moment > self.now:
                    yield moment
            day += timedelta(days=1)

    def _people(self) -> None:
        hour = self.now.astimezone(CHINA).hour
        if hour >= 8 and len(self.crew.cases) < MOST_PEOPLE:
            for _ in range(2):
                self.crew.file(self.now, "S")
        if 8 <= hour < 21:
            self.crew.work(self.now)

    def _move_to(self, moment: datetime) -> None:
        self.at_rest.clear()
        self.now = self._clock(self.desk.post("/clock", {"set": moment.isoformat()}))
        self.at_rest.set()

    def _clock(self, reply: Reply) -> datetime:
        """The time it is. Where the clock could not be moved, which the ledger knows, it is as late as it was."""
        return instant(reply.body["now"]) if reply.status == 200 else self.now

    # ---- afterwards ------------------------------------------------------------------------------------------------

    def _rest(self) -> Iterator[str]:
        """Nobody makes trouble any more; the days go by, for what is late to be raised and told."""
        for _ in range(QUIET):
            self._move_to(self.now + timedelta(days=1))
            yield f"quiet, {self.now.astimezone(CHINA):%a %m-%d %H:%M} in China"
        self.desk.post("/settle", {})

    def _gather(self, system: System) -> Seen:
        judge = Wire(system.api, "the judge", self.ledger)
        lin = self.entrance.staff("cs.lin")
        followed = [one for trouble in self.troubles for one in trouble.cases[-FOLLOWED:]]
        kept = [self._kept(judge, case, lin) for case in (*self.crew.cases, *followed)]
        views = {case.complaint_id: judge.get(case.path, token=case.token) for case in followed if case.token}
        sent = [Sent.of(one) for one in self.desk.get("/outbox").body or ()]
        self._staff_can_do_everything(followed)
        self.desk.post("/settle", {})
        self.desk.post("/schedules/sweep", {})
        return Seen(
            now=self.now,
            kept=kept,
            sent=sent,
            answers=self.ledger.wrong,
            views={name: reply.size for name, reply in views.items()},
            refused=self.crew.refused,
            hindered=self.hindered,
            astray=sorted(self.shop.astray),
            log=list(system.lines),
            died=self.died,
        )

    def _kept(self, judge: Wire, case: Case, token: str) -> Kept:
        view = judge.get(case.path, token=token)
        timeline, notices = (list(_pages(judge, f"{case.path}/{what}", token)) for what in ("timeline", "notices"))
        return Kept(case.complaint_id, case.ordinary, case.filing, timeline, notices, dict(view.body or {}))

    def _staff_can_do_everything(self, cases: list[Case]) -> None:
        """Whatever staff are there for, on the complaints that trouble was made about; what hindered them is kept."""
        self.hindered: list[tuple[str, str]] = []
        staff = Wire(self.system.api, STAFF, self.ledger)
        for case in cases:
            for who, resource, body in deeds(lambda case=case: self._view(staff, case)):
                reply = staff.post(f"{case.path}/{resource}", body, token=self.entrance.staff(who))
                if reply.status not in (200, 201):
                    self.hindered.append((case.complaint_id, f"{who}, {resource}: {reply.said}"))

    def _view(self, staff: Wire, case: Case) -> dict[str, Any]:
        return dict(staff.get(case.path, token=self.entrance.staff("cs.lin")).body or {})


OFFER = {"file_name": "裂缝.jpg", "content_type": "image/jpeg", "size": 1_000}
UPDATE = {"status": "delivered", "text": "已签收。"}


def deeds(view: Callable[[], dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Who of staff does what about a complaint, until it is closed for good. `view`: as it is by then."""
    if view().get("stage") == "closed":
        yield "cs.lead", "reopening", {"reason": "主管决定重新处理。"}
    yield "cs.lin", "notes", {"text": "已核对。", "public": False}
    yield "cs.lin", "calls", {"about": "other", "reached": True}
    yield "cs.lead", "assignment", {"assignee": "cs.chen"}
    yield "cs.lin", "evidence", OFFER
    yield "logistics.gao", "delivery-updates", UPDATE
    yield "cs.lead", "link", {}
    if view().get("stage") == "received":
        yield "cs.lin", "acknowledgement", {}
    seen = view()
    if seen.get("stage") == "investigating":
        yield "cs.lin", "inquiries", {"department": "quality", "question": "壶身为什么会裂？"}
        asked = [
            one for one in view().get("inquiries", ()) if one["department"] == "quality" and one["status"] == "open"
        ]
        if asked:
            yield "quality.he", f"inquiries/{asked[-1]['inquiry_id']}/answer", {"assessment": "玻璃厚度不足。"}
        yield "cs.lin", "information-requests", {"question": "请提供批号。"}
        yield "cs.lin", "information", {"text": "来电告知：A17。"}
        yield "cs.lin", "investigation-report", REPORT | {"without_inquiries": "不必再等。"}
    if view().get("stage") == "planning":
        yield "cs.lin", "plan-draft", PLAN
        yield "legal.xu", "legal-review", {"approved": True, "advice": "合法。"}
        yield "cs.lin", "resolution-plan", PLAN
    if view().get("stage") == "awaiting_consumer":
        yield "cs.lin", "feedback", {"satisfied": True}
    for measure in view().get("follow_ups", ()):
        if not measure["done_at"]:
            yield "cs.lin", f"follow-ups/{measure['number']}/completion", {}


def _pages(wire: Wire, path: str, token: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    for _ in range(PAGES):
        reply = wire.get(f"{path}?limit=100{cursor}", token=token)
        yield from (reply.body or {}).get("items", ())
        if not (following := (reply.body or {}).get("next_cursor")):
            return
        cursor = f"&cursor={following}"
