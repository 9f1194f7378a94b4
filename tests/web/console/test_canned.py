"""Canned words on pages: their list for each reader, and how they come into a form."""

from chalicelib.adapters import canned as counts
from chalicelib.casework.canned import Offered
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.console import canned
from chalicelib.web.console.door import Sent
from tests.house import House

SORRY = Offered("sorry", "致歉", "给您带来不便，我们诚恳地向您道歉。")
ASK = ACTIONS[Action.REQUEST_INFORMATION]


def test_staff_read_the_words_of_every_department_their_own_first(house: House) -> None:
    counts.add("2026-10", ["defect_found", "defect_found", "sorry"], house.now)
    counts.add("2026-09", ["sorry"], house.now)
    page = house.look("/console/words", "quality.he", Accept_Language="zh-CN")
    assert page.status == 200
    assert page.text.index("<h2>品质管理部") < page.text.index("<h2>客服部") < page.text.index("<h2>物流部")
    found = page.text.split('<tr id="words-defect_found">')[1].split("</tr>")[0]
    assert found.endswith("<td>2</td><td>0</td>")
    assert page.text.split('<tr id="words-sorry">')[1].split("</tr>")[0].endswith("<td>1</td><td>1</td>")
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
