"""Everything the system sent: e-mails, short messages and notes to topics, with the time of the house at sending.

Taken where moto takes them in, since what moto keeps of them is less than was sent."""

import base64
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from functools import cache, partial
from typing import Any
from unittest.mock import patch

from moto.sesv2.responses import SESV2Response
from moto.sns.models import SNSBackend

from infra.aws.clock import format_instant

HEADER = "X-Redress-Record"
TAG = "record"


@dataclass(frozen=True)
class Sent:
    channel: str
    to: str
    subject: str
    text: str
    html: str
    sent_at: str
    complaint_id: str | None


class Outbox:
    """What was sent, oldest first. Mails are taken apart when somebody looks, not when they are sent."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._posts: list[Callable[[], list[Sent]]] = []

    def to(self, recipient: str | None = None) -> list[dict[str, Any]]:
        """All that was sent, or all that was sent to one address, number or topic."""
        wanted = recipient.casefold() if recipient else None
        return [asdict(one) for one in self.all_sent() if wanted in (None, one.to.casefold())]

    def all_sent(self) -> list[Sent]:
        return [one for post in list(self._posts) for one in post()]

    def had_sent(self, sent: list[Sent]) -> None:
        """Before this one began."""
        self._posts = [lambda: sent]

    def install(self) -> Callable[[], None]:
        """Take note of whatever is sent from now on; gives what undoes it."""
        undo = ExitStack()
        undo.enter_context(patch.object(SESV2Response, "send_email", self._noting_email(SESV2Response.send_email)))
        undo.enter_context(patch.object(SNSBackend, "publish", self._noting_publish(SNSBackend.publish)))
        return undo.close

    def _noting_email(self, send: Callable[[SESV2Response], str]) -> Callable[[SESV2Response], str]:
        def send_email(response: SESV2Response) -> str:
            answer = send(response)
            self._posts.append(cache(partial(_mails, response.body, format_instant(self._now()))))
            response.sesv2_backend.core_backend.sent_messages.clear()  # the other copy, which nobody reads
            return answer

        return send_email

    def _noting_publish(self, publish: Callable[..., str]) -> Callable[..., str]:
        def noting(
            backend: SNSBackend,
            message: str,
            arn: str | None = None,
            phone_number: str | None = None,
            subject: str | None = None,
            message_attributes: dict[str, Any] | None = None,
            *args: Any,
            **kwargs: Any,
        ) -> str:
            answer = publish(backend, message, arn, phone_number, subject, message_attributes, *args, **kwargs)
            complaint = (message_attributes or {}).get(TAG, {}).get("Value")
            channel, to = ("sms", phone_number) if phone_number else ("topic", arn or "")
            note = Sent(channel, to, subject or "", message, "", format_instant(self._now()), complaint)
            self._posts.append(lambda: [note])
            return answer

        return noting


def _mails(body: str | bytes, sent_at: str) -> list[Sent]:
    """The mails of one SendEmail request, one for each recipient."""
    request = json.loads(body)
    content, destination = request["Content"], request.get("Destination", {})
    tagged = next((tag["Value"] for tag in request.get("EmailTags", []) if tag["Name"] == TAG), None)
    if "Raw" in content:
        raw = message_from_bytes(base64.b64decode(content["Raw"]["Data"]), policy=default)
        subject, text, html = str(raw["Subject"] or ""), _part(raw, "plain"), _part(raw, "html")
        headers = [*raw.get_all("To", []), *raw.get_all("Cc", [])]
        complaint = str(raw[HEADER]) if raw[HEADER] else tagged
    else:
        simple = content["Simple"]
        subject = simple["Subject"]["Data"]
        text, html = (simple["Body"].get(kind, {}).get("Data", "") for kind in ("Text", "Html"))
        named = {header["Name"].lower(): header["Value"] for header in simple.get("Headers", [])}
        headers, complaint = [], named.get(HEADER.lower(), tagged)
    envelope = [one for key in ("ToAddresses", "CcAddresses", "BccAddresses") for one in destination.get(key, [])]
    addresses = getaddresses([str(one) for one in envelope or headers])
    return [Sent("email", address, subject, text, html, sent_at, complaint) for _, address in addresses]


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""
