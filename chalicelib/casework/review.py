"""Legal reviews a draft of a plan (5.4): what it says is never of a text that was saved meanwhile."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.people import Actor

from .act import act
from .once import Done, Idempotency
from .read import case


def review(
    complaint_id: str,
    review: submissions.LegalReview,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """Raises what `act` raises, which it is.

    A review that names no draft is of the newest one as it comes in, for one round trip more: where another draft is
    saved before it is, it is refused.
    """
    if review.draft is None and (draft := case(complaint_id, actor)[0].plan_draft):
        review = review.model_copy(update={"draft": draft.number})
    return act(complaint_id, review, actor, now, seen=seen, idempotency=idempotency)
