"""Where management reviews stand in the table's indexes, the newest last; and what is to be done of each."""

from chalicelib.domain.supervision.management_review import ManagementReview

from . import listings
from .items import Head, Task
from .listings import Place

QUEUE = "management reviews"


def head_of(review: ManagementReview) -> Head:
    return Head(
        record=review.review_id,
        seq=review.seq,
        state=review.model_dump_json(exclude_none=True),
        summary="{}",
        places={"queue": QUEUE},
        due=str(review.half.first),
    )


def tasks_of(review: ManagementReview) -> list[Task]:
    return [*listings.measures(review.review_id, review.measures)]


def newest(before: str, limit: int) -> list[Place]:
    """The newest first, from the one that stands `before` another on: one round trip."""
    return listings.newest(QUEUE, before, limit)
