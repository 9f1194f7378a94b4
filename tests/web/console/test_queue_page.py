"""The queue as staff see it: what stands in it, how it is narrowed by links, what comes next."""

from tests.house import House


def test_a_line_says_by_when_it_is_due(house: House) -> None:
    receipt = house.file()
    page = house.look("/console/queue", "cs.lin")
    assert page.status == 200
    assert receipt["complaint_id"] in page.text
    assert "还有24小时" in page.text
