"""When the sweep next has something to do: at the soonest alarm of the table."""

from collections.abc import Callable
from datetime import datetime

from infra.aws.table import IndexedTable
from infra.aws.tables import LOCK


def earliest_alarm(table: IndexedTable) -> Callable[[], datetime | None]:
    """When the soonest alarm is due, whatever item has it, read from its index without a call."""

    def earliest() -> datetime | None:
        with LOCK:  # whoever writes would change it under our hands
            soonest = min(table.soonest("alarm"), default=None)
        return datetime.fromisoformat(soonest.split("#")[0]) if soonest else None

    return earliest
