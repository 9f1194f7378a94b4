"""Internal audits as the house handles them (6.3): their row in the register, what people do about one, how it is read.

What is handed in is completed by what the house knows beside (`audit_facts`) before the rules look at it. The nonce by
which the sample will be drawn is kept in an item of its own, written with the draft and taken away with the sample.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import partial, reduce
from typing import NamedTuple

from chalicelib.adapters import audits, store
from chalicelib.adapters.listings import place_of
from chalicelib.adapters.store import Case
from chalicelib.domain.audit import audit, clocks, decisions, evolution, guards, readers, standing
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Audit, Finding, Item, Sample, Stage
from chalicelib.domain.audit.population import Changed
from chalicelib.domain.ground.errors import Conflict, NotFound, Stale
from chalicelib.domain.ground.people import NOBODY, Actor
from chalicelib.domain.ground.record import Submission

from . import audit_documents, audit_facts, population, rules
from .act import Asked, act
from .commit import commit
from .once import ATTEMPTS, Done, Idempotency, replay
from .paging import listed_by, opened, page_of, part_of
from .records import Kind, Reaction, Telling

AT_ONCE = 20
"""So many are held at once where all are read."""

# ---- what people do --------------------------------------------------------------------------------------------------


def draft(
    handed_in: audit.DraftAudit, actor: Actor, now: datetime, *, idempotency: Idempotency | None = None
) -> Done[Audit]:
    """Plans an audit. Raises Forbidden, Invalid, IdempotencyMismatch, Conflict."""
    LIFECYCLE.step(None, Action.DRAFT, actor)
    policy, nonce = rules.in_force(now), secrets.token_hex(32)
    decisions.drafted(audit.PREFIX, handed_in, nonce, actor, now, policy)  # what is refused takes no number
    for _ in range(ATTEMPTS):
        if idempotency and (done := replay(idempotency, now)):
            return done
        name = audits.next_name(handed_in.period)
        entry = decisions.drafted(name, handed_in, nonce, actor, now, policy)
        try:
            kept = [audits.keeping(name, nonce)]
            state: Audit = commit(None, [entry], now, policy, more=kept, idempotency=idempotency)
        except Stale:  # the key was used at the same moment
            continue
        return Done(state, NOBODY, [entry])
    raise Conflict("changed_by_others")


def do(
    name: str,
    handed_in: Submission,
    actor: Actor,
    now: datetime,
    *,
    seen: Collection[int] | None = None,
    idempotency: Idempotency | None = None,
    part: str | None = None,
) -> Done[Audit]:
    """Whatever is handed in about one; `part`: the number of the finding or measure, or the complaint's id of the item.

    Raises what `act` raises, and Unavailable where the house cannot find what belongs to it.
    """

    def asking(case: Case[Audit]) -> Asked:
        state = _by_now(case.state, now)
        action = Action(handed_in.action)
        guards.step(state, action, actor)
        at = guards.Occasion(state, actor, now, rules.in_force(now), part)
        for guard in guards.GUARDS.get(action, ()):  # nothing is looked for where it is refused in any case
            guard(at)
        return audit_facts.completed(at, handed_in)

    return act(name, asking, actor, now, seen=seen, idempotency=idempotency, part=part)


def _by_now(state: Audit, now: datetime) -> Audit:
    """As it stands once what is due has rung."""
    return reduce(evolution.evolve, clocks.due_alarms(state, now, rules.in_force(now)), state)


# ---- how it is read --------------------------------------------------------------------------------------------------


def shown(name: str, actor: Actor, now: datetime) -> Case[Audit]:
    """An audit to whoever of staff may read of it, at least without names (`readers`). Raises NotFound."""
    found = store.load(name, Audit) if audit.is_name(name) else None
    if found is None or not readers.reads(found.state, actor):
        raise NotFound("audit_unknown")
    return found


def listed(stage: Stage | None, limit: int, cursor: str | None) -> tuple[list[Audit], str | None]:
    """A page of them, or of those in a stage, the newest first. Raises Malformed."""
    return listed_by(f"audits {stage or ''}", partial(audits.listed, stage), Audit, limit, cursor)


def every() -> Iterator[Audit]:
    """All of them, the newest first, a few at a time."""
    cursor: str | None = None
    while True:
        found, cursor = listed(None, AT_ONCE, cursor)
        yield from found
        if cursor is None:
            return


def items(
    state: Audit, actor: Actor, limit: int, cursor: str | None, only: standing.Only | None = None
) -> tuple[list[Item], str | None]:
    """A page of the items that somebody may read, in the order of the sample; `only`: some of them. Raises
    Malformed."""
    known = _readable(state, actor, only)
    return part_of(known, limit, f"items {state.audit_id} {only}" if only else f"items {state.audit_id}", cursor)


def count_items(state: Audit, actor: Actor, only: standing.Only | None) -> int:
    """How many `items` has in all."""
    return len(_readable(state, actor, only))


def _readable(state: Audit, actor: Actor, only: standing.Only | None) -> list[Item]:
    return [one for one in standing.among(state, only, actor) if readers.reads_item(one, actor)]


def findings(state: Audit, actor: Actor, limit: int, cursor: str | None) -> tuple[list[Finding], str | None]:
    """A page of its findings in their order; those that turned out to be none to whoever reads all of it only. Raises
    Malformed."""
    named = readers.reads_names(state, actor)
    known = [one for one in state.findings if named or one.state != "dropped"]
    return part_of(known, limit, f"findings {state.audit_id}", cursor)


def finding(state: Audit, number: str, actor: Actor) -> Finding:
    """One of its findings as somebody may read it (`readers.face_of`); one that turned out to be none as above. Raises
    NotFound."""
    found = state.finding(number)
    if found is None or (found.state == "dropped" and not readers.reads_names(state, actor)):
        raise NotFound("finding_unknown")
    return readers.face_of(found, state, actor)


def findings_of(owner: str, limit: int, cursor: str | None) -> tuple[list[tuple[Audit, Finding]], str | None]:
    """A page of what somebody is to correct, in whatever audit, soonest due first; what has no due time last. Raises
    Malformed."""
    purpose = f"findings of {owner}"
    after = opened(purpose, cursor, "")
    found, following = page_of(audits.findings_of(owner, after, limit + 1), limit, purpose, place_of)
    states = store.load_all(sorted({at.name for at in found}), Audit)
    known = [(states[at.name], one) for at in found if at.name in states if (one := states[at.name].finding(at.number))]
    return [(state, one) for state, one in known if one.owner == owner and one.is_open], following


def newest() -> list[Audit]:
    """One page of them."""
    return listed(None, AT_ONCE, None)[0]


def to_verify(of: Iterable[Audit], actor: Actor, now: datetime) -> list[tuple[Audit, Finding]]:
    """The findings of some audits of which somebody can say now whether their correction has helped."""
    policy, about = rules.in_force(now), (Action.VERIFY,)
    if not actor.roles & guards.VERIFIERS:
        return []
    return [
        (state, one)
        for state in of
        for one in state.findings
        if one.state == "done" and decisions.may_about(state, one.number, about, actor, now, policy)
    ]


class SampleRead(NamedTuple):
    """A sample as it was drawn. `changed`: what of its population came and went since."""

    sample: Sample
    items: tuple[Item, ...]
    changed: Changed


def sample(state: Audit, now: datetime) -> SampleRead:
    """The sample of an audit. Raises NotFound before it is drawn, Unavailable."""
    if state.sample is None:
        raise NotFound("sample_unknown")
    drawn = tuple(one for one in state.items if not one.picked)
    return SampleRead(state.sample, drawn, population.changed(state))


def recompute(state: Audit) -> population.Recomputed:
    """Its sample, drawn again of what was frozen with it. Raises NotFound before it is drawn, Unavailable."""
    if state.sample is None:
        raise NotFound("sample_unknown")
    return population.recompute(state)


def sample_documents(state: Audit) -> dict[str, tuple[str, bytes]]:
    """By what anybody can draw it again, by the names of files, each with its type: `ids.txt`, the population, and
    `sample.json`. Neither names anybody. Raises as `recompute` does."""
    if state.sample is None:
        raise NotFound("sample_unknown")
    ids = "".join(f"{one}\n" for one in population.frozen_ids(state)).encode()
    return {"ids.txt": ("text/plain", ids), "sample.json": ("application/json", population.sample_document(state))}


def recorded(state: Audit, now: datetime) -> tuple[population.Pointed, ...]:
    """Who is to be asked why staff recorded all acceptances of their plans, by name. Raises Unavailable, ClientError or
    BotoCoreError, if the user pool does not answer."""
    return population.pointed_out(population.facts(state).recorded, now)


document_of = audit_documents.of
"""What its report says."""
tested, closure_of = audit_facts.tested, audit_facts.closure_of
"""What the machine's rules say of an item now, and of which of its closures."""


# ---- its row ---------------------------------------------------------------------------------------------------------


def _telling() -> Telling:
    from .audit_letters import TELLING

    return TELLING


def _reactions() -> tuple[Reaction, ...]:
    from .training import follow_hearing

    return (follow_hearing,)


KIND = Kind(
    state=Audit,
    evolve=evolution.evolve,
    decide=decisions.decide,
    policy=lambda state, now: rules.in_force(now),
    due_alarms=clocks.due_alarms,
    next_alarm=clocks.next_alarm,
    head=audits.head_of,
    tasks=audits.tasks_of,
    shown=shown,
    telling=_telling,
    reactions=_reactions,
)
