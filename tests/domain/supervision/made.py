"""Lines made by hand, for what is seldom."""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from chalicelib.domain.supervision import lines

L = TypeVar("L", bound=lines.Base)
NOON = datetime.fromisoformat("2026-03-10T12:00:00+08:00")
DEFAULTS: dict[type[lines.Base], dict[str, Any]] = {
    lines.Received: {
        "category": "delivery",
        "channel": "web",
        "locale": "en",
        "policy_version": 1,
    },
    lines.StageLeft: {
        "stage": "investigating",
        "round": 1,
        "into": "planning",
        "category": "delivery",
        "held_by": "cs.lin",
    },
    lines.InquiryEnded: {"department": "quality", "ended": "answered", "held_by": "quality"},
    lines.WaitEnded: {"waits_for": "answer", "stage": "investigating", "ended": "answered", "held_by": "cs.lin"},
    lines.TaskEnded: {"ladder": "follow_up", "ended": "done", "held_by": "cs.lin"},
    lines.Answered: {"answer": "accepted", "round": 1},
    lines.Closed: {
        "category": "delivery",
        "channel": "web",
        "locale": "en",
        "policy_version": 1,
        "number": 1,
        "outcome": "satisfied",
        "round": 1,
        "received_at": NOON - timedelta(days=2),
        "begun_at": NOON - timedelta(days=2),
        "working_days": 2,
        "with_plan": True,
    },
    lines.Reopened: {
        "after": "satisfied",
        "round": 1,
        "with_plan": True,
        "category": "delivery",
        "days": 1,
        "into": "planning",
        "by": "consumer",
    },
    lines.Surveyed: {
        "what": "answered",
        "closure": 1,
        "outcome": "satisfied",
        "later_round": False,
        "breached": False,
        "category": "delivery",
        "overall": 5,
    },
    lines.Missed: {"ladder": "inquiry", "stage": "investigating", "due_at": NOON, "held_by": "quality"},
    lines.Danger: {"tier": "act"},
    lines.Called: {"about": "safety", "reached": True},
    lines.Repeated: {"by": ("order",), "category": "delivery"},
    lines.NoticeLost: {"arrived": False},
    lines.Checked: {"carrier": "SF"},
}


def made(kind: type[L], who: int = 0, at: datetime = NOON, *, hours: int = 24, **said: Any) -> L:
    """A line of the complaint `who`; a span of so many `hours`, if it is one."""
    span = {}
    if issubclass(kind, lines.Span):
        span = {"begun_at": at - timedelta(hours=hours), "elapsed": hours * 3600, "working": hours * 3600}
        span |= {"due_at": at + timedelta(hours=1)}
    base = {"id": f"{who:05}-00000", "seq": 1, "at": at, "day": date.fromisoformat(at.isoformat()[:10])}
    return kind.model_validate(base | DEFAULTS.get(kind, {}) | span | said)


def many(kind: type[L], how_many: int, at: datetime = NOON, first: int = 0, **said: Any) -> list[L]:
    return [made(kind, n, at, **said) for n in range(first, first + how_many)]
