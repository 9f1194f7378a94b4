"""A consumer is asked how it was, on a phone of 360 pixels, by the link of the mail."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from chalicelib.domain.vocabulary.refusals import LOCALES
from tests.house import PLAN, REPORT
from tests.system.cast import CONSUMER, Case, Cast

from . import looks
from .devices import Device
from .test_lives import newest_link, opened

CHOSEN = {"overall": "2", "solved": "partly", "fair": "3", "easy": "4", "informed": "5"}
AFTER = timedelta(days=3, hours=20)


def accepted(cast: Cast, **changes: str) -> Case:
    case = cast.file(**changes)
    case.do("acknowledgement", {})
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": True}, CONSUMER)
    return case


@pytest.fixture(scope="module")
def asked(cast: Cast) -> dict[str, Case]:
    """In each language somebody who was asked some days after they accepted the plan."""
    cases = {locale: accepted(cast, locale=locale) for locale in LOCALES}
    cast.be(cast.now() + AFTER)
    assert all("survey=1" in newest_link(case) for case in cases.values())
    return cases


def choose(page: Page, **chosen: str) -> None:
    for name, value in chosen.items():
        page.locator(f"[name={name}][value='{value}']").check()


def survey_of(case: Case) -> dict[str, object]:
    return case.seen("survey", CONSUMER)


def test_the_link_opens_it_nothing_is_answered_by_opening_and_what_was_said_can_be_changed(
    phone: Device, asked: dict[str, Case]
) -> None:
    case = asked["zh-CN"]
    page = opened(phone, case)
    form = page.locator("form[data-name=survey]")
    expect(form).to_be_visible()
    expect(page.locator("h2").first).to_be_in_viewport()
    assert survey_of(case)["state"] == "open"
    looks.check(page)
    choose(page, **CHOSEN)
    page.fill("[name=words]", "师傅很好，就是慢。")
    form.locator("button").click()
    expect(page.locator("#done")).not_to_be_empty()
    answer = survey_of(case)["answer"]
    expected = {name: value if name == "solved" else int(value) for name, value in CHOSEN.items()}
    assert answer == expected | {"words": "师傅很好，就是慢。", "words_withheld": False, "by_phone": False}
    looks.check(page)

    page.reload()
    expect(form).to_be_hidden()  # no draft is left, and no link asks for it
    page.locator("[data-answer=survey] summary").click()
    expect(page.locator("[name=overall][value='2']")).to_be_checked()
    choose(page, overall="4")
    page.fill("[name=words]", "")
    form.locator("button").click()
    expect(page.locator("#done")).not_to_be_empty()
    expect(page.locator("[name=overall][value='4']")).to_be_checked()
    changed = survey_of(case)["answer"]
    assert isinstance(changed, dict)
    assert (changed["overall"], changed["words"]) == (4, None)


def test_what_was_chosen_and_typed_outlasts_a_reload_and_another_language(
    phone: Device, asked: dict[str, Case]
) -> None:
    page = opened(phone, asked["en"])
    choose(page, overall="5", solved="no")
    page.fill("[name=words]", "Half of it is missing.")
    page.reload()
    expect(page.locator("[name=overall][value='5']")).to_be_checked()
    page.get_by_role("button", name="繁體中文").click()
    expect(page.locator("#complaint[lang=zh-TW]")).to_be_visible()
    expect(page.locator("[name=solved][value=no]")).to_be_checked()
    expect(page.locator("[name=words]")).to_have_value("Half of it is missing.")
    page.locator("form[data-name=survey] button").click()
    assert survey_of(asked["en"])["state"] == "open", "a question that was left out is asked for first"
    looks.check(page)


def test_whoever_wants_no_such_questions_is_not_asked_again(phone: Device, asked: dict[str, Case]) -> None:
    case = asked["zh-TW"]
    page = opened(phone, case)
    fold = page.locator("[data-answer=no_survey]")
    fold.locator("summary").click()
    looks.check(page)
    fold.locator("button").click()
    expect(page.locator("#done")).not_to_be_empty()
    expect(page.locator("form[data-name=survey]")).to_have_count(0)
    assert survey_of(case)["state"] == "declined"
