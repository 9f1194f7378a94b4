"""Where a complaint stands in the table's indexes: the queues of departments, of assignees, of orders."""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.ladders import REVIEW, TaskKind, task_of
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import Mark

from . import filed, listings
from .items import HEAD, Head, Item, Task, record_key


class Partition(NamedTuple):
    """One partition of the index `by`; `backwards` reads it from its end."""

    by: str
    value: str
    backwards: bool = False


def queue_of(department: Role, stage: Stage) -> Partition:
    """Open stages soonest due first, closed ones latest closed first."""
    return Partition("queue", f"{department}#{stage}", backwards=not STAGES[stage].open)


def queues_of_open() -> list[Partition]:
    """Where the open complaints stand."""
    return [queue_of(facts.responsible, stage) for stage, facts in STAGES.items() if facts.open]


NOBODYS = ""
"""In the place of an assignee: nobody has it."""


def queue_of_assignee(assignee: str, *, open: bool = True) -> Partition:
    return Partition("assignee", f"{assignee}#{'open' if open else 'closed'}", backwards=not open)


def queue_of_order(order_number: str) -> Partition:
    """The same for all ways to write one number."""
    return Partition("order", order_key(order_number))


def queue_of_tasks(department: Role, task: TaskKind) -> Partition:
    """What a department has to do beside the stages: inquiries to answer, words to read, promised measures, dangers."""
    return Partition("queue", f"{department}#{task}")


PLACED: tuple[Mark, ...] = ("bounced", "safety", "answered", "legal")
"""The marks by which complaints are found, each with a queue of its own; the rarest first."""


def queue_of_mark(mark: Mark) -> Partition:
    """The open complaints with a mark, soonest due first. Whom a notice did not reach is called, closed or not: what is
    closed stands where it closed."""
    return Partition("queue", f"mark#{mark}")


def head_of(complaint: Complaint) -> Head:
    summary = Summary.of(complaint)
    places = [queue_of(complaint.department, complaint.stage)]
    if not complaint.erased_at:
        places.append(queue_of_order(complaint.order_number))
    open = STAGES[complaint.stage].open
    if complaint.assignee or open:
        places.append(queue_of_assignee(complaint.assignee or NOBODYS, open=open))
    return Head(
        record=complaint.complaint_id,
        seq=complaint.seq,
        state=complaint.model_dump_json(exclude_none=True),
        summary=summary.model_dump_json(exclude_none=True),
        places={place.by: place.value for place in places},
        due=due_key(summary),
    )


def tasks_of(complaint: Complaint) -> list[Task]:
    """What departments have to do about a complaint, one for each clock of a department's own, and the draft that legal
    is to read; the queues that it stands in by its marks; who is heard; and the list of whoever filed it."""
    own = [
        _line(queue_of_tasks(clock.held_by, task_of(clock.ladder)), Summary.of_task(complaint, clock))
        for clock in complaint.clocks
        if clock.held_by
    ]
    return [
        *own,
        *_review(complaint),
        *_marked(complaint),
        *listings.hearings(complaint.complaint_id, complaint.hearings),
        *filed.lines(complaint),
    ]


def _review(complaint: Complaint) -> Iterator[Task]:
    if draft := complaint.draft_to_review:
        yield _line(queue_of_tasks(Role.LEGAL, REVIEW), Summary.of_draft(complaint, draft))


def _marked(complaint: Complaint) -> Iterator[Task]:
    open = STAGES[complaint.stage].open
    marks = [mark for mark in PLACED if mark in complaint.marks and (open or mark == "bounced")]
    if marks and not complaint.erased_at:
        summary = Summary.of(complaint)
        yield from (_line(queue_of_mark(mark), summary, f"mark {mark}") for mark in marks)


def _line(queue: Partition, summary: Summary, name: str | None = None) -> Task:
    written = summary.model_dump_json(exclude_none=True)
    return Task(name=name or str(summary.task), queue=queue.value, due=due_key(summary), summary=written)


def due_key(summary: Summary) -> str:
    """Where a line stands in its queue: the cursor of a page that ends with it. Tasks of one complaint may be due at
    the same time, and each has its place.
    """
    ends = summary.deadline.due_at if summary.deadline else summary.closed_at or summary.received_at
    place = f"{written(ends)}#{summary.complaint_id}"
    return f"{place}#{summary.task}" if summary.task else place


def is_open(complaint_id: str) -> tuple[Item, str, Item]:
    """That a complaint is open, as a condition on its head: the key, the expression, its values."""
    queues = {f":queue{n}": {"S": partition.value} for n, partition in enumerate(queues_of_open())}
    return record_key(complaint_id, HEAD), f"queue_pk IN ({', '.join(queues)})", queues


def stands(complaint: Complaint) -> tuple[Item, str, Item]:
    """That nothing has happened to a complaint since it was read, as a condition on its head."""
    return record_key(complaint.complaint_id, HEAD), "seq = :seen", {":seen": {"N": str(complaint.seq)}}
