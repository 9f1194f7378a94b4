"""Something is done about a complaint by a form of its page: by the same verbs as everywhere.

What is refused is said on the newest state of the page, with all that was typed still in its fields. What is done leads
on to the page, so that loading that again does nothing twice.
"""

import json
from hashlib import sha256
from typing import Any

from chalicelib.casework import canned, once, presence, preview, verbs
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.errors import NotFound, Refusal, Unauthenticated
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.door import PRINTABLE_ASCII, Answer, Call, read_as

from . import acts, complaint, forms, page
from .asked import ComplaintQuery
from .canned import used_in
from .door import Console, FormBody, Sent
from .panel import Preview, ShownBefore

doing = Console(__name__)
ACTS = "/console/complaints/{complaint_id}/acts/{action}"


@doing.operation("POST", ACTS, who=STAFF, body=Sent, answers={303: None})
def do_about_complaint(call: Call, sent: Sent) -> Answer:
    """Does what a form of the page of a complaint is for; or shows the page again, and what stands against it: as
    long as there is the complaint, also that what it was about is not there."""
    action = _action(call)
    asked = _asked(action, sent)
    if forms.is_for_more(sent):
        return complaint.show(call, asked, sent)
    try:
        return _done(call, action, asked, sent)
    except Unauthenticated:
        raise
    except Refusal as refusal:
        return complaint.show(call, asked, sent, refusal, refusal.status)


@doing.operation("GET", ACTS, who=STAFF, answers={303: None})
def show_form(call: Call) -> Answer:
    """On to the form of an action: whoever loads the address of one that was refused, or is sent there, comes to it."""
    return page.back(call, f"/console/complaints/{call.complaint_id}", act=str(_action(call)))


def _action(call: Call) -> Action:
    """Raises NotFound for what is nothing that staff do."""
    found = next((action for action in ACTIONS if action == call.path["action"]), None)
    if found is None:
        raise NotFound("action_unknown")
    return found


def _asked(action: Action, sent: Sent) -> ComplaintQuery:
    """Where on the page the form was, and where whoever sends it came from."""
    said: dict[str, str | None] = {name: sent.one(f"_{name}") or None for name in ("part", "place")}
    said |= {name: sent.one(f"_{name}") for name in ("view", "among") if f"_{name}" in sent.fields}  # blank: all, none
    return ComplaintQuery.model_validate({"act": action, **said})


def _done(call: Call, action: Action, asked: ComplaintQuery, sent: Sent) -> Answer:
    content = forms.handed_in(action, sent)
    submission: Any = read_as(ACTIONS[action], content)
    digest = _digest([action, asked.part, content])
    if _is_to_be_shown(action, sent, digest):
        meant = call.complaint_id, submission, call.actor, call.now, asked.part
        told = preview.foreseen(*meant, api=call.api)
        return complaint.show(call, asked, sent, preview=Preview(told, digest))
    done = verbs.do(
        call.complaint_id,
        submission,
        call.actor,
        call.now,
        seen=acts.seen_of(sent),
        idempotency=_once(call, sent, digest),
        part=asked.part,
    )
    if not done.replayed:
        canned.count(used_in(sent), call.now)
    if action is Action.VIEW_CONTACT:  # whose page it is once, and on no address
        if done.replayed:
            return complaint.show(call, asked, sent, ShownBefore("shown_before"))
        shown = ComplaintQuery.model_validate({"done": action, **asked.way})
        return complaint.show(call, shown, unmasked=True)
    return page.arrived(call, f"/console/complaints/{call.complaint_id}", done=str(action), **asked.way)


def _is_to_be_shown(action: Action, sent: Sent, digest: str) -> bool:
    """Whether whoever sends it is to read first what the consumer will: as they ask, and always of a plan and a
    question that they have not read as they are now."""
    if action not in preview.FORESEEN:
        return False
    return bool(sent.one("_preview")) or (action in preview.ALWAYS_FORESEEN and sent.one("_previewed") != digest)


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _once(call: Call, sent: Sent, digest: str) -> once.Idempotency | None:
    key = sent.one("_key")
    if not PRINTABLE_ASCII.fullmatch(key):
        return None
    asked = json.dumps(["POST", ACTS, call.complaint_id, digest]).encode()
    return once.idempotency(f"staff {call.actor.id}", key, asked, call.now)


class NearBody(FormBody):
    """The version that whoever types has seen."""

    seen: int | None = None


@doing.operation("POST", "/console/complaints/{complaint_id}/presence", who=STAFF, body=NearBody, answers={200: str})
def say_who_is_near(call: Call, body: NearBody) -> Answer:
    """Says who else is at work on a complaint, and whether it has moved since, while somebody types; for the script."""
    near = presence.near(call.complaint_id, call.actor, call.now)
    return page.piece(call, "near.html", others=near.others, moved=body.seen not in (None, near.version))
