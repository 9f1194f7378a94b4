"""What may be one of several: each such union has a name and a field that says which it is."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from chalicelib.domain.complaint import events

from . import fitting, public_details
from .fitting import REF, Schema


class Union(NamedTuple):
    """`by`: the field that says which schema it is; `of`: the schemas, by what it says."""

    by: str
    of: Mapping[str, str]
    description: str


UNIONS: Mapping[str, Union] = {
    "ComplaintView": Union(
        "view", {"staff": "StaffView", "public": "PublicView"}, "A complaint, as its reader may see it."
    ),
    "ComplaintLine": Union(
        "view", {"summary": "SummaryView", "storefront": "StorefrontView"}, "A complaint in a list, to its reader."
    ),
    "ReplacedLink": Union(
        "view", {"staff": "StaffView", "link": "LinkView"}, "The complaint, to staff; its new link, to a storefront."
    ),
    "Timeline": Union(
        "view", {"staff": "TimelinePage", "public": "PublicTimelinePage"}, "What happened, as its reader may see it."
    ),
}
MORE = "There may be more types tomorrow: pass over what you do not know."
EVENTS = {kind.__name__: kind for kind in events.KINDS}
PUBLIC = {kind.__name__: shape for kind, shape in public_details.SHAPES.items()}
ENTRIES: Mapping[str, tuple[str, Mapping[str, type[BaseModel]]]] = {
    "TimelineEntry": ("", EVENTS),
    "PublicEntry": ("Public", PUBLIC),
}
"""The entries of a timeline, of which each type has details of its own; and how their schemas' names begin."""


def details() -> dict[Any, Any]:
    """The models of all details, by what has them."""
    return {(name, kind): model for name, (_, kinds) in ENTRIES.items() for kind, model in kinds.items()}


def united(found: Mapping[Any, Schema], shared: Mapping[str, Schema]) -> tuple[dict[Any, Schema], dict[str, Schema]]:
    """The same with unions by name; and entries by type, whose details are among those found."""
    names = {frozenset(REF + one for one in union.of.values()): name for name, union in UNIONS.items()}

    def by_name(part: Schema) -> Schema:
        refs = [one.get("$ref") for one in part.get("anyOf", ())]
        name = names.get(frozenset(ref for ref in refs if ref))
        return {"$ref": REF + name} if name and None not in refs else part

    made = {name: fitting.changed(schema, by_name) for name, schema in shared.items()}
    for name, (prefix, kinds) in ENTRIES.items():
        if name in made:
            made |= _by_type(name, prefix, made[name], {kind: found[name, kind] for kind in kinds})
    for name, union in UNIONS.items():
        if set(union.of.values()) <= made.keys():
            made[name] = _one_of(union.by, union.of, union.description)
    return {key: fitting.changed(schema, by_name) for key, schema in found.items()}, made


def _by_type(name: str, prefix: str, entry: Schema, details: Mapping[str, Schema]) -> dict[str, Schema]:
    """The schemas of the entries of each type, and that of any."""
    types = {kind: f"{prefix}{kind}Entry" for kind in details}
    fields = entry["properties"]
    each = {
        types[kind]: {
            "type": "object",
            "properties": fields | {"type": {"type": "string", "const": kind}, "details": told},
            "required": entry["required"],
        }
        for kind, told in details.items()
    }
    return each | {name: _one_of("type", types, f"{entry['description']} {MORE}")}


def _one_of(by: str, of: Mapping[str, str], description: str) -> Schema:
    refs = {value: REF + name for value, name in of.items()}
    return {
        "description": description,
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": by, "mapping": refs},
    }
