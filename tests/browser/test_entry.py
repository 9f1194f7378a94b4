"""The way in for whoever has no link at hand: number and code out of a text message, or the link sent once more."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.system.cast import Case, Cast

from . import looks
from .conftest import held
from .devices import PHONE, Device
from .readers import entered, keeps_the_token_to_itself, ready, stopped

WRONG = "0000-0000"


def texted(cast: Cast, phone: str, **changes: Any) -> tuple[Case, str]:
    """A complaint of somebody who has a phone alone, and the code that they were sent."""
    case = cast.file(contact={"name": "王芳", "phone": phone}, **changes)
    return case, code_of(cast, phone)


def code_of(cast: Cast, phone: str) -> str:
    """In the last text message to that number."""
    text = cast.system.outbox(f"%2B86{phone}")[-1]["text"]
    return str(re.findall(r"(?<![0-9A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}(?![0-9A-Z])", text)[-1])


def come_in(page: Page, number: str, code: str) -> None:
    page.fill("#number", number)
    page.fill("#code", code)
    page.locator("form", has=page.locator("#code")).locator("button").click()


def test_number_and_code_of_a_text_message_open_it_back_leads_to_the_way_in_and_forward_to_it_again(
    phone: Device, cast: Cast
) -> None:
    case, code = texted(cast, "13800138001")
    page = phone.open("/track")
    entered(page)
    come_in(page, case.complaint_id.lower().replace("-", " "), f" {code.lower().replace('-', ' ')} ")
    ready(page)
    assert page.url == f"{phone.api}/track/{case.complaint_id}"
    page.go_back()
    entered(page)
    expect(page.locator("#complaint")).to_be_hidden()
    expect(page.locator("#code")).to_have_value("")
    page.go_forward()
    ready(page)
    keeps_the_token_to_itself(phone, page, case)


def test_a_wrong_code_says_so_and_after_five_of_them_for_how_many_minutes_to_wait(phone: Device, cast: Cast) -> None:
    case, code = texted(cast, "13800138002")
    page = phone.open(f"/track/{case.complaint_id}")
    entered(page)
    phone.expects("status of 401")
    phone.expects("status of 429")
    said = page.locator("#entry .refusal:visible")
    for _ in range(5):
        with page.expect_response("**/session") as answer:
            come_in(page, case.complaint_id, WRONG)
        assert answer.value.status == 401
        expect(said).to_contain_text("查询码")
    come_in(page, case.complaint_id, code)
    expect(said).to_have_text(re.compile(r"^次数太多了，请过 \d\d 分钟再试。$"), use_inner_text=True)
    expect(page.locator("#code")).to_have_value(code)
    expect(page.locator("#number")).to_have_value(case.complaint_id)
    looks.check(page)


def ask(page: Page, field: str, named: str, *ways: str) -> None:
    """To be sent the link once more; the answer is the same whoever asks."""
    form = page.locator("form", has=page.locator("#way"))
    page.fill(field, named)
    for way in ways:
        page.fill("#way", way)
        form.locator("button").click()
        expect(form.locator(".sent")).to_contain_text("链接几分钟内就会发到")
        expect(form.locator("[aria-disabled]")).to_have_count(0)


def test_a_link_that_was_lost_comes_once_more_to_who_filed_and_opens(phone: Device, cast: Cast) -> None:
    case = cast.file()
    before = len(case.letters())
    page = phone.open("/track")
    entered(page)
    ask(page, "#order", case.filing["order_number"], "somebody.else@example.cn", case.email.upper())
    looks.check(page)
    cast.line.settle()
    assert cast.system.outbox("somebody.else@example.cn") == []
    assert len(case.letters()) == before + 1
    (link,) = re.findall(r"http://\S+/track/\S+", case.letters()[-1]["text"])
    page = phone.open(link)
    ready(page)
    keeps_the_token_to_itself(phone, page, case)


def test_to_a_phone_the_code_comes_once_more(phone: Device, cast: Cast) -> None:
    case, code = texted(cast, "13800138005")
    before = len(cast.system.outbox("%2B8613800138005"))
    page = phone.open("/track")
    entered(page)
    ask(page, "#lost", case.complaint_id, "138 0013 8005")
    cast.line.settle()
    assert len(cast.system.outbox("%2B8613800138005")) == before + 1
    assert code_of(cast, "13800138005") == code
    come_in(page, case.complaint_id, code)
    ready(page)


def test_whose_link_was_replaced_comes_in_by_the_code_of_the_newest_message(phone: Device, cast: Cast) -> None:
    case, old = texted(cast, "13800138003")
    case.do("link", {"send": True})
    code = code_of(cast, "13800138003")
    assert code != old
    phone.expects("status of 401")
    page = phone.open(f"/track/{case.complaint_id}#token={case.token}")
    entered(page)
    expect(page.locator("#notice")).to_contain_text("您使用的投诉链接已被新的链接取代")
    expect(page.locator("#number")).to_have_value(case.complaint_id)
    come_in(page, case.complaint_id, code)
    ready(page)
    expect(page.locator("#notice")).to_be_hidden()


def test_whoever_reads_traditional_chinese_is_spoken_to_so_from_the_way_in_to_the_complaint(
    browser: Browser, cast: Cast
) -> None:
    case, code = texted(cast, "13800138004", locale="zh-TW")
    with held(browser, cast, PHONE, "zh-TW") as phone:
        page = phone.open("/track")
        entered(page)
        expect(page.locator("#entry h1")).to_have_text("查看申訴進度", use_inner_text=True)
        expect(page.locator("#entry [data-lang=zh-TW]")).to_have_attribute("aria-pressed", "true")
        looks.check(page)
        come_in(page, case.complaint_id, code)
        ready(page)
        expect(page.locator("html[lang=zh-TW] article[lang=zh-TW] h1")).to_contain_text("受理您的申訴")


def test_without_a_network_for_the_way_in_it_says_so_and_comes_once_there_is_one(phone: Device) -> None:
    page = phone.open("/privacy")
    phone.expects("ERR_CONNECTION_FAILED")
    with stopped(page, "**/entry.html"):
        page.goto(f"{phone.api}/track/7K2M9-XD4FQ")
        expect(page.locator("#notice")).to_contain_text("网络没有连上")
        expect(page.locator("h1:visible")).to_have_count(1)
        looks.check(page)
        page.locator("#again").click()
        expect(page.locator("#notice")).to_contain_text("网络没有连上")
    page.evaluate("dispatchEvent(new Event('online'))")
    entered(page)
    expect(page.locator("#notice")).to_contain_text("这个链接缺了最后一段")
    expect(page.locator("#again")).to_be_hidden()
    assert page.locator("[id=number]").count() == 1


def test_a_service_that_is_down_for_the_way_in_says_so_too(phone: Device) -> None:
    page = phone.open("/privacy")
    phone.expects("status of 503")
    page.route("**/entry.html", lambda route: route.fulfill(status=503, body="<h1>"))
    page.goto(f"{phone.api}/track")
    expect(page.locator("#notice")).to_contain_text("系统暂时用不了")
    page.unroute("**/entry.html")
    page.locator("#again").click()
    entered(page)
    expect(page.locator("#notice")).to_be_hidden()
