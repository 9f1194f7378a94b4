"""Dead letters: which queues keep them, what may be shown of each, and how it goes back to work.

A letter is deleted after what it asks for has been asked for again, never before: anything in this house may be done
twice, nothing may be lost.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.ground.ids import ALPHABET
from infra.deployment import Deployment
from infra.reactions import react_again

HELD = 600  # seconds for which nobody else gets a letter that was taken in hand
COMPLAINTS = re.compile(f"(?<![-0-9A-Za-z])[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}(?![-0-9A-Za-z])")
AMENDMENTS = re.compile(r"amendment_[0-9]+")
MOMENTS = re.compile(r'"approximateArrivalOf\w+": ?"([-:.0-9TZ]+)"')

Letter = dict[str, Any]
"""A message as SQS gives it."""


# ---- how they go back: each is given the body, and says what else is to be known -------------------------------------


def sent_to(queue: str) -> Callable[[Deployment, str], str]:
    """Back into the queue it came from."""

    def send(house: Deployment, body: str) -> str:
        house.client("sqs").send_message(QueueUrl=house.name(queue), MessageBody=body)
        return ""

    return send


def hear_again(house: Deployment, body: str) -> str:
    """What SNS could not hand over is its message; what the function failed at is Lambda's record, the event in it."""
    told = json.loads(body)
    house.invoke("MailEvents", told.get("requestPayload", {"Records": [{"Sns": told}]}))
    return ""


def ring_again(house: Deployment, body: str) -> str:
    """One ring. No clock is started anew: the sweep, which needs none, has been ringing all the time and goes on."""
    told = json.loads(body)
    at = house.invoke("Ring", {name: told[name] for name in ("record", "clock", "at")} | {"idle": 0})["at"]
    return f"next at {at}, by the sweep" if at else "nothing is left to ring"


# ---- which there are -------------------------------------------------------------------------------------------------


class Tray(NamedTuple):
    """One queue of dead letters. `shown`: what is looked for in a body; nothing else of it may be seen."""

    name: str
    queue: str
    go_back: Callable[[Deployment, str], str]
    shown: re.Pattern[str] = COMPLAINTS

    def ids(self, letter: Letter) -> str:
        return " ".join(dict.fromkeys(self.shown.findall(letter["Body"]))) or "-"


TRAYS = (
    Tray("notices", "NoticesDeadLetters", sent_to("NoticesQueue")),
    Tray("evidence", "EvidenceDeadLetters", sent_to("EvidenceQueue")),
    Tray("orders", "OrdersDeadLetters", sent_to("OrdersQueue")),
    Tray("replays", "ReplaysDeadLetters", sent_to("ReplaysQueue"), AMENDMENTS),
    Tray("webhooks", "WebhooksDeadLetters", sent_to("WebhooksQueue")),
    Tray("react", "ReactDeadLetters", react_again, MOMENTS),
    Tray("mail-events", "MailEventsDeadLetters", hear_again),
    Tray("clock", "ClockDeadLetters", ring_again),
)


@contextmanager
def held(house: Deployment, queue: str) -> Iterator[dict[str, Letter]]:
    """All letters of a queue, by id; nobody else gets them meanwhile. Those still there at the end are let go."""
    sqs, letters = house.client("sqs"), dict[str, Letter]()
    asked = {"MaxNumberOfMessages": 10, "VisibilityTimeout": HELD, "WaitTimeSeconds": house.wait}
    try:
        while taken := sqs.receive_message(QueueUrl=house.name(queue), **asked).get("Messages"):
            letters |= {letter["MessageId"]: letter for letter in taken}
        yield letters
    finally:
        for letter in letters.values():
            with suppress(ClientError, BotoCoreError):  # then it is let go after HELD
                sqs.change_message_visibility(
                    QueueUrl=house.name(queue), ReceiptHandle=letter["ReceiptHandle"], VisibilityTimeout=0
                )


def in_other_hands(house: Deployment, queue: str) -> int:
    """How many letters somebody holds at this moment, about: SQS itself does not know it to the second."""
    asked = ["ApproximateNumberOfMessagesNotVisible"]
    answer = house.client("sqs").get_queue_attributes(QueueUrl=house.name(queue), AttributeNames=asked)
    return int(answer["Attributes"][asked[0]])


def delete(house: Deployment, queue: str, letters: dict[str, Letter], letter_id: str) -> None:
    """It is done with: out of the queue, and out of hand."""
    receipt = letters[letter_id]["ReceiptHandle"]
    house.client("sqs").delete_message(QueueUrl=house.name(queue), ReceiptHandle=receipt)
    del letters[letter_id]
