"""The pumps deliver everything, in order, soon, and give up on what cannot be done."""

import json
import threading
from datetime import UTC, datetime
from hashlib import md5

import pytest
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from infra.aws import REGION, haste, queues, tables
from infra.aws.pumps import Pumps
from infra.aws.queue_source import QueueSource
from infra.aws.stack import client
from infra.aws.stream_source import StreamSource
from infra.aws.streams import KEPT
from infra.local.stack import build_stack
from infra.resources import load_resources
from tests.running import PATIENCE

from .effort import effort

ACCOUNT = "123456789012"
NOW = datetime(2026, 2, 10, 2, tzinfo=UTC)


class Rig:
    """The resources of the template, with functions of a test behind their mappings."""

    def __init__(self, pumps, **mapping):
        self.pumps = pumps
        self.stack = build_stack(load_resources())
        self.mapping = mapping
        self.sqs = sqs_backends[ACCOUNT][REGION]
        self.table = dynamodb_backends[ACCOUNT][REGION].tables[self.stack.made("Table").ref]
        self.url = self.stack.environment()["REDRESS_NOTICES_QUEUE_URL"]
        self.boto_sqs = client(REGION, "sqs")

    def feed(self, react=None, deliver=None):
        sources = []
        if react:
            mapping = self.stack.properties("ReactStream") | self.mapping
            sources.append(StreamSource(mapping, self.table.stream_shard, react, self._dead))
        if deliver:
            sources.append(QueueSource(self.stack.properties("DeliverQueue"), self.sqs, deliver))
        self.pumps.start(sources)

    def _dead(self, queue, body):
        self.sqs.send_message(queue.rpartition(":")[2], body)

    def write(self, *numbers, sk="ENTRY#{:06}", pk="C#1"):
        for number in numbers:
            self.table.put_item({"pk": {"S": pk}, "sk": {"S": sk.format(number)}, "n": {"N": str(number)}})

    def send(self, *bodies):
        for body in bodies:
            self.boto_sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def dead_letters(self, name):
        queue = self.sqs.queues[self.stack.made(name).attributes["QueueName"]]
        return [message.body for message in queue.messages]


@pytest.fixture
def pumps():
    pumps = Pumps()
    yield pumps
    pumps.stop()


@pytest.fixture
def rig(pumps):
    with mock_aws():
        undo = [haste.install(), tables.install(pumps.ring, lambda: NOW), queues.install(pumps.ring)]
        yield Rig(pumps)
        pumps.stop()
        for one in reversed(undo):
            one()


class Function:
    """A function that notes its invocations; `failing` says which identifiers of a batch it fails."""

    def __init__(self, failing=lambda record: False, raising=lambda record: False):
        self.invocations = []
        self.failing, self.raising = failing, raising

    def __call__(self, event):
        records = event["Records"]
        self.invocations.append(records)
        if any(self.raising(record) for record in records):
            raise RuntimeError("as asked")
        failed = [record for record in records if self.failing(record)]
        return {"batchItemFailures": [{"itemIdentifier": identifier(record)} for record in failed]}

    @property
    def seen(self):
        return [number(record) for records in self.invocations for record in records]


def number(record):
    return int(record["dynamodb"]["NewImage"]["n"]["N"]) if "dynamodb" in record else record["body"]


def identifier(record):
    return record["dynamodb"]["SequenceNumber"] if "dynamodb" in record else record["messageId"]


# ---- the stream ----------------------------------------------------------------------------------------------------


def test_a_record_has_the_shape_that_lambda_gives(rig):
    react = Function()
    rig.feed(react)
    rig.write(7)
    assert rig.pumps.settle()
    ((record,),) = react.invocations
    assert record.pop("eventID")
    body = record["dynamodb"]
    assert body.pop("ApproximateCreationDateTime") == NOW.timestamp()
    assert body.pop("SizeBytes") > 0
    assert body.pop("SequenceNumber").isdigit()
    assert record == {
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "eventSourceARN": rig.stack.made("Table").attributes["StreamArn"],
        "dynamodb": {
            "StreamViewType": "NEW_IMAGE",
            "Keys": {"pk": {"S": "C#1"}, "sk": {"S": "ENTRY#000007"}},
            "NewImage": {"pk": {"S": "C#1"}, "sk": {"S": "ENTRY#000007"}, "n": {"N": "7"}},
        },
    }


def test_only_what_the_filter_lets_through_arrives_in_order_and_in_batches(rig):
    react = Function()
    rig.write(*range(250))
    rig.write(0, sk="HEAD")
    rig.write(3)  # changes nothing
    rig.table.put_item({"pk": {"S": "C#1"}, "sk": {"S": "ENTRY#000004"}, "n": {"N": "-4"}})  # a MODIFY
    rig.feed(react)
    assert rig.pumps.settle()
    assert react.seen == list(range(250))
    assert [len(records) for records in react.invocations] == [100, 100, 50]


def test_a_filter_may_look_at_the_image_too(rig):
    pattern = {"dynamodb": {"NewImage": {"n": {"N": [{"suffix": "3"}]}}}}
    rig.mapping |= {"FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]}}
    react = Function()
    rig.write(*range(20))
    rig.feed(react)
    assert rig.pumps.settle()
    assert react.seen == [3, 13]


def test_pumps_sleep_until_a_write_wakes_them(rig):
    looks, told = [], threading.Event()

    class Idle:
        name = "idle"

        def waiting(self):
            looks.append(threading.current_thread())
            return False

    rig.pumps.start([Idle()])
    rig.feed(lambda event: told.set())
    assert rig.pumps.settle()
    before = len(looks)
    assert not told.wait(0.2)
    assert len(looks) == before  # none of them looks without being woken
    rig.write(1)
    assert told.wait(PATIENCE)


def test_a_failed_record_is_tried_again_with_what_follows_it_until_it_works(rig):
    attempts = []
    react = Function(failing=lambda record: number(record) == 2 and attempts.append(1) is None and len(attempts) < 4)
    rig.write(1, 2, 3)
    rig.feed(react)
    assert rig.pumps.settle()
    assert react.seen == [1, 2, 3, 2, 3, 2, 3, 2, 3]
    assert rig.dead_letters("ReactDeadLetters") == []


def test_a_record_that_never_works_goes_to_the_dead_letters_and_blocks_nobody(rig):
    rig.mapping["MaximumRetryAttempts"] = 2
    react = Function(failing=lambda record: number(record) == 2)
    rig.write(1, 2)
    rig.feed(react)
    assert rig.pumps.settle()
    rig.write(3)
    assert rig.pumps.settle()
    assert react.seen == [1, 2, 2, 2, 3]
    (letter,) = map(json.loads, rig.dead_letters("ReactDeadLetters"))
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    batch = letter["DDBStreamBatchInfo"]
    assert (batch["batchSize"], batch["streamArn"]) == (1, rig.stack.made("Table").attributes["StreamArn"])
    (lost,) = rig.table.stream_shard.since(int(batch["startSequenceNumber"]), 1)
    assert lost.keys["sk"] == {"S": "ENTRY#000002"}


def test_a_batch_that_fails_as_a_whole_is_halved_until_only_the_poison_is_left(rig):
    rig.mapping["MaximumRetryAttempts"] = 1
    react = Function(raising=lambda record: number(record) == 5)
    rig.write(*range(8))
    rig.feed(react)
    assert rig.pumps.settle()
    (letter,) = map(json.loads, rig.dead_letters("ReactDeadLetters"))
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1
    assert set(react.seen) == set(range(8))


def test_an_answer_naming_an_unknown_record_fails_the_whole_batch(rig):
    rig.mapping |= {"MaximumRetryAttempts": 0, "BisectBatchOnFunctionError": False}
    rig.write(1, 2)
    rig.feed(lambda event: {"batchItemFailures": [{"itemIdentifier": ""}]})
    assert rig.pumps.settle()
    (letter,) = map(json.loads, rig.dead_letters("ReactDeadLetters"))
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 2


def test_thousands_of_records_are_not_kept_and_the_last_costs_what_the_first_did(rig):
    react = Function()
    rig.feed(react)
    early = effort(lambda: rig.write(0))
    for start in range(1, 3 * KEPT, 500):
        rig.write(*range(start, start + 500))
    assert effort(lambda: rig.write(3 * KEPT + 1)) < 2 * early
    assert rig.pumps.settle()
    assert react.seen == list(range(3 * KEPT + 2))
    assert len(rig.table.stream_shard.items) <= 2 * KEPT


# ---- the queue -----------------------------------------------------------------------------------------------------


def test_a_message_has_the_shape_that_lambda_gives(rig):
    deliver = Function()
    rig.boto_sqs.send_message(
        QueueUrl=rig.url,
        MessageBody="您好",
        DelaySeconds=60,  # nobody waits for it here
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "receipt"}},
    )
    rig.feed(deliver=deliver)
    assert rig.pumps.settle()
    ((record,),) = deliver.invocations
    attributes = record.pop("attributes")
    assert record.pop("messageId")
    assert record.pop("receiptHandle")
    assert attributes["ApproximateReceiveCount"] == "1"
    assert attributes["SentTimestamp"].isdigit()
    assert record == {
        "body": "您好",
        "messageAttributes": {
            "kind": {"stringValue": "receipt", "stringListValues": [], "binaryListValues": [], "dataType": "String"}
        },
        "md5OfBody": md5("您好".encode()).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": rig.stack.made("NoticesQueue").attributes["Arn"],
        "awsRegion": REGION,
    }


def test_messages_come_in_batches_and_only_failed_ones_again_until_the_dead_letters(rig):
    deliver = Function(failing=lambda record: record["body"] == "bad")
    rig.send(*"abcdefghijkl", "bad")
    rig.feed(deliver=deliver)
    assert rig.pumps.settle(timeout=60)  # nobody waits for its visibility timeout, which is longer
    assert sorted(deliver.seen) == sorted([*"abcdefghijkl", *["bad"] * 5])
    assert max(len(records) for records in deliver.invocations) == 4
    assert rig.dead_letters("NoticesDeadLetters") == ["bad"]


def test_a_message_held_by_somebody_else_is_left_to_them(rig):
    rig.send("mine")
    rig.boto_sqs.receive_message(QueueUrl=rig.url)
    deliver = Function()
    rig.feed(deliver=deliver)
    assert rig.pumps.settle()
    assert deliver.seen == []


def test_a_message_costs_no_more_among_two_thousand_than_alone(rig):
    queue = rig.sqs.queues[rig.stack.made("NoticesQueue").attributes["QueueName"]]

    def handle(body):
        rig.sqs.send_message(queue.name, body)
        (message,) = rig.sqs.receive_message(queue.name, 1, 0, 360)
        queue.delete_message(message.receipt_handle)

    handle("before")  # what is looked up once is looked up
    early = effort(lambda: handle("first"))
    for one in range(2000):
        rig.sqs.send_message(queue.name, str(one))
    late = effort(lambda: handle("last"))
    assert late < 2 * early
    deliver = Function()
    rig.feed(deliver=deliver)
    assert rig.pumps.settle()
    assert (len(deliver.seen), queue.approximate_number_of_messages) == (2000, 0)


def test_a_message_is_never_lost_among_threads(rig):
    deliver = Function()
    rig.feed(deliver=deliver)
    threads = [threading.Thread(target=rig.send, args=[f"{worker}-{one}" for one in range(50)]) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rig.pumps.settle()
    assert len(deliver.seen) == len(set(deliver.seen)) == 200


# ---- both ----------------------------------------------------------------------------------------------------------


def test_settled_means_that_chains_of_reactions_are_over(rig):
    delivered = []

    def react(event):
        rig.send(*[str(number(record)) for record in event["Records"]])

    def deliver(event):
        for record in event["Records"]:
            delivered.append(record["body"])
            if int(record["body"]) < 1000:
                rig.write(int(record["body"]) + 1000)

    rig.feed(react, deliver)
    rig.write(*range(40))
    assert rig.pumps.settle()
    assert sorted(map(int, delivered)) == [*range(40), *range(1000, 1040)]


def test_settle_says_when_it_takes_too_long(rig):
    release = threading.Event()
    rig.feed(lambda event: release.wait(PATIENCE) and None)
    rig.write(1)
    assert not rig.pumps.settle(timeout=0.05)
    release.set()
    assert rig.pumps.settle()


def test_a_pump_survives_what_it_did_not_expect(rig):
    class Broken:
        name = "broken"
        left = 1

        def waiting(self):
            return self.left > 0

        def work(self, stopping):
            self.left -= 1
            raise OSError("as asked")

    rig.pumps.start([Broken()])
    assert rig.pumps.settle()
