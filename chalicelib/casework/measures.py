"""Improvement measures, whatever record decided them: whose they may be, and what somebody is still to carry out."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import listings, roster, store
from chalicelib.adapters.listings import place_of
from chalicelib.domain.ground.errors import FieldFault, Forbidden, Invalid
from chalicelib.domain.ground.people import STAFF, Actor
from chalicelib.domain.supervision.improvement import Improvement, Planned
from chalicelib.domain.supervision.report import READERS

from .paging import opened, page_of
from .records import kind_of


class Owed(NamedTuple):
    """A measure that somebody is to carry out, and the record that decided it."""

    record: str
    measure: Improvement


def check_owners(planned: Iterable[Planned], now: datetime) -> None:
    """Raises Invalid for an owner who does not work here."""
    faults = [
        FieldFault(f"measures.{index}.owner", "not_of_staff")
        for index, one in enumerate(planned)
        if not is_of_staff(one.owner, now)
    ]
    if faults:
        raise Invalid(faults)


def is_of_staff(username: str, now: datetime) -> bool:
    return any(roster.member(role, username, now) for role in sorted(STAFF))


def whose(owner: str | None, actor: Actor, *, everybody: bool) -> str | None:
    """Whose measures somebody who asks for these sees, for `owed`: their own, unless they name another, or ask for
    everybody's (None), which are open to those who read reports. Raises Forbidden."""
    named = None if everybody else owner or actor.id
    if named != actor.id and not actor.roles & READERS:
        raise Forbidden("role_not_open", roles=sorted(READERS))
    return named


def owed(owner: str | None, limit: int, cursor: str | None) -> tuple[list[Owed], str | None]:
    """A page of what somebody is to carry out, soonest due first; of None, what anybody is. Raises Malformed."""
    purpose = f"measures {owner}" if owner else "measures of all"
    found, following = page_of(
        listings.measures_of(owner, opened(purpose, cursor, ""), limit + 1), limit, purpose, place_of
    )
    states = store.load_each({one.name: kind_of(one.name).state for one in found})
    listed = [
        Owed(at.name, one)
        for at in found
        for one in (getattr(states[at.name], "measures", ()) if at.name in states else ())
        if one.number == at.number and not one.done_at
    ]
    return listed, following
