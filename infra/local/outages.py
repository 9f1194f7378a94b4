"""Outages to order: a sender is at its rate limit, or does not answer. For trying what the house does then."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from moto.core.exceptions import JsonRESTError
from moto.sesv2.responses import SESV2Response
from moto.sns.exceptions import SNSException
from moto.sns.models import SNSBackend

SERVICES = ("ses", "sns-sms", "sns-topics")
KINDS = ("throttle", "down")


class Busy(JsonRESTError):
    code = 429


class Unavailable(JsonRESTError):
    code = 503


class Outages:
    """The outages there are: a kind by service."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}

    def begin(self, service: str, kind: str) -> None:
        """Raises ValueError for anything but one of `SERVICES` and one of `KINDS`."""
        if service not in SERVICES or kind not in KINDS:
            raise ValueError(f"a service is one of {', '.join(SERVICES)}; a kind one of {', '.join(KINDS)}")
        self._kinds[service] = kind

    def end(self) -> None:
        """All of them are over."""
        self._kinds.clear()

    def current(self) -> Mapping[str, str]:
        return dict(self._kinds)

    def install(self) -> Callable[[], None]:
        """Refuse what is sent during an outage; gives what undoes it."""
        undo = ExitStack()
        send, publish = SESV2Response.send_email, SNSBackend.publish

        def send_email(response: SESV2Response) -> str:
            match self._kinds.get("ses"):
                case "throttle":
                    raise Busy("TooManyRequestsException", "Maximum sending rate exceeded.")
                case "down":
                    raise Unavailable("ServiceUnavailable", "The service does not answer.")
            return send(response)

        def publish_unless(backend: SNSBackend, *args: Any, **kwargs: Any) -> str:
            match self._kinds.get("sns-sms" if kwargs.get("phone_number") else "sns-topics"):
                case "throttle":
                    raise SNSException("Throttling", "Rate exceeded")
                case "down":
                    raise SNSException("InternalError", "The service does not answer.")
            return publish(backend, *args, **kwargs)

        undo.enter_context(patch.object(SESV2Response, "send_email", send_email))
        undo.enter_context(patch.object(SNSBackend, "publish", publish_unless))
        return undo.close
