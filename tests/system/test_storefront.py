"""The example of a storefront files a first complaint as anybody would by hand: with a browser that runs no script."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import requests

from chalicelib.domain.vocabulary.terms import Locale
from infra.local.staff import STOREFRONTS
from infra.local.storefront import Storefront
from infra.local.storefront_words import WORDS
from tests.running import PATIENCE, System, free_ports, running_system

from .guide import followed

NOW = datetime(2026, 10, 9, 7, 40, tzinfo=UTC)
SAID = {"category": "product_quality", "description": "收到就是裂的。\r\n<script>alert(1)</script> {{ 7*7 }}"}
FORM_WORDS = {"category", "description", "contact.name", "contact.phone", "contact.email"}


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with running_system(REDRESS_CLOCK_STILL="1") as running:
        yield running


@dataclass
class Page(HTMLParser):
    """What a page without any script offers: its links, the fields of its form, and by which words they are named."""

    url: str
    status: int
    headers: dict[str, str]
    text: str
    links: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    named: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    lang: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._link = self._area = self._select = None
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        assert "style" not in given, "the policy would not let it be"
        assert not [name for name in given if name.startswith("on")]
        match tag:
            case "html":
                self.lang = given["lang"]
            case "a":
                self._link = given["href"]
                self.links[self._link] = ""
            case "label":
                self.labels.append(given["for"])
            case "input" | "textarea" | "select":
                self.named[given["name"]] = given
                self.fields[given["name"]] = given.get("value", "")
                self._area = given["name"] if tag == "textarea" else None
                self._select = given["name"] if tag == "select" else None
            case "option":
                if self._select and ("selected" in given or not self.fields[self._select]):
                    self.fields[self._select] = given["value"]
            case "script":
                raise AssertionError("there is a script")

    def handle_endtag(self, tag):  # type: ignore[no-untyped-def]
        self._area = None if tag == "textarea" else self._area
        self._link = None if tag == "a" else self._link

    def handle_data(self, data):  # type: ignore[no-untyped-def]
        if self._area:
            self.fields[self._area] += data
        if self._link is not None:
            self.links[self._link] += data

    def to(self, path: str) -> str:
        """Where the first link leads whose address begins so."""
        return next(urljoin(self.url, one) for one in self.links if one.startswith(path))


def browse(url: str, content: dict[str, str] | None = None, *, follow: bool = True, **headers: str) -> Page:
    """What a browser gets to see. A form is sent from the shop's own page, unless `headers` say otherwise."""
    parts = urlsplit(url)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if content is not None:
        own = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
        sent = {name: value for name, value in (own | sent).items() if value}
    with requests.Session() as session:
        session.trust_env = False
        method = "GET" if content is None else "POST"
        reply = session.request(method, url, data=content, headers=sent, allow_redirects=follow, timeout=PATIENCE)
    reply.encoding = "utf-8"
    return Page(reply.url, reply.status_code, dict(reply.headers), reply.text)


def opened_form(system: System, **headers: str) -> Page:
    """From the desk's front page to the form of the first order."""
    return browse(browse(f"{system.desk}/", **headers).to("/shop/complain"), **headers)


def send(system: System, form: Page, changes: dict[str, str] | None = None, **rest: str) -> Page:
    return browse(f"{system.desk}/shop/complain", form.fields | SAID | (changes or {}), **rest)


def filed(system: System) -> int:
    return len([one for one in browse(f"{system.desk}/shop").links if one.startswith("/shop/complaints/")])


# ---- from an order to the consumer's page ------------------------------------------------------------------------


def test_a_newcomer_goes_from_an_order_to_the_page_of_the_complaint(system: System) -> None:
    status = send(system, opened_form(system))
    path = urlsplit(status.url).path
    complaint_id = path.rpartition("/")[2]
    assert (status.status, path) == (200, f"/shop/complaints/{complaint_id}")
    assert "已收到，待受理" in status.text
    assert re.search("2026年10月10日（星期六）15:4[0-9]", status.text), "by when it is acknowledged"
    link = status.to(system.api)
    assert re.fullmatch(rf"{system.api}/track/{complaint_id}#token=rt1\.{complaint_id}\.0\.[\w-]{{22}}", link)
    view = system.call("GET", f"/v1/complaints/{complaint_id}", Authorization=f"Bearer {link.partition('=')[2]}")
    assert (view.status, view.json()["order_number"]) == (200, "E20261007-0042")
    assert status.to("/shop?")
    again = browse(browse(f"{system.desk}/shop").to(f"/shop/complaints/{complaint_id}"))
    assert again.to(system.api) == link


def test_the_link_that_is_mailed_is_the_one_that_the_shop_shows(system: System) -> None:
    link = send(system, opened_form(system)).to(system.api)
    system.settle()
    assert link in browse(f"{system.desk}/shop/mail").links
    assert link in system.outbox("wang@example.cn")[-1]["text"]


def test_where_it_stands_is_shown_as_it_goes_on(system: System) -> None:
    status = send(system, opened_form(system))
    path = f"/v1/complaints/{urlsplit(status.url).path.rpartition('/')[2]}"
    said = {"username": "cs.lin", "password": "Redress-local-1"}
    lin = system.call("POST", "/v1/sign-in", said).json()["access_token"]
    assert system.call("POST", f"{path}/acknowledgement", {}, Authorization=f"Bearer {lin}").status == 200
    assert "已受理，调查中" in browse(status.url).text


def test_who_follows_the_guide_for_shops_to_the_letter_gets_what_it_says(system: System, tmp_path: Path) -> None:
    told = followed(system, tmp_path)
    assert told.returncode == 0, told.stdout
    assert "/v1/problems/" not in told.stdout, "nothing is refused"
    for said in (
        '"external_ref":"ticket-8841","metadata":{"store":"hz-12","member_level":"gold"}',
        "\n304\n",
        "\n204\n",
        '"view":"link"',
        '{"delivered":true,"status":204,"problem":null',
        "webhook.test {}",
        "complaint.acknowledged {'complaint_id': ",
        '"outcome":"delivered"',
        '{"from":"',
        '"type":"complaint.filed"',
    ):
        assert said in told.stdout, told.stdout
    assert told.stdout.count('{"delivered":true') == 2, "with the secret of before too"
    heard = re.findall(r'"id":"([0-9A-Z-]+)","type":"complaint\.\w+","timestamp"', told.stdout)
    assert len(heard) == len(set(heard)) > 2, "the second page goes on behind the first"


# ---- once, whatever happens ---------------------------------------------------------------------------------------


def test_a_double_tap_files_once(system: System) -> None:
    form, before = opened_form(system), filed(system)
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda _: send(system, form), range(4)))
    assert len({page.url for page in pages}) == 1
    assert filed(system) == before + 1


def test_going_back_and_changing_what_was_filed_files_nothing_unless_it_is_sent_once_more(system: System) -> None:
    form = opened_form(system)
    first, before = send(system, form), filed(system)
    other = {"description": "又想起一件事"}
    asked = send(system, form, other)
    assert (asked.status, filed(system)) == (422, before)
    assert urlsplit(asked.to("/shop/complaints/")).path == urlsplit(first.url).path, "here is the one that is there"
    assert asked.fields["description"].strip() == other["description"]
    second = send(system, asked, other)
    assert (second.status, filed(system)) == (200, before + 1)


def test_while_the_system_is_down_nothing_that_was_typed_is_lost_and_nothing_is_filed_twice(system: System) -> None:
    form, before = opened_form(system), filed(system)
    (port,) = free_ports(1)
    shop = Storefront(f"http://127.0.0.1:{port}", system.desk, next(iter(STOREFRONTS.items())), lambda: NOW, list)
    headers = Message()
    headers["Origin"] = system.desk
    answer = shop.file(urlencode(form.fields | SAID).encode(), headers)
    down = Page(f"{system.desk}/shop/complain", answer.status, dict(answer.headers), answer.body.decode())
    assert (down.status, WORDS["zh-CN"]["down"] in down.text) == (503, True)
    status = shop.status("7K2M9-XD4FQ", "", headers)
    assert (status.status, WORDS["zh-CN"]["silent"] in status.body.decode()) == (503, True)
    assert down.fields["description"].strip().replace("\r\n", "\n") == SAID["description"].replace("\r\n", "\n")
    assert (down.fields["key"], down.fields["category"]) == (form.fields["key"], "product_quality")
    assert (send(system, down).status, filed(system)) == (200, before + 1)


# ---- what is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "needed"),
    [("zh-CN", "请填写此项"), ("zh-TW", "請填寫此項"), ("en", "Please fill this in")],
    ids=get_args(Locale),
)
def test_what_is_missing_is_said_at_its_field_in_the_readers_language(system: System, lang: str, needed: str) -> None:
    form, before = opened_form(system, Accept_Language=lang), filed(system)
    assert form.lang == lang
    nothing = dict.fromkeys(FORM_WORDS, "")
    page = send(system, form, nothing | {"contact.email": "wang@"})
    assert (page.status, page.lang, filed(system)) == (422, lang, before)
    for name in FORM_WORDS - {"contact.phone"}:
        about = page.named[name]
        assert about["aria-invalid"] == "true", name
        assert f"{about['id']}-fault" in about["aria-describedby"].split()
        assert f"#{about['id']}" in page.links, "the list at the top leads to it"
    message = re.search(r'id="description-fault">([^<]*)<', page.text)
    assert message
    assert needed in message[1]
    assert page.fields["contact.email"] == "wang@"
    assert f"<title>{WORDS[lang]['wrong']} · " in page.text, "heard before anything else"


def test_without_any_way_to_reach_the_customer_it_says_so_where_the_first_is_typed(system: System) -> None:
    page = send(system, opened_form(system), {"contact.phone": "", "contact.email": " "})
    assert (page.status, page.named["contact.phone"].get("aria-invalid")) == (422, "true")


def test_every_field_has_a_label_and_every_name_is_there_once(system: System) -> None:
    for page in (opened_form(system), send(system, opened_form(system), {"description": ""})):
        shown = {about["id"] for about in page.named.values() if about.get("type") != "hidden"}
        assert shown == set(page.labels)
        assert len(page.ids) == len(set(page.ids))
        for about in page.named.values():
            assert set(about.get("aria-describedby", "").split()) <= set(page.ids)


# ---- what is not told, and to whom not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://evil.example:1", "Host": "evil.example:1"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_a_form_of_another_page_files_nothing(system: System, headers: dict[str, str]) -> None:
    before = filed(system)
    page = send(system, opened_form(system), **headers)
    assert (page.status, filed(system)) == (403, before)


def test_no_page_has_a_secret_of_the_shop_and_none_may_run_a_script_or_be_kept(system: System) -> None:
    status = send(system, opened_form(system))
    unknown = browse(f"{system.desk}/shop/complaints/00000-00000")
    strange = browse(f"{system.desk}/shop/complain?{urlencode({'order': 'X1'})}")
    wrong = send(system, opened_form(system), {"description": "", "contact.name": "<b>&\"'{{ 7*7 }}"})
    pages = [browse(f"{system.desk}/shop"), opened_form(system), wrong, status, browse(f"{system.desk}/shop/mail")]
    for page in (*pages, unknown, strange):
        assert "storefront-local" not in page.text
        assert "eyJ" not in page.text, "a token of the shop"
        assert page.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'; style-src 'sha256-" in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "same-origin"
    assert (unknown.status, strange.status) == (404, 404)
    assert wrong.fields["contact.name"] == "<b>&\"'{{ 7*7 }}"


def test_whoever_reads_another_language_chooses_it_and_keeps_it(system: System) -> None:
    home = browse(f"{system.desk}/shop", Accept_Language="zh-CN,zh;q=0.9")
    english = browse(home.to("?lang=en"))
    form = browse(english.to("/shop/complain"))
    status = send(system, form)
    assert [page.lang for page in (home, english, form, status)] == ["zh-CN", "en", "en", "en"]
    assert "Received" in status.text
    assert all(words.keys() == WORDS["en"].keys() for words in WORDS.values())
