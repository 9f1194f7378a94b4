"""What a quarter's lines say of each member of staff (6.2), beside what the same cases come to in the house's hands.

*Closures* are those whose last planning stage the person held; merged ones are in none. *Satisfied*: answers to surveys
of these closures with an overall mark of 4 or 5. *Right first time*: closed with a plan, satisfied in round 1, and not
reopened in 30 days. *Objections*: to plans made in a planning stage that the person held, among their answers; those
by which nobody answered are none. *Breaches*: due times that the person held and that were missed; void ones are none,
and none that was decided not to be theirs to answer for (8.3). *Acceptances*: that the person recorded for a caller.
*Low answers* were looked into by somebody else; only conduct counts for the person. *Findings*: of audits, that it was
decided in the quarter, for good, are theirs to answer for; while it is not decided nothing is held against anybody.

A person's cases are not anybody's. So what went wrong is compared with what is expected of the same cases: the house's
rate in each kind of case (category × danger × plan rejects × later round), the person left out. Right first time is
compared in round 1 alone, since a later round never is. Kinds that nobody else had are not compared. What was observed
and is expected stand with the exact limits of Poisson's distribution (95 %); these are named only where at least 5 are
expected, at least 30 compared, and the limits leave 1 out. No rate stands of fewer than 10. Nobody is ranked, and
nothing follows from a figure by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from pydantic import Field

from chalicelib.domain.complaint.hearings import Hearing
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.supervision import limits, lines
from chalicelib.domain.supervision.counting import REOPENED_WITHIN, SATISFIED_FROM
from chalicelib.domain.supervision.lines import Line
from chalicelib.domain.supervision.quarters import Quarter
from chalicelib.domain.supervision.ratios import share, wilson
from chalicelib.domain.vocabulary.terms import Outcome

RATES_FROM = 10
"""Of fewer than so many no rate is said."""
FLAGGED_FROM, EXPECTED_FROM = 30, 5.0
"""A comparison is pointed out only of so many cases, of which so many are expected to go wrong."""
CHANGED_WITHIN = timedelta(days=2)
"""An answer to a survey is changed for half a day, and no more after that."""
Item = Literal[
    "closures", "satisfied", "right_first_time", "objections", "breaches", "acceptances", "low_answers", "findings"
]
UNREVIEWED = "unreviewed"
KINDS = ("closed", "answer", "missed", "heard", "survey", "reopened")
"""The kinds of lines that are read of the quarter's days."""
RIPENING = ("answer", "heard", "survey", "reopened")
"""And of those after it."""


class Case(NamedTuple):
    """A kind of case."""

    category: str
    danger: bool
    rejects: bool
    later: bool


class Compared(Model):
    """What went wrong (`observed`) of so many comparable cases (`n`), and what is expected of the same; `left_out`: of
    so many others nobody else had the like. `ratio`, `low`, `high`: observed ÷ expected, and its limits; None of fewer
    than 10. `flag`: it is more, or fewer, than chance explains."""

    n: int
    left_out: int
    observed: int
    expected: float
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    flag: Literal["more", "fewer"] | None = None


class Said(Model):
    """One item of a sheet: `count` of `n`. `rate`, `low`, `high`: None of fewer than 10; the last two are its 95 %
    interval. `by`: of each class or clock, how many. `cases`: the complaints that are counted, of what went wrong; of
    findings their names."""

    item: Item
    n: int
    count: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    by: Mapping[str, int] = Field(default_factory=dict)
    compared: Compared | None = None
    cases: tuple[str, ...] = ()


class Appraisal(Model):
    """A sheet as it was computed; it never changes. `as_of`: the last day that was read."""

    sheet_id: str
    person: str
    quarter: str
    first: date
    last: date
    as_of: date
    computed_at: Instant
    items: tuple[Said, ...]

    def item(self, name: Item) -> Said:
        return next(one for one in self.items if one.item == name)


# ---- what is counted -------------------------------------------------------------------------------------------------

Measure = Literal["satisfied", "right_first_time", "objections"]
"""What is compared; of each is counted what went wrong."""
MEASURES: tuple[Measure, ...] = get_args(Measure)


@dataclass
class Counted:
    """Cases, and those of them that went wrong."""

    n: int = 0
    wrong: int = 0


@dataclass
class Person:
    """What is counted of one person. `raw`: all of a measure, whether it is compared or not; `cases`: by item."""

    closures: int = 0
    raw: dict[Measure, Counted] = field(default_factory=lambda: {name: Counted() for name in MEASURES})
    missed: list[tuple[str, int | None, str]] = field(default_factory=list)
    low: Counter[str] = field(default_factory=Counter)
    acceptances: int = 0
    cases: dict[Item, list[str]] = field(default_factory=lambda: defaultdict(list))


class Tally:
    """A quarter's lines, added up in any order of those of a day, days in their order. It holds no line of a closure:
    counts by person and kind of case, the ids of what went wrong, what was decided of breaches, and the answers of two
    days, which may be changed."""

    def __init__(self, quarter: Quarter) -> None:
        self.quarter = quarter
        self.people: dict[str, Person] = defaultdict(Person)
        self._cases: dict[Measure, dict[Case, dict[str, Counted]]] = {name: {} for name in MEASURES}
        self._answers: dict[tuple[str, int], lines.Surveyed] = {}
        self._decided: dict[tuple[str, int], lines.Heard] = {}

    def add(self, of_day: Iterable[Line]) -> None:
        """The lines of a day. Of an answer and its change, which may come in any order, the later counts."""
        for line in of_day:
            match line:
                case lines.Closed():
                    self._closed(line)
                case lines.Answered():
                    self._answered(line)
                case lines.Reopened():
                    self._reopened(line)
                case lines.Missed():
                    self._missed(line)
                case lines.Heard():
                    before = self._decided.get((line.id, line.number))
                    if before is None or before.seq < line.seq:
                        self._decided[line.id, line.number] = line
                case lines.Surveyed() if line.closed_day in self.quarter:
                    self._surveyed(line)
                case _:
                    pass

    def _count(self, measure: Measure, who: str | None, case: Case, n: int, wrong: int) -> None:
        known = self._cases[measure].setdefault(case, {}).setdefault(who or "", Counted())
        known.n, known.wrong = known.n + n, known.wrong + wrong

    def _raw(self, measure: Measure, who: str | None, line: Line, n: int, wrong: int) -> None:
        if not who:
            return
        person = self.people[who]
        raw, ids = person.raw[measure], person.cases[measure]
        raw.n, raw.wrong = raw.n + n, raw.wrong + wrong
        if wrong > 0:
            ids.append(line.id)
        elif wrong < 0 and line.id in ids:
            ids.remove(line.id)

    def _closed(self, line: lines.Closed) -> None:
        if line.day not in self.quarter or not line.is_rated:
            return
        if line.planner:
            self.people[line.planner].closures += 1
        if not line.with_plan:
            return
        wrong = int(line.round > 1 or line.outcome is not Outcome.SATISFIED)
        self._raw("right_first_time", line.planner, line, 1, wrong)
        if line.round == 1:
            self._count("right_first_time", line.planner, _case(line, line.category, later=False), 1, wrong)

    def _reopened(self, line: lines.Reopened) -> None:
        """Of those that had been right: a closure that had not is counted already."""
        held = line.closed_day in self.quarter and (line.day - line.closed_day).days <= REOPENED_WITHIN
        if held and line.with_plan and line.after is Outcome.SATISFIED and line.round == 1:
            self._raw("right_first_time", line.planner, line, 0, 1)
            self._count("right_first_time", line.planner, _case(line, line.category, later=False), 0, 1)

    def _answered(self, line: lines.Answered) -> None:
        if (line.for_day or line.day) not in self.quarter or line.answer == "lapsed":
            return
        objects = line.sign * int(line.answer != "accepted")
        if line.category:
            case = _case(line, line.category, later=line.round > 1)
            self._raw("objections", line.planner, line, line.sign, objects)
            self._count("objections", line.planner, case, line.sign, objects)
        if line.answer == "accepted" and line.recorded_by:
            person = self.people[line.recorded_by]
            person.acceptances += line.sign
            _listed(person.cases["acceptances"], line.id, line.sign)

    def _missed(self, line: lines.Missed) -> None:
        held = line.day in self.quarter and line.for_day is None and not line.void
        if held and line.held_by not in STAFF:
            self.people[line.held_by].missed.append((line.id, line.number, line.ladder))

    def _surveyed(self, line: lines.Surveyed) -> None:
        if line.what == "reviewed" and line.planner and line.fault:
            low = self.people[line.planner]
            low.low[line.fault] += 1
            low.low[UNREVIEWED] -= 1
        if line.what != "answered" or line.overall is None:
            return
        before = self._answers.get((line.id, line.closure))
        if before and before.seq > line.seq:
            return
        self._answers = {key: one for key, one in self._answers.items() if line.at - one.at < CHANGED_WITHIN}
        self._answers[line.id, line.closure] = line
        if before:
            self._marked(before, -1)
        self._marked(line, 1)

    def _marked(self, line: lines.Surveyed, sign: Literal[-1, 1]) -> None:
        case = _case(line, line.category, later=line.later_round)
        wrong = sign * int((line.overall or 0) < SATISFIED_FROM)
        self._count("satisfied", line.planner, case, sign, wrong)
        if line.planner:
            person = self.people[line.planner]
            raw = person.raw["satisfied"]
            raw.n, raw.wrong = raw.n + sign, raw.wrong + wrong
            if line.is_low:
                person.low[UNREVIEWED] += sign
                _listed(person.cases["low_answers"], line.id, sign)

    # ---- what that comes to ----------------------------------------------------------------------------------------

    def of(self, who: str, findings: Iterable[str] = ()) -> tuple[Said, ...]:
        """The items of a person's sheet."""
        person = self.people[who]
        missed = [(name, ladder) for name, number, ladder in person.missed if self._is_theirs(name, number)]
        ladders = Counter(ladder for _, ladder in sorted(missed))
        breaches = tuple(sorted(name for name, _ in missed))
        low = {name: count for name, count in sorted(person.low.items()) if count > 0}
        named = tuple(findings)
        return (
            Said(item="closures", n=person.closures, count=person.closures),
            self._rated("satisfied", who, person),
            self._rated("right_first_time", who, person),
            self._rated("objections", who, person),
            Said(item="breaches", n=len(missed), count=len(missed), by=dict(sorted(ladders.items())), cases=breaches),
            _plain("acceptances", person.acceptances, person, {}),
            _plain("low_answers", sum(low.values()), person, low),
            Said(item="findings", n=len(named), count=len(named), cases=named),
        )

    def _is_theirs(self, name: str, number: int | None) -> bool:
        """Not if the last decision says that nobody has to answer for it."""
        decided = self._decided.get((name, number)) if number else None
        return decided is None or decided.measure != "not_attributable"

    def _rated(self, measure: Measure, who: str, person: Person) -> Said:
        raw = person.raw[measure]
        count = raw.wrong if measure == "objections" else raw.n - raw.wrong
        shown = raw.n >= RATES_FROM
        low, high = wilson(count, raw.n) if shown else (None, None)
        cases = () if measure == "satisfied" else tuple(sorted(person.cases[measure]))
        return Said(
            item=measure,
            n=raw.n,
            count=count,
            rate=share(count, raw.n, RATES_FROM),
            low=low,
            high=high,
            compared=compared(self._cases[measure], who),
            cases=cases,
        )


def compared(cases: Mapping[Case, Mapping[str, Counted]], who: str) -> Compared:
    """What went wrong in somebody's hands, and what is expected of the same cases by what became of others'."""
    n = observed = left_out = 0
    expected = 0.0
    for case in sorted(cases):
        own = cases[case].get(who)
        if own is None:
            continue
        others = sum(one.n for name, one in cases[case].items() if name != who)
        if others <= 0:
            left_out += own.n
            continue
        wrong = sum(one.wrong for name, one in cases[case].items() if name != who)
        n, observed = n + own.n, observed + own.wrong
        expected += own.n * wrong / others
    known = {"n": n, "left_out": left_out, "observed": observed, "expected": expected}
    if n < RATES_FROM or expected <= 0:
        return Compared(**known)
    between = limits.observed_to_expected(observed, expected)
    flag: Literal["more", "fewer"] | None = None
    if n >= FLAGGED_FROM and expected >= EXPECTED_FROM and between.exclude(1):
        flag = "more" if between.low > 1 else "fewer"
    return Compared(**known, ratio=observed / expected, low=between.low, high=between.high, flag=flag)


def is_answered_for(hearing: Hearing, quarter: Quarter, zone: ZoneInfo) -> bool:
    """Whether it was decided in the quarter, for good, that somebody answers for what a hearing is about (8.3). By the
    25th working day after it every time to object and to decide again is over; what is decided later than that counts
    in the quarter of that decision."""
    if hearing.stage != "final" or hearing.measure in (None, "not_attributable"):
        return False
    return hearing.decisions[-1].at.astimezone(zone).date() in quarter


def quarter_days(quarter: Quarter, as_of: date) -> Iterator[tuple[date, tuple[str, ...]]]:
    """The days that are read, each with the kinds of its lines."""
    for number in range((as_of - quarter.first).days + 1):
        day = quarter.first + timedelta(days=number)
        yield day, KINDS if day in quarter else RIPENING


def _case(line: lines.Closed | lines.Answered | lines.Reopened | lines.Surveyed, category: str, *, later: bool) -> Case:
    return Case(category, line.tier is not None, bool(line.rejects), later)


def _plain(item: Item, count: int, person: Person, by: Mapping[str, int]) -> Said:
    return Said(item=item, n=count, count=count, by=by, cases=tuple(sorted(person.cases[item])))


def _listed(ids: list[str], one: str, sign: int) -> None:
    if sign > 0:
        ids.append(one)
    elif one in ids:
        ids.remove(one)
