"""The document as a caller gets it: with the address by which it was asked for, and where tokens are to be had."""

import json
from functools import cache
from pathlib import Path
from typing import Any

WRITTEN = Path(__file__).parents[1] / "openapi.json"


def document(server: str, token_url: str) -> dict[str, Any]:
    """`server`: the base of all paths; either may be empty, then it stays as it is written."""
    whole = _written()
    components = whole["components"]
    if token_url:
        storefront = components["securitySchemes"]["storefront"]
        flows = {"clientCredentials": storefront["flows"]["clientCredentials"] | {"tokenUrl": token_url}}
        schemes = components["securitySchemes"] | {"storefront": storefront | {"flows": flows}}
        components = components | {"securitySchemes": schemes}
    return whole | ({"servers": [{"url": server}]} if server else {}) | {"components": components}


@cache
def _written() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(WRITTEN.read_text("utf-8"))
    return read
