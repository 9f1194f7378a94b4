"""Audits in each stage, made by the rules with what the house would have found; a quarter in which one was closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import audits, lines, store
from chalicelib.casework import rules
from chalicelib.casework.commit import commit
from chalicelib.domain.audit import audit, clocks, decisions, sampling
from chalicelib.domain.audit.audit import Audit
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground import people
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision import account
from chalicelib.domain.supervision.improvement import Finished
from chalicelib.domain.supervision.lines import Closed
from infra.local.staff import STAFF
from tests.examples import AUDIT, EXAMPLES
from tests.house import House

PERIOD = "2026Q2"
AUDITORS = ("audit.lu", "audit.qin")
NONCE = "5" * 64
LONG_AGO = timedelta(days=45)
DAYS_FOR_COMMENTS = timedelta(days=12)
_numbers = count(1000)
_items: dict[str, str] = {}


def item_of(name: str) -> str:
    """The complaint that is the one item of an audit."""
    return _items.get(name, "00000-00000")


def staff(name: str) -> Actor:
    return people.staff(name, frozenset(STAFF[name]))


def closed_one(house: House) -> str:
    """The id of a closed complaint, the same one for all audits of a house; the quarter has its line."""
    known = vars(house)
    if "audited" not in known:
        known["audited"] = house.bring_to("closed")["complaint_id"]
        _lay_in(known["audited"], house.now)
    return str(known["audited"])


def _lay_in(complaint_id: str, now: datetime) -> None:
    """As if it had been closed in May."""
    entries = list(store.timeline(complaint_id, 0, 100))
    at = datetime(2026, 5, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    [line] = [one for one in account.lines_of(entries, rules.in_force(now)) if isinstance(one, Closed)]
    lines.put([line.model_copy(update={"at": at, "day": at.date()})], line.seq, 3000)


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

    def does(self, who: str, body: Submission, part: str | None = None) -> None:
        assert self.state
        policy = rules.in_force(self.at)
        entries = decisions.decide(self.state, body, staff(who), self.at, policy, part)
        self.state = commit(self.state, entries, self.at, policy)

    def example(self, name: str, kind: type[Submission], part: str | None = None, **known: Any) -> None:
        """What its example says, by whoever does it there."""
        self.does(EXAMPLES[name].who, kind.model_validate(EXAMPLES[name].body | known), part)

    def rung(self) -> None:
        """What was due by the house's time has happened."""
        self.at = self.house.now
        assert self.state
        policy = rules.in_force(self.at)
        while entries := clocks.due_alarms(self.state, self.at, policy):
            self.state = commit(self.state, entries, self.at, policy)


def _drawn(one: Auditing) -> None:
    hashed = sampling.population_hash([item_of(one.name)])
    one.does(
        "audit.qin",
        audit.FrozenSample(
            population=1,
            population_hash=hashed,
            nonce=NONCE,
            seed=sampling.seed_of(hashed, one.name, NONCE),
            size=1,
            certain=0,
            hash="0" * 64,
            items=(audit.Drawn(complaint_id=item_of(one.name), stratum="cs.lin satisfied"),),
            auditors=AUDITORS[::-1],
        ),
    )


def _to_fieldwork(one: Auditing) -> None:
    one.example("examine_item", audit.Examination, item_of(one.name))


def _raised(one: Auditing) -> None:
    known = {"owner_groups": STAFF["cs.lead"], "answers_for": "cs.lin", "answering_groups": STAFF["cs.lin"]}
    one.example("raise_finding", audit.FoundFinding, **known)


def _reported(one: Auditing) -> None:
    one.example("report_audit", audit.CountedReport, limit=Decimal("95.0"), hash="1" * 64)


def _commented(one: Auditing) -> None:
    one.rung()
    assert one.state
    assert one.state.stage == "commented"


def _published(one: Auditing) -> None:
    one.example("publish_audit", audit.HashedPublication, hash="2" * 64)


def _planned(one: Auditing) -> None:
    one.example("plan_correction", audit.PlanCorrection, "1")


Step = Callable[[Auditing], None]
DRAWN: tuple[Step, ...] = (lambda one: one.example("approve_audit", audit.ApproveAudit), _drawn)
FIELDWORK: tuple[Step, ...] = (*DRAWN, _to_fieldwork)
RAISED: tuple[Step, ...] = (*FIELDWORK, _raised)
PLANNED: tuple[Step, ...] = (*RAISED, _planned)
FINISHED: tuple[Step, ...] = (*PLANNED, lambda one: one.example("complete_audit_measure", Finished, "1"))
STATED: tuple[Step, ...] = (*RAISED, lambda one: one.example("state_case_of_finding", hearings.Statement, "1"))
PUBLISHED: tuple[Step, ...] = (*FIELDWORK, _reported, _commented, _published)
STAGES: dict[str, tuple[Step, ...]] = {
    "draft": (),
    "approved": DRAWN[:1],
    "sampled": DRAWN,
    "fieldwork": FIELDWORK,
    "examined": FIELDWORK,
    "draft_report": (*FIELDWORK, _reported),
    "commented": PUBLISHED[:-1],
    "published": PUBLISHED,
    "raised": RAISED,
    "planned": PLANNED,
    "finished": FINISHED,
    "ripe": (*FINISHED, lambda one: one.example("complete_correction", audit.CompleteCorrection, "1")),
    "stated": STATED,
    "decided": (*STATED, lambda one: one.example("decide_hearing_of_finding", hearings.HearingDecision, "1")),
}
BEFORE = {"ripe": LONG_AGO, "commented": DAYS_FOR_COMMENTS, "published": DAYS_FOR_COMMENTS}
"""So long before now it began."""


def audit_for(house: House, stage: str) -> str:
    """The name of a new audit as the example of an operation needs it."""
    one = Auditing(house, house.now - BEFORE.get(stage, timedelta()))
    for step in STAGES[stage]:
        step(one)
    return one.name
