"""What follows from an entry. Every reaction may run again for the same entry: its keys are made from the entry.

Clocks and notices follow from an entry of any record; the row of its kind says what else follows (`records`).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib import log
from chalicelib.adapters import clock, outbox
from chalicelib.adapters.items import ENTRY, as_entry, record_of
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.telling.notices import not_before, notices_of

from .batch import each
from .records import Reaction, is_in_order, kind_of


def queue_notices(entry: Entry, now: datetime) -> None:
    """Whoever is told of the entry: a notice on its way."""
    for notice in notices_of(entry, kind_of(entry.record).telling().tells):
        outbox.queue(notice, now, not_before(entry))


def set_clock(entry: Entry, now: datetime) -> None:
    """The clock an entry sets is started, those it ends are stopped."""
    setting, stops = entry.sets_clock
    for number in stops:
        clock.stop(entry.record, number)
    if setting and setting.alarm_at:
        clock.start(entry.record, entry.seq, setting.alarm_at)


def reactions_to(entry: Entry) -> tuple[Reaction, ...]:
    """All that follows from an entry."""
    return (set_clock, queue_notices, *kind_of(entry.record).reactions())


Reactions = Callable[[Entry], Iterable[Reaction]]


def react(records: Iterable[dict[str, Any]], now: datetime, reactions: Reactions = reactions_to) -> list[str]:
    """Every reaction to the entries in stream records; the sequence numbers of records to be delivered again.

    A reaction that fails keeps no other from running, here or for other records; one that goes in order keeps itself
    from running for later entries of its record.
    """
    behind: set[tuple[Reaction, str]] = set()
    failed = each(records, partial(_follow, now, reactions, behind), "an entry could not be read", _ids)
    return [record["dynamodb"]["SequenceNumber"] for record in failed]


def _follow(now: datetime, reactions: Reactions, behind: set[tuple[Reaction, str]], record: dict[str, Any]) -> bool:
    """`behind`: which reactions that go in order have failed for which records."""
    entry = as_entry(record["dynamodb"]["NewImage"])

    def follow(reaction: Reaction) -> None:
        reaction(entry, now)

    all_of_them = tuple(reactions(entry))
    ready = [reaction for reaction in all_of_them if (reaction, entry.record) not in behind]
    failed = each(
        ready, follow, "a reaction failed", lambda reaction: {"reaction": reaction.__name__, **_ids(record)}
    ) + [reaction for reaction in all_of_them if reaction not in ready]
    behind |= {(reaction, entry.record) for reaction in failed if is_in_order(reaction)}
    log.note("reacted", failed=len(failed), **_ids(record))
    return not failed


def _ids(record: dict[str, Any]) -> dict[str, Any]:
    """The record and the number of the entry in a stream record, even if the entry itself cannot be read."""
    keys = record["dynamodb"].get("Keys") or record["dynamodb"].get("NewImage", {})
    about = record_of(keys) if "pk" in keys else ""
    which = keys.get("sk", {}).get("S", "").removeprefix(ENTRY)
    return {"event": record.get("eventID"), "record": about, "seq": int(which) if which.isdecimal() else None}
