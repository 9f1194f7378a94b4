"""The faults that pydantic finds, by our own codes: what a description of fields can say, and what validators add."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from chalicelib.domain.ground.errors import FieldFault, Values
from chalicelib.domain.ground.text import Incomplete, Wrong

DESCRIBED = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_type": "not_text",
    "string_unicode": "not_text",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "wrong_form",
    "literal_error": "not_listed",
    "enum": "not_listed",
    "bool_type": "not_true_or_false",
    "bool_parsing": "not_true_or_false",
    "int_type": "not_a_whole_number",
    "int_parsing": "not_a_whole_number",
    "int_parsing_size": "not_a_whole_number",
    "int_from_float": "not_a_whole_number",
    "greater_than_equal": "number_too_small",
    "less_than_equal": "number_too_large",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
    "too_short": "too_few",
    "too_long": "too_many",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "dict_type": "not_an_object",
}
"""By pydantic's own names: all of this the description of the contract says beforehand."""
MOMENTS = {
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), "not_a_day"),
    **dict.fromkeys(("date_from_datetime_inexact",), "not_a_day"),
    **dict.fromkeys(("time_type", "time_parsing"), "not_a_time_of_day"),
    **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_from_date_parsing"), "not_a_moment"),
    **dict.fromkeys(("datetime_object_invalid", "timezone_aware"), "not_a_moment"),
}
"""The same of days and times, of which a description says only what they look like."""
KEY = "[key]"
"""What pydantic puts behind the name of a field that is itself wrong."""
LEAST = ("min_length", "ge")
MOST = ("max_length", "le")


def field_faults(fault: ValidationError) -> Iterator[FieldFault]:
    """The faults by field, and without what stood there."""
    errors = fault.errors(include_url=False, include_input=False)
    faulty = [error["loc"] for error in errors]
    for error in errors:
        here = error["loc"]
        if error["type"] == "too_short" and any(one != here and one[: len(here)] == here for one in faulty):
            continue  # pydantic counts none but faultless items: it is not their number that is wrong
        path = [str(part) for part in here if part != KEY]
        context: dict[str, Any] = error.get("ctx", {})
        cause = context.get("error")
        if isinstance(cause, Incomplete):
            path.append(cause.field)
        field = ".".join(path)
        if error["type"] == "string_too_short" and context["min_length"] == 1:
            yield FieldFault(field, "missing")  # blanks, of which nothing is left
        elif isinstance(cause, Wrong):
            yield FieldFault(field, cause.code, cause.values)
        elif error["type"] in DESCRIBED:
            yield FieldFault(field, DESCRIBED[error["type"]], _values(context))
        elif error["type"] in MOMENTS:
            yield FieldFault(field, MOMENTS[error["type"]])
        else:
            yield FieldFault(field, "not_valid")


def _values(context: dict[str, Any]) -> Values:
    least = next(({"least": int(context[name])} for name in LEAST if name in context), {})
    most = next(({"most": int(context[name])} for name in MOST if name in context), {})
    expected = str(context.get("expected", ""))
    listed = {"listed": re.findall(r"'([^']*)'", expected) or [expected.lower()]} if expected else {}
    return {**least, **most, **listed}
