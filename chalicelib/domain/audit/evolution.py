"""What each event of an audit changes: `evolve`, and a row of `CHANGES` for each kind."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chalicelib.domain.audit import audit as events
from chalicelib.domain.audit.audit import Audit, Comment, Edition, Finding, Item, Result, Sample, Stage
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground import chain
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import Event
from chalicelib.domain.policy import duties
from chalicelib.domain.policy.duties import Duty, DutyMissed, DutyRecounted
from chalicelib.domain.supervision import improvement
from chalicelib.domain.vocabulary.ladders import HEARING, HEARING_DECISION, HEARING_OBJECTION

Changes = dict[str, Any]
COMMENTS, FINDING, VERIFICATION, WAIVER = "comments", "finding", "verification", "waiver"
"""How the clocks of an audit are named, those of its hearings beside: "finding 3" is of the third."""


def evolve(state: Audit | None, entry: Entry) -> Audit:
    """The audit after an entry. Folding all of them gives the one that is stored."""
    event = entry.event
    if isinstance(event, events.AuditDrafted):
        state = _begun(entry, event)
    assert state  # noqa: S101 — nothing comes before it was drafted
    changes: Changes = {
        **chain.followed(state, entry),
        "measures": improvement.evolve(state.measures, entry, event),
        "hearings": hearings.evolve(state.hearings, entry),
    }
    if change := CHANGES.get(type(event)):
        changes |= change(state, entry, event)
    state = state.model_copy(update=changes)
    return state.model_copy(update={"duties": _owed(state, entry)})


def _begun(entry: Entry, event: events.AuditDrafted) -> Audit:
    drafted = {"audit_id": entry.record, "author": entry.actor.id, "drafted_at": entry.at}
    return Audit(stage=Stage.DRAFT, **dict(event), **drafted)


# ---- what is owed ----------------------------------------------------------------------------------------------------


class Owes(NamedTuple):
    """By whom something is owed: somebody, or everybody of some roles."""

    owner: str | None = None
    roles: tuple[Role, ...] = ()


def numbered(name: str) -> tuple[str, int | None]:
    """What a clock is for, and the number of the finding: "finding 3"."""
    of, _, number = name.partition(" ")
    return of, int(number) if number else None


def _owed(state: Audit, entry: Entry) -> tuple[Duty, ...]:
    known = duties.after(state.duties, entry)
    clock, _ = entry.sets_clock
    if isinstance(entry.event, events.FindingReassigned):
        return tuple(_of_new_owner(one, state) for one in known)
    if clock is None or isinstance(entry.event, DutyRecounted) or numbered(clock.name)[0] not in OWED:
        return known
    owes = _owes(state, clock.name)
    return (*known, duties.begun(entry, owner=owes.owner, roles=owes.roles))


def _of_new_owner(one: Duty, state: Audit) -> Duty:
    return one.model_copy(update={"owner": _owes(state, one.name).owner})


def _owes(state: Audit, name: str) -> Owes:
    of, number = numbered(name)
    return OWED[of](state, number)


def _of_owner(state: Audit, number: int | None) -> Owes:
    finding = state.finding(number)
    return Owes(owner=finding.owner if finding else None)


def _of_person(state: Audit, number: int | None) -> Owes:
    hearing = hearings.of(state.hearings, number)
    return Owes(owner=hearing.person if hearing else None)


def _of_departments(state: Audit, number: int | None) -> Owes:
    return Owes(roles=(*state.scope.departments, Role.SUPERVISOR))


OWED: Mapping[str, Callable[[Audit, int | None], Owes]] = {
    COMMENTS: _of_departments,
    FINDING: _of_owner,
    VERIFICATION: lambda state, number: Owes(roles=(Role.AUDIT,)),
    WAIVER: lambda state, number: Owes(),
    HEARING: _of_person,
    HEARING_DECISION: lambda state, number: Owes(roles=(Role.MANAGEMENT,)),
    HEARING_OBJECTION: _of_person,
}
"""Who owes what a clock of that name is for."""


def _missed(state: Audit, entry: Entry, event: DutyMissed) -> Changes:
    of, number = numbered(event.alarm.clock)
    finding = state.finding(number)
    return _of_finding(state, finding.number, {"missed": finding.missed + 1}) if of == FINDING and finding else {}


def _recounted(state: Audit, entry: Entry, event: DutyRecounted) -> Changes:
    """A duty says itself when it is due; a finding and a hearing say so too."""
    of, number = numbered(event.name)
    if number is None or of in (VERIFICATION, WAIVER):
        return {}
    if of == FINDING:
        return _of_finding(state, number, _due(event.clock))
    anew = {"clock": entry.seq, "due_at": event.clock.due_at}
    heard = (one.model_copy(update=anew) if one.number == number else one for one in state.hearings)
    return {"hearings": tuple(heard)}


# ---- plan and sample -------------------------------------------------------------------------------------------------


def _nothing(state: Audit, entry: Entry, event: Event) -> Changes:
    return {}


def _approved(state: Audit, entry: Entry, event: events.AuditApproved) -> Changes:
    return {"approved_at": entry.at, "approved_by": entry.actor.id}


def _refused(state: Audit, entry: Entry, event: events.AuditRefused) -> Changes:
    return {"cancelled_at": entry.at, "cancelled_because": event.reasons}


def _cancelled(state: Audit, entry: Entry, event: events.AuditCancelled) -> Changes:
    return {"cancelled_at": entry.at, "cancelled_because": event.reason}


def _drawn(state: Audit, entry: Entry, event: events.SampleDrawn) -> Changes:
    sample = Sample(**event.model_dump(exclude={"items"}), drawn_at=entry.at)
    return {"sample": sample, "items": tuple(Item(**dict(one)) for one in event.items)}


def _picked(state: Audit, entry: Entry, event: events.ItemPicked) -> Changes:
    return {"items": (*state.items, Item(**dict(event.item), picked=True))}


def _handed_over(state: Audit, entry: Entry, event: events.ItemHandedOver) -> Changes:
    return _of_item(state, event.complaint_id, {"auditor": event.to})


def _examined(state: Audit, entry: Entry, event: events.ItemExamined) -> Changes:
    found = {name: getattr(event, name) for name in ("answers", "broken", "undecided", "erased")}
    return _of_item(state, event.complaint_id, {"examined_at": entry.at, "examined_by": entry.actor.id, **found})


def _of_item(state: Audit, complaint_id: str, known: Changes) -> Changes:
    items = (one.model_copy(update=known) if one.complaint_id == complaint_id else one for one in state.items)
    return {"items": tuple(items)}


# ---- report ----------------------------------------------------------------------------------------------------------


def _reported(state: Audit, entry: Entry, event: events.AuditReported) -> Changes:
    result = Result(size=event.size, deviating=event.deviating, limit=event.limit, supported=event.supported)
    by = {"reported_at": entry.at, "reported_by": entry.actor.id}
    return {"conclusion": event.conclusion, "result": result, "draft_hash": event.hash, **by}


def _commented(state: Audit, entry: Entry, event: events.AuditCommented) -> Changes:
    return {"comments": (*state.comments, Comment(at=entry.at, by=entry.actor.id, text=event.text))}


def _published(state: Audit, entry: Entry, event: events.AuditPublished | events.AuditCorrected) -> Changes:
    reason = event.reason if isinstance(event, events.AuditCorrected) else None
    edition = Edition(number=event.edition, at=entry.at, by=entry.actor.id, hash=event.hash, reason=reason)
    return {"conclusion": event.conclusion, "editions": (*state.editions, edition)}


def _closed(state: Audit, entry: Entry, event: events.AuditClosed) -> Changes:
    return {"closed_at": entry.at}


# ---- findings --------------------------------------------------------------------------------------------------------


def _raised(state: Audit, entry: Entry, event: events.FindingRaised) -> Changes:
    said = {name: value for name, value in event if name != "clock"}
    finding = Finding(**said, **_due(event.clock), by=entry.actor.id, raised_at=entry.at)
    return {"findings": (*state.findings, finding)}


def _due(clock: Any) -> Changes:
    return {"due_at": clock and clock.due_at, "provisional": bool(clock and clock.provisional)}


def _dropped(state: Audit, entry: Entry, event: events.FindingDropped) -> Changes:
    """With it goes what somebody had to answer for, and it is due no more."""
    voided = hearings.voided(hearings.evolve(state.hearings, entry), {event.number})
    return {**_of_finding(state, event.number, {"state": "dropped", **_due(None)}), "hearings": voided}


def _planned(state: Audit, entry: Entry, event: events.CorrectionPlanned) -> Changes:
    said = {"correction": event.correction, "cause": event.cause}
    return _of_finding(state, event.number, {"state": "planned", "planned_at": entry.at, **said})


def _completed(state: Audit, entry: Entry, event: events.CorrectionCompleted) -> Changes:
    done = {"done_at": entry.at, "done_by": entry.actor.id, "evidence": event.evidence}
    return _of_finding(state, event.number, {"state": "done", **done})


def _verified(state: Audit, entry: Entry, event: events.CorrectionVerified) -> Changes:
    """Without effect it is open again, and due anew; what was found then stays to be read."""
    seen = {"verified_at": entry.at, "verified_by": entry.actor.id, "verification": event.evidence}
    seen |= {"effective": event.effective}
    if event.effective:
        return _of_finding(state, event.number, {"state": "closed", **seen})
    return _of_finding(state, event.number, {**_anew(state, event.number, event.clock), **seen})


def _anew(state: Audit, number: int, clock: Any) -> Changes:
    finding = state.finding(number)
    assert finding  # noqa: S101 — it was raised
    return {"state": "open", "reopened": finding.reopened + 1, **_due(clock)}


def _waived(state: Audit, entry: Entry, event: events.FindingWaived) -> Changes:
    waived = {"state": "waived", "waived_until": event.until, "waiver": event.reason, **_due(None)}
    return _of_finding(state, event.number, waived)


def _expired(state: Audit, entry: Entry, event: events.WaiverExpired) -> Changes:
    return _of_finding(state, event.number, {**_anew(state, event.number, event.clock), "waived_until": None})


def _reassigned(state: Audit, entry: Entry, event: events.FindingReassigned) -> Changes:
    return _of_finding(state, event.number, {"owner": event.owner})


def _untold(state: Audit, entry: Entry, event: events.FindingOwnerUnreachable) -> Changes:
    finding = state.finding(event.number)
    return _of_finding(state, event.number, {"untold": (*finding.untold, event.about)}) if finding else {}


def _of_finding(state: Audit, number: int, known: Changes) -> Changes:
    findings = (one.model_copy(update=known) if one.number == number else one for one in state.findings)
    return {"findings": tuple(findings)}


CHANGES: Mapping[type[Event], Callable[[Audit, Entry, Any], Changes]] = {
    events.AuditDrafted: _nothing,
    events.AuditApproved: _approved,
    events.AuditRefused: _refused,
    events.AuditCancelled: _cancelled,
    events.SampleDrawn: _drawn,
    events.ItemPicked: _picked,
    events.ItemHandedOver: _handed_over,
    events.ItemExamined: _examined,
    events.FindingRaised: _raised,
    events.FindingDropped: _dropped,
    events.AuditReported: _reported,
    events.AuditCommented: _commented,
    events.CommentsEnded: _nothing,
    events.AuditPublished: _published,
    events.AuditCorrected: _published,
    events.CorrectionPlanned: _planned,
    events.CorrectionCompleted: _completed,
    events.CorrectionVerified: _verified,
    events.FindingWaived: _waived,
    events.WaiverExpired: _expired,
    events.FindingReassigned: _reassigned,
    events.FindingOwnerUnreachable: _untold,
    events.AuditClosed: _closed,
    DutyMissed: _missed,
    DutyRecounted: _recounted,
}
"""Measures and hearings change by their own events, and duties by their alarms."""
