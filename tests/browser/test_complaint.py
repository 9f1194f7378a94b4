"""The page of a complaint in a real browser: everybody can use it, files are added to it, and it is printed."""

import pytest
from playwright.sync_api import Page, expect

from tests.examples import PLAN, REPORT
from tests.system.cast import Case, Cast
from tests.web.uploads import JPEG

from . import looks
from .devices import Device

PAGE_RULES = """() => [...document.styleSheets[0].cssRules]
  .filter(one => one instanceof CSSPageRule).map(one => one.cssText).join()"""
"""How pages are printed, as the browser has understood it."""
DANGER = "水壶漏电，烫伤了孩子的手。"


@pytest.fixture
def case(cast: Cast) -> Case:
    """A kettle that is dangerous and not yet decided about: asked, told, refused by legal."""
    case = cast.file(description=DANGER)
    case.do("acknowledgement", {})
    case.do("inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    case.do("inquiries/1/answer", {"assessment": "壶身偏薄。", "legal_issue": True}, by="quality.he")
    case.do("notes", {"text": "消费者愿意等。", "public": True})
    case.do("investigation-report", REPORT)
    case.do("plan-draft", PLAN)
    case.do("legal-review", {"approved": False, "advice": "请补上依据。"}, by="legal.xu")
    return case


def opened(device: Device, case: Case, who: str, more: str = "") -> Page:
    device.sign_in(case.cast.token(who))
    return device.open(f"/console/complaints/{case.complaint_id}{more}")


def test_everybody_can_use_it_in_each_language(phone: Device, desktop: Device, case: Case) -> None:
    page = opened(phone, case, "cs.lin")
    expect(page.get_by_role("heading", level=1)).to_contain_text(case.complaint_id)
    expect(page.get_by_text("记录已核对")).to_be_visible()
    looks.check(page)
    english = opened(desktop, case, "legal.xu", "/print")
    expect(english.get_by_role("heading", name="Case file")).to_be_visible()
    looks.check(english)
    assert 'counter(page) " / " counter(pages)' in english.evaluate(PAGE_RULES)


def test_several_files_are_added_and_shown_once_they_are_looked_into(desktop: Device, case: Case) -> None:
    page = opened(desktop, case, "cs.lin")
    typed = page.locator(".panel textarea").first
    typed.fill("not lost")
    page.get_by_label("Add files").set_input_files(
        [
            {"name": "crack.jpg", "mimeType": "image/jpeg", "buffer": JPEG},
            {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"ten years"},
        ]
    )
    files = page.locator("#files")
    expect(files.get_by_role("link", name="crack.jpg").first).to_be_visible(timeout=15_000)
    expect(files.get_by_role("link", name="letter.txt")).to_be_visible(timeout=15_000)
    expect(files.locator("img.thumb")).to_have_count(1)
    expect(files.locator(".rows li")).to_have_count(0)
    expect(typed).to_have_value("not lost")


def test_a_file_that_is_not_taken_says_why_and_can_be_sent_again(desktop: Device, case: Case) -> None:
    desktop.expects("status of 422")
    page = opened(desktop, case, "quality.he")
    page.get_by_label("Add files").set_input_files([{"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""}])
    row = page.locator("#files .rows li")
    expect(row.locator(".fault")).to_be_visible()
    expect(row.get_by_role("button", name="Send again")).to_be_visible()
