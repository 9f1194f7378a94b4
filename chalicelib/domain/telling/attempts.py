"""Calls of a storefront's webhook: what may come of one, when the next is made, and when there is none any more.

News that were not taken are tried again after half of the time that they have waited, at least `SOONEST` and at most
`LATEST`, until `GIVEN_UP_AFTER`. A webhook that fails `FAILURES_BEFORE_REST` times in a row is not called for
`FIRST_REST`, then for twice as long, up to `LONGEST_REST`; after `DISABLED_AFTER` of nothing but failures no more.
"""

from datetime import datetime, timedelta
from typing import Literal

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model

from .news import NewsType

SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=12)
GIVEN_UP_AFTER = timedelta(hours=72)
FAILURES_BEFORE_REST = 5
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
DISABLED_AFTER = timedelta(days=7)
SLOW = 2_000  # milliseconds: who takes longer is called once at a time

AttemptOutcome = Literal["delivered", "failed", "uncertain", "given_up"]
"""uncertain: it was sent, and no answer came; given up: it is not tried again."""
Problem = Literal[
    "wrong_form",
    "not_https",
    "not_public",
    "unresolved",
    "unreachable",
    "tls",
    "timeout",
    "no_answer",
    "redirect",
    "refused",
    "gone",
    "busy",
    "server_error",
    "resting",
]
"""Why a call is no delivery. The first four: its address may not be called; then two: nothing was sent; then two:
nobody may know what became of it; then what it answered: 3xx, 4xx, 410, 429 or 503, 5xx; `resting`: it was not called,
since it has failed for so long."""


class Attempt(Model):
    """A call, or that no more will be made. `id`: `webhook-id`; `attempt`: which one of this id."""

    at: Instant
    id: str
    type: NewsType
    complaint_id: str
    seq: int
    attempt: int
    outcome: AttemptOutcome
    status: int | None
    problem: Problem | None
    milliseconds: int | None
    perhaps_repeated: bool


def pause(asked_at: datetime, now: datetime) -> timedelta:
    """For how long news wait that were not taken now, and were to be told at `asked_at`."""
    return min(max((now - asked_at) / 2, SOONEST), LATEST)


def given_up_at(asked_at: datetime) -> datetime:
    return asked_at + GIVEN_UP_AFTER


def rest(failures: int) -> timedelta | None:
    """For how long a webhook is not called after so many failures in a row."""
    doublings = failures - FAILURES_BEFORE_REST
    return None if doublings < 0 else min(FIRST_REST * (1 << min(doublings, 10)), LONGEST_REST)
