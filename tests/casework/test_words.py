"""Words of notices: every kind, in every language and form, against all its data and against the least of it."""

import re
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, TemplateNotFound, UndefinedError
from jinja2.meta import find_referenced_templates

from chalicelib.casework import amendment_letters, audit_letters, report_letters
from chalicelib.casework.words import TEMPLATES, Wording, fill, short
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.telling.sms import parts
from chalicelib.domain.vocabulary.terms import Locale

from .told import (
    CODE,
    LINK,
    LOCALES,
    PAGE,
    TO_CONSUMERS,
    TO_STAFF,
    Interpreted,
    Leaver,
    LeftOwing,
    Line,
    Method,
    Owed,
    Rise,
    Unstudied,
    Waiting,
    Worse,
    least,
    texted,
    values,
)

EVERY = [*product(NOTICES, LOCALES)]
TO_EVERY_CONSUMER = [*product(TO_CONSUMERS, LOCALES)]
PLANS = ("plan", "adjusted_plan")
ROUTES: dict[Locale, tuple[str, ...]] = {
    "zh-CN": ("12315", "消费者协会", "仲裁", "人民法院"),
    "zh-TW": ("12315", "消費者協會", "仲裁", "人民法院"),
    "en": ("12315", "consumers' association", "arbitration", "people's court"),
}
NOT_SATISFIED: dict[Locale, tuple[str, str]] = {
    "zh-CN": ("我们不会因此认为您对方案满意", "不视为您满意"),
    "zh-TW": ("我們不會因此認定您對方案感到滿意", "不視為您滿意"),
    "en": ("not take that to mean that you are satisfied", "take you to be satisfied"),
}
HOSTILE = "{{7*7}}{% raw %}<script>alert('1')</script>\"&amp;"


class Page(HTMLParser):
    """What is seen of a page, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(html.partition("<body")[2].partition(">")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag in ("br", "p", "li", "td"):
            self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def gist(words: str) -> str:
    """The words alone: without links, rules, marks of lists and headings, white space."""
    unmarked = re.sub(r"^\s*(\d+\.|-) |-{9,}", "", re.sub(r"https://\S+", "", words), flags=re.MULTILINE)
    return re.sub(r"[\s:：【】]", "", unmarked)


def flat(value: Any) -> list[str]:
    """Every word and number in a value."""
    if isinstance(value, Interpreted | Method | Line | Leaver | Rise | Waiting | Worse | Owed | Unstudied | LeftOwing):
        return flat(list(vars(value).values()))
    if isinstance(value, dict):
        return flat(list(value.values()))
    if isinstance(value, list):
        return [word for one in value for word in flat(one)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


@pytest.mark.parametrize("given", [values, least])
@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_every_notice_can_be_written_and_text_and_html_say_the_same(kind: str, locale: Locale, given: Any):
    subject, text, html = fill(kind, locale, **given(kind, locale))
    page = Page(html)
    assert gist("".join(page.seen)) == gist(text)
    assert page.links == re.findall(r"https://\S+", text)
    assert subject
    assert not re.search(r"None|\n\n\n|[ \t]\n|\{|\}", subject + text)


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_all_that_is_known_is_said(kind: str, locale: Locale):
    given = values(kind, locale)
    subject, text, _ = fill(kind, locale, **given)
    told = " ".join((subject + "\n" + text).split())
    unsaid = [word for name in given.keys() - {"locale", "outcome", "page", "code"} for word in flat(given[name])]
    assert [word for word in unsaid if " ".join(word.split()) not in told] == []


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_html_is_one_column_for_a_phone_and_loads_nothing(kind: str, locale: Locale):
    html = fill(kind, locale, **values(kind, locale)).html
    assert html.startswith(f'<!doctype html>\n<html lang="{locale}">')
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "max-width: 600px" in html
    assert not re.search(r"<(img|link|script|style|iframe)|src=|url\(|@import", html)
    assert set(Page(html).tags) <= {"div", "p", "br", "strong", "a", "ul", "ol", "li", "table", "tr", "td"}


def hostile(value: Any) -> Any:
    if isinstance(value, Method):
        return Method(HOSTILE, HOSTILE, HOSTILE)
    if isinstance(value, Line):
        return Line(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    if isinstance(value, Leaver):
        return Leaver(HOSTILE, value.held, [HOSTILE], value.more)
    if isinstance(value, LeftOwing):
        return LeftOwing(HOSTILE, value.number, [HOSTILE], value.more)
    if isinstance(value, Interpreted):
        return Interpreted(value.number, HOSTILE)
    if isinstance(value, Waiting):
        return Waiting(HOSTILE, value.open)
    if isinstance(value, Owed):
        return Owed(value.version, HOSTILE, value.late)
    if isinstance(value, Unstudied):
        return Unstudied(HOSTILE, value.version, HOSTILE)
    if isinstance(value, list):
        return [hostile(one) for one in value]
    return HOSTILE if isinstance(value, str) else value


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_what_anybody_typed_stays_text(kind: str, locale: Locale):
    given = {name: value if name == "outcome" else hostile(value) for name, value in values(kind, locale).items()}
    subject, text, html = fill(kind, locale, **given)
    assert HOSTILE in text
    assert "<script" not in html
    assert "{{7*7}}{% raw %}&lt;script&gt;" in html
    assert "49" not in subject + text + html
    if kind in TO_CONSUMERS:
        assert HOSTILE in short(kind, locale, **given)


@pytest.mark.parametrize("mark", ["\n", "\r\nBcc: all@example.cn", "\u2028", "\x85"])
def test_a_subject_and_a_text_message_are_one_line(mark: str):
    given = values("delivery_update", "zh-CN", status_name=f"延误{mark}！", text=f"第一行{mark}第二行")
    assert len(fill("delivery_update", "zh-CN", **given).subject.splitlines()) == 1
    assert len(short("delivery_update", "zh-CN", **given).splitlines()) == 1


def test_a_notice_with_a_hole_in_it_is_not_written():
    given = values("receipt", "zh-CN")
    with pytest.raises(ValueError, match="None"):
        fill("receipt", "zh-CN", **given | {"due_at": None})
    with pytest.raises(UndefinedError, match="due_at"):
        fill("receipt", "zh-CN", **{name: value for name, value in given.items() if name != "due_at"})


@pytest.mark.parametrize("kind", TO_STAFF)
def test_staff_get_no_text_messages(kind: str):
    with pytest.raises(TemplateNotFound):
        short(kind, "zh-CN", **values(kind, "zh-CN"))


def test_there_is_a_file_for_every_kind_language_and_form_and_no_other():
    forms = {True: ("subject.txt", "txt", "html", "sms.txt"), False: ("subject.txt", "txt")}
    kinds = product([*NOTICES, *report_letters.KINDS, *amendment_letters.KINDS, *audit_letters.KINDS], LOCALES)
    expected = {f"{kind}/{locale}.{form}" for kind, locale in kinds for form in forms[kind in TO_CONSUMERS]}
    there = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    assert {name for name in there if not name.startswith("_shared/")} - {"README.md"} == expected


def test_every_shared_piece_is_used():
    sources = [path.read_text("utf-8") for form in ("*.txt", "*.html") for path in TEMPLATES.rglob(form)]
    used = {name for source in sources for name in find_referenced_templates(Environment().parse(source))}
    shared = {f"_shared/{path.name}" for path in (TEMPLATES / "_shared").iterdir()}
    assert shared - {"_shared/laid_out.html"} == used


@pytest.mark.parametrize("kind", [*PLANS, "other_plan"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_refusal_carries_its_reasons_and_the_ways_outside_and_nothing_else_does(kind: str, locale: Locale):
    refusal, plan = (values(kind, locale, rejects_request=rejects) for rejects in (True, False))
    assert refusal["reasons"] in fill(kind, locale, **refusal).text
    for way in ROUTES[locale]:
        assert all(way in said for said in (fill(kind, locale, **refusal).text, short(kind, locale, **refusal)))
        assert not any(way in said for said in (fill(kind, locale, **plan).text, short(kind, locale, **plan)))


ON_THE_PHONE = {"zh-CN": "按您在电话中所说", "zh-TW": "依您在電話中所述", "en": "as you said on the phone"}


@pytest.mark.parametrize("kind", ["closure", "withdrawal"])
@pytest.mark.parametrize("locale", LOCALES)
def test_what_staff_recorded_for_a_caller_is_told_as_such_with_how_to_object(locale: Locale, kind: str):
    recorded, own = values(kind, locale, by_staff=True), values(kind, locale, by_staff=False)
    for words in (
        fill(kind, locale, **recorded).text,
        fill(kind, locale, **recorded).html,
        short(kind, locale, **recorded),
    ):
        assert ON_THE_PHONE[locale] in (words or "")
    assert recorded["reopen_url"] in fill(kind, locale, **recorded).text
    assert ON_THE_PHONE[locale] not in fill(kind, locale, **own).text + short(kind, locale, **own)


@pytest.mark.parametrize("locale", LOCALES)
def test_silence_is_never_taken_for_satisfaction(locale: Locale):
    by_mail, by_phone = NOT_SATISFIED[locale]
    for kind in (*PLANS, "answer_reminder", "closure"):
        given = values(kind, locale) | ({"outcome": "no_response"} if kind == "closure" else {})
        assert by_mail in fill(kind, locale, **given).text, kind
    unanswered = values("closure", locale, outcome="no_response")
    assert by_phone in short("closure", locale, **unanswered)
    assert by_phone in short("answer_reminder", locale, **values("answer_reminder", locale))
    for way in ROUTES[locale]:
        assert way in fill("closure", locale, **unanswered).text
        assert way in short("closure", locale, **unanswered)


PRIVACY: dict[Locale, tuple[str, str]] = {
    "zh-CN": ("由示例商城处理，用于受理、调查和解决您的投诉", "您有哪些权利"),
    "zh-TW": ("由示例商城處理，用於受理、調查與解決您的申訴", "您有哪些權利"),
    "en": ("to handle your complaint and to do what the law demands, 示例商城 uses", "what your rights are"),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_receipt_says_who_handles_personal_data_what_for_and_where_to_read_more(locale: Locale):
    given, (who, more) = values("receipt", locale), PRIVACY[locale]
    _, text, html = fill("receipt", locale, **given)
    assert all(said in text and said in html for said in (who, more, given["privacy_url"]))
    _, text, _ = fill("receipt", locale, **given | {"privacy_url": None})
    assert who in text
    assert more not in text
    assert given["privacy_url"] not in short("receipt", locale, **given), "there is no room for it"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_acknowledgement_names_the_promise_by_mail_and_by_text(locale: Locale):
    given = values("acknowledgement", locale)
    for words in (fill("acknowledgement", locale, **given).text, short("acknowledgement", locale, **given)):
        assert given["plan_within"] in words
        assert given["due_at"] in words


def test_no_number_of_the_policy_stands_in_a_template():
    period = re.compile(r"[0-9一二两兩三四五]+ ?(?:个?工作日|個?工作天|小时|小時|天|working day|hour|day)")
    sources = {path.name: path.read_text("utf-8") for form in ("*.txt", "*.html") for path in TEMPLATES.rglob(form)}
    assert {name: found for name, source in sources.items() if (found := period.findall(source))} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_consumers_are_told_which_plan_it_is_and_of_no_rounds(locale: Locale):
    nth = {"zh-CN": "这是我们第2次为您拟定的方案", "zh-TW": "這是我們第2次為您擬定的方案", "en": "the 2nd"}[locale]
    for rejects in (True, False):
        given = values("adjusted_plan", locale, rejects_request=rejects)
        assert nth in fill("adjusted_plan", locale, **given).text
    for kind, given_by in product(TO_CONSUMERS, (values, least)):
        words = re.sub(r"https://\S+", "", fill(kind, locale, **given_by(kind, locale)).text)
        assert not re.search(r"轮|輪|\bround\b", words), kind


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_plan_of_a_reopened_complaint_is_not_called_an_adjusted_one(locale: Locale):
    adjusted: dict[Locale, str] = {"zh-CN": "调整", "zh-TW": "調整", "en": "adjusted"}
    for rejects, first in product((True, False), repeat=2):
        given = values("adjusted_plan", locale, rejects_request=rejects, first=first)
        subject = fill("adjusted_plan", locale, **given).subject
        opening = fill("adjusted_plan", locale, **given).text.partition("\n\n")[2].partition("\n\n")[0]
        assert ("2" in re.sub("7K2M9-XD4FQ", "", opening)) == (not first)
        assert bool(re.search(adjusted[locale], subject)) == (not first)


def test_customer_service_has_one_name():
    mainland, taiwan = rendered("zh-CN"), rendered("zh-TW")
    assert not re.search("客户服务|客服人员|客服组|客服队列|客服中心", mainland)
    assert not re.search("客戶服務|客服[^部主人留]|客服組|客服佇列|客服中心", taiwan)
    for kind, locale in TO_EVERY_CONSUMER:
        signed: dict[Locale, str] = {"zh-CN": "\n客服部\n", "zh-TW": "\n客服部 敬上\n", "en": "\nCustomer service\n"}
        assert signed[locale] in fill(kind, locale, **values(kind, locale)).text


@pytest.mark.parametrize(("locale", "you"), [("zh-CN", "请您在"), ("zh-TW", "請您於"), ("en", "assigned to you")])
def test_whoever_is_given_a_complaint_is_addressed(locale: Locale, you: str):
    assert you in fill("assigned", locale, **values("assigned", locale)).text


NOT_ANSWERED: dict[Locale, str] = {"zh-CN": "没有在期限内答复", "zh-TW": "未在期限內回覆", "en": "did not answer"}


@pytest.mark.parametrize("locale", LOCALES)
def test_staff_are_told_that_the_consumer_never_answered_where_that_is_why(locale: Locale):
    for unanswered in (True, False):
        subject, text, _ = fill("reminder", locale, **values("reminder", locale, unanswered=unanswered))
        assert (NOT_ANSWERED[locale] in text) == unanswered
        other, _, _ = fill("reminder", locale, **values("reminder", locale, unanswered=not unanswered))
        assert subject != other


PARTS: dict[str, tuple[int, int, int]] = {  # zh-CN, zh-TW, en
    **dict.fromkeys(TO_CONSUMERS, (2, 2, 2)),
    "acknowledgement": (1, 1, 1),
    "follow_ups_done": (1, 1, 1),
    "merged": (1, 1, 1),
    **dict.fromkeys(("plan", "delivery_update", "file_refused", "note", "more"), (2, 2, 1)),
}
PARTS_OF_BAD_NEWS = dict.fromkeys((*PLANS, "other_plan", "closure"), (3, 3, 3))
BAD_NEWS = {"rejects_request": True, "outcome": "no_response"}


def taken(kind: str, **others: Any) -> tuple[int, ...]:
    return tuple(parts(short(kind, locale, **texted(kind, locale, **others))) for locale in LOCALES)


def test_text_messages_fit_two_parts_and_three_where_they_bring_bad_news():
    assert {kind: taken(kind) for kind in TO_CONSUMERS} == PARTS
    assert {kind: taken(kind, **BAD_NEWS) for kind in PARTS_OF_BAD_NEWS} == PARTS_OF_BAD_NEWS


OFTEN = ("receipt", *PLANS, "information_request", "new_link", "lost_link", "more", "file_refused")


def test_at_an_address_as_long_as_those_of_api_gateway_are_what_is_sent_most_has_two_parts_still():
    ours = "https://abcdefghij.execute-api.cn-north-1.amazonaws.com.cn/api/track"
    told = {one: short(*one, **texted(*one, page=ours)) for one in product(OFTEN, LOCALES)}
    assert [one for one, message in told.items() if parts(message) > 2] == []


@pytest.mark.parametrize(("kind", "locale"), TO_EVERY_CONSUMER)
def test_what_is_filled_into_a_text_message_has_20_characters_at_most_and_is_no_link(kind: str, locale: Locale):
    filled: list[str] = []
    templates = Environment(loader=FileSystemLoader(TEMPLATES), finalize=lambda one: filled.append(str(one)) or one)
    story = {"page": "", "text": "说来话长。" * 40, "reason": "说来话长。" * 40}
    for others in ({}, BAD_NEWS, {"promised": [], "by_staff": True}):
        templates.get_template(f"{kind}/{locale}.sms.txt").render(texted(kind, locale, **others) | story)
    assert [one for one in filled if len(one) > 20 and one not in FIXED] == []
    assert not any("://" in one for one in filled)


FIXED = {
    *("您发来的内容我们已看过，不作为答复；", "您傳來的內容我們已看過，不視為回覆；"),
    *("We have considered what you told us: there", "by which we do what we promised", "by which to answer our plan"),
}
"""Words that are the template's own, one or the other."""


@pytest.mark.parametrize("locale", LOCALES)
def test_who_is_reached_at_last_is_told_that_the_contact_was_corrected_and_not_that_they_asked_for_a_link(
    locale: Locale,
):
    said: dict[Locale, str] = {"zh-CN": "联系方式", "zh-TW": "聯絡方式", "en": "ontact details"}
    for corrected in (True, False):
        given = values("new_link", locale, corrected=corrected)
        subject, text, html = fill("new_link", locale, **given)
        message = short("new_link", locale, **given)
        assert [said[locale] in one for one in (subject, message)] == [corrected] * 2
        assert LINK in text
        assert LINK in html
        assert message.endswith(PAGE)


NOTHING_TO_DO = ("acknowledgement", "follow_ups_done", "merged")


@pytest.mark.parametrize(("kind", "locale"), TO_EVERY_CONSUMER)
def test_a_text_message_has_number_code_and_the_one_address_where_there_is_something_to_see_and_never_the_link(
    kind: str, locale: Locale
):
    for given in (texted(kind, locale, promised=[]), texted(kind, locale, promised=[], **BAD_NEWS)):
        message = short(kind, locale, **given)
        needed = kind not in NOTHING_TO_DO
        assert message.endswith(f" {PAGE}" if locale == "en" else f"：{PAGE}") == needed
        assert (CODE in message) == needed
        assert given["complaint_id"] in message
        assert LINK not in message
        assert "token" not in message
        assert not re.search("链接查看|連結查看|链接答复|連結回覆|through the link", message)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_link_that_has_ended_is_not_sent_as_if_it_worked(locale: Locale):
    given = texted("lost_link", locale, ended=True)
    assert CODE not in short("lost_link", locale, **given)
    asked: dict[Locale, str] = {"zh-CN": "联系客服", "zh-TW": "聯絡客服人員", "en": "ask customer service"}
    words = fill("lost_link", locale, **given)
    assert all(asked[locale] in said for said in (words.text, words.html, short("lost_link", locale, **given)))


@pytest.mark.parametrize(
    ("locale", "where"),
    [("zh-CN", "全文见网页"), ("zh-TW", "全文見網頁"), ("en", "on the page of your complaint")],
)
def test_what_to_do_in_danger_is_never_cut_without_saying_where_the_rest_is(locale: Locale, where: str):
    message = short("interim_measure", locale, **texted("interim_measure", locale, text="停用。" * 200))
    assert where in message
    assert parts(message) <= 2 or locale == "en"
    assert "停用。停用。" in message


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["delivery_update", "extension", "note"])
def test_what_staff_wrote_is_on_the_page_and_not_in_a_text_message(kind: str, locale: Locale):
    story = {"zh-CN": "说来话长。", "zh-TW": "說來話長。", "en": "It is a long story. "}[locale] * 100
    assert short(kind, locale, **texted(kind, locale, text=story, reason=story)) == short(
        kind, locale, **texted(kind, locale)
    )


@pytest.mark.parametrize(("kind", "locale"), [*product(TO_STAFF, LOCALES)])
def test_a_subject_to_staff_fits_a_topic(kind: str, locale: Locale):
    long = values(kind, locale) | {"held_by": "x" * 128}
    assert len(fill(kind, locale, **long).subject) < 100


def rendered(locale: Locale) -> str:
    """Everything that is ever said in a language."""
    every: list[Wording | str] = []
    for kind, given in product(NOTICES, (values, least)):
        for others in ({}, BAD_NEWS):
            every.append(fill(kind, locale, **given(kind, locale) | others))
            every += [short(kind, locale, **given(kind, locale) | others)] if kind in TO_CONSUMERS else []
    return "\n".join(words if isinstance(words, str) else f"{words.subject}\n{words.text}" for words in every)


def test_the_mainland_reads_its_own_characters_and_taiwan_its_own():
    mainland, taiwan = rendered("zh-CN"), rendered("zh-TW")
    assert (
        set("你妳們這個來為說時後會對發過還與於請點處訴單號碼編開關讓問題實際證應當現經們協調") & set(mainland) == set()
    )
    assert set("你妳们这来为说时后会对发过还与请点处诉单号码编开关让问题实际证应当现经协调") & set(taiwan) == set()
    assert not re.search("盡快|儘快", taiwan), "儘速"
    assert not re.search("投訴|短信|信息|登錄|質量|鏈接|默認|視頻", taiwan)


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW"])
def test_chinese_is_punctuated_as_chinese(locale: Locale):
    words = re.sub(r"https://\S+", "", rendered(locale))
    assert re.findall(r"[一-鿿”」】）][,.;:!?(]|[,;:!?)][一-鿿“「【（]", words) == []
    assert re.findall(r"[。，、；：！？]{2}|[，、；：]$", words.replace("：\n", "\n")) == []


def test_english_text_messages_keep_to_the_gsm_alphabet():
    for kind, others in product(TO_CONSUMERS, ({}, BAD_NEWS)):
        assert short(kind, "en", **values(kind, "en", **others)).isascii()


@pytest.mark.parametrize("kind", ["plan", "adjusted_plan", "other_plan", "closure"])
def test_sentences_of_an_english_text_message_stand_apart(kind: str):
    told = values(kind, "en", **({"rejects_request": True} if kind != "closure" else {"outcome": "no_response"}))
    text = short(kind, "en", **told)
    assert "people's court" in text
    assert re.findall(r"[a-z][.;](?:http|[A-Z])", text) == []
