"""What is published to a topic reaches the function subscribed to it, as often as Lambda would try."""

import json
from datetime import UTC, datetime
from threading import Event

import pytest
from moto import mock_aws

from infra.aws import REGION, topic_source
from infra.aws.pumps import Pumps
from infra.aws.topic_source import TopicSource
from tests.furnished import session
from tests.running import PATIENCE

NOW = datetime(2026, 2, 10, 2, tzinfo=UTC)
FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:MailEvents"
LETTERS = f"arn:aws:sqs:{REGION}:123456789012:letters"


class Rig:
    """A topic, and a function of the test's own behind it, which does what `work` does."""

    def __init__(self, pumps):
        self.pumps, self.heard, self.letters = pumps, [], []
        self.work = lambda event: None
        self.sns = session().client("sns")
        self.topic = self.sns.create_topic(Name="events")["TopicArn"]
        self.sns.subscribe(TopicArn=self.topic, Protocol="lambda", Endpoint=FUNCTION)

    def feed(self, **settings):
        subscription = {"Endpoint": FUNCTION, "Protocol": "lambda", "TopicArn": self.topic}
        source = TopicSource(
            subscription, settings, self.hear, lambda *letter: self.letters.append(letter), lambda: NOW, self.pumps
        )
        self.pumps.start([source])
        return topic_source.install({FUNCTION: source})

    def hear(self, event):
        self.heard.append(event)
        self.work(event)

    def publish(self, *messages):
        for message in messages:
            self.sns.publish(TopicArn=self.topic, Message=message, Subject="told")

    def messages(self):
        return [event["Records"][0]["Sns"]["Message"] for event in self.heard]


def fail(event):
    raise RuntimeError("as asked")


@pytest.fixture
def rig():
    pumps = Pumps()
    with mock_aws():
        yield Rig(pumps)
        pumps.stop()


@pytest.fixture
def fed(rig):
    undo = rig.feed(DestinationConfig={"OnFailure": {"Destination": LETTERS}})
    yield rig
    undo()


def test_a_message_has_the_shape_that_lambda_gives(fed):
    fed.sns.publish(
        TopicArn=fed.topic,
        Message="您好",
        MessageAttributes={"complaint_id": {"DataType": "String", "StringValue": "K7Q2M"}},
    )
    assert fed.pumps.settle()
    (event,) = fed.heard
    (record,) = event["Records"]
    sns = record.pop("Sns")
    assert record.pop("EventSubscriptionArn").startswith(fed.topic)
    assert record == {"EventVersion": "1.0", "EventSource": "aws:sns"}
    assert {name: sns[name] for name in ("Type", "TopicArn", "Message", "Subject", "Timestamp")} == {
        "Type": "Notification",
        "TopicArn": fed.topic,
        "Message": "您好",
        "Subject": None,
        "Timestamp": "2026-02-10T02:00:00.000Z",
    }
    assert sns["MessageAttributes"] == {"complaint_id": {"Type": "String", "Value": "K7Q2M"}}
    assert sns["MessageId"]


def test_messages_come_one_by_one_in_their_order(fed):
    fed.publish("one", "two", "three")
    assert fed.pumps.settle()
    assert fed.messages() == ["one", "two", "three"]


class Publisher:
    """A pump's work: it publishes, and does more after that."""

    name = "publisher"

    def __init__(self, rig):
        self.rig, self.left, self.heard_before_the_end = rig, ["one", "two"], []

    def waiting(self):
        return bool(self.left)

    def work(self, stopping):
        self.rig.publish(self.left[0])
        stopping.wait(0.05)
        self.heard_before_the_end += [message for message in self.rig.messages() if message == self.left[0]]
        self.left.pop(0)


def test_a_message_comes_when_the_work_that_published_it_is_done(fed):
    publisher = Publisher(fed)
    fed.pumps.start([publisher])
    assert fed.pumps.settle()
    assert fed.messages() == ["one", "two"]
    assert publisher.heard_before_the_end == []


def test_a_message_that_fails_holds_up_no_other_and_comes_again(fed):
    published, left = Event(), iter([fail])

    def work(event):
        published.wait(PATIENCE)
        next(left, lambda event: None)(event)

    fed.work = work
    fed.publish("one", "two")
    published.set()
    assert fed.pumps.settle()
    assert fed.messages() == ["one", "two", "one"]
    assert fed.letters == []


def test_after_three_tries_it_is_told_to_the_dead_letters_with_the_event_to_run_again(fed):
    fed.work = fail
    fed.publish("one")
    assert fed.pumps.settle()
    assert fed.messages() == ["one"] * 3
    ((queue, body),) = fed.letters
    letter = json.loads(body)
    assert queue == LETTERS
    assert letter["requestPayload"] == fed.heard[0]
    context = letter["requestContext"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("RetriesExhausted", 3)
    assert letter["responsePayload"] == {"errorMessage": "as asked", "errorType": "RuntimeError"}


def test_the_template_may_want_fewer_tries_and_no_dead_letters(rig):
    undo = rig.feed(MaximumRetryAttempts=0)
    rig.work = fail
    rig.publish("one")
    assert rig.pumps.settle()
    undo()
    assert (rig.messages(), rig.letters) == (["one"], [])


def test_another_subscriber_hears_of_it_as_well(fed):
    sqs = session().client("sqs")
    url = sqs.create_queue(QueueName="copies")["QueueUrl"]
    fed.sns.subscribe(TopicArn=fed.topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:copies")
    fed.publish("one")
    assert fed.pumps.settle()
    (copy,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(copy["Body"])["Message"] == fed.messages()[0] == "one"
