"""How a storefront is told by itself what happens to its complaints: its webhook, in the form of Standard Webhooks."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, Strict

from chalicelib import wallclock
from chalicelib.casework import webhooks as casework
from chalicelib.casework.webhooks import Webhook
from chalicelib.domain.complaint.submissions import WHOLE, ComplaintId
from chalicelib.domain.ground.days import Moment
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.telling.attempts import Attempt, Problem
from chalicelib.domain.telling.news import NewsType
from chalicelib.web.bodies import PageQuery
from chalicelib.web.contacts import Email
from chalicelib.web.door import Answer, Call

from .api import Api

webhooks = Api(__name__)
PATH = "/v1/webhook"
SHOPS = frozenset({Role.STOREFRONT})
MOST_OVERLAP = 168  # hours
URL = "https://shop.example/redress"
Address = Annotated[
    str,
    Strict(),
    Field(
        min_length=1,
        max_length=2_000,
        description="Where it is called: https, a public host, no user name and no fragment.",
        json_schema_extra={"format": "uri"},
        examples=[URL],
    ),
]
Wanted = Annotated[
    tuple[NewsType, ...],
    Field(max_length=100, description="What is wanted, by type; none: all that there is, also what is added later."),
]


class WebhookBody(Body):
    """Where a storefront wants to hear of its complaints."""

    url: Address
    events: Wanted = ()
    email: Email | None = Field(None, description="Who is told by mail if calls fail for long, beside our supervisors.")


class SecretBody(Body):
    overlap_hours: Annotated[int, Strict(), Field(ge=0, le=MOST_OVERLAP), WHOLE] = Field(
        24, description="For how long the secret of before signs too."
    )


class RedeliveryBody(Body):
    since: Moment = Field(alias="from", description="From when on, at most 90 days back.")


class AttemptsQuery(PageQuery):
    complaint_id: ComplaintId | None = Field(None, description="Of which complaint only.")


class WebhookSecretView(Model):
    """`secret`: as Standard Webhooks writes it, a receiver's library takes it as it is; `until`: when it ends, null for
    the one that goes on."""

    secret: str = Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])
    until: Instant | None


class WebhookView(Model):
    """A storefront's webhook. Whoever may change its secrets may read them."""

    url: str = Field(json_schema_extra={"format": "uri"}, examples=[URL])
    events: tuple[NewsType, ...] = Field(description="What is wanted, by type; none: all.")
    email: str | None
    state: Literal["on", "disabled"] = Field(description="disabled: it is called no more until it is put again.")
    secrets: tuple[WebhookSecretView, ...] = Field(description="All that sign now, the newest first.")
    set_at: Instant
    disabled_at: Instant | None
    disabled_why: Literal["gone", "failing"] | None = Field(
        description="gone: it answered 410; failing: nothing but failures for a week."
    )
    failing_since: Instant | None = Field(description="The first of the failures in a row.")
    paused_until: Instant | None = Field(description="Until then nothing is tried, after failures in a row.")
    last_failure: Problem | None
    last_failure_at: Instant | None
    last_delivery_at: Instant | None

    @classmethod
    def of(cls, one: Webhook, now: datetime) -> "WebhookView":
        secrets = [WebhookSecretView(secret=secret, until=until) for secret, until in casework.secrets(one, now)]
        same = {name: getattr(one, name) for name in cls.model_fields if name != "secrets"}
        return cls.model_validate(same | {"secrets": secrets})


class WebhookTestView(Model):
    """What came of a call. `status`: what the receiver answered, if it did; `problem`: why it is no delivery."""

    delivered: bool
    status: int | None
    problem: Problem | None
    milliseconds: int


class WebhookAttemptView(Attempt):
    """A call. `id`: `webhook-id`; `attempt`: which one of this id; uncertain: it was sent, and no answer came."""

    id: str = Field(examples=["7K2M9-XD4FQ-3"])


class WebhookAttemptPage(Model):
    items: list[WebhookAttemptView]
    next_cursor: str | None


class RedeliveryView(Model):
    """What was asked for; it goes on by itself."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    since: Instant = Field(alias="from")


@webhooks.operation("PUT", PATH, who=SHOPS, body=WebhookBody, answers={200: WebhookView, 201: WebhookView})
def put_webhook(call: Call, body: WebhookBody) -> Answer:
    """Set the webhook: where you want to hear of your complaints, from now on, also if it was disabled. The answer has
    the secret that signs."""
    wanted = casework.Wanted(body.url, body.events, body.email)
    kept = casework.put(wanted, call.actor, call.now)
    view = WebhookView.of(kept.one, call.now)
    return Answer(200, view) if kept.before else Answer(201, view, {"Location": f"{call.prefix}{PATH}"})


@webhooks.operation("GET", PATH, who=SHOPS, answers={200: WebhookView})
def show_webhook(call: Call) -> Answer:
    """Your webhook: what was set, the secrets that sign, and how calls fare."""
    return Answer(200, WebhookView.of(casework.shown(call.actor), call.now))


@webhooks.operation("DELETE", PATH, who=SHOPS, answers={204: None})
def remove_webhook(call: Call) -> Answer:
    """Remove the webhook: it is called no more, its secrets are worth nothing. What happens is still at /v1/events."""
    casework.remove(call.actor, call.now)
    return Answer(204, None)


@webhooks.operation("POST", f"{PATH}/secret", who=SHOPS, body=SecretBody, answers={200: WebhookView})
def change_webhook_secret(call: Call, body: SecretBody) -> Answer:
    """Change the secret: each call is signed with both until the overlap ends. A third one ends the oldest at once."""
    overlap = timedelta(hours=body.overlap_hours)
    kept = casework.change_secret(overlap, call.actor, call.now, call.idempotency)
    return Answer(200, WebhookView.of(kept.one, call.now), replayed=kept.replayed)


@webhooks.operation("POST", f"{PATH}/test", who=SHOPS, answers={200: WebhookTestView})
def test_webhook(call: Call) -> Answer:
    """Try the webhook: it is called now, with the type webhook.test, also while it is disabled, and this says what
    came of it; no attempt is listed. Ten times an hour."""
    outcome = casework.try_out(call.actor, call.now, wallclock.machine_time())
    return Answer(200, WebhookTestView(**outcome._asdict()))


@webhooks.operation("GET", f"{PATH}/attempts", who=SHOPS, query=AttemptsQuery, answers={200: WebhookAttemptPage})
def list_webhook_attempts(call: Call, query: AttemptsQuery) -> Answer:
    """The calls of the webhook, and what each came to: the newest first, all or those about a complaint. They are kept
    for 30 days."""
    found, cursor = casework.attempts(call.actor, query.complaint_id, query.limit, query.cursor)
    return Answer(200, WebhookAttemptPage(items=[WebhookAttemptView(**vars(one)) for one in found], next_cursor=cursor))


@webhooks.operation("POST", f"{PATH}/redelivery", who=SHOPS, body=RedeliveryBody, answers={202: RedeliveryView})
def redeliver_webhook(call: Call, body: RedeliveryBody) -> Answer:
    """Have events sent again: all from a moment on that are wanted now, by the same ids and in their order; what may
    have been taken before says so. Twenty times an hour."""
    replayed = casework.redeliver(body.since, call.actor, call.now, call.idempotency)
    return Answer(202, RedeliveryView(since=body.since), replayed=replayed)
