"""Complaints are found by phone, mail and numbers, which stand in no address, and by none of it once that is erased."""

from typing import Any

import pytest

from chalicelib.casework import search
from chalicelib.casework.erase import erase
from chalicelib.domain.ground.errors import Forbidden
from chalicelib.domain.ground.people import staff
from tests.casework.mailroom import Mailroom
from tests.house import House, refused

LOAD, READ = "dynamodb:BatchGetItem", "dynamodb:Query"
WANG = {"name": "王芳", "phone": "+8613800138000", "email": "wang@example.cn"}
UPDATE = {"status": "in_transit", "text": "已发出", "tracking_number": "SF-1234 5678"}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def find(house: House, body: Any, who: str = "cs.lin") -> list[str]:
    answer = house.post("/v1/complaints/search", body, who)
    assert answer.status == 200, answer.text
    return [one["complaint_id"] for one in answer.json["items"]]


def told(house: House, room: Mailroom) -> str:
    """A complaint of 王芳 with a number of the shop and one of a parcel, and one of somebody else."""
    number = str(house.file(contact=WANG, external_ref="AS-7")["complaint_id"])
    house.file(contact={"name": "李", "phone": "13900139000"}, order_number="E-8", external_ref="AS-8")
    house.do(number, "acknowledgement")
    house.do(number, "delivery-updates", UPDATE, "logistics.gao")
    room.settle()
    return number


KNOWN = [
    {"phone": "138 0013 8000"},
    {"email": "WANG@example.cn"},
    {"tracking_number": "ｓｆ－12345678"},
    {"external_ref": "as-7"},
]


@pytest.mark.parametrize("body", KNOWN)
def test_whatever_is_known_of_it_finds_it_in_two_round_trips(house: House, room: Mailroom, body: Any) -> None:
    number = told(house, room)
    with house.counting() as calls:
        assert find(house, body, "cs.lead") == [number]
    assert calls == [READ, LOAD]


def test_its_own_number_and_that_of_the_order_find_it_in_one(house: House, room: Mailroom) -> None:
    number = told(house, room)
    for body, trip in (
        ({"complaint_id": number.lower().replace("-", "")}, LOAD),
        ({"order_number": "e20261009-0042"}, READ),
    ):
        with house.counting() as calls:
            assert find(house, body) == [number]
        assert calls == [trip]


def test_all_of_somebody_are_found_closed_or_open_the_latest_first_and_long_after(house: House, room: Mailroom) -> None:
    first = told(house, room)
    house.do(first, "withdrawal")
    house.pass_time(days=200)
    second = str(house.file(contact=WANG)["complaint_id"])
    room.settle()
    assert find(house, {"phone": WANG["phone"]}) == [second, first]


def test_what_nobody_has_finds_nothing(house: House, room: Mailroom) -> None:
    told(house, room)
    for body in ({"phone": "13700137000"}, {"external_ref": "SF-12345678"}, {"complaint_id": "AAAAA-AAAAA"}):
        assert find(house, body) == []


def test_corrected_details_find_it_and_those_of_before_no_more(house: House, room: Mailroom) -> None:
    number = told(house, room)
    house.do(number, "contact", {"contact": {"name": "王芳", "phone": "13700137000"}, "reason": "写错了"})
    room.settle()
    assert find(house, {"phone": "13700137000"}) == [number]
    assert find(house, {"phone": WANG["phone"]}) == find(house, {"email": WANG["email"]}) == []
    assert find(house, {"tracking_number": UPDATE["tracking_number"]}) == [number]


def test_hashes_live_as_long_as_the_contact(house: House, room: Mailroom) -> None:
    number = told(house, room)
    house.do(number, "withdrawal")
    room.settle()
    erase(number, house.now)
    assert [find(house, body) for body in KNOWN] == [[], [], [], []]
    mine = [item for item in house.items() if item["sk"]["S"].endswith(number)]
    assert mine == []
    assert not [item for item in house.items() if item["pk"]["S"].endswith(number) and item["sk"]["S"] == "NUMBERS"]


def test_nothing_of_it_is_kept_in_clear(house: House, room: Mailroom) -> None:
    told(house, room)
    kept = [str(item) for item in house.items() if item["pk"]["S"].startswith(("NUMBER#", "CONTACT#"))]
    assert len(kept) == 6
    assert not [one for one in kept if "AS-7" in one.upper() or "5678" in one.split("sk")[0][-9:]]


def test_words_are_looked_for_in_the_open_queue_of_a_department(house: House) -> None:
    number = str(house.file(product_name="炖锅", order_number="E-9")["complaint_id"])
    closed = str(house.file(product_name="炖锅", order_number="E-10")["complaint_id"])
    house.do(closed, "withdrawal")
    assert find(house, {"words": "炖锅 裂的", "department": "customer_service"}) == [number]
    assert find(house, {"words": "炖锅 发霉"}) == []


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "complaint_id", "one_thing_to_look_for"),
        ({"phone": "13800138000", "order_number": "E-1"}, "order_number", "one_thing_to_look_for"),
        ({"phone": "13800138000", "department": "legal"}, "department", "with_words_only"),
        ({"phone": "12"}, "phone", "not_a_phone_number"),
    ],
)
def test_one_thing_is_asked_for(house: House, body: Any, field: str, code: str) -> None:
    answer = house.post("/v1/complaints/search", body, "cs.lin")
    refused(answer, 422, "invalid", field=field)
    assert answer.json["errors"][0]["code"] == code


def test_departments_find_by_numbers_and_not_by_how_somebody_is_reached(house: House, room: Mailroom) -> None:
    number = told(house, room)
    gao = staff("logistics.gao", frozenset({"logistics"}))
    [found] = search.find(search.Search(tracking_number=UPDATE["tracking_number"]), gao, house.now)
    assert found.complaint_id == number
    for asked in (search.Search(phone=WANG["phone"]), search.Search(email=WANG["email"])):
        with pytest.raises(Forbidden, match="role_not_open"):
            search.find(asked, gao, house.now)


def test_the_log_has_nothing_of_what_was_looked_for(house: House, room: Mailroom, capsys: Any) -> None:
    told(house, room)
    capsys.readouterr()
    find(house, {"phone": WANG["phone"]})
    assert "13800138000" not in capsys.readouterr().out


def test_noting_a_number_again_changes_nothing(house: House, room: Mailroom) -> None:
    told(house, room)
    before = house.items()
    room.seen.clear()
    room.settle()
    assert [one for one in house.items() if "NUMBER" in str(one)] == [one for one in before if "NUMBER" in str(one)]


def test_staff_are_listed_with_whether_they_take_turns(house: House) -> None:
    house.take_off_duty("cs.lead")
    for query in ("", "?department=customer_service"):
        found = house.get(f"/v1/staff{query}", "legal.xu").json["items"]
        assert [(one["name"], one["on_duty"], one["takes_turns"]) for one in found] == [
            ("cs.chen", True, True),
            ("cs.lead", False, False),
            ("cs.lin", True, True),
        ]
    assert [one["name"] for one in house.get("/v1/staff?department=legal", "cs.lin").json["items"]] == [
        "legal.tan",
        "legal.xu",
    ]
    refused(house.get("/v1/staff?department=audit", "cs.lin"), 422, "invalid", field="department")
