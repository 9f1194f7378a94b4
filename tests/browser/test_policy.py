"""The complaints policy, as people see it."""

import pytest
from playwright.sync_api import expect

from . import looks
from .devices import Device

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


def test_a_clause_is_found_by_its_number_and_it_is_one_request_and_none_elsewhere(phone: Device) -> None:
    page = phone.open("/policy?lang=zh-CN#4.4b")
    clause = page.locator('[id="4.4b"]')
    assert "2个工作日" in clause.inner_text()
    expect(clause).to_be_in_viewport()
    assert phone.addresses == [f"{phone.api}/policy?lang=zh-CN"]
    assert phone.elsewhere() == []
