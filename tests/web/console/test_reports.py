"""Reports on the screen (6.1)."""

from datetime import date

import pytest

from chalicelib.domain.ground.people import staff
from chalicelib.domain.supervision.documents import period_of
from chalicelib.web.console.page import style_of
from chalicelib.web.console.supervision import reports
from chalicelib.web.door import Call
from chalicelib.web.reporting.document import style_of_part
from tests.house import House
from tests.web.examples import BODIES, a_report
from tests.web.piece import Element, read
from tests.web.reported import MONTH, laid_down

from .acted import do, opened
from .filled import speech

CASES = "/console/reports/{}/cases?measure={}"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture(scope="module")
def ids(house: House) -> list[str]:
    return [house.bring_to("closed")["complaint_id"] for _ in range(3)]


@pytest.fixture(scope="module")
def month(house: House, ids: list[str]) -> str:
    """The page of a month's report whose bottleneck is what quality was asked."""
    times = dict(zip(ids, (3_600, 259_200, 0), strict=True))
    name = laid_down(
        {"M03": ids[:2], "M13": ids[:2], "M15": ids, "M12.promises": ids[:1], "M22": []},
        spent={one: {"investigating": seconds} for one, seconds in times.items()},
        said_of={one: {"cause_code": "delivery.damaged_packing", "responsible_party": "carrier"} for one in ids[1:]},
    )
    return f"/console/reports/{name}"


def look(house: House, page: str, who: str = "cs.lead", language: str = "en") -> Element:
    answer = house.look(page, who, Accept_Language=language)
    assert answer.status == 200, answer.text
    return read(answer.text)


def links(page: Element) -> dict[str, str]:
    return {one.given.get("aria-label", one.text): one.given["href"] for one in page.one("main").all("a")}


def test_they_are_listed_by_kind_the_newest_first(house: House, month: str) -> None:
    page = look(house, "/console/reports")
    row = page.one("table").all("tr")[1]
    assert links(page)["October 2026 · edition 2"] == month
    assert ("To be commented" in row.text, "10 月 30 日" in row.text) == (True, True)
    assert "There is no report of this kind yet." in look(house, "/console/reports?kind=half_yearly").text


def test_a_report_that_was_replaced_says_so_and_leads_to_the_newer_one(house: House) -> None:
    second = {"edition": 2, "report_id": "report_weekly-2026-W40-2", "period": period_of("weekly", date(2026, 9, 28))}
    first = second | {"edition": 1, "report_id": "report_weekly-2026-W40-1"}
    old, new = (laid_down(document=MONTH.model_copy(update=one)) for one in (first, second))
    rows = [one.text for one in look(house, "/console/reports?kind=weekly").one("tbody").all("tr")]
    assert [("replaced" in one, "edition" in one) for one in rows] == [(False, True), (True, True)]
    page = look(house, f"/console/reports/{old}")
    assert links(page)["There is a newer edition of this report: read that one"] == f"/console/reports/{new}"


def test_the_document_is_in_the_page_with_its_charts_and_its_style(house: House, month: str) -> None:
    page = look(house, month, "management.zhou")
    document = page.one("div", class_="document")
    assert page.one("h1").text == "Complaints in October 2026"
    assert len(document.all("figure")) == 5
    assert all(one.all("svg", role="img") for one in document.all("figure"))
    answer = house.look(month, "management.zhou")
    assert answer.text.count("<style>") == 2
    assert f"<style>{style_of_part() + style_of('supervision/report')}</style>" in answer.text
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]


def test_each_figure_leads_to_exactly_its_cases(house: House, month: str, ids: list[str]) -> None:
    found = links(look(house, month))
    assert found["96.9%: the complaints behind “Acknowledged in time”"] == f"{month}/cases?measure=M03"
    assert found["Those with promises: Granted what was asked"] == f"{month}/cases?measure=M12.promises"
    assert f"{month}/cases?measure=M22" not in found.values(), "nobody is counted"
    for measure, counted in (("M03", ids[:2]), ("M12.promises", ids[:1]), ("M22", [])):
        page = look(house, f"{month}/cases?measure={measure}")
        assert [one.given["data-line"] for one in page.all("tr") if "data-line" in one.given] == counted
    assert "96.9%" in look(house, f"{month}/cases?measure=M03").text


def test_a_row_of_the_causes_leads_to_exactly_its_cases(house: House, month: str, ids: list[str]) -> None:
    found = links(look(house, month))
    way = f"{month}/cases?measure=M13&by=cause_party&key=delivery.damaged_packing+carrier"
    assert way in found.values()
    page = look(house, way)
    assert [one.given["data-line"] for one in page.all("tr") if "data-line" in one.given] == [ids[1]], "M13 counts it"
    facts = page.one("dl", class_="facts").text
    assert ("Packing damaged · Carrier" in facts, "counted: 48" in facts) == (True, True), "as the row says"
    assert not [one for one in found.values() if "measure=M07&by=" in one], "no list of its cases is kept"
    assert house.look(f"{month}/cases?measure=M01&by=seller&key=x", "cs.lead").status == 404


def test_the_bottleneck_leads_to_what_was_longest_in_it(house: House, month: str, ids: list[str]) -> None:
    way = links(look(house, month))["The complaints in it, the longest first"]
    assert way == f"{month}/cases?measure=M15&stage=investigating"
    listed = [one.text for one in look(house, way).one("ol").all("li")]
    assert [one.split(" ")[:2] for one in listed] == [["3", "d"], ["1", "h"]], "who was not in it is not listed"
    assert [ids[1] in listed[0], ids[0] in listed[1]] == [True, True]
    assert not look(house, f"{month}/cases?measure=M15&stage=closed").all("ol"), "nobody spends any time in that"


def test_a_figure_leads_to_a_measure_that_is_to_move_it(house: House, month: str) -> None:
    way = links(look(house, month))["Decide a measure for this figure: Inquiries answered in time"]
    form = look(house, way.partition("#")[0]).one("form", id="do")
    [chosen] = [one.given["value"] for one in form.one("select", name="measures.0.moves").all("option", selected="")]
    assert chosen == "M14"
    assert "quality.he" in {one.given["value"] for one in form.one("select", name="measures.0.owner").all("option")}
    assert not [one for one in links(look(house, month, "audit.qin")) if one.startswith("Decide")]


def test_a_measure_against_the_bottleneck_is_followed_by_a_figure_that_has_a_value(house: House, month: str) -> None:
    ways = [one.given["href"] for one in look(house, month).one("section", id="sentence").all("a")]
    assert f"{month}?act=comment&part=M14#doing" in ways


def test_a_supervisor_says_what_is_behind_the_figures_and_it_is_issued(house: House) -> None:
    page = f"/console/reports/{a_report(house)}"
    why = look(house, page).one("section", class_="panel").one("dl").text
    assert "Issue" in why, "not yet"
    assert "“To be commented”" in why, "and why, in the words of the page"
    answer = do(house, page, "comment", "cs.lead", BODIES["comment_report"])
    assert (answer.status, answer.headers["location"]) == (303, f"{page}?done=comment#main")
    assert "质检改为每日两次处理协查。" in look(house, page).one("section", id="steps").text
    assert do(house, page, "issue", "management.zhou").status == 303
    assert "Issued" in look(house, page).one("dl", class_="head times").text


def test_an_open_measure_is_said_to_be_done_from_the_report_that_shows_it(house: House) -> None:
    name = a_report(house, ("comment_report",))
    found = links(look(house, f"/console/reports/{name}"))
    assert found["Say that it is done"].endswith(f"act=finish_measure&part={name}.1#doing")
    assert "Say that it is done" not in links(look(house, f"/console/reports/{name}", "audit.qin"))


def test_what_is_refused_is_said_beside_what_was_typed(house: House) -> None:
    page = f"/console/reports/{a_report(house)}"
    answer = do(
        house, page, "comment", "cs.lead", {"text": "十月缺货。", "measures": [{"what": "补货", "owner": "nobody"}]}
    )
    assert answer.status == 422
    assert "补货" in answer.text
    assert "十月缺货" in answer.text


@pytest.mark.parametrize(("act", "steps"), [("comment", ()), ("issue", ("comment_report",))])
def test_who_may_not_by_the_api_may_not_by_the_form_and_nothing_is_kept(
    house: House, act: str, steps: tuple[str, ...]
) -> None:
    page = f"/console/reports/{a_report(house, steps)}"
    form, kept = opened(house, page, act, "cs.lead"), house.items_kept()
    for group in ("audit", "quality", "customer_service", *(("management",) if act == "comment" else ())):
        answer = house.submit(form.given["action"].partition("#")[0], group, {"text": "x"} if act == "comment" else {})
        assert answer.status == 403, (group, answer.text)
    assert house.items_kept() == kept


def test_it_is_printed_as_the_document_one_files_and_saved_as_a_table(house: House, month: str, ids: list[str]) -> None:
    printed = house.look(f"{month}/print", "audit.qin", Accept_Language="zh-CN")
    assert printed.status == 200
    assert "<h1>2026年10月投诉月报</h1>" in printed.text
    assert "/console/" not in printed.text
    table = house.look(f"{month}/table", "audit.qin")
    assert table.headers["content-disposition"] == f"attachment; filename={MONTH.report_id}.csv"
    assert ids[0] in table.text


def test_of_a_report_that_is_not_there_nothing_is_shown(house: House) -> None:
    for path in ("", "/cases?measure=M03", "/cases?measure=M15&stage=planning", "/print", "/table"):
        assert house.look(f"/console/reports/report_monthly-2020-01-1{path}", "cs.lead").status == 404


def test_today_names_the_newest_that_wait_to_whoever_comments_and_issues(house: House, month: str) -> None:
    def waits(who: str, *roles: str) -> list[tuple[str, str]]:
        call = Call(staff(who, frozenset(roles)), house.now, 0, {})
        return [(str(said), href) for said, href in reports.waiting_here(call, speech("en"))]

    assert ("To be commented on: Complaints in October 2026", month) in waits(
        "cs.lead", "customer_service", "supervisor"
    )
    assert waits("quality.he", "quality") == []
