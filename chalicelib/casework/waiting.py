"""What waits for somebody of staff: views of the queue by their names, each counted no further than a hundred, and what
concerns nobody but them. One round trip for each view, of one page at most, and one for all of what somebody has."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Literal, NamedTuple

from chalicelib.domain.complaint import hearings as domain
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.vocabulary.ladders import REVIEW

from . import hearings, read, study
from .hearings import Waiting as Heard
from .read import Filters

Name = Literal[
    "mine_overdue",
    "mine_today",
    "mine",
    "answered",
    "returned",
    "unassigned",
    "calls",
    "safety",
    "measures",
    "inquiries",
    "inquiries_overdue",
    "drafts",
    "overdue",
    "dangers",
    "survey_reviews",
]
LATE: frozenset[Name] = frozenset({"mine_overdue", "inquiries_overdue", "overdue"})
"""Of what is past its due time."""
LEADERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT})
"""They see what presses anywhere in the house."""
_ASKED = (Role.QUALITY, Role.LOGISTICS, Role.LEGAL)
FEW = 10
"""Of hearings so many are named."""


class Waits(NamedTuple):
    """A view of the queue that concerns somebody, and how much stands in it."""

    name: Name
    filters: Filters
    number: read.Count


class Study(NamedTuple):
    """A version of the policy that somebody has to study (8.2); `due_at`: None, as long as nobody has noted them."""

    version: int
    due_at: datetime | None


def views(actor: Actor) -> list[tuple[Name, Filters]]:
    """The views that concern somebody, by their departments; each once, the most pressing first."""
    return [*dict(_views(actor)).items()]


def _views(actor: Actor) -> Iterator[tuple[Name, Filters]]:
    roles = actor.roles
    leads = roles & LEADERS
    if Role.CUSTOMER_SERVICE in roles:
        yield "mine_overdue", Filters(assignee=actor.id, overdue=True)
        yield "mine_today", Filters(assignee=actor.id, overdue=False, due="today")
    for department in (one for one in _ASKED if one in roles):
        yield "inquiries_overdue", Filters(department=department, task="inquiry", overdue=True)
        yield "inquiries", Filters(department=department, task="inquiry")
    if Role.LEGAL in roles:
        yield "drafts", Filters(task=REVIEW)
    for department in (one for one in (Role.CUSTOMER_SERVICE, Role.QUALITY) if one in roles):
        yield "safety", Filters(department=department, task="safety")
    if leads:
        yield "overdue", Filters(overdue=True)
        yield "dangers", Filters(safety=True)
    if roles & {Role.CUSTOMER_SERVICE, Role.SUPERVISOR}:
        yield "unassigned", Filters(assignee="none")
        yield "calls", Filters(bounced=True)
    if Role.CUSTOMER_SERVICE in roles:
        yield "answered", Filters(assignee=actor.id, answered=True)
        yield "returned", Filters(assignee=actor.id, returned=True)
        yield "measures", Filters(task="follow_up", due="today")
        yield "mine", Filters(assignee=actor.id)
    if leads:
        yield "survey_reviews", Filters(task="survey_review")


def counts(actor: Actor, now: datetime) -> list[Callable[[], list[Waits]]]:
    """How much stands in each of these: questions that can be asked at the same time, one for all of what somebody has
    and one for each view of anything else."""
    known = views(actor)
    own = [(name, filters) for name, filters in known if filters.assignee == actor.id]
    others = [(name, filters) for name, filters in known if filters.assignee != actor.id]
    return [partial(_counted, each, actor, now) for each in ([own] if own else []) + [[one] for one in others]]


def _counted(named: list[tuple[Name, Filters]], actor: Actor, now: datetime) -> list[Waits]:
    asked = [filters for _, filters in named]
    numbers = read.counts(Filters(assignee=actor.id), asked, now) if asked[1:] else [read.count(asked[0], now)]
    return [Waits(name, filters, number) for (name, filters), number in zip(named, numbers, strict=True)]


def begun_with(actor: Actor) -> list[Filters]:
    """The views whose lines somebody begins the day with; none for who has no queue of their own."""
    roles = actor.roles
    return [
        *(
            [Filters(department=Role.CUSTOMER_SERVICE, task="safety", assignee=actor.id)]
            if Role.CUSTOMER_SERVICE in roles
            else []
        ),
        *([Filters(assignee=actor.id)] if Role.CUSTOMER_SERVICE in roles else []),
        *([Filters(department=Role.QUALITY, task="safety")] if Role.QUALITY in roles else []),
        *([Filters(task=REVIEW)] if Role.LEGAL in roles else []),
        *(Filters(department=one, task="inquiry") for one in _ASKED if one in roles),
    ]


def heard(actor: Actor) -> tuple[list[Heard], list[Heard]]:
    """In which cases somebody may speak, and which they may decide (8.3): a few of each, soonest due first."""
    own, _ = hearings.of_person(actor.id, actor, FEW, None)
    if Role.MANAGEMENT not in actor.roles or not actor.roles & domain.READERS:
        return own, []
    return own, hearings.to_decide(actor, FEW, None)[0]


def to_study(actor: Actor, now: datetime) -> list[Study]:
    """The versions of the policy that somebody has to study and has not confirmed (8.2)."""
    shown = study.all_shown(actor, now)
    return [Study(one.version.number, one.due_at) for one in shown if one.needed and not one.confirmed]
