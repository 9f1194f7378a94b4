"""`make clients`: clients made of the contract by real generators, compiled strictly, and tried against a running local
system of their own: each files complaints, reads one, pages through a list, and is refused by 412 and 422."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from tests.running import running_system

from . import contract, judge
from .kinds import KINDS, Kind
from .tools import OLDEST_JAVA, PLACE, Failed, Tools
from .trial import PARTS, Trial

NAMES = [kind.name for kind in KINDS]
SHOWN = 4_000
"""Characters of what a part that failed printed; the rest can be had by running it again by hand."""


def main() -> int:
    options = argparse.ArgumentParser("python -m tests.clients", description=__doc__)
    options.add_argument("clients", nargs="*", metavar="CLIENT", help=f"of {', '.join(NAMES)}; by default all")
    options.add_argument("--place", type=Path, default=PLACE, help="where the generators are installed (%(default)s)")
    asked = options.parse_args()
    if unknown := set(asked.clients) - set(NAMES):
        options.error(f"no client is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    console = Console(highlight=False)
    tools = Tools(asked.place.absolute())
    kinds = [kind for kind in KINDS if kind.name in (asked.clients or NAMES)]
    try:
        trials = _tried([kind for kind in kinds if tools.java or not kind.needs_java], tools, console)
    except Failed as failed:
        console.print(f"failed: {failed}", markup=False, soft_wrap=True)
        return 1
    _show(console, kinds, trials, tools)
    return 0 if all(trial.is_passed for trial in trials) else 1


def _tried(kinds: Sequence[Kind], tools: Tools, console: Console) -> list[Trial]:
    columns = (SpinnerColumn(), TextColumn("[progress.description]{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"the generators, into {tools.place} (once, half a minute or so)")
        tools.install()
        progress.update(task, description="the local system starts")
        with running_system() as system:
            found = contract.of(system)
            trials = [Trial(kind) for kind in kinds]
            for number, trial in enumerate(trials, start=1):
                for part in trial.run(tools, found):
                    progress.update(task, description=f"{number} of {len(trials)}: {trial.kind.name} is {part}")
                said = "passed" if trial.is_passed else f"failed as it was {trial.part}"
                console.print(f"{trial.kind.name}: {said}", markup=False)
    return trials


def _show(console: Console, kinds: Sequence[Kind], trials: Sequence[Trial], tools: Tools) -> None:
    for trial in trials:
        if trial.fault:
            shown = trial.fault if len(trial.fault) <= SHOWN else f"{trial.fault[:SHOWN]}\n…"
            console.print(f"\n{trial.kind.name} as it was {trial.part}:\n{shown}", markup=False, soft_wrap=True)
    table = Table(
        Column("client", no_wrap=True),
        *PARTS,
        *judge.STEPS,
        "result",
        box=box.SIMPLE,
        pad_edge=False,
        padding=(0, 0, 0, 0),
    )
    by_name = {trial.kind.name: trial for trial in trials}
    for kind in kinds:
        trial = by_name.get(kind.name)
        table.add_row(kind.name, *(_cells(trial) if trial else [*("–" for _ in (*PARTS, *judge.STEPS)), "skipped"]))
    console.print(table)
    if len(trials) < len(kinds):
        console.print(f"Skipped: there is no javac {OLDEST_JAVA} or later on the PATH.", markup=False)
    console.print(f"What was made stands in {tools.made}.", markup=False, soft_wrap=True)


def _cells(trial: Trial) -> list[str]:
    times = [f"{trial.seconds[part]:.0f} s" if part in trial.seconds else "–" for part in PARTS]
    done = ["yes" if trial.done.get(step) else "–" for step in judge.STEPS]
    return [*times, *done, "passed" if trial.is_passed else "failed"]


if __name__ == "__main__":
    sys.exit(main())
