"""A consumer's link is replaced: it got into other hands."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.domain import lifecycle
from chalicelib.domain.artefacts import LinkReplacement
from chalicelib.domain.errors import NotAllowed
from chalicelib.domain.lifecycle import Action
from chalicelib.domain.notices import channels_to_consumer
from chalicelib.domain.people import Actor

from .act import act
from .once import Done, Request
from .read import case


def replace_link(
    complaint_id: str,
    replacement: LinkReplacement,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    request: Request | None,
) -> Done:
    """Makes the links of before worthless, where a new one can be sent. One round trip more than `act`, which it is.

    Raises what `act` raises; NotAllowed too where nothing reaches the consumer, who would be locked out for good.
    """
    complaint, contact, _ = case(complaint_id, actor)
    if not channels_to_consumer("new_link", contact, ()):
        raise NotAllowed(
            "Neither e-mail nor text messages reach this consumer: a new link could not be sent.",
            lifecycle.allowed(complaint.stage),
        )
    return act(complaint_id, Action.REPLACE_LINK, replacement, actor, now, seen=seen, request=request)
