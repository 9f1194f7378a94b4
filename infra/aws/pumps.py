"""The pumps: what Lambda does between a source and a function. One thread per source, asleep until it has work.

The bell is one lock for all of them: it rings whenever a stream or a queue was written to, and whenever a pump has
finished something; whoever rings it wakes the pumps whose source has work, and `settle` when none has. A pump holds it
only to decide, never while it works.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

LOG = logging.getLogger("local")

RETRY_PAUSE = 0.02
"""Seconds before the first retry, doubled with each further one up to LONGEST_PAUSE: nobody waits for minutes here."""
LONGEST_PAUSE = 0.3


class Source(Protocol):
    """Where a pump takes its work from."""

    name: str

    def waiting(self) -> bool:
        """Whether there is work. Cheap; called with the bell held, so it must not wait for anything."""

    def work(self, stopping: threading.Event) -> None:
        """Take some of the work and do it, retries included."""


class Pumps:
    """All pumps of the system."""

    def __init__(self) -> None:
        self._bell = threading.RLock()
        self._still = threading.Condition(self._bell)
        self._asleep: dict[threading.Condition, Source] = {}
        self._stopping = threading.Event()
        self._sources: list[Source] = []
        self._working: set[str] = set()
        self._threads: list[threading.Thread] = []
        self._turns: dict[int, int] = {}  # how often each pump has worked, by its thread

    def ring(self) -> None:
        """Something was written: whoever waits, look."""
        with self._bell:
            for bed, source in self._asleep.items():
                if self._stopping.is_set() or source.waiting():
                    bed.notify()
            if self._stopping.is_set() or self._settled():
                self._still.notify_all()

    def start(self, sources: Sequence[Source]) -> None:
        self._sources.extend(sources)
        for source in sources:
            thread = threading.Thread(target=self._run, args=(source,), name=f"pump-{source.name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def turn_of_this_thread(self) -> Callable[[], bool]:
        """Tells whether what this thread is doing now, as a pump, is done. What another thread does counts as done."""
        thread = threading.get_ident()
        turn = self._turns.get(thread)
        return lambda: turn is None or self._turns[thread] != turn

    def stop(self, patience: float = 1) -> None:
        """Let every pump finish the invocation it is in, for so many seconds; the rest of the work is dropped with
        everything else."""
        self._stopping.set()
        self.ring()
        patience += time.monotonic()
        for thread in self._threads:
            thread.join(timeout=max(0, patience - time.monotonic()))

    def settled(self) -> bool:
        """Whether no source has work and no pump is working."""
        with self._bell:
            return self._settled()

    def settle(self, timeout: float = 120) -> bool:
        """Wait until there is nothing left to do; false if that takes longer than `timeout` seconds."""
        with self._bell:
            return self._still.wait_for(lambda: self._settled() or self._stopping.is_set(), timeout)

    def _settled(self) -> bool:
        return not self._working and not any(source.waiting() for source in self._sources)

    def _run(self, source: Source) -> None:
        thread, bed = threading.get_ident(), threading.Condition(self._bell)
        self._turns[thread] = 0
        while True:
            with self._bell:
                self._asleep[bed] = source
                bed.wait_for(lambda: source.waiting() or self._stopping.is_set())
                del self._asleep[bed]
                if self._stopping.is_set():
                    return
                self._working.add(source.name)
            try:
                source.work(self._stopping)
            except Exception:  # a pump that dies would stop the system without a word
                LOG.exception("the pump of %s failed", source.name)
                self._stopping.wait(LONGEST_PAUSE)
            finally:
                with self._bell:
                    self._turns[thread] += 1
                    self._working.discard(source.name)
                    self.ring()


def pause(attempt: int, stopping: threading.Event) -> None:
    """Wait before retry number `attempt`, counted from 1."""
    stopping.wait(min(RETRY_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE))


def failed_identifiers(
    invoke: Callable[[], object], identifiers: Sequence[str], reports_items: bool, is_retry: bool
) -> tuple[set[str], bool]:
    """Run an invocation; the identifiers it reports as failed, and whether it failed as a whole (then they are all).

    An answer that names something unknown counts as a failure of the whole batch, as Lambda has it."""
    try:
        answer = invoke()
    except Exception:  # whatever a function raises is a failed invocation
        LOG.error("a reaction failed%s", " again" if is_retry else "", exc_info=not is_retry)
        return set(identifiers), True
    if not reports_items or not isinstance(answer, dict) or not answer.get("batchItemFailures"):
        return set(), False
    failed = {failure.get("itemIdentifier") for failure in answer["batchItemFailures"]}
    return (failed, False) if failed <= set(identifiers) else (set(identifiers), True)
