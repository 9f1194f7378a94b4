"""What follows from a danger beside its tasks: whether it is the product, and who is told if nobody is on duty."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.adapters import outbox, products, roster, store
from chalicelib.adapters.products import Said
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.text import plain
from chalicelib.domain.telling.notices import NoticeKey

from . import queues, rules
from .observe import observe

MOST = 10  # others that are named, the latest
MOST_OPEN = 100


def watch_product(complaint_id: str, now: datetime) -> None:
    """Where others have said so of the same product within the days of the rule, the one that makes them enough says
    so too, and who must know is told. Again: nothing.

    That one may have come after this one: of two that came at once, each knows of the other.
    """
    case = store.load(complaint_id, Complaint)
    if case is None or not _in_danger(case.state) or case.state.safety is None:
        return
    rule = rules.version(case.state.policy_version, now).operating.product_danger
    days, product = timedelta(days=rule.within_days), _product(case.state)
    mine = Said(case.state.safety.since, complaint_id)
    products.note(product, mine, mine.at + days)
    said = products.between(product, mine.at - days, mine.at + days)
    for place in range(said.index(mine), min(len(said), said.index(mine) + rule.complaints)):
        one = said[place]
        before = [other for other in said[:place] if other.at >= one.at - days][-MOST:]
        others = _still(before, one) if len(before) + 1 >= rule.complaints else []
        if len(others) + 1 >= rule.complaints:
            _tell(one, tuple(others), rule.within_days, now)
            return


class Alarmed(NamedTuple):
    """A complaint that made others about a product enough. `others`: those, the latest ten."""

    complaint_id: str
    product_name: str
    since: datetime
    others: tuple[str, ...]


def alarmed(now: datetime) -> list[Alarmed]:
    """The open dangers, a hundred at most, by which it was told that a product is dangerous: two round trips."""
    found, _ = queues.queue(queues.Filters(safety=True), now, MOST_OPEN, None)
    states = store.load_all([one.complaint_id for one in found], Complaint) if found else {}
    open_dangers = ((one, one.safety) for one in states.values() if one.safety and one.safety.same_product)
    listed = [Alarmed(one.complaint_id, one.product_name, it.since, it.same_product) for one, it in open_dangers]
    return sorted(listed, key=lambda one: one.since, reverse=True)


def _still(before: list[Said], than: Said) -> list[str]:
    """Those that still say so; what is handled as one counts once, and not beside itself."""
    states = store.load_all([one.complaint_id for one in (*before, than)], Complaint)
    counted = {than.complaint_id, _handled_in(states[than.complaint_id])} if than.complaint_id in states else set()
    others = []
    for one in before:
        state = states.get(one.complaint_id)
        if state and _in_danger(state) and not {one.complaint_id, _handled_in(state)} & counted:
            counted |= {one.complaint_id, _handled_in(state)}
            others.append(one.complaint_id)
    return others


def _tell(one: Said, others: tuple[str, ...], days: int, now: datetime) -> None:
    def finding(complaint: Complaint) -> list[events.DangerRepeated]:
        known = complaint.safety is None or complaint.safety.same_product
        return [] if known or not _in_danger(complaint) else [events.DangerRepeated(complaints=others, days=days)]

    observe(one.complaint_id, finding, now)


def _in_danger(complaint: Complaint) -> bool:
    """By what its own consumer said, or somebody of staff: not by what was merged into it, which says so itself."""
    safety = complaint.safety
    return safety is not None and safety.tier == "act" and safety.of is None and complaint.erased_at is None


def _handled_in(complaint: Complaint) -> str:
    return complaint.merged_into or complaint.complaint_id


def _product(complaint: Complaint) -> str:
    """By the shop's own id of it, else by what it is called, in whatever width, case and spaces."""
    if complaint.product_id:
        return f"id {complaint.product_id}"
    return f"name {plain(complaint.product_name).casefold()}"


def call_upon_management(entry: Entry, now: datetime) -> None:
    """Nobody of customer service is on duty that day: management is told to have the consumer called, as the
    supervisor is anyway. Again: the same notice."""
    today = now.astimezone(rules.in_force(now).zone).date()
    if not any(one.takes_turns(today) for one in roster.members(Role.CUSTOMER_SERVICE, now)):
        outbox.queue(NoticeKey(entry.record, entry.seq, Role.MANAGEMENT, "safety_call"), now, now)
