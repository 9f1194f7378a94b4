"""Who answers for a missed due time (8.3): they speak, management decides, they object; lists, and figures."""

from typing import Literal

from pydantic import Field

from chalicelib.casework import hearings as casework
from chalicelib.casework import surveys
from chalicelib.casework.verbs import do
from chalicelib.domain.complaint import hearings as domain
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.web import part_views
from chalicelib.web.bodies import DaysQuery, HearingsQuery
from chalicelib.web.door import Answer, Call, tagged

from .api import Api

hearings = Api(__name__)
OF_BREACH = "/v1/complaints/{complaint_id}/breaches/{number}"


class WaitingView(Model):
    """A hearing that waits for somebody."""

    record: str = Field(description="The complaint, or the audit.")
    about: Literal["breach", "finding"]
    number: int = Field(description="Of the breach, or of the finding.")
    person: str
    stage: Literal["hearing", "deciding", "decided", "objected"]
    due_at: Instant
    overdue: bool


class WaitingPage(Model):
    items: list[WaitingView]
    next_cursor: str | None


class DepartmentView(Model):
    """Of one department, nobody by name."""

    department: Role
    breaches: int = Field(description="That stand.")
    decided: int = Field(description="Hearings that were decided; of an objection the last decision of these days.")
    measures: dict[domain.Measure, int] | None = Field(description="How many of each; null below 10 decisions.")


class BreachFigures(Model):
    items: list[DepartmentView]


@hearings.operation(
    "POST",
    f"{OF_BREACH}/statement",
    who=LIFECYCLE.who(Action.STATE),
    body=domain.Statement,
    answers={200: part_views.BreachView},
    conditional=True,
)
def state_case(call: Call, body: domain.Statement) -> Answer:
    """State your case about what was missed while you had the complaint: once, within 3 working days (8.3)."""
    return _after(call, body)


@hearings.operation(
    "POST",
    f"{OF_BREACH}/decision",
    who=LIFECYCLE.who(Action.DECIDE),
    body=domain.HearingDecision,
    answers={200: part_views.BreachView},
    conditional=True,
)
def decide_hearing(call: Call, body: domain.HearingDecision) -> Answer:
    """Decide who answers for a missed due time, with reasons: another of management than the person, and on an
    objection another than before (8.3)."""
    return _after(call, body)


@hearings.operation(
    "POST",
    f"{OF_BREACH}/objection",
    who=LIFECYCLE.who(Action.OBJECT),
    body=domain.HearingObjection,
    answers={200: part_views.BreachView},
    conditional=True,
)
def object_to_decision(call: Call, body: domain.HearingObjection) -> Answer:
    """Object to what was decided of you, within 5 working days, once: another of management decides (8.3)."""
    return _after(call, body)


@hearings.operation("GET", "/v1/hearings", who=STAFF, query=HearingsQuery, answers={200: WaitingPage})
def list_hearings(call: Call, query: HearingsQuery) -> Answer:
    """What you can state your case about, or object to, soonest due first; supervisors, management and audit also see
    what others can, and what management is to decide."""
    if query.to_decide:
        found, cursor = casework.to_decide(call.actor, query.limit, query.cursor)
    else:
        found, cursor = casework.of_person(query.person or call.actor.id, call.actor, query.limit, query.cursor)
    items = [_waiting(call, one) for one in found]
    return Answer(200, WaitingPage(items=items, next_cursor=cursor))


@hearings.operation("GET", "/v1/breaches/statistics", who=domain.READERS, query=DaysQuery, answers={200: BreachFigures})
def count_breaches(call: Call, query: DaysQuery) -> Answer:
    """What was missed on some days of China and decided of it, by department: 31 days at most, by default the last
    seven."""
    found = casework.by_department(*surveys.days(query.first, query.last, call.now))
    return Answer(200, BreachFigures(items=[DepartmentView(**one._asdict()) for one in found]))


def _after(call: Call, body: Submission) -> Answer:
    number = call.path["number"]
    done = do(call.complaint_id, body, call.actor, call.now, seen=call.seen, idempotency=call.idempotency, part=number)
    view = part_views.BreachView.of(done.state, int(number), call.actor)
    return Answer(200, view, tagged(done.state.version), done.replayed)


def _waiting(call: Call, one: casework.Waiting) -> WaitingView:
    it = one.hearing
    due = {"due_at": it.due_at, "overdue": it.due_at is not None and call.now >= it.due_at}
    return WaitingView(record=one.record, about=one.about, number=it.number, person=it.person, stage=it.stage, **due)
