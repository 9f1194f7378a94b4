"""What comes after a line of a queue, wherever that has gone since it was looked at."""

from chalicelib.casework import read
from chalicelib.casework.read import Filters
from chalicelib.domain.vocabulary.stages import Stage
from tests.examples import example
from tests.house import House


def walked(house: House, filters: Filters) -> list[str]:
    """The complaints of a queue, one after the other, as somebody does who opens each."""
    found = []
    place: str | None = None
    while line := read.following(filters, house.now, place):
        found.append(line.complaint_id)
        place = read.place(line)
    return found


def listed(house: House, filters: Filters) -> list[str]:
    found, _ = read.queue(filters, house.now, 100, None)
    return [one.complaint_id for one in found]


def test_one_after_the_other_is_the_whole_queue_in_its_order(house: House) -> None:
    for number in range(3):
        house.file(order_number=f"E{number}", category=("delivery", "other")[number % 2])
        house.bring_to("closed", order_number=f"E1{number}")
        house.pass_time(minutes=5)
    for filters in (
        Filters(),
        Filters(stage=Stage.RECEIVED),
        Filters(stage=Stage.CLOSED),
        Filters(assignee="none"),
        Filters(category="delivery"),
    ):
        assert walked(house, filters) == listed(house, filters) != []


def test_it_costs_what_a_page_costs(house: House) -> None:
    house.file()
    with house.counting() as made:
        assert read.following(Filters(stage=Stage.RECEIVED), house.now, None)
    assert made == ["dynamodb:Query"]


def test_the_tasks_of_one_complaint_come_one_after_the_other(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    for _ in range(2):
        assert house.do(complaint_id, "inquiries", example("ask").body).status == 201
    department = example("ask").body["department"]
    assert walked(house, Filters(department=department)) == [complaint_id, complaint_id]
