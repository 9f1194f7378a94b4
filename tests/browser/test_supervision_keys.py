"""What is done in supervision and governance, by keyboard alone and without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.house import House
from tests.web.amended import rules_in
from tests.web.audited import audit_for, item_of
from tests.web.examples import a_report

from .devices import DESKTOP, PHONE
from .served import SITE, serve


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**DESKTOP, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Without a script."""
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def typed(page: Page, name: str, words: str) -> None:
    page.locator(f"[name='{name}']").focus()
    page.keyboard.type(words)


def test_a_comment_with_two_measures_is_refused_kept_and_saved_by_keyboard_alone(
    page: Page, lasting_house: House
) -> None:
    form = f"{SITE}/console/reports/{a_report(lasting_house)}?act=comment#doing"
    serve(page, lasting_house, "cs.lead")
    page.goto(form)
    page.keyboard.press("Tab")
    expect(page.locator("[name=text]")).to_be_focused()
    page.keyboard.type("九月质检只有两人在岗。")
    typed(page, "measures.0.what", "质检每天上午先答复协查。")
    page.locator("button[name=more]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='measures.1.what']")).to_be_focused()
    page.keyboard.type("换承运商包装。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#doing")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("改进措施 2 · 完成期限")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name='measures.0.owner']")).to_be_focused()

    page.goto(f"{SITE}/console/help")
    page.goto(form)
    expect(page.locator(".restored")).to_be_visible()
    for n, due in ((0, "2026-11-30"), (1, "2026-12-31")):
        page.locator(f"[name='measures.{n}.owner']").select_option("quality.he")
        page.locator(f"[name='measures.{n}.due']").fill(due)
        page.locator(f"[name='measures.{n}.moves']").select_option("M14")
    page.locator("[name='measures.1.what']").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_have_text("点评已保存。")
    expect(page.locator("#steps")).to_contain_text("换承运商包装。")
    page.goto(form)
    expect(page.locator("[name=text]")).to_have_value("")


def test_a_rule_that_cannot_be_is_refused_and_the_skip_link_leads_past_all_else(
    page: Page, lasting_house: House
) -> None:
    there = f"{SITE}/console/policy/amendments/{rules_in(lasting_house, 'draft')}"
    serve(page, lasting_house, "legal.xu")
    page.goto(f"{there}/changes?rule=clocks.received")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.locator("[name='rule.length']").fill("5000")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#doing")).to_be_focused()
    expect(page.locator("[name='rule.length']")).to_have_attribute("aria-invalid", "true")
    page.locator("[name='rule.length']").fill("8")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("8小时")


def test_an_item_is_judged_and_a_correction_planned_without_a_script(plain: Page, lasting_house: House) -> None:
    name = audit_for(lasting_house, "sampled")
    item = item_of(name)
    seen = lasting_house.get(f"/v1/audits/{name}/items/{item}", "management.wu").json
    serve(plain, lasting_house, str(seen["auditor"]))
    plain.goto(f"{SITE}/console/audits/{name}/items/{item}")
    for question in plain.locator("#do input[type=radio][value=yes]").all():
        question.check()
    plain.locator("#do input[value=no]").last.check()
    plain.locator("#do .sends button").click()
    expect(plain.get_by_role("alert")).to_be_visible()
    plain.locator("#do textarea").last.fill("没有一句道歉。")
    plain.locator("#do .sends button").click()
    expect(plain.get_by_role("status").first).to_be_visible()

    finding = f"{SITE}/console/audits/{audit_for(lasting_house, 'raised')}/findings/1"
    serve(plain, lasting_house, "cs.lead")
    plain.goto(f"{finding}?act=plan_correction#doing")
    plain.locator("[name=correction]").fill("补发道歉。")
    plain.locator("[name=cause]").fill("没有样例。")
    for n, owner in enumerate(("cs.lin", "cs.chen")):
        if n:
            plain.locator("button[name=more]").first.click()
            expect(plain.locator("[name=correction]")).to_have_value("补发道歉。")
        plain.locator(f"[name='measures.{n}.what']").fill("写一份样例。")
        plain.locator(f"[name='measures.{n}.owner']").select_option(owner)
        plain.locator(f"[name='measures.{n}.due']").fill("2026-10-30")
    plain.locator("#do .sends button").click()
    expect(plain.get_by_role("status").first).to_be_visible()
    expect(plain.locator("main")).to_contain_text("cs.chen")
