"""The policy page: what is in force, in people's words, with the figures that the house goes by, in three languages."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from chalicelib.casework import rules
from chalicelib.casework.rules import AHEAD
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import NEEDED, Rules
from chalicelib.web.clauses import tongue
from chalicelib.web.pages import policy
from tests import published
from tests.docs.documents import rows
from tests.hearing import hearing
from tests.house import FRIDAY, House

LOCALES = ("zh-CN", "zh-TW", "en")
PROMISED = {
    "1.1": {"published", "basis"},
    "2.1": {"everybody"},
    "2.2": {"categories"},
    "3.1": {"once", "link"},
    "3.2": {"responsible", "late", "extension"},
    "3.3": {"reasons", "review", "routes"},
    "3.4": {"analysed"},
    "4.1a": {"channels"},
    "4.1b": {"needed", "files"},
    "4.1c": {"acknowledged", "night", "caps"},
    "4.2a": {"at_once", "no_time_bought"},
    "4.2b": {"verified", "inquiry"},
    "4.2c": {"finished", "question", "reminded"},
    "4.3a": {"plan", "measures"},
    "4.3b": {"sent"},
    "4.4a": {"answer", "reminded", "silence", "words"},
    "4.4b": {"objection"},
    "4.5a": {"closed", "reopening", "withdrawal", "merger"},
    "4.5b": {"recorded"},
    "5.1": {"customer_service"},
    "5.2": {"quality", "danger"},
    "5.3": {"logistics"},
    "5.4": {"legal", "categories"},
    "6.1": {"analysed"},
    "6.2": {"surveyed"},
    "6.3": {"audited"},
    "7.1": {"in_force", "interpreted"},
    "7.2": {"revised"},
    "8.1": {"approved", "announced", "opinions", "kept", "pinned"},
    "8.2": {"studied", "tested"},
    "8.3": {"answered_for"},
    "counting": {"hours", "days", "until_midnight", "working_days", "made_up", "not_known"},
}
"""By clause, what consumers read of it; under `counting`, what the times presuppose."""
FIGURES = {
    "3.1 link": "180 天",
    "3.2 extension": "10 个工作日",
    "3.3 review": "15 天, 5 个工作日",
    "4.1b files": "20, 20, 1825 天（约5年）",
    "4.1c acknowledged": "24 小时",
    "4.1c night": "08:00, 21:00",
    "4.1c caps": "20, 6",
    "4.2b inquiry": "1 个工作日",
    "4.2c finished": "3 个工作日",
    "4.2c question": "5 个工作日",
    "4.2c reminded": "2 个工作日后",
    "4.3b sent": "2 个工作日",
    "4.4a answer": "15 天",
    "4.4a reminded": "3 个工作日后、7 个工作日后",
    "4.4a words": "1 个工作日",
    "4.4b objection": "2 个工作日",
    "4.5a reopening": "30 天, 3",
    "5.2 danger": "2 小时, 1 个工作日, 24 小时",
    "7.2 revised": "12 个月",
    "8.1 announced": "7 天, 15 天",
    "8.1 opinions": "5 个工作日",
    "8.2 tested": "5 个工作日, 80%",
}
"""What version 1 promises, written by hand."""
RULES, OPERATING = versions.packaged(Rules)[1], versions.packaged(Operating)[1]


def read(house: House, locale: str = "zh-CN", **headers: str) -> str:
    answer = house.get(f"/policy?lang={locale}", **headers)
    assert answer.status == 200, answer
    return answer.text


def sentences(page: str) -> dict[str, str]:
    """By clause and name, what is said, with the list that it begins, its figures in `<b>`."""
    parts = re.findall(r'<p data-says="([^"]+)">(.*?)</p>\s*(?:<ul>(.*?)</ul>)?', page, re.DOTALL)
    return {name: sentence + listed for name, sentence, listed in parts}


def figures(page: str, name: str) -> str:
    return ", ".join(re.findall("<b>(.*?)</b>", sentences(page)[name]))


def publish(house: House, **changes: Any) -> None:
    """Rules that differ from version 1, in force now."""
    published.publish(RULES.model_copy(update={"version": 3, "effective_from": FRIDAY + AHEAD} | changes), FRIDAY)
    house.now = FRIDAY + AHEAD


def operate(house: House, **changes: Any) -> None:
    known = OPERATING.model_dump() | {"version": 2, "effective_from": FRIDAY + AHEAD} | changes
    published.publish(Operating.model_validate(known), FRIDAY)
    house.now = FRIDAY + AHEAD


# ---- what it says ----------------------------------------------------------------------------------------------------


def test_every_clause_of_the_policy_says_on_the_page_what_consumers_may_expect_by_it(lasting_house: House) -> None:
    said = [name.split() for name in sentences(read(lasting_house))]
    assert {clause: {name for of, name in said if of == clause} for clause, _ in said} == PROMISED
    clauses = {row[0] for row in rows("chalicelib/domain/README.md", "| clause | obligation | shown by |")}
    assert clauses <= PROMISED.keys()


@pytest.mark.parametrize("clause", [clause for clause in PROMISED if clause != "counting"])
def test_a_clause_that_a_plan_rests_on_is_found_by_its_number(lasting_house: House, clause: str) -> None:
    page = read(lasting_house)
    assert page.count(f'id="{clause}"') == 1
    assert f"<small>{clause}</small>" in page


@pytest.mark.parametrize(("sentence", "promised"), FIGURES.items())
def test_the_figures_are_those_that_the_house_goes_by(lasting_house: House, sentence: str, promised: str) -> None:
    assert figures(read(lasting_house), sentence) == promised.replace(" ", "").replace(",", ", ")


def test_it_names_the_version_in_force_since_when_and_whom_to_ask(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.set(
        monkeypatch,
        REDRESS_SENDER="Tea & Kettles <no-reply@shop.example>",
        REDRESS_REPLY_TO="help@shop.example",
        REDRESS_SERVICE_PHONE="400 800 1234",
    )
    publish(house, effective_from=FRIDAY + timedelta(hours=8, minutes=20))  # midnight in China
    house.now = FRIDAY + timedelta(days=1)
    page = read(house)
    assert "Tea &amp; Kettles · 第3版" in page
    assert figures(page, "7.1 in_force") == "3"
    assert '<time datetime="2026-10-10">2026年10月10日（星期六）</time>' in sentences(page)["7.1 in_force"]
    assert figures(page, "7.1 interpreted") == "客服部, help@shop.example"
    assert figures(page, "4.1a phone") == "400 800 1234"


def test_what_is_announced_and_not_in_force_yet_is_not_on_the_page(house: House) -> None:
    published.publish(
        RULES.model_copy(update={"version": 3, "effective_from": FRIDAY + AHEAD, "link_days": 77}), FRIDAY
    )
    assert figures(read(house), "3.1 link") == "180天"
    house.now = FRIDAY + AHEAD
    assert figures(read(house), "3.1 link") == "77天"


def test_the_ways_outside_are_those_of_the_letters(lasting_house: House) -> None:
    said = sentences(read(lasting_house))["3.3 routes"]
    assert "第三十九条" in said
    assert all(where in said for where in ("12315", "消费者协会", "仲裁", "人民法院"))


def test_each_category_names_the_department_that_looks_into_it_first(house: House) -> None:
    listed = sentences(read(house))["2.2 categories"]
    assert re.findall("<li>(.*?)</li>", listed) == [
        *("商品质量：品质管理部", "售后服务：客服部", "虚假宣传：法务部", "物流配送：物流部", "其他：客服部")
    ]
    operate(house, routing={"other": {"department": "legal", "question": "请核查。"}})
    assert "<li>其他：法务部</li>" in sentences(read(house))["2.2 categories"]


# ---- a figure that changes changes the page --------------------------------------------------------------------------

HOURS = {"starts": "entry", "hours": 7}
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "3.1 link": ({"link_days": 365}, "365 天"),
    "3.3 review": ({"review_days": 21}, "21 天, 5 个工作日"),
    "4.1c acknowledged": ({"clocks": {"received": HOURS}}, "7 小时"),
    "4.2b inquiry": ({"clocks": {"inquiry": HOURS}}, "7 小时"),
    "4.2c finished": ({"clocks": {"investigating": {"starts": "receipt", "working_days": 4}}}, "4 个工作日"),
    "4.2c question": ({"longest_wait_working_days": 8}, "8 个工作日"),
    "4.3b sent": ({"clocks": {"planning": {"starts": "entry", "days": 6}}}, "6 天"),
    "4.4b objection": ({"clocks": {"planning": {"starts": "entry", "days": 6}}}, "6 天"),
    "4.4a answer": ({"clocks": {"awaiting_consumer": {"starts": "entry", "days": 20}}}, "20 天"),
    "4.4a words": ({"clocks": {"words": HOURS}}, "7 小时"),
    "4.5a reopening": ({"reopening_days": 60, "reopenings": 5}, "60 天, 5"),
    "5.2 danger": ({"clocks": {"safety_call": {"starts": "entry", "hours": 1}}}, "1 小时, 1 个工作日, 24 小时"),
    "4.1c night": ({"waking_hours": {"begin": "09:30", "end": "20:00"}}, "09:30, 20:00"),
    "5.4 categories": ({"legal_categories": ["delivery", "other"]}, "物流配送、其他"),
    "1.1 basis": (
        {"legal_basis": ["中华人民共和国电子商务法", "某某办法"]},
        "《中华人民共和国电子商务法》《某某办法》",
    ),
    "7.1 interpreted": ({"interpreter": "management"}, "管理层, complaints@example.com"),
    "7.2 revised": ({"amendments": {"review_months": 6}}, "6 个月"),
    "8.1 announced": ({"amendments": {"notice_days": 10, "major_notice_days": 30}}, "10 天, 30 天"),
    "8.1 opinions": ({"amendments": {"answer_working_days": 3}}, "3 个工作日"),
    "8.2 tested": ({"study": {"due_working_days": 4, "pass_percent": 90}}, "4 个工作日, 90%"),
    "counting until_close": ({"close_of_business": "17:30"}, "17:30, 北京时间"),
}


@pytest.mark.parametrize("sentence", CHANGES)
def test_a_rule_that_changes_changes_the_page(house: House, sentence: str) -> None:
    changed, promised = CHANGES[sentence]
    known = RULES.model_dump(mode="json", exclude_none=True)
    clocks = known["clocks"] | changed.get("clocks", {})
    after = versions.read_as_written(Rules, json.dumps(known | changed | {"clocks": clocks}))
    publish(house, **{name: getattr(after, name) for name in changed})
    assert figures(read(house), sentence) == promised.replace(" ", "").replace(",", ", ")


def test_a_clock_says_what_it_is_counted_from(house: House) -> None:
    before = sentences(read(house))
    assert "自收到投诉起" in before["4.2c finished"]
    assert "自调查结束起" in before["4.3b sent"]
    assert "自您提出异议起" in before["4.4b objection"]
    turned = {name: RULES.clocks[name] for name in ("investigating", "planning")}
    turned["investigating"] = turned["investigating"].model_copy(update={"starts": "entry"})
    turned["planning"] = turned["planning"].model_copy(update={"starts": "receipt"})
    publish(house, clocks=RULES.clocks | turned)
    after = sentences(read(house))
    assert "自受理起" in after["4.2c finished"]
    assert "自收到投诉起" in after["4.3b sent"]
    assert "自收到投诉起" in after["4.4b objection"]
    assert "4.2a no_time_bought" not in after


@pytest.mark.parametrize("locale", LOCALES)
def test_what_a_version_does_not_promise_is_not_said(house: House, locale: str) -> None:
    """Nobody is reminded, nothing lapses, nothing is reopened, and whoever is late is told of to nobody."""
    silent = {name: tuple(rung for rung in ladder if rung.kind in NEEDED) for name, ladder in RULES.ladders.items()}
    publish(house, ladders=silent, reopenings=0, legal_categories=(), legal_basis=(), time_zone="Asia/Urumqi")
    page = read(house, locale)
    gone = {"1.1 basis", "3.2 late", "4.2c reminded", "4.4a reminded", "4.4a silence", "4.5a reopening"}
    assert sentences(read(house)).keys() == {
        *(f"{clause} {name}" for clause, names in PROMISED.items() for name in names)
    } - gone - {"5.4 categories"}
    assert "Asia/Urumqi" in figures(page, "counting until_midnight")


def test_that_whoever_has_not_studied_is_given_no_complaint_is_said_where_it_is_so(house: House) -> None:
    assert "8.2 unstudied" not in sentences(read(house))
    publish(house, study=RULES.study.model_copy(update={"unstudied_get_none": True}))
    assert "不分派新的投诉" in sentences(read(house))["8.2 unstudied"]


def test_reminders_are_said_however_a_ladder_counts_them(house: House) -> None:
    moments: list[dict[str, Any]] = [
        *({"hours_before_due": 4}, {"on_last_day": True}, {"at_due": True}, {"hours_after_due": 2}),
        *({"working_days_after_due": 1}, {"every_working_day": True}),
    ]
    known = RULES.model_dump(mode="json", exclude_none=True)
    nudges = [{"kind": "nudge", "tell": ["consumer"]} | moment for moment in moments]
    after = Rules.model_validate(known | {"ladders": known["ladders"] | {"information": nudges}})
    ends = RULES.ladders["information"][-1]
    publish(house, ladders=after.ladders | {"information": (ends, *after.ladders["information"])})
    said = "到期前4小时、期限的最后一天、到期时、到期后2小时、到期后1个工作日、此后每个工作日"
    assert figures(read(house), "4.2c reminded") == said


def test_days_that_are_worked_to_make_up_and_days_off_are_named_while_they_are_to_come(house: House) -> None:
    def named(sentence: str) -> list[str]:
        return re.findall('datetime="(.*?)"', sentences(read(house)).get(f"counting {sentence}", ""))

    assert (named("made_up"), named("extra_days_off")) == (["2026-10-10"], [])
    days = {"extra_holidays": (date(2026, 10, 9), date(2026, 10, 14)), "extra_working_days": (date(2026, 10, 17),)}
    operate(house, **days)
    assert named("made_up") == ["2026-10-10", "2026-10-17"]
    assert named("extra_days_off") == ["2026-10-09", "2026-10-14"]
    house.now = FRIDAY + timedelta(days=9)
    assert (named("made_up"), named("extra_days_off")) == ([], [])
    assert figures(read(house), "counting not_known") == "2026"


# ---- three languages -------------------------------------------------------------------------------------------------


def test_the_three_languages_say_the_same_with_the_same_figures(lasting_house: House) -> None:
    pages = {locale: sentences(read(lasting_house, locale)) for locale in LOCALES}
    for locale in ("zh-TW", "en"):
        assert list(pages[locale]) == list(pages["zh-CN"])
        for name, said in pages["zh-CN"].items():
            assert numbers(pages[locale][name]) == numbers(said), (locale, name)


def numbers(said: str) -> Counter[str]:
    """The figures of a sentence, and the days that it names."""
    own = " ".join(re.findall("<b>.*?</b>|<time datetime=[^>]*>", said))
    return Counter(re.findall(r"[0-9][0-9:-]*", own))


def test_every_sentence_stands_in_each_language_with_the_same_figures_to_fill_in() -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(one) for name, one in value.items()}
        if isinstance(value, list):
            return [shape(one) for one in value]
        return Counter(re.findall("{[a-z]+}", value))

    for words in (tongue.words, policy.words):
        read_in = {locale: shape({**words(locale), "standards": {}}) for locale in LOCALES}
        assert read_in["zh-TW"] == read_in["zh-CN"] == read_in["en"]


def test_it_is_in_the_language_that_is_asked_for_else_in_the_browsers_else_in_chinese(lasting_house: House) -> None:
    def language(query: str = "", **headers: str) -> str:
        answer = lasting_house.get(f"/policy{query}", **headers)
        found = re.search('<html lang="(.*?)">', answer.text)
        assert found
        assert answer.headers["content-language"] == found[1]
        assert "Accept-Language" in answer.headers["vary"]
        return found[1]

    browser = {"Accept-Language": "en-GB,en;q=0.9"}
    assert language() == "zh-CN"
    assert language(**browser) == "en"
    assert language("?lang=zh-TW", **browser) == "zh-TW"
    assert language("?lang=tlh", **browser) == "en"


@pytest.mark.parametrize("locale", LOCALES)
def test_links_lead_to_the_other_languages_and_say_which_one_this_is(lasting_house: House, locale: str) -> None:
    page = read(lasting_house, locale)
    for other in LOCALES:
        current = ' aria-current="true"' if other == locale else ""
        assert f'<a href="?lang={other}" lang="{other}" hreflang="{other}"{current}>' in page


def test_the_mainland_reads_its_own_characters_and_taiwan_its_own(lasting_house: House) -> None:
    def own(locale: str) -> set[str]:
        return set(re.sub("<nav.*?</nav>", "", read(lasting_house, locale), flags=re.DOTALL))

    assert set("這個來為說時後會對發過還與於請點處訴單號碼開關讓問題實際證應當現經") & own("zh-CN") == set()
    assert set("这个来为说时后会对发过还与于请点处诉单号码开关让问题实际证应当现经") & own("zh-TW") == set()
    assert not re.search("投訴|短信|信息|質量|鏈接|默認|郵件", read(lasting_house, "zh-TW").replace("電子郵件", ""))


# ---- as a page -------------------------------------------------------------------------------------------------------


class Shape(HTMLParser):
    """Whether what is opened is closed, and every id there once."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: Counter[str | None] = Counter()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [] if tag in ("meta", "link") else [tag]
        self.ids.update(value for name, value in attrs if name == "id")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_well_formed_has_no_script_and_loads_nothing(lasting_house: House, locale: str) -> None:
    answer = lasting_house.get(f"/policy?lang={locale}")
    shape = Shape(answer.text)
    assert (shape.open, max(shape.ids.values())) == ([], 1)
    assert not re.search(r'<script|<img|<iframe|src=|url\(|@import| style=|href="http', answer.text)
    csp = answer.headers["content-security-policy"]
    assert "default-src 'none'" in csp
    assert "script-src 'none'" in csp
    assert "style-src 'sha256-" in csp


def test_what_stands_in_a_policy_is_text_and_no_markup(house: House) -> None:
    publish(house, legal_basis=("<script>alert(1)</script>{0}",))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{0}" in read(house)


def test_reading_it_takes_one_call_of_the_table_and_then_none_for_five_minutes(house: House) -> None:
    with house.counting() as calls:
        answer = house.get("/policy")
    assert calls == ["dynamodb:Query"]
    assert answer.headers["cache-control"] == "public, max-age=300"
    with house.counting() as calls:
        again = house.get("/policy", **{"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.text, calls) == (304, "", [])


def test_where_the_table_does_not_answer_what_is_known_is_said(house: House) -> None:
    def down(call: str, moment: str) -> None:
        raise ConnectionError("DynamoDB is down")

    with hearing() as heard, house.interfering(down):
        assert figures(read(house), "4.1c acknowledged") == "24小时"
    assert heard.about("the published policies could not be read")


def test_what_goes_wrong_is_a_page_to_people(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(now: object) -> None:
        raise RuntimeError("no policy")

    monkeypatch.setattr(rules, "in_force", broken)
    answer = house.get("/policy", Accept="text/html", **{"Accept-Language": "zh-CN"})
    assert (answer.status, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
