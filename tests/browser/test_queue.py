"""The queue in a real browser: by keyboard alone, on a narrow screen, and where no script runs."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.system.cast import Cast, china

from . import looks
from .conftest import held
from .devices import DESKTOP, Device

COMPOSING = """one => one.dispatchEvent(
  new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, isComposing: true, bubbles: true}))"""
AT = china(10, 12, 9)


@pytest.fixture(scope="module")
def three(cast: Cast) -> list[str]:
    """Three complaints, a minute between them, and nothing else that is open; soonest due first."""
    cast.begin_anew(AT)
    told = {"电热水壶 1.7L": "收到就是裂的，还烫伤了手。", "台灯": "不亮。", "雨伞": "第一次用伞骨就断了。"}
    filed = []
    for name, words in told.items():
        filed.append(cast.file(product_name=name, description=words).complaint_id)
        cast.pass_time("PT1M")
    return filed


def opened(device: Device, cast: Cast, address: str = "/console/queue", who: str = "cs.lin") -> Page:
    device.sign_in(cast.token(who))
    return device.open(address)


def test_everybody_can_use_it(phone: Device, cast: Cast, three: list[str]) -> None:
    page = opened(phone, cast, "/console/queue?stage=received")
    expect(page.get_by_role("heading", level=1)).to_have_text("队列")
    expect(page.locator("[data-line]").first).to_contain_text("还有23小时")
    looks.check(page)


def test_by_keyboard_alone_one_opens_the_next_and_nothing_is_changed_by_a_single_key(
    desktop: Device, cast: Cast, three: list[str]
) -> None:
    page = opened(desktop, cast)
    lines = page.locator("[data-line] a")
    page.keyboard.press("j")
    expect(lines.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(lines.nth(0)).to_be_focused()
    asked = len(desktop.addresses)
    for key in "abcdefghilmnopqrstuvwxyz0123456789":
        page.keyboard.press(key)
    assert len(desktop.addresses) == asked
    first = lines.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first)
    page.wait_for_load_state()  # what keys do, a script does
    page.keyboard.press("/")
    page.keyboard.type("k")
    expect(page.get_by_role("searchbox")).to_have_value("k")
    page.go_back()
    page.keyboard.press("j")
    expect(lines.nth(0)).to_be_focused()


def tab_to(page: Page, target: Locator) -> None:
    """By the one key that everybody has."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"no way to {target} by the keyboard")


def test_by_keyboard_alone_something_is_done_about_one_and_the_next_is_opened(
    desktop: Device, cast: Cast, three: list[str]
) -> None:
    page = opened(desktop, cast, "/console/queue?stage=received")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(three[0])
    tab_to(page, page.get_by_role("complementary").get_by_role("link", name="Add a note").first)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("[name=text]"))
    page.keyboard.type("仓库回电")
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".done")).to_be_visible()
    tab_to(page, page.locator(".done").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(three[1])


def test_single_keys_can_be_turned_off(desktop: Device, cast: Cast, three: list[str]) -> None:
    page = opened(desktop, cast)
    page.get_by_role("button", name="Turn single keys off").press("Enter")
    page.keyboard.press("j")
    expect(page.get_by_role("button", name="Turn single keys on")).to_be_focused()
    page.get_by_role("button", name="Turn single keys on").press("Enter")
    page.keyboard.press("j")
    expect(page.locator("[data-line] a").first).to_be_focused()


def test_a_note_is_written_to_several_by_keys_and_pinyin_sends_nothing(
    desktop: Device, cast: Cast, three: list[str]
) -> None:
    page = opened(desktop, cast)
    for complaint_id in three[:2]:
        page.get_by_label(f"Pick {complaint_id}").press("Space")
    note = page.get_by_label("Note (consumers do not see it)")
    note.fill("仓库回电")
    note.evaluate(COMPOSING)
    expect(note).to_have_value("仓库回电")
    note.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Note added to 2 of 2")
    looks.check(page)


def test_all_of_a_page_are_picked_at_once_and_none_again(desktop: Device, cast: Cast, three: list[str]) -> None:
    page = opened(desktop, cast)
    boxes, picked = page.locator("[name=id]"), page.locator("[name=id]:checked")
    everyone = page.get_by_role("button", name="Pick all on this page")
    everyone.click()
    expect(picked).to_have_count(boxes.count())
    assert boxes.count() >= len(three)
    everyone.click()
    expect(picked).to_have_count(0)


def test_what_is_new_since_one_looked_is_said(desktop: Device, cast: Cast, three: list[str]) -> None:
    page = opened(desktop, cast)
    expect(page.locator("[data-new]:visible")).to_have_count(0)
    cast.pass_time("PT5M")
    later = cast.file(product_name="风扇").complaint_id
    page.reload()
    line = page.locator(f"[data-line='{later}']")
    expect(line.get_by_text("New", exact=True)).to_be_visible()
    line.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(later)
    page.go_back()
    page.reload()
    expect(line.get_by_text("New", exact=True)).to_be_hidden()


def test_without_a_script_it_is_narrowed_searched_and_given_to_somebody(
    browser: Browser, cast: Cast, three: list[str]
) -> None:
    with held(browser, cast, DESKTOP, "zh-CN", java_script_enabled=False) as device:
        page = opened(device, cast, who="cs.lead")
        page.get_by_text("筛选与查找").click()
        page.get_by_label("在此视图中查找文字").fill("伞骨")
        page.get_by_role("button", name="查找", exact=True).last.click()
        expect(page.locator("[data-line]")).to_have_count(1)
        page.get_by_label(f"选择 {three[2]}").check()
        page.get_by_label("交给").select_option("cs.chen")
        page.get_by_role("button", name="分派").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("已分派 1 件，共 1 件")
        page.get_by_role("searchbox").fill(three[2])
        page.get_by_role("search").get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(three[2])
        assert not [one for one in device.addresses if "%E4%BC%9E" in one]
