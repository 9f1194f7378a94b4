"""Event patterns, as the filters of event source mappings have them: moto's own, but that moto takes any word for an
operator, and one that it does not know for true. AWS refuses such a filter, and so does this."""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.events.models import EventPattern

OPERATORS = {"prefix", "suffix", "equals-ignore-case", "anything-but", "exists", "numeric", "cidr", "wildcard"}


def read(text: str) -> EventPattern:
    """Raises moto's InvalidEventPatternException for what is no pattern, ValueError for an unknown operator."""
    pattern = EventPattern.load(text)
    if unknown := set(_operators(pattern.get_pattern())) - OPERATORS:
        raise ValueError(f"no such operator in event patterns: {', '.join(sorted(unknown))}")
    return pattern


def matches(pattern: EventPattern, event: Mapping[str, Any]) -> bool:
    """As moto's `matches_event`, of what is plain JSON already: moto would write it and read it again first."""
    wanted = pattern.get_pattern()
    return not wanted or pattern._does_event_match(pattern._flatten_dict(event), wanted)


def _operators(pattern: Mapping[str, Any]) -> Iterator[str]:
    for name, wanted in pattern.items():
        if isinstance(wanted, Mapping):
            yield from _operators(wanted)
        elif name == "$or":
            yield from (operator for one in wanted for operator in _operators(one))
        else:
            yield from (operator for one in wanted if isinstance(one, Mapping) for operator in one)
