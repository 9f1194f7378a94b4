"""The words of the console: the house has one for each thing, and Taiwan has its own."""

import pytest

from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.console.page import words

ELSEWHERE: dict[Locale, tuple[str, ...]] = {
    "zh-CN": ("超期", "指派", "你"),
    "zh-TW": ("投訴", "指派", "查找", "短信", "默認", "鏈接", "視頻", "你"),
}
"""What the house, and who reads that language, says otherwise."""


@pytest.mark.parametrize("locale", ELSEWHERE)
def test_everything_is_called_as_the_house_calls_it(locale: Locale) -> None:
    for key, said in words(locale).items():
        assert not [one for one in ELSEWHERE[locale] if one in said], (key, said)
