"""Where complaints become more (6.1): one sum for each product, seller, carrier and cause, week by week.

A cumulative sum adds up by how much each week is above what lies between the usual and too many, and never falls below
zero. So a small rise that stays is found within weeks, and one bad week is no alarm by itself. `make bench` counts how
often that is wrong, and how soon it is right.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from math import log
from typing import Literal, get_args

from pydantic import Field

from chalicelib.domain.ground.model import Model
from chalicelib.domain.supervision import counting
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.supervision.sums import Sum

Watched = Literal["product", "seller", "carrier", "cause"]
WATCHED: tuple[Watched, ...] = get_args(Watched)
Counts = Mapping[Watched, Mapping[str, int]]
"""How many complaints a week had, about what, by its name."""

Named = tuple[Watched, str]
_WATCHED: Mapping[tuple[str, str], Watched] = {
    ("M01", "product"): "product",
    ("M01", "seller"): "seller",
    ("M01", "carrier"): "carrier",
    ("M13", counting.REPORTED): "cause",
}
"""By the measure and the row of it that counts it."""

WEEKS = 26
FROZEN = timedelta(weeks=4)
ALARM = 6.0


class Course(Model):
    """How it has gone with one of them. `counts`: of the weeks before, the latest last; in those not there were none.

    `sum`: above zero since the week of Monday `since`. `usual`: the number a week by which it was added to last; it
    stays for the first weeks of a rise, which does not pass for usual so soon.
    """

    counts: tuple[int, ...] = ()
    sum: float = 0.0
    since: date | None = None
    usual: float = 0.0

    @property
    def is_over(self) -> bool:
        """Nothing is left to know of it."""
        return not self.sum and not any(self.counts)


class Alarm(Model):
    """It has more complaints than usual: `number` since the week of Monday `since`, where `usual` is so many a week.
    `cases`: which, the first first."""

    watched: Watched
    name: str
    since: date
    number: int
    usual: float
    cases: tuple[str, ...] = ()


class Watch(Model):
    """How all of them stand after the week of `monday`, and what was found in it, the greatest first. `weeks`: how
    many were watched so far, up to 26."""

    monday: date
    weeks: int
    courses: Mapping[Watched, Mapping[str, Course]] = Field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()


def counted(sums: Iterable[Sum]) -> Counts:
    """What the sums of a week's days count, whatever day it is of: a carrier is known when the shop has said so."""
    counts: dict[Watched, dict[str, int]] = {watched: {} for watched in WATCHED}
    for one in sums:
        for (_, measure, by, key), (n, _) in one.counts.items():
            if watched := _WATCHED.get((measure, by)):
                counts[watched][key] = counts[watched].get(key, 0) + n
    return counts


def with_cases(alarms: Iterable[Alarm], lines: Iterable[Line]) -> tuple[Alarm, ...]:
    """The alarms with the complaints that are counted in them. `lines`: of all days since the earliest began."""
    wanted: dict[Named, Alarm] = {(one.watched, one.name): one for one in alarms}
    found: dict[Named, dict[str, datetime]] = {name: {} for name in wanted}
    for line in lines:
        for name in _named(line):
            if name in wanted and line.day >= wanted[name].since:
                found[name][line.id] = min(line.at, found[name].get(line.id, line.at))
    return tuple(one.model_copy(update={"cases": _in_order(found[name])}) for name, one in wanted.items())


def _in_order(cases: Mapping[str, datetime]) -> tuple[str, ...]:
    return tuple(sorted(cases, key=lambda case: (cases[case], case)))


def _named(line: Line) -> Iterator[Named]:
    """What a line counts, of what is watched."""
    for _, measure, by, key, _, _ in counting.counts(line):
        if watched := _WATCHED.get((measure, by)):
            yield watched, key


def next_week(before: Watch | None, monday: date, counts: Counts) -> Watch:
    """The week of `monday`, which follows on `before`.

    The usual is counted over as many weeks as were watched at all: else whatever a house has had from its beginning
    would be an alarm for months. What an older house first hears of now had none for 26 weeks.
    """
    weeks = max(1, before.weeks) if before else 1
    courses: dict[Watched, dict[str, Course]] = {}
    alarms: list[Alarm] = []
    for watched in WATCHED:
        known = before.courses.get(watched, {}) if before else {}
        found, courses[watched] = counts.get(watched, {}), {}
        for name in sorted({*known, *found}):
            course = _add(known.get(name, Course()), found.get(name, 0), monday, weeks)
            if course.sum >= ALARM:
                alarms.append(_alarm(watched, name, course, monday))
                course = Course(counts=course.counts)
            if not course.is_over:
                courses[watched][name] = course
    alarms.sort(key=lambda one: (-one.number / one.usual, one.watched, one.name))
    return Watch(
        monday=monday,
        weeks=min(WEEKS, before.weeks + 1) if before else 1,
        courses=courses,
        alarms=tuple(alarms),
    )


def _add(course: Course, count: int, monday: date, weeks: int) -> Course:
    """One week more, whether it alarms or not."""
    frozen = course.since is not None and monday - course.since <= FROZEN
    usual = course.usual if frozen else (sum(course.counts) + 0.5) / weeks
    risen = max(0.0, course.sum + count - _reference(usual))
    return Course(
        counts=(*course.counts, count)[-WEEKS:],
        sum=risen,
        since=(course.since or monday) if risen else None,
        usual=usual,
    )


def _reference(usual: float) -> float:
    """What a week may have and still count as nothing: between the usual and that at which it should be found."""
    too_many = max(3 * usual, usual + 1.5)
    return (too_many - usual) / log(too_many / usual)


def _alarm(watched: Watched, name: str, course: Course, monday: date) -> Alarm:
    since = course.since or monday
    run = (monday - since).days // 7 + 1
    return Alarm(watched=watched, name=name, since=since, number=sum(course.counts[-run:]), usual=course.usual)
