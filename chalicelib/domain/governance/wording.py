"""What an amendment changes, in words: a sentence for each subject of the policy, of which clause, whom it concerns.

A subject is what people speak of as one thing: a clock with its length and beginning, a ladder, a cause, a number.
`words/paths.json` has a row for each, by its path: the clause it belongs to, how its values are said (`sayings.py`),
whom it concerns, and whether it changes what staff have to do or answer for. Its name in each language is in
`words/<locale>.json`. The questions of the quiz are told without their answers, right and wrong.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from chalicelib.domain.governance import changes, sayings
from chalicelib.domain.governance.changes import Difference
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.ladders import WHOSE, task_of
from chalicelib.domain.vocabulary.terms import Locale

FILE = Path(__file__).parent / "words" / "paths.json"
KEYED = frozenset({"causes"})
"""Fields whose subjects are by a key that anybody may add: one row stands for all."""
ASKED = "asked"


class Subject(NamedTuple):
    """A row of the table. `staff`: it touches them always, if it is `shorter`, if others are `told`, or not at all."""

    clause: str
    said: str
    concerns: tuple[str, ...]
    staff: Literal["always", "shorter", "told", "no"]


class Worded(NamedTuple):
    """What is different about one subject. `path` in dots; `before` and `after` as JSON has them, None: nothing."""

    path: str
    before: Any
    after: Any
    words: str
    clause: str


def worded(before: Rules | Operating, after: Rules | Operating, locale: Locale) -> list[Worded]:
    """What is different between two numbers of one document, by clause; how times are counted is the last."""
    tongue = sayings.Tongue(locale)
    found = sorted(_subjects(changes.plain(before), changes.plain(after)), key=_place)
    return [_worded(*one, tongue) for one in found]


def concerned(differences: Iterable[Difference | Worded]) -> tuple[str, ...]:
    """The roles whom any of it concerns, consumers and storefronts among them; of alarms, whoever is told of them.

    Of one sentence, those whom that concerns.
    """
    roles = {role for one in differences for role in (*subject(one.path).concerns, *_told(one))}
    return tuple(role.value for role in Role if role in roles)


def touches_staff(differences: Iterable[Difference]) -> bool:
    """Whether any of it changes what staff have to do or answer for, so that they have to be consulted."""
    return any(_touches(one) for one in differences)


@cache
def subjects() -> Mapping[str, Subject]:
    """The table, by path."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return {path: Subject(**row | {"concerns": tuple(row["concerns"])}) for path, row in read.items()}


def subject(path: str) -> Subject:
    """The row of what a path is within: "clocks.received.hours" is of the clock."""
    field, _, rest = path.partition(".")
    return subjects().get(f"{field}.{rest.partition('.')[0]}") or subjects()[field]


@cache
def _parted() -> frozenset[str]:
    """The fields that are several subjects."""
    return KEYED | {path.partition(".")[0] for path in subjects() if "." in path}


def _subjects(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What differs, subject by subject."""
    for name in {**before, **after}:
        was, becomes = before.get(name), after.get(name)
        if was == becomes or name in changes.GIVEN:
            continue
        if name not in _parted():
            yield name, was, becomes
            continue
        old, new = was or {}, becomes or {}
        yield from (
            (f"{name}.{key}", old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)
        )


def _worded(path: str, before: Any, after: Any, tongue: sayings.Tongue) -> Worded:
    """The subject in words; its path and values are of all that differs in it, which may be one number."""
    row = subject(path)
    words = tongue.change(path, row.clause, row.said, before, after)
    path, before, after = _narrowed(path, before, after)
    return Worded(path, changes.shown(path, before), changes.shown(path, after), words, row.clause)


def _narrowed(path: str, before: Any, after: Any) -> tuple[str, Any, Any]:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return path, before, after
    differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if len(differing) != 1:
        return path, before, after
    [name] = differing
    return _narrowed(f"{path}.{name}", before.get(name), after.get(name))


def _place(one: tuple[str, Any, Any]) -> tuple[str, int, str]:
    path, paths = one[0], list(subjects())
    return subject(path).clause, paths.index(path if path in paths else path.partition(".")[0]), path


def _told(one: Difference | Worded) -> set[str]:
    if subject(one.path).said != "ladder":
        return set()
    roles = {role for ladder in (one.before, one.after) for rung in ladder or () for role in rung["tell"]}
    asked = WHOSE.get(task_of(one.path.partition(".")[2]), ()) if ASKED in roles else ()
    return roles - {ASKED, Role.SYSTEM} | {role.value for role in asked}


def _touches(one: Difference) -> bool:
    match subject(one.path).staff:
        case "always":
            return True
        case "shorter":
            numbers = isinstance(one.before, int) and isinstance(one.after, int)
            return one.after < one.before if numbers else True
        case "told":
            return _of_staff(one.before) != _of_staff(one.after)
        case _:
            return False


def _of_staff(ladder: Any) -> list[Any]:
    """The alarms by which anybody but the consumer is told."""
    return [rung for rung in ladder or () if {*rung["tell"]} - {Role.CONSUMER}]
