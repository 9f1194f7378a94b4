"""Work from a table's stream: the records that pass the mapping's filters, in order, in batches."""

import base64
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from infra.aws import patterns
from infra.aws.clock import format_milliseconds
from infra.aws.pumps import LOG, failed_identifiers, pause
from infra.aws.streams import Change, Shard
from infra.aws.tables import LOCK

READ_AT_ONCE = 1_000
MOST_RETRIES = 10
"""Where the mapping says nothing, or without end."""

Function = Callable[[dict[str, Any]], object]
Send = Callable[[str, str], object]


class StreamSource:
    """Feeds `function` as the event source mapping `mapping` (its resolved properties) says.

    `send` puts a message (queue ARN, body) where records go that were tried too often."""

    def __init__(self, mapping: Mapping[str, Any], shard: Shard, function: Function, send: Send) -> None:
        self.name = str(mapping["FunctionName"])
        self._arn = str(mapping["EventSourceArn"])
        self._shard = shard
        self._function = function
        self._send = send
        self._batch_size = int(mapping.get("BatchSize", 100))
        retries = int(mapping.get("MaximumRetryAttempts", MOST_RETRIES))
        self._retries = retries if 0 <= retries <= MOST_RETRIES else MOST_RETRIES
        self._bisects = bool(mapping.get("BisectBatchOnFunctionError"))
        self._reports_items = "ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", [])
        self._dead_letters = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        wanted = [one["Pattern"] for one in mapping.get("FilterCriteria", {}).get("Filters", [])]
        self._patterns = [patterns.read(pattern) for pattern in wanted]
        self._by_image = any("Image" in pattern for pattern in wanted)
        self._position = shard.starting_sequence_number

    def forget_what_was_read(self) -> None:
        """Whoever reads after this one begins where this one is."""
        with LOCK:
            self._shard.forget(self._position)

    def waiting(self) -> bool:
        return self._position < self._shard.next_sequence

    def work(self, stopping: threading.Event) -> None:
        with LOCK:
            changes = self._shard.since(self._position, READ_AT_ONCE)
        wanted = [change for change in changes if self._wants(change)]
        for start in range(0, len(wanted), self._batch_size):
            self._deliver(wanted[start : start + self._batch_size], stopping)
            if stopping.is_set():
                return
        with LOCK:
            self._position = changes[-1].sequence + 1
            self._shard.read_up_to(self._position)

    def _wants(self, change: Change) -> bool:
        if not self._patterns:
            return True
        light = {"eventName": change.event_name, "dynamodb": {"Keys": change.keys}}
        record = self._record(change) if self._by_image else light
        return any(patterns.matches(pattern, record) for pattern in self._patterns)

    def _deliver(self, batch: list[Change], stopping: threading.Event, retried: int = 0) -> None:
        """Invoke until all of the batch is done or given up. As Lambda does: records from the first failed one on are
        tried again; a batch that failed as a whole is halved first, which does not count as a retry."""
        while batch and not stopping.is_set():
            identifiers = [str(change.sequence) for change in batch]
            event = {"Records": [self._record(change) for change in batch]}
            failed, as_a_whole = failed_identifiers(
                partial(self._function, event), identifiers, self._reports_items, retried > 0
            )
            if not failed:
                return
            if as_a_whole and self._bisects and len(batch) > 1:
                middle = len(batch) // 2
                self._deliver(batch[:middle], stopping, retried)
                self._deliver(batch[middle:], stopping, retried)
                return
            batch = batch[min(identifiers.index(one) for one in failed) :]
            if retried == self._retries:
                self._give_up(batch, retried + 1)
                return
            retried += 1
            pause(retried, stopping)

    def _give_up(self, batch: list[Change], attempts: int) -> None:
        LOG.error("%s failed %d times; %d records go to the dead letters", self.name, attempts, len(batch))
        if not self._dead_letters:
            return
        first, last = batch[0], batch[-1]
        notice = {
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": self.name,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": attempts,
            },
            "version": "1.0",
            "timestamp": format_milliseconds(datetime.now(UTC)),
            "DDBStreamBatchInfo": {
                "shardId": self._shard.id,
                "startSequenceNumber": str(first.sequence),
                "endSequenceNumber": str(last.sequence),
                "approximateArrivalOfFirstRecord": format_milliseconds(first.at),
                "approximateArrivalOfLastRecord": format_milliseconds(last.at),
                "batchSize": len(batch),
                "streamArn": self._arn,
            },
        }
        self._send(str(self._dead_letters), json.dumps(notice))

    def _record(self, change: Change) -> dict[str, Any]:
        """The record as Lambda gives it: plain JSON, which nothing else refers to."""
        record = change.to_json() | {"eventSourceARN": self._arn}
        plain: dict[str, Any] = json.loads(json.dumps(record, default=_plain))
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(type(value).__name__)
