"""Amendments on the table: announced and withdrawn in one transaction, in force everywhere at one second."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.casework import rules
from chalicelib.casework.ring import ring
from chalicelib.domain.governance.amendment import Stage
from tests.house import House

from .amending import announced, state_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 7, 10, tzinfo=SHANGHAI)
"""A Monday on which version 2 is in force."""
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
EFFECT = datetime(2026, 12, 15, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _monday(house: House) -> None:
    house.now = NOW


def test_rules_go_the_whole_way_and_come_into_force_as_a_day_begins_after_seven(house: House):
    state = announced(NOW)
    assert (state.stage, state.number, state.effective_from) == ("announced", 3, EFFECT)
    published = rules.announced_now(NOW)[-1]
    assert (published.number, published.amendment, published.hash) == (3, state.amendment_id, state.hash)
    assert published.announced_at == NOW
    days = [rules.in_force(moment).reopening_days for moment in (EFFECT - SECOND, EFFECT)]
    assert days == [30, 60]
    assert ring(state.amendment_id, EFFECT).raised == 1
    assert state_of(state.amendment_id).stage == Stage.IN_FORCE
