"""What Lambda does behind the table, played by hand: stream records to `react`, queue messages to `deliver`.

And what came of it: the mails, texts and topic messages that were sent, read from where moto takes them in.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from typing import Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

import app
from chalicelib.adapters import outbox
from chalicelib.adapters.mail import tag_of
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import House

from .streams import new_records, run


@dataclass
class Mailroom:
    """One house's reactions. `seen` are the records that were delivered already."""

    house: House
    seen: set[str] = field(default_factory=set)

    @cached_property
    def _sqs(self) -> Any:
        return boto3.client("sqs")

    def records(self) -> list[dict[str, Any]]:
        """The events that the stream has not delivered yet."""
        return new_records(self.house, self.seen)

    def react(self) -> None:
        """Everything that follows from events, and from the events that these lead to."""
        while records := self.records():
            assert run(app.react, records) == []

    def messages(self) -> list[dict[str, Any]]:
        """What waits in the queue of notices, as it is delivered to the function; taken out of the queue."""
        sqs, url = self._sqs, self.house.environment["REDRESS_NOTICES_QUEUE_URL"]
        found = []
        while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages"):
            for message in taken:
                found.append({"messageId": message["MessageId"], "body": message["Body"]})
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def deliver(self, receives: int = 1) -> list[str]:
        """Every message once, as if received that often; the ids of those to be delivered again."""
        attributes = {"ApproximateReceiveCount": str(receives)}
        return [one for message in self.messages() for one in run(app.deliver, [message | {"attributes": attributes}])]

    def sweep(self) -> None:
        """The sweep comes by, and what follows happens."""
        app.sweep(scheduled_event("sweep", REGION, self.house.now), None)
        self.settle()

    def settle(self) -> None:
        """Until nothing is left to do."""
        while True:
            self.react()
            messages = self.messages()
            if not messages:
                return
            assert run(app.deliver, messages) == []


def mails() -> list[EmailMessage]:
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    return [message_from_bytes(one.raw_data.encode(), policy=default) for one in sent]  # type: ignore[arg-type, misc]


def mails_to(address: str) -> list[EmailMessage]:
    return [mail for mail in mails() if mail["To"] == address]


def plain(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def texts() -> list[tuple[str, str]]:
    """The short messages: to whom, and what."""
    return list(sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages.values())


def code_in(text: str) -> str:
    """The code in a text message."""
    return re.findall(r"(?<![0-9A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}(?![0-9A-Z])", text)[-1]


def token_for(house: House, number: str, text: str) -> str:
    """The token that the code in a text message stands for."""
    answer = house.post(f"/v1/complaints/{number}/session", {"code": code_in(text)})
    assert answer.status == 200, answer.text
    return str(answer.json["consumer_token"])


def told(department: str) -> list[tuple[str, str]]:
    """What a department's topic got: subject and text."""
    wanted = department.replace("_", "").lower()
    return [
        (subject, message)
        for arn, topic in sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics.items()
        if arn.rpartition("-")[2].lower() == f"{wanted}topic"
        for _, message, subject, *_ in topic.sent_notifications
    ]


def notices(house: House, number: str) -> list[tuple[str, str, str]]:
    """Audience, kind and state of each notice of a complaint, as the table has them."""
    return [
        (audience, kind, item["state"]["S"])
        for item in house.items()
        if item["sk"]["S"].startswith("NOTICE#") and item["pk"]["S"] == f"RECORD#{number}"
        for _, _, kind, audience in [item["sk"]["S"].split("#")]
    ]


def mail_event(
    house: House, kind: str, mail: dict[str, Any], at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """A report of SES as SNS brings it: `mail` is the item of the notice it is about, which was sent before.

    `at`: its own time, by default now.
    """
    key = outbox.key_of(mail)
    tags = {"record": [key.record], "notice": [tag_of(key)]}
    sent = {"messageId": mail["email_message_id"]["S"], "tags": tags, "timestamp": "2026-10-09T07:40:00.000Z"}
    part = kind[:1].lower() + kind[1:]
    dated = more.pop(part, {}) | {"timestamp": f"{(at or house.now).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"}
    told = {"eventType": kind, "mail": sent, part: dated, **more}
    topic = house.environment["REDRESS_MAIL_EVENTS_TOPIC"]
    return {"Records": [{"Sns": {"TopicArn": topic, "MessageId": "m-1", "Message": json.dumps(told)}}]}


HARD = {"bounce": {"bounceType": "Permanent", "bounceSubType": "General"}}
SOFT = {"bounce": {"bounceType": "Transient", "bounceSubType": "MailboxFull"}}
AWAY = {"bounce": {"bounceType": "Transient", "bounceSubType": "General"}}


def refusing(service: str, code: str, message: str) -> Callable[[str, str], None]:
    """A sender answers with an error, as boto3 raises it: what to interfere with."""
    told: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    fault = boto3.client(service).exceptions.from_code(code)(told, "Send")  # type: ignore[call-overload]

    def interfere(call: str, moment: str) -> None:
        if call.startswith(service) and moment == "before":
            raise fault

    return interfere
