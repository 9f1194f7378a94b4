"""A finding of an audit, from the item that shows it to its correction; and who answers for it is heard (6.3, 8.3):
nobody is shut out of any page of it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.house import PLAN, REPORT
from tests.system.cast import CONSUMER, Cast, china

from . import looks
from .conftest import held
from .devices import DESKTOP, PHONE, Device
from .test_acts import done, fill, send
from .test_console_stories import tab_to

BEGINS = china(9, 30, 9)
"""The last day of the third quarter."""
YES = {"judgement": "yes"}
JUDGED = {"findings_follow": YES, "remedy_lawful": YES, "classification": YES, "tone": YES}
WHAT = "两件投诉未在24小时内受理。"


@pytest.fixture(scope="module")
def item(cast: Cast) -> str:
    """Where the one item of an audit is, which was examined on the first day of the next quarter."""
    cast.begin_anew(BEGINS)
    case = cast.file()
    case.do("acknowledgement")
    case.do("investigation-report", REPORT | {"without_inquiries": "照片已足以判断。"})
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": True}, by=CONSUMER)
    cast.be(china(10, 1, 10))
    scope = {"departments": ["customer_service"]}
    audit = does(cast, "audit.qin", "", {"period": "2026Q3", "scope": scope})["audit_id"]
    does(cast, "management.zhou", f"/{audit}/approval", {"approved": True})
    does(cast, "audit.qin", f"/{audit}/sample", {})
    items = cast.call("GET", f"/v1/audits/{audit}/items", cast.token("audit.qin")).body["items"]
    does(cast, items[0]["auditor"], f"/{audit}/items/{case.complaint_id}", {"answers": JUDGED})
    return f"/console/audits/{audit}/items/{case.complaint_id}"


def does(cast: Cast, who: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = cast.call("POST", f"/v1/audits{path}", cast.token(who), json=body)
    assert reply.status in (200, 201), reply
    return dict(reply.body)


def opened(device: Device, cast: Cast, who: str, address: str) -> Page:
    device.sign_in(cast.token(who))
    return device.open(address)


def test_a_finding_is_raised_corrected_and_answered_for(
    item: str, desktop: Device, phone: Device, browser: Browser, cast: Cast
) -> None:
    page = opened(desktop, cast, "audit.qin", item)
    page.get_by_role("link", name="Raise a finding").click()
    expect(page.get_by_role("checkbox", name=item.rpartition("/")[2])).to_be_checked()
    fill(page, {"severity": "major", "clause": "4.1c", "what": WHAT, "department": "customer_service"})
    fill(page, {"owner": "cs.lead", "answers_for": "cs.lin"})
    looks.check(page)
    send(page)
    done(page)
    looks.check(page)

    phone.expects("status of 422")
    theirs = opened(phone, cast, "cs.lead", "/console/findings")
    looks.check(theirs)
    theirs.get_by_role("link", name="发现1").click()
    theirs.get_by_role("link", name="制定整改计划").click()
    send_with_faults(theirs)
    measure = {"what": "每日下班前清点未受理的投诉。", "owner": "cs.lead", "due": "2026-10-30"}
    fill(theirs, {"correction": "已致歉并补正。", "cause": "交接班没有清单。", "measures": [measure]})
    send(theirs)
    done(theirs)
    looks.check(theirs)
    theirs.get_by_role("row").get_by_role("link").click()
    fill(theirs, {"note": "清单已启用。"})
    send(theirs)
    done(theirs)
    theirs.get_by_role("link", name="报告整改完成").click()
    fill(theirs, {"evidence": "清单与十日记录。"})
    send(theirs)
    done(theirs)
    heard(browser, cast)

    page = opened(desktop, cast, "audit.lu", f"{item.partition('/items')[0]}/findings/1")
    page.get_by_text("What is not possible now").click()
    expect(page.get_by_text("2026-10-31")).to_be_visible()
    looks.check(page)


def send_with_faults(page: Page) -> None:
    """What is missing is said beside where it is missing, whatever the browser itself would have let through."""
    page.locator("#do").evaluate("form => { form.noValidate = true; }")
    send(page)
    expect(page.locator("#faults")).to_be_visible()
    looks.check(page)


def heard(browser: Browser, cast: Cast) -> None:
    """Whoever answers for it speaks without a script, and management decides by keyboard alone."""
    with held(browser, cast, PHONE, "zh-CN", java_script_enabled=False) as plain:
        page = opened(plain, cast, "cs.lin", "/console/hearings")
        page.get_by_role("row").get_by_role("link").last.click()
        fill(page, {"text": "那两天只有我一个人值班。"})
        send(page)
        done(page)
        expect(page.get_by_text("那两天只有我一个人值班。")).to_be_visible()
    with held(browser, cast, DESKTOP, "zh-TW") as other:
        page = opened(other, cast, "management.zhou", "/console/hearings?to_decide=true")
        looks.check(page)
        decided_by_keyboard(page)
        looks.check(page)
        figures = other.open("/console/hearings/statistics")
        looks.check(figures)


def decided_by_keyboard(page: Page) -> None:
    tab_to(page, page.get_by_role("row").get_by_role("link").last)
    page.keyboard.press("Enter")
    form = page.locator("#doing")
    form.wait_for()
    tab_to(page, form.get_by_role("combobox"))
    page.keyboard.press("ArrowDown")
    tab_to(page, form.get_by_role("textbox"))
    page.keyboard.insert_text("缺員屬實。")
    looks.check(page)
    page.keyboard.press("Control+Enter")
    done(page)
