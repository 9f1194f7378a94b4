"""The safety board: who is in danger, whether they were called in time, what was found, which authority knows."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.casework import in_danger
from tests.house import FRIDAY, House
from tests.web.piece import Element, read

SCALD = {"product_name": "电热水壶", "description": "壶嘴漏水，手被烫伤了，已经去医院包扎。"}
MOULD = {"product_name": "面包", "description": "还没到期就发霉了。"}
SERIOUS = {"harmed": "serious", "stop_selling": True, "report_to": [], "note": "壶嘴密封不良，可致烫伤。"}
REACHED = {"about": "safety", "reached": True}


@pytest.fixture
def house(house: House) -> House:
    house.now = FRIDAY
    return house


def board(house: House, who: str = "cs.lead", query: str = "") -> Element:
    answer = house.look(f"/console/safety{query}", who, **{"Accept-Language": "en"})
    assert answer.status == 200, answer.text
    return read(answer.text)


def row(house: House, complaint_id: str, who: str = "cs.lead", query: str = "") -> str:
    found = [one.text for one in board(house, who, query).all("tr") if complaint_id in one.text]
    return re.sub(r"\s+", " ", found[0]) if found else ""


def counts(house: House) -> dict[str, str]:
    links = board(house).one("ul", class_="counts").all("a")
    return {one.given["href"].rpartition("only=")[2]: one.all("b")[0].text for one in links[1:]}


def scalded(house: House, **more: Any) -> str:
    return str(house.file(**SCALD | more)["complaint_id"])


def test_a_scald_is_on_the_board_with_its_two_hours_until_it_is_called_assessed_and_reported(house: House) -> None:
    ours = scalded(house)
    house.file(**MOULD)
    house.file()
    assert counts(house) == {"to_call": "1", "late": "0", "to_assess": "1", "to_report": "0", "done": "0"}
    assert "2 hours left" in row(house, ours)

    house.pass_time(minutes=30)
    house.do(ours, "calls", REACHED | {"reached": False})
    assert "cs.lin not reached" in row(house, ours)
    house.pass_time(minutes=30)
    house.do(ours, "calls", REACHED)
    assert "first call in time" in row(house, ours)
    assert counts(house)["to_call"] == "0"

    house.do(ours, "safety-assessment", SERIOUS, "quality.he")
    found = row(house, ours)
    assert "Harm: serious" in found
    assert "Stop selling" in found
    assert "the report to the market regulator" in found
    assert counts(house) == {"to_call": "0", "late": "0", "to_assess": "0", "to_report": "1", "done": "0"}

    house.do(ours, "authority-reports", {"authority": "market_regulator", "reference": "SAMR-7"}, "legal.xu")
    assert "SAMR-7" in row(house, ours, query="?only=done")
    assert row(house, ours, query="?only=late") == ""


def test_a_call_that_came_late_stays_late_and_what_is_overdue_comes_first(house: House) -> None:
    late = scalded(house)
    house.pass_time(hours=1)
    soon = scalded(house)
    house.pass_time(hours=1, minutes=30)
    assert "overdue" in row(house, late)
    ids = [one.text[:11] for one in board(house).all("th") if one.given.get("scope") == "row"]
    assert ids == [late, soon]
    assert [late in row(house, one, query="?only=late") for one in (late, soon)] == [True, False]
    house.do(late, "calls", REACHED)
    assert "first call late" in row(house, late)


def test_each_reads_the_same_and_has_what_is_theirs_to_do(house: House) -> None:
    ours = scalded(house)
    report = {"harmed": "minor", "stop_selling": False, "report_to": ["food"], "note": "待复核。"}
    house.do(ours, "safety-assessment", report, "quality.he")
    for who, acts in (
        ("cs.lin", {"call"}),
        ("quality.he", {"call", "tell_authority"}),
        ("legal.xu", {"tell_authority"}),
        ("supervisor", {"call"}),
        ("management.zhou", set()),
    ):
        links = [one.given.get("href", "") for one in board(house, who).all("a")]
        assert {found[1] for one in links if (found := re.search(rf"{ours}\?act=(\w+)#act", one))} == acts, who


def test_what_was_closed_with_something_left_to_do_stays_and_what_is_lowered_goes(house: House) -> None:
    ours, other = scalded(house), scalded(house)
    house.do(ours, "withdrawal", {"reason": "算了。"}, "cs.lin")
    assert "2 hours left" in row(house, ours)
    house.do(other, "triage", {"tier": "none", "reason": "说的是以前的事。"}, "cs.lead")
    assert row(house, other) == ""


def test_a_danger_that_a_merger_brought_is_called_about_where_it_came_from(house: House) -> None:
    ours, into = scalded(house), str(house.file()["complaint_id"])
    assert house.do(ours, "merger", {"into": into}).status == 200
    assert "2 hours left" in row(house, ours)
    assert f"merged into this one: {ours}" in row(house, into)
    house.do(into, "calls", REACHED)
    assert "first call in time" in row(house, into)


def test_what_was_to_be_done_in_another_tier_is_shown_until_it_is_done(house: House) -> None:
    ours = scalded(house)
    house.do(ours, "triage", {"tier": "privacy", "reason": "有人冒充客服。"}, "cs.lead")
    house.do(ours, "triage", {"tier": "act", "reason": "手还是被烫伤了。"}, "cs.lead")
    assert "a call about personal data in wrong hands" in row(house, ours)
    house.do(ours, "calls", REACHED)
    house.do(ours, "safety-assessment", SERIOUS | {"harmed": "none"}, "quality.he")
    assert row(house, ours, query="?only=done")


def test_the_board_costs_three_queues_the_heads_and_one_look_at_each(house: House) -> None:
    for _ in range(2):
        scalded(house)
    board(house)
    with house.counting() as calls:
        board(house)
    assert sorted(calls) == ["dynamodb:BatchGetItem"] + 5 * ["dynamodb:Query"]


def test_printed_it_holds_all_that_was_said_and_nothing_to_press(house: House) -> None:
    ours = scalded(house)
    house.do(ours, "safety-assessment", SERIOUS, "quality.he")
    told = {"authority": "market_regulator", "note": "已电话报告。"}
    house.do(ours, "authority-reports", told, "quality.he")
    text = house.look("/console/safety/print", "management.zhou").text
    for said in (SCALD["description"], SERIOUS["note"], told["note"], "management.zhou"):
        assert said in text
    assert "?act=" not in text


def test_more_than_a_page_goes_on_and_says_so(house: House) -> None:
    assert "没有投诉" in house.look("/console/safety", "legal.xu").text
    for _ in range(26):
        scalded(house)
        house.now += timedelta(seconds=1)
    assert len(board(house).all("tr")) == 1 + 25
    assert len(board(house, query="?page=2").all("tr")) == 1 + 1
    assert len(board(house, query="?page=9&only=to_call").all("tr")) == 1 + 1


def test_today_says_whom_nobody_has_called_to_who_leads_and_which_reports_are_due_to_legal(house: House) -> None:
    ours = scalded(house)
    assert (in_danger.to_call(house.now), in_danger.to_report(house.now)) == (1, 0)
    house.do(ours, "safety-assessment", SERIOUS, "quality.he")
    assert (in_danger.to_call(house.now), in_danger.to_report(house.now)) == (1, 1)


def test_whom_nobody_has_spoken_to_stands_before_what_is_long_overdue(house: House) -> None:
    old = scalded(house)
    house.do(old, "calls", REACHED)
    house.do(old, "safety-assessment", SERIOUS, "quality.he")
    house.pass_time(days=20)
    new = scalded(house)
    listed = [one.text for one in board(house).one("table").all("tr")]
    assert [new in listed[1], old in listed[2]] == [True, True]
