"""Appraisal sheets (6.2): one's own to comment and contest, those of others to answer; lists by name, never by a
figure."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from chalicelib.casework import rules
from chalicelib.casework import sheets as casework
from chalicelib.casework.sheets import Read
from chalicelib.domain.complaint.submissions import Truth
from chalicelib.domain.ground.errors import FieldFault, Invalid, Refusal
from chalicelib.domain.ground.model import Body
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Text
from chalicelib.domain.supervision import quarters
from chalicelib.domain.supervision.sheet import (
    ANSWERERS,
    Action,
    Answer,
    Comment,
    Reasons,
    Reply,
    allowed,
    forbidden,
)
from chalicelib.web import door
from chalicelib.web.console import acts
from chalicelib.web.console.acts import Acts, ActsQuery, How
from chalicelib.web.console.door import Console, Sent
from chalicelib.web.console.forms import Options
from chalicelib.web.console.page import page, speech
from chalicelib.web.console.places import page_of
from chalicelib.web.console.supervision.audit_names import called
from chalicelib.web.console.who import who
from chalicelib.web.door import Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech
from chalicelib.web.printable import printable
from chalicelib.web.reporting import sheet as document
from chalicelib.web.reporting.reading import Reading

sheets = Console(__name__)
LISTED = "/console/sheets"
ONE = LISTED + "/{sheet_id}"
LINES = 25
QUARTERS = 8
"""So many can be chosen, of which the last one is that before this."""
RULES = document.RULES


class SheetComment(Comment):
    """The same, called by a name of its own, by which its fields have their words."""


class OneAnswer(Body):
    """The answer to one item that is contested: which, the form says by itself."""

    upheld: Truth
    reasons: Reasons


KIND = Acts(ONE, "sheets", {Action.COMMENT: SheetComment, Action.ANSWER: OneAnswer})


class SheetsQuery(PageQuery):
    person: Annotated[str, Text(128)] | None = None
    quarter: Annotated[str, Field(pattern=f"^{quarters.NAME.pattern}$")] | None = None
    cursor: str | None = None


@sheets.operation("GET", LISTED, who=STAFF, query=SheetsQuery, answers={200: str})
def show_sheets(call: Call, query: SheetsQuery) -> door.Answer:
    """One's own sheets, the newest first; to supervisors and management also somebody's, and a quarter's by name, with
    those that wait for an answer above them."""
    say, leads = speech(call), bool(call.actor.roles & ANSWERERS)
    person = casework.whose(query.person, query.quarter, call.actor)
    found, cursor = casework.listed(person, query.quarter, call.actor, LINES, query.cursor)
    people = who(call.now) if leads else []
    return page(
        call,
        "people/sheets.html",
        say,
        sheets=found,
        cursor=cursor,
        asked=query,
        leads=leads,
        is_own=person == call.actor.id,
        called=lambda name: dict(people).get(name, name),
        quarter=lambda one: named(one.quarter, say),
        people=people,
        quarters=_quarters(call, say),
        to_answer=casework.to_answer(call.actor, LINES) if leads else [],
    )


@sheets.operation("GET", ONE, who=STAFF, query=ActsQuery, answers={200: str})
def show_sheet_page(call: Call, query: ActsQuery) -> door.Answer:
    """A sheet, and what may be said of it."""
    return show(call, query)


@sheets.operation("GET", f"{ONE}/print", who=STAFF, answers={200: str})
def print_sheet(call: Call) -> door.Answer:
    """The document that one files."""
    state, said = casework.read(call.path["sheet_id"], call.actor, call.now)
    locale = speech(call).locale
    return printable(document.as_html(said, state, locale, rules.in_force(call.now)), locale, state.version)


def show(
    call: Call, asked: ActsQuery, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
) -> door.Answer:
    say = speech(call)
    found = casework.read(call.path["sheet_id"], call.actor, call.now)
    reading = document.reading(say.locale, rules.in_force(call.now))
    panel = acts.panel(KIND, _page(found, call, asked, reading), call, asked, say, sent, refusal)
    return page(
        call,
        "people/sheet.html",
        say,
        status=status,
        panel=panel,
        sheet=found.state,
        document=found.document,
        read=reading,
        items=document.lines_of(found.document, reading),
        contested={one.item: one for one in found.state.contested},
        title=reading(
            "sheet.title", person=found.state.person, year=found.state.quarter[:4], quarter=found.state.quarter[-1]
        ),
        days=reading("period.days", first=reading.day(found.document.first), last=reading.day(found.document.last)),
        counted=counted,
        called=lambda case: _called(case, say),
        rules=RULES,
    )


def counted(case: str) -> str:
    """The page of what is counted: a complaint, or "audit_2026Q4-1 3", a finding."""
    record, _, number = case.partition(" ")
    return page_of(record, int(number) if number else None)


def _called(case: str, say: Speech) -> str:
    """A complaint by its number, a finding by its audit's quarter."""
    record, _, number = case.partition(" ")
    return called(record, say, number) if number else case


def named(quarter: str, say: Speech) -> str:
    return str(say("sheets.quarter", year=quarter[:4], number=quarter[-1]))


def _quarters(call: Call, say: Speech) -> Options:
    """The last ones that are over, the newest first."""
    day = call.now.astimezone(rules.in_force(call.now).zone).date()
    found = []
    for _ in range(QUARTERS):
        quarter = quarters.before(day)
        found.append((quarter.name, named(quarter.name, say)))
        day = quarter.first
    return found


def _page(found: Read, call: Call, asked: ActsQuery, reading: Reading) -> acts.Page:
    state, waits = found.state, {one.item for one in found.state.unanswered}
    items = [(one.item, str(reading(f"sheet.item.{one.item}"))) for one in found.document.items]
    open_ = [(name, called) for name, called in items if name not in waits]
    begun = {"contested": [{"item": asked.part}]} if asked.part in dict(open_) else {}
    parts = [(str(one.number), f"{one.number} · {dict(items)[one.item]}\n{one.reasons}") for one in state.unanswered]
    return acts.Page(
        allowed(state, call.actor),
        state.version,
        choices={Action.COMMENT: {"item": open_}},
        begins={Action.COMMENT: begun},
        parts={Action.ANSWER: parts},
        why_not=forbidden(state, call.actor),
    )


def _do(call: Call, action: str, body: Comment | OneAnswer, how: How) -> None:
    handed_in: Submission = body if isinstance(body, Comment) else _answer(body, how.part)
    name = call.path["sheet_id"]
    casework.do(name, handed_in, call.actor, call.now, seen=how.seen, idempotency=how.idempotency)


def _answer(body: OneAnswer, part: str | None) -> Answer:
    if part is None or not (part.isascii() and part.isdecimal() and 0 < int(part) <= LINES):
        raise Invalid([FieldFault("number", "not_contested")])
    said: Mapping[str, object] = {"number": int(part), "upheld": body.upheld, "reasons": body.reasons}
    return Answer(answers=(Reply.model_validate(said),))


acts.declare(sheets, KIND, STAFF, ActsQuery, show, _do)
