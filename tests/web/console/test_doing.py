"""What is done by a form of a complaint's page: each action by its own form, once, on what its reader has seen."""

import re
from html import unescape

import pytest

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.web.bodies import ACTIONS
from tests.examples import KETTLE, PLAN, REPORT, example
from tests.house import Answer, House

INPUT = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def page_of(complaint_id: str, action: str = "", **more: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in ({"act": action} | more).items() if value)
    return f"/console/complaints/{complaint_id}?{asked}"


def hidden(answer: Answer) -> dict[str, str]:
    """What the form of a page sends along."""
    assert answer.status in (200, 409, 412, 422), answer.text
    return {name: unescape(value) for name, value in INPUT.findall(answer.text)}


def test_a_complaint_is_acknowledged_by_its_page(house: House) -> None:
    complaint_id = house.file()["complaint_id"]
    form = hidden(house.look(page_of(complaint_id), "cs.lin"))
    answer = house.submit(f"/console/complaints/{complaint_id}/acts/acknowledge", "cs.lin", form)
    assert (answer.status, answer.headers["location"]) == (303, f"/console/complaints/{complaint_id}?done=acknowledge")
    assert house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["stage"] == "investigating"
