"""Appraisal sheets as the house handles them (6.2): their row in the register, what people do, how one is read."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.adapters import figures, sheets, store
from chalicelib.adapters.listings import place_of
from chalicelib.adapters.store import Case
from chalicelib.domain.ground.errors import Forbidden, NotFound, Unavailable
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision import sheet
from chalicelib.domain.supervision.appraisal import Appraisal
from chalicelib.domain.supervision.sheet import Sheet

from . import rules
from .act import act
from .once import Done, Idempotency
from .paging import opened, page_of
from .records import Kind, Telling


class Read(NamedTuple):
    """A sheet with what it says."""

    state: Sheet
    document: Appraisal


def do(
    name: str,
    handed_in: Submission,
    actor: Actor,
    now: datetime,
    *,
    seen: frozenset[int] | None,
    idempotency: Idempotency | None,
) -> Done[Sheet]:
    """Comments it, or answers what is contested. Raises what `act` raises."""
    if not sheet.is_name(name):
        raise NotFound("sheet_unknown")
    return act(name, handed_in, actor, now, seen=seen, idempotency=idempotency)


def shown(name: str, actor: Actor, now: datetime) -> Case[Sheet]:
    """A sheet to whoever may read it as it stands. Raises NotFound; Forbidden to whom it can never be open, which says
    nothing of whether it is there: whose it is stands in its name."""
    if sheet.is_name(name) and not (sheet.is_named_after(name, actor) or actor.roles & sheet.ANSWERERS):
        raise Forbidden("sheet_not_yours")
    found = store.load(name, Sheet) if sheet.is_name(name) else None
    if found is None or not found.state.is_open_to(actor):
        raise NotFound("sheet_unknown")
    return found


def read(name: str, actor: Actor, now: datetime) -> Read:
    """A sheet with all that it says. Raises NotFound, Forbidden, Unavailable."""
    return whole(shown(name, actor, now).state)


def whole(state: Sheet) -> Read:
    """The same of a sheet that is at hand. Raises Unavailable where its document is not there."""
    found = figures.get(figures.key_of_sheet(*state.folder))
    if found is None:
        raise Unavailable("document_missing")
    return Read(state, Appraisal.model_validate_json(found.content))


def whose(person: str | None, quarter: str | None, actor: Actor) -> str | None:
    """Whose sheets somebody who asks for these sees: their own, unless they name another, or a quarter, of which
    everybody's (None) are open to supervisors and management. Raises Forbidden."""
    others = actor.roles & sheet.ANSWERERS
    if person not in (None, actor.id) and not others:
        raise Forbidden("role_not_open", roles=sorted(sheet.ANSWERERS))
    return person if others and quarter else person or actor.id


def listed(
    person: str | None, quarter: str | None, actor: Actor, limit: int, cursor: str | None
) -> tuple[list[Sheet], str | None]:
    """A page of the sheets of a person, the newest first, or of a quarter, by name; only those that the actor may read,
    so a page may be short. Raises Malformed."""
    if person is not None and quarter is not None:
        found = store.load(sheet.name_of(quarter, person), Sheet)
        return ([found.state] if found and found.state.is_open_to(actor) else []), None
    which = partial(sheets.of_quarter, quarter) if quarter else partial(sheets.of_person, person or actor.id)
    purpose = f"sheets {quarter or ''} {person or actor.id}"
    found_at, following = page_of(which(opened(purpose, cursor, ""), limit + 1), limit, purpose, place_of)
    states = store.load_all([one.name for one in found_at], Sheet) if found_at else {}
    known = (states[one.name] for one in found_at if one.name in states)
    return [one for one in known if one.is_open_to(actor)], following


def newest_of(actor: Actor) -> Sheet | None:
    """The newest of one's own."""
    found, _ = listed(actor.id, None, actor, 1, None)
    return found[0] if found else None


def to_answer(actor: Actor, limit: int) -> list[Sheet]:
    """The sheets that wait for an answer which is not theirs to give to themselves, soonest due first; none to whoever
    answers none."""
    if not actor.roles & sheet.ANSWERERS:
        return []
    found_at = sheets.to_answer("", limit)
    states = store.load_all([one.name for one in found_at], Sheet) if found_at else {}
    known = (states[one.name] for one in found_at if one.name in states)
    return [one for one in known if sheet.Action.ANSWER in sheet.allowed(one, actor)]


# ---- its row ---------------------------------------------------------------------------------------------------------


def _telling() -> Telling:
    from .sheet_letters import TELLING

    return TELLING


KIND = Kind(
    state=Sheet,
    evolve=sheet.evolve,
    decide=sheet.decide,
    policy=lambda state, now: rules.in_force(now),
    due_alarms=sheet.due_alarms,
    next_alarm=sheet.next_alarm,
    head=sheets.head_of,
    tasks=sheets.tasks_of,
    shown=shown,
    telling=_telling,
)
