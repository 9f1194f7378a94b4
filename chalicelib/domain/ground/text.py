"""Text as people type it: trimmed, of bounded length, with something visible in it and no control characters.

Any script, emoji and right-to-left text are welcome; what a program would choke on is refused by name.

Every field that holds what somebody typed is `Text` (checked, where it comes in) or `Typed` (where it was kept). So
all of it is found by type: in a dump whose `context` is a function, what that makes of a text stands in its place.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from chalicelib.domain.ground.errors import Value

TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates of bidirectional text; right-to-left text by itself needs none of them."""
NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"
NO_CONTROLS_NOR_TURNS = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
NO_CONTROLS_BUT_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"


def _put_in_place(text: str, asked: core_schema.SerializationInfo) -> str:
    return str(asked.context(text)) if asked.context else text


AS_ASKED = core_schema.plain_serializer_function_ser_schema(
    _put_in_place, info_arg=True, return_schema=core_schema.str_schema()
)


class _AsTyped:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema(serialization=AS_ASKED)


Typed = Annotated[str, _AsTyped()]
"""What somebody typed, as it was kept."""
ERASED = "[已删除 erased]"
"""What stands where words were erased."""
M = TypeVar("M", bound=BaseModel)


def erased(model: M) -> M:
    """The same with `ERASED` in the place of all that somebody typed."""
    return type(model).model_validate(model.model_dump(context=lambda text: ERASED))


def plain(text: str) -> str:
    """What somebody meant who pasted it from anywhere: letters and digits in their plain form, whatever dash it is a
    hyphen, marks that nobody sees left out, blanks one. Lines stay lines."""
    seen = (mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf")
    dashed = ("-" if unicodedata.category(mark) == "Pd" or mark in "\u2212\u30fc" else mark for mark in seen)
    return re.sub(r"[ \t]+", " ", "".join(dashed)).strip()


class Wrong(ValueError):
    """A value that will not do, by the code of the fault; its sentence is in `vocabulary/refusals.py`."""

    def __init__(self, code: str, /, **values: Value) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.code


class Incomplete(Wrong):
    """A fault that only the whole shows: `field` is missing or wrong given the other fields."""

    def __init__(self, field: str, code: str, /, **values: Value) -> None:
        super().__init__(code, **values)
        self.field = field


@dataclass(frozen=True)
class Text:
    """`Annotated[str, Text(200)]`: 1 to 200 characters after trimming; `lines` allows line breaks and tabs.

    `turns=False` refuses what turns the order of characters about: by it a program can pass for a photograph, its name
    ending in jpg.
    """

    longest: int
    lines: bool = False
    turns: bool = True

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        bounded = core_schema.str_schema(strict=True, strip_whitespace=True, min_length=1, max_length=self.longest)
        return core_schema.no_info_after_validator_function(self._check, bounded, serialization=AS_ASKED)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The text as it is once it is trimmed."""
        one_line = NO_CONTROLS if self.turns else NO_CONTROLS_NOR_TURNS
        return handler(schema) | {"pattern": NO_CONTROLS_BUT_LINES if self.lines else one_line}

    def _check(self, text: str) -> str:
        if any(unicodedata.category(mark) == "Cc" and not (self.lines and mark in "\n\r\t") for mark in text):
            raise Wrong("control_characters_in_lines" if self.lines else "control_characters")
        if not self.turns and TURNS & set(text):
            raise Wrong("turning_marks")
        if not any(unicodedata.category(mark)[0] in "LNPS" for mark in text):
            raise Wrong("nothing_visible")
        return text
