"""Puts `IndexedTable` in the place of moto's tables, and one lock around every DynamoDB request of this process.

The words of moto (parsing, conditions, update expressions, errors) stay its own: only the table is replaced, and the
backend's operations that need to know of its journal and its indexes.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import datetime
from threading import RLock
from typing import Any
from unittest.mock import patch

import moto.dynamodb.models as dynamodb_models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler

from infra.aws.streams import Shard
from infra.aws.table import IndexedTable

LOCK = RLock()
"""moto's tables know nothing of threads."""


def install(bell: Callable[[], None] | None = None, now: Callable[[], datetime] | None = None) -> Callable[[], None]:
    """Make every table moto makes from now on an indexed one; gives what undoes it.

    `bell` is rung after each change of a table that has a stream; `now` stamps the changes."""
    undo = ExitStack()
    undo.enter_context(patch.object(dynamodb_models, "Table", IndexedTable))
    for name, own in (
        ("update_item", _update_item),
        ("transact_write_items", _transact_write_items),
        ("update_table", _update_table),
    ):
        undo.enter_context(patch.object(DynamoDBBackend, name, own))
    undo.enter_context(patch.object(DynamoResult, "execute_result", _as_it_is))
    for handler in (DynamoHandler, DynamoDBStreamsHandler):
        undo.enter_context(patch.object(handler, "call_action", _locked(handler.call_action)))
    if bell:
        undo.enter_context(patch.object(Shard, "bell", staticmethod(bell)))
    if now:
        undo.enter_context(patch.object(Shard, "now", staticmethod(now)))
    return undo.close


@contextmanager
def indexed_tables() -> Iterator[None]:
    """`install` for as long as a `with` block lasts."""
    undo = install()
    try:
        yield
    finally:
        undo()


def _locked(action: Callable[..., Any]) -> Callable[..., Any]:
    def locked(handler: Any) -> Any:
        with LOCK:
            return action(handler)

    return locked


def _as_it_is(answer: DynamoResult, context: object) -> tuple[int, dict[str, str], str]:
    """An answer with items is on the wire what it is here. moto would try every type of value on every attribute, which
    is most of what a page of a queue costs."""
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(answer.result, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(type(value).__name__)


_moto_update_item = DynamoDBBackend.update_item
_moto_transact_write_items = DynamoDBBackend.transact_write_items
_moto_update_table = DynamoDBBackend.update_table


def _update_item(backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any) -> Item:
    table = backend.get_table(table_name)
    with _changing(table):
        if isinstance(table, IndexedTable):
            table.make_own(backend.get_keys_value(table, key))
        return _moto_update_item(backend, table_name, key, *args, **kwargs)


def _transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    names = {operation["TableName"] for item in transact_items for operation in item.values()}
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(_changing(backend.get_table(name)))
        _moto_transact_write_items(backend, transact_items)


def _update_table(backend: DynamoDBBackend, *args: Any, **kwargs: Any) -> Table:
    table = _moto_update_table(backend, *args, **kwargs)
    if isinstance(table, IndexedTable):
        table.index_anew()
    return table


def _changing(table: Table) -> AbstractContextManager[None]:
    """A change of a table; of one that moto made before `install`, in moto's own way."""
    return table.changing() if isinstance(table, IndexedTable) else nullcontext()
