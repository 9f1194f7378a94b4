"""SES as far as moto does not go: mail sent by a configuration set leads to events, which its topic tells."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from unittest.mock import patch

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.exceptions import NotFoundException
from moto.sesv2.responses import SESV2Response
from moto.sns.models import sns_backends

from infra.aws.ses_events import events_of

Send = Callable[[SESV2Response], str]


def install(now: Callable[[], datetime]) -> Callable[[], None]:
    """Tell what becomes of mails sent from now on; gives what undoes it."""
    replaced = patch.object(SESV2Response, "send_email", _telling(SESV2Response.send_email, now))
    replaced.start()
    return replaced.stop


def _telling(send: Send, now: Callable[[], datetime]) -> Send:
    def send_email(response: SESV2Response) -> str:
        request = json.loads(response.body)
        ses = response.sesv2_backend.core_backend
        name = request.get("ConfigurationSetName")
        if name is None:
            return send(response)
        if name not in ses.config_sets:
            raise NotFoundException(f"Configuration set <{name}> does not exist.")
        answer = send(response)
        if destination := ses.config_set_event_destination.get(name):
            for event in events_of(request, json.loads(answer)["MessageId"], now(), response.region):
                _tell(destination, event, response.region)
        return answer

    return send_email


def _tell(destination: Mapping[str, Any], event: Mapping[str, Any], region: str) -> None:
    """Publish an event that the destination asks for. Nobody sends it, so it is in no outbox."""
    kind = event["eventType"]
    topic = sns_backends[DEFAULT_ACCOUNT_ID][region].topics.get(destination["SNSDestination"]["TopicARN"])
    if topic is not None and kind[0].lower() + kind[1:] in destination["MatchingEventTypes"]:
        topic.publish(json.dumps(event, ensure_ascii=False), subject="Amazon SES Email Event Notification")
        topic.sent_notifications.clear()  # moto's copy, which nobody reads
