"""The daily close (6.1): the lines of a day are added up once it is over, and again when one comes late.

Whoever dies on the way does all of it again: a day whose sum is the same has no new edition, a report whose figures are
the same has none either, and the marks of late days go last.
"""

from datetime import datetime, timedelta

from chalicelib.adapters import lines

from . import rules
from .batch import each
from .compute import renew
from .days import close_day

DAY = timedelta(days=1)


def close(occasion: datetime, now: datetime) -> None:
    """Closes the day before the occasion, counts again the days of which something has come late, and makes another
    edition of each report that has thereby become another. Raises RuntimeError if some of it could not be done."""
    close_day(occasion.astimezone(rules.in_force(now).zone).date() - DAY)
    late = lines.late_days()
    failed = each(late, lambda one: close_day(one[0]), "a late day was not closed", lambda one: {"day": str(one[0])})
    counted = [one for one in late if one not in failed]
    if counted:
        renew({day for day, _ in counted}, now)
    for day, stamp in counted:
        lines.clear_late(day, stamp)
    if failed:
        raise RuntimeError(f"{len(failed)} late days were not closed")
