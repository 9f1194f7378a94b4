"""A complaint that legal refuses first, one that is a matter of safety, and one that no mouse ever touches."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from infra.local.staff import STAFF_PASSWORD
from tests.examples import PLAN, REPORT
from tests.system.cast import Case, Cast, china

from . import looks
from .conftest import held
from .devices import PHONE, Device
from .test_acts import done, fill, opened, send
from .test_caller import fill_in

BASIS = {"basis": [{"law": "中华人民共和国消费者权益保护法", "article": "第二十四条"}]}
COMPOSED = """one => {
  const key = (type, more) => one.dispatchEvent(new KeyboardEvent(type, {bubbles: true, cancelable: true, ...more}))
  one.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}))
  one.dispatchEvent(new CompositionEvent("compositionupdate", {data: "huikuan", bubbles: true}))
  key("keydown", {key: "Enter", ctrlKey: true, isComposing: true})
  key("keydown", {key: "Process", keyCode: 229, ctrlKey: true})
  key("keydown", {key: "j", isComposing: true})
  one.dispatchEvent(new CompositionEvent("compositionend", {data: "回款", bubbles: true}))
}"""
"""Pinyin on its way: keys that belong to whoever composes characters, not to the page."""

pytestmark = pytest.mark.usefixtures("alone")


def as_seen_by(device: Device, case: Case, who: str, action: str = "") -> Page:
    device.sign_in(case.cast.token(who))
    return opened(device, case, action)


def acted(device: Device, case: Case, who: str, action: str, **content: object) -> Page:
    """Somebody opens a form, types, and sends it."""
    page = as_seen_by(device, case, who, action)
    fill(page, content)
    send(page)
    done(page)
    case.cast.line.settle()
    return page


def test_legal_refuses_then_approves_and_what_was_approved_goes_out_to_the_letter(desktop: Device, cast: Cast) -> None:
    case = cast.file(category="false_advertising")
    case.do("acknowledgement", {})
    case.do("inquiries/1/answer", {"assessment": "页面写的是304不锈钢。"}, by="legal.xu")
    case.do("investigation-report", REPORT)
    page = acted(desktop, case, "cs.lin", "draft_plan", **PLAN | {"basis": []})
    expect(page.locator(".waits")).to_contain_text("legal")
    expect(page.locator("aside").get_by_role("link", name="Propose a plan")).to_have_count(0)

    theirs = as_seen_by(desktop, case, "legal.xu")
    expect(theirs.get_by_role("heading", level=3, name="Legal review")).to_be_visible()
    fill(theirs, {"approved": False, "advice": "请写明依据的法条。"})
    send(theirs)
    done(theirs)

    page = as_seen_by(desktop, case, "cs.lin", "draft_plan")
    expect(page.locator("#legal")).to_contain_text("请写明依据的法条。")
    expect(page.locator("aside").get_by_role("link", name="Propose a plan")).to_have_count(0)
    better = "我们为您全额退款，并更正商品页面。"
    fill(page, BASIS | {"summary": better})
    send(page)
    done(page)
    acted(desktop, case, "legal.xu", "review", approved=True, advice="合法，可以发出。")

    page = as_seen_by(desktop, case, "cs.lin")
    expect(page.get_by_role("heading", level=3, name="Propose a plan")).to_be_visible()
    expect(page.locator("#doing [name=summary]")).to_have_value(better)
    drafted = case.seen()["plan_draft"]["plan"]
    send(page)
    expect(page.locator("#preview")).to_contain_text(better)
    shown = page.locator("#preview .letter").first.inner_text()
    send(page)
    done(page)
    cast.line.settle()
    sent = case.seen()["resolution_plans"][-1]["plan"]
    for name in ("summary", "methods", "basis", "follow_up_measures", "complete_within_days", "rejects_request"):
        assert sent[name] == drafted[name], name
    letter = case.letters()[-1]["text"]
    assert better in letter
    assert "第二十四条" in letter
    assert shown.split("········")[0].strip() in letter


def test_a_burn_on_the_phone_is_called_about_assessed_and_reported(desktop: Device, cast: Cast) -> None:
    desktop.sign_in(cast.token("cs.lin"))
    page = desktop.open("/console/complaints/new")
    fill_in(
        page,
        {
            "Order number": "E20261009-8001",
            "Phone": "13700137001",
            "Name": "钱阿姨",
            "Product": "电热水壶",
            "What happened": "壶盖弹开，孩子的手被烫伤了。",
        },
    )
    page.get_by_label("Product quality").check()
    page.get_by_role("button", name="File it").click()
    number = page.locator("p.number").inner_text().strip()
    by = cast.now() + timedelta(hours=2)
    expect(page.get_by_role("alert")).to_contain_text(by.astimezone(china(10, 9).tzinfo).strftime(":%M"))
    cast.line.settle()
    case = Case(cast, number, "", {})

    queue = desktop.open("/console/queue?safety=true")
    expect(queue.locator(f"[data-line='{number}']")).to_contain_text("Danger: act now")
    page.get_by_role("alert").get_by_role("link").click()
    fill(page, {"about": "safety", "reached": True, "note": "孩子已就医，水壶已停用。"})
    send(page)
    done(page)
    expect(page.locator("#safety")).to_contain_text("the consumer was spoken to")
    acted(desktop, case, "cs.lin", "take_interim_measure", text="请先停用水壶，我们上门取件。")

    page = as_seen_by(desktop, case, "quality.he")
    fill(page, {"harmed": "minor", "stop_selling": True, "note": "壶盖卡扣偏浅。"})
    page.locator("#doing [name=report_to][value=market_regulator]").check()
    looks.check(page)
    send(page)
    done(page)
    page = acted(
        desktop,
        case,
        "quality.he",
        "tell_authority",
        authority="market_regulator",
        reference="2026-0042",
        note="已报告。",
    )
    expect(page.locator("#safety")).to_contain_text("reported it to the market regulator")
    safety = case.seen()["safety"]
    assert safety["assessed"]["harmed"] == "minor"
    happened = case.happened()
    for kind in ("SafetyTaskBegun", "ConsumerCalled", "InterimMeasureTaken", "SafetyAssessed", "AuthorityTold"):
        assert kind in happened, (kind, happened)


# ---- without a mouse -------------------------------------------------------------------------------------------------


def tab_to(page: Page, target: Locator) -> None:
    """By the one key that everybody has; whoever is there sees that they are, and nothing lies over it."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            assert target.evaluate(SEEN), "what has the focus is not to be seen"
            return
    raise AssertionError(f"no way to {target} by the keyboard")


SEEN = """one => {
  const {x, y, width, height} = one.getBoundingClientRect()
  const top = document.elementFromPoint(x + Math.min(width / 2, 20), y + Math.min(height / 2, 20))
  const {outlineStyle, outlineWidth} = getComputedStyle(one)
  return one.contains(top) && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
}"""


def typed_in(page: Page, **said: str) -> None:
    for name, text in said.items():
        tab_to(page, page.locator(f"#doing [name='{name}']").first)
        page.keyboard.insert_text(text)


def pressed(page: Page, key: str) -> None:
    """What keys do, a script does, which comes with the page."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def sent_by_keys(page: Page) -> None:
    pressed(page, "Control+Enter")


def test_everything_once_by_keyboard_alone(desktop: Device, cast: Cast) -> None:
    case = cast.file(product_name="雨伞", description="第一次用伞骨就断了。")
    page = desktop.open("/console")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type("cs.lin")
    page.keyboard.press("Tab")
    page.keyboard.type(STAFF_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("header b")).to_have_text("cs.lin")
    pressed(page, "?")
    expect(page.get_by_role("heading", level=1, name="Help")).to_be_visible()
    tab_to(page, page.locator(".skip"))
    tab_to(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Queue"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Queue")).to_be_visible()
    pressed(page, "j")
    page.keyboard.press("Enter")
    expect(page.locator("h1[data-complaint]")).to_be_visible()
    pressed(page, "/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(case.complaint_id)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(case.complaint_id)

    message = page.locator("#doing [name=message]")
    tab_to(page, message)
    page.keyboard.insert_text("我们已受理。")
    message.evaluate(COMPOSED)
    expect(message).to_have_value("我们已受理。")
    assert case.seen()["stage"] == "received"
    sent_by_keys(page)
    done(page)

    tab_to(page, page.locator("#doing [name=order_verified]"))
    if not page.locator("#doing [name=order_verified]").is_checked():
        page.keyboard.press("Space")
    typed_in(page, **{name: str(REPORT[name]) for name in ("findings", "root_cause")})
    tab_to(page, page.locator("#doing [name=responsible_party]"))
    page.keyboard.type("The s")
    typed_in(page, conclusion=str(REPORT["conclusion"]))
    if page.locator("#doing [name=without_inquiries]").count():
        typed_in(page, without_inquiries="问过了。")
    sent_by_keys(page)
    done(page)

    expect(page.locator("#doing [name='methods.0.kind']")).to_be_visible()
    tab_to(page, page.locator("#doing [name='methods.0.kind']"))
    page.keyboard.type("Refund")
    typed_in(page, **{"methods.0.detail": "全额退款", "summary": PLAN["summary"], "complete_within_days": "5"})
    typed_in(page, **{"follow_up_measures.0": "退款到账后回访"})
    sent_by_keys(page)
    expect(page.locator("#preview")).to_contain_text(PLAN["summary"])
    tab_to(page, page.locator("#doing [name=summary]"))
    sent_by_keys(page)
    done(page)

    tab_to(page, page.locator("aside").get_by_role("link", name="Record that the plan is accepted").first)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#doing .sends button").first)
    page.keyboard.press("Enter")
    done(page)
    seen = case.seen()
    assert (seen["stage"], seen["outcome"]) == ("closed", "satisfied")


def test_sign_in_queue_and_an_act_without_a_script(browser: Browser, cast: Cast) -> None:
    case = cast.file()
    with held(browser, cast, PHONE, "zh-CN", java_script_enabled=False) as device:
        page = device.open("/console/queue?stage=received")
        page.get_by_label("用户名").fill("cs.chen")
        page.get_by_label("密码").fill(STAFF_PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name=case.complaint_id).click()
        page.locator("aside").get_by_role("link", name="受理").first.click()
        fill(page, {"message": "我们已受理，正在调查。"})
        send(page)
        done(page)
        page.get_by_role("status").get_by_role("link").click()
    assert case.seen()["stage"] == "investigating"
