"""The way in and out of the console in a real browser, with a script and without one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local.staff import STAFF_PASSWORD
from tests.local.test_desk import aws, pool
from tests.system.cast import Cast
from tests.totp import code, no_code

from . import looks
from .conftest import held
from .devices import DESKTOP, PHONE, Device

OWN = "Kettle-of-2026"


@pytest.fixture
def mei(cast: Cast) -> Iterator[str]:
    """梅 begins today, and everybody is to have a second factor who has none yet."""
    cognito = aws(cast.system, "cognito-idp")
    pool_id, _ = pool(cast.system)
    codes = {"UserPoolId": pool_id, "SoftwareTokenMfaConfiguration": {"Enabled": True}}
    named = {"UserPoolId": pool_id, "Username": "cs.mei"}
    cognito.admin_create_user(**named, TemporaryPassword=STAFF_PASSWORD, MessageAction="SUPPRESS")
    cognito.admin_add_user_to_group(**named, GroupName="customer_service")
    cognito.set_user_pool_mfa_config(**codes, MfaConfiguration="ON")
    yield "cs.mei"
    cognito.set_user_pool_mfa_config(**codes, MfaConfiguration="OPTIONAL")
    cognito.admin_delete_user(**named)


def fill(page: Page, **fields: str) -> None:
    """Types into the fields, and sends the form."""
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
    page.locator("main form button").click()


def test_the_first_sign_in_asks_for_a_password_of_ones_own_and_for_an_app(phone: Device, mei: str) -> None:
    phone.expects("status of 401")
    phone.expects("status of 422")
    page = phone.open("/console/queue?stage=received")
    expect(page).to_have_title("登录 · 投诉处理")
    looks.check(page)
    fill(page, username=mei, password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    looks.check(page)
    fill(page, password=STAFF_PASSWORD)
    expect(page.locator("h1")).to_have_text("设置您的密码")
    looks.check(page)
    fill(page, new_password="kettle", repeated="kettle")
    expect(page.get_by_role("alert")).to_contain_text("至少 12 个字符")
    fill(page, new_password=OWN, repeated=OWN)
    expect(page.locator("h1")).to_have_text("设置第二重验证")
    looks.check(page)
    secret = page.locator("main code").inner_text()
    assert page.locator("a[href^='otpauth:']").count() == 1
    fill(page, totp=no_code(secret))
    expect(page.get_by_role("alert")).to_contain_text("第二重验证码")
    fill(page, totp=code(secret))
    expect(page.locator("header b")).to_have_text(mei)
    assert page.url.endswith("/console/queue?stage=received")

    page.locator("form.who button").click()
    expect(page.get_by_role("status")).to_contain_text("您已退出")
    fill(page, username=mei, password=OWN)
    expect(page.locator("h1")).to_have_text("第二重验证")
    looks.check(page)
    fill(page, totp=code(secret))
    expect(page.locator("header b")).to_have_text(mei)
    assert not [address for address in phone.addresses if OWN in address or "session=" in address]


@pytest.mark.parametrize("kind", [PHONE, DESKTOP])
def test_in_and_out_without_a_script(browser: Browser, cast: Cast, kind: dict[str, object]) -> None:
    with held(browser, cast, kind, "en", java_script_enabled=False) as device:
        page = device.open("/console/help")
        page.locator("footer button", has_text="繁體中文").click()
        expect(page.locator("h1")).to_have_text("登入")
        page.locator("footer button", has_text="English").click()
        fill(page, username="quality.he", password=STAFF_PASSWORD)
        expect(page.locator("header b")).to_have_text("quality.he")
        assert page.url.endswith("/console/help")
        page.locator("form.who button").click()
        expect(page.get_by_role("status")).to_contain_text("You have signed out")
        page.go_back()
        page.reload()
        expect(page.locator("h1")).to_have_text("Sign in")


def test_signing_out_leaves_nothing_of_ours_in_the_browser(desktop: Device, cast: Cast) -> None:
    page = desktop.open("/console/sign-in")
    fill(page, username="cs.lin", password=STAFF_PASSWORD)
    expect(page.locator("header b")).to_have_text("cs.lin")
    assert page.evaluate("document.cookie") == "", "no script reads a cookie of ours"
    page.evaluate("localStorage.setItem('typed', 'a draft')")
    page.locator("form.who button").click()
    expect(page.get_by_role("status")).to_contain_text("You have signed out")
    assert page.evaluate("localStorage.length") == 0
    assert [one["name"] for one in desktop.context.cookies() if one["value"]] == []


def test_where_no_page_is_it_says_so(desktop: Device, cast: Cast) -> None:
    desktop.expects("status of 404")
    desktop.sign_in(cast.token("cs.lin"))
    page = desktop.open("/console/nowhere")
    expect(page.locator("h1")).to_have_text("There is no such page.")
    looks.check(page)


WORDS = "客户来电补充：\n壶底先裂了一条细缝。"


@pytest.mark.parametrize("script", [True, False])
def test_what_was_typed_outlives_the_session(browser: Browser, cast: Cast, script: bool) -> None:
    case = cast.file()
    with held(browser, cast, PHONE, "zh-CN", java_script_enabled=script) as device:
        device.expects("status of 401")
        device.sign_in(cast.token("cs.lin"))
        page = device.open(f"/console/complaints/{case.complaint_id}?act=note")
        page.locator("#doing textarea").fill(WORDS)
        device.context.clear_cookies()
        page.locator("#doing button:not([name]):visible").click()
        expect(page.get_by_role("alert")).to_contain_text("还没有提交")
        if script:
            looks.check(page)
        expect(page.locator("#username")).to_have_value("cs.lin")
        fill(page, password=STAFF_PASSWORD)
        expect(page.locator("main .typed")).to_have_text("客户来电补充：\n壶底先裂了一条细缝。")
        if script:
            looks.check(page)
        page.locator("main form button").click()
        expect(page.get_by_role("status").first).to_be_visible()
        expect(page.locator("#history")).to_contain_text("壶底先裂了一条细缝")
        if script:
            assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('d|'))") == []
