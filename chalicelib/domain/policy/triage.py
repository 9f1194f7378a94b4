"""The words of triage: how the house writes them, and how what a consumer says is searched for them.

A row has words (`any`) of one tier and language. A word counts where one of `before` stands before it and one of
`after` after it, near and in the same sentence; without these, anywhere. It does not count where it stands as one of
`unless` says. All of a row is written like this:

| written | stands for |
|---|---|
| `漏电`, `caught fire` | these characters; a Latin word is a whole one, so `rash` is not in "crash" |
| `舌头…麻` | a short gap within a clause: 8 characters, or 30 if all is Latin |
| `(割|划)到`, `(off|)` | one of these, or nothing |
| `explod*` | any ending of a Latin word |
| `~保护`, `(怕|担心)…~` | in `unless` alone: where the word stands |

The gap of a word or context holds none of 不, 没, 未: 舌头一点也不麻 is none. Script (Traditional, Simplified), width
and case make no difference, nor does 食.物.中.毒. A row of any language is sought in everything.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, cached_property
from itertools import pairwise
from operator import add
from typing import Annotated, NamedTuple, get_args

from pydantic import AfterValidator, Field

from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.text import Wrong
from chalicelib.domain.policy.variants import SIMPLIFIED
from chalicelib.domain.vocabulary.terms import Locale, Tier

TIERS: tuple[Tier, ...] = get_args(Tier)
"""Highest first."""

_HAN = "\u3400-\u9fff"
_STOPS = r",;:.!?、。()\n"
_SENTENCE_END = re.compile(r"[;.!?。\n]")
_WITHIN = {True: 8, False: 30}
"""How long a gap may be where something is Chinese, and where nothing is."""
_NEAR = {True: 24, False: 60}
"""How far a context may be away, and how far an exception reaches."""

# ---- how a word is written -------------------------------------------------------------------------------------------

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufe0f\ufeff\u00ad"
_ALIKE = str.maketrans(SIMPLIFIED | dict.fromkeys(_INVISIBLE, "") | {"’": "'", "‘": "'"})
_GAP = "\ue000"  # … while a word is folded, which would make three dots of it
_PLAIN = rf"[^()|*{_GAP}~,;:.!?、。]+"
_ENDED = rf"{_PLAIN}(?:(?<=[a-z])\*)?"
_PIECES = re.compile(rf"({_ENDED})|\(((?:{_ENDED})?(?:\|(?:{_ENDED})?)+)\)|{_GAP}+|~")
_SIMPLE = re.compile(rf"[{_HAN}a-z][{_HAN}a-z ]*")
MOST_GAPS = 2


class _Piece(NamedTuple):
    """Texts of which one stands there; none: a gap, or where the word of an exception stands."""

    texts: tuple[str, ...] = ()
    is_word: bool = False

    @property
    def is_gap(self) -> bool:
        return not (self.texts or self.is_word)

    @property
    def is_sure(self) -> bool:
        """Whether something of it is always there."""
        return bool(self.texts) and all(self.texts)


@cache
def _pieces(written: str) -> tuple[_Piece, ...]:
    """What a word is made of. Raises Wrong if it is not written as the head of this module says."""
    folded = unicodedata.normalize("NFKC", written.strip().replace("…", _GAP)).casefold().translate(_ALIKE)
    pieces, at = [], 0
    while at < len(folded):
        found = _PIECES.match(folded, at)
        if not found:
            raise Wrong("word_not_understood", at=at + 1)
        texts = found[1] or found[2]
        pieces.append(_Piece(tuple(texts.split("|")) if texts else (), found[0] == "~"))
        at = found.end()
    return tuple(pieces)


def _checked(written: str, *, exception: bool) -> str:
    if _SIMPLE.fullmatch(written) and not exception:
        return written  # half of all words; a start that reads them should cost little
    pieces = _pieces(written)
    if sum(piece.is_word for piece in pieces) != exception:
        raise Wrong("exception_without_its_word" if exception else "word_like_an_exception")
    gaps = [at for at, piece in enumerate(pieces) if piece.is_gap]
    if {0, len(pieces) - 1} & set(gaps) or len(gaps) > MOST_GAPS:
        raise Wrong("gaps_misplaced", most=MOST_GAPS)
    if not any(piece.is_sure for piece in pieces):
        raise Wrong("nothing_sure")
    return written


def _word(written: str) -> str:
    return _checked(written, exception=False)


def _exception(written: str) -> str:
    return _checked(written, exception=True)


Word = Annotated[str, Field(max_length=300), AfterValidator(_word)]
Excepted = Annotated[str, Field(max_length=300), AfterValidator(_exception)]


class TriageRow(Model):
    """Words of one tier and language that count under the same conditions."""

    tier: Tier
    locale: Locale
    any: tuple[Word, ...] = Field(min_length=1)
    before: tuple[Word, ...] = ()
    after: tuple[Word, ...] = ()
    unless: tuple[Excepted, ...] = ()


class Found(NamedTuple):
    """A word of danger in what somebody said, as it is written in the data."""

    tier: Tier
    word: str


# ---- what is said, so that one way of writing it is left -------------------------------------------------------------

_MASKS = str.maketrans("", "", "*·")
_SPELT = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[^\w\n]{{1,3}}[{_HAN}](?![{_HAN}])){{2,}}")
_BETWEEN = re.compile(r"\W")
_SPACE_AS_COMMA = re.compile(rf"(?<=[{_HAN}])[^\S\n]+(?=[{_HAN}])")
_SPACES = re.compile(r"[^\S\n]+")


def _folded(text: str) -> str:
    """In Simplified characters, half width and small letters; a word that is spelt 食 物 中 毒 or 食.物.中.毒 is whole.

    A space between two Chinese words parts clauses, as people who type no commas mean it.
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE).translate(_MASKS)
    text = _SPELT.sub(lambda spelt: _BETWEEN.sub("", spelt[0]), text)
    return _SPACES.sub(" ", _SPACE_AS_COMMA.sub(",", text))


# ---- the search ------------------------------------------------------------------------------------------------------

_EDGE = "(?<![a-z](?=[a-z]))"  # not within a Latin word


def _source(pieces: Iterable[_Piece], *, wide: bool, but: str = "") -> str:
    """As a regular expression; `but`: what a gap may not hold. Whatever repeats is bounded, or cannot be taken back."""
    gap = f"{_EDGE}[^{_STOPS}{but}]{{0,{_WITHIN[wide]}}}?{_EDGE}"
    return "".join(gap if piece.is_gap else f"(?:{'|'.join(map(_ended, piece.texts))})" for piece in pieces)


def _ended(text: str) -> str:
    return f"{re.escape(text[:-1])}[a-z]*+" if text.endswith("*") else re.escape(text)


_CHINESE = re.compile(f"[{_HAN}]")


def _is_wide(written: Iterable[str]) -> bool:
    return bool(_CHINESE.search("".join(written)))


def _one_of(written: Iterable[str]) -> re.Pattern[str] | None:
    words = [f"{_EDGE}{_source(_pieces(one), wide=_is_wide(one), but='不没未')}{_EDGE}" for one in written]
    return re.compile("|".join(words)) if words else None


_Side = re.Pattern[str] | None


class _Exceptions:
    """Where a word does not count: what may stand directly to the left of it, to the right, or on both sides."""

    def __init__(self, written: Iterable[str]) -> None:
        self._written = tuple(written)

    @cached_property
    def _sides(self) -> tuple[_Side, _Side, list[tuple[re.Pattern[str], re.Pattern[str]]]]:
        lefts, rights = list[str](), list[str]()
        both = list[tuple[re.Pattern[str], re.Pattern[str]]]()
        for one in self._written:
            pieces, wide = _pieces(one), _is_wide(one)
            at = [piece.is_word for piece in pieces].index(True)
            left, right = _source(pieces[:at], wide=wide), _source(pieces[at + 1 :], wide=wide)
            if left and right:
                both.append((re.compile(rf"{_EDGE}{left}\Z"), re.compile(f"{right}{_EDGE}")))
            elif left:
                lefts.append(f"{_EDGE}{left}")
            else:
                rights.append(f"{right}{_EDGE}")
        left_of = re.compile(rf"(?:{'|'.join(lefts)})\Z") if lefts else None
        return left_of, re.compile("|".join(rights)) if rights else None, both

    def hold(self, text: str, start: int, end: int, since: int) -> bool:
        """Whether the word from `start` to `end` stands as an exception says; nothing before `since` is about it."""
        left_of, right_of, both = self._sides
        since = max(since, start - _NEAR[False])
        return bool(
            (left_of and left_of.search(text, since, start))
            or (right_of and right_of.match(text, end))
            or any(left.search(text, since, start) and right.match(text, end) for left, right in both)
        )


class _Row:
    """A row as it is searched for; what looks at its contexts is built when one of its words is there."""

    def __init__(self, row: TriageRow) -> None:
        self.tier, self.words = row.tier, row.any
        self._row = row
        self.exceptions = _Exceptions(row.unless)
        self._near = _NEAR[_is_wide(row.any)]

    @cached_property
    def _before(self) -> re.Pattern[str] | None:
        return _one_of(self._row.before)

    @cached_property
    def _after(self) -> re.Pattern[str] | None:
        return _one_of(self._row.after)

    def holds(self, text: str, start: int, end: int, name: str) -> bool:
        """Whether the contexts of a word are there: around it, or in the product's name."""
        if self._before:
            earlier = _SENTENCE_END.split(text[max(0, start - self._near) : start])[-1]
            if not (self._before.search(earlier) or self._before.search(name)):
                return False
        if self._after:
            later = _SENTENCE_END.split(text[end : end + self._near])[0]
            if not (self._after.search(later) or self._after.search(name)):
                return False
        return True


_LONG_ENOUGH = 4
"""A sign of so many characters is rare enough; among these, fewer are better."""


class _Sought:
    """One word of a row."""

    def __init__(self, written: str, row: _Row, place: int) -> None:
        self.written, self.row, self.place = written, row, place
        self._pieces = _pieces(written)

    @property
    def signs(self) -> tuple[str, ...]:
        """Some of these are in every text that has the word; of what there is, the rarest."""
        sure = [piece.texts for piece in self._pieces if piece.is_sure]
        pairs = [
            tuple(left.rstrip("*") + right for left in one.texts for right in next_.texts)
            for one, next_ in pairwise(self._pieces)
            if one.texts and next_.texts and not any(text.endswith("*") for text in one.texts)
        ]
        several = [tuple(text.rstrip("*") for text in texts) for texts in (*sure, *pairs)]
        return max(several, key=lambda texts: (min(min(map(len, texts)), _LONG_ENOUGH), -len(texts)))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(f"{_EDGE}{_source(self._pieces, wide=_is_wide(self.written), but='不没未')}{_EDGE}")

    def counts_in(self, text: str, name: str, always: _Exceptions) -> bool:
        since, seen = 0, set()
        for found in self._pattern.finditer(text):
            start, end = found.span()
            around = text[max(0, start - _NEAR[False]) : end + _NEAR[False]], min(start - since, _NEAR[False])
            if around not in seen:  # whoever says the same thing a thousand times is heard once
                seen.add(around)
                excepted = any(one.hold(text, start, end, since) for one in (self.row.exceptions, always))
                if not (excepted or _is_of_name(text, start, end, name)) and self.row.holds(text, start, end, name):
                    return True
            since = end
        return False


def _is_of_name(text: str, start: int, end: int, name: str) -> bool:
    """Whether a word stands within the product's name, as in 漏电保护器.

    What ends a name is not of it: a thing is called by what it is, so 吹风机冒烟 is no product.
    """
    word = text[start:end]
    at = name.find(word)
    while at >= 0:
        if at + len(word) < len(name) and text.startswith(name, max(start - at, 0)) and start >= at:
            return True
        at = name.find(word, at + 1)
    return False


class Scan:
    """The rows of one number of the operating data, ready to search. `unless`: exceptions of every row."""

    def __init__(self, rows: Iterable[TriageRow], unless: Iterable[str]) -> None:
        self._always = _Exceptions(unless)
        self._by_sign = defaultdict[str, list[tuple[str, _Sought]]](list)
        by_tier = sorted(map(_Row, rows), key=lambda row: TIERS.index(row.tier))
        words = [(word, row) for row in by_tier for word in row.words]
        for place, (word, of) in enumerate(words):
            sought = _Sought(word, of, place)
            for sign in sought.signs:
                self._by_sign[sign[:2]].append((sign, sought))

    def dangers(self, said: str, product_name: str = "") -> tuple[Found, ...]:
        """The words of danger in what somebody said, the highest tier first, each once and in its highest tier.

        The product's name is none of it: it is a context of what was said, and a word within it does not count.
        """
        text, name = _folded(said), _folded(product_name)
        begun = self._by_sign.keys() & {*text, *map(add, text, text[1:])}
        likely = {sought for one in begun for sign, sought in self._by_sign[one] if sign in text}
        words = dict[str, Found]()
        for sought in sorted(likely, key=lambda sought: sought.place):
            if sought.written not in words and sought.counts_in(text, name, self._always):
                words[sought.written] = Found(sought.row.tier, sought.written)
        return tuple(words.values())
