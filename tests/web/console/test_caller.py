"""Somebody calls and complains (4.1a): what is filed for them, what there is already, and what they are told."""

import re
from typing import Any

import pytest

from chalicelib.casework import repeats
from tests.house import House, refused

NEW = "/console/complaints/new"
LANDLINE = "010-62345678"
WANG: dict[str, str] = {
    "order_number": "E20261123-0042",
    "contact.name": "王芳",
    "contact.phone": "13800138000",
    "product_name": "电热水壶 1.7L",
    "description": "收到就是裂的，一直没人处理。",
    "category": "product_quality",
}
Fields = dict[str, Any]


def key_of(house: House) -> str:
    found = re.search(r'name="_key" value="([^"]+)"', house.look(NEW, "cs.lin").text)
    assert found
    return found[1]


def filed(house: House, fields: Fields = WANG) -> str:
    """A complaint filed by the form; its number."""
    answer = house.submit(NEW, "cs.lin", fields)
    assert answer.status == 303, answer.text
    return answer.headers["location"].partition("filed=")[2]


def kept(house: House, complaint_id: str) -> Any:
    return house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json


def test_what_a_caller_says_is_filed_as_by_phone(house: House) -> None:
    complaint = kept(house, filed(house, WANG | {"requested_remedy": "refund", "_key": key_of(house)}))
    assert (complaint["channel"], complaint["locale"], complaint["requested_remedy"]) == ("phone", "zh-CN", "refund")
    assert complaint["contact"]["phone"] == "+8613800138000"
    assert complaint["description"] == WANG["description"]


def test_the_form_asks_first_by_what_it_is_found_and_last_what_hardly_anybody_says(house: House) -> None:
    text = house.look(NEW, "cs.lin").text.partition('class="intake"')[2]
    names = re.findall(r'name="((?!_)[\w.]+)"', text)
    assert list(dict.fromkeys(names))[:8] == [
        *("order_number", "contact.phone", "contact.name", "contact.email"),
        *("product_name", "description", "category", "requested_remedy"),
    ]
    assert 'name="channel"' not in text
    assert text.index("<details>") < text.index('name="amount_disputed.value"')


def test_the_result_says_the_number_and_what_is_sent_where(house: House) -> None:
    complaint_id = filed(house, WANG | {"contact.email": "wang@example.cn"})
    answer = house.look(f"{NEW}?filed={complaint_id}", "cs.lin")
    assert answer.headers["cache-control"] == "no-store"
    assert complaint_id.replace("-", "-<wbr>") in answer.text
    assert "wang@example.cn" in answer.text
    assert "可能有人身危险" not in answer.text


def test_whoever_has_a_landline_alone_is_told_by_word_of_mouth(house: House) -> None:
    complaint_id = filed(house, WANG | {"contact.phone": LANDLINE})
    assert not kept(house, complaint_id)["contact"]["takes_texts"]
    assert "口头告知编号" in house.look(f"{NEW}?filed={complaint_id}", "cs.lin").text
    piece = house.submit("/console/duplicates", "cs.lin", {"contact.phone": LANDLINE})
    assert "不能接收短信" in piece.text
    mobile = house.submit("/console/duplicates", "cs.lin", {"contact.phone": "13800138000"})
    assert "不能接收短信" not in mobile.text


def test_a_caller_who_was_burnt_is_asked_how_they_are_before_anything_else(house: House) -> None:
    complaint_id = filed(house, WANG | {"description": "壶盖弹开，孩子的手被烫伤了。"})
    text = house.look(f"{NEW}?filed={complaint_id}", "cs.lin").text
    assert "可能有人身危险" in text
    assert f"/console/complaints/{complaint_id}?act=call" in text
    assert text.index("有没有人受伤") < text.index("来电人会收到什么")


def test_what_is_missing_is_named_beside_its_field_and_what_was_typed_stays(house: House) -> None:
    answer = house.submit(NEW, "cs.lin", WANG | {"contact.phone": "123", "product_name": " "})
    assert answer.status == 422
    assert WANG["description"] in answer.text
    for name in ("contact.phone", "product_name"):
        assert re.search(rf'name="{re.escape(name)}"[^>]*aria-invalid="true"', answer.text), name
        assert f'href="#f-{name}"' in answer.text


def test_an_open_complaint_about_the_order_is_seen_before_another_is_filed(house: House) -> None:
    there = filed(house)
    again = house.submit(NEW, "cs.chen", WANG | {"contact.phone": "13900139000"})
    assert again.status == 200
    assert f'name="_shown" value="{there}"' in again.text
    assert "同一订单" in again.text
    assert WANG["description"] in again.text
    assert house.submit(NEW, "cs.chen", WANG | {"_shown": there}).status == 303


def test_it_is_found_by_the_telephone_too_and_a_closed_one_stops_nobody(house: House) -> None:
    there = house.bring_to("closed")["complaint_id"]
    repeats.link_repeats(there, house.now)
    typed = {"order_number": "E-1", "contact.phone": "138 0013 8000"}
    piece = house.submit("/console/duplicates", "cs.lin", typed)
    assert (there in piece.text, "_shown" in piece.text, "同一联系方式" in piece.text) == (True, False, True)
    assert house.submit(NEW, "cs.lin", WANG | typed).status == 303


def test_a_form_that_is_sent_twice_files_once(house: House) -> None:
    fields = WANG | {"_key": key_of(house)}
    first = filed(house, fields)
    assert filed(house, fields) == first
    other = house.submit(NEW, "cs.lin", fields | {"description": "另一件事。", "_shown": first})
    assert other.status == 422
    assert "已经提交过一次" in other.text
    assert fields["_key"] not in other.text


@pytest.mark.parametrize("typed", [{}, {"order_number": " "}, {"contact.phone": "1"}, {"order_number": "—" * 9_000}])
def test_what_cannot_be_read_yet_finds_nothing(house: House, typed: Fields) -> None:
    answer = house.submit("/console/duplicates", "cs.lin", typed)
    assert (answer.status, answer.text.strip()) == (200, "")


def test_what_there_is_already_costs_two_round_trips_and_one_for_what_is_of_another_order(house: House) -> None:
    repeats.link_repeats(filed(house), house.now)
    house.submit("/console/duplicates", "cs.lin", WANG)
    with house.counting() as calls:
        house.submit("/console/duplicates", "cs.lin", WANG)
    assert calls == ["dynamodb:Query"] * 2
    with house.counting() as calls:
        house.submit("/console/duplicates", "cs.lin", WANG | {"order_number": "E-1"})
    assert calls == ["dynamodb:Query"] * 2 + ["dynamodb:BatchGetItem"]


def test_nobody_files_by_it_who_files_for_nobody(house: House) -> None:
    for path in (NEW, "/console/duplicates"):
        refused(house.submit(path, "quality.he", WANG, Accept="application/json"), 403, "forbidden")
    assert house.look(NEW, "quality.he").status == 403
    assert house.look(f"{NEW}?filed=nonsense", "cs.lin").status == 404
