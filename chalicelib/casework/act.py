"""Somebody does something about a record: load, decide, save. At most two round trips unless others interfere."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.adapters.items import Item
from chalicelib.adapters.store import Case, Condition
from chalicelib.domain.ground.errors import Conflict, Refusal, Stale, Unauthenticated
from chalicelib.domain.ground.people import Actor, Contact
from chalicelib.domain.ground.record import Submission

from .commit import commit
from .once import ATTEMPTS, Done, Idempotency, replay
from .records import kind_of


class Asked(NamedTuple):
    """What is handed in, and what is written with what follows from it: the contact details of now, if they change."""

    submission: Submission
    contact: Contact | None = None
    writes: Sequence[Item] = ()


Asking = Callable[[Case[Any]], Asked]
"""What is handed in where that depends on how the consumer is to be reached, which no rule knows. It may refuse."""


def act(
    record: str,
    submission: Submission | Asking,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
    part: str | None = None,
    conditions: Sequence[Condition] = (),
) -> Done[Any]:
    """Does what the submission stands for; `part`: which part of the record it is about, an inquiry, a measure.

    `conditions`: what must hold of other records when it is saved.
    `seen`: the versions the caller takes the record to be in, if it said so.

    Raises Unauthenticated, NotFound, NotAllowed, Forbidden, Invalid, Stale (not in a `seen` version),
    IdempotencyMismatch or Conflict.
    A save that loses against another one is decided anew on what the other left, so that nothing is overwritten.
    """
    for _ in range(ATTEMPTS):
        try:
            return _act_once(record, submission, actor, now, seen, idempotency, part, conditions)
        except Unauthenticated:  # what the link did before it was replaced is not told to whoever has it now
            raise
        except Refusal as refusal:
            if done := replay(idempotency, now):
                return done
            if not isinstance(refusal, _Overtaken):
                raise
    raise Conflict("Others keep changing this record at this moment. Nothing was done; try again.")


class _Overtaken(Stale):
    """Somebody else saved between our loading and our saving."""


def _act_once(
    record: str,
    submission: Submission | Asking,
    actor: Actor,
    now: datetime,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
    part: str | None,
    conditions: Sequence[Condition],
) -> Done[Any]:
    kind = kind_of(record)
    case = kind.shown(record, actor, now)
    before = case.state
    if seen is not None and before.version not in seen:
        raise Stale(f"This is now in version {before.version}. Read it again and decide anew.")
    asked = Asked(submission) if isinstance(submission, Submission) else submission(case)
    policy = kind.policy(before, now)
    entries = kind.decide(before, asked.submission, actor, now, policy, part)
    try:
        after = commit(
            before,
            entries,
            now,
            policy,
            more=asked.writes,
            idempotency=idempotency,
            conditions=conditions,
        )
    except Stale as stale:
        raise _Overtaken(stale.detail) from stale
    return Done(after, asked.contact or case.contact, entries, case.entries)
