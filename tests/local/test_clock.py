"""The clock runs, is moved, and lets everything ring on the way in its own order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.aws.clock import (
    LAST,
    Backwards,
    Clock,
    TooFar,
    format_instant,
    parse_duration,
    parse_instant,
    standing_still,
    travel,
)

START = datetime(2026, 2, 10, 2, tzinfo=UTC)


class Ladder:
    """Rings at set times and notes what the clock showed; `first` may set a further rung when it rings."""

    def __init__(self, clock, name, rung, *times, then=None):
        self.clock, self.name, self.rung, self.times, self.then = clock, name, rung, sorted(times), then

    def next_due(self):
        return self.times[0] if self.times else None

    def ring(self):
        while self.times and self.times[0] <= self.clock.now():
            self.rung.append((self.name, self.times.pop(0), self.clock.now()))
            if self.then:
                self.times, self.then = sorted([*self.times, self.then]), None


def test_it_starts_where_told_and_goes_as_the_machines_seconds_go():
    shown = 1000.0
    clock = Clock(START, lambda: shown)
    assert clock.now() == START
    shown += 90.5
    assert clock.now() == START + timedelta(seconds=90.5)
    clock.move_to(START + timedelta(hours=1))
    shown += 1
    assert clock.now() == START + timedelta(hours=1, seconds=1)


def test_it_runs_unless_told_to_stand_still():
    running, still = Clock(START), Clock(START, standing_still)
    while running.now() == START:
        pass
    assert running.now() > still.now() == START


def test_it_starts_now_unless_told():
    before = datetime.now(UTC)
    assert before <= Clock(None, standing_still).now() <= datetime.now(UTC)


def test_moving_it_back_leaves_it():
    clock = Clock(START)
    clock.move_to(START - timedelta(days=1))
    assert clock.now() >= START


def test_everything_due_on_the_way_rings_in_order_at_its_own_time():
    clock, rung, settled = Clock(START, standing_still), [], []
    day = timedelta(days=1)
    late = Ladder(clock, "late", rung, START + 3 * day, START + 9 * day)
    early = Ladder(clock, "early", rung, START + day, START + 4 * day, then=START + 2 * day)
    travel(clock, START + 5 * day, [late, early], lambda: settled.append(len(rung)))
    assert [name for name, _, _ in rung] == ["early", "early", "late", "early"]
    assert all(seen == due for _, due, seen in rung)
    assert settled == [0, 1, 2, 3, 4, 4]  # before, after each ring, at the end
    assert clock.now() == START + 5 * day


def test_what_is_overdue_rings_at_once():
    clock, rung = Clock(START), []
    travel(
        clock, clock.now() + timedelta(seconds=5), [Ladder(clock, "old", rung, START - timedelta(days=1))], lambda: None
    )
    assert [name for name, _, _ in rung] == ["old"]


def test_it_never_goes_back():
    clock = Clock(START)
    with pytest.raises(Backwards, match="2026-02-10T02:00:00Z"):
        travel(clock, START - timedelta(seconds=1), [], lambda: None)


def test_by_nothing_it_is_moved_while_it_runs_too():
    clock, settled = Clock(START), []
    target = clock.now()
    while clock.now() == target:
        pass
    travel(clock, target, [], lambda: settled.append(True))
    assert settled


@pytest.mark.parametrize("target", [datetime(9999, 12, 31, tzinfo=UTC), LAST + timedelta(seconds=1)])
def test_it_goes_no_further_than_schedules_do_and_says_how_far(target):
    clock = Clock(LAST - timedelta(days=1), standing_still)
    with pytest.raises(TooFar, match="2199-12-31T23:59:59Z"):
        travel(clock, target, [], lambda: None)
    travel(clock, LAST, [], lambda: None)
    assert clock.now() == LAST


def test_at_once_it_goes_ten_years():
    with pytest.raises(TooFar, match="2036-02-18T02:00:00Z"):
        travel(Clock(START, standing_still), START + timedelta(days=3661), [], lambda: None)


def test_a_duration_longer_than_any_is_one():
    assert parse_duration("P99999999999W") == timedelta.max


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("P3DT2H", 266_400), ("PT90S", 90), ("P1W", 604_800), ("P1W2DT3H4M5S", 788_645), ("PT0S", 0), ("P0D", 0)],
)
def test_durations_are_read(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "1D", "P1Y", "P1M", "P-1D", "P1.5D", "p1d", "P1D ", "P1H", None, 3, []]
)
def test_other_durations_are_refused_with_an_example(text):
    with pytest.raises(ValueError, match="P3DT2H"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01T00:00:00Z", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12-01t08:00:00.5+08:00", datetime(2026, 12, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_instants_are_read(text, instant):
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text", ["", "now", "2026-12-01", "2026-12-01T00:00:00", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+09:00", None]
)
def test_other_instants_are_refused_with_an_example(text):
    with pytest.raises(ValueError, match="2026-12-01T00:00:00Z"):
        parse_instant(text)


@given(st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda one: one.replace(microsecond=0, tzinfo=UTC)))  # noqa: DTZ001
def test_an_instant_is_read_as_it_is_written(instant):
    assert parse_instant(format_instant(instant)) == instant
