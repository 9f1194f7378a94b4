"""Improvement measures on the screen (6.1), whatever record decided them."""

import re

import pytest

from chalicelib.domain.ground.people import staff
from chalicelib.web.console.supervision import measures
from chalicelib.web.door import Call
from tests.house import House
from tests.web.audited import audit_for
from tests.web.examples import a_report, a_review
from tests.web.piece import read

from .acted import do, opened
from .filled import speech

MINE = "/console/measures"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture(scope="module")
def decided(house: House) -> dict[str, str]:
    """By the kind of record that decided it, how addresses name a measure, and by whom it is carried out."""
    return {
        f"{a_report(house, ('comment_report',))}.1": "quality.he",
        f"{a_review(house, ('hold_management_review',))}.1": "quality.he",
        f"{audit_for(house, 'planned')}.1": "cs.lead",
    }


def test_what_somebody_is_to_carry_out_stands_by_when_it_is_due_with_what_decided_it(
    house: House, decided: dict[str, str]
) -> None:
    page = read(house.look(MINE, "quality.he", Accept_Language="en").text)
    rows = [one.text for one in page.one("tbody").all("tr")]
    assert [("Report" in one, "Management review" in one) for one in rows] == [(True, False), (False, True)]
    assert re.search(r"Inquiries answered in time Report Daily 2026-\d\d-\d\d-1 ", rows[0])
    assert not page.one("tbody").all("a", href=f"/console/reports/{next(iter(decided)).rpartition('.')[0]}"), (
        "not theirs"
    )
    theirs = read(house.look(f"{MINE}?owner=quality.he", "audit.qin", Accept_Language="en").text)
    assert theirs.one("tbody").all("a", href=f"/console/reports/{next(iter(decided)).rpartition('.')[0]}")
    assert "Say that it is done" not in theirs.text, "neither theirs, nor a supervisor"


def test_anybodys_are_for_those_who_read_reports(house: House, decided: dict[str, str]) -> None:
    assert house.look(f"{MINE}?owner=cs.lead", "quality.he").status == 403
    assert house.look(f"{MINE}?owner=cs.lead", "management.zhou").status == 200
    assert not read(house.look(MINE, "quality.he").text).all("select", name="owner")


def test_who_leads_sees_what_everybody_is_to_carry_out_in_one_list_and_says_there_that_one_is_done(
    house: House, decided: dict[str, str]
) -> None:
    everybodys = f"{MINE}?everybody=true"
    assert house.look(everybodys, "quality.he").status == 403
    page = read(house.look(everybodys, "management.zhou", Accept_Language="en").text)
    rows = [one.text for one in page.one("tbody").all("tr")]
    assert [one in "".join(rows) for one in ("quality.he", "cs.lead")] == [True, True]
    assert page.one("tbody").all("a", href=f"{MINE}?owner=cs.lead"), "from a name to what is theirs"
    part = f"{a_report(house, ('comment_report',))}.1"
    assert f"everybody=true&amp;act=finish_measure&amp;part={part}" in house.look(everybodys, "cs.lead").text
    done = do(house, everybodys, "finish_measure", "cs.lead", {"note": "已完成。"}, part)
    assert done.headers["location"] == f"{MINE}?done=finish_measure&everybody=true#main"
    assert part not in house.look(everybodys, "cs.lead").text
    listed = house.get("/v1/measures?everybody=true", "cs.lead").json["items"]
    assert {one["owner"] for one in listed} == {"quality.he", "cs.lead"}


def test_each_is_said_to_be_done_by_its_owner_or_a_supervisor_and_stands_no_more(
    house: House, decided: dict[str, str]
) -> None:
    for part, owner in decided.items():
        form = opened(house, MINE, "finish_measure", owner, part)
        kept = house.items_kept()
        refused = house.submit(form.given["action"].partition("#")[0], "logistics.gao", {"note": "x", "_part": part})
        assert (refused.status, house.items_kept()) == (403, kept), part
        done = do(house, MINE, "finish_measure", owner, {"note": "已完成。"}, part)
        assert (done.status, done.headers["location"]) == (303, f"{MINE}?done=finish_measure#main"), done.text
        assert part not in house.look(MINE, owner).text
    assert "沒有未完成的措施" in house.look(MINE, "quality.he", Accept_Language="zh-TW").text


def test_a_supervisor_comes_back_to_whose_it_was(house: House) -> None:
    part = f"{a_report(house, ('comment_report',))}.1"
    done = do(house, f"{MINE}?owner=quality.he", "finish_measure", "cs.lead", {"note": "已完成。"}, part)
    assert done.headers["location"] == f"{MINE}?done=finish_measure&owner=quality.he#main"


def test_one_that_stands_on_another_page_of_the_list_is_said_to_be_done_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (f"{a_report(house, ('comment_report',))}.1" for _ in range(2))
    monkeypatch.setattr(measures, "LINES", 1)
    for part in (first, second):
        assert (
            opened(house, MINE, "finish_measure", "quality.he", part).one("input", name="_part").given["value"] == part
        )
    answer = house.look(f"{MINE}?act=finish_measure&part={second}", "logistics.gao")
    assert answer.status == 200
    assert not read(answer.text).all("form", id="do"), "it is another's"


@pytest.mark.parametrize("part", ["", "nothing.1", "7K2M9-XD4FQ.1"])
def test_what_is_no_measure_is_not_done(house: House, part: str) -> None:
    answer = house.submit(f"{MINE}/acts/finish_measure", "cs.lead", {"note": "x", "_part": part})
    assert answer.status == 404


def test_today_names_the_first_of_what_is_to_be_carried_out(house: House) -> None:
    part = f"{a_report(house, ('comment_report',))}.1"
    call = Call(staff("quality.he", frozenset({"quality"})), house.now, 0, {})
    said = {href: str(sentence) for sentence, href in measures.waiting_here(call, speech("en"))}
    assert (
        "<bdi>质检改为每日两次处理协查。</bdi> (83 days left)"
        in said[f"{MINE}?owner=quality.he&act=finish_measure&part={part}#doing"]
    )
