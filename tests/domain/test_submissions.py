"""4.2c, 4.3a, 4.4b: what is incomplete is refused, by field."""

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis.strategies import characters, text
from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.complaint.submissions import (
    LARGEST_FILE,
    Acknowledgement,
    Assignment,
    EvidenceOffer,
    Extension,
    Feedback,
    Filing,
    InquiryAnswer,
    InvestigationReport,
    Money,
    Note,
    OrderLine,
    ResolutionPlan,
    Submission,
    Text5000,
)
from chalicelib.domain.ground.model import HANDED_IN
from chalicelib.domain.ground.text import Incomplete, Text
from chalicelib.domain.vocabulary.currencies import DECIMALS, MEANT
from chalicelib.web.problems import invalid

from .cases import KETTLE, PLAN, REPORT

WHOLE: dict[type[Submission], dict[str, Any]] = {
    Filing: KETTLE.model_dump(mode="json"),
    InvestigationReport: REPORT.model_dump(mode="json"),
    ResolutionPlan: PLAN.model_dump(mode="json"),
    Feedback: {"satisfied": True},
    Note: {"text": "已联系"},
    Assignment: {"assignee": "cs.lin"},
}
OFFER = {"file_name": "裂缝.jpg", "content_type": "image/jpeg", "size": 1000}
NEEDED = [(kind, name) for kind in WHOLE for name, field in kind.model_fields.items() if field.is_required()]


def faults(kind: type[Submission], content: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refusal:
        kind.model_validate(content, context=HANDED_IN)
    return [
        (".".join(map(str, error["loc"])) or getattr(error["ctx"]["error"], "field", ""), error["type"])
        for error in refusal.value.errors()
    ]


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_nothing_that_is_needed_may_be_missing(kind: type[Submission], name: str):
    kind.model_validate(WHOLE[kind])
    rest = {key: value for key, value in WHOLE[kind].items() if key != name}
    assert faults(kind, rest) == [(name, "missing")]


def test_what_the_policy_needs_is_needed():
    assert {name for kind, name in NEEDED if kind is InvestigationReport} == {
        "order_verified", "findings", "root_cause", "responsible_party", "conclusion",
    }  # fmt: skip
    # method, time needed, follow-up measures (4.3a)
    assert {name for kind, name in NEEDED if kind is ResolutionPlan} == {
        "methods", "summary", "complete_within_days", "follow_up_measures",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [*WHOLE, Acknowledgement])
def test_a_misspelt_field_is_not_silently_lost(kind: type[Submission]):
    assert ("mesage", "extra_forbidden") in faults(kind, WHOLE.get(kind, {}) | {"mesage": "?"})


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        (InvestigationReport, {"order_verified": False}, "order_verified"),
        (InvestigationReport, {"order_verified": "true"}, "order_verified"),
        (InvestigationReport, {"responsible_party": "somebody"}, "responsible_party"),
        (InvestigationReport, {"findings": " \n "}, "findings"),
        (ResolutionPlan, {"methods": []}, "methods"),
        (ResolutionPlan, {"follow_up_measures": []}, "follow_up_measures"),
        (ResolutionPlan, {"follow_up_measures": ["  "]}, "follow_up_measures.0"),
        (ResolutionPlan, {"complete_within_days": 0}, "complete_within_days"),
        (ResolutionPlan, {"complete_within_days": "5"}, "complete_within_days"),
        (ResolutionPlan, {"complete_within_days": 5.5}, "complete_within_days"),
        (ResolutionPlan, {"complete_within_days": True}, "complete_within_days"),
        (ResolutionPlan, {"rejects_request": True}, "reasons"),
        (Feedback, {"satisfied": False}, "opinion"),
        (Feedback, {"satisfied": 1}, "satisfied"),
        (Note, {"public": "yes"}, "public"),
        (Assignment, {"assignee": "cs lin\n"}, "assignee"),
        (Filing, {"order_number": 42}, "order_number"),
        (Filing, {"order_number": "4" * 65}, "order_number"),
        (Filing, {"product_name": "壶" * 201}, "product_name"),
        (Filing, {"product_name": "壶\n壶"}, "product_name"),
        (Filing, {"description": "裂" * 5001}, "description"),
        (Filing, {"description": "裂\x00"}, "description"),
        (Filing, {"description": "\u200b\u200b"}, "description"),
        (Filing, {"description": "\ud800"}, "description"),
        (Filing, {"category": "quality"}, "category"),
        (Filing, {"channel": "fax"}, "channel"),
        (Filing, {"locale": "de"}, "locale"),
        (Filing, {"requested_remedy": "revenge"}, "requested_remedy"),
    ],
)
def test_what_is_wrong_is_named(kind: type[Submission], change: dict[str, Any], field: str):
    assert field in {name for name, _ in faults(kind, WHOLE[kind] | change)}


def test_a_whole_number_may_be_written_with_a_point_as_json_has_it():
    assert (
        ResolutionPlan.model_validate(WHOLE[ResolutionPlan] | {"complete_within_days": 5.0}).complete_within_days == 5
    )


@pytest.mark.parametrize("value", ["59.90", "1", "0.01", "9999999999.99"])
def test_amounts_are_decimals(value: str):
    assert Money(value=value, currency="CNY").value == Decimal(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [59.9, 59, "0", "-1", "1e3", "1.234", "１", "", " 1", "NaN", "12345678901", None])
def test_amounts_are_nothing_else(value: object):
    assert faults(Money, {"value": value, "currency": "CNY"})[0][0] == "value"


@pytest.mark.parametrize(
    "currency", ["cny", "CN", "CNYX", 156, "人民币", "RMB", "XYZ", "XAU", "XTS", "XXX", "CLF", "DEM"]
)
def test_currencies_are_those_of_iso_4217_that_people_pay_with(currency: object):
    assert faults(Money, {"value": "1", "currency": currency})[0][0] == "currency"


@pytest.mark.parametrize("wrong", ["RMB", "cny"])
def test_of_a_wrong_currency_it_is_said_which_is_meant(wrong: str):
    with pytest.raises(ValidationError) as refusal:
        Money.model_validate({"value": "1", "currency": wrong}, context=HANDED_IN)
    (fault,) = invalid(refusal.value).faults
    assert (fault.code, fault.values) == ("currency_written_otherwise", {"meant": "CNY"})


@pytest.mark.parametrize(
    ("value", "currency", "fits"),
    [
        ("10", "JPY", True),
        ("10.5", "JPY", False),
        ("10.50", "JPY", False),
        ("10.50", "CNY", True),
        ("10.505", "CNY", False),
        ("10.505", "KWD", True),
    ],
)
def test_an_amount_has_no_more_decimals_than_its_currency(value: str, currency: str, fits: bool):
    amount = {"value": value, "currency": currency}
    if fits:
        assert Money.model_validate(amount, context=HANDED_IN).value == Decimal(value)
        return
    assert faults(Money, amount)[0][0] == "value"
    plan = WHOLE[ResolutionPlan] | {"methods": [METHOD | {"amount": amount}]}
    with pytest.raises(ValidationError) as refusal:
        ResolutionPlan.model_validate(plan, context=HANDED_IN)
    assert [fault.field for fault in invalid(refusal.value).faults] == ["methods.0.amount.value"]


@pytest.mark.parametrize(("value", "currency"), [("5.00", "BGN"), ("10.50", "JPY"), ("1", "XYZ")])
def test_what_was_accepted_by_a_list_of_before_stays_readable(value: str, currency: str):
    kept = Money.model_validate({"value": value, "currency": currency})
    assert Money.model_validate_json(kept.model_dump_json()) == kept


def test_the_list_of_currencies_is_whole():
    assert Counter(DECIMALS.values()) == {2: 132, 0: 16, 3: 7}
    assert all(len(code) == 3 and code.isupper() for code in DECIMALS)
    assert set(MEANT.values()) <= DECIMALS.keys()
    assert not MEANT.keys() & DECIMALS.keys()


@given(text(characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_text_in_any_script_is_kept_but_for_the_white_space_around_it(words: str):
    visible = any(unicodedata.category(mark)[0] in "LNPS" for mark in words)
    if visible:
        assert TypeAdapter(Text5000).validate_python(words) == words.strip()
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Text5000).validate_python(words)


METHOD = {"kind": "apology", "detail": "道歉"}
AT_MOST: list[tuple[type[Submission], dict[str, Any], str, Any, Any]] = [
    (Acknowledgement, {}, "message", "好" * 2000, "好" * 2001),
    (InvestigationReport, REPORT.model_dump(mode="json"), "evidence", ["1"] * 20, ["1"] * 21),
    (InvestigationReport, REPORT.model_dump(mode="json"), "evidence", ["1" * 64], ["1" * 65]),
    (InvestigationReport, REPORT.model_dump(mode="json"), "evidence", ["1"], [""]),
    (InvestigationReport, REPORT.model_dump(mode="json"), "evidence", ["1"], [1]),
    (ResolutionPlan, PLAN.model_dump(mode="json"), "methods", [METHOD] * 20, [METHOD] * 21),
    (ResolutionPlan, PLAN.model_dump(mode="json"), "follow_up_measures", ["回访"] * 20, ["回访"] * 21),
    (ResolutionPlan, PLAN.model_dump(mode="json"), "complete_within_days", 1, 0),
    (ResolutionPlan, PLAN.model_dump(mode="json"), "complete_within_days", 365, 366),
    (EvidenceOffer, OFFER, "file_name", "图" * 200, "图" * 201),
    (EvidenceOffer, OFFER, "file_name", "图.jpg", "图\u202egpj.exe"),
    (EvidenceOffer, OFFER, "description", "图" * 500, "图" * 501),
    (EvidenceOffer, OFFER, "size", 1, 0),
    (EvidenceOffer, OFFER, "size", LARGEST_FILE, LARGEST_FILE + 1),
    (Extension, {"reason": "等待检测"}, "working_days", 1, 0),
    (Extension, {"reason": "等待检测"}, "working_days", 10, 11),
]


@pytest.mark.parametrize(("kind", "rest", "field", "most", "too_much"), AT_MOST)
def test_what_is_handed_in_has_its_bounds(
    kind: type[Submission], rest: dict[str, Any], field: str, most: Any, too_much: Any
):
    kept = getattr(kind.model_validate(rest | {field: most}), field)
    assert len(kept) == len(most) if isinstance(most, list) else kept == most
    assert faults(kind, rest | {field: too_much})[0][0].partition(".")[0] == field


def test_lines_and_blanks_around_are_kept_where_people_write_lines():
    offer = EvidenceOffer.model_validate(OFFER | {"description": "第一行\n第二行"})
    assert offer.description == "第一行\n第二行"
    cited = InvestigationReport.model_validate(REPORT.model_dump(mode="json") | {"evidence": [" 1 "]})
    assert cited.evidence == ("1",)


def test_what_nobody_says_is_not_so():
    report, answer = REPORT, InquiryAnswer(assessment="玻璃太薄")
    assert (report.legal_issue, answer.legal_issue, PLAN.rejects_request) == (False, False, False)
    assert OrderLine(product_name="电热水壶").quantity == 1


def test_a_plan_that_rejects_what_was_asked_is_whole_with_its_reasons():
    assert ResolutionPlan.model_validate(WHOLE[ResolutionPlan] | {"rejects_request": True, "reasons": "已过期限"})


def test_a_long_text_keeps_its_lines():
    assert Acknowledgement(message="第一行\n第二行").message == "第一行\n第二行"
    assert Note(text="  第一行\r\n\t第二行 ").text == "第一行\r\n\t第二行"


def test_an_incomplete_artefact_says_what_is_missing():
    assert Incomplete("opinion", "is needed").field == "opinion"


@pytest.mark.parametrize(
    ("text", "refused", "taken"),
    [
        (Text(9), "裂\n\u0085", "裂\u202e"),
        (Text(9, lines=True), "裂\x00", "裂\n\t\r"),
        (Text(9, turns=False), "裂\u202e\u2066", "裂"),
    ],
)
def test_the_description_of_a_text_says_which_characters_it_refuses(text: Text, refused: str, taken: str):
    schema = TypeAdapter(Annotated[str, text]).json_schema()
    pattern = schema.pop("pattern")
    assert schema == {"type": "string", "minLength": 1, "maxLength": 9}
    assert re.search(pattern, taken)
    assert not [mark for mark in refused[1:] if re.search(pattern, f"裂{mark}裂")]
