"""How long before its effect an amendment is announced (1.1): days for rules, minutes for operating data.

Rules are announced seven days ahead, fifteen where the impact is major (SAMR/CAC Order 116, art. 12; E-Commerce Law
34): so many times 24 hours, by the policy in force. Operating data need as long as every container takes to know of
them.
"""

from datetime import datetime, time, timedelta

from chalicelib.domain.governance.amendment import Amendment
from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.instants import utc
from chalicelib.domain.policy.policies import INSTANT, Policy
from chalicelib.domain.policy.versions import AHEAD

FIELD = "effective_from"
LONGEST = timedelta(days=366)


def days(state: Amendment, policy: Policy) -> int:
    """Of notice that it needs; operating data none."""
    if state.document == "operating":
        return 0
    rules = policy.amendments
    return rules.major_notice_days if state.impact == "major" else rules.notice_days


def earliest(state: Amendment, now: datetime, policy: Policy) -> datetime:
    """The first second at which it may come into force if it is announced now."""
    moment = now + (timedelta(days=days(state, policy)) or AHEAD)
    return utc(moment + timedelta(seconds=1, microseconds=-1))


def usual(state: Amendment, now: datetime, policy: Policy) -> datetime:
    """When it comes into force if nobody says otherwise: operating data at once, rules as a day begins."""
    moment = earliest(state, now, policy)
    if state.document == "operating":
        return moment
    day = (moment - INSTANT).astimezone(policy.zone).date() + timedelta(days=1)
    return utc(datetime.combine(day, time.min, policy.zone))


def check(state: Amendment, effective_from: datetime, now: datetime, policy: Policy) -> None:
    """Raises Invalid for what is too soon, or more than a year away."""
    if effective_from < (first := earliest(state, now, policy)):
        raise Invalid([_too_soon(state, first, policy)])
    if effective_from > now + LONGEST:
        raise Invalid([FieldFault(FIELD, "day_too_far")])


def _too_soon(state: Amendment, first: datetime, policy: Policy) -> FieldFault:
    if ahead := days(state, policy):
        return FieldFault(FIELD, "too_soon_after_notice", {"days": ahead, "first": first.astimezone(policy.zone)})
    return FieldFault(FIELD, "too_soon", {"minutes": AHEAD // timedelta(minutes=1)})
