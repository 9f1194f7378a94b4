"""A consumer's link is replaced: it got into other hands, or has ended."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.adapters.store import Case
from chalicelib.domain.complaint import guards, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Forbidden, NotAllowed
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.telling.notices import channels_to_consumer

from .act import Asked, act
from .once import Done, Idempotency


def replace_link(
    complaint_id: str,
    replacement: submissions.LinkReplacement,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """Makes the links of before worthless. A new one is sent to the consumer, or none is if staff say so.

    A storefront hands it over itself too, so that it need not reach the consumer otherwise.

    Raises what `act` raises; Forbidden for a storefront that would only end them; NotAllowed where staff would have a
    link sent and nothing reaches the consumer, who would be locked out without anybody having meant it.
    """
    if actor.kind == "storefront" and not replacement.send:
        raise Forbidden("links_ended_by_staff_only")

    def asking(case: Case[Complaint]) -> Asked:
        reaches = bool(channels_to_consumer("new_link", case.contact, ()))
        if replacement.send and not reaches and actor.kind == "staff":
            raise NotAllowed("nothing_reaches_consumer", guards.allowed(case.state))
        return Asked(replacement.model_copy(update={"send": replacement.send and reaches}))

    return act(complaint_id, asking, actor, now, seen=seen, idempotency=idempotency)
