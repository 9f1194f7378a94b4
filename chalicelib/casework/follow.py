"""What follows from what happened to a complaint, beside its clocks and notices, which follow for every record.

A reaction may run again for the same entry: its keys are made from the entry. A new one is a function in `REACTIONS`.
"""

from datetime import datetime

from chalicelib.adapters import orders
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.sayings import said
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Conflict

from . import surveys
from .assign import assign_next, recuse
from .batch import each
from .checks import check_closure
from .dangers import call_upon_management, watch_product
from .hearings import open_hearings
from .lines import write_lines
from .merge import bring_up, let_go, reach_all, settle
from .news import tell_storefront
from .records import Reaction
from .repeats import link_repeats, note_numbers
from .training import follow_hearing
from .unreached import take_up


def give_to_somebody(entry: Entry, now: datetime) -> None:
    """A new complaint is given to a member of customer service, and so is one that the house has taken from somebody,
    since they left, are named in it, or decided what another person is to decide. Before that it is known who is named.
    """
    event = entry.event
    if said(entry) or isinstance(event, events.ComplaintJoined | events.MergerUndone):
        recuse(entry, now)
    taken = isinstance(event, events.ComplaintReturned) and event.why != "given_back"
    if taken or isinstance(event, events.ComplaintFiled):
        assign_next(entry, now)


def recognise_repeat(entry: Entry, now: datetime) -> None:
    """A new complaint is linked with those it is related to, and so is one of which it is known now whose it is."""
    if isinstance(entry.event, events.ComplaintFiled | events.ContactCorrected):
        link_repeats(entry.record, now)


def have_it_found(entry: Entry, now: datetime) -> None:
    """A complaint of which a number of others is known is found by that."""
    event = entry.event
    known = (
        (isinstance(event, events.ComplaintFiled) and event.filing.external_ref)
        or (isinstance(event, events.DeliveryUpdated) and event.update.tracking_number)
        or (isinstance(event, events.OrderChecked) and event.facts and event.facts.tracking_number)
    )
    if known:
        note_numbers(entry.record)


def tell_merged(entry: Entry, now: datetime) -> None:
    """What is merged into the complaint learns what becomes of it; one that does not keeps it from no other."""
    merged = (entry.enters and entry.enters.followed_by) or ()
    if each(merged, lambda one: settle(one, now), "a merged complaint was not told", lambda one: {"record": one}):
        raise Conflict("changed_by_others")


def follow_merger(entry: Entry, now: datetime) -> None:
    """What the complaint is merged into knows of it and of what it brings along, until that is over."""
    event = entry.event
    brings = isinstance(event, events.ComplaintMerged | events.WordsErased | events.StaffNamed)
    if brings or (isinstance(event, events.EvidenceReceived) and event.into):
        settle(entry.record, now)
    if isinstance(event, events.DangerFound | events.DangerTriaged | events.LegalIssueRaised):
        bring_up(entry, now)
    if (
        isinstance(event, events.ConsumerCalled)
        and event.call.about == "safety"
        and event.call.reached
        and not event.of
    ):
        reach_all(entry, now)
    if isinstance(event, events.MergerUndone | events.ComplaintReopened) and event.out_of:
        let_go(event.out_of, now)


def have_order_verified(entry: Entry, now: datetime) -> None:
    """The shop's order system is to be asked about a new complaint's order."""
    if entry.kind == events.ComplaintFiled.__name__ and orders.is_asked():
        orders.queue(entry.record)


def tell_again(entry: Entry, now: datetime) -> None:
    """The consumer is reached otherwise: what did not reach them, and still matters, is told there."""
    if isinstance(entry.event, events.ContactCorrected):
        take_up(entry.record, str(entry.event.correction.edition), now)


def find_dangerous_product(entry: Entry, now: datetime) -> None:
    """Of a product that endangers several people quality and management are told at once."""
    event = entry.event
    if isinstance(event, events.DangerFound | events.DangerTriaged) and event.raises and event.tier == "act":
        watch_product(entry.record, now)


def have_consumer_called(entry: Entry, now: datetime) -> None:
    """Somebody is to call the consumer, whoever is on duty."""
    if isinstance(entry.event, events.SafetyTaskBegun) and entry.event.task == "safety_call":
        call_upon_management(entry, now)


def ask_how_it_was(entry: Entry, now: datetime) -> None:
    """A survey is due, or somebody has declined all of them."""
    if isinstance(entry.event, events.SurveyDue):
        surveys.ask(entry.record, entry.event.closure, now)
    if isinstance(entry.event, events.SurveyDeclined):
        surveys.keep_refusal(entry.record)


REACTIONS: tuple[Reaction, ...] = (
    have_order_verified,
    give_to_somebody,
    recognise_repeat,
    have_it_found,
    tell_merged,
    follow_merger,
    tell_again,
    find_dangerous_product,
    have_consumer_called,
    ask_how_it_was,
    open_hearings,
    follow_hearing,
    write_lines,
    check_closure,
    tell_storefront,
)
