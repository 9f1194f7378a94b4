"""What a form says before it is sent, or sent again: what it needs, what it can rest on, what has happened since."""

import re
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from chalicelib.domain.vocabulary.refusals import sentences
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.console.page import words
from tests.examples import EXAMPLES, PLAN, REPORT
from tests.house import House

from .test_doing import at, done, hidden, typed

DECEMBER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
"""When version 2 of the policy begins: midnight in China."""
OF_THE_API = re.compile(r"[a-z_]{3,}|\{\{")
"""What only callers of the API know: a path, a field. In Chinese nothing else is written so."""
SENT_BY_NO_PAGE = {
    *("not_sent_as_json", "token_missing", "code_unknown"),  # forms, cookies, and none asks for a page of a reason
    *("refresh_token_not_alone", "credentials_incomplete", "challenge_not_answered"),  # one step of signing in each
    *("one_thing_to_look_for", "with_words_only"),  # one field is searched by, and departments beside words alone
    *("after_not_ours", "webhook_unknown", "webhook_is_disabled", "too_many_webhook_tests", "not_https"),  # of shops
    *("not_true_or_false", "links_ended_by_staff_only"),  # two choices; of whoever may send a link at all
}
"""What no page can cause: refused to callers of the API alone."""
NAMES_SOMETHING = {"page_or_program", "not_an_email_address", "like_a_digest", "unknown_time_zone"}
"""A type of file, a mail address as an example, what a text begins with."""


@pytest.fixture
def house(lasting_house: House) -> House:
    return lasting_house


def needed(page: str) -> set[str]:
    """The fields that a browser lets nobody leave blank."""
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z_.0-9]+)"[^>]* required', page))


def test_what_the_policy_of_a_complaint_needs_is_asked_for_and_of_an_older_one_may_be_left_blank(house: House) -> None:
    house.now = DECEMBER - timedelta(hours=1)
    before = house.bring_to("investigating")["complaint_id"]
    house.now = DECEMBER
    after = house.bring_to("investigating")["complaint_id"]
    for complaint_id, coded in ((before, False), (after, True)):
        page = house.look(at(complaint_id, "report"), "cs.lin").text
        assert {"findings", "conclusion"} < needed(page)
        assert ({"verdict", "cause_code"} <= needed(page)) == coded


def test_why_nobody_waits_for_an_inquiry_is_asked_for_while_one_is_open(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    assert "without_inquiries" not in needed(house.look(at(complaint_id, "report"), "cs.lin").text)
    house.do(complaint_id, "inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    assert "without_inquiries" in needed(house.look(at(complaint_id, "report"), "cs.lin").text)


def test_interpretations_are_chosen_and_nobody_types_their_numbers(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    assert 'name="interpretations' not in house.look(at(complaint_id, "report"), "cs.lin").text
    ruling = EXAMPLES["interpret_policy"].body
    number = house.post("/v1/policy/interpretations", ruling, "cs.lin").json["number"]
    ended = house.post("/v1/policy/interpretations", ruling, "cs.lin").json["number"]
    over = {"decision": "end", "reasons": "不再适用。"}
    assert house.post(f"/v1/policy/interpretations/{ended}/review", over, "cs.lin").status == 200
    page = house.look(at(complaint_id, "report"), "cs.lin", Accept_Language="zh-CN")
    assert re.findall(r'type="checkbox" name="interpretations" value="(\d+)"', page.text) == [str(number)]
    assert f"第 {number} 号（{ruling['clause']}）：" in page.text
    form = hidden(page) | typed(REPORT) | {"interpretations": str(number)}
    assert done(house, complaint_id, "report", "cs.lin", form).status == 303
    report = house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["investigation_report"]
    assert report["interpretations"] == [number]


def test_who_is_overtaken_is_told_what_has_happened_since(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    form = hidden(house.look(at(complaint_id, "report"), "cs.lin"))
    assert house.do(complaint_id, "notes", {"text": "顾客又来电。"}, "cs.chen").status == 201
    answer = done(house, complaint_id, "report", "cs.lin", form | typed(REPORT))
    assert answer.status == 412
    (since,) = re.findall(r'<div class="since".*?</div>', answer.text, re.DOTALL)
    assert "cs.chen" in since
    assert "顾客又来电。" in since
    assert since.count("<li>") == 1
    assert done(house, complaint_id, "report", "cs.lin", hidden(answer) | typed(REPORT)).status == 303


def test_who_only_looks_first_is_told_of_it_too_and_not_taken_to_have_seen_it(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    form = hidden(house.look(at(complaint_id, "propose_plan"), "cs.lin"))
    assert house.do(complaint_id, "notes", {"text": "顾客只要换货。"}, "cs.chen").status == 201
    shown = done(house, complaint_id, "propose_plan", "cs.lin", form | typed(PLAN))
    assert shown.status == 200
    assert "顾客只要换货。" in re.findall(r'<div class="since".*?</div>', shown.text, re.DOTALL)[0]
    assert done(house, complaint_id, "propose_plan", "cs.lin", hidden(shown) | typed(PLAN)).status == 303


def test_nothing_has_happened_to_who_was_first(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    form = hidden(house.look(at(complaint_id, "propose_plan"), "cs.lin"))
    assert 'class="since"' not in done(house, complaint_id, "propose_plan", "cs.lin", form | typed(PLAN)).text


def test_what_waits_for_legal_is_said_in_the_words_of_the_console(house: House) -> None:
    complaint_id = house.bring_to("investigating")["complaint_id"]
    assert house.do(complaint_id, "investigation-report", REPORT | {"legal_issue": True}).status == 200
    page = house.look(at(complaint_id), "cs.lin", Accept_Language="zh-CN").text
    assert words("zh-CN")["why.legal_must_approve"] in page
    assert "plan-draft" not in page


def said_by(locale: Locale) -> dict[str, str]:
    """By reason and by code of a fault: what the house says of it."""
    codes, fields = sentences(locale).codes, sentences(locale).fields
    reasons = {reason: text for code in codes.values() for reason, text in code.reasons.items()}
    return reasons | {f"field.{code}": text for code, text in fields.items()}


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW"])
def test_nothing_that_is_refused_is_said_in_words_that_only_the_api_has(locale: Locale) -> None:
    for reason, text in said_by(locale).items():
        said = re.sub(r"\{\w+\}", "", words(locale).get(f"why.{reason}", text))
        known = SENT_BY_NO_PAGE | NAMES_SOMETHING
        assert reason.removeprefix("field.") in known or not OF_THE_API.search(said), (reason, said)


@pytest.mark.parametrize("locale", get_args(Locale))
def test_each_sentence_of_the_consoles_own_is_of_a_reason_that_there_is(locale: Locale) -> None:
    reasons = said_by(locale)
    own = {key.removeprefix("why."): text for key, text in words(locale).items() if key.startswith("why.")}
    for reason, text in own.items():
        assert set(re.findall(r"\{(\w+)\}", text)) <= set(re.findall(r"\{(\w+)\}", reasons[reason]))


def test_a_page_of_a_problem_says_it_in_the_same_words(lasting_house: House) -> None:
    page = lasting_house.look("/console/policy/study/99", "cs.lin", Accept_Language="zh-TW")
    assert page.status == 404
    assert f"<h1>{words('zh-TW')['why.version_unknown']}</h1>" in page.text
    assert "Not Found" not in page.text
    other = lasting_house.look("/console/policy/reviews", "cs.lin", Accept_Language="en")
    assert (other.status, "<h1>" in other.text) == (403, True)
