"""A complaint: its state, and `evolve`, which says what each event changes.

The stored complaint is a snapshot; folding its events with `evolve` gives the same one.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from typing import Any

from pydantic import BaseModel, ConfigDict

from . import lifecycle
from .artefacts import (
    Category,
    Channel,
    Feedback,
    InvestigationReport,
    Locale,
    Outcome,
    Remedy,
    ResolutionPlan,
)
from .events import (
    GENESIS,
    AlarmRaised,
    ClockSetting,
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintFiled,
    ComplaintLapsed,
    DeadlineMissed,
    DeadlineMoved,
    Event,
    Happening,
    InvestigationReported,
    PlanAccepted,
    PlanAnswered,
    PlanObjectedTo,
    PlanProposed,
)
from .instants import Instant
from .lifecycle import Stage
from .people import Actor, Role


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


class Breach(BaseModel):
    """A due time that was missed, for good (8.3): when it was, when that was recorded, and who had the complaint.

    `void`: the calendar was corrected afterwards, and by the new count the due time had not passed.
    """

    model_config = ConfigDict(frozen=True)

    stage: Stage
    due_at: Instant
    recorded_at: Instant
    held_by: str
    void: bool = False


class Complaint(BaseModel):
    """The state of a complaint. `version` is the `seq` of its last event, `chain` that event's hash.

    `clock` is the `seq` of the event that set the present clock, at `clock_set_at`: an alarm of another clock is void.
    `alarms_raised` counts the alarms of the present one. No contact details in here.
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
    entered_at: Instant
    clock: int = 0
    alarms_raised: int = 0
    deadline: Deadline | None = None
    round: int = 1
    outcome: Outcome | None = None
    assignee: str | None = None
    acknowledged_at: Instant | None = None
    investigated_at: Instant | None = None
    plan_sent_at: Instant | None = None
    closed_at: Instant | None = None
    breaches: tuple[Breach, ...] = ()
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


def evolve(complaint: Complaint | None, event: Event) -> Complaint:
    """The complaint after an event; None before the first."""
    happening = event.happening
    changes = _changes(complaint, event, happening) | {"version": event.seq, "chain": event.hash}
    if event.enters:
        changes |= {
            "stage": event.enters.stage,
            "entered_at": event.at,
            "clock": event.seq,
            "alarms_raised": 0,
            "deadline": _deadline(event.enters.stage, event.enters.clock),
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
        case AlarmRaised():
            return _rung(complaint, event, happening)
        case DeadlineMoved():
            deadline = _deadline(complaint.stage, happening.clock)
            changes = {"deadline": deadline, "clock": event.seq, "alarms_raised": happening.alarms_raised}
            return changes | {"breaches": tuple(_revised(breach, event, happening) for breach in complaint.breaches)}
    return {}


def _deadline(stage: Stage, clock: ClockSetting | None) -> Deadline | None:
    return Deadline(stage=stage, due_at=clock.due_at, provisional=clock.provisional) if clock else None


def _revised(breach: Breach, event: Event, moved: DeadlineMoved) -> Breach:
    void = breach.due_at == moved.was_due_at and moved.clock.due_at > event.at
    return breach.model_copy(update={"void": True}) if void else breach


def _rung(complaint: Complaint, event: Event, happening: AlarmRaised) -> dict[str, Any]:
    changes: dict[str, Any] = {"alarms_raised": happening.alarm.number}
    if isinstance(happening, DeadlineMissed):
        alarm, held_by = happening.alarm, happening.held_by
        breach = Breach(stage=alarm.stage, due_at=alarm.due_at, recorded_at=event.at, held_by=held_by)
        changes["breaches"] = (*complaint.breaches, breach)
    elif isinstance(happening, ComplaintLapsed):
        changes |= {"outcome": Outcome.NO_RESPONSE, "closed_at": event.at}
    return changes


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
