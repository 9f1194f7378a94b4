"""What a run tells: who was answered what, and what is wrong; on the console, and as a part of RESULTS.md."""

from collections import Counter
from collections.abc import Iterable

from rich.console import Console

from tests.bench.page import written_by
from tests.bench.results import Results

from .attack import Attack
from .callers import OPERATIONS
from .rights import CALLERS, may

SHORT = {"its storefront": "its shop", "another storefront": "another shop"}


def show(console: Console, attack: Attack) -> None:
    for results in (by_operation(attack.seen), by_caller(attack.seen)):
        console.print(results.table())
        console.print()
    for finding in attack.found.values():
        console.rule(f"[red]{finding.operation}[/red], called by {finding.who or 'nobody'}", align="left")
        for text in (finding.what, finding.again, finding.answer):
            console.print(text, markup=False, highlight=False)
    colour = "red" if attack.found else "green"
    console.print(f"{attack.asked} requests, [{colour}]{_verdict(attack)}[/]; the same again: --seed {attack.seed}")


def part(attack: Attack) -> str:
    """The part of RESULTS.md, with the whole table of operations and callers."""
    said = f"{attack.seconds // 60} minutes, seed {attack.seed}: {attack.asked} requests, {_verdict(attack)}."
    faults = [f"- {one.operation}, called by {one.who or 'nobody'}: {_line(one.what)}" for one in attack.found.values()]
    results = (by_operation(attack.seen), by_caller(attack.seen), in_full(attack.seen))
    head = ["# What it withstands", "", *written_by("make fuzz"), "", said, *([""] if faults else []), *faults, ""]
    return "\n".join([*head, *(one.markdown() for one in results)])


def by_operation(seen: Counter[tuple[str, str, int]]) -> Results:
    results = Results("What was done, by operation", ["operation", "done", "refused", "turned away"])
    results.remarks.append("Refused: somebody who may do it, but not so or not now. Turned away: somebody who may not.")
    for name in OPERATIONS:
        let_in = [who for who in CALLERS if may(name, who)]
        done, refused = _counted(seen, [name], let_in)
        wrongly, away = _counted(seen, [name], [who for who in CALLERS if who not in let_in])
        results.add(name, str(done + wrongly), str(refused), str(away))
    return results


def by_caller(seen: Counter[tuple[str, str, int]]) -> Results:
    results = Results("What was done, by caller", ["caller", "done", "refused or turned away"])
    for who in CALLERS:
        results.add(who, *map(str, _counted(seen, OPERATIONS, [who])))
    return results


def in_full(seen: Counter[tuple[str, str, int]]) -> Results:
    results = Results(
        "Done / not done, by operation and caller", ["operation", *(SHORT.get(who, who) for who in CALLERS)]
    )
    for name in OPERATIONS:
        counts = [_counted(seen, [name], [who]) for who in CALLERS]
        results.add(name, *(f"{done or '·'}/{not_done or '·'}" for done, not_done in counts))
    return results


def _counted(seen: Counter[tuple[str, str, int]], names: Iterable[str], callers: Iterable[str]) -> tuple[int, int]:
    """How many of their requests were done, and how many were not."""
    wanted = {(name, who) for name in names for who in callers}
    theirs = [(status, number) for (name, who, status), number in seen.items() if (name, who) in wanted]
    done = sum(number for status, number in theirs if status < 400)
    return done, sum(number for _, number in theirs) - done


def _verdict(attack: Attack) -> str:
    return f"{len(attack.found)} faults" if attack.found else "no faults"


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
