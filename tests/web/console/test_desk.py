"""What waits for whom: Today, the lists of departments, the board of supervisors, help."""

import pytest

from tests.house import FRIDAY, House


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


def test_it_opens(house: House) -> None:
    for path, who in (("", "cs.lin"), ("/help", "cs.lin"), ("/board", "cs.lead"), ("/departments/legal", "legal.xu")):
        answer = house.look(f"/console{path}", who)
        assert answer.status == 200, answer.text
