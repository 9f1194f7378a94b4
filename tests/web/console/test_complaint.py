"""The page of a complaint: what staff read of it, and what it costs."""

import re
import string
from collections.abc import Iterator
from html import escape, unescape
from typing import Any, get_args

import boto3
import pytest
from pydantic import BaseModel

from chalicelib.adapters import store
from chalicelib.casework.erase import erase
from chalicelib.casework.repeats import relate
from chalicelib.casework.ring import ring
from chalicelib.domain.complaint import events
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.console import complaint, timeline
from chalicelib.web.console.page import in_language, words
from chalicelib.web.console.timeline import GAP, SORTS, sort_of
from tests.examples import EXAMPLES, PLAN
from tests.house import House
from tests.web.uploads import upload

RESOURCES = {
    "assess_safety": "safety-assessment",
    "tell_authority": "authority-reports",
    "take_interim_measure": "interim-measures",
}
QUESTION = "壶身为什么会裂？"


def page_of(house: House, complaint_id: str, who: str = "cs.lin", query: str = "") -> str:
    answer = house.look(f"/console/complaints/{complaint_id}{query}", who, Accept_Language="zh-CN")
    assert answer.status == 200, answer
    return unescape(answer.text)


def at_work(house: House) -> str:
    """What 王芳 filed, with a danger, a question to quality and one to her, an answer, a note, a call, and a time
    missed."""
    complaint_id: str = house.bring_to("planning", description="收到就是裂的。<b>烫伤</b>了孩子的手。")["complaint_id"]
    house.do(complaint_id, "inquiries", {"department": "quality", "question": QUESTION})
    house.do(complaint_id, "notes", {"text": "消费者愿意等。", "public": True})
    house.do(complaint_id, "information-requests", {"question": "能否再拍一张壶底？"})
    house.do(complaint_id, "information", {"text": "照片发了。"})
    update = {"status": "damaged", "text": "外箱有压痕。", "carrier": "顺丰", "tracking_number": "SF-77"}
    house.do(complaint_id, "delivery-updates", update, "logistics.gao")
    house.do(complaint_id, "calls", {"about": "safety", "reached": False, "note": "无人接听"})
    house.pass_time(hours=90)
    ring(complaint_id, house.now)
    return complaint_id


def test_all_that_is_known_of_a_complaint_stands_on_its_page(house: House) -> None:
    complaint_id = at_work(house)
    text = page_of(house, complaint_id)
    for said in (
        *("拟定处理方案", "已逾期9小时", "未分派（客服部）", "安全：须立即处理"),
        *("E20261009-0042", "云杉家电旗舰店", "老年人", "AS-2026-0042", "59.90 元"),
        *("王芳", 'href="tel:+8613800138000"', "wang@example.cn", "简体中文"),
        *("订单属实，照片显示壶身开裂。", "承运方", "包装破损"),
        *(QUESTION, "能否再拍一张壶底？", "照片发了。", "外箱有压痕。", "SF-77", "致电消费者，未接通", "无人接听"),
        *("逾期：本阶段", "消费者愿意等。", "消费者可见"),
    ):
        assert said in text, said


def test_what_people_typed_is_text_and_never_markup(house: House) -> None:
    complaint_id = at_work(house)
    answer = house.look(f"/console/complaints/{complaint_id}", "cs.lin")
    assert escape("<b>烫伤</b>了孩子") in answer.text
    assert "<b>烫伤" not in answer.text


def test_it_is_read_in_one_round_trip_with_its_contact_and_its_notices(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    page_of(house, complaint_id)
    with house.counting() as calls:
        page_of(house, complaint_id)
    assert calls == ["dynamodb:Query"]
    with house.counting() as calls:
        earlier = page_of(house, complaint_id, query="?before=3")
    assert calls == ["dynamodb:Query", "dynamodb:BatchGetItem"]
    assert "受理了投诉" in earlier
    assert "提交了调查报告" not in earlier
    assert "+8613800138000" in earlier


def test_a_very_long_one_in_two(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "END", 3)
    complaint_id = house.bring_to("closed")["complaint_id"]
    with house.counting() as calls:
        text = page_of(house, complaint_id)
    assert [one for one in calls if "dynamodb" in one] == ["dynamodb:Query", "dynamodb:BatchGetItem"]
    assert "+8613800138000" in text
    assert "?before=" in text


def test_of_a_long_one_the_newest_are_shown_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(complaint, "SHOWN", 2)
    complaint_id = house.bring_to("planning")["complaint_id"]
    text = page_of(house, complaint_id)
    assert "受理了投诉" in text
    assert "提交了投诉" not in text
    assert f"/console/complaints/{complaint_id}?before=2#history" in text
    assert "第2条至第3条完整" in text
    assert "提交了投诉" in page_of(house, complaint_id, query="?before=2")


def test_what_happened_is_shown_by_sorts(house: House) -> None:
    complaint_id = at_work(house)
    clocks = page_of(house, complaint_id, query="?sort=clocks")
    assert "逾期：本阶段" in clocks
    assert "受理了投诉" not in clocks
    assert "受理了投诉" in page_of(house, complaint_id, query="?sort=steps")
    assert "没有此类记录" in page_of(house, complaint_id, query="?sort=files")
    assert "受理了投诉" in page_of(house, complaint_id, query="?sort=nonsense")


def test_the_chain_of_hashes_is_checked_and_a_changed_entry_is_named(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    assert "记录已核对：共3条，完整，未被改动。" in page_of(house, complaint_id)
    table = boto3.resource("dynamodb").Table(house.environment["REDRESS_TABLE"])
    key = {"pk": f"RECORD#{complaint_id}", "sk": "ENTRY#00000002"}
    entry = table.get_item(Key=key)["Item"]
    table.put_item(Item={**entry, "entry": str(entry["entry"]).replace("cs.lin", "cs.chen")})
    assert "校验链在第2条断开" in page_of(house, complaint_id)
    assert "已核对校验链：第1条至第1条完整" in page_of(house, complaint_id, query="?before=2")


def test_a_photograph_is_shown_and_all_else_is_saved(house: House) -> None:
    receipt = house.bring_to("investigating")
    complaint_id = receipt["complaint_id"]
    photograph = upload(house, receipt)
    letter = upload(house, receipt, "cs.lin", b"ten years", file_name="保修单.txt", content_type="image/jpeg")
    wrong = upload(house, receipt, "cs.lin", b"MZ\0\0 a program", file_name="a.jpg")
    text = page_of(house, complaint_id)
    address = f"/console/complaints/{complaint_id}/evidence"
    assert f'<img class="thumb" src="{address}/{photograph}"' in text
    assert f'src="{address}/{letter}"' not in text
    assert f'href="{address}/{letter}"' in text
    assert f'href="{address}/{wrong}"' not in text
    assert "我们不接收程序或快捷方式" in text
    assert not re.search(r"(?:</a>|</span>)<span class=\"hint\">", text[text.index('class="files"') :])
    saved = house.look(f"{address}/{letter}", "quality.he")
    assert saved.status == 302
    assert "response-content-disposition=attachment" in saved.headers["location"]
    assert house.look(f"{address}/99", "quality.he").status == 404


def test_what_may_be_done_about_a_part_stands_beside_it_for_whoever_may(house: House) -> None:
    complaint_id = at_work(house)
    answering = f'href="/console/complaints/{complaint_id}?act=answer_inquiry&part=1#act"'
    assert answering in page_of(house, complaint_id, "quality.he")
    assert answering not in page_of(house, complaint_id, "logistics.gao")
    assert answering not in page_of(house, complaint_id, "cs.lin")
    taking_back = f"/console/complaints/{complaint_id}?act=retract_note&part="
    assert taking_back in page_of(house, complaint_id, "cs.lin")
    assert taking_back in page_of(house, complaint_id, "cs.lead")
    assert taking_back not in page_of(house, complaint_id, "quality.he")


def test_plans_stand_by_rounds_with_what_was_answered(house: House) -> None:
    complaint_id = house.bring_to("awaiting_consumer")["complaint_id"]
    house.do(complaint_id, "feedback", {"satisfied": False, "opinion": "运费谁出？"})
    house.do(complaint_id, "resolution-plan", PLAN | {"summary": "运费也退给您。"})
    text = page_of(house, complaint_id)
    assert text.index("第2轮方案") < text.index("运费也退给您。") < text.index("第1轮方案") < text.index("运费谁出？")
    assert "尚未答复" in text


def test_how_the_consumer_is_reached_is_masked_for_whoever_does_not_work_on_it(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    for path in (complaint_id, f"{complaint_id}/print"):
        text = page_of(house, path, "quality.he")
        assert "+8613800138000" not in text
        assert "wang@example.cn" not in text
        assert "tel:" not in text


def test_a_danger_that_was_assessed_and_reported(house: House) -> None:
    complaint_id = house.file(description="漏电，烫伤了孩子的手。")["complaint_id"]
    for action in ("assess_safety", "tell_authority", "take_interim_measure"):
        one = EXAMPLES[action]
        assert house.do(complaint_id, RESOURCES[action], one.body, one.who).status in (200, 201)
    text = page_of(house, complaint_id)
    for said in ("识别到的用语", "市场监督管理部门", "2026-0042", "已电话报告。", "尚未与消费者通话"):
        assert said in text, said
    assert "|" not in text.partition("识别到的用语")[2].partition("</p>")[0], "a pattern says nothing to people"


def test_what_is_merged_asked_how_it_was_or_erased_has_a_page_too(house: House) -> None:
    own, other = (house.file()["complaint_id"] for _ in range(2))
    house.do(own, "merger", {"into": other})
    assert f"已并入{other}" in page_of(house, own)
    assert f'href="/console/complaints/{other}"' in page_of(house, own)
    receipt = house.asked()
    asked = receipt["complaint_id"]
    answer = {**EXAMPLES["answer_survey"].body, "overall": 1, "words": "太慢了"}
    path = f"/v1/complaints/{asked}/survey"
    assert house.post(path, answer, token=receipt["consumer_token"]).status == 201
    assert "太慢了" not in page_of(house, asked)
    assert "写了评语" in page_of(house, asked)
    assert "太慢了" in page_of(house, asked, "cs.lead")
    gone = house.file()["complaint_id"]
    house.do(gone, "withdrawal", {"reason": "已经解决了"})
    erase(gone, house.now)
    text = page_of(house, gone)
    assert "文字已删除" in text
    assert "没有联系方式" in text
    assert "条，完整，未被改动" in text


def test_a_merger_offers_what_it_is_related_to_and_another_number_can_be_typed(house: House) -> None:
    first, closed, own = (house.file()["complaint_id"] for _ in range(3))
    house.do(closed, "withdrawal", {"reason": "已经解决了"})
    relate(own, [first, closed], house.now, first)
    with house.counting() as calls:
        text = page_of(house, own, query="?act=merge")
    assert calls.count("dynamodb:BatchGetItem") == 1
    offered = re.findall(r'<input type="radio" name="into" value="([^"]*)"( checked)?> <bdi>(.*?)</bdi></label>', text)
    [(number, chosen, called)] = [one for one in offered if one[0] == first]
    assert (number, chosen, called.split("，")[0], called.split("，")[-1]) == (first, " checked", first, "待受理")
    assert closed not in [one[0] for one in offered]
    assert '<input id="f-into-typed" name="into" value=""' in text
    with house.counting() as calls:
        page_of(house, own)
    assert calls == ["dynamodb:Query"]


def test_the_next_step_stands_before_the_links_to_the_parts(house: House) -> None:
    text = page_of(house, house.file()["complaint_id"])
    assert text.index("<aside>") < text.index('aria-label="本页内容"') < text.index('<section id="filed"')


def test_of_who_answers_for_a_missed_time_only_four_read(house: House) -> None:
    complaint_id = house.heard()["complaint_id"]
    for who, knows in (("cs.lin", True), ("cs.lead", True), ("cs.chen", False), ("quality.he", False)):
        assert ("cs.lin可在" in page_of(house, complaint_id, who)) is knows, who


def test_what_the_consumer_wrote_in_another_language_says_which(house: House) -> None:
    complaint_id = house.bring_to("awaiting_consumer")["complaint_id"]
    theirs = '<p class="typed" dir="auto"%s>收到就是裂的，客服一直不给换。</p>'
    english = house.look(f"/console/complaints/{complaint_id}", "cs.lin", Accept_Language="en").text
    assert theirs % ' lang="zh-CN"' in english
    assert english.count(' lang="zh-CN"') >= 5, "the plan too, and the language of the page in the footer"
    assert theirs % "" in page_of(house, complaint_id)


def test_one_comes_back_to_the_view_from_which_one_came(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    text = page_of(house, complaint_id, query="?view=stage%3Dreceived%26evil%3Dx&done=note")
    assert 'href="/console/queue?stage=received"' in text
    assert 'href="/console/next?view=stage%3Dreceived"' in text
    assert "evil" not in text
    assert "/console/next" not in page_of(house, complaint_id)


def test_no_page_of_what_is_not_there(house: House) -> None:
    for path in ("2222B-22222", "nonsense", "2222B-22222/print", "2222B-22222/files"):
        assert house.look(f"/console/complaints/{path}", "cs.lin").status == 404


# ---- the words -------------------------------------------------------------------------------------------------------


def names_in(model: type[BaseModel]) -> Iterator[str]:
    """The names of all fields that data of a model can have, at any depth."""
    for name, field in model.model_fields.items():
        yield name
        yield from names_in_type(field.annotation)


def names_in_type(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from names_in(annotation)
    for one in get_args(annotation):
        yield from names_in_type(one)


@pytest.mark.parametrize("locale", get_args(Locale))
def test_every_kind_of_event_has_a_sentence_whose_values_it_has(locale: Locale) -> None:
    said = words(locale)
    for kind in events.KINDS:
        assert f"complaint.entry.{kind.__name__}" in said
        known = set(names_in(kind))
        own = [one for key, one in said.items() if key.split(".")[:3] == ["complaint", "entry", kind.__name__]]
        for sentence in own:
            named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            assert named <= known, (kind, named - known)


def test_every_sort_of_what_happened_has_entries() -> None:
    assert {sort_of(kind.model_construct()) for kind in events.KINDS} == set(SORTS)


def test_what_repeats_one_that_was_known_already_says_so_and_names_none(house: House) -> None:
    first, own = (house.file()["complaint_id"] for _ in range(2))
    relate(own, [first], house.now)
    relate(own, [first], house.now, by=("order",))
    for path in (f"/console/complaints/{own}", f"/console/complaints/{own}/print"):
        text = house.look(path, "cs.lin", Accept_Language="zh-CN").text
        assert words("zh-CN")["complaint.entry.RelatedFound.without"] in text, path
        assert f"发现相关投诉：{first}" in text


@pytest.mark.parametrize("locale", get_args(Locale))
def test_what_an_entry_does_not_say_leaves_a_gap_and_is_no_fault(house: House, locale: Locale) -> None:
    say = in_language(locale, house.now)
    assert GAP in timeline.sentence("EvidenceReceived", {}, say) or GAP in timeline.sentence("DeadlineMissed", {}, say)
    for key in words(locale):
        if key.startswith("complaint.entry."):
            assert timeline.sentence(key.split(".")[2], {}, say)
