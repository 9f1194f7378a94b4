"""A storefront hears once more what it heard from a moment on: a message walks along its list, some news at a time.

Each piece of news gets its place in the outbox again, by the same id, and its key goes to `calls`, which says that it
is perhaps repeated; then the message goes on from the last place. It may come twice: what was asked for again at the
same moment is not asked for once more.

Another walk is that of what waited while a webhook failed, once it is there again: it waits no longer.
"""

import json
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib import log
from chalicelib.adapters import news, outbox, webhooks
from chalicelib.adapters.aws import client
from chalicelib.domain.ground.instants import Instant, written
from chalicelib.domain.ground.model import Model
from chalicelib.domain.telling.news import STOREFRONT
from chalicelib.settings import settings

A_STEP = 100
"""News, from one message to the next."""
KIND = "redeliver"
A_MOMENT = timedelta(seconds=5)
BEFORE = timedelta(hours=1)
"""The first failure: what was on its way by then waits too."""


class Asked(Model):
    """What was written down for a storefront `since` then, up to the moment at which that was asked; from behind the
    place `after` in its list. `waiting`: of that only what waits, and that goes on."""

    storefront: str
    since: Instant
    asked_at: Instant
    after: str = ""
    waiting: bool = False


def resume(storefront: str, failing_since: datetime, now: datetime) -> None:
    """What has waited since a webhook failed goes on, as soon as it stands that this is over."""
    begin(Asked(storefront=storefront, since=failing_since - BEFORE, asked_at=now, waiting=True), A_MOMENT)


def begin(asked: Asked, delay: timedelta = timedelta()) -> None:
    """It goes into the queue of webhooks, off the request path."""
    body = json.dumps({KIND: json.loads(asked.model_dump_json())})
    group = f"{STOREFRONT}{asked.storefront}"
    client("sqs").send_message(
        QueueUrl=settings().webhooks_queue_url,
        MessageBody=body,
        MessageGroupId=group,
        DelaySeconds=int(delay.total_seconds()),
    )


def parse(body: str) -> Asked | None:
    """What a message of the queue asks; None for one that names a piece of news."""
    said: Any = json.loads(body)
    return Asked.model_validate(said[KIND]) if KIND in said else None


def go_on(asked: Asked, step: int = A_STEP) -> None:
    """So many more of the list, and the message for the rest; nothing where the webhook is off by now."""
    webhook = webhooks.to_call(asked.storefront)
    if webhook is None or webhook.state != "on":
        return
    after, until = asked.after or written(asked.since), f"{written(asked.asked_at)}~"
    found = list(islice(news.listed(asked.storefront, after, until, step), step))
    for _, told in found:
        if webhook.wants(told.type):
            key = news.key_of(told.data.complaint_id, told.data.seq, asked.storefront)
            if asked.waiting:
                outbox.wait_no_longer(key)
            else:
                outbox.ask_again(key, asked.asked_at)
    if len(found) == step:
        begin(asked.model_copy(update={"after": found[-1][0]}))
    log.note("a list of news was walked", storefront=asked.storefront, found=len(found), waiting=asked.waiting)
