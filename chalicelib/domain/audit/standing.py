"""How an audit stands: what the sample says, what is left to examine, which findings are still to be answered."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from chalicelib.domain.audit.audit import SEVERITIES, Audit, Earlier, Finding, Item, Severity
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.improvement import Improvement

EFFECT_AFTER = timedelta(days=30)
"""So long after it was completed a correction has to last before anybody can say that it does."""
FEBRUARY = 2
Only = Literal["left", "mine", "deviating", "counted"]
"""Some of the items: those still to be examined, one's own, those that deviate, and of these what the result counts."""


class Counted(NamedTuple):
    """Of the `size` items that were drawn by chance, those that deviate."""

    size: int
    deviating: int


def counted(state: Audit) -> Counted:
    drawn = [one for one in state.items if one.by_chance]
    return Counted(len(drawn), sum(one.deviates for one in drawn))


def is_supported(limit: Decimal, state: Audit) -> bool:
    """Whether the upper limit, in per cent, is not above what would be borne."""
    return limit <= state.tolerable


def left(state: Audit) -> tuple[Item, ...]:
    """What is still to be examined; picked ones too."""
    return tuple(one for one in state.items if not one.examined_at)


def among(state: Audit, only: Only | None, actor: Actor) -> tuple[Item, ...]:
    """The items that somebody asks for; all of them, where they ask for none in particular."""
    match only:
        case "left":
            return left(state)
        case "mine":
            return tuple(one for one in state.items if one.auditor == actor.id)
        case "deviating":
            return tuple(one for one in state.items if one.deviates)
        case "counted":
            return tuple(one for one in state.items if one.deviates and one.by_chance)
    return state.items


def unanswered(state: Audit) -> tuple[Finding, ...]:
    """The findings that keep an audit from being closed: an observation does not, unless somebody has begun to answer
    it, since nobody could end that any more."""
    return tuple(
        one for one in state.findings if one.is_open and (one.severity != "observation" or one.state != "open")
    )


def live_measures(state: Audit) -> tuple[Improvement, ...]:
    """The measures that are still to be carried out or were: those of a finding that was dropped are not."""
    dropped = {one.number for one in state.findings if one.state == "dropped"}
    return tuple(one for one in state.measures if one.finding not in dropped)


def measures_left(state: Audit, number: int) -> tuple[Improvement, ...]:
    """Of a finding, those that are not done."""
    return tuple(one for one in state.measures if one.finding == number and not one.done_at)


def verifiable_from(finding: Finding, policy: Policy) -> date:
    """The first day, in the policy's zone, on which it can be said whether a correction has helped."""
    assert finding.done_at  # noqa: S101 — it has been completed
    return (finding.done_at.astimezone(policy.zone) + EFFECT_AFTER).date()


def repeated(earlier: tuple[Earlier, ...], state: Audit, today: date, policy: Policy) -> Earlier | None:
    """The last finding of another audit on the same clause within 12 months up to `today`, if there is any: what one
    audit finds several times at once is no repetition."""
    since = today.replace(year=today.year - 1, day=min(today.day, 28) if today.month == FEBRUARY else today.day)
    recent = [
        one for one in earlier if one.audit != state.audit_id and one.raised_at.astimezone(policy.zone).date() >= since
    ]
    return max(recent, key=lambda one: (one.raised_at, one.audit, one.number), default=None)


def a_class_up(severity: Severity) -> Severity:
    """The next worse; critical is the worst."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]
