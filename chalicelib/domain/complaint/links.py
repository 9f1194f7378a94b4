"""How long the consumer's link opens the complaint. What may be done by it says the lifecycle, as for everybody.

A link reads while the complaint is open, while a measure that was promised is not done, and while the complaint that it
was merged into is handled; then for the policy's days after the last closure. Who asks for a new one then has as many
days again.
"""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.policy.policies import Policy


def reads_until(complaint: Complaint, policy: Policy) -> datetime | None:
    """When the consumer's link opens it no more; None: not before something else has happened."""
    if complaint.closed_at is None or _is_followed(complaint):
        return None
    return policy.after_days(max(_ends(complaint)), kept_days(policy)).at


def kept_days(policy: Policy) -> int:
    """For how many days after the last closure: as long as something is possible by it, it opens."""
    return max(policy.link_days, policy.reopening_days, policy.review_days)


def _is_followed(complaint: Complaint) -> bool:
    """Whether there is still something to see of it: a promised measure, or what becomes of the other complaint."""
    follows = complaint.merged_into is not None and complaint.other_closed_at is None
    return follows or any(measure.done_at is None for measure in complaint.follow_ups)


def _ends(complaint: Complaint) -> Iterator[datetime]:
    """What the days are counted from, the last of these: the closure, its own or that of the other, and the link."""
    closures = (complaint.closed_at, complaint.other_closed_at)
    yield from (at for at in closures if at)
    yield complaint.link_in_force.issued_at
