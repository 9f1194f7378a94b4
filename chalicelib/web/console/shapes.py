"""What a form of a model is made of: read from the model's own description, once for each.

A model that is added has a form by itself. What only its own checks know, a form cannot: they say it when it is sent.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from chalicelib.domain.ground.text import NO_CONTROLS_BUT_LINES

Kind = Literal["line", "text", "number", "yes", "one", "many", "group", "rows"]
LONGEST_LIST = 40
"""What has more values than this is typed, not chosen."""
LONGEST_SCALE = 5
"""A whole number of so few values is chosen, not typed."""
PRESET = {"currency": "CNY"}
"""What a form fills in by itself beside what a model says: in groups that then say nothing yet."""
MODES = {"phone": "tel", "email": "email", "date": "date", "time": "time"}
TRUTHS = ("true", "false")


class Shape(NamedTuple):
    """One field of a model. `of`: the name of the model. `whole`, `truth`: a number, or true or false, is meant.

    `least`, `most`: of a number, or of the characters or items. `listed`: the values it takes. `parts`: the fields of a
    group, or what each row is. `mode`: which keyboard a phone shows.
    """

    name: str
    of: str
    kind: Kind
    required: bool = False
    nullable: bool = False
    whole: bool = False
    truth: bool = False
    least: int | None = None
    most: int | None = None
    preset: str = ""
    listed: tuple[str, ...] = ()
    parts: tuple["Shape", ...] = ()
    mode: str = "text"


@cache
def shapes_of(kind: type[BaseModel]) -> tuple[Shape, ...]:
    """The fields of a model, in their order."""
    described = kind.model_json_schema()
    return _parts(described, described.get("$defs", {}))


@cache
def _described(kind: type[BaseModel]) -> Mapping[str, Any]:
    return kind.model_json_schema()


@cache
def shape_at(kind: type[BaseModel], way: tuple[str, ...]) -> Shape:
    """What stands in a model at a way, whose names may be keys that anybody chooses: by the last of them. Raises
    LookupError."""
    described: Mapping[str, Any] = _described(kind)
    known, of, nullable = described.get("$defs", {}), described["title"], False
    for name in way:
        of = described.get("title", of)
        described, nullable = _meant(_within(described, name), known)
    return _shape(way[-1], of, described, not nullable, known)._replace(nullable=nullable)


def _within(described: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    ways = (
        described.get("additionalProperties"),
        described.get("items"),
        *described.get("patternProperties", {}).values(),
    )
    found = (one for one in (described.get("properties", {}).get(name), *ways) if one)
    meant: Mapping[str, Any] | None = next(found, None)
    if meant is None:
        raise LookupError(name)
    return meant


def _parts(described: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[Shape, ...]:
    needed, of = described.get("required", ()), described.get("title", "")
    if keys := described.get("propertyNames", {}).get("enum"):
        return tuple(_shape(key, of, described["additionalProperties"], True, known) for key in keys)
    return tuple(_shape(name, of, one, name in needed, known) for name, one in described.get("properties", {}).items())


def _shape(name: str, of: str, described: Mapping[str, Any], required: bool, known: Mapping[str, Any]) -> Shape:
    meant, nullable = _meant(described, known)
    default = meant.get("default")
    plain = Shape(name, of, "line", required, nullable, preset=_preset(name, default))
    match meant.get("type"):
        case "object":
            return plain._replace(kind="group", parts=_named(plain, meant, known) or _parts(meant, known))
        case "array":
            return _several(plain, meant, known)
        case "boolean":
            return _truth(plain, meant)
        case "integer":
            return _number(plain, meant)
    return _written(plain, meant)


def _named(plain: Shape, meant: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[Shape, ...]:
    """What is said by name, where the names are known and each means the same: they are fields of the model then."""
    names, _ = _meant(meant.get("propertyNames", {}), known)
    each = meant.get("additionalProperties")
    return tuple(_shape(name, plain.of, each, True, known) for name in names.get("enum", ()) if each)


def _meant(described: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """What is described without what stands for it, and whether nothing will do too."""
    choices = described.get("anyOf", ())
    ways = [one for one in choices if one.get("type") != "null"]
    meant = {**described, **(ways[0] if ways else {})}
    if "$ref" in meant:
        meant |= known[meant["$ref"].rpartition("/")[2]]
    return meant, len(ways) < len(choices)


def _preset(name: str, default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return PRESET.get(name, "") if default is None else str(default)


def _several(plain: Shape, meant: Mapping[str, Any], known: Mapping[str, Any]) -> Shape:
    least, most = meant.get("minItems"), meant.get("maxItems")
    row = _shape(plain.name, plain.of, meant["items"], bool(least), known)
    bounded = plain._replace(least=least, most=most, preset="", whole=row.whole)
    if row.listed:
        return bounded._replace(kind="many", listed=row.listed)
    return bounded._replace(kind="rows", parts=(row,))


def _truth(plain: Shape, meant: Mapping[str, Any]) -> Shape:
    """What is true only if somebody says so is a tick; else one of the two is chosen."""
    tick = meant.get("const") is True or meant.get("default") is False
    if tick:
        return plain._replace(kind="yes", truth=True, preset="")
    return plain._replace(kind="one", truth=True, listed=TRUTHS)


def _number(plain: Shape, meant: Mapping[str, Any]) -> Shape:
    least, most = meant.get("minimum"), meant.get("maximum")
    number = plain._replace(kind="number", whole=True, least=least, most=most, mode="numeric")
    if least is not None and most is not None and most - least < LONGEST_SCALE:
        return number._replace(kind="one", listed=tuple(str(one) for one in range(least, most + 1)))
    return number


def _written(plain: Shape, meant: Mapping[str, Any]) -> Shape:
    listed = tuple(_texts(meant.get("enum") or [meant[name] for name in ("const",) if name in meant]))
    if listed and len(listed) <= LONGEST_LIST:
        return plain._replace(kind="one", listed=listed)
    lines = meant.get("pattern") == NO_CONTROLS_BUT_LINES
    mode = MODES.get(meant.get("format", ""), "decimal" if plain.name == "value" else "text")
    return plain._replace(
        kind="text" if lines else "line",
        least=meant.get("minLength"),
        most=meant.get("maxLength"),
        listed=listed,
        mode=mode,
    )


def _texts(values: Iterable[Any]) -> Iterable[str]:
    return (str(one) for one in values)
