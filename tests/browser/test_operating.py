"""Operating data are changed by two people: one proposes other canned words, a second confirms them, ten minutes later
they are what everybody is offered."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.system.cast import Cast

from . import looks
from .devices import Device

TEXT = "{consumer_name}您好，您的投诉 {complaint_id} 已经受理，三个工作日内答复您。"


def act(page: Page, name: str) -> None:
    """As its reader does what the panel offers."""
    page.locator(f".acts a[href*='act={name}']").click()
    page.wait_for_url(f"**act={name}#doing")


def sent(page: Page, done: str) -> None:
    page.locator("#do .sends button").click()
    page.wait_for_url(f"**done={done}#main")


def test_canned_words_are_changed_by_two_people(desktop: Device, phone: Device, cast: Cast) -> None:
    desktop.sign_in(cast.token("cs.lin"))
    page = desktop.open("/console/words?locale=zh-CN")
    page.get_by_role("link", name="See and change canned words").click()
    looks.check(page)
    page.get_by_role("link", name="Change: 受理回复").click()
    page.locator("[name='rule.text']").fill(TEXT)
    page.locator("[name=summary]").fill("Say by when we answer")
    page.locator("[name=reasons]").fill("People call to ask.")
    page.locator("#do .sends button").click()
    page.wait_for_url("**/policy/amendments/amendment_*")
    name = page.url.partition("?")[0].rpartition("/")[2]
    act(page, "submit_amendment")
    sent(page, "submit_amendment")

    phone.sign_in(cast.token("legal.xu"))
    theirs = phone.open("/console")
    looks.check(theirs)
    theirs.locator(f"main a[href$='{name}']").click()
    act(theirs, "confirm_amendment")
    theirs.locator("#do [name=approved][value=true]").check()
    sent(theirs, "confirm_amendment")
    listed = phone.open("/console/policy/operating")
    looks.check(listed)
    expect(listed.locator(f"main a[href$='{name}']")).to_be_visible()
    looks.check(phone.open("/console/policy/operating?part=quiz"))

    page = desktop.open(f"/console/policy/amendments/{name}")
    act(page, "announce_amendment")
    sent(page, "announce_amendment")
    cast.be(cast.now() + timedelta(minutes=16))
    expect(desktop.open("/console/words?locale=zh-CN").locator("main")).to_contain_text("三个工作日内答复您")
