"""A complaint is filed (3.1, 4.1a, 4.1b): one transaction, and nothing is mailed on the way."""

import secrets
from datetime import datetime

from chalicelib.adapters import identity
from chalicelib.adapters.items import Idempotency
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.decisions import open_complaint
from chalicelib.domain.ground.errors import Conflict, Stale
from chalicelib.domain.ground.ids import ALPHABET, read_id
from chalicelib.domain.ground.people import Actor, Contact

from . import rules
from .commit import commit
from .once import ATTEMPTS, Done, replay


def new_complaint_id() -> str:
    """Ten characters, 50 random bits: "7K2M9-XD4FQ". Never reused, since heads are never deleted."""
    return read_id("".join(secrets.choice(ALPHABET) for _ in range(10)))


def file(
    filing: submissions.Filing,
    contact: Contact,
    actor: Actor,
    now: datetime,
    idempotency: Idempotency | None,
    *,
    microsecond: int = 0,
) -> Done[Complaint]:
    """Files a complaint, which came in so many microseconds into the second of `now`.

    Raises Forbidden, Invalid (channel) or IdempotencyMismatch.
    """
    policy = rules.in_force(now)
    for _ in range(ATTEMPTS):
        entries = open_complaint(new_complaint_id(), filing, actor, now, policy, microsecond)
        try:
            complaint: Complaint = commit(None, entries, now, policy, contact=contact, idempotency=idempotency)
        except Stale:  # the key was used before, or (once in a million lifetimes) the id is taken
            if done := replay(idempotency, now):
                return done
            continue
        return Done(complaint, contact, entries)
    raise Conflict("not_filed")


def consumer_link(complaint: Complaint, api: str = "") -> tuple[str, str]:
    """The token of the complaint's consumer and the link that carries it: the same whenever and wherever asked for.

    `api`: whoever serves a request of the API says which it is; all others have been told its address.
    """
    token = identity.consumer_token(complaint.complaint_id, complaint.link_in_force.edition)
    return token, identity.tracking_url(complaint.complaint_id, token, api)


def consumer_code(complaint: Complaint) -> str:
    """What stands for the same link in a text message."""
    return identity.consumer_code(complaint.complaint_id, complaint.link_in_force.edition)
