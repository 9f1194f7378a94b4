"""Today: what waits for whoever has signed in, as links to where it is."""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.casework import waiting
from chalicelib.casework.read import Filters
from chalicelib.casework.waiting import Waits
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from . import chores
from .departments import DEPARTMENTS
from .door import Console
from .page import page, speech

today = Console(__name__)
LINES = 10


class Tile(NamedTuple):
    """A count, and the view that it is of, as the query of its address."""

    name: str
    number: str
    is_late: bool
    view: str


@today.operation("GET", "/console", who=STAFF, answers={200: str})
def show_today(call: Call) -> Answer:
    """What waits for whoever has signed in: counts, each a link to its queue, and what they begin with."""
    say = speech(call)
    speaks, decides = waiting.heard(call.actor)
    return page(
        call,
        "today.html",
        say,
        departments=[(one, spoken.DEPARTMENTS[one][say.locale]) for one in DEPARTMENTS if one in call.actor.roles],
        tiles=[_tile(one) for one in waiting.counted(call.actor, call.now)],
        begins=[*_begins(call, say)],
        speaks=[one for one in speaks if one.about == "breach"],
        decides=[one for one in decides if one.about == "breach"],
        to_study=waiting.to_study(call.actor, call.now),
    )


def _begins(call: Call, say: Speech) -> Iterator[chores.Part]:
    """Somebody's own dangers are named only while there are any."""
    for filters in waiting.begun_with(call.actor):
        found = chores.part(_named(filters), filters, call, say, LINES)
        if found.chores or not (filters.task and filters.assignee):
            yield found


def _named(filters: Filters) -> str:
    return f"part.task.{filters.task}" if filters.task else "begins.mine"


def _tile(one: Waits) -> Tile:
    late = one.name in waiting.LATE and one.number.number > 0
    return Tile(one.name, chores.number(one.number), late, chores.view_of(one.filters))
