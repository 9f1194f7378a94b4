"""What a siege tells: who asked how much and how they were answered, what was judged, and what was broken."""

from collections import defaultdict
from datetime import datetime

from rich.console import Console
from rich.table import Table

from tests.ladders import CHINA

from .judge import Fault
from .siege import Siege

SHOWN = 4
"""Examples of each promise that was broken."""


def show(console: Console, siege: Siege, faults: list[Fault]) -> None:
    console.print(_parties(siege))
    seen = siege.seen
    ordinary = [one for one in seen.kept if one.ordinary]
    checks = [one.view.get("order_check") or {} for one in ordinary]
    verified = sum(check.get("found") is True for check in checks)
    largest, asked = siege.ledger.largest
    entries, notices = (sum(len(getattr(one, what)) for one in seen.kept) for what in ("timeline", "notices"))
    tricks = ", ".join(f"{number} × {trick}" for trick, number in siege.shop.asked.most_common())
    told = (
        f"In China it was {_day(siege.attacked_until)} when the trouble ended, {_day(seen.now)} when it was judged.",
        f"{len(ordinary)} ordinary complaints and {len(seen.kept) - len(ordinary)} others, with {entries} entries and "
        f"{notices} notices; {len(seen.sent)} messages, {len(seen.log)} lines of the log.",
        f"Orders of ordinary complaints: {verified} verified, {len(checks) - verified} left to people.",
        f"Asked of the shop: {tricks}.",
        f"The largest answer: {largest} bytes, {asked}. Of public views: {max(seen.views.values(), default=0)}.",
    )
    for line in told:
        console.print(line, highlight=False, markup=False)
    by_promise: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_promise[fault.promise].append(fault)
    for promise, broken in by_promise.items():
        console.print(f"\n[red]Broken: {promise}[/red] ({len(broken)} times)", highlight=False)
        for fault in broken[:SHOWN]:
            console.print(f"  {fault.about}: {fault.how}"[:400], highlight=False, markup=False)
    verdict = f"[red]{len(faults)} faults[/red]" if faults else "[green]every promise was kept[/green]"
    console.print(
        f"\n{siege.ledger.asked} requests, {verdict}; the same trouble again: --seed {siege.seed}", highlight=False
    )


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%a %m-%d %H:%M}"


def _parties(siege: Siege) -> Table:
    table = Table(title="Who asked, how they were answered, and in how many milliseconds", title_justify="left")
    heads = ("party", "asked", "done", "4xx", "5xx", "median", "95 %")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left", no_wrap=True)
    ledger = siege.ledger
    for party in ledger.parties():
        statuses = {status: number for (who, status), number in ledger.answers.items() if who == party}
        good, refused = (
            sum(n for status, n in statuses.items() if low <= status < high) for low, high in ((200, 400), (400, 500))
        )
        cells = (ledger.by(party), good, refused, ledger.by(party) - good - refused)
        table.add_row(party, *map(str, cells), *(f"{figure:.0f}" for figure in ledger.milliseconds(party)))
    return table
