"""Today: what waits for whoever has signed in, as links to where it is."""

from collections.abc import Callable, Iterator
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
from .people import waits
from .policy import amendments, interpretations, reviews, study
from .supervision import alerts, audit_waits, findings, hearings, management_reviews, measures, reports, safety

today = Console(__name__)
LINES = 10
WAITING: tuple[Callable[[Call, Speech], Iterator[tuple[str, str]]], ...] = (
    *(safety.waiting_here, hearings.waiting_here, findings.waiting_here, audit_waits.waiting_here),
    *(measures.waiting_here, waits.waiting_here, management_reviews.waiting_here, amendments.waiting_here),
    *(interpretations.waiting_here, reviews.waiting_here, study.waiting_here),
    *(reports.waiting_here, alerts.waiting_here),
)
"""What waits of clauses 6 to 8, the most pressing first: each says a few lines, and where they are."""


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
    return page(
        call,
        "today.html",
        say,
        departments=[(one, spoken.DEPARTMENTS[one][say.locale]) for one in DEPARTMENTS if one in call.actor.roles],
        tiles=[_tile(one) for one in waiting.counted(call.actor, call.now)],
        begins=[*_begins(call, say)],
        waits=[(said, _address(place, call)) for part in WAITING for said, place in part(call, say)],
        to_study=waiting.to_study(call.actor, call.now),
        now=call.now,
    )


def _address(place: str, call: Call) -> str:
    """Of a place below the prefix, or with it."""
    return place if place.startswith(f"{call.prefix}/") else f"{call.prefix}{place}"


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
