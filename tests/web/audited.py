"""Audits in each stage, made by the rules with what the house would have found; a quarter in which one was closed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import audits, lines, store
from chalicelib.casework import audit_facts, rules
from chalicelib.casework.commit import commit
from chalicelib.casework.days import close_day
from chalicelib.domain.audit import audit, clocks, decisions
from chalicelib.domain.audit.audit import Audit
from chalicelib.domain.audit.guards import Occasion
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground import people
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision import account
from chalicelib.domain.supervision.improvement import Finished
from infra.local.staff import STAFF
from tests.examples import AUDIT, EXAMPLES
from tests.house import House

PERIOD = "2026Q2"
IN_MAY = datetime(2026, 5, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
NONCE = "5" * 64
LONG_AGO = timedelta(days=45)
DAYS_FOR_COMMENTS = timedelta(days=20)
_numbers = count(1000)
_items: dict[str, str] = {}


def item_of(name: str) -> str:
    """The complaint that is the one item of an audit."""
    return _items.get(name, "00000-00000")


def staff(name: str) -> Actor:
    return people.staff(name, frozenset(STAFF[name]))


def closed_one(house: House) -> str:
    """The id of a complaint that was closed in May, the same one for all audits of a house; its days are counted."""
    known = vars(house)
    if "audited" not in known:
        now, house.now = house.now, IN_MAY
        known["audited"] = house.bring_to("closed")["complaint_id"]
        house.now = now
        _count(known["audited"])
    return str(known["audited"])


def _count(complaint_id: str) -> None:
    entries = list(store.timeline(complaint_id, 0, 100))
    made = account.lines_of(entries, rules.in_force(IN_MAY))
    lines.put(made, entries[-1].seq, 3000)
    for day in {*(line.day for line in made), date(2026, 6, 30)}:
        close_day(day)


class Auditing:
    """One audit, step by step."""

    def __init__(self, house: House, at: datetime) -> None:
        self.house, self.at = house, at
        self.name = f"audit_{PERIOD}-{next(_numbers)}"
        self.state: Audit | None = None
        body = audit.DraftAudit.model_validate(AUDIT | {"period": PERIOD})
        entry = decisions.drafted(self.name, body, NONCE, staff("audit.qin"), at, rules.in_force(at))
        self.state = commit(None, [entry], at, rules.in_force(at), more=[audits.keeping(self.name, NONCE)])
        _items[self.name] = closed_one(house)

    def does(self, name: str, part: str | None = None, **known: Any) -> None:
        """What the example of an operation says, by whoever does it there."""
        assert self.state
        body, actor, policy = EXAMPLES[name].body, staff(EXAMPLES[name].who), rules.in_force(self.at)
        meant = OPERATIONS[name].model_validate(body | known)
        asked = audit_facts.completed(Occasion(self.state, actor, self.at, policy, part), meant)
        said = asked.submission
        if isinstance(said, audit.FoundFinding):  # as if nothing were found twice
            said = said.model_copy(update={"earlier": ()})
        entries = decisions.decide(self.state, said, actor, self.at, policy, part)
        self.state = commit(self.state, entries, self.at, policy, more=asked.writes)

    def rung(self) -> None:
        """What was due by the house's time has happened."""
        self.at = self.house.now
        assert self.state
        policy = rules.in_force(self.at)
        while entries := clocks.due_alarms(self.state, self.at, policy):
            self.state = commit(self.state, entries, self.at, policy)


OPERATIONS: dict[str, type[Submission]] = {
    "approve_audit": audit.ApproveAudit,
    "draw_sample": audit.DrawSample,
    "examine_item": audit.ExamineItem,
    "report_audit": audit.ReportAudit,
    "publish_audit": audit.PublishAudit,
    "raise_finding": audit.RaiseFinding,
    "plan_correction": audit.PlanCorrection,
    "complete_audit_measure": Finished,
    "complete_correction": audit.CompleteCorrection,
    "state_case_of_finding": hearings.Statement,
    "decide_hearing_of_finding": hearings.HearingDecision,
}


def _examined(one: Auditing) -> None:
    one.does("examine_item", item_of(one.name))


def _commented(one: Auditing) -> None:
    one.rung()
    assert one.state
    assert one.state.stage == "commented"


def _raised(one: Auditing) -> None:
    one.does("raise_finding", answers_for="cs.lin")


def _done(name: str, part: str | None = None) -> "Step":
    return lambda one: one.does(name, part)


Step = Callable[[Auditing], None]
DRAWN: tuple[Step, ...] = (_done("approve_audit"), _done("draw_sample"))
FIELDWORK: tuple[Step, ...] = (*DRAWN, _examined)
COMMENTED: tuple[Step, ...] = (*FIELDWORK, _done("report_audit"), _commented)
RAISED: tuple[Step, ...] = (*COMMENTED, _raised)
CORRECTED = (_done("plan_correction", "1"), _done("complete_audit_measure", "1"), _done("complete_correction", "1"))
HEARD = (_done("state_case_of_finding", "1"), _done("decide_hearing_of_finding", "1"))
STAGES: dict[str, tuple[Step, ...]] = {
    "draft": (),
    "approved": DRAWN[:1],
    "sampled": DRAWN,
    "fieldwork": FIELDWORK,
    "examined": FIELDWORK,
    "draft_report": COMMENTED[:-1],
    "commented": COMMENTED,
    "published": (*COMMENTED, _done("publish_audit")),
    "raised": RAISED,
    "planned": (*RAISED, *CORRECTED[:1]),
    "finished": (*RAISED, *CORRECTED[:2]),
    "stated": (*RAISED, *HEARD[:1]),
    "decided": (*RAISED, *HEARD),
    "ripe": (*FIELDWORK, _raised, *CORRECTED, *COMMENTED[-2:]),
}
"""What was done by then. A finding is raised in a stage in which all of staff may read of it."""


def _began(house: House, stage: str) -> datetime:
    if stage == "ripe":
        return house.now - LONG_AGO
    return house.now - (DAYS_FOR_COMMENTS if _commented in STAGES[stage] else timedelta())


def audit_for(house: House, stage: str) -> str:
    """The name of a new audit as the example of an operation needs it."""
    one = Auditing(house, _began(house, stage))
    for step in STAGES[stage]:
        step(one)
    return one.name
