"""Event patterns, as the filters of event source mappings and the rules of EventBridge use them.

A pattern is an object whose leaves are lists of alternatives: plain values, or `{"prefix": …}` and its kin.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_MISSING = object()

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda value, wanted: isinstance(value, str) and value.startswith(wanted),
    "suffix": lambda value, wanted: isinstance(value, str) and value.endswith(wanted),
    "equals-ignore-case": lambda value, wanted: isinstance(value, str) and value.lower() == wanted.lower(),
    "anything-but": lambda value, wanted: value is not _MISSING and value not in _listed(wanted),
    "exists": lambda value, wanted: (value is not _MISSING) == wanted,
}


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Whether the event has everything that the pattern asks for."""
    if not isinstance(event, Mapping):
        return False
    return all(_part_matches(wanted, event.get(key, _MISSING)) for key, wanted in pattern.items())


def _part_matches(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return matches(wanted, {} if value is _MISSING else value)
    return any(_alternative_matches(one, each) for one in wanted for each in _listed(value))


def _alternative_matches(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return value is not _MISSING and wanted == value and type(wanted) is type(value)
    ((operator, operand),) = wanted.items()
    if operator not in _OPERATORS:
        raise ValueError(f"no such operator in event patterns here: {operator}")
    return _OPERATORS[operator](value, operand)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]
