"""What nobody is shown of operating data: which answer to a question of the quiz is right (8.2).

Whoever drafts a pool has it; whoever reads it afterwards gets of each question what it asks, and of which section.
"""

from collections.abc import Mapping
from typing import Any

QUIZ = "quiz"
SHOWN = ("id", "section", "asks")


def without_answers(said: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch, or a whole document, as JSON has it."""
    return {name: of_path(name, value) for name, value in said.items()}


def of_path(path: str, value: Any) -> Any:
    """What stands at a path in dots."""
    field, _, inner = path.partition(".")
    if field != QUIZ:
        return value
    if inner or not isinstance(value, list):  # a part of a question, or no pool at all
        return None
    return [{name: one[name] for name in SHOWN if name in one} for one in value if isinstance(one, dict)]
