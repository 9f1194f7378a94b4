"""Satisfaction on the screen: figures with what they can say, answers without a name, whom to call."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.adapters import figures, store
from chalicelib.casework import lines, rules
from chalicelib.casework.commit import commit
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.supervision import documents, report
from chalicelib.domain.supervision.figures import Document, Figure
from chalicelib.domain.supervision.report import ReportComputed
from tests.examples import EXAMPLES
from tests.house import House
from tests.web.piece import Element, read
from tests.web.reported import MONTH, SEPTEMBER, row

ANSWER = EXAMPLES["answer_survey"].body
REVIEW = EXAMPLES["review_survey"].body
GOOD = ANSWER | {"overall": 5, "solved": "yes", "words": "师傅很好。"}
VALUES = {"low": 0.651, "high": 0.838, "response": 0.12, "sent": 650, "undelivered": 4, "solved": 0.8, "comparable": 1}
SATISFIED = Figure(
    n=78,
    value=0.756,
    unit="share",
    values=VALUES,
    rows=(
        row("overall", "5", 41),
        row("category", "delivery", 31, share=0.677, low=0.501, high=0.814),
        row("category", "product_quality", 3, share=None, low=None, high=None),
        row("stratum", "satisfied first kept", 74, closures=120),
        row("stratum", "no_response later breached", 4, closures=30),
    ),
    note="not_representative",
    ripe=False,
    ripe_on=date(2026, 11, 18),
)


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def laid_down(document: Document, now: datetime) -> str:
    """The report of a document, as the house computes it."""
    hashed = documents.hash_of(document)
    figures.put(figures.key_of_report(document.report_id, hashed, "document.json"), documents.as_bytes(document))
    said = {"period": document.period, "edition": document.edition, "hash": hashed, "as_of": document.as_of}
    event = ReportComputed(**said, reason=document.reason, closures=214, tell_from=now)
    commit(None, [report.computed(event, now)], now, rules.in_force(now))
    return document.report_id


def a_month(now: datetime, figure: Figure = SATISFIED, **changes: Any) -> str:
    known = {"report_id": "report_monthly-2026-10-1", "edition": 1, "reason": None, "figures": {"M20": figure}}
    return laid_down(MONTH.model_copy(update=known | changes), now)


def page(house: House, path: str = "", who: str = "supervisor") -> Element:
    answer = house.look(f"/console/surveys{path}", who, **{"Accept-Language": "en"})
    assert answer.status == 200, answer.text
    return read(answer.text)


def said(one: Element) -> str:
    return re.sub(r"\s+", " ", one.text)


def answered(house: House, body: dict[str, Any], receipt: dict[str, Any]) -> str:
    complaint_id = str(receipt["complaint_id"])
    if body:
        answer = house.post(f"/v1/complaints/{complaint_id}/survey", body, token=receipt["consumer_token"])
        assert answer.status == 201, answer.text
    lined(house, complaint_id)
    return complaint_id


def lined(house: House, complaint_id: str) -> None:
    case = store.load_with_entries(complaint_id, Complaint)
    for entry in case.entries if case else ():
        lines.write_lines(entry, house.now)


def test_without_a_report_there_is_nothing_to_see_and_it_is_said(house: House) -> None:
    assert "There is no such report yet." in page(house, "?kind=weekly").text
    assert house.look("/console/surveys?report=report_monthly-2020-01-1", "audit").status == 200


def test_a_figure_has_its_interval_its_n_its_response_and_what_it_cannot_say(house: House) -> None:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    october = a_month(now)
    september = Figure(n=8, unit="share", values={"response": None}, note="too_few")
    before = {"period": SEPTEMBER, "as_of": date(2026, 10, 2), "before": None, "year_before": None}
    a_month(now, september, report_id="report_monthly-2026-09-1", **before)
    shown = page(house)
    rows = {one.all("th")[0].text: said(one) for one in shown.all("tr") if one.all("th")}
    assert "75.6% [65.1% to 83.8%]" in rows["October 2026"]
    assert "not representative" in rows["October 2026"]
    assert "fewer than 10, not shown" in rows["September 2026"]
    assert "known by Monday, 2 November 2026: 81.0% (n = 21)" in rows["September 2026"]
    limits = [one.text for one in shown.one("section", id="period").all("li")]
    assert any("12.0% have answered, less than 15.0%" in one for one in limits)
    assert any("only 4 answers to 30 closures" in one for one in limits)
    assert any("answers can still come" in one for one in limits)
    assert "Nobody is ranked by it." in limits
    hrefs = {one.given.get("href", "") for one in shown.all("a")}
    for measure in ("M20", "M20.survey"):
        assert f"/console/reports/{october}/cases?measure={measure}" in hrefs
    older = page(house, "?report=report_monthly-2026-09-1").one("section", id="period")
    assert "Only 8 answers: from 10 on a share is shown." in older.text
    assert "Too few were asked" in older.text


def test_answers_are_read_in_the_consumers_words_by_who_took_no_part_and_nobody_is_named(house: House) -> None:
    low, good = answered(house, ANSWER, house.asked()), answered(house, GOOD, house.asked())
    shown = page(house, "/answers")
    assert {low, good} <= {one.text for one in shown.all("a")}
    assert ANSWER["words"] in shown.text
    assert GOOD["words"] in shown.text
    assert "not looked into yet" in shown.text
    assert "李雷" not in shown.text
    assert "cs.lin" not in shown.text
    only = {one.text for one in page(house, "/answers?low=true").all("a")}
    assert (low in only, good in only) == (True, False)


def test_whom_it_measures_reads_no_word_whatever_else_they_are(house: House) -> None:
    receipt = house.asked()
    unread = answered(house, ANSWER | {"words": "主管也没有回电。"}, receipt)
    assert "主管也没有回电。" in page(house, "/answers").text
    assert house.do(unread, "notes", {"text": "已联系。", "public": False}, "supervisor").status == 201
    lined(house, unread)
    case = store.load(unread, Complaint)
    assert case
    assert case.state.is_measured("supervisor")
    shown = page(house, "/answers")
    assert "主管也没有回电。" not in shown.text
    assert "you took part" in shown.text


def test_days_that_cannot_be_are_refused_beside_the_form(house: House) -> None:
    answer = house.look("/console/surveys/answers?from=2026-01-01&to=2026-10-09", "audit")
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert house.look("/console/surveys/answers?from=morgen", "audit").status == 422


def test_low_answers_wait_with_a_form_for_who_may_look_into_them(house: House) -> None:
    low = answered(house, ANSWER, house.asked())
    found = page(house).one("section", aria_labelledby="reviews")
    assert any(one.given["href"].endswith("act=review_survey") for one in found.all("a") if low in one.given["href"])
    of_audit = page(house, who="audit").one("section", aria_labelledby="reviews")
    assert low in of_audit.text
    assert not [one for one in of_audit.all("a") if "act=" in one.given["href"] and "aria-label" in one.given]
    assert house.do(low, "survey/review", REVIEW, "supervisor").status == 200
    assert low not in page(house).one("section", aria_labelledby="reviews").text


def test_who_has_not_answered_is_asked_by_phone_by_somebody_who_took_no_part(house: House) -> None:
    waits, done = answered(house, {}, house.asked()), answered(house, GOOD, house.asked())
    shown = page(house, "/interviews", "cs.chen")
    assert f"/console/complaints/{waits}?act=answer_survey#act" in {one.given.get("href") for one in shown.all("a")}
    assert done not in shown.text
    own = next(one for one in page(house, "/interviews", "cs.lin").all("tr") if waits in one.text)
    assert "You took part: somebody else calls" in own.text
    assert not [one for one in own.all("a") if "act=" in one.given["href"]]
    assert house.post(f"/v1/complaints/{waits}/survey", GOOD | {"channel": "phone"}, "cs.chen").status == 201
    assert waits not in page(house, "/interviews", "cs.chen").text


def test_more_than_a_page_of_interviews_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.web.console.supervision import surveys

    ids = {answered(house, {}, house.asked()) for _ in range(3)}
    monkeypatch.setattr(surveys, "LINES", 2)
    seen: set[str] = set()
    following: str | None = "/interviews"
    while following:
        shown = page(house, following)
        seen |= {one.text for one in shown.all("a")} & ids
        further = [one.given["href"] for one in shown.all("a") if "cursor=" in one.given.get("href", "")]
        following = further[0].removeprefix("/console/surveys") if further else None
    assert seen == ids
