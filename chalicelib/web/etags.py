"""Entity tags: `"<version>-<8 hex of the body's SHA-256>"`, what somebody has read of a record.

The version is what people and the clock have done to it, and all that a change is bound to (`If-Match`). What a caller
is shown of one version differs by who asks, in which language, and by the time: what is kept is good only while the
whole tag is the same (`If-None-Match`).
"""

import re
from hashlib import sha256

DIGITS = 8
"""Of the SHA-256 of a body, in hex: who compares has read another body of that very version before."""
_VERSION_ALONE = re.compile(r'"[0-9]{1,9}"')
_VERSION = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})(?:-[0-9a-f]{8})?"')
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def of(tag: str, body: str) -> str:
    """The tag of a body, where `tag` is a version alone; any other is whole already."""
    if not _VERSION_ALONE.fullmatch(tag):
        return tag
    return f'{tag[:-1]}-{sha256(body.encode()).hexdigest()[:DIGITS]}"'


def is_kept(tag: str, known: str) -> bool:
    """Whether `known`, an If-None-Match, names it; whatever lies between us and the caller may have made it weak."""
    return known.strip() == "*" or tag in _TAG.findall(known)


def versions(named: str) -> frozenset[int]:
    """The versions that an If-Match names: by a whole tag, or by a number alone. Any other names none."""
    return frozenset(map(int, _VERSION.findall(named)))
