"""An amendment of the policy from a form to force (7, 8.1, 8.2): legal, management, and eleven who study it."""

import pytest
from playwright.sync_api import Browser, Page

from infra.local.staff import STAFF
from tests.system.cast import Cast, china

from . import looks, studying
from .conftest import held
from .devices import PHONE, Device
from .test_console_stories import tab_to

pytestmark = pytest.mark.usefixtures("alone")
LISTED = "/console/policy/amendments"
AUTHOR, BOSS = "legal.xu", "management.zhou"


def begun(page: Page) -> str:
    """Legal shortens a clock, and a number besides; where the amendment is."""
    page.get_by_role("link", name="Begin an amendment").click()
    page.get_by_role("heading", level=1).wait_for()
    looks.check(page)
    page.locator("a[href$='rule=clocks.received']").click()
    page.get_by_label("How long").fill("0")
    page.get_by_label("What is changed, in a sentence").fill("受理时限缩短为12小时")
    page.get_by_label("Why it is to be changed").fill("多数投诉半天之内即可受理。")
    page.get_by_label("It changes what staff").check()
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("How long").fill("12")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("24 hours → 12 hours").wait_for()
    page.get_by_role("link", name="Change a rule").click()
    page.locator("a[href$='rule=ladders.received']").click()
    looks.check(page)
    page.locator("[name='rule.0.length']").fill("2")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("4 hours before").wait_for()
    return page.url.partition("?")[0]


def act(page: Page, name: str, send: str) -> None:
    page.get_by_role("complementary").get_by_role("link", name=name, exact=True).click()
    page.locator("#do").get_by_role("button", name=send, exact=True).click()
    page.get_by_role("status").first.wait_for()


def consulted(page: Page) -> None:
    page.get_by_role("complementary").get_by_role("link", name="Submit", exact=True).click()
    page.get_by_label("On", exact=True).fill("2026-10-08")
    page.get_by_label("Who took part").fill("客服部全体")
    page.get_by_label("What came of it").last.fill("同意，周末值班另行安排。")
    page.locator("#do").get_by_role("button", name="Submit", exact=True).click()
    page.get_by_text("It is submitted.").wait_for()


def studied(device: Device, cast: Cast, who: str, number: int) -> None:
    """In the browser: chapter by chapter, then the quiz."""
    device.sign_in(cast.token(who))
    page = device.open(f"/console/policy/study/{number}")
    locale = "en" if page.locator("html").get_attribute("lang") == "en" else "zh-CN"
    while (step := page.locator(".steps a")).count():
        step.click()
    rules = studying.rules_of(cast, number)
    for question in page.locator("#do fieldset").all():
        name = str(question.get_attribute("id")).removeprefix("f-answers.")
        question.get_by_role("radio", name=studying.right(name, rules, locale), exact=True).check()
    page.locator("#do button:not([hidden])").click()
    page.get_by_role("status").first.wait_for()
    page.close()


def test_an_amendment_goes_from_a_form_to_force(desktop: Device, phone: Device, cast: Cast) -> None:
    desktop.expects("status of 422")  # nobody has no time at all to confirm one
    complaint = cast.file()
    desktop.sign_in(cast.token(AUTHOR))
    page = desktop.open(LISTED)
    there = begun(page)
    path = there.removeprefix(cast.system.api)
    act(page, "Try it on past complaints", "Start")
    cast.line.settle()
    page.reload()
    page.get_by_role("link", name="All that was found").click()
    page.get_by_role("link", name=complaint.complaint_id).wait_for()
    looks.check(page)
    page.goto(there)
    consulted(page)

    phone.sign_in(cast.token(BOSS))
    mine = phone.open(path)
    mine.get_by_role("link", name="批准或退回").click()
    looks.check(mine)
    mine.locator("[name=approved][value=true]").check()
    mine.get_by_role("button", name="记录决定").click()
    mine.get_by_text("决定已记录。").wait_for()

    page.reload()
    act(page, "Announce", "Announce")
    phone.sign_in(cast.token("quality.he"))
    mine = phone.open(f"{path}?act=give_opinion")
    mine.get_by_label("您的意见").fill("12小时对周末值班太紧。")
    mine.get_by_role("button", name="提交意见").click()
    mine.get_by_text("意见已记录。").wait_for()
    page.reload()
    page.get_by_role("link", name="Answer number 1").click()
    page.get_by_label("Your answer").fill("周末照常值班。")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("周末照常值班。").wait_for()

    studied(phone, cast, "quality.he", 3)
    studied(desktop, cast, "logistics.gao", 3)
    for who in sorted({*STAFF} - {AUTHOR, "quality.he", "logistics.gao"}):
        studying.study(cast, who, 3)
    phone.sign_in(cast.token("cs.lead"))
    roster = phone.open("/console/policy/study/3/roster")
    assert roster.get_by_role("row", name=AUTHOR).count()
    assert not roster.get_by_role("row", name="cs.chen").count()
    cast.be(china(10, 17, 1))
    mine = phone.open(path)
    mine.get_by_text("已生效").wait_for()
    looks.check(phone.open(LISTED))
    looks.check(phone.open(f"{path}/opinions"))


def test_two_people_change_operating_data_one_without_a_script_one_by_keyboard_alone(
    browser: Browser, desktop: Device, cast: Cast
) -> None:
    with held(browser, cast, PHONE, "zh-CN", java_script_enabled=False) as device:
        device.sign_in(cast.token("cs.lin"))
        page = device.open(f"{LISTED}/new?rule=extra_holidays")
        page.locator("[name=rule]").fill("2027-02-05")
        page.locator("[name=summary]").fill("春节前多放一天")
        page.locator("[name=reasons]").fill("全公司放假。")
        page.get_by_role("button", name="保存草稿").click()
        page.get_by_role("link", name="提交审批").click()
        page.get_by_role("button", name="提交", exact=True).click()
        page.get_by_text("已提交。").wait_for()
        path = page.url.partition("?")[0]
    desktop.sign_in(cast.token("cs.chen"))
    page = desktop.open(path)
    tab_to(page, page.get_by_role("link", name="Confirm or return"))
    page.keyboard.press("Enter")
    page.locator("#do").wait_for()
    tab_to(page, page.locator("[name=approved]").first)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Record the decision"))
    page.keyboard.press("Enter")
    page.get_by_text("The decision is recorded.").wait_for()
