"""The board of dangers: where harm has happened or is at hand, what was done about it, and by when the rest is due.

What is on it is open, or has something left to do about the danger, whatever stage it is in.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from chalicelib.adapters import store
from chalicelib.domain.complaint import events, parts
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.vocabulary.ladders import task_of
from chalicelib.domain.vocabulary.terms import Tier

from . import read, rules
from .read import Filters

TIER: Tier = "act"
MOST_READ, AT_ONCE = 300, 100
"""Lines of either queue that are read, and of a page of it; heads that one call reads."""
Step = Literal["to_call", "late", "to_assess", "to_report", "done"]
"""What a complaint in danger waits for; `late`: something of it should have been done by now."""
STEPS: tuple[Step, ...] = get_args(Step)
_BEGINS: Mapping[Step, str] = {
    "to_call": "safety_call",
    "to_assess": "safety_assessment",
    "to_report": "safety_report_",
}


class Call(NamedTuple):
    """A call about the danger; `reached`: the consumer was spoken to."""

    at: datetime
    by: str
    reached: bool


class InDanger(NamedTuple):
    """A complaint in danger. `tasks`: what is left to do, soonest due first; `call_by`: until when the consumer was, or
    is, to be spoken to, since it is so; None where that is to be done elsewhere; `in_time`: whether they were by then,
    None as long as nobody can say; `steps`: what it waits for."""

    complaint: Complaint
    safety: parts.Safety
    tasks: tuple[parts.RunningClock, ...]
    call_by: datetime | None
    in_time: bool | None
    steps: frozenset[Step]

    def waits_for(self, step: Step) -> tuple[parts.RunningClock, ...]:
        """Those of its tasks that are such a step."""
        return tuple(one for one in self.tasks if one.name.startswith(_BEGINS[step]))

    @property
    def others(self) -> tuple[parts.RunningClock, ...]:
        """Those that are none: what was to be done in another tier, and is still."""
        return tuple(one for one in self.tasks if not one.name.startswith(tuple(_BEGINS.values())))


class Board(NamedTuple):
    """All of them, first whom nobody has spoken to yet, then what is due soonest, last what has nothing left to do;
    `more`: not all were read."""

    cases: tuple[InDanger, ...]
    more: bool

    def waiting_for(self, step: Step | None) -> tuple[InDanger, ...]:
        return tuple(one for one in self.cases if step is None or step in one.steps)


def board(now: datetime) -> Board:
    """A round trip for each hundred lines of each of three queues, and for each hundred complaints."""
    found, more = _lines(now)
    ids = [*dict.fromkeys(one.complaint_id for one in found if one.tier == TIER)]
    states = store.load_all(ids, Complaint)
    there = [_of(one, one.safety, now) for one in states.values() if one.safety and one.safety.tier == TIER]
    return Board(tuple(sorted(there, key=_place)), more)


def _lines(now: datetime) -> tuple[list[Summary], bool]:
    """What is to be done about any danger, and what is open and marked with one."""
    found: list[Summary] = []
    more = False
    for filters in (Filters(task="safety"), Filters(safety=True)):
        page, cursor = read.queue(filters, now, AT_ONCE, None)
        found += page
        for _ in range(AT_ONCE, MOST_READ, AT_ONCE):
            if cursor is not None:
                page, cursor = read.queue(filters, now, AT_ONCE, cursor)
                found += page
        more = more or cursor is not None
    return found, more


def _of(complaint: Complaint, safety: parts.Safety, now: datetime) -> InDanger:
    running = (clock for clock in complaint.clocks if clock.held_by and task_of(clock.ladder) == "safety")
    tasks = tuple(sorted(running, key=lambda clock: clock.due_at))
    steps = {step for step, begins in _BEGINS.items() if any(one.name.startswith(begins) for one in tasks)}
    steps |= {"late"} if any(one.due_at <= now for one in tasks) else set() if tasks else {"done"}
    call_by = _call_by(complaint, safety, now)
    return InDanger(
        complaint,
        safety,
        tasks,
        call_by,
        _in_time(complaint, safety, call_by, now),
        frozenset(steps),
    )


def _call_by(complaint: Complaint, safety: parts.Safety, now: datetime) -> datetime | None:
    """By the clock that runs, else by the one that ran as it came into danger. What another complaint has brought that
    is merged into this one is called about there."""
    if clock := complaint.clock("safety_call"):
        return clock.due_at
    if safety.of and not safety.called_at:
        return None
    due = rules.version(complaint.policy_version, now).due("safety_call", complaint.begun_at, safety.since)
    return due.at if due else None


def _in_time(complaint: Complaint, safety: parts.Safety, call_by: datetime | None, now: datetime) -> bool | None:
    """A missed call is on record, also where they were called afterwards."""
    missed = (one for one in complaint.breaches if one.clock == "safety_call" and not one.void)
    if any(one.due_at >= safety.since for one in missed):
        return False
    if complaint.clock("safety_call") and call_by:
        return False if call_by <= now else None
    return True if safety.called_at else None


def _place(one: InDanger) -> tuple[bool, bool, datetime]:
    return not one.tasks, "to_call" not in one.steps, one.tasks[0].due_at if one.tasks else one.safety.since


def calls(one: InDanger, actor: Actor, now: datetime) -> list[Call]:
    """The calls about it since it is in danger, oldest first, as far as they are among its newest entries: one round
    trip."""
    entries = read.latest(one.complaint.complaint_id, actor, now).entries
    return [*_calls(entries, one.safety.since)]


def _calls(entries: list[Entry], since: datetime) -> Iterator[Call]:
    for entry in entries:
        event = entry.event if entry.kind == events.ConsumerCalled.__name__ else None
        if isinstance(event, events.ConsumerCalled) and event.call.about == "safety" and entry.at >= since:
            yield Call(entry.at, entry.actor.id, event.call.reached)


def to_call(now: datetime) -> int:
    """How many consumers in danger nobody has spoken to yet, of a hundred tasks at most: one round trip."""
    return _number(Filters(department=Role.CUSTOMER_SERVICE, task="safety"), "to_call", now)


def to_report(now: datetime) -> int:
    """How many reports to authorities are due, in the same way."""
    return _number(Filters(department=Role.QUALITY, task="safety"), "to_report", now)


def _number(filters: Filters, step: Step, now: datetime) -> int:
    found, _ = read.queue(filters, now, AT_ONCE, None)
    return sum((one.task or "").startswith(_BEGINS[step]) for one in found)
