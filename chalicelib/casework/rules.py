"""The policy by the number of a version, and the one in force at a time (1.1, 7.1)."""

from datetime import datetime

from chalicelib.domain.policy import policies
from chalicelib.domain.policy.policies import Policy


def version(number: int, now: datetime) -> Policy:
    """The policy of a version. Raises KeyError for one that was never published."""
    return policies.version(number)


def in_force(now: datetime) -> Policy:
    """The policy that is in effect now (7.1)."""
    return policies.in_force(now)
