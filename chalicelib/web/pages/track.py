"""The consumer's page (3.1, 4.3b, 4.4a): a shell that is the same for everybody, and what is in it for one of them.

The shell knows nothing: its script takes the token out of the link, and fetches the content with it. So the token is in
no address that a server sees, and what a browser keeps of the shell is nobody's.
"""

from functools import lru_cache

from chalicelib.casework import evidence, read
from chalicelib.domain.ground.people import Role
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Call, tagged
from chalicelib.web.markup import SCRIPT, hashes, secured

from .content import ContentQuery, content
from .page import FOR_GOOD, Pages, for_all, privacy_page, render, script, version_of

track = Pages(__name__)

LATE, ENTRY = "late.js", "entry.html"


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


@track.operation("GET", "/pages/{version}/late.js", who=None, answers={200: str})
def show_script(call: Call) -> Answer:
    """What the page does once it is there."""
    return _beside(call, script(LATE), {"Content-Type": "text/javascript; charset=utf-8"})


@track.operation("GET", "/pages/{version}/entry.html", who=None, answers={200: str})
def show_way_in(call: Call) -> Answer:
    """What the page shows whom no link has led to a complaint: number and code, and to be sent the link again."""
    page = _entry(call.prefix)
    return _beside(call, page, secured(page))


def _beside(call: Call, text: str, headers: dict[str, str]) -> Answer:
    """What a shell fetches, kept for good. Shells of before ask by another version, and get this one for now."""
    kept = FOR_GOOD if call.path["version"] == version_of(text) else {}
    return for_all(call, text, {**headers, **kept})


def _shell(call: Call) -> Answer:
    house = settings()
    page = _written(call.prefix, privacy_page(call.prefix), house.operator, house.contact, house.service_phone)
    files = evidence.origin()
    allowed = {
        "script-src": f"'self' {hashes(SCRIPT.findall(page))}",
        "connect-src": f"'self' {files}",
        "img-src": f"'self' data: blob: {files}",
        "form-action": "'self'",
    }
    return for_all(call, page, secured(page, allowed))


@lru_cache(8)  # the address of a request has a part in it
def _written(prefix: str, privacy_url: str, operator: str, contact: str, phone: str) -> str:
    said = {"privacy_url": privacy_url, "operator": operator, "contact": contact, "phone": phone}
    beside = {"late": (LATE, script(LATE)), "entry": (ENTRY, _entry(prefix))}
    fetched = {name: f"{prefix}/pages/{version_of(text)}/{file}" for name, (file, text) in beside.items()}
    scripts = {"opening": script("open.js"), "script": script("track.js")}
    return render("shell.html", prefix=prefix, **fetched, **scripts, **said)


@lru_cache(8)
def _entry(prefix: str) -> str:
    return render("entry.html", prefix=prefix)
