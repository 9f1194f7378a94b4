"""What a run tells: who was answered what, by operation, and what is wrong."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from .attack import Attack
from .callers import OPERATIONS, ROLES

SHORT = {"nobody": "–", "storefront": "shop", "its consumer": "own", "another consumer": "other"}


def show(console: Console, attack: Attack) -> None:
    """For each operation and caller, how often it did something, and how often it was turned away."""
    table = Table(title=f"{attack.asked} requests: done / turned away, by caller", title_justify="left")
    table.add_column("operation")
    for who in ROLES:
        table.add_column(SHORT.get(who, who.partition(".")[2] and who), justify="right", no_wrap=True)
    for name in OPERATIONS:
        table.add_row(name, *(_told(attack.seen, name, who) for who in ROLES))
    console.print(table)
    for finding in attack.found.values():
        console.rule(f"[red]{finding.operation}[/red], called by {finding.who or 'nobody'}", align="left")
        for text in (finding.what, finding.again, finding.answer):
            console.print(text, markup=False, highlight=False)
    verdict = f"[red]{len(attack.found)} faults[/red]" if attack.found else "[green]no faults[/green]"
    console.print(f"{verdict}; the same again: --seed {attack.seed}")


def _told(seen: Counter[tuple[str, str, int]], name: str, who: str) -> str:
    counts = {
        status: number for (operation, caller, status), number in seen.items() if (operation, caller) == (name, who)
    }
    done = sum(number for status, number in counts.items() if status < 400)
    return f"{done or '·'}/{sum(counts.values()) - done or '·'}"
