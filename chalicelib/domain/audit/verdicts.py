"""What a machine's rule says (6.3), and what several of them say together."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from chalicelib.domain.audit.evidence import Evidence
from chalicelib.domain.vocabulary.terms import Locale

Says = Literal["holds", "broken", "undecided", "not_applicable"]
_GRAVEST: tuple[Says, ...] = ("broken", "undecided", "holds")


class Verdict(NamedTuple):
    """`seqs`: the entries that show it."""

    says: Says
    seqs: tuple[int, ...] = ()


NOT_APPLICABLE = Verdict("not_applicable")
Check = Callable[[Evidence], Verdict]


class Rule(NamedTuple):
    """`id`: the clause and what of it, "4.1c-told"; `looks_for`: a sentence in each language."""

    id: str
    clause: str
    looks_for: Mapping[Locale, str]
    check: Check


class Found(NamedTuple):
    """What a rule says of a closure."""

    rule: str
    clause: str
    verdict: Verdict


def holds(*seqs: int) -> Verdict:
    return Verdict("holds", seqs)


def broken(*seqs: int) -> Verdict:
    return Verdict("broken", seqs)


def undecided(*seqs: int) -> Verdict:
    return Verdict("undecided", seqs)


def whether(it: bool | None, *seqs: int) -> Verdict:
    """None: it is not known."""
    if it is None:
        return undecided(*seqs)
    return holds(*seqs) if it else broken(*seqs)


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """One broken breaks all, then one that is not known leaves all so; `seqs` are of those that say the same."""
    said = list(verdicts)
    for says in _GRAVEST:
        if same := [one for one in said if one.says == says]:
            return Verdict(says, tuple(dict.fromkeys(seq for one in same for seq in one.seqs)))
    return NOT_APPLICABLE
