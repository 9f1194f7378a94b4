"""Something is done about several complaints at once: they are given to somebody, or a note is written to each.

Never a stage step: what moves a complaint on is decided about each by itself. Each is done by the verb by which it is
done about one; one that fails keeps no other, and of each it is said what became of it.
"""

from typing import NamedTuple

from chalicelib.casework import once, verbs
from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotFound, Refusal
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.web.door import Answer, Call, read_as
from chalicelib.web.pages.speech import Speech
from chalicelib.web.problems import as_refusal, printable

from . import choices, names, queue, view
from .door import Console, Sent
from .page import page, speech

bulk = Console(__name__)

MOST = 100
"""Complaints at once."""


class Result(NamedTuple):
    """What became of one. `address`: of the complaint, if it is one; `fault`: why nothing was done, in words."""

    complaint_id: str
    address: str
    fault: str = ""


@bulk.operation("POST", "/console/bulk", who=STAFF, body=Sent, answers={200: str, 422: str})
def do_for_several(call: Call, sent: Sent) -> Answer:
    """Give several complaints to somebody, or write a note to each of them."""
    say = speech(call)
    looked = queue.asked_by(sent)
    try:
        ids, submission = _chosen(sent), _handed_in(sent)
    except Invalid as refusal:
        return queue.shown(call, looked, sent, said(refusal, say), refusal.status)
    results = [_tried(one, submission, call, sent.one("_key"), say) for one in ids]
    done = sum(not one.fault for one in results)
    return page(
        call,
        "bulk.html",
        say,
        results=results,
        done=done,
        act=submission.action,
        view=view.written(looked),
        words=looked.words,
    )


def _chosen(sent: Sent) -> list[str]:
    """The complaints, each once. Raises Invalid."""
    ids = [*dict.fromkeys(sent.fields.get("id", ()))]
    if not ids:
        raise Invalid([FieldFault("id", "none_chosen")])
    if len(ids) > MOST:
        raise Invalid([FieldFault("id", "too_many_chosen", {"most": MOST})])
    return ids


def _handed_in(sent: Sent) -> Submission:
    """What is done about each of them: a note, which no consumer sees, or they are given to somebody. Raises
    Invalid."""
    kind, content = _content(sent)
    return kind.model_validate(read_as(kind, content))


def _content(sent: Sent) -> tuple[type[Submission], dict[str, str | None]]:
    if sent.one("act") == "note":
        return submissions.Note, {"text": sent.one("note")}
    if sent.one("act") != "assign":
        raise Invalid([FieldFault("act", "no_act_for_several")])
    assignee = sent.one("assignee")
    if not assignee:
        raise Invalid([FieldFault("assignee", "nobody_chosen")])
    return submissions.Assignment, {"assignee": None if assignee == choices.NOBODY else assignee}


def _tried(named: str, submission: Submission, call: Call, key: str, say: Speech) -> Result:
    """Whatever stands against one is said of that one, and the others are done."""
    complaint_id = ""
    try:
        complaint_id = _id_of(named)
        idempotency = _idempotency(complaint_id, submission, call, key)
        verbs.do(complaint_id, submission, call.actor, call.now, seen=None, idempotency=idempotency)
    except Exception as exception:  # whatever it is, the others must be done
        return Result(printable(named), _address(complaint_id), said(as_refusal(exception), say))
    return Result(complaint_id, _address(complaint_id))


def _address(complaint_id: str) -> str:
    return complaint_id and f"/console/complaints/{complaint_id}"


def _id_of(named: str) -> str:
    try:
        return read_id(named)
    except ValueError:
        raise NotFound("complaint_unknown") from None


def _idempotency(complaint_id: str, submission: Submission, call: Call, key: str) -> once.Idempotency | None:
    """A note that is sent twice by one page is written once. Who is to have a complaint is whoever was said last."""
    if not key or submission.action != "note":
        return None
    asked = f"{complaint_id}\n{submission.model_dump_json()}"
    return once.idempotency(f"staff {call.actor.id}", f"{key}\n{asked}", asked.encode(), call.now)


def said(refusal: Refusal, say: Speech) -> str:
    """In a sentence; where fields are wrong, in one for each."""
    if isinstance(refusal, Invalid):
        return " ".join(f"{_of(one, say)}{names.wrong(one, say)}" for one in refusal.faults)
    return names.refused(refusal, say)


def _of(fault: FieldFault, say: Speech) -> str:
    """Which field it is about, where the sentence does not say so."""
    return f"{say('queue.bulk.note')}{say('queue.is')}" if fault.field == "text" else ""
