"""A management review as a record (6): prepared by the house, held, and closed when all that it decided is done.

"review_2026H2" looks back on the second half of 2026. What there is to look at is a document that never changes, which
the entry that prepares the review names by its hash. It is held within twenty working days: management is reminded.
Decisions are improvement measures, as those of any other record.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.days import Day
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotAllowed
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.lifecycle import Lifecycle, StageFacts, Step
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import HOUSE, STAFF, Actor, Role
from chalicelib.domain.ground.record import GENESIS, Alarm, Event, Hidden, NewStage, State, Submission
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.duties import Duty
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import improvement
from chalicelib.domain.supervision.figures import Bottleneck, Figure, Measure, Period
from chalicelib.domain.supervision.improvement import Finished, Improvement, Planned
from chalicelib.domain.vocabulary.spoken import REVIEW_STAGES

PREFIX = "review"
NAME = re.compile(r"review_20[0-9]{2}H[12]")
MINUTES = "minutes"
"""The duty to hold it, and to record what was said."""
HELD_WITHIN = 20  # working days
LOOKED_AT: tuple[Measure, ...] = (
    "M01",
    "M02",
    "M03",
    "M05",
    "M07",
    "M08",
    "M09",
    "M10",
    "M11",
    "M12",
    "M14",
    "M16",
    "M19",
    "M20",
    "M21",
)
"""The figures of the half-yearly report that it looks at; the report has them all."""


class Stage(StrEnum):
    PREPARED = "prepared"
    HELD = "held"
    CLOSED = "closed"


class Action(StrEnum):
    PREPARE = "prepare_review"
    HOLD = "hold_review"
    FINISH_MEASURE = improvement.FINISH


READERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})
LIFECYCLE: Lifecycle[Stage, Action] = Lifecycle(
    "management review",
    {
        Stage.PREPARED: StageFacts(Role.MANAGEMENT, True, REVIEW_STAGES[Stage.PREPARED]),
        Stage.HELD: StageFacts(Role.MANAGEMENT, False, REVIEW_STAGES[Stage.HELD]),
        Stage.CLOSED: StageFacts(Role.MANAGEMENT, False, REVIEW_STAGES[Stage.CLOSED]),
    },
    (
        Step(None, Action.PREPARE, Stage.PREPARED, frozenset({Role.SYSTEM})),
        Step(Stage.PREPARED, Action.HOLD, Stage.HELD, frozenset({Role.MANAGEMENT}), (Stage.CLOSED,)),
        Step(Stage.HELD, Action.FINISH_MEASURE, Stage.HELD, STAFF, (Stage.CLOSED,)),
    ),
)


def name_of(half: Period) -> str:
    return f"{PREFIX}_{half.name.replace('-', '')}"


def is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None


# ---- what there is to look at ----------------------------------------------------------------------------------------


class Performance(Model):
    """What the half-yearly report says, those of its figures that are looked at; `before`: of the half before."""

    report_id: str
    hash: str
    figures: Mapping[Measure, Figure]
    before: Mapping[Measure, Figure] = {}
    bottleneck: Bottleneck | None = None


class AuditLookedAt(Model):
    """An audit of the half-year. `findings`: by severity, how many there are; `open`: how many are not corrected yet;
    `deviating` of `size`, `limit`: its result, once there is one."""

    audit_id: str
    stage: str
    period: str
    findings: Mapping[str, int] = {}
    open: int = 0
    size: int | None = None
    deviating: int | None = None
    limit: str | None = None
    supported: bool | None = None


class ActionLookedAt(Model):
    """A measure that was decided before: with the last review, or with a report of the half-year."""

    record: str
    number: int
    what: Typed
    owner: str
    due: date
    moves: Measure | None = None
    missed: bool
    done_at: Instant | None = None
    note: Typed | None = None


class ChangeLookedAt(Model):
    """An amendment of the policy that went on in the half-year; `number`: the version that it became."""

    amendment_id: str
    document: str
    stage: str
    number: int | None = None


class TrainingLookedAt(Model):
    """How many trainings on a topic were given in the half-year, how many of them are done, how many late. No names."""

    topic: Literal["conduct", "deadlines", "accountability", "policy", "newcomer"]
    given: int
    done: int
    late: int


class Inputs(Model):
    """What there is to look at, as the house filled it in; it never changes. `performance`: None where there is no
    report of the half-year."""

    review_id: str
    half: Period
    prepared_at: Instant
    policy_version: int
    performance: Performance | None = None
    audits: tuple[AuditLookedAt, ...] = ()
    actions: tuple[ActionLookedAt, ...] = ()
    changes: tuple[ChangeLookedAt, ...] = ()
    policy_reviews: tuple[int, ...] = ()
    training: tuple[TrainingLookedAt, ...] = ()


def as_bytes(inputs: Inputs) -> bytes:
    """As it is kept; its hash is the SHA-256 of that."""
    return inputs.model_dump_json(exclude_none=True).encode()


def hash_of(inputs: Inputs) -> str:
    return hashlib.sha256(as_bytes(inputs)).hexdigest()


# ---- what is handed in, what happens ---------------------------------------------------------------------------------

Username = Annotated[str, Text(128)]


class Minutes(Submission):
    """The review was held. `held_on`: the day, of China; `participants`: members of staff; `measures`: what was
    decided, by whom, by when."""

    actions = (Action.HOLD,)

    held_on: Day
    participants: tuple[Username, ...] = Field(min_length=1, max_length=40)
    text: Annotated[str, Text(20000, lines=True)]
    measures: tuple[Planned, ...] = Field((), max_length=20)


class ReviewPrepared(Hidden):
    """`hash`: of the document of what there is to look at; `tell_from`: nobody is told of it by night."""

    half: Period
    hash: str
    tell_from: Instant | None = None


class ReviewHeld(Hidden):
    held_on: date
    participants: tuple[str, ...]
    text: Typed
    measures: int


class ManagementReview(State):
    """A review as it stands; what it looked at is in its document."""

    review_id: str
    half: Period
    hash: str
    prepared_at: Instant
    duties: tuple[Duty, ...] = ()
    due_at: Instant
    held_on: date | None = None
    recorded_at: Instant | None = None
    recorded_by: str | None = None
    participants: tuple[str, ...] = ()
    minutes: Typed | None = None
    measures: tuple[Improvement, ...] = ()
    closed_at: Instant | None = None

    @property
    def folder(self) -> tuple[str, str]:
        """Where its document is kept: its name, and the hash of it."""
        return self.review_id, self.hash


def prepared(inputs: Inputs, now: datetime, policy: Policy) -> Entry:
    """The first entry of a review: from now on there are twenty working days to hold it."""
    LIFECYCLE.step(None, Action.PREPARE, HOUSE)
    event = ReviewPrepared(half=inputs.half, hash=hash_of(inputs), tell_from=policy.waking(now, earlier=False))
    clock = duties.setting(MINUTES, now, HELD_WITHIN, policy)
    return chain.link(inputs.review_id, 1, GENESIS, event, HOUSE, now, NewStage(stage=Stage.PREPARED, clock=clock))


def decide(
    review: ManagementReview, handed_in: Submission, actor: Actor, now: datetime, policy: Policy, part: str | None
) -> list[Entry]:
    """What follows from something that is handed in. What is due by now is raised first.

    Raises NotAllowed, Forbidden, Invalid, NotFound.
    """
    if due := due_alarms(review, now, policy):
        return due
    stage, action = Stage(review.stage), Action(handed_in.action)
    if action not in LIFECYCLE.allowed(stage):
        raise NotAllowed("management_review_stage_forbids", LIFECYCLE.allowed(stage), review_stage=stage)
    step = LIFECYCLE.step(stage, action, actor)
    match handed_in:
        case Minutes():
            events = _held(review, handed_in, now, policy)
            stops = tuple(one.clock for one in review.duties)
            into = NewStage(stage=step.to(Stage.HELD if handed_in.measures else Stage.CLOSED), stops=stops)
            return chain.linked(review.review_id, review, events, actor, now, into)
        case Finished():
            event = improvement.finished(review.measures, part, handed_in, actor)
            last = all(one.done_at or one.number == event.number for one in review.measures)
            closes = NewStage(stage=step.to(Stage.CLOSED), stops=event.stops) if last else None
            return chain.linked(review.review_id, review, [event], actor, now, closes)
    raise ValueError(f"nothing follows from {action}")


def _held(review: ManagementReview, minutes: Minutes, now: datetime, policy: Policy) -> list[Event]:
    """Not before it was prepared, and not to come: else there was nothing to look at, or nothing was said yet."""
    today, first = (moment.astimezone(policy.zone).date() for moment in (now, review.prepared_at))
    if not first <= minutes.held_on <= today:
        raise Invalid([FieldFault("held_on", "day_to_come" if minutes.held_on > today else "before_prepared")])
    people = tuple(dict.fromkeys(minutes.participants))
    decided = improvement.decided(minutes.measures, review.measures, now, policy)
    held = ReviewHeld(held_on=minutes.held_on, participants=people, text=minutes.text, measures=len(decided))
    return [held, *decided]


# ---- its clocks ------------------------------------------------------------------------------------------------------


def next_alarm(review: ManagementReview, policy: Policy, clock: int | None) -> Alarm | None:
    """That of the duty to hold it, then those of its measures."""
    first = duties.next_alarm(review.duties, review.stage, policy, clock)
    second = improvement.next_alarm(review.measures, review.stage, policy, clock)
    return min((one for one in (first, second) if one), key=lambda one: one.moment, default=None)


def due_alarms(review: ManagementReview, now: datetime, policy: Policy) -> list[Entry]:
    return duties.ring(review, now, policy, next_alarm, _raised, evolve, review.review_id)


def _raised(alarm: Alarm, review: ManagementReview) -> tuple[Event, None]:
    if alarm.clock == MINUTES:
        return duties.raised(alarm, review.duties), None
    return improvement.raised(alarm, review.measures), None


def unreached(review: ManagementReview, number: int, about: int, now: datetime) -> list[Entry]:
    """The owner of a measure could not be told of an entry; once."""
    return chain.linked(review.review_id, review, improvement.untold(review.measures, number, about), HOUSE, now)


# ---- what an event changes -------------------------------------------------------------------------------------------


def evolve(review: ManagementReview | None, entry: Entry) -> ManagementReview:
    event = entry.event
    if isinstance(event, ReviewPrepared):
        review = _begun(entry, event)
    assert review  # noqa: S101 — nothing comes before it was prepared
    changes: dict[str, object] = {
        **chain.followed(review, entry),
        "measures": improvement.evolve(review.measures, entry, event),
        "duties": duties.after(review.duties, entry),
    }
    if isinstance(event, ReviewHeld):
        said = {"held_on": event.held_on, "participants": event.participants, "minutes": event.text}
        changes |= said | {"recorded_at": entry.at, "recorded_by": entry.actor.id}
    if entry.enters and entry.enters.stage == Stage.CLOSED:
        changes["closed_at"] = entry.at
    return review.model_copy(update=changes)


def _begun(entry: Entry, event: ReviewPrepared) -> ManagementReview:
    duty = duties.begun(entry, roles=(Role.MANAGEMENT,))
    return ManagementReview(
        review_id=entry.record,
        stage=Stage.PREPARED,
        half=event.half,
        hash=event.hash,
        prepared_at=entry.at,
        duties=(duty,),
        due_at=duty.due_at,
    )
