"""What staff did lately (6.2), as far as the training list goes by it: the last answers of consumers to their work, due
times missed while they had a complaint, and how many of each there were by day.

It is added up from lines, a day at a time, by each member of staff: no list of people is in any order but by name, and
nobody is compared with anybody. A day that is read again takes the place of what was known of it. What is older than
`KEPT` is forgotten: it says nothing of how somebody works now. A complaint that was merged counts for nobody.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.supervision.lines import Line, Missed, Surveyed
from chalicelib.domain.vocabulary import terms

LAST_ANSWERS = 20
MONTH = timedelta(days=30)
KEPT = timedelta(days=92)
_ROLES = frozenset(Role)


class Answer(Model):
    """An answer of a consumer to the `closure`-th closure of complaint `id`, of the day `day`. `fault`: what a low one
    was about, once somebody has looked into it."""

    id: str
    closure: int
    day: date
    at: Instant
    fault: terms.Fault | None = None


class MissedTime(Model):
    """A due time of complaint `id` that was missed; `seq`: the entry that says so."""

    id: str
    seq: int
    day: date
    at: Instant
    ladder: str
    due_at: Instant


class Counted(Model):
    """How many answers there were, how many low ones were found to be about conduct, how many due times missed."""

    answers: int = 0
    conduct: int = 0
    missed: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        both = zip(self.model_dump().items(), other.model_dump().values(), strict=True)
        return Counted(**{name: one + more for (name, one), more in both})


class Work(Model):
    """Of one member of staff: the last answers, the oldest first; what was missed within a month; what each day had."""

    answers: tuple[Answer, ...] = ()
    missed: tuple[MissedTime, ...] = ()
    days: Mapping[date, Counted] = {}

    def between(self, first: date, last: date) -> Counted:
        """What the days from one to another had together."""
        return sum((one for day, one in self.days.items() if first <= day <= last), Counted())


class Recent(Model):
    """By name, what everybody did; `up_to`: the last day that was read."""

    up_to: date | None = None
    people: Mapping[str, Work] = {}

    def of(self, person: str) -> Work:
        return self.people.get(person, Work())


class _Found(NamedTuple):
    """What the lines of a day say of one person."""

    answers: dict[tuple[str, int], Answer]
    voided: set[tuple[str, int]]
    faults: dict[tuple[str, int], terms.Fault]
    missed: list[MissedTime]


def read(known: Recent, day: date, lines: Iterable[Line]) -> Recent:
    """What is known after a day of which these are the lines."""
    found: dict[str, _Found] = {}
    for line in sorted(lines, key=lambda one: (one.at, one.id, one.seq)):
        if (person := _whose(line)) and line.for_day is None:
            _take(found.setdefault(person, _Found({}, set(), {}, [])), line)
    names = sorted({*known.people, *found})
    people = {name: _after(known.of(name), found.get(name), day) for name in names}
    up_to = max(day, known.up_to or day)
    return Recent(up_to=up_to, people={name: one for name, one in people.items() if one != Work()})


def _whose(line: Line) -> str | None:
    match line:
        case Surveyed():
            return line.planner
        case Missed() if not line.void and not line.merged and line.held_by not in _ROLES:
            return line.held_by
    return None


def _take(found: _Found, line: Line) -> None:
    if isinstance(line, Missed):
        found.missed.append(
            MissedTime(id=line.id, seq=line.seq, day=line.day, at=line.at, ladder=line.ladder, due_at=line.due_at)
        )
    if not isinstance(line, Surveyed):
        return
    key = line.id, line.closure
    if line.what == "answered":
        found.answers[key] = Answer(id=line.id, closure=line.closure, day=line.day, at=line.at)
    if line.what == "voided":
        found.voided.add(key)
    if line.what == "reviewed" and line.fault:
        found.faults[key] = line.fault


def _after(known: Work, found: _Found | None, day: date) -> Work:
    """A person's work after a day, of which nothing was known, or all of it is said anew."""
    found = found or _Found({}, set(), {}, [])
    answers = {(one.id, one.closure): one for one in known.answers} | {
        key: one.model_copy(update={"fault": _fault_of(known, key)}) for key, one in found.answers.items()
    }
    answers = {key: one for key, one in answers.items() if key not in found.voided}
    answers |= {
        key: answers[key].model_copy(update={"fault": fault}) for key, fault in found.faults.items() if key in answers
    }
    last = sorted(answers.values(), key=lambda one: (one.at, one.id, one.closure))
    of_day = Counted(
        answers=len(found.answers),
        conduct=sum(fault == "conduct" for fault in found.faults.values()),
        missed=len(found.missed),
    )
    days = {one: counted for one, counted in known.days.items() if one != day} | {day: of_day}
    missed = [one for one in known.missed if one.day != day] + found.missed
    return Work(
        answers=tuple(one for one in last if one.day > day - KEPT)[-LAST_ANSWERS:],
        missed=tuple(sorted((one for one in missed if one.day > day - MONTH), key=lambda one: (one.at, one.id))),
        days={one: days[one] for one in sorted(days) if one > day - KEPT and days[one] != Counted()},
    )


def _fault_of(known: Work, key: tuple[str, int]) -> terms.Fault | None:
    return next((one.fault for one in known.answers if (one.id, one.closure) == key), None)


def first_to_read(known: Recent, begun: date, yesterday: date, again: int) -> date:
    """From which day on lines are to be read: those that were not, and the last ones again, of which some may have come
    late. Where nothing was ever read: a month back, or from when the house had `begun`."""
    if known.up_to is None:
        return max(begun, yesterday - MONTH)
    return min(yesterday, known.up_to + timedelta(days=1)) - timedelta(days=again)


def since(moment: datetime | None, at: datetime) -> bool:
    """Whether something came after a moment, if there was one."""
    return moment is None or at > moment
