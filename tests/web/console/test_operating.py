"""Operating data on the screen (8.1): each part in words, changed by a form, confirmed by a second person."""

import html
import re

import pytest

from chalicelib.domain.policy.quiz import packaged_quiz
from chalicelib.web.console import forms
from chalicelib.web.languages import NATIVE
from tests.house import House
from tests.web.piece import read

from .filled import sent

PATH = "/console/policy/operating"
WORDS = "canned_words.received.zh-CN"
TEXT = "{consumer_name}您好，投诉 {complaint_id} 已受理。"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def change(house: House, form: str, content: object, who: str = "cs.lin") -> str:
    """The amendment that is begun, or changed, by a form that the page leads to; below the console."""
    asked = read(house.look(html.unescape(form), who).text).one("form", id="do")
    typed = forms.sent_of({"rule": content, "summary": "常用语说得更短", "reasons": "说得更短。"}).fields
    answer = house.submit(asked.given["action"].partition("#")[0], who, {**sent(asked).fields, **typed})
    assert answer.status == 303, answer.text
    return re.split(r"[?#]", answer.headers["location"])[0].removeprefix("/console/")


def led(house: House, page: str, rule: str, who: str = "cs.lin") -> str:
    """Where the page leads to from a part of the data."""
    [found] = re.findall(rf'href="([^"]*rule={re.escape(rule)})"', house.look(page, who).text)
    return str(found)


@pytest.mark.parametrize("locale", NATIVE)
def test_each_part_is_read_in_words(house: House, locale: str) -> None:
    cookie = f"{house.signed_in('quality.he')['Cookie']}; redress-language={locale}"
    for asked in ("", "?part=canned_words", "?part=triage&locale=zh-CN", "?part=causes", "?part=quiz"):
        text = house.look(f"{PATH}{asked}", "quality.he", Cookie=cookie).text
        said = re.sub(r"<[^>]+>", " ", text.partition("<main")[2])
        assert not re.findall(r"operating\.|None|_minutes|\{'", said), (asked, said)
        assert "rule=" not in text, "quality does not draft"
    assert "?part=triage" in house.look(PATH, "audit.qin").text


def test_whoever_may_be_asked_reads_no_answers(house: House) -> None:
    question = packaged_quiz()[0]
    pages = (f"{PATH}?part=quiz", f"/console/policy/amendments/new?rule=quiz.{question.id}")
    for page in pages:
        text = html.unescape(house.look(page, "cs.lin").text)
        assert question.asks["zh-CN"] in text
        answers = [spoken[locale] for spoken in (question.right, *question.wrong) for locale in NATIVE]  # type: ignore[index]
        assert not [one for one in answers if one in text]


def test_a_change_is_proposed_by_one_and_confirmed_by_another_person(house: House) -> None:
    words = {"name": "受理回复", "text": TEXT, "department": "customer_service"}
    name = change(house, led(house, f"{PATH}?part=canned_words", WORDS), words)
    view = house.get(f"/v1/{name}", "legal.xu").json
    assert (view["document"], view["stage"], view["reasons"]) == ("operating", "draft", "说得更短。")
    assert [one["path"] for one in view["diff"]] == ["canned_words"]
    page = house.look(PATH, "legal.xu").text
    assert f'href="/console/{name}"' in page
    into = name.rpartition("/")[2]
    assert f'href="{PATH}?into={into}"' in page, "more can be changed by it"
    further = led(house, f"{PATH}?into={into}", "told_together_minutes", "legal.xu")
    assert change(house, further, "9", "legal.xu") == name
    view = house.get(f"/v1/{name}", "legal.xu").json
    assert {one["path"] for one in view["diff"]} == {"canned_words", "told_together_minutes"}
    assert house.post(f"/v1/{name}/submission", {}, "cs.lin").status == 200
    assert "into=" not in house.look(PATH, "cs.lin").text, "it is being decided"
    for own in ("cs.lin", "legal.xu"):
        assert house.post(f"/v1/{name}/approval", {"approved": True}, own).status == 403
    assert house.post(f"/v1/{name}/approval", {"approved": True}, "cs.lead").json["stage"] == "approved"


def test_another_amendment_takes_nothing_of_it(house: House) -> None:
    assert house.look(f"{PATH}?into=amendment_999", "cs.lin").status == 404
    assert "amendments/new?rule=" in house.look(f"{PATH}?into=nothing%20such", "cs.lin").text


def test_the_canned_words_lead_to_how_they_are_changed(house: House) -> None:
    text = house.look("/console/words?locale=en", "cs.lin").text
    assert f'href="{PATH}?part=canned_words&amp;locale=en"' in text
