"""What a replay comes to (7.2): the effects of two policies on many complaints, added up in whatever order and parts.

What is kept does not grow with the complaints: a row a clock, a gate, a kind of alarm and a day, and the complaints
that are affected most.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import Field

from chalicelib.domain.governance.amendment import ReplaySum
from chalicelib.domain.governance.gates import Gate
from chalicelib.domain.governance.replay import Both, Effect
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.vocabulary.terms import Category

MOST = 50
"""Complaints that are named."""
MOST_MOVES = 10
"""Due times of one of them that are."""


class Pair(Model):
    """How many by the base, and by the draft."""

    base: int = 0
    draft: int = 0

    def __add__(self, other: "Pair") -> "Pair":
        return Pair.model_construct(base=self.base + other.base, draft=self.draft + other.draft)


class Clocks(Model):
    """All clocks of one ladder. `earlier`, `later`: due then by the draft; `more`: breaches by the draft alone."""

    clocks: int = 0
    earlier: int = 0
    later: int = 0
    breaches: Pair = Pair()
    more: int = 0
    fewer: int = 0
    alarms: Pair = Pair()

    @classmethod
    def of(cls, both: Both) -> "Clocks":
        base, draft = both.base, both.draft
        return Clocks.model_construct(
            clocks=1,
            earlier=int(draft.due_at < base.due_at),
            later=int(draft.due_at > base.due_at),
            breaches=Pair.model_construct(base=base.breaches, draft=draft.breaches),
            more=max(0, draft.breaches - base.breaches),
            fewer=max(0, base.breaches - draft.breaches),
            alarms=Pair.model_construct(base=base.told, draft=draft.told),
        )

    def __add__(self, other: "Clocks") -> "Clocks":
        return Clocks.model_construct(**{name: getattr(self, name) + getattr(other, name) for name in _CLOCKS})


_CLOCKS = tuple(Clocks.model_fields)


class Day(Model):
    """Work of one day in China: due times on it, and messages to departments."""

    due: Pair = Pair()
    told: Pair = Pair()

    def __add__(self, other: "Day") -> "Day":
        return Day.model_construct(due=self.due + other.due, told=self.told + other.told)


class Move(Model):
    """A due time of a complaint by the base, and by the draft."""

    clock: str
    ladder: str
    base: Instant
    draft: Instant


class Affected(Model):
    """A complaint, and what is different of it. `alarms`: how many more by the draft, less than 0 for fewer; `gates`:
    that one of the two closes; `moves`: its first due times that are different."""

    complaint_id: str
    category: Category
    due_dates_moved: int
    breaches_more: int
    breaches_fewer: int
    alarms: int
    gates: tuple[Gate, ...] = ()
    moves: tuple[Move, ...] = ()

    @classmethod
    def by(cls, effect: Effect) -> Self:
        rows = [Clocks.of(both) for both in effect.clocks]
        moved = [both for both in effect.clocks if both.base.due_at != both.draft.due_at]
        return cls(
            complaint_id=effect.complaint_id,
            category=effect.category,
            due_dates_moved=len(moved),
            breaches_more=sum(row.more for row in rows),
            breaches_fewer=sum(row.fewer for row in rows),
            alarms=sum(row.alarms.draft - row.alarms.base for row in rows),
            gates=tuple(sorted(effect.gates[0] ^ effect.gates[1])),
            moves=tuple(
                Move(clock=one.name, ladder=one.base.ladder, base=one.base.due_at, draft=one.draft.due_at)
                for one in moved[:MOST_MOVES]
            ),
        )

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """Who is affected more comes first: by breaches, then gates, due times, alarms."""
        breaches = self.breaches_more + self.breaches_fewer
        return -breaches, -len(self.gates), -self.due_dates_moved, -abs(self.alarms), self.complaint_id


class Outcome(Model):
    """A tally as it is written down and shown. `left_out`: complaints that could not be read; `clocks` by ladder,
    `alarms` by kind, `gates`: complaints before which each was closed, `days` from the first to the last."""

    complaints: int = 0
    affected: int = 0
    left_out: int = 0
    clocks: dict[str, Clocks] = Field(default_factory=dict)
    alarms: dict[str, Pair] = Field(default_factory=dict)
    gates: dict[Gate, Pair] = Field(default_factory=dict)
    days: dict[date, Day] = Field(default_factory=dict)
    most_affected: tuple[Affected, ...] = ()

    @property
    def sum(self) -> ReplaySum:
        rows = self.clocks.values()
        return ReplaySum(
            complaints=self.complaints,
            due_dates_moved=sum(row.earlier + row.later for row in rows),
            breaches_more=sum(row.more for row in rows),
            breaches_fewer=sum(row.fewer for row in rows),
        )


class Tally:
    """An outcome that is being added up."""

    def __init__(self, so_far: Outcome = Outcome()) -> None:  # noqa: B008 — never changed
        self.complaints, self.affected, self.left_out = so_far.complaints, so_far.affected, so_far.left_out
        self._clocks = defaultdict(Clocks, so_far.clocks)
        self._alarms = defaultdict(Pair, so_far.alarms)
        self._gates = defaultdict(Pair, so_far.gates)
        self._days = defaultdict(Day, so_far.days)
        self._most = list(so_far.most_affected)

    @classmethod
    def total(cls, outcomes: Iterable[Outcome]) -> Outcome:
        """Of parts that have no complaint in common."""
        whole = cls()
        for one in outcomes:
            whole.complaints += one.complaints
            whole.affected += one.affected
            whole.left_out += one.left_out
            for ladder, row in one.clocks.items():
                whole._clocks[ladder] += row
            for kind, pair in one.alarms.items():
                whole._alarms[kind] += pair
            for gate, pair in one.gates.items():
                whole._gates[gate] += pair
            for day, work in one.days.items():
                whole._days[day] += work
            for affected in one.most_affected:
                whole._name(affected)
        return whole.outcome()

    def add(self, effect: Effect) -> None:
        self.complaints += 1
        for both in effect.clocks:
            self._clocks[both.base.ladder] += Clocks.of(both)
            for kind in both.base.alarms.keys() | both.draft.alarms.keys():
                self._alarms[kind] += _pair(both.base.alarms[kind], both.draft.alarms[kind])
        one, other = effect.gates
        for gate in one | other:
            self._gates[gate] += _pair(gate in one, gate in other)
        for day in effect.due[0].keys() | effect.due[1].keys():
            self._days[day] += Day.model_construct(due=_pair(effect.due[0].get(day, 0), effect.due[1].get(day, 0)))
        for day in effect.told[0].keys() | effect.told[1].keys():
            self._days[day] += Day.model_construct(told=_pair(effect.told[0].get(day, 0), effect.told[1].get(day, 0)))
        if not effect.is_the_same:
            self.affected += 1
            self._name(Affected.by(effect))

    def leave_out(self) -> None:
        """A complaint could not be read."""
        self.left_out += 1

    def outcome(self) -> Outcome:
        return Outcome(
            complaints=self.complaints,
            affected=self.affected,
            left_out=self.left_out,
            clocks=dict(sorted(self._clocks.items())),
            alarms=dict(sorted(self._alarms.items())),
            gates=dict(sorted(self._gates.items())),
            days=dict(sorted(self._days.items())),
            most_affected=tuple(self._most),
        )

    def _name(self, affected: Affected) -> None:
        insort(self._most, affected, key=lambda one: one.rank)
        del self._most[MOST:]


def _pair(base: int, draft: int) -> Pair:
    return Pair.model_construct(base=int(base), draft=int(draft))
