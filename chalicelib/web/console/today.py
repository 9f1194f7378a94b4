"""Today: what waits for whoever has signed in, as links to where it is."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

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
Line = tuple[str, str]
"""A sentence, and where it leads, below the prefix."""
WAITING: Mapping[str, Callable[[Call, Speech], Iterator[Line]]] = {
    "safety": safety.waiting_here,
    "hearings": hearings.waiting_here,
    "findings": findings.waiting_here,
    "audits": audit_waits.waiting_here,
    "measures": measures.waiting_here,
    "mine": waits.waiting_here,
    "management_reviews": management_reviews.waiting_here,
    "amendments": amendments.waiting_here,
    "interpretations": interpretations.waiting_here,
    "policy_reviews": reviews.waiting_here,
    "study": study.waiting_here,
    "reports": reports.waiting_here,
    "alerts": alerts.waiting_here,
}
"""What waits of clauses 6 to 8, the most pressing first, by what its part is called: each says a few lines, and where
they are."""


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
    with together.reading() as reading:
        counts = [reading.of("queue", one) for one in waiting.counts(call.actor, call.now)]
        begins = [reading.of("queue", partial(_begins, one, call, say)) for one in waiting.begun_with(call.actor)]
        waits = [reading.of(name, partial(part, call, say)) for name, part in WAITING.items()]
        to_study = [reading.of("study", partial(waiting.to_study, call.actor, call.now))]
    found = {one.name: one for one in together.said(counts)}
    return page(
        call,
        "today.html",
        say,
        departments=[(one, spoken.DEPARTMENTS[one][say.locale]) for one in DEPARTMENTS if one in call.actor.roles],
        tiles=[_tile(found[name]) for name, _ in waiting.views(call.actor) if name in found],
        begins=together.said(begins),
        waits=together.said(waits),
        to_study=together.said(to_study),
        now=call.now,
        unread=[say(f"common.nav.{one}") for one in reading.unread],
    )


def _begins(filters: Filters, call: Call, say: Speech) -> Iterator[chores.Part]:
    """Somebody's own dangers are named only while there are any."""
    found = chores.part(_named(filters), filters, call, say, LINES)
    if found.chores or not (filters.task and filters.assignee):
        yield found


def _named(filters: Filters) -> str:
    return f"part.task.{filters.task}" if filters.task else "begins.mine"


def _tile(one: Waits) -> Tile:
    late = one.name in waiting.LATE and one.number.number > 0
    return Tile(one.name, chores.number(one.number), late, chores.view_of(one.filters))
