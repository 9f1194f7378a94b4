"""Alerts (6.1): what had more complaints than usual, week by week, and products that put several people in danger, each
with its complaints."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from chalicelib.casework import dangers, read, rising, rules
from chalicelib.domain.ground.days import Day
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.instants import day as day_of
from chalicelib.domain.ground.instants import written
from chalicelib.domain.supervision.cusum import Alarm, Watch
from chalicelib.domain.supervision.report import READERS
from chalicelib.web.console.door import Console
from chalicelib.web.console.lines import lines_of
from chalicelib.web.console.names import cause_name
from chalicelib.web.console.page import page, speech
from chalicelib.web.door import Answer, Call
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

alerts = Console(__name__)
PATH = "/console/alerts"
WHO = READERS.union(rising.TOLD)
WEEKS, LINES = 4, 25
WEEK = timedelta(weeks=1)


class AlertsQuery(PageQuery):
    """`week`: the last that is shown, by a day of it."""

    week: Day | None = None


class CasesQuery(PageQuery):
    first: int = 0


@alerts.operation("GET", PATH, who=WHO, query=AlertsQuery, answers={200: str})
def show_alerts(call: Call, query: AlertsQuery) -> Answer:
    """Four weeks, the newest first, with what had more complaints than usual in each; the open dangers of a product."""
    say, last = speech(call), query.week or _week_that_is_over(call.now)
    return page(
        call,
        "supervision/alerts.html",
        say,
        weeks=[(watch, _week(watch, say)) for watch in rising.weeks(last, WEEKS)],
        called=lambda alarm: _called(alarm, say),
        usual=_usual,
        dangers=dangers.alarmed(call.now) if query.week is None else (),
        rule=rules.in_force(call.now).operating.product_danger,
        asked=query,
        earlier=last - WEEKS * WEEK,
    )


@alerts.operation("GET", PATH + "/{monday}/{number}", who=WHO, query=CasesQuery, answers={200: str})
def show_alert(call: Call, query: CasesQuery) -> Answer:
    """An alert with its complaints, as lines of a queue."""
    say = speech(call)
    watch, alarm = _alarm(call.path["monday"], call.path["number"])
    first = max(0, query.first)
    ids = alarm.cases[first : first + LINES]
    return page(
        call,
        "supervision/alert.html",
        say,
        alarm=alarm,
        name=_called(alarm, say),
        week=_week(watch, say),
        since=say.day(alarm.since),
        usual=_usual(alarm.usual),
        lines=lines_of(read.lines_for(ids), say, call.now),
        here_at=f"{PATH}/{call.path['monday']}/{call.path['number']}",
        following=first + LINES if len(alarm.cases) > first + LINES else None,
        now=written(call.now),
    )


def _alarm(monday: str, number: str) -> tuple[Watch, Alarm]:
    """Raises NotFound."""
    try:
        watch, place = rising.kept(day_of(monday)), int(number)
    except ValueError:
        raise NotFound("page_unknown") from None
    if watch is None or not 0 < place <= len(watch.alarms):
        raise NotFound("page_unknown")
    return watch, watch.alarms[place - 1]


def _week_that_is_over(now: datetime) -> date:
    return now.astimezone(rules.in_force(now).zone).date() - WEEK


def _week(watch: Watch, say: Speech) -> str:
    first, last = watch.monday, watch.monday + WEEK - timedelta(days=1)
    days = (say.day(one) for one in (first, last))
    return say("alerts.week", **dict(zip(("first", "last"), days, strict=True)))


def _called(alarm: Alarm, say: Speech) -> str:
    """What it is about: by its own name, which somebody typed; a cause by that of the house."""
    return cause_name(alarm.name, say) if alarm.watched == "cause" else alarm.name


def _usual(number: float) -> str:
    return f"{number:.1f}"


def waiting_here(call: Call, say: Speech) -> Iterator[tuple[str, str]]:
    """That something had more complaints than usual last week, for those who are told of it: one round trip."""
    if call.actor.roles.intersection(rising.TOLD):
        for watch in rising.weeks(_week_that_is_over(call.now), 1):
            if watch.alarms:
                yield say("alerts.waits", number=len(watch.alarms)), PATH
