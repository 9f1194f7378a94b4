"""The case file: what is printed of a complaint, of one or of several."""

from html import unescape

import pytest

from chalicelib.casework import read
from chalicelib.domain.ground.people import staff
from chalicelib.web.console import case_file
from tests.house import House

LIN = staff("cs.lin", frozenset({"customer_service"}))


def printed(house: House, complaint_id: str, query: str = "", who: str = "cs.lin") -> str:
    answer = house.look(f"/console/complaints/{complaint_id}/print{query}", who, Accept_Language="zh-CN")
    assert answer.status == 200, answer
    return unescape(answer.text)


def test_it_has_every_entry_with_its_hash(house: House) -> None:
    complaint_id = house.bring_to("closed")["complaint_id"]
    text = printed(house, complaint_id)
    entries = read.in_full(complaint_id, LIN, house.now)[0].entries
    assert len(entries) > 4
    for entry in entries:
        assert entry.hash in text
    assert f"共{len(entries)}条记录" in text
    assert "订单属实，照片显示壶身开裂。" in text
    assert "act=" not in text


def test_only_the_parts_that_are_chosen(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    for query in ("?parts=report,filed", "?report=on&filed=on"):
        text = printed(house, complaint_id, query)
        assert "订单属实，照片显示壶身开裂。" in text
        assert "收到就是裂的" in text
        assert "+8613800138000" not in text
        assert "受理了投诉" not in text
    assert "受理了投诉" in printed(house, complaint_id, "?parts=nonsense")


def test_several_at_once_and_what_is_none_is_named(house: House) -> None:
    ids = [house.file(order_number=f"E-{number}")["complaint_id"] for number in range(2)]
    answer = house.submit("/console/print", "cs.lin", {"id": [*ids, "nonsense", ids[0]]}, Accept_Language="zh-CN")
    assert answer.status == 200
    assert answer.text.count('<article class="file">') == 2
    assert all(f"<h2>{one} " in answer.text for one in ids)
    assert "未包含在这一次打印中：nonsense" in answer.text
    assert house.submit("/console/print", "cs.lin", {}).status == 422


def test_what_is_too_much_for_one_print_is_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_file, "CHARACTERS", 50)
    first, second = (house.file(order_number=f"E-{number}")["complaint_id"] for number in range(2))
    for text in ("等。" * 30, "还在等。"):
        house.do(first, "notes", {"text": text})
    answer = house.submit("/console/print", "cs.lin", {"id": [first, second]}, Accept_Language="zh-CN")
    assert answer.text.count('<article class="file">') == 1
    assert f"未包含在这一次打印中：{second}" in answer.text
    assert "自第2条起" in answer.text
