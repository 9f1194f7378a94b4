"""What the form of a rule is made of: its own shape, as people fill it in, and how what they typed is the rule again.

Three things stand on a form otherwise than in a document. A length stands in one of several fields, of which exactly
one says something: on the form a number and its unit. A list of words, laws or days is typed one a line. Long words
have more than one line, and none in the document.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.web.console.shapes import Shape


class OneOf(NamedTuple):
    """Fields of which one says something: on the form `which`, and the number that stands in it, `length`."""

    which: str
    fields: tuple[str, ...]
    before: tuple[str, ...]


LENGTH = "length"
ONE_OF: Mapping[str, OneOf] = {
    "Clock": OneOf("unit", ("hours", "working_days", "days"), ()),
    "Rung": OneOf(
        "moment",
        (
            *("hours_before_due", "on_last_day", "at_due", "hours_after_due", "working_days_after_due"),
            *("working_days_after_entry", "days_after_entry", "every_working_day"),
        ),
        ("kind",),
    ),
}
LONG = 300
"""Characters from which on a text has more than one line on a form."""
BROKEN = re.compile(r"(?<=[^\x00-\x7f])\s*\n\s*")
"""A line that ends in no Latin letter: the next one goes on without a space."""


def on_form(shape: Shape) -> Shape:
    """As it is filled in."""
    if _is_lined(shape):
        return shape._replace(kind="text", parts=(), least=None, most=None, preset="")
    if shape.kind == "line" and (shape.most or 0) >= LONG:
        return shape._replace(kind="text")
    parts = tuple(map(on_form, shape.parts))
    of = parts[0].of if parts else ""
    if shape.kind == "group" and of in ONE_OF:
        parts = _with_one(ONE_OF[of], parts)
    return shape._replace(parts=parts)


def _is_lined(shape: Shape) -> bool:
    return shape.kind == "rows" and shape.parts[0].kind == "line"


def _with_one(one: OneOf, parts: tuple[Shape, ...]) -> tuple[Shape, ...]:
    bounds = next(part for part in parts if part.name in one.fields and part.kind == "number")
    length = bounds._replace(name=LENGTH, nullable=bool(one.before), required=not one.before)
    which = Shape(one.which, length.of, "one", required=True, listed=one.fields)
    rest = [part for part in parts if part.name not in one.fields]
    first = [part for part in rest if part.name in one.before]
    order = (length, which) if not first else (which, length)
    return (*first, *order, *(part for part in rest if part not in first))


def begun(shape: Shape, value: Any) -> Any:
    """What stands in the document, as it stands on the form."""
    if value is None:
        return None
    if _is_lined(shape):
        return "\n".join(value)
    if shape.kind == "rows":
        return [begun(shape.parts[0], one) for one in value]
    if shape.kind == "group":
        return _begun_group(shape, value)
    return value.removesuffix(":00") if shape.mode == "time" else value


def _begun_group(shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    one = ONE_OF.get(shape.parts[0].of)
    plain = {part.name: begun(part, value.get(part.name)) for part in shape.parts if part.name in value}
    if one is None:
        return plain
    which = next(name for name in one.fields if name in value)
    said = {one.which: which} | ({} if value[which] is True else {LENGTH: value[which]})
    return said | {name: each for name, each in plain.items() if name not in one.fields}


def read_back(shape: Shape, typed: Any, before: Any) -> Any:
    """What was typed, as the document has it. Where an order says nothing, it is that of `before`, what stood there."""
    if _is_lined(shape):
        return [line.strip() for line in str(typed or "").splitlines() if line.strip()]
    if shape.kind == "rows":
        rows = [one for one in typed or [] if not _is_dropped(shape, one)]
        known = [*(before or []), *[None] * len(rows)]
        return [read_back(shape.parts[0], one, known[place]) for place, one in enumerate(rows)]
    if shape.kind == "many":
        kept = [one for one in before or [] if one in (typed or [])]
        return [*kept, *(one for one in typed or [] if one not in kept)]
    if shape.kind == "group":
        return _read_group(shape, typed, before) if typed is not None else None
    return " ".join(BROKEN.sub("", typed).splitlines()) if isinstance(typed, str) and shape.kind == "line" else typed


def _is_dropped(rows: Shape, row: Any) -> bool:
    """Whoever says of an alarm that it is of no kind takes it away."""
    first = rows.parts[0].parts[:1]
    return bool(first) and first[0].of == "Rung" and not row.get("kind")


def _read_group(shape: Shape, typed: Mapping[str, Any], before: Any) -> dict[str, Any]:
    known, said = before if isinstance(before, Mapping) else {}, dict(typed)
    if one := ONE_OF.get(shape.parts[0].of):
        which, length = said.pop(one.which, None), said.pop(LENGTH, None)
        if which:
            said[which] = True if _is_a_truth(shape, which) else length if length is not None else ""
    read = {part.name: read_back(part, said.get(part.name), known.get(part.name)) for part in shape.parts}
    return {name: value for name, value in read.items() if value is not None}


def _is_a_truth(shape: Shape, name: str) -> bool:
    return any(part.name == name and part.truth for part in shape.parts)


def on_form_way(way: str, shape: Shape) -> str:
    """Where a fault stands on the form, that stands in a rule at `way`: of a length, with its number; of a line, with
    all that are typed one a line."""
    head, dot, last = way.rpartition(".")
    lined = {part.name for part in (shape, *shape.parts) if _is_lined(part)}
    if last.isdecimal() and (head.rpartition(".")[2] in lined or (_is_lined(shape) and "." not in head)):
        return head
    return f"{head}{dot}{LENGTH}" if any(last in one.fields for one in ONE_OF.values()) else way
