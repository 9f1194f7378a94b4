"""The rounds are run when there is something to do, so that moving the clock by a month takes no minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.casework.rounds import ROUNDS
from infra.aws.schedules import Schedule
from infra.local.rounds import Ahead
from tests.house import House

FRIDAY = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)  # 15:40 in Shanghai
HOURS = [16, 17, 18, 19, 20, 23, 1, 2, 5, 8, 9]
"""In Shanghai: at once, then at each occasion of any round."""


def runs(house: House, count: int, failing: int = -1) -> list[int]:
    """At which hours in Shanghai the rounds are run; the run of number `failing` fails."""
    hours: list[int] = []

    def make(event: dict[str, Any]) -> None:
        hours.append((house.now + timedelta(hours=8)).hour)
        if len(hours) == failing:
            raise ConnectionError("it is down")

    ahead = Ahead(make, lambda: house.now)
    schedule = Schedule("rounds", "cron(0 * * * ? *)", ahead.make, lambda: house.now, "here", ahead.first_needed)
    while len(hours) < count:
        due = schedule.next_due()
        assert due is not None
        house.now = due
        schedule.ring()
    return hours


def test_they_are_run_at_each_occasion_and_at_no_other_hour(house: House):
    assert runs(house, len(HOURS)) == HOURS
    assert len(ROUNDS) == 20


@pytest.mark.parametrize("failing", [5, 6])
def test_one_that_failed_is_run_again_the_next_hour(house: House, failing: int):
    hours = runs(house, 7, failing)
    assert hours[failing] == (hours[failing - 1] + 1) % 24 != HOURS[failing]
