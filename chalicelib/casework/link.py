"""A consumer's link is replaced: it got into other hands."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import LIFECYCLE
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.telling.notices import channels_to_consumer

from .act import act
from .once import Done, Idempotency
from .read import case


def replace_link(
    complaint_id: str,
    replacement: submissions.LinkReplacement,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """Makes the links of before worthless, where a new one can be sent. One round trip more than `act`, which it is.

    Raises what `act` raises; NotAllowed too where nothing reaches the consumer, who would be locked out for good.
    """
    complaint, contact, _ = case(complaint_id, actor)
    if not channels_to_consumer("new_link", contact, ()):
        raise NotAllowed(
            "Neither e-mail nor text messages reach this consumer: a new link could not be sent.",
            LIFECYCLE.allowed(complaint.stage),
        )
    return act(complaint_id, replacement, actor, now, seen=seen, idempotency=idempotency)
