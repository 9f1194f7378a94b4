"""Moments as the contract writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.ground.instants import utc, written

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 10, 9, 7, 40, tzinfo=UTC),
        datetime(2026, 10, 9, 7, 40, 0, 999_999, tzinfo=UTC),
        datetime(2026, 10, 9, 15, 40, tzinfo=SHANGHAI),
        datetime(2026, 10, 9, 15, 40, 0, 1, tzinfo=SHANGHAI),
    ],
)
def test_a_moment_is_kept_in_utc_in_whole_seconds_however_it_came(moment: datetime):
    kept = utc(moment)
    assert (kept, kept.tzinfo) == (datetime(2026, 10, 9, 7, 40, tzinfo=UTC), UTC)
    assert written(moment) == "2026-10-09T07:40:00Z"
