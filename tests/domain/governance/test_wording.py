"""What an amendment changes is said in words, of each subject, in each language."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from chalicelib.domain.governance import changes, wording
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import CLOCKS, LADDERS, Rules
from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.domain.vocabulary.terms import Category

RULES = versions.packaged(Rules)[2]
OPERATING = versions.packaged(Operating)[1]
KEYS = {"clocks": CLOCKS, "ladders": LADDERS, "routing": get_args(Category)}
"""What the keys of a field may be."""


def said(patch: dict[str, Any], locale: str = "zh-CN") -> list[str]:
    return [one.words for one in wording.worded(*documents(patch), locale)]


def documents(patch: dict[str, Any]) -> tuple[Any, Any]:
    base = RULES if changes.document_of(patch) == "rules" else OPERATING
    return base, changes.whole(base, patch)


def subjects() -> Iterator[str]:
    """Every subject that the models know."""
    for kind in (Rules, Operating):
        for name, field in kind.model_fields.items():
            nested = field.annotation
            if name in changes.GIVEN | wording.KEYED:
                continue
            if name in KEYS:
                yield from (f"{name}.{key}" for key in KEYS[name])
            elif isinstance(nested, type) and issubclass(nested, BaseModel) and name != "waking_hours":
                yield from (f"{name}.{key}" for key in nested.model_fields)
            else:
                yield name


def test_a_clock_is_said_as_people_say_it() -> None:
    shorter = {"clocks": {"received": {"hours": 12}}}
    assert said(shorter) == ["客服确认受理的时限（4.1c）：24小时 → 12小时"]
    assert said(shorter, "en") == ["Time for customer service to accept a complaint (4.1c): 24 hours → 12 hours"]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_subject_is_without_a_name_in_any_language(locale: str) -> None:
    names = wording.sayings.Tongue(locale)
    assert [path for path in subjects() if not names.name(path)] == []


def test_every_subject_has_a_row_and_every_row_a_subject() -> None:
    rows = wording.subjects().keys() - wording.KEYED - {"routing"}
    assert rows == set(subjects())
