"""What a complaint is made of beside its stages: clocks, breaches, plans, answers, inquiries, files, measures."""

from datetime import datetime
from typing import Literal

from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK
from chalicelib.domain.ground.text import Typed
from chalicelib.domain.vocabulary.ladders import Ladders
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import AskedDepartment


class IssuedLink(Model):
    """The link of the consumer, once the first one has been replaced: older editions are worth nothing."""

    edition: int
    issued_at: Instant


class ProposedPlan(Model):
    round: int
    proposed_at: Instant
    plan: submissions.ResolutionPlan


class DraftedPlan(Model):
    """A plan for legal to read (5.4). `number`: the `seq` of the entry that keeps its words, also once it is over."""

    number: int
    drafted_at: Instant
    drafted_by: str
    plan: submissions.PlanDraft


class GivenFeedback(Model):
    round: int
    given_at: Instant
    given_by: str
    feedback: submissions.Feedback


class Deadline(Model):
    """When the present stage must be done with; `provisional` while the calendar of that year is unknown.

    `waiting_since`: the clock stands still until the consumer answers, at the longest so long that `due_at` holds.
    """

    stage: Stage
    due_at: Instant
    provisional: bool
    waiting_since: Instant | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether the period has run out: at the very moment it ends, it has."""
        return now >= self.due_at


class RunningClock(Model):
    """A clock that runs, known by the `seq` of the event that set it (`number`).

    `since`: from when its time counts; `held_by`: the department it runs for, if not that of the stage; `cap`: it never
    ends later; `days`: its own length in days, where the policy has none. `waits`: when it stood still, from and until.
    """

    name: str
    number: int
    ladder: Stage | Ladders
    since: Instant
    due_at: Instant
    provisional: bool = False
    alarms_raised: int = 0
    held_by: Role | None = None
    cap: Instant | None = None
    days: int | None = None
    extended_by: int = 0
    waits: tuple[tuple[Instant, Instant], ...] = ()
    waiting_since: Instant | None = None

    @property
    def ends_with_stage(self) -> bool:
        """Whether it stops when the complaint enters another stage; what was promised to follow runs on (4.3a)."""
        return self.ladder != "follow_up"


class Breach(Model):
    """A due time that was missed, for good (8.3): when it was, when that was recorded, and who had the complaint.

    `clock`: what was missed, the stage or an inquiry or a follow-up measure. `void`: the calendar was corrected
    afterwards, and by the new count the due time had not passed.
    """

    stage: Stage
    clock: str = STAGE_CLOCK
    due_at: Instant
    recorded_at: Instant
    held_by: str
    void: bool = False


class OpenedInquiry(Model):
    """A question to a department. `dispensed`: the work went on without its answer."""

    inquiry_id: str
    department: AskedDepartment
    question: Typed
    asked_at: Instant
    asked_by: str
    due_at: Instant
    status: Literal["open", "answered", "dispensed"] = "open"
    answered_at: Instant | None = None
    answered_by: str | None = None
    assessment: Typed | None = None
    recommended_solution: Typed | None = None


class EvidenceFile(Model):
    """A file. `offered`: announced, not there yet; `quarantined`: not what it was said to be; `erased`: there no more.

    Sizes in bytes.
    """

    evidence_id: str
    file_name: Typed
    content_type: str
    size: int
    description: Typed | None = None
    added_by: Literal["consumer", "staff", "system"]
    offered_at: Instant
    status: Literal["offered", "received", "quarantined", "erased"] = "offered"
    received_at: Instant | None = None
    sha256: Typed | None = None


class FollowUp(Model):
    """A measure of an accepted plan, promised to be carried out by `due_at` (4.3a)."""

    number: int
    measure: Typed
    due_at: Instant
    done_at: Instant | None = None
    done_by: str | None = None
    note: Typed | None = None


class AskedInformation(Model):
    """A question to the consumer. `expired`: the clock waits no longer; `dispensed`: another stage has begun since."""

    request_id: str
    question: Typed
    asked_at: Instant
    answer_by: Instant | None = None
    status: Literal["open", "answered", "expired", "dispensed"] = "open"
    answered_at: Instant | None = None


class GivenReview(Model):
    """Legal's word on a draft of a round, which the review names (5.4)."""

    round: int
    reviewed_at: Instant
    reviewed_by: str
    review: submissions.LegalReview


class ToldDelivery(Model):
    """Where the goods were said to be (5.3)."""

    at: Instant
    update: submissions.DeliveryUpdate


class OrderCheck(Model):
    """What the shop's order system said of the order (4.2b); `found` None: it did not answer."""

    checked_at: Instant
    found: bool | None = None
    facts: submissions.OrderFacts | None = None
