"""Forms of what is no complaint: whatever is declared has its words, its fields, and gives back what was typed."""

import pytest

from chalicelib.web.console import acts, forms, naming, page
from chalicelib.web.console.acts import Acts
from chalicelib.web.console.shapes import Shape, shapes_of
from chalicelib.web.languages import NATIVE

from .filled import speech

KINDS = {kind.words: kind for kind in acts.KINDS}


def named(shape: Shape) -> bool:
    say = speech()
    return any(say.knows(key) for key in (f"fields.{shape.of}.{shape.name}", f"fields.{shape.name}"))


def nested(shapes: tuple[Shape, ...]) -> list[Shape]:
    return [one for shape in shapes for one in (shape, *nested(shape.parts))]


def test_each_kind_of_page_has_words_of_its_own() -> None:
    assert len(KINDS) == len(acts.KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_action_is_called_something_in_each_language(kind: Acts) -> None:
    for locale in NATIVE:
        say = speech(locale)
        for action in kind.bodies:
            missing = [which for which in ("name", "send", "done") if not kind.word(say, action, which)]
            assert not missing, (action, locale)
        known = {key.split(".")[2] for key in page.words(locale) if key.startswith(f"{kind.words}.act.")}  # type: ignore[arg-type]
        assert known == {str(action) for action in kind.bodies}, "words for what is nothing that is done"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_field_and_each_value_is_called_something(kind: Acts) -> None:
    for action, body in kind.bodies.items():
        settled = kind.settled.get(action, ())
        shown = [one for shape in shapes_of(body) if shape.name not in settled for one in nested((shape,))]
        assert [one.name for one in shown if not named(one)] == [], action
        for shape in shown:
            unnamed = [value for value in shape.listed if naming.value_name(speech("en"), shape, value) == value]
            assert shape.whole or unnamed in ([], ["CNY"]) or len(shape.listed) > 40, (action, shape.name, unnamed)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_said_of_fields_names_fields(kind: Acts) -> None:
    for said in (kind.settled, kind.needed, kind.rare):
        for action, fields in said.items():
            assert set(fields) <= {one.name for one in shapes_of(kind.bodies[action])}, action
    assert all(forms.fields_of(body, speech()) is not None for body in kind.bodies.values())
