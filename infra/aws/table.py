"""A DynamoDB table that stays as fast as it was: moto's table, with sorted indexes and a journal.

moto deep-copies a whole table to be able to roll a transaction back and walks every item for a query. Here a change
remembers the items it touches as they were (the journal), and puts them back if it fails; queries look keys up.
Where moto differs from AWS, this follows AWS:

- an update that makes an item is one INSERT in the stream, not an INSERT and a MODIFY; one that changes nothing is none
- a failed update leaves no half-made item
- a page that reaches its Limit has a LastEvaluatedKey, even if nothing follows
- a starting key that does not fit the query, and an index key of the wrong type, are refused

An item, once stored, is never changed in place: readers and stream records may keep it.
"""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import RESULT_SIZE_LIMIT, SecondaryIndex, Table

from infra.aws.indexes import Index
from infra.aws.streams import Shard

_TABLE = ""
Place = tuple[DynamoType, DynamoType | None]


class IndexedTable(Table):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before: dict[Place, Item | None] | None = None
        self._indexes: dict[str, Index] = {}
        self.index_anew()

    def set_stream_specification(self, streams: dict[str, Any] | None) -> None:
        super().set_stream_specification(streams)
        if self.stream_shard is not None:
            self.stream_shard = Shard(self.account_id, self)

    def __deepcopy__(self, memo: dict[int, Any]) -> "IndexedTable":
        """Within a change this is moto asking for its way back, which the journal is; else it is a backup, of the same
        items, since they never change."""
        if self._before is not None:
            return self
        twin = memo[id(self)] = copy.copy(self)
        own = {name: value for name, value in vars(self).items() if name not in ("items", "_indexes")}
        vars(twin).update(copy.deepcopy(own, memo))
        vars(twin).update(self.contents())
        return twin

    def contents(self) -> dict[str, Any]:
        """Those of its attributes that are made of items, for a twin to go on with."""
        items = copy.copy(self.items)
        if self.range_key_attr:
            items.update({key: copy.copy(partition) for key, partition in self.items.items()})
        return {"items": items, "_indexes": {name: index.twin() for name, index in self._indexes.items()}}

    def soonest(self, index: str) -> list[Any]:
        """The lowest range key in each partition of an index."""
        return [key[0] for key in self._indexes[index].first_of_each()]

    # ---- changing -----------------------------------------------------------------------------------------------

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One change: all that is written within, or nothing. A change within a change is part of the outer one."""
        if self._before is not None:
            yield
            return
        shard, self.stream_shard = self.stream_shard, None  # moto would report what may yet be rolled back
        self._before = {}
        try:
            yield
            changed = self._settled()
        except BaseException:
            for place, item in self._before.items():
                self._put_back(place, item)
            raise
        finally:
            self._before, self.stream_shard = None, shard
        for old, new in changed:
            self._reindex(old, new)
            if shard is not None and (old is None or new is None or old.attrs != new.attrs):
                shard.add(old, new)

    def touch(self, place: Place) -> None:
        """Remember an item as it is, before it changes."""
        if self._before is not None and place not in self._before:
            self._before[place] = self._at(place)

    def make_own(self, place: Place) -> None:
        """Touch an item and put a copy in its place, for moto to change where it lies."""
        self.touch(place)
        if (item := self._at(place)) is not None:
            self._put_back(place, copy.deepcopy(item))

    def put_item(self, item_attrs: dict[str, Any], *args: Any, **kwargs: Any) -> Item:
        with self.changing():
            if all(key in item_attrs for key in self.table_key_attrs):
                self.touch(self._place(item_attrs))
            return super().put_item(item_attrs, *args, **kwargs)

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        with self.changing():
            self.touch((hash_key, range_key))
            deleted = super().delete_item(hash_key, range_key)
            if range_key is not None and not self.items[hash_key]:
                del self.items[hash_key]
            return deleted

    def _settled(self) -> list[tuple[Item | None, Item | None]]:
        """Each touched item as it was and as it is, checked against the types of the index keys."""
        changed = [(before, self._at(place)) for place, before in (self._before or {}).items()]
        for _, after in changed:
            if after is not None:
                for index in self._indexes.values():
                    index.refuse_wrong_types(after)
        return [(before, after) for before, after in changed if before is not after]

    def _reindex(self, old: Item | None, new: Item | None) -> None:
        for index in self._indexes.values():
            if old is not None:
                index.remove(old)
            if new is not None:
                index.add(new)

    def index_anew(self) -> None:
        """Sort everything again, by the indexes there are now."""
        types = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in self.attr}
        schemas = {_TABLE: self.schema} | {index.name: index.schema for index in self.all_indexes()}
        self._indexes = {name: Index(schema, self.table_key_attrs, types) for name, schema in schemas.items()}
        for item in super().all_items():
            self._reindex(None, item)

    # ---- finding ------------------------------------------------------------------------------------------------

    def get_item(
        self,
        hash_key: DynamoType,
        range_key: DynamoType | None = None,
        projection_expression: list[list[str]] | None = None,
    ) -> Item | None:
        if self.has_range_key and range_key is None:
            return super().get_item(hash_key, range_key)  # an error
        item = self._at((hash_key, range_key))  # moto would make an empty partition of every miss
        return item.project(projection_expression) if projection_expression and item else item

    def query(
        self,
        hash_key: DynamoType | None,
        range_comparison: str | None,
        range_objs: list[DynamoType],
        limit: int,
        exclusive_start_key: dict[str, Any],
        scan_index_forward: bool,
        projection_expressions: list[list[str]] | None,
        index_name: str | None = None,
        consistent_read: bool = False,
        filter_expression: Any = None,
        hash_key_conditions: list[tuple[str, DynamoType]] | None = None,
        range_key_conditions: list[tuple[str, str, list[DynamoType]]] | None = None,
        **filter_kwargs: Any,
    ) -> tuple[list[Item], int, dict[str, Any] | None]:
        index = self._indexes.get(index_name or _TABLE)
        if index is None or filter_kwargs or len(range_key_conditions or ()) > 1:  # an error, or long out of use
            return super().query(
                hash_key,
                range_comparison,
                range_objs,
                limit,
                exclusive_start_key,
                scan_index_forward,
                projection_expressions,
                index_name,
                consistent_read,
                filter_expression,
                hash_key_conditions,
                range_key_conditions,
                **filter_kwargs,
            )
        if consistent_read and index_name in {own.name for own in self.global_indexes}:
            raise MockValidationException("Consistent reads are not supported on global secondary indexes")
        condition = (range_comparison, range_objs) if range_comparison else None
        entries, positions = index.between(
            dict(hash_key_conditions or []), condition, exclusive_start_key, scan_index_forward is not False
        )
        page, more = _page((entries[position][1] for position in positions), limit)
        last = self._get_last_evaluated_key(page[-1], index_name) if more else None
        scanned = len(page)
        if index_name:
            page = [_projected(self.get_index(index_name), item) for item in page]
        if filter_expression is not None:
            page = [item for item in page if filter_expression.expr(item)]
        if projection_expressions:
            page = [item.project(projection_expressions) for item in page]
        return page, scanned, last

    def _place(self, attrs: Mapping[str, Any]) -> Place:
        hash_key = DynamoType(attrs[self.hash_key_attr])
        return hash_key, DynamoType(attrs[self.range_key_attr]) if self.range_key_attr else None

    def _at(self, place: Place) -> Item | None:
        found: Any = self.items.get(place[0])
        item: Item | None = found if found is None or place[1] is None else found.get(place[1])
        return item

    def _put_back(self, place: Place, item: Item | None) -> None:
        hash_key, range_key = place
        if range_key is None:
            self.items.pop(hash_key, None)
            if item is not None:
                self.items[hash_key] = item  # type: ignore[assignment]
            return
        partition = self.items[hash_key]
        partition.pop(range_key, None)
        if item is not None:
            partition[range_key] = item
        elif not partition:
            del self.items[hash_key]


def _page(items: Iterator[Item], limit: int | None) -> tuple[list[Item], bool]:
    """As many items as a page may hold, and whether the page is full."""
    page: list[Item] = []
    size = 0
    for item in items:
        size += item.size()
        if size > RESULT_SIZE_LIMIT and page:
            return page, True
        page.append(item)
        if len(page) == limit:
            return page, True
    return page, False


def _projected(index: SecondaryIndex, item: Item) -> Item:
    """The item as the index knows it. moto's own way goes through Python values and back."""
    if not index.projection or index.projection.get("ProjectionType") == "ALL":
        return item
    wanted = {*index.table_key_attrs, *index.schema_key_attrs}
    if index.projection["ProjectionType"] == "INCLUDE":
        wanted.update(index.projection.get("NonKeyAttributes", []))
    twin = copy.copy(item)
    twin.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    dict.update(twin.attrs, {name: value for name, value in item.attrs.items() if name in wanted})
    return twin
