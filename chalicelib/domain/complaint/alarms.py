"""When the clocks of a complaint ring (3.2, 4.1c to 4.4b, 8.3), and what is raised then.

An alarm is raised once, in its turn, as an event that carries the moment it was meant for and the moment it was raised.
While a stage's clock stands still, its alarms do too.
"""

from datetime import datetime

from chalicelib.domain.complaint import events, parts
from chalicelib.domain.complaint.clocks import WAITED_FOR, due_anew, ladder_of, set_anew
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.waits import resume
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import CLOCK
from chalicelib.domain.ground.record import Alarm
from chalicelib.domain.policy.policies import Policy

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


def due_alarms(complaint: Complaint, now: datetime, policy: Policy, *, lapse: bool = True) -> list[Entry]:
    """The alarms whose moment has come and that were not raised yet, about `MOST_AT_ONCE` of them.

    Without `lapse` the complaint does not lapse: whoever acts on it before it was closed is in time.
    """
    draft = Draft.of(complaint, now, policy)
    while len(draft.entries) < MOST_AT_ONCE and (alarm := next_alarm(draft.complaint, policy)) and alarm.moment <= now:
        if alarm.kind == "lapse" and not lapse:
            break
        _ring(draft, alarm)
    return draft.entries


def _ring(draft: Draft, alarm: Alarm) -> None:
    complaint = draft.complaint
    clock = complaint.clock(alarm.clock)
    held_by = (clock and clock.held_by) or complaint.assignee or complaint.department
    match alarm.kind:
        case "breach":
            draft.add(events.DeadlineMissed(alarm=alarm, held_by=held_by), CLOCK)
        case "escalation":
            draft.add(events.Escalated(alarm=alarm, held_by=held_by), CLOCK)
        case "lapse":
            step = LIFECYCLE.step(complaint.stage, Action.LAPSE, CLOCK)
            draft.add(events.ComplaintLapsed(alarm=alarm), CLOCK, step.target)
        case "resume":
            draft.add(events.WaitExpired(alarm=alarm, stops=complaint.numbers([alarm.clock])), CLOCK)
            resume(draft, alarm.moment, CLOCK)
        case _:
            draft.add(events.ReminderRaised(alarm=alarm), CLOCK)


def recount(complaint: Complaint, now: datetime, policy: Policy) -> list[Entry]:
    """The due times counted anew, by the calendar as it is known now; no event for one that is what it was.

    First those of what a stage stands still for, by which that is due at the latest; inquiries after their stage.
    """
    draft = Draft.of(complaint, now, policy)
    for clock in sorted(complaint.clocks, key=lambda clock: (clock.ladder not in WAITED_FOR, clock.capped)):
        _recount(draft, clock)
    return draft.entries


def _recount(draft: Draft, clock: parts.RunningClock) -> None:
    due = due_anew(clock, draft.complaint, draft.policy)
    if (due.at, due.provisional) == (clock.due_at, clock.provisional):
        return
    setting, raised = set_anew(clock, draft.complaint.stage, due, draft.now, draft.policy)
    stops = () if clock.waiting_since else (clock.number,)
    moved = events.DeadlineMoved(clock=setting, stops=stops, was_due_at=clock.due_at, alarms_raised=raised)
    draft.add(moved, CLOCK)
