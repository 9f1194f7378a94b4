"""Fills the words of a notice: `chalicelib/notices/<kind>/<locale>.subject.txt`, `.txt`, `.html` and `.sms.txt`.

A kind without an HTML file has its text laid out, so that both say the same. That is for kinds to staff only: a kind
that carries what people typed says itself what is a heading, a link or a button.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent.parent / "notices"


class Wording(NamedTuple):
    subject: str
    text: str
    html: str


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=_said,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals |= {"recourse": spoken.RECOURSE, "routes": spoken.ROUTES}
    return made


def _said(value: Any) -> Any:
    if value is None:
        raise ValueError("a notice would say None where it has nothing to say")
    return value


def fill(kind: str, locale: Locale, /, **values: Any) -> Wording:
    """The words of a notice by e-mail or to a topic. Every value stays what it is: nothing typed is read as a template
    or as markup.

    Raises jinja2.UndefinedError for a value that is missing, ValueError for a None where words are needed.
    """
    values["locale"] = locale
    subject = _line(f"{kind}/{locale}.subject.txt", values)
    text = _templates().get_template(f"{kind}/{locale}.txt").render(values).strip()
    paragraphs = [paragraph.splitlines() for paragraph in text.split("\n\n")]
    layout = _templates().select_template([f"{kind}/{locale}.html", "_shared/laid_out.html"])
    return Wording(subject, text, layout.render(values, title=subject, paragraphs=paragraphs).strip())


def short(kind: str, locale: Locale, /, **values: Any) -> str:
    """The words of a notice by SMS, in one line. Raises as `fill` does, and jinja2.TemplateNotFound for kinds to staff.

    `domain.telling.sms.parts` says how many parts it takes.
    """
    return _line(f"{kind}/{locale}.sms.txt", values | {"locale": locale})


def _line(template: str, values: dict[str, Any]) -> str:
    return " ".join(_templates().get_template(template).render(values).split())
