"""When the clocks of a complaint ring (3.2, 4.1c to 4.4b, 8.3), and what is raised then.

An alarm is raised once, in its turn, as an event that carries the moment it was meant for and the moment it was raised.
While a stage's clock stands still, its alarms do too.
"""

from datetime import datetime

from . import lifecycle
from .clocks import due_anew, ladder_of, set_anew
from .complaint import Complaint
from .draft import Draft
from .events import Event
from .happenings import (
    Alarm,
    ClockResumed,
    ComplaintLapsed,
    DeadlineMissed,
    DeadlineMoved,
    Escalated,
    ReminderRaised,
    WaitExpired,
)
from .lifecycle import Action
from .parts import RunningClock
from .people import CLOCK, Actor
from .policy import Policy

MOST_AT_ONCE = 30  # events of one transaction, which holds 100 items, those of 60 tasks among them


def next_alarm(complaint: Complaint, policy: Policy, number: int | None = None) -> Alarm | None:
    """The alarm whose turn it is, whenever its moment; None if no clock runs or the ladders have ended.

    `number`: that of one clock, to ask for its alarms only.
    """
    ringing = (clock for clock in complaint.clocks if not clock.waiting_since and number in (None, clock.number))
    alarms = [
        alarm
        for clock in ringing
        if (alarm := ladder_of(clock, complaint.stage, policy).alarm(clock.alarms_raised + 1))
    ]
    return min(alarms, key=lambda alarm: alarm.moment, default=None)


def due_alarms(complaint: Complaint, now: datetime, policy: Policy, *, lapse: bool = True) -> list[Event]:
    """The alarms whose moment has come and that were not raised yet, about `MOST_AT_ONCE` of them.

    Without `lapse` the complaint does not lapse: whoever acts on it before it was closed is in time.
    """
    draft = Draft.of(complaint, now, policy)
    while len(draft.events) < MOST_AT_ONCE and (alarm := next_alarm(draft.complaint, policy)) and alarm.moment <= now:
        if alarm.kind == "lapse" and not lapse:
            break
        _ring(draft, alarm)
    return draft.events


def _ring(draft: Draft, alarm: Alarm) -> None:
    complaint = draft.complaint
    clock = complaint.clock(alarm.clock)
    held_by = (clock and clock.held_by) or complaint.assignee or complaint.department
    match alarm.kind:
        case "breach":
            draft.add(DeadlineMissed(alarm=alarm, held_by=held_by), CLOCK)
        case "escalation":
            draft.add(Escalated(alarm=alarm, held_by=held_by), CLOCK)
        case "lapse":
            step = lifecycle.step(complaint.stage, Action.LAPSE, CLOCK)
            draft.add(ComplaintLapsed(alarm=alarm), CLOCK, step.target)
        case "resume":
            draft.add(WaitExpired(alarm=alarm), CLOCK)
            resume(draft, alarm.moment, CLOCK)
        case _:
            draft.add(ReminderRaised(alarm=alarm), CLOCK)


def resume(draft: Draft, until: datetime, actor: Actor) -> None:
    """The stage's clock stood still until then and runs again: it ends later by the working time it stood still."""
    complaint, policy = draft.complaint, draft.policy
    clock = complaint.stage_clock
    if clock is None or clock.waiting_since is None:
        return
    waited = clock.model_copy(update={"waits": (*clock.waits, (clock.waiting_since, until))})
    due = due_anew(waited, complaint.received_at, policy)
    setting, raised = set_anew(waited, complaint.stage, due, clock.waiting_since, policy)
    questions = tuple(other.number for other in complaint.clocks if other.ladder == "information")
    happening = ClockResumed(
        clock=setting,
        stops=questions,
        was_due_at=clock.due_at,
        alarms_raised=raised,
        waited_from=clock.waiting_since,
        waited_until=until,
    )
    draft.add(happening, actor)


def recount(complaint: Complaint, now: datetime, policy: Policy) -> list[Event]:
    """The due times counted anew, by the calendar as it is known now; no event for one that is what it was.

    A clock that stands still is counted when it runs again.
    """
    draft = Draft.of(complaint, now, policy)
    for clock in complaint.clocks:
        if not clock.waiting_since:
            _recounted(draft, clock)
    return draft.events


def _recounted(draft: Draft, clock: RunningClock) -> None:
    due = due_anew(clock, draft.complaint.received_at, draft.policy)
    if (due.at, due.provisional) == (clock.due_at, clock.provisional):
        return
    setting, raised = set_anew(clock, draft.complaint.stage, due, draft.now, draft.policy)
    moved = DeadlineMoved(clock=setting, stops=(clock.number,), was_due_at=clock.due_at, alarms_raised=raised)
    draft.add(moved, CLOCK)
