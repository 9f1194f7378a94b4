"""The training list as people see it (6.2): it is read, worked off, confirmed."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from chalicelib.adapters import store, studies
from chalicelib.adapters import training as trainings
from chalicelib.domain.complaint import hearings
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.hearings import HearingDecided, HearingEnded
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault, Forbidden, Invalid, NotFound, Stale
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.supervision import training as domain
from chalicelib.domain.supervision.training import Completion, Evidence, Topic, Training
from chalicelib.domain.vocabulary.stages import Stage

from . import queues, rules
from .once import Idempotency, past, written_once
from .paging import opened, page_of
from .records import kind_of

OVERSEERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})


class Kept(NamedTuple):
    """A training. `replayed`: an earlier request had done it."""

    one: Training
    replayed: bool = False


# ---- what people do --------------------------------------------------------------------------------------------------


def complete(
    who: str, training_id: str, handed_in: Completion, actor: Actor, now: datetime, idempotency: Idempotency | None
) -> Kept:
    """It is done, says whoever it is for; a supervisor confirms it, and of a newcomer which closures they looked at.

    Raises Forbidden, NotFound, NotAllowed, Invalid, Conflict, IdempotencyMismatch.
    """
    domain.may_complete(who, actor)

    def done() -> Training:
        one = domain.completed(shown(who, training_id, actor), handed_in, actor, now)
        _check_closures(one, handed_in.complaints)
        trainings.put(one, now, idempotency)
        return one

    known = past(idempotency, now)
    made = known if known else written_once(done, idempotency, now)
    if isinstance(made, Training):
        return Kept(made)
    return Kept(shown(who, training_id, actor), replayed=True)


def _check_closures(one: Training, complaints: Sequence[str]) -> None:
    """Raises Invalid for what is no closure of a plan of theirs."""
    found = store.load_all(list(complaints), Complaint) if complaints else {}
    faults = [
        FieldFault(f"complaints.{index}", "not_their_closure")
        for index, name in enumerate(complaints)
        if name not in found or not found[name].closed_at or not _planned(one.person, found[name])
    ]
    if faults:
        raise Invalid(faults)


def _planned(who: str, complaint: Complaint) -> bool:
    return any(plan.proposed_by == who for plan in complaint.resolution_plans)


# ---- what follows from a hearing ------------------------------------------------------------------------------------


def follow_hearing(entry: Entry, now: datetime) -> None:
    """What a hearing decides (8.3) is given once it is final, whatever record it is of: that somebody is to learn."""
    event = entry.event
    if not isinstance(event, HearingDecided | HearingEnded) or (isinstance(event, HearingDecided) and not event.final):
        return
    found = store.load(entry.record, kind_of(entry.record).state)
    hearing = hearings.of(getattr(found.state, "hearings", ()), event.number) if found else None
    if hearing and hearing.stage == "final" and hearing.measure == "training":
        give_decided(hearing.person, entry.record, hearing.number, entry.at, now)


def give_decided(who: str, record: str, number: int, decided_at: datetime, now: datetime) -> None:
    """`number`: of the breach or the finding that it was about. Again: nothing."""
    evidence = [Evidence(what="hearing", of=record, number=number, at=decided_at)]
    one = domain.given(who, "accountability", f"{record}-{number}", evidence, now, rules.in_force(now))
    with suppress(Stale):
        trainings.put(one, now)


# ---- how it is read --------------------------------------------------------------------------------------------------


def listed(
    who: str | None, topic: Topic | None, actor: Actor, limit: int, cursor: str | None
) -> tuple[list[Training], str | None]:
    """A page of one's own, by topic and day; of somebody else's, or of everybody's by name, to supervisors, management
    and audit. Raises Forbidden, Malformed."""
    if who != actor.id and not actor.roles & OVERSEERS:
        raise Forbidden("role_not_open", roles=sorted(OVERSEERS))
    purpose = f"training {who} {topic}"
    after = opened(purpose, cursor, "")
    left = (one for one in trainings.listed(who, after) if topic in (None, one.topic))
    return page_of(list(islice(left, limit + 1)), limit, purpose, trainings.place_of)


def shown(who: str, training_id: str, actor: Actor) -> Training:
    """Raises NotFound, for whoever may not know of it too."""
    one = trainings.of(who, training_id) if who == actor.id or actor.roles & OVERSEERS else None
    if one is None:
        raise NotFound("training_unknown")
    return one


def closures_of(who: str, now: datetime, most: int = 25) -> list[Complaint]:
    """What somebody has closed with a plan of theirs, the latest first: among their last ones, as far as `most`."""
    lines, _ = queues.queue(queues.Filters(assignee=who, stage=Stage.CLOSED), now, most, None)
    found = store.load_all([one.complaint_id for one in lines], Complaint) if lines else {}
    known = (found[one.complaint_id] for one in lines if one.complaint_id in found)
    return [one for one in known if one.closed_at and _planned(who, one)]


def owed(who: str) -> list[Training]:
    """What somebody is still to do, the soonest due first."""
    return sorted((one for one in trainings.listed(who) if not one.done_at), key=lambda one: (one.due_at, one.id))


def late(now: datetime) -> list[Training]:
    """What was not done in time by those who work here, by name."""
    here = studies.staff()
    return [one for one in trainings.listed() if one.is_late(now) and one.person in here]


def to_confirm() -> list[Training]:
    """What is done, and no supervisor has confirmed yet, by name."""
    return [one for one in trainings.listed() if one.state == "done"]
