"""Operating data on the screen (8.1): each part in words, changed by a form, confirmed by a second person."""

import html
import re

import pytest

from chalicelib.domain.policy.quiz import packaged_quiz
from chalicelib.web.console import forms
from chalicelib.web.languages import NATIVE
from tests.house import Answer, House
from tests.rights import STAFF
from tests.web.piece import read

from .filled import sent

PATH = "/console/policy/operating"
DRAFTERS = {"customer_service", "legal", "supervisor", "management"}
WORDS = "canned_words.received.zh-CN"
TEXT = "{consumer_name}您好，投诉 {complaint_id} 已受理。"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def change(house: House, rule: str, content: object, who: str = "cs.lin", reasons: str = "说得更短。") -> Answer:
    form = read(house.look(f"{PATH}/changes?rule={rule}", "cs.lin").text).one("form", id="do")
    typed = forms.sent_of({"rule": content, "reasons": reasons} if content else {"reasons": reasons}).fields
    return house.submit(f"{PATH}/changes", who, {**sent(form).fields, **typed})


def amendment(house: House, answer: Answer) -> str:
    assert answer.status == 303, answer.text
    return answer.headers["location"].removeprefix("/console/")


@pytest.mark.parametrize("locale", NATIVE)
def test_each_part_is_read_in_words(house: House, locale: str) -> None:
    cookie = f"{house.signed_in('quality.he')['Cookie']}; redress-language={locale}"
    for asked in ("", "?part=canned_words", "?part=triage&locale=zh-CN", "?part=causes", "?part=quiz"):
        text = house.look(f"{PATH}{asked}", "quality.he", Cookie=cookie).text
        said = re.sub(r"<[^>]+>", " ", text.partition("<main")[2])
        assert not re.findall(r"operating\.|None|_minutes|\{'", said), (asked, said)
        assert "/changes?" not in text, "quality does not draft"
    assert "?part=triage" in house.look(PATH, "audit.qin").text


def test_whoever_may_be_asked_reads_no_answers(house: House) -> None:
    question = packaged_quiz()[0]
    pages = (f"{PATH}?part=quiz", f"{PATH}/changes?rule=quiz.{question.id}")
    for page in pages:
        text = html.unescape(house.look(page, "cs.lin").text)
        assert question.asks["zh-CN"] in text
        answers = [spoken[locale] for spoken in (question.right, *question.wrong) for locale in NATIVE]  # type: ignore[index]
        assert not [one for one in answers if one in text]


def test_a_change_is_proposed_by_one_and_confirmed_by_another_person(house: House) -> None:
    name = amendment(house, change(house, WORDS, {"name": "受理回复", "text": TEXT, "department": "customer_service"}))
    view = house.get(f"/v1/{name}", "legal.xu").json
    assert (view["document"], view["stage"], view["reasons"]) == ("operating", "draft", "说得更短。")
    [different] = view["diff"]
    assert view["summary"] == different["words"]
    assert len(view["changes"]["canned_words"]) == len(
        house.get("/v1/policy/operating", "legal.xu").json["operating"]["canned_words"]
    )
    assert f'href="/console/{name}"' in house.look(PATH, "legal.xu").text
    assert house.post(f"/v1/{name}/submission", {}, "cs.lin").status == 200
    assert house.post(f"/v1/{name}/approval", {"approved": True}, "cs.lin").status == 403
    assert house.post(f"/v1/{name}/approval", {"approved": True}, "legal.xu").json["stage"] == "approved"


def test_what_is_refused_is_said_beside_what_was_typed(house: House) -> None:
    kept = house.items_kept()
    odd = change(house, WORDS, {"name": "受理", "text": "您好，{nobody}", "department": "customer_service"}, reasons="")
    assert odd.status == 422
    form = read(odd.text).one("form", id="do")
    assert "您好，{nobody}" in odd.text
    assert {"f-rule.text-fault", "f-reasons-fault"} <= {one.given.get("id") for one in form.all("p")}
    same = change(house, WORDS, None)
    assert (same.status, "没有" in same.text) == (422, True)
    assert house.look(f"{PATH}/changes?rule=clocks.received", "cs.lin").status == 404, "it is a rule"
    assert house.look(f"{PATH}/changes?rule=canned_words.nothing.en", "cs.lin").status == 404
    assert house.items_kept() == kept


def test_a_form_that_is_sent_twice_begins_one_amendment(house: House) -> None:
    form = read(house.look(f"{PATH}/changes?rule=told_together_minutes", "cs.lin").text).one("form", id="do")
    fields = {**sent(form).fields, "rule": "9", "reasons": "少打扰。"}
    first, again = (house.submit(f"{PATH}/changes", "cs.lin", fields) for _ in range(2))
    assert amendment(house, first) == amendment(house, again)


def test_nobody_else_begins_one(house: House) -> None:
    kept = house.items_kept()
    for group in sorted(STAFF - DRAFTERS):
        assert change(house, WORDS, None, group).status == 403, group
    assert house.items_kept() == kept


def test_the_canned_words_lead_to_how_they_are_changed(house: House) -> None:
    text = house.look("/console/words?locale=en", "cs.lin").text
    assert f'href="{PATH}?part=canned_words&amp;locale=en"' in text
