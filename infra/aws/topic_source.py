"""Work from a topic: what SNS hands to a function that is subscribed to it, one message an invocation.

SNS calls such a function asynchronously: here, when the function that published is done, since on AWS it would be by
then. An invocation that fails is run again, twice unless the template says otherwise, and then told to where failures
go. On AWS the pauses between are minutes.
"""

import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple
from unittest.mock import patch

from moto.sns.models import Subscription

from infra.aws.clock import format_milliseconds
from infra.aws.pumps import LOG, Pumps

PAUSE = 0.2
"""Seconds between two invocations for the same message."""
RETRIES = 2

Function = Callable[[dict[str, Any]], object]
Send = Callable[[str, str], object]


class Due(NamedTuple):
    """An invocation to come, not before `at` (of the monotonic clock) and not until whoever published is `done`."""

    at: float
    order: int
    attempts: int
    event: dict[str, Any]
    done: Callable[[], bool]


class TopicSource:
    """Feeds `function` as the subscription (its resolved properties) and the settings of asynchronous calls say.

    `send` puts a message (queue ARN, body) where invocations are told that failed too often."""

    def __init__(
        self,
        subscription: Mapping[str, Any],
        settings: Mapping[str, Any],
        function: Function,
        send: Send,
        now: Callable[[], datetime],
        pumps: Pumps,
    ) -> None:
        self.name = str(subscription["Endpoint"]).rpartition(":")[2]
        self.endpoint = str(subscription["Endpoint"])
        self._function, self._send, self._now, self._pumps = function, send, now, pumps
        self._retries = int(settings.get("MaximumRetryAttempts", RETRIES))
        self._on_failure = settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        self._order = count()
        self._lock = threading.Lock()
        self._due: list[Due] = []

    def put(self, subscription: Subscription, message: str, message_id: str, **more: Any) -> None:
        """A message was published to the topic; `more` may have its subject and attributes."""
        event = _event(subscription, message, message_id, self._now(), more)
        self._add(Due(time.monotonic(), next(self._order), 0, event, self._pumps.turn_of_this_thread()))
        self._pumps.ring()

    def waiting(self) -> bool:
        with self._lock:
            return any(one.done() for one in self._due)

    def work(self, stopping: threading.Event) -> None:
        with self._lock:
            due = min(one for one in self._due if one.done())
            self._due.remove(due)
        if stopping.wait(max(0.0, due.at - time.monotonic())):
            return
        try:
            self._function(due.event)
        except Exception as fault:  # whatever a function raises is a failed invocation
            LOG.error("a message of a topic failed%s", " again" if due.attempts else "", exc_info=not due.attempts)
            if due.attempts < self._retries:
                self._add(due._replace(at=time.monotonic() + PAUSE, attempts=due.attempts + 1))
            else:
                self._give_up(due.event, due.attempts + 1, fault)

    def _add(self, due: Due) -> None:
        with self._lock:
            self._due.append(due)

    def _give_up(self, event: dict[str, Any], attempts: int, fault: Exception) -> None:
        LOG.error("%s failed %d times; its message goes to the dead letters", self.name, attempts)
        if not self._on_failure:
            return
        record = {
            "version": "1.0",
            "timestamp": format_milliseconds(self._now()),
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": f"{self.endpoint}:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": attempts,
            },
            "requestPayload": event,
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": {"errorMessage": str(fault), "errorType": type(fault).__name__},
        }
        self._send(str(self._on_failure), json.dumps(record, ensure_ascii=False))


def install(sources: Mapping[str, TopicSource]) -> Callable[[], None]:
    """Let moto hand what is published to functions to these, by the function's ARN; gives what undoes it."""
    publish = Subscription.publish

    def to_whom(subscription: Subscription, message: str, message_id: str, **more: Any) -> None:
        if subscription.protocol != "lambda":
            publish(subscription, message, message_id, **more)
        elif source := sources.get(subscription.endpoint):
            source.put(subscription, message, message_id, **more)

    replaced = patch.object(Subscription, "publish", to_whom)
    replaced.start()
    return replaced.stop


def _event(
    subscription: Subscription, message: str, message_id: str, at: datetime, more: Mapping[str, Any]
) -> dict[str, Any]:
    """What SNS hands to a function."""
    told = {
        "SignatureVersion": "1",
        "Timestamp": format_milliseconds(at),
        "Signature": "local",
        "SigningCertUrl": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-local.pem",
        "MessageId": message_id,
        "Message": message,
        "MessageAttributes": more.get("message_attributes") or {},
        "Type": "Notification",
        "UnsubscribeUrl": f"https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={subscription.arn}",
        "TopicArn": subscription.topic_arn,
        "Subject": more.get("subject"),
    }
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "EventSource": "aws:sns",
        "Sns": told,
    }
    return {"Records": [record]}
