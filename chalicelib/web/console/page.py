"""How a page of the console is made and answered. No word stands here: they are in `words/<part>.<locale>.json`."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from chalicelib import wallclock
from chalicelib.casework import evidence, rules
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import languages
from chalicelib.web.door import Answer, Call
from chalicelib.web.markup import TIGHT, hashes, secured, templates
from chalicelib.web.pages.page import dialled, tightened, version_of
from chalicelib.web.pages.speech import Speech
from chalicelib.web.problems import Reader

from . import names
from .cookies import cookies
from .kept import Kept

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
ROOT = "/console"
OPEN_TO: dict[str, frozenset[Role]] = {}
"""To whom each page is open, by its path."""
LANGUAGE = "redress-language"
"""The cookie that keeps in which language somebody reads the console."""


@cache
def words(locale: Locale) -> Mapping[str, str]:
    """The sentences of the console, by key, which begins with the name of its file as far as a hyphen, so that a part
    may have several; {values} stand in braces."""
    found: dict[str, str] = {}
    for file in sorted((HERE / "words").glob(f"*.{locale}.json")):
        part = file.name.split(".")[0].partition("-")[0]
        found |= {f"{part}.{key}": said for key, said in json.loads(file.read_text("utf-8")).items()}
    return found


def speech(call: Call) -> Speech:
    """How a reader of the console is spoken to: in the language they chose, else in their browser's."""
    return in_language(locale_of(call.cookie, call.accepted), call.now)


def in_language(locale: Locale, now: datetime) -> Speech:
    return Speech(locale, rules.in_force(now).time_zone, words)


def locale_of(cookie: str, accepted: str) -> Locale:
    chosen = cookies(cookie).get(LANGUAGE)
    return next((one for one in languages.NATIVE if one == chosen), None) or languages.preferred(
        accepted, languages.OF_CONSUMERS
    )


@cache
def environment() -> "Environment":
    made = templates(HERE / "templates")
    made.filters["dialled"] = dialled
    return made


@cache
def style_of(name: str = "console") -> str:
    """Of all pages, or what some of them have beside it: a stylesheet by its name, with the room that it is in."""
    return TIGHT.sub("", (HERE / f"{name}.css").read_text("utf-8"))


@cache
def script() -> str:
    """All that pages of the console do in the browser, as it is sent: each file a piece of its own."""
    files = sorted((HERE / "scripts").glob("*.js"))
    return "".join(f"{{{tightened(file.read_text('utf-8'))}}}" for file in files)


@cache
def _script_path() -> str:
    return f"/pages/{version_of(script())}/console.js"


def page(
    call: Call,
    template: str,
    say: Speech | None = None,
    /,
    status: int = 200,
    **values: Any,
) -> Answer:
    """A page, by a template that extends `layout.html`. Of what is anybody's, nothing is kept. `more_style`, among
    the values: what stands in its head beside the stylesheet of all pages."""
    text = written(call, template, say or speech(call), **values)
    return Answer(status, text, allowing(values.get("more_style", "")))


def written(call: Call, template: str, say: Speech, /, **values: Any) -> str:
    """The same as text."""
    return _render(template, say, call.prefix, call.caller, **values)


def problem(content: dict[str, Any], reader: Reader, form: Kept | None = None) -> str:
    """What is said of a problem, with the id that people quote; `form`: which may be sent once more."""
    say = in_language(reader.locale, wallclock.now())
    about = {"why": names.explained(content, say), "request_id": content["request_id"]}
    return _render("problem.html", say, reader.prefix, None, **about, kept=form, whose=form.whose if form else "")


def sign_in(form: Kept | None, wanted: str, reader: Reader) -> str:
    """The first step of signing in, for whoever sent a form after their session had ended."""
    say = in_language(reader.locale, wallclock.now())
    carried = {"username": form.whose if form else "", "next": wanted}
    about = {"step": "password", "carried": carried, "refused": (), "left": False, "kept": form}
    return _render("sign_in.html", say, reader.prefix, None, **about)


def _render(template: str, say: Speech, prefix: str, actor: Actor | None, /, **values: Any) -> str:
    made = environment().get_template(template)
    return made.render(
        say=say,
        locale=say.locale,
        languages=languages.NATIVE,
        prefix=prefix,
        style=style_of(),
        script=f"{prefix}{_script_path()}",
        actor=actor,
        more_style=values.pop("more_style", ""),
        does=lambda action: bool(actor and actor.roles & LIFECYCLE.who(Action(action))),
        opens=partial(_opens, actor),
        belongs_to=lambda department: bool(actor and Role(department) in actor.roles),
        open_among=lambda pages: [(name, path) for name, path in pages if _opens(actor, path)],
        **values,
    )


def _opens(actor: Actor | None, path: str) -> bool:
    """Whether a page is open to somebody: as it was declared. `path`: below the console."""
    return bool(actor and actor.roles & OPEN_TO[f"{ROOT}{path}"])


@cache
def _hashed(*styles: str) -> str:
    return hashes(one for one in styles if one)


def allowing(more_style: str = "") -> dict[str, str]:
    """What a browser takes from where: the script and the files of complaints from where they are, all else from
    nowhere."""
    files = evidence.origin()
    return secured(
        "",
        {
            "style-src": _hashed(style_of(), more_style),
            "script-src": "'self'",
            "connect-src": f"'self' {files}",
            "img-src": f"'self' data: blob: {files}",
            "media-src": f"'self' {files}",
            "form-action": "'self'",
        },
    )


def piece(call: Call, template: str, say: Speech | None = None, /, **values: Any) -> Answer:
    """A part of a page, for a script to put in its place."""
    return Answer(200, written(call, template, say or speech(call), **values))


def back(call: Call, path: str, /, **query: str | int | None) -> Answer:
    """On to another page once something has been done, so that loading that one again does nothing twice."""
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return Answer(303, None, {"Location": f"{call.prefix}{path}{asked and '?'}{asked}"})


def arrived(call: Call, path: str, at: str = "main", /, **query: str | int | None) -> Answer:
    """The same, to a place on it, by default its top, where it is said what was done: a browser would go on to the
    place of the form."""
    there = back(call, path, **query)
    return there._replace(headers={"Location": f"{there.headers['Location']}#{at}"})
