"""What there is already of whoever calls: the complaints of the same order, telephone or address."""

from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from chalicelib.casework import search
from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.text import plain
from chalicelib.domain.vocabulary.stages import STAGES, stage_name
from chalicelib.web.contacts import Email, Phone, takes_texts
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.speech import Speech

from . import page
from .door import Console, Sent

duplicates = Console(__name__)
FILE = LIFECYCLE.who(Action.FILE) & STAFF
"""Who of staff files."""
MOST_TYPED = 64
"""Characters of an order number."""
WAYS: tuple[tuple[str, Any], ...] = (("phone", Phone), ("email", Email))


class Known(NamedTuple):
    """A complaint that there is already, and what it has in common with what is typed. `is_open`: it may be
    the same one."""

    line: Summary
    stage: str
    same_order: bool
    is_open: bool


@duplicates.operation("POST", "/console/duplicates", who=FILE, body=Sent, answers={200: str})
def show_duplicates(call: Call, sent: Sent) -> Answer:
    """What there is already of an order, a phone or an address, while these are typed; for the script."""
    say = page.speech(call)
    return page.piece(call, "duplicates.html", say, known=known(call, sent, say), silent=is_silent(sent))


def known(call: Call, sent: Sent, say: Speech) -> list[Known]:
    """Open ones first, the latest first; what cannot be read yet is not looked for."""
    order = plain(sent.one("order_number")[:MOST_TYPED]) or None
    asked = search.Search(order_number=order, **{way: _typed(sent, way, kind) for way, kind in WAYS})
    lines = search.find(asked, call.actor, call.now) if any(asked) else []
    compared = [_compared(line, order, say) for line in lines]
    return sorted(compared, key=lambda one: not one.is_open)


def _compared(line: Summary, order: str | None, say: Speech) -> Known:
    stage = stage_name(line.stage, line.outcome, say.locale, to_staff=True)
    same = order is not None and order_key(order) == order_key(line.order_number)
    return Known(line, stage, same, STAGES[line.stage].open)


def _typed(sent: Sent, way: str, kind: Any) -> str | None:
    """A number or an address as contact details have it; None while it is none."""
    try:
        read: str = TypeAdapter(kind).validate_python(sent.one(f"contact.{way}"))
    except ValidationError:
        return None
    return read


def is_silent(sent: Sent) -> bool:
    """Whether nothing that is sent would reach them: a telephone that takes no texts, and no address."""
    phone = _typed(sent, "phone", Phone)
    return phone is not None and not takes_texts(phone) and not sent.one("contact.email").strip()
