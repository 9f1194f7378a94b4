"""The schemas of a document, once all else is in it: what nothing refers to goes, and tuples say what is in them."""

from collections.abc import Iterator
from typing import Any

PREFIX = "#/components/schemas/"


def only_used(document: dict[str, Any]) -> dict[str, Any]:
    """The schemas that anything in the document leads to, by their names."""
    schemas = document["components"]["schemas"]
    rest = document | {"components": document["components"] | {"schemas": {}}}
    left, used = list(_named(rest)), set[str]()
    while left:
        name = left.pop()
        if name not in used:
            used.add(name)
            left.extend(_named(schemas[name]))
    return {name: schema for name, schema in sorted(schemas.items()) if name in used}


def tell_items(content: Any) -> None:
    """A tuple is a list of anything to whoever knows no tuples, which generators and linters do not."""
    for one in _parts(content):
        if "prefixItems" in one and "items" not in one:
            one["items"] = {}


def take_any_field(schemas: dict[str, Any], of: dict[str, Any]) -> None:
    """What somebody else tells us may have fields that we do not know: they are left out, not refused."""
    for name in {*_named(of), *_named(schemas[next(_named(of))])}:
        schemas[name].pop("additionalProperties", None)


def _named(content: Any) -> Iterator[str]:
    for one in _parts(content):
        for reference in (one.get("$ref"), *one.get("discriminator", {}).get("mapping", {}).values()):
            if isinstance(reference, str) and reference.startswith(PREFIX):
                yield reference.removeprefix(PREFIX)


def _parts(content: Any) -> Iterator[dict[str, Any]]:
    """Every object within, whatever it is."""
    if isinstance(content, dict):
        yield content
    for one in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from _parts(one)
