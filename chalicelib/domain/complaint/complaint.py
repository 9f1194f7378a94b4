"""A complaint: its state, and the part of it that a line of a queue shows. `evolution.evolve` says what changes it.

The stored complaint is a snapshot; folding its events gives the same one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from chalicelib.domain.complaint import parts, submissions
from chalicelib.domain.complaint.hearings import Hearing
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import STAGE_CLOCK, State
from chalicelib.domain.ground.text import Typed
from chalicelib.domain.vocabulary.ladders import REVIEW, WORDS
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import (
    Category,
    Channel,
    ConsumerFlag,
    Grants,
    InCommon,
    Locale,
    Mark,
    Outcome,
    Remedy,
    Tier,
    Verdict,
    WaitsFor,
)

EXCERPT = 100  # characters


class Complaint(State):
    """The state of a complaint.

    `begun_at`: when it was received, or reopened last, from which the clocks of its first stages count. `clocks`: those
    that run; an alarm of any other is void. No contact details in here; `contact_edition` is that of those which hold.

    `merged_into`: the complaint that is handled in the place of this one, or was until `other_closed_at`; not that of
    `merged` where that was merged itself. `other_round`: that of its plan of which this one's consumer was told last,
    which rejects what was asked (`other_rejects`);
    `other_agreed`: it was this one's consumer who accepted it. `taken_in`: what is handled together with this one.
    `repeats`: what it has in common with one that came before it. `safety`: how dangerous it is; None where nobody ever
    thought so. `evidence_offered`: how many files ever were, those that left the record again too. `to_call_about`:
    what has reached the consumer by no channel, and was not told on the phone. `named`: who of staff is named in what
    the consumer said. `left_to_supervisor_at`: since when nobody on duty may be given it. `news`: what they sent last,
    as staff are told of it. `retracted`: the public notes that were taken back, each by its `seq` and that of the entry
    which did it. `closures`: how often it was closed; `surveys`: one for each of these that has one. `took_part`: who
    of staff did anything about it, surveys and hearings apart. `hearings`: of those of its breaches that a person
    answers for (8.3), which four may read (`hearings.may_be_read`). `answered`: the consumer has said something since
    customer service, or a supervisor, did anything about it. `metadata`: what the shop keeps beside it, by name.
    `updated_at`: when anything last happened that its consumer may see.
    """

    complaint_id: str
    filed_by: Actor
    order_number: Typed
    product_name: Typed
    description: Typed
    channel: Channel
    category: Category
    locale: Locale
    requested_remedy: Remedy | None = None
    amount_disputed: submissions.Money | None = None
    product_id: Typed | None = None
    seller: Typed | None = None
    consumer_flags: tuple[ConsumerFlag, ...] = ()
    external_ref: Typed | None = None
    metadata: dict[Typed, Typed] | None = None
    policy_version: int
    received_at: Instant
    received_microsecond: int = 0
    begun_at: Instant
    stage: Stage
    entered_at: Instant
    clocks: tuple[parts.RunningClock, ...] = ()
    extended: bool = False
    round: int = 1
    outcome: Outcome | None = None
    merged: parts.Merged | None = None
    merged_into: str | None = None
    other_round: int | None = None
    other_rejects: bool = False
    other_closed_at: Instant | None = None
    other_agreed: bool = False
    taken_in: tuple[parts.TakenIn, ...] = ()
    reopened_because: Typed | None = None
    reopened: int = 0
    review_requested_at: Instant | None = None
    holders: tuple[parts.Holder, ...] = ()
    named: tuple[str, ...] = ()
    left_to_supervisor_at: Instant | None = None
    legal_issue: bool = False
    safety: parts.Safety | None = None
    acknowledged_at: Instant | None = None
    investigated_at: Instant | None = None
    plan_sent_at: Instant | None = None
    closed_at: Instant | None = None
    breaches: tuple[parts.Breach, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    investigation_report: submissions.InvestigationReport | None = None
    resolution_plans: tuple[parts.ProposedPlan, ...] = ()
    feedback: tuple[parts.GivenFeedback, ...] = ()
    inquiries: tuple[parts.OpenedInquiry, ...] = ()
    plan_draft: parts.DraftedPlan | None = None
    legal_reviews: tuple[parts.GivenReview, ...] = ()
    evidence_files: tuple[parts.EvidenceFile, ...] = ()
    evidence_offered: int = 0
    refusals: tuple[parts.Refusals, ...] = ()
    follow_ups: tuple[parts.FollowUp, ...] = ()
    information_requests: tuple[parts.AskedInformation, ...] = ()
    delivery: parts.ToldDelivery | None = None
    order_check: parts.OrderCheck | None = None
    related: tuple[str, ...] = ()
    repeats: tuple[InCommon, ...] = ()
    duplicate_of: str | None = None
    unreached: tuple[str, ...] = ()
    to_call_since: Instant | None = None
    retracted: tuple[tuple[int, int], ...] = ()
    to_call_about: tuple[str, ...] | None = None
    news: parts.News | None = None
    link: parts.IssuedLink | None = None
    contact_edition: int = 0
    closures: int = 0
    surveys: tuple[parts.Survey, ...] = ()
    took_part: tuple[str, ...] = ()
    answered: parts.Answered | None = None
    updated_at: Instant | None = None
    erased_at: Instant | None = None

    @property
    def moved_at(self) -> datetime:
        """`updated_at`, which heads of before have not: then, when it was received."""
        return self.updated_at or self.received_at

    @property
    def sold_by(self) -> str | None:
        """Who sold it, as the filing says, or else as the shop verified."""
        facts = self.order_check and self.order_check.facts
        return self.seller or (facts.seller if facts else None)

    @property
    def verdict(self) -> Verdict | None:
        """That of the report; None while there is none, or it says none."""
        return self.investigation_report.verdict if self.investigation_report else None

    @property
    def cause_code(self) -> str | None:
        return self.investigation_report.cause_code if self.investigation_report else None

    @property
    def grants(self) -> Grants | None:
        """How much of what was asked the last plan gives; None while there is none, or it does not say."""
        return self.resolution_plans[-1].plan.grants if self.resolution_plans else None

    @property
    def duplicate_found_by(self) -> Literal["system"] | None:
        """Who says that it is one: no person has."""
        return "system" if self.duplicate_of else None

    @property
    def related_found_by(self) -> Literal["system"] | None:
        return "system" if self.related else None

    @property
    def department(self) -> Role:
        """Who is responsible in the present stage (5.1)."""
        return STAGES[self.stage].responsible

    @property
    def assignee(self) -> str | None:
        """The member of staff who has it."""
        return self.holders[-1].assignee if self.holders else None

    def held_by(self, moment: datetime) -> str:
        """Who had it when something was due: whoever was given it at that very second had no time left to do it."""
        before = [holder.assignee for holder in self.holders if holder.since < moment]
        return (before[-1] if before else None) or self.department

    @property
    def stage_clock(self) -> parts.RunningClock | None:
        """The clock of the present stage."""
        return self.clock(STAGE_CLOCK)

    @property
    def deadline(self) -> parts.Deadline | None:
        """When the present stage must be done with."""
        clock = self.stage_clock
        if clock is None:
            return None
        waits_for: WaitsFor | None = None
        if clock.waiting_since:
            waits_for = "reading" if self.words_clock else "answer"
        return parts.Deadline(
            stage=self.stage,
            due_at=clock.due_at,
            provisional=clock.provisional,
            waiting_since=clock.waiting_since,
            waiting_for=waits_for,
        )

    @property
    def words_clock(self) -> parts.RunningClock | None:
        """The clock of what the consumer wrote since the plan and nobody has read yet."""
        return next((clock for clock in self.clocks if clock.ladder == WORDS), None)

    @property
    def link_in_force(self) -> parts.IssuedLink:
        """The consumer's link: the one that came with the receipt, or what has replaced it."""
        return self.link or parts.IssuedLink(edition=0, issued_at=self.received_at)

    @property
    def plan_in_force(self) -> parts.ProposedPlan | None:
        """The plan of the present round, if it has one yet."""
        last = self.resolution_plans[-1] if self.resolution_plans else None
        return last if last and last.round == self.round else None

    @property
    def has_plan(self) -> bool:
        """Whether one was proposed since it began, or was reopened."""
        proposed = (plan.proposed_at >= self.begun_at for plan in self.resolution_plans)
        return self.plan_in_force is not None or any(proposed)

    @property
    def rejection_to_review(self) -> parts.ProposedPlan | None:
        """The plan that another person can be asked to decide anew: it rejects what was asked, and is awaited or closed
        the complaint, whatever was answered. Once a complaint (3.3)."""
        plan = self.plan_in_force
        by_plan = self.outcome in (None, Outcome.SATISFIED, Outcome.NO_RESPONSE)
        return plan if plan and plan.plan.rejects_request and by_plan and not self.review_requested_at else None

    @property
    def decided_before_review(self) -> frozenset[str]:
        """Who proposed a plan before another person was asked for: they decide no more."""
        reviewed = [answer.round for answer in self.feedback if answer.asks_for_review]
        plans = [plan for plan in self.resolution_plans if plan.round <= max(reviewed, default=0)]
        return frozenset(plan.proposed_by for plan in plans if plan.proposed_by)

    @property
    def not_given_to(self) -> frozenset[str]:
        """Who of staff is not given it: who is named in it, and who decided what another person is to decide."""
        along = (name for one in self.taken_in for name in one.named)
        return self.decided_before_review | {*self.named, *along}

    @property
    def evidence(self) -> tuple[parts.EvidenceFile, ...]:
        """The files that are there."""
        return tuple(file for file in self.evidence_files if file.status == "received")

    @property
    def taken_files(self) -> tuple[parts.TakenFile, ...]:
        """The files of the complaints that are handled together with this one."""
        return tuple(file for one in self.taken_in for file in one.files)

    @property
    def accepted_by_consumer(self) -> bool:
        """Whether it is closed as satisfied, and the consumer said so, nobody for them."""
        return self.outcome is Outcome.SATISFIED and self.feedback[-1].given_by == "consumer"

    @property
    def came_while_merged(self) -> bool:
        """Whether the consumer has added a file since this was merged, which is all that they can add then."""
        theirs = [file.received_at for file in self.evidence if file.added_by == "consumer"]
        return self.merged is not None and any(self.closed_at and at and at >= self.closed_at for at in theirs)

    @property
    def survey(self) -> parts.Survey | None:
        """That of the last closure, if it has one."""
        last = self.surveys[-1] if self.surveys else None
        return last if last and last.closure == self.closures else None

    @property
    def survey_to_review(self) -> parts.Survey | None:
        """The one with a low answer that nobody has looked into, the newest if there are several."""
        return next((one for one in reversed(self.surveys) if one.is_to_review), None)

    @property
    def decided_by(self) -> frozenset[str]:
        """Who of staff had it, or proposed a plan of it."""
        holders = (holder.assignee for holder in self.holders)
        return frozenset(name for name in (*holders, *(plan.proposed_by for plan in self.resolution_plans)) if name)

    def is_measured(self, name: str) -> bool:
        """Whether a member of staff took part in it, or had it: a survey is about what they did."""
        return name in self.took_part or name in self.decided_by

    def shows_contact_to(self, actor: Actor) -> bool:
        """Whether a member of staff sees how the consumer is reached as it is: who works on it, or supervises."""
        return self.assignee == actor.id or bool(actor.roles & {Role.CUSTOMER_SERVICE, Role.SUPERVISOR})

    @property
    def open_inquiries(self) -> tuple[parts.OpenedInquiry, ...]:
        return tuple(inquiry for inquiry in self.inquiries if inquiry.status == "open")

    @property
    def open_request(self) -> parts.AskedInformation | None:
        """The question that waits for the consumer's answer."""
        return next((request for request in self.information_requests if request.status == "open"), None)

    @property
    def awaited_request(self) -> parts.AskedInformation | None:
        """What the consumer would answer now: the open question, or the last one that nobody waits for any more."""
        expired = (request for request in reversed(self.information_requests) if request.status == "expired")
        return self.open_request or next(expired, None)

    @property
    def first_undone_stage(self) -> Stage:
        """The first stage whose work was never done: nothing is closed as satisfied without all of it."""
        if self.acknowledged_at is None:
            return Stage.RECEIVED
        return Stage.PLANNING if self.investigation_report else Stage.INVESTIGATING

    @property
    def legally_approved(self) -> bool:
        """Whether legal's last word is yes, and of the present draft (5.4)."""
        last = self.legal_reviews[-1].review if self.legal_reviews else None
        draft = self.plan_draft
        return draft is not None and last is not None and last.draft == draft.number and last.approved

    @property
    def draft_to_review(self) -> parts.DraftedPlan | None:
        """The draft that waits for legal's word, where law is involved (5.4)."""
        draft = self.plan_draft
        read = [one.review.draft for one in self.legal_reviews]
        return draft if draft and self.legal_issue and draft.number not in read else None

    @property
    def draft_returned(self) -> bool:
        """Whether legal has refused the newest draft, which whoever has the complaint has to write again (5.4)."""
        draft, last = self.plan_draft, self.legal_reviews[-1].review if self.legal_reviews else None
        waits = draft is not None and last is not None and last.draft == draft.number and not last.approved
        return waits and self.legal_issue and self.stage == Stage.PLANNING

    @property
    def tier(self) -> Tier | None:
        """How dangerous it is; None where it is not."""
        return None if self.safety is None or self.safety.tier == "none" else self.safety.tier

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What a line of a queue says of it at once."""
        known: dict[Mark, object] = {
            "safety": self.tier,
            "legal": self.legal_issue,
            "answered": self.answered,
            "bounced": self.to_call_since,
            "duplicate": self.duplicate_of,
            "returned": self.draft_returned,
        }
        return tuple(mark for mark, holds in known.items() if holds)

    @property
    def excerpt(self) -> str:
        """How what was complained of begins, on one line."""
        return " ".join(self.description.split())[:EXCERPT]

    def clock(self, name: str) -> parts.RunningClock | None:
        """The running clock of a name."""
        return next((clock for clock in self.clocks if clock.name == name), None)

    def numbers(self, names: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the running clocks of these names."""
        wanted = set(names)
        return tuple(clock.number for clock in self.clocks if clock.name in wanted)


class Summary(Model):
    """What a line of a queue shows of a complaint."""

    complaint_id: str
    order_number: Typed
    product_name: Typed
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
    deadline: parts.Deadline | None = None
    duplicate_of: str | None = None
    duplicate_found_by: Literal["system"] | None = None
    task: str | None = Field(
        None, description="In the queue of a department: the inquiry, the measure or the draft that is due."
    )
    excerpt: Typed = Field("", description=f"How the description begins: {EXCERPT} characters of it.")
    marks: tuple[Mark, ...] = Field(
        (),
        description="`safety`: somebody may be in danger; `legal`: law is involved; `answered`: the consumer has said "
        "something since customer service did anything; `bounced`: a notice has reached them by no channel; "
        "`duplicate`: perhaps it is there twice; `returned`: legal has refused the draft of its plan.",
    )
    tier: Tier | None = Field(None, description="Of the danger.")
    left_to_supervisor_at: Instant | None = Field(
        None, description="Since when nobody who is on duty may be given it: a supervisor gives it to somebody."
    )
    version: int

    @classmethod
    def of(cls, complaint: Complaint) -> Self:
        return cls(**{name: getattr(complaint, name) for name in cls.model_fields if name != "task"})

    @classmethod
    def of_task(cls, complaint: Complaint, clock: parts.RunningClock) -> Self:
        """The same for something a department has to do about it."""
        deadline = parts.Deadline(stage=complaint.stage, due_at=clock.due_at, provisional=clock.provisional)
        own = {"task": clock.name, "department": clock.held_by, "deadline": deadline}
        return cls.of(complaint).model_copy(update=own)

    @classmethod
    def of_draft(cls, complaint: Complaint, draft: parts.DraftedPlan) -> Self:
        """The same for a draft that legal has to read, in the time that the plan has."""
        own = {"task": f"{REVIEW} {draft.number}", "department": Role.LEGAL}
        return cls.of(complaint).model_copy(update=own)

    def overdue(self, now: datetime) -> bool:
        return self.deadline is not None and self.deadline.overdue(now)
