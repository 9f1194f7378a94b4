"""Lines are written by the entries that give them, and can be made anew from these (3.4, 4.5b).

A line is known by its entry, so it is written again without harm, late or out of turn; and a day that was counted
already is marked, so that it is counted again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.adapters import lines, store
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.record import EVENTS
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision import account
from chalicelib.domain.supervision.lines import Line

from . import rules
from .rebuild import Finding
from .records import kind_of

A_PAGE = 1_000  # entries


def write_lines(entry: Entry, now: datetime) -> None:
    """What supervision counts of an entry is written down. What none counts costs nothing, a filing one call a line,
    all else one more, by which the entries before it are read."""
    if not account.may_give(entry):
        return
    entries = [entry] if entry.seq == 1 else _entries(entry.record)
    policy = policy_of(entries, now)
    keep(account.lines_by(entry, entries, policy), entries, policy, now)


def rebuild_lines(record: str, now: datetime, *, check: bool) -> Finding:
    """The lines of a record as its entries give them: what is missing or says something else is named, and put unless
    it is only to `check`. Of erased words nothing says how a line was, so what is there stays.

    Its entries are taken for whole: `rebuild` says whether they are. Raises NotFound, KeyError as that does.
    """
    if kind_of(record).state is not Complaint:
        return Finding(record)
    entries = _entries(record)
    if not entries:
        raise NotFound("record_unknown")
    policy = policy_of(entries, now)
    kept = [
        line for line in account.lines_of(entries, policy) if lines.expires_at(line.day, policy.statistics_days) > now
    ]
    missing, other = lines.differing(kept)
    wrong = missing if _is_erased(entries) else [*missing, *other]
    names = tuple(f"line {line.kind} {line.seq}" for line in wrong)
    if wrong and not check:
        keep(wrong, entries, policy, now)
    return Finding(record, differing=names, mended=bool(wrong) and not check)


def keep(made: Iterable[Line], entries: Sequence[Entry], policy: Policy, now: datetime) -> None:
    """The days that are over are marked once all are there, however often: who dies before is called again."""
    made = list(made)
    as_of, kept_days = entries[-1].seq, policy.statistics_days
    lines.put(made, as_of, kept_days, only_missing=_is_erased(entries))
    today = account.day_of(now, policy)
    for day in sorted({line.day for line in made if line.day < today}):
        lines.mark_late(day, now)


def _entries(record: str) -> list[Entry]:
    return list(store.timeline(record, 0, A_PAGE))


def policy_of(entries: Sequence[Entry], now: datetime) -> Policy:
    """The policy that a complaint goes by, of its entries."""
    return rules.version(entries[0].data["policy_version"], now)


def _is_erased(entries: Sequence[Entry]) -> bool:
    """Whether some words are gone, or going: a filing may be all that is looked at."""
    return entries[0].has_lost_words or any(EVENTS[entry.kind].erases for entry in entries)
