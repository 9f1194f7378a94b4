"""What a storefront filed: a page of it, as each complaint stands now. It sees nothing of any other storefront's.

The list of all is in the order of what last happened that a consumer may see, so that whoever keeps a copy reads on
from where they were. By an order, or by what the shop calls it, there are few: `MOST_FOUND` of them are looked at.
"""

import hashlib
from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.adapters import filed, listings, repeats, store
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Actor

from .paging import listed_by, opened, page_of

MOST_FOUND = 500


class Own(NamedTuple):
    """What a storefront's list is narrowed to; None: not. `external_ref`: to the letter."""

    order_number: str | None = None
    external_ref: str | None = None
    updated_since: datetime | None = None


def own(asked: Own, actor: Actor, limit: int, cursor: str | None) -> tuple[list[Complaint], str | None]:
    """A page, the latest first; from `updated_since` on, the longest ago first. Raises Malformed for a bad cursor.

    Four round trips and one for the complaints; by an order or a reference, one and one for each hundred found.
    """
    purpose = _purpose(asked, actor)
    if asked.order_number or asked.external_ref:
        return _few(asked, actor, purpose, limit, cursor)
    if asked.updated_since:
        begin = f"{written(asked.updated_since)} "

        def found_after(after: str, most: int) -> list[listings.Place]:
            return filed.updated_since(actor.id, after or begin, most)
    else:
        found_after = partial(filed.latest, actor.id)
    return listed_by(purpose, found_after, Complaint, limit, cursor)


def _purpose(asked: Own, actor: Actor) -> str:
    return "filed " + hashlib.sha256(repr((actor.id, asked)).encode()).hexdigest()


def _few(asked: Own, actor: Actor, purpose: str, limit: int, cursor: str | None) -> tuple[list[Complaint], str | None]:
    forwards = asked.updated_since is not None
    known = store.load_all(_ids(asked, actor), Complaint).values()
    found = sorted((one for one in known if _is_meant(one, asked, actor)), key=_place)
    after = opened(purpose, cursor, "")
    rest = [one for one in found if not after or (_place(one) > after if forwards else _place(one) < after)]
    return page_of(rest if forwards else rest[::-1], limit, purpose, _place)


def _ids(asked: Own, actor: Actor) -> list[str]:
    if asked.external_ref:
        return [one.name for one in filed.called(actor.id, asked.external_ref, MOST_FOUND)]
    return repeats.ids_of_order(asked.order_number or "", MOST_FOUND)


def _is_meant(complaint: Complaint, asked: Own, actor: Actor) -> bool:
    return (
        complaint.filed_by.is_same(actor)
        and (asked.order_number is None or order_key(asked.order_number) == order_key(complaint.order_number))
        and asked.external_ref in (complaint.external_ref, None)
        and (asked.updated_since is None or complaint.moved_at >= asked.updated_since)
    )


def _place(complaint: Complaint) -> str:
    return f"{written(complaint.moved_at)}#{complaint.complaint_id}"
