"""What the house knows beside what is handed in about an audit (6.3): who may examine what, who acted in a complaint,
what the machine's rules say, what was found on a clause before. The rules of the record then decide by that alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import audits, roster, store
from chalicelib.adapters.store import Case
from chalicelib.domain.audit import audit, documents, guards
from chalicelib.domain.audit.audit import Audit, FrozenScope, Item
from chalicelib.domain.audit.clauses import CLAUSES
from chalicelib.domain.audit.evidence import closes
from chalicelib.domain.audit.guards import Occasion
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotAllowed, NotFound, Unavailable
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Wrong

from . import audit_documents, checks, measures, population
from .act import Asked

LOOKED_BACK = timedelta(days=366)
"""So far back findings on a clause are read; which of them count, the rules say."""
MOST_EARLIER = 200


def completed(at: Occasion, handed_in: Submission) -> Asked:
    """What is handed in, with what the house knows, and what is written with what follows from it.

    Raises NotFound, Invalid, Unavailable.
    """
    complete = COMPLETES.get(type(handed_in))
    return complete(at, handed_in) if complete else Asked(handed_in)


def _with(kind: type[Submission], handed_in: Submission, **known: Any) -> Asked:
    return Asked(kind(**dict(handed_in), **known))


# ---- who -------------------------------------------------------------------------------------------------------------


def auditors_of(scope: FrozenScope, now: datetime) -> tuple[str, ...]:
    """Who may examine something of an audit, by name: of role audit, and of none of its departments. Raises ClientError
    or BotoCoreError, if the user pool does not answer."""
    audited = {one.name for department in scope.departments for one in roster.members(Role(department), now)}
    return tuple(one.name for one in roster.members(Role.AUDIT, now) if one.name not in audited)


def groups_of(username: str, now: datetime) -> tuple[Role, ...]:
    """The groups of one of staff, none of whoever works here no more."""
    return tuple(role for role in sorted(STAFF) if roster.member(role, username, now))


def acted_in(ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Who of staff acted in each of these complaints, or had it: one round trip for each hundred."""
    found = store.load_all(ids, Complaint)
    return {name: tuple(sorted({*one.took_part, *one.decided_by})) for name, one in found.items()}


def _complaint(complaint_id: str) -> Case[Complaint]:
    found = store.load_with_entries(complaint_id, Complaint)
    if found is None:
        raise NotFound("record_unknown")
    return found


def _acted(complaint_id: str) -> tuple[str, ...]:
    found = _complaint(complaint_id)
    return _authors(found.state, found.entries)


def _authors(complaint: Complaint, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Whoever wrote any entry of it, surveys included, or had it."""
    names = {entry.actor.id for entry in entries if entry.actor.kind == "staff"}
    return tuple(sorted({*names, *complaint.took_part, *complaint.decided_by}))


# ---- the sample and its items ----------------------------------------------------------------------------------------


def _draw(at: Occasion, handed_in: audit.DrawSample) -> Asked:
    """The nonce goes with the draft's item, and stands in the sample from then on."""
    state = at.state
    nonce = audits.nonce_of(state.audit_id)
    if nonce is None:
        raise Unavailable("nonce_missing")
    drawn, hashed = population.freeze(state, nonce)
    frozen = audit.FrozenSample(
        population=drawn.population,
        population_hash=drawn.population_hash,
        nonce=nonce,
        seed=drawn.seed,
        size=drawn.size,
        certain=drawn.certain,
        hash=hashed,
        items=drawn.items,
        auditors=auditors_of(state.scope, at.now),
        acted=acted_in([one.complaint_id for one in drawn.items]),
    )
    return Asked(frozen, writes=[audits.giving_up(state.audit_id)])


def _cancel(at: Occasion, handed_in: audit.CancelAudit) -> Asked:
    """What is cancelled draws no sample any more."""
    return Asked(handed_in, writes=[audits.giving_up(at.state.audit_id)])


def _approve(at: Occasion, handed_in: audit.ApproveAudit) -> Asked:
    return Asked(handed_in, writes=[] if handed_in.approved else [audits.giving_up(at.state.audit_id)])


def _pick(at: Occasion, handed_in: audit.PickItem) -> Asked:
    """Of what was never closed there is nothing to examine, so the audit could not go on."""
    try:
        name = read_id(handed_in.complaint_id)
    except Wrong:
        raise NotFound("record_unknown") from None
    found = _complaint(name)
    if not any(map(closes, found.entries)):
        raise NotAllowed("item_not_closed", guards.allowed(at.state))
    known = {"auditors": auditors_of(at.state.scope, at.now), "acted": _authors(found.state, found.entries)}
    return _with(audit.FoundPick, handed_in.model_copy(update={"complaint_id": name}), **known)


def _hand_over(at: Occasion, handed_in: audit.HandOver) -> Asked:
    known = {
        "auditors": auditors_of(at.state.scope, at.now),
        "acted": _acted(at.item.complaint_id),
        "groups": groups_of(handed_in.to, at.now) if handed_in.to else (),
    }
    return _with(audit.FoundHandOver, handed_in, **known)


def _examine(at: Occasion, handed_in: audit.ExamineItem) -> Asked:
    """The machine's rules are run again, on the closure of the period; of what was picked, on its last."""
    item, found = at.item, _complaint(at.item.complaint_id)
    known = tested(at.state, item, at.now)
    acted, erased = _authors(found.state, found.entries), found.state.erased_at is not None
    return _with(audit.Examination, handed_in, acted=acted, erased=erased, **known)


def closure_of(state: Audit, item: Item) -> int | None:
    """Which of a complaint's closures is looked at; None: its last, of what was picked. Raises Unavailable."""
    return None if item.picked else population.facts(state).closure_of(item.complaint_id)


def tested(state: Audit, item: Item, now: datetime) -> dict[str, tuple[str, ...]]:
    """What the machine's rules say now of the closure of an item: those that are `broken`, and that are `undecided`.
    Raises NotFound, Unavailable."""
    found = checks.examine(item.complaint_id, closure_of(state, item), now)
    return {says: tuple(one.rule for one in found if one.verdict.says == says) for says in ("broken", "undecided")}


# ---- findings --------------------------------------------------------------------------------------------------------


def earlier_on(clause: str, now: datetime) -> tuple[audit.Earlier, ...]:
    """What was found on a clause, by any audit, so far as it may count still."""
    found = audits.findings_on(clause, written(now - LOOKED_BACK), MOST_EARLIER)
    return tuple(
        audit.Earlier(audit=one.name, number=one.number, raised_at=one.place.partition("#")[0]) for one in found
    )


def _raise(at: Occasion, handed_in: audit.RaiseFinding) -> Asked:
    if handed_in.clause not in CLAUSES:
        raise Invalid([FieldFault("clause", "clause_unknown")])
    known = {
        "earlier": earlier_on(handed_in.clause, at.now),
        "owner_groups": groups_of(handed_in.owner, at.now),
        "answering_groups": groups_of(handed_in.answers_for, at.now) if handed_in.answers_for else (),
    }
    return _with(audit.FoundFinding, handed_in, **known)


def _plan(at: Occasion, handed_in: audit.PlanCorrection) -> Asked:
    measures.check_owners(handed_in.measures, at.now)
    return Asked(handed_in)


def _reassign(at: Occasion, handed_in: audit.ReassignFinding) -> Asked:
    return _with(audit.FoundOwner, handed_in, groups=groups_of(handed_in.owner, at.now))


# ---- its report ------------------------------------------------------------------------------------------------------


def _report(at: Occasion, handed_in: audit.ReportAudit) -> Asked:
    said = audit_documents.lay_down(_concluding(at.state, handed_in.conclusion), 0, at.now)
    return _with(audit.CountedReport, handed_in, limit=said.result.limit, hash=documents.hash_of(said))


def _publish(at: Occasion, handed_in: audit.PublishAudit) -> Asked:
    said = audit_documents.lay_down(_concluding(at.state, handed_in.conclusion), 1, at.now)
    return _with(audit.HashedPublication, handed_in, hash=documents.hash_of(said))


def _correct(at: Occasion, handed_in: audit.CorrectAudit) -> Asked:
    edition = len(at.state.editions) + 1
    said = audit_documents.lay_down(_concluding(at.state, handed_in.conclusion), edition, at.now, handed_in.reason)
    return _with(audit.HashedCorrection, handed_in, hash=documents.hash_of(said))


def _concluding(state: Audit, conclusion: str | None) -> Audit:
    return state.model_copy(update={"conclusion": conclusion or state.conclusion})


COMPLETES: Mapping[type[Submission], Callable[[Occasion, Any], Asked]] = {
    audit.ApproveAudit: _approve,
    audit.CancelAudit: _cancel,
    audit.DrawSample: _draw,
    audit.PickItem: _pick,
    audit.HandOver: _hand_over,
    audit.ExamineItem: _examine,
    audit.RaiseFinding: _raise,
    audit.PlanCorrection: _plan,
    audit.ReassignFinding: _reassign,
    audit.ReportAudit: _report,
    audit.PublishAudit: _publish,
    audit.CorrectAudit: _correct,
}
