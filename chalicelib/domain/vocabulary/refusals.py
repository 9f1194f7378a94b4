"""Why something is refused, and what is wrong with a field, said in the language of whoever reads it.

The sentences stand in `sentences/`, one file a language, each under its stable code: what the contract's codes mean and
what to do then, their reasons, the faults of fields. A file is read when something is first said in its language.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from chalicelib.domain.ground.errors import FieldFault, Refusal, Value, Values
from chalicelib.domain.vocabulary import spoken, terms
from chalicelib.domain.vocabulary.spoken import Names, called
from chalicelib.domain.vocabulary.terms import Locale

FOLDER = Path(__file__).parent / "sentences"
LOCALES: tuple[Locale, ...] = get_args(terms.Locale)
PARTIES: Names = {
    **spoken.DEPARTMENTS,
    "audit": called("审计人员", "稽核人員", "Audit"),
    "storefront": called("商城", "商城", "Storefront"),
    "consumer": called("消费者", "消費者", "Consumer"),
    "staff": called("工作人员", "工作人員", "Staff"),
}
NAMED = {
    "department": PARTIES,
    "departments": PARTIES,
    "roles": PARTIES,
    "party": PARTIES,
    "stage": spoken.STAFF_STAGES,
    "outcome": spoken.ENDS,
    "amendment_stage": spoken.AMENDMENT_STAGES,
    "report_stage": spoken.REPORT_STAGES,
    "review_stage": spoken.REVIEW_STAGES,
    "audit_stage": spoken.AUDIT_STAGES,
    "finding_state": spoken.FINDING_STATES,
}
"""Which values are names of the contract that people call otherwise. What is closed may be withdrawn or merged."""


class Code(NamedTuple):
    """A code of the contract: what it means, what to do, and the sentence of each of its reasons."""

    means: str
    do: str
    reasons: Mapping[str, str]


class Sentences(NamedTuple):
    """All of one language."""

    codes: Mapping[str, Code]
    fields: Mapping[str, str]
    page: Mapping[str, str]


@cache
def sentences(locale: Locale) -> Sentences:
    """What the file of a language says."""
    read: dict[str, Any] = json.loads((FOLDER / f"{locale}.json").read_text("utf-8"))
    codes = {name: Code(**code) for name, code in read["codes"].items()}
    return Sentences(codes, read["fields"], read["page"])


def said(refusal: Refusal, locale: Locale) -> str:
    """The sentence of a refusal."""
    return filled(sentences(locale).codes[refusal.code].reasons[refusal.reason], refusal.values, locale)


def said_of_field(fault: FieldFault, locale: Locale) -> str:
    """The sentence of a fault of a field."""
    return filled(sentences(locale).fields[fault.code], fault.values, locale)


def filled(sentence: str, values: Values, locale: Locale) -> str:
    """A sentence with values in their places, by what people call them."""
    return sentence.format(**{name: _name(name, value, locale) for name, value in values.items()})


def _name(name: str, value: Value, locale: Locale) -> str:
    if isinstance(value, datetime):
        return spoken.spoken(value, locale, str(value.tzinfo))
    if isinstance(value, str | int):
        names = NAMED.get(name, {}).get(str(value))
        return names[locale] if names else str(value)
    return (", " if locale == "en" else "、").join(_name(name, one, locale) for one in value)
