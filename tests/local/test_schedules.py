"""Scheduled functions run at their times, and a sweep only when there is something to sweep."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from infra.aws import REGION
from infra.aws.clock import Clock, Ticker, standing_still, travel
from infra.aws.schedules import Schedule
from infra.aws.tables import indexed_tables
from infra.local.alarms import earliest_alarm
from infra.local.stack import build_stack
from infra.resources import load_resources
from tests.running import PATIENCE

START = datetime(2026, 10, 9, 7, 42, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Desk:
    """A clock, and one scheduled function that notes when it ran; `needed`: from when on it has something to do, if
    that is known."""

    def __init__(self, expression, needed=None):
        self.clock, self.needed, self.ran = Clock(START, standing_still), list(needed or ()), []
        first_needed = None if needed is None else self.first_needed
        self.schedule = Schedule("sweep", expression, self.run, self.clock.now, "us-east-1", first_needed)

    def first_needed(self):
        return min(self.needed, default=None)

    def run(self, event):
        self.ran.append(event["time"])
        self.needed = [moment for moment in self.needed if moment > self.clock.now()]

    def go_to(self, moment):
        travel(self.clock, moment, [self.schedule], lambda: None)


def on_the_ninth(*times):
    return [datetime(2026, 10, 9, *map(int, time.split(":")), tzinfo=UTC) for time in times]


@pytest.mark.parametrize(
    ("expression", "needed", "tick"),
    [
        ("rate(5 minutes)", "7:50:00", "7:50:00"),
        ("rate(5 minutes)", "7:50:01", "7:55:00"),
        ("rate(5 minutes)", "7:00:00", "7:45:00"),  # overdue: at the next tick
        ("rate(1 minute)", "7:50:30", "7:51:00"),
        ("rate(1 hour)", "7:50:00", "8:00:00"),
        ("rate(6 hours)", "7:50:00", "12:00:00"),
        ("cron(0 * * * ? *)", "9:00:00", "9:00:00"),
        ("cron(0 * * * ? *)", "9:00:01", "10:00:00"),
    ],
)
def test_what_knows_its_work_runs_at_the_first_of_its_times_at_which_something_is_due(expression, needed, tick):
    needed, tick = on_the_ninth(needed, tick)
    assert Desk(expression, [needed]).schedule.next_due() == tick


def test_what_knows_that_it_has_nothing_to_do_is_not_run():
    desk = Desk("rate(5 minutes)", [])
    assert desk.schedule.next_due() is None
    desk.go_to(START + 30 * DAY)
    assert desk.ran == []


def test_in_a_month_it_runs_as_often_as_something_falls_due_and_no_more():
    desk = Desk("rate(5 minutes)", [START + HOUR, START + HOUR + MINUTE, START + 20 * DAY])
    desk.go_to(START + 30 * DAY)
    assert desk.ran == ["2026-10-09T08:45:00Z", "2026-10-29T07:45:00Z"]


def test_what_cannot_do_its_work_tries_again_at_each_tick():
    desk = Desk("rate(5 minutes)", [START])
    desk.run = lambda event: desk.ran.append(event["time"])  # and what was due stays due
    desk.schedule.function = desk.run
    desk.go_to(START + 12 * MINUTE)
    assert desk.ran == ["2026-10-09T07:45:00Z", "2026-10-09T07:50:00Z"]


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("cron(0 1 * * ? *)", ["2026-10-10T01:00:00Z", "2026-10-11T01:00:00Z", "2026-10-12T01:00:00Z"]),
        ("cron(42 7 * * ? *)", ["2026-10-10T07:42:00Z", "2026-10-11T07:42:00Z"]),  # half a minute ago: tomorrow
        ("cron(43 7 * * ? *)", ["2026-10-09T07:43:00Z", "2026-10-10T07:43:00Z", "2026-10-11T07:43:00Z"]),
    ],
)
def test_a_cron_runs_every_day_at_its_time_whether_or_not_anything_is_due(expression, runs):
    desk = Desk(expression)
    desk.go_to(START + 3 * DAY - MINUTE)
    assert desk.ran == runs


def test_a_rate_of_which_nothing_is_known_runs_at_each_tick():
    desk = Desk("rate(6 hours)")
    desk.go_to(START + DAY)
    assert desk.ran == [f"2026-10-{day:02}T{hour:02}:00:00Z" for day, hour in ((9, 12), (9, 18), (10, 0), (10, 6))]


def test_an_hourly_cron_runs_720_times_in_30_days_and_one_that_is_over_never():
    hourly, over = Desk("cron(0 * * * ? *)"), Desk("cron(0 0 1 1 ? 2020)")
    for desk in (hourly, over):
        desk.go_to(START + 30 * DAY)
    assert (len(hourly.ran), hourly.ran[-1], over.ran) == (720, "2026-11-08T07:00:00Z", [])


def test_an_expression_that_eventbridge_would_not_take_is_refused_with_the_name_of_its_function():
    with pytest.raises(ValueError, match=r"^sweep: .*rate\(2 weeks\)$"):
        Desk("rate(2 weeks)")


def test_a_function_that_fails_runs_again_at_its_next_time():
    desk = Desk("cron(0 1 * * ? *)")

    def fail(event):
        desk.ran.append(event["time"])
        raise RuntimeError("as asked")

    desk.schedule.function = fail
    desk.go_to(START + 2 * DAY)
    assert desk.ran == ["2026-10-10T01:00:00Z", "2026-10-11T01:00:00Z"]


def test_several_that_are_due_at_the_same_moment_all_run_at_it_each_day():
    clock, ran = Clock(START, standing_still), []
    daily = [
        Schedule(
            name,
            "cron(0 0 * * ? *)",
            lambda event, own=name: ran.append((own, event["time"])),
            clock.now,
            "r",
        )
        for name in ("digest", "report", "tend-calendar")
    ]
    bell = Bell(datetime(2026, 10, 10, tzinfo=UTC))
    travel(clock, START + 2 * DAY, [*daily, bell], lambda: None)
    assert sorted(ran) == [
        (name, f"2026-10-{day}T00:00:00Z") for name in ("digest", "report", "tend-calendar") for day in (10, 11)
    ]
    assert bell.rung.is_set()


def test_the_soonest_alarm_of_the_table_counts_whatever_item_has_it():
    def item(pk, sk, **keys):
        return {name: {"S": value} for name, value in {"pk": pk, "sk": sk, **keys}.items()}

    with mock_aws(), indexed_tables():
        stack = build_stack(load_resources())
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[stack.made("Table").ref]
        earliest = earliest_alarm(table)
        assert earliest() is None
        table.put_item(item("RECORD#A", "HEAD", alarm_pk="1", alarm_sk="2026-10-12T01:00:00Z#A"))
        table.put_item(item("RECORD#B", "NOTICE#1", alarm_pk="3", alarm_sk="2026-10-11T01:00:00Z#B"))
        table.put_item(item("HOUSE", "NOTICE#1", alarm_pk="3", alarm_sk="2026-10-10T01:00:00Z#house"))
        table.put_item(item("RECORD#B", "FOLLOWUP#1", queue_pk="customer_service#follow_up", due_sk="2026-10-09"))
        assert earliest() == datetime(2026, 10, 10, 1, tzinfo=UTC)


# ---- nobody moves the clock ------------------------------------------------------------------------------------------


class Bell:
    """An alarm that is due once, and says when it has rung."""

    def __init__(self, due):
        self.due, self.rung = due, threading.Event()

    def next_due(self):
        return None if self.rung.is_set() else self.due

    def ring(self):
        self.rung.set()


def test_as_time_goes_by_alarms_ring_while_nobody_moves_the_clock():
    clock = Clock(START)
    soon, later = Bell(START + timedelta(seconds=0.5)), Bell(START + HOUR)
    ticker = Ticker(clock, [later, soon], threading.Lock())
    ticker.start()
    try:
        assert soon.rung.wait(PATIENCE)
        assert clock.now() >= soon.due
        assert not later.rung.is_set()
    finally:
        ticker.stop()


def test_while_somebody_moves_the_clock_the_ticker_leaves_the_alarms_to_them():
    ringing = threading.Lock()
    bell, ticker = Bell(START), None
    with ringing:
        ticker = Ticker(Clock(START), [bell], ringing)
        ticker.start()
        assert not bell.rung.wait(1.5)  # longer than it takes to look
    try:
        assert bell.rung.wait(PATIENCE)
    finally:
        ticker.stop()
