"""What DynamoDB charges for reads and writes, computed from the items by its published rules.

moto answers `ReturnConsumedCapacity` with made-up figures, so the rules are written out here: sizes as the developer
guide ("DynamoDB item sizes and formats") gives them, a write unit per kilobyte begun, twice in a transaction, a read
unit per four kilobytes begun, half of it eventually consistent. An index costs a write for each of its entries that
changes, two if the entry moves; it follows later, by itself, so a transaction does not double it.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, NamedTuple

Item = Mapping[str, Any]
KILOBYTE = 1024


class Index(NamedTuple):
    """`attributes`: what it projects, its own and the table's keys included; None: everything."""

    keys: tuple[str, ...]
    attributes: frozenset[str] | None

    def entry(self, item: Item | None) -> Item | None:
        """What the index holds of an item: nothing, where the item lacks a key of the index."""
        if item is None or any(key not in item for key in self.keys):
            return None
        return item if self.attributes is None else {name: item[name] for name in item if name in self.attributes}


def size(item: Item) -> int:
    """Bytes of an item in DynamoDB's JSON."""
    return sum(len(name.encode()) + _of(value) for name, value in item.items())


def _of(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return ceil(len(content.strip("-").replace(".", "").strip("0") or "0") / 2) + 1 + content.startswith("-")
        case "B":
            return len(content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _of(one) for one in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _of(one) for name, one in content.items())
    return sum(_of({kind[0]: one}) for one in content)  # a set


def written(before: Item | None, after: Item | None, *, transaction: bool) -> int:
    """Write units of the table for an item that becomes another, or for a condition that failed (both the same)."""
    largest = max((size(item) for item in (before, after) if item), default=1)
    return ceil(largest / KILOBYTE) * (2 if transaction else 1)


def indexed(before: Item | None, after: Item | None, indexes: Iterable[Index]) -> int:
    """Write units of the indexes."""
    return sum(_entry_written(index, index.entry(before), index.entry(after)) for index in indexes)


def _entry_written(index: Index, before: Item | None, after: Item | None) -> int:
    if before == after:
        return 0
    old, new = (ceil(size(entry) / KILOBYTE) if entry else 0 for entry in (before, after))
    moved = before and after and any(before[key] != after[key] for key in index.keys)
    return old + new if moved else max(old, new)


def read(sizes: Iterable[int], *, consistent: bool, together: bool) -> float:
    """Read units. `together`: one query reads them; otherwise each is asked for by its key, also where there is none
    (size 0).
    """
    pieces = [sum(sizes)] if together else list(sizes)
    units = sum(max(ceil(piece / (4 * KILOBYTE)), 1) for piece in pieces)
    return units if consistent else units / 2
