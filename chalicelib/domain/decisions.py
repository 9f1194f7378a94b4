"""What happens when somebody does something about a complaint: `decide`, pure. What that changes says `evolve`."""

from datetime import datetime
from functools import reduce

from . import lifecycle
from .alarms import clock_for, due_alarms, entry_into
from .artefacts import (
    Acknowledgement,
    Artefact,
    Assignment,
    Channel,
    Feedback,
    Filing,
    InvestigationReport,
    Note,
    ResolutionPlan,
)
from .complaint import Complaint, evolve
from .errors import FieldFault, Invalid
from .events import (
    GENESIS,
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintFiled,
    Event,
    Happening,
    InvestigationReported,
    NoteAdded,
    PlanAccepted,
    PlanObjectedTo,
    PlanProposed,
    StageEntry,
    link,
)
from .lifecycle import Action
from .people import Actor
from .policy import Policy

STAFF_CHANNEL: Channel = "phone"


def open_complaint(complaint_id: str, filing: Filing, actor: Actor, now: datetime, policy: Policy) -> list[Event]:
    """A complaint is filed (4.1a): storefronts file for web and app, staff for callers. Raises Forbidden, Invalid."""
    step = lifecycle.step(None, Action.FILE, actor)
    if (filing.channel == STAFF_CHANNEL) != (actor.kind == "staff"):
        raise Invalid([FieldFault("channel", "web and app complaints come from a storefront, phone ones from staff")])
    entry = StageEntry(stage=step.target, clock=clock_for(step.target, now, now, policy))
    happening = ComplaintFiled(filing=filing, policy_version=policy.version)
    return [link(complaint_id, 1, GENESIS, happening, actor, now, entry)]


def decide(
    complaint: Complaint, action: Action, artefact: Artefact, actor: Actor, now: datetime, policy: Policy
) -> list[Event]:
    """What happens when `actor` does `action`. Raises NotAllowed (stage), Forbidden (role), Invalid (artefact).

    Alarms whose moment has passed are raised first, so that no breach is lost because somebody acted before it rang.
    """
    step = lifecycle.step(complaint.stage, action, actor)
    _refuse_unknown_evidence(artefact)
    raised = due_alarms(complaint, now, policy, lapse=False)
    complaint = reduce(evolve, raised, complaint)
    entry = entry_into(complaint, step.target, now, policy) if step.target != complaint.stage else None
    happening = _happening(artefact)
    event = link(complaint.complaint_id, complaint.version + 1, complaint.chain, happening, actor, now, entry)
    return [*raised, event]


def feedback_action(feedback: Feedback) -> Action:
    """The consumer's answer is one of two actions."""
    return Action.ACCEPT_PLAN if feedback.satisfied else Action.OBJECT_TO_PLAN


def _refuse_unknown_evidence(artefact: Artefact) -> None:
    if isinstance(artefact, InvestigationReport) and artefact.evidence:
        raise Invalid(
            [
                FieldFault(f"evidence.{n}", "this complaint has no such evidence")
                for n, _ in enumerate(artefact.evidence)
            ]
        )


def _happening(artefact: Artefact) -> Happening:
    match artefact:
        case Acknowledgement():
            return ComplaintAcknowledged(acknowledgement=artefact)
        case InvestigationReport():
            return InvestigationReported(report=artefact)
        case ResolutionPlan():
            return PlanProposed(plan=artefact)
        case Feedback():
            return PlanAccepted(feedback=artefact) if artefact.satisfied else PlanObjectedTo(feedback=artefact)
        case Assignment():
            return ComplaintAssigned(assignment=artefact)
        case Note():
            return NoteAdded(note=artefact)
    raise TypeError(f"no event follows from {type(artefact).__name__}")
