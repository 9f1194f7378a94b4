"""A past complaint under another policy (7.2): what would have been due when, missed and told, by one and the other.

What people did stays as it was, at the second at which they did it; each clock is set anew by the policy that is tried,
stands still and runs again as that says, and rings as that says. What the clock did by itself, a lapse, the end of a
wait, a survey, comes when the clock of that policy brings it; nothing is made up that people might have done then. All
time is counted by one calendar, that of the policy's own operating data. So the same policy twice makes no difference,
and the policy that a complaint has pinned gives the due times of its record.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.evolution import evolve
from chalicelib.domain.governance.gates import Gate
from chalicelib.domain.governance.lives import Life, Run
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.terms import Category


class Both(NamedTuple):
    """The same clock by either policy, as `name` calls it: "stage", "inquiry 2"."""

    name: str
    base: Run
    draft: Run


class Effect(NamedTuple):
    """What two policies make of one complaint, base and draft. `gates`: those that either closes; `due`: how many due
    times there are on each day in China, `told`: messages to departments on each."""

    complaint_id: str
    category: Category
    clocks: tuple[Both, ...]
    gates: tuple[frozenset[Gate], frozenset[Gate]]
    due: tuple[Mapping[date, int], Mapping[date, int]]
    told: tuple[Mapping[date, int], Mapping[date, int]]

    @property
    def is_the_same(self) -> bool:
        """Whether the two policies make no difference."""
        return all(one == other for one, other in (self.gates, self.due, self.told, *(it[1:] for it in self.clocks)))


def replayed(entries: Sequence[Entry], base: Policy, draft: Policy, until: datetime) -> Effect | None:
    """What two policies make of a complaint, whose entries these are from the first one on, as it stood at `until`;
    None where there was none yet. What still runs then rings until then."""
    lives = Life(base), Life(draft)
    before: Complaint | None = None
    for entry in entries:
        if entry.at > until:
            break
        after = evolve(before, entry)
        for life in lives:
            life.follow(before, entry, after)
        before = after
    if before is None:
        return None
    one, other = lives
    one.end(until)
    other.end(until)
    both = tuple(Both(name, one.runs[key], other.runs[key]) for key, name in one.names.items() if key in other.runs)
    return Effect(
        before.complaint_id,
        before.category,
        both,
        gates=(frozenset(one.gates), frozenset(other.gates)),
        due=(one.due_on(), other.due_on()),
        told=(one.told_on, other.told_on),
    )
