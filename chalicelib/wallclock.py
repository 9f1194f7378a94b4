"""The one place where time is read. The doors (`app.py`, `web`) read it once and pass it on as an argument.

`exactly()` is the time of the house in UTC, `now()` the same in whole seconds, as all but the order of two filings is
counted. `follow` moves it.
`machine_time()` is the time of the machine, which nobody moves: the user pool stamps its tokens with that.
"""

from collections.abc import Callable
from datetime import UTC, datetime


def _machine() -> datetime:
    return datetime.now(UTC)


def machine_time() -> datetime:
    """The machine's own time, whole seconds, UTC."""
    return _machine().replace(microsecond=0)


_source: Callable[[], datetime] = _machine


def exactly() -> datetime:
    """The time of the house, to the microsecond, UTC."""
    return _source()


def now() -> datetime:
    """The time of the house, whole seconds, UTC."""
    return exactly().replace(microsecond=0)


def follow(source: Callable[[], datetime]) -> None:
    """Read the time from `source` from now on (an aware datetime in UTC)."""
    global _source
    _source = source
