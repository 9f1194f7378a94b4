"""The single table's items: what each one's keys are, and how it is written and read.

A record is one partition: its head (the snapshot), what of that is too long for it (`apart`), its entries, and what
goes beside: the contact details, the tasks it gives to departments, the notices about it. The head alone carries the
keys of the indexes, and `summary`, the part of it that queues show. Everything else is JSON in one attribute: cheap to
read and write, and free of DynamoDB's number types. Which record is a complaint, and where a complaint stands in the
indexes, nothing here knows (`places`).
"""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

from chalicelib.domain.ground.chain import Entry, Words, as_written
from chalicelib.domain.ground.errors import TooLarge
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.ground.record import HOUSE_RECORD

from .apart import split

Item = dict[str, Any]

SHOP = "SHOP#"
"""What a storefront hears of a record: behind all that is read with it."""
HEAD, CONTACT, ENTRY, NOTICE, TASK, PART = "HEAD", "CONTACT", "ENTRY#", "NOTICE#", "TASK#", "PART#"
FULL = "FULL#"
"""Beside a record, by day: of which entry the first notice was held back. Nobody's data, it stays when words go."""
IDEMPOTENCY = "IDEMPOTENCY"
RECORD = "RECORD#"
ALARM_SHARDS = 4
LARGEST_HEAD = 380_000  # bytes; an item of DynamoDB may have 400 KB with everything


class Idempotency(NamedTuple):
    """What makes a request idempotent: which entries answered it. `key` and `fingerprint` are hashes."""

    key: str
    fingerprint: str
    expires_at: int  # seconds since 1970, as DynamoDB's time to live wants it
    record: str = ""
    first_seq: int = 0
    last_seq: int = 0


class Task(NamedTuple):
    """Something that a department has to do about a record: a line of its own, `due` in the queue `queue`."""

    name: str
    queue: str
    due: str
    summary: str


class Head(NamedTuple):
    """The snapshot of a record as it is stored: JSON of the state and of its summary, and where it stands.

    `places`: the partition it stands in, by index; `due`: its sort key there.
    """

    record: str
    seq: int
    state: str
    summary: str
    places: Mapping[str, str]
    due: str


def record_key(record: str, sort_key: str) -> Item:
    return {"pk": {"S": f"{RECORD}{record}"}, "sk": {"S": sort_key}}


def house_key(sort_key: str) -> Item:
    """What is about the house as a whole."""
    return record_key(HOUSE_RECORD, sort_key)


def record_of(item: Item) -> str:
    """The name of the record that an item, or its key, belongs to."""
    return str(item["pk"]["S"]).removeprefix(RECORD)


def idempotency_key(key: str) -> Item:
    return {"pk": {"S": f"{IDEMPOTENCY}#{key}"}, "sk": {"S": IDEMPOTENCY}}


def entry_key(record: str, seq: int) -> Item:
    return record_key(record, f"{ENTRY}{seq:08}")


def part_key(record: str, digest: str) -> Item:
    """Something of a record's state that is kept apart from its head."""
    return record_key(record, f"{PART}{digest}")


def full_day_key(record: str, day: str) -> Item:
    return record_key(record, f"{FULL}{day}")


def digest_of(part: Item) -> str:
    return str(part["sk"]["S"]).removeprefix(PART)


def task_items(record: str, tasks: Iterable[Task]) -> list[Item]:
    """The tasks of a record as they stand in the queues of departments."""
    return [
        record_key(record, f"{TASK}{task.name}")
        | {"queue_pk": {"S": task.queue}, "due_sk": {"S": task.due}, "summary": {"S": task.summary}}
        for task in tasks
    ]


def head_items(head: Head, rings_at: datetime | None, known: Set[str] = frozenset()) -> tuple[Item, list[Item]]:
    """The head, and what is kept apart from it, without the parts that are `known` to be there.

    Raises TooLarge if the record does not fit an item of the table any more, for all that is apart.
    """
    state = split(head.state, known)
    if len(state.head.encode()) > LARGEST_HEAD:
        raise TooLarge("record_full")
    item = record_key(head.record, HEAD) | {
        "head": {"S": state.head},
        "summary": {"S": head.summary},
        "seq": {"N": str(head.seq)},
        "due_sk": {"S": head.due},
    }
    item |= {f"{index}_pk": {"S": partition} for index, partition in head.places.items()}
    item |= alarm_keys(head.record, rings_at) if rings_at else {}
    new = {digest: part for digest, part in state.apart.items() if digest not in known}
    return item, [part_key(head.record, digest) | {"part": {"S": part}} for digest, part in new.items()]


def entry_item(entry: Entry) -> Item:
    """An entry, and beside it the words in it, which can be erased."""
    item = entry_key(entry.record, entry.seq) | {"entry": {"S": as_written(entry)}}
    return item | {"words": {"S": entry.words.model_dump_json()}} if entry.words else item


def contact_item(record: str, contact: Contact) -> Item:
    """Which edition it is, and whether the address is usable, are attributes of their own, for conditions."""
    known = contact.model_dump_json(exclude_none=True, exclude={"email_unusable"})
    return record_key(record, CONTACT) | {"contact": {"S": known}, "edition": {"N": str(contact.edition)}}


def idempotency_item(kept: Idempotency) -> Item:
    return idempotency_key(kept.key) | {
        "fingerprint": {"S": kept.fingerprint},
        "expires_at": {"N": str(kept.expires_at)},
        "record": {"S": kept.record},
        "first_seq": {"N": str(kept.first_seq)},
        "last_seq": {"N": str(kept.last_seq)},
    }


def as_contact(item: Item) -> Contact:
    contact = Contact.model_validate_json(item["contact"]["S"])
    apart = {"edition": int(item["edition"]["N"]), "email_unusable": "email_unusable" in item}
    return contact.model_copy(update=apart)


def as_entry(item: Item) -> Entry:
    entry = Entry.model_validate_json(item["entry"]["S"])
    if "words" not in item:
        return entry
    return entry.model_copy(update={"words": Words.model_validate_json(item["words"]["S"])})


def as_idempotency(item: Item, key: str) -> Idempotency:
    return Idempotency(
        key=key,
        fingerprint=item["fingerprint"]["S"],
        expires_at=int(item["expires_at"]["N"]),
        record=item["record"]["S"],
        first_seq=int(item["first_seq"]["N"]),
        last_seq=int(item["last_seq"]["N"]),
    )


def alarm_keys(record: str, moment: datetime) -> Item:
    """The place of something in the index of alarms: it is looked at from `moment` on."""
    return {
        "alarm_pk": {"S": f"{crc32(record.encode()) % ALARM_SHARDS}"},
        "alarm_sk": {"S": f"{written(moment)}#{record}"},
    }
