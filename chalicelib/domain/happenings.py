"""What can happen to a complaint: one model for each kind of event, with what the consumer may see of it.

The data of an event is one of these. A new kind is a class here and a row in `notices.TABLE`.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field

from .artefacts import (
    Acknowledgement,
    Assignment,
    DeliveryUpdate,
    EvidenceOffer,
    Extension,
    Feedback,
    Filing,
    FollowUpDone,
    Information,
    InformationRequest,
    Inquiry,
    InquiryAnswer,
    InvestigationReport,
    LegalReview,
    Merger,
    Note,
    OrderFacts,
    Reopening,
    ResolutionPlan,
    Withdrawal,
)
from .instants import Instant, written
from .lifecycle import Stage
from .model import Model
from .people import Role

STAGE_CLOCK = "stage"
Ladders = Literal["inquiry", "information", "follow_up"]
"""The ladders of the clocks that are not a stage's."""


class ClockSetting(Model):
    """A clock is set: it ends at `due_at` and first rings at `alarm_at` (None: never).

    The clock is known by the `seq` of the event that set it. `name` says what it is for: "stage", "inquiry 2".
    """

    name: str = STAGE_CLOCK
    due_at: Instant
    provisional: bool = False
    alarm_at: Instant | None = None


class StageEntry(Model):
    """The complaint enters a stage: the clocks that end with the one before are `stops`, the new one is `clock`.

    `dispensed`: the inquiries that were open and are not waited for any more; None if there were none.
    """

    stage: Stage
    clock: ClockSetting | None = None
    stops: tuple[int, ...] = ()
    dispensed: tuple[str, ...] | None = None


class Alarm(Model):
    """One alarm of a clock: the `number`-th, about something due at `due_at`, to be raised at `moment`.

    Whoever is to be told is told from `tell_from` on, so that nobody is woken at night.
    """

    number: int
    kind: Literal["reminder", "breach", "escalation", "nudge", "resume", "lapse"]
    clock: str = STAGE_CLOCK
    stage: Stage
    due_at: Instant
    moment: Instant
    tell: tuple[Role, ...]
    tell_from: Instant


class Happening(Model):
    """The data of an event of one kind. Each kind says what its consumer may see of it."""

    def public_face(self) -> dict[str, Any] | None:
        """The part of the data shown to the consumer; None hides the whole event."""
        return {}


class Hidden(Happening):
    """What the consumer does not see."""

    def public_face(self) -> dict[str, Any] | None:
        return None


def _shown(artefact: BaseModel) -> dict[str, Any]:
    return artefact.model_dump(mode="json", exclude_none=True)


# ---- the stages ------------------------------------------------------------------------------------------------------


class ComplaintFiled(Happening):
    filing: Filing
    policy_version: int


class ComplaintAcknowledged(Happening):
    acknowledgement: Acknowledgement

    def public_face(self) -> dict[str, Any] | None:
        message = self.acknowledgement.message
        return {"message": message} if message else {}


class InvestigationReported(Happening):
    """The consumer sees that the investigation ended, not the text of the report."""

    report: InvestigationReport


class PlanProposed(Happening):
    plan: ResolutionPlan
    round: int

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.plan)


class PlanAnswered(Happening):
    feedback: Feedback

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.feedback)


class PlanAccepted(PlanAnswered):
    """The consumer is satisfied (4.5a)."""


class PlanObjectedTo(PlanAnswered):
    """The consumer is not, and says why (4.4b)."""


class ComplaintWithdrawn(Happening):
    withdrawal: Withdrawal

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.withdrawal)


class ComplaintReopened(Happening):
    reopening: Reopening

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.reopening)


class ComplaintMerged(Happening):
    """Closed, with a pointer to the complaint that is handled in its place."""

    merger: Merger

    @property
    def into(self) -> str:
        return self.merger.into

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.merger)


class MergerMoved(Happening):
    """The complaint that was handled in the place of this one has closed, and its consumer did not agree to a plan.

    It was merged itself, and `into` is handled in the place of both; or none is (None): this one can be reopened.
    """

    into: str | None = None

    def public_face(self) -> dict[str, Any] | None:
        return {"into": self.into}


# ---- within a stage --------------------------------------------------------------------------------------------------


class ComplaintAssigned(Hidden):
    assignment: Assignment


class NoteAdded(Happening):
    note: Note

    def public_face(self) -> dict[str, Any] | None:
        return {"text": self.note.text} if self.note.public else None


class InquiryOpened(Hidden):
    """A department is asked (4.2a, 4.2b); its own clock runs."""

    inquiry_id: str
    inquiry: Inquiry
    clock: ClockSetting


class InquiryAnswered(Hidden):
    inquiry_id: str
    answer: InquiryAnswer
    stops: tuple[int, ...] = ()


class LegalIssueRaised(Hidden):
    """Law is involved (5.4). `words`: those of the policy's list that the description contains."""

    why: Literal["category", "safety", "customer_service", "inquiry"]
    words: tuple[str, ...] = ()


class LegalReviewed(Hidden):
    review: LegalReview
    round: int


class LinkReplaced(Happening):
    """The links of before are refused from now on; the new one is known by this event's `seq`."""


class DeliveryUpdated(Happening):
    update: DeliveryUpdate

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.update)


class InformationRequested(Happening):
    """The consumer is asked. The stage's clock stands still (`stops`), and at the latest is due at `stage_due_at`."""

    request_id: str
    request: InformationRequest
    clock: ClockSetting | None = Field(None, description="None where the stage's clock does not stand still.")
    stops: tuple[int, ...] = ()
    stage_due_at: Instant | None = None
    stage_provisional: bool = False

    def public_face(self) -> dict[str, Any] | None:
        due = {"answer_by": written(self.clock.due_at)} if self.clock else {}
        return _shown(self.request) | {"request_id": self.request_id} | due


class InformationGiven(Happening):
    """The consumer answers a request (`answers`), or adds something."""

    information: Information
    answers: str | None = None

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.information)


class FollowUpPromised(Happening):
    """A measure of an accepted plan, to be carried out by the time its clock says (4.3a)."""

    number: int
    measure: str
    within_days: int
    clock: ClockSetting

    def public_face(self) -> dict[str, Any] | None:
        return {"number": self.number, "measure": self.measure, "due_at": written(self.clock.due_at)}


class FollowUpCompleted(Happening):
    number: int
    done: FollowUpDone
    last: bool
    stops: tuple[int, ...] = ()

    def public_face(self) -> dict[str, Any] | None:
        return {"number": self.number}


class EvidenceOffered(Hidden):
    """Somebody is about to upload a file."""

    evidence_id: str
    offer: EvidenceOffer


class EvidenceReceived(Happening):
    """The file is there, and is what it was said to be. `sha256` in lower-case hexadecimal, `size` in bytes."""

    evidence_id: str
    file_name: str
    content_type: str
    size: int
    sha256: str
    added_by: Literal["consumer", "staff", "system"]

    def public_face(self) -> dict[str, Any] | None:
        if self.added_by != "consumer":
            return None
        return {"evidence_id": self.evidence_id, "file_name": self.file_name}


class EvidenceQuarantined(Happening):
    """The file is not what it was said to be; it is kept away, and not listed. Whoever uploaded it can see that."""

    evidence_id: str
    file_name: str
    why: str
    sha256: str
    added_by: Literal["consumer", "staff", "system"]

    def public_face(self) -> dict[str, Any] | None:
        if self.added_by != "consumer":
            return None
        return {"evidence_id": self.evidence_id, "file_name": self.file_name, "refused": self.why}


# ---- what the house finds out ----------------------------------------------------------------------------------------


class OrderChecked(Hidden):
    """What the shop's order system says of the order (4.2b); `found` None: it did not answer, verify by hand."""

    found: bool | None = None
    facts: OrderFacts | None = None


class RelatedFound(Hidden):
    """Other complaints about the same order or from the same contact; `duplicate_of` is open and about the same."""

    related: tuple[str, ...]
    duplicate_of: str | None = None


class Unreachable(Hidden):
    """A notice about the event `seq` reached its reader by no channel."""

    seq: int
    notice: str
    channel: str

    @property
    def mark(self) -> str:
        """What is remembered of it, so that it is raised once."""
        return f"{self.seq} {self.notice}"


class ConsumerUnreachable(Unreachable):
    """Customer service must call."""


class AssigneeUnreachable(Unreachable):
    """Customer service must pass it on to whoever has the complaint."""


# ---- the clocks ------------------------------------------------------------------------------------------------------


class AlarmRaised(Hidden):
    """The clock rang. The event's own time says when it was raised, the alarm's `moment` when it should have been."""

    alarm: Alarm


class ReminderRaised(AlarmRaised):
    """Whoever has to act is reminded: staff before the due time, the consumer while an answer is awaited."""


class DeadlineMissed(AlarmRaised):
    """The due time has passed. `held_by`: the member of staff or the department that had it to do (8.3)."""

    held_by: str


class Escalated(AlarmRaised):
    """Still not done after the due time."""

    held_by: str


class WaitExpired(AlarmRaised):
    """The consumer did not give the information asked for: the stage's clock waits no longer."""

    stops: tuple[int, ...] = ()


class ComplaintLapsed(AlarmRaised):
    """The consumer did not answer in time; the complaint is closed without it being taken for satisfaction."""

    def public_face(self) -> dict[str, Any] | None:
        return {}


class Retimed(Happening):
    """A clock that runs has another due time from now on."""

    clock: ClockSetting
    stops: tuple[int, ...] = ()
    was_due_at: Instant
    alarms_raised: int = Field(description="How many alarms of the new clock count as raised already.")

    def public_face(self) -> dict[str, Any] | None:
        return {"due_at": written(self.clock.due_at)} if self.clock.name == STAGE_CLOCK else None


class DeadlineMoved(Retimed):
    """The calendar that the time is counted by was published or corrected."""


class DeadlineExtended(Retimed):
    """There is more time, once a stage; the consumer is told why."""

    extension: Extension

    def public_face(self) -> dict[str, Any] | None:
        return {"due_at": written(self.clock.due_at), "reason": self.extension.reason}


class ClockResumed(Retimed):
    """The stage's clock stood still until `waited_until`, and runs again."""

    waited_from: Instant
    waited_until: Instant


KINDS: dict[str, type[Happening]] = {
    kind.__name__: kind
    for kind in (
        ComplaintFiled,
        ComplaintAcknowledged,
        InvestigationReported,
        PlanProposed,
        PlanAccepted,
        PlanObjectedTo,
        ComplaintWithdrawn,
        ComplaintReopened,
        ComplaintMerged,
        MergerMoved,
        ComplaintAssigned,
        NoteAdded,
        InquiryOpened,
        InquiryAnswered,
        LegalIssueRaised,
        LegalReviewed,
        LinkReplaced,
        DeliveryUpdated,
        InformationRequested,
        InformationGiven,
        FollowUpPromised,
        FollowUpCompleted,
        EvidenceOffered,
        EvidenceReceived,
        EvidenceQuarantined,
        OrderChecked,
        RelatedFound,
        ConsumerUnreachable,
        AssigneeUnreachable,
        ReminderRaised,
        DeadlineMissed,
        Escalated,
        WaitExpired,
        ComplaintLapsed,
        DeadlineMoved,
        DeadlineExtended,
        ClockResumed,
    )
}
