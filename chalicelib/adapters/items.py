"""The single table's items: what each one's keys are, and how it is written and read.

A complaint is one partition: its head (the snapshot), its contact details and its events. The head alone carries the
keys of the indexes, and `summary`, the part of it that queues show. Everything else is JSON in one attribute: cheap to
read and write, and free of DynamoDB's number types.
"""

from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

from chalicelib.domain.complaint import parts
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.chain import Entry, Words
from chalicelib.domain.ground.errors import TooLarge
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary.ladders import Ladders
from chalicelib.domain.vocabulary.stages import STAGES, Stage

Item = dict[str, Any]

HEAD, CONTACT, ENTRY, NOTICE, TASK, REQUEST = "HEAD", "CONTACT", "ENTRY#", "NOTICE#", "TASK#", "REQUEST"
ALARM_SHARDS = 4
LARGEST_HEAD = 380_000  # bytes; an item of DynamoDB may have 400 KB with everything
KEPT_FREE = 60_000  # of these, which staff may not fill: the consumer's answer and the clock's alarms always find room


class Request(NamedTuple):
    """The record that makes a request idempotent: which events answered it. `key` and `fingerprint` are hashes."""

    key: str
    fingerprint: str
    expires_at: int  # seconds since 1970, as DynamoDB's time to live wants it
    complaint_id: str = ""
    first_seq: int = 0
    last_seq: int = 0


class Partition(NamedTuple):
    """One partition of the index `by`; `backwards` reads it from its end."""

    by: str
    value: str
    backwards: bool = False


def complaint_key(complaint_id: str, sort_key: str) -> Item:
    return {"pk": {"S": f"COMPLAINT#{complaint_id}"}, "sk": {"S": sort_key}}


def request_key(key: str) -> Item:
    return {"pk": {"S": f"REQUEST#{key}"}, "sk": {"S": REQUEST}}


def entry_key(complaint_id: str, seq: int) -> Item:
    return complaint_key(complaint_id, f"{ENTRY}{seq:08}")


def queue_of(department: Role, stage: Stage) -> Partition:
    """Open stages soonest due first, closed ones latest closed first."""
    return Partition("queue", f"{department}#{stage}", backwards=not STAGES[stage].open)


def queues_of_open() -> list[Partition]:
    """Where the open complaints stand."""
    return [queue_of(facts.responsible, stage) for stage, facts in STAGES.items() if facts.open]


def queue_of_assignee(assignee: str, *, open: bool = True) -> Partition:
    return Partition("assignee", f"{assignee}#{'open' if open else 'closed'}", backwards=not open)


def queue_of_order(order_number: str) -> Partition:
    return Partition("order", order_number)


def queue_of_tasks(department: Role, ladder: Stage | Ladders) -> Partition:
    """What a department has to do beside the stages: inquiries to answer, promised measures to carry out."""
    return Partition("queue", f"{department}#{ladder}")


def task_items(complaint: Complaint) -> list[Item]:
    """The tasks of a complaint as they stand in the queues of departments, one for each clock of a department's own."""
    return [
        complaint_key(complaint.complaint_id, f"{TASK}{clock.name}")
        | {
            "queue_pk": {"S": queue_of_tasks(clock.held_by, clock.ladder).value},
            "due_sk": {"S": due_key(summary)},
            "summary": {"S": summary.model_dump_json(exclude_none=True)},
        }
        for clock in complaint.clocks
        if clock.held_by
        for summary in [Summary.of_task(complaint, clock)]
    ]


def head_item(complaint: Complaint, rings_at: datetime | None, kept_free: int = 0) -> Item:
    """Raises TooLarge if the complaint does not fit an item of the table any more, with room `kept_free`."""
    open = STAGES[complaint.stage].open
    summary = Summary.of(complaint)
    item = complaint_key(complaint.complaint_id, HEAD) | {
        "complaint": {"S": complaint.model_dump_json(exclude_none=True)},
        "summary": {"S": summary.model_dump_json(exclude_none=True)},
        "seq": {"N": str(complaint.seq)},
        "queue_pk": {"S": queue_of(complaint.department, complaint.stage).value},
        "order_pk": {"S": queue_of_order(complaint.order_number).value},
        "due_sk": {"S": due_key(summary)},
    }
    if len(item["complaint"]["S"].encode()) > LARGEST_HEAD - kept_free:
        raise TooLarge("The record of this complaint is full: its reports, plans and answers are too long together.")
    if rings_at:
        item |= alarm_keys(complaint.complaint_id, rings_at)
    if complaint.assignee:
        item["assignee_pk"] = {"S": queue_of_assignee(complaint.assignee, open=open).value}
    return item


def entry_item(entry: Entry) -> Item:
    """An entry, and beside it the words in it, which can be erased."""
    item = entry_key(entry.record, entry.seq) | {
        "entry": {"S": entry.model_dump_json(exclude_none=True, exclude={"words"})}
    }
    return item | {"words": {"S": entry.words.model_dump_json()}} if entry.words else item


def contact_item(complaint_id: str, contact: parts.Contact) -> Item:
    """Whether the address is usable is an attribute of its own: it changes, the rest does not."""
    known = contact.model_dump_json(exclude_none=True, exclude={"email_unusable"})
    return complaint_key(complaint_id, CONTACT) | {"contact": {"S": known}}


def request_item(request: Request) -> Item:
    return request_key(request.key) | {
        "fingerprint": {"S": request.fingerprint},
        "expires_at": {"N": str(request.expires_at)},
        "complaint_id": {"S": request.complaint_id},
        "first_seq": {"N": str(request.first_seq)},
        "last_seq": {"N": str(request.last_seq)},
    }


def due_key(summary: Summary) -> str:
    """Where a line stands in its queue: the cursor of a page that ends with it. Tasks of one complaint may be due at
    the same time, and each has its place.
    """
    ends = summary.deadline.due_at if summary.deadline else summary.closed_at or summary.received_at
    place = f"{written(ends)}#{summary.complaint_id}"
    return f"{place}#{summary.task}" if summary.task else place


def as_complaint(item: Item) -> Complaint:
    return Complaint.model_validate_json(item["complaint"]["S"])


def as_contact(item: Item) -> parts.Contact:
    contact = parts.Contact.model_validate_json(item["contact"]["S"])
    return contact.model_copy(update={"email_unusable": True}) if "email_unusable" in item else contact


def as_entry(item: Item) -> Entry:
    entry = Entry.model_validate_json(item["entry"]["S"])
    if "words" not in item:
        return entry
    return entry.model_copy(update={"words": Words.model_validate_json(item["words"]["S"])})


def as_request(item: Item, key: str) -> Request:
    return Request(
        key=key,
        fingerprint=item["fingerprint"]["S"],
        expires_at=int(item["expires_at"]["N"]),
        complaint_id=item["complaint_id"]["S"],
        first_seq=int(item["first_seq"]["N"]),
        last_seq=int(item["last_seq"]["N"]),
    )


def house_key(sort_key: str) -> Item:
    """What is about the house as a whole."""
    return {"pk": {"S": "HOUSE"}, "sk": {"S": sort_key}}


def alarm_keys(about: str, moment: datetime) -> Item:
    """The place of something in the index of alarms: it is looked at from `moment` on."""
    return {
        "alarm_pk": {"S": f"{crc32(about.encode()) % ALARM_SHARDS}"},
        "alarm_sk": {"S": f"{written(moment)}#{about}"},
    }
