"""EventBridge on the movable clock: the app's scheduled functions, each at its times.

A function of which it is known when it next has something to do is not run before: moving the clock by a month would
run a sweep on `rate(5 minutes)` 8,640 times to no effect. It is run at the first of its times at which it has one.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from infra.aws import cron
from infra.aws.functions import Function, scheduled_event

LOG = logging.getLogger("local")
MOMENT = timedelta.resolution


class Schedule:
    """One scheduled function. `first_needed`: from when on it would have something to do; None: it has nothing.

    Raises ValueError, naming the function, for an expression that EventBridge would not take."""

    def __init__(
        self,
        name: str,
        expression: str,
        function: Function,
        now: Callable[[], datetime],
        region: str,
        first_needed: Callable[[], datetime | None] | None = None,
    ) -> None:
        self.name, self.function, self._now, self._region = name, function, now, region
        self._first_needed = first_needed
        try:
            self._times = cron.read(expression)
        except ValueError as fault:
            raise ValueError(f"{name}: {fault}") from None
        self._next = self._times.after(now())

    def next_due(self) -> datetime | None:
        if self._first_needed is None or self._next is None:
            return self._next
        needed = self._first_needed()
        if needed is None:
            return None
        return self._next if needed <= self._next else self._times.after(needed - MOMENT)

    def ring(self) -> None:
        now = self._now()
        self._next = self._times.after(now)
        try:
            self.function(scheduled_event(self.name, self._region, now))
        except Exception:  # as EventBridge has it: logged, and run again at its next time
            LOG.exception("the scheduled function %s failed", self.name)
