"""Findings of audits (6.3): raised, corrected by their owner, verified by another; and who answers for them (8.3)."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from chalicelib.casework import audits as casework
from chalicelib.casework.once import Done
from chalicelib.domain.audit import audit as handed_in
from chalicelib.domain.audit import readers
from chalicelib.domain.audit.audit import Action, Audit
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Text
from chalicelib.domain.supervision.improvement import Finished
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call, View, tagged

from .api import Api
from .audit_views import FindingPage, FindingView
from .audits import ONE, done, read, resource
from .reports import MeasureView

findings = Api(__name__)
RAISED, FINDING = "findings", "findings/{number}"


class FindingsQuery(PageQuery):
    owner: Annotated[str, Text(128)] | None = Field(
        None, description="Whose; by default one's own. Supervisors, management and audit see anybody's."
    )


@findings.operation("GET", "/v1/findings", who=STAFF, query=FindingsQuery, answers={200: FindingPage})
def list_findings(call: Call, query: FindingsQuery) -> Answer:
    """The findings that somebody is still to correct, soonest due first."""
    owner = query.owner or call.actor.id
    readers.require_findings_of(owner, call.actor)
    found, cursor = casework.findings_of(owner, query.limit, query.cursor)
    views = [FindingView.of(one, state, call.actor, call.now) for state, one in found]
    return Answer(200, FindingPage(items=views, next_cursor=cursor))


@findings.operation("GET", f"{ONE}/{RAISED}", who=STAFF, query=PageQuery, answers={200: FindingPage})
def list_findings_of_audit(call: Call, query: PageQuery) -> Answer:
    """The findings of an audit in the order in which they were raised."""
    state = read(call)
    found, cursor = casework.findings(state, call.actor, query.limit, query.cursor)
    views = [FindingView.of(one, state, call.actor, call.now) for one in found]
    return Answer(200, FindingPage(items=views, next_cursor=cursor))


@resource(findings, RAISED, handed_in.RaiseFinding, Action.RAISE, answers={201: FindingView})
def raise_finding(call: Call, body: handed_in.RaiseFinding) -> Answer:
    """Raise a finding: what is not as the policy has it, how grave, who is to correct it. Its owner is told. The same
    clause again within 12 months is a class graver."""
    after = done(call, body)
    number = next(one.event.number for one in after.entries if isinstance(one.event, handed_in.FindingRaised))
    return _shown(call, after, str(number), 201)


def _do(call: Call, body: Submission) -> Answer:
    return _shown(call, done(call, body, call.path["number"]), call.path["number"])


def _shown(call: Call, after: Done[Audit], number: str, status: int = 200) -> Answer:
    one = after.state.finding(number)
    if one is None:
        raise NotFound("finding_unknown")
    view = FindingView.of(one, after.state, call.actor, call.now)
    return Answer(status, view, tagged(after.state.version), after.replayed)


def _finding(path: str, body: type[Submission], action: Action) -> Callable[[View], View]:
    return resource(findings, f"{FINDING}/{path}", body, action, answers={200: FindingView})


@_finding("withdrawal", handed_in.DropFinding, Action.DROP)
def drop_finding(call: Call, body: handed_in.DropFinding) -> Answer:
    """Take a finding back that turned out to be none, before it is published."""
    return _do(call, body)


@_finding("plan", handed_in.PlanCorrection, Action.PLAN)
def plan_correction(call: Call, body: handed_in.PlanCorrection) -> Answer:
    """Say what is corrected at once, what the cause is, and what is done so that it does not recur: the owner."""
    return _do(call, body)


@_finding("completion", handed_in.CompleteCorrection, Action.COMPLETE)
def complete_correction(call: Call, body: handed_in.CompleteCorrection) -> Answer:
    """Say that it is corrected, and what shows it, once its measures are carried out: its owner."""
    return _do(call, body)


@_finding("verification", handed_in.VerifyCorrection, Action.VERIFY)
def verify_correction(call: Call, body: handed_in.VerifyCorrection) -> Answer:
    """Say whether it has helped, not before 30 days: neither its owner nor its author. If not, it is open again."""
    return _do(call, body)


@_finding("waiver", handed_in.WaiveFinding, Action.WAIVE)
def waive_finding(call: Call, body: handed_in.WaiveFinding) -> Answer:
    """Bear a finding until a day, at most a year ahead; then it is open again: management, not its owner."""
    return _do(call, body)


@_finding("owner", handed_in.ReassignFinding, Action.REASSIGN)
def reassign_finding(call: Call, body: handed_in.ReassignFinding) -> Answer:
    """Give a finding to another owner."""
    return _do(call, body)


@_finding("statement", hearings.Statement, Action.STATE)
def state_case_of_finding(call: Call, body: hearings.Statement) -> Answer:
    """Say what one has to say about a finding that one is to answer for (8.3)."""
    return _do(call, body)


@_finding("decision", hearings.HearingDecision, Action.DECIDE)
def decide_hearing_of_finding(call: Call, body: hearings.HearingDecision) -> Answer:
    """Decide what follows for who answers for a finding, with reasons: management, another person (8.3)."""
    return _do(call, body)


@_finding("objection", hearings.HearingObjection, Action.OBJECT)
def object_to_decision_of_finding(call: Call, body: hearings.HearingObjection) -> Answer:
    """Object to what was decided; another of management decides that, for good (8.3)."""
    return _do(call, body)


@resource(findings, "measures/{number}/completion", Finished, Action.FINISH_MEASURE, answers={200: MeasureView})
def complete_audit_measure(call: Call, body: Finished) -> Answer:
    """Record that a measure of a finding was carried out, and what came of it: its owner, or a supervisor."""
    after = done(call, body, call.path["number"])
    one = next(one for one in after.state.measures if str(one.number) == call.path["number"])
    return Answer(200, MeasureView.of(after.state.audit_id, one), tagged(after.state.version), after.replayed)
