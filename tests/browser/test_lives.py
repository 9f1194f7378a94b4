"""Lives of complaints on a phone of 360 pixels, from the link in the mail to the end, in words that are read there."""

import re

from playwright.sync_api import Page, expect

from tests.examples import REJECTION
from tests.house import PLAN, REPORT
from tests.system.cast import CONSUMER, Case, Cast

from . import looks
from .devices import Device
from .readers import photograph, ready


def newest_link(case: Case) -> str:
    """Of the last mail."""
    links = re.findall(r"http://\S+/track/\S+", case.letters()[-1]["text"])
    assert links, case.letters()[-1]["text"]
    return str(links[0])


def opened(device: Device, case: Case) -> Page:
    page = device.context.new_page()
    page.goto(newest_link(case))
    ready(page)
    return page


def act(page: Page, name: str, words: str = "") -> None:
    """The first tap, what is to be said, the second tap."""
    fold = page.locator(f"details[data-answer={name}]")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    if words:
        fold.locator("textarea").fill(words)
    fold.locator("form button").click()


def test_a_good_life_in_chinese(phone: Device, cast: Cast) -> None:
    case = cast.file(description="收到就是裂的，倒水会漏。<b>{{ 7*7 }}</b>")
    page = opened(phone, case)
    expect(page.locator("h1:visible")).to_contain_text("前受理您的投诉")
    expect(page.locator("#complaint")).to_contain_text("<b>{{ 7*7 }}</b>")
    looks.check(page)
    case.do("acknowledgement", {"message": "已受理，我们马上调查。"})
    case.do("information-requests", {"question": "裂缝在什么位置？请拍一张照片。"})
    page = opened(phone, case)
    expect(page.locator("section.now")).to_contain_text("裂缝在什么位置？")
    looks.check(page)
    chosen = {"name": "裂缝.png", "mimeType": "image/png", "buffer": photograph()}
    page.locator("input[type=file]").set_input_files(chosen)
    page.fill("section.now textarea", "在壶底，见照片。")
    page.locator("section.now form button").click()
    expect(page.locator("#done")).not_to_be_empty()
    expect(page.locator("section.now")).to_have_count(0)
    expect(page.locator(".files [data-status=received]")).to_have_count(1)
    cast.line.settle()
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    page = opened(phone, case)
    expect(page.locator("h1:visible")).to_contain_text("处理方案已经拟好")
    act(page, "accept")
    expect(page.locator("article[data-stage=closed]")).to_be_visible()
    expect(page.locator("#done")).not_to_be_empty()
    looks.check(page)
    cast.line.settle()
    page = opened(phone, case)
    act(page, "reopen", "退款一直没有到账")
    expect(page.locator("article:not([data-stage=closed])")).to_be_visible()
    assert case.seen()["round"] == 2
    act(page, "withdraw")
    expect(page.locator("article[data-stage=closed]")).to_be_visible()
    assert case.seen()["outcome"] == "withdrawn"
    assert not [one for one in phone.addresses if case.token in one]
    assert phone.elsewhere() == [one for one in phone.addresses if one.startswith(cast.system.aws)]


def test_a_life_in_english_with_a_plan_that_rejects_and_another_person(phone: Device, cast: Cast) -> None:
    case = cast.file(locale="en", description="The kettle leaks.\nIt was broken when it came.")
    case.do("acknowledgement", {})
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    page = opened(phone, case)
    expect(page.locator("h1:visible")).to_contain_text("Our plan is ready")
    looks.check(page)
    act(page, "object", "I want a new one.")
    expect(page.locator("article[data-stage=planning]")).to_be_visible()
    expect(page.locator("#complaint")).to_contain_text("I want a new one.")

    cast.line.settle()
    case.do("resolution-plan", REJECTION)
    page = opened(phone, case)
    expect(page.locator(".recourse")).to_contain_text("12315")
    looks.check(page)
    act(page, "review", "Nobody looked at my photographs.")
    expect(page.locator("article[data-stage=planning]")).to_be_visible()
    expect(page.locator("#done")).not_to_be_empty()
    assert "ReviewRequested" in case.happened(CONSUMER)


def test_whatever_somebody_typed_is_text_and_fits_the_screen(phone: Device, cast: Cast) -> None:
    odd = "الغلاية مكسورة\nوالماء يتسرب 💔👩‍👩‍👧\n<script>document.title = 'x'</script><b>{{ 7*7 }}</b>" + "w" * 4800
    case = cast.file(
        description=odd, product_name="<img src=x onerror=alert(1)>", contact={"name": "‮👻", "email": "odd@example.cn"}
    )
    case.do("acknowledgement", {"message": "'\"><svg onload=alert(1)>" + "长" * 900})
    page = opened(phone, case)
    expect(page.locator("#complaint")).to_contain_text("وال")
    assert page.locator(".typed", has_text="الغلاية").first.evaluate("one => one.innerText").startswith(odd[:30])
    assert page.locator("#complaint").locator("b:has-text('49'), svg, img, script").count() == 0
    assert [*looks.axe(page), *looks.too_wide(page)] == []


def test_older_entries_of_a_long_history_take_the_place_of_the_newer_ones(phone: Device, cast: Cast) -> None:
    case = cast.file()
    for number in range(8):
        case.do("information", {"text": f"第{number}封信" + "很长" * 2_400}, CONSUMER)
    page = opened(phone, case)
    letters = page.locator(".history .typed")
    expect(letters.first).to_contain_text("第7封信")
    assert letters.count() < 8
    page.fill("textarea[name=text]", "正在写")
    page.get_by_role("button", name="更早").click()
    expect(letters.last).to_contain_text("第0封信")
    expect(page.locator("h2:focus")).to_have_count(1)  # the button is gone, whoever tapped it is not
    expect(page.locator("textarea[name=text]")).to_have_value("正在写")
    assert [*looks.axe(page), *looks.too_wide(page)] == []
    page.locator("[data-more]").first.click()
    expect(letters.first).to_contain_text("第7封信")


def test_a_complaint_that_was_merged_says_into_which_and_shows_its_plan(phone: Device, cast: Cast) -> None:
    first = cast.file()
    second = cast.file(contact=first.filing["contact"], product_name="保温杯 500ml")
    for case in (first, second):
        case.do("acknowledgement", {})
    second.do("merger", {"into": first.complaint_id})
    page = opened(phone, second)
    expect(page.locator("#complaint")).to_contain_text(first.complaint_id)
    looks.check(page)
    first.do("investigation-report", REPORT)
    first.do("resolution-plan", PLAN)
    page.reload()
    ready(page)
    expect(page.locator("dl.plan")).to_contain_text(PLAN["summary"])
    expect(page.locator("[data-answer=accept]")).to_have_count(0)
    assert [*looks.axe(page), *looks.too_wide(page)] == []


def test_on_paper_there_is_all_that_can_be_read_and_nothing_to_press(phone: Device, cast: Cast) -> None:
    case = cast.file()
    case.do("acknowledgement", {})
    case.do("investigation-report", REPORT)
    case.do("resolution-plan", PLAN)
    case.do("feedback", {"satisfied": False, "opinion": "要换新的"}, CONSUMER)
    case.do("resolution-plan", PLAN | {"summary": "换一个新的水壶"})
    case.upload(photograph(), file_name="裂缝.png")
    page = opened(phone, case)
    before = page.locator("#piece details").filter(has=page.locator("dl.plan")).first
    expect(before.locator("dl.plan")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    expect(before.locator("dl.plan")).to_be_visible()
    expect(page.get_by_text("要换新的").first).to_be_visible()
    expect(page.locator(".files")).to_contain_text("裂缝.png", use_inner_text=True)
    expect(page.locator("button:not([data-show]):visible, form:visible, nav:visible")).to_have_count(0)
    assert (
        page.locator("section:visible").evaluate_all(
            "all => all.filter(one => one.innerText.split('\\n').length < 2).length"
        )
        == 0
    )
    paper = page.evaluate("() => ['color', 'backgroundColor'].map(one => getComputedStyle(document.body)[one])")
    assert paper[0] == "rgb(0, 0, 0)"
    assert looks.axe(page) == []
