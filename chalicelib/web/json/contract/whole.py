"""The whole document: what the code says of itself, and what people need besides to call it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chalicelib.web.door import Operation
from chalicelib.web.json import openapi

from . import called, components, examples, parameters, refusals, tags

HERE = Path(__file__).parent
SERVER = "http://127.0.0.1:8000"
TOKEN_URL = "http://127.0.0.1:8001/oauth2/token"  # noqa: S105 -- an address
"""Where these are on a machine of one's own; whoever is served the document finds where they are for him."""


SUMMARY = "After-sales complaint handling for online shops"


def document(operations: Iterable[Operation], shown: examples.Examples) -> dict[str, Any]:
    """The document. Raises LookupError for a path without a heading, or a parameter without an explanation."""
    made, by_part = openapi.description(operations, called.MODELS)
    made["components"]["responses"] = refusals.shared(made, shown.problems)
    made["components"]["securitySchemes"]["storefront"]["flows"]["clientCredentials"]["tokenUrl"] = TOKEN_URL
    examples.put_into(made, shown)
    parameters.explain(one for methods in made["paths"].values() for one in methods.values())
    whole = {
        "openapi": made["openapi"],
        "info": made["info"] | {"summary": SUMMARY, "description": _introduction(made["info"]["description"])},
        "servers": [{"url": SERVER}],
        "tags": _put_under_headings(made["paths"]),
        "paths": made["paths"],
        "webhooks": called.calls(by_part, shown.news),
        "components": made["components"],
    }
    whole["components"]["schemas"] = components.only_used(whole)
    components.tell_items(whole["components"]["schemas"])
    components.take_any_field(whole["components"]["schemas"], by_part["facts"])
    return whole


def _put_under_headings(paths: dict[str, Any]) -> list[dict[str, Any]]:
    """Gives each operation its heading; those there are then."""
    used = set[str]()
    for path, methods in paths.items():
        for operation in methods.values():
            operation["tags"] = [tags.tag_of(path)]
            used.update(operation["tags"])
    return tags.described(used)


def written(whole: dict[str, Any]) -> str:
    """As it stands in the file: a line a value, so that whoever compares two sees what differs."""
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _introduction(rest: str) -> str:
    """What is to be read first, then the rest: the lifecycle, and what the links of consumers are made of."""
    return f"{(HERE / 'introduction.md').read_text('utf-8')}\n## The life of a complaint\n\n{rest}"
