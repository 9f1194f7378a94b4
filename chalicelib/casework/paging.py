"""Pages of lists: what one begins after is in a cursor, which nobody but the house can make."""

from collections.abc import Callable
from typing import Any

from chalicelib.adapters import signing
from chalicelib.domain.ground.errors import Malformed


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
