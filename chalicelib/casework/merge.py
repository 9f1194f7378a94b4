"""Two complaints about the same thing become one: the merged one closes with a pointer to the other."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.adapters import store
from chalicelib.domain import lifecycle
from chalicelib.domain.artefacts import Merger
from chalicelib.domain.errors import FieldFault, Invalid
from chalicelib.domain.lifecycle import Action
from chalicelib.domain.people import Actor

from .act import act
from .once import Done, Request, replay


def merge(
    complaint_id: str,
    merger: Merger,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    request: Request | None,
) -> Done:
    """Merges a complaint into another, open one. Raises what `act` raises, and Invalid for a target that cannot be."""
    target = store.load(merger.into)
    if target is None or not lifecycle.STAGES[target.complaint.stage].open:
        if done := replay(request, now):
            return done
        raise Invalid([FieldFault("into", "is not an open complaint")])
    return act(complaint_id, Action.MERGE, merger, actor, now, seen=seen, request=request, while_open=merger.into)
