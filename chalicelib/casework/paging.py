"""Pages of lists: what one begins after is in a cursor, which nobody but the house can make."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from chalicelib.adapters import signing, store
from chalicelib.adapters.listings import Place, place_of
from chalicelib.domain.ground.errors import Malformed
from chalicelib.domain.ground.record import State

S = TypeVar("S", bound=State)
Part = TypeVar("Part")


def page_of(found: list[Any], limit: int, purpose: str, key: Callable[[Any], str]) -> tuple[list[Any], str | None]:
    """Of one more than the page has room for those that it has, and the cursor of those that follow, if any do."""
    page = found[:limit]
    return page, signing.sign(purpose, {"after": key(page[-1])}) if len(found) > limit else None


def opened(purpose: str, cursor: str | None, start: str) -> str:
    """What a page begins after; `start` without a cursor. Raises Malformed for one that is not of this list."""
    if cursor is None:
        return start
    try:
        return str(signing.verify(purpose, cursor)["after"])
    except signing.BadSignature:
        raise Malformed("cursor_not_ours") from None


def part_of(known: Sequence[Part], limit: int, purpose: str, cursor: str | None) -> tuple[list[Part], str | None]:
    """A page of what is known as a whole, by its place there. Raises Malformed."""
    after = int(opened(purpose, cursor, "0"))
    numbered = [*enumerate(known[after : after + limit + 1], start=after + 1)]
    page, following = page_of(numbered, limit, purpose, lambda one: str(one[0]))
    return [one for _, one in page], following


def listed_by(
    purpose: str, found_after: Callable[[str, int], list[Place]], state: type[S], limit: int, cursor: str | None
) -> tuple[list[S], str | None]:
    """A page of records in the order of a list, which reads so many that stand after a place. Raises Malformed."""
    found, following = page_of(found_after(opened(purpose, cursor, ""), limit + 1), limit, purpose, place_of)
    states = store.load_all([one.name for one in found], state) if found else {}
    return [states[one.name] for one in found if one.name in states], following
