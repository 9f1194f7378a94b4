"""Who answers for a missed due time is heard (8.3): hearings begin, what waits for whom, and figures by department."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.adapters import lines, listings, queues, store
from chalicelib.adapters.listings import Place, place_of
from chalicelib.domain.complaint import events, heard, hearings
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.hearings import Hearing, HearingOpened
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Forbidden
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.supervision.lines import Heard, Missed

from . import rules
from .observe import observe
from .paging import opened, page_of
from .records import COMPLAINT, kind_of

FEW = 10
"""Of fewer decisions no share is shown."""


def open_hearings(entry: Entry, now: datetime) -> None:
    """Whoever missed a due time is heard about it, and again where one that was none stands after all. Again:
    nothing."""
    event = entry.event
    if isinstance(event, events.DeadlineMissed):
        if event.held_by in set(Role):
            return
    elif not isinstance(event, events.BreachesRecounted):
        return
    loads: dict[str, int] = {}

    def finding(complaint: Complaint) -> list[HearingOpened]:
        policy = rules.version(complaint.policy_version, now)
        found = []
        for number in heard.to_open(complaint, entry):
            person = complaint.breaches[number - 1].held_by
            loads.setdefault(person, queues.load_of(person))
            found.append(heard.opened(complaint, number, loads[person], now, policy))
        return found

    observe(entry.record, finding, now)


# ---- what waits ------------------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """A hearing, and the record that it is of: a complaint, or an audit."""

    record: str
    hearing: Hearing

    @property
    def about(self) -> str:
        return "breach" if kind_of(self.record) is kind_of(COMPLAINT) else "finding"


def of_person(person: str, actor: Actor, limit: int, cursor: str | None) -> tuple[list[Waiting], str | None]:
    """A page of what somebody can say something about, soonest due first. Raises Malformed; Forbidden to others than
    the four readers."""
    if not hearings.may_be_read(person, actor):
        raise Forbidden("hearings_of_others")
    purpose = f"hearings {person}"
    return _page(listings.hearings_of(person, opened(purpose, cursor, ""), limit + 1), limit, purpose)


def to_decide(actor: Actor, limit: int, cursor: str | None) -> tuple[list[Waiting], str | None]:
    """A page of what management is to decide, soonest due first. Raises as `of_person`."""
    if not actor.roles & hearings.READERS:
        raise Forbidden("hearings_of_others")
    purpose = "hearings to decide"
    return _page(listings.hearings_to_decide(opened(purpose, cursor, ""), limit + 1), limit, purpose)


def _page(found: list[Place], limit: int, purpose: str) -> tuple[list[Waiting], str | None]:
    page, following = page_of(found, limit, purpose, place_of)
    states = store.load_each({one.name: kind_of(one.name).state for one in page})
    listed = [
        Waiting(at.name, one)
        for at in page
        for one in (getattr(states[at.name], "hearings", ()) if at.name in states else ())
        if one.number == at.number and one.due_at
    ]
    return listed, following


# ---- figures ---------------------------------------------------------------------------------------------------------


class Figures(NamedTuple):
    """Of one department: breaches that stand, decisions, and how many of each measure; None: too few to say."""

    department: str
    breaches: int
    decided: int
    measures: dict[str, int] | None


def by_department(first: date, last: date) -> list[Figures]:
    """What was missed on some days, and decided of it: of no person, of a hearing the last word."""
    breaches: Counter[str] = Counter()
    decided: dict[tuple[str, int], Heard] = {}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        for _, line in lines.of_kind(day, "missed"):
            if isinstance(line, Missed) and not line.void:
                breaches[line.department] += line.sign
        for _, line in lines.of_kind(day, "heard"):
            if isinstance(line, Heard):
                decided[line.id, line.number] = line
    names = sorted({*breaches, *(one.department for one in decided.values())})
    return [
        _figures(name, breaches[name], [one for one in decided.values() if one.department == name]) for name in names
    ]


def _figures(department: str, breaches: int, decided: list[Heard]) -> Figures:
    measures = dict(sorted(Counter(str(one.measure) for one in decided).items())) if len(decided) >= FEW else None
    return Figures(department, breaches, len(decided), measures)
