"""The machine's rules are run on a closure (6.3): as it closes, when what they say is a line; and again by an audit.

As it closes three calls are made: one reads the complaint with its entries and notices, one how far its handlers have
studied the policy, one writes the line. Files are read by an audit only; until then that rule is undecided.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters import evidence as files
from chalicelib.adapters import outbox, store, studies
from chalicelib.domain.audit import checks
from chalicelib.domain.audit.evidence import Evidence, Fared, Moment, Told, Unreadable, closes
from chalicelib.domain.audit.verdicts import Found
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.governance import study as studying
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.people import Contact, Role
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.telling.letters import Letter, to_consumer

from . import rules, study
from .lines import keep, policy_of


def check_closure(entry: Entry, now: datetime) -> None:
    """What the rules say of a closure is written down with it. Again: what they say by then."""
    if not closes(entry):
        return
    evidence = _evidence(entry.record, entry.seq, now, reads_files=False)
    try:
        made = checks.line_of(evidence, checks.run(evidence))
    except Unreadable:  # what the entries do not make has no category: the audit says that the chain is broken
        return
    keep([made], evidence.entries, evidence.policy, now)


def examine(complaint_id: str, closure: int | None, now: datetime) -> tuple[Found, ...]:
    """What the rules say now of a closure of a complaint, by default its last, in the order of the catalogue; of one
    that its entries do not have any more, that they are broken.

    Raises NotFound for a complaint that there is not, or that was never closed.
    """
    evidence = _evidence(complaint_id, None, now, reads_files=True, closure=closure)
    try:
        return checks.run(evidence)
    except Unreadable:
        if closure is not None:
            return checks.unreadable(evidence)
        raise NotFound("record_unknown") from None


def _evidence(
    complaint_id: str, upto: int | None, now: datetime, *, reads_files: bool, closure: int | None = None
) -> Evidence:
    """`upto`: the entry that closed it."""
    found = store.load_with_notices(complaint_id, Complaint)
    if found is None or not found[0].entries:
        raise NotFound("record_unknown")
    case, notices = found
    policy = policy_of(case.entries, now)
    ends = [one.seq for one in case.entries if closes(one)]
    return Evidence(
        entries=tuple(case.entries),
        closure=closure if closure is not None else len([seq for seq in ends if upto is None or seq <= upto]),
        policy=policy,
        now=now,
        head=case.state,
        reachable=_is_reachable(case.contact),
        notices=tuple(map(_told, notices)),
        evidence_hashes=_hashes(case.state) if reads_files else None,
        texts=_texts(case.entries, policy),
        **_studied(case.entries, policy, now),
    )


def _is_reachable(contact: Contact) -> bool:
    return bool(contact.name and (contact.phone or contact.email))


def _told(notice: outbox.Notice) -> Told:
    sent = [datetime.fromisoformat(one.sent_at) for one in notice.passages if one.sent_at]
    return Told(notice.key.seq, notice.key.kind, notice.key.audience, _fared(notice), min(sent, default=None))


def _fared(notice: outbox.Notice) -> Fared:
    """What was held back, of too many in a day, is told together with the rest."""
    if notice.has_arrived:
        return "arrived"
    if notice.state in ("outdated", "held_back"):
        return "outdated"
    return "failed" if notice.settled else "under_way"


def _hashes(complaint: Complaint) -> dict[str, str]:
    """By file what its content comes to. One round trip each."""
    found = {
        one.evidence_id: files.hash_of(files.kept(files.KEPT, complaint.complaint_id, one.evidence_id, one.sha256))
        for one in complaint.evidence
        if one.sha256
    }
    return {name: sha256 for name, sha256 in found.items() if sha256}


def _studied(entries: Sequence[Entry], policy: Policy, now: datetime) -> Mapping[str, Any]:
    """Of those of staff who did anything: when they confirmed the version that the complaint goes by, and when that was
    due. One round trip, none where nobody did."""
    people = sorted({entry.actor.id for entry in entries if entry.actor.kind == "staff"})
    studied, known = studies.standing(policy.version, people)
    confirmed = {name: one.confirmed({Role.CUSTOMER_SERVICE}) for name, one in studied.items()}
    version, in_force = rules.rules_numbered(policy.version, now), rules.in_force(now)
    due = {name: studying.due_at(in_force, version.announced_at, one.since) for name, one in known.items()}
    return {
        "studied": {name: one.at for name, one in confirmed.items() if one},
        "study_due": {name: at if study.is_needed(version, at, now) else None for name, at in due.items()},
    }


def _texts(entries: Sequence[Entry], policy: Policy) -> dict[int, str]:
    """The words of the notices of plans that reject, as they are said by now: the mail itself is not kept."""
    if not any(_rejects(entry) for entry in entries):
        return {}
    lived = Evidence(entries, 0, policy, entries[-1].at)
    try:
        return {one.seq: _text(one, policy) for one in lived.moments if _rejects(one.entry)}
    except Unreadable:
        return {}


def _rejects(entry: Entry) -> bool:
    event = entry.event
    return isinstance(event, events.PlanProposed) and event.plan.rejects_request


def _text(one: Moment, policy: Policy) -> str:
    from .words import fill

    kind = "plan" if one.after.round == 1 else "adjusted_plan"
    locale = one.after.locale
    return fill(kind, locale, **to_consumer(kind, Letter(one.after, one.entry, "", policy, locale))).text
