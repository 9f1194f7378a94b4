"""What follows from what happened to a complaint, beside its clocks and notices, which follow for every record.

A reaction may run again for the same entry: its keys are made from the entry. A new one is a function in `REACTIONS`.
"""

from datetime import datetime

from chalicelib.adapters import orders
from chalicelib.domain.complaint import events
from chalicelib.domain.ground.chain import Entry

from .assign import assign_next
from .merge import lead_on, point_at
from .records import Reaction
from .repeats import link_repeats


def give_to_somebody(entry: Entry, now: datetime) -> None:
    """A new complaint is given to a member of customer service."""
    if entry.kind == events.ComplaintFiled.__name__:
        assign_next(entry.record, now)


def recognise_repeat(entry: Entry, now: datetime) -> None:
    """A new complaint is linked with those it is related to, and so is one of which it is known now whose it is."""
    if isinstance(entry.event, events.ComplaintFiled | events.ContactCorrected):
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


REACTIONS: tuple[Reaction, ...] = (have_order_verified, give_to_somebody, recognise_repeat, follow_mergers)
