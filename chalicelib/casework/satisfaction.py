"""How satisfied consumers were (6.2): what reports have counted of surveys, period by period, as it is last known."""

from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.adapters import store
from chalicelib.domain.supervision import documents, report
from chalicelib.domain.supervision.figures import Document, Figure, Measure, ReportKind
from chalicelib.domain.supervision.report import Report

from . import reports

MEASURE: Measure = "M20"
EDITIONS = 5
"""Of the report of the next period that are looked for."""


class Known(NamedTuple):
    """What is known of a period since its report: in which one, as of which day."""

    report_id: str
    as_of: date
    figure: Figure


class Result(NamedTuple):
    """What the report of a period says, and what that of the next one knows of it since: answers come for weeks."""

    document: Document
    figure: Figure
    since: Known | None


def results(kind: ReportKind, limit: int, cursor: str | None) -> tuple[list[Result], str | None]:
    """A page of the periods of a kind, the newest first, each by the last edition of its report; so many documents are
    read, and the one after them. Raises Malformed, Unavailable."""
    found, following = reports.listed(kind, limit, cursor)
    last: dict[str, Report] = {}
    for one in found:
        last.setdefault(one.period.name, one)
    read = [reports.document_of(one) for one in last.values()]
    later = [*_after(read[0]), *read] if read else []
    return [_result(one, later) for one in read], following


def result(report_id: str) -> Result | None:
    """The same of one report; None where there is none of that name. Raises Unavailable."""
    found = store.load_all([report_id], Report) if report.is_name(report_id) else {}
    if report_id not in found:
        return None
    document = reports.document_of(found[report_id])
    return _result(document, _after(document))


def _after(document: Document) -> list[Document]:
    """That of the next period, if there is one yet."""
    period = documents.period_of(document.period.kind, document.period.last + timedelta(days=1))
    names = [report.name_of(period, edition) for edition in range(1, EDITIONS + 1)]
    found = store.load_all(names, Report)
    newest = max(found.values(), key=lambda one: one.edition, default=None)
    return [reports.document_of(newest)] if newest else []


def _result(document: Document, read: list[Document]) -> Result:
    since = (
        Known(one.report_id, one.as_of, one.before.figures[MEASURE])
        for one in read
        if one.before and one.before.period == document.period and MEASURE in one.before.figures
    )
    return Result(document, document.figures[MEASURE], next(since, None))
