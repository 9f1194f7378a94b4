"""What is answered: the views of a complaint that staff and its consumer get, and the other answers' shapes."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from chalicelib.domain import lifecycle
from chalicelib.domain.artefacts import (
    Category,
    Channel,
    Contact,
    InvestigationReport,
    Locale,
    Outcome,
    Remedy,
    ResolutionPlan,
)
from chalicelib.domain.complaint import Complaint, Summary
from chalicelib.domain.events import Event
from chalicelib.domain.happenings import StageEntry
from chalicelib.domain.instants import Instant
from chalicelib.domain.lifecycle import Stage
from chalicelib.domain.model import Model
from chalicelib.domain.parts import (
    AskedInformation,
    Breach,
    FollowUp,
    GivenFeedback,
    GivenReview,
    OrderCheck,
    ProposedPlan,
    ToldDelivery,
)
from chalicelib.domain.people import Actor, Role

from .part_views import EvidenceView, InquiryView


class DeadlineView(Model):
    """When the present stage must be done with."""

    stage: Stage
    due_at: Instant
    provisional: bool = Field(description="The calendar of that year is not published yet; the date may move.")
    overdue: bool
    waiting_since: Instant | None = Field(
        description="The clock stands still until the consumer answers; then `due_at` comes earlier than it is now."
    )


class Receipt(Model):
    complaint_id: str
    stage: Stage
    received_at: Instant
    acknowledge_by: Instant
    consumer_token: str
    tracking_url: str


class SummaryView(Summary):
    """A line of a queue; contact details are in the complaint itself."""

    deadline: DeadlineView | None  # type: ignore[assignment]

    @classmethod
    def at(cls, summary: Summary, now: datetime) -> "SummaryView":
        return cls.model_validate(vars(summary) | {"deadline": _deadline(summary, now)})


class StaffView(Model):
    """Everything staff may know of a complaint."""

    complaint_id: str
    order_number: str
    product_name: str
    description: str
    contact: Contact
    channel: Channel
    category: Category
    locale: Locale
    requested_remedy: Remedy | None
    stage: Stage
    round: int
    outcome: Outcome | None
    department: Role
    assignee: str | None
    merged_into: str | None
    legal_issue: bool
    legal_reviews: tuple[GivenReview, ...]
    inquiries: tuple[InquiryView, ...]
    evidence: tuple[EvidenceView, ...]
    follow_ups: tuple[FollowUp, ...]
    information_requests: tuple[AskedInformation, ...]
    delivery: ToldDelivery | None
    order_check: OrderCheck | None
    related: tuple[str, ...]
    duplicate_of: str | None = Field(
        description="An open complaint about the same order and product: perhaps the same."
    )
    received_at: Instant
    acknowledged_at: Instant | None
    investigated_at: Instant | None
    plan_sent_at: Instant | None
    closed_at: Instant | None
    deadline: DeadlineView | None
    breaches: tuple[Breach, ...]
    investigation_report: InvestigationReport | None
    resolution_plans: tuple[ProposedPlan, ...]
    feedback: tuple[GivenFeedback, ...]
    policy_version: int
    version: int

    @classmethod
    def at(cls, complaint: Complaint, contact: Contact, now: datetime) -> "StaffView":
        known = {name: getattr(complaint, name) for name in cls.model_fields if hasattr(complaint, name)}
        derived = {
            "contact": contact,
            "deadline": _deadline(complaint, now),
            "inquiries": [InquiryView.of(inquiry, now) for inquiry in complaint.inquiries],
            "evidence": [EvidenceView.of(file) for file in complaint.evidence],
        }
        return cls(**(known | derived))


class PublicEntry(Model):
    """Something that happened, as the consumer may see it."""

    seq: int
    at: Instant
    type: str
    by: Literal["consumer", "storefront", "staff", "system"]
    stage: Stage | None = Field(description="The stage entered, if one was.")
    details: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> "PublicEntry | None":
        face = event.happening.public_face()
        if face is None:
            return None
        entered = event.enters.stage if event.enters else None
        return cls(seq=event.seq, at=event.at, type=event.kind, by=event.actor.kind, stage=entered, details=face)


class TimelineEntry(Model):
    """Something that happened, with its place in the chain.

    `hash` covers complaint_id, seq, kind (here `type`), at, actor, enters, data (here `details`) and previous, in the
    canonical form that README and `domain/events.py` define: anyone can compute it anew.
    """

    seq: int
    at: Instant
    type: str
    actor: Actor
    stage: Stage | None = Field(description="The stage entered, if one was.")
    enters: StageEntry | None = Field(description="The stage entered with its clock.")
    details: dict[str, Any]
    public: bool
    previous: str
    hash: str

    @classmethod
    def of(cls, event: Event) -> "TimelineEntry":
        return cls(
            seq=event.seq,
            at=event.at,
            type=event.kind,
            actor=event.actor,
            stage=event.enters.stage if event.enters else None,
            enters=event.enters,
            details=event.data,
            public=event.happening.public_face() is not None,
            previous=event.previous,
            hash=event.hash,
        )


class PublicView(Model):
    """What the consumer, and the storefront that filed it, may know of a complaint."""

    complaint_id: str
    order_number: str
    product_name: str
    stage: Stage
    stage_name: str = Field(description="The stage in the consumer's language.")
    round: int
    outcome: Outcome | None
    received_at: Instant
    acknowledged_at: Instant | None
    investigated_at: Instant | None
    plan_sent_at: Instant | None
    closed_at: Instant | None
    deadline: DeadlineView | None
    merged_into: str | None = Field(description="The complaint that is handled in the place of this one.")
    resolution_plan: ResolutionPlan | None = Field(description="The plan of the present round, once there is one.")
    information_requests: tuple[AskedInformation, ...]
    delivery: ToldDelivery | None
    evidence: tuple[EvidenceView, ...] = Field(description="The files that the consumer added.")
    timeline: list[PublicEntry]
    version: int

    @classmethod
    def at(cls, complaint: Complaint, events: list[Event], now: datetime) -> "PublicView":
        known = {name: getattr(complaint, name) for name in cls.model_fields if hasattr(complaint, name)}
        plan = complaint.plan_in_force
        derived = {
            "stage_name": lifecycle.STAGES[complaint.stage].names[complaint.locale],
            "deadline": _deadline(complaint, now),
            "resolution_plan": plan and plan.plan,
            "evidence": [EvidenceView.of(file) for file in complaint.evidence if file.added_by == "consumer"],
            "timeline": [entry for event in events if (entry := PublicEntry.of(event))],
        }
        return cls(**(known | derived))


def view_for(actor: Actor, complaint: Complaint, contact: Contact, events: list[Event], now: datetime) -> Model:
    """The view of a complaint that the actor gets."""
    if actor.kind == "staff":
        return StaffView.at(complaint, contact, now)
    return PublicView.at(complaint, events, now)


class SummaryPage(Model):
    items: list[SummaryView]
    next_cursor: str | None


class TimelinePage(Model):
    items: list[TimelineEntry | PublicEntry]
    next_cursor: str | None


def _deadline(of: Complaint | Summary, now: datetime) -> dict[str, Any] | None:
    return vars(of.deadline) | {"overdue": of.deadline.overdue(now)} if of.deadline else None
