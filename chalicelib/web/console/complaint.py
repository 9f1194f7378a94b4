"""A complaint as staff work on it: all of it on one page, with what its reader may do."""

from typing import Any
from urllib.parse import urlencode

from chalicelib.casework import evidence, read, rules
from chalicelib.domain.ground.errors import Refusal
from chalicelib.domain.ground.people import STAFF
from chalicelib.web import views
from chalicelib.web.door import Answer, Call

from . import page
from .asked import ComplaintQuery
from .door import Console, Sent
from .timeline import happenings

complaint = Console(__name__)


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
    preview: Any = None,
) -> Answer:
    """The page; after something was refused with what was typed, or before it is sent with what the consumer will read.

    Raises NotFound.
    """
    case, told = read.whole(call.complaint_id, call.actor, call.now, asked.before)
    policy = rules.version(case.state.policy_version, call.now)
    say = page.speech(call)
    here = f"{call.prefix}/console/complaints/{call.complaint_id}"
    return page.page(
        call,
        "complaint.html",
        say,
        status=status,
        view=views.StaffView.at(case, call.actor, call.now, policy),
        asked=asked,
        here_is=here,
        way=urlencode(asked.way),
        panel=None,
        told=told,
        history=[*happenings(reversed(case.entries), case.state, call.actor)],
    )
