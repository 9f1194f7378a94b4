"""What is done about audits regularly (6.3): the quarterly programme is kept, what depends on a calendar that was not
known is counted anew, and what somebody who works here no more was to do is told to those who can give it to others."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from chalicelib import log
from chalicelib.adapters import audits, figures, outbox, roster, store
from chalicelib.domain.audit import clocks, decisions, standing
from chalicelib.domain.audit.audit import Audit, Stage
from chalicelib.domain.ground.errors import Stale
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.kinds import AUDIT_LEFT, AUDIT_MISSING
from chalicelib.domain.telling.notices import NoticeKey

from . import rules
from .batch import each
from .commit import commit
from .once import ATTEMPTS

OPEN = (Stage.SAMPLED, Stage.FIELDWORK, Stage.DRAFT_REPORT, Stage.COMMENTED, Stage.PUBLISHED)
"""The stages in which anybody owes anything."""
MOST = 100
"""Audits of a stage that are looked at."""
TOLD, RECOUNTED = "audits left", "calendar of audits"


# ---- the programme ---------------------------------------------------------------------------------------------------


def remind(occasion: datetime, now: datetime) -> None:
    """Audit and management are told where the quarter that is over has no audit yet (`missing`)."""
    if period := missing(occasion, now):
        year, _, quarter = period.partition("Q")
        for role in (Role.AUDIT, Role.MANAGEMENT):
            outbox.queue(NoticeKey(HOUSE_RECORD, int(year) * 10 + int(quarter), role, AUDIT_MISSING), now, now)


def missing(occasion: datetime, now: datetime) -> str | None:
    """The quarter that is over at a moment, where it has no audit yet, or only cancelled ones: "2026Q3". None of a
    quarter before the house's first day. Three round trips."""
    year, quarter = quarter_before(occasion.astimezone(rules.in_force(now).zone).date())
    period = f"{year}Q{quarter}"
    first_day = figures.first_closed_day()
    if first_day is None or first_day > decisions.quarter(period)[1]:
        return None
    begun = store.load_all(audits.of_period(period), Audit).values()
    return period if all(one.stage == Stage.CANCELLED for one in begun) else None


def quarter_before(day: date) -> tuple[int, int]:
    """The year and the number of the quarter before that of a day."""
    last = date(day.year, day.month - (day.month - 1) % 3, 1) - timedelta(days=1)
    return last.year, (last.month + 2) // 3


# ---- who works here no more ------------------------------------------------------------------------------------------


def look_for_leavers(occasion: datetime, now: datetime) -> None:
    """What whoever has left was to examine, to correct or to carry out is told to the supervisor and to management,
    each once; they hand it over. Raises ClientError or BotoCoreError, if the pool does not answer."""
    here = {one.name for role in sorted(STAFF) for one in roster.members(role, now)}
    if not here:
        log.note("by the user pool nobody works here: nothing was looked for")
        return
    left = sorted({f"{name}|{what}" for name, what in _owed() if name not in here})
    which = int(f"{occasion.astimezone(rules.in_force(now).zone):%Y%m%d}")
    known = set(json.loads(store.mark(TOLD) or "[]")) - set(_told(which))
    if new := [one for one in left if one not in known]:
        store.set_mark(f"{TOLD} {which}", json.dumps(new))
        for role in (Role.SUPERVISOR, Role.MANAGEMENT):
            outbox.queue(NoticeKey(HOUSE_RECORD, which, role, AUDIT_LEFT), now, now)
    store.set_mark(TOLD, json.dumps(left))


def left_by(which: int) -> dict[str, list[str]]:
    """What is told by a notice, known by its day (20261127): by who left, what they were to do."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in _told(which):
        name, _, what = one.partition("|")
        found[name].append(what)
    return dict(found)


def _told(which: int) -> list[str]:
    return list(json.loads(store.mark(f"{TOLD} {which}") or "[]"))


def _owed() -> Iterator[tuple[str, str]]:
    """Who is to do what: "audit_2026Q3-1 finding 2"."""
    for state in open_audits():
        yield from ((one.owner, f"{state.audit_id} finding {one.number}") for one in state.findings if one.is_open)
        left = (one for one in standing.live_measures(state) if not one.done_at)
        yield from ((one.owner, f"{state.audit_id} measure {one.number}") for one in left)
        waiting = standing.left(state)
        yield from ((one.auditor, f"{state.audit_id} {one.complaint_id}") for one in waiting if one.auditor)


def open_audits() -> list[Audit]:
    """Those of which anybody owes anything."""
    names = [at.name for stage in OPEN for at in audits.listed(stage, "", MOST)]
    return [one for begin in range(0, len(names), MOST) for one in _loaded(names[begin : begin + MOST])]


def _loaded(names: list[str]) -> list[Audit]:
    return list(store.load_all(names, Audit).values())


# ---- the calendar ----------------------------------------------------------------------------------------------------


def recount(now: datetime) -> int:
    """What is due is counted anew if the calendar has changed since this was last done; how many audits that moved.

    Raises RuntimeError, after all of them, if one could not be counted. Dying on the way is no harm: the next run goes
    over all of them again.
    """
    edition = rules.in_force(now).calendar.edition
    if store.mark(RECOUNTED) == edition:
        return 0
    moved: list[str] = []
    names = [one.audit_id for one in open_audits()]
    fault = "what is due of an audit could not be counted anew"
    if failed := each(names, lambda one: _recount(one, now, moved), fault, lambda one: {"record": one}):
        raise RuntimeError(f"{len(failed)} audits could not be counted anew")
    store.set_mark(RECOUNTED, edition)
    return len(moved)


def _recount(name: str, now: datetime, moved: list[str]) -> None:
    """Adds it to `moved` if it moved."""
    policy = rules.in_force(now)
    for _ in range(ATTEMPTS):
        state = _loaded([name])[0]
        entries = clocks.recount(state, now, policy)
        try:
            if entries:
                commit(state, entries, now, policy)
                moved.append(name)
            elif alarm := clocks.next_alarm(state, policy):
                store.place_alarm(name, state.seq, alarm.moment)
        except Stale:
            continue
        return
    raise Stale("changed_meanwhile")
