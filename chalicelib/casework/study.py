"""Staff study the policy (8.2): who opens a chapter is noted, what they say in the quiz is graded, who passes has
confirmed that version, by its hash.

What is known of a person and a version is one item, which each of these writes once, on condition: nothing is shared,
so a thousand people on one morning are in nobody's way. What the questions are follows from what stands in it: nothing
is written when they are shown.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

from chalicelib.adapters import signing, store, studies
from chalicelib.domain.governance import study as studying
from chalicelib.domain.governance.study import Asked, Confirmation, Study, Try
from chalicelib.domain.ground.errors import Conflict, IdempotencyMismatch, NotAllowed, NotFound, Stale
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.policy import announced
from chalicelib.domain.policy.announced import Announced, States
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.domain.policy.rules import Rules

from . import rules
from .once import ATTEMPTS, Idempotency

Made = TypeVar("Made")
TO_STUDY: tuple[States, ...] = ("in_force", "to_come")


class Shown(NamedTuple):
    """How far somebody has come with a version. `asked`: the questions of their next try, once every chapter is opened
    and a try is left today; none where it is confirmed for their departments, or is not to be studied. `needed`: they
    have to study it, which is due then; what ends before that they may."""

    version: Announced
    needed: bool
    study: Study
    confirmed: Confirmation | None
    due_at: datetime | None
    tries_left: int
    asked: tuple[Asked, ...]


class Taken(NamedTuple):
    """A try, and how many are left today. `replayed`: the request had been answered before."""

    one: Try
    confirmed_at: datetime | None
    tries_left: int
    replayed: bool = False


def shown(number: str, actor: Actor, now: datetime) -> Shown:
    """Raises NotFound for a version that there is not."""
    version = rules.announced_as(number, now)
    return _shown(version, _study(version, actor, now), studies.known(actor.id), actor, now)


def all_shown(actor: Actor, now: datetime) -> list[Shown]:
    """The same of every version that is to be studied. One round trip."""
    versions = to_be_studied(now)
    found, known = studies.of_person(actor.id, [one.number for one in versions])
    return [_shown(one, found.get(one.number) or _unread(one, actor, now), known, actor, now) for one in versions]


def _shown(version: Announced, study: Study, known: studies.Known | None, actor: Actor, now: datetime) -> Shown:
    policy = rules.in_force(now)
    to_study = is_to_be_studied(version, now)
    confirmed = study.confirmed(actor.roles)
    left = max(0, policy.study.tries_a_day - study.tried_today(now, policy.zone))
    ready = to_study and not confirmed and not study.unread and left
    due = studying.due_at(policy, version.announced_at, known.since if known else now)
    needed = to_study and is_needed(version, due, now)
    asked = _asked(version, study, policy, now) if ready else ()
    return Shown(version, needed, study, confirmed, due if known and needed else None, left, asked)


def open_section(number: str, section: str, actor: Actor, now: datetime) -> Announced:
    """Notes that somebody opens a chapter; not of what they need not study, or have. Returns the version.

    Raises NotFound for a version or a chapter that there is not.
    """
    version = rules.announced_as(number, now)
    if section not in SECTIONS:
        raise NotFound("section_unknown")

    def opening() -> None:
        study = _study(version, actor, now)
        if is_to_be_studied(version, now) and not study.confirmed(actor.roles):
            studies.keep(studying.opened(study, section, now), now)

    _persistently(opening)
    return version


def take(
    number: str, answers: Mapping[str, str], actor: Actor, now: datetime, idempotency: Idempotency | None
) -> Taken:
    """Grades a try at the quiz, which confirms the version where it is passed.

    Raises NotFound; NotAllowed for a version that is not to be studied, or is already confirmed, chapters that were
    not opened, and one try more than a day has; Invalid for answers that are none to what was asked.
    """
    version = rules.announced_as(number, now)
    return _persistently(lambda: _take(version, answers, actor, now, idempotency))


def _take(
    version: Announced, answers: Mapping[str, str], actor: Actor, now: datetime, idempotency: Idempotency | None
) -> Taken:
    study, policy = _study(version, actor, now), rules.in_force(now)
    if past := _replayed(idempotency, study, now):
        return _taken(past, study, policy)._replace(replayed=True)
    _may_try(version, study, actor, policy, now)
    asked = _asked(version, study, policy, now)
    right, again = studying.graded(asked, answers)
    passed = studying.passes(right, len(asked), policy.study)
    one = Try(number=study.tried + 1, at=now, asked=len(asked), right=right, again=again, passed=passed)
    departments = tuple(sorted(actor.roles))
    confirmation = Confirmation(at=now, hash=version.hash, departments=departments, number=one.number)
    after = studying.tried(study, one, policy.operating.version, confirmation if passed else None)
    studies.keep(after, now, idempotency)
    return _taken(one, after, policy)


def _may_try(version: Announced, study: Study, actor: Actor, policy: Policy, now: datetime) -> None:
    number = version.number
    if not is_to_be_studied(version, now):
        raise NotAllowed("not_to_be_studied", [], version=number)
    if study.confirmed(actor.roles):
        raise NotAllowed("studied_already", [], version=number)
    if unread := study.unread:
        raise NotAllowed("sections_unread", ["open_section"], sections=unread)
    if study.tried_today(now, policy.zone) >= policy.study.tries_a_day:
        raise NotAllowed("tries_used_up", [], most=policy.study.tries_a_day)


def _replayed(idempotency: Idempotency | None, study: Study, now: datetime) -> Try | None:
    past = store.load_idempotency(idempotency.key) if idempotency else None
    if idempotency is None or past is None or past.expires_at <= now.timestamp():
        return None
    if past.fingerprint != idempotency.fingerprint:
        raise IdempotencyMismatch("key_used")
    return next((one for one in study.tries if one.number == past.first_seq), None)


def _taken(one: Try, study: Study, policy: Policy) -> Taken:
    """As it was just after that try, however many there have been since."""
    then = study.model_copy(update={"tries": tuple(it for it in study.tries if it.number <= one.number)})
    left = max(0, policy.study.tries_a_day - then.tried_today(one.at, policy.zone))
    return Taken(one, one.at if one.passed else None, left)


def _asked(version: Announced, study: Study, policy: Policy, now: datetime) -> tuple[Asked, ...]:
    document, pool = version.document, rules.operating_numbered(study.operating, now).document
    assert isinstance(document, Rules)  # noqa: S101 — what was asked for
    assert isinstance(pool, Operating)  # noqa: S101 — what was asked for
    lot = signing.lot(str(version.number), str(study.tried), study.person)
    return studying.drawn(pool.quiz, document, policy.study.questions, lot)


def _study(version: Announced, actor: Actor, now: datetime) -> Study:
    return studies.of(version.number, actor.id) or _unread(version, actor, now)


def _unread(version: Announced, actor: Actor, now: datetime) -> Study:
    return Study(version=version.number, person=actor.id, operating=rules.in_force(now).operating.version)


def _persistently(doing: Callable[[], Made]) -> Made:
    """Again, where the same person did something else at the same moment."""
    for _ in range(ATTEMPTS):
        try:
            return doing()
        except Stale:
            continue
    raise Conflict("changed_by_others")


# ---- which versions, and who -----------------------------------------------------------------------------------------


def to_be_studied(now: datetime) -> list[Announced]:
    """The version in force and those to come, by number."""
    every = rules.announced(now)
    return [one for one in every if announced.standing(one, every, now).state in TO_STUDY]


def is_to_be_studied(version: Announced, now: datetime) -> bool:
    return version.number in {one.number for one in to_be_studied(now)}


def is_needed(version: Announced, due: datetime, now: datetime) -> bool:
    """Whether a version that may be studied has to be, by whom it is due then."""
    ends = announced.ends_at(version, rules.announced(now))
    return studying.is_needed(version.effective_from, ends, due)


def who_may_be_given_some(people: Collection[str], now: datetime) -> list[str]:
    """Who of customer service may be given a new complaint: where the rules say so, whoever has studied them."""
    policy = rules.in_force(now)
    if not policy.study.unstudied_get_none or not people:
        return list(people)
    confirmed = studies.confirmed(policy.version, people, Role.CUSTOMER_SERVICE)
    return [one for one in people if one in confirmed]
