"""The door of pages, and how a page is made: text written by a template, with its own style and script in it.

A browser takes only the style and the script whose hash the page's headers name, and nothing from elsewhere. What a
link brings along in its query is nobody's fault: chat programs add to it, so that a page leaves out what it does not
know.
"""

import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.app import Request
from pydantic import BaseModel, ConfigDict, ValidationInfo, ValidatorFunctionWrapHandler, field_validator

from chalicelib.domain.ground.model import Model
from chalicelib.settings import settings
from chalicelib.web.browsers import ALWAYS
from chalicelib.web.door import HTML, Answer, Call, Door, Operation, read_as
from chalicelib.web.markup import TIGHT, secured, templates
from chalicelib.web.problems import Reader

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
BESIDE = re.compile(r"^ *(//.*\n|\n)?", re.MULTILINE)
"""What of a script is not sent: its margins, and comments that are lines of their own."""
BETWEEN = re.compile(r"""("[^"\n]*"|`[^`]*`|/(?![/ ])(?:\\.|[^/\n])+/[gi]*)| *([=+*<>?:&|!,;{}()\[\]-]) *""")
"""And the spaces beside a mark, but for those in what is quoted, or in an expression, which begins with none."""
FOR_ALL = {"Cache-Control": "public, max-age=300"}
"""Of a page that has nothing of anybody."""
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
"""Of what its own address says the version of."""


class PageQuery(Model):
    """What a page takes from its query: what it does not understand is as if it were not there."""

    model_config = ConfigDict(extra="ignore")

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_not_at_all(cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        try:
            return handler(value)
        except ValueError:
            return cls.model_fields[str(info.field_name)].get_default()


class Pages(Door):
    """Operations that are answered in HTML."""

    def always(self, request: Request) -> dict[str, str]:
        return {**ALWAYS, "Content-Type": HTML}

    def queried(self, operation: Operation, request: Request) -> list[BaseModel]:
        given = request.query_params
        known = {name: given[name] for name in given or ()} if given else {}
        return [read_as(operation.query, known)] if operation.query else []

    def refusal(
        self, status: int, content: dict[str, Any], request: Request, reader: Reader
    ) -> tuple[int, str, dict[str, str]]:
        """To people a page, to their scripts the problem itself."""
        if "text/html" not in request.headers.get("accept", ""):
            return super().refusal(status, content, request, reader)
        page = render("problem.html", locale=reader.locale, problem=content)
        return status, page, {"Content-Type": HTML, **secured(page)}


@cache
def environment() -> "Environment":
    """The templates."""
    made = templates(HERE / "templates")
    made.filters["dialled"] = dialled
    return made


def render(template: str, **values: Any) -> str:
    """A page, by one of the templates."""
    return environment().get_template(template).render(style=TIGHT.sub("", packaged("redress.css")), **values)


@cache
def packaged(name: str) -> str:
    """A stylesheet or a script as it goes into a page."""
    return (HERE / name).read_text("utf-8")


@cache
def script(name: str) -> str:
    """A script as it is sent."""
    return tightened(packaged(name))


def tightened(script: str) -> str:
    """A script without what only people who read it need."""
    return BETWEEN.sub(r"\1\2", BESIDE.sub("", script))


def privacy_page(prefix: str, locale: str = "") -> str:
    """Where it is said what becomes of personal data: the page that the settings name, else our own."""
    return settings().privacy_url or f"{prefix}/privacy{locale and '#'}{locale}"


def dialled(phone: str) -> str:
    """A phone number as it stands in a link."""
    return "".join(mark for mark in phone if mark in "+0123456789")


def version_of(content: str) -> str:
    """By which what is kept is known to be of now."""
    return sha256(content.encode()).hexdigest()[:16]


def for_all(call: Call, page: str, headers: Mapping[str, str]) -> Answer:
    """A page that has nothing of anybody: kept for five minutes, then asked for again by what is known of it."""
    tag = f'"{version_of(page)}"'
    own = {**FOR_ALL, "ETag": tag, **headers}
    return Answer(304, None, own) if tag in call.kept else Answer(200, page, own)
