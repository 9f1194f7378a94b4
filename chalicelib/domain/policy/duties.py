"""Duties: what somebody owes until the end of a working day. One mechanism for every record that has any: a comment on
an audit, a finding, a hearing, a sheet, a management review.

Whoever owes it is reminded as its last day begins, it is late at its due time, which the supervisor hears too, and
management one working day after. Nobody is told at night. Its clock is set by an entry, and known by its number.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import TypeVar

from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import CLOCK, Role
from chalicelib.domain.ground.record import Alarm, AlarmRaised, ClockSetting, Event, Hidden, NewStage, State
from chalicelib.domain.policy.policies import INSTANT, Policy

REMINDER, BREACH, ESCALATION = 1, 2, 3
ESCALATED_AFTER = 1  # working days
MOST_AT_ONCE = 15
"""Alarms that one transaction raises."""

S = TypeVar("S", bound=State)


class Duty(Model):
    """What is owed. `name`: what for, "comments", "finding 3"; `clock`: its number; `owner`: the member of staff who
    owes it, else `roles` do; `raised`: which of its alarms were."""

    name: str
    clock: int
    since: Instant
    due_at: Instant
    provisional: bool = False
    owner: str | None = None
    roles: tuple[Role, ...] = ()
    raised: tuple[int, ...] = ()


class DutyRaised(AlarmRaised):
    """An alarm of a duty, of `owner`, if it is somebody's; `alarm.tell` says which roles are told."""

    owner: str | None = None


class DutyReminded(DutyRaised):
    """It is due soon."""


class DutyMissed(DutyRaised):
    """It was not done in time."""


class DutyEscalated(DutyRaised):
    """It is still not done."""


class DutyRecounted(Hidden):
    """It is due at another moment, since the days that it counts are known by now. Since when it is owed, by whom, and
    what was told of it stays."""

    name: str
    stops: tuple[int, ...]
    clock: ClockSetting


ALARMS: dict[int, type[DutyRaised]] = {REMINDER: DutyReminded, BREACH: DutyMissed, ESCALATION: DutyEscalated}


def setting(name: str, since: datetime, working_days: int, policy: Policy) -> ClockSetting:
    """The clock of what is due at the end of so many working days after the day of `since`."""
    due = policy.after_working_days(since, working_days)
    return until(name, since, due.at, policy, provisional=due.provisional)


def until(name: str, since: datetime, due_at: datetime, policy: Policy, *, provisional: bool = False) -> ClockSetting:
    """The same of what is due then."""
    moment = _moment(REMINDER, due_at, policy)
    return ClockSetting(
        name=name, due_at=due_at, provisional=provisional, alarm_at=moment if moment > since else due_at
    )


def begun(entry: Entry, *, owner: str | None = None, roles: Iterable[Role] = ()) -> Duty:
    """The duty whose clock an entry sets."""
    clock, _ = entry.sets_clock
    assert clock  # noqa: S101 — the caller has seen that it sets one
    return Duty(
        name=clock.name,
        clock=entry.seq,
        since=entry.at,
        due_at=clock.due_at,
        provisional=clock.provisional,
        owner=owner,
        roles=tuple(roles),
    )


def after(known: Iterable[Duty], entry: Entry) -> tuple[Duty, ...]:
    """What is still owed after an entry: not what it stops; an alarm that it raised was raised."""
    _, stops = entry.sets_clock
    event = entry.event
    if isinstance(event, DutyRecounted):
        anew = {"clock": entry.seq, "due_at": event.clock.due_at, "provisional": event.clock.provisional}
        return tuple(one.model_copy(update=anew) if one.clock in stops else one for one in known)
    left = (one for one in known if one.clock not in stops)
    if not isinstance(event, DutyRaised):
        return tuple(left)
    return tuple(
        one.model_copy(update={"raised": (*one.raised, event.alarm.number)}) if one.name == event.alarm.clock else one
        for one in left
    )


def recounted(one: Duty, clock: ClockSetting, now: datetime) -> DutyRecounted | None:
    """What follows where it would be due as `clock` says, counted with the days that are known now; nothing if it is,
    or is late already."""
    if one.due_at <= now or (clock.due_at, clock.provisional) == (one.due_at, one.provisional):
        return None
    return DutyRecounted(name=one.name, stops=(one.clock,), clock=clock)


def named(known: Iterable[Duty], name: str) -> Duty | None:
    return next((one for one in known if one.name == name), None)


def next_alarm(known: Iterable[Duty], stage: str, policy: Policy, clock: int | None = None) -> Alarm | None:
    """The alarm whose turn it is. `clock`: of the one of that number only."""
    alarms = (_alarm(one, stage, policy) for one in known if clock in (None, one.clock))
    return min((alarm for alarm in alarms if alarm), key=lambda alarm: alarm.moment, default=None)


def raised(alarm: Alarm, known: Iterable[Duty]) -> DutyRaised:
    """What an alarm of one of them raises."""
    one = named(known, alarm.clock)
    return ALARMS[alarm.number](alarm=alarm, owner=one and one.owner)


def _alarm(one: Duty, stage: str, policy: Policy) -> Alarm | None:
    for number in ALARMS:
        moment = _moment(number, one.due_at, policy)
        if number in one.raised or (number == REMINDER and (one.raised or moment <= one.since)):
            continue
        theirs = () if one.owner else one.roles
        return Alarm(
            number=number,
            kind={REMINDER: "reminder", BREACH: "breach"}.get(number, "escalation"),
            clock=one.name,
            stage=stage,
            due_at=one.due_at,
            moment=moment,
            tell={
                REMINDER: theirs,
                BREACH: tuple(dict.fromkeys((*theirs, Role.SUPERVISOR))),
                ESCALATION: (Role.MANAGEMENT,),
            }[number],
            tell_from=policy.waking(moment, earlier=False),
        )
    return None


def _moment(number: int, due_at: datetime, policy: Policy) -> datetime:
    if number == REMINDER:
        last_day = (due_at - INSTANT).astimezone(policy.zone).date()
        return policy.waking(datetime.combine(last_day, time.min, policy.zone), earlier=True)
    if number == BREACH:
        return due_at
    return policy.waking(policy.after_working_days(due_at - INSTANT, ESCALATED_AFTER).at, earlier=False)


# ---- when they ring --------------------------------------------------------------------------------------------------


def ring(
    state: S,
    now: datetime,
    policy: Policy,
    next_alarm: Callable[[S, Policy, int | None], Alarm | None],
    raise_: Callable[[Alarm, S], tuple[Event, NewStage | None]],
    evolve: Callable[[S, Entry], S],
    name: str,
) -> list[Entry]:
    """The entries of a record's alarms whose moment has come, in their order; whoever is told is told when awake."""
    entries: list[Entry] = []
    awake = policy.waking(now, earlier=False)
    while (alarm := next_alarm(state, policy, None)) and alarm.moment <= now and len(entries) < MOST_AT_ONCE:
        told = alarm.model_copy(update={"tell_from": max(alarm.tell_from, awake)})
        event, enters = raise_(told, state)
        entries += chain.linked(name, state, [event], CLOCK, now, enters)
        state = evolve(state, entries[-1])
    return entries
