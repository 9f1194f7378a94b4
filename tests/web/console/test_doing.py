"""What is done by a form of a complaint's page: each action by its own form, once, on what its reader has seen."""

import re
from html import unescape
from typing import Any
from urllib.parse import quote_plus

import pytest

from chalicelib.casework import canned, preview, verbs
from chalicelib.domain.complaint import submissions
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.people import staff
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.console import forms
from chalicelib.web.console.page import words
from chalicelib.web.console.panel import BY_SCRIPT
from chalicelib.web.door import read_as
from infra.local.staff import STAFF
from tests.examples import OWNER, PLAN, REPORT, example
from tests.house import Answer, House
from tests.rights import RIGHTS
from tests.web.examples import ready_for

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
TAKES_NO_PART = {"answer_survey": "audit.qin", "decline_survey": "audit.qin"}
OF_WHICH = {"accept_plan": {}, "object_to_plan": {"opinion": "太慢了。"}, "undo_merger": {}, "decline_survey": {}}
"""What is typed where one submission stands for two actions."""


def at(complaint_id: str, action: str = "", **more: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in ({"act": action} | more).items() if value)
    return f"/console/complaints/{complaint_id}?{asked}"


def hidden(answer: Answer) -> dict[str, str]:
    """What the form of a page sends along."""
    assert answer.headers["content-type"].startswith("text/html"), answer.text
    return {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}


def typed(content: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [*values] for name, values in forms.sent_of(content).fields.items()}


def done(house: House, complaint_id: str, action: str, who: str, fields: dict[str, Any]) -> Answer:
    return house.submit(f"/console/complaints/{complaint_id}/acts/{action}", who, fields)


def version(house: House, complaint_id: str) -> int:
    return int(house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["version"])


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


# ---- each action -----------------------------------------------------------------------------------------------------


def operation_of(action: str) -> str:
    return next(name for name, right in RIGHTS.items() if action in right.does and not name.endswith("_of_finding"))


def made_ready(house: House, action: str) -> tuple[str, dict[str, Any]]:
    """A complaint about which it can be done, and what is typed."""
    operation = operation_of(action)
    complaint_id = ready_for(house, operation)["complaint_id"]
    content = OF_WHICH.get(action, example(operation).body)
    if action in ("merge", "undo_merger"):
        other = house.file()["complaint_id"]
        content = {"into": other} if action == "merge" else {}
        if action == "undo_merger":
            assert house.do(complaint_id, "merger", {"into": other}).status == 200
    return complaint_id, content


SHOWN_AT_ONCE = ("view_contact",)
"""What it gives stands on the page that answers it, once: see `test_contact.py`."""


@pytest.mark.parametrize("action", [one for one in ACTIONS if one not in (*BY_SCRIPT, *SHOWN_AT_ONCE)])
def test_each_action_is_done_by_the_form_that_the_page_has_for_it(house: House, action: Action) -> None:
    complaint_id, content = made_ready(house, action)
    usual = example(operation_of(action)).who
    who = TAKES_NO_PART.get(action, "cs.lin" if usual == OWNER else usual)
    page = house.look(at(complaint_id, action), who)
    for name in typed(content):
        said_by_action = name in ("round", "decline", "without_inquiries")
        assert said_by_action or f'name="{name.partition(".")[0]}' in page.text, name
    answer = done(house, complaint_id, action, who, hidden(page) | typed(content))
    if answer.status == 200:  # what the consumer will read is shown first
        answer = done(house, complaint_id, action, who, hidden(answer) | typed(content))
    assert (answer.status, answer.headers.get("location")) == (
        303,
        f"/console/complaints/{complaint_id}?done={action}#main",
    ), answer.text
    assert house.look(answer.headers["location"].removesuffix("#main"), who).status == 200


OF_LINKS = (Action.REPLACE_LINK, Action.CORRECT_CONTACT, Action.RETRACT_NOTE)


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in (*BY_SCRIPT, *OF_LINKS)])
def test_what_consumers_are_told_of_at_once_can_be_seen_before(house: House, action: Action) -> None:
    complaint_id, content = made_ready(house, action)
    if action is Action.NOTE:
        content = content | {"public": True}
    usual = example(operation_of(action)).who
    who = TAKES_NO_PART.get(action, "cs.lin" if usual == OWNER else usual)
    part = hidden(house.look(at(complaint_id, action), who)).get("_part")
    actor = staff(who, frozenset(STAFF[who]))
    submission: Any = read_as(ACTIONS[action], forms.handed_in(action, forms.sent_of(content)))
    told = preview.foreseen(complaint_id, submission, actor, house.now, part)
    assert bool(told) == (action in preview.FORESEEN)


@pytest.mark.parametrize("action", [*ACTIONS])
def test_each_action_is_called_something_in_each_language(action: Action) -> None:
    for locale in ("zh-CN", "zh-TW", "en"):
        assert f"acts.{action}.name" in words(locale)  # type: ignore[arg-type]


def test_nothing_else_is_an_action(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    for name in ("file", "lapse", "explode"):
        assert done(house, complaint_id, name, "cs.lin", {}).status == 404


def test_what_is_another_departments_is_refused_and_said_on_the_page(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    answer = done(house, complaint_id, "acknowledge", "legal.xu", {"_seen": "1", "message": "我们已受理。"})
    assert answer.status == 403
    assert ">\n我们已受理。</textarea>" in answer.text
    assert 'acts/acknowledge#doing"' in answer.text
    assert version(house, complaint_id) == 1


def test_what_waits_is_said_before_anybody_tries(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    house.do(complaint_id, "inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    assert "品质管理部尚未答复协查" in house.look(at(complaint_id), "cs.lin", Accept_Language="zh-CN").text
    early = house.look(at(complaint_id, "propose_plan"), "cs.lin", Accept_Language="zh-CN").text
    assert '<p class="waits">这件投诉目前处于' in early
    assert 'id="doing"' not in early


def test_a_plan_begins_with_what_legal_has_approved(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    assert house.do(complaint_id, "plan-draft", PLAN).status == 200
    page = house.look(at(complaint_id, "propose_plan"), "cs.lin").text
    assert f">\n{PLAN['summary']}</textarea>" in page
    assert 'value="59.90"' in page


def test_what_has_one_part_is_about_that_and_of_several_one_is_chosen(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    for question in ("壶身为什么会裂？", "玻璃有多厚？"):
        house.do(complaint_id, "inquiries", {"department": "quality", "question": question})
    page = house.look(at(complaint_id, "answer_inquiry"), "quality.he")
    assert "_part" not in hidden(page)
    assert "?act=answer_inquiry&amp;part=2#doing" in page.text
    answer = hidden(house.look(at(complaint_id, "answer_inquiry", part="2"), "quality.he")) | {"assessment": "太薄。"}
    assert done(house, complaint_id, "answer_inquiry", "quality.he", answer).status == 303
    assert hidden(house.look(at(complaint_id, "answer_inquiry"), "quality.he"))["_part"] == "1"


@pytest.mark.parametrize("part", [{}, {"_part": "99"}, {"_part": "²"}])
def test_what_does_not_say_which_part_it_is_about_is_kept_until_it_does(house: House, part: dict[str, str]) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    for question in ("壶身为什么会裂？", "玻璃有多厚？"):
        house.do(complaint_id, "inquiries", {"department": "quality", "question": question})
    form = hidden(house.look(at(complaint_id, "answer_inquiry", part="2"), "quality.he")) | {"assessment": "太薄。"}
    astray = {name: one for name, one in form.items() if name != "_part"} | part
    answer = done(house, complaint_id, "answer_inquiry", "quality.he", astray)
    assert (answer.status, ">\n太薄。</textarea>" in answer.text) == (404, True)
    assert '<option value="2"' in answer.text
    assert words("zh-CN")["panel.which_first"] in answer.text
    assert "_part" not in hidden(answer)
    chosen = hidden(answer) | {"assessment": "太薄。", "_part": "2"}
    assert done(house, complaint_id, "answer_inquiry", "quality.he", chosen).status == 303


def test_what_was_about_a_part_that_a_colleague_has_done_is_not_about_the_next_by_itself(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    for question in ("壶身为什么会裂？", "玻璃有多厚？"):
        house.do(complaint_id, "inquiries", {"department": "quality", "question": question})
    form = hidden(house.look(at(complaint_id, "answer_inquiry", part="1"), "quality.he")) | {"assessment": "太薄。"}
    house.do(complaint_id, "inquiries/1/answer", {"assessment": "受过挤压。"}, "quality.xie")
    answer = done(house, complaint_id, "answer_inquiry", "quality.he", form)
    assert "_part" not in hidden(answer)
    assert '<option value="2"' in answer.text
    assert f'data-draft="{complaint_id} answer_inquiry 1"' in answer.text, "the browser forgets it once it is done"
    again = done(house, complaint_id, "answer_inquiry", "quality.he", hidden(answer) | {"assessment": "太薄。"})
    assert (again.status, ">\n太薄。</textarea>" in again.text) == (404, True)


# ---- what was typed is not lost --------------------------------------------------------------------------------------


def test_what_is_wrong_stands_beside_its_field_and_all_of_it_on_top_with_what_was_typed(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    form = hidden(house.look(at(complaint_id, "propose_plan"), "cs.lin"))
    answer = done(house, complaint_id, "propose_plan", "cs.lin", form | {"summary": "我们为您全额退款。"})
    assert answer.status == 422
    assert "我们为您全额退款。" in answer.text
    assert '<a href="#f-complete_within_days">' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_who_is_overtaken_sees_the_newest_state_and_keeps_the_text(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    of_lin = hidden(house.look(at(complaint_id, "report"), "cs.lin"))
    of_chen = hidden(house.look(at(complaint_id, "note"), "cs.chen"))
    assert done(house, complaint_id, "note", "cs.chen", of_chen | {"text": "顾客又来电。"}).status == 303

    answer = done(house, complaint_id, "report", "cs.lin", of_lin | typed(REPORT))
    assert answer.status == 412
    assert REPORT["findings"] in answer.text
    assert (
        words("zh-CN")["panel.moved"]
        in house.submit(
            f"/console/complaints/{complaint_id}/acts/report", "cs.lin", of_lin | typed(REPORT), Accept_Language="zh-CN"
        ).text
    )
    now = hidden(answer)
    assert now["_seen"] != of_lin["_seen"]
    assert done(house, complaint_id, "report", "cs.lin", now | typed(REPORT)).status == 303


def test_of_two_at_the_same_moment_one_is_told_and_nothing_is_overwritten(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    of_lin = hidden(house.look(at(complaint_id, "acknowledge"), "cs.lin"))
    of_chen = hidden(house.look(at(complaint_id, "acknowledge"), "cs.chen"))
    with house.meanwhile(lambda: done(house, complaint_id, "acknowledge", "cs.chen", of_chen | {"message": "陈"})):
        answer = done(house, complaint_id, "acknowledge", "cs.lin", of_lin | {"message": "林的话"})
    assert answer.status == 412
    assert "林的话" in answer.text
    entries = house.get(f"/v1/complaints/{complaint_id}/timeline", "cs.lin").json["items"]
    assert [one["actor"]["id"] for one in entries if one["type"] == "ComplaintAcknowledged"] == ["cs.chen"]


def test_without_the_version_that_was_seen_nothing_is_done(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    for seen in ("", "x", "²", "9" * 30):
        assert done(house, complaint_id, "acknowledge", "cs.lin", {"_seen": seen}).status == 412
    assert version(house, complaint_id) == 1


def test_one_more_row_loses_nothing_and_does_nothing(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    form = hidden(house.look(at(complaint_id, "propose_plan"), "cs.lin"))
    answer = done(house, complaint_id, "propose_plan", "cs.lin", form | typed(PLAN) | {"more": "methods"})
    assert answer.status == 200
    assert 'name="methods.1.detail"' in answer.text
    assert PLAN["summary"] in answer.text
    assert version(house, complaint_id) == 3


def test_from_a_form_that_was_refused_one_gets_everywhere(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    page = f"/console/complaints/{complaint_id}"
    refused = done(house, complaint_id, "note", "cs.lin", hidden(house.look(at(complaint_id, "note"), "cs.lin")))
    assert refused.status == 422
    assert not re.findall(r'href="(?!/|#|data:|tel:|https?:)[^"]*"', refused.text)
    assert f'href="{page}?act=call#doing"' in refused.text
    again = house.look(f"{page}/acts/note", "cs.lin")
    assert (again.status, again.headers["location"]) == (303, f"{page}?act=note")


# ---- once ------------------------------------------------------------------------------------------------------------


def test_a_double_click_does_it_once(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    fields = hidden(house.look(at(complaint_id, "note"), "cs.lin")) | {"text": "电话里很着急。"}
    first, second = (done(house, complaint_id, "note", "cs.lin", fields) for _ in range(2))
    assert (first.status, second.status) == (303, 303)
    assert version(house, complaint_id) == 2


def test_who_never_got_the_answer_sends_it_again_and_it_was_done_once(house: House) -> None:
    for number, moment in enumerate(("before", "after")):
        complaint_id = house.file()["complaint_id"]
        fields = hidden(house.look(at(complaint_id, "acknowledge"), "cs.lin")) | {"message": f"已受理{number}。"}
        for _ in house.deaths(lambda: done(house, complaint_id, "acknowledge", "cs.lin", fields), moment):  # noqa: B023
            pass
        assert version(house, complaint_id) == 2


def test_the_same_form_with_another_text_is_shown_what_came_of_the_first(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    form = hidden(house.look(at(complaint_id, "note"), "cs.lin"))
    assert done(house, complaint_id, "note", "cs.lin", form | {"text": "第一次。"}).status == 303
    answer = done(house, complaint_id, "note", "cs.lin", form | {"text": "第二次。"})
    assert (answer.status, version(house, complaint_id)) == (422, 2)
    assert "第二次。" in answer.text
    assert done(house, complaint_id, "note", "cs.lin", hidden(answer) | {"text": "第二次。"}).status == 303


# ---- what the consumer will read -------------------------------------------------------------------------------------


def test_a_plan_goes_out_only_as_it_was_shown(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    form = hidden(house.look(at(complaint_id, "propose_plan"), "cs.lin"))
    shown = done(house, complaint_id, "propose_plan", "cs.lin", form | typed(PLAN))
    assert shown.status == 200
    assert 'id="preview"' in shown.text
    assert "········" in shown.text
    assert version(house, complaint_id) == 3

    changed = done(
        house, complaint_id, "propose_plan", "cs.lin", hidden(shown) | typed(PLAN | {"summary": "改退一半。"})
    )
    assert changed.status == 200
    assert "改退一半。" in changed.text
    sent = done(
        house, complaint_id, "propose_plan", "cs.lin", hidden(changed) | typed(PLAN | {"summary": "改退一半。"})
    )
    assert sent.status == 303


def test_other_words_to_the_consumer_are_shown_to_who_asks(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    form = hidden(house.look(at(complaint_id, "acknowledge"), "cs.lin")) | {"message": "我们已受理。"}
    shown = done(house, complaint_id, "acknowledge", "cs.lin", form | {"_preview": "1"})
    assert shown.status == 200
    assert 'id="preview"' in shown.text
    assert done(house, complaint_id, "acknowledge", "cs.lin", hidden(shown) | {"message": "我们已受理。"}).status == 303


# ---- where one came from ---------------------------------------------------------------------------------------------


def test_the_view_of_the_queue_goes_along(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    place = quote_plus(f"2026-10-10T07:40:00Z#{complaint_id}")
    way = {"view": "stage%3Dreceived", "place": place}
    form = hidden(house.look(at(complaint_id, "note", **way), "cs.lin"))
    answer = done(house, complaint_id, "note", "cs.lin", form | {"text": "着急。"})
    assert answer.headers["location"].endswith(f"?done=note&view=stage%3Dreceived&place={place}#main")
    all_open = hidden(house.look(f"{at(complaint_id, 'note')}&view=&place={place}", "cs.lin")) | {"text": "急。"}
    answer = done(house, complaint_id, "note", "cs.lin", all_open)
    assert answer.headers["location"].endswith(f"?done=note&view=&place={place}#main")
    elsewhere = form | {"text": "着急。", "_view": "https://evil.example/", "_key": "k2", "_seen": "3"}
    assert (
        done(house, complaint_id, "note", "cs.lin", elsewhere)
        .headers["location"]
        .endswith(f"?done=note&place={place}#main")
    )


# ---- who else is at it -----------------------------------------------------------------------------------------------


def test_who_types_hears_who_else_does_and_that_it_has_moved(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    path = f"/console/complaints/{complaint_id}/presence"
    first = house.submit(path, "cs.lin", {"seen": "1"})
    assert (first.status, first.text.strip()) == (200, "")
    house.do(complaint_id, "notes", {"text": "着急。"})
    second = house.submit(path, "cs.chen", {"seen": "1"}, Accept_Language="en")
    assert "cs.lin" in second.text
    assert str(words("en")["panel.near.moved"]) in second.text


# ---- by one name -----------------------------------------------------------------------------------------------------


def test_every_verb_of_its_own_is_of_an_action() -> None:
    assert set(verbs.OF_THEIR_OWN) <= set(ACTIONS)


def test_a_verb_is_done_by_one_name(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    lead = staff("cs.lead", frozenset({"supervisor"}))
    given = submissions.Assignment(assignee="cs.chen")
    state = verbs.do(complaint_id, given, lead, house.now, seen=None, idempotency=None).state
    assert state.assignee == "cs.chen"


# ---- canned words ----------------------------------------------------------------------------------------------------


def test_canned_words_are_put_in_without_a_script_and_counted_once_done(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    page = house.look(at(complaint_id, "acknowledge"), "cs.lin")
    (words_id, text), *_ = re.findall(r'<option value="([^"]+)" data-text="([^"]+)"', page.text)
    form = hidden(page) | {"message": "王女士您好。", "_words": words_id, "more": "_words"}
    put = done(house, complaint_id, "acknowledge", "cs.lin", form)
    assert put.status == 200
    assert f"王女士您好。\n{text}" in put.text
    assert hidden(put)["_canned"] == words_id
    assert canned.used("2026-10").get(words_id, 0) == 0
    sent = hidden(put) | {"message": unescape(f"王女士您好。\n{text}")}
    for _ in range(2):
        assert done(house, complaint_id, "acknowledge", "cs.lin", sent).status == 303
    assert canned.used("2026-10")[words_id] == 1


def test_a_link_can_ask_for_canned_words(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    page = house.look(at(complaint_id, "acknowledge"), "cs.lin")
    (words_id, text), *_ = re.findall(r'<option value="([^"]+)" data-text="([^"]+)"', page.text)
    assert f">\n{text}</textarea>" in house.look(at(complaint_id, "acknowledge", words=words_id), "cs.lin").text
