"""Canned words: what a department writes again and again, in each language, with places for what the complaint says.

They are operating data. Whoever uses some puts them where they type, and changes them as they like.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from chalicelib.domain.ground.model import Model, is_handed_in
from chalicelib.domain.ground.people import Department
from chalicelib.domain.ground.text import Text, Wrong
from chalicelib.domain.vocabulary.terms import Locale

FILE = Path(__file__).parent / "canned.json"
PLACEHOLDERS = ("complaint_id", "order_number", "product_name", "consumer_name", "due_at", "assignee")
"""What a text may have a place for: `due_at` is when the present stage ends."""
IN_BRACES = re.compile(r"\{([^{}]*)\}")
UNKNOWN = "____"
"""What stands in a place that there is nothing for: to be seen, and filled in by hand."""
MOST = 300


class CannedWords(Model):
    """Of one language. The same in another has the same `id`."""

    id: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_]{1,64}$")]
    department: Department
    locale: Locale
    name: Annotated[str, Text(60)]
    text: Annotated[str, Text(2000)] = Field(
        description="{order_number} and the like stand for what the complaint says."
    )

    @field_validator("text")
    @classmethod
    def _has_places_for_what_is_known(cls, text: str, info: ValidationInfo) -> str:
        """What newer code has a place for, older code reads too."""
        if is_handed_in(info) and not set(IN_BRACES.findall(text)) <= set(PLACEHOLDERS):
            raise Wrong("placeholder_unknown", placeholders=[f"{{{one}}}" for one in PLACEHOLDERS])
        return text

    def filled(self, values: Mapping[str, str | None]) -> str:
        """The text of a complaint, by what it says."""
        return IN_BRACES.sub(lambda found: values.get(found[1]) or UNKNOWN, self.text)


@cache
def packaged_words() -> tuple[CannedWords, ...]:
    """Those of operating data that name none."""
    return tuple(CannedWords.model_validate(one) for one in json.loads(FILE.read_text(encoding="utf-8")))
