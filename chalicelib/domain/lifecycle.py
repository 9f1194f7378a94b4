"""The lifecycle of a complaint: one table (3.2). Everything that asks "who may do what, when" reads it.

The permission check, the stage check, the queue, the OpenAPI description, the README's table and the tests are all
derived from `STAGES` and `TABLE`; no stage is named in a condition anywhere else.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from .errors import Forbidden, NotAllowed
from .people import STAFF, Actor, Role


class Stage(StrEnum):
    RECEIVED = "received"
    INVESTIGATING = "investigating"
    PLANNING = "planning"
    AWAITING_CONSUMER = "awaiting_consumer"
    CLOSED = "closed"


class Action(StrEnum):
    FILE = "file"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    PROPOSE_PLAN = "propose_plan"
    ACCEPT_PLAN = "accept_plan"
    OBJECT_TO_PLAN = "object_to_plan"
    ASSIGN = "assign"
    NOTE = "note"
    REPLACE_LINK = "replace_link"
    ASK = "ask"
    ANSWER_INQUIRY = "answer_inquiry"
    ADD_EVIDENCE = "add_evidence"
    REVIEW = "review"
    UPDATE_DELIVERY = "update_delivery"
    REQUEST_INFORMATION = "request_information"
    GIVE_INFORMATION = "give_information"
    EXTEND = "extend"
    COMPLETE_FOLLOW_UP = "complete_follow_up"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    MERGE = "merge"
    LAPSE = "lapse"


class StageFacts(NamedTuple):
    """`responsible`: whose queue shows it (5.1). `open`: a clock must run, whose length is policy data."""

    responsible: Role
    open: bool
    names: Mapping[str, str]


STAGES: dict[Stage, StageFacts] = {
    Stage.RECEIVED: StageFacts(
        Role.CUSTOMER_SERVICE, True, {"zh-CN": "已收到，待受理", "zh-TW": "已收到，待受理", "en": "Received"}
    ),
    Stage.INVESTIGATING: StageFacts(
        Role.CUSTOMER_SERVICE, True, {"zh-CN": "已受理，调查中", "zh-TW": "已受理，調查中", "en": "Under investigation"}
    ),
    Stage.PLANNING: StageFacts(
        Role.CUSTOMER_SERVICE,
        True,
        {"zh-CN": "处理方案制定中", "zh-TW": "處理方案擬定中", "en": "Resolution plan in preparation"},
    ),
    Stage.AWAITING_CONSUMER: StageFacts(
        Role.CUSTOMER_SERVICE, True, {"zh-CN": "待您确认方案", "zh-TW": "待您確認方案", "en": "Awaiting your answer"}
    ),
    Stage.CLOSED: StageFacts(Role.CUSTOMER_SERVICE, False, {"zh-CN": "已办结", "zh-TW": "已結案", "en": "Closed"}),
}


class Step(NamedTuple):
    """In stage `source` the roles `who` may do `action`, which leads to stage `target` (the same: it stays)."""

    source: Stage | None
    action: Action
    target: Stage
    who: frozenset[Role]


_CUSTOMER_SERVICE = frozenset({Role.CUSTOMER_SERVICE})
_CONSUMER_OR_CALL = frozenset({Role.CONSUMER, Role.CUSTOMER_SERVICE})
_ASKED = frozenset({Role.QUALITY, Role.LOGISTICS, Role.LEGAL})
_OPEN = tuple(stage for stage, facts in STAGES.items() if facts.open)
_AT_WORK = (Stage.INVESTIGATING, Stage.PLANNING)  # the findings are made, or used
_AFTER_A_PLAN = (Stage.PLANNING, Stage.AWAITING_CONSUMER, Stage.CLOSED)


def _stays(action: "Action", stages: Iterable[Stage], who: frozenset[Role]) -> "list[Step]":
    """The action can be done in these stages, and leaves the complaint there."""
    return [Step(stage, action, stage, who) for stage in stages]


TABLE: tuple[Step, ...] = (
    Step(None, Action.FILE, Stage.RECEIVED, frozenset({Role.STOREFRONT, Role.CUSTOMER_SERVICE})),
    Step(Stage.RECEIVED, Action.ACKNOWLEDGE, Stage.INVESTIGATING, _CUSTOMER_SERVICE),
    Step(Stage.INVESTIGATING, Action.REPORT, Stage.PLANNING, _CUSTOMER_SERVICE),
    Step(Stage.PLANNING, Action.PROPOSE_PLAN, Stage.AWAITING_CONSUMER, _CUSTOMER_SERVICE),
    Step(Stage.AWAITING_CONSUMER, Action.ACCEPT_PLAN, Stage.CLOSED, _CONSUMER_OR_CALL),
    Step(Stage.AWAITING_CONSUMER, Action.OBJECT_TO_PLAN, Stage.PLANNING, _CONSUMER_OR_CALL),
    Step(Stage.AWAITING_CONSUMER, Action.LAPSE, Stage.CLOSED, frozenset({Role.SYSTEM})),
    *(Step(stage, Action.WITHDRAW, Stage.CLOSED, _CONSUMER_OR_CALL) for stage in _OPEN),
    *(Step(stage, Action.MERGE, Stage.CLOSED, _CUSTOMER_SERVICE) for stage in _OPEN),
    Step(Stage.CLOSED, Action.REOPEN, Stage.PLANNING, frozenset({Role.CONSUMER})),
    *_stays(Action.ASSIGN, _OPEN, frozenset({Role.CUSTOMER_SERVICE, Role.SUPERVISOR})),
    *_stays(Action.EXTEND, _OPEN, frozenset({Role.SUPERVISOR, Role.MANAGEMENT})),
    *_stays(Action.ASK, _AT_WORK, _CUSTOMER_SERVICE),
    *_stays(Action.ANSWER_INQUIRY, _AT_WORK, _ASKED),
    *_stays(Action.REVIEW, _AT_WORK, frozenset({Role.LEGAL})),
    *_stays(Action.REQUEST_INFORMATION, _AT_WORK, _CUSTOMER_SERVICE),
    *_stays(Action.GIVE_INFORMATION, _OPEN, _CONSUMER_OR_CALL),
    *_stays(Action.UPDATE_DELIVERY, STAGES, frozenset({Role.LOGISTICS})),
    *_stays(Action.COMPLETE_FOLLOW_UP, _AFTER_A_PLAN, _CUSTOMER_SERVICE),
    *_stays(Action.ADD_EVIDENCE, STAGES, STAFF | {Role.CONSUMER}),
    *_stays(Action.NOTE, STAGES, STAFF),
    *_stays(Action.REPLACE_LINK, STAGES, frozenset({Role.CUSTOMER_SERVICE, Role.SUPERVISOR})),
)


def check(table: Iterable[Step], stages: Mapping[Stage, StageFacts]) -> None:
    """Raises ValueError if the table is unsound: a stage unknown or out of reach, a dead end, a pair twice, nobody."""
    steps = list(table)
    known = set(stages)
    if strangers := {stage for step in steps for stage in (step.source, step.target) if stage} - known:
        raise ValueError(f"the table names stages that are not described: {sorted(strangers)}")
    reached: set[Stage | None] = {None}
    while grown := {step.target for step in steps if step.source in reached} - reached:
        reached |= grown
    if lost := known - reached:
        raise ValueError(f"no way leads to {sorted(lost)}")
    if len({(step.source, step.action) for step in steps}) < len(steps):
        raise ValueError("more than one row for a stage and an action")
    if stuck := {stage for stage in known if stages[stage].open and not _leads_on(steps, stage)}:
        raise ValueError(f"open stages that nothing leads out of: {sorted(stuck)}")
    if orphans := {step.action for step in steps if not step.who}:
        raise ValueError(f"actions that nobody may do: {sorted(orphans)}")


def _leads_on(steps: Iterable[Step], stage: Stage) -> bool:
    return any(step.source == stage != step.target for step in steps)


check(TABLE, STAGES)
_BY_PAIR = {(step.source, step.action): step for step in TABLE}


HEADING = ("action", *STAGES, "who may")


def rows() -> list[tuple[str, ...]]:
    """The table as people read it, under `HEADING`: what each action does in each stage (stays, → planning, –)."""
    found = []
    for action in dict.fromkeys(step.action for step in TABLE):
        steps = {step.source: step for step in TABLE if step.action == action}
        everyone = ", ".join(sorted(frozenset[Role]().union(*(step.who for step in steps.values()))))
        if first := steps.get(None):
            found.append((action, f"→ {first.target}", *["–"] * (len(STAGES) - 1), everyone))
        else:
            found.append((action, *(_does(steps.get(stage)) for stage in STAGES), everyone))
    return found


def _does(step: Step | None) -> str:
    if step is None:
        return "–"
    return "stays" if step.target == step.source else f"→ {step.target}"


def allowed(stage: Stage) -> list[Action]:
    """What can be done in a stage by anyone but the system itself."""
    return [step.action for step in TABLE if step.source == stage and step.who != {Role.SYSTEM}]


def who(action: Action) -> frozenset[Role]:
    """Everyone who may do an action in some stage."""
    return frozenset[Role]().union(*(step.who for step in TABLE if step.action == action))


def step(stage: Stage | None, action: Action, actor: Actor) -> Step:
    """The row for an action in a stage. Raises NotAllowed if the stage has none, Forbidden if it is not the actor's."""
    found = _BY_PAIR.get((stage, action))
    if found is None:
        raise NotAllowed(
            f"A complaint in stage {stage} does not allow the action {action}.", allowed(stage) if stage else []
        )
    if not found.who & actor.roles:
        raise Forbidden(f"Only {' or '.join(sorted(found.who))} may {action.replace('_', ' ')}.")
    return found
