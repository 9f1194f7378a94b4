"""`make fuzz`: sends the running local system whatever its description allows and forbids, as everybody there is."""

import argparse
import secrets
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.bench.page import RESULTS, put
from tests.running import running_system

from . import past
from .attack import Attack
from .report import part, show

A_GLANCE = 5
"""Minutes below which a run says too little to be kept."""


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=10, help="how long, 1 to 50: sign-ins last an hour (10)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9), help="a number printed by an earlier run")
    parser.add_argument(
        "--out",
        type=Path,
        default=RESULTS,
        help="whose part about this is written (tests/bench/RESULTS.md, from 5 min.)",
    )
    arguments = parser.parse_args()
    console = Console()
    with running_system(REDRESS_CLOCK=past.BEGINS) as system:
        late = past.lived(system)
        attack = Attack(system, arguments.seed, seconds=arguments.minutes * 60, late=late)
        _watch(console, attack, arguments.minutes * 60)
    show(console, attack)
    if arguments.out != RESULTS or arguments.minutes >= A_GLANCE:
        put(arguments.out, part(attack))
        console.print(f"Written to {arguments.out}.")
    return 1 if attack.found else 0


def _watch(console: Console, attack: Attack, seconds: int) -> None:
    told = "[progress.description]{task.description}"
    columns = (TextColumn(told), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=seconds)
        for phase in attack.run():
            said = f"{phase}: {attack.asked} requests, {len(attack.found)} faults"
            progress.update(task, description=said, completed=progress.tasks[0].elapsed)


def _minutes(text: str) -> int:
    if not (text.isdigit() and 1 <= int(text) <= 50):
        raise argparse.ArgumentTypeError("a whole number from 1 to 50")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
