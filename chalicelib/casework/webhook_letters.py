"""That a storefront does not hear any more: its webhook has failed for so long that news were given up, or that it is
called no more. Supervisors are told, and whoever the storefront has named.

A notice of the house has no place for a storefront, so its number says which one: behind the day, or the minute, stands
a short hash of the client id.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from chalicelib.adapters import outbox, webhooks
from chalicelib.adapters.webhooks import Webhook
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.kinds import WEBHOOK_DISABLED, WEBHOOK_GIVEN_UP
from chalicelib.domain.telling.notices import SHOP, NoticeKey, shop
from chalicelib.domain.vocabulary.spoken import WEBHOOK_PROBLEMS, spoken
from chalicelib.settings import settings

from . import rules

DIGITS = 10
"""Of the hash, at the end of a notice's number."""


def tell_given_up(webhook: Webhook, now: datetime) -> None:
    """News for it were given up: at most once a day is that told."""
    _tell(webhook, WEBHOOK_GIVEN_UP, f"{now.astimezone(rules.in_force(now).zone):%Y%m%d}", now)


def tell_disabled(webhook: Webhook, now: datetime) -> None:
    """It is called no more, since `disabled_at`. Again: the same notices."""
    _tell(webhook, WEBHOOK_DISABLED, f"{webhook.disabled_at or now:%Y%m%d%H%M}", now)


def _tell(webhook: Webhook, kind: str, when: str, now: datetime) -> None:
    seq = int(when + _hashed(webhook.storefront))
    for audience in (Role.SUPERVISOR, *([shop(webhook.storefront)] if webhook.email else [])):
        outbox.queue(NoticeKey(HOUSE_RECORD, seq, audience, kind), now, now)


def _hashed(storefront: str) -> str:
    return f"{crc32(storefront.encode()):0{DIGITS}}"


def concerned(key: NoticeKey) -> Webhook | None:
    """The webhook that a notice is about, as it is now; None where its storefront is none any more, or has removed it.

    One round trip."""
    hashed = str(key.seq)[-DIGITS:]
    name = next((one for one in settings().storefront_client_ids if _hashed(one) == hashed), None)
    webhook = webhooks.load(name) if name else None
    return webhook if webhook and webhook.state != "removed" else None


def address_of(key: NoticeKey) -> str | None:
    """Whom a storefront has named to be told, if it has."""
    webhook = webhooks.load(key.audience.removeprefix(SHOP))
    return webhook.email if webhook and webhook.state != "removed" else None


def given_up(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """Some of it was given up, though it may take what is newer by now."""
    webhook = concerned(key)
    if webhook is None:
        return None
    failed_at = _spoken(webhook.last_failure_at, now) if webhook.last_failure_at else None
    return _values(key, webhook, now) | {"failed_at": failed_at}


def disabled(key: NoticeKey, now: datetime) -> dict[str, Any] | None:
    """Of a webhook that is on again there is nothing to say any more."""
    webhook = concerned(key)
    if webhook is None or webhook.disabled_at is None:
        return None
    return _values(key, webhook, now) | {"disabled_at": _spoken(webhook.disabled_at, now)}


def _values(key: NoticeKey, webhook: Webhook, now: datetime) -> dict[str, Any]:
    """`host`: of its address no more is told, which may hold a secret of the receiver's. `to_shop`: the shop itself
    reads it, and not who is to tell it."""
    locale, last = rules.in_force(now).staff_locale, webhook.last_failure
    problem = WEBHOOK_PROBLEMS[last][locale] if last else None
    host = urlsplit(webhook.url).hostname or ""
    known = {"storefront": webhook.storefront, "host": host, "problem": problem}
    return known | {"to_shop": key.audience.startswith(SHOP)}


def _spoken(moment: datetime, now: datetime) -> str:
    policy = rules.in_force(now)
    return spoken(moment, policy.staff_locale, policy.time_zone)
