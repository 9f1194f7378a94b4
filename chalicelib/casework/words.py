"""Fills the words of a notice: `chalicelib/notices/<kind>/<locale>.subject.txt`, `.txt` and `.html`."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.domain.artefacts import Locale

if TYPE_CHECKING:
    from jinja2 import Environment

NOTICES = Path(__file__).parent.parent / "notices"


class Words(NamedTuple):
    subject: str
    text: str
    html: str


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(NOTICES), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
    )


def fill(kind: str, locale: Locale, **data: Any) -> Words:
    """The words of a notice. Every value stays what it is: nothing a consumer typed is read as a template or markup."""

    def form(ending: str) -> str:
        return _templates().get_template(f"{kind}/{locale}.{ending}").render(data)

    return Words(" ".join(form("subject.txt").split()), form("txt"), form("html"))
