"""What somebody of staff may know of themselves at a glance: who the house takes them for, and what waits for them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from chalicelib.adapters import roster
from chalicelib.domain.ground.people import Actor, Role

from . import audits, hearings, measures, rules, waiting
from .waiting import FEW

Kind = Literal[waiting.Name, "hearings", "decisions", "study", "improvements", "findings"]
"""A view of the queue; else what one may speak about, what one decides (8.3), which versions of the policy one has to
study (8.2), what one is to carry out, and what one is to correct (6.3)."""


class Waits(NamedTuple):
    """How many wait; `more`: more than were counted."""

    kind: Kind
    number: int
    more: bool


class Member(NamedTuple):
    """`called`: what people call them; `absences`: first and last day, in China, of those that are not over."""

    called: str | None
    on_duty: bool
    absences: tuple[tuple[date, date], ...]


def membership(actor: Actor, now: datetime) -> Member:
    """As the user pool has them, known for a minute; off duty, if it does not know them any more. Raises ClientError or
    BotoCoreError."""
    today = now.astimezone(rules.in_force(now).zone).date()
    known = next((one for role in sorted(actor.roles) if (one := roster.member(role, actor.id, now))), None)
    if known is None:
        return Member(None, False, ())
    return Member(known.called, known.on_duty, tuple(one for one in known.absences if one[1] >= today))


def waits(actor: Actor, now: datetime) -> Iterator[Waits]:
    """What waits for them, the most pressing of the queue first; what concerns them and has nothing in it too."""
    counted = {one.name: one.number for ask in waiting.counts(actor, now) for one in ask()}
    yield from (Waits(name, *counted[name]) for name, _ in waiting.views(actor))
    yield _few("hearings", hearings.of_person(actor.id, actor, FEW, None))
    if Role.MANAGEMENT in actor.roles:
        yield _few("decisions", hearings.to_decide(actor, FEW, None))
    yield Waits("study", len(waiting.to_study(actor, now)), False)
    yield _few("improvements", measures.owed(actor.id, FEW, None))
    yield _few("findings", audits.findings_of(actor.id, FEW, None))


def _few(kind: Kind, page: tuple[Sequence[object], str | None]) -> Waits:
    return Waits(kind, len(page[0]), page[1] is not None)
