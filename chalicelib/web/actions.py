"""What people do about a complaint: one resource for each action of the lifecycle."""

from collections.abc import Callable
from typing import Any

from chalicelib.casework.act import act
from chalicelib.casework.once import Done
from chalicelib.domain.artefacts import (
    Acknowledgement,
    Artefact,
    Assignment,
    Feedback,
    InvestigationReport,
    Note,
    ResolutionPlan,
)
from chalicelib.domain.decisions import feedback_action
from chalicelib.domain.lifecycle import Action, who
from chalicelib.domain.people import Role

from .api import Answer, Api, Call, View, tagged
from .views import NoteView, PublicView, StaffView, view_for

actions = Api(__name__)


def _do(call: Call, action: Action, artefact: Artefact) -> Done:
    return act(call.complaint_id, action, artefact, call.actor, call.now, seen=call.seen, request=call.request)


def _after(call: Call, action: Action, artefact: Artefact) -> Answer:
    """The complaint after the action, at that moment, in the view of whoever did it."""
    done = _do(call, action, artefact)
    events = [*done.earlier, *done.events]
    view = view_for(call.actor, done.complaint, done.contact, events, events[-1].at)
    return Answer(200, view, tagged(done.complaint.version), done.replayed)


def _resource(name: str, body: type[Artefact], *stands_for: Action, answers: Any = None) -> Callable[[View], View]:
    """A resource of a complaint that stands for actions of the lifecycle, which says who may post to it."""
    open_to = frozenset[Role]().union(*(who(action) for action in stands_for))
    view = StaffView | PublicView if Role.CONSUMER in open_to else StaffView
    path = f"/v1/complaints/{{complaint_id}}/{name}"
    return actions.operation("POST", path, who=open_to, body=body, answers=answers or {200: view}, conditional=True)


@_resource("assignment", Assignment, Action.ASSIGN)
def assign(call: Call, body: Assignment) -> Answer:
    """Give a complaint to a member of staff."""
    return _after(call, Action.ASSIGN, body)


@_resource("acknowledgement", Acknowledgement, Action.ACKNOWLEDGE)
def acknowledge(call: Call, body: Acknowledgement) -> Answer:
    """Confirm that a complaint is accepted (4.1c)."""
    return _after(call, Action.ACKNOWLEDGE, body)


@_resource("investigation-report", InvestigationReport, Action.REPORT)
def report(call: Call, body: InvestigationReport) -> Answer:
    """End the investigation with a complete report (4.2b, 4.2c)."""
    return _after(call, Action.REPORT, body)


@_resource("resolution-plan", ResolutionPlan, Action.PROPOSE_PLAN)
def propose_plan(call: Call, body: ResolutionPlan) -> Answer:
    """Propose a resolution plan to the consumer (4.3a, 4.3b)."""
    return _after(call, Action.PROPOSE_PLAN, body)


@_resource("feedback", Feedback, Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN)
def give_feedback(call: Call, body: Feedback) -> Answer:
    """Accept the plan, which closes the complaint, or object to it, which begins the next round (4.4a, 4.4b, 4.5a)."""
    return _after(call, feedback_action(body), body)


@_resource("notes", Note, Action.NOTE, answers={201: NoteView})
def add_note(call: Call, body: Note) -> Answer:
    """Add a remark to the timeline; a public one is seen by the consumer."""
    done = _do(call, Action.NOTE, body)
    event = done.events[-1]
    note = NoteView(seq=event.seq, at=event.at, author=event.actor.id, **body.model_dump())
    return Answer(201, note, tagged(event.seq), done.replayed)
