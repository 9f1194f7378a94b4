"""A sheet over HTTP: who reads it when, what is contested and answered, and the page to read and print (6.2)."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.domain.supervision.appraisal import Appraisal
from chalicelib.domain.supervision.sheet import Answered, Commented, Contested, Sheet
from chalicelib.web.reporting.sheet import as_html
from tests.domain.cases import POLICY
from tests.house import House, refused

from .appraised import ITEMS
from .examples import BODIES, a_sheet

LOCALES = ("zh-CN", "zh-TW", "en")
MARKUP = "<script>alert(1)</script>{{ 7*7 }}"
NOW = datetime(2027, 2, 8, 8, tzinfo=UTC)


def test_a_sheet_is_contested_and_answered(house: House) -> None:
    name = a_sheet(house)
    own = house.get(f"/v1/sheets/{name}", "quality.he")
    assert (own.status, own.json["stage"], own.json["allowed"]) == (200, "contested", ["comment_sheet"])
    assert [one["item"] for one in own.json["items"]][:2] == ["closures", "satisfied"]
    commented = house.post(f"/v1/sheets/{name}/comments", BODIES["comment_sheet"], "quality.he")
    assert [one["item"] for one in commented.json["contested"]] == ["breaches", "objections"]
    lead = house.get(f"/v1/sheets/{name}", "cs.lead").json
    assert lead["allowed"] == ["answer_sheet"]
    body = {"answers": [{"number": number, "upheld": number == 1, "reasons": "已核实。"} for number in (1, 2)]}
    answered = house.post(f"/v1/sheets/{name}/answers", body, "cs.lead", If_Match=f'"{lead["version"]}"')
    assert answered.status == 200, answered.text
    assert [(one["upheld"], one["answered_by"]) for one in answered.json["contested"]] == [
        (True, "cs.lead"),
        (False, "cs.lead"),
    ]
    assert answered.json["stage"] == "shown"


def test_who_may_not_read_one_is_not_told_whether_it_is_there(house: House) -> None:
    name = a_sheet(house)
    for asked in (name, "sheet_2031Q1-quality.he"):
        problem = refused(house.get(f"/v1/sheets/{asked}", "quality.xie"), 403, "forbidden")
        assert problem["reason"] == "sheet_not_yours"
    for odd in ("sheet_2031Q1-quality.he", "sheet_2031Q9-quality.he", "sheet_", "amendment_1"):
        assert refused(house.get(f"/v1/sheets/{odd}", "cs.lead"), 404, "not_found")["reason"] == "sheet_unknown"


def test_everybody_lists_their_own_and_supervisors_a_quarter_by_name(house: House) -> None:
    name = a_sheet(house)
    quarter = name[len("sheet_") :].partition("-")[0]
    assert name in [one["sheet_id"] for one in house.get("/v1/sheets?limit=100", "quality.he").json["items"]]
    assert house.get("/v1/sheets", "quality.xie").json == {"items": [], "next_cursor": None}
    for query in (f"quarter={quarter}", f"quarter={quarter}&person=quality.he"):
        assert [one["sheet_id"] for one in house.get(f"/v1/sheets?{query}", "cs.lead").json["items"]] == [name]
        problem = house.get(f"/v1/sheets?{query}", "quality.xie")
        assert problem.status == 403 if "person" in query else problem.json["items"] == []
    refused(house.get("/v1/sheets?quarter=2026Q5", "cs.lead"), 422, "invalid")
    refused(house.get("/v1/sheets?person=quality.he", "quality.xie"), 403, "forbidden")


# ---- the page --------------------------------------------------------------------------------------------------------


DOCUMENT = Appraisal(
    sheet_id="sheet_2026Q4-cs.lin",
    person="cs.lin",
    quarter="2026Q4",
    first=date(2026, 10, 1),
    last=date(2026, 12, 31),
    as_of=date(2027, 2, 7),
    computed_at=NOW,
    items=ITEMS,
)
STATE = Sheet(
    stage="contested",
    sheet_id="sheet_2026Q4-cs.lin",
    person="cs.lin",
    quarter="2026Q4",
    hash="ab" * 32,
    as_of=date(2027, 2, 7),
    shown_at=NOW,
    comments=(Commented(at=NOW, text=MARKUP),),
    contested=(
        Contested(number=1, item="breaches", reasons=MARKUP, at=NOW),
        Contested(
            number=2,
            item="objections",
            reasons="不是我的",
            at=NOW,
            answer=Answered(at=NOW, by="cs.lead", upheld=True, reasons="属实"),
        ),
    ),
)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)).split())


def page(locale: Any) -> str:
    return as_html(DOCUMENT, STATE, locale, POLICY)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_says_each_item_in_each_language_and_what_was_typed_is_text(locale: Any) -> None:
    html = page(locale)
    assert f'<html lang="{locale}">' in html
    assert MARKUP not in html
    assert not re.search(r"None|nan|\{\w+\}|sheet\.\w", text(html).replace(text(MARKUP), ""))
    for one in ITEMS:
        assert f'id="{one.item}"' in html


def test_of_fewer_than_ten_it_says_so_and_a_flag_says_what_it_is_not() -> None:
    said = text(page("en"))
    assert "7 of 9 Fewer than 10: no rate is said. Comparable cases: 9, too few to compare." in said
    assert "70 of 100 70.0% (95 % interval 50.0% to 90.0%)" in said
    assert "With limits from 1.35 to 2.86 this is more than chance explains. It is a reason to look" in said
    assert "With limits from 0.13 to 0.97 this is fewer than chance explains" in said
    assert "The person is right." in said
    assert "Nobody is ranked" in said


def test_the_page_is_served_and_needs_nothing_from_elsewhere(house: House) -> None:
    answer = house.get(f"/v1/sheets/{a_sheet(house)}.html?lang=zh-TW", "quality.he")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert "考核表" in answer.text
