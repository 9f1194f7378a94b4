"""The policy is looked over (7.2): every so many months, where too much was late two months running, and where audits
found what is major on one clause three times within a year.

A review is written once and never changed. What it looked at the house fills in: nobody has to be believed about it.
"""

import hashlib
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.supervision.figures import Document, Measure

READERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})
HOLDERS = frozenset({Role.MANAGEMENT})
REMINDED_BEFORE = timedelta(days=30)
"""So long before a review is due management and legal are reminded; and so long after a trigger it is due."""
TOO_MANY_BREACHES = 10
"""For each 100 closures (M16): in each of two months running more than so many."""
CAME_TO: tuple[Measure, ...] = ("M01", "M03", "M05", "M07", "M08", "M09", "M11", "M16", "M20")
"""The figures of a month that a review keeps; the report has them all."""
TOO_MANY_FINDINGS, WITHIN_MONTHS = 3, 12
"""So many findings on a clause, major or worse, within so many months."""
Cause = Literal["months", "breaches", "findings", "by_choice"]


class PolicyReviewBody(Body):
    """What management decides of the policy as it is. Who decides to revise it has an amendment drafted."""

    decision: Literal["keep", "revise"]
    reasons: Annotated[str, Text(5000, lines=True)]


class Month(Model):
    """What a monthly report says. `hash`: of the document of its last edition; `computed_at`: when the first was;
    `figures`: those of `CAME_TO` that are shown, by measure."""

    report_id: str
    first: date
    hash: str
    computed_at: Instant
    figures: dict[str, float]

    @classmethod
    def of(cls, document: Document, hashed: str, computed_at: datetime) -> "Month":
        shown = {name: document.figures[name].value for name in CAME_TO if name in document.figures}
        return cls(
            report_id=document.report_id,
            first=document.period.first,
            hash=hashed,
            computed_at=computed_at,
            figures={name: value for name, value in shown.items() if value is not None},
        )

    @property
    def has_too_many_breaches(self) -> bool:
        return self.figures.get("M16", 0) > TOO_MANY_BREACHES


class Amended(Model):
    """An amendment that was begun, or went on, since the last review; `number`: the version that it became."""

    amendment_id: str
    document: str
    stage: str
    number: int | None = None
    opinions: int = 0
    unanswered: int = 0


class Inputs(Model):
    """What there was to look at: since the last review, or since the version in force.

    `version`: the one in force; `to_come`: announced, and not in force yet; `interpretations`: given or reviewed since;
    `to_review`: those that wait for it.
    """

    since: Instant
    version: int
    to_come: tuple[int, ...] = ()
    months: tuple[Month, ...] = ()
    interpretations: tuple[int, ...] = ()
    to_review: tuple[int, ...] = ()
    amendments: tuple[Amended, ...] = ()

    @property
    def opinions(self) -> int:
        return sum(one.opinions for one in self.amendments)


class PolicyReview(Model):
    """`cause`: what made it due, `due_on` when: the last day, of China."""

    number: int
    at: Instant
    by: str
    decision: Literal["keep", "revise"]
    reasons: Typed
    cause: Cause
    due_on: date
    late: bool
    inputs: Inputs

    @property
    def hash(self) -> str:
        return hashlib.sha256(written(self).encode()).hexdigest()


def written(review: PolicyReview) -> str:
    """As it is kept; its hash is the SHA-256 of that."""
    return review.model_dump_json(exclude_none=True)


# ---- when it is due --------------------------------------------------------------------------------------------------


class Due(NamedTuple):
    """`on`: the last day; `months`: the first days of the two that made it due, `clause`: that on which too much was
    found, if they did."""

    on: date
    months: tuple[date, date] | None = None
    clause: str | None = None

    @property
    def reminded_on(self) -> date:
        return self.on - REMINDED_BEFORE

    def cause_on(self, day: date) -> Cause:
        """Of a review that is held on a day: one that nobody was reminded of yet is by choice."""
        if day < self.reminded_on:
            return "by_choice"
        if self.clause:
            return "findings"
        return "breaches" if self.months else "months"


class Found(NamedTuple):
    """A finding of an audit on a clause, major or worse."""

    clause: str
    raised_at: datetime


def due(
    since: datetime, review_months: int, months: Iterable[Month], zone: ZoneInfo, graver: Iterable[Found] = ()
) -> Due:
    """When the policy is to be looked over next. `since`: the last review, or what there was to begin with; `months`:
    reports, `graver`: findings, in any order, of which those since then can make it due sooner."""
    by_months = Due(after_months(since.astimezone(zone).date(), review_months))
    found = (
        Due(later.computed_at.astimezone(zone).date() + REMINDED_BEFORE, (earlier.first, later.first))
        for earlier, later in running(sorted(months, key=lambda one: one.first))
        if later.computed_at > since
    )
    return min([by_months, *found, *_found_too_often(graver, since, zone)], key=lambda one: one.on)


def _found_too_often(graver: Iterable[Found], since: datetime, zone: ZoneInfo) -> Iterator[Due]:
    """By each finding since then that is the third on its clause within a year, those before it included."""
    by_clause: dict[str, list[date]] = {}
    for one in sorted(graver, key=lambda one: one.raised_at):
        days = by_clause.setdefault(one.clause, [])
        days.append(one.raised_at.astimezone(zone).date())
        last = days[-TOO_MANY_FINDINGS:]
        if one.raised_at > since and len(last) == TOO_MANY_FINDINGS and last[-1] < after_months(last[0], WITHIN_MONTHS):
            yield Due(last[-1] + REMINDED_BEFORE, clause=one.clause)


def running(months: Sequence[Month]) -> list[tuple[Month, Month]]:
    """Each two months, one after the other, in which too much was late."""
    return [
        (one, other)
        for one, other in pairwise(months)
        if after_months(one.first, 1) == other.first and one.has_too_many_breaches and other.has_too_many_breaches
    ]


def after_months(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that has not as many."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
