"""Improvement measures (6.1): what somebody does until a day so that a figure moves. One mechanism for every record
that decides any, as a report does.

Each has a clock of its own: its owner is reminded two days before it is due, it is late at that moment, which the
supervisor hears too, and management three working days after. It is done with a note, and followed until the figure
can be seen beside it.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import Field

from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.days import Day
from chalicelib.domain.ground.errors import FieldFault, Forbidden, Invalid, NotAllowed, NotFound
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import Alarm, AlarmRaised, ClockSetting, Event, Hidden, Submission
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.figures import Measure

REMINDED_BEFORE = timedelta(days=2)
ESCALATED_AFTER = 3  # working days
LONGEST = timedelta(days=366)
MOST = 20  # of one record
REMINDER, BREACH, ESCALATION = 1, 2, 3
FINISH = "finish_measure"


class Planned(Body):
    """An improvement measure as it is decided. `owner`: a member of staff; `due`: the last day, of China; `moves`: the
    figure that is to be different by it, if one is."""

    what: Annotated[str, Text(1000, lines=True)]
    owner: Annotated[str, Text(128)]
    due: Day
    moves: Measure | None = None


class Intended(Planned):
    """The same of a report, where it is to move a figure."""

    moves: Measure


class Finished(Submission):
    """It has been done; what it has come to."""

    actions = (FINISH,)

    note: Annotated[str, Text(1000, lines=True)]


class MeasureDecided(Hidden):
    number: int
    what: Typed
    owner: str
    due: date
    moves: Measure | None = None
    finding: int | None = None
    clock: ClockSetting


class MeasureFinished(Hidden):
    number: int
    note: Typed
    stops: tuple[int, ...]


class MeasureReminded(AlarmRaised):
    number: int
    owner: str


class MeasureMissed(AlarmRaised):
    number: int
    owner: str


class MeasureEscalated(AlarmRaised):
    number: int
    owner: str


class OwnerUnreachable(Hidden):
    """What its owner was to be told reached them by no channel: the notice was about entry `about`."""

    number: int
    about: int


class Improvement(Model):
    """An improvement measure as it stands. `finding`: the number of the one that it corrects, of an audit; `clock`: the
    number of its clock; `raised`: which alarms of it were."""

    number: int
    what: Typed
    owner: str
    due: date
    due_at: Instant
    moves: Measure | None = None
    finding: int | None = None
    decided_at: Instant
    decided_by: str
    clock: int
    raised: tuple[int, ...] = ()
    missed: bool = False
    done_at: Instant | None = None
    done_by: str | None = None
    note: Typed | None = None
    untold: tuple[int, ...] = Field((), description="Entries that its owner could not be told of.")


# ---- what is decided -------------------------------------------------------------------------------------------------


def decided(
    intended: Iterable[Planned],
    known: tuple[Improvement, ...],
    now: datetime,
    policy: Policy,
    finding: int | None = None,
    most: int = MOST,
) -> list[MeasureDecided]:
    """What is decided beside what a record has decided already, `most` in all. Raises Invalid, NotAllowed."""
    listed, today = list(intended), now.astimezone(policy.zone).date()
    faults = [
        FieldFault(f"measures.{index}.due", "day_passed" if one.due <= today else "day_too_far")
        for index, one in enumerate(listed)
        if not today < one.due <= today + LONGEST
    ]
    if faults:
        raise Invalid(faults)
    if len(known) + len(listed) > most:
        raise NotAllowed("too_many_measures", [], most=most)
    return [_decided(one, number, now, policy, finding) for number, one in enumerate(listed, start=len(known) + 1)]


def _decided(one: Planned, number: int, now: datetime, policy: Policy, finding: int | None) -> MeasureDecided:
    ends = datetime.combine(one.due + timedelta(days=1), time.min, policy.zone)
    moment = _moment(REMINDER, ends, policy)
    first = moment if moment > now else ends
    clock = ClockSetting(name=_clock(number), due_at=ends, alarm_at=first)
    return MeasureDecided(number=number, **one.model_dump(), finding=finding, clock=clock)


def finishing(known: Iterable[Improvement], part: str | None, actor: Actor) -> Improvement:
    """The measure that somebody may say is done: its owner, or a supervisor. Raises NotFound, Forbidden, NotAllowed."""
    one = next((one for one in known if str(one.number) == part), None)
    if one is None:
        raise NotFound("improvement_unknown")
    if actor.id != one.owner and Role.SUPERVISOR not in actor.roles:
        raise Forbidden("owner_only")
    if one.done_at:
        raise NotAllowed("improvement_done", [], number=one.number)
    return one


def finished(known: Iterable[Improvement], part: str | None, handed_in: Finished, actor: Actor) -> MeasureFinished:
    """It is done. Raises what `finishing` raises."""
    one = finishing(known, part, actor)
    return MeasureFinished(number=one.number, note=handed_in.note, stops=(one.clock,))


# ---- what became of them ---------------------------------------------------------------------------------------------

ALARMS = {REMINDER: MeasureReminded, BREACH: MeasureMissed, ESCALATION: MeasureEscalated}
EVENTS = (MeasureDecided, MeasureFinished, *ALARMS.values(), OwnerUnreachable)


def untold(known: Iterable[Improvement], number: int, about: int) -> list[OwnerUnreachable]:
    """The owner of a measure could not be told of an entry; once, and not once it is carried out."""
    one = next((one for one in known if one.number == number), None)
    if one is None or about in one.untold or one.done_at:
        return []
    return [OwnerUnreachable(number=number, about=about)]


def about(known: Iterable[Improvement], event: Event) -> Improvement | None:
    """The measure that something is about: it has its number; None where it is about none."""
    number = event.number if isinstance(event, EVENTS) else None
    return next((one for one in known if one.number == number), None)


def evolve(known: tuple[Improvement, ...], entry: Entry, event: Event) -> tuple[Improvement, ...]:
    """The measures after an entry."""
    if isinstance(event, MeasureDecided):
        shared = event.model_dump(exclude={"clock"})
        made = {"decided_at": entry.at, "decided_by": entry.actor.id, "due_at": event.clock.due_at, "clock": entry.seq}
        return (*known, Improvement(**shared, **made))
    if not isinstance(event, EVENTS):
        return known
    return tuple(_after(one, entry, event) if one.number == event.number else one for one in known)


def _after(one: Improvement, entry: Entry, event: Event) -> Improvement:
    if isinstance(event, MeasureFinished):
        return one.model_copy(update={"done_at": entry.at, "done_by": entry.actor.id, "note": event.note})
    if isinstance(event, OwnerUnreachable):
        return one.model_copy(update={"untold": (*one.untold, event.about)})
    if isinstance(event, AlarmRaised):
        missed = one.missed or isinstance(event, MeasureMissed)
        return one.model_copy(update={"raised": (*one.raised, event.alarm.number), "missed": missed})
    return one


def next_alarm(known: Iterable[Improvement], stage: str, policy: Policy, clock: int | None = None) -> Alarm | None:
    """The alarm whose turn it is among those that are not done. `clock`: of that one only."""
    waiting = (one for one in known if not one.done_at and clock in (None, one.clock))
    alarms = (alarm for one in waiting if (alarm := _alarm(one, stage, policy)))
    return min(alarms, key=lambda alarm: alarm.moment, default=None)


def raised(alarm: Alarm, known: Iterable[Improvement]) -> AlarmRaised:
    """What is raised by an alarm of one of them."""
    one = next(one for one in known if _clock(one.number) == alarm.clock)
    return ALARMS[alarm.number](alarm=alarm, number=one.number, owner=one.owner)


def _clock(number: int) -> str:
    return f"measure {number}"


def _alarm(one: Improvement, stage: str, policy: Policy) -> Alarm | None:
    for number in ALARMS:
        moment = _moment(number, one.due_at, policy)
        if number in one.raised or (number == REMINDER and (one.raised or moment <= one.decided_at)):
            continue
        return Alarm(
            number=number,
            kind={REMINDER: "reminder", BREACH: "breach"}.get(number, "escalation"),
            clock=_clock(one.number),
            stage=stage,
            due_at=one.due_at,
            moment=moment,
            tell={BREACH: (Role.SUPERVISOR,), ESCALATION: (Role.MANAGEMENT,)}.get(number, ()),
            tell_from=policy.waking(moment, earlier=False),
        )
    return None


def _moment(number: int, due_at: datetime, policy: Policy) -> datetime:
    if number == REMINDER:
        return policy.waking(due_at - REMINDED_BEFORE, earlier=True)
    if number == BREACH:
        return due_at
    return policy.waking(policy.after_working_days(due_at - timedelta(seconds=1), ESCALATED_AFTER).at, earlier=False)
