"""A complaint is filed for whoever calls (4.1a): asked in the order in which people tell it, beside what there is
already of the same order or the same caller.

Whoever files has seen the open complaints that it might be one of: with a script while they type, else before it is
filed. What they have seen stands in the form.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, cast

from pydantic import StringConstraints

from chalicelib.casework import file, once, read
from chalicelib.domain.complaint.decisions import STAFF_CHANNEL
from chalicelib.domain.ground.errors import FieldFault, IdempotencyMismatch, Invalid, NotFound, Refusal
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.telling.notices import channels_to_consumer
from chalicelib.web.bodies import ComplaintBody
from chalicelib.web.door import PRINTABLE_ASCII, Answer, Call, read_as
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from . import duplicates, forms, names, page
from .door import Console, Sent
from .forms import Field

caller = Console(__name__)
NEW = "/console/complaints/new"
FIRST = ("order_number", "contact")
"""By these it shows whether it is there already."""
THEN = ("product_name", "description", "category", "requested_remedy")
REACHED = ("phone", "name", "email")


class NewQuery(PageQuery):
    """`filed`: the complaint that has just been filed."""

    filed: Annotated[str, StringConstraints(max_length=64)] | None = None


@caller.operation("GET", NEW, who=duplicates.FILE, query=NewQuery, answers={200: str})
def show_new(call: Call, query: NewQuery) -> Answer:
    """The form of a complaint for whoever calls; or what was filed by it, and what they are told."""
    return _filed(call, query.filed) if query.filed else _form(call)


@caller.operation("POST", NEW, who=duplicates.FILE, body=Sent, answers={303: None})
def file_for_caller(call: Call, sent: Sent) -> Answer:
    """Files a complaint for whoever calls, unless it may be there already and nobody has seen that yet."""
    content = {**forms.content_of(ComplaintBody, sent), "channel": STAFF_CHANNEL}
    try:
        return _file(call, sent, content)
    except Refusal as refusal:
        return _form(call, sent, refusal, status=refusal.status)


def _file(call: Call, sent: Sent, content: dict[str, Any]) -> Answer:
    body = cast("ComplaintBody", read_as(ComplaintBody, content))
    kept = _once(call, sent, content)
    known = duplicates.known(call, sent, page.speech(call))
    unseen = {one.line.complaint_id for one in known if one.is_open} - {*sent.fields.get("_shown", ())}
    done = once.replay(kept, call.now) if unseen else None
    if unseen and done is None:
        return _form(call, sent, known=known)
    done = done or file.file(
        body.filing(), body.contact.contact(), call.actor, call.now, kept, microsecond=call.microsecond
    )
    return page.back(call, NEW, filed=done.state.complaint_id)


def _once(call: Call, sent: Sent, content: dict[str, Any]) -> once.Idempotency | None:
    """A form that is sent twice files once."""
    key = sent.one("_key")
    asked = json.dumps(["POST", NEW, content], sort_keys=True).encode()
    return once.idempotency(f"staff {call.actor.id}", key, asked, call.now) if PRINTABLE_ASCII.fullmatch(key) else None


# ---- the form --------------------------------------------------------------------------------------------------------


def _form(
    call: Call,
    sent: Sent | None = None,
    refusal: Refusal | None = None,
    known: Sequence[duplicates.Known] = (),
    status: int = 200,
) -> Answer:
    """With what was typed, after it was refused or what there is already was found."""
    say = page.speech(call)
    faults: Sequence[FieldFault] = refusal.faults if isinstance(refusal, Invalid) else ()
    asked = forms.fields_of(ComplaintBody, say, sent=sent, faults=faults, fixed=("channel", "metadata"))
    first, then, rest = _in_order(asked)
    is_used = isinstance(refusal, IdempotencyMismatch)
    return page.page(
        call,
        "caller.html",
        say,
        status=status,
        first=first,
        then=then,
        rest=rest,
        is_rest_open=bool([*forms.faulty(rest)]),
        faulty=asked,
        against=_against(refusal, say),
        known=known or (duplicates.known(call, sent, say) if sent else ()),
        stops=bool(known),
        typed=sent is not None,
        silent=sent is not None and duplicates.is_silent(sent),
        key=(sent and not is_used and sent.one("_key")) or secrets.token_urlsafe(18),
    )


def _in_order(asked: Iterable[Field]) -> tuple[list[Field], list[Field], list[Field]]:
    """What is asked first, then, and only if somebody says it; a new field is of the last."""
    by_name = {field.name: field for field in asked}
    contact = by_name["contact"]
    reached = sorted(contact.fields, key=lambda field: REACHED.index(field.name.rpartition(".")[2]))
    by_name["contact"] = contact._replace(fields=reached)
    rest = [field for name, field in by_name.items() if name not in FIRST + THEN]
    return [by_name[name] for name in FIRST], [by_name[name] for name in THEN], rest


def _against(refusal: Refusal | None, say: Speech) -> str:
    """What stands against all of it, if no field is at fault."""
    if refusal is None or isinstance(refusal, Invalid):
        return ""
    return say("caller.sent_before") if isinstance(refusal, IdempotencyMismatch) else names.refused(refusal, say)


# ---- what was filed --------------------------------------------------------------------------------------------------


def _filed(call: Call, named: str) -> Answer:
    """What to tell whoever is still on the telephone. Raises NotFound."""
    try:
        complaint_id = read_id(named)
    except ValueError:
        raise NotFound("complaint_unknown") from None
    case = read.case(complaint_id, call.actor, call.now)
    complaint, contact = case.state, case.contact
    danger = complaint.clock("safety_call")
    return page.page(
        call,
        "filed.html",
        complaint=complaint,
        groups=complaint_id.split("-"),
        told=[(channel, getattr(contact, ADDRESSED[channel])) for channel in _channels(contact)],
        contact=contact,
        danger=danger,
        words=names.words_found(complaint),
    )


ADDRESSED = {"email": "email", "sms": "phone"}


def _channels(contact: Contact) -> list[str]:
    return [*channels_to_consumer("receipt", contact, ())]
