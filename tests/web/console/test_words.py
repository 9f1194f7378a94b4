"""What the console says: in each language all of it, with the same values in their places."""

import json
import string

import pytest

from chalicelib.web.console.page import HERE
from chalicelib.web.languages import NATIVE

PARTS = sorted({file.name.split(".")[0] for file in (HERE / "words").glob("*.json")})


def said(part: str, locale: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((HERE / "words" / f"{part}.{locale}.json").read_text("utf-8"))
    return found


def values(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@pytest.mark.parametrize("part", PARTS)
def test_every_language_says_the_same_with_the_same_values(part: str) -> None:
    ours = said(part, "zh-CN")
    for locale in NATIVE:
        theirs = said(part, locale)
        assert list(theirs) == list(ours), locale
        assert {key: values(one) for key, one in theirs.items()} == {key: values(one) for key, one in ours.items()}
        assert all(one.strip() for one in theirs.values()), locale


@pytest.mark.parametrize("part", PARTS)
def test_taiwan_and_the_mainland_each_write_their_own_characters(part: str) -> None:
    for key, sentence in said(part, "zh-TW").items():
        sentence.encode("big5"), key
    for key, sentence in said(part, "zh-CN").items():
        sentence.encode("gb2312"), key
