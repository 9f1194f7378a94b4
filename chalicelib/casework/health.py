"""Whether the house stands: the table answers, and the calendar covers the days it counts."""

from datetime import datetime

from chalicelib.adapters import store
from chalicelib.domain.ground.worktime import Calendar

from . import rules


def table_reachable() -> bool:
    """One round trip."""
    return store.reachable()


def calendar(now: datetime) -> Calendar:
    """The calendar that new complaints are counted by."""
    return rules.in_force(now).calendar
