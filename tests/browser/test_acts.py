"""Acts of staff in a real browser: nothing typed is lost, nobody is overwritten, the consumer reads what was shown."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.examples import PLAN, REPORT
from tests.system.cast import Case, Cast

from . import looks
from .conftest import held
from .devices import DESKTOP, Device
from .readers import link, ready


def opened(device: Device, case: Case, action: str = "") -> Page:
    return device.open(f"/console/complaints/{case.complaint_id}{action and f'?act={action}'}")


def fill(page: Page, content: dict[str, Any], under: str = "") -> None:
    """As somebody types what the form asks for: rows are added as they are needed. Why a report does not wait is asked
    while an inquiry is open."""
    for name, value in content.items():
        at = f"{under}{name}"
        if name == "without_inquiries" and not page.locator(f"#doing [name='{at}']").count():
            continue
        if isinstance(value, dict):
            fill(page, value, f"{at}.")
        elif isinstance(value, list):
            _fill_rows(page, at, value)
        elif isinstance(value, bool):
            tick = page.locator(f"#doing [name='{at}'][type=checkbox]")
            chosen = page.locator(f"#doing [name='{at}'][value={str(value).lower()}]")
            tick.set_checked(value) if tick.count() else chosen.check()
        elif value is not None:
            unfold(page, at)
            field = page.locator(f"#doing [name='{at}']").first
            match field.evaluate("it => it.localName + (it.type == 'radio' ? '.radio' : '')"):
                case "select":
                    field.select_option(str(value))
                case "input.radio":
                    page.locator(f"#doing [name='{at}'][value='{value}']").check()
                case _:
                    field.fill(str(value))


def unfold(page: Page, at: str) -> None:
    """What is seldom asked stands folded."""
    folded = page.locator("#doing details:not([open])", has=page.locator(f"[name^='{at}']"))
    if folded.count():
        folded.locator("summary").click()


def _fill_rows(page: Page, at: str, values: list[Any]) -> None:
    for number, value in enumerate(values):
        if number:
            unfold(page, at)
            page.locator(f"[data-rows='{at}'] > button[name=more]").click()
        fill(page, {f"{at}.{number}": value})


def send(page: Page) -> None:
    """The button that the form is for."""
    page.locator("#doing .sends button").first.click()


def done(page: Page) -> None:
    expect(page.locator("p.done")).to_be_visible()


def drafts(page: Page) -> list[str]:
    found: list[str] = page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('d|'))")
    return found


def test_two_agents_at_one_complaint_lose_nothing_and_overwrite_nothing(
    desktop: Device, phone: Device, cast: Cast
) -> None:
    case = cast.file()
    case.do("acknowledgement", {})
    desktop.sign_in(cast.token("cs.lin"))
    phone.sign_in(cast.token("cs.chen"))
    desktop.expects("status of 412")
    of_chen, of_lin = opened(phone, case, "note"), opened(desktop, case, "report")
    with phone.context.expect_event("response", lambda one: one.url.endswith("/presence")):
        fill(of_chen, {"text": "顾客又来电，很着急。"})
    fill(of_lin, REPORT)
    expect(of_lin.locator(".near")).to_contain_text("cs.chen")
    looks.check(of_lin)
    send(of_chen)
    done(of_chen)
    assert drafts(of_chen) == []

    send(of_lin)
    expect(of_lin.locator("#faults")).to_contain_text("has changed while you were typing")
    expect(of_lin.locator("#doing [name=findings]")).to_have_value(REPORT["findings"])
    expect(of_lin.locator("#history")).to_contain_text("顾客又来电，很着急。")
    looks.check(of_lin)
    send(of_lin)
    done(of_lin)
    cast.line.settle()
    assert case.seen()["stage"] == "planning"
    assert case.happened().count("InvestigationReported") == 1


def test_what_was_typed_is_there_again_for_its_author_alone(desktop: Device, cast: Cast) -> None:
    case = cast.file()
    for steps in (("acknowledgement", {}), ("investigation-report", REPORT)):
        case.do(*steps)
    desktop.sign_in(cast.token("cs.lin"))
    page = opened(desktop, case, "draft_plan")
    two = PLAN["methods"] + [{"kind": "apology", "detail": "电话致歉。"}]
    fill(page, {"methods": two, "summary": "我们为您全额退款。"})
    assert len(drafts(page)) == 1
    page.reload()
    expect(page.locator(".restored")).to_be_visible()
    expect(page.locator("#doing [name=summary]")).to_have_value("我们为您全额退款。")
    expect(page.locator("#doing [name='methods.1.detail']")).to_have_value("电话致歉。")
    expect(page.locator("#doing [name='methods.1.kind']")).to_have_value("apology")
    looks.check(page)

    desktop.sign_in(cast.token("cs.chen"))
    theirs = opened(desktop, case, "draft_plan")
    expect(theirs.locator("#doing [name=summary]")).to_have_value("")
    expect(theirs.locator(".restored")).to_be_hidden()

    desktop.sign_in(cast.token("cs.lin"))
    page.reload()
    page.locator("[data-discard]").click()
    expect(page.locator("#doing [name=summary]")).to_have_value("")
    assert drafts(page) == []


def test_a_day_later_nothing_of_it_is_left(desktop: Device, cast: Cast) -> None:
    case = cast.file()
    desktop.sign_in(cast.token("cs.lin"))
    page = opened(desktop, case, "note")
    fill(page, {"text": "着急。"})
    (key,) = drafts(page)
    page.evaluate(
        "key => { const it = JSON.parse(localStorage[key]); it.at -= 864e5; localStorage[key] = JSON.stringify(it); }",
        key,
    )
    page.reload()
    assert drafts(page) == []
    expect(page.locator("#doing [name=text]")).to_have_value("")


def test_who_signs_out_leaves_no_draft(desktop: Device, cast: Cast) -> None:
    case = cast.file()
    desktop.sign_in(cast.token("cs.lin"))
    page = opened(desktop, case, "note")
    fill(page, {"text": "着急。"})
    assert len(drafts(page)) == 1
    page.locator("header form.who button").click()
    expect(page.locator("[data-signed-out]")).to_be_visible()
    assert drafts(page) == []


def test_canned_words_come_where_somebody_types_and_are_drafts_too(desktop: Device, cast: Cast) -> None:
    case = cast.file()
    desktop.sign_in(cast.token("cs.lin"))
    page = opened(desktop, case, "acknowledge")
    field = page.locator("#doing [name=message]")
    field.fill("王女士您好！")
    page.locator("#doing [name=_words]").select_option(index=1)
    page.locator("#doing .canned button").click()
    expect(field).to_have_value(re.compile("^王女士您好！."))
    written = field.input_value()
    page.reload()
    expect(field).to_have_value(written)
    send(page)
    done(page)


def test_an_act_is_done_without_a_script_what_the_consumer_reads_included(browser: Browser, cast: Cast) -> None:
    case = cast.file()
    for steps in (("acknowledgement", {}), ("investigation-report", REPORT)):
        case.do(*steps)
    with held(browser, cast, DESKTOP, "zh-CN", java_script_enabled=False) as plain:
        plain.sign_in(cast.token("cs.lin"))
        page = opened(plain, case, "propose_plan")
        fill(page, PLAN | {"methods": PLAN["methods"], "basis": []})
        page.locator("[data-rows=methods] > button[name=more]").click()
        fill(page, {"methods.1.kind": "apology", "methods.1.detail": "电话致歉。"})
        send(page)
        expect(page.locator("#preview")).to_contain_text("电话致歉。")
        expect(page.locator("#preview")).to_contain_text("········")
        send(page)
        done(page)
    cast.line.settle()
    assert "电话致歉。" in case.letters()[-1]["text"]


def test_a_cracked_kettle_from_the_queue_to_its_closure_by_four_people(
    desktop: Device, phone: Device, browser: Browser, cast: Cast
) -> None:
    case = cast.file(category="product_quality", description="壶身是裂的，烧水时漏水。")
    desktop.sign_in(cast.token("cs.lin"))
    queue = desktop.open("/console/queue?stage=received")
    queue.get_by_role("link", name=case.complaint_id).first.click()
    page = queue
    fill(page, {"message": "我们已受理，正在请品质管理部检查。", "legal_issue": True})
    send(page)
    done(page)
    cast.line.settle()

    with held(browser, cast, DESKTOP, "zh-CN") as of_he:
        of_he.sign_in(cast.token("quality.he"))
        asked = opened(of_he, case)
        fill(asked, {"assessment": "玻璃厚度不足。", "recommended_solution": "全额退款。"})
        looks.check(asked)
        send(asked)
        done(asked)

    page = opened(desktop, case)
    fill(page, REPORT)
    send(page)
    done(page)
    expect(page.locator(".waits")).to_contain_text("legal")
    fill(page, PLAN | {"basis": []})
    send(page)
    done(page)

    with held(browser, cast, DESKTOP, "zh-CN") as of_xu:
        of_xu.sign_in(cast.token("legal.xu"))
        read = opened(of_xu, case)
        fill(read, {"approved": True, "advice": "合法，可以发出。"})
        send(read)
        done(read)

    page = opened(desktop, case)
    expect(page.locator("#doing [name=summary]")).to_have_value(PLAN["summary"])
    send(page)
    expect(page.locator("#preview")).to_contain_text(PLAN["summary"])
    looks.check(page)
    send(page)
    done(page)
    cast.line.settle()

    theirs = phone.open(link(case))
    ready(theirs)
    expect(theirs.locator("#complaint")).to_contain_text(PLAN["summary"])
    fold = theirs.locator("details[data-answer=accept]")
    fold.locator("summary").click()
    fold.locator("form button").click()
    expect(theirs.locator("#done")).not_to_be_empty()
    cast.line.settle()
    page = opened(desktop, case, "complete_follow_up")
    fill(page, {"note": "已回访，款已到账。"})
    send(page)
    done(page)
    seen = case.seen()
    assert (seen["stage"], seen["outcome"]) == ("closed", "satisfied")
    assert all(one["done_at"] for one in seen["follow_ups"])
