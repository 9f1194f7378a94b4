"""The sheets of a quarter are made of its lines (6.2), on the 25th working day after it: by then whatever can be
reopened has been, and nothing about the quarter is still to ripen but a late survey.

The document is laid down first, under a name that holds its hash; the record comes last, once for each person and
quarter. Lines are read day by day, and none is kept. Findings are read off the audits, a few at a time. Whoever works
here no more has nobody to be shown it: theirs is final at once.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib import log
from chalicelib.adapters import figures, lines, roster, store
from chalicelib.domain.ground.chain import canonical
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import appraisal, quarters, sheet
from chalicelib.domain.supervision.appraisal import Appraisal, Tally
from chalicelib.domain.supervision.quarters import Quarter
from chalicelib.domain.supervision.sheet import Sheet, SheetShown

from . import audits, rules
from .batch import each
from .commit import commit
from .days import is_before_the_house

DAY = timedelta(days=1)


class Wanted(NamedTuple):
    """Whose sheets are to be made, of what; `here`: everybody who works here."""

    quarter: Quarter
    as_of: date
    tally: Tally
    findings: Mapping[str, tuple[str, ...]]
    here: frozenset[str]


def look(occasion: datetime, now: datetime) -> None:
    """Makes the sheets of the quarter that was over at the occasion, as of the day before; those that are there stay.

    Raises ClientError or BotoCoreError if the user pool does not answer, RuntimeError if it knows nobody at all, or,
    after all of them, if one could not be made.
    """
    policy = rules.in_force(now)
    today = occasion.astimezone(policy.zone).date()
    quarter, as_of = quarters.before(today), today - DAY
    if is_before_the_house(quarter.last):
        return
    tally, answered = tallied(quarter, as_of), findings(quarter, policy)
    missing = _missing(quarter, sorted({*tally.people, *answered}))
    wanted = Wanted(quarter, as_of, tally, answered, _here(now) if missing else frozenset())
    fault = "a sheet was not made"
    failed = each(missing, lambda who: make(who, wanted, now, policy), fault, lambda who: {"quarter": quarter.name})
    log.note("sheets made", quarter=quarter.name, made=len(missing) - len(failed))
    if failed:
        raise RuntimeError(f"{len(failed)} sheets were not made")


def tallied(quarter: Quarter, as_of: date) -> Tally:
    """The quarter's lines, added up; from the house's first day on."""
    tally, begun = Tally(quarter), figures.first_closed_day() or quarter.first
    for day, kinds in appraisal.quarter_days(quarter, as_of):
        if day < begun:
            continue
        tally.add(line for kind in kinds for _, line in lines.of_kind(day, kind))
    return tally


def findings(quarter: Quarter, policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """By person the findings of audits that they answer for, "audit_2026Q3-1 2", as was decided of them for good in the
    quarter (8.3)."""
    found: dict[str, list[str]] = defaultdict(list)
    for state in audits.every():
        for one in state.hearings:
            if appraisal.is_answered_for(one, quarter, policy.zone):
                found[one.person].append(f"{state.audit_id} {one.number}")
    return {name: tuple(sorted(names)) for name, names in found.items()}


def _here(now: datetime) -> frozenset[str]:
    here = frozenset(member.name for role in sorted(STAFF) for member in roster.members(role, now))
    if not here:
        raise RuntimeError("by the user pool nobody works here: no sheet is made")
    return here


def _missing(quarter: Quarter, people: list[str]) -> list[str]:
    names = {sheet.name_of(quarter.name, who): who for who in people}
    known = store.load_all([*names], Sheet)
    return [who for name, who in names.items() if name not in known]


def make(who: str, wanted: Wanted, now: datetime, policy: Policy) -> None:
    """Somebody's sheet, if there is anything to say."""
    quarter = wanted.quarter
    made = Appraisal(
        sheet_id=sheet.name_of(quarter.name, who),
        person=who,
        quarter=quarter.name,
        first=quarter.first,
        last=quarter.last,
        as_of=wanted.as_of,
        computed_at=now,
        items=wanted.tally.of(who, wanted.findings.get(who, ())),
    )
    if not any(one.n for one in made.items):
        return
    digest = lay_down(made)
    event = SheetShown(person=who, quarter=quarter.name, hash=digest, as_of=wanted.as_of, left=who not in wanted.here)
    begin(event, now, policy)


def lay_down(made: Appraisal) -> str:
    """Keeps a document; its hash."""
    written = canonical(made.model_dump(mode="json", exclude_none=True))
    digest = hashlib.sha256(written).hexdigest()
    figures.put(figures.key_of_sheet(made.sheet_id, digest), written)
    return digest


def begin(event: SheetShown, now: datetime, policy: Policy) -> None:
    """The sheet is there, and its person is told; once."""
    try:
        commit(None, [sheet.shown(event, now, policy)], now, policy)
    except Stale:  # somebody else made it meanwhile
        log.note("a sheet was there already", quarter=event.quarter)
