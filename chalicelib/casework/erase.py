"""Words are erased: all that anybody typed about a complaint, who its consumer was, and its files. Facts stay.

So is what its consumer said of an amendment of the policy, and what was answered to that.

The entry that says so comes first, with a head that has no words: from then on nobody is told, nothing is found out,
no file is taken in. Then what stands beside the entries goes, piece by piece. The chain is whole at any moment, and
dying on the way is no harm: whoever does it again goes over all of it once more.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from chalicelib.adapters import evidence, news, outbox, repeats, store, upkeep
from chalicelib.adapters.amendments import said_by
from chalicelib.domain.complaint import decisions
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Conflict, NotFound, Stale

from . import amendments, rules
from .commit import commit
from .once import ATTEMPTS

Result = TypeVar("Result")


def erase(complaint_id: str, now: datetime) -> datetime:
    """Erases the words of a complaint; since when it has none. Again: what is left of them, or has come back.

    Whoever had read the words before may still be at it: do it once more when every function that ran then is over.
    Raises NotFound, NotAllowed while the words are needed, Conflict if others keep changing the complaint.
    """
    complaint = _persist(lambda: _close(complaint_id, now))
    upkeep.erase_words(complaint_id)
    for name in said_by(complaint_id):
        _persist(partial(amendments.erase_opinion, name, complaint_id, now))
    _persist(lambda: repeats.erase_contact(complaint))
    repeats.erase_numbers(complaint)
    for notice in store.notices(complaint_id):
        outbox.erase_addresses(notice)
    news.erase_names(complaint_id)
    evidence.erase(complaint_id)
    return complaint.erased_at or now


def _close(complaint_id: str, now: datetime) -> Complaint:
    """The complaint without its words, which is saved if it was not before."""
    case = store.load(complaint_id, Complaint)
    if case is None:
        raise NotFound("nothing_to_erase")
    if case.state.erased_at:
        return case.state
    policy = rules.version(case.state.policy_version, now)
    return commit(case.state, decisions.erase_words(case.state, now, policy), now, policy)


def _persist(do: Callable[[], Result]) -> Result:
    for _ in range(ATTEMPTS):
        try:
            return do()
        except Stale:  # somebody else was faster: on what that left
            continue
    raise Conflict("not_erased")
