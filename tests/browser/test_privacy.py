"""The page on what becomes of personal data, as people see it."""

from . import looks
from .devices import Device

SAID = {"zh-CN": "您的权利", "zh-TW": "您的權利", "en": "Your rights"}


def test_everybody_can_read_it_in_each_language_on_a_narrow_screen_in_the_dark_and_at_twice_the_size(
    phone: Device,
) -> None:
    page = phone.open("/privacy")
    for locale, words in SAID.items():
        page.goto(f"{phone.api}/privacy#{locale}")
        heading = page.get_by_role("heading", name=words, exact=True)
        heading.scroll_into_view_if_needed()
        assert heading.is_visible()
    looks.check(page)


def test_it_is_one_request_and_none_elsewhere(phone: Device) -> None:
    phone.open("/privacy?from=singlemessage#token=rt1.not.for.servers")
    assert phone.addresses == [f"{phone.api}/privacy?from=singlemessage"]
    assert phone.elsewhere() == []
