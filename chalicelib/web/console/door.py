"""The door of the console: who has signed in is known by a cookie, what is handed in comes from forms.

`/v1` goes on ignoring cookies: what a browser sends along by itself proves nothing there. Here a form counts only if it
comes from a page of our own (`admit`), or any page of the web could have staff do what it likes.
"""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from chalice.app import Request
from pydantic import ConfigDict

from chalicelib import wallclock
from chalicelib.casework import callers
from chalicelib.domain.ground.errors import Forbidden, Malformed, Refusal, TooLarge, Unauthenticated
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Actor
from chalicelib.settings import settings
from chalicelib.web.door import HTML, LARGEST_BODY, Operation, accepted, prefix_of
from chalicelib.web.pages.page import Pages
from chalicelib.web.problems import Reader

from . import kept, page
from .cookies import Names, cookies, is_loopback

MOST_FIELDS = 1_000
HOME = "/console"
SIGN_IN = "/console/sign-in"
OWN = re.compile(r"/console(?:/[\w.~%@+-]+)*(?:\?[\w.~%&=+,:;*!$'()/@-]*)?", re.ASCII)
ACTS = "/acts/"
TOKEN = re.compile(r"[\w.=-]+", re.ASCII)
"""How tokens of the user pool are spelt: what is none is not shown to it."""
LONGEST = 1_500
"""Characters of an address that is carried along."""
_opened: list[re.Pattern[str]] = []
"""The addresses of all pages."""


class Sent(Model):
    """A form as it was sent: what each of its fields holds, in their order."""

    fields: Mapping[str, Sequence[str]] = {}

    def one(self, name: str) -> str:
        """What a field holds, its last word; nothing, if it is not there."""
        return (self.fields.get(name) or ("",))[-1]


class FormBody(Model):
    """What a page takes whose fields are known: of each the last word, blank ones left out, others ignored."""

    model_config = ConfigDict(extra="ignore")


class Console(Pages):
    """Operations that are answered in HTML to staff who have signed in."""

    def always(self, request: Request) -> dict[str, str]:
        return {**super().always(request), "Referrer-Policy": "same-origin"}

    def declared(self, path: str) -> None:
        declared = self.operations[-1]
        if declared.method == "GET" and not path.endswith("/{place}"):
            _opened.append(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)))
            page.OPEN_TO[path] = declared.who or STAFF
        if declared.method == "POST" and declared.who is not None:
            kept.takes(path)

    def admit(self, operation: Operation, request: Request) -> None:
        """Raises Forbidden for a form that comes from a page which is none of ours."""
        if operation.method == "GET":
            return
        ours = {own_origin(host_of(request)), *settings().page_origins}
        site = request.headers.get("sec-fetch-site", "same-origin")
        if request.headers.get("origin", "") not in ours or site != "same-origin":
            raise Forbidden("form_from_elsewhere")

    def recognise(self, request: Request, headers: MutableMapping[str, str | list[str]]) -> Actor:
        """Who has signed in. A session that has run out is renewed, for as long as that can be done. Raises Forbidden
        for a form of somebody else, whose page was left open in the same browser."""
        actor = self._signed_in(request, headers)
        if request.method == "POST" and form_of(request).get(kept.WHOSE, [actor.id])[-1] != actor.id:
            raise Forbidden("form_of_another")
        return actor

    def _signed_in(self, request: Request, headers: MutableMapping[str, str | list[str]]) -> Actor:
        names, found = Names.at(host_of(request)), cookies(request.headers.get("cookie", ""))
        try:
            return member(found.get(names.session, ""))
        except Unauthenticated:
            if not TOKEN.fullmatch(again := found.get(names.again, "")):
                raise
        renewed = callers.refresh(again)
        headers["Set-Cookie"] = names.kept(renewed)
        return member(renewed.access_token)

    def reader(self, request: Request, path: str, about: dict[str, str], locale: str | None) -> Reader:
        return Reader(page.locale_of(request.headers.get("cookie", ""), accepted(request)), prefix_of(request, path))

    def refusal(
        self, status: int, content: dict[str, Any], request: Request, reader: Reader
    ) -> tuple[int, str, dict[str, str]]:
        """To people a page, and to whoever is not known the one on which they sign in; to scripts the problem."""
        if "text/html" not in request.headers.get("accept", ""):
            return super(Pages, self).refusal(status, content, request, reader)
        form = kept_of(request, reader.prefix)
        if status == HTTPStatus.UNAUTHORIZED and form is None:
            return HTTPStatus.SEE_OTHER, "", {"Location": f"{reader.prefix}{sign_in_for(request, reader.prefix)}"}
        if status == HTTPStatus.UNAUTHORIZED:
            text = page.sign_in(form, wanted_by(request, reader.prefix), reader)
        else:  # what did not answer may the next time, and what is done twice by one form is done once
            text = page.problem(content, reader, form if status >= HTTPStatus.TOO_MANY_REQUESTS else None)
        return status, text, {"Content-Type": HTML, **page.allowing()}

    def sent(self, operation: Operation, request: Request) -> Any:
        fields = form_of(request)
        if operation.body is Sent:
            return {"fields": fields}
        return {name: values[-1] for name, values in fields.items() if values[-1].strip()}


def form_of(request: Request, times: int = 1) -> dict[str, list[str]]:
    """What was sent by a form; `times` as large as others, where one goes along in it. Raises Malformed, TooLarge."""
    raw = request.raw_body if isinstance(request.raw_body, bytes) else request.raw_body.encode()
    if len(raw) > (most := times * LARGEST_BODY):
        raise TooLarge("body_too_large", most=most)
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"), keep_blank_values=True, max_num_fields=times * MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise Malformed("body_no_form") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return fields


def host_of(request: Request) -> str:
    return str(request.headers.get("host", "")).lower()


def own_origin(host: str) -> str:
    """As browsers name where our pages come from."""
    return f"{'http' if is_loopback(host) else 'https'}://{host}"


def kept_of(request: Request, prefix: str) -> kept.Kept | None:
    """The form that was sent, if it is one to be sent again."""
    if request.method != "POST":
        return None
    try:
        return kept.of(asked_of(request).removeprefix(prefix), form_of(request))
    except Refusal:
        return None


def asked_of(request: Request) -> str:
    return str(request.context.get("path") or request.path)


def sign_in_for(request: Request, prefix: str) -> str:
    """Where whoever asked for this signs in, to come back to it."""
    wanted = wanted_by(request, prefix)
    return SIGN_IN if wanted == HOME else f"{SIGN_IN}?{urlencode({'next': wanted})}"


def wanted_by(request: Request, prefix: str) -> str:
    """The page that was asked for, or that on which the form was."""
    asked = asked_of(request)
    if given := request.query_params:
        asked += f"?{urlencode([(name, one) for name in given for one in given.getlist(name)])}"
    if request.method != "GET":
        asked = page_of(str(request.headers.get("referer", "")), host_of(request))
    return own_page(asked.removeprefix(prefix))


def page_of(address: str, host: str) -> str:
    """Which page of our own an address is of, with what stands before our paths; nothing, if of none."""
    parts = urlsplit(address)
    if parts.netloc not in {host, *(urlsplit(one).netloc for one in settings().page_origins)}:
        return ""
    return f"{parts.path}{parts.query and '?'}{parts.query}"


def own_page(wanted: str) -> str:
    """A page of the console that somebody may be sent on to, as it was named; Today, if that names none. A form that
    was refused stands at an address of its own, below the page that it is about."""
    path = wanted.partition("?")[0]
    if ACTS in path:
        wanted = path = path.partition(ACTS)[0]
    fits = OWN.fullmatch(wanted) and len(wanted) <= LONGEST and any(one.fullmatch(path) for one in _opened)
    return wanted if fits else HOME


def member(token: str) -> Actor:
    """A member of staff: others have no business with a cookie. Raises Unauthenticated."""
    actor = callers.recognise(f"Bearer {token}", wallclock.machine_time())
    if actor.kind != "staff":
        raise Unauthenticated("credentials_invalid")
    return actor
