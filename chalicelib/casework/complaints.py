"""What complaints do with the rest of the house: their row in the register of kinds of records (`records`)."""

from chalicelib.adapters import places
from chalicelib.domain.complaint import alarms, decisions, evolution
from chalicelib.domain.complaint.complaint import Complaint

from . import read, rules
from .records import Kind, Reaction, Telling


def _telling_of_complaints() -> Telling:
    from chalicelib.domain.telling import kinds, notices
    from chalicelib.domain.telling.outdated import outdated

    from .posts import posts_about
    from .unreached import report_reached, report_unreached

    return Telling(notices.TABLE, kinds.NOTICES, outdated, posts_about, report_unreached, report_reached)


def _reactions_to_complaints() -> tuple[Reaction, ...]:
    from .follow import REACTIONS

    return REACTIONS


KIND = Kind(
    state=Complaint,
    evolve=evolution.evolve,
    decide=decisions.decide,
    policy=lambda complaint, now: rules.version(complaint.policy_version, now),
    due_alarms=alarms.due_alarms,
    next_alarm=alarms.next_alarm,
    head=places.head_of,
    tasks=places.tasks_of,
    shown=read.case,
    telling=_telling_of_complaints,
    reactions=_reactions_to_complaints,
)
