"""Finding complaints by whatever one has of them: a number of any kind, a phone, a mail address. It is posted, and no
address of a page holds it."""

from typing import Annotated

from pydantic import Field

from chalicelib.casework import search as casework
from chalicelib.domain.complaint.submissions import ComplaintId, Line64
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import STAFF, Actor
from chalicelib.web.contacts import Email, Phone
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery

from .door import Console, FormBody
from .lines import lines_of
from .page import back, page, speech

search = Console(__name__)

OF_CONTACT = {"phone", "email"}


class SearchBody(FormBody):
    q: Annotated[str, Field(max_length=254)] = ""


class Meant(PageQuery):
    """Everything that somebody may mean by what they typed: what cannot be a phone is not looked for as one."""

    complaint_id: ComplaintId | None = None
    order_number: Line64 | None = None
    tracking_number: Line64 | None = None
    external_ref: Line64 | None = None
    phone: Phone | None = None
    email: Email | None = None


@search.operation("POST", "/console/search", who=STAFF, body=SearchBody, answers={200: str, 303: None})
def find_complaints(call: Call, body: SearchBody) -> Answer:
    """What is found by a number, a phone or an address; where that is one complaint, on to it."""
    found = casework.find(meant(body.q, call.actor), call.actor, call.now)
    if len(found) == 1:
        return back(call, f"/console/complaints/{found[0].complaint_id}")
    say = speech(call)
    return page(
        call,
        "search.html",
        say,
        lines=lines_of(found, say, call.now, among=True),
        now=written(call.now),
        q=body.q.strip(),
        by_contact=bool(call.actor.roles & casework.BY_CONTACT),
    )


def meant(typed: str, actor: Actor) -> casework.Search:
    """Contact details only for whom they are looked for."""
    names = {*Meant.model_fields} - (set() if actor.roles & casework.BY_CONTACT else OF_CONTACT)
    read = Meant.model_validate(dict.fromkeys(names, typed.strip()))
    return casework.Search(**read.model_dump())
