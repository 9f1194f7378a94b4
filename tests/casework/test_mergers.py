"""What becomes of a merged complaint when something becomes of the one that is handled in its place."""

import re
from typing import Any

import pytest

import app
from tests.house import House, refused

from .mailroom import Mailroom, mails_to, plain
from .streams import run

Receipt = dict[str, Any]
AGAIN = {"reason": "换来的也是裂的。"}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def merge(house: House, receipt: Receipt, other: Receipt) -> None:
    assert house.do(receipt["complaint_id"], "merger", {"into": other["complaint_id"]}).status == 200


def by_wang(house: House, receipt: Receipt, resource: str, body: Any = None) -> Any:
    """What the consumer does."""
    return house.do(receipt["complaint_id"], resource, body, None, token=receipt["consumer_token"])


def pointers(house: House, *receipts: Receipt) -> list[str | None]:
    """What each points at."""
    return [
        house.get(f"/v1/complaints/{receipt['complaint_id']}", "cs.lin").json["merged_into"] for receipt in receipts
    ]


def test_where_the_other_one_is_merged_too_the_pointer_moves_on_however_far(house: House, room: Mailroom):
    a, b, c, d = (house.file(order_number=f"E{n}") for n in range(4))
    merge(house, a, b)
    merge(house, b, c)
    room.react()
    assert pointers(house, a, b) == [c["complaint_id"]] * 2
    merge(house, c, d)
    room.settle()
    assert pointers(house, a, b, c) == [d["complaint_id"]] * 3
    letters = [letter for letter in mails_to("wang@example.cn") if letter["X-Redress-Record"] == a["complaint_id"]]
    assert d["complaint_id"] in plain(letters[-1])
    refused(by_wang(house, a, "reopening", AGAIN), 409, "not_allowed")


def test_it_does_not_matter_which_of_two_mergers_is_reacted_to_first(house: House, room: Mailroom):
    """And a reaction that dies at any call is finished by the next."""
    a, b, c = (house.file(order_number=f"E{n}") for n in range(3))
    merge(house, a, b)
    merge(house, b, c)
    for record in reversed(room.records()):
        for moment in ("before", "after"):
            assert list(house.deaths(lambda once=record: run(app.react, [once]), moment))
    room.react()
    assert pointers(house, a, b, c) == [c["complaint_id"], c["complaint_id"], None]
    entries = house.get(f"/v1/complaints/{a['complaint_id']}/timeline", "cs.lin").json["items"]
    assert [entry["type"] for entry in entries].count("MergerMoved") == 1


def test_where_the_other_one_is_withdrawn_the_merged_ones_consumer_is_told_and_may_reopen_it(
    house: House, room: Mailroom
):
    mine, other = house.file(), house.file(contact={"name": "林", "email": "lin@example.cn"})
    merge(house, mine, other)
    house.pass_time(days=40)
    by_wang(house, other, "withdrawal")
    room.settle()
    assert "恢复处理" in plain(mails_to("wang@example.cn")[-1])
    seen = house.get(f"/v1/complaints/{mine['complaint_id']}", token=mine["consumer_token"]).json
    assert (seen["stage"], seen["outcome"], seen["merged_into"]) == ("closed", "merged", None)
    house.pass_time(days=29)
    answer = by_wang(house, mine, "reopening", AGAIN)
    assert (answer.status, answer.json["stage"], answer.json["outcome"]) == (200, "received", None)
    room.react()
    assert pointers(house, mine) == [None]


def test_where_the_other_ones_consumer_is_satisfied_the_merged_one_stays_with_it(house: House, room: Mailroom):
    mine, other = house.file(), house.bring_to("awaiting_consumer")
    merge(house, mine, other)
    room.react()
    by_wang(house, other, "feedback", {"satisfied": True})
    room.react()
    assert pointers(house, mine) == [other["complaint_id"]]


def test_who_may_reopen_it_late_has_a_link_that_lasts_until_then(house: House, room: Mailroom):
    mine, other = house.file(), house.file(contact={"name": "林", "email": "lin@example.cn"})
    merge(house, mine, other)
    house.pass_time(days=175)
    by_lin = house.token("cs.lin")
    assert house.do(other["complaint_id"], "withdrawal", {}, None, token=by_lin).status == 200
    room.settle()
    house.pass_time(days=25)
    assert by_wang(house, mine, "reopening", AGAIN).status == 401, "the link of the receipt has run out"
    renewed = re.search(r"#token=([\w.-]+)", plain(mails_to("wang@example.cn")[-1]))
    assert renewed
    answer = house.do(mine["complaint_id"], "reopening", AGAIN, None, token=renewed[1])
    assert (answer.status, answer.json["stage"]) == (200, "received")


def test_who_has_reopened_it_already_is_not_told_that_it_can_be(house: House, room: Mailroom):
    mine, other = house.file(), house.file(contact={"name": "林", "email": "lin@example.cn"})
    merge(house, mine, other)
    room.settle()
    by_wang(house, other, "withdrawal")
    room.react()
    assert by_wang(house, mine, "reopening", AGAIN).status == 200
    room.settle()
    told = house.get(f"/v1/complaints/{mine['complaint_id']}/notices", "cs.lin").json["items"]
    assert [(one["kind"], one["state"]) for one in told if one["kind"] in ("separated", "reopening")] == [
        ("separated", "outdated"),
        ("reopening", "sent"),
    ]
