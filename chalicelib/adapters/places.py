"""Where a complaint stands in the table's indexes: the queues of departments, of assignees, of orders."""

from typing import NamedTuple

from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.ladders import TaskKind, task_of
from chalicelib.domain.vocabulary.stages import STAGES, Stage

from . import listings
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


def queue_of_assignee(assignee: str, *, open: bool = True) -> Partition:
    return Partition("assignee", f"{assignee}#{'open' if open else 'closed'}", backwards=not open)


def queue_of_order(order_number: str) -> Partition:
    """The same for all ways to write one number."""
    return Partition("order", order_key(order_number))


def queue_of_tasks(department: Role, task: TaskKind) -> Partition:
    """What a department has to do beside the stages: inquiries to answer, words to read, promised measures, dangers."""
    return Partition("queue", f"{department}#{task}")


def head_of(complaint: Complaint) -> Head:
    summary = Summary.of(complaint)
    places = [queue_of(complaint.department, complaint.stage)]
    if not complaint.erased_at:
        places.append(queue_of_order(complaint.order_number))
    if complaint.assignee:
        places.append(queue_of_assignee(complaint.assignee, open=STAGES[complaint.stage].open))
    return Head(
        record=complaint.complaint_id,
        seq=complaint.seq,
        state=complaint.model_dump_json(exclude_none=True),
        summary=summary.model_dump_json(exclude_none=True),
        places={place.by: place.value for place in places},
        due=due_key(summary),
    )


def tasks_of(complaint: Complaint) -> list[Task]:
    """What departments have to do about a complaint, one for each clock of a department's own; and who is heard."""
    own = [
        Task(
            name=clock.name,
            queue=queue_of_tasks(clock.held_by, task_of(clock.ladder)).value,
            due=due_key(summary),
            summary=summary.model_dump_json(exclude_none=True),
        )
        for clock in complaint.clocks
        if clock.held_by
        for summary in [Summary.of_task(complaint, clock)]
    ]
    return [*own, *listings.hearings(complaint.complaint_id, complaint.hearings)]


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
