"""The complaints policy in force, in people's words, for anyone to read (1.1): `/policy`."""

import json
from functools import cache
from typing import Any

from chalicelib.casework import rules
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.settings import settings
from chalicelib.web import languages
from chalicelib.web.clauses import text
from chalicelib.web.clauses.tongue import Tongue
from chalicelib.web.door import Answer, Call
from chalicelib.web.markup import secured

from .page import PageQuery, Pages, for_all, packaged, privacy_page, render

policy = Pages(__name__)


class PolicyQuery(PageQuery):
    lang: Locale | None = None


@policy.operation("GET", "/policy", who=None, query=PolicyQuery, answers={200: str})
def show_policy(call: Call, query: PolicyQuery) -> Answer:
    """The complaints policy in force, in people's words: what is promised, by when, and who sees to it."""
    locale = query.lang or languages.preferred(call.accepted, languages.OF_CONSUMERS)
    in_force = rules.in_force(call.now)
    tongue = Tongue(locale, in_force)
    page = render(
        "policy.html",
        locale=locale,
        words=words(locale),
        chapters=text.chapters(tongue, call.now),
        version=in_force.version,
        since=tongue.since(in_force.effective_from),
        operator=settings().operator,
        contact=settings().contact,
        privacy_url=privacy_page(call.prefix, locale),
        names=languages.NATIVE,
    )
    return for_all(call, page, {**secured(page), "Content-Language": locale, "Vary": "Accept-Language"})


@cache
def words(locale: Locale) -> dict[str, Any]:
    """The words of the page around the text, in a language."""
    read: dict[str, Any] = json.loads(packaged(f"words/policy.{locale}.json"))
    return read
