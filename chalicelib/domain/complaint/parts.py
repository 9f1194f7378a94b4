"""What a complaint is made of beside its stages: clocks, breaches, plans, answers, inquiries, files, measures."""

from datetime import datetime
from typing import Literal, Self

from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.file_types import Refusal
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK
from chalicelib.domain.ground.text import Typed
from chalicelib.domain.vocabulary.ladders import LASTING, Ladders
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import AskedDepartment, Spared, Tier, Unchecked, WaitsFor


class Holder(Model):
    """Who has the complaint from `since` on; None: nobody, but the department."""

    since: Instant
    assignee: str | None = None


class Answered(Model):
    """Since when what the consumer has said waits for customer service, and who said it for them first."""

    at: Instant
    by: Literal["consumer", "storefront"]


class IssuedLink(Model):
    """The link of the consumer, once the first one has been replaced: older editions are worth nothing."""

    edition: int
    issued_at: Instant


class ProposedPlan(Model):
    """`proposed_by`: None in a head that was stored before this was kept, until it is rebuilt from its entries."""

    round: int
    proposed_at: Instant
    proposed_by: str | None = None
    plan: submissions.ResolutionPlan


class DraftedPlan(Model):
    """A plan for legal to read (5.4). `number`: the `seq` of the entry that keeps its words, also once it is over."""

    number: int
    drafted_at: Instant
    drafted_by: str
    plan: submissions.PlanDraft


class GivenFeedback(Model):
    """`asks_for_review`: another person is to decide."""

    round: int
    given_at: Instant
    given_by: str
    feedback: submissions.Feedback
    asks_for_review: bool = False


class News(Model):
    """What the consumer sent that staff are told of together, by the event `number`: so much from then on.

    It is told from `tell_from` on; what comes later is news of its own.
    """

    number: int
    tell_from: Instant
    messages: int = 0
    files: int = 0


class Deadline(Model):
    """When the present stage must be done with; `provisional` while the calendar of that year is unknown.

    `waiting_since`: the clock stands still, for the consumer's answer to a question, or for the reading of what the
    consumer wrote since the plan (`waiting_for`). If that takes as long as it may, it ends at `due_at`.
    """

    stage: Stage
    due_at: Instant
    provisional: bool
    waiting_since: Instant | None = None
    waiting_for: WaitsFor | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether the period has run out: at the very moment it ends, it has. What stands still has not."""
        return self.waiting_since is None and now >= self.due_at


class RunningClock(Model):
    """A clock that runs, known by the `seq` of the event that set it (`number`).

    `since`: from when its time counts; `held_by`: the department it runs for, if not that of the stage; `capped`: it
    never ends later than the stage, with which it has `moved` so often; `days`: its own length in days, where the
    policy has none. `waits`: when it stood still, from and until. `alarms_raised`: the rungs of its ladder that were
    raised, by number; `rang_at`: the moment of the last alarm.
    """

    name: str
    number: int
    ladder: Stage | Ladders
    since: Instant
    due_at: Instant
    provisional: bool = False
    alarms_raised: tuple[int, ...] = ()
    rang_at: Instant | None = None
    held_by: Role | None = None
    capped: bool = False
    moved: int = 0
    days: int | None = None
    extended_by: int = 0
    waits: tuple[tuple[Instant, Instant], ...] = ()
    waiting_since: Instant | None = None

    @property
    def promise(self) -> tuple[object, ...]:
        """What its due time is counted from. More time, or time to wait, is another promise."""
        return self.name, self.ladder, self.since, self.extended_by, self.waits, self.waiting_since, self.moved

    @property
    def ends_with_stage(self) -> bool:
        """Whether it stops when the complaint enters another stage; what was promised to follow runs on
        (4.3a), and what is dangerous."""
        return self.ladder not in LASTING


class Breach(Model):
    """A due time that was missed, for good (8.3): when it was, when that was recorded, and who had the complaint.

    `clock`: what was missed, the stage or an inquiry or a follow-up measure. `void`: the calendar was corrected
    afterwards, and by the count of now the due time had not passed when the work was done, or was given more time, at
    `until` (None: it was neither); or a later breach of the same promise stands. `counted`: the clock as it was then,
    and what it was counted from, `begun_at` and the clocks `beside` it, so that the due time can be counted anew.
    """

    stage: Stage
    clock: str = STAGE_CLOCK
    due_at: Instant
    recorded_at: Instant
    held_by: str
    void: bool = False
    counted: RunningClock
    beside: tuple[RunningClock, ...] = ()
    begun_at: Instant
    until: Instant | None = None

    @property
    def promise(self) -> tuple[object, ...]:
        return self.counted.promise


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
    """A file. `offered`: announced, not there yet; `refused`: it came, and was not taken; `erased`: there no more.

    `content_type`: until it is there, what the browser thinks it is. `sent_by`: the member of staff who did.
    `retracted`: the `seq` of the entry by which it was taken back. `has_place`: it says where it was made.
    `shown_with`: the `seq` of the first plan that the consumer may see it with. Sizes in bytes.
    """

    evidence_id: str
    file_name: Typed
    content_type: str
    size: int
    description: Typed | None = None
    added_by: Literal["consumer", "staff", "system"]
    offered_at: Instant
    sent_by: str | None = None
    status: Literal["offered", "received", "refused", "erased"] = "offered"
    refused: Refusal | None = None
    received_at: Instant | None = None
    sha256: Typed | None = None
    has_place: bool = False
    retracted: int | None = None
    shown_with: int | None = None

    def for_consumer(self) -> Self:
        """Without what only staff need to know: what they wrote of it."""
        return self if self.added_by == "consumer" else self.model_copy(update={"description": None})

    @property
    def shown_to_consumer(self) -> bool:
        """What they or their shop added, and what a plan shows them, unless it has been taken back."""
        return self.retracted is None and (self.added_by == "consumer" or self.shown_with is not None)


class Refusals(Model):
    """Files that were not taken, of which whoever sent them is told together: with what happened as entry `seq`.

    `sent_by`: the member of staff; None for the consumer. `reasons`: each once.
    """

    seq: int
    sent_by: str | None = None
    tell_from: Instant
    number: int
    reasons: tuple[Refusal, ...]


class TakenFile(Model):
    """A file of a complaint that was merged into this one, known here as "7K2M9-XD4FQ.1". Facts only: its name and
    what is in it stay with that one, and go when that one's words are erased. `size` in bytes."""

    evidence_id: str
    content_type: str
    size: int
    added_by: Literal["consumer", "staff", "system"]
    received_at: Instant | None = None
    has_place: bool = False


class TakenIn(Model):
    """A complaint that is handled together with this one, its files that are there, and who of staff is named in it."""

    complaint_id: str
    files: tuple[TakenFile, ...] = ()
    named: tuple[str, ...] = ()


class Merged(Model):
    """What a complaint was merged into, and where it stood then: there it goes on if that is undone.

    `words`: the clock of what the consumer had written since the plan, if nobody had read it. `draft`: the plan that
    was there for legal to read; what legal said of it stays with the complaint. `asked`: the inquiries that were open.
    """

    into: str
    stage: Stage
    entered_at: Instant
    extended: bool
    clock: RunningClock
    words: RunningClock | None = None
    draft: DraftedPlan | None = None
    asked: tuple[str, ...] = ()


class FollowUp(Model):
    """A measure of an accepted plan, promised to be carried out by `due_at` (4.3a)."""

    number: int
    measure: Typed
    due_at: Instant
    done_at: Instant | None = None
    done_by: str | None = None
    note: Typed | None = None


class AskedInformation(Model):
    """A question to the consumer. `expired`: not answered in time; `dispensed`: another stage has begun since."""

    request_id: str
    question: Typed
    asked_at: Instant
    answer_by: Instant
    status: Literal["open", "answered", "expired", "dispensed"] = "open"
    answered_at: Instant | None = None


class GivenReview(Model):
    """Legal's word on a draft of a round, which the review names (5.4)."""

    round: int
    reviewed_at: Instant
    reviewed_by: str
    review: submissions.LegalReview


class Assessed(Model):
    """Quality's last word on a danger."""

    at: Instant
    by: str
    assessment: submissions.SafetyAssessment


class ToldAuthority(Model):
    at: Instant
    by: str
    report: submissions.AuthorityReport


class KnownWord(Model):
    """A word of danger that was found, as the operating data have it, and in which tier it was one."""

    word: Typed
    tier: Tier


class Safety(Model):
    """How dangerous it is since when, and who says so: a member of staff, or the system by the words it has found.

    `tier`: none, if somebody has lowered it so. `words`: all that were ever found; they raise it no more. `of`: the
    complaint merged into this one that brought it. `called_at`: when the consumer was spoken to in this tier.
    `same_product`: others in danger by the same product, as was told once.
    """

    tier: Literal[Tier, "none"]
    since: Instant
    by: str
    words: tuple[KnownWord, ...] = ()
    of: str | None = None
    called_at: Instant | None = None
    assessed: Assessed | None = None
    reports: tuple[ToldAuthority, ...] = ()
    same_product: tuple[str, ...] = ()


SurveyState = Literal["planned", "due", "open", "answered", "expired", "void", "declined", "spared"]


class ReviewedSurvey(Model):
    """What a supervisor has found of a low answer."""

    at: Instant
    by: str
    review: submissions.SurveyReview


class Survey(Model):
    """The survey of the `closure`-th closure (6.2). `planned` until the consumer is to be asked, `due` until it is
    known whether they are; then `open`, or `spared`, and `why`. `void`: it was reopened.

    `answered_at`: when they first did; `by_phone`: somebody of staff has recorded the answer; `said_in`: the entry of
    that which stands. `undelivered_at`: when it was known that it reached them by no channel.
    """

    closure: int
    state: SurveyState = "planned"
    why: Spared | None = None
    sent_at: Instant | None = None
    answer_by: Instant | None = None
    answered_at: Instant | None = None
    by_phone: bool = False
    answer: submissions.SurveyAnswer | None = None
    said_in: int | None = None
    undelivered_at: Instant | None = None
    reviewed: ReviewedSurvey | None = None

    @property
    def is_voidable(self) -> bool:
        """Whether it ends where the closure does."""
        return self.state in ("planned", "due", "open", "answered")

    @property
    def is_to_review(self) -> bool:
        return self.answer is not None and self.answer.is_low and self.reviewed is None


class ToldDelivery(Model):
    """Where the goods were said to be (5.3)."""

    at: Instant
    update: submissions.DeliveryUpdate


class OrderCheck(Model):
    """What the shop's order system said of the order (4.2b); `found` None: nothing, and `why`."""

    checked_at: Instant
    found: bool | None = None
    why: Unchecked | None = None
    facts: submissions.OrderFacts | None = None
