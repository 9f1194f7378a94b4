"""The consumer's page (3.1, 4.3b, 4.4a): a shell that is the same for everybody, and what is in it for one of them.

The shell knows nothing: its script takes the token out of the link, and fetches the content with it. So the token is in
no address that a server sees, and what a browser keeps of the shell is nobody's.
"""

from functools import cache

from chalicelib.casework import read
from chalicelib.domain.ground.people import Role
from chalicelib.web.door import Answer, Call, tagged

from .content import ContentQuery, content
from .page import Pages, for_all, packaged, render, secured

track = Pages(__name__)


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
    case = read.latest(call.complaint_id, call.actor, call.now, query.before)
    page = render("content.html", **content(case, call, query))
    return Answer(200, page, tagged(case.state.version))


def _shell(call: Call) -> Answer:
    page = _written(call.prefix)
    sources = "'self'"
    allowed = {"connect-src": sources, "img-src": f"{sources} data: blob:", "form-action": "'self'"}
    return for_all(call, page, secured(page, allowed))


@cache
def _written(prefix: str) -> str:
    return render("shell.html", script=packaged("track.js"), prefix=prefix)
