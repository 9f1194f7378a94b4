"""What the house writes to its log, for tests of what stands there and what must not."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Heard(logging.Handler):
    """What was written to the log, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def about(self, what: str) -> list[dict[str, Any]]:
        """The lines that say `what`."""
        return [line for line in self.lines if line.get("what") == what]

    def figures(self) -> dict[str, float]:
        """The last of each, as CloudWatch takes it from a line."""
        return {
            one["Name"]: line[one["Name"]]
            for line in self.lines
            if "_aws" in line
            for about in line["_aws"]["CloudWatchMetrics"]
            for one in about["Metrics"]
        }


@contextmanager
def hearing() -> Iterator[Heard]:
    """The lines that are written inside."""
    handler = Heard()
    logger = logging.getLogger("redress")
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
