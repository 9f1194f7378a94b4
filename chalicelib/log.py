"""One line of JSON a log entry. Ids and counts only: nothing a consumer or a member of staff wrote goes in here."""

import json
import logging
import sys
from typing import Any

from chalicelib import wallclock

NAMESPACE = "Redress"

_logger = logging.getLogger("redress")


def to_stdout() -> None:
    """Write entries to standard output, where Lambda takes them from. Doing it twice changes nothing."""
    if not _logger.handlers:
        _logger.addHandler(logging.StreamHandler(sys.stdout))
        _logger.setLevel(logging.INFO)
        _logger.propagate = False


def note(what: str, **ids: Any) -> None:
    """Something happened that somebody may want to find again."""
    _logger.info("%s", json.dumps({"level": "info", "what": what, **ids}, default=str))


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
    _logger.error("%s", json.dumps({"level": "error", "what": what, **_where(), **ids}, default=str))


def _where() -> dict[str, Any]:
    kind, _, trace = sys.exc_info()
    frames = []
    while trace:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"exception": f"{kind.__module__}.{kind.__qualname__}", "at": frames[-8:]} if kind else {}
