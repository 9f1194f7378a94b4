"""Somebody does something about a complaint: load, decide, save. At most two round trips unless others interfere."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.domain.complaint.decisions import decide
from chalicelib.domain.ground.errors import Conflict, Refusal, Stale, Unauthenticated
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission

from . import rules
from .commit import commit
from .once import ATTEMPTS, Done, Request, replay
from .read import case


def act(
    complaint_id: str,
    submission: Submission,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    request: Request | None,
    part: str | None = None,
    while_open: str | None = None,
) -> Done:
    """Does what the submission stands for; `part`: which inquiry or follow-up measure it is about.

    `while_open`: the id of another complaint that must be open when it is done.
    `seen`: the versions the caller takes the complaint to be in, if it said so.

    Raises Unauthenticated, NotFound, NotAllowed, Forbidden, Invalid, Stale (not in a `seen` version),
    IdempotencyMismatch or Conflict.
    A save that loses against another one is decided anew on what the other left, so that nothing is overwritten.
    """
    for _ in range(ATTEMPTS):
        try:
            return _anew(complaint_id, submission, actor, now, seen, request, part, while_open)
        except Unauthenticated:  # what the link did before it was replaced is not told to whoever has it now
            raise
        except Refusal as refusal:
            if done := replay(request, now):
                return done
            if not isinstance(refusal, _Overtaken):
                raise
    raise Conflict("Others keep changing this complaint at this moment. Nothing was done; try again.")


class _Overtaken(Stale):
    """Somebody else saved between our loading and our saving."""


def _anew(
    complaint_id: str,
    submission: Submission,
    actor: Actor,
    now: datetime,
    seen: Collection[int] | None,
    request: Request | None,
    part: str | None,
    while_open: str | None,
) -> Done:
    before, contact, earlier = case(complaint_id, actor)
    if seen is not None and before.version not in seen:
        raise Stale(f"The complaint is now in version {before.version}. Read it again and decide anew.")
    policy = rules.version(before.policy_version, now)
    entries = decide(before, submission, actor, now, policy, part)
    try:
        after = commit(before, entries, now, policy, request=request, while_open=while_open)
    except Stale as stale:
        raise _Overtaken(stale.detail) from stale
    return Done(after, contact, entries, earlier)
