"""Alerts on the screen (6.1), with their complaints."""

from datetime import date

import pytest

from chalicelib.adapters import figures
from chalicelib.casework.dangers import watch_product
from chalicelib.domain.ground.people import staff
from chalicelib.domain.supervision.cusum import Alarm, Watch
from chalicelib.web.console.supervision import alerts
from chalicelib.web.door import Call
from tests.house import House
from tests.web.piece import read

from .filled import speech

MONDAY = date(2026, 9, 28)
"""Of the week before that of the house's day."""
BURNT = "插上电源就漏电，把我电到了。"


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture(scope="module")
def ids(house: House) -> list[str]:
    """Complaints of which there are more than usual, as the house has found on Monday."""
    ids = [str(house.file()["complaint_id"]) for _ in range(27)]
    about = {"since": date(2026, 9, 14), "number": 27, "usual": 1.25, "cases": tuple(ids)}
    alarms = (Alarm(watched="seller", name="云杉<b>", **about), Alarm(watched="cause", name="delivery.late", **about))
    watch = Watch(monday=MONDAY, weeks=26, alarms=alarms)
    figures.put(f"alerts/{MONDAY}.json.gz", watch.model_dump_json().encode())
    return ids


def test_a_week_says_what_had_more_complaints_than_usual(house: House, ids: list[str]) -> None:
    page = read(house.look("/console/alerts", "quality.he", Accept_Language="en").text)
    rows = [one.text for one in page.one("tbody").all("tr")]
    assert rows[0].startswith("Seller 云杉<b> 27 Monday, 14 September 2026")
    assert rows[1].startswith("Cause Late"), "by its name in the house"
    assert "Monday, 28 September 2026 to Sunday, 4 October 2026" in page.text


def test_each_leads_to_its_complaints_without_a_word_in_the_address(house: House, ids: list[str]) -> None:
    page = read(house.look("/console/alerts", "management.zhou").text)
    href = page.one("tbody").all("a")[0].given["href"]
    assert href == "/console/alerts/2026-09-28/1"
    first = read(house.look(href, "management.zhou").text)
    lines = [one.given["data-line"] for one in first.all("tr") if "data-line" in one.given]
    assert lines == ids[:25]
    [more] = first.one("main").all("a", rel="next")
    assert ids[26] in house.look(more.given["href"], "management.zhou").text


def test_what_is_no_alert_is_not_there(house: House, ids: list[str]) -> None:
    for path in ("2026-09-28/3", "2026-09-28/0", "2026-09-28/x", "2026-09-21/1", "monday/1"):
        assert house.look(f"/console/alerts/{path}", "cs.lead").status == 404, path


def test_of_weeks_that_nobody_has_looked_at_it_says_so(house: House) -> None:
    assert (
        "Nobody has looked at this time yet."
        in house.look("/console/alerts?week=2020-01-06", "cs.lead", Accept_Language="en").text
    )


def test_a_week_that_is_none_is_as_if_it_were_not_asked_for(house: House) -> None:
    for week in ("0001-01-01", "soon", "2026-02-30"):
        assert house.look(f"/console/alerts?week={week}", "cs.lead").status == 200


def test_a_product_that_puts_several_in_danger_stands_first_with_all_of_them(house: House) -> None:
    assert "现在没有。" in house.look("/console/alerts", "quality.he").text
    burnt = [
        str(
            house.file(
                product_name="电热毯",
                description=BURNT,
                contact={"name": "王芳", "email": f"{n}@example.cn"},
                order_number=f"E{n}",
            )["complaint_id"]
        )
        for n in (71, 72)
    ]
    for one in burnt:
        watch_product(one, house.now)
    page = read(house.look("/console/alerts", "quality.he").text)
    [about] = page.all("div", class_="waits")
    assert about.text.startswith("电热毯")
    assert {one.text for one in about.all("a")} == {*burnt}


def test_today_says_so_to_those_who_are_told_of_it(house: House, ids: list[str]) -> None:
    for who, role, number in (
        ("quality.he", "quality", 1),
        ("management.zhou", "management", 1),
        ("cs.lin", "audit", 0),
    ):
        call = Call(staff(who, frozenset({role})), house.now, 0, {})
        assert len([*alerts.waiting_here(call, speech("en"))]) == number, who
