"""A report's document: the figures of its period, beside those of the period before and of a year before (6.1)."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from chalicelib.domain.ground.chain import canonical
from chalicelib.domain.ground.worktime import Calendar
from chalicelib.domain.supervision import definitions
from chalicelib.domain.supervision.counting import ALL
from chalicelib.domain.supervision.figures import (
    Compared,
    Document,
    Figure,
    Measure,
    Open,
    Period,
    ReportKind,
    Row,
)
from chalicelib.domain.supervision.measures import Volumes, bottleneck, figures
from chalicelib.domain.supervision.sums import Sum
from chalicelib.domain.vocabulary.stages import STAGES

DAY = timedelta(days=1)
HALF = 6


def period_of(kind: ReportKind, day: date) -> Period:
    """The period of a kind that a day is in."""
    if kind == "daily":
        return Period(kind=kind, name=day.isoformat(), first=day, last=day)
    if kind == "weekly":
        first = day - day.weekday() * DAY
        year, week, _ = day.isocalendar()
        return Period(kind=kind, name=f"{year}-W{week:02}", first=first, last=first + 6 * DAY)
    if kind == "monthly":
        return Period(kind=kind, name=f"{day:%Y-%m}", first=day.replace(day=1), last=_next_month(day) - DAY)
    half = 1 if day.month <= HALF else 2
    first, end = date(day.year, HALF * half - HALF + 1, 1), _next_month(date(day.year, HALF * half, 1))
    return Period(kind=kind, name=f"{day.year}-H{half}", first=first, last=end - DAY)


def before(period: Period) -> Period:
    """The period before."""
    return period_of(period.kind, period.first - DAY)


def a_year_before(period: Period) -> Period:
    """The same period a year ago: the week of that number, where there was one, and of 29 February the 28th."""
    if period.kind == "weekly":
        year, week, _ = period.first.isocalendar()
        last_week = date(year - 1, 12, 28).isocalendar().week
        return period_of("weekly", date.fromisocalendar(year - 1, min(week, last_week), 1))
    first = period.first
    day = 28 if (first.month, first.day) == (2, 29) else first.day
    return period_of(period.kind, first.replace(year=first.year - 1, day=day))


def document(
    *,
    report_id: str,
    period: Period,
    edition: int,
    computed_at: datetime,
    as_of: date,
    days: Mapping[date, Sum],
    volumes: Mapping[date, Volumes],
    open_items: Iterable[Open],
    calendar: Calendar,
    sources: Mapping[date, tuple[int, str]],
    cases: Mapping[str, str],
    reason: str | None = None,
) -> Document:
    """What a report says. `days`: the sums of the period, of those it is compared with as far as they are kept, and of
    the days after each up to `as_of`, since what ripens comes then."""
    still_open = tuple(open_items)
    now = figures(period, days, as_of, volumes, still_open, calendar)
    compared = {
        which: (other, figures(other, days, as_of, volumes, still_open, calendar))
        for which, other in (("before", before(period)), ("year_before", a_year_before(period)))
        if any(day in days for day in other.days)
    }
    earlier = compared.get("before")
    return Document(
        report_id=report_id,
        period=period,
        edition=edition,
        reason=reason,
        computed_at=computed_at,
        as_of=as_of,
        definitions=definitions.NUMBER,
        policy_versions=_policy_versions(period, days),
        figures=now,
        bottleneck=bottleneck(now, earlier and earlier[1]),
        charts={
            "flow": _flow(period, days, as_of, still_open),
            "time": tuple(row for row in now["M15"].rows if row.by == "time"),
            "causes": now["M13"].rows,
            "ages": now["M06"].rows,
            "satisfaction": (_satisfied(now["M20"]), *(row for row in now["M20"].rows if row.by == "category")),
        },
        sources=sources,
        cases=cases,
        **{which: _compared(*known) for which, known in compared.items()},
    )


def hash_of(document: Document) -> str:
    """The SHA-256 of its canonical form, in lower-case hexadecimal."""
    return hashlib.sha256(as_bytes(document)).hexdigest()


def as_bytes(document: Document) -> bytes:
    """The canonical form, as it is kept."""
    return canonical(document.model_dump(mode="json"))


def _next_month(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def _compared(period: Period, known: Mapping[Measure, Figure]) -> Compared:
    """Values and n; of what was open then nothing is known."""
    kept = {
        measure: figure.model_copy(
            update={"rows": (), "values": {name: of for name, of in figure.values.items() if name != "open"}}
        )
        for measure, figure in known.items()
    }
    return Compared(period=period, figures=kept)


def _policy_versions(period: Period, days: Mapping[date, Sum]) -> tuple[int, ...]:
    """Under which complaints were received or closed."""
    return tuple(
        sorted(
            {
                int(key)
                for day in days
                if period.first <= day <= period.last
                for (_, measure, _, key) in days[day].counts
                if measure == "policy"
            }
        )
    )


def _satisfied(figure: Figure) -> Row:
    values = {"share": figure.value, "low": figure.values["low"], "high": figure.values["high"]}
    return Row(by="all", key=ALL, n=figure.n, values=values)


def _flow(period: Period, days: Mapping[date, Sum], as_of: date, still_open: tuple[Open, ...]) -> tuple[Row, ...]:
    """Of each day, of all complaints and of each stage: what came, what left, what was in hand at its end.

    That is counted back from what is open at the end of `as_of`.
    """
    moved: dict[tuple[date, str, str], int] = {}
    for day in days:
        if period.first <= day <= as_of:
            for (at, measure, by, key), (n, _) in days[day].counts.items():
                if measure == "M15" and by in ("in", "out"):
                    moved[at, by, key] = moved.get((at, by, key), 0) + n
    in_hand: dict[str, int] = dict.fromkeys((ALL, *(stage for stage, facts in STAGES.items() if facts.open)), 0)
    for one in still_open:
        in_hand[one.stage] += 1
        in_hand[ALL] += 1
    rows: list[Row] = []
    for back in range((as_of - period.first).days + 1):
        day = as_of - back * DAY
        of_day = []
        for where, number in in_hand.items():
            came, left = moved.get((day, "in", where), 0), moved.get((day, "out", where), 0)
            values = {"in": came, "out": left, "in_hand": number}
            of_day.append(Row(by="day", key=f"{day.isoformat()} {where}", n=came, values=values))
            in_hand[where] = number - came + left
        if day <= period.last:
            rows[:0] = of_day
    return tuple(rows)
