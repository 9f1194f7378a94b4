"""The house notes what it has found out about a complaint, whatever people do with it at the same moment."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.adapters import store
from chalicelib.domain.complaint import decisions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Conflict, Stale
from chalicelib.domain.ground.record import Event

from . import rules
from .commit import commit, only_rings
from .once import ATTEMPTS

Observation = Callable[[Complaint], Sequence[Event]]
"""What is to be noted of a complaint as it is now; nothing if it is known already: a repetition is harmless."""


def observe(complaint_id: str, observation: Observation, now: datetime) -> bool:
    """Whether anything was recorded: nothing is of a complaint whose words have been erased.

    Raises Conflict if others keep changing the complaint.
    """
    attempts = 0
    while attempts < ATTEMPTS:
        case = store.load(complaint_id, Complaint)
        events = observation(case.state) if case and not case.state.erased_at else ()
        if case is None or not events:
            return False
        policy = rules.version(case.state.policy_version, now)
        entries = decisions.observe(case.state, events, now, policy)
        try:
            commit(case.state, entries, now, policy)
        except Stale:
            attempts += 1
            continue
        if not only_rings(entries):
            return True
    raise Conflict("changed_by_others")
