"""What is long of a record is kept apart from its head, in items of its own: so the head is bounded, whoever writes.

The head holds the whole state while that has no more than `IN_HEAD` bytes. Of a longer one the longest parts go apart
until the rest has: a part is a field of the state, or one thing of a field that lists several. Each goes under the
digest of its JSON, which never changes, and in its place in the head stands a mark with the digest.

What a record needs of the head beyond that are the marks: a few hundred bytes for each round of plans and answers.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any, NamedTuple

IN_HEAD = 64_000  # bytes: each time the head is written, all of them are paid for
SHORTEST = 256  # bytes: a part that is shorter stays where it is
MOST_NEW = 40
"""Parts that go apart at once: a transaction has a hundred items. What is left over goes with what is written next."""
MARK = "\x1e"
"""Begins what stands for a part. No text has it: none may have control characters."""
WRITTEN_MARK = "\\u001e"


class Split(NamedTuple):
    """The JSON of a state as the head has it, and the JSON of the parts that are apart, by digest."""

    head: str
    apart: Mapping[str, str]


def split(state: str, known: Set[str] = frozenset()) -> Split:
    """The state, given as JSON, in two. `known`: the digests of what is apart already."""
    missing = len(state.encode()) - IN_HEAD
    if missing <= 0:
        return Split(state, {})
    content = json.loads(state)
    apart: dict[str, str] = {}
    for part, put in sorted(_parts(content), key=lambda one: len(one[0]), reverse=True):
        if missing <= 0 or len(part) < SHORTEST:
            break
        digest = hashlib.sha256(part).hexdigest()[:32]
        if digest not in known and len(apart.keys() - known) >= MOST_NEW:
            continue
        apart[digest] = part.decode()
        put(MARK + digest)
        missing -= len(part)
    return Split(_written(content), apart)


def marked(head: str) -> frozenset[str]:
    """The digests of what is apart from a head."""
    if WRITTEN_MARK not in head:
        return frozenset()
    return frozenset(part.removeprefix(MARK) for part, _ in _places(json.loads(head)) if _is_mark(part))


def join(head: str, apart: Mapping[str, str]) -> str:
    """The whole state. Raises KeyError for a part that is not there."""
    content = json.loads(head)
    for part, put in list(_places(content)):
        if _is_mark(part):
            put(json.loads(apart[part.removeprefix(MARK)]))
    return _written(content)


def _places(content: dict[str, Any]) -> Iterator[tuple[Any, Callable[[Any], None]]]:
    """What may be apart, and how something else is put in its place."""
    for name, value in content.items():
        if isinstance(value, list):
            yield from ((part, _setting(value, n)) for n, part in enumerate(value))
        else:
            yield value, _setting(content, name)


def _setting(holder: Any, key: Any) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        holder[key] = value

    return put


def _parts(content: dict[str, Any]) -> list[tuple[bytes, Callable[[Any], None]]]:
    return [(_written(part).encode(), put) for part, put in _places(content)]


def _is_mark(part: Any) -> bool:
    return isinstance(part, str) and part.startswith(MARK)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
