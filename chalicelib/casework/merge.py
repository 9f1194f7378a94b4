"""Two complaints about the same thing become one: the merged one closes with a pointer to the other.

What becomes of the other becomes of the merged one: where it is merged itself the pointer moves on, so that it always
names the complaint that is handled; where it closes and its consumer agreed to nothing, the merged one can be reopened.
"""

from collections.abc import Collection
from datetime import datetime

from chalicelib.adapters import places, store
from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.domain.vocabulary.terms import Outcome

from .act import act
from .observe import observe
from .once import Done, Idempotency, replay
from .repeats import relate

UNSETTLED = (Outcome.MERGED, Outcome.WITHDRAWN, Outcome.NO_RESPONSE)


def merge(
    complaint_id: str,
    merger: submissions.Merger,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """Merges a complaint into another, open one. Raises what `act` raises, and Invalid for a target that cannot be."""
    target = store.load(merger.into, Complaint)
    if target is None or not STAGES[target.state.stage].open:
        if done := replay(idempotency, now):
            return done
        raise Invalid([FieldFault("into", "is not an open complaint")])
    return act(
        complaint_id, merger, actor, now, seen=seen, idempotency=idempotency, conditions=[places.is_open(merger.into)]
    )


def point_at(complaint_id: str, into: str, now: datetime) -> None:
    """A complaint points at another from now on: that one knows of it, and leads it on if it has gone already."""
    relate(into, [complaint_id], now)
    lead_on(into, now)


def lead_on(complaint_id: str, now: datetime) -> None:
    """What points at a complaint that has closed without an agreement goes where that one went. Again: nothing.

    It reads the complaint as it is now, so that it does not matter which of two mergers is reacted to first.
    """
    case = store.load(complaint_id, Complaint)
    if case is None or case.state.outcome not in UNSETTLED:
        return
    moved = events.MergerMoved(into=case.state.merged_into)

    def finding(merged: Complaint) -> list[events.MergerMoved]:
        return [moved] if merged.merged_into == complaint_id else []

    for other in case.state.related:
        observe(other, finding, now)
