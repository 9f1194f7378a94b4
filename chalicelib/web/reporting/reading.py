"""How a report speaks: sentences by their keys, numbers with their units, names of what is counted."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.policy.causes import Cause
from chalicelib.domain.supervision import figures
from chalicelib.domain.supervision.figures import SHOWN_FROM, Figure, Number, Period, Row
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web import languages

if TYPE_CHECKING:
    from markupsafe import Markup

HERE = Path(__file__).parent
DEFINITIONS = Path(figures.__file__).parent / "definitions"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
NAMED: Mapping[str, spoken.Names] = {
    "category": spoken.CATEGORIES,
    "stage": spoken.STAFF_STAGES,
    "department": spoken.DEPARTMENTS,
    "remedy": spoken.REMEDIES,
    "asked": spoken.REMEDIES,
}
"""Names that the house has already; others are words of ours, and what people typed is its own name."""
CODED = {
    "channel",
    "party",
    "verdict",
    "grants",
    "outcome",
    "waits_for",
    "tier",
    "age",
    "ladder",
    "answer",
    "survey",
    "repeat",
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "stage": ("stage", "round"),
    "time": ("stage", "waits_for"),
    "cause_party": ("cause", "party"),
    "asked_given": ("asked", "remedies"),
    "holder": ("department",),
    "asked_by": ("department",),
    "closed": ("age",),
    "ages": ("age",),
    "by": ("repeat",),
    "stratum": ("outcome", "rounds", "punctual"),
}
"""Of what the words of a row's key are, where that is not what it is counted by."""
SECONDS = ("p50", "p90", "p95", "median", "elapsed", "working", "late", "seconds")
COUNTS = ("in", "out", "in_hand", "closed", "open", "count", "n")
AMOUNTS = ("amount",)
"""How the names begin of values that are seconds, and so on; all others are shares."""


def unit_of(name: str) -> str:
    first = name.partition("_")[0]
    if name in COUNTS or first in COUNTS:
        return "count"
    return "seconds" if name in SECONDS or first in SECONDS else "plain" if first in AMOUNTS else "share"


@cache
def words(locale: Locale) -> Mapping[str, str]:
    read: dict[str, str] = json.loads((HERE / "words" / f"{locale}.json").read_text("utf-8"))
    return read


@cache
def definitions(locale: Locale) -> Mapping[str, Mapping[str, str]]:
    """Of each measure its name, what it is and its formula."""
    path = DEFINITIONS / f"{locale}.json"
    if not path.exists():
        return {f"M{n:02}": {"name": f"M{n:02}", "definition": "…", "formula": "…"} for n in range(1, 23)}
    read: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
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
        if period.first == period.last:
            return self.day(period.first)
        return self("period.days", first=self.day(period.first), last=self.day(period.last))

    def short(self, seconds: Number) -> str:
        """How long: in its two largest units."""
        whole = round(abs(seconds))
        sign = "−" if seconds < 0 else ""
        if whole >= DAY:
            return sign + self("time.days", days=whole // DAY, hours=whole % DAY // HOUR)
        if whole >= HOUR:
            return sign + self("time.hours", hours=whole // HOUR, minutes=whole % HOUR // MINUTE)
        if whole >= MINUTE:
            return sign + self("time.minutes", minutes=whole // MINUTE)
        return sign + self("time.seconds", seconds=whole)

    # ---- numbers ---------------------------------------------------------------------------------------------------

    def number(self, value: Number, unit: str) -> str:
        if unit == "share":
            return f"{value:.1%}"
        if unit == "seconds":
            return self.short(value)
        said = f"{value:,.0f}" if unit == "count" and value == int(value) else f"{value:,.2f}"
        return self(f"unit.{unit}", value=said) if self.knows(f"unit.{unit}") else said

    def value_of(self, figure: Figure) -> str:
        """The one number of a figure, or why there is none."""
        if figure.value is not None:
            return self.number(figure.value, figure.unit)
        if not figure.n:
            return self("figure.none")
        return self("figure.too_few", least=SHOWN_FROM) if figure.n < SHOWN_FROM else ""

    def change(self, figure: Figure, other: Figure, least: int) -> str:
        """By how much a figure differs from what it was; nothing if one of the two has no number."""
        if figure.value is None or other.value is None:
            return ""
        if min(figure.n, other.n) < least:
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
        value = row.values.get(name)
        return (
            self("few") if value is None and name in row.values else "" if value is None else self.beside(name, value)
        )

    def beside(self, name: str, value: Number | None) -> str:
        """A value by its name."""
        return self("few") if value is None else self.number(value, unit_of(name))

    # ---- names -----------------------------------------------------------------------------------------------------

    def named(self, row: Row) -> str:
        """What a row counts; where its key is of several words, each by its own name."""
        sorts = KEYS.get(row.by, (row.by,))
        parts = row.key.split(" ", len(sorts) - 1) if len(sorts) > 1 else [row.key]
        return " · ".join(self._named(by, key) for by, key in zip(sorts, parts, strict=False))

    def by(self, by: str) -> str:
        return " · ".join(self(f"by.{one}") if self.knows(f"by.{one}") else one for one in KEYS.get(by, (by,)))

    def note(self, code: str) -> str:
        return self(f"note.{code}") if self.knows(f"note.{code}") else code

    def column(self, name: str) -> str:
        return self(f"value.{name}") if self.knows(f"value.{name}") else name

    def _named(self, by: str, key: str) -> str:
        if by == "round":
            return self("round", n=key)
        if by == "cause" and key in self.causes:
            return self.causes[key].names[self.locale]
        if by == "locale":
            return languages.NATIVE.get(key, key)  # type: ignore[call-overload,no-any-return]
        if key in NAMED.get(by, {}):
            return NAMED[by][key][self.locale]
        if by in CODED and self.knows(f"{by}.{key}"):
            return self(f"{by}.{key}")
        if by in ("day", "week"):
            return f"{date.fromisoformat(key):%m-%d}"
        return self(key) if key in ("uncoded", "unknown", "others") else key
