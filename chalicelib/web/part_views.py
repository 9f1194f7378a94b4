"""The parts of a complaint as they are answered: inquiries, files, questions, entries of the timeline, notices."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.casework.read import Notice
from chalicelib.domain.complaint import hearings, parts, recourse, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.faces import may_read_words
from chalicelib.domain.complaint.guards import changeable_until
from chalicelib.domain.ground.file_types import Refusal
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.ladders import task_of
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import (
    Authority,
    CallAbout,
    DeliveryStatus,
    Fault,
    Harm,
    Locale,
    Solved,
    Tier,
)

from . import listed


class InquiryView(parts.OpenedInquiry):
    """A question to a department, and its answer."""

    overdue: bool = False

    @classmethod
    def of(cls, inquiry: parts.OpenedInquiry, now: datetime | None = None) -> "InquiryView":
        late = now is not None and inquiry.status == "open" and now >= inquiry.due_at
        return cls(**vars(inquiry), overdue=late)


class DecisionView(Model):
    """What management has decided of a hearing."""

    at: Instant
    by: str
    measure: hearings.Measure
    reasons: str


class HearingView(Model):
    """What whoever answers for it says, and what is decided (8.3). Who they are says `person`."""

    person: str
    stage: Literal["hearing", "deciding", "decided", "objected", "final"] = Field(
        description="hearing: they can state their case; deciding, objected: management decides; decided: they can "
        "object; final: that was all."
    )
    void: bool = Field(description="It has turned out to be none: nothing follows.")
    hints: tuple[hearings.Hint, ...] = Field(description="What speaks for them, as the system has found.")
    opened_at: Instant
    due_at: Instant | None = Field(description="When the present stage of it ends.")
    statement: str | None
    stated_at: Instant | None
    decisions: tuple[DecisionView, ...] = Field(description="The second is that on the objection.")
    objection: str | None
    objected_at: Instant | None
    measure: hearings.Measure | None = Field(description="As it stands.")

    @classmethod
    def of(cls, hearing: hearings.Hearing) -> "HearingView":
        known = {name: getattr(hearing, name) for name in cls.model_fields}
        return cls(**known | {"decisions": [DecisionView(**vars(one)) for one in hearing.decisions]})

    @classmethod
    def seen(cls, hearing: hearings.Hearing | None, actor: Actor) -> "HearingView | None":
        return cls.of(hearing) if hearing and hearings.may_be_read(hearing.person, actor) else None


class BreachView(Model):
    """A due time that was missed, and who had the complaint then. `void`: not by the calendar as it is known now."""

    number: int = Field(description="In their order, from 1.")
    stage: Stage
    clock: str
    due_at: Instant
    recorded_at: Instant
    held_by: str
    void: bool
    hearing: HearingView | None = Field(
        description="Who answers for it, and how; null where nobody does, and for everybody but that person, "
        "supervisors, management and audit."
    )

    @classmethod
    def listed(cls, complaint: Complaint, actor: Actor) -> "list[BreachView]":
        return [cls.of(complaint, number, actor) for number in range(1, len(complaint.breaches) + 1)]

    @classmethod
    def of(cls, complaint: Complaint, number: int, actor: Actor) -> "BreachView":
        breach = complaint.breaches[number - 1]
        known = {name: getattr(breach, name) for name in cls.model_fields if hasattr(breach, name)}
        hearing = HearingView.seen(hearings.of(complaint.hearings, number), actor)
        return cls(**known, number=number, hearing=hearing)


class RefusedView(Model):
    """Why a file was not taken, and what to do instead, in the reader's language."""

    reason: Refusal
    advice: str


class EvidenceView(Model):
    """A file that is there, or was not taken. `size` in bytes, `sha256` in lower-case hexadecimal."""

    evidence_id: str
    belongs_to: str | None = Field(
        None, description="The complaint merged into this one that it was added to; its name is to be seen there."
    )
    file_name: str
    content_type: str
    size: int
    description: str | None
    added_by: Literal["consumer", "staff", "system"]
    status: Literal["offered", "received", "refused"]
    refused: RefusedView | None = Field(None, description="Why it was not taken.")
    received_at: Instant | None
    sha256: str | None
    has_place: bool = Field(
        description="It says where it was made, as photographs of phones do: it is kept as it was sent, so do not pass "
        "it on."
    )
    retracted: int | None = Field(
        None, description="The entry of the timeline by which it was taken back: the consumer sees it no more."
    )

    @classmethod
    def of(cls, file: parts.EvidenceFile, locale: Locale) -> "EvidenceView":
        known = {name: getattr(file, name) for name in cls.model_fields if hasattr(file, name)}
        refused = file.refused and RefusedView(reason=file.refused, advice=spoken.REFUSALS[file.refused][locale])
        return cls(**known | {"refused": refused})

    @classmethod
    def listed(cls, files: Iterable[parts.EvidenceFile], locale: Locale) -> list["EvidenceView"]:
        """Those that came, taken or not."""
        return [cls.of(file, locale) for file in files if file.status in ("received", "refused")]

    @classmethod
    def of_merged(cls, complaint_id: str, file: parts.TakenFile) -> "EvidenceView":
        nameless = {"file_name": file.evidence_id, "description": None, "sha256": None}
        return cls(**vars(file), **nameless, status="received", belongs_to=complaint_id)


class UploadView(Model):
    """What a browser posts a file to, and with which fields before it (multipart/form-data, the file last)."""

    url: listed.Url
    fields: dict[str, str]


class FileLink(Model):
    """Where a file is, for five minutes; whoever has the link can read it."""

    url: listed.Url


class OfferedView(EvidenceView):
    """A file that may be uploaded now."""

    upload: UploadView

    @classmethod
    def to(cls, form: dict[str, Any], file: parts.EvidenceFile, locale: Locale) -> "OfferedView":
        return cls(**vars(EvidenceView.of(file, locale)), upload=UploadView(**form))


class WhyNot(Model):
    """Why something cannot be done now; `reason` as in a problem, `detail` in the reader's language."""

    reason: listed.Reason
    detail: str


class PlanView(Model):
    """A plan that was proposed to the consumer, as they saw it."""

    round: int
    proposed_at: Instant
    in_force: bool = Field(description="It is the plan of the present round.")
    plan: submissions.ResolutionPlan

    @classmethod
    def listed(cls, complaint: Complaint) -> "list[PlanView]":
        force = complaint.plan_in_force
        return [
            cls(round=one.round, proposed_at=one.proposed_at, in_force=one is force, plan=one.plan.for_consumer())
            for one in complaint.resolution_plans
        ]


class AnswerView(Model):
    """What the consumer answered to a plan."""

    round: int
    at: Instant
    by: Literal["consumer", "staff"] = Field(description="Staff: they recorded what was said on the phone.")
    satisfied: bool
    opinion: str | None
    asks_for_review: bool = Field(description="They asked that another person decide; `opinion` says why.")

    @classmethod
    def of(cls, given: parts.GivenFeedback) -> "AnswerView":
        said = {"satisfied": given.feedback.satisfied, "opinion": given.feedback.opinion}
        return cls(
            round=given.round, at=given.given_at, by=given.given_by, asks_for_review=given.asks_for_review, **said
        )


class MeasureView(Model):
    """A measure that an accepted plan promised."""

    number: int
    measure: str
    due_at: Instant
    done_at: Instant | None

    @classmethod
    def of(cls, measure: parts.FollowUp) -> "MeasureView":
        return cls(**{name: getattr(measure, name) for name in cls.model_fields})


class RecourseView(Model):
    """The ways outside, and why they are pointed out (3.3)."""

    because: list[recourse.Because]
    lead: str = Field(description="The words before the routes, which go on with its sentence.")
    routes: list[str]

    @classmethod
    def at(cls, complaint: Complaint, now: datetime, locale: Locale) -> "RecourseView | None":
        because = recourse.because(complaint, now)
        routes = [route[locale] for route in spoken.ROUTES]
        return cls(because=because, lead=spoken.RECOURSE[locale], routes=routes) if because else None


class RequestView(parts.AskedInformation):
    """A question to the consumer, and the deadline of the stage while it waits for the answer."""

    deadline_at_the_latest: Instant | None

    @classmethod
    def of(cls, asked: parts.AskedInformation, deadline: parts.Deadline | None) -> "RequestView":
        return cls(**vars(asked), deadline_at_the_latest=deadline and deadline.due_at)


class EntryView(Model):
    """What was added to the timeline, as entry `seq`."""

    seq: int
    at: Instant


class NoteView(EntryView):
    author: str
    text: str
    public: bool


class CallView(EntryView):
    """A call to the consumer that was made, or tried."""

    about: CallAbout
    reached: bool
    note: str | None
    caller: str


class InterimMeasureView(EntryView):
    """What the consumer is told before the report is there."""

    text: str


class AuthorityReportView(EntryView):
    """An authority that was told of a danger, and by whom."""

    authority: Authority
    reference: str | None
    note: str | None
    told_by: str


class AssessedView(Model):
    """Quality's word on a danger."""

    at: Instant
    by: str
    harmed: Harm
    stop_selling: bool
    report_to: tuple[Authority, ...] = Field(description="The authorities to be told, by the law or by quality.")
    note: str

    @classmethod
    def of(cls, assessed: parts.Assessed) -> "AssessedView":
        said = assessed.assessment
        known = {"harmed": said.harmed, "stop_selling": said.stop_selling, "note": said.note}
        return cls(at=assessed.at, by=assessed.by, report_to=said.reported_to, **known)


class ToldAuthorityView(Model):
    at: Instant
    by: str
    authority: Authority
    reference: str | None
    note: str | None


class SafetyTaskView(Model):
    """What is to be done about a danger by now: a call, an assessment, a report."""

    task: str = Field(description="A `SafetyTask`; of a report, a blank and the `Authority` too.")
    department: Role
    due_at: Instant
    overdue: bool


class SafetyView(Model):
    """How dangerous it is, since when, and who says so: `system`, by words that it has found, or a member of staff."""

    tier: Literal[Tier, "none"]
    since: Instant
    by: str
    words: tuple[str, ...] = Field(description="Of the lists of triage, all that were ever found.")
    of: str | None = Field(description="The complaint merged into this one that brought the danger.")
    called_at: Instant | None = Field(description="When the consumer was spoken to about it.")
    assessed: AssessedView | None
    tasks: tuple[SafetyTaskView, ...] = Field(description="What is to be done, soonest due first.")
    reports: tuple[ToldAuthorityView, ...]
    same_product: tuple[str, ...] = Field(description="Others in danger by the same product, before this one.")

    @classmethod
    def at(cls, complaint: Complaint, now: datetime) -> "SafetyView | None":
        safety = complaint.safety
        if safety is None:
            return None
        open_tasks = [
            SafetyTaskView(task=one.name, department=one.held_by, due_at=one.due_at, overdue=now >= one.due_at)
            for one in sorted(complaint.clocks, key=lambda clock: clock.due_at)
            if task_of(one.ladder) == "safety" and one.held_by
        ]
        derived = {
            "assessed": safety.assessed and AssessedView.of(safety.assessed),
            "words": list(dict.fromkeys(one.word for one in safety.words)),
            "tasks": open_tasks,
            "reports": [ToldAuthorityView(at=one.at, by=one.by, **vars(one.report)) for one in safety.reports],
        }
        return cls(**vars(safety) | derived)


class SurveyAnswerView(Model):
    """What the consumer says of how it was: 1 to 5, 5 is best."""

    overall: int
    solved: Solved
    fair: int
    easy: int
    informed: int
    words: str | None
    words_withheld: bool = Field(
        description="They wrote something. Supervisors, management and audit read it who did not take part."
    )
    by_phone: bool = Field(description="Somebody of staff has recorded what was said on the phone.")

    @classmethod
    def of(cls, survey: parts.Survey, *, words: bool) -> "SurveyAnswerView":
        said = survey.answer.model_dump(exclude={"decline", "channel"}) if survey.answer else {}
        withheld = said["words"] is not None and not words
        return cls(**said | ({"words": None} if withheld else {}), words_withheld=withheld, by_phone=survey.by_phone)


class SurveyReviewView(Model):
    """What a supervisor has found of a low answer."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    at: Instant
    by: str
    called: bool
    reopening_offered: bool
    fault: Fault = Field(alias="class")
    note: str


class SurveyView(Model):
    """The survey of the last closure (6.2)."""

    state: Literal["none", "planned", "open", "answered", "expired", "void", "declined"] = Field(
        description="none: this closure has none, or the contact was asked lately, or wants not to be asked; planned: "
        "they will be asked; void: the complaint was taken up again."
    )
    closure: int | None = Field(None, description="Of which closure, from 1.")
    sent_at: Instant | None = None
    answer_by: Instant | None = None
    changeable_until: Instant | None = Field(None, description="An answer can be changed until then.")
    answer: SurveyAnswerView | None = None
    to_review: bool = Field(False, description="The answer is low, and nobody has looked into it yet. Staff only.")
    review: SurveyReviewView | None = Field(None, description="To whom of staff may read what was written.")

    @classmethod
    def of(cls, complaint: Complaint, actor: Actor, policy: Policy) -> "SurveyView":
        survey = complaint.survey
        if survey is None or survey.state == "spared":
            return cls(state="none")
        staff = actor.kind == "staff"
        return cls(
            state="planned" if survey.state == "due" else survey.state,
            closure=survey.closure,
            sent_at=survey.sent_at,
            answer_by=survey.answer_by,
            changeable_until=changeable_until(survey, policy),
            answer=survey.answer and SurveyAnswerView.of(survey, words=may_read_words(complaint, actor)),
            to_review=staff and survey.is_to_review,
            review=cls._review(survey) if staff and may_read_words(complaint, actor) else None,
        )

    @staticmethod
    def _review(survey: parts.Survey) -> SurveyReviewView | None:
        if survey.reviewed is None:
            return None
        found = survey.reviewed
        return SurveyReviewView(at=found.at, by=found.by, **found.review.model_dump())


class DatedAnswerView(Model):
    """What was answered of a closure, and when."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    complaint_id: str
    closure: int
    answered_at: Instant
    answer: SurveyAnswerView
    low: bool
    fault: Fault | None = Field(alias="class", description="Of a low one that a supervisor has looked into.")

    @classmethod
    def of(cls, survey: parts.Survey, complaint: Complaint, actor: Actor) -> "DatedAnswerView":
        return cls(
            complaint_id=complaint.complaint_id,
            closure=survey.closure,
            answered_at=survey.answered_at,
            answer=SurveyAnswerView.of(survey, words=may_read_words(complaint, actor)),
            low=survey.answer is not None and survey.answer.is_low,
            fault=survey.reviewed.review.fault if survey.reviewed else None,
        )


class DeliveryView(EntryView):
    status: DeliveryStatus
    text: str
    carrier: str | None
    tracking_number: str | None


class InformationView(EntryView):
    text: str
    answers: str | None = Field(description="The request it answers, if one was open.")


class PassageView(Model):
    """How a notice fared by one channel; `to` is masked, `at` when that was last heard of."""

    channel: Literal["email", "sms", "topic"]
    state: listed.PassageState
    to: str
    at: Instant


class NoticeView(Model):
    """A notice: what kind, to whom, how far it has come, and by which channels."""

    seq: int = Field(description="The entry of the timeline that it is about.")
    kind: listed.NoticeKind
    audience: str = Field(description="The consumer, a department, or `person/` and a user name.")
    state: listed.NoticeState
    queued_at: Instant
    attempts: int
    repeated: bool = Field(
        description="It may have gone out twice: a sender died between sending and recording, or got no answer."
    )
    channels: tuple[PassageView, ...]

    @classmethod
    def of(cls, notice: Notice) -> "NoticeView":
        passages = [{name: getattr(one, name) for name in PassageView.model_fields} for one in notice.passages]
        key = notice.key
        known = {name: getattr(notice, name) for name in ("state", "queued_at", "attempts", "repeated")}
        return cls.model_validate(
            known | {"seq": key.seq, "kind": key.kind, "audience": key.audience, "channels": passages}
        )


class NoticePage(Model):
    items: list[NoticeView]
    next_cursor: str | None
