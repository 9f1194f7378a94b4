"""What SES tells of mails: in its own words, and of its simulator's addresses what they are there for."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from infra.aws.ses_events import events_of

NOW = datetime(2026, 2, 10, 2, 0, 0, 250_000, tzinfo=UTC)


def request(*to, **more):
    mail = {"Subject": {"Data": "收到"}, "Body": {"Text": {"Data": "…"}}}
    return {
        "FromEmailAddress": "Redress <complaints@example.com>",
        "Destination": {"ToAddresses": list(to)},
        "Content": {"Simple": mail},
        "ConfigurationSetName": "redress-mail",
        "EmailTags": [{"Name": "complaint_id", "Value": "K7Q2M"}],
        **more,
    }


def told(*to, **more):
    return events_of(request(*to, **more), "0100-1", NOW, "us-east-1")


@pytest.mark.parametrize(
    ("address", "types"),
    [
        ("wang@example.cn", ["Delivery"]),
        ("bounce@example.cn", ["Delivery"]),
        ("success@simulator.amazonses.com", ["Delivery"]),
        ("ooto@simulator.amazonses.com", ["Delivery"]),
        ("bounce@simulator.amazonses.com", ["Bounce"]),
        ("Bounce+wang@Simulator.amazonses.com", ["Bounce"]),
        ("王芳 <complaint+1@simulator.amazonses.com>", ["Delivery", "Complaint"]),
        ("suppressionlist@simulator.amazonses.com", ["Bounce"]),
        ("delay@simulator.amazonses.com", ["DeliveryDelay", "Delivery"]),
        ("full@simulator.amazonses.com", ["DeliveryDelay", "Bounce"]),
        ("somebody@simulator.amazonses.com", ["Delivery"]),
    ],
)
def test_an_address_takes_its_mail_unless_it_is_one_of_the_simulators(address, types):
    assert [event["eventType"] for event in told(address)] == types


@pytest.mark.parametrize(
    ("mailbox", "kind"),
    [
        ("bounce", ("Permanent", "General")),
        ("suppressionlist", ("Permanent", "OnAccountSuppressionList")),
        ("full", ("Transient", "MailboxFull")),
    ],
)
def test_a_bounce_says_whether_it_is_for_good_and_whom_it_is_about(mailbox, kind):
    address = f"{mailbox}@simulator.amazonses.com"
    bounce = told(address)[-1]["bounce"]
    assert (bounce["bounceType"], bounce["bounceSubType"]) == kind
    (failed,) = bounce["bouncedRecipients"]
    assert (failed["emailAddress"], failed["action"]) == (address, "failed")
    assert bounce["feedbackId"]
    assert bounce["timestamp"] == "2026-02-10T02:00:01.250Z"


def test_an_event_has_the_mail_as_it_was_sent_with_its_tags():
    (event,) = told("王芳 <wang@example.cn>")
    mail = event["mail"]
    assert {key: mail[key] for key in ("messageId", "timestamp", "source", "destination", "sendingAccountId")} == {
        "messageId": "0100-1",
        "timestamp": "2026-02-10T02:00:00.250Z",
        "source": "Redress <complaints@example.com>",
        "destination": ["王芳 <wang@example.cn>"],
        "sendingAccountId": "123456789012",
    }
    assert mail["tags"]["complaint_id"] == ["K7Q2M"]
    assert mail["tags"]["ses:configuration-set"] == ["redress-mail"]
    assert mail["tags"]["ses:from-domain"] == ["example.com"]
    assert mail["commonHeaders"]["subject"] == "收到"
    assert event["delivery"]["recipients"] == ["wang@example.cn"]


def test_the_headers_of_a_raw_mail_are_told_and_its_recipients_are_those_of_the_envelope():
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "complaints@example.com", "wang@example.cn", "收到"
    raw = {"Raw": {"Data": base64.b64encode(message.as_bytes()).decode()}}
    (event,) = told("li@example.cn", Content=raw)
    assert {"name": "Subject", "value": "收到"} in event["mail"]["headers"]
    assert event["delivery"]["recipients"] == ["li@example.cn"]
    (event,) = told(Content=raw)
    assert event["delivery"]["recipients"] == ["wang@example.cn"]


def test_each_recipient_has_events_of_their_own():
    events = told("wang@example.cn", "bounce@simulator.amazonses.com")
    assert [event["eventType"] for event in events] == ["Delivery", "Bounce"]


def test_a_complaint_and_a_delay_say_whom_they_are_about():
    _, complaint = told("complaint@simulator.amazonses.com")
    assert complaint["complaint"]["complainedRecipients"] == [{"emailAddress": "complaint@simulator.amazonses.com"}]
    delay, _ = told("delay@simulator.amazonses.com")
    (held,) = delay["deliveryDelay"]["delayedRecipients"]
    assert held["emailAddress"] == "delay@simulator.amazonses.com"
