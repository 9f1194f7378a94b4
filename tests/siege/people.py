"""The ordinary ones: consumers who complain, staff who work. A steady trickle of complaints, each with a fate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.local.staff import STAFF_PASSWORD, STOREFRONTS
from tests.examples import KETTLE, PLAN, REPORT

from .wire import Ledger, Reply, Wire

CONSUMER, STAFF, SHOP = "ordinary consumers", "ordinary staff", "an ordinary storefront"
QUALITY = "product_quality"  # quality is asked as soon as such a complaint is acknowledged
ANSWER = {"assessment": "壶身有暗裂，属于质量问题。", "recommended_solution": "退款"}
ACTS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "acknowledge": ("cs.lin", "acknowledgement", {"message": "已受理。"}),
    "answer": ("quality.he", "inquiries/1/answer", ANSWER),
    "ask": ("cs.chen", "information-requests", {"question": "外箱有没有破损？"}),
    "inform": (CONSUMER, "information", {"text": "外箱完好。"}),
    "report": ("cs.lin", "investigation-report", REPORT),
    "plan": ("cs.chen", "resolution-plan", PLAN),
    "withdraw": (CONSUMER, "withdrawal", {}),
    "accept": (CONSUMER, "feedback", {"satisfied": True}),
    "object": (CONSUMER, "feedback", {"satisfied": False, "opinion": "退款太少"}),
    "complete": ("cs.lin", "follow-ups/1/completion", {}),
}
MAIL, TEXT, BOTH = ("email",), ("phone",), ("email", "phone")


@dataclass(frozen=True)
class Fate:
    """What becomes of a complaint: who can be reached how, and what is done how many hours after what went before."""

    acts: tuple[tuple[int, str], ...] = ()
    reached: tuple[str, ...] = BOTH
    channel: str = "web"
    category: str = KETTLE["category"]


def _acts(told: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(hours), act) for hours, act in (one.split() for one in told.split(",") if one.strip()))


TO_PLAN = "2 acknowledge, 20 report, 16 plan"
FATES = (
    Fate(_acts("1 acknowledge, 3 answer, 16 report, 20 plan, 20 accept, 20 complete"), category=QUALITY),
    Fate(_acts(f"{TO_PLAN}, 40 accept, 20 complete"), TEXT, "app"),
    Fate(),  # nobody ever looks at these two
    Fate((), TEXT, "phone"),
    Fate(_acts(TO_PLAN), MAIL),  # the consumer never answers
    Fate(_acts("2 acknowledge"), BOTH, "app", QUALITY),  # nobody answers, nobody reports
    Fate(_acts(f"{TO_PLAN}, 30 object, 20 plan, 20 accept"), TEXT),  # and what was promised is forgotten
    Fate(_acts("2 acknowledge, 18 report"), MAIL, "phone"),  # no plan is made
    Fate(_acts("2 acknowledge, 2 ask, 40 inform, 20 report, 20 plan, 20 accept, 90 complete"), BOTH),
    Fate(_acts("30 acknowledge, 60 report, 60 plan, 20 accept, 10 complete"), BOTH, "app"),  # late with everything
    Fate(_acts("2 acknowledge, 2 ask"), TEXT),  # the consumer never answers that
    Fate(_acts("20 withdraw"), MAIL, "app"),
)


@dataclass
class Case:
    """A complaint that somebody follows. `party`: whose it is; only that of ordinary people has a fate."""

    complaint_id: str
    token: str
    filing: dict[str, Any]
    party: str
    fate: Fate = field(default_factory=Fate)
    done: int = 0
    last: datetime | None = None

    @property
    def ordinary(self) -> bool:
        return self.party == CONSUMER

    @property
    def path(self) -> str:
        return f"/v1/complaints/{self.complaint_id}"

    def due(self, now: datetime) -> str:
        """What is to be done about it by now, if anything is."""
        if self.done == len(self.fate.acts) or self.last is None:
            return ""
        hours, act = self.fate.acts[self.done]
        return act if self.last + timedelta(hours=hours) <= now else ""


class Entrance:
    """Gets credentials: staff sign in, storefronts have a secret. Machine time: they last an hour, a siege less."""

    def __init__(self, api: str, desk: str, ledger: Ledger) -> None:
        self._api, self._desk = Wire(api, "whoever signs in", ledger), Wire(desk, "whoever signs in", ledger)
        self._known: dict[str, str] = {}

    def staff(self, name: str) -> str:
        sign_in = {"username": name, "password": STAFF_PASSWORD}
        return self._kept(name, lambda: self._api.post("/v1/sign-in", sign_in))

    def storefront(self, name: str) -> str:
        form = f"grant_type=client_credentials&client_id={name}&client_secret={STOREFRONTS[name]}".encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._kept(name, lambda: self._desk.post("/oauth2/token", form, headers=headers))

    def _kept(self, name: str, enter: Any) -> str:
        if name not in self._known:
            self._known[name] = str(enter().body["access_token"])
        return self._known[name]


class Crew:
    """The storefront, the consumers and the staff of the ordinary complaints, for one thread.

    `refused`: what they were refused, which no ordinary act may be.
    """

    def __init__(self, api: str, ledger: Ledger, entrance: Entrance) -> None:
        self._entrance = entrance
        self._wires = {party: Wire(api, party, ledger) for party in (CONSUMER, STAFF, SHOP)}
        self.refused: list[tuple[str, str]] = []
        self.cases: list[Case] = []

    def file(self, now: datetime, mark: str) -> None:
        """One more complaint, about an order of its own, by somebody else; its fate comes by turns."""
        number = len(self.cases)
        fate = FATES[number % len(FATES)]
        ways = {"email": f"p{number}-{mark}@example.cn", "phone": f"+861381{number:07}"}
        contact = {"name": "王芳"} | {way: ways[way] for way in fate.reached}
        order = {"order_number": f"E{now:%Y%m%d}-{mark}{number:04}", "contact": contact}
        filing = KETTLE | order | {"channel": fate.channel, "category": fate.category}
        by_phone = fate.channel == "phone"
        wire = STAFF if by_phone else SHOP
        shown = self._entrance.staff("cs.lin") if by_phone else self._entrance.storefront("storefront")
        receipt = self._wires[wire].post("/v1/complaints", filing, token=shown)
        if not self._allowed(receipt, "filing"):
            return
        told = receipt.body
        case = Case(told["complaint_id"], told["consumer_token"] or "", filing, CONSUMER, fate, 0, now)
        self.cases.append(case)

    def work(self, now: datetime) -> None:
        """Whatever is to be done by now; consumers look at what has become of it."""
        for case in self.cases:
            if act := case.due(now):
                self._do(case, act)
                case.done, case.last = case.done + 1, now
        if self.cases:
            self._look(self.cases[now.toordinal() * now.hour % len(self.cases)])

    def _do(self, case: Case, act: str) -> None:
        who, resource, body = ACTS[act]
        wire = self._wires[CONSUMER if who == CONSUMER else STAFF]
        token = case.token if who == CONSUMER else self._entrance.staff(who)
        self._allowed(wire.post(f"{case.path}/{resource}", dict(body), token=token), act, case.complaint_id)

    def _look(self, case: Case) -> None:
        if case.token:
            self._allowed(self._wires[CONSUMER].get(case.path, token=case.token), "reading", case.complaint_id)
        lin = self._entrance.staff("cs.lin")
        self._allowed(self._wires[STAFF].get("/v1/complaints?limit=25", token=lin), "the queue")
        self._allowed(self._wires[STAFF].get(f"{case.path}/timeline", token=lin), "the timeline", case.complaint_id)

    def _allowed(self, reply: Reply, what: str, about: str = "people") -> bool:
        if good := reply.status in (200, 201):
            return good
        self.refused.append((about, f"{what}: {reply.said}"))
        return False
