"""The machine's rules: what is looked at of every closure (6.3), at least one rule for each clause that is about one.

A rule is a pure function of `Evidence`. It holds, is broken, does not apply, or cannot be decided: that is said too.
`NUMBER` counts the catalogues: a line names the one by which a closure was tested, so a rule that comes later
says nothing of what was closed before it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.audit import rules_closure, rules_intake, rules_investigation, rules_plan
from chalicelib.domain.audit.evidence import Evidence, Unreadable
from chalicelib.domain.audit.verdicts import Check, Found, Rule, Verdict, broken, undecided
from chalicelib.domain.supervision import account, lines
from chalicelib.domain.vocabulary.terms import Locale

NUMBER = 1
FILE = Path(__file__).parent / "looks_for.json"
_ROOMS = (rules_intake, rules_investigation, rules_plan, rules_closure)
_CHECKS: Mapping[str, Check] = {name: check for room in _ROOMS for name, check in room.CHECKS.items()}
SHARES = "4.5a-shares"
"""Of people: which of them, `population.Population.recorded` says of all closures of an audit."""
_NEED_NO_COMPLAINT = ("4.5b-chain",)
"""They look at the entries as they are; of all others nothing can be said where these make no complaint."""


class OfPeople(NamedTuple):
    """A rule about what somebody did in all closures of an audit, which no single one can break."""

    id: str
    clause: str
    looks_for: Mapping[Locale, str]


def _catalogue() -> tuple[tuple[Rule, ...], tuple[OfPeople, ...]]:
    sentences: Mapping[str, Mapping[Locale, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    if unsaid := sentences.keys() ^ {*_CHECKS, SHARES}:
        raise ValueError(f"each rule has a sentence of what it looks for, these do not fit: {sorted(unsaid)}")
    rules = (Rule(name, name.partition("-")[0], sentences[name], _CHECKS[name]) for name in sorted(_CHECKS))
    return tuple(rules), (OfPeople(SHARES, SHARES.partition("-")[0], sentences[SHARES]),)


CATALOGUE, OF_PEOPLE = _catalogue()
"""By clause."""


def run(evidence: Evidence) -> tuple[Found, ...]:
    """What each rule says of the closure, in the order of the catalogue. Raises Unreadable if there is no such one."""
    try:
        _ = evidence.moments
    except Unreadable:
        return tuple(Found(rule.id, rule.clause, _of_unreadable(rule, evidence)) for rule in CATALOGUE)
    _ = evidence.span
    return tuple(Found(rule.id, rule.clause, rule.check(evidence)) for rule in CATALOGUE)


def _of_unreadable(rule: Rule, evidence: Evidence) -> Verdict:
    if rule.id == "4.5b-fold":
        return broken()
    return rule.check(evidence) if rule.id in _NEED_NO_COMPLAINT else undecided()


def line_of(evidence: Evidence, found: tuple[Found, ...]) -> lines.Tested:
    """What was found, as a line of the closing entry."""
    closing = evidence.closing
    known = account.lines_of(evidence.entries[: closing.seq], evidence.policy)
    planner = next((one.planner for one in known if isinstance(one, lines.Closed) and one.seq == closing.seq), None)
    return lines.Tested(
        id=closing.entry.record,
        seq=closing.seq,
        at=closing.entry.at,
        day=account.day_of(closing.entry.at, evidence.policy),
        closure=evidence.closure,
        catalogue=NUMBER,
        broken=_those(found, "broken"),
        undecided=_those(found, "undecided"),
        category=evidence.complaint.category,
        planner=planner,
    )


def _those(found: tuple[Found, ...], says: str) -> tuple[str, ...]:
    return tuple(one.rule for one in found if one.verdict.says == says)
