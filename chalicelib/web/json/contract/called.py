"""What we call, as OpenAPI's `webhooks`: the storefront hears of its complaints, the shop's order system is asked.

Here requests are ours, and responses what the one who is called answers.
"""

from collections.abc import Mapping
from typing import Any, Literal

from chalicelib.domain.complaint.submissions import OrderFacts
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.telling.news import News


class WebhookTest(Model):
    """What says nothing, but that we reach the webhook and it believes us."""

    type: Literal["webhook.test"]
    timestamp: Instant
    data: dict[str, str]


MODELS: dict[str, dict[Any, Any]] = {
    "answered": {"news": News, "test": WebhookTest},
    "handed_in": {"facts": OrderFacts},
}
"""What these calls say and are answered, by the kinds that `schemas.py` makes."""
Schemas = Mapping[Any, dict[str, Any]]
DELIVERED = {"description": "Taken. Its body is not read."}
EVENT = """\
What happened to one of the storefront's complaints, in the form of [Standard Webhooks](https://www.standardwebhooks.com):
verify it with any of its libraries and the secret of `GET /v1/webhook`, over the bytes as they came. It says ids and
stages, no words: read the rest from `GET /v1/complaints/{complaint_id}`.

The same event always has the same `webhook-id`, and may come twice: keep the ids you have seen. Events of one complaint
come in their order. Any 2xx is taken as delivered, to be answered within ten seconds; 410 switches the webhook off;
429 and 503 with `Retry-After` are heeded; anything else, a redirect too, is a failure, tried again with growing pauses
for three days. `GET /v1/events` has the same as a list."""
TEST = "What `POST /v1/webhook/test` sends, signed in the same way; it is about nothing."
ORDER = """\
`GET {base}/orders/{order_number}`, where `base` is an address of the shop's own: the facts of an order, for the
investigation (4.2b). The number is quoted whole: a slash in it is `%2F`.

The request is signed: `X-Redress-Signature` is `sha256=` and the hexadecimal HMAC-SHA-256, under the secret that both
sides have, of timestamp, method and path as they are sent, separated by line feeds. Refuse what is older than some
minutes. The answer is read for five seconds and up to 256 KiB; redirects are not followed."""
ANSWERS_OF_ORDERS = {
    "404": "There is no such order.",
    "429": "Busy: it is asked again after Retry-After, in seconds.",
    "4XX": "The number is not taken; 401 and 403: the signature is not.",
    "5XX": "It is asked again later.",
}


def calls(schemas: Schemas, example: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI's `webhooks`; `schemas`: those of `MODELS`, by key; `example`: a piece of news."""
    return {
        "complaint": {
            "post": _standard("hear_of_complaint", "A complaint has moved on", EVENT, schemas["news"], example)
        },
        "webhook.test": {
            "post": _standard(
                "hear_a_test",
                "A test call",
                TEST,
                schemas["test"],
                {"type": "webhook.test", "timestamp": "2026-10-09T07:40:00Z", "data": {}},
            )
        },
        "order": {"get": _order(schemas["facts"])},
    }


def _standard(
    name: str, summary: str, description: str, schema: dict[str, Any], example: dict[str, Any]
) -> dict[str, Any]:
    content = {"schema": schema, "example": example}
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "tags": ["Storefront"],
        "security": [],
        "parameters": [
            _header("webhook-id", "The id of the event: the same at every attempt.", "7K2M9-XD4FQ-3"),
            _header("webhook-timestamp", "When this attempt was made, in seconds since 1970.", "1791531600"),
            _header(
                "webhook-signature",
                "`v1,` and the base 64 of the HMAC-SHA-256 over id, timestamp and body, joined by full stops; while a "
                "secret is replaced two of them, separated by a space, either of which will do.",
                "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
            ),
            _header("Redress-Attempt", "Which attempt it is, from 1.", "1"),
            _header(
                "Redress-Perhaps-Repeated",
                "There if an attempt before may have been taken: it was not answered, or it is asked for again.",
                "true",
                required=False,
            ),
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "2XX": DELIVERED,
            "410": {"description": "The webhook is not wanted any more, and is switched off."},
            "429": {"description": "Busy: called again after Retry-After, an hour at most."},
            "4XX": {"description": "A failure: tried again later."},
            "5XX": {"description": "A failure: tried again later; 503 with Retry-After is heeded."},
        },
    }


def _order(schema: dict[str, Any]) -> dict[str, Any]:
    facts = {"application/json": {"schema": schema}}
    return {
        "operationId": "ask_for_order",
        "summary": "The facts of an order",
        "description": ORDER,
        "tags": ["Storefront"],
        "security": [],
        "parameters": [
            _header("X-Redress-Timestamp", "When it is asked, in seconds since 1970.", "1791531600"),
            _header("X-Redress-Signature", "As described above.", f"sha256={'5c' * 32}"),
        ],
        "responses": {"200": {"description": "The facts of that order.", "content": facts}}
        | {status: {"description": said} for status, said in ANSWERS_OF_ORDERS.items()},
    }


def _header(name: str, description: str, example: str, *, required: bool = True) -> dict[str, Any]:
    said = {"name": name, "in": "header", "required": required, "description": description}
    return said | {"schema": {"type": "string"}, "example": example}
