"""What fields, values and actions are called on forms: words of the console, and those the house has anyway.

Words are found by the model first (`fields.Money.value`), then by the field (`fields.value`). A new field without any
is called what the contract calls it, until somebody finds a better word.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.policy.causes import packaged_causes
from chalicelib.domain.supervision.definitions import definitions
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.spoken import Names
from chalicelib.web.languages import NATIVE
from chalicelib.web.pages.speech import Speech

from .shapes import Shape

KNOWN: Mapping[str, Names] = {
    "kind": spoken.REMEDIES,
    "requested_remedy": spoken.REMEDIES,
    "category": spoken.CATEGORIES,
    "department": spoken.DEPARTMENTS,
    "departments": spoken.DEPARTMENTS,
    "categories": spoken.CATEGORIES,
    "status": spoken.DELIVERY_STATUSES,
    "harmed": spoken.HARMS,
    "report_to": spoken.AUTHORITIES,
    "authority": spoken.AUTHORITIES,
    "measure": spoken.HEARING_MEASURES,
    "severity": spoken.SEVERITIES,
}
"""By field, what its values are called everywhere."""


def word(say: Speech, key: str, /, **values: Any) -> str:
    return say(key, **values)


def label(say: Speech, shape: Shape) -> str:
    return _first(say, "fields", shape, "") or shape.name.replace("_", " ")


def hint(say: Speech, shape: Shape) -> str:
    """What is to be known before it is typed; of a number its bounds."""
    said = _first(say, "fields", shape, ".hint")
    if said or shape.kind != "number" or shape.least is None or shape.most is None or shape.most > 9_000:
        return said
    return say("fields.between", least=shape.least, most=shape.most)


def row(say: Speech, shape: Shape, number: int) -> str:
    return say("fields.row", name=label(say, shape), number=number)


def none(say: Speech, shape: Shape, required: bool) -> str:
    """What the first line of a list says, by which none is chosen."""
    return _first(say, "values", shape, ".") or say("values.choose" if required else "values.none")


def options(say: Speech, shape: Shape) -> list[tuple[str, str]]:
    return [(value, value_name(say, shape, value)) for value in shape.listed]


def value_name(say: Speech, shape: Shape, value: str) -> str:
    """What a value of a field is called; that of a scale or of an unknown list is its own name."""
    said = _first(say, "values", shape, f".{value}")
    if said:
        return said
    if shape.truth:
        return say(f"values.{value}")
    known = _names(shape.name).get(value)
    return known[say.locale][:1].upper() + known[say.locale][1:] if known else value


def _names(field: str) -> Names:
    if field in ("locale", "staff_locale"):
        return {one: dict.fromkeys(NATIVE, native) for one, native in NATIVE.items()}
    if field == "cause_code":
        return {code: cause.names for code, cause in packaged_causes().items()}
    if field == "moves":
        said = {locale: definitions(locale) for locale in NATIVE}
        return {measure: {locale: said[locale][measure].name for locale in NATIVE} for measure in said["en"]}
    return KNOWN.get(field, {})


def _first(say: Speech, part: str, shape: Shape, ending: str) -> str:
    keys = (f"{part}.{shape.of}.{shape.name}{ending}", f"{part}.{shape.name}{ending}")
    return next((str(say(key)) for key in keys if say.knows(key)), "")
