"""Amendments as staff make them, by the verbs: drafted, tried on the past, submitted, approved, announced."""

from datetime import date, datetime
from typing import Any

from chalicelib.adapters import store
from chalicelib.casework import amendments, rules
from chalicelib.casework.commit import commit
from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.governance import decisions
from chalicelib.domain.governance.amendment import Amendment, ReplaySum
from chalicelib.domain.ground import people
from chalicelib.domain.ground.record import Submission

LI = people.staff("legal.li", frozenset({"legal"}))
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
ZHOU = people.staff("mgmt.zhou", frozenset({"management"}))
LEAD = people.staff("cs.lead", frozenset({"supervisor"}))
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 8)
NOTHING_MOVED = ReplaySum(complaints=0, due_dates_moved=0, breaches_more=0, breaches_fewer=0)
LONGER = {"reopening_days": 60}
HOLIDAY = {"extra_holidays": ["2026-10-12"]}


def draft(now: datetime, changes: dict[str, Any] | None = None, actor: people.Actor = LI, **more: Any) -> str:
    about = {"summary": "重开期限", "reasons": "消费者来信较晚。", "changes": changes or LONGER}
    handed_in = governance.Draft.model_validate(about | more)
    return str(amendments.draft(handed_in, actor, now).state.amendment_id)


def do(name: str, handed_in: Submission, now: datetime, actor: people.Actor = LI, **more: Any) -> Amendment:
    return amendments.do(name, handed_in, actor, now, **more).state


def state_of(name: str) -> Amendment:
    return store.load_all([name], Amendment)[name]


def replay(name: str, now: datetime) -> Amendment:
    """It is tried on eight days, and finished at once."""
    started = do(name, governance.Replaying.model_validate({"from": str(FIRST), "to": str(LAST)}), now)
    entries = decisions.replay_finished(started, FIRST, LAST, started.hash, NOTHING_MOVED, now)
    return commit(started, entries, now, rules.in_force(now))


def submit(name: str, now: datetime) -> Amendment:
    if state_of(name).document == "rules":
        replay(name, now)
    held = {"held_on": "2026-10-08", "participants": "客服部", "outcome": "同意"}
    return do(name, governance.Submitting.model_validate({"consultation": held}), now)


def approve(name: str, now: datetime, actor: people.Actor = ZHOU, **more: Any) -> Amendment:
    submit(name, now)
    return do(name, governance.Approval(approved=True, **more), now, actor)


def announce(name: str, now: datetime, effective_from: datetime | None = None) -> Amendment:
    approve(name, now)
    return do(name, governance.Announcing(effective_from=effective_from), now)


def announced(now: datetime, changes: dict[str, Any] | None = None, **more: Any) -> Amendment:
    """One that went the whole way at one moment."""
    return announce(draft(now, changes, **more), now)
