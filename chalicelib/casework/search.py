"""Complaints are found by what people know of them: a number, or how their consumer is reached.

Phone, address, tracking number and the shop's own reference are known by keyed hashes, which live as long as the
contact details: nothing of it stands in a queue, an address or the log. One round trip for the ids, one for the rest.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from chalicelib.adapters import repeats, store
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.errors import Forbidden
from chalicelib.domain.ground.people import NOBODY, Actor, Role

MOST_FOUND = 25
BY_CONTACT = frozenset({Role.CUSTOMER_SERVICE, Role.SUPERVISOR})
EVER = datetime(2000, 1, 1, tzinfo=UTC)


class Search(NamedTuple):
    """What is known of a complaint; each that is given is enough. Phone in E.164, as contact details have it."""

    phone: str | None = None
    email: str | None = None
    tracking_number: str | None = None
    external_ref: str | None = None
    order_number: str | None = None
    complaint_id: str | None = None


def find(asked: Search, actor: Actor, now: datetime) -> list[Summary]:
    """The complaints that any of it is of, open or closed, the latest received first, 25 at most of each.

    A new complaint is found by hashes once its entry has been reacted to. Raises Forbidden for contact details to whom
    they are not shown.
    """
    if (asked.phone or asked.email) and not actor.roles & BY_CONTACT:
        raise Forbidden("role_not_open", roles=sorted(BY_CONTACT))
    found = {one.complaint_id: one for one in _of_order(asked.order_number)}
    named = [name for name in dict.fromkeys(_ids(asked)) if name not in found]
    heads = store.load_all(named[:100], Complaint)
    lines = [*found.values(), *(Summary.of(complaint) for complaint in heads.values())]
    return sorted(lines, key=lambda one: (one.received_at, one.complaint_id), reverse=True)


def _of_order(order_number: str | None) -> list[Summary]:
    return list(repeats.of_order(order_number, MOST_FOUND)) if order_number else []


def _ids(asked: Search) -> list[str]:
    found = [asked.complaint_id] if asked.complaint_id else []
    if asked.phone or asked.email:
        contact = NOBODY.model_copy(update={"phone": asked.phone, "email": asked.email})
        found += [name for name, _ in repeats.of_contact(contact, EVER, MOST_FOUND)]
    for kind, number in (("tracking", asked.tracking_number), ("external", asked.external_ref)):
        found += repeats.of_number(repeats.Number(kind, number), MOST_FOUND) if number else []
    return found
