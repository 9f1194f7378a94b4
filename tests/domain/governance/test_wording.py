"""What an amendment changes is said in words, of each subject, in each language."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from chalicelib.domain.governance import changes, sayings, wording
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import CLOCKS, LADDERS, Rules
from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.domain.vocabulary.terms import Category, Locale

from .amended import OPERATING, RULES, documents

KEYS = {"clocks": CLOCKS, "ladders": LADDERS, "routing": get_args(Category)}
"""What the keys of a field may be."""
PAGE = Path(__file__).parents[3] / "chalicelib" / "web" / "clauses" / "words" / "zh-CN.json"
RECEIVED = changes.plain(RULES)["ladders"]["received"]
ALL = dict.fromkeys(LOCALES, "？")
WRONG = [dict.fromkeys(LOCALES, one) for one in "乙丙"]
QUESTION = {"id": "clock_received", "section": "4", "asks": ALL, "right": ALL, "wrong": WRONG}
CAUSE = {"names": {"zh-CN": "标签错误", "zh-TW": "標示錯誤", "en": "Wrong label"}, "association": "质量"}


def said(patch: dict[str, Any], locale: Locale = "zh-CN") -> list[str]:
    return [one.words for one in wording.worded(*documents(patch), locale)]


def subjects() -> Iterator[str]:
    """Every subject that the models know."""
    for kind in (Rules, Operating):
        for name, field in kind.model_fields.items():
            nested = field.annotation
            if name in changes.GIVEN | wording.KEYED:
                continue
            if name in KEYS:
                yield from (f"{name}.{key}" for key in KEYS[name])
            elif isinstance(nested, type) and issubclass(nested, BaseModel) and name != "waking_hours":
                yield from (f"{name}.{key}" for key in nested.model_fields)
            else:
                yield name


# ---- nothing is without words ----------------------------------------------------------------------------------------


def test_every_subject_has_a_row_and_every_row_a_subject() -> None:
    rows = wording.subjects().keys() - wording.KEYED - {"routing"}
    assert rows == set(subjects())


def test_every_row_is_of_a_clause_of_the_policy_and_said_in_a_way_that_there_is() -> None:
    clauses = json.loads(PAGE.read_text("utf-8"))["clauses"]
    rows = wording.subjects().values()
    assert {row.clause for row in rows} <= clauses.keys()
    assert {row.said for row in rows} - {"clock"} == {*sayings.VALUES, *sayings.LISTS}


OTHERWISE: dict[str, Any] = {
    "title": "新制度",
    "legal_basis": ["某法"],
    "interpreter": "legal",
    "country": None,  # there is one calendar only
    "time_zone": "Asia/Urumqi",
    "close_of_business": "18:00",
    "waking_hours": {"end": "20:30"},
    "legal_categories": [],
    "staff_locale": "en",
    "survey.at": "11:00",
    "amendments.review_months": 6,
    "triage": [],
    "triage_unless": [],
    "extra_holidays": ["2026-12-24"],
    "extra_working_days": ["2026-12-26"],
    "causes": {"product.label": CAUSE | {"gbt42499": {"nearest": "质量"}}},
    "quiz": [QUESTION],
    "canned_words": [],
}
"""Another value of what is no number, no yes or no, no clock, no ladder and no route."""


def otherwise(path: str) -> Any:
    """A value that a subject does not have now."""
    if path in OTHERWISE:
        return OTHERWISE[path]
    field, _, key = path.partition(".")
    if field == "clocks":
        return {"hours": 7, "days": None, "working_days": None}
    if field == "ladders":
        now = changes.plain(RULES)["ladders"][key]
        return [*now[:-1], now[-1] | {"tell": ["legal", "management"]}]
    if field == "routing":
        return {"department": "logistics" if key != "delivery" else "legal", "question": "何？"}
    now = {**changes.plain(RULES), **changes.plain(OPERATING)}[field]
    now = now[key] if key else now
    return (not now) if isinstance(now, bool) else now + 1


def patch_of(path: str) -> dict[str, Any]:
    field, _, key = path.partition(".")
    return {field: {key: otherwise(path)}} if key else {field: otherwise(path)}


@pytest.mark.parametrize("path", sorted({*subjects(), "causes"} - {"country"}))
def test_whatever_changes_is_said_in_each_language_without_names_of_fields(path: str) -> None:
    for locale in LOCALES:
        [one] = wording.worded(*documents(patch_of(path)), locale)
        assert f"{one.path}.".startswith(f"{path}.")
        ids = "|".join((QUESTION["id"], *(asked.id for asked in OPERATING.quiz)))
        assert re.search(r"[a-z]_[a-z]|[{}]", re.sub(ids, "", one.words)) is None
        assert one.words.count("（" if locale != "en" else " (") >= 1
        assert "→" in one.words or re.search("新增|删去|刪去|new: |gone: |new questions", one.words)


@pytest.mark.parametrize(
    ("locale", "foreign"),
    [("zh-CN", "訴處請結無為應數個還過電後發開關"), ("zh-TW", "诉处请结无为应数个还过电后发开关")],
)
def test_chinese_is_written_in_the_characters_of_its_readers(locale: Locale, foreign: str) -> None:
    words = sayings.Tongue(locale).words
    own = {name: said for name, said in words.items() if name not in ("standards", "natures")}
    assert set(foreign) & set(json.dumps(own, ensure_ascii=False)) == set()


def test_the_languages_have_the_same_words_with_the_same_figures() -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(one) for name, one in value.items() if name not in ("standards", "natures")}
        if isinstance(value, list):
            return sorted({figure for one in value[-1:] for figure in re.findall("{[a-z]+}", one)})
        return sorted(re.findall("{[a-z]+}", value))

    chinese, taiwanese, english = (shape(sayings.Tongue(locale).words) for locale in LOCALES)
    assert chinese == taiwanese == english


# ---- what it says ----------------------------------------------------------------------------------------------------

SAID: list[tuple[dict[str, Any], str, str]] = [
    (
        {"clocks": {"received": {"hours": 12}}},
        "客服确认受理的时限（4.1c）：24小时 → 12小时",
        "Time for customer service to accept a complaint (4.1c): 24 hours → 12 hours",
    ),
    (
        {"clocks": {"planning": {"starts": "receipt", "working_days": None, "days": 1}}},
        "发出处理方案的时限（4.3b）：自该环节开始起2个工作日 → 自收到投诉起1天",
        "Time to send the plan (4.3b): 2 working days from the beginning of that step → "
        "1 day from the receipt of the complaint",
    ),
    (
        {"ladders": {"received": [RECEIVED[0] | {"hours_before_due": 6}, *RECEIVED[1:3]]}},
        "客服确认受理：提醒和上报（4.1c）：到期前4小时提醒（告知客服部） → 到期前6小时提醒（告知客服部）；"
        "删去此后每个工作日上报（告知管理层）",
        "Alarms on the time for customer service to accept a complaint (4.1c): "
        "4 hours before the time is over: reminder (told: customer service) → "
        "6 hours before the time is over: reminder (told: customer service); "
        "gone: every working day from then on: reported higher up (told: management)",
    ),
    (
        {"ladders": {"received": [RECEIVED[1], RECEIVED[0], *RECEIVED[2:]]}},
        "客服确认受理：提醒和上报（4.1c）：顺序有调整",
        "Alarms on the time for customer service to accept a complaint (4.1c): in another order",
    ),
    ({"close_of_business": "18:00"}, "期限最后一天截止的时刻（时间怎么算）：24:00 → 18:00", "18:00"),
    ({"waking_hours": {"end": "20:30"}}, "08:00至21:00 → 08:00至20:30", "08:00 to 21:00 → 08:00 to 20:30"),
    ({"reopenings": 1}, "可以要求重新处理的次数（4.5a）：3次 → 1次", "(4.5a): 3 times → once"),
    ({"coded_facts": False}, "（6.1）：是 → 否", "(6.1): yes → no"),
    ({"interpreter": "legal"}, "（7.1）：客服部 → 法务部", "(7.1): customer service → legal"),
    (
        {"statistics_days": 2_000},
        "1095天（约3年） → 2000天（约5年）",
        "1095 days (about 3 years) → 2000 days (about 5 years)",
    ),
    ({"legal_categories": ["false_advertising", "delivery"]}, "（5.4）：新增物流配送", "(5.4): new: Delivery"),
    (
        {"legal_basis": ["中华人民共和国电子商务法"]},
        "删去《中华人民共和国消费者权益保护法》、",
        "gone: Law on the Protection of",
    ),
    (
        {"routing": {"other": {"department": "legal", "question": "合同有效吗？"}}},
        "先由哪个部门核查：其他（4.2a）：客服部 → 法务部，询问“合同有效吗？”",
        "customer service → legal, who are asked “合同有效吗？”",
    ),
    (
        {"extra_holidays": ["2026-12-01"]},
        "另外的休息日（时间怎么算）：新增2026年12月1日（星期二）",
        "Extra days off (how times are counted): new: Tuesday, 1 December 2026",
    ),
    (
        {"quiz": [*changes.plain(OPERATING)["quiz"], QUESTION]},
        "新增题目clock_received",
        "new questions clock_received",
    ),
    (
        {"causes": {"account": {"association": "安全"}}},
        "对应的统计分类 消协统计“",
        "class in the statistics of others “",
    ),
    ({"causes": {"account": {"names": {"en": "Of accounts"}}}}, "其他语言的名称有变", "→ “Of accounts”"),
    ({"notices_a_day": {"email": 1}}, "（4.1c）：20封 → 1封", "20 e-mails → 1 e-mail"),
]


@pytest.mark.parametrize(("patch", "chinese", "english"), SAID, ids=range(len(SAID)))
def test_a_change_is_said_as_people_say_it(patch: dict[str, Any], chinese: str, english: str) -> None:
    assert [chinese in one for one in said(patch)] == [True]
    assert [english in one for one in said(patch, "en")] == [True]


def test_of_hundreds_of_words_some_are_named_and_the_rest_are_counted() -> None:
    [words] = said({"triage": []})
    rows = len(OPERATING.triage)
    number = len({word for row in OPERATING.triage for word in row.any})
    assert f"{rows}组 → 0组；删去词语“" in words
    assert f"等{number}项；{rows}组有变" in words
    assert words.count("、") < sayings.MOST_NAMED


def test_a_row_of_danger_with_other_conditions_is_counted() -> None:
    rows = changes.plain(OPERATING)["triage"]
    [words] = said({"triage": [rows[0] | {"unless": []}, *rows[1:]]})
    assert words == "安全隐患词表（5.2）：1组有变"


def test_the_clauses_come_in_their_order_and_how_times_are_counted_last() -> None:
    patch = {
        "close_of_business": "18:00",
        "study": {"questions": 9},
        "title": "新制度",
        "clocks": {"inquiry": {"working_days": 2}},
    }
    assert [one.clause for one in wording.worded(*documents(patch), "en")] == ["1.1", "4.2b", "8.2", "counting"]


# ---- whom it concerns ------------------------------------------------------------------------------------------------


def concerned(patch: dict[str, Any]) -> set[str]:
    return set(wording.concerned(changes.differences(*documents(patch))))


def test_a_promise_to_consumers_concerns_them_and_who_has_to_keep_it() -> None:
    assert concerned({"clocks": {"received": {"hours": 12}}}) == {
        "customer_service",
        "supervisor",
        "consumer",
        "storefront",
    }
    assert concerned({"clocks": {"inquiry": {"working_days": 2}}}) == {
        "customer_service",
        "quality",
        "logistics",
        "legal",
    }


def test_an_alarm_concerns_whoever_is_told_or_was() -> None:
    assert "management" in concerned({"ladders": {"received": RECEIVED[:2]}})
    assert concerned({"ladders": {"follow_up": []}}) == {"customer_service", "supervisor"}
    assert {"quality", "logistics"} <= concerned({"ladders": {"inquiry": []}})


def test_of_one_sentence_those_whom_that_concerns() -> None:
    both = {"legal_categories": [], "clocks": {"survey_review": {"working_days": 5}}}
    by_path = {one.path: wording.concerned([one]) for one in wording.worded(*documents(both), "en")}
    assert by_path["clocks.survey_review.working_days"] == ("supervisor",)
    assert "legal" in by_path["legal_categories"]


@pytest.mark.parametrize(
    ("patch", "touches"),
    [
        ({"clocks": {"received": {"hours": 12}}}, True),
        ({"clocks": {"received": {"hours": 48}}}, False),
        ({"clocks": {"received": {"hours": None, "days": 9}}}, True),
        ({"clocks": {"planning": {"starts": "receipt"}}}, True),
        ({"clocks": {"awaiting_consumer": {"days": 5}}}, False),
        ({"ladders": {"received": RECEIVED[:1]}}, True),
        ({"ladders": {"awaiting_consumer": changes.plain(RULES)["ladders"]["awaiting_consumer"][1:]}}, False),
        ({"study": {"tries_a_day": 2}}, True),
        ({"amendments": {"answer_working_days": 2}}, True),
        ({"amendments": {"answer_working_days": 9}}, False),
        ({"waking_hours": {"end": "22:00"}}, True),
        ({"link_days": 181}, False),
        ({"reopenings": 4}, False),
    ],
)
def test_staff_are_consulted_on_what_they_have_to_do_or_answer_for(patch: dict[str, Any], touches: bool) -> None:
    assert wording.touches_staff(changes.differences(*documents(patch))) is touches


def test_what_is_as_it_was_is_not_said() -> None:
    assert wording.worded(RULES, RULES, "en") == []
    assert wording.concerned([]) == ()
    assert wording.touches_staff([]) is False
