"""Sorted partitions: how DynamoDB finds items by key, for a table and for each of its indexes.

An item is in an index only if it has all of the index's key attributes (that is what makes one sparse). Entries of one
partition are a sorted list: insertion moves memory, but a partition of 20,000 entries costs microseconds.
"""

import base64
import copy
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType, Item

Key = tuple[Any, ...]
Entry = tuple[Key, Item]
"""The sort key of an item within its partition (ending in the table's own key, so that it is unique) and the item."""

KEY_OF = itemgetter(0)


def comparable(value: DynamoType) -> Any:
    """What DynamoDB sorts a key attribute by: text by code point, numbers by value, binary by bytes."""
    if value.type == "B":
        return value.value if isinstance(value.value, bytes) else base64.b64decode(value.value)
    return value.cast_value


class Index:
    """The entries of a table or of one of its indexes: `hash_keys` find the partition, `sort_keys` order it."""

    def __init__(
        self, schema: Sequence[Mapping[str, str]], table_keys: Sequence[str], types: Mapping[str, str]
    ) -> None:
        self.hash_keys = [key["AttributeName"] for key in schema if key["KeyType"] == "HASH"]
        self.range_keys = [key["AttributeName"] for key in schema if key["KeyType"] == "RANGE"]
        self.sort_keys = [*self.range_keys, *(key for key in table_keys if key not in self.range_keys)]
        self.types = {key: types[key] for key in (*self.hash_keys, *self.range_keys)}
        self._partitions: dict[Key, list[Entry]] = {}

    def twin(self) -> "Index":
        """Another of the same entries, which goes on by itself."""
        twin = copy.copy(self)
        twin._partitions = {key: entries.copy() for key, entries in self._partitions.items()}
        return twin

    def refuse_wrong_types(self, item: Item) -> None:
        """Raise what DynamoDB answers when a key attribute of an index is of another type than declared."""
        for key, wanted in self.types.items():
            if key in item.attrs and item.attrs[key].type != wanted:
                raise MockValidationException(
                    "One or more parameter values were invalid: Type mismatch for Index Key "
                    f"{key} Expected: {wanted} Actual: {item.attrs[key].type}"
                )

    def first_of_each(self) -> list[Key]:
        """The lowest sort key of every partition."""
        return [entries[0][0] for entries in self._partitions.values()]

    def add(self, item: Item) -> None:
        if (place := self._place(item.attrs)) is not None:
            insort(self._partitions.setdefault(place[0], []), (place[1], item), key=KEY_OF)

    def remove(self, item: Item) -> None:
        if (place := self._place(item.attrs)) is None:
            return
        entries = self._partitions[place[0]]
        del entries[bisect_left(entries, place[1], key=KEY_OF)]
        if not entries:
            del self._partitions[place[0]]

    def between(
        self,
        partition: Mapping[str, DynamoType],
        condition: tuple[str, list[DynamoType]] | None,
        start: Mapping[str, Any] | None,
        forward: bool,
    ) -> tuple[list[Entry], range]:
        """The entries of a partition, and the positions of those that satisfy the condition on the sort key and come
        after `start` (an ExclusiveStartKey), in the asked direction. Nothing is copied."""
        key = tuple(comparable(partition[name]) for name in self.hash_keys)
        entries = self._partitions.get(key, [])
        low, high = _bounds(entries, *condition) if condition else (0, len(entries))
        if start is not None:
            place = self._place({name: DynamoType(value) for name, value in start.items()})
            if place is None:
                raise MockValidationException("The provided starting key is invalid")
            if place[0] != key:
                raise MockValidationException(
                    "The provided starting key is outside query boundaries based on provided conditions"
                )
            if forward:
                low = max(low, bisect_right(entries, place[1], key=KEY_OF))
            else:
                high = min(high, bisect_left(entries, place[1], key=KEY_OF))
        return entries, range(low, high) if forward else range(high - 1, low - 1, -1)

    def _place(self, attrs: Mapping[str, DynamoType]) -> tuple[Key, Key] | None:
        """Partition and sort key of an item with these attributes; none if it is not in this index."""
        if any(key not in attrs for key in (*self.hash_keys, *self.sort_keys)):
            return None
        hash_key = tuple(comparable(attrs[name]) for name in self.hash_keys)
        return hash_key, tuple(comparable(attrs[name]) for name in self.sort_keys)


def _bounds(entries: list[Entry], comparison: str, values: list[DynamoType]) -> tuple[int, int]:
    """The half-open range of positions whose first sort attribute satisfies the comparison."""
    first = comparable(values[0])

    def before(value: Any, cut: Callable[[Any], Any] = lambda own: own) -> int:
        return bisect_left(entries, value, key=lambda entry: cut(entry[0][0]))

    def up_to(value: Any, cut: Callable[[Any], Any] = lambda own: own) -> int:
        return bisect_right(entries, value, key=lambda entry: cut(entry[0][0]))

    match comparison:
        case "=":
            return before(first), up_to(first)
        case "<":
            return 0, before(first)
        case "<=":
            return 0, up_to(first)
        case ">":
            return up_to(first), len(entries)
        case ">=":
            return before(first), len(entries)
        case "BETWEEN":
            return before(first), up_to(comparable(values[1]))
        case "BEGINS_WITH":
            return before(first), up_to(first, lambda own: own[: len(first)])
    raise MockValidationException(f"Unsupported operator on KeyCondition: {comparison}")
