"""Who of customer service has how much, and what nobody has (5.1): for whoever gives it to others."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.stages import STAGES, Stage

from . import read
from .colleagues import Colleague, to_choose_from
from .read import Count, Filters

PEOPLE = 10
"""Of a page: each is one round trip."""
MOST = 100
"""Complaints of one person that are looked at."""
OPEN = tuple(stage for stage, facts in STAGES.items() if facts.open)


class Load(NamedTuple):
    """What somebody has: how much, of that overdue, and in which stage. `called`: their name, where the pool knows it;
    `more`: they have more than was looked at."""

    person: str
    called: str | None
    takes_turns: bool
    number: int
    overdue: int
    stages: Mapping[Stage, int]
    more: bool


class InStage(NamedTuple):
    """How much stands in a stage, and how much of that is overdue."""

    stage: Stage
    number: Count
    overdue: Count


class People(NamedTuple):
    """A page of who is in customer service, which of how many; and `everybody` there."""

    loads: list[Load]
    page: int
    pages: int
    everybody: list[Colleague]


def people(now: datetime, page: int) -> People:
    """Who has how much, by name; a page beyond the last is the last.

    One round trip for each of them; nobody, if the user pool does not answer.
    """
    everybody = to_choose_from(Role.CUSTOMER_SERVICE, now)
    pages = max(1, -(-len(everybody) // PEOPLE))
    shown = min(max(page, 1), pages)
    begins = PEOPLE * (shown - 1)
    loads = [_load(one, now) for one in everybody[begins : begins + PEOPLE]]
    return People(loads, shown, pages, everybody)


def _load(one: Colleague, now: datetime) -> Load:
    found, cursor = read.queue(Filters(assignee=one.name), now, MOST, None)
    stages = Counter(it.stage for it in found)
    late = sum(it.overdue(now) for it in found)
    return Load(one.name, one.called, one.takes_turns, len(found), late, stages, more=cursor is not None)


def stages(now: datetime) -> list[InStage]:
    """How much stands in each open stage: two round trips each, counted up to a hundred."""
    return [
        InStage(stage, read.count(Filters(stage=stage), now), read.count(Filters(stage=stage, overdue=True), now))
        for stage in OPEN
    ]
