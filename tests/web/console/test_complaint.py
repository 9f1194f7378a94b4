"""The page of a complaint: what staff see of it."""

from tests.house import House


def test_a_complaint_is_one_page(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    answer = house.look(f"/console/complaints/{complaint_id}", "cs.lin")
    assert answer.status == 200
    assert complaint_id in answer.text


def test_it_is_read_in_one_round_trip(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    house.look(f"/console/complaints/{complaint_id}", "cs.lin")
    with house.counting() as calls:
        assert house.look(f"/console/complaints/{complaint_id}", "cs.lin").status == 200
    assert calls == ["dynamodb:Query"]
