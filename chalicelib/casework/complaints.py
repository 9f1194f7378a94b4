"""What complaints do with the rest of the house: their row in the register of kinds of records (`records`)."""

from datetime import datetime

from chalicelib.adapters import places
from chalicelib.domain.complaint import alarms, decisions, evolution
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.policy.policies import Policy

from . import leavers, read, rules
from .records import Kind, Reaction, Telling


def _telling_of_complaints() -> Telling:
    from chalicelib.domain.telling import kinds, notices
    from chalicelib.domain.telling.outdated import outdated

    from .posts import alarmed, posts_about
    from .unreached import report_reached, report_unreached

    return Telling(notices.TABLE, kinds.NOTICES, outdated, posts_about, report_unreached, report_reached, alarmed)


def _reactions_to_complaints() -> tuple[Reaction, ...]:
    from .follow import REACTIONS

    return REACTIONS


def _due_alarms(complaint: Complaint, now: datetime, policy: Policy) -> list[Entry]:
    """Whoever works here no more is charged with nothing that falls due, though nobody has taken it back yet (8.3)."""
    entries = alarms.due_alarms(complaint, now, policy)
    name = complaint.assignee
    charged = name is not None and name in [getattr(entry.event, "held_by", None) for entry in entries]
    if not charged or not leavers.has_left(str(name), now):
        return entries
    return alarms.due_alarms(complaint, now, policy, left=name)


KIND = Kind(
    state=Complaint,
    evolve=evolution.evolve,
    decide=decisions.decide,
    policy=lambda complaint, now: rules.version(complaint.policy_version, now),
    due_alarms=_due_alarms,
    next_alarm=alarms.next_alarm,
    head=places.head_of,
    tasks=places.tasks_of,
    shown=read.case,
    telling=_telling_of_complaints,
    reactions=_reactions_to_complaints,
)
