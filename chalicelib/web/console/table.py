"""A view of the queue as a table for spreadsheets, in the words of whoever reads it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.casework import read
from chalicelib.domain.complaint.complaint import Summary
from chalicelib.domain.supervision import spreadsheet
from chalicelib.web.pages.speech import Speech

from .lines import Line

MOST = 1_000
PAGE = 100
READS = 20
"""How many pages are read at most: one of a rare mark may hold fewer lines than it has room for."""
COLUMNS: Mapping[str, Callable[[Line], spreadsheet.Cell | datetime]] = {
    "complaint": lambda one: one.it.complaint_id,
    "order": lambda one: one.it.order_number,
    "product": lambda one: one.it.product_name,
    "category": lambda one: one.category,
    "stage": lambda one: one.stage,
    "round": lambda one: one.it.round,
    "task": lambda one: one.task,
    "due": lambda one: one.by,
    "left": lambda one: one.due,
    "department": lambda one: one.department,
    "assignee": lambda one: one.it.assignee,
    "marks": lambda one: "; ".join(one.marks),
    "received": lambda one: one.it.received_at,
}


def read_all(filters: read.Filters, now: datetime) -> tuple[list[Summary], bool]:
    """The lines of a view, and whether there are more of them than that."""
    found: list[Summary] = []
    cursor: str | None = None
    for _ in range(READS):
        page, cursor = read.queue(filters, now, PAGE, cursor)
        found += page
        if cursor is None or len(found) >= MOST:
            break
    return found[:MOST], cursor is not None


def as_csv(lines: Iterable[Line], say: Speech) -> Iterator[str]:
    """Row by row, the first is the names of columns; times are those of the policy's zone."""
    zone = ZoneInfo(say.zone)
    yield spreadsheet.MARK + spreadsheet.row(str(say(f"queue.column.{name}")) for name in COLUMNS)
    for line in lines:
        cells = (cell(line) for cell in COLUMNS.values())
        yield spreadsheet.row(spreadsheet.local_time(one, zone) if isinstance(one, datetime) else one for one in cells)
