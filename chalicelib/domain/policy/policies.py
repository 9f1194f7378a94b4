"""The policy as the rules of the domain take it: what is promised, by when, to whom (1.1)."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from chalicelib.domain.ground import worktime
from chalicelib.domain.ground.worktime import Due
from chalicelib.domain.policy import calendars
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Clock, Rules
from chalicelib.domain.vocabulary.ladders import Ladders
from chalicelib.domain.vocabulary.stages import Stage

INSTANT = timedelta(seconds=1)


class Policy(Rules):
    """The rules of one version, which a complaint has pinned, together with the operating data in force now."""

    operating: Operating

    @classmethod
    def of(cls, rules: Rules, operating: Operating) -> "Policy":
        return cls(**dict(rules), operating=operating)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def calendar(self) -> worktime.Calendar:
        """The working days of the country, with the days of the operating data: a storm closure holds for every
        complaint, whatever version it pinned."""
        days = self.operating
        return calendars.calendar(self.country).amended(days.extra_holidays, days.extra_working_days)

    def waking(self, moment: datetime, *, earlier: bool) -> datetime:
        """`moment` if people are awake then, else the last waking moment before it or the next one after it."""
        local = moment.astimezone(self.zone)
        begin, end = self.waking_hours.begin, self.waking_hours.end
        if begin <= local.time() <= end:
            return moment
        early = local.time() < begin
        if earlier:
            day, at = (local.date() - timedelta(days=1) if early else local.date()), end
        else:
            day, at = (local.date() if early else local.date() + timedelta(days=1)), begin
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def due(
        self,
        stage: Stage | Ladders,
        begun_at: datetime,
        entered_at: datetime,
        extended_by: int = 0,
        waits: Iterable[tuple[datetime, datetime]] = (),
    ) -> Due | None:
        """When something that began at `entered_at` must be done with, or None if no clock runs in it.

        `begun_at`: when the complaint was received, or reopened last.

        An extension adds working days; then what the clock stood still for (`waits`, from and until) is given back.
        """
        clock = self.clocks.get(stage)
        if clock is None:
            return None
        due = self._counted(clock, begun_at if clock.starts == "receipt" else entered_at)
        if extended_by:
            later = self.after_working_days(due.at - INSTANT, extended_by)
            due = Due(later.at, due.provisional or later.provisional)
        return self.given_back(stage, due, waits)

    def given_back(self, of: Stage | Ladders, due: Due, waits: Iterable[tuple[datetime, datetime]]) -> Due:
        """A moment of a clock, later by what that stood still for, in the measure in which it counts."""
        for waited_from, waited_until in waits:
            later = self._later(self.clocks[of], due.at, waited_from, waited_until)
            due = Due(later.at, due.provisional or later.provisional)
        return due

    def _later(self, clock: Clock, at: datetime, since: datetime, until: datetime) -> Due:
        if until <= since:
            return Due(at, False)
        if clock.hours is not None:
            return Due(at + (until - since), False)
        if clock.days is not None:
            return worktime.after_time(at, until - since, self.calendar, self.zone, self.close_of_business)
        waited = self.working_time(since, until)
        return worktime.after_working_time(at, waited, self.calendar, self.zone, self.close_of_business)

    def _counted(self, clock: Clock, start: datetime) -> Due:
        if clock.hours is not None:
            return worktime.after_hours(start, clock.hours)
        if clock.working_days is not None:
            return self.after_working_days(start, clock.working_days)
        assert clock.days is not None  # noqa: S101 — the validator above leaves no other case
        return self.after_days(start, clock.days)

    def after_working_days(self, start: datetime, days: int) -> Due:
        return worktime.after_working_days(start, days, self.calendar, self.zone, self.close_of_business)

    def after_days(self, start: datetime, days: int) -> Due:
        return worktime.after_days(start, days, self.calendar, self.zone, self.close_of_business)

    def asks_at(self, closed_at: datetime) -> datetime:
        """When the consumer of a complaint that is closed is asked how it was (6.2); no working day is waited for."""
        day = closed_at.astimezone(self.zone).date() + timedelta(days=self.survey.after_days)
        return datetime.combine(day, self.survey.at, self.zone).astimezone(UTC)

    def answers_until(self, asked_at: datetime) -> datetime:
        """The end of the last day on which they can answer."""
        day = asked_at.astimezone(self.zone).date() + timedelta(days=self.survey.expires_after_days + 1)
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        return worktime.working_time(start, end, self.calendar, self.zone, self.close_of_business)

    @property
    def upload_time(self) -> timedelta:
        """How long a form to upload evidence with is good for."""
        return timedelta(minutes=self.upload_minutes)

    def longest_wait(self, start: datetime, waits: Iterable[tuple[datetime, datetime]]) -> Due:
        """Until when a clock may stand still from `start` on, given how long it has stood still already."""
        ends = self.close_of_business
        working_day = timedelta(hours=ends.hour, minutes=ends.minute) if ends else timedelta(days=1)
        left = self.longest_wait_working_days * working_day - sum(
            (self.working_time(*wait) for wait in waits), timedelta()
        )
        return worktime.after_working_time(start, left, self.calendar, self.zone, self.close_of_business)
