"""One line of JSON a log entry. Ids and counts only: nothing a consumer or a member of staff wrote goes in here."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from chalicelib import wallclock

NAMESPACE = "Redress"

_logger = logging.getLogger("redress")
_followed: ContextVar[Mapping[str, Any]] = ContextVar("followed", default=MappingProxyType({}))

Asked = ParamSpec("Asked")
Answered = TypeVar("Answered")


class Failed(Exception):
    """What leaves a function that failed, under the name of what it failed of. It says where, and nothing else."""


def to_stdout() -> None:
    """Write entries to standard output, where Lambda takes them from. Doing it twice changes nothing."""
    if not _logger.handlers:
        _logger.addHandler(logging.StreamHandler(sys.stdout))
        _logger.setLevel(logging.INFO)
        _logger.propagate = False


@contextmanager
def following(**ids: Any) -> Iterator[None]:
    """Every entry that is written inside has these ids too."""
    before = _followed.set({**_followed.get(), **ids})
    try:
        yield
    finally:
        _followed.reset(before)


def note(what: str, **ids: Any) -> None:
    """Something happened that somebody may want to find again."""
    _logger.info("%s", json.dumps({"level": "info", "what": what, **_followed.get(), **ids}, default=str))


def metric(name: str, value: float, unit: str = "Count", **dimensions: str) -> None:
    """A figure for CloudWatch, which reads it out of the log: its embedded metric format, stamped with machine time."""
    about = {"Namespace": NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": [{"Name": name, "Unit": unit}]}
    stamp = int(wallclock.machine_time().timestamp() * 1000)
    _logger.info(
        "%s", json.dumps({"_aws": {"Timestamp": stamp, "CloudWatchMetrics": [about]}, **dimensions, name: value})
    )


def fault(what: str, **ids: Any) -> None:
    """Something went wrong: the exception being handled is added, by its kind and where it was raised.

    The exception's own text stays out: it may quote what somebody wrote.
    """
    entry = {"level": "error", "what": what, **_where(), **_followed.get(), **ids}
    _logger.error("%s", json.dumps(entry, default=str))


def reticent(function: Callable[Asked, Answered]) -> Callable[Asked, Answered]:
    """The function, but what it raises has no words: Lambda writes them into its log as they are, Step Functions keeps
    them in its history and hands them to the dead letters.

    Raises a Failed of the exception's own name, by which Step Functions tells what may be tried again.
    """

    @wraps(function)
    def invoke(*args: Asked.args, **named: Asked.kwargs) -> Answered:
        try:
            return function(*args, **named)
        except Exception as exception:  # whatever it is, whoever invoked the function tries again or keeps the letter
            fault("a function failed", function=function.__name__)
            name, places = type(exception).__name__, _where()["at"]
        raise type(name, (Failed,), {})(" → ".join(places))  # out here, so that nothing comes along as its context

    return invoke


def _where() -> dict[str, Any]:
    kind, exception, trace = sys.exc_info()
    frames = []
    while trace:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    if kind is None:
        return {}
    refused = getattr(exception, "response", None)  # by AWS, whose codes are words of its own
    code = {"code": refused.get("Error", {}).get("Code")} if isinstance(refused, dict) else {}
    return {"exception": f"{kind.__module__}.{kind.__qualname__}", **code, "at": frames[-8:]}
