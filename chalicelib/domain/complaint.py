"""A complaint, and the two rules everything follows: `decide` says what happens, `evolve` what that changes.

Both are pure. The stored complaint is a snapshot; folding its events with `evolve` gives the same one.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from typing import Any

from pydantic import BaseModel, ConfigDict

from . import lifecycle
from .artefacts import (
    Acknowledgement,
    Artefact,
    Assignment,
    Category,
    Channel,
    Feedback,
    Filing,
    InvestigationReport,
    Locale,
    Note,
    Outcome,
    Remedy,
    ResolutionPlan,
)
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
    PlanAnswered,
    PlanObjectedTo,
    PlanProposed,
    StageEntry,
    link,
)
from .instants import Instant
from .lifecycle import Action, Stage
from .people import Actor, Role
from .policy import Policy

STAFF_CHANNEL: Channel = "phone"


class ProposedPlan(BaseModel):
    model_config = ConfigDict(frozen=True)

    round: int
    proposed_at: Instant
    plan: ResolutionPlan


class GivenFeedback(BaseModel):
    model_config = ConfigDict(frozen=True)

    round: int
    given_at: Instant
    given_by: str
    feedback: Feedback


class Deadline(BaseModel):
    """When the present stage must be done with; `provisional` while the calendar of that year is unknown."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    due_at: Instant
    provisional: bool

    def overdue(self, now: datetime) -> bool:
        """Whether the period has run out: at the very moment it ends, it has."""
        return now >= self.due_at


class Complaint(BaseModel):
    """The state of a complaint. `version` is the `seq` of its last event, `chain` that event's hash.

    `entry` counts the stages entered: an alarm set for one entry is void in the next. No contact details in here.
    """

    model_config = ConfigDict(frozen=True)

    complaint_id: str
    filed_by: Actor
    order_number: str
    product_name: str
    description: str
    channel: Channel
    category: Category
    locale: Locale
    requested_remedy: Remedy | None = None
    policy_version: int
    received_at: Instant
    stage: Stage
    entry: int = 0
    deadline: Deadline | None = None
    round: int = 1
    outcome: Outcome | None = None
    assignee: str | None = None
    acknowledged_at: Instant | None = None
    investigated_at: Instant | None = None
    plan_sent_at: Instant | None = None
    closed_at: Instant | None = None
    investigation_report: InvestigationReport | None = None
    resolution_plans: tuple[ProposedPlan, ...] = ()
    feedback: tuple[GivenFeedback, ...] = ()
    version: int = 0
    chain: str = GENESIS

    @property
    def department(self) -> Role:
        """Who is responsible in the present stage (5.1)."""
        return lifecycle.STAGES[self.stage].responsible

    @property
    def plan_in_force(self) -> ProposedPlan | None:
        """The plan of the present round, if it has one yet."""
        last = self.resolution_plans[-1] if self.resolution_plans else None
        return last if last and last.round == self.round else None


def open_complaint(complaint_id: str, filing: Filing, actor: Actor, now: datetime, policy: Policy) -> list[Event]:
    """A complaint is filed (4.1a): storefronts file for web and app, staff for callers. Raises Forbidden, Invalid."""
    step = lifecycle.step(None, Action.FILE, actor)
    if (filing.channel == STAFF_CHANNEL) != (actor.kind == "staff"):
        raise Invalid([FieldFault("channel", "web and app complaints come from a storefront, phone ones from staff")])
    entry = StageEntry.until(step.target, policy.due(step.target, now, now))
    happening = ComplaintFiled(filing=filing, policy_version=policy.version)
    return [link(complaint_id, 1, GENESIS, happening, actor, now, entry)]


def decide(
    complaint: Complaint, action: Action, artefact: Artefact, actor: Actor, now: datetime, policy: Policy
) -> list[Event]:
    """What happens when `actor` does `action`. Raises NotAllowed (stage), Forbidden (role), Invalid (artefact)."""
    step = lifecycle.step(complaint.stage, action, actor)
    _refuse_unknown_evidence(artefact)
    entry = None
    if step.target != complaint.stage:
        entry = StageEntry.until(step.target, policy.due(step.target, complaint.received_at, now))
    happening = _happening(action, artefact)
    return [link(complaint.complaint_id, complaint.version + 1, complaint.chain, happening, actor, now, entry)]


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


def _happening(action: Action, artefact: Artefact) -> Happening:
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


def evolve(complaint: Complaint | None, event: Event) -> Complaint:
    """The complaint after an event; None before the first."""
    happening = event.happening
    changes = _changes(complaint, event, happening) | {"version": event.seq, "chain": event.hash}
    if event.enters:
        due = event.enters.due_at
        changes |= {
            "stage": event.enters.stage,
            "entry": complaint.entry + 1 if complaint else 1,
            "deadline": due and Deadline(stage=event.enters.stage, due_at=due, provisional=event.enters.provisional),
        }
    return complaint.model_copy(update=changes) if complaint else Complaint(**changes)


def fold(events: Iterable[Event]) -> Complaint:
    """The complaint that its events make. Raises ValueError if there are none."""
    complaint = reduce(evolve, events, None)
    if complaint is None:
        raise ValueError("a complaint begins with an event")
    return complaint


def _changes(complaint: Complaint | None, event: Event, happening: Happening) -> dict[str, Any]:
    """What a happening changes beside stage, deadline and version."""
    if complaint is None:
        assert isinstance(happening, ComplaintFiled)  # noqa: S101 — nothing else comes first
        return {
            **dict(happening.filing),
            "complaint_id": event.complaint_id,
            "filed_by": event.actor,
            "policy_version": happening.policy_version,
            "received_at": event.at,
        }
    match happening:
        case ComplaintAcknowledged():
            return {"acknowledged_at": event.at}
        case InvestigationReported():
            return {"investigated_at": event.at, "investigation_report": happening.report}
        case PlanProposed():
            plan = ProposedPlan(round=complaint.round, proposed_at=event.at, plan=happening.plan)
            return {"plan_sent_at": event.at, "resolution_plans": (*complaint.resolution_plans, plan)}
        case PlanObjectedTo():
            return {"feedback": _answers(complaint, event, happening), "round": complaint.round + 1}
        case PlanAccepted():
            return {
                "feedback": _answers(complaint, event, happening),
                "outcome": Outcome.SATISFIED,
                "closed_at": event.at,
            }
        case ComplaintAssigned():
            return {"assignee": happening.assignment.assignee}
    return {}


def _answers(complaint: Complaint, event: Event, happening: PlanAnswered) -> tuple[GivenFeedback, ...]:
    answer = GivenFeedback(
        round=complaint.round, given_at=event.at, given_by=event.actor.kind, feedback=happening.feedback
    )
    return (*complaint.feedback, answer)


class Summary(BaseModel):
    """What a line of a queue shows of a complaint."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str
    order_number: str
    product_name: str
    category: Category
    channel: Channel
    requested_remedy: Remedy | None = None
    stage: Stage
    round: int
    outcome: Outcome | None = None
    department: Role
    assignee: str | None = None
    received_at: Instant
    closed_at: Instant | None = None
    deadline: Deadline | None = None
    version: int

    @classmethod
    def of(cls, complaint: Complaint) -> "Summary":
        return cls(**{name: getattr(complaint, name) for name in cls.model_fields})

    def overdue(self, now: datetime) -> bool:
        return self.deadline is not None and self.deadline.overdue(now)
