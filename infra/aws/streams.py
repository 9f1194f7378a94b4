"""The change stream of a table: what moto's shard keeps, but made of cheap records, bounded, and with a bell.

moto's own shard builds and measures the JSON of every image at once and imports its Lambda service to look for
mappings. Here an image becomes JSON when somebody reads it; items never change once stored, so it can wait.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard

from infra.aws import REGION

KEPT = 2_000
"""So many of the records already read stay for whoever looks with the AWS CLI."""


class Change:
    """One change of one item, in the place of moto's StreamRecord."""

    __slots__ = ("at", "event_id", "keys", "new", "old", "sequence", "view")

    def __init__(self, view: str, keys: dict[str, Any], old: Item | None, new: Item | None, at: datetime) -> None:
        self.event_id = uuid.uuid4().hex
        self.view = view
        self.keys = keys
        self.old, self.new = old, new
        self.at = at
        self.sequence = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> "Change":
        """It never changes, nor do its items."""
        return self

    @property
    def event_name(self) -> str:
        return "INSERT" if self.old is None else "REMOVE" if self.new is None else "MODIFY"

    def to_json(self) -> dict[str, Any]:
        """The record as GetRecords gives it."""
        body: dict[str, Any] = {
            "StreamViewType": self.view,
            "ApproximateCreationDateTime": self.at,
            "SequenceNumber": str(self.sequence),
            "Keys": self.keys,
        }
        if self.new is not None and self.view in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"):
            body["NewImage"] = self.new.to_json()["Attributes"]
        if self.old is not None and self.view in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES"):
            body["OldImage"] = self.old.to_json()["Attributes"]
        body["SizeBytes"] = sum(item.size() for item in (self.new, self.old) if item is not None)
        return {
            "eventID": self.event_id,
            "eventName": self.event_name,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": body,
        }


class Shard(StreamShard):
    """The one shard of a table's stream. `bell` is rung after every change, `now` stamps it."""

    now: ClassVar[Callable[[], datetime]] = staticmethod(lambda: datetime.now(UTC))
    bell: ClassVar[Callable[[], None]] = staticmethod(lambda: None)

    def add(self, old: Item | None, new: Item | None) -> None:
        item = new if new is not None else old
        if item is None:
            return
        keys = {name: item.attrs[name].to_json() for name in self.table.table_key_attrs}
        view = (self.table.stream_specification or {})["StreamViewType"]
        change = Change(view, keys, old, new, type(self).now())
        change.sequence = self.next_sequence
        self.items.append(change)  # type: ignore[arg-type]
        type(self).bell()

    @property
    def next_sequence(self) -> int:
        """The number the next record will have."""
        return self.starting_sequence_number + len(self.items)

    def since(self, sequence: int, quantity: int) -> list[Change]:
        """Up to `quantity` records from this number on."""
        start = max(0, sequence - self.starting_sequence_number)
        return self.items[start : start + quantity]  # type: ignore[return-value]

    def get(self, start: int, quantity: int) -> list[dict[str, Any]]:
        return [change.to_json() for change in self.since(start, quantity)]

    def forget(self, sequence: int) -> None:
        """All before this number has been read, and nobody will look."""
        del self.items[: sequence - self.starting_sequence_number]
        self.starting_sequence_number = sequence

    def read_up_to(self, sequence: int) -> None:
        """Everything before this number has been read by the one pump there is: forget what nobody will ask for."""
        surplus = sequence - KEPT - self.starting_sequence_number
        if surplus >= KEPT:  # rarely, since it moves the rest
            del self.items[:surplus]
            self.starting_sequence_number += surplus
