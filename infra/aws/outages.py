"""Outages to order: a sender is at its rate limit, or does not answer. For trying what becomes of the work then."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from moto.core.exceptions import JsonRESTError
from moto.sesv2.responses import SESV2Response
from moto.sns.models import SNSBackend
from werkzeug.exceptions import HTTPException

KINDS = ("throttle", "down")
REFUSALS: Mapping[str, Mapping[str, tuple[int, str, str]]] = {
    "ses": {
        "throttle": (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
        "down": (503, "ServiceUnavailable", "The service does not answer."),
    },
    "sns-sms": {
        "throttle": (400, "Throttling", "Rate exceeded"),
        "down": (500, "InternalError", "The service does not answer."),
    },
    "sns-topics": {
        "throttle": (400, "Throttling", "Rate exceeded"),
        "down": (500, "InternalError", "The service does not answer."),
    },
}
"""What each service answers: status, code and message, by kind of outage."""
QUERY_ERROR = "<ErrorResponse><Error><Type>Receiver</Type><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>"


class Outages:
    """The outages there are: a kind by service."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}

    def begin(self, service: str, kind: str) -> None:
        """Raises ValueError for a service or a kind that is not known."""
        if service not in REFUSALS or kind not in KINDS:
            raise ValueError(f"a service is one of {', '.join(REFUSALS)}; a kind one of {', '.join(KINDS)}")
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
            if kind := self._kinds.get("ses"):
                raise _json(*REFUSALS["ses"][kind])
            return send(response)

        def publish_unless_out(backend: SNSBackend, *args: Any, **kwargs: Any) -> str:
            service = "sns-sms" if kwargs.get("phone_number") else "sns-topics"
            if kind := self._kinds.get(service):
                raise _xml(*REFUSALS[service][kind])
            return publish(backend, *args, **kwargs)

        undo.enter_context(patch.object(SESV2Response, "send_email", send_email))
        undo.enter_context(patch.object(SNSBackend, "publish", publish_unless_out))
        return undo.close


def _json(status: int, code: str, message: str) -> HTTPException:
    error = JsonRESTError(code, message)
    error.code = status
    return error


def _xml(status: int, code: str, message: str) -> HTTPException:
    error = HTTPException(QUERY_ERROR.format(code, message))
    error.code = status
    return error
