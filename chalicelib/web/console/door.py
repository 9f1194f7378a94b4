"""The door of the console: who has signed in is known by a cookie, what is handed in comes from forms.

`/v1` goes on ignoring cookies: what a browser sends along by itself proves nothing there. Here a form counts only if it
comes from a page of our own (`admit`), or any page of the web could have staff do what it likes.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Request
from pydantic import ConfigDict

from chalicelib import wallclock
from chalicelib.casework import callers
from chalicelib.domain.ground.errors import Forbidden, Malformed, TooLarge
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Actor
from chalicelib.web.door import HTML, LARGEST_BODY, Operation, accepted, prefix_of
from chalicelib.web.pages.page import Pages
from chalicelib.web.problems import Reader

from . import page
from .cookies import cookies

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MOST_FIELDS = 1_000


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

    def admit(self, operation: Operation, request: Request) -> None:
        """Raises Forbidden for a form that comes from a page which is none of ours."""
        origin = request.headers.get("origin", "")
        site = request.headers.get("sec-fetch-site", "same-origin")
        if operation.method != "GET" and (origin != own_origin(request) or site != "same-origin"):
            raise Forbidden("form_from_elsewhere")

    def recognise(self, request: Request, headers: MutableMapping[str, str | list[str]]) -> Actor:
        kept = cookies(request.headers.get("cookie", ""))
        return callers.recognise(f"Bearer {kept.get(session_cookie(request), '')}", wallclock.machine_time())

    def reader(self, request: Request, path: str, about: dict[str, str], locale: str | None) -> Reader:
        return Reader(page.locale_of(request.headers.get("cookie", ""), accepted(request)), prefix_of(request, path))

    def refusal(
        self, status: int, content: dict[str, Any], request: Request, reader: Reader
    ) -> tuple[int, str, dict[str, str]]:
        """To people a page, and to whoever is not known the one on which they sign in; to scripts the problem."""
        if "text/html" not in request.headers.get("accept", ""):
            return super(Pages, self).refusal(status, content, request, reader)
        if status == HTTPStatus.UNAUTHORIZED:
            return HTTPStatus.SEE_OTHER, "", {"Location": f"{reader.prefix}/console/sign-in"}
        text = page.problem(content, reader)
        return status, text, {"Content-Type": HTML, **page.allowing(text)}

    def sent(self, operation: Operation, request: Request) -> Any:
        fields = form_of(request)
        if operation.body is Sent:
            return {"fields": fields}
        return {name: values[-1] for name, values in fields.items() if values[-1].strip()}


def form_of(request: Request) -> dict[str, list[str]]:
    """What was sent by a form. Raises Malformed, TooLarge."""
    raw = request.raw_body if isinstance(request.raw_body, bytes) else request.raw_body.encode()
    if len(raw) > LARGEST_BODY:
        raise TooLarge("body_too_large", most=LARGEST_BODY)
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise Malformed("body_no_form") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return fields


def host_of(request: Request) -> str:
    return str(request.headers.get("host", "")).lower()


def is_loopback(request: Request) -> bool:
    """Whether the browser is on this machine: no other is ever told such a host."""
    name = host_of(request)
    return name in LOOPBACK or name.rpartition(":")[0] in LOOPBACK


def own_origin(request: Request) -> str:
    """As browsers name where our pages come from."""
    return f"{'http' if is_loopback(request) else 'https'}://{host_of(request)}"


def session_cookie(request: Request) -> str:
    """Safari takes no `__Host-` cookie over http, which is only spoken on one machine."""
    return "redress" if is_loopback(request) else "__Host-redress"
