"""What of audits waits for whoever has signed in, as lines of Today (6.3)."""

from collections.abc import Iterator

from chalicelib.casework import audit_rounds, rules
from chalicelib.casework import audits as casework
from chalicelib.domain.audit import decisions, guards, readers, standing
from chalicelib.domain.audit.audit import LIFECYCLE, Action, Audit, Item, Stage
from chalicelib.web.console.places import page_of
from chalicelib.web.door import Call
from chalicelib.web.pages.speech import Speech

from .audit_names import quarter
from .audits import LISTED, comments_until
from .findings import wait

NEXT = (Action.APPROVE, Action.DRAW, Action.REPORT, Action.PUBLISH, Action.CLOSE)
"""The steps of an audit, each of whoever may take it."""


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """Of the newest audits, in one round trip: whose correction one can verify, what else is to be done, and where; to
    whoever plans them, in three more, that a quarter is over without one."""
    found = casework.newest()
    if LIFECYCLE.who(Action.DRAFT) & call.actor.roles and (period := audit_rounds.missing(call.now, call.now)):
        yield say("audits.missing", quarter=quarter(period, say)), f"{LISTED}?act={Action.DRAFT}#doing"
    for state, one in casework.to_verify(found, call.actor, call.now):
        yield wait("verify", state, one, say), f"{page_of(state.audit_id, one.number)}?act={Action.VERIFY}#doing"
    for state in found:
        if state.stage not in (Stage.CLOSED, Stage.CANCELLED) and readers.reads(state, call.actor):
            yield from _of(state, call, say)


def _of(state: Audit, call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    named = say("audits.of", quarter=quarter(state.period, say))
    here, left = f"{LISTED}/{state.audit_id}", standing.left(state)
    may = decisions.may(state, call.actor, call.now, rules.in_force(call.now))
    for action in NEXT:
        if action in may:
            yield say(f"audits.waits.{action}", audit=named), f"{here}?act={action}#doing"
    if Action.COMMENT in may and _is_asked(state, call) and (until := comments_until(state)):
        yield say("audits.waits.comment_audit", audit=named, at=until), f"{here}?act={Action.COMMENT}#doing"
    if mine := [one for one in left if one.auditor == call.actor.id]:
        yield say("audits.waits.items", audit=named, count=len(mine)), f"{here}/items/{mine[0].complaint_id}"
    nobodys = [one for one in left if not one.auditor and Action.HAND_OVER in _of_item(state, one, call)]
    if nobodys:
        item = f"{here}/items/{nobodys[0].complaint_id}?act={Action.HAND_OVER}#doing"
        yield say("audits.waits.nobody", audit=named, count=len(nobodys)), item


def _of_item(state: Audit, one: Item, call: Call) -> list[Action]:
    about = (one.complaint_id, guards.OF_ITEMS, call.actor, call.now, rules.in_force(call.now))
    return decisions.may_about(state, *about)


def _is_asked(state: Audit, call: Call) -> bool:
    """Those whom it is about have not commented on it yet."""
    return readers.is_about(state, call.actor) and not any(one.by == call.actor.id for one in state.comments)
