"""The policy by its versions, for anyone to read (1.1, 8.1), and the operating data beside it, for staff."""

from typing import Any

from pydantic import ConfigDict, Field

from chalicelib.casework import paging, rules
from chalicelib.domain.governance import changes
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.policy.announced import States
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import languages
from chalicelib.web.bodies import PageQuery
from chalicelib.web.clauses import editions, text
from chalicelib.web.clauses.editions import Edition
from chalicelib.web.clauses.tongue import Tongue
from chalicelib.web.door import Answer, Call

from .amendment_views import DifferenceView, DigestsView
from .api import Api

policy = Api(__name__)
VERSIONS = "/v1/policy/versions"


class PolicyQuery(Model):
    model_config = ConfigDict(extra="forbid")

    lang: Locale | None = Field(None, description="Of words and diff; instead of what Accept-Language prefers.")


class VersionSummary(Model):
    """A version of the rules in a list. Packaged ones were never announced, and no amendment made them."""

    number: int
    title: str
    state: States
    effective_from: Instant
    announced_at: Instant | None
    superseded_at: Instant | None
    withdrawn_at: Instant | None
    amendment_id: str | None
    hash: str = Field(description="SHA-256 over the digests of both documents.")
    digests: DigestsView

    @classmethod
    def known_of(cls, edition: Edition, call: Call) -> dict[str, Any]:
        one, stands = edition.version, edition.standing
        beside = rules.operating_numbered(one.beside, call.now).document
        return {
            "number": one.number,
            "title": edition.rules.title,
            "state": stands.state,
            "effective_from": one.effective_from,
            "announced_at": one.announced_at,
            "superseded_at": stands.superseded_at,
            "withdrawn_at": one.withdrawn_at,
            "amendment_id": one.amendment,
            "hash": one.hash,
            "digests": DigestsView(rules=changes.digest(one.document), operating=changes.digest(beside)),
        }

    @classmethod
    def of(cls, edition: Edition, call: Call) -> "VersionSummary":
        return cls.model_validate(cls.known_of(edition, call))


class VersionPage(Model):
    items: list[VersionSummary]
    next_cursor: str | None


class ClauseView(Model):
    clause: str
    sentences: list[str]


class ChapterView(Model):
    chapter: str
    heading: str
    clauses: list[ClauseView]

    @classmethod
    def of(cls, one: text.Chapter) -> "ChapterView":
        clauses = [
            ClauseView(clause=clause, sentences=[line for sentence in said for line in sentence.lines()])
            for clause, said in one.clauses.items()
        ]
        return cls(chapter=one.name, heading=one.heading, clauses=clauses)


class VersionView(VersionSummary):
    """A version with all that it says: as data, and clause by clause in words."""

    rules: dict[str, Any]
    words: list[ChapterView]
    diff: list[DifferenceView] = Field(description="What it changes of the version that it was made of.")


class OperatingView(Model):
    """The operating data in force; of the quiz what is asked, not what is right."""

    number: int
    effective_from: Instant
    operating: dict[str, Any]


@policy.operation("GET", "/v1/policy", who=None, query=PolicyQuery, answers={200: VersionView})
def show_policy_in_force(call: Call, query: PolicyQuery) -> Answer:
    """The complaints policy in force: its data, its words, its dates, its hash."""
    return _version(call, str(rules.in_force(call.now).version), query)


@policy.operation("GET", VERSIONS, who=None, query=PageQuery, answers={200: VersionPage})
def list_policy_versions(call: Call, query: PageQuery) -> Answer:
    """All versions of the policy, those to come and those withdrawn too, the newest first."""
    purpose = "policy versions"
    before = int(paging.opened(purpose, query.cursor, "0"))
    earlier = [one for one in editions.editions(call.now) if not before or one.version.number < before]
    page, cursor = paging.page_of(earlier, query.limit, purpose, lambda one: str(one.version.number))
    return Answer(200, VersionPage(items=[VersionSummary.of(one, call) for one in page], next_cursor=cursor))


@policy.operation("GET", VERSIONS + "/{number}", who=None, query=PolicyQuery, answers={200: VersionView})
def show_policy_version(call: Call, query: PolicyQuery) -> Answer:
    """One version of the policy, in force or not, with what it changes of the one before."""
    return _version(call, call.path["number"], query)


@policy.operation("GET", "/v1/policy/operating", who=STAFF, answers={200: OperatingView})
def show_operating(call: Call) -> Answer:
    """The operating data in force: words of danger, routes, extra days, causes, limits, the pool of questions."""
    found = rules.in_force(call.now).operating
    said = changes.patch_shown(changes.plain(found))
    return Answer(200, OperatingView(number=found.version, effective_from=found.effective_from, operating=said))


def _version(call: Call, number: str, query: PolicyQuery) -> Answer:
    locale = query.lang or languages.preferred(call.accepted, languages.OF_CONSUMERS)
    one = editions.edition(number, call.now)
    tongue = Tongue(locale, rules.version(one.version.number, call.now))
    view = VersionView.model_validate(
        {
            **VersionSummary.known_of(one, call),
            "rules": changes.plain(one.rules),
            "words": [ChapterView.of(chapter) for chapter in text.chapters(tongue, call.now)],
            "diff": DifferenceView.listed(one.changed(locale)),
        }
    )
    return Answer(200, view, {"Content-Language": locale, "Vary": "Accept-Language"})
