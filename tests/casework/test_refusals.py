"""What a sender says of a message it does not take: the reader's bad address, or the house's own to mend."""

from datetime import timedelta
from typing import Any

import pytest

import app
from infra.aws import REGION
from infra.aws.functions import scheduled_event
from tests.house import House

from .mailroom import Mailroom, mails_to, notices, refusing, texts
from .streams import run

WANG = "wang@example.cn"
PHONE_ONLY = {"name": "王芳", "phone": "13800138000"}
NO_ADDRESS = [
    "Illegal address",
    "Invalid email address 王芳@example.cn.",
    "Missing final '@domain'",
    "Missing domain",
    "Local address contains control or whitespace",
    "Local address contains illegal character",
    "Domain contains illegal character",
    "Domain starts with dot",
]
OUR_OWN = [
    ("BadRequestException", ""),
    ("BadRequestException", "Duplicate header 'Reply-To'."),
    ("BadRequestException", "Invalid From address provided."),
    ("BadRequestException", "The tag value is invalid."),
    ("MessageRejected", "Email address is not verified."),
    ("MailFromDomainNotVerifiedException", "MAIL FROM domain is not verified."),
    ("AccountSuspendedException", "The account is suspended."),
    ("NotFoundException", "Configuration set <redress> does not exist."),
]


@pytest.fixture
def receipt(house: House) -> dict[str, Any]:
    """The message that a receipt is to be sent."""
    room = Mailroom(house)
    house.file()
    return queued_receipt(room)


def queued_receipt(room: Mailroom) -> dict[str, Any]:
    room.react()
    (message,) = [one for one in room.messages() if '"receipt"' in one["body"]]
    return message


def state(house: House, channel: str) -> str | None:
    (item,) = [one for one in house.items() if one["sk"]["S"].endswith("#receipt#consumer")]
    return item.get(f"{channel}_state", {}).get("S")


@pytest.mark.parametrize("words", NO_ADDRESS)
def test_an_address_that_is_none_is_not_asked_for_again_and_the_text_goes_instead(
    house: House, receipt: dict[str, Any], words: str
):
    with house.interfering(refusing("sesv2", "BadRequestException", words)):
        assert run(app.deliver, [receipt]) == []
        Mailroom(house).deliver()
    assert (len(texts()), state(house, "email")) == (1, "refused")


@pytest.mark.parametrize(("code", "words"), OUR_OWN)
def test_what_the_house_has_to_mend_goes_to_the_dead_letters_and_is_not_held_against_the_address(
    house: House, receipt: dict[str, Any], code: str, words: str
):
    with house.interfering(refusing("sesv2", code, words)):
        for receives in range(1, 6):
            attributes = {"ApproximateReceiveCount": str(receives)}
            assert run(app.deliver, [receipt | {"attributes": attributes}]) == [receipt["messageId"]]
    assert (len(texts()), state(house, "email")) == (0, None)
    assert run(app.deliver, [receipt]) == [], "mended, and given back"
    assert (len(mails_to(WANG)), state(house, "email")) == (1, "sent")


def test_while_sending_is_paused_mail_waits_in_the_table(house: House, receipt: dict[str, Any]):
    with house.interfering(refusing("sesv2", "SendingPausedException", "Sending is paused.")):
        assert run(app.deliver, [receipt | {"attributes": {"ApproximateReceiveCount": "3"}}]) == []
    assert (len(texts()), state(house, "email")) == (0, None)
    house.now += timedelta(minutes=5)
    app.sweep(scheduled_event("sweep", REGION, house.now), None)
    Mailroom(house).settle()
    assert (len(mails_to(WANG)), state(house, "email")) == (1, "sent")


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        ("Invalid parameter: PhoneNumber Reason: +8613800138000 is not valid to publish to", False),
        ("Invalid parameter: MessageAttributes", True),
    ],
)
def test_a_number_that_is_none_is_told_from_what_the_house_has_to_mend(house: House, words: str, ours: bool):
    number = house.file(contact=PHONE_ONLY)["complaint_id"]
    message = queued_receipt(Mailroom(house))
    with house.interfering(refusing("sns", "InvalidParameter", words)):
        assert run(app.deliver, [message]) == ([message["messageId"]] if ours else [])
    assert state(house, "sms") == (None if ours else "refused")
    assert ("consumer", "receipt", "queued") in notices(house, number)
