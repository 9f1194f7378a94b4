"""How the values of the policy are said to people: times, names, laws, alarms, lists by what is added and removed.

What a number of the operating data lists in dozens, words of danger and questions, is told by how many and which.
The words stand in `words/<locale>.json`; names of roles, categories, units and laws are those of the vocabulary.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.refusals import PARTIES
from chalicelib.domain.vocabulary.terms import Locale

FOLDER = Path(__file__).parent / "words"
MOST_NAMED = 20
"""Of a list so many are named; then how many there are in all."""
UNITS = ("hours", "days", "working_days")
Rung = Mapping[str, Any]


@cache
def _words(locale: Locale) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / f"{locale}.json").read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True)
class Tongue:
    """How it is all said in a language."""

    locale: Locale

    @property
    def words(self) -> dict[str, Any]:
        return _words(self.locale)

    def change(self, path: str, clause: str, kind: str, before: Any, after: Any) -> str:
        """The sentence on a subject, which differs."""
        head = {"name": self.name(path), "clause": self.words["chapter"].get(clause, clause)}
        if kind in LISTS:
            return self.filled("said", **head, said=LISTS[kind](self, before, after))
        if kind == "clock":
            was, becomes = self.clocks(before, after)
        else:
            was, becomes = (VALUES[kind](self, value) for value in (before, after))
        return self.filled("changed", **head, before=was, after=becomes)

    def stands(self, kind: str, value: Any) -> str:
        """A value by itself; nothing of what is told by what becomes of it alone."""
        if kind == "clock":
            return str(self.words["starts"][value["starts"]]).format(within=self._runs(value))
        if kind in ONES:
            said = ONES[kind]
            return str(self.words["semicolon"]).join(said(self, one) for one in value) or str(self.words["none"])
        return VALUES[kind](self, value) if kind in VALUES else ""

    def filled(self, name: str, /, **figures: object) -> str:
        return str(self.words[name]).format(**figures)

    def name(self, path: str) -> str:
        """What a subject is called."""
        field, _, key = path.partition(".")
        names = self.words["names"]
        return str(names[path] if path in names else names[field].format(of=self.category(key)))

    def listed(self, said: Iterable[str]) -> str:
        """The first of them, and how many there are."""
        items = list(said)
        few = str(self.words["comma"]).join(items[:MOST_NAMED])
        return few if len(items) <= MOST_NAMED else self.filled("more", items=few, count=len(items))

    def together(self, parts: Iterable[str]) -> str:
        """What is said of a list; if that is nothing, its order is another."""
        return str(self.words["semicolon"]).join(parts) or str(self.words["reordered"])

    def quoted(self, text: str | None) -> str:
        return self.filled("quoted", text=text) if text else str(self.words["none"])

    def yes_no(self, value: bool) -> str:
        return str(self.words["yes" if value else "no"])

    def length(self, number: int, unit: str) -> str:
        """A number of a unit of the clocks, or of another."""
        if unit in spoken.UNITS:
            return spoken.period(number, unit, self.locale)
        forms: list[str] = self.words["units"][unit]
        return forms[0 if number == 1 else -1].format(n=number)

    def role(self, role: str) -> str:
        names = PARTIES.get(role)
        said = names[self.locale] if names else str(self.words["roles"][role])
        return said[:1].lower() + said[1:]

    def category(self, name: str) -> str:
        names = spoken.CATEGORIES.get(name)
        return names[self.locale] if names else name

    def law(self, name: str) -> str:
        known = name in spoken.LAWS or name.endswith(spoken.LAW_ENDINGS)
        return spoken.law(name, self.locale) if known else str(self.words["standards"].get(name, name))

    def known(self, kind: str, name: str) -> str:
        """What a language, a country, a zone is called; by its code, if we have no name for it."""
        return str(self.words[kind].get(name, name))

    def clocks(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str]:
        """How long a clock runs; and since when, where that changes."""
        was, becomes = (self._runs(clock) for clock in (before, after))
        if before["starts"] == after["starts"]:
            return was, becomes
        starts = self.words["starts"]
        return starts[before["starts"]].format(within=was), starts[after["starts"]].format(within=becomes)

    def _runs(self, clock: Mapping[str, Any]) -> str:
        return next(self.length(clock[unit], unit) for unit in UNITS if unit in clock)

    def rung(self, rung: Rung) -> str:
        """An alarm: when, what, who is told."""
        [(moment, value)] = ((name, rung[name]) for name in self.words["moments"] if name in rung)
        unit = next(unit for unit in ("working_days", "hours", "days", "at_all") if unit in f"{moment} at_all")
        within = "" if value is True else self.length(value, unit)
        told = self.listed(map(self.role, rung["tell"]))
        return self.filled(
            "rung",
            moment=self.words["moments"][moment].format(within=within),
            act=self.words["acts"][rung["kind"]],
            told=self.filled("told", roles=told) if told else "",
            night=self.words["night"] if rung.get("day_and_night") else "",
        )

    def route(self, route: Mapping[str, Any] | None) -> str:
        """Who is asked first, and what; of no route, we ourselves."""
        department = self.role(route["department"] if route else "customer_service")
        asks = route and route.get("question")
        forms = self.words["route"]
        return str(forms["asks" if asks else "own"].format(department=department, question=asks))

    def span(self, hours: Mapping[str, str]) -> str:
        return self.filled("span", **{name: hours[name][:5] for name in ("begin", "end")})


def parted(before: Iterable[Any], after: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """What is gone of a list and what is new; the same thing twice counts twice."""
    gone, new = list(before or ()), []
    for one in after or ():
        if one in gone:
            gone.remove(one)
        else:
            new.append(one)
    return gone, new


def _listed(say: Callable[[Tongue, Any], str]) -> Callable[[Tongue, Any, Any], str]:
    """A list by what is new and what is gone."""

    def said(tongue: Tongue, before: Any, after: Any) -> str:
        gone, new = parted(before, after)
        parts = (("added", new), ("removed", gone))
        return tongue.together(
            tongue.filled(name, items=tongue.listed(say(tongue, one) for one in items))
            for name, items in parts
            if items
        )

    return said


def _ladder(tongue: Tongue, before: list[Rung], after: list[Rung]) -> str:
    """Rung by rung: what became of one is the next new one of its kind."""
    gone, new = parted(before, after)
    parts = []
    for rung in gone:
        became = next((one for one in new if one["kind"] == rung["kind"]), None)
        if became is None:
            parts.append(tongue.filled("removed", items=tongue.rung(rung)))
        else:
            new.remove(became)
            parts.append(f"{tongue.rung(rung)} → {tongue.rung(became)}")
    return tongue.together([*parts, *(tongue.filled("added", items=tongue.rung(rung)) for rung in new)])


def _triage(tongue: Tongue, before: list[Any], after: list[Any]) -> str:
    """How many rows there are, which words are new or gone, how many rows are other than before."""

    def counted(name: str, number: int, **figures: object) -> str:
        forms = tongue.words[name]
        return str(forms[0 if number == 1 else -1].format(n=number, **figures))

    gone, new = parted(before, after)
    was, becomes = ({word: None for row in rows for word in row["any"]} for rows in (before, after))
    parts = []
    if len(before) != len(after):
        parts.append(f"{counted('rows', len(before))} → {counted('rows', len(after))}")
    for name, words in (("added", [*becomes.keys() - was.keys()]), ("removed", [*was.keys() - becomes.keys()])):
        if words:
            items = tongue.listed(map(tongue.quoted, sorted(words)))
            parts.append(tongue.filled(name, items=counted("words_of_danger", len(words), items=items)))
    if gone or new:
        parts.append(counted("other_rows", max(len(gone), len(new))))
    return tongue.together(parts)


def _cause(tongue: Tongue, before: Any, after: Any) -> str:
    forms = tongue.words["cause"]
    names = [one and tongue.quoted(one["names"][tongue.locale]) for one in (before, after)]
    kinds = [one and _kind(tongue, one) for one in (before, after)]
    if before is None or after is None:
        name, said, kind = ("added", names[1], kinds[1]) if before is None else ("removed", names[0], kinds[0])
        return tongue.filled(name, items=forms["whole"].format(name=said, kind=kind))
    parts = []
    if names[0] != names[1]:
        parts.append(forms["names"].format(before=names[0], after=names[1]))
    if {**before["names"], tongue.locale: ""} != {**after["names"], tongue.locale: ""}:
        parts.append(forms["other_names"])
    if kinds[0] != kinds[1]:
        parts.append(forms["kinds"].format(before=kinds[0], after=kinds[1]))
    return tongue.together(parts)


def _kind(tongue: Tongue, cause: Mapping[str, Any]) -> str:
    standard = cause["gbt42499"]
    natures = [tongue.known("natures", one) for one in (cause["association"], standard["nearest"])]
    digits = f" {standard['digits']}" if "digits" in standard else ""
    return str(tongue.words["cause"]["kind"].format(association=natures[0], nearest=natures[1], digits=digits))


def _quiz(tongue: Tongue, before: list[Any], after: list[Any]) -> str:
    """By how many and which; never what is right."""
    was, becomes = ({one["id"]: one for one in pool} for pool in (before, after))
    forms = tongue.words["quiz"]
    found = {
        "added": [one for one in becomes if one not in was],
        "removed": [one for one in was if one not in becomes],
        "changed": [one for one in becomes if one in was and becomes[one] != was[one]],
    }
    counts = [tongue.length(len(pool), "questions") for pool in (before, after)]
    parts = [f"{counts[0]} → {counts[1]}"] if len(before) != len(after) else []
    parts += [forms[name].format(items=tongue.listed(ids)) for name, ids in found.items() if ids]
    return tongue.together(parts)


def _canned(tongue: Tongue, before: list[Any], after: list[Any]) -> str:
    """By how many and which, by their names in this language."""
    was, becomes = ({(one["id"], one["locale"]): one for one in listed} for listed in (before, after))
    counts = [tongue.length(len(listed), "canned_words") for listed in (before, after)]
    found = {
        "added": [one for key, one in becomes.items() if key not in was],
        "removed": [one for key, one in was.items() if key not in becomes],
        "changed": [one for key, one in becomes.items() if key in was and one != was[key]],
    }
    forms = {**tongue.words, **tongue.words["canned"]}
    parts = [" → ".join(counts)] if len(before) != len(after) else []
    parts += [forms[name].format(items=_named(tongue, listed)) for name, listed in found.items() if listed]
    return tongue.together(parts)


def _named(tongue: Tongue, listed: list[Any]) -> str:
    """Each once, in this language if it is in it."""
    ours = sorted(listed, key=lambda one: one["locale"] != tongue.locale)
    names = {one["id"]: one["name"] for one in reversed(ours)}
    return tongue.listed(tongue.quoted(names[name]) for name in dict.fromkeys(one["id"] for one in listed))


def _unit(unit: str) -> Callable[[Tongue, Any], str]:
    return lambda tongue, number: tongue.length(number, unit)


COUNTED = ("minutes", "months", "times", "questions", "percent", "mails", "texts", "notices", "complaints")
VALUES: Mapping[str, Callable[[Tongue, Any], str]] = {
    **{unit: _unit(unit) for unit in (*UNITS, *COUNTED)},
    "text": Tongue.quoted,
    "yes_no": Tongue.yes_no,
    "role": Tongue.role,
    "language": lambda tongue, name: tongue.known("languages", name),
    "country": lambda tongue, name: tongue.known("countries", name),
    "zone": lambda tongue, name: tongue.known("zones", name),
    "close": lambda tongue, at: at[:5] if at else str(tongue.words["midnight"]),
    "clock_time": lambda tongue, at: at[:5],
    "span": Tongue.span,
    "long_days": lambda tongue, days: spoken.long_period(days, tongue.locale),
    "route": Tongue.route,
}
"""How a value is said that stands on both sides of the arrow."""
ONES: Mapping[str, Callable[[Tongue, Any], str]] = {
    "laws": Tongue.law,
    "categories": Tongue.category,
    "dates": lambda tongue, day: spoken.spoken_date(date.fromisoformat(day), tongue.locale),
    "danger_words": Tongue.quoted,
    "ladder": Tongue.rung,
}
"""How one of a list is said."""
LISTS: Mapping[str, Callable[[Tongue, Any, Any], str]] = {
    **{kind: _listed(said) for kind, said in ONES.items() if kind != "ladder"},
    "ladder": _ladder,
    "triage": _triage,
    "cause": _cause,
    "quiz": _quiz,
    "canned": _canned,
}
"""How it is said what became of something that has parts."""
