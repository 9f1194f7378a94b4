"""A whole file of complaints, filed and settled by a few workers at once."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.tour.calls import Line
from infra.tour.journey import Crew, Journey
from infra.tour.rows import Row
from infra.tour.summary import Summary, receipts_by_complaint

EVERY = 3.0  # seconds
NewLine = Callable[[], Line]


def carry_through(console: Console, new_line: NewLine, rows: Sequence[Row], workers: int) -> Summary:
    """Carry every row through, then look for the receipts. Raises NoAnswer or Refused if these cannot be looked for."""
    began = time.monotonic()
    with progress(console, "complaints", len(rows)) as advance:
        journeys = _all(new_line, rows, workers, advance)
    seconds = time.monotonic() - began
    if any(one.offline for one in journeys):
        return Summary(len(rows), journeys, seconds, receipts=None)
    line = new_line()
    with progress(console, "notices on their way", None):
        line.settle()
        receipts = receipts_by_complaint(line.outbox())
    return Summary(len(rows), journeys, seconds, receipts)


def _all(new_line: NewLine, rows: Sequence[Row], workers: int, advance: Callable[[], None]) -> list[Journey]:
    """The journeys, by row. When nothing answers any more, the rest is not tried."""
    gone = threading.Event()

    def share(own: Sequence[Row]) -> list[Journey]:
        crew, journeys = Crew(new_line()), []
        for row in own:
            if gone.is_set():
                break
            journeys.append(crew.take(row))
            if journeys[-1].offline:
                gone.set()
            advance()
        return journeys

    with ThreadPoolExecutor(workers) as pool:
        try:
            shares = list(pool.map(share, (rows[first::workers] for first in range(workers))))
        finally:
            gone.set()  # interrupted: nobody waits for the rest
    return sorted((one for share in shares for one in share), key=lambda one: one.row.number)


@contextmanager
def progress(console: Console, what: str, total: int | None) -> Iterator[Callable[[], None]]:
    """From the first second on: a bar where there is a terminal to draw it on; elsewhere a line every few seconds.

    `total` None: nobody knows how many there are, only how long it takes."""
    if not console.is_terminal:
        with _told(console, what, total) as advance:
            yield advance
        return
    columns = (TextColumn(what), BarColumn(), *([] if total is None else [MofNCompleteColumn()]), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


@contextmanager
def _told(console: Console, what: str, total: int | None) -> Iterator[Callable[[], None]]:
    began, over, lock = time.monotonic(), threading.Event(), threading.Lock()
    done = 0

    def advance() -> None:
        nonlocal done
        with lock:
            done += 1

    def tell() -> None:
        so_many = what if total is None else f"{done} of {total} {what}"
        console.print(f"{so_many}, {time.monotonic() - began:.0f} s")

    def go_on_telling() -> None:
        while not over.wait(EVERY):
            tell()

    tell()
    teller = threading.Thread(target=go_on_telling, daemon=True)
    teller.start()
    try:
        yield advance
    finally:
        over.set()
        teller.join()
    if total is not None:
        tell()
