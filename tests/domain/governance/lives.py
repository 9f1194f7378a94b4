"""Amendments as people make them: a life that goes on by what is handed in, and one in each stage."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from chalicelib.domain.governance import amendment, clocks, decisions, notice
from chalicelib.domain.governance.amendment import Action, Amendment, Document, Proposal, ReplaySum, Stage
from chalicelib.domain.governance.evolution import evolve
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK, Actor, Role
from chalicelib.domain.ground.record import Submission
from tests.domain.cases import POLICY

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=SHANGHAI)
LIN = people.staff("legal.lin", frozenset({"legal"}))
HE = people.staff("legal.he", frozenset({"legal"}))
WU = people.staff("cs.wu", frozenset({"customer_service"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
QIAN = people.staff("management.qian", frozenset({"management"}))
XIE = people.staff("quality.xie", frozenset({"quality"}))
SHOP = people.storefront("web-shop")
WANG, OTHER = people.consumer("7K2M9-XD4FQ"), people.consumer("7K2M9-XD4FR")
EVERYBODY = (LIN, HE, WU, LEAD, ZHOU, QIAN, XIE, SHOP, WANG, OTHER)
SUM = ReplaySum(complaints=40, due_dates_moved=12, breaches_more=3, breaches_fewer=1)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
SHORTER = {"clocks": {"received": {"hours": 12}}}
HASH, ANOTHER = "a" * 64, "b" * 64
REPLAYING = amendment.Replaying.model_validate({"from": FIRST, "to": LAST})
HELD = amendment.Consultation(held_on=date(2026, 10, 28), participants="客服部全体", outcome="同意，排班另议")


def proposal(document: Document = "rules", **other: object) -> Proposal:
    said = {
        "summary": "受理时限缩短为十二小时",
        "reasons": "十月仅有三件超过十二小时。",
        "impact": "normal",
        "staff_impact": False,
        "document": document,
        "base": 2,
        "beside": 1,
        "changes": SHORTER,
        "hash": HASH,
    }
    return Proposal.model_validate(said | other)


class Life:
    """An amendment, its entries, and the moment it is."""

    def __init__(self, handed_in: Proposal, by: Actor = LIN, now: datetime = MONDAY) -> None:
        self.now = now
        self.entries: list[Entry] = [decisions.drafted("amendment_1", handed_in, by, now)]
        self.state: Amendment = evolve(None, self.entries[0])

    def copy(self) -> "Life":
        other = object.__new__(Life)
        other.now, other.entries, other.state = self.now, [*self.entries], self.state
        return other

    def add(self, entries: Sequence[Entry]) -> "Life":
        for entry in entries:
            self.entries.append(entry)
            self.state = evolve(self.state, entry)
        return self

    def do(self, handed_in: Submission, by: Actor, part: str | None = None) -> "Life":
        """As `act` does it: what is due by now is raised first."""
        while True:
            entries = decisions.decide(self.state, handed_in, by, self.now, POLICY, part)
            self.add(entries)
            if any(entry.actor != CLOCK for entry in entries):
                return self

    def at(self, now: datetime) -> "Life":
        self.now = now
        return self

    def ring(self) -> "Life":
        return self.add(clocks.due_alarms(self.state, self.now, POLICY))

    def rung(self, until: datetime) -> list[tuple[str, datetime]]:
        """What rings until a moment, and when."""
        known = len(self.entries)
        while (alarm := clocks.next_alarm(self.state, POLICY)) and alarm.moment <= until:
            self.at(max(self.now, alarm.moment)).ring()
        return [(entry.kind, entry.at.astimezone(SHANGHAI)) for entry in self.entries[known:]]

    def replayed(self) -> "Life":
        self.do(REPLAYING, LIN)
        return self.add(decisions.replay_finished(self.state, FIRST, LAST, self.state.hash, SUM, self.now))

    def announced(self, by: Actor = LIN, number: int = 3) -> "Life":
        moment = max(notice.usual(self.state, self.now, POLICY), self.now + timedelta(days=1))
        return self.do(amendment.Numbered(number=number, effective_from=moment), by)

    @property
    def effective_from(self) -> datetime:
        assert self.state.effective_from
        return self.state.effective_from


@cache
def _life_in(stage: Stage, document: Document) -> Life:
    life = Life(proposal(document))
    if stage == Stage.DRAFT:
        return life
    if stage == Stage.WITHDRAWN:
        return life.do(amendment.Withdrawal(), LIN)
    life.replayed().do(amendment.Submitting(), WU)
    if stage == Stage.RETURNED:
        return life.do(amendment.Approval(approved=False, reasons="十二小时太紧"), ZHOU)
    ways = {
        Stage.APPROVED: lambda: life.do(amendment.Approval(approved=True), ZHOU),
        Stage.ANNOUNCED: life.announced,
        Stage.IN_FORCE: lambda: life.at(life.effective_from).ring(),
        Stage.SUPERSEDED: lambda: life.add(decisions.superseded(life.state, 4, life.now)),
    }
    for target, way in ways.items():
        if life.state.stage == stage:
            break
        way()
        assert life.state.stage == target
        if target == Stage.ANNOUNCED:
            life.do(amendment.Opinion(text="夜间谁来受理？"), WANG)
    return life


def life_in(stage: Stage, document: Document = "rules") -> Life:
    """One that has come to a stage; announced ones have an opinion that waits for an answer."""
    return _life_in(stage, document).copy()


HANDED_IN: dict[Action, Submission] = {
    Action.CHANGE: proposal(hash=ANOTHER),
    Action.REPLAY: REPLAYING,
    Action.SUBMIT: amendment.Submitting(),
    Action.APPROVE: amendment.Approval(approved=True),
    Action.CONFIRM: amendment.Approval(approved=True),
    Action.ANNOUNCE: amendment.Numbered(number=3, effective_from=MONDAY + timedelta(days=60)),
    Action.GIVE_OPINION: amendment.Opinion(text="建议保留二十四小时"),
    Action.ANSWER_OPINION: amendment.OpinionAnswer(text="夜间由值班组受理"),
    Action.WITHDRAW: amendment.Withdrawal(reason="另行起草"),
}
"""What is handed in for each action of people."""


def someone(role: Role) -> Actor:
    """Of a role, who had nothing to do with it before."""
    if role == Role.SYSTEM:
        return people.HOUSE
    if role in people.STAFF:
        return people.staff(f"{role}.someone", frozenset({role}))
    return people.storefront("app-shop") if role == Role.STOREFRONT else people.consumer("7K2M9-XD4FR")
