"""What each measure is called, what it counts, and by what formula: published with every report, in three languages."""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from chalicelib.domain.ground.model import Model
from chalicelib.domain.supervision.figures import Measure
from chalicelib.domain.vocabulary.terms import Locale

NUMBER = 1
"""One more whenever a definition changes: a report says by which it was made."""
FOLDER = Path(__file__).parent / "definitions"


class Definition(Model):
    """`definition`: what is counted, and what is not; `formula`: in words."""

    name: str
    definition: str
    formula: str


@cache
def definitions(locale: Locale) -> dict[Measure, Definition]:
    read: TypeAdapter[dict[Measure, Definition]] = TypeAdapter(dict[Measure, Definition])
    return read.validate_json((FOLDER / f"{locale}.json").read_bytes())
