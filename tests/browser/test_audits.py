"""A quarter is audited by auditor, owner and verifier (6.3); a finding is raised, corrected and answered for (8.3);
nobody is shut out of any page of it."""

from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.house import PLAN, REPORT, open_house
from tests.local.test_desk import aws
from tests.system.cast import CONSUMER, Cast, china
from tests.web.audited import audit_for

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
QUESTIONS, TONE = 4, 2


@pytest.fixture(scope="module")
def closed(cast: Cast) -> str:
    """The one complaint that was closed in the quarter, on a system of its own; on the first day of the next."""
    cast.begin_anew(BEGINS)
    case = cast.file()
    case.do("acknowledgement")
    case.do("investigation-report", REPORT | {"without_inquiries": "照片已足以判断。"})
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": True}, by=CONSUMER)
    cast.be(china(10, 1, 10))
    return case.complaint_id


@pytest.fixture
def ripe(closed: str, cast: Cast, keys_server: str) -> str:
    """The name of an audit that can be published, whose finding was corrected more than a month ago: made in a house
    beside the running system, and carried over."""
    with pytest.MonkeyPatch.context() as patch, open_house(patch, keys_server) as house:
        house.now = cast.now()
        name = audit_for(house, "ripe")
        items = house.items(lambda item: item.hash_key.value == f"RECORD#{name}")
        bucket, table = (house.environment[f"REDRESS_{one}"] for one in ("FIGURES_BUCKET", "TABLE"))
        s3 = boto3.client("s3")
        keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="audits/")["Contents"]]
        files = {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
    for key, content in files.items():
        aws(cast.system, "s3").put_object(Bucket=bucket, Key=key, Body=content)
    for item in items:
        aws(cast.system, "dynamodb").put_item(TableName=table, Item=item)
    cast.line.settle()
    return name


@pytest.fixture
def item(closed: str, cast: Cast) -> str:
    """Where the one item of an audit is, which was examined."""
    scope = {"departments": ["customer_service"]}
    audit = does(cast, "audit.qin", "", {"period": "2026Q3", "scope": scope})["audit_id"]
    does(cast, "management.zhou", f"/{audit}/approval", {"approved": True})
    does(cast, "audit.qin", f"/{audit}/sample", {})
    items = cast.call("GET", f"/v1/audits/{audit}/items", cast.token("audit.qin")).body["items"]
    does(cast, items[0]["auditor"], f"/{audit}/items/{closed}", {"answers": JUDGED})
    return f"/audits/{audit}/items/{closed}"


def does(cast: Cast, who: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = cast.call("POST", f"/v1/audits{path}", cast.token(who), json=body)
    assert reply.status in (200, 201), reply
    return dict(reply.body)


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
    page.locator("#do [name=note]").fill("已加上。")
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("link", name="Report it corrected").click()
    page.get_by_label("What shows that it is done").fill("话术第 3 版。")
    page.get_by_role("button", name="Report it").click()
    page.get_by_text("It is reported as corrected").wait_for()


def test_what_was_corrected_is_published_verified_and_closed_and_read_by_all_of_staff_who_see_no_names(
    ripe: str, desktop: Device, phone: Device, cast: Cast
) -> None:
    page = reads(desktop, cast, "audit.qin", f"/audits/{ripe}?act=publish_audit")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("The report is published.").wait_for()
    page = reads(desktop, cast, "audit.lu", f"/audits/{ripe}/findings/1?act=verify_correction")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("What shows it").fill("抽查十件，均有致歉。")
    page.get_by_role("button", name="Save the verification").click()
    page.get_by_text("The verification is saved.").wait_for()
    page = reads(desktop, cast, "audit.qin", f"/audits/{ripe}?act=close_audit")
    page.get_by_role("button", name="Close").click()
    page.get_by_text("The audit is closed.").wait_for()

    page = reads(phone, cast, "logistics.gao", "/audits")
    looks.check(page)
    page.get_by_role("link", name="2026年第2季度").click()
    looks.check(page)
    page.get_by_role("link", name="审计报告").click()
    page.get_by_text("受理及时").wait_for()
    looks.check(page)
    said = page.content()
    assert [name for name in ("cs.lead", "audit.lu", "management.zhou") if name in said] == []
    page = phone.open("/console/audits/rules")
    looks.check(page)


def test_a_finding_is_raised_corrected_and_answered_for(
    item: str, desktop: Device, phone: Device, browser: Browser, cast: Cast
) -> None:
    audit = item.partition("/items")[0]
    page = reads(desktop, cast, "audit.qin", item)
    page.get_by_role("link", name="Raise a finding").click()
    expect(page.get_by_role("checkbox", name=item.rpartition("/")[2])).to_be_checked()
    fill(page, {"severity": "major", "clause": "4.1c", "what": WHAT, "department": "customer_service"})
    fill(page, {"owner": "cs.lead", "answers_for": "cs.lin"})
    looks.check(page)
    send(page)
    done(page)
    looks.check(page)

    phone.expects("status of 422")
    theirs = reads(phone, cast, "cs.lead", "/findings")
    looks.check(theirs)
    theirs.locator(f"a[href*='{audit}/findings/1']").first.click()
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

    page = reads(desktop, cast, "audit.lu", f"{audit}/findings/1")
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
        page = reads(plain, cast, "cs.lin", "/hearings")
        page.get_by_role("row").get_by_role("link").last.click()
        fill(page, {"text": "那两天只有我一个人值班。"})
        send(page)
        done(page)
        expect(page.get_by_text("那两天只有我一个人值班。")).to_be_visible()
    with held(browser, cast, DESKTOP, "zh-TW") as other:
        page = reads(other, cast, "management.zhou", "/hearings?to_decide=true")
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
