"""What an amendment makes of its base: a merge patch (RFC 7396), the whole that follows, its hash, what is different.

A document is read as it is published: every field, defaults included, so that a patch can name any. Its digest is the
SHA-256 of the canonical form (`ground/chain.py`) of that, without number and date of effect, which an announcement
gives. The hash of an amendment, and of a version, covers the digests of both documents: of the rules, which everybody
can read, and of the operating data that stood beside them, which not everybody can.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.domain.governance.amendment import Document
from chalicelib.domain.ground.chain import SEALED, canonical
from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.text import TURNS
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.quiz import unusable
from chalicelib.domain.policy.rules import Rules

KINDS: Mapping[Document, type[Rules] | type[Operating]] = {"rules": Rules, "operating": Operating}
GIVEN = frozenset({"version", "effective_from"})
"""What an announcement gives, and no patch."""
FIELD = "changes"
LARGEST = 100_000
"""Bytes of a patch: it stands in an entry, and in the record as it is."""
DEEPEST = 8
MOST = 2**53 - 1
"""The largest whole number that every reader of JSON reads alike."""
MOST_FAULTS = 50
NAME = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
QUIZ = "quiz"
ASKED = ("id", "section", "asks")
"""What may be seen of a question before it is answered."""


class Difference(NamedTuple):
    """What stands at a path in dots ("clocks.received.hours"), before and after; None: nothing. A list is one value."""

    path: str
    before: Any
    after: Any


def document_of(changes: Mapping[str, Any]) -> Document:
    """Which document a patch is of: its fields say it. Raises Invalid for none, for both, for what neither has."""
    _check(changes)
    owners = {name: [one for one, kind in KINDS.items() if name in kind.model_fields] for name in changes}
    if unknown := [FieldFault(f"{FIELD}.{name}", "unknown_field") for name, found in owners.items() if not found]:
        raise Invalid(unknown)
    if not changes:
        raise Invalid([FieldFault(FIELD, "changes_nothing")])
    documents = {found[0] for found in owners.values()}
    if len(documents) > 1:
        raise Invalid([FieldFault(FIELD, "rules_and_operating_apart")])
    return documents.pop()


def _check(changes: Mapping[str, Any]) -> None:
    """A patch can be kept, and hashed. Raises Invalid."""
    faults = [FieldFault(f"{FIELD}.{name}", "given_by_announcement") for name in changes if name in GIVEN]
    faults += islice(_unfit(changes, FIELD), MOST_FAULTS)
    if faults:
        raise Invalid(faults)
    if len(json.dumps(changes, ensure_ascii=False).encode()) > LARGEST:
        raise Invalid([FieldFault(FIELD, "document_too_large", {"most": LARGEST})])


def _unfit(value: Any, path: str, depth: int = 0) -> Iterator[FieldFault]:
    """What no document can hold, wherever it stands: a fraction, what is no text or turns what is around it, what
    passes for a digest."""
    if depth > DEEPEST:
        yield FieldFault(path, "too_deep", {"most": DEEPEST})
    elif isinstance(value, Mapping):
        if any(not NAME.fullmatch(name) for name in value):
            yield FieldFault(path, "odd_names")
            return
        for name, one in value.items():
            yield from _unfit(one, f"{path}.{name}", depth + 1)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _unfit(one, f"{path}.{place}", depth + 1)
    elif isinstance(value, float):
        yield FieldFault(path, "not_a_whole_number")
    elif isinstance(value, int) and abs(value) > MOST:
        yield FieldFault(path, "number_too_large" if value > 0 else "number_too_small", {"most": MOST, "least": -MOST})
    elif isinstance(value, str):
        yield from _unfit_text(value, path)


def _unfit_text(text: str, path: str) -> Iterator[FieldFault]:
    marks = {unicodedata.category(mark) for mark in text}
    if "Cs" in marks:
        yield FieldFault(path, "not_text")
    elif "Cc" in marks:
        yield FieldFault(path, "control_characters")
    elif TURNS & set(text):
        yield FieldFault(path, "turning_marks")
    elif text.startswith(SEALED):
        yield FieldFault(path, "like_a_digest")


def plain(document: Rules | Operating) -> dict[str, Any]:
    """A document as JSON has it, as it is published."""
    read: dict[str, Any] = json.loads(versions.written(document))
    return read


def merged(base: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    kept = dict(base) if isinstance(base, dict) else {}
    for name, value in patch.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = merged(kept.get(name), value)
    return kept


def whole(base: versions.Document, changes: Mapping[str, Any]) -> versions.Document:
    """What the changes make of a base. Raises Invalid, which names what makes no whole policy, and why."""
    _check(changes)
    text = json.dumps(merged(plain(base), changes), ensure_ascii=False)
    if len(text.encode()) > versions.LARGEST:
        raise Invalid([FieldFault(FIELD, "document_too_large", {"most": versions.LARGEST})])
    try:
        made = versions.read_as_written(type(base), text)
    except Invalid as fault:
        raise Invalid(one._replace(field=f"{FIELD}.{one.field}") for one in fault.faults) from None
    if isinstance(made, Operating) and (questions := unusable(made.quiz)):
        raise Invalid([FieldFault(f"{FIELD}.{QUIZ}", "questions_unusable", {"questions": questions})])
    return made


def digest(document: Rules | Operating) -> str:
    """In lower-case hexadecimal."""
    said = {name: value for name, value in plain(document).items() if name not in GIVEN}
    return hashlib.sha256(canonical(said)).hexdigest()


def hash_of(rules: Rules, operating: Operating) -> str:
    """Of both documents."""
    parts = {"rules": digest(rules), "operating": digest(operating)}
    return hashlib.sha256(canonical(parts)).hexdigest()


def hash_of_both(one: Rules | Operating, other: Rules | Operating) -> str:
    """The same, whichever of the two is named first."""
    for rules, operating in ((one, other), (other, one)):
        if isinstance(rules, Rules) and isinstance(operating, Operating):
            return hash_of(rules, operating)
    raise ValueError("a hash is of rules and operating data")


def differences(before: Rules | Operating, after: Rules | Operating) -> list[Difference]:
    """What is different, in the order of paths; number and date of effect are not looked at."""
    return [one for one in _differing(plain(before), plain(after), "") if one.path not in GIVEN]


def _differing(before: Any, after: Any, path: str) -> Iterator[Difference]:
    if before == after:
        return
    if not (isinstance(before, dict) and isinstance(after, dict)):
        yield Difference(path, before, after)
        return
    for name in sorted({*before, *after}):
        inner = f"{path}.{name}" if path else name
        yield from _differing(before.get(name), after.get(name), inner)


def shown(path: str, value: Any) -> Any:
    """What stands at a path, for whoever may see an amendment: of a question for staff, what it asks and where it is
    answered; nobody reads the answers."""
    if path != QUIZ or not isinstance(value, list):
        return value
    return [{name: one[name] for name in ASKED if name in one} for one in value if isinstance(one, dict)]


def patch_shown(patch: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a merge patch."""
    return {name: shown(name, value) for name, value in patch.items()}
