"""The complaints policy, as people see it."""

from datetime import timedelta

import pytest
import requests
from playwright.sync_api import expect

from chalicelib.domain.policy import versions
from chalicelib.domain.policy.rules import Rules
from tests.local.test_desk import aws
from tests.running import PATIENCE
from tests.system.cast import Cast, china

from . import looks
from .devices import Device
from .test_lives import opened

LANGUAGES = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_everybody_can_read_it_in_each_language_on_a_narrow_screen_in_the_dark_and_at_twice_the_size(
    phone: Device, locale: str
) -> None:
    page = phone.open("/policy")
    page.get_by_role("link", name=LANGUAGES[locale], exact=True).click()
    page.wait_for_url(f"**/policy?lang={locale}")
    assert page.locator("html").get_attribute("lang") == locale
    looks.check(page)


@pytest.fixture(scope="module")
def version(cast: Cast) -> int:
    """One that is announced, and comes into force long after all other stories."""
    rules = versions.packaged(Rules)[2].model_copy(
        update={"version": 3, "link_days": 365, "effective_from": china(12, 31, 24) + timedelta(days=365)}
    )
    told = {"document": versions.written(rules), "amendment": "amendment_1", "hash": "5" * 64}
    item = {"pk": "POLICY", "sk": "VERSION#0003", "published_at": "2026-10-09T07:40:00Z", **told}
    dynamodb = aws(cast.system, "dynamodb")
    (table,) = dynamodb.list_tables()["TableNames"]
    dynamodb.put_item(TableName=table, Item={name: {"S": value} for name, value in item.items()})
    assert requests.get(f"{cast.system.api}/policy/versions/3", timeout=PATIENCE).ok  # it is known from then on
    return rules.version


@pytest.mark.parametrize("path", ["", "/{}"])
def test_everybody_can_read_which_versions_there_are_and_what_one_changes(
    phone: Device, version: int, path: str
) -> None:
    looks.check(phone.open(f"/policy/versions{path.format(version)}"))
    assert phone.elsewhere() == []


def test_a_version_is_saved_as_a_file_that_opens_without_us(desktop: Device, version: int) -> None:
    page = desktop.open(f"/policy/versions/{version}?lang=en")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Save this page").click()
    saved = coming.value
    assert saved.suggested_filename == f"policy-{version}.en.html"
    assert "365 days" in saved.path().read_text("utf-8")


def test_printed_it_is_the_document_to_hang_on_the_wall(desktop: Device, version: int) -> None:
    page = desktop.open(f"/policy/versions/{version}?lang=zh-CN")
    page.set_viewport_size({"width": 660, "height": 970})  # A4 within its margins
    page.emulate_media(media="print", color_scheme="dark")
    shown = page.locator("body").inner_text()
    assert shown.strip().startswith("网络购物平台售后投诉处理制度")
    assert "第3版" in shown
    assert "施行日期：2028年1月1日" in shown
    assert "这一版还没有施行" in shown
    assert not any(
        words in shown for words in ("简体中文", "下载本页", "历次版本", "与第2版相比", "征求意见", "查看投诉进度")
    )
    assert page.locator("body").evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    assert looks.too_wide(page) == []


def test_on_the_page_of_a_complaint_its_consumer_is_asked_what_they_think_of_it(
    phone: Device, cast: Cast, version: int
) -> None:
    page = opened(phone, cast.file())
    page.get_by_text(f"对制度修改提意见（第{version}版）").click()
    expect(page.get_by_label("您的意见")).to_be_visible()
    looks.check(page)


def test_a_clause_is_found_by_its_number_and_it_is_one_request_and_none_elsewhere(phone: Device) -> None:
    page = phone.open("/policy?lang=zh-CN#4.4b")
    clause = page.locator('[id="4.4b"]')
    assert "2个工作日" in clause.inner_text()
    expect(clause).to_be_in_viewport()
    assert phone.addresses == [f"{phone.api}/policy?lang=zh-CN"]
    assert phone.elsewhere() == []
