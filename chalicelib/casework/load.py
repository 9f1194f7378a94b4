"""Who of customer service has how much, and what nobody has (5.1): for whoever gives it to others."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import roster
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.stages import STAGES, Stage

from . import read, rules
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


def people(now: datetime, page: int) -> tuple[list[Load], int]:
    """A page of who is in customer service, by name, and how many pages there are; a page beyond is the last.

    One round trip for each of them; ClientError or BotoCoreError if the user pool does not answer.
    """
    members = roster.members(Role.CUSTOMER_SERVICE, now)
    pages = max(1, -(-len(members) // PEOPLE))
    begins = PEOPLE * (min(max(page, 1), pages) - 1)
    today = now.astimezone(rules.in_force(now).zone).date()
    return [_load(one, one.takes_turns(today), now) for one in members[begins : begins + PEOPLE]], pages


def _load(member: roster.Member, takes_turns: bool, now: datetime) -> Load:
    found, cursor = read.queue(Filters(assignee=member.name), now, MOST, None)
    stages = Counter(one.stage for one in found)
    late = sum(one.overdue(now) for one in found)
    return Load(member.name, member.called, takes_turns, len(found), late, stages, more=cursor is not None)


def stages(now: datetime) -> list[InStage]:
    """How much stands in each open stage: two round trips each, counted up to a hundred."""
    return [
        InStage(
            stage, read.count(Filters(stage=stage), now), read.count(Filters(stage=stage, overdue=True), now)
        )
        for stage in OPEN
    ]
