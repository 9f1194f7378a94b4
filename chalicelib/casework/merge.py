"""Two complaints about the same thing become one: the merged one closes with a pointer to the other. It can be undone.

What becomes of the other is told to the consumer of the merged one, and the files of that one are seen in the other. No
order of events is relied on: whatever has happened, `settle` reads how things stand and writes down what follows, on
condition that they stand so still.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from chalicelib.adapters import places, repeats, store
from chalicelib.adapters.store import Case, Condition
from chalicelib.domain.complaint import decisions, events, guards, mergers, safety, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Conflict, FieldFault, Invalid, Stale
from chalicelib.domain.ground.ids import order_key
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.record import Event
from chalicelib.domain.vocabulary.stages import STAGES

from . import rules
from .act import act
from .commit import commit
from .observe import observe
from .once import ATTEMPTS, Done, Idempotency

MOST_OFFERED = 25


def merge(
    complaint_id: str,
    merger: submissions.Merger,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """Merges a complaint into another, open one, or undoes that while the other is open.

    Raises what `act` raises, and Invalid for a complaint that it cannot be merged into.
    """
    first = partial(_join, merger.into, now) if merger.into else _part
    return act(complaint_id, merger, actor, now, seen=seen, idempotency=idempotency, first=first)


def could_take_in(complaint: Complaint) -> list[Complaint]:
    """What it may be the same as, and may be merged into as far as both say: that is still open. The suspected
    duplicate first. One round trip where it is related to any, none else."""
    known = dict.fromkeys(filter(None, (complaint.duplicate_of, *complaint.related)))
    found = store.load_all([*known][:MOST_OFFERED], Complaint)
    others = (found[one] for one in known if one in found)
    return [one for one in others if STAGES[one.stage].open and mergers.why_not(complaint, one) is None]


def _join(into: str, now: datetime, case: Case[Complaint]) -> Sequence[Condition]:
    """A legal issue goes along before the merger is saved: whoever dies in between has kept no plan from legal."""
    other = store.load(into, Complaint)
    if other is None or not STAGES[other.state.stage].open:
        raise Invalid([FieldFault("into", "not_an_open_complaint")])
    same_order = order_key(other.state.order_number) == order_key(case.state.order_number)
    if not same_order and not repeats.is_same(other.contact, case.contact):
        raise Invalid([FieldFault("into", "about_something_else")])
    if _issues(case.state, other.state):
        observe(into, partial(_issues, case.state), now)
    return [places.is_open(into)]


def _issues(merged: Complaint, other: Complaint) -> Sequence[Event]:
    """As the other stands when they are written: a plan that went out meanwhile has not been read by legal."""
    if why := mergers.why_not(merged, other):
        raise Invalid([why])
    return mergers.issues(merged, other)


def _part(case: Case[Complaint]) -> Sequence[Condition]:
    path = _path(case.state)
    if not path or not STAGES[path[-1].state.stage].open:
        raise guards.over(case.state)
    return [places.is_open(path[-1].state.complaint_id)]


# ---- what follows ----------------------------------------------------------------------------------------------------


def settle(complaint_id: str, now: datetime) -> None:
    """What was merged into another is known to that one, and knows what has become of it. Again: nothing.

    Raises Conflict if others keep changing one of them.
    """
    for _ in range(ATTEMPTS):
        case = store.load(complaint_id, Complaint)
        path = _path(case.state) if case else []
        if case is None or not path:
            return
        try:
            if not _take_in(case, path, now):  # else it is read anew: what has become of them before they knew
                _note(case, _news(case, path[-1]), now, path)
                return
        except Stale:
            continue
    raise Conflict("changed_by_others")


def bring_up(entry: Entry, now: datetime) -> None:
    """A danger, or an issue of law, that comes up in a merged complaint is known in the one that it is handled with
    (5.4). Again: nothing."""
    case = store.load(entry.record, Complaint)
    if case and case.state.merged:
        observe(case.state.merged.into, partial(mergers.comes_up, entry, case.state), now)


def reach_all(entry: Entry, now: datetime) -> None:
    """Whoever is called about the complaint is called about what is merged into it, if it is theirs. Again: nothing."""
    case = store.load(entry.record, Complaint)
    for taken in case.state.taken_in if case else ():
        merged = store.load(taken.complaint_id, Complaint)
        if case and merged and repeats.is_same(case.contact, merged.contact):
            observe(taken.complaint_id, partial(safety.is_reached_by, entry), now)


def _path(complaint: Complaint) -> list[Case[Complaint]]:
    """What a complaint was merged into, what that was merged into, and so on: the last is handled in its place.

    No complaint comes twice; two that change while they are read can look so.
    """
    path: list[Case[Complaint]] = []
    seen = {complaint.complaint_id}
    while complaint.merged and complaint.merged.into not in seen:
        found = store.load(complaint.merged.into, Complaint)
        if found is None:
            break
        path.append(found)
        complaint = found.state
        seen.add(complaint.complaint_id)
    return path


def _take_in(case: Case[Complaint], path: list[Case[Complaint]], now: datetime) -> bool:
    """Whether any of the others did not know of it, or of all its files."""
    new = [
        _note(other, mergers.taking_in(other.state, case.state), now, [case, *path[:place]])
        for place, other in enumerate(path)
    ]
    return any(new)


def _news(case: Case[Complaint], other: Case[Complaint]) -> list[Event]:
    return mergers.news(case.state, other.state, same_contact=repeats.is_same(case.contact, other.contact))


def let_go(complaint_id: str, now: datetime) -> None:
    """A complaint, and what it was merged into, keep hold of none that is not handled together with them any more."""
    case = store.load(complaint_id, Complaint)
    for holder in [case, *_path(case.state)] if case else []:
        _let_go(holder.state.complaint_id, now)


def _let_go(complaint_id: str, now: datetime) -> None:
    for _ in range(ATTEMPTS):
        holder = store.load(complaint_id, Complaint)
        gone: list[Event] = []
        seen: dict[str, Case[Complaint]] = {}
        for taken in holder.state.taken_in if holder else ():
            merged = store.load(taken.complaint_id, Complaint)
            path = _path(merged.state) if merged else []
            if merged and complaint_id not in [one.state.complaint_id for one in path]:
                gone.append(events.ComplaintParted(complaint_id=taken.complaint_id))
                seen |= {one.state.complaint_id: one for one in (merged, *path)}
        try:
            if holder:
                _note(holder, gone, now, list(seen.values()))
            return
        except Stale:
            continue
    raise Conflict("changed_by_others")


def _note(case: Case[Complaint], found: Sequence[Event], now: datetime, seen: Sequence[Case[Complaint]]) -> bool:
    """Whether anything was recorded, on condition that the complaints `seen` stand as they did. Raises Stale."""
    if not found or case.state.erased_at:
        return False
    policy = rules.version(case.state.policy_version, now)
    conditions = [places.stands(one.state) for one in seen]
    commit(case.state, decisions.observe(case.state, found, now, policy), now, policy, conditions=conditions)
    return True
