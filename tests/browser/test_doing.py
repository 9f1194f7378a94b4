"""What a consumer does on the page is done once, whatever network and phone do, and nothing typed is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests import files
from tests.house import PLAN
from tests.system.cast import CONSUMER, Cast

from . import looks
from .devices import Device
from .readers import answered, link, photograph, planned, read, ready, stopped

GIVEN = "InformationGiven"


def sent(page: Page) -> list[Request]:
    """What it posts to the API from now on."""
    posted: list[Request] = []
    page.on("request", lambda one: posted.append(one) if one.method == "POST" and "/v1/" in one.url else None)
    return posted


def add(page: Page, words: str) -> None:
    page.fill("textarea[name=text]", words)
    page.locator("form[data-name=information] button").click()


def test_opening_a_link_that_offers_to_accept_opens_the_question_and_does_nothing(phone: Device, cast: Cast) -> None:
    case = planned(cast)
    before = case.seen()["version"]
    page = phone.open(link(case, round=1, answer="accept"))
    posted = sent(page)
    ready(page)
    expect(page.locator("details[data-answer=accept]")).to_have_attribute("open", "")
    expect(page.locator("details[data-answer=object]")).not_to_have_attribute("open", "")
    looks.check(page)
    page.reload()
    ready(page)
    assert posted == []
    assert case.seen()["version"] == before


def test_accepting_takes_a_second_tap_and_two_quick_ones_count_once(phone: Device, cast: Cast) -> None:
    case = planned(cast)
    page = read(phone, case)
    posted = sent(page)
    page.locator("details[data-answer=accept] summary").click()
    assert posted == []
    page.locator("details[data-answer=accept] button").evaluate("one => { one.click(); one.click(); }")
    expect(page.locator("article[data-stage=closed]")).to_be_visible()
    expect(page.locator("#done")).not_to_be_empty()
    expect(page.locator("#complaint h1")).to_be_focused()
    assert len(posted) == 1
    assert posted[0].headers["if-match"].strip('"').isdigit()
    assert answered(case, "PlanAccepted") == ["PlanAccepted"]


def test_what_does_not_get_through_is_kept_and_never_sent_by_itself(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = read(phone, case)
    phone.expects("ERR_CONNECTION_FAILED")
    with stopped(page, "**/information") as tried:
        add(page, "壶底也裂了")
        expect(page.locator("form[data-name=information] .refusal")).to_contain_text("您填写的内容都还在")
        looks.check(page)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.reload()
    ready(page)
    expect(page.locator("textarea[name=text]")).to_have_value("壶底也裂了")
    assert len(tried) == 1
    assert answered(case, GIVEN) == []
    page.locator("form[data-name=information] button").click()
    expect(page.locator("#done")).not_to_be_empty()
    expect(page.locator("textarea[name=text]")).to_have_value("")
    assert answered(case, GIVEN) == [GIVEN]


def test_an_answer_that_was_lost_on_the_way_is_asked_for_again_and_nothing_is_done_twice(
    phone: Device, cast: Cast
) -> None:
    case = cast.file()
    page = read(phone, case)
    phone.expects("ERR_CONNECTION_FAILED")
    with stopped(page, "**/information", after=True):
        add(page, "壶底也裂了")
        expect(page.locator("form[data-name=information] .refusal")).to_be_visible()
    page.reload()
    ready(page)
    page.locator("form[data-name=information] button").click()
    expect(page.locator("#done")).not_to_be_empty()
    assert answered(case, GIVEN) == [GIVEN]
    add(page, "壶底也裂了")
    expect(page.locator("textarea[name=text]")).to_have_value("")
    assert answered(case, GIVEN) == [GIVEN] * 2  # the same words once more are meant


def test_what_was_taken_is_not_offered_again_though_the_newest_state_does_not_come(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = read(phone, case)
    phone.expects("ERR_CONNECTION_FAILED")
    with stopped(page, "**/content?*"):
        add(page, "壶底也裂了")
        expect(page.locator("#done")).not_to_be_empty()
        expect(page.locator("#again")).to_be_visible()
        expect(page.locator("textarea[name=text]")).to_have_value("")
    page.locator("form[data-name=information] button").click()
    page.reload()
    ready(page)
    expect(page.locator("textarea[name=text]")).to_have_value("")
    assert answered(case, GIVEN) == [GIVEN]


def test_a_network_that_answers_with_a_page_of_its_own_counts_as_none(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = phone.open("/track")
    portal = "<html><body>Welcome to the hotel</body></html>"
    for address in ("**/content?*", "**/information", "**/evidence"):
        page.route(address, lambda route: route.fulfill(body=portal, content_type="text/html"))
    page.goto(phone.api + link(case))
    expect(page.locator("#notice")).to_contain_text("网络没有连上")
    page.unroute("**/content?*")
    page.locator("#again").click()
    ready(page)
    add(page, "壶底也裂了")
    expect(page.locator("form[data-name=information] .refusal")).to_contain_text("您填写的内容都还在")
    choose(page, ("裂缝.png", "image/png", photograph()))
    expect(page.locator(".rows li[data-state=failed] .refusal")).to_contain_text("网络没有连上")
    page.unroute("**/information")
    page.locator("form[data-name=information] button").click()
    expect(page.locator("textarea[name=text]")).to_have_value("")
    assert answered(case, GIVEN) == [GIVEN]


def test_what_is_wrong_stands_at_its_field_in_words(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = read(phone, case)
    phone.expects("status of 422")
    page.locator("textarea[name=text]").evaluate("one => one.removeAttribute('required')")
    add(page, "   ")
    field = page.locator("textarea[name=text]")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(page.locator(f"#{field.get_attribute('id')}-fault")).to_be_visible()
    looks.check(page)


def test_what_nobody_sees_in_what_was_pasted_keeps_nobody_from_sending_it(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = read(phone, case)
    pasted = "壶底\\x0b也裂了\\n见照片\\x00👍\\ud83d"
    page.locator("textarea[name=text]").evaluate(
        f"one => {{ one.value = '{pasted}'; one.dispatchEvent(new Event('input', {{bubbles: true}})) }}"
    )
    page.locator("form[data-name=information] button").click()
    expect(page.locator("#done")).not_to_be_empty()
    [given] = [one for one in case.seen("timeline", CONSUMER)["items"] if one["type"] == GIVEN]
    assert given["details"]["text"] == "壶底 也裂了\n见照片 👍"


def test_of_two_tabs_the_later_one_is_shown_what_is_now_and_keeps_what_was_typed(phone: Device, cast: Cast) -> None:
    case = planned(cast)
    early, late = read(phone, case), read(phone, case)
    for page in (early, late):
        page.locator("details[data-answer=object] summary").click()
        page.locator("details[data-answer=object] textarea").fill("换一个就行")
    early.locator("details[data-answer=object] button").click()
    expect(early.locator("article[data-stage=planning]")).to_be_visible()
    phone.expects("status of 4")
    late.locator("details[data-answer=object] button").click()
    expect(late.locator("article[data-stage=planning]")).to_be_visible()
    expect(late.locator("#notice")).to_contain_text("换一个就行")
    assert answered(case, "PlanObjectedTo") == ["PlanObjectedTo"]
    case.do("resolution-plan", PLAN)
    late.reload()
    ready(late)
    expect(late.locator("details[data-answer=object] textarea")).to_have_value("换一个就行")


def test_the_link_of_a_plan_that_was_replaced_says_so_and_accepts_nothing(phone: Device, cast: Cast) -> None:
    case = planned(cast)
    case.do("feedback", {"satisfied": False, "opinion": "要换新的"}, CONSUMER)
    case.do("resolution-plan", PLAN)
    page = read(phone, case, round=1, answer="accept")
    expect(page.locator(".note").first).to_be_visible()
    expect(page.locator("details[data-answer=accept]")).not_to_have_attribute("open", "")
    looks.check(page)


def test_a_plan_that_changes_while_it_is_looked_at_is_not_accepted_unread(phone: Device, cast: Cast) -> None:
    case = planned(cast)
    page = read(phone, case)
    page.locator("details[data-answer=accept] summary").click()
    case.do("feedback", {"satisfied": False, "opinion": "要换新的"}, CONSUMER)
    case.do("resolution-plan", PLAN | {"summary": "换一个新的水壶"})
    phone.expects("status of 4")
    page.locator("details[data-answer=accept] button").click()
    expect(page.locator("#complaint")).to_contain_text("换一个新的水壶")
    expect(page.locator("details[data-answer=accept]")).not_to_have_attribute("open", "")
    assert case.seen()["stage"] == "awaiting_consumer"


def test_who_withdraws_what_has_changed_is_shown_what_is_now_in_plain_words_and_may_go_on(
    phone: Device, cast: Cast
) -> None:
    case = cast.file()
    page = read(phone, case)
    form = page.locator("details[data-answer=withdraw]")
    form.locator("summary").click()
    form.locator("textarea").fill("不用了")
    case.do("acknowledgement", {})
    phone.expects("status of 412")
    form.locator("button").click()
    expect(page.locator("article[data-stage=investigating]")).to_be_visible()
    expect(form.locator(".refusal")).to_contain_text("请看过最新内容，再作决定")
    expect(form.locator(".refusal")).not_to_contain_text("If-Match")
    expect(form.locator("textarea")).to_have_value("不用了")
    form.locator("button").click()
    expect(page.locator("article[data-stage=closed]")).to_be_visible()


@pytest.mark.parametrize("status", [400, 401, 403, 413, 500])
def test_an_answer_without_words_is_told_with_a_number_to_quote(phone: Device, cast: Cast, status: int) -> None:
    page = read(phone, cast.file())
    phone.expects(f"status of {status}")
    page.route("**/information", lambda route: route.fulfill(status=status, body="<h1>"))
    add(page, "壶底也裂了")
    expect(page.locator(".refusal:visible").first).to_contain_text(f"并提供这个编号：{status}")


# ---- files ---------------------------------------------------------------------------------------------------------


def choose(page: Page, *chosen: tuple[str, str, bytes]) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in chosen]
    )


def test_several_files_at_once_say_what_becomes_of_each_and_nobody_who_types_is_disturbed(
    phone: Device, cast: Cast
) -> None:
    case = cast.file()
    page = read(phone, case)
    choose(
        page,
        ("裂缝.png", "image/png", photograph()),
        ("录音.mp3", "audio/mpeg", b"ID3" + b"\0" * 40),
        ("空.png", "image/png", b""),
        ("看.exe", "application/x-msdownload", b"MZ"),
    )
    row = page.locator(".rows li")
    expect(row).to_have_count(4)
    expect(row.nth(2).locator("[data-fault=empty]")).to_be_visible()
    expect(row.nth(3).locator("[data-fault=not_a_type_we_take]")).to_be_visible()
    expect(row.first.locator("img")).to_be_visible()
    field = page.locator("textarea[name=text]")
    field.press_sequentially("正在写")
    there = page.locator(".files [data-status=received]")
    expect(there).to_have_count(1)
    there.scroll_into_view_if_needed()
    expect(there.locator("img")).to_be_visible()
    assert there.locator("img").evaluate("one => one.naturalWidth") == 8
    refused = page.locator(".files [data-status=refused]")
    expect(refused).to_contain_text("录音.mp3")
    expect(refused.locator(".advice")).to_contain_text("再重新上传")
    expect(row).to_have_count(2)
    expect(field).to_be_focused()
    expect(field).to_have_value("正在写")
    add(page, "写好了")
    expect(page.locator("#done")).not_to_be_empty()
    assert phone.elsewhere() == [one for one in phone.addresses if one.startswith(cast.system.aws)]
    looks.check(page)


def test_of_a_file_that_the_server_does_not_take_it_is_said_what_is_wrong(phone: Device, cast: Cast) -> None:
    page = read(phone, cast.file())
    phone.expects("status of 422")
    choose(page, ("照" * 201 + ".png", "image/png", photograph()))
    expect(page.locator(".rows .refusal")).to_contain_text("200")


def test_a_file_that_does_not_get_through_is_tried_again_by_a_tap_and_is_there_once(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = read(phone, case)
    phone.expects("ERR_CONNECTION_FAILED")
    with stopped(page, f"{cast.system.aws}/**"):
        choose(page, ("裂缝.png", "image/png", photograph()))
        expect(page.locator(".rows li[data-state=failed] .refusal")).to_contain_text("网络没有连上")
        looks.check(page)
    page.locator(".rows button").click()
    expect(page.locator(".files [data-status=received]")).to_have_count(1)
    expect(page.locator(".rows li")).to_have_count(0)
    assert len(case.seen(by=CONSUMER)["evidence"]) == 1


def test_what_was_not_taken_makes_no_room_scarce_and_can_be_chosen_anew(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = read(phone, case)
    choose(page, *((f"{n}.exe", "application/x-msdownload", b"MZ") for n in range(18)))
    expect(page.locator(".rows [data-fault=not_a_type_we_take]:visible")).to_have_count(18)
    page.locator("form[data-files]").evaluate("one => one.dataset.most = 1")
    choose(page, ("一.png", "image/png", photograph(8)), ("二.png", "image/png", photograph(9)))
    expect(page.locator(".rows [data-fault=too_many]:visible")).to_have_count(1)
    expect(page.locator(".rows [data-fault=not_a_type_we_take]:visible")).to_have_count(0)
    expect(page.locator(".files [data-status=received]")).to_have_count(1)
    choose(page, ("二.png", "image/png", photograph(9)))
    expect(page.locator(".files [data-status=received]")).to_have_count(2)
    expect(page.locator(".rows li")).to_have_count(0)


def test_how_far_a_large_photograph_has_come_is_shown(phone: Device, cast: Cast) -> None:
    case = cast.file()
    page = read(phone, case)
    wire = phone.context.new_cdp_session(page)
    line = {"offline": False, "latency": 0, "downloadThroughput": -1}
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", line | {"uploadThroughput": 150_000})
    choose(page, ("大.png", "image/png", photograph(noise=b"x" * 600_000)))
    bar = page.locator(".rows progress")
    expect(bar).to_be_visible()
    page.wait_for_function(
        "() => { const {value} = document.querySelector('.rows progress'); return value > 0 && value < 100 }"
    )
    assert looks.axe(page) == []
    wire.send("Network.emulateNetworkConditions", line | {"uploadThroughput": -1})
    expect(page.locator(".files [data-status=received]")).to_have_count(1)


def test_a_reload_while_a_photograph_is_chosen_loses_nothing_typed_and_the_photograph_is_taken_once(
    phone: Device, cast: Cast, tmp_path: Path
) -> None:
    case = cast.file()
    page = read(phone, case)
    page.fill("textarea[name=text]", "见照片")
    photo = tmp_path / "裂缝.png"
    photo.write_bytes(photograph())
    phone.expects("ERR_CONNECTION_FAILED")
    with stopped(page, f"{cast.system.aws}/**"):
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.locator(".rows li[data-state=failed]")).to_be_visible()
    page.reload()
    ready(page)
    expect(page.locator("textarea[name=text]")).to_have_value("见照片")
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".files [data-status=received]")).to_have_count(1)
    assert [one["evidence_id"] for one in case.seen(by=CONSUMER)["evidence"]] == ["1"]


def test_a_large_photograph_and_a_document_are_fetched_when_they_are_asked_for(phone: Device, cast: Cast) -> None:
    case = cast.file()
    case.upload(photograph(noise=b"x" * 400_000), file_name="大.png")
    case.upload(files.REAL["a document"][1], "application/pdf", file_name="发票.pdf")
    page = read(phone, case)
    large, document = (page.locator(".files li", has_text=name) for name in ("大.png", "发票.pdf"))
    expect(large.locator("img")).to_have_count(0)
    large.locator("[data-show]").click()
    expect(large.locator("img")).to_be_visible()
    with page.expect_download() as saved:
        document.locator("[data-show]").click()
    assert saved.value.suggested_filename == "发票.pdf"
    ready(page)


# ---- language, print -----------------------------------------------------------------------------------------------


def test_another_language_keeps_what_was_typed_and_is_kept_over_a_reload(phone: Device, cast: Cast) -> None:
    page = read(phone, cast.file())
    page.fill("textarea[name=text]", "I write in English")
    page.locator("#piece [data-lang=en]").click()
    expect(page.locator("article[lang=en]")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("I write in English")
    expect(page.locator("#piece [data-lang=en]")).to_be_focused()
    page.reload()
    ready(page)
    expect(page.locator("html[lang=en] article[lang=en]")).to_be_visible()


def test_on_paper_everything_is_open_and_afterwards_as_before(phone: Device, cast: Cast) -> None:
    case = planned(cast)
    case.upload(photograph(), file_name="壶底.png")
    page = read(phone, case)
    folded = page.locator("details:not([open])")
    before = folded.count()
    assert before
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(folded).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.locator("[data-show]")).to_contain_text("壶底.png")  # names of files are on buttons
    expect(page.locator("button:not([data-show]):visible")).to_have_count(0)
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(folded).to_have_count(before)


def test_on_paper_files_have_their_names_and_nothing_is_there_to_be_filled_in(phone: Device, cast: Cast) -> None:
    case = cast.file()
    case.upload(photograph(), file_name="裂缝.png")
    page = read(phone, case)
    page.emulate_media(media="print")
    expect(page.locator(".files")).to_contain_text("裂缝.png")
    assert page.locator("[data-show]").evaluate_all("all => all.every(one => one.offsetHeight)")
    assert page.locator("form, textarea, nav").evaluate_all("all => all.every(one => !one.offsetHeight)")
    expect(page.get_by_role("heading", name="补充说明")).to_be_hidden()
