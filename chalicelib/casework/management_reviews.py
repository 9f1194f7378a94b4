"""Management reviews as the house handles them (6): their row in the register, what people do about one, how it is
read. What there is to look at is prepared by `review_inputs`."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.adapters import figures, management_reviews, store
from chalicelib.adapters.store import Case
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotFound, Unavailable
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision import management_review
from chalicelib.domain.supervision.management_review import Inputs, ManagementReview, Minutes

from . import measures, rules
from .act import act
from .once import Done, Idempotency
from .paging import listed_by
from .records import Kind, Telling

DOCUMENT = "document.json"


class Read(NamedTuple):
    """A review with what there was to look at."""

    state: ManagementReview
    inputs: Inputs


# ---- what people do --------------------------------------------------------------------------------------------------


def do(
    name: str,
    handed_in: Submission,
    actor: Actor,
    now: datetime,
    *,
    seen: frozenset[int] | None,
    idempotency: Idempotency | None,
    part: str | None = None,
) -> Done[ManagementReview]:
    """Records that it was held, or finishes a measure of it (`part`: which). Raises what `act` raises, and Invalid for
    somebody who does not work here."""

    if not management_review.is_name(name):
        raise NotFound("management_review_unknown")

    def known(case: Case[ManagementReview]) -> tuple[()]:
        if isinstance(handed_in, Minutes):
            _check_people(handed_in, now)
        return ()

    return act(name, handed_in, actor, now, seen=seen, idempotency=idempotency, part=part, first=known)


def _check_people(minutes: Minutes, now: datetime) -> None:
    """Raises Invalid for a participant or an owner who does not work here."""
    faults = [
        FieldFault(f"participants.{index}", "not_of_staff")
        for index, one in enumerate(minutes.participants)
        if not measures.is_of_staff(one, now)
    ]
    if faults:
        raise Invalid(faults)
    measures.check_owners(minutes.measures, now)


# ---- how it is read --------------------------------------------------------------------------------------------------


def shown(name: str, actor: Actor, now: datetime) -> Case[ManagementReview]:
    """A review to staff; who of them may do what, its lifecycle says. Raises NotFound."""
    known = management_review.is_name(name) and actor.kind == "staff"
    found = store.load(name, ManagementReview) if known else None
    if found is None:
        raise NotFound("management_review_unknown")
    return found


def read(name: str, actor: Actor, now: datetime) -> Read:
    """Raises NotFound, Unavailable."""
    return whole(shown(name, actor, now).state)


def whole(state: ManagementReview) -> Read:
    """The same of a review that is at hand. Raises Unavailable where its document is not there."""
    found = figures.get(figures.key_of_report(*state.folder, DOCUMENT))
    if found is None:
        raise Unavailable("document_missing")
    return Read(state, Inputs.model_validate_json(found.content))


def listed(limit: int, cursor: str | None) -> tuple[list[ManagementReview], str | None]:
    """A page of them, the newest first. Raises Malformed."""
    return listed_by("management reviews", management_reviews.newest, ManagementReview, limit, cursor)


# ---- its row ---------------------------------------------------------------------------------------------------------


def _telling() -> Telling:
    from .review_letters import TELLING

    return TELLING


KIND = Kind(
    state=ManagementReview,
    evolve=management_review.evolve,
    decide=management_review.decide,
    policy=lambda state, now: rules.in_force(now),
    due_alarms=management_review.due_alarms,
    next_alarm=management_review.next_alarm,
    head=management_reviews.head_of,
    tasks=management_reviews.tasks_of,
    shown=shown,
    telling=_telling,
)
