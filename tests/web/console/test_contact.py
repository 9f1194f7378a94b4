"""How the consumer is reached, on the page of a complaint: whole to who works on it, else in part, or once."""

import re

import pytest

from chalicelib.web.console.page import words
from tests.house import Answer, House

IN_PART, WHOLE = "+86138****8000", 'href="tel:+8613800138000"'


@pytest.fixture
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.fixture
def complaint_id(house: House) -> str:
    return str(house.file()["complaint_id"])


def hidden(answer: Answer) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))


def view(house: House, complaint_id: str, reason: str = "要与王女士约取件时间。") -> Answer:
    """quality.he opens the form, and sends it."""
    path = f"/console/complaints/{complaint_id}"
    form = house.look(f"{path}?act=view_contact", "quality.he")
    return house.submit(f"{path}/acts/view_contact", "quality.he", hidden(form) | {"reason": reason})


def test_who_works_on_it_has_a_number_to_call(house: House, complaint_id: str) -> None:
    text = house.look(f"/console/complaints/{complaint_id}", "cs.lin").text
    assert WHOLE in text
    assert "act=view_contact" not in text


def test_others_see_a_part_on_the_page_and_in_print_and_how_to_see_more(house: House, complaint_id: str) -> None:
    path = f"/console/complaints/{complaint_id}"
    text = house.look(path, "quality.he").text
    assert IN_PART in text
    assert "tel:" not in text
    assert "act=view_contact" in text
    printed = house.look(f"{path}/print", "quality.he").text
    assert (IN_PART in printed, "13800138000" in printed) == (True, False)


def test_with_a_reason_it_stands_on_the_page_once(house: House, complaint_id: str) -> None:
    answer = view(house, complaint_id)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert WHOLE in answer.text
    after = house.look(f"/console/complaints/{complaint_id}", "quality.he").text
    assert WHOLE not in after
    assert words("zh-CN")["complaint.entry.ContactViewed"] in after


def test_without_one_it_does_not(house: House, complaint_id: str) -> None:
    answer = view(house, complaint_id, " ")
    assert answer.status == 422
    assert WHOLE not in answer.text


def test_whoever_loads_the_answer_again_sees_nothing_without_another_trace(house: House, complaint_id: str) -> None:
    path = f"/console/complaints/{complaint_id}"
    form = hidden(house.look(f"{path}?act=view_contact", "quality.he")) | {"reason": "约取件时间。"}
    first, again = (house.submit(f"{path}/acts/view_contact", "quality.he", form) for _ in range(2))
    assert (WHOLE in first.text, again.status, WHOLE in again.text) == (True, 200, False)
    assert words("zh-CN")["panel.shown_before"] in again.text
    assert ">\n约取件时间。</textarea>" in again.text
    anew = house.submit(f"{path}/acts/view_contact", "quality.he", form | hidden(again))
    assert WHOLE in anew.text
    timeline = house.get(f"/v1/complaints/{complaint_id}/timeline", "cs.lin").json["items"]
    assert [one["type"] for one in timeline].count("ContactViewed") == 2
