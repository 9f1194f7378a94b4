"""What happened to a record, in order and for good (4.5b): its entries, and the chain that binds them.

An entry is written once. Its hash covers everything in it and the hash of the entry before it, so that no entry can
be changed, dropped or inserted without `first_broken_link` saying where.

Canonical form: JSON as RFC 8785 has it (keys sorted, no white space, UTF-8, shortest escapes), with instants as
RFC 3339 in UTC with `Z` in whole seconds, amounts as strings, no floating point, absent rather than null. Where
somebody typed something, be it the name of something, "sha256:" and the SHA-256 of (salt ‖ text) stand in its place, in
lower-case hexadecimal.
The words themselves and the salt, sixteen random bytes an entry, are kept beside the entry: they can be erased later,
and nothing of the entry changes. (Without a salt the digest of a telephone number is guessed in seconds.)
The hash is the SHA-256, in lower-case hexadecimal, of the canonical form of the entry without its `hash`: of what was
written, field by field, whatever later code adds to these models or no longer knows.
The first entry's `previous` is 64 zeros.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pydantic import Field

from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model, Written
from chalicelib.domain.ground.people import HOUSE, Actor
from chalicelib.domain.ground.record import EVENTS, GENESIS, ClockSetting, Event, NewStage, State
from chalicelib.domain.ground.text import ERASED

SALT_BYTES = 16
SALT = re.compile(r"[0-9a-f]{32}")
SEALED = "sha256:"


class Words(Model):
    """What was typed, by its digest as it stands in the entry; `salt` in hexadecimal."""

    salt: str
    typed: dict[str, str]


class Entry(Written):
    """One link of the chain. `record` is the name of what it is about, `seq` counts from 1 within that.

    `data` is what `EVENTS[kind]` reads, with digests in the place of `words`, which are kept beside it until erased.
    """

    record: str
    seq: int
    kind: str
    at: Instant
    actor: Actor
    enters: NewStage | None = None
    data: dict[str, Any] = Field(default_factory=dict)
    previous: str
    hash: str = ""
    words: Words | None = None

    @property
    def said(self) -> dict[str, Any]:
        """The data with the words in their places."""
        return dict(_said(self.data, self.words.typed if self.words else {}))

    @property
    def characters(self) -> int:
        """How many were typed."""
        return sum(map(len, self.words.typed.values())) if self.words else 0

    @property
    def has_lost_words(self) -> bool:
        """Whether anything was typed that is not there any more."""
        return not set(_seals(self.data)) <= (self.words.typed.keys() if self.words else set())

    @property
    def event(self) -> Event:
        """The data as the model of its kind; fields that a later version of the code no longer knows are ignored."""
        return EVENTS[self.kind].model_validate(self.said, extra="ignore")

    @property
    def sets_clock(self) -> tuple[ClockSetting | None, tuple[int, ...]]:
        """The clock this entry sets, and the numbers of those it stops."""
        if self.enters:
            return self.enters.clock, self.enters.stops
        event = self.event
        return getattr(event, "clock", None), getattr(event, "stops", ())

    def without_words(self) -> "Entry":
        """The same entry once its words are erased."""
        return self.model_copy(update={"words": None})


def _said(data: Any, typed: dict[str, str]) -> Any:
    if isinstance(data, str):
        return typed.get(data, ERASED) if data.startswith(SEALED) else data
    if isinstance(data, dict):
        return {_said(name, typed): _said(value, typed) for name, value in data.items()}
    if isinstance(data, list):
        return [_said(value, typed) for value in data]
    return data


def _seals(data: Any) -> Iterator[str]:
    """Whatever stands in the place of words."""
    if isinstance(data, str):
        if data.startswith(SEALED):
            yield data
    elif isinstance(data, dict | list):
        for part in (*data, *data.values()) if isinstance(data, dict) else data:
            yield from _seals(part)


def canonical(value: Any) -> bytes:
    """The canonical form defined at the top of this module."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sealed(salt: str, text: str) -> str:
    """What stands in an entry for a text."""
    return SEALED + hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def body_of(entry: Entry) -> dict[str, Any]:
    """What the hash of an entry covers: all that was written, no field that was added since, none taken away."""
    return entry.model_dump(mode="json", exclude={"hash", "words"}, exclude_none=True, exclude_unset=True)


def as_written(entry: Entry) -> str:
    """The JSON to keep of an entry, without its words: no field that it did not have when it was made."""
    return entry.model_dump_json(exclude={"words"}, exclude_none=True, exclude_unset=True)


def digest(entry: Entry) -> str:
    """The hash that belongs to an entry, whatever its `hash` says."""
    return hashlib.sha256(canonical(body_of(entry))).hexdigest()


def link(
    record: str, seq: int, previous: str, event: Event, actor: Actor, at: datetime, enters: NewStage | None
) -> Entry:
    """The entry that follows `previous` (the hash of the last one, GENESIS for the first)."""
    salt = secrets.token_hex(SALT_BYTES)
    typed: dict[str, str] = {}

    def seal(text: str) -> str:
        stands = sealed(salt, text)
        typed[stands] = text
        return stands

    entry = Entry(
        record=record,
        seq=seq,
        kind=type(event).__name__,
        at=at,
        actor=actor,
        enters=enters,
        data=event.model_dump(mode="json", exclude_none=True, context=seal),
        previous=previous,
        words=Words(salt=salt, typed=typed) if typed else None,
    )
    return entry.model_copy(update={"hash": digest(entry)})


def linked(
    record: str, state: State, events: Iterable[Event], actor: Actor, at: datetime, into: NewStage | None = None
) -> list[Entry]:
    """The entries that follow those of which a state was made; the first of them enters the stage."""
    entries: list[Entry] = []
    for seq, event in enumerate(events, start=state.seq + 1):
        previous = entries[-1].hash if entries else state.chain
        entries.append(link(record, seq, previous, event, actor, at, None if entries else into))
    return entries


def followed(state: State, entry: Entry) -> dict[str, Any]:
    """What any entry changes of the state of a record: how far it has come, and the stage."""
    known = {
        "seq": entry.seq,
        "chain": entry.hash,
        "version": state.version + (not entry.actor.is_same(HOUSE) or entry.seq == 1),
    }
    return known | ({"stage": entry.enters.stage} if entry.enters else {})


def digest_of_written(text: str) -> str:
    """The hash that belongs to an entry as it is kept, whatever any model makes of it. Raises ValueError."""
    body = json.loads(text)
    body.pop("hash", None)
    return hashlib.sha256(canonical(body)).hexdigest()


def first_broken_link(
    entries: Iterable[Entry], record: str | None = None, first: int = 1, previous: str = GENESIS
) -> int | None:
    """The `seq` of the first entry that is not what was written there, or None if the chain is whole.

    `record`: whose entries they should be, by default that of the first; `first`: the number of the first, and the hash
    of the one before it (`previous`), where they are a piece of the chain. Words that are there must be those that were
    written; words that were erased break nothing.
    """
    for expected, entry in enumerate(entries, start=first):
        record = record or entry.record
        if (entry.seq, entry.previous, entry.record) != (expected, previous, record):
            return expected
        if digest(entry) != entry.hash or not _as_sealed(entry.words):
            return expected
        previous = entry.hash
    return None


def _as_sealed(words: Words | None) -> bool:
    if words is None:
        return True
    if not SALT.fullmatch(words.salt):  # of another length, it could take words in or give some away
        return False
    return all(sealed(words.salt, text) == stands for stands, text in words.typed.items())
