"""A storefront says where it wants to hear of its complaints: its webhook, the secret that signs what it is sent, a
call to try it, and what it missed once more. Each storefront has one, and sees nobody else's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.adapters import attempts as kept_attempts
from chalicelib.adapters import outside, tries, webhooks
from chalicelib.adapters.news import KEPT
from chalicelib.adapters.tries import HOUR, Count
from chalicelib.adapters.webhooks import Webhook as Webhook
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotAllowed, NotFound, Throttled
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.ground.text import Wrong
from chalicelib.domain.telling.attempts import Attempt

from . import calls, redelivery
from .calls import Outcome
from .once import Idempotency, past, written_once
from .paging import opened, page_of
from .redelivery import Asked

CALLS_AN_HOUR = 10
"""To try it."""
REDELIVERIES_AN_HOUR = 20


class Wanted(NamedTuple):
    """`events`: the types that are wanted, none: all. `email`: who is told there if it fails for long."""

    url: str
    events: tuple[str, ...]
    email: str | None


class Kept(NamedTuple):
    """A webhook after what was done about it. `before`: the one that it replaced, if there was one; `replayed`: an
    earlier request had done it."""

    one: Webhook
    before: Webhook | None = None
    replayed: bool = False


# ---- what is set -----------------------------------------------------------------------------------------------------


def put(wanted: Wanted, shop: Actor, now: datetime) -> Kept:
    """It is called there from now on, whatever was before: one that was disabled, or rests, is called again, and what
    waits goes on.

    Raises Invalid for an address that may not be called; Conflict, Unavailable."""
    _require_callable(wanted.url)

    def kept() -> Kept:
        last = webhooks.load(shop.id)
        before = last if last and last.state != "removed" else None
        one = Webhook(
            storefront=shop.id,
            state="on",
            edition=_edition(last),
            before_until=before.before_until if before else None,
            set_at=now,
            **wanted._asdict(),
        )
        return Kept(webhooks.put(one, last.version if last else 0, None, now), before)

    done = _unless_overtaken(kept, now)
    if done.before and done.before.failing_since:
        redelivery.resume(shop.id, done.before.failing_since, now)
    return done


def _edition(last: Webhook | None) -> int:
    """What was removed leaves a secret behind that nobody is to trust any more."""
    return 1 if last is None else last.edition + (last.state == "removed")


def _require_callable(url: str) -> None:
    try:
        outside.resolve(url)
    except Wrong as fault:
        raise Invalid([FieldFault("url", fault.code, fault.values)]) from None


def remove(shop: Actor, now: datetime) -> None:
    """It is called no more. Raises NotFound; Conflict, Unavailable."""

    def removed() -> Kept:
        before = shown(shop)
        return Kept(webhooks.put(_bare(before, now), before.version, None, now))

    _unless_overtaken(removed, now)


def _bare(before: Webhook, now: datetime) -> Webhook:
    """Which edition of the secret was the last."""
    return Webhook(storefront=before.storefront, state="removed", url="", edition=before.edition, set_at=now)


def change_secret(overlap: timedelta, shop: Actor, now: datetime, idempotency: Idempotency | None) -> Kept:
    """A new secret signs, and the one of now beside it for so long; an older one does not any more. Raises NotFound,
    IdempotencyMismatch; Conflict, Unavailable."""

    def changed() -> Kept:
        before = shown(shop)
        until = now + overlap if overlap else None
        after = before.model_copy(update={"edition": before.edition + 1, "before_until": until})
        return Kept(webhooks.put_secret(after, before.version, idempotency, now))

    known = past(idempotency, now)
    done = known if known else written_once(changed, idempotency, now)
    return done if isinstance(done, Kept) else Kept(shown(shop), replayed=True)


def _unless_overtaken(attempt: Callable[[], Kept], now: datetime) -> Kept:
    """What an attempt gives, made anew where the same storefront was faster. Raises Conflict."""
    done = written_once(attempt, None, now)
    if isinstance(done, Kept):
        return done
    raise TypeError("no request is looked for without a key")


# ---- how it is read --------------------------------------------------------------------------------------------------


def shown(shop: Actor) -> Webhook:
    """The webhook of a storefront. Raises NotFound."""
    found = webhooks.load(shop.id)
    if found is None or found.state == "removed":
        raise NotFound("webhook_unknown")
    return found


def secrets(one: Webhook, now: datetime) -> list[tuple[str, datetime | None]]:
    """All that sign what it is sent, the newest first, each with when it ends, if it does."""
    newest, *before = one.editions(now)
    ends = [(webhooks.secret(one.storefront, edition), one.before_until) for edition in before]
    return [(webhooks.secret(one.storefront, newest), None), *ends]


def attempts(shop: Actor, complaint_id: str | None, limit: int, cursor: str | None) -> tuple[list[Attempt], str | None]:
    """A page of the calls of a storefront's webhook, the newest first. Raises Malformed."""
    purpose = f"attempts {shop.id} {complaint_id}"
    before = opened(purpose, cursor, "")
    found = kept_attempts.listed(shop.id, complaint_id, before, limit + 1)
    page, following = page_of(found, limit, purpose, lambda one: one[0])
    return [attempt for _, attempt in page], following


# ---- what is asked of it ---------------------------------------------------------------------------------------------


def try_out(shop: Actor, now: datetime, machine_time: datetime) -> Outcome:
    """It is called at once, also while it is disabled or rests; what comes of it changes nothing. Raises NotFound,
    Throttled."""
    webhook, count = shown(shop), Count(("webhook test", shop.id), HOUR, CALLS_AN_HOUR)
    if not tries.take(count, now):
        raise Throttled("too_many_webhook_tests", **tries.wait(count, now))
    return calls.try_out(webhook, now, machine_time)


def redeliver(since: datetime, shop: Actor, now: datetime, idempotency: Idempotency | None) -> bool:
    """All that it heard, or should have heard, since then is brought once more. Whether that was asked for before, by
    the same request. Raises NotFound; NotAllowed while it is disabled; Invalid; IdempotencyMismatch; Throttled."""
    webhook = shown(shop)
    if past(idempotency, now):
        return True
    if webhook.state == "disabled":
        raise NotAllowed("webhook_is_disabled", ())
    if since > now:
        raise Invalid([FieldFault("from", "in_the_future")])
    if since < now - KEPT:
        raise Invalid([FieldFault("from", "older_than_kept", {"days": KEPT.days})])
    count = Count(("webhook redelivery", shop.id), HOUR, REDELIVERIES_AN_HOUR)
    if not tries.take(count, now):
        raise Throttled("too_many_redeliveries", **tries.wait(count, now))
    redelivery.begin(Asked(storefront=shop.id, since=since, asked_at=now))
    if idempotency:
        webhooks.note_request(idempotency, webhook, now)
    return False
