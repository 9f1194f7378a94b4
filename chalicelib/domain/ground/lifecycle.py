"""A lifecycle is a value: stages, and who may do what in each (3.2). It is checked when it is made.

The permission check, the stage check, the queues, the OpenAPI description, the table in `domain/README.md` and the
tests all read it; no stage is named in a condition anywhere else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from chalicelib.domain.ground.errors import Forbidden, NotAllowed
from chalicelib.domain.ground.people import Actor, Role

S = TypeVar("S", bound=str)
A = TypeVar("A", bound=str)


class StageFacts(NamedTuple):
    """`responsible`: whose queue shows it (5.1). `open`: a clock must run, whose length is policy data."""

    responsible: Role
    open: bool
    names: Mapping[Any, str]


class Step(NamedTuple, Generic[S, A]):
    """In stage `source` the roles `who` may do `action`, which leads to stage `target` (the same: it stays).

    Or to one of `others`: which, says what has been done before.
    """

    source: S | None
    action: A
    target: S
    who: frozenset[Role]
    others: tuple[S, ...] = ()

    @property
    def targets(self) -> tuple[S, ...]:
        return (self.target, *self.others)

    def to(self, stage: S) -> S:
        """`stage`, as one of the targets. Raises ValueError for any other."""
        if stage not in self.targets:
            raise ValueError(f"{self.action} does not lead to {stage}")
        return stage


@dataclass(frozen=True)
class Lifecycle(Generic[S, A]):
    """The stages of a kind of record, and its table. `record` is what people call one: "complaint".

    Raises ValueError if the table is unsound: a stage unknown or out of reach, a dead end, a pair twice, nobody.
    """

    record: str
    stages: Mapping[S, StageFacts]
    table: tuple[Step[S, A], ...]

    def __post_init__(self) -> None:
        known: set[S | None] = set(self.stages)
        if strangers := {stage for step in self.table for stage in (step.source, *step.targets) if stage} - known:
            raise ValueError(f"the table names stages that are not described: {sorted(filter(None, strangers))}")
        if lost := known - self._reached():
            raise ValueError(f"no way leads to {sorted(filter(None, lost))}")
        if len(self._by_pair) < len(self.table):
            raise ValueError("more than one row for a stage and an action")
        if stuck := [stage for stage in self.open if not self._leads_on(stage)]:
            raise ValueError(f"open stages that nothing leads out of: {sorted(stuck)}")
        if orphans := {step.action for step in self.table if not step.who}:
            raise ValueError(f"actions that nobody may do: {sorted(orphans)}")

    def _reached(self) -> set[S | None]:
        reached: set[S | None] = {None}
        while grown := {target for step in self.table if step.source in reached for target in step.targets} - reached:
            reached |= grown
        return reached

    def _leads_on(self, stage: S) -> bool:
        return any(step.source == stage != step.target for step in self.table)

    @cached_property
    def _by_pair(self) -> dict[tuple[S | None, A], Step[S, A]]:
        return {(step.source, step.action): step for step in self.table}

    @cached_property
    def open(self) -> tuple[S, ...]:
        """The stages in which a clock runs."""
        return tuple(stage for stage, facts in self.stages.items() if facts.open)

    @cached_property
    def actions(self) -> tuple[A, ...]:
        return tuple(dict.fromkeys(step.action for step in self.table))

    def allowed(self, stage: S) -> list[A]:
        """What can be done in a stage by anyone but the system itself."""
        return [*self._by_people.get(stage, ())]

    @cached_property
    def _by_people(self) -> dict[S | None, tuple[A, ...]]:
        steps = [step for step in self.table if step.who != {Role.SYSTEM}]
        return {source: tuple(one.action for one in steps if one.source == source) for source in self.stages}

    def actions_of(self, roles: frozenset[Role]) -> list[A]:
        """What these roles may do in some stage."""
        return [action for action, who in self._who.items() if who & roles]

    @cached_property
    def _who(self) -> dict[A, frozenset[Role]]:
        return {action: self.who(action) for action in self.actions}

    def who(self, action: A) -> frozenset[Role]:
        """Everyone who may do an action in some stage."""
        return frozenset[Role]().union(*(step.who for step in self.table if step.action == action))

    def step(self, stage: S | None, action: A, actor: Actor) -> Step[S, A]:
        """The row for an action in a stage. Raises NotAllowed if there is none, Forbidden if it is not the actor's."""
        found = self._by_pair.get((stage, action))
        if found is None:
            raise NotAllowed(
                "stage_forbids",
                self.allowed(stage) if stage else [],
                record=self.record,
                stage=str(stage),
                action=str(action),
            )
        if not found.who & actor.roles:
            raise Forbidden("role_not_open", roles=sorted(found.who), action=str(action))
        return found

    @property
    def heading(self) -> tuple[str, ...]:
        return ("action", *self.stages, "who may")

    def rows(self) -> list[tuple[str, ...]]:
        """The table as people read it, under `heading`: what each action does in each stage (stays, → planning, –)."""
        return [self._row(action) for action in self.actions]

    def _row(self, action: A) -> tuple[str, ...]:
        steps = {step.source: step for step in self.table if step.action == action}
        everyone = ", ".join(sorted(self.who(action)))
        if first := steps.get(None):
            return (action, f"→ {first.target}", *["–"] * (len(self.stages) - 1), everyone)
        return (action, *(_does(steps.get(stage)) for stage in self.stages), everyone)


def stays(action: A, stages: Iterable[S], who: frozenset[Role]) -> list[Step[S, A]]:
    """The action can be done in these stages, and leaves the record there."""
    return [Step(stage, action, stage, who) for stage in stages]


def _does(step: Step[S, A] | None) -> str:
    if step is None:
        return "–"
    return "stays" if step.target == step.source else f"→ {', '.join(step.targets)}"
