"""What a call of AWS consumes that is paid for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType

from chalicelib.domain.telling.sms import parts
from infra.aws import tables
from infra.aws.table import IndexedTable

from . import units
from .units import Index, Item

Consumption = dict[str, float]
"""Quantities by the names of `prices.PRICES`, and `texts`: parts of text messages."""

READS, WRITES = ("Get", "Head", "List"), ("Put", "Copy", "Create", "Complete", "Post")


@dataclass
class Scales:
    """Weighs the items of the one table there is, before and after a call."""

    table: IndexedTable

    def __post_init__(self) -> None:
        self.indexes = [_index(self.table, one) for one in self.table.global_indexes]

    def before(self, name: str, params: Mapping[str, Any]) -> list[Item | None]:
        service, _, operation = name.partition(":")
        return [self._item(key) for _, key in _writes(operation, params)] if service == "dynamodb" else []

    def used(
        self, name: str, params: Mapping[str, Any], before: list[Item | None], answer: Mapping[str, Any]
    ) -> Consumption:
        service, _, operation = name.partition(":")
        match service:
            case "dynamodb":
                return self._written(operation, params, before) if before else _read(operation, params, answer)
            case "sqs":
                return {"sqs": 3 if operation.startswith("Send") else 1}  # sent, received, deleted
            case "sns":
                return {"texts": parts(params["Message"])} if "PhoneNumber" in params else {"sns": 1, "topic_mails": 1}
            case "sesv2":
                return {"mails": 1, "mail_bytes": len(params["Content"]["Raw"]["Data"])}
            case "s3":
                return {
                    "s3_reads" if operation.startswith(READS) else "s3_writes": float(
                        not operation.startswith("Delete")
                    )
                }
        return {}

    def _written(self, operation: str, params: Mapping[str, Any], before: list[Item | None]) -> Consumption:
        total = 0
        for (in_transaction, key), old in zip(_writes(operation, params), before, strict=True):
            new = self._item(key)
            total += units.written(old, new, transaction=in_transaction) + units.indexed(old, new, self.indexes)
        return {"write_units": total}

    def _item(self, key: Item) -> Item | None:
        with tables.LOCK:
            found = self.table.get_item(DynamoType(key["pk"]), DynamoType(key["sk"]))
            return found.to_json()["Attributes"] if found else None


def _index(table: IndexedTable, one: Any) -> Index:
    keys = tuple(one.schema_key_attrs)
    if one.projection["ProjectionType"] == "ALL":
        return Index(keys, None)
    named = one.projection.get("NonKeyAttributes", ())
    return Index(keys, frozenset({*keys, *table.table_key_attrs, *named}))


def _writes(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[bool, Item]]:
    """Whether in a transaction, and the key, of each item that a call writes or puts a condition on."""
    for action in params.get("TransactItems", ()):
        for one in action.values():
            yield True, one.get("Key") or one["Item"]
    for batch in params["RequestItems"].values() if operation == "BatchWriteItem" else ():
        for [request] in (one.values() for one in batch):
            yield False, request.get("Key") or request["Item"]
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        yield False, params.get("Key") or params["Item"]


def _read(operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> Consumption:
    """Items that a filter dropped are taken to be as large as those it let through."""
    match operation:
        case "GetItem":
            sizes = [units.size(answer.get("Item", {}))]
            return {"read_units": units.read(sizes, consistent=bool(params.get("ConsistentRead")), together=False)}
        case "BatchGetItem":
            [asked] = params["RequestItems"].values()
            found = [units.size(item) for items in answer.get("Responses", {}).values() for item in items]
            sizes = found + [0] * (len(asked["Keys"]) - len(found))
            return {"read_units": units.read(sizes, consistent=bool(asked.get("ConsistentRead")), together=False)}
        case "Query":
            sizes = [units.size(item) for item in answer.get("Items", ())]
            dropped = answer.get("ScannedCount", len(sizes)) - len(sizes)
            sizes.append(dropped * sum(sizes) // len(sizes) if sizes else 0)
            return {"read_units": units.read(sizes, consistent=bool(params.get("ConsistentRead")), together=True)}
    return {}
