"""What of a schema would break clients that were made of another one: of what they send, and of what they read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]
KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null", list: "array"}
LEAST = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
MOST = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
SAME = ("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding")


@dataclass(frozen=True)
class Side:
    """The two documents, in which references are looked up."""

    old: dict[str, Any]
    new: dict[str, Any]

    def old_of(self, one: Any) -> Any:
        return _found(self.old, one)

    def new_of(self, one: Any) -> Any:
        return _found(self.new, one)


def _found(document: dict[str, Any], one: Any) -> Any:
    """What a reference leads to; a sentence beside it changes nothing."""
    while isinstance(one, dict) and "$ref" in one:
        leads_to: Any = document
        for step in one["$ref"].removeprefix("#/").split("/"):
            leads_to = leads_to[step]
        one = leads_to
    return one


@dataclass
class Comparison:
    """Compares schemas, each pair once: they may lead to themselves."""

    side: Side
    seen: set[tuple[str, str]] = field(default_factory=set)

    def compared(self, old: Any, new: Any, place: str = "") -> Iterator[str]:
        """What of the new one breaks clients of the old one, each with the place of the field."""
        if self._is_known(old, new):
            return
        was, now = self.side.old_of(old), self.side.new_of(new)
        for one, others in self._pairs(_branches(was), _branches(now)):
            pairs = [self._in_order(one, other) for other in others]
            if not pairs:
                yield f"{place or 'it'}: {self._alone(self._shown(one))}"
            elif len(pairs) == 1:
                yield from self._alternative(*pairs[0], place)
            elif all(faults := [self._tried(*pair, place) for pair in pairs]):
                yield from min(faults, key=len)

    def _is_known(self, old: Any, new: Any) -> bool:
        """Whether they are two that have names and were compared before, or are being compared."""
        names = (old.get("$ref", ""), new.get("$ref", ""))
        known = names in self.seen
        if all(names):
            self.seen.add(names)
        return known

    def _alternative(self, old: Any, new: Any, place: str) -> Iterator[str]:
        was, now = self.side.old_of(old), self.side.new_of(new)
        if (was is old and now is new) or not self._is_known(old, new):
            yield from self._one(was, now, place)

    def _tried(self, old: Any, new: Any, place: str) -> list[str]:
        """The faults of one alternative of several; what was seen on the way is forgotten if it does not suit."""
        known = set(self.seen)
        faults = list(self._alternative(old, new, place))
        if faults:
            self.seen = known
        return faults

    def _one(self, old: Any, new: Any, place: str) -> Iterator[str]:
        yield from self._values(old, new, place)
        yield from self._fields(old, new, place)
        for name in ("items", "additionalProperties"):
            was, now = old.get(name), new.get(name)
            if isinstance(was, dict) and isinstance(now, dict):
                yield from self.compared(was, now, f"{place}{'[]' if name == 'items' else '.*'}")
        for n, was in enumerate(old.get("prefixItems", ())):
            if n < len(new.get("prefixItems", ())):
                yield from self.compared(was, new["prefixItems"][n], f"{place}[{n}]")

    def _pairs(self, old: list[Any], new: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
        """Each alternative that must have its like, with those of its kind on the other side."""
        raise NotImplementedError

    def _in_order(self, one: Any, other: Any) -> tuple[Any, Any]:
        """The old one, then the new one, of a pair."""
        raise NotImplementedError

    def _shown(self, one: Any) -> str:
        raise NotImplementedError

    def _alone(self, kind: str) -> str:
        """The sentence about an alternative without its like."""
        raise NotImplementedError

    def _values(self, old: Any, new: Any, place: str) -> Iterator[str]:
        raise NotImplementedError

    def _fields(self, old: Any, new: Any, place: str) -> Iterator[str]:
        raise NotImplementedError


class Sent(Comparison):
    """What clients send: all that was taken must be taken still."""

    def _pairs(self, old: list[Any], new: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
        for one in old:
            kinds = _kinds(self.side.old_of(one))
            yield one, [other for other in new if _meet(kinds, _kinds(self.side.new_of(other)))]

    def _in_order(self, one: Any, other: Any) -> tuple[Any, Any]:
        return one, other

    def _shown(self, one: Any) -> str:
        return _said(self.side.old_of(one))

    def _alone(self, kind: str) -> str:
        return f"{kind} is not taken any more"

    def _values(self, old: Any, new: Any, place: str) -> Iterator[str]:
        at = place or "it"
        if (kinds := _kinds(new)) is not None and not _within(_kinds(old), kinds):
            yield f"{at}: was {_said(old)}, is {_said(new)}"
        if (allowed := _codes(new)) is not None:
            was = _codes(old)
            if was is None:
                yield f"{at}: only some values are taken now"
            elif lost := [one for one in was if one not in allowed]:
                yield f"{at}: {', '.join(map(str, lost))} is not taken any more"
        for name, harder in ((name, more) for names, more in ((LEAST, 1), (MOST, -1)) for name in names):
            if name in new and (name not in old or (new[name] - old[name]) * harder > 0):
                yield f"{at}: {name} is {new[name]} now"
        for name in SAME:
            if name in new and old.get(name) != new[name] and _codes(old) is None:
                yield f"{at}: {name} is {new[name]} now"

    def _fields(self, old: Any, new: Any, place: str) -> Iterator[str]:
        was, now = old.get("properties", {}), new.get("properties", {})
        for name in set(new.get("required", ())) - set(old.get("required", ())):
            yield f"{_below(place, name)} is required now"
        if (
            new.get("additionalProperties") is False
            and _is_object(old)
            and old.get("additionalProperties", True) is True
        ):
            yield f"{place or 'it'}: fields that it does not name are not taken any more"
        for name, schema in was.items():
            if name in now:
                yield from self.compared(schema, now[name], _below(place, name))
            elif new.get("additionalProperties", True) is False:
                yield f"{_below(place, name)} is not taken any more"


class Answers(Comparison):
    """What clients read: all that was there must be there still, and of no other kind."""

    def _pairs(self, old: list[Any], new: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
        for one in new:
            kinds = _kinds(self.side.new_of(one))
            alike = [other for other in old if _meet(kinds, _kinds(self.side.old_of(other)))]
            marked = [other for other in alike if self._is_same(other, one)]
            if marked or not (alike and _mark(self.side.new_of(one))):
                yield one, marked or alike  # one more object, told apart by its mark, is news as a new code is

    def _is_same(self, old: Any, new: Any) -> bool:
        was, now = _mark(self.side.old_of(old)), _mark(self.side.new_of(new))
        return bool(was and now and was & now)

    def _in_order(self, one: Any, other: Any) -> tuple[Any, Any]:
        return other, one

    def _shown(self, one: Any) -> str:
        return _said(self.side.new_of(one))

    def _alone(self, kind: str) -> str:
        return f"may be {kind} now"

    def _values(self, old: Any, new: Any, place: str) -> Iterator[str]:
        at = place or "it"
        if (kinds := _kinds(old)) is not None and not _within(_kinds(new), kinds):
            yield f"{at}: was {_said(old)}, is {_said(new)}"
        if _codes(old) is not None and _codes(new) is None:
            yield f"{at}: may be anything now, and was one of some values"
        if "const" in old and old["const"] not in (_codes(new) or [old["const"]]):
            yield f"{at}: was {old['const']}, is {_codes(new)}"
        for name in ("format", "contentEncoding"):  # a pattern says what is taken, and makes no other type
            if name in old and old[name] != new.get(name) and _codes(new) is None:
                yield f"{at}: {name} was {old[name]}, is {new.get(name)}"

    def _fields(self, old: Any, new: Any, place: str) -> Iterator[str]:
        was, now = old.get("properties", {}), new.get("properties", {})
        for name in was:
            if name in now:
                yield from self.compared(was[name], now[name], _below(place, name))
            else:
                yield f"{_below(place, name)} is gone"
        for name in (set(old.get("required", ())) - set(new.get("required", ()))) & now.keys():
            yield f"{_below(place, name)} may be missing now"


def _branches(schema: Any) -> list[Any]:
    return list(schema.get("anyOf") or schema.get("oneOf") or [schema])


def _kinds(schema: Any) -> frozenset[str] | None:
    """The kinds of JSON that it may be; None: any."""
    if "type" in schema:
        named = schema["type"]
        return frozenset([named] if isinstance(named, str) else named)
    if (codes := _codes(schema)) is not None:
        return frozenset(KINDS[type(one)] for one in codes)
    return frozenset(["object"]) if "properties" in schema else None


def _meet(some: frozenset[str] | None, others: frozenset[str] | None) -> bool:
    return some is None or others is None or bool(_wider(some) & _wider(others))


def _within(some: frozenset[str] | None, others: frozenset[str]) -> bool:
    return some is not None and some <= _wider(others)


def _wider(kinds: frozenset[str]) -> frozenset[str]:
    """A whole number is a number."""
    return kinds | {"integer"} if "number" in kinds else kinds


def _codes(schema: Any) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    codes: list[Any] | None = schema.get("enum")
    return codes


def _mark(schema: Any) -> set[str]:
    """What tells an object of a union from the others: the fields that always have one value, with it."""
    fields = schema.get("properties", {}).items()
    return {f"{name}={code}" for name, one in fields for code in _codes(one) or () if "const" in one}


def _is_object(schema: Any) -> bool:
    return _kinds(schema) == frozenset(["object"])


def _said(schema: Any) -> str:
    kinds = _kinds(schema)
    return " or ".join(sorted(kinds)) if kinds else "anything"


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
