"""The root causes that a report can name (6.1): a list of two levels, and how it maps to the lists of others.

A code is the name of its group and its own, as in "product.defect_material"; a group of one has no second name. The
list is operating data: it may change, and a code that was accepted stays what was said.
"""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, get_args

from pydantic import Field, StringConstraints

from chalicelib.domain.ground.model import Model
from chalicelib.domain.vocabulary.terms import Locale, Nature

FILE = Path(__file__).parent / "causes.json"
CODE = r"^[a-z_]+(\.[a-z_]+)?$"
Code = Annotated[str, StringConstraints(strict=True, pattern=CODE, max_length=64)]


class StandardContent(Model):
    """The content of a complaint by GB/T 42499-2023, of whose nine digits it is the third to sixth.

    The table of these digits is sold and was not at hand: so nobody has put any here. Until somebody who has the
    standard does, `nearest` names the class that comes nearest, as the association publishes it.
    """

    digits: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    nearest: Nature


class Cause(Model):
    """A root cause: its name in each language, and what it is in the statistics of others."""

    names: Annotated[dict[Locale, str], Field(min_length=len(get_args(Locale)))]
    association: Nature = Field(description="The nature of the complaint as the China Consumers Association counts.")
    gbt42499: StandardContent


@cache
def packaged_causes() -> dict[str, Cause]:
    """The list of operating data that name none."""
    listed = json.loads(FILE.read_text(encoding="utf-8"))
    return {code: Cause.model_validate(cause) for code, cause in listed.items()}
