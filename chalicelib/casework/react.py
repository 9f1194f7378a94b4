"""What follows from an event. Every reaction may run again for the same event: its keys are made from the event.

A new reaction is a function in `REACTIONS`, a new notice a row in `domain/notices.py` and a folder of words.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from chalicelib import log
from chalicelib.adapters import clock, orders, outbox
from chalicelib.domain.events import Event
from chalicelib.domain.happenings import (
    ComplaintFiled,
    ComplaintLapsed,
    ComplaintMerged,
    ComplaintWithdrawn,
    MergerMoved,
)
from chalicelib.domain.notices import not_before, notices_of

from .assign import assign_next
from .merge import lead_on, point_at
from .repeats import link_repeats

Reaction = Callable[[Event, datetime], None]


def queue_notices(event: Event, now: datetime) -> None:
    """Whoever is told of the event: a notice on its way."""
    for notice in notices_of(event):
        outbox.queue(notice, now, not_before(event))


def set_clock(event: Event, now: datetime) -> None:
    """The clock an event sets is started, those it ends are stopped."""
    setting, stops = event.sets_clock
    for number in stops:
        clock.stop(event.complaint_id, number)
    if setting and setting.alarm_at:
        clock.start(event.complaint_id, event.seq, setting.alarm_at)


def give_to_somebody(event: Event, now: datetime) -> None:
    """A new complaint is given to a member of customer service."""
    if event.kind == ComplaintFiled.__name__:
        assign_next(event.complaint_id, now)


def recognise_repeat(event: Event, now: datetime) -> None:
    """A new complaint is linked with those it is related to."""
    if event.kind == ComplaintFiled.__name__:
        link_repeats(event.complaint_id, now)


def follow_mergers(event: Event, now: datetime) -> None:
    """A merged complaint is linked with the one that lives on, and goes where that one goes."""
    happening = event.happening
    if isinstance(happening, ComplaintMerged | ComplaintWithdrawn | ComplaintLapsed):
        lead_on(event.complaint_id, now)
    if isinstance(happening, ComplaintMerged | MergerMoved) and happening.into:
        point_at(event.complaint_id, happening.into, now)


def have_order_verified(event: Event, now: datetime) -> None:
    """The shop's order system is to be asked about a new complaint's order."""
    if event.kind == ComplaintFiled.__name__ and orders.is_asked():
        orders.queue(event.complaint_id)


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
        reaction(Event.model_validate_json(record["dynamodb"]["NewImage"]["event"]["S"]), now)
    except Exception:  # whatever it is, the stream delivers the record again and at last to the dead letters
        log.fault("a reaction failed", reaction=reaction.__name__, record=record.get("eventID"), **_ids(record))
        return False
    return True


def _ids(record: dict[str, Any]) -> dict[str, Any]:
    """The complaint and the number of the event in a stream record, even if the event itself cannot be read."""
    keys = record["dynamodb"].get("Keys") or record["dynamodb"].get("NewImage", {})
    about, which = (keys.get(name, {}).get("S", "").partition("#")[2] for name in ("pk", "sk"))
    return {"complaint_id": about, "seq": int(which) if which.isdecimal() else None}
