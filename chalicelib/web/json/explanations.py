"""The pages that problems lead to (`type`): what a code means and what to do then, for anyone, in three languages."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from pydantic import ConfigDict, Field

from chalicelib.domain.ground.errors import STATUSES, NotFound
from chalicelib.domain.ground.model import Model
from chalicelib.domain.vocabulary import refusals
from chalicelib.domain.vocabulary.refusals import Sentences
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.door import HTML, Answer, Call
from chalicelib.web.languages import DEFAULT, NATIVE, preferred
from chalicelib.web.problems import title

from .api import Api

explanations = Api(__name__)
OF_FIELDS = "invalid"
"""The code of the contract under which faults of fields come."""


class ExplanationQuery(Model):
    model_config = ConfigDict(extra="forbid")

    lang: Locale | None = Field(None, description="Instead of what Accept-Language prefers.")


class Explained(NamedTuple):
    """What the page of a code says: under which code of the contract it comes, and the sentences it stands for."""

    of: str
    sentences: dict[str, str]


def explained(code: str, words: Sentences) -> Explained | None:
    """Codes of the contract, their reasons and faults of fields are all found by name, which is nobody else's."""
    if found := words.codes.get(code):
        return Explained(code, {**found.reasons, **(words.fields if code == OF_FIELDS else {})})
    if code in words.fields:
        return Explained(OF_FIELDS, {code: words.fields[code]})
    of = next((name for name, one in words.codes.items() if code in one.reasons), None)
    return Explained(of, {code: words.codes[of].reasons[code]}) if of else None


@explanations.operation("GET", "/v1/problems/{code}", who=None, query=ExplanationQuery, answers={200: str})
def explain(call: Call, query: ExplanationQuery) -> Answer:
    """What a code of a problem, its reason or a fault of a field means, and what to do: the page that `type` names."""
    locale = query.lang or preferred(call.accepted, DEFAULT)
    words = refusals.sentences(locale)
    found = explained(call.path["code"], words)
    if found is None:
        raise NotFound("code_unknown")
    headers = {"Content-Type": HTML, "Content-Language": locale, "Vary": "Accept-Language"}
    return Answer(200, _page(call.path["code"], found, words, locale), headers)


def _page(code: str, found: Explained, words: Sentences, locale: Locale) -> str:
    said, page, status = words.codes[found.of], words.page, STATUSES[found.of]
    heading = page["fault" if code in words.fields else "problem"]
    others = (f'<a href="?lang={one}" lang="{one}" hreflang="{one}">{name}</a>' for one, name in NATIVE.items())
    up = "" if code == found.of else f' · <a href="{found.of}?lang={locale}">{found.of}</a>'
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{locale}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{code} · {heading}</title></head><body><main>",
            f"<h1>{heading}: <code>{code}</code></h1>",
            f"<p>{page['status']} {status} {title(status)}{up}</p>",
            f"<h2>{page['says' if len(found.sentences) == 1 else 'reasons']}</h2>",
            f"<dl>{''.join(_listed(found.sentences.items(), code))}</dl>",
            f"<h2>{page['means']}</h2><p>{escape(said.means)}</p>",
            f"<h2>{page['do']}</h2><p>{escape(said.do)}</p>",
            f'</main><nav aria-label="{page["languages"]}"><p>{" ".join(others)}</p></nav></body></html>',
        ]
    )


def _listed(sentences: Iterable[tuple[str, str]], code: str) -> Iterable[str]:
    """Each sentence under its code; what is filled in when it is said stands as its name."""
    for name, sentence in sentences:
        shown = escape(sentence).replace("{{", "\0").replace("}}", "\1")
        shown = shown.replace("{", "<var>").replace("}", "</var>").replace("\0", "{").replace("\1", "}")
        linked = f"<code>{name}</code>" if name == code else f'<a href="{name}"><code>{name}</code></a>'
        yield f"<dt>{linked}</dt><dd>{shown}</dd>"
