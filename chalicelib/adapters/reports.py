"""Where reports stand in the table's indexes: those of a kind, the newest last; and what somebody has decided to do."""

from datetime import date
from itertools import islice
from typing import NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.domain.supervision.figures import ReportKind
from chalicelib.domain.supervision.report import Report

from .items import Head, Task, record_of
from .store import query


def head_of(report: Report) -> Head:
    return Head(
        record=report.report_id,
        seq=report.seq,
        state=report.model_dump_json(exclude_none=True),
        summary="{}",
        places={"queue": _of_kind(report.period.kind)},
        due=_place(report.period.first, report.edition),
    )


def tasks_of(report: Report) -> list[Task]:
    """What is still to be done, in the queue of whoever is to do it."""
    return [
        Task(
            name=f"measure {one.number}",
            queue=_of_owner(one.owner),
            due=f"{written(one.due_at)}#{report.report_id}#{one.number:03}",
            summary="{}",
        )
        for one in report.measures
        if not one.done_at
    ]


class Place(NamedTuple):
    """Where a report stands among its kind, or the measure of that `number` among what somebody is to do."""

    name: str
    place: str

    @property
    def number(self) -> int:
        return int(self.place.rpartition("#")[2])


def place_of(one: Place) -> str:
    return one.place


def of_kind(kind: ReportKind, before: str, limit: int) -> list[Place]:
    """The reports of a kind, the newest first, from the one that stands `before` another on: one round trip."""
    high = f"{before[:-1]}{chr(ord(before[-1]) - 1)}~" if before else "~"
    return _read(_of_kind(kind), " ", high, limit, backwards=True)


def before(kind: ReportKind, first: date, limit: int) -> list[str]:
    """The names of the reports of earlier periods than the one that begins so, the newest first."""
    return [one.name for one in _read(_of_kind(kind), " ", first.isoformat(), limit, backwards=True)]


def measures_of(owner: str, after: str, limit: int) -> list[Place]:
    """What somebody is to do, soonest due first: one round trip."""
    return _read(_of_owner(owner), f"{after} ", "~", limit)


def _read(queue: str, low: str, high: str, limit: int, *, backwards: bool = False) -> list[Place]:
    found = query(
        IndexName="queue",
        KeyConditionExpression="queue_pk = :pk AND due_sk BETWEEN :low AND :high",
        ExpressionAttributeValues={":pk": {"S": queue}, ":low": {"S": low}, ":high": {"S": high}},
        ScanIndexForward=not backwards,
        Limit=limit,
    )
    return [Place(record_of(item), item["due_sk"]["S"]) for item in islice(found, limit)]


def _of_kind(kind: ReportKind) -> str:
    return f"reports#{kind}"


def _of_owner(owner: str) -> str:
    return f"measures#{owner}"


def _place(first: date, edition: int) -> str:
    return f"{first}#{edition:04}"
