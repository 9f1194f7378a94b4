"""Somebody does something about a record: load, decide, save. At most two round trips unless others interfere."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.adapters.items import Item
from chalicelib.adapters.store import Case, Condition
from chalicelib.domain.ground.errors import Conflict, Refusal, Stale, Unauthenticated, said_in
from chalicelib.domain.ground.people import Actor, Contact
from chalicelib.domain.ground.record import Submission

from .commit import commit, only_rings
from .once import ATTEMPTS, Done, Idempotency, replay
from .records import kind_of

First = Callable[[Case[Any]], Sequence[Condition]]
"""What is done about other records before anything is saved, once it is sure that it may be; and what must hold of them
when it is. It may refuse, and is done anew with each attempt."""


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
    first: First = lambda case: (),
) -> Done[Any]:
    """Does what the submission stands for; `part`: which part of the record it is about, an inquiry, a measure.

    `seen`: the versions the caller takes the record to be in, if it said so.

    Raises Unauthenticated, NotFound, NotAllowed, Forbidden, Invalid, Stale (not in a `seen` version),
    IdempotencyMismatch or Conflict.
    A save that loses against another one is decided anew on what the other left, so that nothing is overwritten.
    """
    for _ in range(ATTEMPTS):
        try:
            return _act_once(record, submission, actor, now, seen, idempotency, part, first)
        except Unauthenticated:  # what the link did before it was replaced is not told to whoever has it now
            raise
        except Refusal as refusal:
            if done := replay(idempotency, now):
                return done
            if not isinstance(refusal, _Overtaken):
                raise
            submission = refusal.meant
    raise Conflict("changed_by_others")


class _Overtaken(Stale):
    """Somebody else saved between our loading and our saving. What was handed in means what it did before that."""

    def __init__(self, meant: Submission | Asking) -> None:
        super().__init__("changed_meanwhile")
        self.meant = meant


def _act_once(
    record: str,
    submission: Submission | Asking,
    actor: Actor,
    now: datetime,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
    part: str | None,
    first: First,
) -> Done[Any]:
    kind = kind_of(record)
    case = kind.shown(record, actor, now)
    with said_in(getattr(case.state, "locale", None) if actor.kind == "consumer" else None):
        before = case.state
        if seen is not None and before.version not in seen:
            raise Stale("version_passed", version=before.version)
        meant = submission.meant(before) if isinstance(submission, Submission) else submission
        asked = Asked(meant) if isinstance(meant, Submission) else meant(case)
        policy = kind.policy(before, now)
        while True:
            entries = kind.decide(before, asked.submission, actor, now, policy, part)
            done = not only_rings(entries)
            beside: dict[str, Any] = {}
            if done:
                conditions = first(case._replace(state=before))
                beside = {"more": asked.writes, "idempotency": idempotency, "conditions": conditions}
            try:
                before = commit(before, entries, now, policy, **beside)
            except Stale as stale:
                raise _Overtaken(meant) from stale
            if done:
                return Done(before, asked.contact or case.contact, entries, case.entries, cut=case.cut)
