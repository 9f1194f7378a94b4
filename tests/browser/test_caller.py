"""Somebody calls: filed by keyboard alone while they speak, beside what there is already of theirs."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.house import KETTLE
from tests.system.cast import Cast

from . import looks
from .conftest import held
from .devices import DESKTOP, Device

NEW = "/console/complaints/new"
LANDLINE = "010-62345678"
MINUTE = 200
"""Keys that whoever types 200 a minute, which is no fast typist, presses in one."""


@dataclass
class Typist:
    """Somebody at a keyboard, whose keys are counted. Of a Chinese character two: that is what it takes on average."""

    page: Page
    keys: int = 0

    def types(self, text: str) -> None:
        self.keys += sum(1 if mark.isascii() else 2 for mark in text)
        self.page.keyboard.insert_text(text)

    def presses(self, *keys: str) -> None:
        self.keys += len(keys)
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture
def agent(desktop: Device, cast: Cast) -> Device:
    desktop.sign_in(cast.token("cs.lin"))
    return desktop


def fill_in(page: Page, said: dict[str, str]) -> None:
    """What a caller says, by what the fields are called."""
    for label, words in said.items():
        page.locator(".intake").get_by_label(label).first.fill(words)


def test_a_practised_agent_files_for_a_caller_with_a_landline_in_less_than_a_minute(agent: Device) -> None:
    page = agent.open(NEW)
    expect(page.get_by_label("Order number", exact=True)).to_be_focused()
    agent_at = Typist(page)
    for said in ("E20261009-7001", LANDLINE, "孙桂英"):
        agent_at.types(said)
        agent_at.presses("Tab")
    expect(page.get_by_text("takes no text messages")).to_be_visible()
    agent_at.presses("Tab")
    agent_at.types("电饭煲")
    agent_at.presses("Tab")
    agent_at.types("按键失灵，换过一次还是这样，想退货，店家不理。")
    agent_at.presses("Tab", "Space", "Control+Enter")
    expect(page.get_by_role("heading", name="Filed")).to_be_visible()
    assert agent_at.keys < MINUTE
    expect(page.get_by_text("customer service is asked to call")).to_be_visible()
    expect(page.get_by_role("link", name="The next caller")).to_be_focused()
    looks.check(page)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Order number", exact=True)).to_have_value("")
    assert agent.elsewhere() == []
    assert not any("62345678" in address for address in agent.addresses)


def test_what_there_is_already_is_shown_while_it_is_typed(agent: Device, cast: Cast) -> None:
    there = cast.file(order_number="E20261009-7002").complaint_id
    page = agent.open(NEW)
    looks.check(page)
    page.get_by_label("Order number", exact=True).fill("E20261009-7002")
    expect(page.get_by_role("link", name=there)).to_be_visible()
    expect(page.get_by_text("same order")).to_be_visible()
    looks.check(page)
    for label, said in {"Phone": "13900139000", "Name": "赵敏", "Product": "锅", "What happened": "漏水。"}.items():
        page.locator(".intake").get_by_label(label).first.fill(said)
    page.get_by_label("Product quality").check()
    page.get_by_role("button", name="File it").click()
    expect(page.get_by_role("heading", name="Filed")).to_be_visible()


def test_what_was_typed_is_there_again_after_a_look_elsewhere_with_what_there_is_already(
    agent: Device, cast: Cast
) -> None:
    there = cast.file(order_number="E20261009-7005").complaint_id
    page = agent.open(NEW)
    page.get_by_label("Order number", exact=True).fill("E20261009-7005")
    page.get_by_role("link", name="Today").click()
    page.get_by_role("link", name="File for a caller").click()
    expect(page.get_by_label("Order number", exact=True)).to_have_value("E20261009-7005")
    expect(page.get_by_role("link", name=there)).to_be_visible()
    looks.check(page)


def test_a_caller_who_was_burnt_is_asked_how_they_are_first(phone: Device, cast: Cast) -> None:
    phone.sign_in(cast.token("cs.chen"))
    page = phone.open(NEW)
    fill_in(
        page,
        {
            "订单号": "E20261009-7003",
            "电话": "13700137000",
            "姓名": "钱阿姨",
            "商品名称": "电热水壶",
            "发生了什么": "壶盖弹开，孩子的手被烫伤了。",
        },
    )
    page.get_by_label("商品质量").check()
    page.get_by_role("button", name="登记", exact=True).click()
    danger = page.get_by_role("alert")
    expect(danger).to_contain_text("有没有人受伤")
    expect(danger.get_by_role("link", name="记录这次通话")).to_be_visible()
    looks.check(page)


def test_without_a_script_an_open_complaint_is_shown_before_another_is_filed(browser: Browser, cast: Cast) -> None:
    there = cast.file(order_number="E20261009-7004").complaint_id
    with held(browser, cast, DESKTOP, "zh-CN", java_script_enabled=False) as device:
        device.sign_in(cast.token("cs.lin"))
        page = device.open(NEW)
        fill_in(
            page,
            {
                "订单号": "E20261009-7004",
                "电话": "13600136000",
                "姓名": "周先生",
                "商品名称": "电热水壶",
                "发生了什么": KETTLE["description"],
            },
        )
        page.get_by_label("商品质量").check()
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_role("link", name=there)).to_be_visible()
        expect(page.get_by_label("发生了什么")).to_have_value(KETTLE["description"])
        page.get_by_role("button", name="仍然登记").click()
        expect(page.get_by_role("heading", name="已登记")).to_be_visible()
