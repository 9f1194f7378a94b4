"""The link and what becomes of it on its way; the way in without it."""

import pytest
from playwright.sync_api import Route, expect

from tests.system.cast import Case, Cast

from . import looks
from .devices import Device
from .readers import entered, keeps_the_token_to_itself, link, read, ready, stopped
from .test_entry import come_in


@pytest.fixture(scope="module")
def case(cast: Cast) -> Case:
    return cast.file()


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("{id}#token={token}", ""),
        ("{id}?from=singlemessage#token={token}&appinstall=0", "#from=singlemessage&appinstall=0"),
        ("{id}#token={token}&round=1&answer=accept&appinstall=0", "#round=1&answer=accept&appinstall=0"),
        ("{id}#appinstall=0&token%3D{token}", "#appinstall=0"),
        ("{id}#token={token}&from=%B7%D6&x=%", "#from=%B7%D6&x=%"),
        ("AAAAA-AAAAA#token={token}&answer=__proto__&round=1e9&lang=x", "#answer=__proto__&round=1e9&lang=x"),
        ("{id}/#/Token={token}.", ""),
        ("{id}#token={token}-#token=rt1.AAAAA-AAAAA.0.hWtztOlVxjCigaTxd1TmoA", ""),
    ],
)
def test_the_token_is_in_no_address_and_what_chat_programs_append_does_no_harm(
    phone: Device, case: Case, written: str, left: str
) -> None:
    page = phone.open("/track/" + written.format(id=case.complaint_id, token=case.token))
    ready(page)
    assert page.url == f"{phone.api}/track/{case.complaint_id}{left}"
    keeps_the_token_to_itself(phone, page, case)


@pytest.mark.parametrize("mark", ["%23", "%2523", "%252523", "?", "%3F"])
def test_a_link_that_a_mail_program_has_rewritten_opens_and_is_cleaned_at_once(
    phone: Device, case: Case, mark: str
) -> None:
    page = phone.open(link(case, mark, round=1) + "&appinstall=0")
    ready(page)
    assert page.url == f"{phone.api}/track/{case.complaint_id}#round=1&appinstall=0"
    assert [case.token in one for one in phone.addresses] == [True, *[False] * (len(phone.addresses) - 1)]


def test_a_link_that_a_mail_program_has_rewritten_is_read_though_what_was_added_to_it_is_broken(
    phone: Device, case: Case
) -> None:
    page = phone.open(f"/track/{case.complaint_id}?from=x%23token={case.token}&to=%B7%D6%")
    ready(page)
    assert page.url == f"{phone.api}/track/{case.complaint_id}#from=x&to=%B7%D6%"


@pytest.mark.parametrize("broken", ["dead", "rt1", "rt1.", "rt1..0.x", "rt1.%2e%2e.0", "..", "", "__proto__.__proto__"])
def test_what_is_no_token_leaves_the_address_and_the_number_stays(phone: Device, case: Case, broken: str) -> None:
    page = phone.open(f"/track/{case.complaint_id}#token={broken}")
    entered(page)
    expect(page.locator("#notice")).to_contain_text("这个链接缺了最后一段")
    assert page.url == f"{phone.api}/track/{case.complaint_id}"
    page.reload()
    entered(page)
    expect(page.locator("#number")).to_have_value(case.complaint_id)


def test_two_requests_and_it_is_there_and_a_third_for_what_comes_later(phone: Device, case: Case) -> None:
    read(phone, case)
    shell, content, late = phone.addresses
    assert shell.endswith(f"/track/{case.complaint_id}")
    assert content.startswith(f"{shell}/content")
    assert late.endswith("/late.js")


def test_without_its_end_a_link_says_so_and_asks_for_number_and_code_or_sends_it_again(
    phone: Device, case: Case
) -> None:
    page = phone.open(f"/track/{case.complaint_id}")
    entered(page)
    expect(page.locator("#notice")).to_contain_text("这个链接缺了最后一段")
    expect(page.locator("#number")).to_have_value(case.complaint_id)
    looks.check(page)


@pytest.mark.parametrize(
    ("spoken", "said"), [("zh-HK", "查看申訴進度"), ("fr", "查看投诉进度"), ("en-GB", "Follow your")]
)
def test_the_way_in_speaks_the_language_of_the_browser_or_chinese_and_any_that_is_chosen(
    phone: Device, spoken: str, said: str
) -> None:
    phone.context.add_init_script(f"Object.defineProperty(navigator, 'languages', {{value: ['{spoken}', 'xx']}})")
    page = phone.open("/track")
    expect(page.locator("#entry h1")).to_contain_text(said)
    page.locator("#entry [data-lang=en]").click()
    expect(page.locator("#entry h1")).to_have_text("Follow your complaint", use_inner_text=True)
    page.reload()
    expect(page.locator("#entry h1")).to_have_text("Follow your complaint", use_inner_text=True)
    if spoken == "en-GB":
        looks.check(page)


def test_a_link_that_was_replaced_says_what_to_do_and_offers_the_way_in(phone: Device, cast: Cast) -> None:
    case = cast.file()
    case.do("link", {"send": False})
    phone.expects("status of 401")
    page = phone.open(link(case))
    entered(page)
    expect(page.locator("#notice")).to_contain_text("您使用的投诉链接已被新的链接取代")
    expect(page.locator("#notice")).not_to_contain_text("This local system")  # that has kept what it was
    looks.check(page)
    page.reload()
    expect(page.locator("#notice")).to_contain_text("您使用的投诉链接已被新的链接取代")


def test_a_link_that_ends_in_nothing_known_says_so(phone: Device) -> None:
    phone.expects("status of 401")
    for mac in ("hWtztOlVxjCigaTxd1TmoA", "hWtztOl"):
        page = phone.open(f"/track/7K2M9-XD4FQ#token=rt1.7K2M9-XD4FQ.0.{mac}")
        entered(page)
        expect(page.locator("#notice")).to_contain_text("这个链接不完整，或者已经失效")


def test_a_reload_and_a_look_at_another_page_keep_it_and_a_new_tab_does_not(phone: Device, case: Case) -> None:
    page = read(phone, case)
    page.reload()
    ready(page)
    page.goto(f"{phone.api}/privacy")
    page.go_back()
    ready(page)
    entered(phone.open(f"/track/{case.complaint_id}"))
    keeps_the_token_to_itself(phone, page, case)


def test_where_the_browser_stores_nothing_a_reload_keeps_it_all_the_same(phone: Device, case: Case) -> None:
    closed = (
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    phone.context.add_init_script(closed)
    page = read(phone, case)
    page.fill("textarea[name=text]", "还有一张照片")
    page.reload()
    ready(page)
    expect(page.locator("textarea[name=text]")).to_have_value("还有一张照片")
    keeps_the_token_to_itself(phone, page, case)


def test_where_the_browser_stores_no_more_it_opens_and_a_reload_keeps_it_all_the_same(
    phone: Device, case: Case
) -> None:
    page = phone.open("/track")
    put = "sessionStorage.setItem(i++, 'x'.repeat(n))"
    page.evaluate(f"() => {{ for (let n = 1 << 20, i = 0; n; ) try {{ {put} }} catch {{ n >>= 1 }} }}")
    page.goto(phone.api + link(case))
    ready(page)
    page.fill("textarea[name=text]", "还有一张照片")
    page.reload()
    ready(page)
    expect(page.locator("textarea[name=text]")).to_have_value("还有一张照片")
    keeps_the_token_to_itself(phone, page, case)


def test_of_another_complaint_in_the_same_tab_nothing_is_seen_under_this_ones_address(
    phone: Device, cast: Cast, case: Case
) -> None:
    other = cast.file()
    page = read(phone, case)
    page.fill("textarea[name=text]", "说的是第一件")
    phone.expects("ERR_CONNECTION_FAILED")
    with stopped(page, "**/content?*"):
        page.evaluate("token => location.hash = 'token=' + token", other.token)
        expect(page.locator("#notice")).to_contain_text("网络没有连上")
        expect(page.locator("#complaint")).to_have_count(0)
    page.locator("#again").click()
    ready(page)
    expect(page.locator("#complaint")).to_have_attribute("data-id", other.complaint_id)
    expect(page.locator("textarea[name=text]")).to_have_value("")
    page.go_back()
    expect(page.locator("#complaint")).to_have_attribute("data-id", case.complaint_id)
    expect(page.locator("textarea[name=text]")).to_have_value("说的是第一件")


def test_a_number_that_is_none_is_answered_in_words_as_a_wrong_code_is(phone: Device) -> None:
    page = phone.open("/track")
    entered(page)
    phone.expects("status of 401")
    for number in ("  ", ".", "..", "a/b?c#d", "%2e%2e"):
        come_in(page, number, "7K2M-9XD4")
        expect(page.locator("#entry .refusal:visible")).to_contain_text("投诉编号和查询码不相符")


def test_without_a_network_it_says_so_and_comes_by_itself_once_there_is_one(phone: Device, case: Case) -> None:
    page = read(phone, case)
    page.goto("about:blank")
    phone.expects("ERR_INTERNET_DISCONNECTED")
    phone.context.set_offline(True)
    page.goto(phone.api + link(case))  # the shell is kept
    expect(page.locator("#notice")).to_contain_text("网络没有连上")
    expect(page.locator("#again")).to_be_visible()
    looks.check(page)
    phone.context.set_offline(False)
    ready(page)
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator("#again")).to_be_hidden()


@pytest.mark.parametrize(
    ("status", "said"), [(503, "系统暂时用不了"), (504, "系统暂时用不了"), (500, "提供这个编号：r-42")]
)
def test_a_service_that_is_down_or_broken_says_so_in_words_and_can_be_tried_again(
    phone: Device, case: Case, status: int, said: str
) -> None:
    page = phone.open("/track")
    phone.expects(f"status of {status}")
    page.route(
        "**/content?*", lambda route: route.fulfill(status=status, body="<h1>", headers={"X-Request-Id": "r-42"})
    )
    page.goto(phone.api + link(case))
    expect(page.locator("#notice")).to_contain_text(said)
    page.unroute("**/content?*")
    page.locator("#again").click()
    ready(page)
    expect(page.locator("#notice")).to_be_hidden()


def test_an_old_shell_that_a_chat_program_has_kept_fetches_itself_anew_once_and_goes_on(
    phone: Device, case: Case
) -> None:
    def newer(route: Route) -> None:
        piece = route.fetch()
        route.fulfill(response=piece, body=piece.text().replace("<article ", '<article data-shell="99" ', 1))

    page = phone.open("/track")
    page.route("**/content?*", newer)
    page.goto(phone.api + link(case))
    ready(page)
    expect(page.locator("article[data-shell='99']")).to_be_visible()
    shells = [one for one in phone.addresses if one.endswith(f"/track/{case.complaint_id}")]
    assert len(shells) == 3  # the link, what is fetched past the cache, the page again


def test_without_a_script_it_says_in_three_languages_what_to_do_and_whom_to_write_to(
    phone: Device, browser: object, case: Case
) -> None:
    context = phone.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(phone.api + link(case))
    for words in (
        "请换一个较新的浏览器",
        "請改用較新的瀏覽器",
        "in a newer browser",
        "联系我们",
        "聯絡我們",
        "Contact us",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.locator("a[href^='mailto:']")).to_be_visible()
    expect(page.locator("form").first).to_be_hidden()
    context.close()
