"""Days of absence as people write them into the user pool."""

from datetime import date

import pytest

from chalicelib.domain.ground.people import absences


def test_an_absence_is_a_day_or_from_one_until_another():
    assert absences("2026-12-01/2026-12-05, 2027-01-04") == (
        (date(2026, 12, 1), date(2026, 12, 5)),
        (date(2027, 1, 4), date(2027, 1, 4)),
    )
    assert absences(" 2026-12-01/2026-12-01,2026-12-03 ") == (
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 12, 3), date(2026, 12, 3)),
    )


@pytest.mark.parametrize(
    "written", ["", ",", "2026-12-01,", "2026-12-05/2026-12-01", "2026-12-01/", "/2026-12-01", "x"]
)
def test_what_is_spelt_otherwise_is_no_absence(written: str):
    with pytest.raises(ValueError, match=r"."):
        absences(written)
