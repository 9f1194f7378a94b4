"""Forms of the console in a real browser: rows, canned words and faults, by hand and without a script."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.examples import REPORT
from tests.system.cast import Case, Cast

from . import looks
from .conftest import held
from .devices import DESKTOP, Device

METHODS = "fieldset[data-rows=methods]"
SORRY = re.compile("给您带来不便")


def to_be_planned(cast: Cast) -> Case:
    case = cast.file()
    case.do("acknowledgement", {})
    case.do("investigation-report", REPORT)
    return case


def opened(device: Device, cast: Cast, case: Case, action: str = "propose_plan") -> Page:
    device.sign_in(cast.token("cs.lin"))
    return device.open(f"/console/complaints/{case.complaint_id}?act={action}")


def named(page: Page, name: str) -> str:
    return page.locator(f'#doing [name="{name}"]').input_value()


def test_a_plan_grows_by_rows_and_shows_what_is_wrong_beside_its_fields(phone: Device, cast: Cast) -> None:
    phone.expects("status of 422")
    case = to_be_planned(cast)
    page = opened(phone, cast, case)
    page.locator('[name="methods.0.kind"]').select_option("refund")
    page.fill('[name="methods.0.detail"]', "全额退款")
    page.locator(f"{METHODS} > button").click()
    expect(page.locator('[name="methods.1.kind"]')).to_be_focused()
    assert (named(page, "methods.1.detail"), named(page, "methods.1.amount.currency")) == ("", "CNY")
    assert page.locator(f"{METHODS} > .row").nth(1).locator("legend").first.inner_text().endswith("2")
    page.locator('[name="methods.1.kind"]').select_option("other")
    page.fill('[name="methods.1.amount.value"]', "五十")
    page.locator("#doing form").evaluate("one => one.noValidate = true")
    page.locator("#doing .sends button").first.click()
    expect(page.locator("#faults")).to_be_visible()
    assert named(page, "methods.0.detail") == "全额退款"
    expect(page.locator('[name="methods.1.detail"]')).to_have_attribute("aria-invalid", "true")
    page.locator("#faults a").first.click()
    assert page.evaluate("document.activeElement.name") == "methods.1.detail"
    looks.check(page)


def test_enter_in_a_line_sends_the_form_and_adds_no_row(desktop: Device, cast: Cast) -> None:
    page = opened(desktop, cast, to_be_planned(cast))
    page.locator("#doing form").evaluate(
        "one => one.onsubmit = sent => { sent.preventDefault(); one.dataset.sent = sent.submitter.name; }"
    )
    page.locator('[name="methods.0.amount.value"]').press("Enter")
    expect(page.locator(f"{METHODS} > .row")).to_have_count(1)
    page.locator("#doing form").evaluate("one => one.noValidate = true")
    page.locator('[name="methods.0.amount.value"]').press("Enter")
    expect(page.locator("#doing form")).to_have_attribute("data-sent", "")


def test_canned_words_come_where_somebody_types(desktop: Device, cast: Cast) -> None:
    page = opened(desktop, cast, to_be_planned(cast))
    page.fill("[name=summary]", "您好。再见。")
    page.locator("[name=summary]").evaluate("one => one.setSelectionRange(3, 3)")
    page.locator("[name=_words]").select_option("sorry")
    page.locator(".canned button").click()
    assert re.fullmatch("您好。给您带来不便.*再见。", named(page, "summary"))
    assert named(page, "_canned") == "sorry"
    expect(page.locator("[name=summary]")).to_be_focused()


def test_without_a_script_there_are_more_rows_and_canned_words_too(browser: Browser, cast: Cast) -> None:
    with held(browser, cast, DESKTOP, "zh-CN", java_script_enabled=False) as device:
        page = opened(device, cast, to_be_planned(cast))
        page.fill("[name=follow_up_measures\\.0]", "退款到账后回访")
        page.locator('fieldset[data-rows="follow_up_measures"] > button').click()
        expect(page.locator('[name="follow_up_measures.1"]')).to_be_visible()
        assert named(page, "follow_up_measures.0") == "退款到账后回访"
        page.locator("[name=_words]").select_option("sorry")
        page.locator(".canned button").click()
        assert SORRY.search(named(page, "methods.0.detail") + named(page, "summary"))
        assert named(page, "_canned") == "sorry"


def test_the_list_of_canned_words_is_for_everybody(phone: Device, cast: Cast) -> None:
    phone.sign_in(cast.token("legal.xu"))
    page = phone.open("/console/words")
    expect(page.locator("h2").first).to_have_text("法务部")
    looks.check(page)
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.locator("#words-plan_lawful")).to_contain_text("The plan is lawful")


def test_a_merger_is_chosen_from_what_is_related_or_typed(phone: Device, cast: Cast) -> None:
    other = cast.file()
    own = cast.file(contact=other.filing["contact"], product_name="保温杯 500ml")
    page = opened(phone, cast, own, "merge")
    choice = page.locator(f'#doing [type=radio][value="{other.complaint_id}"]')
    choice.check()
    looks.check(page)
    page.reload()
    expect(choice).to_be_checked()
    expect(page.get_by_label("或填写其他编号")).to_have_value("")
    page.locator("#doing .sends button").first.click()
    expect(page.locator("p.done")).to_be_visible()
