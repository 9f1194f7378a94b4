"""Today: what waits for whoever has signed in, as links to where it is."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, TypeVar

from chalicelib import log
from chalicelib.casework import waiting
from chalicelib.casework.read import Filters
from chalicelib.casework.waiting import Waits
from chalicelib.domain.ground.errors import Throttled, Unavailable
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech
from chalicelib.web.problems import as_refusal

from . import chores
from .departments import DEPARTMENTS
from .door import Console
from .page import page, speech
from .people import waits
from .policy import amendments, interpretations, reviews, study
from .supervision import alerts, audit_waits, findings, hearings, management_reviews, measures, reports, safety

today = Console(__name__)
LINES = 10
Found = TypeVar("Found")
Line = tuple[str, str]
"""A sentence, and where it leads."""
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
PATIENCE = 8
"""Seconds after which nothing more is asked for, once a part has not answered."""


class Tile(NamedTuple):
    """A count, and the view that it is of, as the query of its address."""

    name: str
    number: str
    is_late: bool
    view: str


class Reading:
    """What is read for the page, part by part: one that does not answer leaves the others their place. `unread`: what
    those that did not are called, in their order, by what stands in `common.nav`."""

    def __init__(self) -> None:
        self.began, self.unread = time.monotonic(), dict[str, None]()

    def of(self, name: str, part: Callable[[], Iterable[Found]]) -> list[Found]:
        """All of a part; nothing, if it cannot be read now, or others have kept the reader waiting too long."""
        if self.unread and time.monotonic() - self.began > PATIENCE:
            self.unread[name] = None
            return []
        try:
            return [*part()]
        except Exception as exception:  # whatever does not answer: the table, the user pool, a document
            refusal = as_refusal(exception)
            if not isinstance(refusal, Throttled | Unavailable):
                raise
            log.note("a part of today was not read", part=name, reason=refusal.reason)
            self.unread[name] = None
            return []


@today.operation("GET", "/console", who=STAFF, answers={200: str})
def show_today(call: Call) -> Answer:
    """What waits for whoever has signed in: counts, each a link to its queue, and what they begin with."""
    say, reading = speech(call), Reading()
    tiles = reading.of("queue", lambda: [_tile(one) for one in waiting.counted(call.actor, call.now)])
    begins = reading.of("queue", lambda: _begins(call, say))
    waits = [line for name, part in WAITING.items() for line in reading.of(name, partial(part, call, say))]
    to_study = reading.of("study", lambda: waiting.to_study(call.actor, call.now))
    return page(
        call,
        "today.html",
        say,
        departments=[(one, spoken.DEPARTMENTS[one][say.locale]) for one in DEPARTMENTS if one in call.actor.roles],
        tiles=tiles,
        begins=begins,
        waits=[(said, _address(place, call)) for said, place in waits],
        to_study=to_study,
        unread=[say(f"common.nav.{one}") for one in reading.unread],
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
