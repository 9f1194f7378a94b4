"""Operating data: what the house works with from day to day, as in force now, whatever version a complaint pinned.

An entry that used some of it names its number. A number is whole: what the one before said and this one does not, holds
no more. Every field has a default, so that a number never has to change when a field is added.
"""

from datetime import date
from functools import cached_property
from typing import Annotated, Self, get_args

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator, model_validator

from chalicelib.domain.ground.model import Model, is_handed_in
from chalicelib.domain.ground.people import Department, Role
from chalicelib.domain.ground.text import Incomplete, Text
from chalicelib.domain.policy.canned import MOST, CannedWords, packaged_words
from chalicelib.domain.policy.causes import Cause, Code, packaged_causes
from chalicelib.domain.policy.quiz import Question, packaged_quiz
from chalicelib.domain.policy.triage import Excepted, Found, Scan, TriageRow
from chalicelib.domain.vocabulary.terms import Category


class Route(Model):
    """Which department is asked first about a category of complaints, and what (4.2a); None: nobody but ourselves."""

    department: Department
    question: Annotated[str, Text(2000)] | None = None

    @model_validator(mode="after")
    def _whoever_is_asked_is_asked_something(self) -> Self:
        ourselves = self.department == Role.CUSTOMER_SERVICE
        if ourselves != (self.question is None):
            raise Incomplete("question", "question_to_ourselves" if ourselves else "question_needed")
        return self


UNDETERMINED = "undetermined"
NOBODY_ELSE = Route(department="customer_service")


class NoticesADay(Model):
    """How many notices a consumer gets about a complaint, by channel and day; then one says that there is more."""

    email: int = Field(20, ge=1, le=1_000)
    sms: int = Field(6, ge=1, le=1_000)


class Alarms(Model):
    """How often one reader is told singly of dangers: `singles` in so many minutes; what is more is told together."""

    singles: int = Field(10, ge=1, le=30)
    within_minutes: int = Field(60, ge=1, le=24 * 60)
    then_every_minutes: int = Field(15, ge=5, le=24 * 60)


class ProductDanger(Model):
    """So many complaints about one product with danger at hand, within so many days, say that it is the product."""

    complaints: int = Field(2, ge=2, le=10)
    within_days: int = Field(30, ge=1, le=365)


class Operating(Model):
    """One number of the operating data. Routes are by category.

    `triage`: the words of danger; `triage_unless`: how none of them counts, as in "怕…~".
    `told_together_minutes`: within so many staff are told once of what a consumer sends. `causes`: what a report may
    name as the cause, by code; what must be named can be, so a number without a list has the packaged one.
    `canned_words`: what departments write again and again.
    """

    version: int = Field(ge=1, le=9_999)
    effective_from: AwareDatetime
    routing: dict[str, Route] = Field(default_factory=dict)
    triage: tuple[TriageRow, ...] = ()
    triage_unless: tuple[Excepted, ...] = ()
    extra_holidays: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = ()
    told_together_minutes: int = Field(5, ge=0, le=60)
    notices_a_day: NoticesADay = NoticesADay()
    alarms: Alarms = Alarms()
    product_danger: ProductDanger = ProductDanger()
    causes: dict[Code, Cause] = Field(default_factory=packaged_causes)
    quiz: tuple[Question, ...] = Field(default_factory=packaged_quiz)
    canned_words: tuple[CannedWords, ...] = Field(default_factory=packaged_words, max_length=MOST)

    @field_validator("routing")
    @classmethod
    def _routes_are_of_categories(cls, routes: dict[str, Route], info: ValidationInfo) -> dict[str, Route]:
        """Of a category that only newer code knows, older code reads the route too."""
        if is_handed_in(info) and (unknown := sorted(routes.keys() - {*get_args(Category)})):
            raise Incomplete(unknown[0], "unknown_field")
        return routes

    @field_validator("causes")
    @classmethod
    def _there_is_always_one_to_name(cls, listed: dict[str, Cause]) -> dict[str, Cause]:
        if UNDETERMINED not in listed:
            raise Incomplete(UNDETERMINED, "missing")
        return listed

    @field_validator("quiz")
    @classmethod
    def _each_question_has_a_name_of_its_own(cls, pool: tuple[Question, ...]) -> tuple[Question, ...]:
        ids = [question.id for question in pool]
        if twice := [place for place, one in enumerate(ids) if one in ids[:place]]:
            raise Incomplete(f"{twice[0]}.id", "name_twice")
        return pool

    @field_validator("canned_words")
    @classmethod
    def _each_has_a_name_of_its_own_in_its_language(cls, listed: tuple[CannedWords, ...]) -> tuple[CannedWords, ...]:
        names = [(one.id, one.locale) for one in listed]
        if twice := [place for place, one in enumerate(names) if one in names[:place]]:
            raise Incomplete(f"{twice[0]}.id", "name_twice")
        return listed

    @model_validator(mode="after")
    def _a_day_is_one_or_the_other(self) -> Self:
        if both := set(self.extra_holidays) & set(self.extra_working_days):
            raise Incomplete("extra_working_days", "day_off_too", day=min(both).isoformat())
        return self

    def route(self, category: str) -> Route:
        """Whoever is asked first about a category; about one that is not named, nobody else is."""
        return self.routing.get(category, NOBODY_ELSE)

    def dangers(self, said: str, product_name: str = "") -> tuple[Found, ...]:
        """The words of danger in one text of a consumer, whatever its language; the highest tier first.

        The product's name counts only together with what is said of it.
        """
        return self._scan.dangers(said, product_name)

    @cached_property
    def _scan(self) -> Scan:
        """Made when somebody says something: most containers start for something else."""
        return Scan(self.triage, self.triage_unless)
