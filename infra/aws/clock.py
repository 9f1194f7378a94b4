"""The clock of the machine: it runs at normal speed or stands still, can be moved forward, never goes back.

Moving it is a journey: whatever is due on the way rings at its own time, in order, and everything a ring sets off
has settled before the next one.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

LOG = logging.getLogger("local")
DURATION = re.compile(
    r"P(?=\d|T)(?:(?P<weeks>\d{1,20})W)?(?:(?P<days>\d{1,20})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,20})H)?(?:(?P<minutes>\d{1,20})M)?(?:(?P<seconds>\d{1,20})S)?)?"
)
TICK = 1.0  # seconds between two looks at what is due
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


LAST = datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The schedules of EventBridge end with this year, and the local times of all zones are dates still."""
AT_ONCE = timedelta(days=3_660)
"""So far the clock is moved at once: all that is due on the way rings, each at its own time."""


class Backwards(ValueError):
    """Somebody asked for a time that is over."""


class TooFar(ValueError):
    """Somebody asked for a time that nothing here reaches."""


class Alarms(Protocol):
    """Something that rings at set times: the waits of state machines, schedules."""

    def next_due(self) -> datetime | None:
        """When it rings next; none if nothing is set."""

    def ring(self) -> None:
        """Ring whatever is due by now. Afterwards `next_due` must be later than before, or none."""


def standing_still() -> float:
    """In the place of a machine's seconds: a clock that only goes when it is moved."""
    return 0.0


class Clock:
    """`now()` begins at `start` (an aware instant; by default the machine's) and goes as `seconds` go."""

    def __init__(self, start: datetime | None = None, seconds: Callable[[], float] = time.monotonic) -> None:
        self._base = start or datetime.now(UTC)
        self._seconds, self._began = seconds, seconds()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._base + timedelta(seconds=self._seconds() - self._began)

    def move_to(self, instant: datetime) -> None:
        """Be at this instant, or stay where that is earlier."""
        with self._lock:
            self._base += max(instant - self.now(), timedelta())


def travel(clock: Clock, target: datetime, alarms: Sequence[Alarms], settle: Callable[[], None]) -> None:
    """Move to `target`, ringing what is due by then on the way; the second that it is now is no time in the past.

    Raises Backwards, or TooFar, which says how far it is possible."""
    now = clock.now()
    if target < now.replace(microsecond=0):
        raise Backwards(f"the clock never goes back: it is {format_instant(now)} already")
    if target > (furthest := furthest_from(now)):
        raise TooFar(f"the furthest that is possible is {format_instant(furthest)}")
    settle()
    while (due := _first_due(alarms)) is not None and due[0] <= target:
        clock.move_to(due[0])
        due[1].ring()
        settle()
    clock.move_to(target)
    settle()


def furthest_from(now: datetime) -> datetime:
    """How far the clock can be moved at once."""
    return max(now, min(now + AT_ONCE, LAST))


class Ticker:
    """Rings alarms as time goes by, while nobody moves the clock."""

    def __init__(self, clock: Clock, alarms: Sequence[Alarms], ringing: threading.Lock) -> None:
        self._clock, self._alarms, self._ringing = clock, alarms, ringing
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(TICK):
            try:
                self._ring()
            except Exception:  # a ticker that dies would stop the clock without a word
                LOG.exception("something could not be rung")

    def _ring(self) -> None:
        with self._ringing:
            while (due := _first_due(self._alarms)) and due[0] <= self._clock.now() and not self._stopping.is_set():
                due[1].ring()


def _first_due(alarms: Sequence[Alarms]) -> tuple[datetime, Alarms] | None:
    known = [(due, alarm) for alarm in alarms if (due := alarm.next_due()) is not None]
    return min(known, key=lambda pair: pair[0], default=None)


def parse_instant(text: object) -> datetime:
    """An RFC 3339 instant, as UTC. Raises ValueError with a message for people."""
    try:
        if isinstance(text, str) and INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # the message below says it better
    raise ValueError(f"not an instant like 2026-12-01T00:00:00Z: {text!r}")


def parse_duration(text: object) -> timedelta:
    """An ISO 8601 duration of weeks to seconds, none below zero. Raises ValueError with a message for people."""
    try:
        if isinstance(text, str) and (parts := DURATION.fullmatch(text)):
            return timedelta(**{unit: int(amount) for unit, amount in parts.groupdict().items() if amount})
    except OverflowError:
        return timedelta.max  # a duration, and longer than any that there is
    raise ValueError(f"not a duration like P3DT2H, PT90S or P1W: {text!r}")


def format_instant(instant: datetime) -> str:
    """RFC 3339, UTC with Z, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def format_milliseconds(instant: datetime) -> str:
    """RFC 3339, UTC with Z, milliseconds: as AWS stamps what it tells."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
