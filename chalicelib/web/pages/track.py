"""The consumer's page (3.1, 4.3b, 4.4a): a shell that is the same for everybody, and what is in it for one of them.

The shell knows nothing: its script takes the token out of the link, and fetches the content with it. So the token is in
no address that a server sees, and what a browser keeps of the shell is nobody's.
"""

from functools import cache
from typing import Literal

from chalicelib.casework import evidence, read
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.settings import settings
from chalicelib.web import views
from chalicelib.web.door import Answer, Call, tagged

from .page import PageQuery, Pages, for_all, render, secured, sent

track = Pages(__name__)

FIRST = 'try{document.documentElement.className="js"}catch{}'
"""What only a browser runs that can run the script, before it shows anything: else the page is to be read without."""

LinkAnswer = Literal["accept", "object", "reopen", "review"]
"""What a link in a notice offers to do; it opens the form for it, and does nothing."""


class ContentQuery(PageQuery):
    lang: Locale | None = None
    round: int | None = None
    answer: LinkAnswer | None = None


@track.operation("GET", "/track", who=None, answers={200: str})
def show_entry(call: Call) -> Answer:
    """Where a consumer comes in by number and code, or asks for their link again."""
    return _shell(call)


@track.operation("GET", "/track/{complaint_id}", who=None, answers={200: str})
def show_shell(call: Call) -> Answer:
    """The same: its script reads which complaint is meant, and the token, from the address."""
    return _shell(call)


@track.operation(
    "GET",
    "/track/{complaint_id}/content",
    who=frozenset({Role.CONSUMER}),
    query=ContentQuery,
    answers={200: str},
)
def show_content(call: Call, query: ContentQuery) -> Answer:
    """What a complaint's consumer reads of it, and everything they may do."""
    case = read.case(call.complaint_id, call.actor, call.now)
    view = views.view_for(call.actor, case, call.now)
    page = render("content.html", view=view, locale=query.lang or case.state.locale, prefix=call.prefix, asked=query)
    return Answer(200, page, tagged(case.state.version))


def _shell(call: Call) -> Answer:
    house = settings()
    page = _written(call.prefix, house.operator, house.contact, house.service_phone)
    allowed = {
        "connect-src": f"'self' {evidence.origin()}",
        "img-src": f"'self' data: blob: {evidence.origin()}",
        "form-action": "'self'",
    }
    return for_all(call, page, secured(page, allowed))


@cache
def _written(prefix: str, operator: str, contact: str, phone: str) -> str:
    dialled = "".join(mark for mark in phone if mark in "+0123456789")
    said = {"operator": operator, "contact": contact, "phone": phone, "dialled": dialled}
    script = sent("track.js") + sent("more.js")
    return render("shell.html", first=FIRST, script=script, prefix=prefix, **said)
