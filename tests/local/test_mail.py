"""What becomes of a mail comes back to the function that is subscribed to it, a moment later, as on AWS."""

import json

import pytest

from .test_desk import aws

MAIL = {
    "FromEmailAddress": "complaints@example.com",
    "Content": {"Simple": {"Subject": {"Data": "…"}, "Body": {"Text": {"Data": "…"}}}},
}


def send(system, to, about):
    return system.call("POST", "/v1/mails", {"to": to, "about": about})


def seen(system, name):
    return system.call("GET", f"/v1/seen/{name}").json()["seen"]


def dead_letters(system, name):
    sqs = aws(system, "sqs")
    (url,) = sqs.list_queues(QueueNamePrefix=f"redress-local-{name}")["QueueUrls"]
    return [json.loads(one["Body"]) for one in sqs.receive_message(QueueUrl=url).get("Messages", [])]


@pytest.mark.parametrize(
    ("mailbox", "types"),
    [
        ("li@example.cn", ["Delivery"]),
        ("bounce+1@simulator.amazonses.com", ["Bounce"]),
        ("complaint@simulator.amazonses.com", ["Delivery", "Complaint"]),
        ("delay@simulator.amazonses.com", ["DeliveryDelay", "Delivery"]),
    ],
)
def test_the_function_hears_what_became_of_a_mail_in_its_order_before_all_is_settled(system, mailbox, types):
    about = mailbox.partition("@")[0].partition("+")[0] + "-told"
    assert send(system, mailbox, about).status == 200
    system.settle()
    assert seen(system, about) == types


def test_a_report_that_cannot_be_taken_in_comes_three_times_and_then_goes_to_the_dead_letters(system):
    message_id = send(system, "li@example.cn", "unlucky").json()["id"]
    system.settle()
    assert seen(system, "unlucky") == ["Delivery"] * 3
    (letter,) = dead_letters(system, "MailEventsDeadLetters")
    assert letter["requestContext"]["condition"] == "RetriesExhausted"
    assert letter["requestContext"]["approximateInvokeCount"] == 3
    (record,) = letter["requestPayload"]["Records"]
    assert json.loads(record["Sns"]["Message"])["mail"]["messageId"] == message_id
    assert letter["responsePayload"] == {"errorMessage": "as asked", "errorType": "RuntimeError"}


def test_a_configuration_set_that_is_not_there_refuses_the_mail(system):
    ses = aws(system, "sesv2")
    with pytest.raises(ses.exceptions.NotFoundException, match="no-such-set"):
        ses.send_email(**MAIL, Destination={"ToAddresses": ["lost@example.cn"]}, ConfigurationSetName="no-such-set")
    assert system.outbox("lost@example.cn") == []


def test_events_of_mails_are_in_no_outbox(system):
    send(system, "quiet@example.cn", "quiet")
    system.settle()
    assert [one["channel"] for one in system.outbox() if "Delivery" in one["text"]] == []
    assert len(system.outbox("quiet@example.cn")) == 1


def test_what_anybody_publishes_to_the_topic_reaches_the_function_too(system):
    sns = aws(system, "sns")
    (topic,) = [one["TopicArn"] for one in sns.list_topics()["Topics"] if one["TopicArn"].endswith("MailEventsTopic")]
    told = {"eventType": "Open", "mail": {"tags": {"about": ["by-hand"]}}}
    sns.publish(TopicArn=topic, Message=json.dumps(told))
    system.settle()
    assert seen(system, "by-hand") == ["Open"]


# ---- outages -------------------------------------------------------------------------------------------------------


def outage(system, service, kind):
    return system.call("POST", f"{system.desk}/outage", {"service": service, "kind": kind})


def mended(system):
    assert system.call("DELETE", f"{system.desk}/outage").json() == {}


@pytest.mark.parametrize(
    ("kind", "code", "status"), [("throttle", "TooManyRequestsException", 429), ("down", "ServiceUnavailable", 503)]
)
def test_ses_can_be_made_to_fail_and_mended(system, kind, code, status):
    assert outage(system, "ses", kind).json() == {"ses": kind}
    ses = aws(system, "sesv2")
    try:
        with pytest.raises(ses.exceptions.ClientError) as refusal:
            ses.send_email(**MAIL, Destination={"ToAddresses": [f"{kind}@example.cn"]})
    finally:
        mended(system)
    assert refusal.value.response["Error"]["Code"] == code
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert system.outbox(f"{kind}@example.cn") == []
    assert send(system, f"{kind}@example.cn", "out").status == 200


@pytest.mark.parametrize(("kind", "code"), [("throttle", "Throttling"), ("down", "InternalError")])
def test_short_messages_can_fail_while_topics_do_not_and_the_other_way_round(system, kind, code):
    sns = aws(system, "sns")
    topic = sns.create_topic(Name="outage")["TopicArn"]
    ways = {"sns-sms": {"PhoneNumber": "+8613900139000"}, "sns-topics": {"TopicArn": topic}}
    for service, way in ways.items():
        outage(system, service, kind)
        try:
            with pytest.raises(sns.exceptions.ClientError) as refusal:
                sns.publish(Message="…", **way)
            assert refusal.value.response["Error"]["Code"] == code
            (other,) = (one for one in ways.values() if one is not way)
            sns.publish(Message="…", **other)
        finally:
            mended(system)


@pytest.mark.parametrize(
    "content", [{}, {"service": "ses"}, {"service": "sqs", "kind": "down"}, {"service": "ses", "kind": "x"}, b"{"]
)
def test_an_outage_of_something_else_is_refused(system, content):
    reply = system.call("POST", f"{system.desk}/outage", content)
    assert reply.status == 400
    assert "ses" in reply.json()["detail"]
