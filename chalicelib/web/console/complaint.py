"""A complaint as staff work on it: all of it on one page, with what its reader may do."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from chalicelib.casework import evidence, read, rules
from chalicelib.casework.read import Case
from chalicelib.domain.complaint import decisions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import STAFF
from chalicelib.web.door import Answer, Call

from . import page
from .asked import ComplaintQuery
from .case import PARTS, Reader, content, to_act
from .door import Console, Sent
from .names import act_name
from .panel import Preview, panel
from .timeline import SORTS, checked, happenings

complaint = Console(__name__)

SHOWN = 60
"""Entries, and notices, that the page has at most; of one sort, all of it that were read."""


@complaint.operation("GET", "/console/complaints/{complaint_id}", who=STAFF, query=ComplaintQuery, answers={200: str})
def show_case(call: Call, query: ComplaintQuery) -> Answer:
    """All of a complaint, and what its reader may do now."""
    return show(call, query)


@complaint.operation("GET", "/console/complaints/{complaint_id}/evidence/{evidence_id}", who=STAFF, answers={302: None})
def show_file(call: Call) -> Answer:
    """A file, by way of a link that lives five minutes; a browser saves it, and shows none as a page."""
    link = evidence.download_link(call.complaint_id, call.path["evidence_id"], call.actor, call.now)
    return Answer(302, None, {"Location": link})


def show(
    call: Call,
    asked: ComplaintQuery,
    sent: Sent | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
    preview: Preview | None = None,
    *,
    unmasked: bool = False,
) -> Answer:
    """The page; after something was refused with what was typed, or before it is sent with what the consumer will read;
    `unmasked`: after they have said why they must see how that one is reached.

    Raises NotFound. One round trip, two where the complaint is very long.
    """
    case, notices = read.whole(call.complaint_id, call.actor, call.now, asked.before)
    reader = Reader(call.actor, call.now, page.speech(call))
    possible = decisions.may(case.state, call.actor, call.now, rules.version(case.state.policy_version, call.now))
    said = content(case, notices[:SHOWN], reader, unmasked=unmasked, possible=possible)
    return page.page(
        call,
        "complaint.html",
        reader.say,
        status=status,
        **said,
        **to_act(call, reader.say),
        **history_of(case, reader, asked.sort),
        parts=parts_of(said),
        asked=asked,
        way=urlencode(asked.way),
        turned=_turning(asked),
        done=act_name(asked.done, reader.say, "done") if asked.done else "",
        told_more=len(notices[SHOWN:]),
        told_elsewhere=asked.before is not None,
        panel=panel(case, possible, call, asked, reader.say, sent, refusal, preview),
    )


def parts_of(said: dict[str, Any]) -> list[str]:
    """The parts of the page that say something of this complaint, or in which something can be done."""
    view = said["view"]
    there = {
        "safety": view.safety,
        "related": view.related or view.duplicate_of or view.taken_in or view.merged_into,
        "questions": view.information_requests,
        "delivery": view.delivery,
        "measures": view.follow_ups,
        "breaches": view.breaches,
        "legal": view.legal_issue or view.legal_reviews,
        "survey": said["survey"].state != "none",
    }
    return [name for name in PARTS if there.get(name, True)]


def history_of(case: Case[Complaint], reader: Reader, sort: str | None = None) -> dict[str, Any]:
    """What happened, of one sort if that is asked for, the newest first; and whether the chain is whole as far."""
    newest = read.last_page(case.entries)[: None if sort else SHOWN]
    told = [*happenings(newest, case.state, reader.actor, reader.say)]
    first = newest[-1].seq if newest else 1
    last = newest[0].seq if newest else 0
    return {
        "history": [one for one in told if sort in (one.sort, None)],
        "sorts": [*SORTS],
        "first": first,
        "last": last,
        "whole": first == 1 and last == case.state.seq,
        "broken": checked(newest[::-1], case.state),
    }


def _turning(asked: ComplaintQuery) -> Callable[..., str]:
    """Addresses of this page that show more or less of what happened."""
    return lambda **turned: urlencode({**asked.way, **{name: one for name, one in turned.items() if one}})
