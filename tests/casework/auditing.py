"""Audits as the house makes them, by the verbs: drafted, approved, drawn, examined, reported, published."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.adapters import store
from chalicelib.casework import audits
from chalicelib.casework.ring import ring
from chalicelib.domain.audit import audit
from chalicelib.domain.audit.audit import Audit
from chalicelib.domain.ground import people
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.improvement import Planned
from tests.house import House

from .test_population import closed, days_are_closed

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 12, 10, tzinfo=SHANGHAI)
"""A Monday of the quarter after the one that is audited."""
QIN = people.staff("audit.qin", frozenset({"audit"}))
LU = people.staff("audit.lu", frozenset({"audit"}))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
CHEN = people.staff("cs.chen", frozenset({"customer_service"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
XU = people.staff("legal.xu", frozenset({"legal"}))
PLANNED = audit.DraftAudit(period="2026Q3", scope=audit.Scope(departments=(people.Role.CUSTOMER_SERVICE,)))
YES = audit.ExamineItem.model_validate(
    {
        "answers": {
            question: {"judgement": "yes"}
            for question in ("findings_follow", "remedy_lawful", "tone", "classification")
        }
    }
)


def closed_complaints(house: House, number: int) -> list[str]:
    """So many complaints that somebody complained of, 林 handled and the consumer was satisfied with; their closures
    are told by lines of the quarter before."""
    ids = []
    for n in range(number):
        receipt = house.bring_to("awaiting_consumer", order_number=f"A{n}")
        house.do(receipt["complaint_id"], "feedback", {"satisfied": True}, token=receipt["consumer_token"], who=None)
        ids.append(str(receipt["complaint_id"]))
    days_are_closed(*(closed(one, date(2026, 7 + n % 3, 6 + n)) for n, one in enumerate(ids)))
    return ids


def do(
    name: str, handed_in: Submission, now: datetime, actor: people.Actor = QIN, part: str | int | None = None
) -> Audit:
    return audits.do(name, handed_in, actor, now, part=None if part is None else str(part)).state


def draft(now: datetime = NOW, **changes: object) -> str:
    return audits.draft(PLANNED.model_copy(update=changes), QIN, now).state.audit_id


def approved(now: datetime = NOW) -> str:
    name = draft(now)
    do(name, audit.ApproveAudit(approved=True), now, ZHOU)
    return name


def drawn(now: datetime = NOW) -> Audit:
    return do(approved(now), audit.DrawSample(), now)


def examined(now: datetime = NOW) -> Audit:
    state = drawn(now)
    for item in state.items:
        assert item.auditor
        state = do(state.audit_id, YES, now, people.staff(item.auditor, frozenset({"audit"})), item.complaint_id)
    return state


def finding(items: Sequence[str] = (), **changes: object) -> audit.RaiseFinding:
    known = {"severity": "major", "clause": "4.1c", "what": "未在期限内告知", "department": "customer_service"}
    return audit.RaiseFinding.model_validate(known | {"owner": "cs.chen", "items": list(items)} | changes)


def plan(now: datetime, owner: str = "cs.chen") -> audit.PlanCorrection:
    measure = Planned(what="补充培训", owner=owner, due=(now + timedelta(days=7)).date())
    return audit.PlanCorrection(correction="已补发通知", cause="流程不清", measures=(measure,))


def published(now: datetime = NOW) -> Audit:
    state = examined(now)
    do(state.audit_id, finding([state.items[0].complaint_id]), now)
    do(state.audit_id, audit.ReportAudit(conclusion="总体良好"), now)
    ring(state.audit_id, now + timedelta(days=8))
    return do(state.audit_id, audit.PublishAudit(), now + timedelta(days=8))


def state_of(name: str) -> Audit:
    return store.load_all([name], Audit)[name]
