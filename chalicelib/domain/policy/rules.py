"""The rules (1.1): what is promised, by when, to whom. A complaint keeps the version it began under, for ever.

So a published version never changes, and never has to. A field that is added later has a default; a clock or a ladder
that is added later has a row in `CLOCKS` or `LADDERS` with what the versions before it have. Both are promises as good
as published ones: once a complaint has been handled by them they stay what they are.

Older code reads a newer version too, while a deployment is under way or is taken back: fields, clocks and ladders that
it does not know it leaves out. Whoever publishes reads strictly (`versions.read_as_written`).
"""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal, Self, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from chalicelib.domain.ground.model import Model, is_handed_in
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.text import Incomplete, Text, Wrong
from chalicelib.domain.policy import calendars
from chalicelib.domain.vocabulary.ladders import DECISION_REVIEW, SURVEY_REVIEW, Ladders, Safety
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Category, Locale

Days = Annotated[int, Field(ge=0, le=3_650)]
Length = Annotated[int, Field(ge=1, le=1_000)]
"""Of a clock or a rung, in hours or days. Bounds are for slips of the hand; older code leaves out what is beyond."""


def _of_the_day(at: time) -> time:
    """By the clock of the policy's own zone, as people say it."""
    if at.tzinfo or at.second or at.microsecond:
        raise Wrong("not_a_time_of_day")
    return at


TimeOfDay = Annotated[time, AfterValidator(_of_the_day)]
NOON = time(12)


class Clock(Model):
    """How long a stage may take, from the receipt of the complaint or from the entry into the stage."""

    starts: Literal["receipt", "entry"]
    hours: Length | None = None
    working_days: Length | None = None
    days: Length | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if [self.hours, self.working_days, self.days].count(None) != 2:
            raise Wrong("one_length")
        return self


class WakingHours(Model):
    """When people may be reminded: both ends count."""

    begin: TimeOfDay
    end: TimeOfDay

    @model_validator(mode="after")
    def _there_are_some(self) -> Self:
        if self.begin >= self.end:
            raise Incomplete("end", "ends_before_it_begins")
        return self


Told = Literal[
    Role.CUSTOMER_SERVICE,
    Role.QUALITY,
    Role.LOGISTICS,
    Role.LEGAL,
    Role.SUPERVISOR,
    Role.MANAGEMENT,
    Role.CONSUMER,
    "asked",
]
"""Whom an alarm can reach."""


class Rung(Model):
    """One alarm on a ladder: what it is, who is told, and when (exactly one of the last eight).

    `reminder` warns of the due time, `breach` records that it has passed, `escalation` says so higher up, `nudge`
    reminds the consumer to answer, `resume` ends a wait for information, `lapse` ends the stage by itself, `ask`
    begins a survey and `expire` ends it, or the days in which somebody is heard.
    `asked` is told: the department that an inquiry asks, or that a danger is for. `day_and_night`: people are told at
    once, whatever the hour.
    """

    kind: Literal["reminder", "breach", "escalation", "nudge", "resume", "lapse", "ask", "expire"]
    tell: tuple[Told, ...]
    hours_before_due: Length | None = None
    on_last_day: Literal[True] | None = None
    at_due: Literal[True] | None = None
    hours_after_due: Length | None = None
    working_days_after_due: Length | None = None
    working_days_after_entry: Length | None = None
    days_after_entry: Length | None = None
    every_working_day: Literal[True] | None = None
    day_and_night: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if len(self.model_dump(exclude_none=True, exclude={"kind", "tell", "day_and_night"})) != 1:
            raise Wrong("one_moment")
        return self


class SurveyRules(Model):
    """How consumers are asked how it was (6.2): the day after a closure and the hour at which, the days in which they
    can answer, the hours in which they can change that, and how many days nobody is asked twice."""

    after_days: Days = 3
    at: TimeOfDay = time(10)
    expires_after_days: Days = 14
    change_hours: int = Field(12, ge=0, le=1_000)
    once_in_days: Days = 30


class AmendmentRules(Model):
    """How the policy is amended (7, 8.1): days between an announcement and the effect, and where the impact is major
    (SAMR/CAC Order 116, art. 12; E-Commerce Law 34); working days in which management decides, and in which opinions
    are answered once it is in force; months after which it is looked over (7.2) at the latest."""

    notice_days: int = Field(7, ge=7, le=365)
    major_notice_days: int = Field(15, ge=15, le=365)
    decision_working_days: int = Field(5, ge=1, le=60)
    answer_working_days: int = Field(5, ge=1, le=60)
    review_months: int = Field(12, ge=1, le=12)


class StudyRules(Model):
    """How staff study a version (8.2): working days after its announcement, questions drawn, the share of right answers
    that passes, tries a day. `unstudied_get_none`: who has not is given no new complaint."""

    due_working_days: int = Field(5, ge=1, le=60)
    questions: int = Field(8, ge=1, le=50)
    pass_percent: int = Field(80, ge=1, le=100)
    tries_a_day: int = Field(3, ge=1, le=20)
    unstudied_get_none: bool = False


OPEN_STAGES = tuple(stage for stage, facts in STAGES.items() if facts.open)
SAFETY_CLOCKS: dict[Safety, Clock] = {
    "safety_call": Clock(starts="entry", hours=2),
    "safety_assessment": Clock(starts="entry", working_days=1),
    "safety_look": Clock(starts="entry", working_days=1),
    "safety_skin": Clock(starts="entry", days=3),
    "safety_privacy": Clock(starts="entry", hours=24),
    "safety_report_at_once": Clock(starts="entry", hours=4),
    "safety_report_market": Clock(starts="entry", working_days=2),
    "safety_report_cosmetics": Clock(starts="entry", days=30),
    "safety_report_cosmetics_serious": Clock(starts="entry", days=15),
    "safety_report_cosmetics_death": Clock(starts="entry", days=3),
}
"""What a danger asks for, by when: of the consumer's safety within hours, of authorities as the law of each says."""
HEARING_CLOCKS: dict[str, Clock] = {
    "hearing": Clock(starts="entry", working_days=3),
    "hearing_decision": Clock(starts="entry", working_days=5),
    "hearing_objection": Clock(starts="entry", working_days=5),
}
"""How long whoever answers for something is heard, management decides, and they may object (8.3)."""
CLOCKS: dict[str, Clock | None] = (
    dict.fromkeys((*OPEN_STAGES, "inquiry", "words"))
    | {
        DECISION_REVIEW: Clock(starts="entry", working_days=5),
        SURVEY_REVIEW: Clock(starts="entry", working_days=2),
        **HEARING_CLOCKS,
    }
    | SAFETY_CLOCKS
)
"""Every clock whose length is the policy's, with that of the versions which do not name it; None: each names it."""
_BY_THE_DAY = (
    Rung(kind="reminder", tell=("asked",), on_last_day=True),
    Rung(kind="breach", tell=("asked", Role.SUPERVISOR), at_due=True),
    Rung(kind="escalation", tell=(Role.MANAGEMENT,), working_days_after_due=1),
)
_BY_THE_HOUR = (
    Rung(kind="reminder", tell=("asked", Role.SUPERVISOR), hours_before_due=1, day_and_night=True),
    Rung(kind="breach", tell=("asked", Role.SUPERVISOR, Role.MANAGEMENT), at_due=True, day_and_night=True),
    Rung(kind="escalation", tell=(Role.MANAGEMENT,), hours_after_due=2, day_and_night=True),
    Rung(kind="escalation", tell=(Role.MANAGEMENT,), every_working_day=True),
)
_WITHIN_A_DAY = (
    Rung(kind="reminder", tell=("asked",), hours_before_due=4),
    Rung(kind="breach", tell=("asked", Role.SUPERVISOR), at_due=True),
    Rung(kind="escalation", tell=(Role.MANAGEMENT,), hours_after_due=24),
)
SAFETY_LADDERS: dict[str, tuple[Rung, ...]] = {
    **dict.fromkeys(SAFETY_CLOCKS, _BY_THE_DAY),
    "safety_call": _BY_THE_HOUR,
    "safety_report_at_once": _BY_THE_HOUR,
    "safety_privacy": _WITHIN_A_DAY,
}
SURVEY_LADDERS: dict[str, tuple[Rung, ...]] = {
    "survey": (Rung(kind="ask", tell=(), at_due=True),),
    "survey_answer": (
        Rung(kind="nudge", tell=(Role.CONSUMER,), days_after_entry=4),
        Rung(kind="expire", tell=(), at_due=True),
    ),
    "survey_review": (
        Rung(kind="reminder", tell=("asked",), on_last_day=True),
        Rung(kind="breach", tell=("asked",), at_due=True),
        Rung(kind="escalation", tell=(Role.MANAGEMENT,), working_days_after_due=1),
    ),
}
_UNTIL_THE_END = (Rung(kind="reminder", tell=(), on_last_day=True), Rung(kind="expire", tell=(), at_due=True))
HEARING_LADDERS: dict[str, tuple[Rung, ...]] = {
    "hearing": _UNTIL_THE_END,
    "hearing_objection": _UNTIL_THE_END,
    "hearing_decision": (
        Rung(kind="reminder", tell=(Role.MANAGEMENT,), on_last_day=True),
        Rung(kind="breach", tell=(Role.MANAGEMENT, Role.SUPERVISOR), at_due=True),
        Rung(kind="escalation", tell=(Role.MANAGEMENT,), working_days_after_due=1),
    ),
}
LADDERS: dict[str, tuple[Rung, ...] | str | None] = {
    **dict.fromkeys((*OPEN_STAGES, *get_args(Ladders))),
    DECISION_REVIEW: Stage.PLANNING,
    **SAFETY_LADDERS,
    **SURVEY_LADDERS,
    **HEARING_LADDERS,
}
"""Every ladder, with that of the versions which do not name it, or the name of another of theirs; None: each version
names it."""

OF_THE_HOUSE = ("reminder", "breach", "escalation")
OTHERS: Mapping[str, tuple[str, ...]] = {
    Stage.AWAITING_CONSUMER: ("nudge", "lapse"),
    "information": ("nudge", "resume"),
    "survey": ("ask",),
    "survey_answer": ("nudge", "expire"),
    "hearing": ("reminder", "expire"),
    "hearing_objection": ("reminder", "expire"),
}
"""The alarms of the ladders on which it is not the house that has to do something; all others have its own."""
NEEDED = ("resume", "ask", "expire")
"""Of these, those without which what they end would never end."""
AT_DUE = ("breach", "lapse", *NEEDED)

Named = TypeVar("Named", Clock, tuple[Rung, ...])


class Rules(Model):
    """One version of the rules. Times are counted as `worktime` says, in the policy's own time zone."""

    version: int = Field(ge=1, le=9_999)
    title: Annotated[str, Text(200)]
    legal_basis: tuple[Annotated[str, Text(200)], ...]
    interpreter: Role
    effective_from: AwareDatetime
    country: str
    time_zone: str
    close_of_business: TimeOfDay | None = None
    clocks: dict[str, Clock]
    link_days: Days
    waking_hours: WakingHours
    ladders: dict[str, tuple[Rung, ...]]
    longest_wait_working_days: Days
    reopening_days: Days
    reopenings: int = Field(3, ge=0, le=100)
    review_days: Days = 15
    repeats_within_days: Days
    statistics_days: Days = Field(1_095, description="How long lines and figures are kept, from their day on (4.5b).")
    upload_minutes: int = Field(ge=1, le=1_440)
    legal_categories: tuple[Category, ...]
    coded_facts: bool = Field(False, description="A report names verdict and cause, a rejection its basis (6.1).")
    staff_locale: Locale
    survey: SurveyRules = SurveyRules()
    amendments: AmendmentRules = AmendmentRules()
    study: StudyRules = StudyRules()

    @field_validator("clocks", mode="wrap")
    @classmethod
    def _a_clock_for_every_open_stage(cls, said: Any, read: ValidatorFunctionWrapHandler) -> dict[str, Clock]:
        return _completed(read(_known(said, CLOCKS)), CLOCKS)

    @field_validator("ladders", mode="wrap")
    @classmethod
    def _a_ladder_for_every_clock(
        cls, said: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> dict[str, tuple[Rung, ...]]:
        ladders = _completed(read(_known(said, LADDERS)), LADDERS)
        for name, ladder in ladders.items():
            for place, rung in enumerate(ladder):
                if rung.every_working_day and (place == 0 or place + 1 < len(ladder)):
                    raise Incomplete(f"{name}.{place}", "every_day_comes_last")
            if is_handed_in(info):
                _check_what_it_does(name, ladder)
        return ladders

    @field_validator("close_of_business")
    @classmethod
    def _a_working_day_has_hours(cls, closes: time | None) -> time | None:
        if closes and closes < NOON:
            raise Wrong("closes_before_noon")
        return closes

    @model_validator(mode="after")
    def _working_days_can_be_counted(self) -> Self:
        if self.country not in calendars.known():
            raise Incomplete("country", "not_listed", listed=calendars.known())
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Incomplete("time_zone", "unknown_time_zone") from None
        return self


def _known(said: Any, names: Mapping[str, object]) -> Any:
    """What this code has a use for."""
    return {name: value for name, value in said.items() if name in names} if isinstance(said, dict) else said


def _completed(named: dict[str, Named], defaults: Mapping[str, Named | str | None]) -> dict[str, Named]:
    """What a version names, and for the rest the defaults. Raises Incomplete if something has neither."""
    meant = {name: named.get(one) if isinstance(one, str) else one for name, one in defaults.items()}
    whole = {name: named.get(name, default) for name, default in meant.items()}
    if missing := sorted(name for name, one in whole.items() if one is None):
        raise Incomplete(missing[0], "missing")
    return {name: one for name, one in whole.items() if one is not None}


def _check_what_it_does(name: str, ladder: tuple[Rung, ...]) -> None:
    """What an alarm does can be done on its ladder, and what ends something does so at the due time.

    Raises Incomplete.
    """
    kinds = OTHERS.get(name, OF_THE_HOUSE)
    for place, rung in enumerate(ladder):
        if rung.kind not in kinds:
            raise Incomplete(f"{name}.{place}.kind", "not_listed", listed=kinds)
        if rung.kind in AT_DUE and not rung.at_due:
            raise Incomplete(f"{name}.{place}", "alarm_not_at_due")
    there = {rung.kind for rung in ladder}
    if lost := [kind for kind in kinds if kind in NEEDED and kind not in there]:
        raise Incomplete(name, "alarm_needed", kind=lost[0])
