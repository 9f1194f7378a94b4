"""What is looked at of the closure, of the record, and of who had it (3.2, 3.3, 4.5a, 4.5b, 6.2, 8.2, 8.3)."""

from chalicelib.domain.audit.evidence import A_DAY, Evidence, Moment, closes, is_said
from chalicelib.domain.audit.verdicts import (
    NOT_APPLICABLE,
    Check,
    Verdict,
    broken,
    holds,
    together,
    undecided,
    whether,
)
from chalicelib.domain.audit.visits import is_told, tasks_in_time, visits
from chalicelib.domain.complaint import events
from chalicelib.domain.ground.chain import first_broken_link
from chalicelib.domain.ground.people import Role
from chalicelib.domain.telling.kinds import LOST_LINK, MORE
from chalicelib.domain.telling.notices import not_before, notices_of
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome

MOST_RELATED = 10
"""So many are found to be related at once: where there are more, one that is not listed may be related too."""
AN_HOUR = A_DAY / 24
KINDS_OF_NO_ENTRY = (LOST_LINK, MORE)
"""Asked for by the consumer, or in the place of several."""


def is_extended_once(evidence: Evidence) -> Verdict:
    """3.2: a stage has more time once, with a reason that the consumer is told."""
    verdicts, often = [], 0
    for one in evidence.span:
        often = 0 if one.entry.enters else often
        if isinstance(one.event, events.DeadlineExtended):
            often += 1
            said = is_said(one.event.extension.reason)
            verdicts += [whether(said if often == 1 else False, one.seq), is_told(evidence, one, "extension")]
    return together(verdicts)


def is_merged_into_its_like(evidence: Evidence) -> Verdict:
    """3.2: what is merged has order or contact in common with the other."""
    return together(_is_like(evidence, one, event.into) for one, event in evidence.of(events.ComplaintMerged))


def _is_like(evidence: Evidence, one: Moment, into: str) -> Verdict:
    latest = evidence.latest
    if into in latest.related or into == latest.duplicate_of:
        return holds(one.seq)
    unknown = len(latest.related) >= MOST_RELATED or evidence.now - one.entry.at < AN_HOUR
    return undecided(one.seq) if unknown else broken(one.seq)


def is_called_in_danger(evidence: Evidence) -> Verdict:
    """3.3: where harm has happened or is at hand the consumer is called within the hours of the policy."""
    begun = evidence.of(events.SafetyTaskBegun, later=True)
    return tasks_in_time(evidence, [(one, event.clock) for one, event in begun if event.task == "safety_call"])


def looks_into_danger(evidence: Evidence) -> Verdict:
    """3.3: and all else that a danger asks for is done in its time."""
    begun = evidence.of(events.SafetyTaskBegun, later=True)
    return tasks_in_time(evidence, [(one, event.clock) for one, event in begun if event.task != "safety_call"])


def closes_at_once(evidence: Evidence) -> Verdict:
    """4.5a: with the acceptance, and that is recorded within a day of the call in which it was given."""
    return together(_closes(evidence, one) for one in evidence.happened(events.PlanAccepted))


def _closes(evidence: Evidence, accepted: Moment) -> Verdict:
    calls = [
        one.entry.at
        for one in evidence.span
        if isinstance(one.event, events.ConsumerCalled)
        and one.event.call.about == "acceptance"
        and one.event.call.reached
    ]
    late = accepted.entry.actor.kind == "staff" and calls and accepted.entry.at > calls[-1] + A_DAY
    return whether(closes(accepted.entry) and not late, accepted.seq)


def tells_closure(evidence: Evidence) -> Verdict:
    """4.5a"""
    return is_told(evidence, evidence.closing, "closure", "withdrawal", "merged")


def has_whole_chain(evidence: Evidence) -> Verdict:
    """4.5b"""
    wrong = first_broken_link(evidence.entries)
    return broken(wrong) if wrong else holds()


def is_what_its_entries_make(evidence: Evidence) -> Verdict:
    """4.5b: the complaint as it is stored is the fold of its entries."""
    head, latest = evidence.head, evidence.latest
    if head is None or head.seq != latest.seq:
        return undecided()
    fields = (name for name, field in type(latest).model_fields.items() if not field.exclude)
    return whether(all(getattr(head, name) == getattr(latest, name) for name in fields))


def has_its_notices(evidence: Evidence) -> Verdict:
    """4.5b: each notice is one of an entry, and whatever somebody is told of has its notice."""
    if evidence.notices is None:
        return undecided()
    wanted = {(key.seq, key.kind, key.audience): one for one in evidence.moments for key in notices_of(one.entry)}
    there = {(one.seq, one.kind, one.audience) for one in evidence.notices if one.kind not in KINDS_OF_NO_ENTRY}
    strange = {seq for seq, kind, audience in there - wanted.keys() if (kind, audience) != CALLED_UPON}
    missing = [one for key, one in wanted.items() if key not in there]
    old = {one.seq for one in missing if evidence.now - not_before(one.entry) >= A_DAY}
    if strange or old:
        return broken(*sorted(strange | old))
    return undecided(*sorted(one.seq for one in missing)) if missing else holds()


CALLED_UPON = ("safety_call", Role.MANAGEMENT)
"""Where nobody is on duty."""


def is_asked_how_it_was(evidence: Evidence) -> Verdict:
    """6.2: after a plan the consumer is asked how it was, or it is said why not."""
    complaint, policy = evidence.complaint, evidence.policy
    if complaint.outcome is Outcome.MERGED or not complaint.has_plan or complaint.closed_at is None:
        return NOT_APPLICABLE
    mine = next((one for one in evidence.latest.surveys if one.closure == evidence.closure), None)
    if mine is None:
        return broken(evidence.closing.seq)
    if mine.state not in ("planned", "due"):
        return holds()
    if evidence.erased:
        return NOT_APPLICABLE
    return undecided() if evidence.now < policy.asks_at(complaint.closed_at) + A_DAY else broken(evidence.closing.seq)


def is_handled_by_who_has_studied(evidence: Evidence) -> Verdict:
    """8.2: whoever acknowledged, reported or proposed had confirmed the version it goes by, or still had time to."""
    kinds = (events.ComplaintAcknowledged, events.InvestigationReported, events.PlanProposed)
    acted = (one for one in evidence.happened(*kinds) if one.entry.actor.kind == "staff")
    return together(_has_studied(evidence, one) for one in acted)


def _has_studied(evidence: Evidence, one: Moment) -> Verdict:
    name, at = one.entry.actor.id, one.entry.at
    if evidence.studied is None:
        return undecided(one.seq)
    confirmed_at, due_at = evidence.studied.get(name), evidence.study_due.get(name)
    if confirmed_at and confirmed_at <= at:
        return holds(one.seq)
    if name not in evidence.study_due:
        return undecided(one.seq)
    return NOT_APPLICABLE if due_at is None or at < due_at else broken(one.seq)


def records_what_was_late(evidence: Evidence) -> Verdict:
    """8.3: what was missed is on record, with who had it."""
    left = visits(evidence, Stage.RECEIVED, Stage.INVESTIGATING, Stage.PLANNING)
    missing = [broken(one.left.seq) for one in left if one.is_unrecorded]
    return together([*missing, *(whether(bool(it.held_by), one.seq) for one, it in evidence.of(events.DeadlineMissed))])


CHECKS: dict[str, Check] = {
    "3.2-extended": is_extended_once,
    "3.2-merged": is_merged_into_its_like,
    "3.3-called": is_called_in_danger,
    "3.3-danger": looks_into_danger,
    "4.5a-at_once": closes_at_once,
    "4.5a-told": tells_closure,
    "4.5b-chain": has_whole_chain,
    "4.5b-fold": is_what_its_entries_make,
    "4.5b-notices": has_its_notices,
    "6.2-asked": is_asked_how_it_was,
    "8.2-studied": is_handled_by_who_has_studied,
    "8.3-recorded": records_what_was_late,
}
