"""EventBridge on the movable clock: the app's scheduled functions, each at its times.

A function on a `rate` that has nothing to do is not run: moving the clock by a month would run the sweep 8,640 times to
no effect. It is run at the first of its ticks at which an alarm of the table is due, which is when it has an effect.
A function on a `cron` is run at each of its times.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.aws.functions import Function, scheduled_event

LOG = logging.getLogger("local")
UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
DAILY = re.compile(r"cron\((\d+) (\d+) \* \* \? \*\)")


@dataclass
class Schedule:
    """One scheduled function. `first_needed`: from when on it would have something to do; None: it has nothing."""

    name: str
    expression: str
    function: Function
    now: Callable[[], datetime]
    first_needed: Callable[[], datetime | None]
    region: str
    _last: datetime | None = None

    def __post_init__(self) -> None:
        if not RATE.fullmatch(self.expression) and not DAILY.fullmatch(self.expression):
            raise ValueError(
                f"{self.name}: only rate(…) and a daily cron(m h * * ? *) are known, not {self.expression}"
            )
        self._last = self.now()

    def next_due(self) -> datetime | None:
        assert self._last is not None
        if daily := DAILY.fullmatch(self.expression):
            at = self._last.replace(hour=int(daily[2]), minute=int(daily[1]), second=0, microsecond=0)
            return at if at > self._last else at + timedelta(days=1)
        needed = self.first_needed()
        return None if needed is None else self._tick(max(needed, self._last + timedelta(seconds=1)))

    def _tick(self, moment: datetime) -> datetime:
        """The first tick at or after a moment; ticks are counted from midnight."""
        rate = RATE.fullmatch(self.expression)
        assert rate is not None
        every = int(rate[1]) * UNITS[rate[2]]
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + -(-(moment - midnight) // every) * every

    def ring(self) -> None:
        self._last = self.now()
        try:
            self.function(scheduled_event(self.name, self.region, self._last))
        except Exception:  # as EventBridge has it: logged, and run again at its next time
            LOG.exception("the scheduled function %s failed", self.name)
