"""Who complains again is recognised: complaints of 90 days about the same order, or from the same contact."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.adapters import repeats, store
from chalicelib.adapters.repeats import Number
from chalicelib.adapters.store import Case
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint, Summary
from chalicelib.domain.ground.text import plain
from chalicelib.domain.vocabulary.stages import STAGES
from chalicelib.domain.vocabulary.terms import InCommon

from . import rules
from .observe import observe

MOST = 10  # related complaints found at once, latest first
MOST_NOTED = 50  # in one complaint: whoever files about an order of somebody else, over and over, fills nothing


class Found(NamedTuple):
    """A complaint that another one is related to, when it came, and by what: each way once."""

    complaint_id: str
    received_at: datetime
    by: tuple[InCommon, ...]


def link_repeats(complaint_id: str, now: datetime) -> None:
    """Finds what a complaint is related to, new or with other contact details, and says so on both sides: on that
    which came later, that it is a repeat. Again: nothing."""
    case = store.load(complaint_id, Complaint)
    if case is None:
        return
    complaint = case.state
    days = timedelta(days=rules.version(complaint.policy_version, now).repeats_within_days)
    repeats.remember(complaint, case.contact)
    related, duplicate_of = _related(case, days)
    earlier = {one for one in related if _came_earlier(one, complaint)}
    by = tuple(dict.fromkeys(way for one in related if one in earlier for way in one.by))
    relate(complaint_id, [one.complaint_id for one in related], now, duplicate_of, by)
    for one in related:
        repeats_mine = one not in earlier and one.received_at - complaint.received_at <= days
        relate(one.complaint_id, [complaint_id], now, by=one.by if repeats_mine else ())


def note_numbers(complaint_id: str) -> None:
    """A complaint is found by the numbers that others know it by: the shop's own reference, that of the parcel, as
    logistics or the shop's order system says it. Nothing once its contact details are erased. Again: the same."""
    case = store.load(complaint_id, Complaint)
    if case is None or case.state.erased_at:
        return
    complaint = case.state
    facts, told = complaint.order_check and complaint.order_check.facts, complaint.delivery
    known = (
        ("external", complaint.external_ref),
        ("tracking", facts.tracking_number if facts else None),
        ("tracking", told.update.tracking_number if told else None),
    )
    if numbers := [Number(kind, number) for kind, number in known if number]:
        repeats.remember_numbers(complaint, numbers)


def relate(
    complaint_id: str,
    others: Iterable[str],
    now: datetime,
    duplicate_of: str | None = None,
    by: tuple[InCommon, ...] = (),
) -> None:
    """Notes that a complaint has to do with others, and that it is a repeat `by` something, unless that is known."""

    def finding(complaint: Complaint) -> list[events.RelatedFound]:
        unknown = [other for other in others if other not in complaint.related]
        new = tuple(unknown[: max(0, MOST_NOTED - len(complaint.related))])
        repeats = tuple(way for way in by if way not in complaint.repeats)
        known = duplicate_of in (complaint.duplicate_of, None)
        found = events.RelatedFound(related=new, duplicate_of=duplicate_of, repeats=repeats)
        return [] if known and not new and not repeats else [found]

    observe(complaint_id, finding, now)


def _related(case: Case[Complaint], within: timedelta) -> tuple[list[Found], str | None]:
    """The latest related complaints, and the open one that is about the same product of the same order.

    That one came earlier, be it within the same second. So no two point at each other.
    """
    mine = case.state
    since = mine.received_at - within
    same_order = [
        one
        for one in repeats.of_order(mine.order_number, MOST + 1)
        if one.complaint_id != mine.complaint_id and one.received_at >= since
    ]
    same_contact = [one for one in repeats.of_contact(case.contact, since, MOST + 1) if one[0] != mine.complaint_id]
    duplicates = (
        one.complaint_id
        for one in same_order
        if STAGES[one.stage].open
        and plain(one.product_name).casefold() == plain(mine.product_name).casefold()
        and _came_earlier(one, mine)
    )
    ways: dict[tuple[str, datetime], dict[InCommon, None]] = {}
    for one in same_order:
        ways.setdefault((one.complaint_id, one.received_at), {})["order"] = None
    for known in same_contact:
        ways.setdefault(known, {})["contact"] = None
    related = [Found(*known, tuple(by)) for known, by in ways.items()]
    return related[:MOST], next(duplicates, None)


def _came_earlier(one: Summary | Found, mine: Complaint) -> bool:
    """A line of a queue knows the second; only who came within the same one has to be looked up."""
    if one.received_at != mine.received_at:
        return one.received_at < mine.received_at
    other = store.load(one.complaint_id, Complaint)
    return other is not None and _order(other.state) < _order(mine)


def _order(complaint: Complaint) -> tuple[int, str]:
    return complaint.received_microsecond, complaint.complaint_id
