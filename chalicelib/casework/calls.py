"""Storefronts are called: each piece of news goes to the webhook of whose complaint it is about. Any message may come
twice or out of order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.adapters.webhooks import Webhook


def call(messages: Iterable[dict[str, Any]], now: datetime, machine_time: datetime) -> list[str]:
    """Calls the webhooks for the news that queue messages name; the ids of messages to be delivered again."""
    raise NotImplementedError


class Outcome(NamedTuple):
    """What came of a call: the status that was answered, if one was, and why it is no delivery."""

    delivered: bool
    status: int | None
    problem: str | None
    milliseconds: int


def try_out(webhook: Webhook, now: datetime, machine_time: datetime) -> Outcome:
    """A webhook is called at once, about nothing, and nothing of that is kept."""
    raise NotImplementedError
