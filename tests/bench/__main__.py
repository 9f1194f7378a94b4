"""`make bench`: what the house costs on AWS and on this machine, beside what it should. Never a test."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from . import bill, browser, cold, desks, handlers, lives, month, pages, rises, speed, webhooks
from .page import RESULTS, put, written_by
from .results import Results
from .samples import studio

PARTS = ("bill", "month", "handlers", "console", "cold", "pages", "speed", "browser", "rises", "webhooks")


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a little of each, in seconds; the figures mean nothing")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument(
        "--out", type=Path, default=RESULTS, help="where the results are written (tests/bench/RESULTS.md)"
    )
    arguments = parser.parse_args()
    console = Console()
    with _quiet(), console.status("") as status:

        def said(what: str) -> None:
            status.update(f"{what} …")

        found = []
        for results in _parts(arguments.only, arguments.quick, said):
            console.print(results.table())
            console.print()
            found.append(results)
    for missed in (one for results in found for one in results.missed):
        console.print(f"[red]missed[/red] {missed}", highlight=False)
    if arguments.out != RESULTS or (not arguments.quick and len(arguments.only) == len(PARTS)):
        put(arguments.out, _part(found))
        console.print(f"Written to {arguments.out}.")


def _parts(only: list[str], quick: bool, said: Callable[[str], None]) -> Iterator[Results]:
    """Each part on its own house, so that none finds what another has left."""
    if "handlers" in only:
        with studio() as opened:
            yield handlers.handlers(opened, 2 if quick else 200, said, few=quick)
    if "console" in only:
        with studio() as opened:
            yield desks.served(opened, 2 if quick else 200, said)
    if "cold" in only:
        with studio() as opened:
            yield cold.cold_starts(opened, 1 if quick else 9, said, functions=["api"] if quick else None)
    if "pages" in only:
        with studio() as opened:
            yield pages.pages(opened, (50, 100) if quick else (1_000, 10_000, 100_000), 3 if quick else 50, said)
    if "speed" in only:
        with studio() as opened:
            yield speed.in_process(opened, 20 if quick else 10_000, said)
        if not quick:
            yield speed.over_http(400, said)
    if "browser" in only:
        yield browser.browser(1 if quick else 15, said)
        yield desks.painted(1 if quick else 15, said)
    if "rises" in only:
        yield rises.rises(1 if quick else 5, 100 if quick else 1_000, said)
    if "webhooks" in only:
        with studio() as opened:
            yield webhooks.a_second(opened, 2 if quick else 200, 0 if quick else 400, said)
    if "month" in only:
        yield from month.month(100 if quick else 100_000, said)
    if "bill" in only:
        yield from bill.bills(said, lives.LIVES[:1] if quick else lives.LIVES)


@contextmanager
def _quiet() -> Iterator[None]:
    """Lines are written, since that costs something, but not where anybody reads them."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        for handler in logging.getLogger("redress").handlers:
            handler.setStream(nowhere)  # type: ignore[attr-defined]  # it writes to standard output
        yield


def _part(found: list[Results]) -> str:
    missed = [one for results in found for one in results.missed]
    verdict = ["Aims missed:", "", *(f"- {one}" for one in missed)] if missed else ["Every aim is met."]
    head = ["# What it costs", "", *written_by("make bench")]
    return "\n".join([*head, "", *verdict, "", *(results.markdown() for results in found)])


if __name__ == "__main__":
    sys.exit(main())
