"""What is answered: the views of a complaint that staff and its consumer get, and the other answers' shapes."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from chalicelib.casework import read, rules
from chalicelib.casework.read import Case
from chalicelib.domain.complaint import decisions, faces, parts, submissions
from chalicelib.domain.complaint.clocks import reopen_until, review_until
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Actor, Contact, Role
from chalicelib.domain.ground.record import NewStage
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.notices import masked_contact
from chalicelib.domain.vocabulary import refusals
from chalicelib.domain.vocabulary.stages import Stage, stage_name
from chalicelib.domain.vocabulary.terms import (
    Category,
    Channel,
    ConsumerFlag,
    Grants,
    Locale,
    Outcome,
    Remedy,
    Verdict,
    WaitsFor,
)

from . import listed, part_views


class DeadlineView(Model):
    """When the present stage must be done with."""

    stage: Stage
    due_at: Instant
    provisional: bool = Field(description="The calendar of that year is not published yet; the date may move.")
    overdue: bool
    waiting_since: Instant | None = Field(
        description="The clock stands still; when it runs again, `due_at` may come earlier than it is now."
    )
    waiting_for: WaitsFor | None = Field(
        description="Until the consumer answers a question, or until what they sent since the plan has been read."
    )


class Receipt(Model):
    complaint_id: str
    stage: Stage
    received_at: Instant
    acknowledge_by: Instant
    consumer_token: str | None = Field(
        description="The credential of the complaint's consumer, sent as `Authorization: Bearer`. None to staff: they "
        "file for callers, and cannot act as them."
    )
    tracking_url: listed.Url | None = Field(
        description="The consumer's link, to our own page or the shop's (see the description of this document). None "
        "to staff."
    )


class LinkView(Model):
    """A consumer's new link, for the storefront to hand over."""

    view: Literal["link"] = "link"
    consumer_token: str = Field(description="The consumer's new credential; those of before are worth nothing.")
    tracking_url: listed.Url = Field(description="The link that carries it (see the description of this document).")


class SummaryView(Summary):
    """A line of a queue; contact details are in the complaint itself."""

    view: Literal["summary"] = "summary"
    deadline: DeadlineView | None  # type: ignore[assignment]

    @classmethod
    def at(cls, summary: Summary, now: datetime) -> "SummaryView":
        return cls.model_validate(vars(summary) | {"deadline": _deadline(summary, now)})


class Reading(Model):
    """What each view says to whoever reads it: what it is, and what they may do now."""

    allowed: list[Action] = Field(
        description="What the reader may do now, if what they hand in is right: actions of the lifecycle."
    )
    why_not: dict[Action, part_views.WhyNot] = Field(
        description="The other actions that the reader may do in some stage, and why not now."
    )


def _possible(possible: decisions.Possible, locale: Locale) -> dict[str, Any]:
    allowed, refused = possible
    why_not = {
        action: part_views.WhyNot(reason=refusal.reason, detail=refusals.said(refusal, locale))
        for action, refusal in refused.items()
    }
    return {"allowed": allowed, "why_not": why_not}


class StaffView(Reading):
    """Everything staff may know of a complaint."""

    view: Literal["staff"] = "staff"
    complaint_id: str
    order_number: str
    product_name: str
    description: str
    contact: Contact
    contact_masked: bool = Field(
        description="Name, phone and address are shown in part: not to whoever has it, to customer service and to "
        "supervisors. `view_contact` shows them once."
    )
    channel: Channel
    category: Category
    locale: Locale
    requested_remedy: Remedy | None
    amount_disputed: submissions.Money | None
    product_id: str | None
    seller: str | None = Field(description="As the filing says, or else as the shop's order system does.")
    consumer_flags: tuple[ConsumerFlag, ...]
    external_ref: str | None
    metadata: dict[str, str] = Field(description="What the shop keeps beside it, by name; `{}` once erased.")
    stage: Stage
    round: int
    outcome: Outcome | None
    department: Role
    assignee: str | None
    named: tuple[str, ...] = Field(description="Who of staff the consumer names: they are not given it.")
    left_to_supervisor_at: Instant | None = Field(
        description="Since when nobody who is on duty may be given it: a supervisor gives it to somebody."
    )
    review_requested_at: Instant | None = Field(
        description="When the consumer asked that another person decide; whoever proposed a plan before does not."
    )
    merged_into: str | None
    other_closed_at: Instant | None = Field(description="When the complaint closed that was handled in its place.")
    taken_in: tuple[str, ...] = Field(description="The complaints that are handled together with this one.")
    safety: part_views.SafetyView | None = Field(description="Where somebody may be in danger, or was thought to be.")
    legal_issue: bool
    plan_draft: parts.DraftedPlan | None = Field(description="The plan that is there for legal to read (5.4).")
    legal_reviews: tuple[parts.GivenReview, ...]
    inquiries: tuple[part_views.InquiryView, ...]
    evidence: tuple[part_views.EvidenceView, ...]
    follow_ups: tuple[parts.FollowUp, ...]
    information_requests: tuple[parts.AskedInformation, ...]
    delivery: parts.ToldDelivery | None
    order_check: parts.OrderCheck | None
    to_call_since: Instant | None = Field(description="Since when a notice reached the consumer by no channel.")
    answered: parts.Answered | None = Field(
        description="Since when what the consumer has said waits for customer service, and who said it first."
    )
    related: tuple[str, ...]
    duplicate_of: str | None = Field(
        description="An open complaint about the same order and product: perhaps the same."
    )
    duplicate_found_by: Literal["system"] | None = Field(description="Who says so: nobody but the system has looked.")
    related_found_by: Literal["system"] | None
    received_at: Instant
    acknowledged_at: Instant | None
    investigated_at: Instant | None
    plan_sent_at: Instant | None
    closed_at: Instant | None
    deadline: DeadlineView | None
    breaches: tuple[part_views.BreachView, ...]
    verdict: Verdict | None = Field(description="Of the report; null while uncoded.")
    cause_code: str | None = Field(description="Of the report; null while uncoded.")
    grants: Grants | None = Field(description="Of the last plan; null while uncoded.")
    investigation_report: submissions.InvestigationReport | None
    resolution_plans: tuple[parts.ProposedPlan, ...]
    feedback: tuple[parts.GivenFeedback, ...]
    policy_version: int
    version: int

    @classmethod
    def at(
        cls,
        case: Case[Complaint],
        actor: Actor,
        now: datetime,
        policy: Policy,
        *,
        unmasked: bool = False,
        possible: decisions.Possible | None = None,
    ) -> "StaffView":
        """`unmasked`: they have said why they must see how the consumer is reached. `possible`: what they may do, where
        somebody has found that out already."""
        complaint, locale = case.state, policy.staff_locale
        masked = not (unmasked or complaint.shows_contact_to(actor))
        known = {name: getattr(complaint, name) for name in cls.model_fields if hasattr(complaint, name)}
        derived = {
            **_possible(possible or decisions.may(complaint, actor, now, policy), locale),
            "contact": masked_contact(case.contact) if masked else case.contact,
            "contact_masked": masked,
            "safety": part_views.SafetyView.at(complaint, now),
            "seller": complaint.sold_by,
            "metadata": _metadata(complaint),
            "deadline": _deadline(complaint, now),
            "inquiries": [part_views.InquiryView.of(inquiry, now) for inquiry in complaint.inquiries],
            "breaches": part_views.BreachView.listed(complaint, actor),
            "evidence": [
                *part_views.EvidenceView.listed(complaint.evidence_files, locale),
                *(
                    part_views.EvidenceView.of_merged(one.complaint_id, file)
                    for one in complaint.taken_in
                    for file in one.files
                ),
            ],
            "taken_in": [one.complaint_id for one in complaint.taken_in],
        }
        return cls(**(known | derived))


class PublicEntry(Model):
    """Something that happened, as the consumer may see it."""

    view: Literal["public"] = "public"
    seq: int
    at: Instant
    type: str
    by: Literal["consumer", "storefront", "staff", "system"]
    stage: Stage | None = Field(description="The stage entered, if one was.")
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry, complaint: Complaint) -> "PublicEntry | None":
        face = faces.public_face(entry, complaint)
        if face is None:
            return None
        entered = entry.enters.stage if entry.enters else None
        return cls(seq=entry.seq, at=entry.at, type=entry.kind, by=entry.actor.kind, stage=entered, details=face)


class TimelineEntry(Model):
    """Something that happened, with its place in the chain.

    `sealed` is the entry as it was written: `hash` is the SHA-256 of its canonical form, which
    `domain/ground/chain.py` defines, so that anyone can compute it anew. What somebody typed stands in it as its
    SHA-256, salted; until the words are erased `details` has them in their places.
    """

    view: Literal["staff"] = "staff"
    seq: int
    at: Instant
    type: str
    actor: Actor
    stage: Stage | None = Field(description="The stage entered, if one was.")
    enters: NewStage | None = Field(description="The stage entered with its clock.")
    details: dict[str, Any]
    sealed: dict[str, Any]
    salt: str | None = Field(
        description="In hexadecimal; None if nothing was typed, the words were erased, or are not shown to the reader."
    )
    public: bool = Field(description="Whether the consumer sees it, as of now.")
    retraction: int | None = Field(description="The entry by which it was taken back: by whom, and why.")
    previous: str
    hash: str

    @classmethod
    def of(cls, entry: Entry, complaint: Complaint | None) -> "TimelineEntry":
        """`complaint` None: nothing of it says anything about this entry."""
        retraction = complaint and faces.retraction_of(entry, complaint)
        return cls(
            seq=entry.seq,
            at=entry.at,
            type=entry.kind,
            actor=entry.actor,
            stage=entry.enters.stage if entry.enters else None,
            enters=entry.enters,
            details=entry.said,
            sealed=chain.body_of(entry),
            salt=entry.words and entry.words.salt,
            public=entry.event.public_face() is not None and retraction is None,
            retraction=retraction,
            previous=entry.previous,
            hash=entry.hash,
        )


class PublicView(Reading):
    """What the consumer, and the storefront that filed it, may know of a complaint."""

    view: Literal["public"] = "public"
    complaint_id: str
    order_number: str
    product_name: str
    description: str = Field(description="The consumer's own words.")
    category: Category
    locale: Locale
    requested_remedy: Remedy | None
    product_id: str | None
    seller: str | None
    amount_disputed: submissions.Money | None
    external_ref: str | None
    metadata: dict[str, str] | None = Field(
        description="To the storefront that filed it, what it keeps beside it, by name; `{}` once erased. Null to its "
        "consumer, to whom that is not shown."
    )
    stage: Stage
    stage_name: str = Field(description="The stage in the consumer's language; once it is closed, how it ended.")
    round: int
    outcome: Outcome | None
    received_at: Instant
    acknowledged_at: Instant | None
    investigated_at: Instant | None
    plan_sent_at: Instant | None
    closed_at: Instant | None
    deadline: DeadlineView | None
    merged_into: str | None = Field(description="The complaint that is handled in the place of this one.")
    other_closed_at: Instant | None = Field(
        description="When that closed; from then on this one can be reopened, unless its consumer agreed."
    )
    resolution_plan: submissions.ResolutionPlan | None = Field(
        description="The plan of the present round, once there is one."
    )
    plans: list[part_views.PlanView] = Field(description="All plans so far, the first one first.")
    answers: list[part_views.AnswerView] = Field(description="What the consumer answered to them.")
    follow_ups: list[part_views.MeasureView] = Field(description="What an accepted plan promised besides.")
    review_until: Instant | None = Field(
        description="Until when it can be asked that another person decide: as long as the plan that rejects is "
        "awaited, then 15 days from the closure by it. Null: that is not possible, or not any more."
    )
    review_requested_at: Instant | None = Field(description="When that was asked for.")
    reopen_until: Instant | None = Field(
        description="Until when its consumer can reopen it. Null: that is not possible, or not any more."
    )
    recourse: part_views.RecourseView | None = Field(
        description="The ways outside, where what was asked was rejected, no answer came, or a due time was missed."
    )
    information_requests: tuple[parts.AskedInformation, ...]
    delivery: parts.ToldDelivery | None
    evidence: tuple[part_views.EvidenceView, ...] = Field(
        description="The files that the consumer added, those that were not taken too, and those that a plan shows."
    )
    timeline: list[PublicEntry] = Field(description="What happened, oldest first: all of it, or the beginning.")
    next_cursor: str | None = Field(description="Goes on with the timeline, at its own address; null: that was all.")
    version: int

    @classmethod
    def at(cls, case: Case[Complaint], actor: Actor, now: datetime, policy: Policy, locale: Locale) -> "PublicView":
        complaint = case.state
        known = {name: getattr(complaint, name) for name in cls.model_fields if hasattr(complaint, name)}
        plan = complaint.plan_in_force
        page, cursor = read.first_page(complaint.complaint_id, case.entries, cut=case.cut)
        derived = {
            **_possible(decisions.may(complaint, actor, now, policy), locale),
            "seller": complaint.sold_by,
            "metadata": _metadata(complaint) if actor.kind == "storefront" else None,
            "stage_name": stage_name(complaint.stage, complaint.outcome, locale),
            "deadline": _deadline(complaint, now),
            "resolution_plan": plan and plan.plan.for_consumer(),
            "plans": part_views.PlanView.listed(complaint),
            "answers": [part_views.AnswerView.of(one) for one in complaint.feedback],
            "follow_ups": [part_views.MeasureView.of(one) for one in complaint.follow_ups],
            "review_until": review_until(complaint, now, policy),
            "reopen_until": reopen_until(complaint, now, policy),
            "recourse": part_views.RecourseView.at(complaint, now, locale),
            "evidence": part_views.EvidenceView.listed(
                (file.for_consumer() for file in complaint.evidence_files if file.shown_to_consumer), locale
            ),
            "timeline": [shown for entry in page if (shown := PublicEntry.of(entry, complaint))],
            "next_cursor": cursor,
        }
        return cls(**(known | derived))


def view_for(
    actor: Actor, case: Case[Complaint], now: datetime, locale: Locale | None = None, *, unmasked: bool = False
) -> Model:
    """The view of a complaint that the actor gets; a public one in the consumer's language, or in `locale`."""
    policy = rules.version(case.state.policy_version, now)
    if actor.kind == "staff":
        return StaffView.at(case, actor, now, policy, unmasked=unmasked)
    return PublicView.at(case, actor, now, policy, locale or case.state.locale)


class SummaryPage(Model):
    items: list[SummaryView]
    next_cursor: str | None


class StorefrontView(Model):
    """A line of a storefront's list: a complaint that it filed, as it stands now."""

    view: Literal["storefront"] = "storefront"
    complaint_id: str
    order_number: str
    product_name: str
    category: Category
    external_ref: str | None
    metadata: dict[str, str] = Field(description="What it keeps beside it, by name; `{}` once erased.")
    stage: Stage
    round: int
    outcome: Outcome | None
    received_at: Instant
    updated_at: Instant = Field(description="When anything last happened that its consumer may see.")
    closed_at: Instant | None
    deadline: DeadlineView | None

    @classmethod
    def at(cls, complaint: Complaint, now: datetime) -> "StorefrontView":
        known = {name: getattr(complaint, name) for name in cls.model_fields if hasattr(complaint, name)}
        derived = {
            "metadata": _metadata(complaint),
            "updated_at": complaint.moved_at,
            "deadline": _deadline(complaint, now),
        }
        return cls(**(known | derived))


class ComplaintPage(Model):
    """Lines of the queue to staff, of its own list to a storefront."""

    items: list[SummaryView | StorefrontView]
    next_cursor: str | None


class TimelinePage(Model):
    view: Literal["staff"] = "staff"
    items: list[TimelineEntry]
    next_cursor: str | None


class PublicTimelinePage(Model):
    view: Literal["public"] = "public"
    items: list[PublicEntry]
    next_cursor: str | None


def _deadline(of: Complaint | Summary, now: datetime) -> dict[str, Any] | None:
    return vars(of.deadline) | {"overdue": of.deadline.overdue(now)} if of.deadline else None


def _metadata(complaint: Complaint) -> dict[str, str]:
    return {} if complaint.erased_at else complaint.metadata or {}
