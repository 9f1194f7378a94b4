"""A whole file of complaints, filed and settled by a few workers at once."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.tour.calls import Line
from infra.tour.journey import Crew, Journey
from infra.tour.rows import Row
from infra.tour.summary import Summary, receipts_by_complaint

NewLine = Callable[[], Line]


def carry_through(console: Console, new_line: NewLine, rows: Sequence[Row], workers: int) -> Summary:
    """Carry every row through, then look for the receipts. Raises NoAnswer or Refused if these cannot be looked for."""
    began = time.monotonic()
    with _progress(console, len(rows)) as advance:
        journeys = _all(new_line, rows, workers, advance)
    seconds = time.monotonic() - began
    if any(one.offline for one in journeys):
        return Summary(len(rows), journeys, seconds, receipts=None)
    line = new_line()
    line.settle()
    return Summary(len(rows), journeys, seconds, receipts_by_complaint(line.outbox()))


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
def _progress(console: Console, total: int) -> Iterator[Callable[[], None]]:
    """A bar where there is a terminal to draw it on; elsewhere a line at each quarter of the way."""
    if not console.is_terminal:
        yield _by_quarters(console, total)
        return
    columns = (TextColumn("complaints"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _by_quarters(console: Console, total: int) -> Callable[[], None]:
    done = 0
    lock = threading.Lock()
    marks = {total * quarter // 4 for quarter in (1, 2, 3, 4)}

    def advance() -> None:
        nonlocal done
        with lock:
            done += 1
            if done in marks:
                console.print(f"{done} of {total} complaints")

    return advance
