"""Audits in each stage, made by the rules with what the house would have found; a quarter in which one was closed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import audits, lines, store
from chalicelib.casework import population, rules
from chalicelib.casework.commit import commit
from chalicelib.casework.days import close_day
from chalicelib.domain.audit import audit, clocks, decisions
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
AUDITORS = ("audit.qin", "audit.lu")
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
    for day in (at.date(), date(2026, 6, 30)):
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
    assert one.state
    frozen = population.freeze(one.state, NONCE)
    known = {name: getattr(frozen.draw, name) for name in audit.Sample.model_fields if hasattr(frozen.draw, name)}
    one.does(
        "audit.qin",
        audit.FrozenSample(nonce=NONCE, hash=frozen.hash, items=frozen.draw.items, auditors=AUDITORS, **known),
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


def _completed(one: Auditing) -> None:
    one.example("complete_audit_measure", Finished, "1")


def _done(one: Auditing) -> None:
    one.example("complete_correction", audit.CompleteCorrection, "1")


def _stated(one: Auditing) -> None:
    one.example("state_case_of_finding", hearings.Statement, "1")


def _decided(one: Auditing) -> None:
    one.example("decide_hearing_of_finding", hearings.HearingDecision, "1")


Step = Callable[[Auditing], None]
DRAWN: tuple[Step, ...] = (lambda one: one.example("approve_audit", audit.ApproveAudit), _drawn)
FIELDWORK: tuple[Step, ...] = (*DRAWN, _to_fieldwork)
COMMENTED: tuple[Step, ...] = (*FIELDWORK, _reported, _commented)
RAISED: tuple[Step, ...] = (*COMMENTED, _raised)
STAGES: dict[str, tuple[Step, ...]] = {
    "draft": (),
    "approved": DRAWN[:1],
    "sampled": DRAWN,
    "fieldwork": FIELDWORK,
    "examined": FIELDWORK,
    "draft_report": (*FIELDWORK, _reported),
    "commented": COMMENTED,
    "published": (*COMMENTED, _published),
    "raised": RAISED,
    "planned": (*RAISED, _planned),
    "finished": (*RAISED, _planned, _completed),
    "stated": (*RAISED, _stated),
    "decided": (*RAISED, _stated, _decided),
    "ripe": (*FIELDWORK, _raised, _planned, _completed, _done, _reported, _commented),
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
