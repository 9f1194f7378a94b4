"""`make siege`: one hostile consumer, one hostile shop and one careless department against the running local system,
while ordinary people complain and work. Then all that those were promised is looked into, and what was broken said."""

import argparse
import secrets
import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.versions import packaged

from .judge import CAP, judge
from .report import show
from .siege import Siege

MOST_MINUTES = 30


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.siege", description=__doc__)
    parser.add_argument(
        "--minutes", type=_minutes, default=5.0, help=f"of trouble, up to {MOST_MINUTES}; 0.5 is a glance (5)"
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9), help="a number printed by an earlier run")
    parser.add_argument("--cap", type=int, help="most notices to a consumer about a complaint by a channel in a day")
    arguments = parser.parse_args()
    console = Console()
    siege = Siege(arguments.seed, arguments.minutes * 60)
    _watch(console, siege)
    faults = judge(siege.seen, dict.fromkeys(CAP, arguments.cap) if arguments.cap else most_notices())
    show(console, siege, faults)
    return 1 if faults else 0


def most_notices() -> dict[str, int]:
    """By channel, as the operating data that comes with the code says."""
    return max(packaged(Operating).items())[1].notices_a_day.model_dump()


def _watch(console: Console, siege: Siege) -> None:
    columns = (TextColumn("[progress.description]{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=siege.seconds)
        for phase in siege.run():
            said = f"{phase}: {siege.ledger.asked} requests"
            progress.update(task, description=said, completed=progress.tasks[0].elapsed)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if not 0 < minutes <= MOST_MINUTES:
        raise argparse.ArgumentTypeError(f"a number above 0, up to {MOST_MINUTES}")
    return minutes


if __name__ == "__main__":
    sys.exit(main())
