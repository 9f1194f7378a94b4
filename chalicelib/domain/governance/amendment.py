"""An amendment of the policy as a record (7, 8.1): drafted, submitted, approved by others, announced, in force.

It is of one of the two documents: of the rules, or of the operating data, which go a shorter way. What it changes is a
merge patch (RFC 7396) on a number of that document, its base; the whole that this makes is never stored before it is
announced, since base and patch give it again. `hash` is of exactly that whole (`changes.py`): who approves approves it.
Numbers: "amendment_2" is the second that anybody began, policy version 3 what it may become.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, Strict, model_validator

from chalicelib.domain.complaint.submissions import WHOLE, Truth
from chalicelib.domain.ground.days import Day, Moment
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.lifecycle import Lifecycle, StageFacts, Step, stays
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import STAFF, Actor, Role
from chalicelib.domain.ground.record import AlarmRaised, ClockSetting, Hidden, State, Submission
from chalicelib.domain.ground.text import Incomplete, Text, Typed
from chalicelib.domain.vocabulary.spoken import AMENDMENT_STAGES

PREFIX = "amendment"
NAME = re.compile(r"amendment_[1-9][0-9]{0,8}")
MOST_STALLS = 36
"""So often a replay that stands still is taken up again."""
Document = Literal["rules", "operating"]
Impact = Literal["normal", "major"]
Changes = dict[str, Any]


def is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None


class Stage(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """`approve` is of rules, and management's; `confirm` of operating data, and any other person's who may draft."""

    DRAFT = "draft_amendment"
    CHANGE = "change_amendment"
    REPLAY = "replay_amendment"
    FINISH_REPLAY = "finish_replay"
    SUBMIT = "submit_amendment"
    APPROVE = "approve_amendment"
    CONFIRM = "confirm_amendment"
    ANNOUNCE = "announce_amendment"
    GIVE_OPINION = "give_opinion"
    ANSWER_OPINION = "answer_opinion"
    WITHDRAW = "withdraw_amendment"
    TAKE_EFFECT = "take_effect"
    SUPERSEDE = "supersede"


def _facts(stage: Stage, responsible: Role, *, is_open: bool = False) -> StageFacts:
    return StageFacts(responsible, is_open, AMENDMENT_STAGES[stage])


DRAFTERS = frozenset({Role.CUSTOMER_SERVICE, Role.LEGAL, Role.SUPERVISOR, Role.MANAGEMENT})
_MANAGEMENT = frozenset({Role.MANAGEMENT})
_SYSTEM = frozenset({Role.SYSTEM})
_OPEN = (Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED, Stage.APPROVED)
LIFECYCLE: Lifecycle[Stage, Action] = Lifecycle(
    "amendment",
    {
        Stage.DRAFT: _facts(Stage.DRAFT, Role.LEGAL),
        Stage.SUBMITTED: _facts(Stage.SUBMITTED, Role.MANAGEMENT, is_open=True),
        Stage.RETURNED: _facts(Stage.RETURNED, Role.LEGAL),
        Stage.APPROVED: _facts(Stage.APPROVED, Role.LEGAL),
        Stage.ANNOUNCED: _facts(Stage.ANNOUNCED, Role.LEGAL, is_open=True),
        Stage.IN_FORCE: _facts(Stage.IN_FORCE, Role.LEGAL),
        Stage.SUPERSEDED: _facts(Stage.SUPERSEDED, Role.LEGAL),
        Stage.WITHDRAWN: _facts(Stage.WITHDRAWN, Role.LEGAL),
    },
    (
        Step(None, Action.DRAFT, Stage.DRAFT, DRAFTERS),
        *(Step(stage, Action.CHANGE, Stage.DRAFT, DRAFTERS) for stage in _OPEN),
        *stays(Action.REPLAY, (Stage.DRAFT, Stage.RETURNED), DRAFTERS),
        *stays(Action.FINISH_REPLAY, (Stage.DRAFT, Stage.RETURNED), _SYSTEM),
        *(Step(stage, Action.SUBMIT, Stage.SUBMITTED, DRAFTERS) for stage in (Stage.DRAFT, Stage.RETURNED)),
        Step(Stage.SUBMITTED, Action.APPROVE, Stage.APPROVED, _MANAGEMENT, (Stage.RETURNED,)),
        Step(Stage.SUBMITTED, Action.CONFIRM, Stage.APPROVED, DRAFTERS, (Stage.RETURNED,)),
        Step(Stage.APPROVED, Action.ANNOUNCE, Stage.ANNOUNCED, DRAFTERS),
        *stays(Action.GIVE_OPINION, (Stage.ANNOUNCED,), STAFF | {Role.STOREFRONT, Role.CONSUMER}),
        *stays(Action.ANSWER_OPINION, (Stage.ANNOUNCED, Stage.IN_FORCE, Stage.SUPERSEDED), DRAFTERS),
        *(Step(stage, Action.WITHDRAW, Stage.WITHDRAWN, DRAFTERS) for stage in (*_OPEN, Stage.ANNOUNCED)),
        Step(Stage.ANNOUNCED, Action.TAKE_EFFECT, Stage.IN_FORCE, _SYSTEM),
        Step(Stage.IN_FORCE, Action.SUPERSEDE, Stage.SUPERSEDED, _SYSTEM),
    ),
)


# ---- what is handed in -----------------------------------------------------------------------------------------------

VersionNumber = Annotated[int, Strict(), Field(ge=1, le=9_999), WHOLE]
Reasons = Annotated[str, Text(5000, lines=True)]
Said = Annotated[str, Text(2000, lines=True)]
Summary = Annotated[str, Text(200)]


class Draft(Submission):
    """An amendment as somebody begins it. `base`: the number that the changes are of; by default, the latest announced.

    `changes`: fields of the rules, or of the operating data; never of both. `impact`: major, where it touches what
    consumers rely on; `staff_impact`: it changes what staff have to do or answer for.
    """

    actions = (Action.DRAFT,)

    summary: Summary
    reasons: Reasons
    impact: Impact = "normal"
    staff_impact: Truth = False
    changes: Changes
    base: VersionNumber | None = None


class Change(Submission):
    """What is different from then on; what is left out stays. `changes` take the place of those of before."""

    actions = (Action.CHANGE,)

    summary: Summary | None = None
    reasons: Reasons | None = None
    impact: Impact | None = None
    staff_impact: Truth | None = None
    changes: Changes | None = None
    base: VersionNumber | None = None


class Proposal(Submission):
    """A change in full, as the house makes it of what is handed in: which document, on which base, and what both make.

    `beside`: the number of the other document, whose digest is in the hash too; `staff_impact_by_house`: it touches
    staff by what is different, and its author did not say so.
    """

    actions = (Action.CHANGE,)

    summary: Summary
    reasons: Reasons
    impact: Impact
    staff_impact: bool
    staff_impact_by_house: Literal[True] | None = None
    document: Document
    base: int
    beside: int
    changes: Changes
    hash: str


class Replaying(Submission):
    """The draft is tried on the complaints received from the one day to the other, both of China and included."""

    actions = (Action.REPLAY,)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")


class Consultation(Body):
    """How staff were consulted on what touches them (Labour Contract Law, 4)."""

    held_on: Day
    participants: Annotated[str, Text(500, lines=True)]
    outcome: Said


class Submitting(Submission):
    actions = (Action.SUBMIT,)

    consultation: Consultation | None = None


class Approval(Submission):
    """Whether it may be announced. `hash`: of what was read, where it is to be sure that nothing else is approved."""

    actions = (Action.APPROVE,)

    approved: Truth
    reasons: Said | None = None
    hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="after")
    def _who_returns_it_says_why(self) -> Self:
        if not self.approved and self.reasons is None:
            raise Incomplete("reasons", "reasons_needed")
        return self

    def meant(self, state: "Amendment") -> "Approval":
        """Of operating data it is a confirmation, and of rules none."""
        kind = Approval if state.document == "rules" else Confirmation
        return self if type(self) is kind else kind(**self.model_dump())


class Confirmation(Approval):
    """The same of operating data, by a second person."""

    actions = (Action.CONFIRM,)


class Announcing(Submission):
    """When it comes into force; by default as soon as it may."""

    actions = (Action.ANNOUNCE,)

    effective_from: Moment | None = None


class Numbered(Submission):
    """An announcement, as the house makes it: under which number, from which second on."""

    actions = (Action.ANNOUNCE,)

    number: int
    effective_from: Instant


class Opinion(Submission):
    actions = (Action.GIVE_OPINION,)

    text: Said


class OpinionAnswer(Submission):
    actions = (Action.ANSWER_OPINION,)

    text: Said


class Withdrawal(Submission):
    actions = (Action.WITHDRAW,)

    reason: Said | None = None


# ---- what happens ----------------------------------------------------------------------------------------------------


class Proposed(Hidden):
    """What an amendment says, from then on; all of it."""

    document: Document
    base: int
    beside: int
    summary: Typed
    reasons: Typed
    impact: Impact
    staff_impact: bool
    staff_impact_by_house: Literal[True] | None = None
    changes: Changes
    hash: str


class AmendmentDrafted(Proposed):
    """It is begun."""


class AmendmentChanged(Proposed):
    """It is a draft again, whatever it was. `stops`: the clock of a replay of what it says no more."""

    stops: tuple[int, ...] = ()


class ReplaySum(Model):
    """What a replay came to, in short; the whole is in the bucket of figures."""

    complaints: int
    due_dates_moved: int
    breaches_more: int
    breaches_fewer: int


class ReplayStarted(Hidden):
    """`clock`: rings until it is finished, so that one that stands still goes on."""

    first: date
    last: date
    hash: str
    clock: ClockSetting


class ReplayStalled(AlarmRaised):
    """It is not finished, and is taken up again."""


class ReplayFinished(Hidden):
    first: date
    last: date
    hash: str
    sum: ReplaySum
    stops: tuple[int, ...] = ()


class HeldConsultation(Model):
    held_on: date
    participants: Typed
    outcome: Typed


class AmendmentSubmitted(Hidden):
    hash: str
    consultation: HeldConsultation | None = None


class AmendmentApproved(Hidden):
    hash: str
    reasons: Typed | None = None


class AmendmentReturned(Hidden):
    hash: str
    reasons: Typed


class AmendmentAnnounced(Hidden):
    """It is policy version `number` (of its document), in force from then on."""

    document: Document
    number: int
    effective_from: Instant
    hash: str


class OpinionGiven(Hidden):
    """`number` counts them from 1. Whose it is says the entry's actor."""

    number: int
    text: Typed


class OpinionAnswered(Hidden):
    """`stops`: the clock of the answers, where this is the last of them."""

    number: int
    text: Typed
    stops: tuple[int, ...] = ()


class OpinionErased(Hidden):
    """The words of an opinion are erased with those of the complaint whose consumer gave it; it wants no answer."""

    erases = True

    number: int
    stops: tuple[int, ...] = ()


class AmendmentWithdrawn(Hidden):
    """`number`: of the version that it was announced as, if it was."""

    document: Document
    number: int | None = None
    reason: Typed | None = None


class AmendmentTookEffect(AlarmRaised):
    """Its moment has come."""

    document: Document
    number: int


class AmendmentSuperseded(Hidden):
    """Version `by` is in force instead."""

    by: int


class DecisionReminded(AlarmRaised):
    """Somebody is to decide by tomorrow."""


class DecisionLate(AlarmRaised):
    """Nobody has decided in time; management and the supervisor are told, then management once more."""


class AnswersReminded(AlarmRaised):
    """Opinions are to be answered."""


class AnswersLate(AlarmRaised):
    """Opinions were not answered in time."""


class AuthorUnreachable(Hidden):
    """What the author was to be told, of entry `about`, reached them by no channel."""

    about: int


# ---- as it stands ----------------------------------------------------------------------------------------------------


class Decision(Model):
    at: Instant
    by: str
    approved: bool
    hash: str
    reasons: Typed | None = None


class OpinionHeld(Model):
    """An opinion, whose words stand in its entry, `seq`, and those of the answer in `answer_seq`."""

    number: int
    seq: int
    at: Instant
    by: Actor
    answer_seq: int | None = None
    erased_at: Instant | None = None

    @property
    def waits(self) -> bool:
        """For an answer."""
        return self.answer_seq is None and self.erased_at is None


class Replay(Model):
    """The last replay: of which changes (`hash`), over which days. `clock`: the number of its clock until it is
    finished; `stalls`: how often that rang, last at `rang_at`; one that stands still for so long is given up."""

    first: date
    last: date
    hash: str
    started_at: Instant
    clock: int | None = None
    due_at: Instant
    stalls: int = 0
    rang_at: Instant | None = None
    finished_at: Instant | None = None
    sum: ReplaySum | None = None

    @property
    def runs(self) -> bool:
        return self.finished_at is None and self.stalls < MOST_STALLS


class Running(Model):
    """The clock of the present stage: its name ("decision", "effect", "answers") and number, since when it runs, when
    it is due, which of its alarms were raised."""

    name: str
    clock: int
    since: Instant
    due_at: Instant
    raised: tuple[int, ...] = ()


class Amendment(State):
    """An amendment as it stands. `hands`: everybody who drafted, changed or submitted it, the first first."""

    amendment_id: str
    document: Document
    base: int
    beside: int
    summary: Typed
    reasons: Typed
    impact: Impact
    staff_impact: bool
    staff_impact_by_house: Literal[True] | None = None
    changes: Changes
    hash: str
    author: str
    drafted_at: Instant
    changed_at: Instant
    hands: tuple[str, ...]
    replay: Replay | None = None
    consultation: HeldConsultation | None = None
    submitted_at: Instant | None = None
    submitted_by: str | None = None
    decisions: tuple[Decision, ...] = ()
    number: int | None = None
    effective_from: Instant | None = None
    announced_at: Instant | None = None
    announced_by: str | None = None
    opinions: tuple[OpinionHeld, ...] = ()
    in_force_at: Instant | None = None
    superseded_by: int | None = None
    withdrawn_at: Instant | None = None
    running: Running | None = None
    untold: tuple[int, ...] = ()

    @property
    def unanswered(self) -> tuple[OpinionHeld, ...]:
        return tuple(one for one in self.opinions if one.waits)

    @property
    def replayed(self) -> bool:
        """Whether exactly what it says now was tried on what was."""
        return bool(self.replay and self.replay.finished_at and self.replay.hash == self.hash)

    @property
    def replay_clock(self) -> tuple[int, ...]:
        """The number of the clock of a replay that is not finished, if there is one."""
        return (self.replay.clock,) if self.replay and self.replay.clock else ()
