"""One event for each function that is not HTTP, as its source hands it over.

A new function needs one line in `TRIGGERS`; what has none is named as unmeasured.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3

import app
from chalicelib.domain.governance.amendment import Replaying
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.casework import amending, receivers
from tests.casework.mailroom import Mailroom, mail_event
from tests.casework.streams import run
from tests.examples import DEAF
from tests.house import House
from tests.web import examples

from .complaints import brought_to, filed

Prepare = Callable[[House], dict[str, Any]]


def _room(house: House) -> Mailroom:
    """A mailroom to which nothing that was before is news."""
    room = Mailroom(house)
    room.records()
    room.messages()
    return room


def _event_of(steps: Callable[[House], Any]) -> Prepare:
    """The stream record of the last event that the steps lead to."""

    def prepare(house: House) -> dict[str, Any]:
        room = _room(house)
        steps(house)
        *earlier, last = room.records()
        run(app.react, earlier)
        return {"Records": [last]}

    return prepare


def _notice_of(steps: Callable[[House], Any]) -> Prepare:
    """The queue's message of a notice to the consumer that the steps lead to."""

    def prepare(house: House) -> dict[str, Any]:
        room = _room(house)
        steps(house)
        room.react()
        messages = [one for one in room.messages() if "consumer" in one["body"]]
        return {"Records": [one | {"attributes": {"ApproximateReceiveCount": "1"}} for one in messages[-1:]]}

    return prepare


def _planned(house: House) -> None:
    brought_to(house, "awaiting_consumer")


def _news_of(steps: Callable[[House], Any]) -> Prepare:
    """The queue's message of the last news for a shop's webhook that the steps lead to; those before it are told."""

    def prepare(house: House) -> dict[str, Any]:
        room, url = _room(house), house.environment["REDRESS_ORDER_SYSTEM_URL"]
        examples.a_webhook(house.environment["REDRESS_STOREFRONT_CLIENT_IDS"].split(",")[0], house.now, url=url)
        receivers.messages(house)
        steps(house)
        room.react()
        *earlier, last = receivers.messages(house)
        for one in earlier:
            app.call_webhooks({"Records": [one]}, None)
        return {"Records": [last]}

    return prepare


def _overdue(house: House) -> dict[str, Any]:
    """The clock of a complaint that nobody has acknowledged in time."""
    room = _room(house)
    number = filed(house)["complaint_id"]
    room.settle()
    house.pass_time(hours=25)
    return {"record": number, "clock": 1, "idle": 0, "at": "2026-10-10T07:40:00Z"}


def _scheduled(name: str) -> Prepare:
    return lambda house: scheduled_event(name, REGION, house.now)


def _delivered(house: House) -> dict[str, Any]:
    room = _room(house)
    number = filed(house)["complaint_id"]
    room.settle()
    [receipt] = (
        one for one in house.items() if number in one["pk"]["S"] and one["sk"]["S"].endswith("#receipt#consumer")
    )
    return mail_event(house, "Delivery", receipt)


def _uploaded(house: House) -> dict[str, Any]:
    return uploaded(house, brought_to(house, "investigating")["complaint_id"])


def uploaded(house: House, complaint_id: str) -> dict[str, Any]:
    """The queue's message of a photograph that was offered for a complaint and has arrived in the bucket."""
    content = b"\xff\xd8\xff\xe0" + bytes(9000)
    offer = {"file_name": "1.jpg", "content_type": "image/jpeg", "size": len(content)}
    file = house.do(complaint_id, "evidence", offer).json["evidence_id"]
    key = f"incoming/{complaint_id}/{file}"
    boto3.client("s3").put_object(Bucket=house.environment["REDRESS_EVIDENCE_BUCKET"], Key=key, Body=content)
    told = {"Records": [{"s3": {"object": {"key": key}}}]}
    return {"Records": [{"messageId": "m-1", "body": json.dumps(told)}]}


def _unverified(house: House) -> dict[str, Any]:
    return {"Records": [{"messageId": "m-1", "body": filed(house)["complaint_id"]}]}


def _tried(house: House) -> dict[str, Any]:
    """A draft of the policy that is to be tried on the complaints of a week."""
    filed(house)
    _room(house).settle()
    name = amending.draft(house.now, {"clocks": {"received": {"hours": 12}}})
    span = {"from": str(house.now.date() - timedelta(days=6)), "to": str(house.now.date())}
    amending.do(name, Replaying.model_validate(span), house.now)
    return {"Records": [{"messageId": "m-1", "body": name}]}


def _called(house: House) -> dict[str, Any]:
    """News of a complaint for a storefront at whose address nobody listens: what a call takes but for the network."""
    assert house.put("/v1/webhook", {"url": f"https://{DEAF}/"}, "storefront").status in (200, 201)
    room = _room(house)
    number = filed(house)["complaint_id"]
    room.react()
    shop = house.environment["REDRESS_STOREFRONT_CLIENT_IDS"]
    key = {"record": number, "seq": 1, "audience": f"storefront/{shop}", "kind": "news"}
    return {"Records": [{"messageId": "m-1", "body": json.dumps(key)}]}


TRIGGERS: dict[str, dict[str, Prepare]] = {  # by function, what it is called for
    "react": {"a complaint filed": _event_of(filed), "a plan": _event_of(_planned)},
    "deliver": {"a receipt": _notice_of(filed), "a plan": _notice_of(_planned)},
    "ring": {"a breach": _overdue},
    "sweep": {"nothing due": _scheduled("sweep")},
    "rounds": {"the first ever: a digest for each department, all counted anew": _scheduled("rounds")},
    "mail-events": {"a delivery": _delivered},
    "receive-evidence": {"a photograph": _uploaded},
    "verify-order": {"an order the shop knows": _unverified},
    "replay": {"a complaint in a week": _tried},
    "call-webhooks": {"a plan": _news_of(_planned), "a storefront that does not answer": _called},
}
