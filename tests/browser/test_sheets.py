"""A sheet that is contested: the person reads it first and says what is not so, a supervisor answers with reasons."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from chalicelib.adapters import figures, training
from chalicelib.adapters.store import load
from chalicelib.domain.supervision.sheet import Sheet
from chalicelib.domain.supervision.training import Evidence, Training
from tests.house import open_house
from tests.local.test_desk import aws
from tests.system.cast import Cast
from tests.web.appraised import a_busy_sheet

from . import looks
from .conftest import FRIDAY, held
from .devices import PHONE, Device

PERSON, QUARTER = "cs.lin", "2026Q3"


@pytest.fixture(scope="module")
def sheets(cast: Cast, keys_server: str) -> Cast:
    """A sheet and a training of 林, made in a house beside the running system and carried over: the system would make
    them itself, in a minute and after two months."""
    cast.be(FRIDAY)
    with pytest.MonkeyPatch.context() as patch, open_house(patch, keys_server) as house:
        house.now = cast.now()
        name = a_busy_sheet(PERSON, QUARTER, house.now)
        evidence = (Evidence(what="low_answer", of="7K2M9-XD4FQ", at=house.now),)
        due = house.now + timedelta(days=28)
        given = Training(
            person=PERSON, id="conduct-0", topic="conduct", given_at=house.now, due_at=due, evidence=evidence
        )
        training.put(given, house.now)
        made = load(name, Sheet)
        assert made
        key = figures.key_of_sheet(*made.state.folder)
        document = figures.get(key)
        assert document
        items = [one for one in house.items() if one["pk"]["S"] in (f"RECORD#{name}", training.TRAINING)]
        table, bucket = house.environment["REDRESS_TABLE"], house.environment["REDRESS_FIGURES_BUCKET"]
    for item in items:
        aws(cast.system, "dynamodb").put_item(TableName=table, Item=item)
    aws(cast.system, "s3").put_object(Bucket=bucket, Key=key, Body=figures._packed(document.content))
    cast.system.settle()
    return cast


def tab_to(page: Page, wanted: str) -> None:
    """Tabs on until what a selector names has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"no key leads to {wanted}")


def test_a_sheet_is_contested_and_answered(sheets: Cast, phone: Device, desktop: Device) -> None:
    phone.sign_in(sheets.token(PERSON))
    page = phone.open("/console/mine")
    looks.check(page)
    page.get_by_role("link", name="2026年第3季度").click()
    page.get_by_role("heading", level=1, name="cs.lin的考核表").wait_for()
    looks.check(page)
    page.get_by_role("link", name="对此项提出异议：逾期").click()
    page.get_by_label("说明", exact=True).fill("九月系统停机两天。")
    page.get_by_label("为什么不符").fill("停机期间无法受理。")
    looks.check(page)
    page.get_by_role("button", name="提交").click()
    page.get_by_text("已提交您的说明。").wait_for()

    desktop.sign_in(sheets.token("cs.lead"))
    page = desktop.open("/console/sheets")
    looks.check(page)
    page.get_by_role("link", name="Everybody's, by name").click()
    page.get_by_role("heading", level=2, name="Sheets of quarter 3 of 2026").wait_for()
    page.get_by_role("row", name=PERSON).get_by_role("link").click()
    page.get_by_role("heading", level=1, name="cs.lin").wait_for()
    tab_to(page, "[aria-label='Answer what is contested: Due times missed']")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=3, name="Answer what is contested").wait_for()
    looks.check(page)
    tab_to(page, "[type=radio]")
    page.keyboard.press("Space")
    tab_to(page, "textarea")
    page.keyboard.type("停机记录已核实。")
    page.keyboard.press("Control+Enter")
    page.get_by_text("The answer is given.").wait_for()
    assert page.get_by_text("停机记录已核实。").is_visible()


def test_a_training_is_done_and_confirmed_without_a_script(sheets: Cast, browser: Browser) -> None:
    with held(browser, sheets, PHONE, "zh-CN", java_script_enabled=False) as device:
        device.sign_in(sheets.token(PERSON))
        page = device.open("/console/training")
        page.get_by_role("link", name="与消费者沟通").click()
        page.get_by_role("link", name="登记完成").click()
        page.get_by_label("做了什么").fill("听了两小时的课。")
        page.get_by_role("button", name="登记完成").click()
        page.get_by_text("已登记完成，等待主管确认。").wait_for()
        device.sign_in(sheets.token("cs.lead"))
        page = device.open("/console/training")
        page.get_by_role("link", name="cs.lin").click()
        page.get_by_label("您的意见").fill("已谈过。")
        page.get_by_role("button", name="确认").click()
        page.get_by_text("培训已确认。").wait_for()


def test_the_list_of_everybodys_training_is_for_everybody(sheets: Cast, desktop: Device) -> None:
    desktop.sign_in(sheets.token("cs.lead"))
    page = desktop.open("/console/training?everybody=true")
    looks.check(page)
    page.get_by_role("row", name=PERSON).get_by_role("link").click()
    page.get_by_role("heading", level=1, name="Talking with consumers").wait_for()
    looks.check(page)
