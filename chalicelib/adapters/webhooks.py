"""The webhooks of storefronts: one item each, with what was asked for and how calls have fared.

What the storefront set is JSON in one attribute, changed only in the place of what was read (`version`). How calls
fare stands beside it, an attribute each, so that whoever calls can change these by themselves.

Its secret stands nowhere: it is made from `REDRESS_WEBHOOK_KEY`, the storefront and an edition, which goes up when the
secret is changed; the one of before signs too until `before_until`.
"""

import hmac
import json
from base64 import b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.instants import Instant, written
from chalicelib.domain.ground.model import Model
from chalicelib.domain.telling.attempts import FAILURES_BEFORE_REST, SLOW
from chalicelib.settings import settings

from . import store
from .aws import client
from .items import Idempotency, Item

PREFIX = "whsec_"
ALONE = timedelta(seconds=40)
"""Longer than a call may take, with what goes with it."""
NOTED_EVERY = timedelta(minutes=1)


class Webhook(Model):
    """`events`: the types that are wanted, none: all. `email`: who is told there if it fails for long.

    `failures`: how many in a row; `failing_since`: the first of them. Until `paused_until` nothing is tried. `version`:
    how often the storefront has changed it. `milliseconds`: what a delivery took lately, or a failure that took long.
    """

    storefront: str
    state: Literal["on", "disabled", "removed"]
    url: str
    events: tuple[str, ...] = ()
    email: str | None = None
    edition: int = 1
    before_until: Instant | None = None
    set_at: Instant
    disabled_at: Instant | None = None
    disabled_why: str | None = None
    failures: int = 0
    failing_since: Instant | None = None
    paused_until: Instant | None = None
    last_failure: str | None = None
    last_failure_at: Instant | None = None
    last_delivery_at: Instant | None = None
    milliseconds: int = 0
    version: int = 0

    def wants(self, kind: str) -> bool:
        return self.state == "on" and (not self.events or kind in self.events)

    @property
    def is_slow(self) -> bool:
        """Whether others would wait, were it called several times at once."""
        return self.milliseconds >= SLOW

    @property
    def is_probed(self) -> bool:
        """Whether one call is to show first if it is there again."""
        return self.failures >= FAILURES_BEFORE_REST

    def editions(self, now: datetime) -> tuple[int, ...]:
        """Of the secrets that sign, the newest first."""
        overlaps = self.before_until is not None and now < self.before_until
        return (self.edition, self.edition - 1) if overlaps else (self.edition,)


def secret(storefront: str, edition: int) -> str:
    """The secret of an edition, as Standard Webhooks writes it: 32 bytes."""
    said = f"webhook|{storefront}|{edition}".encode()
    return PREFIX + b64encode(hmac.digest(settings().webhook_key.encode(), said, "sha256")).decode()


SET = ("storefront", "url", "events", "email", "edition", "before_until", "set_at")
"""What the storefront set."""
STANDING = (
    *("state", "disabled_at", "disabled_why", "failures", "failing_since", "paused_until"),
    *("last_failure", "last_failure_at", "last_delivery_at", "milliseconds"),
)
"""How it stands: an attribute of the item each, a number or text."""


def key(storefront: str) -> Item:
    return {"pk": {"S": f"STOREFRONT#{storefront}"}, "sk": {"S": "WEBHOOK"}}


def load(storefront: str) -> Webhook | None:
    """The webhook of a storefront, also one that was removed: one round trip."""
    answer = client("dynamodb").get_item(TableName=settings().table, Key=key(storefront), ConsistentRead=True)
    return as_webhook(answer["Item"]) if "Item" in answer else None


def to_call(storefront: str) -> Webhook | None:
    """The same, of whoever is a storefront still."""
    return load(storefront) if storefront in settings().storefront_client_ids else None


def as_webhook(item: Item) -> Webhook:
    standing = {name: next(iter(item[name].values())) for name in (*STANDING, "version") if name in item}
    return Webhook.model_validate(json.loads(item["webhook"]["S"]) | standing)


def put(webhook: Webhook, version: int, idempotency: Idempotency | None, now: datetime) -> Webhook:
    """In the place of the one of that version, 0 where there was none; all of it, how it fares included.

    Raises Stale where somebody else was faster, or the request had been done."""
    changed = webhook.model_copy(update={"version": version + 1})
    known = json.loads(changed.model_dump_json(exclude_none=True))
    standing = {name: _written(known[name]) for name in (*STANDING, "version") if name in known}
    said = {"webhook": {"S": changed.model_dump_json(include=set(SET), exclude_none=True)}}
    _transact({"Put": {"Item": key(webhook.storefront) | said | standing}}, changed, version, idempotency, now)
    return changed


def put_secret(webhook: Webhook, version: int, idempotency: Idempotency | None, now: datetime) -> Webhook:
    """What was set is changed, and how it fares is left as it is. Raises Stale."""
    changed = webhook.model_copy(update={"version": version + 1})
    update = {
        "Key": key(webhook.storefront),
        "UpdateExpression": "SET webhook = :webhook, version = :version",
        "ExpressionAttributeValues": {
            ":webhook": {"S": changed.model_dump_json(include=set(SET), exclude_none=True)},
            ":version": {"N": str(changed.version)},
        },
    }
    _transact({"Update": update}, changed, version, idempotency, now)
    return changed


def note_request(idempotency: Idempotency, webhook: Webhook, now: datetime) -> None:
    """What a request asked of it has been begun."""
    with suppress(Stale):  # by another with the same key
        store.transact([store.once(idempotency, webhook.storefront, webhook.version, webhook.edition, now)])


def _transact(write: Item, changed: Webhook, seen: int, idempotency: Idempotency | None, now: datetime) -> None:
    (asked,) = write.values()
    asked["TableName"] = settings().table
    asked["ConditionExpression"] = "version = :seen" if seen else "attribute_not_exists(pk)"
    if seen:
        asked["ExpressionAttributeValues"] = {**asked.get("ExpressionAttributeValues", {}), ":seen": {"N": str(seen)}}
    writes = [write]
    if idempotency:
        writes.append(store.once(idempotency, changed.storefront, changed.version, changed.edition, now))
    store.transact(writes)


def _written(value: str | int) -> Item:
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


# ---- how calls fare: changed by whoever calls, each attribute by itself, while what was set is as they read it ------


def take_alone(webhook: Webhook, now: datetime) -> bool:
    """Whether the caller is the only one to call it now, until they have noted what came of it."""
    values = {":now": {"S": written(now)}, ":until": {"S": written(now + ALONE)}}
    unless = " AND (attribute_not_exists(busy_until) OR busy_until < :now)"
    return _note(webhook, "SET busy_until = :until", values, unless) is not None


def note_delivery(webhook: Webhook, milliseconds: int, now: datetime) -> None:
    """It took what it was sent. Of one that always does that is noted once in `NOTED_EVERY`."""
    well = not webhook.failures and not webhook.is_slow and milliseconds < SLOW
    if well and webhook.last_delivery_at and now - webhook.last_delivery_at < NOTED_EVERY:
        return
    values = {":now": {"S": written(now)}, ":took": {"N": str(milliseconds)}, ":none": {"N": "0"}}
    _note(
        webhook,
        "SET last_delivery_at = :now, milliseconds = :took, failures = :none "
        "REMOVE failing_since, paused_until, busy_until",
        values,
    )


def note_failure(
    webhook: Webhook, problem: str, milliseconds: int, paused_until: datetime | None, now: datetime
) -> Webhook | None:
    """One more in a row; how it stands then: of one that took long to fail others are not to wait for more. None, and
    it counts nothing, if its storefront has changed it since."""
    values = {":now": {"S": written(now)}, ":problem": {"S": problem}, ":one": {"N": "1"}, ":none": {"N": "0"}}
    more = ""
    if paused_until:
        more, values[":until"] = ", paused_until = :until", {"S": written(paused_until)}
    if milliseconds >= SLOW:
        more, values[":took"] = f"{more}, milliseconds = :took", {"N": str(milliseconds)}
    return _note(
        webhook,
        "SET failures = if_not_exists(failures, :none) + :one, failing_since = if_not_exists(failing_since, :now), "
        f"last_failure = :problem, last_failure_at = :now{more} REMOVE busy_until",
        values,
    )


def disable(webhook: Webhook, why: str, now: datetime) -> Webhook | None:
    """It is called no more; as it stands then. None if its storefront has changed it meanwhile."""
    values = {":disabled": {"S": "disabled"}, ":now": {"S": written(now)}, ":why": {"S": why}}
    return _note(
        webhook, "SET #state = :disabled, disabled_at = :now, disabled_why = :why", values, " AND #state = :on"
    )


def _note(webhook: Webhook, change: str, values: Item, unless: str = "") -> Webhook | None:
    said = values | {":seen": {"N": str(webhook.version)}} | ({":on": {"S": "on"}} if ":on" in unless else {})
    try:
        answer = client("dynamodb").update_item(
            TableName=settings().table,
            Key=key(webhook.storefront),
            UpdateExpression=change,
            ConditionExpression=f"version = :seen{unless}",
            ExpressionAttributeValues=said,
            ReturnValues="ALL_NEW",
            **({"ExpressionAttributeNames": {"#state": "state"}} if "#state" in change else {}),
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return None
    return as_webhook(answer["Attributes"])
