"""The measures M01 to M22 as figures, made of sums (6.1); M18, outside referrals, comes later.

What counts is said in `counting`, what each is called and means in `definitions/`.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from math import fsum
from typing import Protocol, get_args

from chalicelib.domain.ground.worktime import Calendar
from chalicelib.domain.supervision.counting import (
    ALL,
    BANDS,
    FIRST_BAND,
    FIRST_BAND_UP_TO,
    HOUSE_STAGES,
    LAST_BAND,
    MINOR,
    RIPE_AFTER,
    SATISFIED_FROM,
    TAKEN_BACK,
    band,
    china_day,
)
from chalicelib.domain.supervision.figures import Bottleneck, Figure, Measure, Number, Open, Period, Row
from chalicelib.domain.supervision.lines import WAITING_FOR
from chalicelib.domain.supervision.ratios import nearest_rank, percentiles, share, wilson
from chalicelib.domain.supervision.sums import SECONDS, Answer, Sum
from chalicelib.domain.vocabulary.stages import STAGES, Stage
from chalicelib.domain.vocabulary.terms import AskedDepartment

MOST_ROWS = 50
"""Products, sellers and the like are listed from the most frequent, so many of them."""
PER_ORDERS = 10_000
PER_HUNDRED = 100
VITAL = 0.8
TOO_FEW_CAUSES = 20
CSAT_SHOWN_FROM, CSAT_COMPARED_FROM = 10, 30
RESPONSE_FROM, STRATUM_FROM = 0.15, 5
IN_TIME_FROM, GROWN_BY = 0.95, 0.2
BAND_NAMES = (FIRST_BAND, *(name for name, _ in BANDS), LAST_BAND)
Values = dict[str, Number | None]


class Volumes(Protocol):
    """What was sold on a day, all storefronts together."""

    @property
    def orders(self) -> int: ...
    @property
    def by_seller(self) -> Mapping[str, int]: ...


def figures(
    period: Period,
    days: Mapping[date, Sum],
    as_of: date,
    volumes: Mapping[date, Volumes],
    open_items: Iterable[Open],
    calendar: Calendar,
) -> dict[Measure, Figure]:
    """All measures of a period.

    `days`: the sums from the period's first day up to `as_of`, the last day that was read: reopenings after the period
    are those of its closures. `volumes`: of each day whose sales are known. `open_items`: what is open at the end of
    `as_of`. Sums are taken one after the other, so a mapping that reads them when asked holds one at a time.
    """
    known = (days[day] for day in days if period.first <= day <= as_of)
    count = _Counted(period, Sum.total(known, period.first, period.last), as_of, volumes, tuple(open_items), calendar)
    return {measure: count.ripened(measure, figure(count)) for measure, figure in _FIGURES.items()}


class _Counted:
    """What was counted in a period, by measure and row."""

    def __init__(
        self,
        period: Period,
        whole: Sum,
        as_of: date,
        volumes: Mapping[date, Volumes],
        open_items: tuple[Open, ...],
        calendar: Calendar,
    ) -> None:
        self.period, self.as_of, self.volumes, self.open_items, self.calendar = (
            period, as_of, volumes, open_items, calendar,
        )  # fmt: skip
        self.cells: defaultdict[tuple[str, str], dict[str, list[int]]] = defaultdict(dict)
        self.by_day: defaultdict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
        for (day, measure, by, key), (n, hits) in whole.counts.items():
            held = self.cells[measure, by].setdefault(key, [0, 0])
            held[0] += n
            held[1] += hits
            if not by:
                total = self.by_day[measure, day]
                total[0] += n
                total[1] += hits
        self.times: defaultdict[tuple[str, str, str], array[int]] = defaultdict(lambda: array(SECONDS))
        for (_, measure, by, key), times in whole.seconds.items():
            self.times[measure, by, key].extend(times)
        for measure, by, key in [name for name in self.times if name[1].startswith(TAKEN_BACK)]:
            left = Counter(self.times[measure, by[1:], key])
            left.subtract(self.times.pop((measure, by, key)))
            self.times[measure, by[1:], key] = array(SECONDS, left.elements())
        self.answers: tuple[Answer, ...] = tuple(whole.answers.values())

    def of(self, measure: str, by: str = "", key: str = "") -> tuple[int, int]:
        """n and hits of a row."""
        n, hits = self.cells[measure, by].get(key, (0, 0))
        return n, hits

    def n(self, measure: str, by: str = "", key: str = "") -> int:
        return self.of(measure, by, key)[0]

    def all(self, measure: str, by: str, order: Iterable[str] = ()) -> list[tuple[str, int, int]]:
        """The rows of a table: key, n, hits; in the order of keys given, the others by how many they are."""
        first = {key: place for place, key in enumerate(order)}
        rows = [(key, n, hits) for key, (n, hits) in self.cells[measure, by].items() if n or hits]
        return sorted(rows, key=lambda row: (first.get(row[0], len(first)), -row[1], row[0]))

    def top(self, measure: str, by: str, order: Iterable[str] = ()) -> list[tuple[str, int, int]]:
        return self.all(measure, by, order)[:MOST_ROWS]

    def percentiles(self, measure: str, by: str, key: str, *percents: int) -> dict[str, int | None]:
        return percentiles(self.times[measure, by, key], *percents)

    def ripened(self, measure: Measure, figure: Figure) -> Figure:
        """Marked as long as something to come can change it."""
        days = RIPE_AFTER.get(measure)
        if days is None or self.as_of >= self.period.last + timedelta(days=days):
            return figure
        ripe_on = self.period.last + timedelta(days=days + 1)
        return figure.model_copy(update={"ripe": False, "ripe_on": ripe_on})


def _counts(count: _Counted, measure: str, by: str, order: Iterable[str] = ()) -> tuple[Row, ...]:
    """Rows that say how many."""
    return tuple(Row(by=by, key=key, n=n) for key, n, _ in count.top(measure, by, order))


def _shares(count: _Counted, measure: str, by: str, order: Iterable[str] = ()) -> tuple[Row, ...]:
    """Rows that say what share of them it is true of."""
    return tuple(
        Row(by=by, key=key, n=n, values={"share": share(hits, n)}) for key, n, hits in count.top(measure, by, order)
    )


def _share(count: _Counted, measure: str, *by: str, order: Iterable[str] = (), values: Values | None = None) -> Figure:
    """A share of the whole, and that of its rows."""
    n, hits = count.of(measure)
    rows = tuple(row for one in by for row in _shares(count, measure, one, order))
    return Figure(n=n, value=share(hits, n), unit="share", values=values or {}, rows=rows, note=_too_few(n))


def _too_few(n: int, shown_from: int = 5) -> str | None:
    return "too_few" if n < shown_from else None


# ---- what came ---------------------------------------------------------------------------------------------------


def _received(count: _Counted) -> Figure:
    n = count.n("M01")
    by = ("channel", "category", "seller", "carrier", "product", "locale")
    return Figure(n=n, value=n, rows=tuple(row for one in by for row in _counts(count, "M01", one)))


def _per_orders(count: _Counted) -> Figure:
    """Only days whose sales are known are in it, above and below the line. It is ripe when none that came in the period
    is open any more: until then one can still be merged."""
    n = count.n("M02")
    known = [day for day in count.period.days if day in count.volumes]
    orders = sum(count.volumes[day].orders for day in known)
    counted = sum(count.by_day["M02", day][0] for day in known)
    missing = len(count.period.days) - len(known)
    note = "no_volumes" if not orders else "volumes_incomplete" if missing else _too_few(counted)
    value = PER_ORDERS * counted / orders if orders and counted >= 5 else None
    sold: defaultdict[str, int] = defaultdict(int)
    for day in known:
        for seller, number in count.volumes[day].by_seller.items():
            sold[seller] += number
    rows = []
    for seller, of_seller, _ in count.top("M02", "seller"):
        shown = sold[seller] and of_seller >= 5 and not missing
        per = PER_ORDERS * of_seller / sold[seller] if shown else None
        rows.append(
            Row(by="seller", key=seller, n=of_seller, values={"per_10000": per, "orders": sold[seller] or None})
        )
    open_ones = any(count.period.first <= china_day(one.received_at) <= count.period.last for one in count.open_items)
    values: Values = {"orders": orders, "counted": counted, "days_missing": missing}
    return Figure(n=n, value=value, unit="per_10000", values=values, rows=tuple(rows), ripe=not open_ones, note=note)


# ---- in time -----------------------------------------------------------------------------------------------------


def _acknowledged(count: _Counted) -> Figure:
    return _share(count, "M03", "category")


def _stage_times(count: _Counted) -> Figure:
    rows = []
    for key, n, _ in sorted(count.all("M04", "stage"), key=lambda row: _stage_and_round(row[0])):
        values: Values = {}
        for what in ("elapsed", "working"):
            for name, seconds in count.percentiles("M04", what, key, 50, 90, 95).items():
                values[f"{what}_{name}"] = seconds
        rows.append(Row(by="stage", key=key, n=n, values=values))
    return Figure(n=count.n("M04"), unit="seconds", rows=tuple(rows))


def _stage_and_round(key: str) -> tuple[int, int]:
    stage, _, number = key.partition(" ")
    return list(STAGES).index(Stage(stage)), int(number)


def _left_in_time(count: _Counted) -> Figure:
    rows = []
    for stage, n, hits in count.all("M05", "stage", HOUSE_STAGES):
        extended = share(count.of("M05", "_extended", stage)[1], n)
        rows.append(Row(by="stage", key=stage, n=n, values={"share": share(hits, n), "extended": extended}))
    n, hits = count.of("M05")
    values: Values = {"extended": share(count.of("M05", "_extended")[1], n)}
    return Figure(n=n, value=share(hits, n), unit="share", values=values, rows=tuple(rows), note=_too_few(n))


def _ages(count: _Counted) -> Figure:
    n = count.n("M06")
    ages: defaultdict[str, int] = defaultdict(int)
    for one in count.open_items:
        ages[age(one, count.as_of, count.calendar)] += 1
    total = len(count.open_items)
    closed = [
        Row(by="closed", key=name, n=held, values={"share": share(held, n)})
        for name in BAND_NAMES
        for held in [count.n("M06", "closed", name)]
    ]
    still = [Row(by="open", key=name, n=ages[name], values={"share": share(ages[name], total)}) for name in BAND_NAMES]
    return Figure(n=n, values={"open": total}, rows=(*closed, *still))


def age(one: Open, as_of: date, calendar: Calendar) -> str:
    """How old it is at the end of a day: the key of its row in M06."""
    begun = china_day(one.begun_at)
    days = (as_of - begun).days
    working = 0
    for n in range(1, days + 1):
        working += calendar.is_working_day(begun + timedelta(days=n))
        if working > FIRST_BAND_UP_TO:
            break
    return band(working, days)


# ---- how it ended ------------------------------------------------------------------------------------------------


def _right_first_time(count: _Counted) -> Figure:
    return _share(count, "M07", "category")


def _objections(count: _Counted) -> Figure:
    over, lapsed = count.of("M08", "over")
    values: Values = {"lapsed": share(lapsed, over), "lapsed_n": lapsed, "plans_over": over}
    figure = _share(count, "M08", "round", values=values)
    return figure.model_copy(update={"rows": (*figure.rows, *_counts(count, "M08", "answer"))})


def _reopened(count: _Counted) -> Figure:
    return _share(count, "M09", values={"reopened": count.of("M09")[1]})


def _repeats(count: _Counted) -> Figure:
    rows = tuple(row for by in ("by", "product", "seller") for row in _counts(count, "M10", by))
    n, hits = count.of("M10")
    return Figure(
        n=n,
        value=share(hits, n),
        unit="share",
        values={"followed": hits, "repeats": count.n("M10", "repeats")},
        rows=rows,
        note=_too_few(n),
    )


def _upheld(count: _Counted) -> Figure:
    n, hits = count.of("M11")
    undetermined = count.n("M11", "verdict", "undetermined")
    values: Values = {
        "undetermined": undetermined,
        "uncoded": count.n("M11", "_uncoded"),
        "of_all": share(hits, n + undetermined),
    }
    figure = _share(count, "M11", "category", values=values)
    return figure.model_copy(update={"rows": (*_counts(count, "M11", "verdict"), *figure.rows)})


def _granted(count: _Counted) -> Figure:
    kept_of, kept = count.of("M12", "promises")
    values: Values = {
        "uncoded": count.n("M12", "_uncoded"),
        "promises": kept_of,
        "promises_in_time": share(kept, kept_of),
    }
    given = {key: (n, hits) for key, n, hits in count.all("M12", "currency")}
    asked = {key: (n, hits) for key, n, hits in count.all("M12", "_asked")}
    amounts = tuple(
        Row(
            by="currency",
            key=currency,
            n=given.get(currency, (0, 0))[0],
            values={
                "given": given.get(currency, (0, 0))[1] / MINOR,
                "asked": asked.get(currency, (0, 0))[1] / MINOR,
                "asked_n": asked.get(currency, (0, 0))[0],
            },
        )
        for currency in sorted({*given, *asked})
    )
    rows = (
        *_counts(count, "M12", "grants", ("full", "part", "none")), *amounts, *_counts(count, "M12", "asked_given")
    )  # fmt: skip
    n, hits = count.of("M12")
    return Figure(n=n, value=share(hits, n), unit="share", values=values, rows=rows, note=_too_few(n))


def _causes(count: _Counted) -> Figure:
    """From the most frequent; `vital`: those that together come to 80 %."""
    n = count.n("M13")
    shown = n >= TOO_FEW_CAUSES
    rows, so_far = [], 0
    for key, held, _ in count.all("M13", "cause_party"):
        vital = so_far < VITAL * n
        so_far += held
        values: Values = {"share": held / n, "cumulative": so_far / n, "vital": int(vital)}
        rows.append(Row(by="cause_party", key=key, n=held, values=values if shown else dict.fromkeys(values)))
    uncoded = count.n("M13", "_uncoded")
    return Figure(
        n=n, values={"uncoded": uncoded}, rows=tuple(rows), note=_too_few(n, TOO_FEW_CAUSES)
    )  # fmt: skip


# ---- where the time goes -----------------------------------------------------------------------------------------


def _inquiries(count: _Counted) -> Figure:
    investigating = count.of("M14", "_investigation")[1]
    rows = []
    for department, n, answered in count.all("M14", "department", get_args(AskedDepartment)):
        decided, in_time = count.of("M14", "_decided", department)
        waited = count.of("M14", "_investigation", department)[1]
        investigations = count.n("M14", "_investigation")
        values: Values = {
            "answered": answered,
            "in_time": count.n("M14", "_in_time", department),
            "late": count.n("M14", "_late", department),
            "dispensed": count.n("M14", "_dispensed", department),
            "share": share(in_time, decided),
            **count.percentiles("M14", "elapsed", department, 50, 90),
            **{f"working_{k}": v for k, v in count.percentiles("M14", "working", department, 50, 90).items()},
            "of_investigation": waited / investigating if investigating and investigations >= 5 else None,
        }
        rows.append(Row(by="department", key=department, n=n, values=values))
    decided, in_time = count.of("M14", "_decided")
    values = {"decided": decided}
    return Figure(
        n=count.n("M14"), value=share(in_time, decided), unit="share", values=values, rows=tuple(rows),
        note=_too_few(decided),
    )  # fmt: skip


_PLACES = [f"{stage} {waits_for}" for stage in STAGES for waits_for in WAITING_FOR]


def _time_spent(count: _Counted) -> Figure:
    """Of each place, stage and whom it waits for: all the time that the closures spent there, in what share of what
    ended there it was in time."""
    n, total = count.of("M15")
    rows = []
    for place, held, seconds in count.all("M15", "time", _PLACES):
        stage, _, waits_for = place.partition(" ")
        of = place if waits_for == "handler" else waits_for
        decided, in_time = count.of("M15", "_in_time", of)
        values: Values = {
            "seconds": seconds,
            "share": seconds / total if total and n >= 5 else None,
            "in_time": share(in_time, decided) if _is_house_owned(stage, waits_for) else None,
        }
        rows.append(Row(by="time", key=place, n=held, values=values))
    flow = (*_counts(count, "M15", "in", (*STAGES, ALL)), *_counts(count, "M15", "out", (*STAGES, ALL)))
    return Figure(n=n, unit="seconds", values={"seconds": total}, rows=(*rows, *flow), note=_too_few(n))


def _is_house_owned(stage: str, waits_for: str) -> bool:
    return stage in HOUSE_STAGES and waits_for != "consumer"


def bottleneck(now: Mapping[Measure, Figure], before: Mapping[Measure, Figure] | None) -> Bottleneck | None:
    """The largest part of the time that is the house's own, and is late too often or has grown; of two as large the one
    that is late more often. None if there is none, or too few were closed."""
    then = {row.key: row.values.get("share") for row in before["M15"].rows if row.by == "time"} if before else {}
    known_before = before is not None and before["M15"].n >= 5
    candidates = []
    for row in now["M15"].rows:
        part = row.values.get("share") if row.by == "time" else None
        stage, _, waits_for = row.key.partition(" ")
        if part is None or not _is_house_owned(stage, waits_for):
            continue
        in_time, earlier = row.values.get("in_time"), then.get(row.key)
        growth = part / earlier - 1 if earlier else None
        grown = growth > GROWN_BY if growth is not None else known_before
        if (in_time is not None and in_time < IN_TIME_FROM) or grown:
            one = Bottleneck(stage=stage, waits_for=waits_for, share=part, in_time=in_time, growth=growth)
            candidates.append(one)
    return max(candidates, key=lambda one: (one.share, -(1 if one.in_time is None else one.in_time)), default=None)


def _breaches(count: _Counted) -> Figure:
    n, breaches = count.of("M16")
    held = {key: (spans, late) for key, spans, late in count.all("M16", "holder")}
    charged = {key: number for key, number, _ in count.all("M16", "_charged")}
    rows = []
    for holder in sorted({*held, *charged}):
        spans, late = held.get(holder, (0, 0))
        times = sorted(count.times["M16", "late", holder])
        values: Values = {
            "breaches": charged.get(holder, 0),
            "late": late,
            "per_100": PER_HUNDRED * late / spans if spans >= 5 else None,
            "median_late": nearest_rank(times, 50),
        }
        rows.append(Row(by="holder", key=holder, n=spans, values=values))
    values = {
        "breaches": breaches,
        "missed": sum(charged.values()),
        "median_late": nearest_rank(sorted(count.times["M16", "late", ""]), 50),
    }
    return Figure(
        n=n,
        value=PER_HUNDRED * breaches / n if n >= 5 else None,
        unit="per_100",
        values=values,
        rows=(*rows, *_counts(count, "M16", "ladder")),
        note=_too_few(n),
    )


def _extensions(count: _Counted) -> Figure:
    questions, late = count.of("M17", "questions")
    values: Values = {
        "extensions": count.of("M17")[1],
        "questions": questions,
        "questions_late": late,
        "questions_late_share": share(late, questions),
    }
    return _share(count, "M17", "stage", "asked_by", order=HOUSE_STAGES, values=values)


# ---- dangers, satisfaction, notices ------------------------------------------------------------------------------


def _dangers(count: _Counted) -> Figure:
    n = count.n("M19")
    calls, in_time = count.of("M19", "calls")
    values: Values = {
        "called": count.n("M19", "called"),
        "calls_due": calls,
        "called_in_time": share(in_time, calls),
        **{f"to_call_{name}": seconds for name, seconds in count.percentiles("M19", "call", "", 50, 90).items()},
    }
    return Figure(n=n, value=n, values=values, rows=_counts(count, "M19", "tier", ("act", "look", "skin", "privacy")))


def _is_satisfied(answer: Answer) -> bool:
    return (answer.overall or 0) >= SATISFIED_FROM


def _satisfaction(count: _Counted) -> Figure:
    answers = count.answers
    n, satisfied = len(answers), sum(map(_is_satisfied, answers))
    sent, undelivered = count.n("M20", "survey", "sent"), count.n("M20", "survey", "undelivered")
    asked = sent - undelivered
    response = min(1.0, n / asked) if asked >= 5 else None
    closures = {key: held for key, held, _ in count.all("M20", "_stratum")}
    strata: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for answer in answers:
        strata[answer.stratum][0] += 1
        strata[answer.stratum][1] += _is_satisfied(answer)
    answered = sorted(strata.keys() & closures.keys())
    weighed = sum(closures[key] for key in answered)
    shown = n >= CSAT_SHOWN_FROM
    post = (
        fsum(closures[key] * strata[key][1] / strata[key][0] for key in answered) / weighed
        if shown and weighed
        else None
    )
    low, high = wilson(satisfied, n) if shown else (None, None)
    thin = any(strata[key][0] < STRATUM_FROM for key in closures)
    representative = response is not None and response >= RESPONSE_FROM and not thin
    values: Values = {
        "low": low,
        "high": high,
        "answers": n,
        "sent": sent,
        "undelivered": undelivered,
        "response": response,
        "post_stratified": post,
        "solved": share(sum(one.solved == "yes" for one in answers), n, CSAT_SHOWN_FROM),
        "by_phone": sum(one.by_phone for one in answers),
        "comparable": int(n >= CSAT_COMPARED_FROM),
    } | {
        one: share(sum((getattr(answer, one) or 0) >= SATISFIED_FROM for answer in answers), n, CSAT_SHOWN_FROM)
        for one in ("fair", "easy", "informed")
    }
    rows = [
        *_said(answers, "overall", (5, 4, 3, 2, 1)),
        *_said(answers, "solved", ("yes", "partly", "no")),
        *_by(answers, "category"),
        *(
            Row(by="stratum", key=key, n=strata[key][0], values={"closures": closures[key]})
            for key in sorted(closures, key=lambda one: (-closures[one], one))
        ),
        *_counts(count, "M20", "survey", ("sent", "undelivered", "expired", "voided", "spared", "opted_out")),
    ]  # fmt: skip
    note = "too_few" if not shown else None if representative else "not_representative"
    return Figure(n=n, value=satisfied / n if shown else None, unit="share", values=values, rows=tuple(rows), note=note)


def _said(answers: Iterable[Answer], what: str, options: Iterable[int | str]) -> Iterable[Row]:
    for one in options:
        yield Row(by=what, key=str(one), n=sum(getattr(answer, what) == one for answer in answers))


def _by(answers: Iterable[Answer], what: str) -> Iterable[Row]:
    """In the order of names: satisfaction is never ranked."""
    groups: defaultdict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[getattr(answer, what)].append(answer)
    for key, group in sorted(groups.items()):
        n, hits = len(group), sum(map(_is_satisfied, group))
        shown = n >= CSAT_SHOWN_FROM
        low, high = wilson(hits, n) if shown else (None, None)
        yield Row(by=what, key=key, n=n, values={"share": hits / n if shown else None, "low": low, "high": high})


def _undelivered(count: _Counted) -> Figure:
    calls, reached = count.of("M21", "calls")
    n = count.n("M21")
    return Figure(n=n, value=n, values={"arrived": count.n("M21", "arrived"), "calls": calls, "reached": reached})


def _recorded(count: _Counted) -> Figure:
    n, hits = count.of("M22")
    rows = tuple(
        Row(by="person", key=key, n=held, values={"share": share(held, n)})
        for key, held, _ in count.top("M22", "person")
    )
    return Figure(n=n, value=share(hits, n), unit="share", values={"recorded": hits}, rows=rows, note=_too_few(n))


_FIGURES: dict[Measure, Callable[[_Counted], Figure]] = {
    "M01": _received,
    "M02": _per_orders,
    "M03": _acknowledged,
    "M04": _stage_times,
    "M05": _left_in_time,
    "M06": _ages,
    "M07": _right_first_time,
    "M08": _objections,
    "M09": _reopened,
    "M10": _repeats,
    "M11": _upheld,
    "M12": _granted,
    "M13": _causes,
    "M14": _inquiries,
    "M15": _time_spent,
    "M16": _breaches,
    "M17": _extensions,
    "M19": _dangers,
    "M20": _satisfaction,
    "M21": _undelivered,
    "M22": _recorded,
}
