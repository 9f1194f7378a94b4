"""What follows from an event. Every reaction may run again for the same event: its keys are made from the event.

A new reaction is a function in `REACTIONS`, a new notice a row in `domain/notices.py` and a folder of words.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from chalicelib import log
from chalicelib.adapters import clock, orders, outbox
from chalicelib.adapters.items import as_entry
from chalicelib.domain.complaint import events
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.telling.notices import not_before, notices_of

from .assign import assign_next
from .merge import lead_on, point_at
from .repeats import link_repeats

Reaction = Callable[[Entry, datetime], None]


def queue_notices(entry: Entry, now: datetime) -> None:
    """Whoever is told of the event: a notice on its way."""
    for notice in notices_of(entry):
        outbox.queue(notice, now, not_before(entry))


def set_clock(entry: Entry, now: datetime) -> None:
    """The clock an event sets is started, those it ends are stopped."""
    setting, stops = entry.sets_clock
    for number in stops:
        clock.stop(entry.record, number)
    if setting and setting.alarm_at:
        clock.start(entry.record, entry.seq, setting.alarm_at)


def give_to_somebody(entry: Entry, now: datetime) -> None:
    """A new complaint is given to a member of customer service."""
    if entry.kind == events.ComplaintFiled.__name__:
        assign_next(entry.record, now)


def recognise_repeat(entry: Entry, now: datetime) -> None:
    """A new complaint is linked with those it is related to."""
    if entry.kind == events.ComplaintFiled.__name__:
        link_repeats(entry.record, now)


def follow_mergers(entry: Entry, now: datetime) -> None:
    """A merged complaint is linked with the one that lives on, and goes where that one goes."""
    event = entry.event
    if isinstance(event, events.ComplaintMerged | events.ComplaintWithdrawn | events.ComplaintLapsed):
        lead_on(entry.record, now)
    if isinstance(event, events.ComplaintMerged | events.MergerMoved) and event.into:
        point_at(entry.record, event.into, now)


def have_order_verified(entry: Entry, now: datetime) -> None:
    """The shop's order system is to be asked about a new complaint's order."""
    if entry.kind == events.ComplaintFiled.__name__ and orders.is_asked():
        orders.queue(entry.record)


REACTIONS: tuple[Reaction, ...] = (
    set_clock,
    queue_notices,
    have_order_verified,
    give_to_somebody,
    recognise_repeat,
    follow_mergers,
)


def react(records: Iterable[dict[str, Any]], now: datetime, reactions: Iterable[Reaction] = REACTIONS) -> list[str]:
    """Every reaction to the events in stream records; the sequence numbers of records to be delivered again.

    A reaction that fails keeps no other from running, here or for other records.
    """
    failed = []
    for record in records:
        outcomes = [_done(reaction, record, now) for reaction in reactions]
        log.note("reacted", failed=outcomes.count(False), **_ids(record))
        if not all(outcomes):
            failed.append(record["dynamodb"]["SequenceNumber"])
    return failed


def _done(reaction: Reaction, record: dict[str, Any], now: datetime) -> bool:
    try:
        reaction(as_entry(record["dynamodb"]["NewImage"]), now)
    except Exception:  # whatever it is, the stream delivers the record again and at last to the dead letters
        log.fault("a reaction failed", reaction=reaction.__name__, record=record.get("eventID"), **_ids(record))
        return False
    return True


def _ids(record: dict[str, Any]) -> dict[str, Any]:
    """The complaint and the number of the event in a stream record, even if the event itself cannot be read."""
    keys = record["dynamodb"].get("Keys") or record["dynamodb"].get("NewImage", {})
    about, which = (keys.get(name, {}).get("S", "").partition("#")[2] for name in ("pk", "sk"))
    return {"complaint_id": about, "seq": int(which) if which.isdecimal() else None}
