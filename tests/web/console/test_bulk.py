"""Something is done about several complaints: each by itself, and of each it is said what became of it."""

import re
from html import unescape

import pytest

from chalicelib.web.console.bulk import MOST
from tests.house import House

ROW = re.compile(r'<tr><th scope="row">(?:<a href="([^"]*)">)?.*?</th>\s*<td>(.*?)</td></tr>', re.DOTALL)


def results(text: str) -> list[tuple[str, str]]:
    """Of each complaint its address and what is said of it, without markup."""
    return [(where, " ".join(unescape(re.sub("<[^>]+>", " ", said)).split())) for where, said in ROW.findall(text)]


def notes(house: House, complaint_id: str) -> list[str]:
    entries = house.get(f"/v1/complaints/{complaint_id}/timeline", "cs.lin").json["items"]
    return [one["details"]["note"]["text"] for one in entries if one["type"] == "NoteAdded"]


@pytest.fixture
def three(house: House) -> list[str]:
    return [str(house.file(order_number=f"E{number}")["complaint_id"]) for number in range(3)]


def test_several_are_given_to_somebody_and_what_cannot_be_keeps_no_other(house: House, three: list[str]) -> None:
    house.bring_to("closed", order_number="E9")
    sent = {"act": "assign", "assignee": "cs.chen", "id": [three[0], "7K2M9-XD4FQ", "audit_2026Q4", three[2]]}
    answer = house.submit("/console/bulk", "cs.lead", {**sent, "_view": "stage=received"})
    assert answer.status == 200
    assert "已分派 2 件，共 4 件" in answer.text
    done, unknown, odd, last = results(answer.text)
    assert (done[1], last[1]) == ("已分派", "已分派")
    assert unknown[1].startswith("未完成：")
    assert (odd[0], odd[1].startswith("未完成：")) == ("", True)
    assert 'href="/console/queue?stage=received"' in answer.text
    held = {one["complaint_id"]: one["assignee"] for one in house.get("/v1/complaints", "cs.lin").json["items"]}
    assert held == {three[0]: "cs.chen", three[1]: None, three[2]: "cs.chen"}


def test_they_are_given_back_to_nobody(house: House, three: list[str]) -> None:
    house.submit("/console/bulk", "cs.lead", {"act": "assign", "assignee": "cs.chen", "id": three})
    house.submit("/console/bulk", "cs.lead", {"act": "assign", "assignee": "none", "id": three[:1]})
    held = {one["complaint_id"]: one["assignee"] for one in house.get("/v1/complaints", "cs.lin").json["items"]}
    assert held == {three[0]: None, three[1]: "cs.chen", three[2]: "cs.chen"}


def test_a_note_that_is_sent_twice_is_written_once_and_no_consumer_sees_it(house: House, three: list[str]) -> None:
    sent = {"act": "note", "note": "仓库回电", "id": three, "_key": "k1"}
    for _ in range(2):
        answer = house.submit("/console/bulk", "quality.he", sent)
        assert [said for _, said in results(answer.text)] == ["已写入备注"] * 3
    house.submit("/console/bulk", "quality.he", {**sent, "note": "又回电", "id": three[:1]})
    assert [notes(house, one) for one in three] == [["仓库回电", "又回电"], ["仓库回电"], ["仓库回电"]]


def test_whoever_may_not_is_told_so_of_each(house: House, three: list[str]) -> None:
    answer = house.submit("/console/bulk", "quality.he", {"act": "assign", "assignee": "cs.lin", "id": three})
    assert {said for _, said in results(answer.text)} == {
        "未完成： 您没有进行此操作的权限，有权限的是：客服部、客服主管。"
    }
    assert 'value="assign"' not in house.look("/console/queue", "quality.he").text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"act": "note", "note": "好"}, "请先选择"),
        ({"act": "note", "note": "好", "id": [str(number) for number in range(MOST + 1)]}, "100"),
        ({"act": "assign", "id": "7K2M9-XD4FQ"}, "请选择"),
        ({"act": "note", "note": " "}, "请先选择"),
        ({"act": "note", "note": " ", "id": "7K2M9-XD4FQ"}, "备注（消费者看不到）：请填写此项。"),
        ({"act": "acknowledge", "id": "7K2M9-XD4FQ"}, "逐件进行"),
    ],
)
def test_what_is_not_whole_is_said_and_what_was_typed_stays(
    house: House, three: list[str], sent: dict[str, str], said: str
) -> None:
    answer = house.submit("/console/bulk", "cs.lin", sent)
    assert answer.status == 422
    (fault,) = re.findall(r'role="alert">(.*?)</p>', answer.text)
    assert said in fault
    assert f">{sent.get('note', '')}</textarea>" in answer.text
    assert [notes(house, one) for one in three] == [[], [], []]


def test_what_was_picked_stays_so(house: House, three: list[str]) -> None:
    answer = house.submit("/console/bulk", "cs.lin", {"act": "assign", "id": three[1]})
    assert re.findall(r'value="([^"]+)" checked', answer.text) == [three[1]]


def test_from_what_was_found_by_words_one_comes_back_to_that(house: House) -> None:
    complaint_id = house.file(description="台灯不亮")["complaint_id"]
    fields = {"id": complaint_id, "act": "note", "note": "已致电。", "_view": "stage=received", "words": "不亮"}
    done = house.submit("/console/bulk", "cs.lin", fields).text
    assert '<input type="hidden" name="words" value="不亮">' in done
    again = house.submit("/console/queue", "cs.lin", {"_view": "stage=received", "words": "不亮"}).text
    assert complaint_id in again
