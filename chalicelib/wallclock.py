"""The one place where time is read. The doors (`app.py`, `web`) read it once and pass it on as an argument.

`now()` is the time of the house: whole seconds, UTC. `follow` moves it.
`machine_time()` is the time of the machine, which nobody moves: the user pool stamps its tokens with that.
"""

from collections.abc import Callable
from datetime import UTC, datetime


def machine_time() -> datetime:
    """The machine's own time, whole seconds, UTC."""
    return datetime.now(UTC).replace(microsecond=0)


_source: Callable[[], datetime] = machine_time


def now() -> datetime:
    """The time of the house, whole seconds, UTC."""
    return _source().replace(microsecond=0)


def follow(source: Callable[[], datetime]) -> None:
    """Read the time from `source` from now on (an aware datetime in UTC)."""
    global _source
    _source = source
