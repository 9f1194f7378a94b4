"""What whoever turns to a merged complaint is told: where it is handled, what is possible, and until when."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.complaint.clocks import reopening_ends
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import Values
from chalicelib.domain.policy.policies import Policy


class Pointer(NamedTuple):
    """The reason of a refusal, and its values."""

    reason: str
    values: Values


def pointer(complaint: Complaint, now: datetime, policy: Policy) -> Pointer:
    """As far as the complaint knows of the one that it is merged into, or was until that closed."""
    other, until = str(complaint.merged_into), reopening_ends(complaint, policy)
    if until is None:
        return Pointer("merged_together", {"other": other})
    known: Values = {"other": other, "until": until.astimezone(policy.zone)}
    if now >= until:
        return Pointer("merged_too_late", known)
    if complaint.other_agreed:
        return Pointer("merged_and_agreed", known)
    if complaint.reopened >= policy.reopenings:
        return Pointer("merged_too_often", {**known, "times": complaint.reopened})
    return Pointer("merged_to_reopen", known)
