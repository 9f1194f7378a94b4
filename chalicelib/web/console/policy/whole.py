"""All that a difference only counts or names, to be read by whoever decides about it: canned words, words of danger,
causes, questions, long lists. Each as it will be, with what it was before, or that it is gone.

Of a question no reader learns which answer is right: its choices stand in the order of their own words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any, NamedTuple, get_args

from chalicelib.domain.governance import changes, sayings, wording
from chalicelib.domain.governance.wording import Worded
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.clauses import tongue
from chalicelib.web.console import naming
from chalicelib.web.console.shapes import Shape
from chalicelib.web.languages import NATIVE
from chalicelib.web.pages.speech import Speech

Document = Rules | Operating
LONG = 400
"""Characters beyond which it stands folded."""
CONDITIONS = ("any", "before", "after", "unless")
NATURE = Shape("association", "Cause", "one")
LOCALES: tuple[Locale, ...] = get_args(Locale)


class Line(NamedTuple):
    """What is said of something under a name: of a list what is `gone`, `new` and `stays`, of all else what it was and
    becomes, or that it stays as it is. `by_line`: each of a list on a line of its own. `locale`: in which
    language, where not in that of the page."""

    name: str
    gone: Sequence[str] = ()
    new: Sequence[str] = ()
    stays: Sequence[str] = ()
    is_list: bool = False
    by_line: bool = False
    locale: Locale | None = None


class Piece(NamedTuple):
    """`became`: new, changed or gone. `name`: by which people know it; of a row of words, its language."""

    became: str
    name: str
    lines: Sequence[Line]


class Told(NamedTuple):
    """A difference in words, and the pieces that these only count or name."""

    words: str
    pieces: Sequence[Piece]
    is_long: bool
    is_quiz: bool


Pair = tuple[Any, Any]
Said = Callable[[Any, Any, Speech], Iterator[Line]]


def told(before: Document, after: Document, say: Speech) -> list[Told]:
    """What is different between two numbers of a document, sentence by sentence."""
    was, becomes = changes.plain(before), changes.plain(after)
    return [_told(one, was, becomes, say) for one in wording.worded(before, after, say.locale)]


def _told(one: Worded, before: Mapping[str, Any], after: Mapping[str, Any], say: Speech) -> Told:
    field, _, key = one.path.partition(".")
    pair: Pair = before.get(field), after.get(field)
    if field == "causes":
        code = max((code for code in {**pair[0], **pair[1]} if f"{key}.".startswith(f"{code}.")), key=len)
        pieces = [_piece(pair[0].get(code), pair[1].get(code), code, _cause, say)]
    elif field in LISTS:
        pieces = [*LISTS[field](*pair, say)]
    else:
        pieces = [*_of_list(field, *pair, say)]
    length = sum(len(text) for piece in pieces for line in piece.lines for text in (*line.gone, *line.new, *line.stays))
    return Told(one.words, pieces, length > LONG, field == changes.QUIZ)


def _piece(was: Any, becomes: Any, name: str, said: Said, say: Speech) -> Piece:
    became = "new" if was is None else "gone" if becomes is None else "changed"
    return Piece(became, name, [*said(was, becomes, say)])


def _line(name: str, pair: Pair, locale: Locale | None = None) -> Line:
    was, becomes = ([] if one is None else [str(one)] for one in pair)
    return Line(name, stays=becomes, locale=locale) if was == becomes else Line(name, was, becomes, locale=locale)


def _listed(name: str, pair: Pair, locale: Locale | None = None) -> Line:
    gone, new = sayings.parted(*pair)
    return Line(name, gone, new, sayings.parted(new, pair[1])[1], is_list=True, locale=locale)


def _both(was: Any, becomes: Any, say: Callable[[Any], Any]) -> Pair:
    """What is said of each; None of what is not there."""
    return (None if was is None else say(was), None if becomes is None else say(becomes))


def _keyed(before: Sequence[Any], after: Sequence[Any], names: Sequence[str]) -> Iterator[Pair]:
    """What became of each, by what it is known by, in the order in which it stands; what stays the same is left out."""
    was, becomes = ({tuple(one[name] for name in names): one for one in listed} for listed in (before, after))
    for key in {**becomes, **was}:
        if was.get(key) != becomes.get(key):
            yield was.get(key), becomes.get(key)


# ---- canned words ----------------------------------------------------------------------------------------------------


def _canned(before: Sequence[Any], after: Sequence[Any], say: Speech) -> Iterator[Piece]:
    for was, becomes in _keyed(before, after, ("id", "locale")):
        one = becomes or was
        yield _piece(was, becomes, f"{one['name']} ({NATIVE[one['locale']]}, {one['id']})", _words, say)


def _words(was: Any, becomes: Any, say: Speech) -> Iterator[Line]:
    departments = {one: names[say.locale] for one, names in spoken.DEPARTMENTS.items()}
    locale = (becomes or was)["locale"]
    yield _line(say("operating.department"), _both(was, becomes, lambda one: departments[one["department"]]))
    yield _line(say("operating.name"), _both(was, becomes, lambda one: one["name"]), locale)
    yield _line(say("operating.text"), _both(was, becomes, lambda one: one["text"]), locale)


# ---- words of danger -------------------------------------------------------------------------------------------------


def _triage(before: Sequence[Any], after: Sequence[Any], say: Speech) -> Iterator[Piece]:
    """A row has no name: the one that it became is the one of its language that shares most with it."""
    gone, new = sayings.parted(before, after)
    for row in new:
        was = max(gone, key=lambda one: _shared(one, row), default=None)
        if was is None or not _shared(was, row):
            was = None
        else:
            gone.remove(was)
        yield _piece(was, row, NATIVE[row["locale"]], _row, say)
    for row in gone:
        yield _piece(row, None, NATIVE[row["locale"]], _row, say)


def _shared(one: Any, other: Any) -> int:
    if one["locale"] != other["locale"]:
        return 0
    return sum(len({*one[name]} & {*other[name]}) for name in CONDITIONS)


def _row(was: Any, becomes: Any, say: Speech) -> Iterator[Line]:
    yield _line(say("operating.tier"), _both(was, becomes, lambda one: say(f"values.tier.{one['tier']}")))
    for name in CONDITIONS:
        pair = was[name] if was else [], becomes[name] if becomes else []
        if any(pair):
            yield _listed(say(f"operating.{name}"), pair, (becomes or was)["locale"])


def _at(*way: str) -> Callable[[Any], Any]:
    return lambda one: reduce(getitem, way, one)


# ---- causes ----------------------------------------------------------------------------------------------------------


def _cause(was: Any, becomes: Any, say: Speech) -> Iterator[Line]:
    for locale in LOCALES:
        yield _line(NATIVE[locale], _both(was, becomes, _at("names", locale)), locale)
    for name, way in (("association", ("association",)), ("nearest", ("gbt42499", "nearest"))):
        natures = _both(was, becomes, _at(*way))
        yield _line(say(f"operating.{name}"), _both(*natures, lambda one: naming.value_name(say, NATURE, one)))
    digits = _both(was, becomes, lambda one: one["gbt42499"].get("digits"))
    if any(digits):
        yield _line(say("amendments.whole.digits"), digits)


# ---- questions -------------------------------------------------------------------------------------------------------


def _quiz(before: Sequence[Any], after: Sequence[Any], say: Speech) -> Iterator[Piece]:
    for was, becomes in _keyed(before, after, ("id",)):
        yield _piece(was, becomes, (becomes or was)["id"], _question, say)


def _question(was: Any, becomes: Any, say: Speech) -> Iterator[Line]:
    headings = tongue.words(say.locale)["chapters"]
    yield _line(say("operating.section"), _both(was, becomes, lambda one: headings.get(one["section"], one["section"])))
    for locale in LOCALES:
        yield _line(f"{say('operating.asks')} ({NATIVE[locale]})", _both(was, becomes, _at("asks", locale)), locale)
        choices = _choices(was, locale), _choices(becomes, locale)
        yield _listed(f"{say('operating.answers')} ({NATIVE[locale]})", choices, locale)._replace(by_line=True)
    if was and becomes and was["right"] != becomes["right"] and _as_before(was, becomes):
        yield Line(say("amendments.whole.right"), new=[say("amendments.whole.right.other")])


def _choices(one: Any, locale: Locale) -> list[str]:
    """Right and wrong, in an order that tells nobody which is which."""
    return sorted(answer[locale] for answer in (one["right"], *one["wrong"])) if one else []


def _as_before(was: Any, becomes: Any) -> bool:
    return all(_choices(was, locale) == _choices(becomes, locale) for locale in LOCALES)


# ---- other lists -----------------------------------------------------------------------------------------------------


def _of_list(field: str, before: Any, after: Any, say: Speech) -> Iterator[Piece]:
    """Of a long list of which the sentence names but the first, all."""
    said = sayings.ONES.get(wording.subject(field).said) if field in wording.subjects() else None
    if said is None or not isinstance(after, list):
        return
    in_words = sayings.Tongue(say.locale)
    line = _listed("", ([said(in_words, one) for one in before or ()], [said(in_words, one) for one in after]))
    if max(len(line.gone), len(line.new)) > sayings.MOST_NAMED:
        yield Piece("changed", in_words.name(field), [line])


LISTS: Mapping[str, Callable[[Sequence[Any], Sequence[Any], Speech], Iterator[Piece]]] = {
    "triage": _triage,
    "quiz": _quiz,
    "canned_words": _canned,
}
