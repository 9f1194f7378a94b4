"""A quarter is audited by auditor, owner and verifier (6.3); nobody is shut out of any page of it."""

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.house import PLAN, REPORT
from tests.system.cast import CONSUMER, Cast, china

from . import looks
from .conftest import held
from .devices import DESKTOP, Device

BEGINS = china(9, 24, 9)
"""A Thursday of the third quarter."""
QUESTIONS, TONE = 4, 2


@pytest.fixture(scope="module")
def closed(cast: Cast) -> str:
    """The one complaint that was closed in the quarter, on a system of its own; a week into the next."""
    cast.begin_anew(BEGINS)
    case = cast.file()
    case.do("acknowledgement")
    case.do("investigation-report", REPORT | {"without_inquiries": "照片已足以判断。"})
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": True}, by=CONSUMER)
    cast.be(china(10, 9, 9))
    return case.complaint_id


def beside(one: Locator, other: Locator) -> bool:
    """Whether both are on the screen at once, side by side."""
    left, right = other.bounding_box(), one.bounding_box()
    assert left
    assert right
    return left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 400


def reads(device: Device, cast: Cast, who: str, path: str) -> Page:
    device.sign_in(cast.token(who))
    return device.open(f"/console{path}")


def judges_by_keyboard(page: Page) -> None:
    """All is in order but the tone."""
    while not page.evaluate("document.activeElement.matches('#do input[type=radio]')"):
        page.keyboard.press("Tab")
    for question in range(QUESTIONS):
        page.keyboard.press("Space")
        if question == TONE:
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        if question == TONE:
            page.keyboard.type("没有一句道歉。")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_a_quarter_is_audited_from_its_plan_to_its_report(
    closed: str, browser: Browser, desktop: Device, cast: Cast
) -> None:
    page = reads(desktop, cast, "audit.qin", "/audits?act=draft_audit")
    looks.check(page)
    page.get_by_label("Quarter").select_option(label="Q3 2026")
    page.get_by_role("checkbox", name="Customer service").check()
    page.get_by_role("button", name="Hand in the plan").click()
    page.get_by_role("heading", level=1, name="Internal audit of Q3 2026").wait_for()
    address = page.url.partition("/console")[2].partition("#")[0]

    page = reads(desktop, cast, "management.zhou", f"{address}?act=approve_audit")
    page.get_by_role("radio", name="Approve it").check()
    page.get_by_role("button", name="Hand in the decision").click()
    page.get_by_text("The decision is on record").wait_for()

    page = reads(desktop, cast, "audit.qin", address)
    page.get_by_role("link", name="Draw the sample").click()
    page.get_by_role("button", name="Freeze and draw").click()
    page.get_by_text("The sample is drawn.").wait_for()
    auditor = page.get_by_role("row", name=closed).get_by_role("cell").nth(1).inner_text()
    page.get_by_role("link", name="How it was drawn").click()
    page.get_by_text("Recomputed just now").wait_for()
    assert page.get_by_text("Does not agree").count() == 0
    looks.check(page)

    page = reads(desktop, cast, auditor, f"{address}/items/{closed}")
    looks.check(page)
    assert beside(page.locator("#do"), page.locator("#filed")), "both are read at once"
    judges_by_keyboard(page)
    page.get_by_text("The judgement is saved.").wait_for()
    page.get_by_text("没有一句道歉。").wait_for()
    page.get_by_role("link", name="Raise a finding").click()
    page.get_by_role("radio", name="Minor", exact=True).check()
    page.get_by_label("Clause").select_option(value="4.4a")
    page.get_by_label("What was found").fill("提交方案时没有致歉。")
    page.get_by_role("radio", name="Customer service").check()
    page.get_by_label("Who corrects it").select_option(value="cs.lead")
    page.get_by_role("button", name="Raise it").click()
    page.get_by_text("The finding is raised").wait_for()

    page = reads(desktop, cast, "audit.qin", f"{address}?act=draft_audit_report")
    page.get_by_label("What you conclude").fill("处理总体合规，用语有待改进。")
    page.get_by_role("button", name="Put it up for comments").click()
    page.get_by_text("The draft is open to comments.").wait_for()
    looks.check(page)

    with held(browser, cast, DESKTOP, "en", java_script_enabled=False) as plain:
        page = reads(plain, cast, "cs.lead", f"{address}?act=comment_audit")
        page.get_by_label("Your comment").fill("已开始修改话术。")
        page.get_by_role("button", name="Hand in the comment").click()
        page.get_by_text("Your comment is on record.").wait_for()

    page = reads(desktop, cast, "cs.lead", f"{address}/findings/1?act=plan_correction")
    page.get_by_label("What is corrected at once").fill("已向消费者致歉。")
    page.get_by_label("The cause").fill("话术里没有致歉。")
    page.get_by_label("What is done", exact=True).fill("在话术里加上致歉。")
    page.get_by_label("By whom").select_option(value="cs.lead")
    page.get_by_label("Until").fill("2026-10-16")
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_text("The plan is saved.").wait_for()
    page.get_by_role("link", name="Record a measure as done").first.click()
    page.get_by_label("What was done, and what came of it").fill("已加上。")
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("link", name="Report it corrected").click()
    page.get_by_label("What shows that it is done").fill("话术第 3 版。")
    page.get_by_role("button", name="Report it").click()
    page.get_by_text("It is reported as corrected").wait_for()

    cast.be(china(11, 9, 9))
    page = reads(desktop, cast, "audit.qin", f"{address}?act=publish_audit")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("The report is published.").wait_for()
    verifier = "audit.qin" if auditor == "audit.lu" else "audit.lu"
    page = reads(desktop, cast, verifier, f"{address}/findings/1?act=verify_correction")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("What shows it").fill("抽查十件，均有致歉。")
    page.get_by_role("button", name="Save the verification").click()
    page.get_by_text("The verification is saved.").wait_for()
    page = reads(desktop, cast, "audit.qin", f"{address}?act=close_audit")
    page.get_by_role("button", name="Close").click()
    page.get_by_text("The audit is closed.").wait_for()


def test_all_of_staff_read_what_is_published_and_whom_it_names_nobody_sees(phone: Device, cast: Cast) -> None:
    page = reads(phone, cast, "logistics.gao", "/audits")
    looks.check(page)
    page.get_by_role("link", name="2026 年第 3 季度").click()
    looks.check(page)
    page.get_by_role("link", name="审计报告").click()
    page.get_by_text("处理总体合规").wait_for()
    looks.check(page)
    said = page.content()
    assert [name for name in ("cs.lead", "audit.lu", "management.zhou") if name in said] == []
    page = phone.open("/console/audits/rules")
    looks.check(page)
