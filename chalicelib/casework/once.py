"""Doing a thing once: a request that carries an idempotency key is answered again from what it did the first time.

What is kept of a request is saved in the same transaction as what it did, on condition that nothing is kept of it yet.
So a request is simply done; only when that fails is it looked for, and if it is there, it had been done before.

No answer is stored. What is kept names the entries the request led to; the answer is a function of the record after
them, and folding the entries up to there gives that back. So no personal data is copied.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from typing import Any, Generic, NamedTuple, TypeVar

from chalicelib.adapters import store
from chalicelib.adapters.items import Idempotency as Idempotency
from chalicelib.adapters.store import S
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Conflict, IdempotencyMismatch, Stale
from chalicelib.domain.ground.people import Contact

from .records import kind_of

KEPT = timedelta(hours=24)
ATTEMPTS = 8  # at saving, while others write the same record


class Done(NamedTuple, Generic[S]):
    """What a verb did: the record after it and the entries it led to.

    `earlier`: the entries before those, if they were read, and only the first of them if `cut`. `replayed`: all of it
    had been done before.
    """

    state: S
    contact: Contact
    entries: list[Entry]
    earlier: list[Entry] = []  # noqa: RUF012 — never changed
    replayed: bool = False
    cut: bool = False


T = TypeVar("T")


def idempotency(caller_id: str, idempotency_key: str, asked: bytes, now: datetime) -> Idempotency:
    """What is kept of a request: its key is the caller's own, `asked` is what must be the same to be the same."""
    key = hashlib.sha256(f"{caller_id}\n{idempotency_key}".encode()).hexdigest()
    return Idempotency(key, hashlib.sha256(asked).hexdigest(), int((now + KEPT).timestamp()))


def past(present: Idempotency | None, now: datetime) -> Idempotency | None:
    """What was kept of a request the first time, or None if it is new. Raises IdempotencyMismatch for another one."""
    found = store.load_idempotency(present.key) if present else None
    if present is None or found is None or found.expires_at <= now.timestamp():
        return None
    if found.fingerprint != present.fingerprint:
        raise IdempotencyMismatch("key_used")
    return found


def written_once(attempt: Callable[[], T], idempotency: Idempotency | None, now: datetime) -> T | Idempotency:
    """What an attempt gives, which is made anew where somebody else was faster; or what was kept of the request, if
    that had been done before. Raises Conflict, IdempotencyMismatch."""
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except Stale:
            if known := past(idempotency, now):
                return known
    raise Conflict("changed_by_others")


def replay(present: Idempotency | None, now: datetime) -> Done[Any] | None:
    """What the request did the first time, or None if it is new. Raises IdempotencyMismatch for another request."""
    known = past(present, now)
    if known is None:
        return None
    kind = kind_of(known.record)
    case = store.load_with_entries(known.record, kind.state)
    if case is None:
        return None
    first, last = known.first_seq - 1, known.last_seq
    state = reduce(kind.evolve, case.entries[:last], None)
    return Done(state, case.contact, case.entries[first:last], case.entries[:first], replayed=True)
