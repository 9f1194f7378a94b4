"""The policy as versioned data (1.1): what is promised, by when, to whom. A complaint keeps the version it began under.

Version 1 is the policy this house was built for. A version is a file in `policies/`; once a complaint has pinned it,
what it promises never changes. Its extra days off and on are facts about the calendar, and hold for all versions.
"""

import re
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, ConfigDict, model_validator

from chalicelib.domain.ground import worktime
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Department, Role
from chalicelib.domain.ground.worktime import Due
from chalicelib.domain.policy import calendars
from chalicelib.domain.vocabulary.ladders import Ladders
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Category, Locale

POLICIES = Path(__file__).parent / "policies"
INSTANT = timedelta(seconds=1)


class Clock(Model):
    """How long a stage may take, from the receipt of the complaint or from the entry into the stage."""

    model_config = ConfigDict(extra="forbid")

    starts: Literal["receipt", "entry"]
    hours: int | None = None
    working_days: int | None = None
    days: int | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if [self.hours, self.working_days, self.days].count(None) != 2:
            raise ValueError("a clock has one length: hours, working_days or days")
        return self


class WakingHours(Model):
    """When people may be reminded: both ends count."""

    model_config = ConfigDict(extra="forbid")

    begin: time
    end: time


class Rung(Model):
    """One alarm on a ladder: what it is, who is told, and when (exactly one of the last seven).

    `reminder` warns of the due time, `breach` records that it has passed, `escalation` says so higher up, `nudge`
    reminds the consumer to answer, `resume` ends a wait for information, `lapse` ends the stage by itself.
    `asked` is told: the department that an inquiry asks.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["reminder", "breach", "escalation", "nudge", "resume", "lapse"]
    tell: tuple[Role | Literal["asked"], ...]
    hours_before_due: int | None = None
    on_last_day: Literal[True] | None = None
    at_due: Literal[True] | None = None
    hours_after_due: int | None = None
    working_days_after_due: int | None = None
    working_days_after_entry: int | None = None
    every_working_day: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != len(("kind", "tell", "when")):
            raise ValueError("an alarm has one moment: before, at or after the due time, after entry, or every day")
        return self


class Route(Model):
    """Which department is asked first about a category of complaints, and what (4.2a); None: nobody but ourselves."""

    model_config = ConfigDict(extra="forbid")

    department: Department
    question: str | None = None

    @model_validator(mode="after")
    def _whoever_is_asked_is_asked_something(self) -> Self:
        if (self.department == Role.CUSTOMER_SERVICE) != (self.question is None):
            raise ValueError("a department that is asked first needs a question, customer service needs none")
        return self


class Policy(Model):
    """One version of the policy. Times are counted as `worktime` says, in the policy's own time zone."""

    model_config = ConfigDict(extra="forbid")

    version: int
    title: str
    legal_basis: tuple[str, ...]
    interpreter: Role
    effective_from: AwareDatetime
    country: str
    time_zone: str
    close_of_business: time | None
    extra_holidays: tuple[date, ...]
    extra_working_days: tuple[date, ...]
    clocks: dict[Stage | Ladders, Clock]
    consumer_link_days: int
    waking_hours: WakingHours
    ladders: dict[Stage | Ladders, tuple[Rung, ...]]
    routing: dict[Category, Route]
    longest_wait_working_days: int
    reopening_days: int
    repeats_within_days: int
    upload_minutes: int
    safety_words: dict[Locale, tuple[str, ...]]
    legal_categories: tuple[Category, ...]
    staff_locale: Locale

    @model_validator(mode="after")
    def _a_clock_for_every_open_stage(self) -> Self:
        opened = {stage for stage, facts in STAGES.items() if facts.open}
        if opened | {"inquiry"} != set(self.clocks):
            raise ValueError(f"clocks are needed for exactly the open stages and inquiries: {sorted(opened)}")
        if opened | set(get_args(Ladders)) != set(self.ladders):
            raise ValueError(f"ladders are needed for exactly the open stages and {', '.join(get_args(Ladders))}")
        if set(self.routing) != set(get_args(Category)):
            raise ValueError("routing names each category of complaints once")
        return self

    @model_validator(mode="after")
    def _only_the_last_alarm_comes_every_day(self) -> Self:
        if any(rung.every_working_day for ladder in self.ladders.values() for rung in ladder[:-1]):
            raise ValueError("an alarm that comes every working day is the last of its ladder")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def calendar(self) -> worktime.Calendar:
        """The working days of the country, with the policy's own amendments."""
        return calendars.calendar(self.country).amended(self.extra_holidays, self.extra_working_days)

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
        received_at: datetime,
        entered_at: datetime,
        extended_by: int = 0,
        waits: Iterable[tuple[datetime, datetime]] = (),
    ) -> Due | None:
        """When something that began at `entered_at` must be done with, or None if no clock runs in it.

        An extension adds working days; then what the clock stood still for (`waits`, from and until) is given back.
        """
        clock = self.clocks.get(stage)
        if clock is None:
            return None
        due = self._counted(clock, received_at if clock.starts == "receipt" else entered_at)
        if extended_by:
            later = self.after_working_days(due.at - INSTANT, extended_by)
            due = Due(later.at, due.provisional or later.provisional)
        for waited_from, waited_until in waits:
            waited = self.working_time(waited_from, waited_until)
            later = worktime.after_working_time(due.at, waited, self.calendar, self.zone, self.close_of_business)
            due = Due(later.at, due.provisional or later.provisional)
        return due

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

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        return worktime.working_time(start, end, self.calendar, self.zone, self.close_of_business)

    @property
    def upload_time(self) -> timedelta:
        """How long a form to upload evidence with is good for."""
        return timedelta(minutes=self.upload_minutes)

    def longest_wait(self, start: datetime, waits: Iterable[tuple[datetime, datetime]]) -> datetime:
        """Until when a clock may stand still from `start` on, given how long it has stood still already."""
        ends = self.close_of_business
        working_day = timedelta(hours=ends.hour, minutes=ends.minute) if ends else timedelta(days=1)
        left = self.longest_wait_working_days * working_day - sum(
            (self.working_time(*wait) for wait in waits), timedelta()
        )
        return worktime.after_working_time(start, left, self.calendar, self.zone, self.close_of_business).at

    def words_of_danger(self, text: str) -> tuple[str, ...]:
        """The words of the safety lists that a description contains, whatever language it was announced in.

        In any case of letters, and not in the middle of a Latin word.
        """
        said = text.casefold()
        words = dict.fromkeys(word for listed in self.safety_words.values() for word in listed)
        return tuple(word for word in words if word in said and re.search(f"(?<![a-z]){re.escape(word)}", said))


def with_everyones_days(published: Collection[Policy]) -> dict[int, Policy]:
    """Policies by version. A storm closure holds for complaints that are open already, whatever version they pinned:
    so each version counts by the extra days of all of them."""
    holidays = tuple(sorted({day for policy in published for day in policy.extra_holidays}))
    worked = tuple(sorted({day for policy in published for day in policy.extra_working_days}))
    days = {"extra_holidays": holidays, "extra_working_days": worked}
    return {policy.version: Policy.model_validate(policy.model_dump() | days) for policy in published}


@cache
def _published() -> dict[int, Policy]:
    return with_everyones_days([Policy.model_validate_json(file.read_bytes()) for file in POLICIES.glob("*.json")])


def version(number: int) -> Policy:
    """The policy of a version. Raises KeyError for one that was never published."""
    return _published()[number]


def in_force(at: datetime) -> Policy:
    """The latest version that is in effect at `at` (7.1)."""
    return max((policy for policy in _published().values() if policy.effective_from <= at), key=lambda p: p.version)
