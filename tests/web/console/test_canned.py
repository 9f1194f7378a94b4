"""Canned words on pages: their list for each reader, and how they come into a form."""

import re

from chalicelib.adapters import canned as counts
from chalicelib.casework.canned import Offered
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.console import canned
from chalicelib.web.console.door import Sent
from tests.house import House

from .test_doing import at, done, hidden

SORRY = Offered("sorry", "致歉", "给您带来不便，我们诚恳地向您道歉。")
ASK = ACTIONS[Action.REQUEST_INFORMATION]


def test_staff_read_the_words_of_every_department_their_own_first(house: House) -> None:
    counts.add("2026-10", ["defect_found", "defect_found", "sorry"], house.now)
    counts.add("2026-09", ["sorry"], house.now)
    page = house.look("/console/words", "quality.he", Accept_Language="zh-CN")
    assert page.status == 200
    assert page.text.index("<h2>品质管理部") < page.text.index("<h2>客服部") < page.text.index("<h2>物流部")
    found = page.text.split('<tr id="words-defect_found">')[1].split("</tr>")[0]
    assert re.findall(r">(\d+)</td>", found) == ["2", "0"]
    assert re.findall(r">(\d+)</td>", page.text.split('<tr id="words-sorry">')[1].split("</tr>")[0]) == ["1", "1"]
    assert "{product_name}" in page.text
    english = house.look("/console/words?locale=en", "quality.he", Accept_Language="zh-CN")
    assert "A defect" in english.text
    assert house.look("/console/words?locale=fr", "quality.he").status == 422


def test_without_a_script_the_words_that_are_chosen_stand_at_the_end_of_the_first_text() -> None:
    asked = canned.put_in(ASK, canned.chosen("sorry"), [SORRY])
    assert (asked.one("question"), canned.used_in(asked)) == (SORRY.text, ["sorry"])
    typed = Sent(fields={"question": ["壶底的批号？"], "_words": ["sorry"], "more": ["_words"], "_canned": ["x"]})
    again = canned.put_in(ASK, typed, [SORRY])
    assert again.one("question") == f"壶底的批号？\n{SORRY.text}"
    assert canned.used_in(again) == ["x", "sorry"]


def test_nothing_is_put_in_that_is_not_offered_or_was_not_asked_for() -> None:
    for fields in ({"_words": ["other"], "more": ["_words"]}, {"_words": ["sorry"]}, {"more": ["_words"]}):
        sent = Sent(fields=fields)
        assert canned.put_in(ASK, sent, [SORRY]) == sent
    assert canned.put_in(ACTIONS[Action.ASSIGN], canned.chosen("sorry"), [SORRY]) == canned.chosen("sorry")


def test_words_that_a_link_names_stand_in_the_form_and_are_counted_once_it_is_done(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    page = house.look(at(complaint_id, "ask", words="ask_photographs"), "cs.lin", Accept_Language="zh-CN")
    assert "请您补充“电热水壶 1.7L”问题部位" in page.text.split("<textarea")[1]
    along = hidden(page)
    assert along["_canned"] == "ask_photographs"
    more = {"_words": "sorry", "more": "_words", "question": "厚度够吗？", "department": "quality"}
    again = done(house, complaint_id, "ask", "cs.lin", along | more)
    assert again.status == 200
    assert "厚度够吗？\n给您带来不便" in again.text
    assert counts.used("2026-10") == {}
    sent = {"question": "厚度够吗？", "department": "quality"} | hidden(again)
    assert done(house, complaint_id, "ask", "cs.lin", sent).status == 303
    assert counts.used("2026-10") == {"ask_photographs": 1, "sorry": 1}


def test_words_for_the_consumer_are_in_their_language_and_name_them_to_who_may_know(house: House) -> None:
    english = house.file(locale="en")["complaint_id"]
    page = house.look(at(english, "acknowledge"), "cs.lin", Accept_Language="zh-CN")
    assert 'data-text="Dear 王芳, your complaint' in page.text
    assert "给您带来不便" not in page.text
    house_words = house.look(at(english, "call"), "cs.lin", Accept_Language="zh-CN")
    assert "给您带来不便" in house_words.text
