"""Appraisal sheets (6.2): what a quarter says of a person, what they say of it, and what is answered."""

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from chalicelib.casework import rules
from chalicelib.casework import sheets as casework
from chalicelib.casework.sheets import Read
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Actor
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Text
from chalicelib.domain.supervision import quarters
from chalicelib.domain.supervision.appraisal import Item, Said
from chalicelib.domain.supervision.sheet import LIFECYCLE, Action, Answer, Comment, Sheet, Stage, allowed
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import door
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Call, tagged
from chalicelib.web.languages import DEFAULT, preferred
from chalicelib.web.printable import printable
from chalicelib.web.reporting import sheet as page

from .api import Api

sheets = Api(__name__)
PATH = "/v1/sheets"
ONE = PATH + "/{sheet_id}"


class SheetsQuery(PageQuery):
    person: Annotated[str, Text(128)] | None = Field(
        None, description="Whose; by default one's own. Supervisors and management see anybody's, once that is so far."
    )
    quarter: Annotated[str, Field(pattern=f"^{quarters.NAME.pattern}$")] | None = Field(
        None, description="Of which quarter, 2026Q4; supervisors and management who name nobody see all of it, by name."
    )


class SheetQuery(Model):
    model_config = ConfigDict(extra="forbid")

    lang: Locale | None = Field(None, description="Of the document; instead of what Accept-Language prefers.")


class SheetSummary(Model):
    """A sheet in a list. `left`: the person works here no more, and was not shown it; `comments_until`: the end of
    their days, null when these are over."""

    sheet_id: str
    person: str
    quarter: str
    stage: Stage
    as_of: date
    hash: str
    left: bool
    shown_at: datetime
    comments_until: datetime | None
    final_at: datetime | None
    version: int

    @classmethod
    def known_of(cls, state: Sheet) -> dict[str, object]:
        return {name: getattr(state, name) for name in SheetSummary.model_fields}

    @classmethod
    def of(cls, state: Sheet) -> "SheetSummary":
        return cls.model_validate(cls.known_of(state))


class SheetPage(Model):
    items: list[SheetSummary]
    next_cursor: str | None


class SheetCommentView(Model):
    at: datetime
    text: str


class ContestView(Model):
    """What the person contests, and the answer, by whom; null until there is one. `upheld`: the person is right."""

    number: int
    item: Item
    reasons: str
    at: datetime
    upheld: bool | None
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


class SheetView(SheetSummary):
    """A sheet with all that it says."""

    items: tuple[Said, ...]
    comments: list[SheetCommentView]
    contested: list[ContestView]
    allowed: list[str] = Field(description="What may be done now by whoever asks.")

    @classmethod
    def at(cls, read: Read, actor: Actor) -> "SheetView":
        state, document = read
        contested = [
            ContestView(
                **one.model_dump(exclude={"answer"}),
                upheld=one.answer and one.answer.upheld,
                answer=one.answer and one.answer.reasons,
                answered_by=one.answer and one.answer.by,
                answered_at=one.answer and one.answer.at,
            )
            for one in state.contested
        ]
        said = {"items": document.items, "contested": contested, "allowed": allowed(state, actor)}
        comments = [SheetCommentView(at=one.at, text=one.text) for one in state.comments]
        return cls.model_validate({**cls.known_of(state), **said, "comments": comments})


@sheets.operation("GET", PATH, who=STAFF, query=SheetsQuery, answers={200: SheetPage})
def list_sheets(call: Call, query: SheetsQuery) -> door.Answer:
    """Somebody's appraisal sheets, the newest first, or those of a quarter, by name: those that whoever asks may read
    now, so that a page may be short. There is no order by any figure."""
    person = casework.whose(query.person, query.quarter, call.actor)
    found, cursor = casework.listed(person, query.quarter, call.actor, query.limit, query.cursor)
    return door.Answer(200, SheetPage(items=[SheetSummary.of(one) for one in found], next_cursor=cursor))


@sheets.operation("GET", ONE, who=STAFF, query=SheetQuery, answers={200: SheetView})
def show_sheet(call: Call, query: SheetQuery) -> door.Answer:
    """An appraisal sheet; with .html as a document to read and print. The person reads it first; supervisors and
    management do when they contest an item, or it is final."""
    name = call.path["sheet_id"]
    as_page = name.endswith(".html")
    found = casework.read(name.removesuffix(".html"), call.actor, call.now)
    if as_page:
        return _page(found, query.lang or preferred(call.accepted, DEFAULT), call.now)
    return door.Answer(200, SheetView.at(found, call.actor), tagged(found.state.version))


def _page(found: Read, locale: Locale, now: datetime) -> door.Answer:
    written = page.as_html(found.document, found.state, locale, rules.in_force(now))
    return printable(written, locale, found.state.version)


def _do(call: Call, body: Submission) -> door.Answer:
    done = casework.do(call.path["sheet_id"], body, call.actor, call.now, seen=call.seen, idempotency=call.idempotency)
    view = SheetView.at(casework.whole(done.state), call.actor)
    return door.Answer(200, view, tagged(done.state.version), done.replayed)


@sheets.operation(
    "POST",
    f"{ONE}/comments",
    who=LIFECYCLE.who(Action.COMMENT),
    body=Comment,
    answers={200: SheetView},
    conditional=True,
)
def comment_sheet(call: Call, body: Comment) -> door.Answer:
    """Say something of one's own sheet, and contest items that are not so, within five working days."""
    return _do(call, body)


@sheets.operation(
    "POST", f"{ONE}/answers", who=LIFECYCLE.who(Action.ANSWER), body=Answer, answers={200: SheetView}, conditional=True
)
def answer_sheet(call: Call, body: Answer) -> door.Answer:
    """Answer items that a person contests, each with reasons: a supervisor or management, not the person."""
    return _do(call, body)
