"""A month of a busy house: its days are closed, its lines exported, its report computed, and the same is asked by SQL.

House and engine have a process each, and so a memory each: `python -m tests.bench.month close FOLDER`. Lines stand in
files as they stand in the table; what AWS and the way there take is left out, and priced instead.
"""

import gzip
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, get_args
from unittest.mock import patch

from chalicelib.adapters import figures, lines, store, volumes
from chalicelib.adapters.lines import SHARDS
from chalicelib.casework import compute, days, export, rules
from chalicelib.domain.supervision import documents
from chalicelib.domain.supervision.figures import Document, Listing, Period
from chalicelib.domain.supervision.lines import LINE, Line
from tests import months
from tests.adapters.test_settings import GOOD
from tests.domain.cases import POLICY
from tests.lake import Lake, differences, published
from tests.running import ROOT

from .prices import PRICES
from .quantities import FULL_CPU, WAITS
from .results import Results

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
PERIOD = Period(kind="monthly", name="2026-10", first=FIRST, last=LAST)
COMPARED = (PERIOD, documents.before(PERIOD), documents.a_year_before(PERIOD))
AFTER = datetime(2026, 11, 3, 1, tzinfo=UTC)  # the second working day of the next one
MEASURES = ("M03", "M04", "M13")
FILES = {"sums": "days/*.gz", "exported": "lines/*/*.gz", "reported": "reports/**/*.gz"}
BESIDE = 120  # bytes that an item has beside its line: its key, its names, two numbers
PAGE = 1e6  # bytes that a query of DynamoDB answers with at once
MEMORY = 512  # MB of `rounds`
Measured = dict[str, Any]


def written(folder: Path, closures: int) -> Measured:
    """Makes the month, a file a day, each line as the table keeps it. How much it is."""
    files = {day: (folder / f"{day}.jsonl").open("w", encoding="utf-8") for day in PERIOD.days}
    counted = dict.fromkeys(("lines", "closures", "stored"), 0)
    for line in months.month(FIRST, LAST, closures):
        text = line.model_dump_json(exclude_none=True)
        files[line.day].write(text + "\n")
        counted["lines"] += 1
        counted["closures"] += line.kind == "closed"
        counted["stored"] += len(text.encode()) + BESIDE
    for file in files.values():
        file.close()
    return counted


# ---- the house -------------------------------------------------------------------------------------------------------


def close(folder: Path) -> Measured:
    """Every day is closed and exported, then the month reported: what `rounds` does in a month, and on its 2nd working
    day after."""
    took: Measured = {}
    with _house(folder, took) as reported:
        for day in PERIOD.days:
            with _timed(took, "close"):
                days.close_day(day)
        took["close"] = [whole - part for whole, part in zip(took["close"], took["export"], strict=True)]
        with _timed(took, "report"):
            compute.monthly(AFTER, AFTER)
    (document,) = (Document.model_validate_json(content) for key, content in reported if "/document.json" in key)
    sizes = {what: sum(file.stat().st_size for file in folder.glob(where)) for what, where in FILES.items()}
    return took | sizes | {"said": {name: published(name, document.figures[name]) for name in MEASURES}}


@contextmanager
def _house(folder: Path, took: Measured) -> Iterator[list[tuple[str, bytes]]]:
    """The house without AWS: its lines and its bucket are files in a folder, and a report is no record. Earlier months
    were like this one. What is put there of reports; each export is timed by itself."""
    put: list[tuple[str, bytes]] = []

    def laid(key: str, content: bytes, *_: object, **__: object) -> None:
        there = folder / key
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(figures._packed(content))
        if key.startswith("reports/"):
            put.append((key, content))

    def found(key: str) -> figures.Found | None:
        this, asked = f"{FIRST:%Y-%m}-", key.removeprefix("days/")[:8]
        there = folder / (key.replace(asked, this) if key.startswith("days/") else key)
        if not there.exists():
            return None
        return figures.Found(gzip.decompress(there.read_bytes()).replace(this.encode(), asked.encode()), "")

    def exported(day: date, lines: Iterable[Line]) -> None:
        with _timed(took, "export"):
            export.export_day(day, lines)

    closed = {day for one in COMPARED for day in one.days}
    stands_in: dict[tuple[Any, str], Any] = {
        (figures, "_put"): laid,
        (figures, "get"): found,
        (figures, "first_closed_day"): lambda: min(closed),
        (figures, "closed_days"): lambda first, last: {day for day in closed if first <= day <= last},
        (lines, "of_day"): lambda day: _of_day(folder, day),
        (lines, "late_days"): list,
        (volumes, "of_days"): lambda *_: {},
        (rules, "in_force"): lambda _: POLICY,
        (store, "load_all"): lambda *_: {},
        (compute, "open_at_end_of"): lambda *_: (),
        (compute, "commit"): lambda *_: None,
        (days, "export_day"): exported,
    }
    with ExitStack() as undo:
        undo.enter_context(patch.dict(os.environ, GOOD))  # the key that staff are hashed by
        for (where, name), instead in stands_in.items():
            undo.enter_context(patch.object(where, name, instead))
        yield put


def _of_day(folder: Path, day: date) -> Iterator[Line]:
    there = folder / f"{day}.jsonl"
    if there.exists():
        with there.open(encoding="utf-8") as file:
            for line in file:
                yield LINE.validate_json(line)


# ---- an engine of SQL ------------------------------------------------------------------------------------------------


def ask(folder: Path) -> Measured:
    """The same by DuckDB, from the exported files: as it comes from the disk each time."""
    took: Measured = {}
    with _timed(took, "opened"):
        lake = Lake(folder / "lines")
    answered = {}
    for measure in MEASURES:
        with _timed(took, measure):
            answered[measure] = lake.ask(measure, FIRST, LAST)
    return took | {"answered": answered}


# ---- both, measured --------------------------------------------------------------------------------------------------


@contextmanager
def _timed(took: Measured, what: str) -> Iterator[None]:
    cpu, wall = process_time(), perf_counter()
    try:
        yield
    finally:
        before = took.get(what, (0.0, 0.0))
        took[what] = [before[0] + process_time() - cpu, before[1] + perf_counter() - wall]


def month(closures: int, said: Callable[[str], None]) -> tuple[Results, Results]:
    """What closing, exporting and reporting take, with DuckDB beside it; and what AWS charges for them."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        said(f"A month of {closures:,} closures is made up")
        made = written(folder, closures)
        said("Its days are closed and exported, and it is reported")
        house = measured("close", folder)
        said("The same is asked of DuckDB")
        engine = measured("ask", folder)
    return _work(made, house, engine), _price(made, house)


def _work(made: Measured, house: Measured, engine: Measured) -> Results:
    results = Results(
        f"A month of {made['closures']:,} closures",
        ["", "CPU s", "s", "peak MB", "aim", ""],
        remarks=[
            f"{made['lines']:,} lines, {made['stored'] / 1e6:,.0f} MB in the table; gzipped,",
            f"{house['exported'] / 1e6:,.1f} MB are exported, and {house['sums'] / 1e6:,.1f} MB are sums of days.",
            "Made up (`tests/months.py`), without AWS.",
            "DuckDB on all processors there are, from the gzipped files each time. What is asked is `infra/queries/`.",
        ],
    )
    both = [sum(times) for times in zip(house["close"], house["report"], strict=True)]
    results.add("closing 31 days: lines read, added up, sums written", *_seconds(house["close"]))
    results.add("the report: sums of three periods, cases behind figures, closures", *_seconds(house["report"]))
    results.add("closed and reported", *_seconds(both), "", aim=60, got=both[0], unit="s")
    results.add("exported beside it", *_seconds(house["export"]))
    results.add(
        "memory held at most", "", "", f"{house['rss'] / 1e6:.0f}", aim=MEMORY, got=house["rss"] / 1e6, unit="MB"
    )
    for measure in MEASURES:
        results.add(f"DuckDB: {measure}", *_seconds(engine[measure]))
    asked = [sum(times) for times in zip(*(engine[measure] for measure in MEASURES), strict=True)]
    results.add("DuckDB: all three", *_seconds(asked), f"{engine['rss'] / 1e6:.0f}")
    apart = [one for name in MEASURES for one in differences(name, house["said"][name], engine["answered"][name])]
    results.add(f"of {', '.join(MEASURES)}, said otherwise", "", "", "", aim=0, got=len(apart), unit="figures")
    return results


def _seconds(times: list[float]) -> list[str]:
    return [f"{seconds:.1f}" for seconds in times]


def _price(made: Measured, house: Measured) -> Results:
    closed, pages = len(PERIOD.days), made["stored"] / PAGE + SHARDS * len(PERIOD.days)
    lines = {"read_units": made["stored"] / 4096, "dynamodb": pages}
    used = {
        "closing": lines | {"s3_reads": closed, "s3_writes": closed, "invocations": closed},
        "exporting": {"s3_writes": closed},
        "the report": lines
        | {"s3_reads": len(COMPARED) * closed, "s3_writes": 3 + len(get_args(Listing)), "invocations": 1},
    }
    results = Results(
        f"What supervision costs in a month of {made['closures']:,} closures: list prices of AWS, in US cents",
        ["", *(cell for part in used for cell in (part, "cents"))],
        remarks=[
            "Closing and exporting 31 days; a month's report, which reads lines again for the cases behind figures.",
            "Writing the lines is on each complaint's bill. Lambda is counted as there, with the memory of `rounds`.",
        ],
    )
    for own, took in zip(used.values(), (house["close"], house["export"], house["report"]), strict=True):
        waits = own.get("dynamodb", 0) * WAITS["dynamodb"] + (own.get("s3_reads", 0) + own["s3_writes"]) * WAITS["s3"]
        own["gb_seconds"] = MEMORY / 1024 * (took[0] * FULL_CPU / MEMORY + waits / 1000)
    totals = dict.fromkeys(used, 0.0)
    for key in ("read_units", "s3_reads", "s3_writes", "invocations", "gb_seconds"):
        cells = []
        for part, own in used.items():
            cents = own.get(key, 0) * PRICES[key].cents
            totals[part] += cents
            cells += [f"{own.get(key, 0):,.0f}", f"{cents:.3f}"]
        results.add(PRICES[key].what, *cells)
    results.add("altogether", *(cell for total in totals.values() for cell in ("", f"{total:.3f}")))
    return results


def measured(does: str, folder: Path) -> Measured:
    """One of them in a process of its own. `rss`: the most memory that it held, in bytes."""
    command = [sys.executable, "-m", "tests.bench.month", does, str(folder)]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return dict(json.loads(ran.stdout.splitlines()[-1]))  # before it, what the house logs


if __name__ == "__main__":
    [_, does, folder] = sys.argv
    found = {"close": close, "ask": ask}[does](Path(folder))
    found["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    json.dump(found, sys.stdout)
