"""What somebody reads on their first day, who knows none of the house's own words."""

import re

import pytest

from chalicelib.web.console import dangers
from tests.examples import PLAN, REPORT
from tests.house import House

from .test_doing import at, hidden

ALLERGY = "(全身|皮肤|头皮)…过敏"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def looked(house: House, complaint_id: str, act: str = "", who: str = "cs.lin") -> str:
    return house.look(at(complaint_id, act), who, Accept_Language="zh-CN").text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([ALLERGY, "过敏", "(起|长)…(疹|水泡)"], ["头皮红肿过敏", "起了疹"]),
        (["explod*"], ["Exploded"]),
        (["漏電"], ["漏电"]),
        (["(去|看|挂|到)(了|)(儿科|骨科)"], ["去/看/挂儿科/骨科"]),
    ],
    ids=["what is part of another is left out", "any ending", "any script", "what is not there any more"],
)
def test_dangers_are_told_in_the_words_of_the_consumer(words: list[str], said: list[str]) -> None:
    assert dangers.as_said(words, ["用完头皮红肿过敏，起了疹子。", "It Exploded. 还漏电。"]) == said


def test_no_pattern_of_the_house_stands_on_a_page(house: House) -> None:
    burnt = house.file(description="用完头皮过敏起疹子，去医院看了皮肤科。")["complaint_id"]
    page = looked(house, burnt)
    assert "头皮过敏" in page
    assert not re.search(r"\([一-鿿|]+\|", page)


def test_a_report_asks_for_what_this_complaint_needs_and_for_nothing_else(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    assert 'name="without_inquiries"' not in looked(house, complaint_id, "report")
    house.do(complaint_id, "inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    asked = re.search(r'<textarea name="without_inquiries"[^>]*>', looked(house, complaint_id, "report"))
    assert asked
    assert "required" in asked[0]


def test_what_was_seen_before_is_sent_from_where_it_is_seen(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    form = hidden(house.look(at(complaint_id, "propose_plan"), "cs.lin"))
    blank = looked(house, complaint_id, "propose_plan")
    assert 'form="do"' not in blank
    typed = {
        "methods.0.kind": "refund",
        "methods.0.detail": "原路退回",
        "methods.0.amount.value": "59.90",
        "methods.0.amount.currency": "CNY",
        "summary": PLAN["summary"],
        "complete_within_days": "5",
        "follow_up_measures.0": "三天后回访",
    }
    seen = house.submit(f"/console/complaints/{complaint_id}/acts/propose_plan", "cs.lin", form | typed).text
    assert seen.index('id="preview"') < seen.index('form="do"') < seen.index('<form id="do"')


def test_how_a_plan_stands_with_legal_is_said_at_each_step(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    assert house.do(complaint_id, "investigation-report", REPORT | {"legal_issue": True}).status == 200
    assert "方案先保存为草稿" in looked(house, complaint_id)
    assert house.do(complaint_id, "plan-draft", PLAN).status == 200
    assert "等待审核" in looked(house, complaint_id)
    refused = {"approved": False, "advice": "请写明法律依据。"}
    assert house.do(complaint_id, "legal-review", refused, who="legal.xu").status == 200
    page = looked(house, complaint_id)
    assert "法务部不同意最新的草稿：请写明法律依据。" in re.sub("<[^>]*>", "", page)
    assert "plan-draft" not in page


def test_each_reason_is_given_once_for_all_that_it_stands_against(house: House) -> None:
    page = looked(house, house.file()["complaint_id"])
    reasons = re.findall(r"<dd>(这件投诉目前处于[^<]*)</dd>", page)
    assert len(reasons) == 1
    assert "提交调查报告、发出处理方案" in page


def test_a_question_is_due_when_its_own_time_is_over(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    assert house.do(complaint_id, "information-requests", {"question": "请提供照片。"}).status == 201
    page = looked(house, complaint_id)
    due = re.search(r"请消费者补充信息，(.*?)前答复", re.sub("<[^>]*>", "", page))
    shown = re.search(r'<section id="questions".*?</section>', page, re.S)
    assert due
    assert shown
    assert due[1] in re.sub("<[^>]*>", "", shown[0])


def test_dangers_come_first_and_an_auditor_is_told_where_to_read(house: House) -> None:
    burnt = house.file(description="充电时爆炸，手被烫伤了。")["complaint_id"]
    assert house.do(burnt, "assignment", {"assignee": "cs.lin"}).status == 200
    home = house.look("/console", "cs.lin", Accept_Language="zh-CN").text
    assert home.index("安全事项，先处理这些") < home.index(burnt) < home.index("我承办的，最先到期的在前")
    assert "全部投诉都可以在这里查阅" in house.look("/console", "audit.qin", Accept_Language="zh-CN").text
