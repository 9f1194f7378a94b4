"""When the rounds of the house have something to do: an hour between two occasions strikes to no effect.

Moving the clock by a month would run them 720 times, most of them in vain. They are run at once, then at the first hour
after each next occasion of any of them, and at the next hour if one failed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.casework import rules
from chalicelib.casework.rounds import ROUNDS
from infra.aws.functions import Function

AHEAD = timedelta(days=7)


class Ahead:
    """The function `rounds`, and from when on it is needed."""

    def __init__(self, function: Function, now: Callable[[], datetime]) -> None:
        self._function, self._now = function, now
        self._needed = now()

    def make(self, event: dict[str, Any]) -> Any:
        now = self._now()
        answer = self._function(event)
        policy = rules.in_force(now)
        occasions = (next(one.when.since(now, now + AHEAD, policy), None) for one in ROUNDS)
        self._needed = min((one for one in occasions if one), default=now + AHEAD)
        return answer

    def first_needed(self) -> datetime:
        return self._needed
