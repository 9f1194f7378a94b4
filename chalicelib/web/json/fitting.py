"""Schemas fit for clients that are made from them: what is handed in, what is answered, and what is written down.

A client takes a field with a default for one that must be there, and refuses what it does not know where a schema says
so. So what is handed in has no defaults (their descriptions say them) and nothing unknown; what is answered has all
its fields, and may have more tomorrow; what is written down has no nulls, and lacks what was not there.
"""

from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.domain.ground import text

Schema = dict[str, Any]
REF = "#/components/schemas/"
NAMED = ("properties", "patternProperties", "$defs")
ONE = ("items", "additionalProperties", "propertyNames", "not", "contains")
SOME = ("anyOf", "oneOf", "allOf", "prefixItems")
_TYPED = (text.NO_CONTROLS, text.NO_CONTROLS_NOR_TURNS, text.NO_CONTROLS_BUT_LINES)


def changed(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """The same with `change` made to each schema in it, the innermost first."""
    made: Schema = {}
    for key, value in schema.items():
        if key in NAMED:
            made[key] = {name: changed(one, change) for name, one in value.items()}
        elif key in ONE and isinstance(value, dict):
            made[key] = changed(value, change)
        elif key in SOME:
            made[key] = [changed(one, change) for one in value]
        else:
            made[key] = value
    return change(made)


def parts(schema: Schema) -> Iterator[Schema]:
    """A schema and all in it."""
    yield schema
    for key, value in schema.items():
        if key in NAMED:
            yield from (part for one in value.values() for part in parts(one))
        elif key in ONE and isinstance(value, dict):
            yield from parts(value)
        elif key in SOME:
            yield from (part for one in value for part in parts(one))


def handed_in(schema: Schema) -> Schema:
    made = _without(schema, "title")
    if "default" not in made:
        return made
    default = made.pop("default")
    return made if default in (None, [], {}) else made | {"description": _with_default(made, default)}


def asked(schema: Schema) -> Schema:
    """A parameter is there or not; it is never null."""
    made = not_null(_without(schema, "title"))
    return made if made.get("default", made) is not None else _without(made, "default")


def answered(schema: Schema) -> Schema:
    made = _without(schema, "title", "default")
    if "properties" in made:
        made.pop("additionalProperties", None)
    if made.get("pattern") in _TYPED:
        made.pop("pattern")
    numbers = [{"type": "integer"}, {"type": "number"}]
    if all(one in made.get("anyOf", ()) for one in numbers):
        made["anyOf"] = [one for one in made["anyOf"] if one != numbers[0]]
    return made


def written_down(schema: Schema) -> Schema:
    """What is written down leaves out what is null, and what was there before a field was added lacks that."""
    return not_null(answered(schema))


def not_null(schema: Schema) -> Schema:
    """The same, never null."""
    if {"type": "null"} not in schema.get("anyOf", ()):
        return schema
    values = [one for one in schema["anyOf"] if one != {"type": "null"}]
    rest = _without(schema, "anyOf")
    return rest | (values[0] if len(values) == 1 else {"anyOf": values}) | _said(rest)


def _said(schema: Schema) -> Schema:
    return {"description": schema["description"]} if "description" in schema else {}


def _with_default(schema: Schema, default: Any) -> str:
    shown = str(default).lower() if isinstance(default, bool) else default
    return " ".join(filter(None, (schema.get("description"), f"Without it: `{shown}`.")))


def _without(schema: Schema, *keys: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in keys}
