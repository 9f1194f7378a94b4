"""An audit as a record (6.3): drafted, approved, sampled, examined, reported, commented, published, closed.

"audit_2026Q4-1" is the first of that quarter. Its population is frozen with the sample: the sorted ids of what was
closed in the period, in a document whose SHA-256 is in the entry. What is drawn of it follows from that hash,
the audit's name and a nonce, of which the draft's entry has the SHA-256: nobody can choose, everybody can recompute.
The nonce itself is kept apart until the sample is drawn, and stands in that entry.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from chalicelib.domain.complaint import hearings
from chalicelib.domain.complaint.hearings import Hearing
from chalicelib.domain.complaint.submissions import WHOLE, Truth
from chalicelib.domain.ground.days import Day
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.lifecycle import Lifecycle, StageFacts, Step, stays
from chalicelib.domain.ground.model import Body, Model, Written
from chalicelib.domain.ground.people import STAFF, Department, Role
from chalicelib.domain.ground.record import AlarmRaised, ClockSetting, Hidden, State, Submission
from chalicelib.domain.ground.text import Incomplete, Text, Typed
from chalicelib.domain.policy.duties import Duty
from chalicelib.domain.supervision import improvement
from chalicelib.domain.supervision.improvement import Improvement, Planned
from chalicelib.domain.vocabulary.spoken import AUDIT_STAGES
from chalicelib.domain.vocabulary.terms import Category

PREFIX = "audit"
NAME = re.compile(r"audit_20[0-9]{2}Q[1-4]-[1-9][0-9]{0,3}")
MOST_FINDINGS, MOST_COMMENTS, MOST_PICKED, MOST_MEASURES = 60, 60, 20, 120
Severity = Literal["critical", "major", "minor", "observation"]
SEVERITIES: tuple[Severity, ...] = ("observation", "minor", "major", "critical")
"""The least first."""
CERTAINTY, PICKED = "certainty", "picked"
"""How a stratum begins that is looked at in any case; the stratum of what was picked by hand."""


def is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None


class Stage(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    SAMPLED = "sampled"
    FIELDWORK = "fieldwork"
    DRAFT_REPORT = "draft_report"
    COMMENTED = "commented"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    DRAFT = "draft_audit"
    APPROVE = "approve_audit"
    CANCEL = "cancel_audit"
    DRAW = "draw_sample"
    PICK = "pick_item"
    HAND_OVER = "hand_over_item"
    EXAMINE = "examine_item"
    RAISE = "raise_finding"
    DROP = "drop_finding"
    REPORT = "draft_audit_report"
    COMMENT = "comment_audit"
    END_COMMENTS = "end_comments"
    PUBLISH = "publish_audit"
    CORRECT = "correct_audit"
    PLAN = "plan_correction"
    COMPLETE = "complete_correction"
    VERIFY = "verify_correction"
    WAIVE = "waive_finding"
    REASSIGN = "reassign_finding"
    FINISH_MEASURE = improvement.FINISH
    STATE = hearings.STATE
    DECIDE = hearings.DECIDE
    OBJECT = hearings.OBJECT
    CLOSE = "close_audit"


_AUDIT = frozenset({Role.AUDIT})
_MANAGEMENT = frozenset({Role.MANAGEMENT})
_SYSTEM = frozenset({Role.SYSTEM})
_BEFORE_THE_SAMPLE = (Stage.DRAFT, Stage.APPROVED)
"""Whoever has seen a sample does not draw another in its place: from then on management cancels, nobody else."""
_WITH_FINDINGS = (Stage.FIELDWORK, Stage.DRAFT_REPORT, Stage.COMMENTED, Stage.PUBLISHED)


STAGE_NAMES = AUDIT_STAGES


def _facts(stage: Stage, responsible: Role, *, is_open: bool = False) -> StageFacts:
    return StageFacts(responsible, is_open, AUDIT_STAGES[stage])


LIFECYCLE: Lifecycle[Stage, Action] = Lifecycle(
    "audit",
    {
        Stage.DRAFT: _facts(Stage.DRAFT, Role.MANAGEMENT),
        Stage.APPROVED: _facts(Stage.APPROVED, Role.AUDIT),
        Stage.SAMPLED: _facts(Stage.SAMPLED, Role.AUDIT),
        Stage.FIELDWORK: _facts(Stage.FIELDWORK, Role.AUDIT),
        Stage.DRAFT_REPORT: _facts(Stage.DRAFT_REPORT, Role.AUDIT, is_open=True),
        Stage.COMMENTED: _facts(Stage.COMMENTED, Role.AUDIT),
        Stage.PUBLISHED: _facts(Stage.PUBLISHED, Role.AUDIT),
        Stage.CLOSED: _facts(Stage.CLOSED, Role.AUDIT),
        Stage.CANCELLED: _facts(Stage.CANCELLED, Role.AUDIT),
    },
    (
        Step(None, Action.DRAFT, Stage.DRAFT, _AUDIT),
        Step(Stage.DRAFT, Action.APPROVE, Stage.APPROVED, _MANAGEMENT, (Stage.CANCELLED,)),
        *(Step(stage, Action.CANCEL, Stage.CANCELLED, _AUDIT | _MANAGEMENT) for stage in _BEFORE_THE_SAMPLE),
        Step(Stage.SAMPLED, Action.CANCEL, Stage.CANCELLED, _MANAGEMENT),
        Step(Stage.APPROVED, Action.DRAW, Stage.SAMPLED, _AUDIT),
        *stays(Action.PICK, (Stage.SAMPLED, Stage.FIELDWORK), _AUDIT),
        *stays(Action.HAND_OVER, (Stage.SAMPLED, Stage.FIELDWORK), _AUDIT | _MANAGEMENT),
        Step(Stage.SAMPLED, Action.EXAMINE, Stage.FIELDWORK, STAFF),
        *stays(Action.EXAMINE, (Stage.FIELDWORK,), STAFF),
        *stays(Action.RAISE, (Stage.FIELDWORK, Stage.DRAFT_REPORT, Stage.COMMENTED), _AUDIT),
        *stays(Action.DROP, (Stage.FIELDWORK, Stage.DRAFT_REPORT, Stage.COMMENTED), _AUDIT),
        Step(Stage.FIELDWORK, Action.REPORT, Stage.DRAFT_REPORT, _AUDIT),
        *stays(Action.COMMENT, (Stage.DRAFT_REPORT,), STAFF),
        Step(Stage.DRAFT_REPORT, Action.END_COMMENTS, Stage.COMMENTED, _SYSTEM),
        Step(Stage.COMMENTED, Action.PUBLISH, Stage.PUBLISHED, _AUDIT),
        *stays(Action.CORRECT, (Stage.PUBLISHED, Stage.CLOSED), _AUDIT),
        *stays(Action.PLAN, _WITH_FINDINGS, STAFF),
        *stays(Action.COMPLETE, _WITH_FINDINGS, STAFF),
        *stays(Action.VERIFY, _WITH_FINDINGS, STAFF),
        *stays(Action.WAIVE, _WITH_FINDINGS, _MANAGEMENT),
        *stays(Action.REASSIGN, _WITH_FINDINGS, _AUDIT | _MANAGEMENT | {Role.SUPERVISOR}),
        *stays(Action.FINISH_MEASURE, _WITH_FINDINGS, STAFF),
        *stays(Action.STATE, (*_WITH_FINDINGS, Stage.CLOSED), STAFF),
        *stays(Action.DECIDE, (*_WITH_FINDINGS, Stage.CLOSED), _MANAGEMENT),
        *stays(Action.OBJECT, (*_WITH_FINDINGS, Stage.CLOSED), STAFF),
        Step(Stage.PUBLISHED, Action.CLOSE, Stage.CLOSED, _AUDIT),
    ),
)


# ---- what is handed in -----------------------------------------------------------------------------------------------

Reasons = Annotated[str, Text(2000, lines=True)]
Paragraphs = Annotated[str, Text(5000, lines=True)]
Username = Annotated[str, Text(128)]
Clause = Annotated[str, Field(pattern=r"^[1-8]\.[1-5][a-c]?$")]
"""A clause of the policy: "4.2c"; which there are, `clauses.CLAUSES` says."""


class Scope(Body):
    """What is audited: the departments whose work it is, and of which categories; none: of all."""

    departments: tuple[Department, ...] = Field(min_length=1, max_length=4)
    categories: tuple[Category, ...] = Field((), max_length=5)


class DraftAudit(Submission):
    """An audit as it is planned. `period`: the quarter, "2026Q4", whose closures it looks at; `tolerable`: the share of
    deviations in per cent that would still be borne; `confidence` in per cent; `deviations`: as many are expected, for
    which the sample is large enough."""

    actions = (Action.DRAFT,)

    period: Annotated[str, Field(pattern=r"^20[0-9]{2}Q[1-4]$")]
    scope: Scope
    tolerable: Annotated[int, Strict(), Field(ge=1, le=50), WHOLE] = 10
    confidence: Annotated[int, Strict(), Field(ge=80, le=99), WHOLE] = 95
    deviations: Annotated[int, Strict(), Field(ge=0, le=5), WHOLE] = 0


class ApproveAudit(Submission):
    """Management's word on the plan; what is not approved is cancelled, and drafted anew."""

    actions = (Action.APPROVE,)

    approved: Truth
    reasons: Reasons | None = None

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if not self.approved and not self.reasons:
            raise Incomplete("reasons", "reasons_needed")
        return self


class CancelAudit(Submission):
    actions = (Action.CANCEL,)

    reason: Reasons


class DrawSample(Submission):
    """The population is frozen, and the sample is drawn of it."""

    actions = (Action.DRAW,)


class PickItem(Submission):
    """A complaint that somebody wants looked at besides; it counts in no rate."""

    actions = (Action.PICK,)

    complaint_id: Annotated[str, Text(32)]
    reason: Reasons


class HandOver(Submission):
    """Another examines an item. `to`: by default the next auditor who may; where none is left management names one."""

    actions = (Action.HAND_OVER,)

    reason: Reasons
    to: Username | None = None


Question = Literal["findings_follow", "remedy_lawful", "tone", "classification"]
"""Judgement: the findings follow from the evidence (4.2b); the remedy is lawful and proportionate (3.3, 5.4); the tone
(4.4); verdict, cause and category (3.4)."""
Judgement = Literal["yes", "no", "not_assessable"]


class Answer(Body):
    """`note`: needed where it is not yes."""

    judgement: Judgement
    note: Reasons | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.judgement != "yes" and not self.note:
            raise Incomplete("note", "note_needed")
        return self


class ExamineItem(Submission):
    """What an auditor finds of one complaint; again: in the place of what was found before."""

    actions = (Action.EXAMINE,)

    answers: dict[Question, Answer] = Field(min_length=4, max_length=4)


class RaiseFinding(Submission):
    """What is not as the policy has it. `items`: the complaints that show it; `owner`: who is to correct it, of the
    `department`; `answers_for`: who of staff has to answer for it (8.3), if that is one person's."""

    actions = (Action.RAISE,)

    severity: Severity
    clause: Clause
    what: Paragraphs
    items: tuple[Annotated[str, Text(32)], ...] = Field((), max_length=50)
    department: Department
    owner: Username
    answers_for: Username | None = None


class DropFinding(Submission):
    """It turned out to be none."""

    actions = (Action.DROP,)

    reason: Reasons


class ReportAudit(Submission):
    """The draft report: what is concluded of all that was examined. The result in figures is the house's."""

    actions = (Action.REPORT,)

    conclusion: Paragraphs


class CommentAudit(Submission):
    actions = (Action.COMMENT,)

    text: Paragraphs


class PublishAudit(Submission):
    """Every member of staff may read it, and is told. `conclusion`: in the place of the draft's."""

    actions = (Action.PUBLISH,)

    conclusion: Paragraphs | None = None


class CorrectAudit(Submission):
    """Another edition of what was published, and why there is one."""

    actions = (Action.CORRECT,)

    reason: Reasons
    conclusion: Paragraphs


class PlanCorrection(Submission):
    """What a finding's owner does about it: at once, the cause, and so that it does not happen again."""

    actions = (Action.PLAN,)

    correction: Paragraphs
    cause: Paragraphs
    measures: tuple[Planned, ...] = Field(min_length=1, max_length=5)


class CompleteCorrection(Submission):
    """It has been done, and what shows it."""

    actions = (Action.COMPLETE,)

    evidence: Paragraphs


class VerifyCorrection(Submission):
    """Whether it has helped: another person than owner and author, not before 30 days."""

    actions = (Action.VERIFY,)

    effective: Truth
    evidence: Paragraphs


class WaiveFinding(Submission):
    """Management bears it until a day; then it is open again."""

    actions = (Action.WAIVE,)

    reason: Reasons
    until: Day


class ReassignFinding(Submission):
    actions = (Action.REASSIGN,)

    owner: Username
    reason: Reasons


class CloseAudit(Submission):
    actions = (Action.CLOSE,)


# ---- what happened ---------------------------------------------------------------------------------------------------


class FrozenScope(Written):
    departments: tuple[Department, ...]
    categories: tuple[Category, ...] = ()


class AuditDrafted(Hidden):
    """`first`, `last`: days in China; `nonce_hash`: the SHA-256 of the nonce, in hexadecimal as the nonce is."""

    period: str
    first: date
    last: date
    scope: FrozenScope
    tolerable: int
    confidence: int
    deviations: int
    nonce_hash: str


class AuditApproved(Hidden):
    reasons: Typed | None = None


class AuditRefused(Hidden):
    reasons: Typed


class AuditCancelled(Hidden):
    reason: Typed


class Drawn(Written):
    """An item of a sample. `stratum`: "certainty …" or "<handler> <outcome>"; `auditor`: who examines it, None where
    management has to name somebody."""

    complaint_id: str
    stratum: str
    auditor: str | None = None


class SampleDrawn(Hidden):
    """`size`: of what was drawn by chance; `certain`: of those that are looked at in any case; `hash`: of the document
    of the sample; `population_hash`: of the sorted ids, one a line."""

    population: int
    population_hash: str
    nonce: str
    seed: str
    size: int
    certain: int
    hash: str
    items: tuple[Drawn, ...]


class ItemPicked(Hidden):
    item: Drawn
    reason: Typed


class ItemHandedOver(Hidden):
    """`of`: who had it; `to`: who has it now, None where management is to name somebody."""

    complaint_id: str
    of: str | None = None
    to: str | None = None
    reason: Typed


class JudgedAnswer(Written):
    judgement: Judgement
    note: Typed | None = None


class ItemExamined(Hidden):
    """`broken`, `undecided`: the machine's rules, run again; `erased`: the complaint's words are gone."""

    complaint_id: str
    answers: dict[Question, JudgedAnswer]
    broken: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    erased: bool = False


class FindingRaised(Hidden):
    """`severity`: as it counts; `repeats`: an earlier finding on the clause within 12 months, "audit_2026Q3-1 2", for
    which it went a class up. `clock`: until it is to be corrected; an observation has none."""

    number: int
    severity: Severity
    clause: str
    what: Typed
    items: tuple[str, ...] = ()
    department: Department
    owner: str
    repeats: str | None = None
    clock: ClockSetting | None = None


class FindingDropped(Hidden):
    number: int
    reason: Typed
    stops: tuple[int, ...] = ()


class AuditReported(Hidden):
    """`deviating`: of the `size` drawn by chance, those with a rule broken or a judgement of no; `limit`: the upper
    limit in per cent, one decimal; `supported`: it is not above the tolerable share; `departments`: those audited."""

    departments: tuple[Department, ...] = ()
    conclusion: Typed
    size: int
    deviating: int
    limit: Decimal
    supported: bool
    hash: str


class AuditCommented(Hidden):
    text: Typed


class CommentsEnded(AlarmRaised):
    """The days for comments are over."""


class AuditPublished(Hidden):
    """`edition`: 1; `hash`: of the document; `stops` is with the stage."""

    edition: int
    conclusion: Typed
    hash: str


class AuditCorrected(Hidden):
    edition: int
    reason: Typed
    conclusion: Typed
    hash: str


class CorrectionPlanned(Hidden):
    number: int
    correction: Typed
    cause: Typed


class CorrectionCompleted(Hidden):
    """`stops`: the clock of the finding; `clock`: when its effect can be verified, and is due to be."""

    number: int
    evidence: Typed
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class CorrectionVerified(Hidden):
    """Not `effective`: it is open again, with a new `clock` of the same severity."""

    number: int
    effective: bool
    evidence: Typed
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class FindingWaived(Hidden):
    """`clock`: when the waiver expires."""

    number: int
    reason: Typed
    until: date
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class WaiverExpired(AlarmRaised):
    """It is open again: `clock`, of the same severity."""

    number: int
    stops: tuple[int, ...] = ()
    clock: ClockSetting | None = None


class FindingReassigned(Hidden):
    number: int
    owner: str
    reason: Typed | None = None


class FindingOwnerUnreachable(Hidden):
    """What its owner was to be told of entry `about` reached them by no channel."""

    number: int
    about: int


class AuditClosed(Hidden):
    pass


# ---- the same, with what the house knows of it -----------------------------------------------------------------------
# A verb of casework finds the facts, and hands this in in the place of what it was given.


class FrozenSample(DrawSample):
    """A sample as the house draws it (`DrawSample`).

    `nonce`: as it was kept, 64 hexadecimal digits; `seed`: SHA-256 of population_hash ‖ name ‖ nonce; `items` in the
    order in which they were drawn, each with its stratum and nobody to examine it yet. `auditors`: who may examine
    any, by name: of role audit, and of no audited department (`auditors.belongs`). `acted`: who did anything in a
    complaint, by its id; nobody where it is left out.
    """

    population: int
    population_hash: str
    nonce: str
    seed: str
    size: int
    certain: int
    hash: str
    items: tuple[Drawn, ...]
    auditors: tuple[str, ...]
    acted: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class FoundPick(PickItem):
    """A pick of a complaint that there is (`PickItem`); `auditors` and `acted` as above, the latter of this one."""

    auditors: tuple[str, ...]
    acted: tuple[str, ...] = ()


class FoundHandOver(HandOver):
    """`auditors`, `acted` as above. `groups`: of whom it is handed to, as the roster has them; none: not of staff."""

    auditors: tuple[str, ...]
    acted: tuple[str, ...] = ()
    groups: tuple[Role, ...] = ()


class Examination(ExamineItem):
    """What an auditor finds, and what the machine's rules find again (`broken`, `undecided`: their ids); `acted`: who
    did anything in the complaint; `erased`: its words are gone."""

    acted: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    erased: bool = False


class Earlier(Model):
    """A finding on the same clause that was not dropped: of the audit of that name, its number, when it was raised."""

    audit: str
    number: int
    raised_at: Instant


class FoundFinding(RaiseFinding):
    """`earlier`: findings on the clause of the last 12 months or more; those of the same audit are no repetition, and
    are left out of account. `owner_groups`, `answering_groups`: of `owner` and `answers_for`, as the roster has them;
    none: not of staff. `hints`: what speaks for who answers for it."""

    earlier: tuple[Earlier, ...] = ()
    owner_groups: tuple[Role, ...] = ()
    answering_groups: tuple[Role, ...] = ()
    hints: tuple[hearings.Hint, ...] = ()


class CountedReport(ReportAudit):
    """`limit`: the upper limit in per cent with one decimal, for what `standing.counted` gives; `hash`: of the document
    of the draft."""

    limit: Decimal
    hash: str


class HashedPublication(PublishAudit):
    """`hash`: of the document as it is published."""

    hash: str


class HashedCorrection(CorrectAudit):
    hash: str


class FoundOwner(ReassignFinding):
    """`groups`: of the new owner, as the roster has them; none: not of staff."""

    groups: tuple[Role, ...] = ()


# ---- as it stands ----------------------------------------------------------------------------------------------------


class Item(Model):
    """An item of the sample as it stands. `picked`: by hand, so it counts in no rate."""

    complaint_id: str
    stratum: str
    auditor: str | None = None
    picked: bool = False
    examined_at: Instant | None = None
    examined_by: str | None = None
    answers: dict[Question, JudgedAnswer] = Field(default_factory=dict)
    broken: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    erased: bool = False

    @property
    def by_chance(self) -> bool:
        """Whether it says something of the population: neither picked nor looked at in any case."""
        return not self.picked and not self.stratum.startswith(CERTAINTY)

    @property
    def deviates(self) -> bool:
        return bool(self.broken) or any(one.judgement == "no" for one in self.answers.values())


FindingState = Literal["open", "planned", "done", "closed", "waived", "dropped"]


class Finding(Model):
    """A finding as it stands. `by`: its author."""

    number: int
    severity: Severity
    clause: str
    what: Typed
    items: tuple[str, ...]
    department: Department
    owner: str
    by: str
    raised_at: Instant
    repeats: str | None = None
    state: FindingState = "open"
    due_at: Instant | None = None
    provisional: bool = False
    correction: Typed | None = None
    cause: Typed | None = None
    planned_at: Instant | None = None
    evidence: Typed | None = None
    done_at: Instant | None = None
    done_by: str | None = None
    verified_at: Instant | None = None
    verified_by: str | None = None
    effective: bool | None = None
    verification: Typed | None = None
    waived_until: date | None = None
    waiver: Typed | None = None
    missed: int = 0
    reopened: int = 0
    untold: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state not in ("closed", "dropped")


class Comment(Model):
    at: Instant
    by: str
    text: Typed


class Result(Model):
    """What the sample says: "2 of 46, upper limit 13.2 %, tolerable 10 %: not supported"."""

    size: int
    deviating: int
    limit: Decimal
    supported: bool


class Sample(Model):
    population: int
    population_hash: str
    nonce: str
    seed: str
    size: int
    certain: int
    hash: str
    drawn_at: Instant


class Edition(Model):
    number: int
    at: Instant
    by: str
    hash: str
    reason: Typed | None = None


class Audit(State):
    """An audit as it stands. `duties`: what is owed by then: comments, findings, hearings; `draft_hash`: of the
    document of the draft report."""

    audit_id: str
    period: str
    first: date
    last: date
    scope: FrozenScope
    tolerable: int
    confidence: int
    deviations: int
    nonce_hash: str
    author: str
    drafted_at: Instant
    approved_at: Instant | None = None
    approved_by: str | None = None
    sample: Sample | None = None
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()
    measures: tuple[Improvement, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    conclusion: Typed | None = None
    reported_at: Instant | None = None
    reported_by: str | None = None
    result: Result | None = None
    draft_hash: str | None = None
    comments: tuple[Comment, ...] = ()
    editions: tuple[Edition, ...] = ()
    closed_at: Instant | None = None
    cancelled_at: Instant | None = None
    cancelled_because: Typed | None = None
    duties: tuple[Duty, ...] = ()

    @property
    def published_at(self) -> Instant | None:
        return self.editions[0].at if self.editions else None

    def item(self, complaint_id: str) -> Item | None:
        return next((one for one in self.items if one.complaint_id == complaint_id), None)

    def finding(self, number: str | int | None) -> Finding | None:
        return next((one for one in self.findings if str(one.number) == str(number)), None)
