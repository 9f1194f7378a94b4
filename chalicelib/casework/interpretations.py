"""Customer service interprets the policy (7.1): rulings are given, cited by reports, looked at with each new version.

Whoever announces a version has customer service told of those that are to be looked at. An interpretation holds until
it is ended: a version that comes changes none by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.adapters import outbox, registers
from chalicelib.adapters.registers import Register
from chalicelib.adapters.store import Case
from chalicelib.domain.complaint import submissions
from chalicelib.domain.governance.amendment import AmendmentAnnounced
from chalicelib.domain.governance.interpretations import (
    Clause,
    Interpretation,
    InterpretationReview,
    Ruling,
    Standing,
    reviewed,
)
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotFound, Stale
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.policy import announced
from chalicelib.domain.telling.kinds import TO_REVIEW
from chalicelib.domain.telling.notices import NoticeKey

from . import rules
from .once import Idempotency, past, written_once
from .paging import opened, page_of

REGISTER: Register = "INTERPRETATIONS"
DIGITS = 5
CHARACTERS = 200_000
"""Typed ones, after which a page of the list ends: a Lambda's answer is at 6 MB."""


class Kept(NamedTuple):
    """An interpretation, and how it stands. `replayed`: an earlier request had done it."""

    one: Interpretation
    standing: Standing
    replayed: bool = False


# ---- what people do --------------------------------------------------------------------------------------------------


def interpret(ruling: Ruling, actor: Actor, now: datetime, idempotency: Idempotency | None) -> Kept:
    """Gives one the next number. Raises Conflict, IdempotencyMismatch, Unavailable."""

    def given() -> Interpretation:
        policy, last = rules.in_force(now), next(_newest(at_once=1), None)
        one = Interpretation(
            number=last.number + 1 if last else 1,
            clause=ruling.clause,
            question=ruling.question,
            as_given=ruling.ruling,
            holds_from=ruling.holds_from or now.astimezone(policy.zone).date(),
            version=policy.version,
            known=latest_now(now),
            at=now,
            by=actor.id,
        )
        return _keep(one, idempotency, now)

    return _kept(written_once(given, idempotency, now))


def review(
    number: str,
    handed_in: InterpretationReview,
    actor: Actor,
    now: datetime,
    idempotency: Idempotency | None,
    seen: frozenset[int] | None = None,
) -> Kept:
    """Keeps, revises or ends one, with the latest version that is announced. `seen`: the editions of it on which that
    may be decided. Raises NotFound, NotAllowed, Stale, Conflict, IdempotencyMismatch, Unavailable."""

    def decided() -> Interpretation:
        return _keep(reviewed(_found(number), handed_in, actor.id, now, latest_now(now)), idempotency, now)

    known = past(idempotency, now)
    if not known and seen is not None and (edition := _found(number).edition) not in seen:
        raise Stale("version_passed", version=edition)
    return _kept(known if known else written_once(decided, idempotency, now))


def _keep(one: Interpretation, idempotency: Idempotency | None, now: datetime) -> Interpretation:
    registers.put(REGISTER, one.number, one.model_dump_json(exclude_none=True), idempotency, now, one.edition)
    return one


def _kept(done: Interpretation | Idempotency) -> Kept:
    """As it was right after what was done: nothing had been announced since."""
    known = None if isinstance(done, Interpretation) else done
    one = done if isinstance(done, Interpretation) else _all([done.first_seq])[done.first_seq].at_edition(done.last_seq)
    return Kept(one, "ended" if one.ended else "holds", replayed=known is not None)


# ---- how they are read -----------------------------------------------------------------------------------------------


def shown(number: str, now: datetime) -> Kept:
    """Raises NotFound."""
    one = _found(number)
    return Kept(one, one.standing(latest(now)))


def _found(number: str) -> Interpretation:
    written = number.isascii() and number.isdecimal() and len(number) <= DIGITS
    one = _all([int(number)]).get(int(number)) if written else None
    if one is None:
        raise NotFound("interpretation_unknown")
    return one


def _all(numbers: Sequence[int]) -> dict[int, Interpretation]:
    found = registers.texts(REGISTER, numbers)
    return {number: Interpretation.model_validate_json(text) for number, text in found.items()}


def _newest(before: int | None = None, at_once: int = 100) -> Iterator[Interpretation]:
    return map(Interpretation.model_validate_json, registers.newest(REGISTER, before, at_once))


def listed(
    clause: Clause | None, standing: Standing | None, now: datetime, limit: int, cursor: str | None
) -> tuple[list[Kept], str | None]:
    """A page of them, the newest first; of one clause, or of those that stand so. It ends early where they are long.
    Raises Malformed."""
    purpose, number = f"interpretations {clause} {standing}", latest(now)
    before, typed = int(opened(purpose, cursor, "0")) or None, 0
    found: list[Kept] = []
    for one in _newest(before):
        kept = Kept(one, one.standing(number))
        if clause not in (None, one.clause) or standing not in (None, kept.standing):
            continue
        if len(found) == limit or typed > CHARACTERS:
            return page_of([*found, kept], len(found), purpose, lambda kept: str(kept.one.number))
        found.append(kept)
        typed += one.characters
    return found, None


def latest(now: datetime) -> int:
    """The number of the rules that were announced last, in force or to come."""
    return announced.latest(rules.announced(now)).number


def latest_now(now: datetime) -> int:
    """The same, whatever this container knew before: what is written goes by it."""
    return announced.latest(rules.announced_now(now)).number


def to_come(now: datetime) -> tuple[int, ...]:
    """The numbers of the rules that are announced, and not in force yet."""
    return tuple(one.number for one in rules.announced(now) if one.effective_from > now and not one.withdrawn_at)


def all_of_them() -> Iterator[Interpretation]:
    """The register, the newest first."""
    return _newest()


def to_review(number: int) -> list[Interpretation]:
    """Those that are to be looked at with a version, the newest first: all of the register is read."""
    return [one for one in _newest() if one.standing(number) == "to_review"]


def count_to_review(now: datetime) -> int:
    """How many of the newest `MOST_TO_CITE` are to be looked at again: one round trip."""
    number = latest(now)
    return sum(one.standing(number) == "to_review" for one in islice(_newest(), MOST_TO_CITE))


# ---- reports that cite them ------------------------------------------------------------------------------------------

MOST_TO_CITE = 100
"""So many of the newest are offered; any that was ever given can be cited by its number."""


def to_cite() -> list[Interpretation]:
    """Those that hold, the newest first: one round trip."""
    return [one for one in islice(_newest(), MOST_TO_CITE) if not one.ended]


def cited_by(report: submissions.InvestigationReport) -> Callable[[Case[Any]], tuple[()]]:
    """What is looked at before a report is saved: that what it cites is there. One round trip, none if it cites
    nothing. It raises Invalid."""

    def known(case: Case[Any]) -> tuple[()]:
        there = _all(report.interpretations) if report.interpretations else {}
        faults = [
            FieldFault(f"interpretations.{index}", "unknown_interpretation")
            for index, number in enumerate(report.interpretations)
            if number not in there
        ]
        if faults:
            raise Invalid(faults)
        return ()

    return known


# ---- who is told -----------------------------------------------------------------------------------------------------


def tell_of_announcement(entry: Entry, now: datetime) -> None:
    """Customer service is told, once for each version of the rules that is announced, if any is to be looked at."""
    event = entry.event
    if isinstance(event, AmendmentAnnounced) and event.document == "rules":
        tell_of_version(event.number, now)


def tell_of_version(number: int, now: datetime) -> None:
    """The same of a version by its number."""
    if to_review(latest_now(now)):
        awake = rules.in_force(now).waking(now, earlier=False)
        outbox.queue(NoticeKey(HOUSE_RECORD, number, Role.CUSTOMER_SERVICE, TO_REVIEW), now, awake)
