"""Make the calendar files that `chalicelib/domain/policy/calendars.py` reads: python -m infra.calendars --help.

The days come from the `holidays` library (a development dependency, never imported at run time), asked day by day.
For a year whose notice is not out yet the library silently guesses, so the years to cover end with the last one in
which its own tables move a day off (China: every year since 2001). For a country whose tables move none, and for a
later year that moves none, say `--to`: it is your word that the notice is out.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import holidays

from chalicelib.domain.ground.worktime import SATURDAY, fingerprint
from chalicelib.domain.policy.calendars import CALENDARS, parse

VERSION = metadata.version("holidays")


def last_published(country: str) -> int | None:
    """The last year in which the library's tables exchange a day off for a worked one; None where they never do."""
    library = _library(country)
    tables: Iterable[dict[int, Any]] = (
        getattr(library, name) for name in dir(library) if name.startswith("special_") and name != "special_holidays"
    )
    return max((year for table in tables for year, entries in table.items() if _moves_a_day(entries)), default=None)


def _moves_a_day(entries: tuple[Any, ...]) -> bool:
    # One entry or a tuple of them: (month, day, name) names a holiday, (month, day, month, day[, year]) moves one.
    entries = entries if isinstance(entries[0], tuple) else (entries,)
    return any(isinstance(entry[2], int) for entry in entries)


def _library(country: str, years: Iterable[int] = ()) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, years=years)
    except NotImplementedError:
        raise SystemExit(
            f"The holidays library knows no country {country!r}. Give an ISO 3166 code in capitals, such as CN, HK, US."
        ) from None


def generate(country: str, first: int, last: int) -> str:
    """The text of the calendar file of `country` for the years `first` to `last`."""
    # The notice of a year may turn days of the December before into working days: ask for one year more.
    library = _library(country, range(first, last + 2))
    span = (date(last, 12, 31) - date(first, 1, 1)).days + 1
    off: list[date] = []
    on: list[date] = []
    for day in (date(first, 1, 1) + timedelta(days=n) for n in range(span)):
        weekday = day.weekday() < SATURDAY
        if weekday != library.is_working_day(day):
            (off if weekday else on).append(day)

    def line(year: int) -> str:
        groups = {"holidays": off, "worked": on}
        return json.dumps({k: " ".join(f"{d:%m-%d}" for d in v if d.year == year) for k, v in groups.items()})

    head = {
        "country": country,
        "edition": f"{last}-{fingerprint(off, on)}",
        "source": f"holidays {VERSION}",
    }
    lines = ",\n".join(f'    "{year}": {line(year)}' for year in range(first, last + 1))
    return json.dumps(head, indent=2).removesuffix("\n}") + f',\n  "years": {{\n{lines}\n  }}\n}}\n'


def main(argv: list[str] | None = None) -> int:
    """The command. Exit code 0 when the file is written or agrees, 1 when `--check` finds it different or missing."""
    ask = _arguments().parse_args(argv)
    path: Path = ask.into / f"{ask.country}.json"
    present = path.read_text(encoding="utf-8") if path.exists() else None
    first, last = _years(ask, present)
    text = generate(ask.country, first, last)
    again = f"python -m infra.calendars {ask.country} --from {first} --to {last}"
    if ask.check:
        if text == present:
            print(f"{path.name} is what the holidays library {VERSION} says for {first} to {last}.")
            return 0
        fault = "differs from" if present else "is missing; there is"
        print(f"{path.name} {fault} what would be generated. Run: {again}", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8")
    made = parse(text)
    print(f"{path.name}: edition {made.edition}, {first} to {last}, ", end="")
    print(f"{len(made.holidays)} holidays on weekdays, {len(made.worked)} weekend days worked.")
    return 0


def _years(ask: argparse.Namespace, present: str | None) -> tuple[int, int]:
    """The years to cover: as asked, else (when checking) from the file's first, and to the last published one."""
    covered = parse(present) if ask.check and present else None
    first = ask.first or (covered.first_year if covered else 2004)
    published = last_published(ask.country)
    last = ask.last or published or (covered.last_year if covered else None)
    if last is None:
        raise SystemExit(
            f"The holidays library does not show for which years the holidays of {ask.country} are settled. "
            f"Say the last one yourself: python -m infra.calendars {ask.country} --to YEAR"
        )
    if published and last > published:
        print(
            f"Careful: the library moves no day off in {ask.country} after {published}; "
            f"make sure that the notice for {last} is out and is in the library, or leave --to away.",
            file=sys.stderr,
        )
    if first > last:
        raise SystemExit(f"No year to cover from {first} to {last}: --from must not be later than --to.")
    return first, last


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.calendars", description=__doc__.partition("\n\n")[2])
    parser.add_argument("country", help="ISO 3166 code of the country in capitals, such as CN, HK, TW, US")
    parser.add_argument("--from", dest="first", type=int, metavar="YEAR", help="first year to cover (default 2004)")
    parser.add_argument("--to", dest="last", type=int, metavar="YEAR", help="last year to cover (see above)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file would change")
    parser.add_argument("--into", type=Path, default=CALENDARS, help="folder of the files (default: the packaged one)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
