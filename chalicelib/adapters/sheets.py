"""Where appraisal sheets stand in the table's indexes: those of a person, the newest last, and those of a quarter, by
name, never by a figure."""

from chalicelib.domain.ground.instants import written
from chalicelib.domain.supervision.sheet import Sheet

from . import listings
from .items import Head, Task
from .listings import Place

TO_ANSWER = "sheets to answer"


def head_of(sheet: Sheet) -> Head:
    return Head(
        record=sheet.sheet_id,
        seq=sheet.seq,
        state=sheet.model_dump_json(exclude_none=True),
        summary="{}",
        places={"queue": _of_person(sheet.person)},
        due=sheet.quarter,
    )


def tasks_of(sheet: Sheet) -> list[Task]:
    """Its line among those of its quarter; and as long as what is contested waits, among those to answer."""
    quarter = Task(name="quarter", queue=_of_quarter(sheet.quarter), due=sheet.person, summary="{}")
    if not sheet.answer_by:
        return [quarter]
    due = f"{written(sheet.answer_by)}#{sheet.sheet_id}"
    return [quarter, Task(name="answers", queue=TO_ANSWER, due=due, summary="{}")]


def of_person(person: str, before: str, limit: int) -> list[Place]:
    """The sheets of a person, the newest first, from the one that stands `before` another on: one round trip."""
    return listings.newest(_of_person(person), before, limit)


def of_quarter(quarter: str, after: str, limit: int) -> list[Place]:
    """The sheets of a quarter, by name, from the one that stands `after` another on: one round trip."""
    return listings.soonest(_of_quarter(quarter), after, limit)


def to_answer(after: str, limit: int) -> list[Place]:
    """Of anybody, soonest due first: one round trip."""
    return listings.soonest(TO_ANSWER, after, limit)


def _of_person(person: str) -> str:
    return f"sheets-of#{person}"


def _of_quarter(quarter: str) -> str:
    return f"sheets#{quarter}"
