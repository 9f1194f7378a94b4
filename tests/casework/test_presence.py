"""Who else is at work on a complaint is known to whoever types, at the cost of one small write and one read."""

from datetime import timedelta

import pytest

from chalicelib.casework.presence import near
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.people import staff
from tests.house import House

LIN, CHEN = (staff(name, frozenset({"customer_service"})) for name in ("cs.lin", "cs.chen"))


def test_two_who_type_know_of_each_other_for_a_minute(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    assert near(complaint_id, LIN, house.now) == ([], 1)
    assert near(complaint_id, CHEN, house.now).others == ["cs.lin"]
    assert near(complaint_id, LIN, house.now + timedelta(seconds=20)).others == ["cs.chen"]
    assert near(complaint_id, CHEN, house.now + timedelta(seconds=80)).others == []


def test_that_it_has_moved_is_known_too(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    house.do(complaint_id, "acknowledgement", {})
    assert near(complaint_id, LIN, house.now).version == 2


def test_it_costs_one_write_and_one_read_and_goes_by_itself(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    with house.counting() as calls:
        near(complaint_id, LIN, house.now)
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"]
    (item,) = (one for one in house.items() if one["sk"]["S"] == "PRESENCE")
    assert int(item["expires_at"]["N"]) == house.now.timestamp() + 600
    assert item.keys() == {"pk", "sk", "expires_at", "by cs.lin"}


def test_nobody_is_at_what_is_not_there(house: House) -> None:
    with pytest.raises(NotFound, match="complaint_unknown"):
        near("AAAAA-AAAAA", LIN, house.now)
    assert not [one for one in house.items() if one["sk"]["S"] == "PRESENCE"]
