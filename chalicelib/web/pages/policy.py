"""The complaints policy in people's words, for anyone to read and to keep (1.1, 8.1): `/policy`, `/policy/versions`.

Every version has a page of its own, whether it holds, held, will hold or was withdrawn before it did. Printed, it is
the document to hang on the wall; saved, it leads nowhere.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from chalicelib.casework import rules
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.settings import settings
from chalicelib.web import languages
from chalicelib.web.clauses import editions, text
from chalicelib.web.clauses.editions import Edition
from chalicelib.web.clauses.tongue import Part, Tongue
from chalicelib.web.door import Answer, Call
from chalicelib.web.markup import TIGHT, secured

from .page import PageQuery, Pages, for_all, packaged, privacy_page, render

policy = Pages(__name__)
KEPT = timedelta(minutes=5)


class PolicyQuery(PageQuery):
    """`download`: as a file to keep, which leads to no other page."""

    lang: Locale | None = None
    download: Literal["1"] | None = None


@policy.operation("GET", "/policy", who=None, query=PolicyQuery, answers={200: str})
def show_policy(call: Call, query: PolicyQuery) -> Answer:
    """The complaints policy in force, in people's words: what is promised, by when, and who sees to it."""
    number = rules.in_force(call.now).version
    (one,) = (one for one in editions.editions(call.now) if one.version.number == number)
    return _document(call, query, one, {"dates": (), "base": None, "changes": ()})


@policy.operation("GET", "/policy/versions", who=None, query=PolicyQuery, answers={200: str})
def show_policy_versions(call: Call, query: PolicyQuery) -> Answer:
    """Every version of the policy, those to come and those withdrawn too, the newest first."""
    tongue = _tongue(call, query, rules.in_force(call.now).version)
    known = editions.editions(call.now)
    listed = [(one.version.number, one.standing.state, [*dates(one, tongue)]) for one in known]
    return _page(call, query, tongue, "policy/versions.html", listed=listed)


@policy.operation("GET", "/policy/versions/{number}", who=None, query=PolicyQuery, answers={200: str})
def show_policy_edition(call: Call, query: PolicyQuery) -> Answer:
    """A version of the policy: what it says and what it changed, its dates, and its hash."""
    one = editions.edition(call.path["number"], call.now)
    tongue = _tongue(call, query, one.version.number)
    own = {
        "dates": [*dates(one, tongue)],
        "base": one.base and one.base.number,
        "changes": [change.words for change in one.changed(tongue.locale)],
    }
    return _document(call, query, one, own)


def _document(call: Call, query: PolicyQuery, one: Edition, own: dict[str, Any]) -> Answer:
    version, state = one.version, one.standing.state
    tongue = _tongue(call, query, version.number)
    known = editions.editions(call.now)
    answer = _page(
        call,
        query,
        tongue,
        "policy/text.html",
        number=version.number,
        state=state,
        since=tongue.since(version.effective_from),
        note=note(one, tongue, rules.in_force(call.now).version),
        coming=[_coming(other.version, tongue) for other in known if other.standing.state == "to_come" != state],
        hash=version.hash,
        opinions=_opinions(one, tongue),
        chapters=text.chapters(tongue, call.now),
        **own,
    )
    name = f"policy-{version.number}.{tongue.locale}.html"
    return answer._replace(headers={**answer.headers, **_saved_as(name)}) if query.download else answer


def _page(call: Call, query: PolicyQuery, tongue: Tongue, template: str, **values: Any) -> Answer:
    page = render(
        template,
        printed=TIGHT.sub("", packaged("policy.css")),
        locale=tongue.locale,
        words=words(tongue.locale),
        prefix=call.prefix,
        saved=query.download,
        operator=settings().operator,
        contact=settings().contact,
        privacy_url=privacy_page(call.prefix, tongue.locale),
        names=languages.NATIVE,
        **values,
    )
    kept = {"Cache-Control": f"public, max-age={_kept(call.now) // timedelta(seconds=1)}"}
    return for_all(call, page, {**secured(page), **kept, "Content-Language": tongue.locale, "Vary": "Accept-Language"})


def _kept(now: datetime) -> timedelta:
    """How long a page may be kept: no longer than until another version is in force."""
    return min([KEPT, *(one.effective_from - now for one in rules.announced(now) if one.effective_from > now)])


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _tongue(call: Call, query: PolicyQuery, number: int) -> Tongue:
    locale = query.lang or languages.preferred(call.accepted, languages.OF_CONSUMERS)
    return Tongue(locale, rules.version(number, call.now))


def dates(one: Edition, tongue: Tongue) -> Iterator[tuple[str, Part]]:
    """What happened to a version when, by its name; of packaged ones it is not known when they were announced."""
    version = one.version
    found = {
        "announced_at": version.announced_at,
        "effective_from": None if version.withdrawn_at else version.effective_from,
        "superseded_at": one.standing.superseded_at,
        "withdrawn_at": version.withdrawn_at,
    }
    names = words(tongue.locale)["dates"]
    return ((names[name], tongue.since(at)) for name, at in found.items() if at)


def note(one: Edition, tongue: Tongue, in_force: int) -> tuple[Part, ...]:
    """What is to be known of a version that does not hold."""
    since = one.standing.superseded_at or one.version.effective_from
    current = one.standing.superseded_by or in_force
    return tongue.filled(
        words(tongue.locale)["notes"][one.standing.state], {"since": tongue.since(since), "current": str(current)}
    )


def _coming(version: Announced, tongue: Tongue) -> tuple[int, tuple[Part, ...]]:
    figures = {"version": Part(str(version.number)), "since": tongue.since(version.effective_from)}
    return version.number, tongue.filled(words(tongue.locale)["coming"], figures)


def _opinions(one: Edition, tongue: Tongue) -> tuple[Part, ...]:
    """Until when opinions can be given, if they can: of an amendment, while it is announced."""
    if one.standing.state != "to_come" or not one.version.amendment:
        return ()
    until = {"until": tongue.until(one.version.effective_from)}
    return tongue.filled(words(tongue.locale)["opinions_until"], until)


@cache
def words(locale: Locale) -> dict[str, Any]:
    """The words of the pages around the text, in a language."""
    read: dict[str, Any] = json.loads(packaged(f"words/policy.{locale}.json"))
    return read
