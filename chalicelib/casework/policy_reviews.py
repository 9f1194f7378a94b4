"""The policy is looked over (7.2): management and legal are reminded, management decides, the house says what there was
to look at. The record is written once."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple

from chalicelib.adapters import figures, outbox, registers
from chalicelib.adapters.registers import Register
from chalicelib.domain.audit.clauses import CLAUSES
from chalicelib.domain.governance import reviews
from chalicelib.domain.governance.reviews import Amended, Due, Found, Inputs, Month, PolicyReview, PolicyReviewBody
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.kinds import REVIEW_CALLED, REVIEW_DUE, REVIEW_FINDINGS, REVIEW_LATE
from chalicelib.domain.telling.notices import NoticeKey

from . import amendments, audits, interpretations, reports, rules
from .once import Idempotency, written_once
from .paging import opened, page_of

REGISTER: Register = "POLICY_REVIEWS"
DIGITS = 5
TOLD = (Role.MANAGEMENT, Role.LEGAL)
LOOKED_BACK = 40
"""Monthly reports, editions among them, that are looked through."""
AMENDMENTS = 100
AUDITS = 40
MONTHS, AT_LEAST = 12, 2
"""So many months a review keeps at most; of a time in which no report was made, the last ones."""


class Kept(NamedTuple):
    """A review. `replayed`: an earlier request had written it."""

    one: PolicyReview
    replayed: bool = False


# ---- what management does --------------------------------------------------------------------------------------------


def review(handed_in: PolicyReviewBody, actor: Actor, now: datetime, idempotency: Idempotency | None) -> Kept:
    """Writes one. Raises Conflict, IdempotencyMismatch."""

    def held() -> PolicyReview:
        last = next(_newest(at_once=1), None)
        months, since = _months(), _since(last, now)
        policy = rules.in_force(now)
        today = now.astimezone(policy.zone).date()
        by = reviews.due(since, policy.amendments.review_months, months, policy.zone, _graver())
        one = PolicyReview(
            number=last.number + 1 if last else 1,
            at=now,
            by=actor.id,
            decision=handed_in.decision,
            reasons=handed_in.reasons,
            cause=by.cause_on(today),
            due_on=by.on,
            late=today > by.on,
            inputs=_inputs(since, months, now),
        )
        registers.put(REGISTER, one.number, reviews.written(one), idempotency, now)
        return one

    done = written_once(held, idempotency, now)
    if isinstance(done, PolicyReview):
        return Kept(done)
    return Kept(shown(str(done.first_seq)), replayed=True)


def _inputs(since: datetime, months: list[Month], now: datetime) -> Inputs:
    version = rules.in_force(now).version
    looked_at = [one for one in months if one.computed_at > since] or months[-AT_LEAST:]
    given = [
        one.number
        for one in interpretations.all_of_them()
        if max([one.at, *(review.at for review in one.reviews)]) > since
    ]
    return Inputs(
        since=since,
        version=version,
        to_come=interpretations.to_come(now),
        months=tuple(looked_at[-MONTHS:]),
        interpretations=tuple(sorted(given)),
        to_review=tuple(sorted(one.number for one in interpretations.to_review(interpretations.latest(now)))),
        amendments=tuple(_amended(since)),
    )


def _amended(since: datetime) -> Iterator[Amended]:
    """Of the last ones that were begun those that anything happened to since then, the oldest first."""
    found, _ = amendments.listed(None, AMENDMENTS, None)
    for one in reversed(found):
        moments = (one.changed_at, one.submitted_at, one.announced_at, one.in_force_at, one.withdrawn_at)
        said = [opinion.at for opinion in one.opinions] + [decision.at for decision in one.decisions]
        if max(moment for moment in (*moments, *said) if moment) > since:
            yield Amended(
                amendment_id=one.amendment_id,
                document=one.document,
                stage=one.stage,
                number=one.number,
                opinions=len(one.opinions),
                unanswered=sum(opinion.answer_seq is None for opinion in one.opinions),
            )


# ---- how they are read -----------------------------------------------------------------------------------------------


def shown(number: str) -> PolicyReview:
    """Raises NotFound."""
    written = number.isascii() and number.isdecimal() and len(number) <= DIGITS
    text = registers.texts(REGISTER, [int(number)]).get(int(number)) if written else None
    if text is None:
        raise NotFound("policy_review_unknown")
    return PolicyReview.model_validate_json(text)


def listed(limit: int, cursor: str | None) -> tuple[list[PolicyReview], str | None]:
    """A page of them, the newest first. Raises Malformed."""
    purpose = "policy reviews"
    before = int(opened(purpose, cursor, "0")) or None
    found = [one for one, _ in zip(_newest(before, limit + 1), range(limit + 1), strict=False)]
    return page_of(found, limit, purpose, lambda one: str(one.number))


def _newest(before: int | None = None, at_once: int = 100) -> Iterator[PolicyReview]:
    return map(PolicyReview.model_validate_json, registers.newest(REGISTER, before, at_once))


# ---- when one is due -------------------------------------------------------------------------------------------------


def due(now: datetime) -> Due:
    """When the policy is to be looked over next."""
    policy = rules.in_force(now)
    since = _since(next(_newest(at_once=1), None), now)
    return reviews.due(since, policy.amendments.review_months, _months(), policy.zone, _graver())


def due_by_period(now: datetime) -> Due:
    """The same, without what makes it due sooner, of which those are told whom it concerns: two round trips."""
    policy = rules.in_force(now)
    return reviews.due(_since(next(_newest(at_once=1), None), now), policy.amendments.review_months, (), policy.zone)


def _since(last: PolicyReview | None, now: datetime) -> datetime:
    """The last review; before there is any, the effect of the version in force, or the house's first day, if that was
    later: before it there was nothing to look at."""
    if last:
        return last.at
    policy = rules.in_force(now)
    first = figures.first_closed_day() or now.astimezone(policy.zone).date()
    return max(policy.effective_from, datetime.combine(first, time.min, policy.zone))


def _months() -> list[Month]:
    """What the monthly reports say, the oldest first, each by its last edition."""
    found, _ = reports.listed("monthly", LOOKED_BACK, None)
    by_month = [list(editions) for _, editions in groupby(found, key=lambda one: one.period.first)]
    return [
        Month.of(reports.document_of(editions[0]), editions[0].hash, editions[-1].computed_at)
        for editions in reversed(by_month[:MONTHS])
    ]


def _graver() -> list[Found]:
    """What the last audits found that is major or worse."""
    found, _ = audits.listed(None, AUDITS, None)
    return [
        Found(one.clause, one.raised_at)
        for state in found
        for one in state.findings
        if one.severity in ("major", "critical") and one.state != "dropped"
    ]


def remind(occasion: datetime, now: datetime) -> None:
    """Management and legal are told thirty days before a review is due, or as soon as a trigger makes it due; and once
    it is late, then each week. However often this runs: each of it once."""
    by, today = due(now), now.astimezone(rules.in_force(now).zone).date()
    if today < by.reminded_on:
        return
    kind, seq = _notice(by, today)
    for role in TOLD:
        outbox.queue(NoticeKey(HOUSE_RECORD, seq, role, kind), now, now)


def _notice(by: Due, today: date) -> tuple[str, int]:
    """Its kind, and what it is numbered by: the last day; of two months the later, of what is late for how many
    weeks."""
    if today > by.on:
        return REVIEW_LATE, int(f"{by.on:%Y%m%d}{(today - by.on).days // 7:04}")
    if by.clause:
        return REVIEW_FINDINGS, int(f"{by.on:%Y%m%d}{CLAUSES.index(by.clause):02}")
    if by.months:
        return REVIEW_CALLED, int(f"{by.on:%Y%m%d}{by.months[1]:%Y%m}")
    return REVIEW_DUE, int(f"{by.on:%Y%m%d}")
