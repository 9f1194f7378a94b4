"""A rule of the policy, or a part of its operating data, as a form; what is typed into it as a merge patch (RFC 7396).

A rule is known by its path, as sentences about amendments are (`wording.subjects`): `clocks.received`, `link_days`. Of
what is a long list each of it is one, by a key of its own, and what is new is the list itself: `causes.unknown`,
`quiz.who_decides`, `canned_words.received.en`, `triage.12`, `triage`. The form begins with what a draft says already,
and is read back into a patch on the draft's base, with what else the draft changes, and nothing that is as in the base.
Of a question nobody is shown which answer is right: whoever changes one leaves its answers, or says them anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from chalicelib.casework import documents
from chalicelib.domain.governance import changes, sayings, wording
from chalicelib.domain.ground.errors import FieldFault, Invalid, NotFound
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.domain.policy.rules import OF_THE_HOUSE, OTHERS, Rules
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.console import forms
from chalicelib.web.console.door import Sent
from chalicelib.web.console.forms import Field, Options
from chalicelib.web.console.naming import value_name
from chalicelib.web.console.page import words
from chalicelib.web.console.shapes import Shape, shape_at
from chalicelib.web.languages import NATIVE
from chalicelib.web.pages.speech import Speech

from . import ruled

Document = Rules | Operating
ALARM = "alarm"
RULE, KEY, REMOVED = "rule", "key", "removed"
"""The fields of the form: the rule itself, what something new is called by, and that it is taken away."""
LISTED: Mapping[str, tuple[str, ...]] = {"causes": (), "triage": (), "quiz": ("id",), "canned_words": ("id", "locale")}
"""What is a long list, and by which fields of its own each of it is known; causes are by a key, rows by their place."""
ANSWERS = ("right", "wrong")
FIRST_WORDS = 4


class Rule(NamedTuple):
    """`name`: what it is called; `stands`: what it says, in words, where few say it."""

    path: str
    name: str
    stands: str = ""


class Group(NamedTuple):
    """Rules of one clause, or each of a long list, to which one can be added (`adds`: its path)."""

    name: str
    rules: list[Rule]
    adds: str = ""


# ---- which there are -------------------------------------------------------------------------------------------------


def kind_of(path: str) -> type[Rules] | type[Operating]:
    """Which document a rule is of. Raises NotFound."""
    field = path.partition(".")[0]
    for kind in changes.KINDS.values():
        if field in kind.model_fields and field not in changes.GIVEN:
            return kind
    raise NotFound("rule_unknown")


def groups(document: Document, locale: Locale) -> list[Group]:
    """All rules of a document: those of a clause together, in the order of clauses; long lists by themselves."""
    tongue, plain = sayings.Tongue(locale), changes.plain(document)
    found: dict[str, Group] = {}
    for path, row in sorted(wording.subjects().items(), key=lambda one: one[1].clause):
        field = path.partition(".")[0]
        if field not in type(document).model_fields or path == "routing":
            continue
        if path in LISTED:
            found[path] = Group(_called(tongue, path), [*_each(path, plain[path], tongue)], path)
            continue
        name = str(tongue.words["chapter"].get(row.clause, row.clause))
        value = _at(plain, path)
        stands = tongue.stands(row.said, value) if value is not None or row.said in ("route", "close") else ""
        found.setdefault(name, Group(name, [])).rules.append(Rule(path, tongue.name(path), stands))
    return [*found.values()]


def named(path: str, document: Document, locale: Locale) -> str:
    """What a rule is called. Raises NotFound for one that there is not."""
    tongue, (field, _, key) = sayings.Tongue(locale), path.partition(".")
    if field not in LISTED:
        if path not in wording.subjects() or path == "routing" or kind_of(path) is not type(document):
            raise NotFound("rule_unknown")
        return tongue.name(path)
    if not key:
        return _called(tongue, field)
    found = next((one.name for one in _each(field, changes.plain(document)[field], tongue) if one.path == path), None)
    if found is None:
        raise NotFound("rule_unknown")
    return found


def _called(tongue: sayings.Tongue, field: str) -> str:
    return (
        tongue.name(field) if field != "causes" else str(tongue.words["names"][field]).partition("{")[0].rstrip(" :：")
    )


def _each(field: str, listed: Any, tongue: sayings.Tongue) -> Iterator[Rule]:
    for place, one in enumerate(listed):
        key = _key(field, place, one)
        row = listed[one] if field == "causes" else one
        yield Rule(f"{field}.{key}", _title(field, row, tongue.locale))


def _key(field: str, place: int, one: Any) -> str:
    if field == "causes":
        return str(one)
    return ".".join(one[name] for name in LISTED[field]) if LISTED[field] else str(place)


def _title(field: str, row: Any, locale: Locale) -> str:
    match field:
        case "causes":
            return str(row["names"][locale])
        case "quiz":
            return str(row["asks"][locale])
        case "canned_words":
            return f"{row['name']} ({NATIVE[row['locale']]})"
    tier = words(locale)[f"values.tier.{row['tier']}"]
    return f"{' · '.join(row['any'][:FIRST_WORDS])} ({tier}, {NATIVE[row['locale']]})"


# ---- the form --------------------------------------------------------------------------------------------------------


def fields(
    path: str, document: Document, say: Speech, sent: Sent | None = None, faults: Sequence[FieldFault] = ()
) -> list[Field]:
    """The form of a rule: as the document has it, or with what was typed, and each fault beside its field."""
    name, shape = named(path, document, say.locale), _shape(path)
    typed = sent or begun(path, document)
    choices = _choices(path, shape, say)
    found = forms.fields_by([*_beside(path), (RULE, ruled.on_form(shape))], say, choices, typed, faults)
    return [one._replace(label=name, note="") if one.name == RULE else one for one in found]


def begun(path: str, document: Document) -> Sent:
    """The form as it begins."""
    value = _at(changes.plain(document), path)
    if path.startswith("quiz.") and value:
        value = {name: one for name, one in value.items() if name not in ANSWERS}
    return forms.sent_of({RULE: ruled.begun(_shape(path), value)})


def _shape(path: str) -> Shape:
    """As the model has it; of what has a key, without that, and of a question answers that may be left as they are."""
    field, _, key = path.partition(".")
    if field not in LISTED:
        shape = shape_at(kind_of(path), tuple(path.split(".")))
        return _alarms(shape) if field == "ladders" else shape
    shape = shape_at(kind_of(path), (field, "0"))
    if field == "quiz":
        shape = shape._replace(parts=tuple(map(_by_chapter, shape.parts)))
    if not key:
        return shape
    kept = (one for one in shape.parts if one.name not in LISTED[field])
    return shape._replace(parts=tuple(one._replace(required=False) if one.name in ANSWERS else one for one in kept))


def shapes() -> Iterator[Shape]:
    """What the forms of all rules are made of."""
    for path in wording.subjects():
        if path != "routing":
            yield ruled.on_form(_shape(path))
    for field in LISTED:
        yield from (shape for _, shape in _beside(f"{field}.key"))
    yield from (shape for _, shape in _beside("causes"))


def _by_chapter(part: Shape) -> Shape:
    return part._replace(kind="one", listed=SECTIONS) if part.name == "section" else part


def _alarms(ladder: Shape) -> Shape:
    return ladder._replace(name=ALARM, parts=tuple(one._replace(name=ALARM) for one in ladder.parts))


def _beside(path: str) -> Iterator[tuple[str, Shape]]:
    field, _, key = path.partition(".")
    if field in LISTED and key:
        yield REMOVED, Shape(REMOVED, "Rule", "yes", truth=True)
    if path == "causes":
        yield KEY, Shape(KEY, "Rule", "line", required=True)


def _choices(path: str, shape: Shape, say: Speech) -> dict[str, Options]:
    """Of an alarm the kinds that its ladder can have."""
    field, _, key = path.partition(".")
    if field != "ladders":
        return {}
    kind = shape.parts[0].parts[0]
    return {"kind": [(one, value_name(say, kind, one)) for one in OTHERS.get(key, OF_THE_HOUSE)]}


# ---- what is read back -----------------------------------------------------------------------------------------------


def changed(path: str, base: Document, drafted: Document, sent: Sent) -> dict[str, Any]:
    """The whole patch on `base` after the form of a rule was filled in: with all else that `drafted` changes; nothing,
    if it changes nothing any more. Raises Invalid, by the fields of the form, and NotFound."""
    named(path, drafted, "zh-CN")
    before = changes.plain(drafted)
    after, place = _with(path, before, sent)
    patch = _patch(base, after)
    if not patch:
        return {}
    try:
        whole = documents.whole(base, patch)
    except Invalid as refusal:
        raise Invalid(_moved(one, place, _shape(path)) for one in refusal.faults) from None
    return _patch(base, changes.plain(whole))


def _with(path: str, before: dict[str, Any], sent: Sent) -> tuple[dict[str, Any], str]:
    """The document with what was typed, and where in it that stands."""
    field, _, key = path.partition(".")
    value = None if key and field in LISTED and sent.one(REMOVED) else _typed(path, before, sent)
    if field not in LISTED:
        return _put(before, tuple(path.split(".")), value), path
    if field == "causes":
        return _put_cause(before, key or sent.one(KEY).strip(), value, is_new=not key)
    listed = [*before[field]]
    place = _place(field, listed, key) if key else len(listed)
    listed[place : place + 1] = [] if value is None else [value]
    return {**before, field: listed}, f"{field}.{place}"


def _typed(path: str, before: dict[str, Any], sent: Sent) -> Any:
    shape, stood = _shape(path), _at(before, path)
    typed = forms.content_at(RULE, ruled.on_form(shape), sent)
    field, _, key = path.partition(".")
    read = ruled.read_back(shape, typed, stood)
    if field not in LISTED or not key:
        return read
    said = typed if isinstance(typed, Mapping) else {}
    kept = {name for name in stood if name in LISTED[field] or (name in ANSWERS and name not in said)}
    return {**(read or {}), **{name: stood[name] for name in kept}}


def _put_cause(before: dict[str, Any], key: str, value: Any, *, is_new: bool) -> tuple[dict[str, Any], str]:
    if is_new and key in before["causes"]:
        raise Invalid([FieldFault(KEY, "name_twice")])
    if is_new and not changes.NAME.fullmatch(key):
        raise Invalid([FieldFault(KEY, "wrong_form")])
    return _put(before, ("causes", key), value), f"causes.{key}"


def _put(document: Mapping[str, Any], way: tuple[str, ...], value: Any) -> dict[str, Any]:
    first, *rest = way
    if rest:
        return {**document, first: _put(document.get(first) or {}, tuple(rest), value)}
    kept = {name: one for name, one in document.items() if name != first}
    return kept if value is None else {**document, first: value}


def _at(document: Mapping[str, Any], path: str) -> Any:
    """What stands there; None, where nothing does."""
    field, _, key = path.partition(".")
    if field not in LISTED:
        value: Any = document
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value
    listed = document[field]
    if not key:
        return None
    return listed[key] if field == "causes" else listed[_place(field, listed, key)]


def _place(field: str, listed: Sequence[Any], key: str) -> int:
    found = (place for place, one in enumerate(listed) if _key(field, place, one) == key)
    return next(found)


def _patch(base: Document, after: dict[str, Any]) -> dict[str, Any]:
    return dict(between(changes.plain(base), after))


def between(before: Any, after: Any) -> Any:
    """The merge patch (RFC 7396) that makes the one of the other."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    gone = dict.fromkeys(before.keys() - after.keys())
    other = {name: one for name, one in after.items() if name not in before or before[name] != one}
    return cast(dict[str, Any], gone) | {name: between(before.get(name), one) for name, one in other.items()}


def _moved(fault: FieldFault, place: str, shape: Shape) -> FieldFault:
    """A fault of the document, at the field of the form where it stands."""
    way = fault.field.removeprefix(f"{changes.FIELD}.")
    if way != place and not way.startswith(f"{place}."):
        return fault
    return fault._replace(field=ruled.on_form_way(f"{RULE}{way.removeprefix(place)}", shape))
