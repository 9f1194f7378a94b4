"""Whatever is refused has a code, and a sentence in the language of whoever reads it; and each code has a page."""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from chalicelib.domain.ground import errors
from chalicelib.domain.ground.faults import DESCRIBED, MOMENTS
from chalicelib.domain.vocabulary import refusals
from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.web import languages
from tests.examples import PLAN, REPORT
from tests.house import House, refused

ROOT = Path(__file__).parents[2] / "chalicelib"
KINDS = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.Refusal)
}
FIELDS = "a fault of a field"
WHERE = {"FieldFault": 1, "Wrong": 0, "Incomplete": 1, "_refuse": 1, "Pointer": 0}
"""Beside the refusals themselves, which take their reason first: which argument is the code."""
PASSED_ON = {
    *("guards.py: to.reason", "guards.py: merged.reason", "guards.py: late.reason", "guards.py: often.reason"),
    *("guards.py: refusal.reason", "guards.py: reason", "text.py: code", "faults.py: cause.code"),
    *("faults.py: DESCRIBED[error['type']]", "faults.py: MOMENTS[error['type']]", "versions.py: _KINDS[type(kept)]"),
    *("errors.py: reason", "webhooks.py: fault.code"),
}
"""What carries a code on that was chosen elsewhere, where it is looked at."""
ENGLISH = refusals.sentences("en")


def chosen() -> Iterator[tuple[str, str, str]]:
    """Each place where a code is chosen: the code of the contract it comes under, or a fault of a field; it; where."""
    calls = re.compile(rf"\b({'|'.join((*WHERE, *KINDS))})\(")
    for path in ROOT.rglob("*.py"):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if calls.search(text) else ():
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", None)
            if name not in WHERE and name not in KINDS:
                continue
            if name == "Invalid" or len(node.args) <= WHERE.get(str(name), 0):
                continue
            under = FIELDS if name in ("FieldFault", "Wrong", "Incomplete") else "not_allowed"
            under = KINDS[name].code if name in KINDS else under
            told = node.args[WHERE.get(str(name), 0)]
            for one in (told.body, told.orelse) if isinstance(told, ast.IfExp) else (told,):
                if isinstance(one, ast.Constant):
                    yield under, str(one.value), f"{path.name}:{node.lineno}"
                elif f"{path.name}: {ast.unparse(one)}" not in PASSED_ON:
                    yield under, ast.unparse(one), f"{path.name}:{node.lineno} (give a code, no words made there)"


CHOSEN = [
    *chosen(),
    ("invalid", "fields_faulty", "errors.py"),
    *((FIELDS, code, "faults.py") for code in (DESCRIBED | MOMENTS).values()),
]


def known(under: str) -> set[str]:
    return set(ENGLISH.fields) if under == FIELDS else set(ENGLISH.codes[under].reasons)


def sentence(locale: Any, under: str, code: str) -> str:
    words = refusals.sentences(locale)
    return words.fields[code] if under == FIELDS else words.codes[under].reasons[code]


ALL = [(under, code) for under in (*ENGLISH.codes, FIELDS) for code in sorted(known(under))]


# ---- the sentences ---------------------------------------------------------------------------------------------------


def test_whatever_is_refused_has_a_sentence():
    missing = [f"{where}: {code!r} under {under!r}" for under, code, where in CHOSEN if code not in known(under)]
    assert missing == [], "add these to chalicelib/domain/vocabulary/sentences/*.json"


def test_no_sentence_is_left_of_what_is_not_refused_any_more():
    assert {one for one in ALL if one not in {(under, code) for under, code, _ in CHOSEN}} == set()


def test_each_code_is_of_one_thing_only_and_fit_for_an_address():
    names = [*ENGLISH.codes, *(code for _, code in ALL)]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9_]{1,64}", name)] == []


def test_the_codes_are_those_of_the_contract_each_with_its_status():
    assert errors.STATUSES.keys() == ENGLISH.codes.keys()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_every_sentence_with_the_same_values(locale: Any):
    words = refusals.sentences(locale)
    assert words.codes.keys() == ENGLISH.codes.keys()
    assert words.page.keys() == ENGLISH.page.keys()
    assert {(code, reason) for code, one in words.codes.items() for reason in one.reasons} == {
        (code, reason) for code, one in ENGLISH.codes.items() for reason in one.reasons
    }
    assert words.fields.keys() == ENGLISH.fields.keys()

    def named(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    differing = [one for one in ALL if named(sentence(locale, *one)) != named(sentence("en", *one))]
    assert differing == []


@pytest.mark.parametrize(
    ("locale", "foreign"),
    [("zh-CN", "訴處請鏈結須無為應數個這還過們電郵後發開關"), ("zh-TW", "诉处请链结须无为应数个这还过们电邮后发开关")],
)
def test_chinese_is_written_in_the_characters_of_its_readers(locale: Any, foreign: str):
    words = refusals.sentences(locale)
    said = [*(sentence(locale, *one) for one in ALL), *words.page.values()]
    said += [text for code in words.codes.values() for text in (code.means, code.do)]
    assert [text for text in said if not re.search(r"[\u4e00-\u9fff]", text)] == []
    assert {text: found for text in said if (found := set(foreign) & set(text))} == {}


# ---- whose language --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("", "en"),
        ("zh", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-Hans-HK", "zh-CN"),
        ("zh-TW", "zh-TW"),
        ("zh-HK, en", "zh-TW"),
        ("zh-Hant", "zh-TW"),
        ("ZH-hant-CN", "zh-TW"),
        ("en-GB", "en"),
        ("fr, de;q=0.9, zh-TW;q=0.3", "zh-TW"),
        ("en;q=0.2, zh;q=0.7", "zh-CN"),
        ("zh;q=0, en;q=0.1", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("fr;q=x, zh-TW;q=0.5", "zh-TW"),
        (";;,,=", "en"),
    ],
)
def test_accept_language_is_read_with_its_weights(accepted: str, locale: str):
    assert languages.preferred(accepted, "en") == locale


FORBIDDEN = {"zh-CN": "不能进行此操作", "zh-TW": "不能進行此操作", "en": "does not allow this"}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_consumer_is_refused_in_the_language_of_the_complaint_whatever_the_browser_prefers(house: House, locale: str):
    receipt = house.file(locale=locale)
    path = f"/v1/complaints/{receipt['complaint_id']}/feedback"
    answer = house.post(path, {"satisfied": True}, token=receipt["consumer_token"], Accept_Language="fr, en;q=0.5")
    problem = refused(answer, 409, "not_allowed")
    assert FORBIDDEN[locale] in problem["detail"]
    assert answer.headers["content-language"] == locale
    assert (problem["reason"], problem["values"]["stage"]) == ("stage_forbids", "received")


def test_what_has_ended_is_called_by_how_it_did_in_a_refusal_too(house: House):
    receipt = house.file()
    number, token = receipt["complaint_id"], receipt["consumer_token"]
    assert house.post(f"/v1/complaints/{number}/withdrawal", {}, token=token).status == 200
    problem = refused(
        house.post(f"/v1/complaints/{number}/information", {"text": "补充"}, token=token), 409, "not_allowed"
    )
    assert (problem["reason"], problem["values"]["outcome"]) == ("end_forbids", "withdrawn")
    assert problem["detail"].startswith("这件投诉已撤回，")


def test_a_link_that_was_replaced_is_refused_in_the_language_of_the_complaint(house: House):
    receipt = house.file(locale="zh-TW")
    house.do(receipt["complaint_id"], "link", {"send": True})
    answer = house.get(f"/v1/complaints/{receipt['complaint_id']}", token=receipt["consumer_token"])
    assert "請我們補發連結" in refused(answer, 401, "unauthenticated")["detail"]


@pytest.mark.parametrize("lost", [1, 30])
def test_a_link_of_which_a_part_was_lost_is_refused_in_a_consumers_words(house: House, lost: int):
    receipt = house.file()
    token = receipt["consumer_token"]
    answer = house.get(f"/v1/complaints/{receipt['complaint_id']}", token=token[:-lost], accept_language="zh-CN")
    assert refused(answer, 401, "unauthenticated")["detail"].startswith("这个链接不完整，或者已经失效")


@pytest.mark.parametrize(
    ("accepted", "words"), [("", "Please fill this in."), ("zh-CN", "请填写"), ("zh-HK", "請填寫")]
)
def test_staff_are_refused_in_the_language_that_they_accept_and_programs_in_english(
    house: House, accepted: str, words: str
):
    answer = house.do(house.file()["complaint_id"], "notes", {}, Accept_Language=accepted)
    (fault,) = refused(answer, 422, "invalid")["errors"]
    assert words in fault["message"]
    assert fault["code"] == "missing"
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_refused_before_the_complaint_is_read_is_told_to_its_consumer_in_its_language_too(
    house: House, locale: str
):
    receipt = house.file(locale=locale)
    path, token = f"/v1/complaints/{receipt['complaint_id']}", receipt["consumer_token"]
    another = house.file(locale="en" if locale != "en" else "zh-CN")["complaint_id"]
    for sent_to, body, status in (
        (f"{path}/feedback", {"satisfied": False}, 422),
        (f"{path}/triage", {"tier": "act", "reason": "急"}, 403),
        (f"/v1/complaints/{another}/feedback", {"satisfied": False}, 422),
    ):
        answer = house.post(sent_to, body, token=token, Accept_Language="fr, zh-HK;q=0.5")
        assert (answer.status, answer.headers["content-language"]) == (status, locale)


def test_where_the_complaint_cannot_be_read_a_consumer_is_told_in_what_the_browser_prefers_else_in_chinese(
    house: House,
):
    receipt = house.file(locale="en")
    path, token = f"/v1/complaints/{receipt['complaint_id']}/feedback", receipt["consumer_token"]

    def out_of_reach(call: str, moment: str) -> None:
        raise ConnectionError(call)

    with house.interfering(out_of_reach):
        said = [
            house.post(path, {"satisfied": False}, token=token, **asked) for asked in ({"Accept_Language": "zh-TW"}, {})
        ]
    assert [(one.status, one.headers["content-language"]) for one in said] == [(422, "zh-TW"), (422, "zh-CN")]


# ---- codes and values ------------------------------------------------------------------------------------------------


def test_a_refusal_has_a_reason_with_values_and_a_type_that_leads_to_its_page(house: House):
    complaint_id = house.bring_to("investigating")["complaint_id"]
    house.do(complaint_id, "inquiries", {"department": "quality", "question": "壶身为什么会裂？"})
    answer = house.do(complaint_id, "investigation-report", REPORT, Accept_Language="zh-CN")
    problem = refused(answer, 409, "not_allowed")
    assert problem["reason"] == "inquiries_open"
    assert problem["values"]["departments"] == ["quality"]
    assert "品质管理部" in problem["detail"]
    page = house.get(problem["type"])
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "inquiries_open" in page.text


def test_bounds_are_values_of_the_fault(house: House):
    sent = {"working_days": 11, "reason": "等"}
    (fault,) = house.do(house.file()["complaint_id"], "extension", sent, "cs.lead").json["errors"]
    assert (fault["code"], fault["values"]) == ("number_too_large", {"most": 10})


ODD: tuple[Any, ...] = (None, "", "   ", "x" * 9_000, "a\x07", "\ud800", 0, -1, 1.5, 10**30, True, [], ["x"] * 99, {})


def faults_of(house: House, name: str) -> Iterator[Any]:
    """What is said of odd values in each field of a body."""
    from .examples import OPERATIONS, body_for, path_of, token_for

    operation = OPERATIONS[name]
    receipt = {"complaint_id": "00000-00000", "consumer_token": house.file()["consumer_token"]}
    body = body_for(name, "AAAAA-AAAAA")
    token = token_for(house, name, receipt) if operation.who is not None else None
    for field in (*body, *(["contact"] if "contact" in body else [])):
        for odd in ODD:
            answer = house.post(path_of(name, "00000-00000"), body | {field: odd}, token=token)
            if answer.status == 422:
                yield from answer.json["errors"]


def test_every_odd_value_has_a_code_of_its_own(lasting_house: House):
    from .examples import OPERATIONS

    named = {f["code"] for name, one in OPERATIONS.items() if one.body for f in faults_of(lasting_house, name)}
    assert "not_valid" not in named
    assert len(named) > 12


def test_the_log_says_the_reason_and_no_sentence(house: House):
    from tests.hearing import hearing

    with hearing() as heard:
        house.do(house.file()["complaint_id"], "resolution-plan", PLAN)
    line = heard.about("request")[-1]
    assert line["reason"] == "stage_forbids"
    assert "does not allow" not in json.dumps(line)


# ---- the pages -------------------------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """The elements of a page in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_code_has_a_page_that_says_what_it_means_and_what_to_do_for_anyone(lasting_house: House, locale: Any):
    words = refusals.sentences(locale)
    with lasting_house.counting() as calls:
        for code in (*ENGLISH.codes, *(code for _, code in ALL)):
            page = lasting_house.get(f"/v1/problems/{code}?lang={locale}")
            assert (page.status, page.headers["content-language"]) == (200, locale), code
            outline = Outline(page.text).found
            assert ("html", {"lang": locale}) in outline
            assert [tag for tag, _ in outline if tag in ("title", "main", "h1")] == ["title", "main", "h1"]
            assert f"<code>{code}</code>" in page.text
            assert words.page["means"] in page.text
            assert words.page["do"] in page.text
    assert calls == []


def test_a_page_is_in_the_language_that_is_accepted(house: House):
    page = house.get("/v1/problems/extended_already", Accept_Language="zh-TW")
    assert page.headers["content-language"] == "zh-TW"
    assert "Accept-Language" in page.headers["vary"]


def test_a_code_that_is_none_has_no_page(house: House):
    refused(house.get("/v1/problems/nonsense"), 404, "not_found")
    refused(house.get("/v1/problems/missing?lang=fr"), 422, "invalid", field="lang")


def test_the_description_names_exactly_the_codes_that_there_are(house: House):
    schemas = house.get("/v1/openapi.json").json["components"]["schemas"]
    assert set(schemas["ProblemCode"]["enum"]) == set(errors.STATUSES)
    assert set(schemas["Reason"]["enum"]) == {code for under, code in ALL if under != FIELDS}
    assert set(schemas["FaultCode"]["enum"]) == set(ENGLISH.fields)
    told = {
        (name, field): schemas[name]["properties"][field]["$ref"].rpartition("/")[2]
        for name, field in (("Problem", "code"), ("Problem", "reason"), ("Fault", "code"))
    }
    assert [*told.values()] == ["ProblemCode", "Reason", "FaultCode"]
