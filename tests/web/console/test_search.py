"""Finding a complaint by whatever one has of it, which no address holds."""

import pytest

from tests.casework.mailroom import Mailroom
from tests.house import House


@pytest.mark.parametrize("typed", ["{id}", "e1", "13800138000", "138-0013-8000", "Wang@example.cn"])
def test_one_that_is_found_is_opened(house: House, typed: str) -> None:
    complaint_id = house.file(order_number="E1")["complaint_id"]
    Mailroom(house).react()
    answer = house.submit("/console/search", "cs.lin", {"q": f"  {typed.format(id=complaint_id.lower())} "})
    assert (answer.status, answer.headers["location"]) == (303, f"/console/complaints/{complaint_id}")


def test_several_are_listed_the_latest_first(house: House) -> None:
    first = house.file(order_number="E1")["complaint_id"]
    house.pass_time(minutes=5)
    second = house.file(order_number="E2")["complaint_id"]
    Mailroom(house).react()
    answer = house.submit("/console/search", "cs.lin", {"q": "13800138000"})
    assert "找到 2 件" in answer.text
    assert answer.text.index(second) < answer.text.index(first)
    assert 'name="id"' not in answer.text
    assert f"/console/complaints/{second}?among={first}" in answer.text


def test_departments_find_numbers_and_no_contact_details(house: House) -> None:
    complaint_id = house.file(order_number="E1")["complaint_id"]
    Mailroom(house).react()
    by_phone = house.submit("/console/search", "quality.he", {"q": "13800138000"})
    assert (by_phone.status, "没有找到" in by_phone.text, "按手机号和邮箱" in by_phone.text) == (200, True, True)
    assert house.submit("/console/search", "quality.he", {"q": "E1"}).headers["location"].endswith(complaint_id)


@pytest.mark.parametrize("typed", ["", "   ", "<b>", "\u0000", "王芳", "0" * 254])
def test_what_is_nothing_finds_nothing(house: House, typed: str) -> None:
    answer = house.submit("/console/search", "cs.lin", {"q": typed})
    assert answer.status == 200
    assert "没有找到" in answer.text
    assert "<b>" not in answer.text.split("</h1>")[1].split("<b class")[1].split("</b>")[0]


def test_what_is_too_long_is_refused(house: House) -> None:
    assert house.submit("/console/search", "cs.lin", {"q": "0" * 255}).status == 422


def test_whatever_it_can_be_costs_five_reads(house: House) -> None:
    house.file(order_number="E1")
    Mailroom(house).react()
    with house.counting() as made:
        house.submit("/console/search", "cs.lin", {"q": "13800138000"})
    assert [one for one in made if one.startswith("dynamodb")] == ["dynamodb:Query"] * 4 + ["dynamodb:BatchGetItem"]
