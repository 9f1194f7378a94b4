"""Adding files to a complaint: the browser asks where to, sends them there itself, and asks what became of them.

The one thing of the console that needs a script: a form can send a file to S3, but not follow it.
"""

from typing import Any

from chalicelib.casework import read, verbs
from chalicelib.casework.evidence import upload_form
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.people import STAFF
from chalicelib.web import part_views
from chalicelib.web.door import Answer, Call, read_as

from . import forms, page
from .case import Reader, content, to_act
from .door import Console, Sent

files = Console(__name__)


@files.operation("GET", "/console/complaints/{complaint_id}/files", who=STAFF, answers={200: str})
def list_files(call: Call) -> Answer:
    """The files of a complaint, for the script to put in the place of those it knows."""
    case = read.case(call.complaint_id, call.actor, call.now)
    say = page.speech(call)
    said = content(case, [], Reader(call.actor, call.now, say))
    return page.piece(call, "files_listed.html", say, **said, **to_act(call, say), way="")


@files.operation(
    "POST",
    "/console/complaints/{complaint_id}/files",
    who=LIFECYCLE.who(Action.ADD_EVIDENCE) & STAFF,
    body=Sent,
    answers={201: part_views.OfferedView},
)
def offer_file(call: Call, sent: Sent) -> Answer:
    """Says where to upload a file to, for the script: it is listed once it is there and was looked into."""
    offer: Any = read_as(submissions.EvidenceOffer, forms.content_of(submissions.EvidenceOffer, sent))
    done = verbs.do(call.complaint_id, offer, call.actor, call.now, seen=None, idempotency=call.idempotency)
    file = done.state.evidence_files[-1]
    form = upload_form(done.state, file, call.now)
    offered = part_views.OfferedView.to(form, file, page.speech(call).locale)
    return Answer(201, offered, {"Content-Type": "application/json"}, done.replayed)
