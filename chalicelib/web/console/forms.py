"""Forms of what is handed in: made from its own model, and read back into it.

A field of a form is known by its way in dots: `methods.0.amount.value`. Rows that say nothing are left out, both where
a form is read and where it is shown again, so that a fault of a row stands where its row does.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.errors import FieldFault
from chalicelib.domain.ground.text import plain
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.pages.speech import Speech

from . import names, naming
from .door import Sent
from .shapes import Kind, Shape, shapes_of

Options = Sequence[tuple[str, str]]
NOTHING: Options = ()
"""Each value and what it is called."""
MOST_ROWS = 50
RADIOS = 5
"""Up to so many values all stand beside one another; more are a list to choose from."""
TICKED = ("on", "true")
NUMBER = re.compile(r"[+-]?\d{1,12}")
MORE = "more"
"""The button that asks for one more row; its value is the name of the rows."""
UNSAID = object()

SETTLED: Mapping[Action, Mapping[str, Any]] = {
    Action.ACCEPT_PLAN: {"satisfied": True},
    Action.OBJECT_TO_PLAN: {"satisfied": False},
    Action.UNDO_MERGER: {"into": None},
    Action.ANSWER_SURVEY: {"decline": False, "channel": "phone"},
    Action.DECLINE_SURVEY: {"decline": True, "channel": "phone", **dict.fromkeys((*submissions.ASKED, "words"))},
}
"""What an action says by itself of what is handed in for it: nobody is asked that."""
NEEDED: Mapping[Action, Collection[str]] = {
    Action.OBJECT_TO_PLAN: ("opinion",),
    Action.MERGE: ("into",),
    Action.ANSWER_SURVEY: submissions.ASKED,
}
"""What an action does not go without, though its model does."""
RARE: Mapping[Action, Collection[str]] = {
    **dict.fromkeys((Action.PROPOSE_PLAN, Action.DRAFT_PLAN), ("grants", "basis", "evidence", "amount_reason")),
    Action.REPORT: ("evidence", "interpretations"),
}
"""What is seldom said, and stands folded after all else."""
OFFERED = ("into",)
"""What is chosen from what is known, or typed: something else that is typed counts."""


class Field(NamedTuple):
    """A field as it is shown. `kind`: see `shapes`. `fields`: those of a group, or the rows. `value`: what stands in
    it, `preset`, if nobody has typed anything; `values`: of many. `note`: that it may be left blank. `more`: what the
    button for one more row says, or where something else is typed than there is to choose from.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    note: str = ""
    least: int | None = None
    most: int | None = None
    required: bool = False
    options: Options = NOTHING
    radios: bool = False
    fields: Sequence["Field"] = ()
    value: str = ""
    preset: str = ""
    values: Sequence[str] = ()
    faults: Sequence[str] = ()
    mode: str = "text"
    more: str = ""


class _Asked(NamedTuple):
    """What all fields of a form are made with. `faults`: the sentences, by the way in dots. `free`: within
    something that may be left out whole, where nothing is asked for by itself."""

    say: Speech
    choices: Mapping[str, Options]
    sent: Sent
    faults: Mapping[str, list[str]]
    needed: Collection[str]
    free: bool = False


def fields_of(
    kind: type[BaseModel],
    say: Speech,
    choices: Mapping[str, Options] = {},
    sent: Sent | None = None,
    faults: Sequence[FieldFault] = (),
    fixed: Collection[str] = (),
    needed: Collection[str] = (),
) -> list[Field]:
    """The form of a model: with what was typed (`sent`), and each fault beside its field.

    `choices`, by the name of a field: what is to be chosen from, where the model takes any. `fixed`: fields that are
    not shown. `needed`: those that may not be left blank, though the model would take it.
    """
    shapes = [(one.name, one) for one in shapes_of(kind) if one.name not in fixed]
    return fields_by(shapes, say, choices, sent, faults, needed)


def fields_by(
    shapes: Iterable[tuple[str, Shape]],
    say: Speech,
    choices: Mapping[str, Options] = {},
    sent: Sent | None = None,
    faults: Sequence[FieldFault] = (),
    needed: Collection[str] = (),
) -> list[Field]:
    """The same of shapes, each under the name that it has on the form."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.field, []).append(names.wrong(fault, say))
    asked = _Asked(say, choices, sent or Sent(), found, needed)
    return [_field(shape, name, asked) for name, shape in shapes]


def content_of(kind: type[BaseModel], sent: Sent) -> dict[str, Any]:
    """What was typed into the form of a model, for the model to read: nothing of what was left blank."""
    return _content(shapes_of(kind), sent, "")


def content_at(name: str, shape: Shape, sent: Sent) -> Any:
    """What was typed into a field of this shape and name; None, if nothing was."""
    read = _read(shape, sent, name)
    return None if read is UNSAID else read


def form_of(
    action: Action,
    say: Speech,
    choices: Mapping[str, Options] = {},
    sent: Sent | None = None,
    faults: Sequence[FieldFault] = (),
    fixed: Collection[str] = (),
    needed: Collection[str] = (),
) -> list[Field]:
    """The form of an action of staff, without what the action says by itself, and without what there is nothing to
    choose for. `needed`: beside what the action never goes without."""
    rows = [one.name for one in shapes_of(ACTIONS[action]) if one.kind == "rows"]
    nothing = {name for name in rows if name in choices and not choices[name]}
    hidden = {*fixed, *SETTLED.get(action, ()), *nothing}
    return fields_of(ACTIONS[action], say, choices, sent, faults, hidden, {*NEEDED.get(action, ()), *needed})


def handed_in(action: Action, sent: Sent) -> dict[str, Any]:
    """What was typed into the form of an action, with what the action says by itself."""
    content = content_of(ACTIONS[action], sent)
    blank = {name for name in NEEDED.get(action, ()) if content.get(name) is None}
    return {**{name: one for name, one in content.items() if name not in blank}, **SETTLED.get(action, {})}


def sent_of(content: Mapping[str, Any]) -> Sent:
    """The form filled with this: what `content_of` reads from it is the same again."""
    return Sent(fields={name: [value] for name, value in _flat(content, "")})


def is_for_more(sent: Sent) -> bool:
    """Whether it was sent to go on typing, and nothing is to be done yet."""
    return bool(sent.one(MORE))


def faulty(fields: Sequence[Field]) -> Iterator[Field]:
    """Those that have faults, in their order."""
    for field in fields:
        if field.faults:
            yield field
        yield from faulty(field.fields)


def astray(fields: Sequence[Field]) -> Iterator[Field]:
    """Those of which something is wrong, or some part of which: it is called by what it is part of."""
    return (field for field in fields if any(faulty([field])))


def folded(action: Action, fields: Sequence[Field]) -> list[Field]:
    """Those that are seldom said, of what may be left out."""
    return [field for field in fields if field.name in RARE.get(action, ()) and not field.required]


def says(field: Field) -> bool:
    """Whether something stands in it that it did not begin with, or is wrong with it."""
    here = field.value not in ("", field.preset) or any(one.strip() for one in field.values)
    return here or bool(field.faults) or any(says(one) for one in field.fields)


def misplaced(fields: Sequence[Field], faults: Sequence[FieldFault], say: Speech) -> list[str]:
    """The faults of what is not shown."""
    shown = {one for field in faulty(fields) for one in field.faults}
    said = (names.wrong(fault, say) for fault in faults)
    return list(dict.fromkeys(one for one in said if one not in shown))


# ---- what is read ----------------------------------------------------------------------------------------------------


def _content(parts: Sequence[Shape], sent: Sent, under: str) -> dict[str, Any]:
    read = ((part.name, _read(part, sent, f"{under}{part.name}")) for part in parts)
    return {name: value for name, value in read if value is not UNSAID}


def _read(shape: Shape, sent: Sent, name: str) -> Any:
    nothing = None if shape.required and shape.nullable else UNSAID
    if shape.kind == "group":
        said = shape.required or _says(shape, sent, name)
        return _content(shape.parts, sent, f"{name}.") if said else nothing
    if shape.kind in ("rows", "many"):
        return _rows(shape, sent, name) or nothing
    typed = _typed(shape, _said(sent, name))
    return typed if typed != "" else nothing


def _said(sent: Sent, name: str) -> str:
    """The last that is not blank: what is typed comes after what there was to choose from."""
    return next((one for one in reversed(sent.fields.get(name, ())) if one.strip()), "")


def _rows(shape: Shape, sent: Sent, name: str) -> list[Any]:
    if name in sent.fields or shape.kind == "many":
        return [_typed(shape, one) for one in _chosen(sent, name)]
    row = shape.parts[0]
    indexes = _indexes(shape, sent, name)
    if not indexes and shape.required and shape.least:
        return [{} if row.kind == "group" else ""]  # so that its faults are those of the first row
    return [_read(row._replace(required=True), sent, f"{name}.{index}") for index in indexes]


def _typed(shape: Shape, value: str) -> Any:
    value = value if shape.kind == "text" else value.strip()
    if not value.strip():
        return ""
    if shape.truth:
        return value in TICKED
    if shape.whole:
        return int(value) if NUMBER.fullmatch(value) else value
    if shape.mode == "decimal":
        return plain(value)
    alike = (one for one in shape.listed if one.casefold() == value.casefold())
    return next(alike, value)


def _says(shape: Shape, sent: Sent, name: str) -> bool:
    """Whether anything stands in it but what the form had filled in by itself."""
    if shape.kind == "group":
        return any(_says(part, sent, f"{name}.{part.name}") for part in shape.parts)
    if shape.kind in ("rows", "many"):
        return bool(_chosen(sent, name) or _indexes(shape, sent, name))
    value = sent.one(name).strip()
    return bool(value) and value != shape.preset


def _indexes(shape: Shape, sent: Sent, name: str) -> list[int]:
    """The rows that say something."""
    if shape.kind != "rows":
        return []
    found = re.compile(rf"{re.escape(name)}\.([0-9]{{1,3}})(?:\..*)?")
    numbers = {int(one[1]) for field in sent.fields if (one := found.fullmatch(field))}
    return [one for one in sorted(numbers) if _says(shape.parts[0], sent, f"{name}.{one}")][:MOST_ROWS]


def _chosen(sent: Sent, name: str) -> list[str]:
    """What of a list was ticked; or stood in its rows, where it was filled in as such."""
    if name in sent.fields:
        return [one for one in sent.fields[name] if one.strip()]
    rows = re.compile(rf"{re.escape(name)}\.[0-9]{{1,3}}")
    return [sent.one(field) for field in sent.fields if rows.fullmatch(field) and sent.one(field).strip()]


def _flat(content: Any, name: str) -> Iterator[tuple[str, str]]:
    under = f"{name}." if name else ""
    if isinstance(content, Mapping):
        for part, one in content.items():
            yield from _flat(one, f"{under}{part}")
    elif isinstance(content, list | tuple):
        for number, one in enumerate(content):
            yield from _flat(one, f"{under}{number}")
    elif content is not None:
        yield name, str(content).lower() if isinstance(content, bool) else str(content)


# ---- what is shown ---------------------------------------------------------------------------------------------------


def _field(shape: Shape, name: str, asked: _Asked, label: str = "") -> Field:
    """`label`: what a row is called, which of its rows the hint and the note are said once for."""
    choices = asked.choices.get(shape.name)
    needed = (shape.required and not shape.nullable) or shape.name in asked.needed
    required = needed and not asked.free
    field = Field(
        name,
        _shown_kind(shape, choices),
        label or naming.label(asked.say, shape),
        hint="" if label else naming.hint(asked.say, shape),
        note="" if needed or label or shape.kind == "yes" else naming.word(asked.say, "fields.optional"),
        least=shape.least,
        most=shape.most,
        required=required,
        value=_value(shape, asked.sent, name),
        preset=shape.preset,
        faults=asked.faults.get(name, []),
        mode=shape.mode,
    )
    match field.kind:
        case "group":
            within = asked._replace(free=not required)
            return field._replace(fields=[_field(part, f"{name}.{part.name}", within) for part in shape.parts])
        case "rows":
            return _with_rows(field, shape, asked)
        case "many":
            below = [one for way, said in asked.faults.items() if way.startswith(f"{name}.") for one in said]
            options = choices or naming.options(asked.say, shape)
            chosen = _chosen(asked.sent, name)
            return field._replace(options=options, values=chosen, faults=[*field.faults, *below])
        case "one":
            return _with_options(field, shape, asked, choices)
        case _ if choices:
            another = naming.word(asked.say, "panel.another")
            return field._replace(options=choices, value=_said(asked.sent, name), more=another)
    return field


def _shown_kind(shape: Shape, choices: Options | None) -> Kind:
    if choices is None or shape.kind not in ("line", "number", "rows") or shape.name in OFFERED:
        return shape.kind
    return "many" if shape.kind == "rows" else "one"


def _value(shape: Shape, sent: Sent, name: str) -> str:
    value = sent.one(name) if name in sent.fields else shape.preset
    return ("on" if value in TICKED else "") if shape.kind == "yes" else value


def _with_options(field: Field, shape: Shape, asked: _Asked, choices: Options | None) -> Field:
    """All of them beside one another where one must be chosen of few; else a list, whose first line is none."""
    options = choices if choices is not None else naming.options(asked.say, shape)
    if choices is None and len(options) <= RADIOS and (field.required or shape.preset):
        return field._replace(options=options, radios=True, note="" if shape.truth else field.note)
    return field._replace(options=[("", naming.none(asked.say, shape, field.required)), *options])


def _with_rows(field: Field, shape: Shape, asked: _Asked) -> Field:
    """Those that were filled in, closed up, and a blank one: at the end of them if one more is asked for."""
    name, row, say = field.name, shape.parts[0], asked.say
    written = [
        _moved(asked.sent, f"{name}.{index}", f"{name}.{place}")
        for place, index in enumerate(_indexes(shape, asked.sent, name))
    ]
    wanted = len(written) + (not written or asked.sent.one(MORE) == name)
    rows = []
    for place in range(min(wanted, shape.most or MOST_ROWS)):
        typed = Sent(fields=written[place] if place < len(written) else {})
        numbered = naming.row(say, shape, place + 1)
        first = place < (shape.least or 0)
        rows.append(_field(row._replace(required=first), f"{name}.{place}", asked._replace(sent=typed), numbered))
    return field._replace(fields=rows, more=naming.word(say, "fields.more", name=field.label))


def _moved(sent: Sent, before: str, after: str) -> dict[str, Sequence[str]]:
    """What stands in a row, in another place."""
    here = (name for name in sent.fields if name == before or name.startswith(f"{before}."))
    return {after + name[len(before) :]: sent.fields[name] for name in here}
