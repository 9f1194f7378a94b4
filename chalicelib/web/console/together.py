"""Questions that are asked at the same time: each waits for what AWS answers, and none for another."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, TypeVar

from chalicelib import log

AT_ONCE = 8
"""A client of AWS keeps ten connections."""
Told = TypeVar("Told")
Ask = Callable[..., Future[Any]]


@contextmanager
def asking() -> Iterator[Ask]:
    """Asks in threads of its own, which are over at its end; their entries in the log have the ids of ours."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield lambda question, *about: threads.submit(copy_context().run, question, *about)


def heard(asked: Iterable[Future[list[Told]]]) -> list[Told]:
    """All that was said, in the order of the questions. One that failed is logged, and keeps no other."""
    return [said for one in asked for said in _heard(one)]


def _heard(asked: Future[list[Told]]) -> list[Told]:
    try:
        return asked.result()
    except Exception:  # whatever it was: the page says that something is missing
        log.fault("a part of a page failed")
        return []
