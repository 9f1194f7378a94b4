"""The complaints behind a figure of a report, as lines of a queue: exactly those that it counts (6.1)."""

from typing import Annotated, NamedTuple

from pydantic import Field

from chalicelib.casework import read, rules
from chalicelib.casework import reports as casework
from chalicelib.domain.ground.instants import written
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.supervision.figures import Figure, Listing, Measure, Row
from chalicelib.domain.supervision.report import READERS
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.web.console.door import Console
from chalicelib.web.console.lines import lines_of
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.reporting import document as reporting
from chalicelib.web.reporting.reading import Reading

from .reports import LINES, ONE

report_cases = Console(__name__)
WORDS = r"^[\w.]+( [\w.]+)*$"
"""How what a row is counted by is spelt, and its key, where those are codes."""


class CasesQuery(PageQuery):
    """`stage`: those that were longest in it; `by`, `key`: those of one row of the figure's table."""

    measure: Listing = "M01"
    stage: Stage | None = None
    by: Annotated[str, Field(max_length=64, pattern=WORDS)] | None = None
    key: Annotated[str, Field(max_length=128, pattern=WORDS)] | None = None
    cursor: str | None = None


class Found(NamedTuple):
    """A page of them. `spent`: how long each was in the stage that is asked for, in words."""

    ids: list[str]
    spent: dict[str, str]
    cursor: str | None


@report_cases.operation("GET", ONE + "/cases", who=READERS, query=CasesQuery, answers={200: str})
def show_report_cases(call: Call, query: CasesQuery) -> Answer:
    """The complaints behind a figure, 25 a page; or those that were longest in a stage."""
    say, policy = speech(call), rules.in_force(call.now)
    reading = reporting.reading(say.locale, policy)
    state = casework.shown(call.path["report_id"], call.actor, call.now).state
    found = _found(call, query, reading)
    measure = _measure(query)
    figure, row = casework.document_of(state).figures.get(measure), _row(query)
    return page(
        call,
        "supervision/report_cases.html",
        say,
        report=state,
        title=reporting.title(state.period, reading),
        measure=measure,
        name=definitions(say.locale)[measure].name,
        listing=reading(f"cases.{query.measure}") if query.measure != measure else "",
        value=reading.value_of(figure) if figure and not row else "",
        counted=_n(figure, row) if figure else 0,
        row=reading.named(row) if row else "",
        stage=query.stage,
        of_stage=spoken.STAFF_STAGES[query.stage][say.locale] if query.stage else "",
        lines=lines_of(read.lines_for(found.ids), say, call.now),
        found=found,
        asked=query,
        now=written(call.now),
    )


def _measure(query: CasesQuery) -> Measure:
    """A list is named after its measure."""
    measure: Measure = query.measure.partition(".")[0]  # type: ignore[assignment]
    return measure


def _row(query: CasesQuery) -> Row | None:
    """The row that is asked for, as it is named."""
    return Row(by=query.by, key=query.key, n=0) if query.by and query.key else None


def _n(figure: Figure, row: Row | None) -> int:
    """How many are counted, by the row where it is of one."""
    same = (one.n for one in figure.rows if row and (one.by, one.key) == (row.by, row.key))
    return next(same, 0) if row else figure.n


def _found(call: Call, query: CasesQuery, reading: Reading) -> Found:
    name, page_of = call.path["report_id"], (call.actor, call.now, LINES, query.cursor)
    if row := _row(query):
        ids, cursor = casework.of_row(name, _measure(query), row.by, row.key, *page_of)
        return Found(ids, {}, cursor)
    if query.stage is None:
        ids, cursor = casework.cases(name, query.measure, *page_of)
        return Found(ids, {}, cursor)
    slowest, cursor = casework.slowest(name, query.stage, *page_of)
    spent = {one: reading.short(seconds) for one, seconds in slowest.items() if seconds is not None}
    return Found([*slowest], spent, cursor)
