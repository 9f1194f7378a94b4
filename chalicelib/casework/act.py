"""Somebody does something about a complaint: load, decide, save. At most two round trips unless others interfere."""

from collections.abc import Collection
from datetime import datetime
from functools import reduce

from chalicelib.adapters import store
from chalicelib.adapters.store import Loaded, Request
from chalicelib.domain import policy
from chalicelib.domain.artefacts import Artefact
from chalicelib.domain.complaint import decide, evolve
from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.lifecycle import Action
from chalicelib.domain.people import Actor

from .once import ATTEMPTS, Done, replay
from .read import seen_by


def act(
    complaint_id: str,
    action: Action,
    artefact: Artefact,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    request: Request | None,
) -> Done:
    """Does `action`. `seen`: the versions the caller takes the complaint to be in, if it said so.

    Raises NotFound, NotAllowed, Forbidden, Invalid, Stale (not in a `seen` version), IdempotencyMismatch or Conflict.
    A save that loses against another one is decided anew on what the other left, so that nothing is overwritten.
    """
    for _ in range(ATTEMPTS):
        loaded = store.load(complaint_id, request.key if request else None)
        if request and (done := replay(request, loaded.request, now)):
            return done
        try:
            return _once(loaded, action, artefact, actor, now, seen, request)
        except _Lost:
            continue
    raise Conflict("Others keep changing this complaint at this moment. Nothing was done; try again.")


class _Lost(Exception):
    """Somebody else saved first."""


def _once(
    loaded: Loaded,
    action: Action,
    artefact: Artefact,
    actor: Actor,
    now: datetime,
    seen: Collection[int] | None,
    request: Request | None,
) -> Done:
    before, contact = seen_by(actor, loaded)
    if seen is not None and before.version not in seen:
        raise Stale(f"The complaint is now in version {before.version}. Read it again and decide anew.")
    events = decide(before, action, artefact, actor, now, policy.version(before.policy_version))
    after = reduce(evolve, events, before)
    try:
        store.save(before, after, events, now, request=request)
    except Stale as lost:
        raise _Lost from lost
    return Done(after, contact, events)
