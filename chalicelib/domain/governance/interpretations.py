"""What the policy means where that was asked (7.1): a question, a ruling, since when; and whether it still holds.

An interpretation is of a clause. It is looked at again with each version that is announced after it: kept, said in
other words, or ended. What was ruled once stays readable, whatever became of it.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self, get_args

from pydantic import model_validator

from chalicelib.domain.ground.days import Day
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.text import Incomplete, Text, Typed

Clause = Literal[
    "1.1", "2.1", "2.2", "3.1", "3.2", "3.3", "3.4", "4.1a", "4.1b", "4.1c", "4.2a", "4.2b", "4.2c", "4.3a", "4.3b",
    "4.4a", "4.4b", "4.5a", "4.5b", "5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3", "7.1", "7.2", "8.1", "8.2", "8.3",
]  # fmt: skip
CLAUSES: tuple[Clause, ...] = get_args(Clause)
Standing = Literal["holds", "to_review", "ended"]
Outcome = Literal["keep", "revise", "end"]
INTERPRETERS = frozenset({Role.CUSTOMER_SERVICE})
MOST_REVIEWS = 20
"""Of one interpretation, which is one item of the table."""
Asked = Annotated[str, Text(1000, lines=True)]
Ruled = Annotated[str, Text(3000, lines=True)]


class Ruling(Body):
    """An interpretation as customer service gives it. `holds_from`: a day of China; by default that on which it is
    given."""

    clause: Clause
    question: Asked
    ruling: Ruled
    holds_from: Day | None = None


class InterpretationReview(Body):
    """What becomes of one. `ruling`: what it says from then on, where it is revised, and only there."""

    decision: Outcome
    reasons: Annotated[str, Text(2000, lines=True)]
    ruling: Ruled | None = None

    @model_validator(mode="after")
    def _says_what_is_revised(self) -> Self:
        if self.decision == "revise" and self.ruling is None:
            raise Incomplete("ruling", "revised_ruling_needed")
        if self.decision != "revise" and self.ruling is not None:
            raise Incomplete("ruling", "ruling_not_revised")
        return self


class Reviewed(Model):
    """`version`: the latest that was announced then, with which it was looked at."""

    at: Instant
    by: str
    version: int
    decision: Outcome
    reasons: Typed
    ruling: Typed | None = None


class Interpretation(Model):
    """`version`: the one in force when it was given, which it is about; `known`: the latest announced then."""

    number: int
    clause: str
    question: Typed
    as_given: Typed
    holds_from: date
    version: int
    known: int
    at: Instant
    by: str
    reviews: tuple[Reviewed, ...] = ()

    @property
    def ruling(self) -> str:
        """What it says now."""
        return next((one.ruling for one in reversed(self.reviews) if one.ruling is not None), self.as_given)

    @property
    def characters(self) -> int:
        """How many were typed, reviews included."""
        reviews = sum(len(one.reasons) + len(one.ruling or "") for one in self.reviews)
        return len(self.question) + len(self.as_given) + reviews

    @property
    def ended(self) -> bool:
        return any(one.decision == "end" for one in self.reviews)

    @property
    def edition(self) -> int:
        return len(self.reviews) + 1

    def standing(self, latest: int) -> Standing:
        """Whether it holds; `latest`: the latest version that is announced, with which it is to be looked at."""
        if self.ended:
            return "ended"
        return "to_review" if latest > max([self.known, *(one.version for one in self.reviews)]) else "holds"

    def at_edition(self, edition: int) -> "Interpretation":
        """As it was then."""
        return self.model_copy(update={"reviews": self.reviews[: edition - 1]})


def refused(one: Interpretation) -> NotAllowed | None:
    """Why it is not to be looked at again, where it is not: it has ended, or was as often as there is room for."""
    if one.ended:
        return NotAllowed("interpretation_ended", (), number=one.number)
    if len(one.reviews) >= MOST_REVIEWS:
        return NotAllowed("too_many_interpretation_reviews", (), most=MOST_REVIEWS)
    return None


def reviewed(one: Interpretation, review: InterpretationReview, by: str, now: datetime, latest: int) -> Interpretation:
    """The same after a review. Raises NotAllowed (`refused`)."""
    if refusal := refused(one):
        raise refusal
    said = Reviewed(at=now, by=by, version=latest, **review.model_dump())
    return one.model_copy(update={"reviews": (*one.reviews, said)})
