"""The Chalice app: its resources, and every Lambda that is not HTTP."""

import gc
import os
from typing import Any

from chalice import Chalice

from chalicelib import log, wallclock

# Of what a start takes, a fifth went into looking for garbage, and some into looking for plugins of pydantic: both are
# told before anything heavy is imported, which is below and in the functions. A start leaves up to 140,000 objects.
gc.set_threshold(250_000)
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

log.to_stdout()
app = Chalice(app_name="redress", configure_logs=False)
app.api.binary_types = []  # all we answer is text, whatever is asked for first: API Gateway must not take it for base64
if os.environ.get("_HANDLER", "app.app") == "app.app":  # on Lambda, the functions that do not answer HTTP start without
    from chalicelib.web import APIS, CONSOLE, PAGES

    for part in (*APIS, *PAGES, *CONSOLE):
        app.register_blueprint(part)


@app.lambda_function(name="react")
@log.reticent
def react(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The table's stream: what follows from each new event."""
    from chalicelib.casework.react import react as follow

    return _failed(follow(event["Records"], wallclock.now()))


@app.lambda_function(name="deliver")
@log.reticent
def deliver(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of notices: each is sent once."""
    from chalicelib.casework.deliver import deliver as send

    return _failed(send(event["Records"], wallclock.now()))


@app.lambda_function(name="mail-events")
@log.reticent
def mail_events(event: dict[str, Any], context: Any) -> int:
    """What the mail system reports of the notices it took (SES, by SNS)."""
    from chalicelib.casework.mail_events import hear

    return hear(event["Records"], wallclock.now())


@app.lambda_function(name="receive-evidence")
@log.reticent
def receive_evidence(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of uploads (S3): each file is looked at, and listed if it is what it was said to be."""
    from chalicelib.casework.evidence import receive

    return _failed(receive(event["Records"], wallclock.now()))


@app.lambda_function(name="verify-order")
@log.reticent
def verify_order(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of orders to verify: the shop's order system is asked."""
    from chalicelib.casework.verify import verify

    return _failed(verify(event["Records"], wallclock.now(), wallclock.machine_time()))


@app.lambda_function(name="replay")
@log.reticent
def replay(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of replays: a draft of the policy is tried on past complaints, some at a time."""
    from chalicelib.casework.replays import go_on

    return _failed(go_on(event["Records"], wallclock.now()))


@app.lambda_function(name="call-webhooks")
@log.reticent
def call_webhooks(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of news for storefronts: the webhook of each is called."""
    from chalicelib.casework.calls import call

    return _failed(call(event["Records"], wallclock.now(), wallclock.machine_time()))


@app.lambda_function(name="ring")
@log.reticent
def ring(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The alarm clock (Step Functions): raises what is due, answers when to ring next (`at`: None, never)."""
    from chalicelib.casework.ring import clock_rings

    return clock_rings(event, wallclock.now())


@app.schedule("rate(5 minutes)", name="sweep")
@log.reticent
def sweep(event: Any) -> dict[str, int]:
    """Rings whatever is due and has not rung: enough by itself, should the alarm clock fail."""
    from chalicelib.casework.ring import sweep as ring_all

    return ring_all(wallclock.now())


@app.schedule("cron(0 * * * ? *)", name="rounds")
@log.reticent
def rounds(event: Any) -> dict[str, int]:
    """Once an hour: what is done regularly and is due, or was missed."""
    from chalicelib.casework.rounds import make

    return make(wallclock.now())


def _failed(identifiers: list[str]) -> dict[str, Any]:
    """The partial batch answer: only these are delivered again."""
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in identifiers]}
