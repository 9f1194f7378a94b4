"""Training (6.2): who is to learn what, by rules that hold for everybody, with what gave rise to it.

It is no judgement and has no consequence: what is done is a talk, a course, reading. Whoever it is about sees it first,
is told when it is given, and says that it is done; a supervisor, who is another person, confirms that. Sixty days later
what was counted in the sixty days before stands beside what was counted since, and nothing follows from that by itself.

One training on a topic at a time: what gives rise to another while one is open is answered by that one, and what came
before the last one was done gives rise to none.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, get_args

from pydantic import Field

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.errors import FieldFault, Forbidden, Invalid, NotAllowed
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import HOUSE, Actor, Role
from chalicelib.domain.ground.text import Text, Typed
from chalicelib.domain.policy.policies import INSTANT, Policy
from chalicelib.domain.supervision.recent import Answer, Counted, MissedTime, Recent, Work, since

Topic = Literal["conduct", "deadlines", "accountability", "policy", "newcomer"]
"""How one talks with consumers; how one keeps due times; what a hearing decided (8.3); the policy (8.2); the first
thirty days."""
TOPICS: tuple[Topic, ...] = get_args(Topic)
States = Literal["given", "done", "confirmed"]
Step = Literal["complete", "confirm"]
"""The person says that it is done; a supervisor, who is another, confirms it."""
CONFIRMERS = frozenset({Role.SUPERVISOR})
LOW_ANSWERS = MISSED_TIMES = 2
DUE_WORKING_DAYS = 20
NEW_FOR = timedelta(days=30)
SUPERVISED = 3
MEASURED = timedelta(days=60)
REMINDED = (3, 1)
"""So many working days before it is due."""


class Evidence(Model):
    """What gave rise to it. `of`: the complaint, "audit_2026Q4-1", or the number of a version; `number`: which hearing,
    breach, finding or closure of it; `at`: when that was."""

    what: Literal["low_answer", "missed", "hearing", "version_unread", "quiz_failed", "joined"]
    of: str = ""
    number: int | None = None
    at: Instant


class Effect(Model):
    """What was counted in the sixty days after it was done; `first`, `last`: days in China."""

    first: date
    last: date
    counted: Counted
    studied: bool | None = None


class Training(Model):
    """A training. `id`: the topic and the day, or what decided it; `before`: what was counted in the sixty days before
    it was given, None until the next morning; `complaints`: closures that were supervised."""

    person: str
    id: str
    topic: Topic
    given_at: Instant
    due_at: Instant
    provisional: bool = False
    evidence: tuple[Evidence, ...]
    before: Counted | None = None
    done_at: Instant | None = None
    done_by: str | None = None
    note: Typed | None = None
    confirmed_at: Instant | None = None
    confirmed_by: str | None = None
    remark: Typed | None = None
    complaints: tuple[str, ...] = ()
    effect: Effect | None = None
    edition: int = 1

    @property
    def state(self) -> States:
        return "confirmed" if self.confirmed_at else "done" if self.done_at else "given"

    def is_late(self, now: datetime) -> bool:
        return not self.done_at and self.due_at <= now


class Completion(Body):
    """It has been done, says whoever it is for; or a supervisor confirms it. `complaints`: three closures of a newcomer
    that were supervised, by whoever confirms it."""

    note: Annotated[str, Text(2000, lines=True)]
    complaints: tuple[Annotated[str, Text(32)], ...] = Field((), max_length=10)


# ---- what gives rise to one ------------------------------------------------------------------------------------------


def given(person: str, topic: Topic, of: str, evidence: Iterable[Evidence], now: datetime, policy: Policy) -> Training:
    """It is due at the end of the 20th working day after this one. `of`: what makes its id one of a kind."""
    due = policy.after_working_days(now, DUE_WORKING_DAYS)
    return Training(
        person=person,
        id=f"{topic}-{of}",
        topic=topic,
        given_at=now,
        due_at=due.at,
        provisional=due.provisional,
        evidence=tuple(evidence),
    )


def looked_back(one: Training, recent: Recent, policy: Policy) -> Training:
    """With what was counted in the sixty days before it was given."""
    day = one.given_at.astimezone(policy.zone).date()
    before = recent.of(one.person).between(day - MEASURED, day - timedelta(days=1))
    return _next(one, before=before)


def may_be_given(known: Iterable[Training], topic: Topic) -> bool:
    """Whether there is none on the topic that is still to be done."""
    return not any(one.topic == topic and not one.done_at for one in known)


def last_done(known: Iterable[Training], topic: Topic) -> datetime | None:
    return max((one.done_at for one in known if one.topic == topic and one.done_at), default=None)


def of_conduct(work: Work, known: Sequence[Training]) -> list[Answer]:
    """Of the last twenty answers those that were low by how somebody behaved; none where it was fewer than two."""
    done = last_done(known, "conduct")
    low = [one for one in work.answers if one.fault == "conduct" and since(done, one.at)]
    return low if len(low) >= LOW_ANSWERS and may_be_given(known, "conduct") else []


def of_deadlines(work: Work, known: Sequence[Training]) -> list[MissedTime]:
    """What was missed within a month while they had it; none where it was fewer than two."""
    done = last_done(known, "deadlines")
    missed = [one for one in work.missed if since(done, one.due_at)]
    return missed if len(missed) >= MISSED_TIMES and may_be_given(known, "deadlines") else []


def still_held_as(one: MissedTime, complaint: Complaint, person: str) -> int | None:
    """Which breach of the complaint it is, from 1 as its hearing counts; None where it does not stand as it was lined:
    the calendar may have been corrected since."""
    for number, breach in enumerate(complaint.breaches, 1):
        if breach.held_by == person and breach.due_at == one.due_at and not breach.void:
            return number
    return None


def is_new(since: datetime, listed_since: datetime, now: datetime) -> bool:
    """Whether somebody came here, or into customer service, less than thirty days ago. Who was here when the list began
    (`listed_since`) is no newcomer."""
    return listed_since < since and now - since < NEW_FOR


# ---- what becomes of it ----------------------------------------------------------------------------------------------


def may_complete(person: str, actor: Actor) -> None:
    """Whoever it is for, and supervisors. Raises Forbidden, whether or not there is such a training."""
    if actor.id != person and not actor.roles & CONFIRMERS:
        raise Forbidden("training_of_another")


def refused(one: Training, actor: Actor) -> NotAllowed | None:
    """Why nothing is to be said of it now by whoever it is for, or whoever confirms it; what is studied is confirmed by
    its quiz."""
    if one.topic == "policy":
        return NotAllowed("training_by_quiz", [], version=one.evidence[0].of)
    if one.done_at and actor.id == one.person:
        return NotAllowed("training_done", [])
    return NotAllowed("training_confirmed", []) if one.confirmed_at else None


def open_to(one: Training, actor: Actor) -> Step | None:
    """What somebody may do about it now: say that it is done, or confirm it."""
    if refused(one, actor):
        return None
    if actor.id == one.person:
        return "complete"
    return "confirm" if actor.roles & CONFIRMERS else None


def completed(one: Training, handed_in: Completion, actor: Actor, now: datetime) -> Training:
    """It is done, says the person, or a supervisor, who thereby confirms it. Whose the closures are the caller knows.

    Raises Forbidden, NotAllowed, Invalid.
    """
    may_complete(one.person, actor)
    own = actor.id == one.person
    if refusal := refused(one, actor):
        raise refusal
    if not own and one.topic == "newcomer" and len(set(handed_in.complaints)) < SUPERVISED:
        raise Invalid([FieldFault("complaints", "too_few_closures", {"least": SUPERVISED})])
    if own and handed_in.complaints:
        raise Invalid([FieldFault("complaints", "by_supervisor")])
    said: dict[str, object] = {} if one.done_at else {"done_at": now, "done_by": actor.id}
    if own:
        return _next(one, **said, note=handed_in.note)
    confirmed = {"confirmed_at": now, "confirmed_by": actor.id, "remark": handed_in.note}
    return _next(one, **said, **confirmed, complaints=tuple(dict.fromkeys(handed_in.complaints)))


def studied(one: Training, at: datetime) -> Training:
    """The quiz was passed, which is all there was to do and to confirm."""
    by = HOUSE.id
    return _next(one, done_at=at, done_by=by, confirmed_at=at, confirmed_by=by)


def is_to_be_measured(one: Training, recent: Recent, policy: Policy) -> bool:
    """Whether the sixty days after it are over, and all of them were read."""
    if one.done_at is None or one.effect or recent.up_to is None:
        return False
    return recent.up_to >= _measured_until(one.done_at, policy)


def measured(one: Training, recent: Recent, policy: Policy, *, studied: bool | None = None) -> Training:
    """With what was counted since; `studied`: of one about the policy, whether the version in force is."""
    assert one.done_at  # noqa: S101 — `is_to_be_measured`
    first, last = one.done_at.astimezone(policy.zone).date() + timedelta(days=1), _measured_until(one.done_at, policy)
    return _next(
        one, effect=Effect(first=first, last=last, counted=recent.of(one.person).between(first, last), studied=studied)
    )


def _measured_until(done_at: datetime, policy: Policy) -> date:
    return done_at.astimezone(policy.zone).date() + MEASURED


def recounted(one: Training, policy: Policy) -> Training:
    """Due as the calendar has it now, where it was counted into a year that was not known; itself where nothing is
    different."""
    due = policy.after_working_days(one.given_at, DUE_WORKING_DAYS)
    if one.done_at or not one.provisional or (due.at, due.provisional) == (one.due_at, one.provisional):
        return one
    return _next(one, due_at=due.at, provisional=due.provisional)


def _next(one: Training, **changes: object) -> Training:
    return one.model_copy(update={**changes, "edition": one.edition + 1})


def last_day(one: Training, policy: Policy) -> date:
    return (one.due_at - INSTANT).astimezone(policy.zone).date()
