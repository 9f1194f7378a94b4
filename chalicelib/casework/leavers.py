"""Whoever works here no more has no complaints: they go back to the department, and the supervisor is told (5.1, 8.3).

Who that is says the user pool. A pool that does not answer says of nobody that they left.
"""

import json
from collections import defaultdict
from datetime import datetime
from itertools import chain, islice

from chalicelib import log
from chalicelib.adapters import outbox, places, queues, roster, store
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.telling.notices import NoticeKey

from .batch import each
from .observe import observe

MOST = 500  # complaints that are taken back in one round; the next goes on


def has_left(name: str, now: datetime) -> bool:
    """Whether somebody who had complaints works here no more, as far as is known."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return roster.member(Role.CUSTOMER_SERVICE, name, now) is None
    except (BotoCoreError, ClientError):
        log.fault("the user pool did not say who works here")
        return False


def take_back(occasion: datetime, now: datetime) -> int:
    """Takes back what those who left still have, and tells the supervisor of it, in one notice.

    Whose complaints these are is written down before, and told: whoever dies on the way has told of it, and the next
    round goes on, and tells of what was left. Returns how many were taken back.

    Raises ClientError or BotoCoreError, if the pool does not answer, and RuntimeError if it knows nobody at all, or,
    after all of them, if one could not be taken back.
    """
    left = _left(now)
    if not left:
        return 0
    which = int(f"{now:%Y%m%d%H%M%S}")
    told = named_in(which)
    names = {name: sorted({*told.get(name, ()), *left.get(name, ())}) for name in sorted({*told, *left})}
    store.set_mark(_mark(which), json.dumps(names))
    outbox.queue(NoticeKey(HOUSE_RECORD, which, Role.SUPERVISOR, "returned"), now, now)
    held = [(complaint_id, name) for name, those in left.items() for complaint_id in those]
    fault = "a complaint was not taken back"
    failed = each(held, lambda one: _take_back(*one, now), fault, lambda one: {"record": one[0]})
    log.note("complaints were taken back", taken=len(held) - len(failed), failed=len(failed))
    if failed:
        raise RuntimeError(f"{len(failed)} complaints could not be taken back")
    return len(held)


def named_in(which: int) -> dict[str, list[str]]:
    """What is told by a notice, known by its moment (20261127110000): by who left, the complaints they had."""
    return dict(json.loads(store.mark(_mark(which)) or "{}"))


def _mark(which: int) -> str:
    return f"returned {which}"


def _left(now: datetime) -> dict[str, list[str]]:
    """By name, the open complaints of those who left, soonest due first."""
    held = (one for one in queues.queue(places.queues_of_open(), " ", "~", 100) if one.assignee)
    first = next(held, None)
    if first is None:
        return {}
    here = {member.name for member in roster.members(Role.CUSTOMER_SERVICE, now)}
    left: dict[str, list[str]] = defaultdict(list)
    for summary in islice((one for one in chain([first], held) if one.assignee not in here), MOST):
        left[str(summary.assignee)].append(summary.complaint_id)
    if left and not here:
        raise RuntimeError("by the user pool nobody is in customer service: nothing is taken from anybody")
    return left


def _take_back(complaint_id: str, name: str, now: datetime) -> None:
    """Once: what has been passed on meanwhile, or closed, is left alone."""

    def finding(complaint: Complaint) -> list[events.ComplaintReturned]:
        theirs = complaint.assignee == name and not complaint.closed_at
        return [events.ComplaintReturned(why="left")] if theirs else []

    observe(complaint_id, finding, now)
