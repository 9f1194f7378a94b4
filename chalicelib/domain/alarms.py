"""When the clock of a stage rings (3.2, 4.1c to 4.4b, 8.3): the ladder of the policy, counted out for one complaint.

An alarm is raised once, in its turn, as an event that carries the moment it was meant for and the moment it was raised.
A breach and a lapse come at their exact moment; whatever else falls outside the policy's waking hours moves: before the
night if it warns of the due time, else to the next morning. A stage that is entered late is spared the reminders and
escalations of the time before it was entered; a due time that has passed by then is a breach at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from . import lifecycle, worktime
from .complaint import Complaint, evolve
from .events import (
    Alarm,
    ClockSetting,
    ComplaintLapsed,
    DeadlineMissed,
    DeadlineMoved,
    Escalated,
    Event,
    Happening,
    ReminderRaised,
    StageEntry,
    link,
)
from .lifecycle import Action, Stage
from .people import CLOCK
from .policy import Policy, Rung

MOST_AT_ONCE = 40  # events of one transaction, which holds 100 items
INSTANT = timedelta(seconds=1)
EXACT = ("breach", "lapse")


@dataclass(frozen=True)
class Ladder:
    """The alarms of one clock: of a stage entered at `entered_at` and due at `due_at`."""

    policy: Policy
    stage: Stage
    entered_at: datetime
    due_at: datetime

    def alarm(self, number: int) -> Alarm | None:
        """The `number`-th alarm in order of time, from 1; None where the ladder ends."""
        rungs = self.policy.ladders[self.stage]
        every = [self._alarm(rung, self._moment(rung)) for rung in rungs if not rung.every_working_day]
        once = [alarm for alarm in every if alarm.moment >= self.entered_at or alarm.kind in EXACT]
        if number <= len(once):
            return sorted(once, key=lambda alarm: alarm.moment)[number - 1].model_copy(update={"number": number})
        if not rungs[-1].every_working_day:
            return None
        told = self._alarm(rungs[-2], self._moment(rungs[-2])).tell_from  # not again on the morning it is told
        begin = self.policy.waking_hours.begin
        asleep = timedelta(hours=begin.hour, minutes=begin.minute) + INSTANT  # a stage entered by then has its morning
        moment = self._working_day_after(max(told, self.entered_at - asleep), number - len(once))
        return self._alarm(rungs[-1], moment).model_copy(update={"number": number})

    def _alarm(self, rung: Rung, moment: datetime) -> Alarm:
        awake = self.policy.waking(moment, earlier=rung.kind == "reminder")
        return Alarm(
            number=0,
            kind=rung.kind,
            stage=self.stage,
            due_at=self.due_at,
            moment=moment if rung.kind in EXACT else awake,
            tell=rung.tell,
            tell_from=awake,
        )

    def _moment(self, rung: Rung) -> datetime:
        """When a rung is meant to ring, whoever may be asleep then."""
        if rung.hours_before_due is not None:
            return self.due_at - timedelta(hours=rung.hours_before_due)
        if rung.hours_after_due is not None:
            return self.due_at + timedelta(hours=rung.hours_after_due)
        if rung.on_last_day:
            return self._midnight_before(self.due_at - INSTANT)
        if rung.working_days_after_due is not None:
            return self._working_days_after(self.due_at, rung.working_days_after_due)
        if rung.working_days_after_entry is not None:
            return self._working_days_after(self.entered_at + INSTANT, rung.working_days_after_entry)
        return self.due_at

    def _working_day_after(self, moment: datetime, days: int) -> datetime:
        """The beginning of the working day that many after the day of `moment`."""
        end = worktime.after_working_days(moment, days, self.policy.calendar, self.policy.zone).at
        return self._midnight_before(end - INSTANT)

    def _midnight_before(self, moment: datetime) -> datetime:
        day = moment.astimezone(self.policy.zone).date()
        return datetime.combine(day, time.min, self.policy.zone)

    def _working_days_after(self, moment: datetime, days: int) -> datetime:
        """The end of the working day that many after the day of `moment`; 24:00 belongs to the day that it ends."""
        policy = self.policy
        return worktime.after_working_days(
            moment - INSTANT, days, policy.calendar, policy.zone, policy.close_of_business
        ).at


def clock_for(stage: Stage, received_at: datetime, entered_at: datetime, policy: Policy) -> ClockSetting | None:
    """The clock of a stage that is entered now; None for a stage without one."""
    due = policy.due(stage, received_at, entered_at)
    if due is None:
        return None
    first = Ladder(policy, stage, entered_at, due.at).alarm(1)
    return ClockSetting(due_at=due.at, provisional=due.provisional, alarm_at=first and first.moment)


def next_alarm(complaint: Complaint, policy: Policy) -> Alarm | None:
    """The alarm whose turn it is, whenever its moment; None if no clock runs or its ladder has ended."""
    if complaint.deadline is None:
        return None
    ladder = Ladder(policy, complaint.stage, complaint.entered_at, complaint.deadline.due_at)
    return ladder.alarm(complaint.alarms_raised + 1)


def due_alarms(complaint: Complaint, now: datetime, policy: Policy, *, lapse: bool = True) -> list[Event]:
    """The alarms whose moment has come and that were not raised yet, at most `MOST_AT_ONCE` of them.

    Without `lapse` the complaint does not lapse: whoever acts on it before it was closed is in time.
    """
    return list(islice(_raise(complaint, now, policy, lapse), MOST_AT_ONCE))


def _raise(complaint: Complaint, now: datetime, policy: Policy, lapse: bool) -> Iterator[Event]:
    while (alarm := next_alarm(complaint, policy)) and alarm.moment <= now:
        if alarm.kind == "lapse" and not lapse:
            return
        entry = None
        if alarm.kind == "lapse":
            step = lifecycle.step(complaint.stage, Action.LAPSE, CLOCK)
            entry = entry_into(complaint, step.target, now, policy)
        event = link(
            complaint.complaint_id, complaint.version + 1, complaint.chain, _rings(complaint, alarm), CLOCK, now, entry
        )
        yield event
        complaint = evolve(complaint, event)


def _rings(complaint: Complaint, alarm: Alarm) -> Happening:
    match alarm.kind:
        case "breach":
            return DeadlineMissed(alarm=alarm, held_by=complaint.assignee or complaint.department)
        case "escalation":
            return Escalated(alarm=alarm)
        case "lapse":
            return ComplaintLapsed(alarm=alarm)
    return ReminderRaised(alarm=alarm)


def entry_into(complaint: Complaint, stage: Stage, now: datetime, policy: Policy) -> StageEntry:
    """The complaint enters a stage: its clock is set, the present one stopped."""
    clock = clock_for(stage, complaint.received_at, now, policy)
    return StageEntry(stage=stage, clock=clock, stops=complaint.clock if complaint.deadline else None)


def recount(complaint: Complaint, now: datetime, policy: Policy) -> list[Event]:
    """The due time counted anew, by the calendar as it is known now; no event if it is what it was.

    What was raised stays raised; alarms that are yet to come by the new count ring again.
    """
    due = policy.due(complaint.stage, complaint.received_at, complaint.entered_at)
    was = complaint.deadline
    if due is None or was is None or (due.at, due.provisional) == (was.due_at, was.provisional):
        return []
    ladder = Ladder(policy, complaint.stage, complaint.entered_at, due.at)
    raised = 0
    while raised < complaint.alarms_raised and (alarm := ladder.alarm(raised + 1)) and alarm.moment <= now:
        raised += 1
    upcoming = ladder.alarm(raised + 1)
    clock = ClockSetting(due_at=due.at, provisional=due.provisional, alarm_at=upcoming and upcoming.moment)
    moved = DeadlineMoved(clock=clock, stops=complaint.clock, was_due_at=was.due_at, alarms_raised=raised)
    return [link(complaint.complaint_id, complaint.version + 1, complaint.chain, moved, CLOCK, now, None)]
