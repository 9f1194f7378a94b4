"""The case file: what is printed of a complaint, of one or of several."""

import json
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


def test_whatever_is_sent_to_be_printed_there_is_a_page(house: House) -> None:
    ids = [house.file(order_number=f"E-{number}")["complaint_id"] for number in range(26)]
    answer = house.submit("/console/print", "cs.lin", {"id": ids}, Accept_Language="zh-CN")
    assert answer.text.count('<article class="file">') == 25
    assert f"未包含在这一次打印中：{ids[25]}" in answer.text
    odd = [" ", "\x00", "<script>", "x" * 5_000, "AAAAA-AAAAA", "audit_2026Q4", ids[0].lower()]
    answer = house.submit("/console/print", "cs.lin", {"id": odd})
    assert (answer.status, answer.text.count('<article class="file">'), "<script>" in answer.text) == (200, 1, False)
    assert house.submit("/console/print", "cs.lin", {"id": ["", " "]}).status == 422


@pytest.mark.parametrize(
    "query", ["parts=", "parts=%00", "FILED=on", "__proto__=1", "parts=history,history", "a=b&" * 90]
)
def test_parts_that_are_named_oddly_are_as_if_they_were_not(house: House, query: str) -> None:
    complaint_id = house.file()["complaint_id"]
    assert "收到就是裂的" in printed(house, complaint_id, f"?{query}") or "history" in query


def test_what_is_too_much_for_one_print_is_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_file, "ROOM", 40_000)
    first, second = (house.file(description=said)["complaint_id"] for said in ("收到就是裂的。", "裂了。" * 1_500))
    for text in ("等。" * 2_000, "还在等。" * 500):
        house.do(first, "notes", {"text": text})
    answer = house.submit("/console/print", "cs.lin", {"id": [first, second]}, Accept_Language="zh-CN")
    assert answer.text.count('<article class="file">') == 1
    assert f"未包含在这一次打印中：{second}" in answer.text
    assert "自第3条起" in answer.text


@pytest.mark.parametrize("text", ["等😀" * 2_500, '"<' * 2_500, "等。" * 2_500])
def test_whatever_was_typed_a_print_has_room_in_an_answer(
    house: House, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(case_file, "ROOM", 200_000)
    complaint_id = house.file(description=text)["complaint_id"]
    for _ in range(6):
        house.do(complaint_id, "notes", {"text": text})
    shell = len(json.dumps(printed(house, house.file()["complaint_id"])))
    answer = house.look(f"/console/complaints/{complaint_id}/print", "cs.lin")
    assert 100_000 < len(json.dumps(answer.text)) < 200_000 + shell
