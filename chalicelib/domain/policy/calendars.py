"""The working days of countries as packaged data: `calendars/<country>.json`, made by `python -m infra.calendars`."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from chalicelib.domain.ground.worktime import Calendar

CALENDARS = Path(__file__).parent / "calendars"


@cache
def known() -> tuple[str, ...]:
    """The countries that have a packaged calendar."""
    return tuple(sorted(path.stem for path in CALENDARS.glob("*.json")))


@cache
def calendar(country: str = "CN") -> Calendar:
    """The packaged calendar of `country` (ISO 3166 code), read once. `ValueError` when there is none."""
    if country not in known():
        raise ValueError(
            f"no calendar for {country!r}, only for {', '.join(known())}: make one with python -m infra.calendars"
        )
    return parse((CALENDARS / f"{country}.json").read_text(encoding="utf-8"))


def parse(text: str) -> Calendar:
    """A calendar from the text of its file: year by year, the days as MM-DD."""
    file = json.loads(text)
    years: dict[str, dict[str, str]] = file["years"]

    def days(group: str) -> frozenset[date]:
        return frozenset(date.fromisoformat(f"{year}-{day}") for year in years for day in years[year][group].split())

    return Calendar(
        country=file["country"],
        edition=file["edition"],
        first_year=int(min(years)),
        last_year=int(max(years)),
        holidays=days("holidays"),
        worked=days("worked"),
    )
