"""The text of a version, chapter by chapter, in a language."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from . import sentences
from .tongue import Part, Tongue, words


class Sentence(NamedTuple):
    """A sentence by its name in the clause, in pieces, and the items of the list that it begins."""

    name: str
    parts: tuple[Part, ...]
    items: tuple[Part, ...]

    def lines(self) -> Iterator[str]:
        """As text alone: the sentence, then its items."""
        yield "".join(part.text for part in self.parts)
        yield from (item.text for item in self.items)


class Chapter(NamedTuple):
    """`name`: "1" to "8", and "counting"; `clauses`: by number, what each says."""

    name: str
    heading: str
    clauses: dict[str, list[Sentence]]


def chapters(tongue: Tongue, now: datetime) -> list[Chapter]:
    """What the policy says; days that have passed by `now` are left out."""
    own = words(tongue.locale)
    found = {name: Chapter(name, heading, {}) for name, heading in own["chapters"].items()}
    for said in sentences.said(tongue, now):
        chapter = found[said.clause.partition(".")[0]]
        parts = tongue.filled(own["clauses"][said.clause][said.name], said.figures)
        chapter.clauses.setdefault(said.clause, []).append(Sentence(said.name, parts, said.items))
    return list(found.values())
