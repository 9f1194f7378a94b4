"""What there is to look at in a management review (6) is put together by the house, twice a year, from what it has:
reports, surveys among them, audits, what was decided before, amendments, training. Nobody has to be believed about it.

The document is laid down first, under a name that holds its hash; the record comes last. So whoever dies on the way
leaves no review, and a file that nobody looks at.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib import log
from chalicelib.adapters import figures, store
from chalicelib.adapters import reports as kept_reports
from chalicelib.adapters import training as trainings
from chalicelib.domain.audit.audit import SEVERITIES, Audit
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import documents, management_review
from chalicelib.domain.supervision.figures import Figure, Period
from chalicelib.domain.supervision.improvement import Improvement
from chalicelib.domain.supervision.management_review import (
    LOOKED_AT,
    ActionLookedAt,
    AuditLookedAt,
    ChangeLookedAt,
    Inputs,
    ManagementReview,
    Performance,
    TrainingLookedAt,
)
from chalicelib.domain.supervision.report import Report
from chalicelib.domain.supervision.training import TOPICS, Training

from . import amendments, audits, policy_reviews, reports, rules
from .commit import commit
from .days import is_before_the_house
from .management_reviews import DOCUMENT

DAY = timedelta(days=1)
REPORTS, AMENDMENTS, POLICY_REVIEWS, AUDITS = 40, 100, 20, 40
"""So many are looked through, the newest: reports of a kind, editions among them."""


def prepare(occasion: datetime, now: datetime) -> None:
    """The review of the half-year that was over at the occasion; once. None of a time before the house's first day."""
    policy = rules.in_force(now)
    half = documents.before(documents.period_of("half_yearly", occasion.astimezone(policy.zone).date()))
    name = management_review.name_of(half)
    if is_before_the_house(half.last) or store.load(name, ManagementReview):
        return
    lay_down(_inputs(name, half, now, policy), now, policy)


def lay_down(inputs: Inputs, now: datetime, policy: Policy) -> None:
    """The document, and then the review; where there is one already: nothing."""
    name = inputs.review_id
    key = figures.key_of_report(name, management_review.hash_of(inputs), DOCUMENT)
    figures.put(key, management_review.as_bytes(inputs))
    try:
        commit(None, [management_review.prepared(inputs, now, policy)], now, policy)
    except Stale:
        log.note("a management review had been prepared already", review=name)


def _inputs(name: str, half: Period, now: datetime, policy: Policy) -> Inputs:
    begun = _begin(half.first, policy)
    return Inputs(
        review_id=name,
        half=half,
        prepared_at=now,
        policy_version=policy.version,
        performance=_performance(half),
        audits=tuple(_audits(half)),
        actions=(*_of_last_time(half), *_of_reports(half)),
        changes=tuple(_changes(begun)),
        policy_reviews=tuple(
            sorted(one.number for one in policy_reviews.listed(POLICY_REVIEWS, None)[0] if one.at >= begun)
        ),
        training=tuple(_training([one for one in trainings.listed() if one.given_at >= begun], now)),
    )


def _begin(day: date, policy: Policy) -> datetime:
    """When a day begins in the policy's zone."""
    return datetime.combine(day, datetime.min.time(), policy.zone)


def _performance(half: Period) -> Performance | None:
    """The last edition of the half-year's report, if there is one."""
    found, _ = reports.listed("half_yearly", REPORTS, None)
    state = max((one for one in found if one.period == half), key=lambda one: one.edition, default=None)
    if state is None:
        return None
    document = reports.document_of(state)
    before: Mapping[str, Figure] = document.before.figures if document.before else {}
    return Performance(
        report_id=state.report_id,
        hash=state.hash,
        figures={
            name: document.figures[name].model_copy(update={"rows": ()})
            for name in LOOKED_AT
            if name in document.figures
        },
        before={name: before[name] for name in LOOKED_AT if name in before},
        bottleneck=document.bottleneck,
    )


def _audits(half: Period) -> Iterator[AuditLookedAt]:
    """Those of the quarters of the half-year, by name."""
    found, _ = audits.listed(None, AUDITS, None)
    for one in sorted(found, key=lambda one: one.audit_id):
        if half.first <= one.first <= half.last:
            yield _audit(one)


def _audit(one: Audit) -> AuditLookedAt:
    known = [finding for finding in one.findings if finding.state != "dropped"]
    severities = Counter(finding.severity for finding in known)
    counted: dict[str, Any] = {
        "findings": {severity: severities[severity] for severity in reversed(SEVERITIES) if severities[severity]},
        "open": sum(finding.is_open for finding in known),
    }
    if one.result:
        counted |= one.result.model_dump() | {"limit": str(one.result.limit)}
    return AuditLookedAt.model_validate({"audit_id": one.audit_id, "stage": one.stage, "period": one.period, **counted})


def _of_last_time(half: Period) -> Iterator[ActionLookedAt]:
    last = management_review.name_of(documents.before(half))
    found = store.load(last, ManagementReview)
    if found:
        yield from _actions(last, found.state.measures)


def _of_reports(half: Period) -> Iterator[ActionLookedAt]:
    """What was decided with reports that were computed in the half-year."""
    names = [*kept_reports.before("monthly", half.last + DAY, REPORTS)]
    names += kept_reports.before("half_yearly", half.first, REPORTS)
    found = store.load_all(names, Report) if names else {}
    for one in (found[name] for name in sorted(found) if found[name].computed_at.date() >= half.first):
        yield from _actions(one.report_id, one.measures)


def _actions(record: str, measures: Iterable[Improvement]) -> Iterator[ActionLookedAt]:
    for one in measures:
        known = one.model_dump(include={"number", "what", "owner", "due", "moves", "missed", "done_at", "note"})
        yield ActionLookedAt(record=record, **known)


def _changes(begun: datetime) -> Iterator[ChangeLookedAt]:
    """Of the last amendments those that anything happened to since then, the oldest first."""
    found, _ = amendments.listed(None, AMENDMENTS, None)
    for one in reversed(found):
        moments = (one.changed_at, one.submitted_at, one.announced_at, one.in_force_at, one.withdrawn_at)
        if max(moment for moment in moments if moment) >= begun:
            known = one.model_dump(include={"amendment_id", "document", "stage", "number"})
            yield ChangeLookedAt.model_validate(known)


def _training(found: list[Training], now: datetime) -> Iterator[TrainingLookedAt]:
    """By topic; numbers alone."""
    for topic in TOPICS:
        those = [one for one in found if one.topic == topic]
        done = sum(one.done_at is not None for one in those)
        if those:
            late = sum(one.is_late(now) for one in those)
            yield TrainingLookedAt(topic=topic, given=len(those), done=done, late=late)
