"""Each Monday the supervisors are told what got worse in the week that is over, by its report."""

from datetime import date, datetime, timedelta

from chalicelib.adapters import figures, outbox, store
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import HOUSE_RECORD
from chalicelib.domain.supervision.documents import period_of
from chalicelib.domain.supervision.figures import Document
from chalicelib.domain.supervision.report import Report, name_of
from chalicelib.domain.telling.notices import NoticeKey

from . import rules
from .days import is_before_the_house

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def tell(occasion: datetime, now: datetime) -> None:
    """Once for each week, however often this runs. Fails as long as its report is not there, which a week before the
    house's first day never has."""
    monday = occasion.astimezone(rules.in_force(now).zone).date() - WEEK
    if is_before_the_house(monday + WEEK - DAY):
        return
    _report(monday)
    outbox.queue(NoticeKey(HOUSE_RECORD, int(f"{monday:%Y%m%d}"), Role.SUPERVISOR, "got_worse"), now, now)


def report_of(monday: date) -> Document:
    """What the first edition of the report of that week says. Fails where it is not there."""
    found = figures.get(figures.key_of_report(*_report(monday).folder, "document.json"))
    if found is None:
        raise RuntimeError(f"the report of the week of {monday} is gone")
    return Document.model_validate_json(found.content)


def _report(monday: date) -> Report:
    case = store.load(name_of(period_of("weekly", monday), 1), Report)
    if case is None:
        raise RuntimeError(f"the report of the week of {monday} is not there yet")
    return case.state
