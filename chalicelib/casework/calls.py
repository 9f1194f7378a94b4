"""Storefronts are called: each piece of news goes to the webhook of whose complaint it is about. Any message may come
twice or out of order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any


def call(messages: Iterable[dict[str, Any]], now: datetime, machine_time: datetime) -> list[str]:
    """Calls the webhooks for the news that queue messages name; the ids of messages to be delivered again."""
    raise NotImplementedError


from typing import NamedTuple


class Outcome(NamedTuple):
    delivered: bool
    status: int | None
    problem: str | None
    milliseconds: int


def try_out(webhook: Any, now: datetime, machine_time: datetime) -> Outcome:
    return Outcome(False, None, "unreachable", 3)
