"""The ladder of alarms of a clock, counted out (3.2, 4.1c to 4.4b): which alarm is the n-th, and when it rings.

A breach, a lapse and the end of a wait come at their exact moment. Whatever else falls outside the policy's waking
hours moves: before the night if it warns of the due time, else to the next morning. Something that begins late is
spared the reminders and escalations of the time before; a due time that has passed by then is a breach at once.

What was raised is known by its rung, and by its moment what comes every day: however often the calendar is corrected,
no alarm takes the turn of another.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from chalicelib.domain.ground import worktime
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import STAGE_CLOCK, Alarm
from chalicelib.domain.ground.worktime import Due
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rung
from chalicelib.domain.vocabulary.ladders import Ladders
from chalicelib.domain.vocabulary.stages import Stage

INSTANT = timedelta(seconds=1)
EXACT = ("breach", "lapse", "resume", "expire")


def before_morning(moment: datetime, policy: Policy) -> datetime:
    """After this the next day is the first whose morning comes at `moment` or later."""
    begin = policy.waking_hours.begin
    return moment - timedelta(hours=begin.hour, minutes=begin.minute) - INSTANT


@dataclass(frozen=True)
class Ladder:
    """The alarms of one clock: of a stage, or of something else within one, begun at `entered_at`, due at `due_at`.

    `waits`: when it stood still. What counts from its beginning comes later by that, unless it had come before.
    `raised`: the rungs that were raised, by number; `rang_at`: the moment of the last alarm.
    """

    policy: Policy
    of: Stage | Ladders
    entered_at: datetime
    due_at: datetime
    clock: str = STAGE_CLOCK
    within: Stage | None = None
    asked: Role | None = None
    waits: tuple[tuple[datetime, datetime], ...] = ()
    raised: tuple[int, ...] = ()
    rang_at: datetime | None = None

    def alarm(self, count: int = 1) -> Alarm | None:
        """The `count`-th alarm that was not raised, in order of time, from 1; None where the ladder ends."""
        once = [alarm for alarm in self._once() if alarm.number not in self.raised]
        once = [alarm for alarm in once if alarm.moment >= self.entered_at or alarm.kind in EXACT]
        if count <= len(once):
            return sorted(once, key=lambda alarm: alarm.moment)[count - 1]
        rungs = self.policy.ladders[self.of]
        if not rungs or not rungs[-1].every_working_day:
            return None
        told = self._alarm(len(rungs) - 1, self._moment(rungs[-2])).tell_from  # not again on the morning it is told
        last = max(told, before_morning(self.entered_at, self.policy), self.rang_at or told)
        return self._alarm(len(rungs), self._working_day_after(last, count - len(once)))

    def raised_by(self, now: datetime) -> tuple[int, ...]:
        """Of the rungs that were raised, those whose moment has come by now; the others ring again.

        A reminder to the consumer never does: it counts from what they were told, not to the due time.
        """
        raised = (alarm for alarm in self._once() if alarm.number in self.raised)
        return tuple(alarm.number for alarm in raised if alarm.kind == "nudge" or alarm.moment <= now)

    def spared_by(self, now: datetime) -> tuple[int, ...]:
        """The rungs that only tell somebody, and whose moment has come by now."""
        return tuple(alarm.number for alarm in self._once() if alarm.kind not in EXACT and alarm.moment <= now)

    @property
    def breach(self) -> tuple[int, ...]:
        """The rung that records a breach."""
        return tuple(alarm.number for alarm in self._once() if alarm.kind == "breach")

    def _once(self) -> list[Alarm]:
        """All but what comes every working day."""
        rungs = enumerate(self.policy.ladders[self.of], start=1)
        return [self._alarm(number, self._moment(rung)) for number, rung in rungs if not rung.every_working_day]

    def _alarm(self, number: int, moment: datetime) -> Alarm:
        rung = self.policy.ladders[self.of][number - 1]
        awake = moment if rung.day_and_night else self.policy.waking(moment, earlier=rung.kind == "reminder")
        told = (self.asked if role == "asked" else role for role in rung.tell)
        return Alarm(
            number=number,
            kind=rung.kind,
            clock=self.clock,
            stage=self.within or Stage(self.of),
            due_at=self.due_at,
            moment=moment if rung.kind in EXACT else awake,
            tell=tuple(role for role in told if role),
            tell_from=awake,
            day_and_night=rung.day_and_night is not None,
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
        if rung.days_after_entry is not None:
            local = self.entered_at.astimezone(self.policy.zone)
            return (local + timedelta(days=rung.days_after_entry)).astimezone(UTC)
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
