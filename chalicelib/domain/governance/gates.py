"""Gates of a policy: where the work on a complaint may not simply go on, as its entries show (3.3, 5.4, 6.1)."""

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from chalicelib.domain.complaint import clocks, events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy.policies import Policy

Gate = Literal["legal", "report", "plan", "review", "reopening"]
"""Legal reads the plan of a complaint (5.4); a report or a rejecting plan that was handed in lacks coded facts (6.1); a
review (3.3) or a reopening that was asked for comes too late or too often."""
GATES: tuple[Gate, ...] = get_args(Gate)


def closed_by(before: Complaint | None, entry: Entry, after: Complaint, policy: Policy) -> Gate | None:
    """The gate that a policy closes to what an entry has done, if it does."""
    gate, closes = _GATES.get(entry.kind, (None, None))
    return gate if closes and closes(before or after, entry, after, policy) else None


Closes = Callable[[Complaint, Entry, Complaint, Policy], bool]
"""Whether a policy closes a gate, to what an entry has done to a complaint; before a filing it is as after it."""


def _by_category(before: Complaint, entry: Entry, after: Complaint, policy: Policy) -> bool:
    return after.category in policy.legal_categories


def _by_somebody(before: Complaint, entry: Entry, after: Complaint, policy: Policy) -> bool:
    return bool(entry.data["why"] != "category")


def _report_lacks_codes(before: Complaint, entry: Entry, after: Complaint, policy: Policy) -> bool:
    return policy.coded_facts and (after.verdict is None or after.cause_code is None)


def _rejection_lacks_basis(before: Complaint, entry: Entry, after: Complaint, policy: Policy) -> bool:
    plan = after.resolution_plans[-1].plan
    return policy.coded_facts and plan.rejects_request and not plan.basis


def _review_is_late(before: Complaint, entry: Entry, after: Complaint, policy: Policy) -> bool:
    return bool(before.closed_at) and clocks.review_until(before, entry.at, policy) is None


def _reopening_is_late(before: Complaint, entry: Entry, after: Complaint, policy: Policy) -> bool:
    """Or comes too often, unless a supervisor reopens it."""
    ends = clocks.reopening_ends(before, policy)
    often = before.reopened >= policy.reopenings and Role.SUPERVISOR not in entry.actor.roles
    return often or (ends is not None and entry.at >= ends)


_GATES: Mapping[str, tuple[Gate, Closes]] = {
    events.ComplaintFiled.__name__: ("legal", _by_category),
    events.LegalIssueRaised.__name__: ("legal", _by_somebody),
    events.InvestigationReported.__name__: ("report", _report_lacks_codes),
    events.PlanProposed.__name__: ("plan", _rejection_lacks_basis),
    events.ReviewRequested.__name__: ("review", _review_is_late),
    events.ComplaintReopened.__name__: ("reopening", _reopening_is_late),
}
