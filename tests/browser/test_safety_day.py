"""A day on which somebody is scalded, as the supervisor sees it on the board; and the days after, when consumers are
asked how it was."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.examples import EXAMPLES
from tests.system.cast import CONSUMER, Cast, china

from . import looks
from .conftest import held
from .devices import DESKTOP, PHONE, Device
from .test_acts import done, fill, send
from .test_console_stories import pressed, sent_by_keys, tab_to, typed_in
from .test_survey import accepted

SCALD = {"product_name": "电热水壶", "description": "壶嘴漏水，手被烫伤了，已经去医院包扎。"}
ANSWER = EXAMPLES["answer_survey"].body
REVIEW = EXAMPLES["review_survey"].body

pytestmark = pytest.mark.usefixtures("alone")


def step(page: Page, name: str) -> Locator:
    return page.locator(".counts").get_by_role("link", name=name)


def test_a_safety_day(desktop: Device, phone: Device, browser: Browser, cast: Cast) -> None:
    case = cast.file(**SCALD)
    cast.file()
    desktop.sign_in(cast.token("cs.lead"))
    board = desktop.open("/console/safety")
    line = board.get_by_role("row", name=case.complaint_id)
    expect(line).to_contain_text("2 hours left")
    expect(step(board, "consumer not spoken to yet")).to_contain_text("1")

    phone.sign_in(cast.token("cs.lin"))
    for minutes, reached in ((20, False), (15, True)):
        cast.be(cast.now() + timedelta(minutes=minutes))
        page = phone.open("/console/safety")
        if reached:
            looks.check(page)
        page.get_by_role("link", name=f"{case.complaint_id}：记录通话").click()
        fill(page, {"about": "safety", "reached": reached, "note": "已让消费者停用，并就医。"})
        send(page)
        done(page)
    cast.line.settle()
    board.reload()
    expect(line).to_contain_text("not reached")
    expect(line).to_contain_text("first call in time")
    expect(step(board, "consumer not spoken to yet")).to_contain_text("0")

    cast.be(cast.now() + timedelta(minutes=30))
    with held(browser, cast, DESKTOP, "en") as device:  # without a mouse
        device.sign_in(cast.token("quality.he"))
        page = device.open("/console/safety")
        tab_to(page, step(page, "to be assessed"))
        page.keyboard.press("Enter")
        page.wait_for_url("**only=to_assess")
        tab_to(page, page.get_by_role("link", name=f"Assess the danger: {case.complaint_id}"))
        page.keyboard.press("Enter")
        page.wait_for_url("**act=assess_safety*")
        tab_to(page, page.locator("#doing [name=harmed]").first)
        pressed(page, "ArrowDown")
        pressed(page, "ArrowDown")
        tab_to(page, page.locator("#doing [name=stop_selling]").first)
        page.keyboard.press("Space")
        typed_in(page, note="壶嘴密封不良。")
        sent_by_keys(page)
        done(page)
    cast.line.settle()
    board.reload()
    expect(line).to_contain_text("Harm:")

    with held(browser, cast, PHONE, "zh-CN", java_script_enabled=False) as device:
        device.sign_in(cast.token("legal.xu"))
        page = device.open("/console/safety?only=to_report")
        page.get_by_role("link", name=case.complaint_id).last.click()
        fill(page, {"authority": "market_regulator", "reference": "2026-0042"})
        send(page)
        done(page)
    board.reload()
    expect(line).to_contain_text("2026-0042")
    expect(step(board, "nothing left to do")).to_contain_text("1")
    board.get_by_role("link", name="Print").click()
    expect(board.get_by_role("row", name=case.complaint_id)).to_contain_text(SCALD["description"])
    looks.check(board)


def test_a_low_answer_is_read_and_looked_into_and_who_is_silent_is_asked_by_phone(
    desktop: Device, phone: Device, cast: Cast
) -> None:
    low, silent = accepted(cast), accepted(cast, product_name="雨伞")
    cast.be(china(10, 12, 11))
    low.do("survey", ANSWER, CONSUMER)
    desktop.sign_in(cast.token("cs.lead"))
    page = desktop.open("/console/surveys/answers")
    expect(page.get_by_role("row", name=low.complaint_id)).to_contain_text(ANSWER["words"])
    looks.check(page)

    page = desktop.open("/console/surveys?kind=weekly")
    expect(page.locator("#period")).to_contain_text("Only 0 answers")
    looks.check(page)
    page.get_by_role("link", name=low.complaint_id).last.click()
    fill(page, REVIEW)
    send(page)
    done(page)
    page = desktop.open("/console/surveys/answers?low=true")
    expect(page.get_by_role("row", name=low.complaint_id)).to_contain_text("looked into")

    phone.sign_in(cast.token("logistics.gao"))
    page = phone.open("/console/surveys/interviews")
    looks.check(page)
    page.get_by_role("link", name=f"{silent.complaint_id}：记录满意度调查").click()
    fill(page, ANSWER | {"overall": 5, "solved": "yes"})
    send(page)
    done(page)
    page = phone.open("/console/surveys/interviews")
    expect(page.locator("main")).to_contain_text("没有待答复的调查")
