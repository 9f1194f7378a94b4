"""Documents as they are before and after a merge patch."""

from typing import Any

from chalicelib.domain.governance import changes
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules

RULES = versions.packaged(Rules)[2]
OPERATING = versions.packaged(Operating)[1]


def documents(patch: dict[str, Any]) -> tuple[Any, Any]:
    base = RULES if changes.document_of(patch) == "rules" else OPERATING
    return base, changes.whole(base, patch)
