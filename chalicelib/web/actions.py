"""What people do about a complaint: one resource for each action of the lifecycle."""

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

from .api import Answer, Api, Call, tagged
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


@actions.operation(
    "POST",
    "/v1/complaints/{complaint_id}/assignment",
    who=who(Action.ASSIGN),
    body=Assignment,
    answers={200: StaffView},
    conditional=True,
)
def assign(call: Call, body: Assignment) -> Answer:
    """Give a complaint to a member of staff."""
    return _after(call, Action.ASSIGN, body)


@actions.operation(
    "POST",
    "/v1/complaints/{complaint_id}/acknowledgement",
    who=who(Action.ACKNOWLEDGE),
    body=Acknowledgement,
    answers={200: StaffView},
    conditional=True,
)
def acknowledge(call: Call, body: Acknowledgement) -> Answer:
    """Confirm that a complaint is accepted (4.1c)."""
    return _after(call, Action.ACKNOWLEDGE, body)


@actions.operation(
    "POST",
    "/v1/complaints/{complaint_id}/investigation-report",
    who=who(Action.REPORT),
    body=InvestigationReport,
    answers={200: StaffView},
    conditional=True,
)
def report(call: Call, body: InvestigationReport) -> Answer:
    """End the investigation with a complete report (4.2b, 4.2c)."""
    return _after(call, Action.REPORT, body)


@actions.operation(
    "POST",
    "/v1/complaints/{complaint_id}/resolution-plan",
    who=who(Action.PROPOSE_PLAN),
    body=ResolutionPlan,
    answers={200: StaffView},
    conditional=True,
)
def propose_plan(call: Call, body: ResolutionPlan) -> Answer:
    """Propose a resolution plan to the consumer (4.3a, 4.3b)."""
    return _after(call, Action.PROPOSE_PLAN, body)


@actions.operation(
    "POST",
    "/v1/complaints/{complaint_id}/feedback",
    who=who(Action.ACCEPT_PLAN) | who(Action.OBJECT_TO_PLAN),
    body=Feedback,
    answers={200: StaffView | PublicView},
    conditional=True,
)
def give_feedback(call: Call, body: Feedback) -> Answer:
    """Accept the plan, which closes the complaint, or object to it, which begins the next round (4.4a, 4.4b, 4.5a)."""
    return _after(call, feedback_action(body), body)


@actions.operation(
    "POST",
    "/v1/complaints/{complaint_id}/notes",
    who=who(Action.NOTE),
    body=Note,
    answers={201: NoteView},
    conditional=True,
)
def add_note(call: Call, body: Note) -> Answer:
    """Add a remark to the timeline; a public one is seen by the consumer."""
    done = _do(call, Action.NOTE, body)
    event = done.events[-1]
    note = NoteView(seq=event.seq, at=event.at, author=event.actor.id, **body.model_dump())
    return Answer(201, note, tagged(event.seq), done.replayed)
