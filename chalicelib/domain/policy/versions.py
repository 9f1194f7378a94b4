"""The two documents of the policy by their numbers: how they are read, those that are packaged, the one in force.

A packaged document is a file in `rules/` or `operating/`; the others are published while the house runs.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules

Document = TypeVar("Document", Rules, Operating)

AHEAD = timedelta(minutes=10)
"""Nothing takes effect, or is taken back, later than so long before: by then every container knows of it."""
FOLDERS: dict[type[Rules] | type[Operating], Path] = {
    kind: Path(__file__).parent / kind.__name__.lower() for kind in (Rules, Operating)
}


def read(kind: type[Document], text: str) -> Document:
    """A document that was published, by whatever code: what this code does not know is left out.

    Raises ValueError if a value is none that this code knows.
    """
    return kind.model_validate_json(text)


def read_as_written(kind: type[Document], text: str) -> Document:
    """A document that is to be published. Raises ValueError if anything in it would be left out: it is misspelt."""
    document = read(kind, text)
    taken = set(_paths(document.model_dump(mode="json", exclude_none=True)))
    if lost := [path for path in _paths(json.loads(text)) if path not in taken]:
        raise ValueError(f"nobody knows what these are: {', '.join(lost)}")
    return document


def written(document: Rules | Operating) -> str:
    """As a document is stored: absent rather than null."""
    return document.model_dump_json(exclude_none=True)


def in_force(documents: Iterable[Document], at: datetime) -> Document:
    """The latest that has come into effect by `at`, which need not be the highest number (7.1); of two, the higher.

    Raises ValueError if there is none.
    """
    begun = (one for one in documents if one.effective_from <= at)
    return max(begun, key=lambda one: (one.effective_from, one.version))


@cache
def packaged(kind: type[Document]) -> dict[int, Document]:
    """The documents that come with the code, by number."""
    files = FOLDERS[kind].glob("*.json")
    documents = [read(kind, file.read_text(encoding="utf-8")) for file in files]
    return {document.version: document for document in documents}


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """Every name that has a value, in dots: "clocks.planning.hours"."""
    if isinstance(value, dict):
        for name, one in value.items():
            if one is not None:
                yield f"{path}{name}"
                yield from _paths(one, f"{path}{name}.")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _paths(one, f"{path}{number}.")
