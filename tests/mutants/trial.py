"""Trials: the tests of the domain with one fault put in, each in a process of its own; the first that fails ends it.

Most faults are in functions. For them the tests are collected once, and each child, a copy of that process, gives the
functions the faulty code. What is run when a module is loaded is loaded anew with the fault in it. A fault is tried
with the tests that came by its line, the quickest first; if it was come by in loading, with all.
"""

import ast
import contextlib
import importlib
import importlib.machinery
import importlib.util
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from gc import get_objects
from pathlib import Path
from time import perf_counter
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import hypothesis
import pytest

from .faults import Fault

TESTS = ("tests/domain",)
NOT_TRIED = ("tests/domain/test_worktime.py::test_the_calendar_is_read_once_and_in_less_than_two_milliseconds",)
USED = ("_pytest.assertion.rewrite", "chinese_calendar", "holidays", "hypothesis.stateful", "pydantic", "zoneinfo")
OPTIONS = ("-x", "-qq", "--no-header", "--noconftest", "-p", "no:cacheprovider")
TIMES, SECONDS = 5, 5.0  # a test may take so many times as long as without a fault, and so many seconds more
MEMORY = 4 << 30  # bytes
LIVED, KILLED, ANEW = 0, 1, 2
LOADING = "in loading"


@dataclass(frozen=True)
class Trial:
    """A fault in a module, whose `tree` it is put into. `source` is the code without it."""

    module: str
    file: str
    tree: ast.Module
    source: CodeType
    fault: Fault

    def code(self) -> CodeType:
        """The module with the fault in it; the tree is spoilt for others then."""
        self.fault.put_in()
        return compile(ast.fix_missing_locations(self.tree), self.file, "exec")


@dataclass
class Known:
    """What is known of each test: how long it takes, in seconds, and which lines of which files it comes by."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def comes_by(self, test: str, trial: Trial) -> bool:
        return trial.fault.line in self.lines.get(test, {}).get(trial.file, ())

    def at_loading(self, trial: Trial) -> bool:
        return self.comes_by(LOADING, trial)

    def put_in_order(self, items: list[pytest.Item], trial: Trial) -> None:
        items.sort(key=lambda item: (not self.comes_by(item.nodeid, trial), self.seconds.get(item.nodeid, 0)))
        coming_by = sum(self.comes_by(item.nodeid, trial) for item in items)
        if coming_by and not self.at_loading(trial):
            del items[coming_by:]


def prepare() -> None:
    """Import what every trial needs; nothing of the project."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in USED:
        importlib.import_module(name)
    hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutants")


def look(below: str) -> Known | None:
    """The tests as they are, and what is known of each then; None if one fails."""

    def run(told: int) -> int:
        watch = Watch(below)
        result = _pytest(watch)
        with open(told, "wb") as pipe:
            pickle.dump(watch.known, pipe)
        return result

    number, told = _child(run)
    with open(told, "rb") as pipe:
        known: Known = pickle.load(pipe)
    return known if _status(number) == LIVED else None


def outcomes(trials: list[Trial], known: Known, at_once: int) -> Iterator[tuple[int, bool]]:
    """Of each trial, by its place: whether the fault lived."""
    anew = []
    ready = [n for n, trial in enumerate(trials) if not known.at_loading(trial)]
    number, told = _child(lambda told: _pytest(Collected(trials, ready, known, at_once, told)))
    with open(told, encoding="ascii") as pipe:
        for line in pipe:
            n, result = map(int, line.split())
            if result == ANEW:
                anew.append(n)
            else:
                yield n, result == LIVED
    _status(number)
    anew += [n for n, trial in enumerate(trials) if known.at_loading(trial)]
    for n, result in _side_by_side(anew, lambda n: _loaded_with(trials[n], known), at_once):
        yield n, result == LIVED


def _loaded_with(trial: Trial, known: Known) -> int:
    sys.meta_path.insert(0, Faulty(trial.module, trial.file, trial.code()))
    return _pytest(Ordered(trial, known))


def _pytest(plugin: object) -> int:
    return int(pytest.main([*OPTIONS, *(f"--deselect={test}" for test in NOT_TRIED), *TESTS], plugins=[plugin]))


# ---- processes -------------------------------------------------------------------------------------------------------


def _side_by_side(numbers: Iterable[int], work: Callable[[int], int], at_once: int) -> Iterator[tuple[int, int]]:
    running: dict[int, int] = {}
    for n in numbers:
        if len(running) >= at_once:
            yield _ended(running)
        number, told = _child(lambda _, n=n: work(n))
        os.close(told)
        running[number] = n
    while running:
        yield _ended(running)


def _ended(running: dict[int, int]) -> tuple[int, int]:
    number, status = os.wait()
    return running.pop(number), os.waitstatus_to_exitcode(status)


def _status(number: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def _child(work: Callable[[int], int]) -> tuple[int, int]:
    """A copy of this process does some work, silently: its number, and where it can be heard what it has to tell."""
    heard, told = os.pipe()
    if number := os.fork():
        os.close(told)
        return number, heard
    result = KILLED
    try:
        os.close(heard)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            result = work(told)
    finally:
        os._exit(result if result in (LIVED, ANEW) else KILLED)


# ---- plugins of pytest -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """A test that runs for ever has found the fault."""
    signal.signal(signal.SIGALRM, lambda *_: os._exit(KILLED))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


@dataclass
class Ordered:
    """The tests of one trial, in its order."""

    trial: Trial
    known: Known

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.known.put_in_order(items, self.trial)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        with _within(TIMES * self.known.seconds.get(item.nodeid, 0) + SECONDS):
            yield


@dataclass
class Collected:
    """The tests are collected, and now tried with each of many faults."""

    trials: list[Trial]
    numbers: list[int]
    known: Known
    at_once: int
    told: int

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        below = {trial.file for trial in self.trials}
        functions = [
            one for one in get_objects() if isinstance(one, FunctionType) and one.__code__.co_filename in below
        ]

        def work(n: int) -> int:
            if not _given(functions, self.trials[n]):
                return ANEW
            self.known.put_in_order(session.items, self.trials[n])
            return self._result(session)

        for n, result in _side_by_side(self.numbers, work, self.at_once):
            os.write(self.told, f"{n} {result}\n".encode())
        return True

    def _result(self, session: pytest.Session) -> int:
        for item, after in zip(session.items, [*session.items[1:], None], strict=True):
            with _within(TIMES * self.known.seconds.get(item.nodeid, 0) + SECONDS):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed:
                return KILLED
        return LIVED


def _given(functions: list[FunctionType], trial: Trial) -> bool:
    """Whether the functions that are there could be given the faulty code; not if some of it has been run already."""
    faulty = dict(_differing(trial.source, trial.code()))
    given = False
    for function in functions:
        if function.__code__ in faulty:
            try:
                function.__code__ = faulty[function.__code__]
            except ValueError:  # it closes over something else
                return False
            given = True
    return given


def _differing(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    if old == new:
        return
    yield old, new
    inner = [[part for part in code.co_consts if isinstance(part, CodeType)] for code in (old, new)]
    if len(inner[0]) == len(inner[1]):
        for pair in zip(*inner, strict=True):
            yield from _differing(*pair)


class Faulty(importlib.machinery.SourceFileLoader):
    """Finds one module, and gives it other code than its file has."""

    def __init__(self, module: str, file: str, code: CodeType) -> None:
        super().__init__(module, file)
        self.code = code

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> Any:
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        return self.code


class Watch:
    """Looks which lines each test comes by, in the files below a folder."""

    def __init__(self, below: str) -> None:
        self.below = below
        self.known = Known()
        self.lines: dict[str, set[int]] = {}

    def pytest_sessionstart(self) -> None:
        self.known.lines[LOADING] = self.lines
        sys.settrace(self._called)

    def pytest_collection_finish(self) -> None:
        sys.settrace(None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.lines = self.known.lines[item.nodeid] = {}
        begun = perf_counter()
        sys.settrace(self._called)
        yield
        sys.settrace(None)
        self.known.seconds[item.nodeid] = perf_counter() - begun

    def _called(self, frame: FrameType, what: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith(self.below):
            return None
        of_file = self.lines.setdefault(frame.f_code.co_filename, set())

        def noted(frame: FrameType, what: str, _: object) -> Any:
            of_file.add(frame.f_lineno)
            return noted

        return noted
