"""A report as a record (6.1): computed, commented by a supervisor, who decides measures with it, issued, told.

Its name says what it is: "report_monthly-2026-10-1" is the first edition of October's. What it says is a document that
never changes, which the entry that makes the report names by its hash. A late event makes another edition.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.lifecycle import Lifecycle, StageFacts, Step
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import HOUSE, STAFF, Actor, Role
from chalicelib.domain.ground.record import GENESIS, Alarm, Event, Hidden, NewStage, State, Submission
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import improvement
from chalicelib.domain.supervision.figures import Period, ReportKind
from chalicelib.domain.supervision.improvement import Finished, Improvement, Intended
from chalicelib.domain.vocabulary.spoken import REPORT_STAGES

PREFIX = "report"
NAME = re.compile(
    r"report_(?:daily|weekly|monthly|half_yearly)-[0-9]{4}(?:-[0-9WH]{2,3})?(?:-[0-9]{2})?-[1-9][0-9]{0,3}"
)
MOST_COMMENTS = 50


class Stage(StrEnum):
    COMPUTED = "computed"
    COMMENTED = "commented"
    ISSUED = "issued"


class Action(StrEnum):
    COMPUTE = "compute"
    COMMENT = "comment"
    FINISH_MEASURE = improvement.FINISH
    ISSUE = "issue"


READERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_ISSUERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT})
LIFECYCLE: Lifecycle[Stage, Action] = Lifecycle(
    "report",
    {
        Stage.COMPUTED: StageFacts(Role.SUPERVISOR, False, REPORT_STAGES[Stage.COMPUTED]),
        Stage.COMMENTED: StageFacts(Role.SUPERVISOR, False, REPORT_STAGES[Stage.COMMENTED]),
        Stage.ISSUED: StageFacts(Role.MANAGEMENT, False, REPORT_STAGES[Stage.ISSUED]),
    },
    (
        Step(None, Action.COMPUTE, Stage.COMPUTED, frozenset({Role.SYSTEM})),
        Step(Stage.COMPUTED, Action.COMMENT, Stage.COMMENTED, _SUPERVISOR),
        Step(Stage.COMMENTED, Action.COMMENT, Stage.COMMENTED, _SUPERVISOR),
        Step(Stage.COMMENTED, Action.ISSUE, Stage.ISSUED, _ISSUERS),
        Step(Stage.COMMENTED, Action.FINISH_MEASURE, Stage.COMMENTED, STAFF),
        Step(Stage.ISSUED, Action.FINISH_MEASURE, Stage.ISSUED, STAFF),
    ),
)


class Comment(Submission):
    """What a supervisor has to say of a report: causes, and the measures that follow."""

    actions = (Action.COMMENT,)

    text: Annotated[str, Text(5000, lines=True)]
    measures: tuple[Intended, ...] = Field((), max_length=10)


class Issue(Submission):
    """Management and supervisors are told."""

    actions = (Action.ISSUE,)


class ReportComputed(Hidden):
    """`hash`: of the document; `as_of`: the last day that was read; `reason`: of an edition after the first;
    `closures`: how many the table has; `tell_from`: nobody is told of it by night."""

    period: Period
    edition: int
    hash: str
    as_of: date
    closures: int
    reason: str | None = None
    tell_from: Instant | None = None


class ReportCommented(Hidden):
    text: Typed


class ReportIssued(Hidden):
    kind: ReportKind


class Commented(Model):
    at: Instant
    by: str
    text: Typed


class Report(State):
    """A report as it stands; what it says is in its document."""

    report_id: str
    period: Period
    edition: int
    hash: str
    as_of: date
    closures: int
    reason: str | None = None
    computed_at: Instant
    issued_at: Instant | None = None
    issued_by: str | None = None
    comments: tuple[Commented, ...] = ()
    measures: tuple[Improvement, ...] = ()

    @property
    def folder(self) -> tuple[str, str]:
        """Where its parts are kept: its name, and the hash of its document."""
        return self.report_id, self.hash


def name_of(period: Period, edition: int) -> str:
    return f"{PREFIX}_{period.kind}-{period.name}-{edition}"


def is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None


# ---- what happens to it ----------------------------------------------------------------------------------------------


def computed(event: ReportComputed, now: datetime) -> Entry:
    """The first entry of a report."""
    LIFECYCLE.step(None, Action.COMPUTE, HOUSE)
    name, begins = name_of(event.period, event.edition), NewStage(stage=Stage.COMPUTED)
    return chain.link(name, 1, GENESIS, event, HOUSE, now, begins)


def decide(
    report: Report, handed_in: Submission, actor: Actor, now: datetime, policy: Policy, part: str | None
) -> list[Entry]:
    """What follows from something that is handed in. What is due by now is raised first."""
    if due := due_alarms(report, now, policy):
        return due
    stage, action = Stage(report.stage), Action(handed_in.action)
    if action not in LIFECYCLE.allowed(stage):
        raise NotAllowed("report_stage_forbids", LIFECYCLE.allowed(stage), report_stage=stage)
    step = LIFECYCLE.step(stage, action, actor)
    into = NewStage(stage=step.target) if step.target != report.stage else None
    match handed_in:
        case Comment():
            if len(report.comments) >= MOST_COMMENTS:
                raise NotAllowed("too_many_comments", LIFECYCLE.allowed(stage), most=MOST_COMMENTS)
            events: list[Event] = [ReportCommented(text=handed_in.text)]
            events += improvement.decided(handed_in.measures, report.measures, now, policy)
        case Finished():
            events = [improvement.finished(report.measures, part, handed_in, actor)]
        case _:
            events = [ReportIssued(kind=report.period.kind)]
    return chain.linked(report.report_id, report, events, actor, now, into)


def due_alarms(report: Report, now: datetime, policy: Policy) -> list[Entry]:
    """The alarms of its measures whose moment has come."""
    return duties.ring(report, now, policy, next_alarm, _raised, evolve, report.report_id)


def _raised(alarm: Alarm, report: Report) -> tuple[Event, None]:
    return improvement.raised(alarm, report.measures), None


def next_alarm(report: Report, policy: Policy, clock: int | None) -> Alarm | None:
    return improvement.next_alarm(report.measures, report.stage, policy, clock)


def unreached(report: Report, number: int, about: int, now: datetime) -> list[Entry]:
    """The owner of a measure could not be told of an entry; once."""
    return chain.linked(report.report_id, report, improvement.untold(report.measures, number, about), HOUSE, now)


def evolve(report: Report | None, entry: Entry) -> Report:
    event = entry.event
    if isinstance(event, ReportComputed):
        made = event.model_dump(exclude={"tell_from"}) | {"stage": Stage.COMPUTED, "computed_at": entry.at}
        report = Report(report_id=entry.record, **made)
    assert report  # noqa: S101 — nothing comes before it was computed
    changes: dict[str, object] = {
        **chain.followed(report, entry),
        "measures": improvement.evolve(report.measures, entry, event),
    }
    if isinstance(event, ReportCommented):
        said = Commented(at=entry.at, by=entry.actor.id, text=event.text)
        changes["comments"] = (*report.comments, said)
    if isinstance(event, ReportIssued):
        changes |= {"issued_at": entry.at, "issued_by": entry.actor.id}
    return report.model_copy(update=changes)


def still_followed(one: Improvement, before: Period, policy: Policy) -> bool:
    """Whether a report shows a measure that was decided with an earlier one: until a whole period has passed since it
    was done. `before`: the period before the report's."""
    return one.done_at is None or one.done_at.astimezone(policy.zone).date() >= before.first
