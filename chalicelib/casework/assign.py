"""Who in customer service has a complaint: the next in turn among those on duty, or whoever is named (5.1)."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.adapters import queues, roster
from chalicelib.domain.complaint import events, naming, parts, submissions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.sayings import said
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Conflict, FieldFault, Invalid
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import Event

from . import rules, study
from .act import act
from .observe import observe
from .once import ATTEMPTS, Done, Idempotency, replay


def assign(
    complaint_id: str,
    assignment: submissions.Assignment,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None,
    idempotency: Idempotency | None,
) -> Done[Complaint]:
    """Gives a complaint to whoever is named, or back to nobody.

    Raises what `act` raises, and Invalid for who is no member.
    """
    name = assignment.assignee
    if name is not None and roster.member(Role.CUSTOMER_SERVICE, name, now) is None:
        if done := replay(idempotency, now):
            return done
        raise Invalid([FieldFault("assignee", "cannot_have_complaints")])
    return act(complaint_id, assignment, actor, now, seen=seen, idempotency=idempotency)


def assign_next(entry: Entry, now: datetime) -> None:
    """Gives a complaint that nobody has since `entry` to whoever on duty has waited longest for one; among those who
    never had one, to who has fewest. Nobody on duty: it stays with the department. Again: nothing. Where the rules say
    so, whoever has not studied the policy has no turn (8.2).

    Who is named in it, or decided what another person is to decide, is passed over; where that leaves nobody, the
    supervisor is told.
    """
    today = now.astimezone(rules.in_force(now).zone).date()
    present = [one.name for one in roster.members(Role.CUSTOMER_SERVICE, now) if one.takes_turns(today)]
    on_duty = study.who_may_be_given_some(present, now)
    nobody = () if isinstance(entry.event, events.ComplaintFiled) else (parts.Holder(since=entry.at),)
    chosen: list[str] = []

    def finding(complaint: Complaint) -> list[Event]:
        if complaint.closed_at or complaint.holders[-1:] != nobody or complaint.left_to_supervisor_at:
            return []
        free = [name for name in on_duty if name not in complaint.not_given_to]
        if not free:
            return [events.NobodyFound()] if complaint.not_given_to else []
        chosen[:] = [name for name in chosen if name in free] or [_next_in_turn(free)]
        return [events.ComplaintAssigned(assignment=submissions.Assignment(assignee=chosen[0]))]

    observe(entry.record, finding, now)


def recuse(entry: Entry, now: datetime) -> None:
    """Who of customer service is named in what the consumer says by `entry`, there or in a complaint that is handled
    together with this one, is known, and has the complaint no more. A supervisor who took it, since nobody else was
    there, keeps it whoever else is named. Again: nothing."""
    event = entry.event
    brings = isinstance(event, events.ComplaintReopened | events.ComplaintJoined | events.MergerUndone)
    staff = [naming.Colleague(one.name, one.called) for one in roster.members(Role.CUSTOMER_SERVICE, now)]
    named = naming.named_in(said(entry) or "", staff)
    if not named and not brings:
        return

    def finding(complaint: Complaint) -> list[Event]:
        room = naming.MOST_NAMED - len(complaint.named)
        new = tuple(name for name in named if name not in complaint.named)[:room]
        barred = {*new} | (complaint.not_given_to if brings else set())
        taken = complaint.assignee in barred and not complaint.closed_at
        return [
            *([events.StaffNamed(names=new)] if new else []),
            *([events.ComplaintReturned(why="named")] if taken else []),
        ]

    observe(entry.record, finding, now)


def _next_in_turn(on_duty: list[str]) -> str:
    for _ in range(ATTEMPTS):
        turns = roster.turns()
        waited = min(turns.last.get(name, 0) for name in on_duty)
        first = [name for name in on_duty if turns.last.get(name, 0) == waited]
        name = min(first, key=queues.load_of) if len(first) > 1 else first[0]
        if roster.take_turn(name, turns):
            return name
    raise Conflict("changed_by_others")
