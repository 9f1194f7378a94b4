"""Today: what waits for whoever has signed in, as links to where it is."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, NamedTuple

from chalicelib.casework import waiting
from chalicelib.casework.read import Filters
from chalicelib.casework.waiting import Waits
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from . import chores, together
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
"""What waits of clauses 6 to 8, the most pressing first: each says a few lines, and where they are below the prefix."""


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
    with together.asking() as ask:
        counts = [ask(one) for one in waiting.counts(call.actor, call.now)]
        begins = [ask(_begins, one, call, say) for one in waiting.begun_with(call.actor)]
        waits = [ask(_lines, part, call, say) for part in WAITING]
        study = [ask(waiting.to_study, call.actor, call.now)]
    asked = [*counts, *begins, *waits, *study]
    _require_any(asked)
    found = {one.name: one for one in together.heard(counts)}
    return page(
        call,
        "today.html",
        say,
        missing=any(one.exception() for one in asked),
        departments=[(one, spoken.DEPARTMENTS[one][say.locale]) for one in DEPARTMENTS if one in call.actor.roles],
        tiles=[_tile(found[name]) for name, _ in waiting.views(call.actor) if name in found],
        begins=together.heard(begins),
        waits=together.heard(waits),
        to_study=together.heard(study),
    )


def _begins(filters: Filters, call: Call, say: Speech) -> list[chores.Part]:
    """Somebody's own dangers are named only while there are any."""
    found = chores.part(_named(filters), filters, call, say, LINES)
    return [found] if found.chores or not (filters.task and filters.assignee) else []


def _lines(part: Callable[[Call, Speech], Iterator[tuple[str, str]]], call: Call, say: Speech) -> list[tuple[str, str]]:
    return [*part(call, say)]


def _require_any(asked: list[Future[Any]]) -> None:
    """Raises what one failed of, where none of the others says anything either."""
    failed = [one for one in asked if one.exception()]
    if failed and not any(one.result() for one in asked if one not in failed):
        failed[0].result()


def _named(filters: Filters) -> str:
    return f"part.task.{filters.task}" if filters.task else "begins.mine"


def _tile(one: Waits) -> Tile:
    late = one.name in waiting.LATE and one.number.number > 0
    return Tile(one.name, chores.number(one.number), late, chores.view_of(one.filters))
