"""Where reports stand in the table's indexes: those of a kind, the newest last; and what is to be done of each."""

from datetime import date

from chalicelib.domain.supervision.figures import ReportKind
from chalicelib.domain.supervision.report import Report

from . import listings
from .items import Head, Task
from .listings import Place


def head_of(report: Report) -> Head:
    return Head(
        record=report.report_id,
        seq=report.seq,
        state=report.model_dump_json(exclude_none=True),
        summary="{}",
        places={"queue": _of_kind(report.period.kind)},
        due=f"{report.period.first}#{report.edition:04}",
    )


def tasks_of(report: Report) -> list[Task]:
    return [*listings.measures(report.report_id, report.measures)]


def of_kind(kind: ReportKind, before: str, limit: int) -> list[Place]:
    """The reports of a kind, the newest first, from the one that stands `before` another on: one round trip."""
    return listings.newest(_of_kind(kind), before, limit)


def before(kind: ReportKind, first: date, limit: int) -> list[str]:
    """The names of the reports of earlier periods than the one that begins so, the newest first."""
    return [one.name for one in listings.up_to(_of_kind(kind), first.isoformat(), limit)]


def _of_kind(kind: ReportKind) -> str:
    return f"reports#{kind}"
