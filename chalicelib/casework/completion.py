"""An improvement measure is carried out, whatever record decided it: a report, an audit, a management review."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.adapters import store
from chalicelib.domain.audit import audit
from chalicelib.domain.ground.errors import NotFound, Refusal
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.supervision import improvement, management_review, report
from chalicelib.domain.supervision.improvement import Finished

from . import audits, management_reviews, reports
from .measures import Owed
from .once import Done, Idempotency
from .records import kind_of

DONE_IN: tuple[tuple[Callable[[str], bool], Callable[..., Done[Any]]], ...] = (
    (report.is_name, reports.do),
    (audit.is_name, audits.do),
    (management_review.is_name, management_reviews.do),
)
"""How names of the records are spelt that decide any, and what does something about one."""


def finish(
    record: str,
    number: str,
    handed_in: Finished,
    actor: Actor,
    now: datetime,
    *,
    idempotency: Idempotency | None = None,
) -> Done[Any]:
    """Says that a measure is done. Raises NotFound, and what the record's own verb raises."""
    do = next((do for is_name, do in DONE_IN if is_name(record)), None)
    if do is None:
        raise NotFound("improvement_unknown")
    return do(record, handed_in, actor, now, seen=None, idempotency=idempotency, part=number)


def open_one(record: str, number: str, actor: Actor) -> Owed | None:
    """A measure that somebody may say is done, wherever it stands in whatever list; None, if there is none of that
    name, or it is another's, or done. One round trip."""
    if not any(is_name(record) for is_name, _ in DONE_IN):
        return None
    found = store.load(record, kind_of(record).state)
    known = getattr(found.state, "measures", ()) if found else ()
    owed = (Owed(record, one) for one in known if str(one.number) == number and not one.done_at)
    return next((one for one in owed if may_finish(one, actor)), None)


def may_finish(owed: Owed, actor: Actor) -> bool:
    """Whether somebody may say so, as far as the measure itself shows."""
    try:
        improvement.finishing([owed.measure], str(owed.measure.number), actor)
    except Refusal:
        return False
    return True
