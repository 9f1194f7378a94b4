"""Audits as people make them: a life that goes on by what is handed in, and one in each stage."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.audit import audit, clocks, decisions
from chalicelib.domain.audit.audit import Action, Audit, Drawn, Scope, Stage
from chalicelib.domain.audit.evolution import evolve
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK, Actor, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.improvement import Finished, Planned
from tests.domain.cases import POLICY

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 10, 12, 9, 30, tzinfo=SHANGHAI)
SUN = people.staff("audit.sun", frozenset({"audit"}))
QI = people.staff("audit.qi", frozenset({"audit"}))
TAO = people.staff("audit.tao", frozenset({"audit", "customer_service"}))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
QIAN = people.staff("management.qian", frozenset({"management"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
WU = people.staff("cs.wu", frozenset({"customer_service"}))
GAO = people.staff("logistics.gao", frozenset({"logistics"}))
EVERYBODY = (SUN, QI, TAO, ZHOU, QIAN, LEAD, LIN, WU, GAO)
NONCE, POPULATION_HASH = "ab" * 32, "c" * 64
KETTLE, FAN, LAMP = "7K2M9-XD4FQ", "7K2M9-XD4FR", "7K2M9-XD4FS"
CS = (Role.CUSTOMER_SERVICE,)
DRAFT = audit.DraftAudit(period="2026Q3", scope=Scope(departments=CS))
YES: dict[str, Any] = {
    question: {"judgement": "yes"} for question in ("findings_follow", "remedy_lawful", "tone", "classification")
}


def sample(acted: dict[str, tuple[str, ...]] | None = None, auditors: tuple[str, ...] = (QI.id, SUN.id)) -> Any:
    items = (
        Drawn(complaint_id=KETTLE, stratum="certainty safety"),
        Drawn(complaint_id=FAN, stratum="cs.lin satisfied"),
        Drawn(complaint_id=LAMP, stratum="cs.wu satisfied"),
    )
    seed = hashlib.sha256(f"{POPULATION_HASH}audit_2026Q3-1{NONCE}".encode()).hexdigest()
    shared = {
        "population": 40,
        "population_hash": POPULATION_HASH,
        "nonce": NONCE,
        "seed": seed,
        "size": 2,
        "certain": 1,
    }
    return audit.FrozenSample(**shared, hash="d" * 64, items=items, auditors=auditors, acted=acted or {})


def finding(owner: str = LIN.id, severity: audit.Severity = "minor", **other: object) -> audit.FoundFinding:
    said = {"severity": severity, "clause": "4.1c", "what": "告知晚于时限", "department": "customer_service"}
    facts = {"owner_groups": CS, "answering_groups": CS}
    return audit.FoundFinding.model_validate({"owner": owner, **said, **facts, **other})


def plan(due: date | None = None, owner: str = LIN.id) -> audit.PlanCorrection:
    measure = Planned(what="每日两次核对受理时限", owner=owner, due=due or date(2026, 12, 4))
    return audit.PlanCorrection(correction="已补告知", cause="交接遗漏", measures=(measure,))


DONE = Finished(note="已执行两周")
COMPLETE = audit.CompleteCorrection(evidence="两周抽查无遗漏")
HELPED, IN_VAIN = (audit.VerifyCorrection(effective=one, evidence="再查30件") for one in (True, False))
WAIVE = audit.WaiveFinding(reason="系统改造后一并解决", until=date(2027, 1, 29))
STATE = hearings.Statement(text="当天系统停机两小时")
DECIDE = hearings.HearingDecision(measure="talk", reasons="已经核实")
OBJECT = hearings.HearingObjection(text="停机记录没有计入")
REPORT = audit.CountedReport(conclusion="告知环节需要改进", limit=Decimal("77.6"), hash="e" * 64)
HANDED_IN: dict[Action, Submission] = {
    Action.APPROVE: audit.ApproveAudit(approved=True),
    Action.CANCEL: audit.CancelAudit(reason="范围有误"),
    Action.DRAW: sample(),
    Action.PICK: audit.FoundPick(complaint_id="7K2M9-XD4FT", reason="媒体来电提到", auditors=(SUN.id,)),
    Action.HAND_OVER: audit.FoundHandOver(reason="休假", auditors=(QI.id, SUN.id)),
    Action.EXAMINE: audit.Examination(answers=YES),
    Action.RAISE: finding(),
    Action.DROP: audit.DropFinding(reason="证据后来找到"),
    Action.REPORT: REPORT,
    Action.COMMENT: audit.CommentAudit(text="第二项请补充日期"),
    Action.PUBLISH: audit.HashedPublication(hash="f" * 64),
    Action.CORRECT: audit.HashedCorrection(reason="数字有误", conclusion="更正后的结论", hash="a" * 64),
    Action.PLAN: plan(),
    Action.COMPLETE: COMPLETE,
    Action.VERIFY: HELPED,
    Action.WAIVE: WAIVE,
    Action.REASSIGN: audit.FoundOwner(owner=WU.id, reason="调岗", groups=CS),
    Action.FINISH_MEASURE: DONE,
    Action.STATE: STATE,
    Action.DECIDE: DECIDE,
    Action.OBJECT: OBJECT,
    Action.CLOSE: audit.CloseAudit(),
}


class Life:
    """An audit, its entries, and the moment it is."""

    def __init__(self, handed_in: audit.DraftAudit = DRAFT, by: Actor = SUN, now: datetime = MONDAY) -> None:
        self.now, self.policy = now, POLICY
        self.entries: list[Entry] = [decisions.drafted("audit_2026Q3-1", handed_in, NONCE, by, now, POLICY)]
        self.state: Audit = evolve(None, self.entries[0])

    def copy(self) -> "Life":
        other = object.__new__(Life)
        other.now, other.policy, other.entries, other.state = self.now, self.policy, [*self.entries], self.state
        return other

    def add(self, entries: Sequence[Entry]) -> "Life":
        for entry in entries:
            self.entries.append(entry)
            self.state = evolve(self.state, entry)
        return self

    def do(self, handed_in: Submission, by: Actor, part: str | int | None = None) -> "Life":
        """As `act` does it: what is due by now is raised first."""
        while True:
            about = None if part is None else str(part)
            entries = decisions.decide(self.state, handed_in, by, self.now, self.policy, about)
            self.add(entries)
            if any(entry.actor != CLOCK for entry in entries):
                return self

    def at(self, now: datetime) -> "Life":
        self.now = now
        return self

    def later(self, days: int) -> "Life":
        self.at(self.now + timedelta(days=days))
        while (alarm := clocks.next_alarm(self.state, self.policy)) and alarm.moment <= self.now:
            self.add(clocks.due_alarms(self.state, self.now, self.policy))
        return self

    def rung(self, until: datetime) -> list[tuple[str, str, str]]:
        """What rings until a moment: the kind of entry, its clock, the local day and hour."""
        known = len(self.entries)
        while (alarm := clocks.next_alarm(self.state, self.policy)) and alarm.moment <= until:
            self.at(max(self.now, alarm.moment))
            self.add(clocks.due_alarms(self.state, self.now, self.policy))
        rang: list[Any] = [(entry, entry.event) for entry in self.entries[known:]]
        return [
            (entry.kind, event.alarm.clock, f"{event.alarm.moment.astimezone(SHANGHAI):%m-%d %H:%M}")
            for entry, event in rang
        ]

    # how it comes to be in a stage

    def sampled(self) -> "Life":
        return self.do(HANDED_IN[Action.APPROVE], ZHOU).do(HANDED_IN[Action.DRAW], SUN)

    def examined(self) -> "Life":
        """Every item, by whoever has it."""
        for item in self.state.items:
            who = {SUN.id: SUN, QI.id: QI}[item.auditor or ""]
            self.do(HANDED_IN[Action.EXAMINE], who, item.complaint_id)
        return self

    def reported(self) -> "Life":
        return self.sampled().examined().do(REPORT, SUN)

    def published(self) -> "Life":
        return self.later(9).do(HANDED_IN[Action.PUBLISH], SUN)

    def corrected(self, owner: Actor = LIN, severity: audit.Severity = "minor", part: int = 1) -> "Life":
        """A finding is raised, planned and done."""
        self.do(finding(owner.id, severity), SUN).do(plan(owner=owner.id, due=self.today(4)), owner, part)
        number = self.state.measures[-1].number
        return self.do(DONE, owner, number).do(COMPLETE, owner, part)

    def today(self, days: int) -> date:
        return self.now.astimezone(SHANGHAI).date() + timedelta(days=days)


ABOUT: dict[Action, str] = {
    **dict.fromkeys((Action.HAND_OVER, Action.EXAMINE), FAN),
    Action.VERIFY: "1",
    **dict.fromkeys((Action.PLAN, Action.DROP, Action.REASSIGN), "2"),
    **dict.fromkeys((Action.COMPLETE, Action.FINISH_MEASURE), "3"),
    Action.WAIVE: "5",
    Action.STATE: "6",
    Action.DECIDE: "7",
    Action.OBJECT: "8",
}
"""What each action is about in the lives below."""


def life_in(stage: Stage, action: Action, who: Actor) -> Life:
    """An audit in a stage, in which somebody can do something if the stage and their role let them: they have an item,
    own findings, have to answer for some. An audit is reported when all is examined, and closed without findings."""
    return _made(stage, action if action in (Action.REPORT, Action.CLOSE) else None, who).copy()


@cache
def _made(stage: Stage, for_: Action | None, who: Actor) -> Life:
    life = Life()
    if stage == Stage.DRAFT:
        return life
    if stage == Stage.CANCELLED:
        return life.do(HANDED_IN[Action.CANCEL], SUN)
    life.do(HANDED_IN[Action.APPROVE], ZHOU)
    if stage == Stage.APPROVED:
        return life
    life.do(HANDED_IN[Action.DRAW], SUN)
    if stage == Stage.SAMPLED:
        return _given(life, who)
    life.do(HANDED_IN[Action.EXAMINE], QI, KETTLE)
    closing = stage == Stage.CLOSED or (stage == Stage.PUBLISHED and for_ == Action.CLOSE)
    if not closing:
        life.corrected()
    life.later(40)
    if stage == Stage.FIELDWORK:
        life = life.examined() if for_ == Action.REPORT else _given(life, who)
        return _with_findings(life, who)
    life.examined().do(REPORT, SUN)
    if stage == Stage.DRAFT_REPORT:
        return _with_findings(life, who)
    life.later(10)
    if not closing:
        _with_findings(life, who)
    if stage == Stage.CLOSED:
        _with_hearings(life.do(finding(severity="observation"), SUN), who, first=2)
    if stage != Stage.COMMENTED:
        life.do(HANDED_IN[Action.PUBLISH], SUN)
    return life.do(HANDED_IN[Action.CLOSE], SUN) if stage == Stage.CLOSED else life


def _given(life: Life, who: Actor) -> Life:
    groups = (Role.LEGAL,)
    return life.do(audit.FoundHandOver(reason="指定", to=who.id, auditors=(), groups=groups), ZHOU, FAN)


def _with_findings(life: Life, who: Actor) -> Life:
    """2: theirs; 3: theirs, planned, the measures done, all but their own third; 4: another's; 5: another's, open."""
    mine = finding(who.id)
    life.do(mine, SUN).do(mine, SUN).do(plan(owner=who.id, due=life.today(9)), who, 3)
    life.do(DONE, who, life.state.measures[-1].number)
    life.do(mine, SUN).do(plan(owner=who.id, due=life.today(9)), who, 4).do(finding(), SUN)
    return _with_hearings(life, who, first=6)


def _with_hearings(life: Life, who: Actor, first: int) -> Life:
    """6: they are to be heard; 7: another was, so it is to be decided; 8: it was decided about them."""
    theirs = finding(severity="observation", answers_for=who.id)
    life.do(theirs, SUN).do(finding(severity="observation", answers_for=LIN.id), SUN).do(STATE, LIN, first + 1)
    return life.do(theirs, SUN).do(STATE, who, first + 2).do(DECIDE, QIAN, first + 2)
