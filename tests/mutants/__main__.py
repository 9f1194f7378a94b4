"""`make mutants`: how many small faults in the domain its tests find, module by module, and which they do not."""

import argparse
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from . import trial
from .faults import Fault, faults_in, parsed

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "chalicelib" / "domain"
WAIVED = Path(__file__).with_name("waived.toml")
AIM = 95  # per cent


def main(arguments: list[str]) -> None:
    asked = _options().parse_args(arguments)
    waivers = Waivers()
    files = [file for file in sorted(DOMAIN.rglob("*.py")) if _is_asked_for(file, asked.modules, waivers.elsewhere)]
    if not files:
        sys.exit(f"No module of the domain is called like {' or '.join(asked.modules)}.")
    console = Console(highlight=False)
    trials = [one for file in files for one in _trials(file) if asked.all or not waivers.reason(one)]
    if asked.list:
        for one in trials:
            console.print(_said(one), markup=False, soft_wrap=True)
        return
    lived = _tried(trials, asked.jobs, console)
    waived = Counter(_name(one.file) for file in files for one in _trials(file) if waivers.reason(one))
    _print(trials, lived, Counter() if asked.all else waived, console)
    for name, where in waivers.elsewhere.items() if not asked.modules else ():
        console.print(f"Not tried: {name}. It is tested by {where}.", markup=False)
    if not asked.modules and (stale := waivers.unused):
        console.print("Waivers that fit nothing any more:", *stale, sep="\n  ", markup=False)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    options.add_argument("modules", nargs="*", metavar="MODULE", help="part of a module's path, complaint/alarms say")
    options.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="so many at once (%(default)s)")
    options.add_argument("--list", action="store_true", help="only say which faults would be tried")
    options.add_argument("--all", action="store_true", help=f"try those too that {WAIVED.name} waives")
    return options


def _is_asked_for(file: Path, modules: list[str], elsewhere: Collection[str]) -> bool:
    name = _name(str(file))
    return any(part in name for part in modules) if modules else name not in elsewhere


def _name(file: str) -> str:
    return Path(file).relative_to(DOMAIN).as_posix()


def _said(one: trial.Trial) -> str:
    return f"{_name(one.file)}:{one.fault.line}  {one.fault}"


def _trials(file: Path) -> list[trial.Trial]:
    tree = parsed(file)
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    code = compile(tree, str(file), "exec")
    return [trial.Trial(module, str(file), tree, code, fault) for fault in faults_in(tree)]


class Waivers:
    """Faults that no test can find, by module, line of text and what becomes of it.

    `elsewhere`: modules that are not tried unless they are named, and where they are tested.
    """

    def __init__(self) -> None:
        listed = tomllib.loads(WAIVED.read_text(encoding="utf-8"))
        self.elsewhere = listed["elsewhere"]
        self._reasons = {(one["module"], one["line"], one["fault"]): one["why"] for one in listed["waived"]}
        self._used: set[tuple[str, str, str]] = set()

    def reason(self, one: trial.Trial) -> str | None:
        key = _name(one.file), line_of(one.file, one.fault), str(one.fault)
        self._used |= {key} & set(self._reasons)
        return self._reasons.get(key)

    @property
    def unused(self) -> list[str]:
        return [" | ".join(key) for key in self._reasons if key not in self._used]


def line_of(file: str, fault: Fault) -> str:
    return Path(file).read_text(encoding="utf-8").splitlines()[fault.line - 1].strip()


def _tried(trials: list[trial.Trial], jobs: int, console: Console) -> list[trial.Trial]:
    """The trials whose faults lived."""
    os.chdir(ROOT)
    trial.prepare()
    console.print("The tests as they are …")
    known = trial.look(str(DOMAIN))
    if known is None:
        sys.exit("The tests of the domain fail without any fault put in.")
    lived = []
    with Progress(console=console, auto_refresh=False) as progress:  # no thread that children would inherit
        task = progress.add_task(f"{len(trials)} faults", total=len(trials))
        for done, (n, result) in enumerate(trial.outcomes(trials, known, jobs), start=1):
            if result:
                lived.append(n)
                console.print(f"alive: {_said(trials[n])}", markup=False, soft_wrap=True)
            progress.update(task, advance=1, description=f"{len(lived)} alive")
            progress.refresh()
            if not console.is_terminal and done % 100 == 0:
                console.print(f"{done} of {len(trials)}, {len(lived)} alive")
    return [trials[n] for n in sorted(lived)]


def _print(trials: list[trial.Trial], lived: list[trial.Trial], waived: Counter[str], console: Console) -> None:
    tried, alive = (Counter(_name(one.file) for one in some) for some in (trials, lived))
    table = Table("module", *("mutants", "killed", "waived", "alive", "score"))
    for column in table.columns[1:]:
        column.justify = "right"
    for name in [*sorted(tried | waived), ""]:
        of = [sum(one.values()) if not name else one[name] for one in (tried, waived, alive)]
        table.add_row(name or "all", *_row(*of), end_section=not name)
    console.print(table)
    score = 100 * (1 - len(lived) / max(len(trials), 1))
    console.print(f"{score:.1f} % of what is not waived is killed; the aim is {AIM} %.")


def _row(tried: int, waived: int, alive: int) -> tuple[str, ...]:
    score = f"{100 * (1 - alive / tried):.1f} %" if tried else "–"
    return (str(tried + waived), str(tried - alive), str(waived), str(alive), score)


if __name__ == "__main__":
    main(sys.argv[1:])
