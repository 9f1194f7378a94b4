"""How long a new container takes to its first answer, beside the floor: `import boto3; boto3.client("dynamodb")`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from infra.aws import REGION
from tests.running import ROOT

from . import desks
from .results import Results
from .samples import API, Sample, Studio, wanted
from .tape import dumped, save

FLOOR = "the floor"
THE_END = "; import os; os._exit(0)"
"""A container answers and goes on: what Python does at the end of a process is not part of it."""
CLIENT = "import boto3; boto3.client('dynamodb')"
MODELS = "import pydantic; pydantic.BaseModel"
CREDENTIALS = "import chalice.app, email_validator, phonenumbers; from joserfc import jwt, jwk"
PROGRAMS = {
    "Python alone": "pass" + THE_END,
    FLOOR: CLIENT + THE_END,
    "the floor and pydantic": f"{CLIENT}; {MODELS}{THE_END}",
    "the floor and all libraries of a filing": f"{CLIENT}; {MODELS}; {CREDENTIALS}{THE_END}",
}
FIRST = "from tests.bench.first_answer import main; main({path!r})" + THE_END
FIRST_OPERATION = "file_complaint"
A_PAGE = f"{API}, the queue as a page of the console"
UNCOMPILED = f"{API}, its sources not compiled"
"""As on Lambda with a zip that holds no .pyc, whose folder cannot be written to either: each start compiles anew."""
OF_THE_RUNTIME = {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"}
AIMS = {API: 1.25}
AIM = 1.1  # times the floor, for functions that are not HTTP


@dataclass
class Runs:
    """Processes of one kind: milliseconds of CPU, and of the wall's clock."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def cold_starts(
    studio: Studio, runs: int, said: Callable[[str], None], functions: Collection[str] | None = None
) -> Results:
    """Runs everything in turn, so that whatever else the machine does weighs on all alike. `functions`: only these."""
    measured: dict[str, Runs] = {}
    with TemporaryDirectory() as directory:
        programs = PROGRAMS | dict(_first_answers(studio, Path(directory), functions))
        programs[A_PAGE] = _first_page(studio, Path(directory))
        compiled = _compiled(programs.values(), Path(directory))
        for number in range(runs):
            said(f"cold starts, round {number + 1} of {runs}")
            for name, code in programs.items():
                _run(code, measured.setdefault(name, Runs()), compiled["everything"])
            _run(programs[API], measured.setdefault(UNCOMPILED, Runs()), compiled["the runtime"])
    return _told(measured, runs)


def _first_answers(studio: Studio, directory: Path, functions: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """By function, a program that gives its first answer."""
    for function, what, prepare in _first_of_each():
        if functions is not None and function not in functions:
            continue
        sample = studio.record(function, what, prepare, cold=True)
        path = directory / f"{function}.json"
        save(str(path), _as_file(sample, studio.house.environment))
        yield function, FIRST.format(path=str(path))


def _first_page(studio: Studio, directory: Path) -> str:
    path = directory / "page.json"
    save(str(path), _as_file(studio.record(API, "a page", desks.queue, cold=True), studio.house.environment))
    return FIRST.format(path=str(path))


def _first_of_each() -> Iterable[tuple[str, str, Callable]]:
    chosen = {}
    for function, what, prepare in wanted():
        if function != API or what == FIRST_OPERATION:
            chosen.setdefault(function, (function, what, prepare))
    return chosen.values()


def _as_file(sample: Sample, environment: dict[str, str]) -> dict[str, object]:
    return {
        "function": sample.function,
        "event": sample.event,
        "now": sample.now.isoformat(),
        "environment": environment,
        "answers": dumped(sample.answers),
    }


def _run(code: str, runs: Runs, compiled: Path, *, keep: bool = False) -> None:
    """Python looks for compiled modules in `compiled`, and adds to it if `keep`."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(compiled),
        "PYTHONDONTWRITEBYTECODE": "" if keep else "1",
        "AWS_DEFAULT_REGION": REGION,
    }
    began = perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"a first answer failed: {code}")
    runs.wall.append((perf_counter() - began) * 1000)
    runs.cpu.append((usage.ru_utime + usage.ru_stime) * 1000)


def _compiled(programs: Iterable[str], directory: Path) -> dict[str, Path]:
    """A folder with everything compiled that they import, and one with only what comes with the runtime."""
    everything, runtime = directory / "everything", directory / "runtime"
    for code in programs:
        _run(code, Runs(), everything, keep=True)
    shutil.copytree(everything, runtime)
    libraries = [one for folder in runtime.rglob("site-packages") for one in folder.iterdir()]
    ours = [one for one in libraries if one.name not in OF_THE_RUNTIME]
    for one in (*ours, *(runtime / ROOT.relative_to("/")).glob("[act]*")):  # app, chalicelib, tests
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()
    return {"everything": everything, "the runtime": runtime}


def _told(measured: dict[str, Runs], runs: int) -> Results:
    floor = median(measured[FLOOR].cpu)
    results = Results(
        "Cold start: a whole process to its first answer",
        ["what", "CPU ms", "wall ms", "× the floor", "aim", ""],
        remarks=[
            f'Medians of {runs} processes each, run in turn. The floor is `import boto3; boto3.client("dynamodb")`.',
            "The first answer of the API is a complaint filed; AWS's answers are played from a recording. Python finds",
            "everything compiled, as in the zip, but in the last row, where only what comes with the runtime is.",
            "What stands in the way of the aims is the libraries: the floor with pydantic, which every function needs,",
            "is over 1.1 ×, and with what a filing needs besides (tokens, addresses, telephone numbers) over 1.25 ×.",
        ],
    )
    for name, own in measured.items():
        ratio = median(own.cpu) / floor
        aim = None if name in (*PROGRAMS, A_PAGE, UNCOMPILED) else AIMS.get(name, AIM)
        results.add(name, f"{median(own.cpu):.0f}", f"{median(own.wall):.0f}", f"{ratio:.2f}", aim=aim, got=ratio)
    return results
