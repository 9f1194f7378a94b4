"""Operating data: what the house works with from day to day, as in force now, whatever version a complaint pinned.

An entry that used some of it names its number. A number is whole: what the one before said and this one does not, holds
no more. Every field has a default, so that a number never has to change when a field is added.
"""

import re
from datetime import date
from typing import NamedTuple, Self

from pydantic import AwareDatetime, Field, model_validator

from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Department, Role
from chalicelib.domain.vocabulary.terms import Tier


class Route(Model):
    """Which department is asked first about a category of complaints, and what (4.2a); None: nobody but ourselves."""

    department: Department
    question: str | None = None

    @model_validator(mode="after")
    def _whoever_is_asked_is_asked_something(self) -> Self:
        if (self.department == Role.CUSTOMER_SERVICE) != (self.question is None):
            raise ValueError("a department that is asked first needs a question, customer service needs none")
        return self


NOBODY_ELSE = Route(department="customer_service")


class Found(NamedTuple):
    """A word of danger, as the list has it, and the tier it is listed in."""

    tier: Tier
    word: str


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
    """One number of the operating data. Routes are by category, words of danger by locale.

    `told_together_minutes`: within so many staff are told once of what a consumer sends.
    """

    version: int = Field(ge=1, le=9_999)
    effective_from: AwareDatetime
    routing: dict[str, Route] = Field(default_factory=dict)
    safety_words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    extra_holidays: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = ()
    told_together_minutes: int = Field(5, ge=0, le=60)
    notices_a_day: NoticesADay = NoticesADay()
    alarms: Alarms = Alarms()
    product_danger: ProductDanger = ProductDanger()

    @model_validator(mode="after")
    def _a_day_is_one_or_the_other(self) -> Self:
        if both := set(self.extra_holidays) & set(self.extra_working_days):
            raise ValueError(f"both an extra holiday and an extra working day: {min(both)}")
        return self

    def route(self, category: str) -> Route:
        """Whoever is asked first about a category; about one that is not named, nobody else is."""
        return self.routing.get(category, NOBODY_ELSE)

    def dangers(self, said: str, product_name: str = "") -> tuple[Found, ...]:
        return tuple(Found("act", word) for word in self.words_of_danger(f"{product_name} {said}"))

    def words_of_danger(self, text: str) -> tuple[str, ...]:
        """The words of the safety lists that a description contains, whatever language it was announced in.

        In any case of letters, and not in the middle of a Latin word.
        """
        said = text.casefold()
        words = dict.fromkeys(word for listed in self.safety_words.values() for word in listed)
        return tuple(word for word in words if word in said and re.search(f"(?<![a-z]){re.escape(word)}", said))
