"""The two documents of the policy by their numbers: how they are read, those that are packaged, the one in force.

A packaged document is a file in `rules/` or `operating/`; the others are published while the house runs.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.faults import field_faults
from chalicelib.domain.ground.model import HANDED_IN
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules

Document = TypeVar("Document", Rules, Operating)

LARGEST = 350_000
"""Bytes of a document: an item holds 400 KB."""
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
    """A document that is to be published, every value of which is kept as it is written.

    Raises Invalid, which names each field: what is wrong with it, or that nobody knows it, as it is misspelt.
    """
    try:
        document = kind.model_validate_json(text, context=HANDED_IN)
    except ValidationError as fault:
        raise Invalid(field_faults(fault)) from None
    if lost := list(_other_than_written(json.loads(text), json.loads(written(document)))):
        raise Invalid(lost)
    return document


def written(document: Rules | Operating) -> str:
    """As a document is stored: absent rather than null."""
    return document.model_dump_json(exclude_none=True)


def in_force(documents: Iterable[Document], at: datetime) -> Document:
    """The last announced of those that have come into effect by `at` (7.1). Each is made of the one before it: so one
    that comes before the one it was made of has taken that one's place. Raises ValueError if there is none.
    """
    return max((one for one in documents if one.effective_from <= at), key=lambda one: one.version)


@cache
def packaged(kind: type[Document]) -> dict[int, Document]:
    """The documents that come with the code, by number."""
    files = FOLDERS[kind].glob("*.json")
    documents = [read(kind, file.read_text(encoding="utf-8")) for file in files]
    return {document.version: document for document in documents}


_KINDS = {bool: "not_true_or_false", int: "not_a_whole_number", str: "not_text"}


def _other_than_written(given: Any, kept: Any, path: str = "") -> Iterator[FieldFault]:
    """What would be left out, and what would be taken for something else: "24" for 24, a number for a day."""
    if isinstance(given, dict):
        for name, one in given.items():
            inner = f"{path}.{name}" if path else name
            if one is not None and name not in kept:
                yield FieldFault(inner, "unknown_field")
            elif one is not None:
                yield from _other_than_written(one, kept[name], inner)
    elif isinstance(given, list):
        for number, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from _other_than_written(one, other, f"{path}.{number}")
    elif type(given) is not type(kept):
        yield FieldFault(path, _KINDS[type(kept)])
    elif given != kept and kept not in (f"{given}:00", given.strip()):  # a time of day has its seconds
        yield FieldFault(path, "wrong_form")
