"""One call of a storefront's webhook, in the form of Standard Webhooks: what is sent, and what came of it."""

import time
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from chalicelib import __version__
from chalicelib.domain.ground.text import Wrong
from chalicelib.domain.telling.attempts import LONGEST_REST, Problem

from . import outside, webhooks
from .outside import Bounds, Unreached
from .webhooks import Webhook

BOUNDS = Bounds(reached=3.0, answered=10.0)
HEADERS = {"Content-Type": "application/json", "User-Agent": f"Redress-Webhook/{__version__}"}
BUSY = {429, 503}
OF_A_GATEWAY = {502, 504}
"""Which has had no answer from behind it: that may have taken it."""
PROBLEMS: tuple[tuple[int, Problem], ...] = ((500, "server_error"), (400, "refused"), (300, "redirect"))


class Sent(NamedTuple):
    """What came of it. `uncertain`: it may have been taken; `rest`: for how long it asks to be left alone."""

    status: int | None
    problem: Problem | None
    milliseconds: int
    uncertain: bool = False
    rest: timedelta | None = None


def send(
    webhook: Webhook,
    event_id: str,
    body: str,
    now: datetime,
    machine_time: datetime,
    *,
    attempt: int = 1,
    repeated: bool = False,
) -> Sent:
    """Call it once. `machine_time`: what receivers compare the stamp with; `now`: says which secrets sign."""
    began = time.monotonic()
    try:
        place = outside.resolve(webhook.url)
        headers = signed(webhook, event_id, body, now, machine_time) | marks(attempt, repeated=repeated)
        answer = outside.ask(place, "POST", HEADERS | headers, BOUNDS, body.encode())
    except Wrong as fault:
        return Sent(None, cast("Problem", fault.code), _since(began))
    except outside.NoAnswer as fault:
        return Sent(None, fault.problem, _since(began), uncertain=not isinstance(fault, Unreached))
    asked = _rest_asked_for(answer.headers.get("Retry-After", "")) if answer.status in BUSY else None
    uncertain = answer.status < 200 or answer.status in OF_A_GATEWAY
    return Sent(answer.status, _problem(answer.status), _since(began), uncertain, asked)


def _problem(status: int) -> Problem | None:
    if 200 <= status < 300:
        return None
    known: dict[int, Problem] = {410: "gone", **dict.fromkeys(BUSY, "busy")}
    return known.get(status) or next((problem for least, problem in PROBLEMS if status >= least), "no_answer")


def marks(attempt: int, *, repeated: bool) -> dict[str, str]:
    """Which call of an id it is, and that a call before it may have been taken."""
    return {"Redress-Attempt": str(attempt)} | ({"Redress-Perhaps-Repeated": "true"} if repeated else {})


def signed(webhook: Webhook, event_id: str, body: str, now: datetime, machine_time: datetime) -> dict[str, str]:
    """What Standard Webhooks asks for, by all secrets that sign `now`."""
    import standardwebhooks

    secrets = (webhooks.secret(webhook.storefront, edition) for edition in webhook.editions(now))
    signatures = (standardwebhooks.Webhook(secret).sign(event_id, machine_time, body) for secret in secrets)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(machine_time.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _rest_asked_for(retry_after: str) -> timedelta | None:
    """A date, the other way to say it, is as good as nothing."""
    known = retry_after.isascii() and retry_after.isdigit()
    return min(timedelta(seconds=int(retry_after[:6])), LONGEST_REST) if known else None


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
