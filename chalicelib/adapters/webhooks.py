"""The webhooks of storefronts: one item each, with what was asked for and how calls have fared.

Its secret stands nowhere: it is made from `REDRESS_WEBHOOK_KEY`, the storefront and an edition, which goes up when the
secret is changed; the one of before signs too until `before_until`.
"""

import hmac
from base64 import b64encode
from datetime import datetime
from typing import Literal

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.settings import settings

from .aws import client

PREFIX = "whsec_"


class Webhook(Model):
    """`events`: the types that are wanted, none: all. `email`: who is told there if it fails for long.

    `failures`: how many in a row; `failing_since`: the first of them. Until `paused_until` nothing is tried.
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

    def wants(self, kind: str) -> bool:
        return self.state == "on" and (not self.events or kind in self.events)

    def editions(self, now: datetime) -> tuple[int, ...]:
        """Of the secrets that sign, the newest first."""
        overlaps = self.before_until is not None and now < self.before_until
        return (self.edition, self.edition - 1) if overlaps else (self.edition,)


def secret(storefront: str, edition: int) -> str:
    """The secret of an edition, as Standard Webhooks writes it: 32 bytes."""
    said = f"webhook|{storefront}|{edition}".encode()
    return PREFIX + b64encode(hmac.digest(settings().webhook_key.encode(), said, "sha256")).decode()


def load(storefront: str) -> Webhook | None:
    """The webhook of a storefront, also one that was removed: one round trip."""
    key = {"pk": {"S": f"STOREFRONT#{storefront}"}, "sk": {"S": "WEBHOOK"}}
    answer = client("dynamodb").get_item(TableName=settings().table, Key=key, ConsistentRead=True)
    return Webhook.model_validate_json(answer["Item"]["webhook"]["S"]) if "Item" in answer else None
