"""What the public entries of a timeline say, by their types: the shapes of what `Event.public_face` tells."""

from collections.abc import Mapping

from pydantic import Field

from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.ground.file_types import Refusal
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.record import Event
from chalicelib.domain.vocabulary.terms import Outcome


class NoDetails(Model):
    """That it happened says it all."""


class PublicAcknowledgement(Model):
    message: str | None = None


class PublicPlan(submissions.ResolutionPlan):
    """A plan that was proposed; of which round."""

    actions = ()  # type: ignore[assignment]  # told, and handed in by nobody
    amount_reason: str | None = Field(None, exclude=True)
    round: int


class PlanOfOther(PublicPlan):
    """The plan of the complaint `of`, which is handled in the place of this one."""

    of: str


class MergerEnd(Model):
    """It is not handled together with that one any more."""

    out_of: str


class NewPlace(Model):
    """It is handled together with that one."""

    into: str


class EndOfOther(Model):
    """The complaint `of`, which was handled in the place of this one, has closed."""

    of: str
    outcome: Outcome


class ReopeningOfOther(Model):
    of: str


class PublicNote(Model):
    text: str


class PublicQuestion(submissions.InformationRequest):
    """What the consumer is asked."""

    actions = ()  # type: ignore[assignment]  # told, and handed in by nobody
    request_id: str
    answer_by: Instant


class PublicInformation(submissions.Information):
    """What the consumer wrote; `answers`: the request that it answers."""

    actions = ()  # type: ignore[assignment]  # told, and handed in by nobody
    answers: str | None = None


class PublicPromise(Model):
    """A measure that is to follow by then."""

    number: int
    measure: str
    due_at: Instant


class PublicCompletion(Model):
    """The measure that was carried out."""

    number: int


class PublicFile(Model):
    """A file of the consumer's; `answers`: the request that it answers."""

    evidence_id: str
    file_name: str
    answers: str | None = None


class PublicRefusedFile(Model):
    """A file of the consumer's that was not taken, and why."""

    evidence_id: str
    file_name: str
    refused: Refusal


class NewDueTime(Model):
    due_at: Instant


class PublicExtension(NewDueTime):
    """More time is taken, and why."""

    reason: str


SHAPES: Mapping[type[Event], type[Model]] = {
    events.ComplaintFiled: NoDetails,
    events.ComplaintAcknowledged: PublicAcknowledgement,
    events.InvestigationReported: NoDetails,
    events.PlanProposed: PublicPlan,
    events.PlanAccepted: submissions.Feedback,
    events.PlanObjectedTo: submissions.Feedback,
    events.ReviewRequested: submissions.ReviewRequest,
    events.ComplaintWithdrawn: submissions.Withdrawal,
    events.ComplaintReopened: submissions.Reopening,
    events.ComplaintMerged: submissions.Merger,
    events.MergerUndone: MergerEnd,
    events.MergerMoved: NewPlace,
    events.OtherPlanProposed: PlanOfOther,
    events.OtherClosed: EndOfOther,
    events.OtherReopened: ReopeningOfOther,
    events.NoteAdded: PublicNote,
    events.InterimMeasureTaken: submissions.InterimMeasure,
    events.LinkReplaced: NoDetails,
    events.ContactCorrected: NoDetails,
    events.DeliveryUpdated: submissions.DeliveryUpdate,
    events.InformationRequested: PublicQuestion,
    events.InformationGiven: PublicInformation,
    events.InformationRead: NoDetails,
    events.FollowUpPromised: PublicPromise,
    events.FollowUpCompleted: PublicCompletion,
    events.EvidenceReceived: PublicFile,
    events.EvidenceQuarantined: PublicRefusedFile,
    events.ComplaintLapsed: NoDetails,
    events.DeadlineMoved: NewDueTime,
    events.InquiryMoved: NewDueTime,
    events.DeadlineExtended: PublicExtension,
    events.ClockResumed: NewDueTime,
}
