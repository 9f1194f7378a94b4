"""Who of staff is named in what a consumer says: nobody is given a complaint that they are named in.

Found by user name, as a word of its own (`cs.lin`), and by name: in Latin letters as whole words, any other wherever
it stands, since Chinese knows no spaces. A name of one character names nobody. So one that means something else too
(高兴) is found too often: then a colleague has the complaint, and no harm is done.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.domain.ground.text import plain

MOST_NAMED = 50  # in one complaint: so many user names stand in its record at most
_LATIN = re.compile(r"[a-z]")


class Colleague(NamedTuple):
    """A member of staff: by which name they sign in, and what they are called, if that is known."""

    user_name: str
    name: str | None = None


def named_in(words: str, staff: Iterable[Colleague]) -> list[str]:
    """The user names of those of staff who are named in some words."""
    searched = _plain(words)
    return [one.user_name for one in staff if _is_named(one, searched)]


def _is_named(one: Colleague, words: str) -> bool:
    user_name, name = re.escape(_plain(one.user_name)), _plain(one.name or "").strip()
    if re.search(rf"(?<![a-z0-9._@+-]){user_name}(?![a-z0-9_+-]|\.[a-z0-9])", words):
        return True
    if len(name) < 2:
        return False
    if not _LATIN.search(name):
        return name in words
    spelt = r"\s+".join(map(re.escape, name.split()))
    return re.search(rf"(?<![a-z0-9]){spelt}(?![a-z0-9])", words) is not None


def _plain(words: str) -> str:
    """Full-width letters and capitals are the same letters, and what nobody sees stands in no name."""
    return plain(words).casefold()
