"""Operating data on the screen: what is in force, each part in words, and by whom it was changed (7, 8.1).

What is short stands on the page itself; words of danger, causes, questions and canned words have one of their own. Of a
question nobody reads the answers.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field

from chalicelib.casework import amendments, rules
from chalicelib.domain.governance.amendment import DRAFTERS, Action, Amendment, Stage
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.policy import announced
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.canned import CannedWords
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.triage import TIERS
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.spoken import AMENDMENT_STAGES
from chalicelib.domain.vocabulary.terms import Locale, Nature
from chalicelib.web.clauses import tongue
from chalicelib.web.console import acts, naming
from chalicelib.web.console.door import Console
from chalicelib.web.console.page import page, speech, style_of
from chalicelib.web.console.shapes import Shape
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from . import amendments as amended
from . import editing
from .amending import NEW

operating = Console(__name__)
PATH = "/console/policy/operating"
Part = Literal["triage", "causes", "quiz", "canned_words"]
UNDER_WAY = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED, Stage.APPROVED, Stage.ANNOUNCED})
LATEST = 25
"""Of the latest amendments so many are looked at for what is under way."""


class OperatingQuery(PageQuery):
    """`into`: the amendment under way that is to change what one goes on to change; by default a new one."""

    part: Part | None = Field(None, description="A long list, by itself.")
    locale: Locale | None = Field(None, description="Of canned words and words of danger: those of a language.")
    into: acts.Name | None = None


class Number(NamedTuple):
    """A number of the operating data, as it stands."""

    announced: Announced
    state: announced.States


class Placed(NamedTuple):
    """One of a long list, and the path by which it is changed."""

    path: str
    one: Any


@operating.operation("GET", PATH, who=STAFF, query=OperatingQuery, answers={200: str})
def show_operating_page(call: Call, query: OperatingQuery) -> Answer:
    """The operating data in force: all that is short, and where the rest is; or one of the long lists."""
    say = speech(call)
    known = rules.announced(call.now, Operating)
    now = announced.in_force(known, call.now)
    document = now.document
    assert isinstance(document, Operating)  # noqa: S101 — what was asked for
    drafts, into = bool(call.actor.roles & DRAFTERS), _into(query, call)
    place = f"{amended.LISTED}/{into.amendment_id}/changes" if into else NEW
    about: dict[str, Any] = {"number": now, "drafts": drafts, "into": into, "more_style": style_of("policy/operating")}
    about["form"] = f"{call.prefix}{place}?rule="
    if query.part:
        return page(call, "policy/operating_part.html", say, part=query.part, **about, **_part(query, document, say))
    groups = editing.groups(document, say.locale)
    numbers = [Number(one, announced.standing(one, known, call.now).state) for one in reversed(known)]
    return page(
        call,
        "policy/operating.html",
        say,
        short=[one for group in groups if not group.adds for one in group.rules],
        long=[group for group in groups if group.adds],
        numbers=numbers,
        under_way=[(one, AMENDMENT_STAGES[one.stage][say.locale], _takes_more(one, call)) for one in _under_way()],
        **about,
    )


def _under_way() -> list[Amendment]:
    """The amendments of operating data that are not in force yet, among the latest: two round trips."""
    found, _ = amendments.listed(None, LATEST, None)
    return [one for one in found if one.document == "operating" and one.stage in UNDER_WAY]


def _takes_more(one: Amendment, call: Call) -> bool:
    """Whether its reader may change more by it, and nobody has decided about it yet."""
    return one.stage in (Stage.DRAFT, Stage.RETURNED) and Action.CHANGE in amended.may_do(one, call.actor, call.now)


def _into(query: OperatingQuery, call: Call) -> Amendment | None:
    """What is to change what one goes on to change; None, where that is no draft of operating data. Raises NotFound."""
    one = amendments.shown(query.into, call.actor, call.now).state if query.into else None
    return one if one and one.document == "operating" and _takes_more(one, call) else None


def _part(query: OperatingQuery, document: Operating, say: Speech) -> dict[str, Any]:
    """What a long list holds, in the order in which it is read; whatever is of a language, in one."""
    locale = query.locale or say.locale
    natures = {one: naming.value_name(say, Shape("association", "Cause", "one"), one) for one in get_args(Nature)}
    shown: dict[str, Any] = {
        "shown": locale,
        "name": editing.named(str(query.part), document, say.locale),
        "natures": natures,
        "departments": {one: names[say.locale] for one, names in spoken.DEPARTMENTS.items()},
    }
    match query.part:
        case "causes":
            return shown | {"list": [Placed(f"causes.{code}", one) for code, one in document.causes.items()]}
        case "quiz":
            headings = tongue.words(say.locale)["chapters"]
            asked = [Placed(f"quiz.{one.id}", one) for one in document.quiz]
            return shown | {"list": asked, "headings": headings}
        case "triage":
            rows = [Placed(f"triage.{place}", row) for place, row in enumerate(document.triage) if row.locale == locale]
            return shown | {"list": [*_in_tiers(rows)]}
    words = [one for one in document.canned_words if one.locale == locale]
    return shown | {"list": [Placed(f"canned_words.{one.id}.{one.locale}", one) for one in _by_department(words, say)]}


def _in_tiers(rows: list[Placed]) -> Iterator[Placed]:
    """The most dangerous first."""
    for tier in TIERS:
        yield from (row for row in rows if row.one.tier == tier)


def _by_department(words: list[CannedWords], say: Speech) -> list[CannedWords]:
    return sorted(words, key=lambda one: spoken.DEPARTMENTS[one.department][say.locale])
