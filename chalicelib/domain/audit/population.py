"""Whom an audit is about (6.3): each complaint of its scope that was closed in its period, by the lines of its days.

Lines are read as they leave the table (`casework.export`): of staff there is a keyed hash, so neither a population nor
a sample names anybody. Counting rules: a closure counts for its own day, also where a line of another day takes it back
or gives it again; merged ones are in none; of several closures in the period the last one is looked at. Customer
service is in every closure; another department in those for which it was asked, or waited for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, TypeAdapter

from chalicelib.domain.audit.audit import FrozenScope
from chalicelib.domain.audit.sampling import Member
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary import terms

CONSUMER = "consumer"
SHARES_FROM = 5
"""Fewer acceptances than so many say nothing of anybody."""
CERTAIN_RULES: Mapping[str, str] = {"4.5b-chain": "chain", "4.5b-fold": "chain", "3.3-reasons": "basis"}
"""The machine's rules whose breach makes a closure one that is looked at in any case, and what that is called."""


class ClosedRow(Model):
    """A closure (`lines.Closed`), as far as audits read it."""

    kind: Literal["closed"] = "closed"
    id: str
    number: int
    outcome: terms.Outcome
    category: terms.Category
    sign: int = 1
    for_day: date | None = None
    planner: str | None = None
    accepted_by: str | None = None
    tier: terms.Tier | None = None
    spent: Mapping[str, int] = Field(default_factory=dict)


class RulesRow(Model):
    """What the machine's rules say of a closure (`lines.Tested`)."""

    kind: Literal["tested"] = "tested"
    id: str
    closure: int
    broken: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


class InquiryRow(Model):
    """A department was asked (`lines.InquiryEnded`)."""

    kind: Literal["inquiry"] = "inquiry"
    id: str
    department: terms.AskedDepartment


Row = ClosedRow | RulesRow | InquiryRow
ROW: TypeAdapter[Row] = TypeAdapter(Annotated[Row, Field(discriminator="kind")])
KINDS = ("closed", "tested", "inquiry")


class Tally(Model):
    """Of `n` closures that a rule was run on: how many break it, and of how many it could not say."""

    n: int = 0
    broken: Mapping[str, int] = Field(default_factory=dict)
    undecided: Mapping[str, int] = Field(default_factory=dict)


class Recorded(NamedTuple):
    """Of `n` acceptances of plans that somebody made, all were recorded by staff for a caller (M22)."""

    person: str
    n: int


class Population:
    """The lines of a period, taken in day by day, in any order.

    What is kept is small: of each closure of the period a row. `rows` of a day are those of `KINDS`, others may be left
    out.
    """

    def __init__(self, scope: FrozenScope, first: date, last: date) -> None:
        self._scope, self._first, self._last = scope, first, last
        self._net: dict[tuple[str, int], int] = {}
        self._closed: dict[tuple[str, int], ClosedRow] = {}
        self._tested: dict[tuple[str, int], RulesRow] = {}
        self._asked: dict[str, set[str]] = {}

    def take_in(self, day: date, rows: Iterable[Row]) -> Self:
        for row in rows:
            match row:
                case ClosedRow() if self._first <= (row.for_day or day) <= self._last:
                    key = row.id, row.number
                    self._net[key] = self._net.get(key, 0) + row.sign
                    self._closed[key] = row
                case RulesRow():
                    self._tested[row.id, row.closure] = row
                case InquiryRow():
                    self._asked.setdefault(row.id, set()).add(row.department)
                case _:
                    pass
        return self

    def closures(self) -> list[ClosedRow]:
        """The last closure of each complaint of the scope, by id."""
        last: dict[str, ClosedRow] = {}
        for key in sorted(self._closed):
            row = self._closed[key]
            if self._net[key] > 0:
                last[row.id] = row
        return [row for row in last.values() if row.outcome is not terms.Outcome.MERGED and self._is_in_scope(row)]

    def members(self) -> list[Member]:
        """Whom a sample is drawn of."""
        return [
            Member(row.id, row.planner, row.outcome.value, tuple(dict.fromkeys(self._certain(row))), row.number)
            for row in self.closures()
        ]

    def tally(self) -> Tally:
        """What the machine's rules say of the closures of the population that they were run on."""
        tested = [self._tested[key] for row in self.closures() if (key := (row.id, row.number)) in self._tested]
        return Tally(
            n=len(tested),
            broken=_counted(row.broken for row in tested),
            undecided=_counted(row.undecided for row in tested),
        )

    def recorded(self) -> tuple[Recorded, ...]:
        """Whose plans were all accepted through staff and none by a consumer, in the order of their hashes."""
        accepted: dict[str, list[bool]] = {}
        for row in self.closures():
            if row.planner and row.accepted_by:
                accepted.setdefault(row.planner, []).append(row.accepted_by != CONSUMER)
        return tuple(
            Recorded(person, len(by_staff))
            for person, by_staff in sorted(accepted.items())
            if len(by_staff) >= SHARES_FROM and all(by_staff)
        )

    def _is_in_scope(self, row: ClosedRow) -> bool:
        if self._scope.categories and row.category not in self._scope.categories:
            return False
        if Role.CUSTOMER_SERVICE in self._scope.departments:
            return True
        waited_for = {name.partition(" ")[2] for name in row.spent}
        return not waited_for.isdisjoint(self._scope.departments) or not self._asked.get(row.id, set()).isdisjoint(
            self._scope.departments
        )

    def _certain(self, row: ClosedRow) -> Iterator[str]:
        """Why it is looked at in any case."""
        if row.tier == "act":
            yield "danger"
        tested = self._tested.get((row.id, row.number))
        yield from (CERTAIN_RULES[rule] for rule in (tested.broken if tested else ()) if rule in CERTAIN_RULES)
        if row.accepted_by and row.accepted_by != CONSUMER:
            yield "recorded"


class Facts(Model):
    """What was frozen with a sample. `members`: of each its stratum, the number of its closure, and more; `tested`:
    what the machine's rules said of all of them; `recorded`: `Recorded`, as pairs; `of`: those that are not certain."""

    planned: int
    of: int
    members: dict[str, tuple[str, ...]]
    tested: Tally
    recorded: tuple[Recorded, ...]

    def closure_of(self, complaint_id: str) -> int | None:
        """Which of its closures is looked at; None: of what was not in the population."""
        found = self.members.get(complaint_id)
        return int(found[1]) if found else None


class Changed(NamedTuple):
    """How many came into a population, and left it, since it was frozen."""

    added: int
    gone: int


def changed(frozen: Sequence[str], now: Sequence[str]) -> Changed:
    before, after = frozenset(frozen), frozenset(now)
    return Changed(len(after - before), len(before - after))


def _counted(of_closures: Iterable[tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for rules in of_closures:
        for rule in rules:
            found[rule] = found.get(rule, 0) + 1
    return dict(sorted(found.items()))
