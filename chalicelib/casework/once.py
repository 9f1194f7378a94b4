"""Doing a thing once: a request that carries an idempotency key is answered again from what it did the first time.

The record of a request is saved in the same transaction as what the request did, on condition that there is none yet.
So a request is simply done; only when that fails is the record looked for, and if it is there, it had been done before.

No answer is stored. The record names the events the request led to; the answer is a function of the complaint after
them, and folding the events up to there gives that complaint back. So no personal data is copied.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.adapters import store
from chalicelib.adapters.items import Request as Request
from chalicelib.domain.complaint import parts
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import IdempotencyMismatch

KEPT = timedelta(hours=24)
ATTEMPTS = 8  # at saving, while others write the same complaint


class Done(NamedTuple):
    """What a verb did: the complaint after it and the events it led to.

    `earlier`: the events before those, if they were read. `replayed`: all of it had been done before.
    """

    complaint: Complaint
    contact: parts.Contact
    entries: list[Entry]
    earlier: list[Entry] = []  # noqa: RUF012 — never changed
    replayed: bool = False


def request(caller_id: str, idempotency_key: str, asked: bytes, now: datetime) -> Request:
    """The record of a request: its key is the caller's own, `asked` is what must be the same to be the same request."""
    key = hashlib.sha256(f"{caller_id}\n{idempotency_key}".encode()).hexdigest()
    return Request(key, hashlib.sha256(asked).hexdigest(), int((now + KEPT).timestamp()))


def replay(present: Request | None, now: datetime) -> Done | None:
    """What the request did the first time, or None if it is new. Raises IdempotencyMismatch for another request."""
    past = store.load_request(present.key) if present else None
    if present is None or past is None or past.expires_at <= now.timestamp():
        return None
    if past.fingerprint != present.fingerprint:
        raise IdempotencyMismatch("This Idempotency-Key was used for another request. Use a new key.")
    case = store.load_with_events(past.complaint_id)
    if case is None:
        return None
    first, last = past.first_seq - 1, past.last_seq
    return Done(fold(case.entries[:last]), case.contact, case.entries[first:last], case.entries[:first], replayed=True)
