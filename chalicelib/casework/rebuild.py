"""A record is rebuilt: its entries are folded, and what stands in the table beside them is what they say, or is mended.

The chain is never mended. Where it is broken, what was there can only come from a backup, and somebody has to ask why.
"""

import json
from datetime import datetime
from functools import reduce
from typing import Any, NamedTuple

from chalicelib.adapters import items, upkeep
from chalicelib.adapters.apart import join
from chalicelib.adapters.items import Item
from chalicelib.adapters.upkeep import Kept
from chalicelib.domain.ground.chain import Entry, digest_of_written, first_broken_link
from chalicelib.domain.ground.errors import Conflict, NotFound, Stale
from chalicelib.domain.ground.record import EVENTS, State

from .once import ATTEMPTS
from .records import Kind, kind_of


class Finding(NamedTuple):
    """What was found of a record: `broken` says what is wrong with its entries, None where they are whole.

    `differing`: what is not what the entries say, by name, never by value. `mended`: it is now.
    """

    record: str
    broken: str | None = None
    differing: tuple[str, ...] = ()
    mended: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether all is as it should be, and was."""
        return not self.broken and not self.differing


class Broken(Exception):
    """The entries are not what was written, or not all there."""


def rebuild(record: str, now: datetime, *, check: bool) -> Finding:
    """Compares a record with its entries, and mends what differs unless it is only to `check`.

    Raises NotFound, KeyError for a name that no kind of record has, Conflict if others keep changing the record.
    """
    kind = kind_of(record)
    for _ in range(ATTEMPTS):
        kept = upkeep.read(record)
        if kept.head is None and not kept.entries:
            raise NotFound("record_unknown")
        finding, changed, gone = _compare(record, kind, kept, now)
        if finding.is_sound:
            return finding
        mends = not check and not finding.broken
        try:
            upkeep.write(record, kept, *((changed, gone) if mends else ()))
        except Stale:  # somebody saved it while it was read, or before this was
            continue
        return finding._replace(mended=mends)
    raise Conflict("changed_by_others")


def _compare(record: str, kind: Kind, kept: Kept, now: datetime) -> tuple[Finding, list[Item], list[Item]]:
    """What was found, which items have to be put to mend it, and which have to go."""
    try:
        entries = _whole(record, kept)
        state = _folded(kind, entries)
    except Broken as fault:
        return Finding(record, broken=str(fault)), [], []
    alarm = kind.next_alarm(state, kind.policy(state, now), None)
    head, parts = items.head_items(kind.head(state), alarm.moment if alarm else None)
    tasks = items.task_items(record, kind.tasks(state))
    names = _differences(kind, kept, head, state)
    changed = [head, *(part for part in parts if part not in kept.parts)] if names else []
    mended = len(changed)
    there = {item["sk"]["S"]: item for item in kept.tasks}
    for task in tasks:
        if there.pop(task["sk"]["S"], None) != task:
            changed.append(task)
    names += [item["sk"]["S"] for item in (*changed[mended:], *there.values())]
    return Finding(record, differing=tuple(names)), changed, list(there.values())


# ---- the entries -----------------------------------------------------------------------------------------------------


def _whole(record: str, kept: Kept) -> list[Entry]:
    """The entries. Raises Broken if they are not those that were written, all of them."""
    entries: list[Entry] = []
    for number, item in enumerate(kept.entries, start=1):
        try:
            entries.append(items.as_entry(item))
            as_kept = digest_of_written(item["entry"]["S"]) == entries[-1].hash
        except (ValueError, LookupError):
            raise Broken(f"entry {number} cannot be read") from None
        if not as_kept:
            raise Broken(f"entry {number} is not what was written there")
    if broken := first_broken_link(entries, record):
        raise Broken(f"entry {broken} is not what was written there")
    _ask_witness(entries, kept.head)
    erased = any(entry.kind in EVENTS and EVENTS[entry.kind].erases for entry in entries)
    if lost := [entry.seq for entry in entries if entry.has_lost_words and not erased]:
        raise Broken(f"entry {lost[0]} has lost its words, which nobody erased")
    return entries


def _ask_witness(entries: list[Entry], head: Item | None) -> None:
    """The head knows the hash of the last entry that it was made from: a chain that is whole may still be cut short."""
    try:
        state = json.loads(head["head"]["S"]) if head else {}
        seq, chain = int(state["seq"]), state["chain"]
    except (ValueError, LookupError, TypeError, OverflowError):  # there is none to be read: it is made anew
        seq, chain = 0, None
    if seq > len(entries):
        raise Broken(f"entry {len(entries) + 1} is missing: the head was made from {seq}")
    if seq and entries[seq - 1].hash != chain:
        raise Broken(f"entry {seq} is not the one that the head was made from")


def _folded(kind: Kind, entries: list[Entry]) -> State:
    try:
        state: State | None = reduce(kind.evolve, entries, None)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as fault:
        raise Broken(
            f"the entries cannot be folded ({type(fault).__name__}): by a later version of the code?"
        ) from None
    if state is None:
        raise Broken("there are no entries")
    return state


# ---- the head --------------------------------------------------------------------------------------------------------


def _differences(kind: Kind, kept: Kept, right: Item, state: State) -> list[str]:
    """What of the stored head is not right: attributes of its item, fields of the state in it."""
    stored = kept.head
    if stored is None:
        return [items.HEAD]
    plain = sorted((stored.keys() | right.keys()) - {"head", "summary"})
    names = [name for name in plain if stored.get(name) != right.get(name)]
    if _read(stored, "summary") != _read(right, "summary"):
        names.append("summary")
    return names + _fields(kind, kept, state)


def _read(item: Item, name: str) -> Any:
    try:
        return json.loads(item[name]["S"])
    except (ValueError, LookupError):
        return None


def _fields(kind: Kind, kept: Kept, state: State) -> list[str]:
    """The fields of the state that are not what the entries say; the whole head where it, or a part, cannot be read."""
    parts = {items.digest_of(part): part["part"]["S"] for part in kept.parts if "part" in part}
    try:
        known = kind.state.model_validate_json(join((kept.head or {})["head"]["S"], parts))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ["head"]
    written = [name for name, field in kind.state.model_fields.items() if not field.exclude]
    return [f"head.{name}" for name in written if getattr(known, name) != getattr(state, name)]
