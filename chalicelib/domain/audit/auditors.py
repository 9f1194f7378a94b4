"""Who may examine what (6.3): nobody of an audited department, and nobody what they acted in.

Such an item stays in the sample, and goes to another; where nobody is left, management names somebody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from chalicelib.domain.audit.audit import Audit, Drawn, FrozenScope
from chalicelib.domain.ground.people import Actor, Role


def recipients(giver: Actor) -> tuple[Role, ...]:
    """The groups to whom somebody can give an item by name: auditors; by management anybody, so that none is named."""
    return () if Role.MANAGEMENT in giver.roles else (Role.AUDIT,)


def belongs(groups: Iterable[Role], scope: FrozenScope) -> tuple[Role, ...]:
    """The audited departments that somebody of these groups belongs to."""
    theirs = frozenset(groups)
    return tuple(one for one in scope.departments if one in theirs)


def given_out(
    items: Iterable[Drawn], auditors: Sequence[str], acted: Mapping[str, Collection[str]]
) -> tuple[Drawn, ...]:
    """The items of a sample in their order, given to the auditors by turn; who may not have one is passed over, and has
    the next that they may."""
    waiting, given = list(auditors), []
    for item in items:
        auditor = next((one for one in waiting if one not in acted.get(item.complaint_id, ())), None)
        if auditor:
            waiting.remove(auditor)
            waiting.append(auditor)
        given.append(item.model_copy(update={"auditor": auditor}))
    return tuple(given)


def lightest(state: Audit, auditors: Sequence[str], refused: Collection[str]) -> str | None:
    """Who has the next single item: of those who may, whoever has the fewest to examine still, the first by name."""
    left = {one: 0 for one in auditors if one not in refused}
    for item in state.items:
        if item.auditor in left and not item.examined_at:
            left[item.auditor] += 1
    return min(left, key=lambda one: (left[one], one), default=None)
