"""How staff study a version of the policy (8.2): its chapters, the quiz, and who has not."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.casework import paging, rules
from chalicelib.casework import study as casework
from chalicelib.casework import study_rounds as rounds
from chalicelib.casework.study import Shown, Taken
from chalicelib.casework.study_rounds import Standing, States
from chalicelib.domain.governance.study import OVERSEERS, Asked, Try
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import languages
from chalicelib.web.bodies import PageQuery
from chalicelib.web.clauses import text
from chalicelib.web.clauses.tongue import Tongue
from chalicelib.web.door import Answer, Call

from .api import Api
from .policy import VERSIONS, ChapterView, PolicyQuery

study = Api(__name__)
STUDY = VERSIONS + "/{number}/study"


class Answers(Body):
    """Of each question of `show_study` the letter of the choice."""

    answers: dict[
        Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z_]+$", max_length=64)],
        Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]$")],
    ] = Field(max_length=50, json_schema_extra={"additionalProperties": False})


class RosterQuery(PageQuery):
    state: States | None = Field(None, description="Only who stands so.")


class SectionSummary(Model):
    """A chapter, and when whoever asks opened it last."""

    section: str
    heading: str
    opened_at: datetime | None


class ChoiceView(Model):
    id: str
    text: str


class QuestionView(Model):
    id: str
    section: str
    asks: str
    choices: list[ChoiceView]

    @classmethod
    def of(cls, one: Asked, locale: Locale) -> "QuestionView":
        choices = [ChoiceView(id=name, text=said[locale]) for name, said in one.choices.items()]
        return cls(id=one.id, section=one.section, asks=one.asks[locale], choices=choices)


class PastTryView(Model):
    """`read_again`: the chapters of the questions that were not answered right."""

    at: datetime
    right: int
    asked: int
    passed: bool
    read_again: list[str]

    @classmethod
    def known_of(cls, one: Try) -> dict[str, Any]:
        said = one.model_dump(include={"at", "right", "asked", "passed"})
        return {**said, "read_again": list(one.again)}


class TryView(PastTryView):
    """How a try went; one that is passed confirms the version."""

    number: int = Field(description="Of the version.")
    tries_left: int = Field(description="Today.")
    studied_at: datetime | None

    @classmethod
    def taken(cls, number: str, taken: Taken) -> "TryView":
        known = cls.known_of(taken.one)
        studied = {"tries_left": taken.tries_left, "studied_at": taken.confirmed_at}
        return cls.model_validate({**known, **studied, "number": int(number)})


class StudyView(Model):
    """How far whoever asks has come with a version.

    `needed`: it is in force or to come, and not over before it would be due. `due_at`: null where it is not needed, and
    while the house has not noted since when they are here. `studied_at`: when they confirmed it for the departments
    that they are in. `questions`: of the next try, once every chapter has been opened, while a try is left today and it
    is not confirmed.
    """

    number: int
    hash: str
    needed: bool
    due_at: datetime | None
    studied_at: datetime | None
    sections: list[SectionSummary]
    questions: list[QuestionView]
    pass_percent: int
    tries_a_day: int
    tries_left: int = Field(description="Today.")
    tries: list[PastTryView] = Field(description="The last ones, oldest first.")


class SectionView(ChapterView):
    """A chapter of a version, clause by clause."""

    number: int


class StandingView(Model):
    """How somebody of staff stands with the version. `since`: from when on they are in all of these departments."""

    name: str
    departments: list[Role]
    since: datetime
    state: States
    due_at: datetime | None
    studied_at: datetime | None

    @classmethod
    def of(cls, one: Standing) -> "StandingView":
        known = {"name": one.known.person, "departments": one.known.groups, "since": one.known.since}
        return cls.model_validate({**known, "state": one.state, "due_at": one.due_at, "studied_at": one.studied_at})


class RosterPage(Model):
    items: list[StandingView]
    next_cursor: str | None


@study.operation("GET", STUDY, who=STAFF, query=PolicyQuery, answers={200: StudyView})
def show_study(call: Call, query: PolicyQuery) -> Answer:
    """How far one has come with studying a version of the policy, and the questions of the next try."""
    found = casework.shown(call.path["number"], call.actor, call.now)
    locale = _locale(call, query)
    return _in(locale, _view(found, _chapters(found.version, call, locale), call, locale))


@study.operation("GET", STUDY + "/sections/{section}", who=STAFF, query=PolicyQuery, answers={200: SectionView})
def open_section(call: Call, query: PolicyQuery) -> Answer:
    """A chapter of a version, to be studied: that it was opened is noted."""
    number, section, locale = call.path["number"], call.path["section"], _locale(call, query)
    version = casework.open_section(number, section, call.actor, call.now)
    chapter = next(one for one in _chapters(version, call, locale) if one.name == section)
    known = ChapterView.of(chapter).model_dump()
    return _in(locale, SectionView(number=version.number, **known))


@study.operation("POST", STUDY, who=STAFF, body=Answers, answers={200: TryView})
def take_quiz(call: Call, body: Answers) -> Answer:
    """Answer the questions of a try. Whoever passes confirms with it that they have studied this very version."""
    number = call.path["number"]
    taken = casework.take(number, body.answers, call.actor, call.now, call.idempotency)
    return Answer(200, TryView.taken(number, taken), replayed=taken.replayed)


@study.operation("GET", STUDY + "/roster", who=OVERSEERS, query=RosterQuery, answers={200: RosterPage})
def show_roster(call: Call, query: RosterQuery) -> Answer:
    """Who of staff has studied a version, and who has not: everybody who worked here this working morning, by name."""
    purpose = "study roster"
    after = paging.opened(purpose, query.cursor, "")
    people = rounds.of_version(call.path["number"], call.now)
    left = [one for one in people if one.known.person > after and query.state in (None, one.state)]
    page, cursor = paging.page_of(left, query.limit, purpose, lambda one: str(one.known.person))
    return Answer(200, RosterPage(items=[StandingView.of(one) for one in page], next_cursor=cursor))


def _view(found: Shown, chapters: Iterable[text.Chapter], call: Call, locale: Locale) -> StudyView:
    by, opened = rules.in_force(call.now).study, found.study.opened
    return StudyView(
        number=found.version.number,
        hash=found.version.hash,
        needed=found.needed,
        due_at=found.due_at,
        studied_at=found.confirmed and found.confirmed.at,
        sections=[
            SectionSummary(section=one.name, heading=one.heading, opened_at=opened.get(one.name)) for one in chapters
        ],
        questions=[QuestionView.of(one, locale) for one in found.asked],
        pass_percent=by.pass_percent,
        tries_a_day=by.tries_a_day,
        tries_left=found.tries_left,
        tries=[PastTryView.model_validate(PastTryView.known_of(one)) for one in found.study.tries],
    )


def _chapters(version: Announced, call: Call, locale: Locale) -> list[text.Chapter]:
    tongue = Tongue(locale, rules.version(version.number, call.now))
    return text.chapters(tongue, call.now)


def _locale(call: Call, query: PolicyQuery) -> Locale:
    return query.lang or languages.preferred(call.accepted, languages.OF_CONSUMERS)


def _in(locale: Locale, view: Model) -> Answer:
    return Answer(200, view, {"Content-Language": locale, "Vary": "Accept-Language"})
