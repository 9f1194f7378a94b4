"""What can happen to a complaint: one model for each kind of event, with what the consumer may see of it.

The data of an event is one of these. A new kind is a class here and a row in `notices.TABLE`.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field

from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.instants import Instant, written
from chalicelib.domain.ground.record import STAGE_CLOCK, AlarmRaised, ClockSetting, Event, Hidden, kinds_in
from chalicelib.domain.ground.text import Typed


def _shown(submission: BaseModel) -> dict[str, Any]:
    return submission.model_dump(mode="json", exclude_none=True)


# ---- the stages ------------------------------------------------------------------------------------------------------


class ComplaintFiled(Event):
    filing: submissions.Filing
    policy_version: int


class ComplaintAcknowledged(Event):
    acknowledgement: submissions.Acknowledgement

    def public_face(self) -> dict[str, Any] | None:
        message = self.acknowledgement.message
        return {"message": message} if message else {}


class InvestigationReported(Event):
    """The consumer sees that the investigation ended, not the text of the report."""

    report: submissions.InvestigationReport


class PlanProposed(Event):
    plan: submissions.ResolutionPlan
    round: int

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.plan)


class PlanAnswered(Event):
    feedback: submissions.Feedback

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.feedback)


class PlanAccepted(PlanAnswered):
    """The consumer is satisfied (4.5a)."""


class PlanObjectedTo(PlanAnswered):
    """The consumer is not, and says why (4.4b)."""


class ComplaintWithdrawn(Event):
    withdrawal: submissions.Withdrawal

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.withdrawal)


class ComplaintReopened(Event):
    reopening: submissions.Reopening

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.reopening)


class ComplaintMerged(Event):
    """Closed, with a pointer to the complaint that is handled in its place."""

    merger: submissions.Merger

    @property
    def into(self) -> str:
        return self.merger.into

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.merger)


class MergerMoved(Event):
    """The complaint that was handled in the place of this one has closed, and its consumer did not agree to a plan.

    It was merged itself, and `into` is handled in the place of both; or none is (None): this one can be reopened.
    """

    into: str | None = None

    def public_face(self) -> dict[str, Any] | None:
        return {"into": self.into}


# ---- within a stage --------------------------------------------------------------------------------------------------


class ComplaintAssigned(Hidden):
    assignment: submissions.Assignment


class NoteAdded(Event):
    note: submissions.Note

    def public_face(self) -> dict[str, Any] | None:
        return {"text": self.note.text} if self.note.public else None


class InquiryOpened(Hidden):
    """A department is asked (4.2a, 4.2b); its own clock runs.

    `operating`: the number of the operating data that route the category to it; None if somebody asks.
    """

    inquiry_id: str
    inquiry: submissions.Inquiry
    clock: ClockSetting
    operating: int | None = None


class InquiryAnswered(Hidden):
    inquiry_id: str
    answer: submissions.InquiryAnswer
    stops: tuple[int, ...] = ()


class LegalIssueRaised(Hidden):
    """Law is involved (5.4). `words`: those of danger that the description contains, listed in the operating data of
    number `operating`; None where no words were looked for."""

    why: Literal["category", "safety", "customer_service", "inquiry"]
    words: tuple[Typed, ...] = ()
    operating: int | None = None


class LegalReviewed(Hidden):
    review: submissions.LegalReview
    round: int


class LinkReplaced(Event):
    """The links of before are refused from now on; the new one is known by this event's `seq`.

    `sent`: it goes to the consumer. Otherwise the shop hands it over, or nobody has it until the next notice.
    """

    sent: bool = True

    def public_face(self) -> dict[str, Any] | None:
        """That it was replaced."""
        return {}


class ContactCorrected(Event):
    """The consumer is reached otherwise, and the links of before are refused. How, before or now, is not said here."""

    correction: submissions.ContactCorrection

    def public_face(self) -> dict[str, Any] | None:
        """That it was corrected, not why."""
        return {}


class DeliveryUpdated(Event):
    update: submissions.DeliveryUpdate

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.update)


class InformationRequested(Event):
    """The consumer is asked. The stage's clock stands still (`stops`), and at the latest is due at `stage_due_at`."""

    request_id: str
    request: submissions.InformationRequest
    clock: ClockSetting | None = Field(None, description="None where the stage's clock does not stand still.")
    stops: tuple[int, ...] = ()
    stage_due_at: Instant | None = None
    stage_provisional: bool = False

    def public_face(self) -> dict[str, Any] | None:
        due = {"answer_by": written(self.clock.due_at)} if self.clock else {}
        return _shown(self.request) | {"request_id": self.request_id} | due


class InformationGiven(Event):
    """The consumer answers a request (`answers`), or adds something."""

    information: submissions.Information
    answers: str | None = None

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.information)


class FollowUpPromised(Event):
    """A measure of an accepted plan, to be carried out by the time its clock says (4.3a)."""

    number: int
    measure: Typed
    within_days: int
    clock: ClockSetting

    def public_face(self) -> dict[str, Any] | None:
        return {"number": self.number, "measure": self.measure, "due_at": written(self.clock.due_at)}


class FollowUpCompleted(Event):
    number: int
    done: submissions.FollowUpDone
    last: bool
    stops: tuple[int, ...] = ()

    def public_face(self) -> dict[str, Any] | None:
        return {"number": self.number}


class EvidenceOffered(Hidden):
    """Somebody is about to upload a file."""

    heaps = True
    evidence_id: str
    offer: submissions.EvidenceOffer


class EvidenceReceived(Event):
    """The file is there, and is what it was said to be. `sha256` in lower-case hexadecimal, `size` in bytes."""

    evidence_id: str
    file_name: Typed
    content_type: str
    size: int
    sha256: Typed
    added_by: Literal["consumer", "staff", "system"]

    def public_face(self) -> dict[str, Any] | None:
        if self.added_by != "consumer":
            return None
        return {"evidence_id": self.evidence_id, "file_name": self.file_name}


class EvidenceQuarantined(Event):
    """The file is not what it was said to be; it is kept away, and not listed. Whoever uploaded it can see that."""

    evidence_id: str
    file_name: Typed
    why: str
    sha256: Typed
    added_by: Literal["consumer", "staff", "system"]

    def public_face(self) -> dict[str, Any] | None:
        if self.added_by != "consumer":
            return None
        return {"evidence_id": self.evidence_id, "file_name": self.file_name, "refused": self.why}


# ---- what the house finds out ----------------------------------------------------------------------------------------


class OrderChecked(Hidden):
    """What the shop's order system says of the order (4.2b); `found` None: it did not answer, verify by hand."""

    found: bool | None = None
    facts: submissions.OrderFacts | None = None


class RelatedFound(Hidden):
    """Other complaints about the same order or from the same contact; `duplicate_of` is open and about the same."""

    related: tuple[str, ...]
    duplicate_of: str | None = None


class Unreachable(Hidden):
    """A notice about the event `seq` reached its reader by no channel."""

    seq: int
    notice: str
    channel: str | None = Field(None, description="The channel that failed; None where there was none to try.")

    @property
    def mark(self) -> str:
        """What is remembered of it, so that it is raised once."""
        return f"{self.seq} {self.notice}"


class ConsumerUnreachable(Unreachable):
    """Customer service must call. `asks`: it was not asked to already, by an earlier notice."""

    asks: bool = True


class ConsumerCalled(Hidden):
    """Who called stands in the entry; whether the consumer was reached, here."""

    call: submissions.MadeCall


class AssigneeUnreachable(Unreachable):
    """Customer service must pass it on to whoever has the complaint."""


class WordsErased(Hidden):
    """All that anybody typed is gone, and who the consumer was; the facts stay."""

    erases = True


# ---- the clocks ------------------------------------------------------------------------------------------------------


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


class Retimed(Event):
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

    extension: submissions.Extension

    def public_face(self) -> dict[str, Any] | None:
        return {"due_at": written(self.clock.due_at), "reason": self.extension.reason}


class ClockResumed(Retimed):
    """The stage's clock stood still until `waited_until`, and runs again."""

    waited_from: Instant
    waited_until: Instant


KINDS = kinds_in(__name__)
"""Every kind of event of a complaint."""
