"""How figures of a policy are said in a language, and the words of what it says (`words/<locale>.json`)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Clock, Rung
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.refusals import PARTIES
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Category, Locale

WORDS = Path(__file__).parent / "words"
PLAIN = {"from", "recourse"}
"""Figures that are words, and do not stand out."""


@cache
def words(locale: Locale) -> dict[str, Any]:
    """What the policy says in a language: by clause and name, and what figures are called."""
    read: dict[str, Any] = json.loads((WORDS / f"{locale}.json").read_text("utf-8"))
    return read


class Part(NamedTuple):
    """A piece of a sentence: words, a figure, which stands out, or a `day` as it is said."""

    text: str
    figure: bool = False
    day: date | None = None


@dataclass(frozen=True)
class Tongue:
    """How figures of a policy are said in a language."""

    locale: Locale
    policy: Policy

    def filled(self, sentence: str, figures: Mapping[str, str | Part]) -> tuple[Part, ...]:
        """A sentence with its figures, in pieces."""
        return tuple(_pieces(sentence, figures))

    def listed(self, names: Iterable[str]) -> str:
        return (", " if self.locale == "en" else "、").join(names)

    def period(self, length: int, unit: str) -> str:
        return spoken.period(length, unit, self.locale)

    def days(self, length: int) -> str:
        return self.period(length, "days")

    def length(self, clock: Clock) -> str:
        """How long a clock runs."""
        [(unit, length)] = clock.model_dump(exclude_none=True, exclude={"starts"}).items()
        return self.period(length, unit)

    def term(self, clocks: dict[str, Clock], stage: Stage, after: str = "") -> dict[str, str | Part]:
        """How long a stage may take, and from when on that is counted: from what began it, or `after` something."""
        clock = clocks[stage]
        since = "receipt" if clock.starts == "receipt" else after or stage
        return {"within": self.length(clock), "from": words(self.locale)["from"][since]}

    def moment(self, rung: Rung) -> str:
        """When an alarm rings."""
        [(unit, length)] = rung.model_dump(exclude_none=True, exclude={"kind", "tell", "day_and_night"}).items()
        counted = "working_days" if "working_days" in unit else "hours"
        within = self.period(length, counted) if not isinstance(length, bool) else ""
        said: str = words(self.locale)["moments"][unit].format(within=within)
        return said

    def party(self, role: str) -> str:
        return self.within(PARTIES.get(role, PARTIES["staff"])[self.locale])

    def within(self, name: str) -> str:
        """A name in the middle of a sentence."""
        return name[:1].lower() + name[1:]

    def route(self, category: Category) -> Part:
        department = PARTIES[self.policy.operating.route(category).department][self.locale]
        said: str = words(self.locale)["route"]
        return Part(said.format(category=spoken.CATEGORIES[category][self.locale], department=self.within(department)))

    @property
    def routes(self) -> tuple[Part, ...]:
        return tuple(Part(route[self.locale]) for route in spoken.ROUTES)

    def law(self, name: str) -> str:
        """A law by its name in this language, if it is known; the policy names it in its own."""
        if name in spoken.LAWS or name.endswith(spoken.LAW_ENDINGS):
            return spoken.law(name, self.locale)
        return str(words(self.locale)["standards"].get(name, name))

    def laws(self, names: Iterable[str]) -> str:
        """Between two names in brackets of their own stands no comma."""
        return self.listed(map(self.law, names)).replace("》、《", "》《")

    def clock(self, at: time) -> str:
        return f"{at:%H:%M}"

    @property
    def zone(self) -> str:
        return str(words(self.locale)["zones"].get(self.policy.time_zone, self.policy.time_zone))

    def dates(self, days: Iterable[date], since: date) -> tuple[Part, ...]:
        """Those that are still to come."""
        return tuple(Part(spoken.spoken_date(day, self.locale), day=day) for day in sorted(days) if day >= since)

    def since(self, moment: datetime) -> Part:
        """From when on something holds; the midnight with which a day begins is that day."""
        local = moment.astimezone(self.policy.zone)
        begins = local.time() == time()
        day = spoken.spoken_date(local.date(), self.locale)
        said = day if begins else spoken.spoken(moment, self.locale, self.policy.time_zone)
        return Part(said, day=local.date())

    def until(self, moment: datetime) -> Part:
        """The moment at which something ends; midnight is the end of the day that ends with it."""
        local = moment.astimezone(self.policy.zone) - timedelta(microseconds=1)
        return Part(spoken.spoken(moment, self.locale, self.policy.time_zone), day=local.date())


def _pieces(sentence: str, figures: Mapping[str, str | Part]) -> Iterator[Part]:
    for text, name, _, _ in Formatter().parse(sentence):
        if text:
            yield Part(text)
        if name:
            value = figures[name]
            yield value if isinstance(value, Part) else Part(value, figure=name not in PLAIN)
