"""Many things are done, and one that fails keeps no other from being done."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from chalicelib import log

Thing = TypeVar("Thing")


def each(
    things: Iterable[Thing],
    do: Callable[[Thing], bool | None],
    fault: str,
    ids: Callable[[Thing], dict[str, Any]],
) -> list[Thing]:
    """Does `do` with each; those that failed, because it raised or said False. `fault` and `ids` are for the log."""
    return [thing for thing in things if not _try(thing, do, fault, ids)]


def _try(thing: Thing, do: Callable[[Thing], bool | None], fault: str, ids: Callable[[Thing], dict[str, Any]]) -> bool:
    try:
        return do(thing) is not False
    except Exception:  # whatever it is, the others must be done; whoever brought this one brings it again
        log.fault(fault, **ids(thing))
        return False


def failed_messages(
    messages: Iterable[dict[str, Any]],
    do: Callable[[dict[str, Any]], bool | None],
    fault: str,
    ids: Callable[[dict[str, Any]], dict[str, Any]],
) -> list[str]:
    """The same with messages of a queue: the ids of those that are to be delivered again."""
    return [message["messageId"] for message in each(messages, do, fault, ids)]
