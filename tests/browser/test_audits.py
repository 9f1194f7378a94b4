"""A quarter is audited by auditor, owner and verifier (6.3); nobody is shut out of any page of it."""

import pytest
from playwright.sync_api import Page

from tests.house import PLAN, REPORT
from tests.system.cast import CONSUMER, Cast, china

from . import looks
from .devices import Device

BEGINS = china(9, 24, 9)
"""A Thursday of the third quarter."""
QUESTIONS = ("Findings follow", "The remedy is lawful", "The tone is right", "Verdict, cause and category")


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


def reads(device: Device, cast: Cast, who: str, path: str) -> Page:
    device.context.set_default_timeout(8000)
    device.sign_in(cast.token(who))
    return device.open(f"/console{path}")


def test_a_quarter_is_audited_from_its_plan_to_its_report(closed: str, desktop: Device, cast: Cast) -> None:
    page = reads(desktop, cast, "audit.qin", "/audits?act=draft_audit")
    looks.check(page)
    page.screenshot(path="/work/tmp/shots/draft.png", full_page=True)
    page.get_by_label("Quarter").select_option(label="Q3 2026")
    page.get_by_role("checkbox", name="Customer service").check()
    page.get_by_role("button", name="Hand in the plan").click()
    page.get_by_role("heading", level=1, name="Internal audit of Q3 2026").wait_for()
    address = page.url.partition("/console")[2].partition("#")[0]

    page = reads(desktop, cast, "management.zhou", f"{address}?act=approve_audit")
    looks.check(page)
    page.screenshot(path="/work/tmp/shots/approve.png", full_page=True)
    page.get_by_role("radio", name="Approve it").check()
    page.get_by_role("button", name="Hand in the decision").click()
    page.get_by_text("The decision is on record").wait_for()

    page = reads(desktop, cast, "audit.qin", address)
    page.get_by_role("link", name="Draw the sample").click()
    page.get_by_role("button", name="Freeze and draw").click()
    page.get_by_text("The sample is drawn.").wait_for()
    looks.check(page)
    page.screenshot(path="/work/tmp/shots/drawn.png", full_page=True)
    auditor = page.get_by_role("row", name=closed).get_by_role("cell").nth(1).inner_text()
    page.get_by_role("link", name="How it was drawn").click()
    page.get_by_text("Recomputed just now").wait_for()
    assert page.get_by_text("Does not agree").count() == 0
    looks.check(page)
    page.screenshot(path="/work/tmp/shots/sample.png", full_page=True)

    page = reads(desktop, cast, auditor, f"{address}/items/{closed}")
    page.screenshot(path="/work/tmp/shots/item.png")
    page.screenshot(path="/work/tmp/shots/itemfull.png", full_page=True)
    looks.check(page)
