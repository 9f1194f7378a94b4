"""The pool of questions by which staff show that they have studied the policy (8.2); operating data.

What a question and its answers say may hold figures of the version that is studied: "{clocks.received}" is "24 hours"
where that is its length (`figures.py`). So a pool holds for every version, and a wrong answer that happens to be right
is left out. Nobody is shown which answer is right: what staff say is graded on the server.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, get_args

from pydantic import Field, StringConstraints

from chalicelib.domain.ground.model import Model
from chalicelib.domain.policy import figures
from chalicelib.domain.vocabulary.terms import Locale

FILE = Path(__file__).parent / "quiz.json"
SECTIONS = ("1", "2", "3", "4", "5", "6", "7", "8", "counting")
"""The chapters of the policy, each of which has to be opened before the quiz."""
LEAST_WRONG = 2
"""Answers to choose from beside the right one."""
Spoken = Annotated[dict[Locale, str], Field(min_length=len(get_args(Locale)))]


class Question(Model):
    """`section`: the chapter of the policy that answers it, one of `SECTIONS`."""

    id: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z_]+$", max_length=64)]
    section: str
    asks: Spoken
    right: Spoken
    wrong: tuple[Spoken, ...] = Field(min_length=LEAST_WRONG, max_length=5)

    @property
    def usable(self) -> bool:
        """Whether this code has its chapter and its figures; of newer operating data it may not. And whether there is a
        choice: at least two wrong answers that are neither the right one nor each other, in whichever language."""
        known = self.section in SECTIONS and figures.names_in(self._sentences()) <= figures.NAMES
        return known and all(self._wrong_in(locale) >= LEAST_WRONG for locale in self.right)

    def _wrong_in(self, locale: Locale) -> int:
        said = {_alike(one[locale]) for one in self.wrong}
        return len(said - {_alike(self.right[locale]), ""})

    def _sentences(self) -> Iterator[str]:
        for one in (self.asks, self.right, *self.wrong):
            yield from one.values()


def _alike(sentence: str) -> str:
    """What nobody can tell apart is the same."""
    return "".join(unicodedata.normalize("NFKC", sentence).casefold().split())


def unusable(pool: Iterable[Question]) -> list[str]:
    """The ids of questions that nobody could be asked, or that are of another too; they are not to be published."""
    asked = list(pool)
    named = Counter(one.id for one in asked)
    return sorted({one.id for one in asked if not one.usable or named[one.id] > 1})


@cache
def packaged_quiz() -> tuple[Question, ...]:
    """The pool of operating data that name none."""
    return tuple(Question.model_validate(one) for one in json.loads(FILE.read_text(encoding="utf-8")))
