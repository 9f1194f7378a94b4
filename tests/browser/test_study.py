"""The policy is studied in a browser (8.2): by keyboard alone, and without a script; and what stands around it."""

from playwright.sync_api import Browser, Page

from chalicelib.domain.policy.quiz import SECTIONS
from tests.examples import EXAMPLES
from tests.system.cast import Cast

from . import looks, studying
from .conftest import held
from .devices import PHONE, Device
from .test_console_stories import tab_to

LIST = "/console/policy/study"
RULING = EXAMPLES["interpret_policy"].body
DECISION = EXAMPLES["review_policy"].body


def opened_by_keyboard(page: Page) -> None:
    """Each chapter that is left, from the page of the version to the quiz."""
    while (step := page.locator(".steps a")).count():
        onward = step.get_attribute("href")
        tab_to(page, step)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{onward}")


def test_somebody_studies_and_passes_by_keyboard_alone(desktop: Device, cast: Cast) -> None:
    for section in SECTIONS[2:]:
        cast.call("GET", f"/v1/policy/versions/1/study/sections/{section}", cast.token("quality.he"))
    desktop.sign_in(cast.token("quality.he"))
    page = desktop.open(LIST)
    looks.check(page)
    tab_to(page, page.get_by_role("link", name="Study version 1"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Studying version 1").wait_for()
    opened_by_keyboard(page)
    looks.check(page)
    rules = studying.rules_of(cast, 1)
    for question in page.locator("#do fieldset").all():
        name = str(question.get_attribute("id")).removeprefix("f-answers.")
        tab_to(page, question.get_by_role("radio").first)
        page.keyboard.press("Space")
        for _ in range(10):
            if question.get_by_role("radio", name=studying.right(name, rules, "en"), exact=True).is_checked():
                break
            page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Send the answers"))
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("confirmed version 1").wait_for()
    looks.check(page)


def test_without_a_script_who_fails_reads_again_and_passes(browser: Browser, cast: Cast) -> None:
    rules = studying.rules_of(cast, 1)
    with held(browser, cast, PHONE, "zh-CN", java_script_enabled=False) as device:
        device.sign_in(cast.token("logistics.gao"))
        page = device.open(f"{LIST}/1")
        while (step := page.locator(".steps a")).count():
            step.click()
        for question in page.locator("#do fieldset").all():
            question.get_by_role("radio").last.check()
        page.get_by_role("button", name="提交答案").click()
        page.get_by_text("请重读答错的题所在的章").wait_for()
        page.locator(".refusal a").first.click()
        page.get_by_role("link", name="去做测验").click()
        for question in page.locator("#do fieldset").all():
            name = str(question.get_attribute("id")).removeprefix("f-answers.")
            question.get_by_role("radio", name=studying.right(name, rules), exact=True).check()
        page.get_by_role("button", name="提交答案").click()
        page.get_by_text("您已确认学习了制度第1版").wait_for()


def test_what_stands_around_it_is_for_everybody(phone: Device, cast: Cast) -> None:
    cast.call("POST", "/v1/policy/interpretations", cast.token("cs.lin"), json=RULING)
    cast.call("POST", "/v1/policy/reviews", cast.token("management.zhou"), json=DECISION)
    pages = {
        "cs.lead": (f"{LIST}/1/roster", f"{LIST}/1/sections/4", "/console/policy", "/console/policy/versions/2"),
        "cs.lin": ("/console/policy/interpretations?act=interpret", "/console/policy/interpretations/1?act=review"),
        "management.zhou": ("/console/policy/reviews?act=review", "/console/policy/reviews/1"),
    }
    for who, paths in pages.items():
        phone.sign_in(cast.token(who))
        for path in paths:
            page = phone.open(path)
            looks.check(page)
            page.close()
