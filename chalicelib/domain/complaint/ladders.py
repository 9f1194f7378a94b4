"""The ladder of alarms of a clock, counted out (3.2, 4.1c to 4.4b): which alarm is the n-th, and when it rings.

A breach, a lapse and the end of a wait come at their exact moment. Whatever else falls outside the policy's waking
hours moves: before the night if it warns of the due time, else to the next morning. Something that begins late is
spared the reminders and escalations of the time before; a due time that has passed by then is a breach at once.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from chalicelib.domain.ground import worktime
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK, Alarm
from chalicelib.domain.ground.worktime import Due
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rung
from chalicelib.domain.vocabulary.ladders import Ladders
from chalicelib.domain.vocabulary.stages import Stage

INSTANT = timedelta(seconds=1)
EXACT = ("breach", "lapse", "resume")


@dataclass(frozen=True)
class Ladder:
    """The alarms of one clock: of a stage, or of something else within one, begun at `entered_at`, due at `due_at`.

    `waits`: when it stood still. What counts from its beginning comes later by that, unless it had come before.
    """

    policy: Policy
    of: Stage | Ladders
    entered_at: datetime
    due_at: datetime
    clock: str = STAGE_CLOCK
    within: Stage | None = None
    asked: Role | None = None
    waits: tuple[tuple[datetime, datetime], ...] = ()

    def alarm(self, number: int) -> Alarm | None:
        """The `number`-th alarm in order of time, from 1; None where the ladder ends."""
        rungs = self.policy.ladders[self.of]
        every = [self._alarm(rung, self._moment(rung)) for rung in rungs if not rung.every_working_day]
        once = [alarm for alarm in every if alarm.moment >= self.entered_at or alarm.kind in EXACT]
        if number <= len(once):
            return sorted(once, key=lambda alarm: alarm.moment)[number - 1].model_copy(update={"number": number})
        if not rungs or not rungs[-1].every_working_day:
            return None
        told = self._alarm(rungs[-2], self._moment(rungs[-2])).tell_from  # not again on the morning it is told
        begin = self.policy.waking_hours.begin
        asleep = timedelta(hours=begin.hour, minutes=begin.minute) + INSTANT  # a stage entered by then has its morning
        moment = self._working_day_after(max(told, self.entered_at - asleep), number - len(once))
        return self._alarm(rungs[-1], moment).model_copy(update={"number": number})

    def raised_by(self, now: datetime, at_most: int) -> int:
        """How many of the first `at_most` alarms have their moment by now."""
        raised = 0
        while raised < at_most and (alarm := self.alarm(raised + 1)) and alarm.moment <= now:
            raised += 1
        return raised

    def _alarm(self, rung: Rung, moment: datetime) -> Alarm:
        awake = self.policy.waking(moment, earlier=rung.kind == "reminder")
        told = (self.asked if role == "asked" else role for role in rung.tell)
        return Alarm(
            number=0,
            kind=rung.kind,
            clock=self.clock,
            stage=self.within or Stage(self.of),
            due_at=self.due_at,
            moment=moment if rung.kind in EXACT else awake,
            tell=tuple(role for role in told if role),
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
            return self._after_waits(self._working_days_after(self.entered_at + INSTANT, rung.working_days_after_entry))
        return self.due_at

    def _after_waits(self, moment: datetime) -> datetime:
        for wait in self.waits:
            if (meant := self.policy.waking(moment, earlier=False)) > wait[0]:
                moment = self.policy.given_back(self.of, Due(meant, False), [wait]).at
        return moment

    def _working_day_after(self, moment: datetime, days: int) -> datetime:
        """The beginning of the working day that many after the day of `moment`."""
        end = worktime.after_working_days(moment, days, self.policy.calendar, self.policy.zone).at
        return self._midnight_before(end - INSTANT)

    def _midnight_before(self, moment: datetime) -> datetime:
        day = moment.astimezone(self.policy.zone).date()
        return datetime.combine(day, time.min, self.policy.zone)

    def _working_days_after(self, moment: datetime, days: int) -> datetime:
        """The end of the working day that many after the day of `moment`; 24:00 belongs to the day that it ends."""
        return self.policy.after_working_days(moment - INSTANT, days).at
