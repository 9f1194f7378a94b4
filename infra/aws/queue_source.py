"""Work from a queue: batches of messages for a function, deleted when done, tried again soon when not.

On AWS a failed message comes back when its visibility timeout is over; here it comes back after a moment, and goes to
the dead letters after as many receives as the queue's redrive policy says. Delays and timeouts are not waited for.
"""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from moto.sqs.models import Message, SQSBackend

from infra.aws.pumps import LOG, failed_identifiers, pause
from infra.aws.queues import HandledQueue

MOST_RECEIVES = 10
"""A queue without dead letters would go on until its messages expire, after days."""

Function = Callable[[dict[str, Any]], object]


class QueueSource:
    """Feeds `function` as the event source mapping `mapping` (its resolved properties) says."""

    def __init__(self, mapping: Mapping[str, Any], backend: SQSBackend, function: Function) -> None:
        self.name = str(mapping["FunctionName"])
        self._arn = str(mapping["EventSourceArn"])
        self._backend = backend
        self._queue_name = self._arn.rpartition(":")[2]
        self._function = function
        self._batch_size = int(mapping.get("BatchSize", 10))
        self._reports_items = "ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", [])

    @property
    def _queue(self) -> HandledQueue:
        queue = self._backend.get_queue(self._queue_name)
        assert isinstance(queue, HandledQueue)
        return queue

    def waiting(self) -> bool:
        return self._queue.any_ready()

    def work(self, stopping: threading.Event) -> None:
        queue = self._queue
        queue.cut_delays()
        received = self._backend.receive_message(
            self._queue_name,
            self._batch_size,
            0,
            int(queue.visibility_timeout),  # type: ignore[attr-defined]  # moto sets its attributes by name
            ["All"],
        )
        if not received:
            pause(1, stopping)  # all that was there went to the dead letters, or is held back by its group
            return
        event = {"Records": [self._record(message) for message in received]}
        identifiers = [message.id for message in received]
        receives = max(message.approximate_receive_count for message in received)
        failed, _ = failed_identifiers(partial(self._function, event), identifiers, self._reports_items, receives > 1)
        for message in received:
            if message.id not in failed:
                queue.delete_message(str(message.receipt_handle))
            elif message.approximate_receive_count >= MOST_RECEIVES and queue.dead_letter_queue is None:
                LOG.error("%s failed %d times; its message is dropped", self.name, MOST_RECEIVES)
                queue.delete_message(str(message.receipt_handle))
            else:
                queue.show_again(message.id)
        if failed:
            pause(receives, stopping)

    def _record(self, message: Message) -> dict[str, Any]:
        attributes = {
            "ApproximateReceiveCount": str(message.approximate_receive_count),
            "SentTimestamp": str(message.sent_timestamp),
            "SenderId": message.sender_id,
            "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
        }
        optional = {
            "MessageGroupId": message.group_id,
            "MessageDeduplicationId": message.deduplication_id,
            "SequenceNumber": message.sequence_number,
        }
        return {
            "messageId": message.id,
            "receiptHandle": message.receipt_handle,
            "body": message.body,
            "attributes": attributes | {name: value for name, value in optional.items() if value is not None},
            "messageAttributes": {name: _attribute(value) for name, value in message.message_attributes.items()},
            "md5OfBody": message.body_md5,
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": self._arn.split(":")[3],
        }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    """A message attribute in the spelling that Lambda events have."""
    given = {"stringValue": value.get("StringValue"), "binaryValue": value.get("BinaryValue")}
    return {
        **{name: one for name, one in given.items() if one is not None},
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
