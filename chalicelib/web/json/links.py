"""Links of the description: the ids that an answer makes known, and the operations that take them."""

import re
from collections.abc import Iterable
from typing import Any

from chalicelib.web.door import Operation

PARAMETER = re.compile(r"{(\w+)}")


def links(one: Operation, status: int, operations: Iterable[Operation]) -> dict[str, Any]:
    """OpenAPI link objects, by the name of the operation they lead to."""
    known = set(PARAMETER.findall(one.path))
    new = set(getattr(one.answers[status], "model_fields", ())) - known
    found = {}
    for other in operations:
        taken = set(PARAMETER.findall(other.path))
        if taken & new and taken <= known | new:
            found[other.name] = {"operationId": other.name, "parameters": {name: _source(name, new) for name in taken}}
    return found


def _source(name: str, new: set[str]) -> str:
    return f"$response.body#/{name}" if name in new else f"$request.path.{name}"
