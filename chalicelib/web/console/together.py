"""Parts of a page that are read at the same time: each waits for what AWS answers, and none for another."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

from chalicelib import log
from chalicelib.domain.ground.errors import Throttled, Unavailable
from chalicelib.web.problems import as_refusal

AT_ONCE = 8
"""A client of AWS keeps ten connections."""
PATIENCE = 8
"""Seconds after which nothing more is asked for, once a part has not answered."""
Found = TypeVar("Found")


class Reading:
    """What is read for a page, part by part: one that does not answer leaves the others their place."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads, self._began = threads, time.monotonic()
        self._names, self._failed = dict[str, None](), set[str]()

    @property
    def unread(self) -> list[str]:
        """The names of the parts that did not answer, in their order."""
        return [name for name in self._names if name in self._failed]

    def of(self, name: str, part: Callable[[], Iterable[Found]]) -> Future[list[Found]]:
        """All of a part; nothing, if it cannot be read now, or others have kept the reader waiting too long."""
        self._names[name] = None
        return self._threads.submit(copy_context().run, self._read, name, part)  # its entries in the log have our ids

    def _read(self, name: str, part: Callable[[], Iterable[Found]]) -> list[Found]:
        if self._failed and time.monotonic() - self._began > PATIENCE:
            self._failed.add(name)
            return []
        try:
            return [*part()]
        except Exception as exception:  # whatever does not answer: the table, the user pool, a document
            refusal = as_refusal(exception)
            if not isinstance(refusal, Throttled | Unavailable):
                raise
            log.note("a part of a page was not read", part=name, reason=refusal.reason)
            self._failed.add(name)
            return []


@contextmanager
def reading() -> Iterator[Reading]:
    """Reads in threads of its own, which are over at its end."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield Reading(threads)


def said(parts: Iterable[Future[list[Found]]]) -> list[Found]:
    """All of them, in their order."""
    return [one for part in parts for one in part.result()]
