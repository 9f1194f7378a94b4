"""The first complaint, filed by hand: from an order in the example shop of the desk to the consumer's own page."""

from playwright.sync_api import expect

from tests.system.cast import Cast

from . import looks
from .devices import Device
from .readers import ready


def test_a_newcomer_files_a_complaint_by_hand_and_opens_it(phone: Device, cast: Cast) -> None:
    page = phone.open(f"{cast.system.desk}/")
    looks.check(page)
    page.locator("a[href^='/shop/complain?']").first.click()
    page.fill("[name='contact.name']", "")
    phone.expects("status of 422")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("请修改后再提交")
    looks.check(page)
    page.select_option("[name=category]", "product_quality")
    page.fill("[name=description]", "收到就是裂的。")
    page.fill("[name='contact.name']", "王芳")
    page.fill("[name='contact.email']", "newcomer@example.cn")
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("投诉进度")
    looks.check(page)
    page.get_by_role("link", name="打开投诉页面").click()
    ready(page)
    expect(page.locator("#complaint")).to_contain_text("收到就是裂的。")
    assert page.url.startswith(f"{cast.system.api}/track/")
    assert "token" not in page.url
    cast.line.settle()
    page.goto(f"{cast.system.desk}/shop/mail")
    assert looks.too_wide(page) == []
    page.locator("article", has_text="newcomer@example.cn").get_by_role("link", name="/track/").first.click()
    ready(page)
