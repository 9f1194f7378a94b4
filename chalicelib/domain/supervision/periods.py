"""The periods that are reported on: which one a day is in, and which one came before it. Days are China's."""

from datetime import date, timedelta

from chalicelib.domain.supervision.figures import Period, ReportKind

DAY = timedelta(days=1)


def period_with(kind: ReportKind, day: date) -> Period:
    """The period of that kind which a day is in. Weeks are those of ISO 8601: from Monday, named by their Thursday."""
    match kind:
        case "daily":
            return Period(kind=kind, name=day.isoformat(), first=day, last=day)
        case "weekly":
            first = day - timedelta(days=day.weekday())
            year, week, _ = day.isocalendar()
            return Period(kind=kind, name=f"{year}-W{week:02}", first=first, last=first + 6 * DAY)
        case "monthly":
            first = day.replace(day=1)
            return Period(kind=kind, name=f"{first:%Y-%m}", first=first, last=_months_after(first, 1) - DAY)
        case "half_yearly":
            first = day.replace(month=1 if day.month < 7 else 7, day=1)
            name = f"{first.year}-H{1 if first.month == 1 else 2}"
            return Period(kind=kind, name=name, first=first, last=_months_after(first, 6) - DAY)


def before(period: Period) -> Period:
    """The one before it, of the same kind."""
    return period_with(period.kind, period.first - DAY)


def a_year_before(period: Period) -> Period:
    """The same a year ago: of a week the one of 52 weeks ago, of a day the same weekday."""
    if period.kind in ("daily", "weekly"):
        return period_with(period.kind, period.first - timedelta(weeks=52))
    return period_with(period.kind, period.first.replace(year=period.first.year - 1))


def covering(kind: ReportKind, day: date) -> tuple[Period, ...]:
    """The periods whose report can have read a day: the one that it is in, and the one before that, whose report may
    have been made a day or more after it was over."""
    own = period_with(kind, day)
    return (own,) if kind == "daily" else (before(own), own)


def _months_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
