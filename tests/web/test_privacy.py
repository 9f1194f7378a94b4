"""Our own page on what becomes of personal data: for anyone, in three languages, of what the house is set to."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from tests.house import House

HEADINGS = {
    "zh-CN": ("由谁处理", "处理哪些信息，用来做什么", "谁能看到", "网页在您的设备上留下什么", "保存多久", "您的权利"),
    "zh-TW": ("由誰處理", "處理哪些資料，作何用途", "誰能看到", "網頁在您的裝置上留下什麼", "保存多久", "您的權利"),
    "en": (
        "Who handles it",
        "What we use, and what for",
        "Who sees it",
        "What the pages leave on your device",
        "How long it is kept",
        "Your rights",
    ),
}


@pytest.fixture
def page(lasting_house: House) -> str:
    return lasting_house.get("/privacy").text


def part(page: str, locale: str) -> str:
    """What is said in a language."""
    found = re.search(f'<section id="{locale}" lang="{locale}">(.*?)</section>', page, re.DOTALL)
    assert found
    return found[1]


def test_anyone_reads_it_and_it_takes_no_call_of_aws(lasting_house: House) -> None:
    with lasting_house.counting() as calls:
        answer = lasting_house.get("/privacy")
    assert (answer.status, answer.headers["content-type"], calls) == (200, "text/html; charset=utf-8", [])
    assert answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("locale", HEADINGS)
def test_it_says_in_each_language_who_what_for_who_sees_it_how_long_and_what_the_rights_are(
    page: str, locale: str
) -> None:
    said = part(page, locale)
    assert tuple(re.findall("<h2>(.*?)</h2>", said)) == HEADINGS[locale]
    assert said.count("<h1>") == 1
    assert f'<a href="#{locale}" lang="{locale}">' in page


@pytest.mark.parametrize("locale", HEADINGS)
def test_it_says_what_the_page_keeps_in_a_browser_what_is_counted_and_that_files_may_say_where_they_were_made(
    page: str, locale: str
) -> None:
    said = part(page, locale)
    assert all(word in said for word in ("sessionStorage", "GPS")), locale
    assert re.search("不使用Cookie|no cookies", said)
    assert re.search("加密哈希|加密雜湊|keyed hash", said)
    assert re.search(
        "几天内自动删除|數日內自動刪除|deleted automatically within a few days", said
    )  # `KEPT`, and DynamoDB's own
    assert f'<a href="policy?lang={locale}">' in said


@pytest.mark.parametrize("locale", HEADINGS)
def test_who_handles_it_how_to_write_to_them_and_for_how_long_files_are_kept_are_the_settings(
    house: House, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    house.set(
        monkeypatch,
        REDRESS_SENDER="Tea & Kettles, Ltd. <no-reply@shop.example>",
        REDRESS_REPLY_TO="privacy@shop.example",
        REDRESS_EVIDENCE_DAYS="730",
    )
    said = part(house.get("/privacy").text, locale)
    assert "Tea &amp; Kettles, Ltd." in said
    assert 'href="mailto:privacy@shop.example"' in said
    assert re.search(r"730 ?(天|days)", said)


def test_it_loads_nothing_runs_nothing_and_its_own_style_is_the_one_that_browsers_take(lasting_house: House) -> None:
    answer = lasting_house.get("/privacy")
    assert not re.search(r"<script|<link|<img|<iframe|src=|url\(|@import| style=", answer.text)
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


class Shape(HTMLParser):
    """Whether what is opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [] if tag == "meta" else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_is_well_formed(page: str) -> None:
    assert Shape(page).open == []


def test_the_mainland_reads_its_own_characters_there_and_taiwan_its_own(page: str) -> None:
    assert set("這個來為說時後會對發過還與於請點處訴單號碼開關讓問題實際證應當現經") & set(part(page, "zh-CN")) == set()
    assert set("这来为说时后会对发过还与于请点处诉单号码开关让问题实际证应当现经") & set(part(page, "zh-TW")) == set()
    assert not re.search("投訴|短信|信息|質量|鏈接|客戶服務|默認", part(page, "zh-TW"))
