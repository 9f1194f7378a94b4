"""Wrong contact details are corrected: links and news go where they should, and nothing more where they should not."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.adapters import repeats
from chalicelib.adapters.store import Case
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.people import Actor, Contact

from .act import Asked, act
from .once import Done, Idempotency

DETAILS = ("name", "phone", "email")


def correct_contact(
    complaint_id: str,
    contact: Contact,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """The consumer is to be reached by `contact` from now on. Raises what `act` raises.

    All of it in one transaction: the links of before end, what was known of the details of before (an address that
    bounced) is gone, and nobody is taken for who has them any more. The same details again are found good again.
    """

    def asking(case: Case[Complaint]) -> Asked:
        before, edition = case.contact, case.contact.edition + 1
        correction = submissions.ContactCorrection(
            reason=reason,
            changed=tuple(one for one in DETAILS if getattr(before, one) != getattr(contact, one)),
            edition=edition,
        )
        after = contact.model_copy(update={"edition": edition})
        return Asked(correction, after, repeats.move(case.state, before, after))

    return act(complaint_id, asking, actor, now, seen=seen, idempotency=idempotency)
