"""The pool of questions by which staff show that they have studied the policy (8.2); operating data.

What a question and its answers say may hold figures of the version that is studied: "{clocks.received}" is "24 hours"
where that is its length. So a pool holds for every version, and a wrong answer that happens to be right is left out.
Nobody is shown which answer is right: what staff say is graded on the server.
"""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, get_args

from pydantic import Field, StringConstraints

from chalicelib.domain.ground.model import Model
from chalicelib.domain.vocabulary.terms import Locale

FILE = Path(__file__).parent / "quiz.json"
Spoken = Annotated[dict[Locale, str], Field(min_length=len(get_args(Locale)))]


class Question(Model):
    """`section`: the chapter of the policy that answers it: "1" to "8", "counting"."""

    id: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z_]+$", max_length=64)]
    section: str
    asks: Spoken
    right: Spoken
    wrong: tuple[Spoken, ...] = Field(min_length=2, max_length=5)


@cache
def packaged_quiz() -> tuple[Question, ...]:
    """The pool of operating data that name none."""
    return tuple(Question.model_validate(one) for one in json.loads(FILE.read_text(encoding="utf-8")))
