"""How a report speaks: sentences by their keys, numbers with their units, names of what is counted."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast, get_args
from zoneinfo import ZoneInfo

from chalicelib.domain.policy.causes import Cause
from chalicelib.domain.supervision.figures import SHOWN_FROM, Figure, Number, Period, Row
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import languages

if TYPE_CHECKING:
    from markupsafe import Markup

HERE = Path(__file__).parent
MINUTE, HOUR, DAY = 60, 3_600, 86_400
NAMED: Mapping[str, spoken.Names] = {
    "category": spoken.CATEGORIES,
    "stage": spoken.STAFF_STAGES,
    "department": spoken.DEPARTMENTS,
    "remedy": spoken.REMEDIES,
    "ladder": spoken.STAFF_STAGES,
}
"""Names that the house has already; others are words of ours, and what people typed is its own name."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "stage": ("stage", "round"),
    "time": ("stage", "waits_for"),
    "cause_party": ("cause", "party"),
    "asked_given": ("remedy", "remedies"),
    "holder": ("department",),
    "in": ("stage",),
    "out": ("stage",),
    "closed": ("age",),
    "open": ("age",),
    "stratum": ("outcome", "rounds", "punctual"),
}
"""Of what the words of a row's key are, where that is not what it is counted by."""
FLAGS = frozenset({"vital", "comparable"})
UNITS: Mapping[str, frozenset[str]] = {
    "share": frozenset({
        "share", "extended", "lapsed", "of_all", "promises_in_time", "response", "post_stratified", "solved", "fair",
        "easy", "informed", "low", "high", "cumulative", "of_investigation", "called_in_time", "questions_late_share",
        "in_time",
    }),
    "seconds": frozenset({
        "seconds", "p50", "p90", "elapsed_p50", "elapsed_p90", "elapsed_p95", "working_p50", "working_p90",
        "working_p95", "median_late", "to_call_p50", "to_call_p90",
    }),
    "amount": frozenset({"given", "asked"}),
    "rate": frozenset({"per_10000", "per_100"}),
    "flag": FLAGS,
}  # fmt: skip
"""Names of values that are no counts."""
OF_ALL = frozenset({"share", "low", "high", "cumulative", "vital"})
"""Values that every row has which counts enough; the others may be unknown."""
COUNTED_BY: Mapping[str, tuple[str, ...]] = {
    "median_late": ("late", "missed"),
    "to_call_p50": ("called",),
    "to_call_p90": ("called",),
    "called_in_time": ("calls_due",),
    "questions_late_share": ("questions",),
    "promises_in_time": ("promises",),
    "lapsed": ("plans_over",),
}
"""Which other value says of how many a value is, where that is not what its figure or row counts."""
OF_ROWS = {("department", "in_time"): "count"}
"""And where a name is of another unit."""


def unit_of(name: str, by: str = "") -> str:
    return OF_ROWS.get((by, name)) or next((unit for unit, names in UNITS.items() if name in names), "count")


@cache
def words(locale: Locale) -> Mapping[str, str]:
    read: dict[str, str] = json.loads((HERE / "words" / f"{locale}.json").read_text("utf-8"))
    return read


class Reading(NamedTuple):
    """In a language, at the times of a zone; `causes`: the list of the policy."""

    locale: Locale
    zone: str
    causes: Mapping[str, Cause]

    def __call__(self, key: str, /, **values: object) -> "Markup":
        """A sentence. Whatever a value holds, it is text and no markup."""
        from markupsafe import Markup

        return Markup(words(self.locale)[key]).format(**values)  # noqa: S704 — the sentences are ours, format escapes the values

    def knows(self, key: str) -> bool:
        return key in words(self.locale)

    # ---- times -----------------------------------------------------------------------------------------------------

    def time(self, moment: datetime) -> str:
        return spoken.spoken(moment, self.locale, self.zone)

    def day(self, day: date) -> str:
        return spoken.spoken_date(day, self.locale)

    def date(self, moment: datetime) -> str:
        return self.day(moment.astimezone(ZoneInfo(self.zone)).date())

    def period(self, period: Period) -> str:
        """As it is called: a month, half a year; else its days."""
        year = period.first.year
        if period.kind == "monthly":
            month = spoken.MONTHS[period.first.month - 1] if self.locale == "en" else str(period.first.month)
            return self("period.month", year=year, month=month)
        if period.kind == "half_yearly":
            return self(f"period.half.{1 if period.first.month < 7 else 2}", year=year)
        return self.days(period)

    def days(self, period: Period) -> str:
        if period.first == period.last:
            return self.day(period.first)
        return self("period.days", first=self.day(period.first), last=self.day(period.last))

    def short(self, seconds: Number) -> str:
        """How long: in its two largest units, of which the smaller is left out where it is nothing."""
        whole = round(seconds)
        for name, unit, part in (("days", DAY, HOUR), ("hours", HOUR, MINUTE)):
            if whole >= unit:
                rest = whole % unit // part
                return self(f"time.{name}" if rest else f"time.{name}.whole", n=whole // unit, rest=rest)
        return self("time.minutes", n=whole // MINUTE) if whole >= MINUTE else self("time.seconds", n=whole)

    # ---- numbers ---------------------------------------------------------------------------------------------------

    def number(self, value: Number, unit: str) -> str:
        if unit == "share":
            return f"{value:.1%}"
        if unit == "seconds":
            return self.short(value)
        whole = unit == "count" and value == int(value)
        said = f"{value:,.{0 if whole else 2 if unit == 'amount' else 1}f}"
        return self(f"unit.{unit}", value=said) if self.knows(f"unit.{unit}") else said

    def value_of(self, figure: Figure) -> str:
        """The one number of a figure, or why there is none; nothing if no number stands for it."""
        if figure.value is not None:
            return self.number(figure.value, figure.unit)
        if not figure.n:
            return self("figure.none")
        return self("figure.too_few") if figure.note == "too_few" else ""

    def change(self, figure: Figure, other: Figure) -> str:
        """By how much a figure differs from what it was; nothing if one of the two has no number."""
        if figure.value is None or other.value is None:
            return ""
        few = min(figure.n, other.n) < SHOWN_FROM
        if few or 0 in (figure.values.get("comparable"), other.values.get("comparable")):
            return self("overview.not_compared")
        difference = figure.value - other.value
        sign = "+" if difference > 0 else "−"
        if figure.unit == "share":
            points = f"{abs(difference) * 100:.1f}"
            return self("overview.same") if points == "0.0" else self("overview.points", sign=sign, change=points)
        if not other.value:
            return ""
        part = f"{abs(difference / other.value):.0%}"
        return self("overview.same") if part == "0%" else self("overview.percent", sign=sign, change=part)

    def valued(self, name: str, row: Row) -> str:
        """One of a row's values, in its unit; of too few, that they are."""
        few = name in row.values and (0 < row.n < SHOWN_FROM or (name in OF_ALL and row.n > 0))
        return self("few") if few and row.values[name] is None else self.beside(name, row.values, row.by)

    def beside(self, name: str, values: Mapping[str, Number | None], by: str = "") -> str:
        """A value by its name, among others; of too few, that they are."""
        unit, value = unit_of(name, by), values.get(name)
        if value is None:
            return self("few") if any(values.get(counted) for counted in COUNTED_BY.get(name, ())) else "–"
        return self("yes" if value else "no") if unit == "flag" else self.number(value, unit)

    def in_order(self, names: Iterable[str], by: str = "") -> list[str]:
        """Names of values as they are read: what counts first, and then in the order of the words."""
        places = {key: place for place, key in enumerate(words(self.locale))}
        return sorted(names, key=lambda name: (unit_of(name, by) != "count", places.get(f"value.{name}", len(places))))

    # ---- names -----------------------------------------------------------------------------------------------------

    def named(self, row: Row) -> str:
        """What a row counts; where its key is of several words, each by its own name."""
        sorts = KEYS.get(row.by, (row.by,))
        parts = row.key.split(" ", len(sorts) - 1) if len(sorts) > 1 else [row.key]
        return " · ".join(self._named(by, key) for by, key in zip(sorts, parts, strict=False))

    def by(self, by: str) -> str:
        sorts = (by,) if self.knows(f"by.{by}") else KEYS.get(by, (by,))
        return " · ".join(self(f"by.{one}") if self.knows(f"by.{one}") else one for one in sorts)

    def note(self, code: str) -> str:
        return self(f"note.{code}") if self.knows(f"note.{code}") else code

    def column(self, name: str) -> str:
        return self(f"value.{name}") if self.knows(f"value.{name}") else name

    def _named(self, by: str, key: str) -> str:
        """What was typed is its own name; of what is coded the name is a word."""
        if by == "round":
            return self("round", n=key)
        if by == "remedies" and key != "none":
            return "＋".join(self._named("remedy", one) for one in key.split("+"))
        if by == "cause" and key in self.causes:
            return self.causes[key].names[self.locale]
        if by == "locale" and key in get_args(Locale):
            return languages.NATIVE[cast(Locale, key)]
        if key in NAMED.get(by, {}):
            return NAMED[by][key][self.locale]
        if by == "ladder" and key in spoken.SAFETY_TASKS:
            return spoken.SAFETY_TASKS[key][self.locale].format("")
        if by in ("day", "week"):
            return f"{date.fromisoformat(key):%m-%d}"
        return self(f"{by}.{key}") if self.knows(f"{by}.{key}") else key
