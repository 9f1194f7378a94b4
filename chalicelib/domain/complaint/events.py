"""What can happen to a complaint: one model for each kind of event, with what the consumer may see of it.

The data of an event is one of these. A new kind is a class here and a row in `notices.TABLE`.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field

from chalicelib.domain.complaint import hearings, parts, submissions
from chalicelib.domain.ground.file_types import Refusal
from chalicelib.domain.ground.instants import Instant, written
from chalicelib.domain.ground.model import Written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK, AlarmRaised, ClockSetting, Event, Hidden, kinds_in
from chalicelib.domain.ground.text import Typed
from chalicelib.domain.vocabulary.ladders import Safety
from chalicelib.domain.vocabulary.terms import InCommon, Outcome, Spared, Tier, Unchecked


def _shown(submission: BaseModel) -> dict[str, Any]:
    return submission.model_dump(mode="json", exclude_none=True)


def _answering(request_id: str | None) -> dict[str, Any]:
    """Which question the consumer answers by it, if they do."""
    return {"answers": request_id} if request_id else {}


# ---- the stages ------------------------------------------------------------------------------------------------------


class ComplaintFiled(Event):
    """`microsecond`: how far into its second it came in, so that of two of one second it is known which came later."""

    filing: submissions.Filing
    policy_version: int
    microsecond: int = 0


class ComplaintAcknowledged(Event):
    acknowledgement: submissions.Acknowledgement

    def public_face(self) -> dict[str, Any] | None:
        message = self.acknowledgement.message
        return {"message": message} if message else {}


class InvestigationReported(Event):
    """The consumer sees that the investigation ended, not the text of the report.

    `operating`: the number of the operating data whose list has the cause that it names; None if it names none.
    """

    report: submissions.InvestigationReport
    operating: int | None = None


class PlanProposed(Event):
    plan: submissions.ResolutionPlan
    round: int

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.plan.for_consumer()) | {"round": self.round}


class PlanAnswered(Event):
    feedback: submissions.Feedback

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.feedback)


class PlanAccepted(PlanAnswered):
    """The consumer is satisfied (4.5a)."""


class PlanObjectedTo(PlanAnswered):
    """The consumer is not, and says why (4.4b)."""


class ReviewRequested(Event):
    """They are not, and ask that another person decide (3.3, 4.4b); the complaint may have been closed by the plan."""

    request: submissions.ReviewRequest

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.request)


class ComplaintWithdrawn(Event):
    withdrawal: submissions.Withdrawal

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.withdrawal)


class ComplaintReopened(Event):
    """`out_of`: what it was merged into until now."""

    reopening: submissions.Reopening
    out_of: str | None = None

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.reopening)


class ComplaintMerged(Event):
    """Closed, with a pointer to the complaint that is handled in its place."""

    merger: submissions.Merger

    @property
    def into(self) -> str:
        return str(self.merger.into)

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.merger)


class MergerUndone(Event):
    """Open again, where it stood when it was merged into `out_of`, and the clock with it.

    That stood still from `waited_from` until `waited_until`, or has run on (None). `alarms_raised`: the rungs of its
    ladder that count as raised already; `rang_at`: the moment that counts as that of the last alarm.
    """

    out_of: str
    alarms_raised: tuple[int, ...]
    rang_at: Instant | None = None
    waited_from: Instant | None = None
    waited_until: Instant | None = None

    def public_face(self) -> dict[str, Any] | None:
        return {"out_of": self.out_of}


class MergerMoved(Event):
    """Another complaint is handled in the place of this one: the other was merged itself, or that was undone."""

    into: str

    def public_face(self) -> dict[str, Any] | None:
        return {"into": self.into}


class OtherPlanProposed(Event):
    """The complaint `of`, which is handled in the place of this one, has a plan."""

    of: str
    round: int
    plan: submissions.ResolutionPlan

    def public_face(self) -> dict[str, Any] | None:
        return {"of": self.of, "round": self.round} | _shown(self.plan.for_consumer())


class OtherClosed(Event):
    """The complaint `of`, which was handled in the place of this one, closed at `closed_at`.

    `agreed`: this one's consumer is that one's, and has accepted its plan. Otherwise this one can be reopened.
    """

    of: str
    outcome: Outcome
    closed_at: Instant
    agreed: bool

    def public_face(self) -> dict[str, Any] | None:
        return {"of": self.of, "outcome": self.outcome}


class OtherReopened(Event):
    """The complaint `of` is open again, and handled in the place of this one again."""

    of: str

    def public_face(self) -> dict[str, Any] | None:
        return {"of": self.of}


class ComplaintJoined(Hidden):
    """Another complaint is handled together with this one, with the files of it that are there by now."""

    taken: parts.TakenIn


class ComplaintParted(Hidden):
    """Another complaint is not handled together with this one any more."""

    complaint_id: str


# ---- within a stage --------------------------------------------------------------------------------------------------


class ComplaintAssigned(Hidden):
    assignment: submissions.Assignment


class ComplaintReturned(Hidden):
    """Nobody has it any more but the department.

    `left`: whoever had it works here no more, and the house took it; `named`: they are named in it; `review`: another
    person is to decide.
    """

    why: Literal["given_back", "left", "named", "review"]


class NobodyFound(Hidden):
    """Nobody who is on duty may be given it: each is named in it, or decided what another person is to decide."""


class StaffNamed(Hidden):
    """Who of staff is named in what the consumer said, by user name; the house found it."""

    names: tuple[str, ...]


class NoteAdded(Event):
    note: submissions.Note

    def public_face(self) -> dict[str, Any] | None:
        return {"text": self.note.text} if self.note.public else None


class NoteRetracted(Hidden):
    """A public note is not shown to the consumer any more."""

    retraction: submissions.NoteRetraction


class EvidenceRetracted(Hidden):
    """A file is not shown to the consumer any more."""

    evidence_id: str
    retraction: submissions.EvidenceRetraction


class InquiryOpened(Hidden):
    """A department is asked (4.2a, 4.2b); its own clock runs.

    `operating`: the number of the operating data that route the category to it; None if somebody asks.
    """

    inquiry_id: str
    inquiry: submissions.Inquiry
    clock: ClockSetting
    operating: int | None = None


class InquiryAnswered(Hidden):
    """A short answer always finds room: whoever is asked can answer."""

    inquiry_id: str
    answer: submissions.InquiryAnswer
    stops: tuple[int, ...] = ()


class LegalIssueRaised(Hidden):
    """Law is involved (5.4); `safety`: somebody was harmed. `of`: the complaint merged into this one that it was raised
    in before."""

    why: Literal["category", "safety", "customer_service", "inquiry", "merger"]
    of: str | None = None


class DangerFound(Hidden):
    """Words of danger, which were not known yet, in what the consumer has said just before this entry.

    `words`: of this tier, as the operating data of number `operating` have them; none where a complaint that was merged
    into this one (`of`) brings the danger. `raises`: the complaint is in that tier from now on; else it was in that one
    or in a higher one.
    """

    tier: Tier
    raises: bool
    words: tuple[Typed, ...] = ()
    operating: int | None = None
    of: str | None = None
    stops: tuple[int, ...] = ()


class DangerTriaged(Hidden):
    """Raised or lowered by hand. `raises`: into a higher tier than it was in."""

    triage: submissions.Triage
    raises: bool
    stops: tuple[int, ...] = ()

    @property
    def tier(self) -> str:
        return self.triage.tier


class SafetyTaskBegun(Hidden):
    """Something is to be done about a danger, by its own clock, whatever stage the complaint is in."""

    task: Safety
    department: Role
    clock: ClockSetting


class SafetyAssessed(Hidden):
    """Quality says whether anybody was harmed, and which authorities are to be told."""

    assessment: submissions.SafetyAssessment
    stops: tuple[int, ...] = ()


class DangerRepeated(Hidden):
    """Of the same product others have said within so many `days` that there is danger at hand: the `complaints` before
    this one that still say so, the latest of them if there are many."""

    complaints: tuple[str, ...]
    days: int


class AuthorityTold(Hidden):
    """An authority has a report of the danger."""

    report: submissions.AuthorityReport
    stops: tuple[int, ...] = ()


class InterimMeasureTaken(Event):
    """The consumer is told what to do, or what is done for them, before the report is there. `in_danger`: harm has
    happened or is at hand, so they are told whatever the hour."""

    measure: submissions.InterimMeasure
    in_danger: bool = False

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.measure)


class PlanDrafted(Hidden):
    """A plan is there for legal to read (5.4). The draft is known by this event's `seq`."""

    plan: submissions.PlanDraft
    round: int


class LegalReviewed(Hidden):
    """Legal has read a draft; the review names it."""

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


class ContactViewed(Hidden):
    """Somebody has been shown how the consumer is reached, whole, and has said what for. Nothing has changed by it."""

    view: submissions.ContactView


class DeliveryUpdated(Event):
    update: submissions.DeliveryUpdate

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.update)


class Hold(Written):
    """The stage's clock stands still: it is due at `due_at` if it does so for as long as it may."""

    due_at: Instant
    provisional: bool = False


class InformationRequested(Event):
    """The consumer is asked, and has the time of `clock` to answer; meanwhile the stage's clock may stand still."""

    request_id: str
    request: submissions.InformationRequest
    clock: ClockSetting
    stops: tuple[int, ...] = ()
    hold: Hold | None = None

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.request) | {"request_id": self.request_id, "answer_by": written(self.clock.due_at)}


class InformationGiven(Event):
    """The consumer answers a request (`answers`), or adds something.

    `tell_from`: staff are told then of this and of what comes until then; None: of this they are told with what came
    before it. `operating`: the number of the operating data that say how long is waited for more.
    """

    information: submissions.Information
    answers: str | None = None
    stops: tuple[int, ...] = ()
    tell_from: Instant | None = None
    operating: int | None = None

    def public_face(self) -> dict[str, Any] | None:
        return _shown(self.information) | _answering(self.answers)


class ReadingAwaited(Hidden):
    """The consumer wrote something since the plan: until it has been read the clock that would lapse stands still.

    `since`: when they did, if a merger came in between; then `alarms_raised` and `rang_at` are as in `MergerUndone`.
    """

    clock: ClockSetting
    stops: tuple[int, ...] = ()
    hold: Hold
    since: Instant | None = None
    alarms_raised: tuple[int, ...] = ()
    rang_at: Instant | None = None


class InformationRead(Event):
    """What the consumer wrote since the plan is neither acceptance nor objection."""

    reading: submissions.InformationReading
    stops: tuple[int, ...] = ()


class FollowUpPromised(Event):
    """A measure of an accepted plan, to be carried out by the time its clock says (4.3a)."""

    number: int
    measure: Typed
    within_days: int
    clock: ClockSetting

    def public_face(self) -> dict[str, Any] | None:
        return {"number": self.number, "measure": self.measure, "due_at": written(self.clock.due_at)}


class FollowUpCompleted(Event):
    """Without a note it always finds room: what was promised can be done."""

    number: int
    done: submissions.FollowUpDone
    last: bool
    stops: tuple[int, ...] = ()

    def public_face(self) -> dict[str, Any] | None:
        return {"number": self.number}


class EvidenceOffered(Hidden):
    """Somebody is about to upload a file. `forgets`: the files that leave the record with it, since they never came,
    or were refused long ago."""

    evidence_id: str
    offer: submissions.EvidenceOffer
    forgets: tuple[str, ...] = ()


class EvidenceReceived(Event):
    """The file is there, and of a type that is taken; the consumer's may answer a request (`answers`).

    Its type is that of what is in it, and so is the ending of its name. `sha256` in lower-case hexadecimal, `size` in
    bytes. `has_place`: it says where it was made. `into`: what the complaint is merged into, where the file is to be
    seen too. `description`: of a file whose offer had left the record before it came. `tell_from`, `operating`: as in
    `InformationGiven`.
    """

    evidence_id: str
    file_name: Typed
    content_type: str
    size: int
    sha256: Typed
    added_by: Literal["consumer", "staff", "system"]
    description: Typed | None = None
    has_place: bool = False
    answers: str | None = None
    stops: tuple[int, ...] = ()
    into: str | None = None
    tell_from: Instant | None = None
    operating: int | None = None

    def public_face(self) -> dict[str, Any] | None:
        if self.added_by != "consumer":
            return None
        return {"evidence_id": self.evidence_id, "file_name": self.file_name} | _answering(self.answers)


class EvidenceQuarantined(Event):
    """The file is not taken: it is kept away from everybody. Whoever sent it sees why.

    `sent_by`: the member of staff. `tell_from`: from when on they are told, of all that was refused by then; None if
    they are told with an earlier one. `sha256` None: it was too large to be read.
    """

    evidence_id: str
    file_name: Typed
    reason: Refusal
    size: int
    sha256: Typed | None = None
    added_by: Literal["consumer", "staff", "system"]
    sent_by: str | None = None
    tell_from: Instant | None = None

    def public_face(self) -> dict[str, Any] | None:
        if self.added_by != "consumer":
            return None
        return {"evidence_id": self.evidence_id, "file_name": self.file_name, "refused": self.reason}


# ---- what the house finds out ----------------------------------------------------------------------------------------


class OrderChecked(Hidden):
    """What the shop's order system says of the order (4.2b); `found` None: it says nothing, verify by hand (`why`)."""

    found: bool | None = None
    why: Unchecked | None = None
    facts: submissions.OrderFacts | None = None


class RelatedFound(Hidden):
    """Other complaints about the same order or from the same contact; `duplicate_of` is open and about the same.

    `repeats`: what this one has in common with one that came before it, and was not known to have.
    """

    related: tuple[str, ...]
    duplicate_of: str | None = None
    repeats: tuple[InCommon, ...] = ()


class ToldOf(Hidden):
    """Something about the notice of the event `seq`."""

    seq: int
    notice: str

    @property
    def mark(self) -> str:
        """What is remembered of it, so that it is raised once."""
        return f"{self.seq} {self.notice}"


class Unreachable(ToldOf):
    """The notice reached its reader by no channel."""

    channel: str | None = Field(None, description="The channel that failed; None where there was none to try.")


class ConsumerUnreachable(Unreachable):
    """Customer service must call. `asks`: it was not asked to already, by an earlier notice."""

    asks: bool = True


class ConsumerReached(ToldOf):
    """The notice had reached the consumer by no channel, and has arrived after all."""


class ConsumerCalled(Hidden):
    """Who called stands in the entry; whether the consumer was reached, here. `of`: the complaint that this one is
    merged into, where somebody has recorded the call: it was one to the same consumer."""

    call: submissions.MadeCall
    of: str | None = None
    stops: tuple[int, ...] = ()


class AssigneeUnreachable(Unreachable):
    """Customer service must pass it on to whoever has the complaint."""


class WordsErased(Hidden):
    """All that anybody typed is gone, and who the consumer was; the facts stay. Nobody is asked how it was any more."""

    erases = True

    stops: tuple[int, ...] = ()


# ---- the survey ------------------------------------------------------------------------------------------------------


class OfSurvey(Hidden):
    """Something about the survey of a `closure`. The consumer sees it where the survey is, not in the timeline."""

    closure: int


class SurveySent(OfSurvey):
    """The consumer is asked how it was (6.2), and has the time of `clock` to answer."""

    clock: ClockSetting


class SurveySpared(OfSurvey):
    """They are not."""

    why: Spared


class SurveyUndelivered(OfSurvey):
    """The question reached them by no channel; on their page they can answer it still."""


class SurveyAnswered(OfSurvey):
    """By the consumer, or by somebody of staff who has asked them on the phone. `first`: else the answer of before is
    changed. A low one is to be looked into, by the time of `clock`."""

    answer: submissions.SurveyAnswer
    first: bool
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class SurveyDeclined(OfSurvey):
    """They do not want to be asked any more, of this or of any other complaint."""

    stops: tuple[int, ...] = ()


class SurveyReviewed(OfSurvey):
    """A supervisor has looked into a low answer."""

    review: submissions.SurveyReview
    stops: tuple[int, ...] = ()


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
    """The consumer did not give the information asked for: nothing waits for it any longer."""

    stops: tuple[int, ...] = ()


class ComplaintLapsed(AlarmRaised):
    """The consumer did not answer in time; the complaint is closed without it being taken for satisfaction."""

    def public_face(self) -> dict[str, Any] | None:
        return {}


class SurveyDue(AlarmRaised):
    """The consumer is to be asked how it was, unless somebody has asked the same contact lately."""

    closure: int
    stops: tuple[int, ...] = ()


class SurveyExpired(AlarmRaised):
    """They did not answer in time."""

    closure: int
    stops: tuple[int, ...] = ()


class Retimed(Event):
    """A clock that runs has another due time from now on."""

    clock: ClockSetting
    stops: tuple[int, ...] = ()
    was_due_at: Instant
    alarms_raised: tuple[int, ...] = Field(description="The rungs of its ladder that count as raised already.")

    def public_face(self) -> dict[str, Any] | None:
        return {"due_at": written(self.clock.due_at)} if self.clock.name == STAGE_CLOCK else None


class DeadlineMoved(Retimed):
    """The calendar that the time is counted by was published or corrected.

    `rang_at`: the moment that counts as that of the last alarm; `tell_from`: from when on the consumer is told, who was
    told a later date.
    """

    rang_at: Instant | None = None
    tell_from: Instant | None = None


class BreachesRecounted(Hidden):
    """By the calendar as it is known now, those of these numbers are no breaches, and all others are. `stops`: the
    clocks of whoever was heard about one that is none."""

    void: tuple[int, ...]
    stops: tuple[int, ...] = ()


class InquiryMoved(Retimed):
    """The stage that needs the answer of an inquiry is due at another time, and with it the inquiry."""


class DeadlineExtended(Retimed):
    """There is more time, once a stage; the consumer is told why."""

    extension: submissions.Extension

    def public_face(self) -> dict[str, Any] | None:
        return {"due_at": written(self.clock.due_at), "reason": self.extension.reason}


class ClockResumed(Retimed):
    """The stage's clock stood still until `waited_until`, and runs again."""

    waited_from: Instant
    waited_until: Instant


KINDS = (*kinds_in(__name__), *hearings.KINDS)
"""Every kind of event of a complaint."""
