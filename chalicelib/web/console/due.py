"""By when something is due, in words: how long is left, how late it is, what it waits for."""

from datetime import datetime, timedelta

from chalicelib.web.pages.speech import Sentence, Speech
from chalicelib.web.views import DeadlineView

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IN_HOURS = timedelta(hours=48)
"""Up to which it is said in hours."""


def left(due_at: datetime, now: datetime, say: Speech) -> Sentence:
    """How long is left until then, or how long that is over: at the very moment it is due, it is over."""
    late, length = now >= due_at, abs(due_at - now)
    if length < HOUR:
        return f"common.{'late' if late else 'due'}.soon", {}
    period = say.period(length // HOUR, "hours") if length < IN_HOURS else say.period(length // DAY)
    return f"common.{'late' if late else 'due'}.period", {"period": period}


def of_stage(deadline: DeadlineView | None, now: datetime, say: Speech) -> list[Sentence]:
    """How the clock of the present stage stands."""
    if deadline is None:
        return []
    if deadline.waiting_since:
        return [(f"complaint.due.waits.{deadline.waiting_for}", {"since": deadline.waiting_since})]
    said: list[Sentence] = [
        left(deadline.due_at, now, say),
        ("complaint.due.by", {"at": deadline.due_at}),
    ]
    return said + ([("complaint.due.provisional", {})] if deadline.provisional else [])
