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
        if taken & new and taken <= known | new and _is_meant(taken & new, one, other):
            sources = {name: _source(name, new) for name in sorted(taken)}
            found[other.name] = {"operationId": other.name, "parameters": sources}
    return found


def _is_meant(named: set[str], one: Operation, other: Operation) -> bool:
    """A number alone says nothing: it is that of what stands below the place where it was answered."""
    return named != {"number"} or other.path.startswith(one.path)


def _source(name: str, new: set[str]) -> str:
    return f"$response.body#/{name}" if name in new else f"$request.path.{name}"
