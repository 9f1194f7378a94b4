"""The consumer's shell: the same for everybody, small, in three languages, with no word in its script."""

import gzip
import re

import pytest

from chalicelib.web.markup import TIGHT
from chalicelib.web.pages.page import BETWEEN, packaged, script, version_of
from tests.house import House

LANGUAGES = ("zh-CN", "zh-TW", "en")
SAID = ("offline", "down", "busy", "wrong")
SCRIPTS = ("open.js", "track.js", "late.js")
OF_TAIWAN_ONLY = set("這個來為說時後會對發過還與於請點處訴單號碼開關讓問題實際證應當現經網")
OF_THE_MAINLAND_ONLY = set("这来为说时后会对发过还与于请点处诉单号码开关让问题实际证应当现经网") - set("会对")


@pytest.fixture
def page(lasting_house: House) -> str:
    return lasting_house.get("/track/7K2M9-XD4FQ").text


@pytest.fixture
def way_in(lasting_house: House, page: str) -> str:
    """What is fetched by whom no link has led to a complaint."""
    [address] = re.findall(r'data-entry="([^"]+)"', page)
    return lasting_house.get(address).text


def weight(text: str) -> int:
    """Over the wire, as API Gateway compresses."""
    return len(gzip.compress(text.encode(), 6))


def test_it_is_the_same_whatever_is_in_the_address_and_takes_no_call_of_aws(lasting_house: House, page: str) -> None:
    with lasting_house.counting() as calls:
        for address in ("/track", "/track/anything", "/track/7K2M9-XD4FQ%23token=rt1.x.0.y&appinstall=0?from=timeline"):
            assert lasting_house.get(address).text == page
    assert calls == []


def test_it_is_lighter_than_six_kilobytes_and_its_scripts_than_three(page: str) -> None:
    """So that with the piece of a complaint that waits for an answer, the largest, the page is there after ten."""
    assert weight(page) < 5_750
    assert weight(script("open.js") + script("track.js")) < 2_700
    assert weight(script("late.js")) < 3_400
    assert weight(TIGHT.sub("", packaged("redress.css"))) < 1_700


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_word_lives_in_a_script(name: str) -> None:
    sent = script(name)
    assert sent.isascii()
    strings = re.findall(r"\"[^\"\n]*\"|'[^'\n]*'", re.sub(r"/(?![/*])(?:\\.|[^/\n])+/[gi]*", "", sent))
    assert [
        one
        for one in strings
        if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", one) and not re.search("[#.[]|use strict", one)
    ] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_script_runs_in_browsers_of_old_phones_and_makes_no_code_of_text(name: str) -> None:
    sent = script(name)
    newer = (
        r"\?\.[a-zA-Z(\[]|\?\?|\|\|=|&&=|\(\?<|\d_\d|\d+n\b|\.at\(|replaceAll|replaceChildren|structuredClone|import\("
        r"|matchAll|allSettled|Promise\.any|globalThis|hasOwn|findLast|toSorted|randomUUID|AbortSignal|requestSubmit|\bclass\b"
    )
    assert re.findall(newer, sent) == []
    assert not re.search("^await", packaged(name), re.MULTILINE)
    assert re.findall(r"\beval\b|new Function|document\.write|outerHTML|insertAdjacentHTML", sent) == []
    assert sent.count("innerHTML") == (name == "track.js")  # what the server writes


def test_so_does_the_stylesheet_and_one_rule_that_they_do_not_know_takes_no_other_along() -> None:
    style = re.sub(r"[\"'][^\"']*[\"']", "''", packaged("redress.css"))
    newer = r"\bgap:|\binset|aspect-ratio|:(is|where|has)\(|:not\([^)]*,|&|@(layer|container)|\b(min|max|clamp)\(|\ddvh"
    assert re.findall(newer, style) == []
    assert re.findall(r"[^{}]*:focus-visible[^{}]*", style) == [
        "\n:focus-visible "
    ]  # a list of selectors falls as a whole


def test_every_phrase_is_there_in_all_three_languages(page: str, way_in: str) -> None:
    phrases = re.findall(r'(?:<span lang="[\w-]+">(?:[^<]|<b></b>)+</span>)+', page + way_in)
    assert len(phrases) >= 20
    for phrase in phrases:
        assert tuple(re.findall(r'lang="([\w-]+)"', phrase)) == LANGUAGES
        mainland, taiwan, _ = re.findall(r">((?:[^<]|<b></b>)+)</span>", phrase)
        assert not OF_TAIWAN_ONLY & set(mainland)
        assert not OF_THE_MAINLAND_ONLY & set(taiwan)
    assert all(f'<p id="{name}"><span' in page for name in SAID)
    assert '<p id="bare"><span' in way_in


def test_it_takes_nothing_from_elsewhere_and_has_no_style_but_its_own(page: str) -> None:
    assert not re.search(r" style=|url\(|@import|<link(?! rel=\"icon\" href=\"data:,\")|<img|<iframe|src=\"", page)
    assert not re.search(r"\son[a-z]+=\"", page)
    assert page.count("<script>") == 2
    assert re.findall(r"!important", packaged("redress.css")) == ["!important"] * 2  # hidden; paper


def test_its_own_script_and_style_are_all_that_browsers_run_and_files_go_to_their_bucket_alone(
    lasting_house: House,
) -> None:
    said = lasting_house.get("/track").headers["content-security-policy"]
    parts = dict(one.split(" ", 1) for one in said.split("; "))
    assert parts["default-src"] == "'none'"
    assert re.fullmatch(r"'self'( 'sha256-[\w+/=]+'){2}", parts["script-src"])
    assert re.fullmatch(r"'sha256-[\w+/=]+'", parts["style-src"])
    assert re.fullmatch(r"'self' https://[\w.-]+", parts["connect-src"])
    assert parts["img-src"] == f"'self' data: blob: {parts['connect-src'].split()[1]}"
    assert (parts["form-action"], parts["base-uri"], parts["frame-ancestors"]) == ("'self'", "'none'", "'none'")


@pytest.mark.parametrize(
    ("name", "file", "kind"), [("late", "late.js", "text/javascript"), ("entry", "entry.html", "text/html")]
)
def test_what_comes_later_is_named_by_what_is_in_it_and_old_shells_get_what_is_now(
    lasting_house: House, page: str, name: str, file: str, kind: str
) -> None:
    [address] = re.findall(f'data-{name}="([^"]+)"', page)
    answers = [lasting_house.get(one) for one in (address, f"/pages/0123456789abcdef/{file}")]
    assert {one.headers["content-type"] for one in answers} == {f"{kind}; charset=utf-8"}
    kept = [one.headers["cache-control"] for one in answers]
    assert kept == ["public, max-age=31536000, immutable", "public, max-age=300"]
    assert address == f"/pages/{version_of(answers[0].text)}/{file}"
    assert answers[0].text == answers[1].text


def test_the_spaces_of_a_script_that_are_not_sent_are_none_of_what_it_says() -> None:
    written = 'const a = b ? "c = d" : `${e} = f`.split(/= |, /g), g = h / 2;'
    assert BETWEEN.sub(r"\1\2", written) == 'const a=b?"c = d":`${e} = f`.split(/= |, /g),g=h / 2;'


def test_who_can_be_asked_is_the_settings_the_phone_where_there_is_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "tel:" not in house.get("/track").text
    house.set(
        monkeypatch,
        REDRESS_SENDER="Tea & Kettles <no-reply@shop.example>",
        REDRESS_REPLY_TO="help@shop.example",
        REDRESS_SERVICE_PHONE="400-810 0000",
    )
    page = house.get("/track").text
    assert '<a href="tel:4008100000">400-810 0000</a>' in page
    assert 'href="mailto:help@shop.example"' in page
    assert "Tea &amp; Kettles" in page


def test_what_becomes_of_personal_data_is_said_where_the_settings_say(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ("/track", "/policy?lang=en")
    own = ("/privacy", "/privacy#en")
    assert [f'href="{where}"' in house.get(page).text for page, where in zip(pages, own, strict=True)] == [True, True]
    house.set(monkeypatch, REDRESS_PRIVACY_URL="https://www.shop.example/privacy")
    assert ['href="https://www.shop.example/privacy"' in house.get(page).text for page in pages] == [True, True]
